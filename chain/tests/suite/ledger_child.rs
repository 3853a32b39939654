//! What the ledger tests run in processes of their own, and how they talk to them.
//!
//! The child is this test binary, started again on the one test below. Its lines begin with `@`.

use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use chain::ledger::{Durability, Error, Frame, Ledger, Opened, Options};

use crate::ledger::{frame, identity};

const TASK: &str = "LOCALNET_LEDGER_CHILD";
/// Content of a block in these tests, bytes.
pub(crate) const BLOCK: usize = 900;
/// A checkpoint is taken after every block that this divides.
pub(crate) const CHECKPOINT_EVERY: u64 = 97;
/// How long a child may take. Nothing here takes more than a few seconds, so what exceeds it hangs.
const DEADLINE: Duration = Duration::from_secs(120);

/// A small generator, so that a printed seed repeats a test.
#[derive(Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % end.max(1)
    }
}

/// The seed of a test: `LOCALNET_TEST_SEED`, or always the same.
pub(crate) fn seed() -> u64 {
    env::var("LOCALNET_TEST_SEED").map_or(1, |text| text.parse().expect("LOCALNET_TEST_SEED is a number"))
}

/// `few`, or `many` in the long run.
pub(crate) fn rounds(few: u64, many: u64) -> u64 {
    if fixtures::slow() { many } else { few }
}

/// Bytes of the checkpoint after block `number`: many chunks, each other.
pub(crate) fn checkpoint(number: u64) -> Vec<u8> {
    (0..6_000u64).flat_map(|index| (index * 31 + number).to_le_bytes()).collect()
}

/// Starts a child on `task`, through `shell` if there are words to say before.
pub(crate) fn start(task: &str, path: &Path, durability: Durability, shell: Option<&str>) -> Child {
    let binary = env::current_exe().unwrap();
    let mut command = match shell {
        Some(words) => {
            let mut command = Command::new("sh");
            command.arg("-c").arg(format!("{words}; exec \"$0\" \"$@\"")).arg(&binary);
            command
        }
        None => Command::new(&binary),
    };
    command
        .args(["ledger_child::entry", "--exact", "--nocapture"])
        .env(TASK, format!("{task} {durability} {}", path.display()))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The `@` lines of a child as they come; ends when it does.
pub(crate) fn lines(child: &mut Child) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    let output = BufReader::new(child.stdout.take().unwrap());
    std::thread::spawn(move || {
        for line in output.lines().map_while(Result::ok) {
            if let Some(words) = line.strip_prefix('@')
                && sender.send(words.to_owned()).is_err()
            {
                break;
            }
        }
    });
    receiver
}

/// Everything a child said, once it has ended by itself. `None` if it hung and was killed.
pub(crate) fn outcome(mut child: Child) -> Option<(ExitStatus, Vec<String>, String)> {
    let receiver = lines(&mut child);
    let mut errors = child.stderr.take().unwrap();
    let complaint = std::thread::spawn(move || {
        let mut text = Vec::new();
        errors.read_to_end(&mut text).map(|_| String::from_utf8_lossy(&text).into_owned())
    });
    let mut said = Vec::new();
    loop {
        match receiver.recv_timeout(DEADLINE) {
            Ok(line) => said.push(line),
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                child.kill().unwrap();
                child.wait().unwrap();
                return None;
            }
        }
    }
    let status = child.wait().unwrap();
    Some((status, said, complaint.join().unwrap().unwrap()))
}

fn say(words: &str) {
    let mut out = io::stdout().lock();
    // The first newline ends whatever the test harness has begun to print.
    writeln!(out, "\n@{words}").unwrap();
    out.flush().unwrap();
}

/// Where every child begins. Started by a person, it only tries the way children are started.
#[test]
fn entry() {
    let Ok(task) = env::var(TASK) else {
        let (status, said, _) = outcome(start("echo", Path::new("."), Durability::Durable, None)).unwrap();
        assert_eq!((status.success(), said), (true, vec!["durable".to_owned()]));
        return;
    };
    let words: Vec<_> = task.splitn(3, ' ').collect();
    let durability = if words[1] == "durable" { Durability::Durable } else { Durability::Buffered };
    let path = Path::new(words[2]);
    match words[0] {
        "append" => append(path, durability),
        "truncate" => truncate(path, durability),
        "check" => check(path, durability),
        "compact" => compact(path, durability),
        "echo" => say(&durability.to_string()),
        other => panic!("no task {other}"),
    }
}

fn parent_of(opened: &Opened) -> (u64, [u8; 32]) {
    opened.head.unwrap_or((0, opened.identity.genesis))
}

/// Appends block after block, says each height that was acknowledged, and ends at the first failure.
fn append(path: &Path, durability: Durability) {
    let (ledger, opened) = Ledger::open(path, None, durability).unwrap();
    let seed = opened.identity.seed;
    let (head, mut parent) = parent_of(&opened);
    say(&format!("head {head}"));
    for number in head + 1.. {
        let block = frame(seed, parent, number, BLOCK);
        parent = block.digest;
        let mut done = ledger.append(block);
        if done.is_ok() {
            say(&format!("ack {number}"));
        }
        if done.is_ok() && number.is_multiple_of(CHECKPOINT_EVERY) {
            done = ledger.checkpoint(number, checkpoint(number));
        }
        if let Err(error) = done {
            say(&format!("failed {error}"));
            let stored = ledger.status().stored;
            say(&format!("stored {stored}"));
            // A block is read right, or the failure is named for what it is.
            for number in 1..=stored {
                match ledger.frame(number) {
                    Ok(found) => assert_eq!(found.unwrap().number, number),
                    Err(error) => assert!(matches!(error, Error::Degraded { .. }), "{error}"),
                }
            }
            let again = ledger.append(frame(seed, parent, number + 1, BLOCK)).unwrap_err();
            assert!(matches!(again, Error::Degraded { .. }), "{again}");
            let close = ledger.close().unwrap_err();
            assert!(matches!(close, Error::Degraded { .. }), "{close}");
            return;
        }
    }
}

/// Appends and takes back again and again: says each height it means to go back to, and each that was acknowledged.
fn truncate(path: &Path, durability: Durability) {
    let (ledger, opened) = Ledger::open(path, None, durability).unwrap();
    let seed = opened.identity.seed;
    let (mut head, mut parent) = parent_of(&opened);
    say(&format!("head {head}"));
    let mut dice = Dice::new(head);
    loop {
        for _ in 0..dice.below(120) {
            let block = frame(seed, parent, head + 1, BLOCK);
            (head, parent) = (head + 1, block.digest);
            ledger.append(block).unwrap();
            say(&format!("ack {head}"));
            if head.is_multiple_of(CHECKPOINT_EVERY) {
                ledger.checkpoint(head, checkpoint(head)).unwrap();
            }
        }
        head -= dice.below(head.min(100) + 1);
        parent =
            if head == 0 { opened.identity.genesis } else { ledger.frame(head).unwrap().unwrap().digest };
        say(&format!("back {head}"));
        ledger.truncate(head).unwrap();
        say(&format!("ack {head}"));
    }
}

/// Adds a hundred blocks, says the head, and then opens the ledger again and again so that it is copied each time.
fn compact(path: &Path, durability: Durability) {
    let (ledger, opened) = Ledger::open(path, None, durability).unwrap();
    let (head, mut parent) = parent_of(&opened);
    for number in head + 1..=head + 100 {
        let block = frame(opened.identity.seed, parent, number, BLOCK);
        parent = block.digest;
        ledger.append(block).unwrap();
    }
    ledger.close().unwrap();
    say(&(head + 100).to_string());
    let options = Options { durability, compact_above: 0, ..Options::default() };
    loop {
        Ledger::open(path, None, options).unwrap().0.close().unwrap();
        say("copied");
    }
}

/// Opens a ledger that may be damaged, compares all of it with what the run must be, goes on, and opens it again.
fn check(path: &Path, durability: Durability) {
    let (ledger, opened) = match Ledger::open(path, None, durability) {
        Ok(open) => open,
        Err(error) => return say(&format!("refused {error}")),
    };
    assert_eq!(opened.identity, identity(opened.identity.seed));
    let (head, mut parent) = parent_of(&opened);
    say(&format!("opened {head} {}", opened.checkpoint.as_ref().map_or(0, |(number, _)| *number)));
    for finding in &opened.report.findings {
        if let Some(lost) = finding.lost() {
            say(&format!("lost {} {}", lost.start(), lost.end()));
        }
        say(&format!("finding {finding}"));
    }
    compare(&ledger, &opened);
    for number in head + 1..=head + 3 {
        let block = frame(opened.identity.seed, parent, number, BLOCK);
        parent = block.digest;
        ledger.append(block).unwrap();
    }
    ledger.checkpoint(head + 3, checkpoint(head + 3)).unwrap();
    ledger.close().unwrap();
    // Damage to what the store did not need before may show when it is opened again: then it is named and mended, and
    // no block is lost.
    for mended in [false, true] {
        let (ledger, again) = Ledger::open(path, None, durability).unwrap();
        assert_eq!(again.head, Some((head + 3, parent)));
        compare(&ledger, &again);
        ledger.close().unwrap();
        if again.report.clean && again.report.findings.is_empty() {
            break;
        }
        assert!(!mended, "opened again after it was mended: {}", again.report);
        for finding in &again.report.findings {
            assert_eq!(finding.lost(), None, "{finding}");
            say(&format!("finding {finding}"));
        }
        assert!(!again.report.findings.is_empty(), "not closed cleanly: {}", again.report);
    }
    say("done");
}

/// Every block, the index and the checkpoint are what the run with this seed makes them.
pub(crate) fn compare(ledger: &Ledger, opened: &Opened) {
    let (head, digest) = parent_of(opened);
    let mut parent = opened.identity.genesis;
    let mut number = 0;
    for found in ledger.frames(..) {
        let found: Frame = found.unwrap();
        number += 1;
        let expected = frame(opened.identity.seed, parent, number, BLOCK);
        assert_eq!(found, expected);
        assert_eq!(ledger.number_of(&expected.hash).unwrap(), Some(number));
        parent = expected.digest;
    }
    assert_eq!((number, parent), (head, digest));
    if let Some((number, bytes)) = &opened.checkpoint {
        assert!(*number <= head);
        assert_eq!(*bytes, checkpoint(*number));
    }
}
