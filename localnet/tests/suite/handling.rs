//! Rough handling: runs at once, kills at a bad moment, limits of the system, files that stood there, text that is harmful.
#![cfg(unix)]

use crate::binary::{Said, localnet, say};
use crate::rpc::{Up, height};
use crate::worlds::{SMALL, small, write};
use serde_json::json;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = entries.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

/// `localnet` behind words of a shell.
fn limited(dir: &Path, words: &str, args: &[&str]) -> Said {
    let program = localnet(dir).get_program().to_owned();
    let mut command = Command::new("sh");
    command.current_dir(dir).env("CI", "1").arg("-c").arg(format!("{words}; exec \"$0\" \"$@\""));
    command.arg(program).args(args).output().unwrap().into()
}

#[test]
fn default_runs_that_start_at_once_do_not_meet() {
    let dir = small();
    for _ in 0..2 {
        let children: Vec<_> = (0..6)
            .map(|_| {
                let mut run = localnet(dir.path());
                run.args(["run", "small.toml", "--blocks", "2", "--set", "expect=[]"]);
                run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
            })
            .collect();
        for child in children {
            let said = Said::from(child.wait_with_output().unwrap());
            assert_eq!(said.code, 0, "{said:?}");
        }
    }
    let left = names(&dir.path().join(".localnet/runs"));
    assert!(left.contains(&"small-5-12".to_owned()) && left.len() <= 12, "{left:?}");
}

#[test]
fn the_ledger_of_a_failing_run_is_kept_apart() {
    let dir = small();
    write(dir.path(), &SMALL.replace("equals = 0", "equals = 7"));
    let said = say(dir.path(), &["run", "small.toml"]);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.stderr.contains("kept in .localnet/failed/small-5-1; play it again"), "{said:?}");
    write(dir.path(), SMALL);
    for _ in 0..6 {
        assert_eq!(say(dir.path(), &["run", "small.toml", "--blocks", "60"]).code, 0);
    }
    assert_eq!(names(&dir.path().join(".localnet/failed")), ["small-5-1"]);
    assert_eq!(names(&dir.path().join(".localnet/runs")).len(), 5);
    let said = say(dir.path(), &["replay", ".localnet/failed/small-5-1"]);
    assert_eq!(said.code, 0, "{said:?}");
}

fn with_blocks(dir: &Path, store: &str, blocks: u64) {
    let up = Up::start(dir, &["--store", store]);
    up.client().ok("localnet_mine", json!([blocks]));
    up.end("-INT");
}

/// What a kill between setting the old ledger aside and the first answer of the fresh one leaves.
#[test]
fn a_kill_during_a_fresh_start_loses_no_ledger() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    for (round, fresh) in [false, true, false, true].into_iter().enumerate() {
        let _ = fs::remove_dir_all(path("led"));
        with_blocks(dir.path(), "led", 4);
        fs::rename(path("led"), path("led.old")).unwrap();
        if round >= 2 {
            with_blocks(dir.path(), "other", 1);
            fs::rename(path("other"), path("led")).unwrap();
        }
        // And of one before, killed while it deleted.
        fs::create_dir(path("led.gone")).unwrap();
        let flags: &[&str] = if fresh { &["--store", "led", "--fresh"] } else { &["--store", "led"] };
        let up = Up::start(dir.path(), flags);
        assert_eq!(height(&mut up.client()), if fresh { 0 } else { 4 }, "round {round}");
        let (_, _, log) = up.end("-INT");
        assert!(log.contains("a start with --fresh was cut short; the old ledger is in its place"), "{log}");
        assert_eq!(names(dir.path()), ["led"], "round {round}");
    }
}

#[test]
fn a_fresh_start_at_a_link_keeps_the_link() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("disk")).unwrap();
    symlink("disk/led", dir.path().join("link")).unwrap();
    // Where it leads is made at the first start, and made anew at the others.
    for blocks in [3, 2] {
        let up = Up::start(dir.path(), &["--store", "link", "--fresh"]);
        let mut client = up.client();
        assert_eq!(height(&mut client), 0);
        client.ok("localnet_mine", json!([blocks]));
        up.end("-INT");
        assert_eq!(fs::read_link(dir.path().join("link")).unwrap(), Path::new("disk/led"));
        assert_eq!(names(&dir.path().join("disk")), ["led"]);
    }
    let said = say(dir.path(), &["replay", "link"]);
    assert!(said.stdout.contains("2 blocks played again"), "{said:?}");
}

#[test]
fn a_dump_touches_no_other_file() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("chain.dump.part"), "mine").unwrap();
    symlink("real.dump", dir.path().join("chain.dump")).unwrap();
    let up = Up::start(dir.path(), &["--store", "memory", "--dump-state", "chain.dump"]);
    up.client().ok("localnet_mine", json!([2]));
    up.end("-INT");
    assert_eq!(fs::read_to_string(dir.path().join("chain.dump.part")).unwrap(), "mine");
    assert_eq!(names(dir.path()), ["chain.dump", "chain.dump.part", "real.dump"]);
    assert!(fs::read_link(dir.path().join("chain.dump")).is_ok());
}

/// The system's signal for it would end the process without a word.
#[test]
fn a_limit_on_file_sizes_is_an_error() {
    let dir = small();
    let args = ["run", "small.toml", "--blocks", "3000", "--store", "led"];
    let said = limited(dir.path(), "ulimit -f 1500", &args);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.stderr.contains("the file may not grow further"), "{said:?}");
    let resumed = say(dir.path(), &["run", "small.toml", "--blocks", "3000", "--store", "led"]);
    assert_eq!(resumed.code, 0, "{resumed:?}");
    // Where not even a first block fits.
    let said = limited(dir.path(), "ulimit -f 8", &["run", "small.toml", "--store", "none"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.stderr.contains("the file may not grow further"), "{said:?}");
}

/// A developer's raw write may break every invariant; what was kept is played again as it was.
#[test]
fn a_raw_write_is_played_again() {
    let dir = tempfile::tempdir().unwrap();
    let up = Up::start(dir.path(), &["--store", "led"]);
    let mut client = up.client();
    client.ok("localnet_setStorage", json!(["SubtensorModule", "TotalIssuance", [], 7]));
    client.ok("localnet_mine", json!([3]));
    up.end("-INT");
    let said = say(dir.path(), &["replay", "led"]);
    assert!(said.code == 0 && said.stdout.contains("blocks played again, all equal"), "{said:?}");
}

/// Answers one request with a body.
fn server(body: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4_096];
        let _ = stream.read(&mut request).unwrap();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).unwrap();
    });
    url
}

#[test]
fn text_from_outside_does_not_reach_the_terminal_raw() {
    let dir = small();
    let harmful = format!("\u{1b}]0;owned\u{7}\u{1b}[2J\u{202e}\nerror: none{}", "x".repeat(1_000_000));
    let error = json!({ "jsonrpc": "2.0", "id": 1, "error": { "code": 1, "message": harmful } });
    let bodies = [error.to_string(), harmful.clone(), json!({ "result": { "netuid": harmful } }).to_string()];
    let mut said: Vec<_> =
        bodies.into_iter().map(|body| say(dir.path(), &["metagraph", "--url", &server(body)])).collect();
    write(dir.path(), &SMALL.replace("name = \"vera\"", &format!("name = {}", json!(harmful))));
    said.push(say(dir.path(), &["run", "small.toml"]));
    fs::write(dir.path().join("meta.json"), json!({ "hotkeys": [harmful] }).to_string()).unwrap();
    said.push(say(dir.path(), &["import", "meta.json"]));
    // As long as an argument may be.
    let argument: String = harmful.chars().take(100_000).collect();
    said.push(say(dir.path(), &["run", "--durability", &argument]));
    for said in said {
        assert_eq!((said.code, said.stdout.as_str()), (2, ""));
        assert!(said.stderr.len() < 20_000, "{} bytes", said.stderr.len());
        let raw =
            said.stderr.chars().find(|char| (char.is_control() && *char != '\n') || *char == '\u{202e}');
        assert_eq!(raw, None, "{said:?}");
    }
}
