//! Ctrl-C in the middle of a run.
#![cfg(unix)]

use crate::binary::{localnet, say};
use crate::run::head;
use crate::worlds::small;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

#[test]
fn ctrl_c_closes_the_ledger_and_the_run_can_go_on() {
    let dir = small();
    let args = ["run", "small.toml", "--blocks", "3000", "--store", "led"];
    let mut child =
        localnet(dir.path()).args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("sealed block=300 ") {
        line.clear();
        assert_ne!(log.read_line(&mut line).unwrap(), 0, "it ended before its 300th block");
    }
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let mut rest = String::new();
    log.read_to_string(&mut rest).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{rest}");
    assert_eq!(output.stdout, b"", "no result without an end");
    let said = rest
        .lines()
        .find(|line| line.starts_with("interrupted after block "))
        .expect("it says where it stopped");
    let block: u64 = said.split_whitespace().nth(3).unwrap().trim_end_matches(';').parse().unwrap();
    assert!((300..3000).contains(&block), "{said}");
    assert!(said.ends_with("localnet run small.toml --seed 5 --blocks 3000 --store led"), "{said}");

    let whole = say(dir.path(), &["run", "small.toml", "--blocks", "3000", "--store", "memory"]);
    let resumed = say(dir.path(), &args);
    assert!(resumed.stderr.contains(&format!("led: continues at block {block}")), "{resumed:?}");
    assert_eq!(head(&resumed.stdout), head(&whole.stdout));
    assert_eq!(resumed.stdout, whole.stdout);
}

/// What has nothing to end in good order ends at the first signal.
#[test]
fn a_signal_ends_what_waits_for_its_input() {
    let dir = tempfile::tempdir().unwrap();
    let pipe = dir.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for (signal, args) in [
        ("-INT", ["import", "pipe"].as_slice()),
        ("-TERM", &["import", "pipe"]),
        ("-TERM", &["run", "pipe"]),
        ("-INT", &["conformance", "chain", "pipe"]),
    ] {
        let mut child =
            localnet(dir.path()).args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Opens once the program reads, and gives it nothing.
        let held = std::fs::OpenOptions::new().write(true).open(&pipe).unwrap();
        let killed = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(killed.success());
        assert_eq!(child.wait().unwrap().code(), Some(130), "{signal} {args:?}");
        drop(held);
    }
}
