//! The door of the program: flags, banner, restart.

use super::process::up;
use crate::binary::say;
use std::net::TcpListener;

#[test]
fn addresses_that_no_axon_can_have_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let refused = |ip: &str| say(dir.path(), &["up", "dummy", "--store", "memory", "--axon-ip", ip]);
    for (ip, why) in [
        ("127.0.0.1", "the chain refuses it as the address of an axon"),
        ("::1", "the chain refuses it as the address of an axon"),
        ("0.0.0.0", "clients take it for an axon that does not serve"),
        ("here", "invalid IP address syntax; give an IP address, such as 127.0.0.2"),
    ] {
        let said = refused(ip);
        assert_eq!(said.code, 2, "{}", said.stderr);
        assert!(said.stderr.contains(why), "{ip}: {}", said.stderr);
    }
}

#[test]
fn a_port_that_somebody_has_is_named_with_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.2:0").unwrap();
    let (address, port) = (taken.local_addr().unwrap(), taken.local_addr().unwrap().port().to_string());
    let said = say(dir.path(), &["up", "dummy", "--store", "memory", "--port", "0", "--axon-port", &port]);
    assert_eq!(said.code, 2, "{}", said.stderr);
    assert!(said.stderr.contains(&format!("{address}, where outsiders reach the cast")), "{}", said.stderr);
    assert!(said.stderr.contains("choose another with --axon-ip and --axon-port"), "{}", said.stderr);
}

/// The place of the door is an input like any other: another port after a restart, and what was played still replays.
#[test]
fn a_chain_goes_on_with_its_door_elsewhere() {
    let dir = tempfile::tempdir().unwrap();
    let mut doors = Vec::new();
    for (more, until) in [(&["--print-blocks"][..], 12), (&["--print-blocks", "--block-time", "250ms"], 24)] {
        let (mut node, _, door) = up(dir.path(), "dummy", "led", more);
        doors.push(door);
        node.wait(|line| line.starts_with(&format!("Imported #{until} ")).then_some(()));
        let said = node.end("-INT");
        assert!(said.contains("closed at block") && !said.contains("error:"), "{said}");
    }
    assert_ne!(doors[0], doors[1]);
    let again = say(dir.path(), &["replay", "led"]);
    assert_eq!(again.code, 0, "{}{}", again.stdout, again.stderr);
    // And without a door.
    let said = say(dir.path(), &["up", "dummy", "--no-gateway", "--axon-port", "1"]);
    assert_eq!(said.code, 2, "{}", said.stderr);
}
