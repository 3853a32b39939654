//! The real program, killed at every bad moment (`LOCALNET_SLOW=1`): first starts, fresh starts, revert, reset and loadState.
#![cfg(unix)]

use crate::binary::{Said, localnet, say};
use crate::rpc::{Up, height};
use serde_json::{Value as Json, json};
use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// A small generator: the same moments in every run, as far as a machine repeats them.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

fn rounds(few: u64, many: u64) -> u64 {
    if fixtures::slow() { many } else { few }
}

/// Lets so many microseconds pass.
fn pass(us: u64) {
    let (_keep, never) = mpsc::channel::<()>();
    let _ = never.recv_timeout(Duration::from_micros(us));
}

const UP: [&str; 6] = ["up", "--port", "0", "--manual", "--store", "led"];

/// Starts the program and kills it a moment later.
fn kill_early(dir: &Path, flags: &[&str], us: u64) {
    let mut command = localnet(dir);
    command.args(UP).args(flags).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child: Child = command.spawn().unwrap();
    pass(us);
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A start after a kill: its head and log.
fn start(dir: &Path) -> (u64, String) {
    let up = Up::start(dir, &["--store", "led"]);
    let head = height(&mut up.client());
    let (code, _, log) = up.end("-INT");
    assert_eq!(code, Some(0), "{log}");
    (head, log)
}

fn fill(dir: &Path, blocks: u64) {
    let up = Up::start(dir, &["--store", "led"]);
    up.client().ok("localnet_mine", json!([blocks]));
    up.end("-INT");
}

fn doctor(dir: &Path) -> Said {
    say(dir, &["doctor", "led"])
}

#[test]
fn first_starts_that_are_killed_leave_no_trace() {
    let mut dice = Dice(11);
    let dir = tempfile::tempdir().unwrap();
    let mut begun = 0;
    for round in 0..rounds(6, 100) {
        let _ = fs::remove_dir_all(dir.path().join("led"));
        // One after the other, as an impatient supervisor does it.
        for _ in 0..=dice.below(3) {
            kill_early(dir.path(), &[], 3_000 + dice.below(47_000));
        }
        // And in the moments in which the ledger is being made, however long it took to come so far.
        if round.is_multiple_of(2) {
            let mut command = localnet(dir.path());
            command.args(UP).stdout(Stdio::null()).stderr(Stdio::null());
            let mut child = command.spawn().unwrap();
            for _ in 0..50_000 {
                if dir.path().join("led").exists() {
                    break;
                }
                pass(100);
            }
            pass(dice.below(25_000));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        begun += u64::from(dir.path().join("led").exists());
        let said = doctor(dir.path());
        assert!(said.code == 0 || said.stderr.contains("no ledger there"), "round {round}: {said:?}");
        assert!(!said.stdout.contains("repairs"), "round {round}: {said:?}");
        if round.is_multiple_of(4) {
            let (head, log) = start(dir.path());
            assert_eq!(head, 0, "round {round}");
            let alarm = ["lost", "damaged", "unreadable"].iter().find(|word| log.contains(**word));
            assert_eq!(alarm, None, "round {round}: {log}");
        }
    }
    println!("{begun} had begun");
    assert!(begun > 0, "every kill came before there was anything to kill");
}

#[test]
fn fresh_starts_that_are_killed_keep_the_old_chain_or_begin_anew() {
    let mut dice = Dice(12);
    let dir = tempfile::tempdir().unwrap();
    let (mut kept, mut new) = (0, 0);
    fill(dir.path(), 5);
    for round in 0..rounds(3, 25) {
        kill_early(dir.path(), &["--fresh"], 3_000 + dice.below(150_000));
        let (head, _) = start(dir.path());
        assert!([0, 5].contains(&head), "round {round}: {head}");
        let left: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|row| row.unwrap().file_name()).collect();
        assert_eq!(left, ["led"], "round {round}");
        if head == 0 {
            new += 1;
            fill(dir.path(), 5);
        } else {
            kept += 1;
        }
    }
    println!("{kept} kept the old chain, {new} began anew");
}

/// Sends an order and kills the program a moment later.
fn kill_during(up: Up, method: &str, params: &Json, us: u64) {
    let mut client = up.client();
    client.send(&json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params }).to_string());
    pass(us);
    up.end("-KILL");
}

#[test]
fn revert_and_reset_that_are_killed_leave_a_whole_chain() {
    let mut dice = Dice(13);
    let dir = tempfile::tempdir().unwrap();
    let mut inside = 0;
    for round in 0..rounds(2, 35) {
        let up = Up::start(dir.path(), &["--store", "led"]);
        let mut client = up.client();
        let low = client.ok("localnet_mine", json!([1 + dice.below(5)])).as_u64().unwrap();
        client.ok("localnet_snapshot", json!(["here"]));
        let high = client.ok("localnet_mine", json!([200])).as_u64().unwrap();
        let reset = dice.below(2) == 0;
        let (method, params) =
            if reset { ("localnet_reset", json!([])) } else { ("localnet_revert", json!(["here"])) };
        kill_during(up, method, &params, dice.below(15_000));
        let (head, log) = start(dir.path());
        let low = if reset { 0 } else { low };
        assert!((low..=high).contains(&head), "round {round}: {low} <= {head} <= {high}: {log}");
        assert!(!log.contains("damaged"), "round {round}: {log}");
        inside += u64::from(head != low && head != high);
        let said = doctor(dir.path());
        assert!(said.code == 0 && said.stdout.starts_with("led: sound\n"), "round {round}: {said:?}");
        if head > 600 {
            fs::remove_dir_all(dir.path().join("led")).unwrap();
        }
    }
    println!("{inside} ended between the two");
}

#[test]
fn loads_that_are_killed_never_go_on_as_if_complete() {
    let mut dice = Dice(14);
    let dir = tempfile::tempdir().unwrap();
    let up = Up::start(dir.path(), &["--store", "memory", "--dump-state", "chain.dump"]);
    up.client().ok("localnet_mine", json!([400]));
    up.end("-INT");
    let dump = fs::read(dir.path().join("chain.dump")).unwrap();
    let dump = format!("0x{}", dump.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
    let mut cut = 0;
    for round in 0..rounds(3, 30) {
        let _ = fs::remove_dir_all(dir.path().join("led"));
        let flag = dice.below(2) == 0;
        let before = if flag { 0 } else { 3 };
        if flag {
            kill_early(dir.path(), &["--load-state", "chain.dump"], 20_000 + dice.below(700_000));
        } else {
            fill(dir.path(), before);
            let up = Up::start(dir.path(), &["--store", "led"]);
            kill_during(up, "localnet_loadState", &json!([dump]), dice.below(700_000));
        }
        let mut plain = localnet(dir.path());
        plain.args(["replay", "led"]);
        let said = Said::from(plain.output().unwrap());
        if said.stderr.contains("was cut short at block ") {
            cut += 1;
            assert_eq!(said.code, 2, "round {round}: {said:?}");
            assert!(said.stderr.contains("a load of 400 blocks"), "round {round}: {said:?}");
            assert_eq!(doctor(dir.path()).code, 1);
            assert_eq!(say(dir.path(), &["doctor", "led", "--cut"]).code, 0);
            assert_eq!(doctor(dir.path()).code, 0);
            continue;
        }
        if said.code == 2 {
            let nothing =
                ["no ledger there", "creation was cut short"].iter().any(|why| said.stderr.contains(why));
            assert!(flag && nothing, "round {round}: {said:?}");
            continue;
        }
        let whole =
            [before, 400].iter().any(|head| said.stdout.contains(&format!(": {head} blocks played again")));
        assert!(said.code == 0 && whole, "round {round}: {said:?}");
    }
    println!("{cut} were cut short");
}

/// Where threads or memory are short, a start ends with an error, and never waits for ever.
#[cfg(target_os = "linux")]
#[test]
fn a_start_without_room_for_threads_ends() {
    let dir = tempfile::tempdir().unwrap();
    crate::worlds::write(dir.path(), crate::worlds::SMALL);
    let program = localnet(dir.path()).get_program().to_owned();
    let mut named = 0;
    for megabytes in (36..=36 + rounds(6, 40) * 4).step_by(4) {
        let _ = fs::remove_dir_all(dir.path().join("led"));
        let mut command = std::process::Command::new("timeout");
        command.current_dir(dir.path()).env("CI", "1").args(["60", "sh", "-c"]);
        command.arg(format!("ulimit -v {}; exec \"$0\" \"$@\"", megabytes * 1_024)).arg(&program);
        let output =
            command.args(["run", "small.toml", "--threads", "0", "--store", "led"]).output().unwrap();
        // 124 is the time limit's own code; short memory may end the process by a signal.
        assert_ne!(output.status.code(), Some(124), "it hangs with {megabytes} MB");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        named += u64::from(said.contains("the system makes no more threads"));
        assert!(!said.contains("damaged"), "with {megabytes} MB: {said}");
    }
    println!("{named} starts named the threads");
    assert!(named > 0, "no limit was met by the threads");
}
