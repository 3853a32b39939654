//! Random worlds and random calls by random senders: whatever they do, no invariant breaks, nothing panics, and
//! everything can be written down and read again.

mod admin;
mod dice;
mod draw;
mod subtensor;
mod world;
mod wrapped;

use chain::account::AccountId;
use chain::block::Receipt;
use chain::call::{RuntimeCall, subtensor::Call};
use chain::script::{Beginning, Player, Script, Sent};
use chain::state::State;
use chain::units::Rao;
use dice::Dice;
use parity_scale_codec::{Decode as _, DecodeAll as _, Encode as _};
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// Calls of a sequence.
const CALLS: usize = 200;

/// A bug that is planted behind a call.
type Bug = fn(&mut State, &Sent, &Receipt);

fn no_bug(_: &mut State, _: &Sent, _: &Receipt) {}

/// Plays a world and then random calls, and writes down what is sent.
struct Machine {
    player: Player,
    script: Script,
    bug: Bug,
    /// How often each call was sent, and how often it did what it says.
    counts: Counts,
}

/// By pallet and call: sent, and successful.
type Counts = BTreeMap<(u8, u8), (u64, u64)>;

impl Machine {
    fn new(beginning: Beginning, bug: Bug) -> Self {
        let player = Player::new(&beginning).unwrap();
        Self { player, script: Script { beginning, blocks: Vec::new() }, bug, counts: Counts::new() }
    }

    fn block(&mut self) {
        self.script.blocks.push(Vec::new());
        self.player.open();
    }

    fn send(&mut self, sent: Sent) -> Result<Receipt, String> {
        let bytes = sent.call.encode();
        if RuntimeCall::decode_all(&mut bytes.as_slice()).as_ref() != Ok(&sent.call) {
            return Err(format!("{:?} is another call after it was encoded", sent.call));
        }
        self.script.blocks.last_mut().unwrap().push(sent.clone());
        let receipt = self.player.send(&sent).unwrap();
        let (sent_times, done_times) = self.counts.entry((bytes[0], bytes[1])).or_default();
        *sent_times += 1;
        *done_times += u64::from(receipt.result.is_ok());
        (self.bug)(&mut self.player.state, &sent, &receipt);
        Ok(receipt)
    }

    fn close(&mut self) -> Result<(), String> {
        self.player.close().map_err(|violation| violation.to_string())
    }

    /// The world, then a call for each seed; one of four ends its block, one of sixteen leaves a few blocks empty.
    fn play(&mut self, world: u64, seeds: &[u64]) -> Result<(), String> {
        for calls in world::prelude(world) {
            self.block();
            for sent in calls {
                self.send(sent)?;
            }
            self.close()?;
        }
        self.block();
        for seed in seeds {
            let sent = draw::sent(&mut Dice::new(*seed, &self.player.state));
            self.send(sent)?;
            let empty = match seed % 16 {
                0 => 3,
                4 | 8 | 12 => 1,
                _ => 0,
            };
            for _ in 0..empty {
                self.close()?;
                self.block();
            }
        }
        self.close()?;
        wrapped::deposits_are_reserved(&self.player.state)?;
        self.reads_back()
    }

    fn reads_back(&self) -> Result<(), String> {
        let state = &self.player.state;
        if State::decode(&mut state.encode().as_slice()).as_ref() != Ok(state) {
            return Err("the state is another after it was encoded".to_owned());
        }
        let script = Script::parse(&self.script.to_string()).map_err(|error| error.to_string())?;
        if script == self.script {
            Ok(())
        } else {
            Err("the script is another after it was written".to_owned())
        }
    }

    /// Plays what was written down.
    fn replay(script: &Script, bug: Bug) -> Result<State, String> {
        let mut machine = Self::new(script.beginning.clone(), bug);
        for calls in &script.blocks {
            machine.block();
            for sent in calls {
                machine.send(sent.clone())?;
            }
            machine.close()?;
        }
        Ok(machine.player.state)
    }
}

/// What went wrong, a panic included.
fn failure<T>(play: impl FnOnce() -> Result<T, String>) -> Option<String> {
    match catch_unwind(AssertUnwindSafe(play)) {
        Ok(outcome) => outcome.err(),
        Err(panic) => Some(match panic.downcast_ref::<String>() {
            Some(text) => format!("panic: {text}"),
            None => format!("panic: {}", panic.downcast_ref::<&str>().unwrap_or(&"")),
        }),
    }
}

/// The first words of a failure: which invariant, or that it was a panic.
fn kind(failure: &str) -> &str {
    failure.split(' ').next().unwrap_or_default()
}

/// The script without every block and call that the failure does not need.
fn shrink(script: &Script, bug: Bug, expected: &str) -> Script {
    let fails = |script: &Script| {
        failure(|| Machine::replay(script, bug)).is_some_and(|text| kind(&text) == kind(expected))
    };
    let mut least = script.clone();
    // Calls first, which cannot move what is due at a block; then whole blocks.
    for whole in [false, true] {
        let count = |script: &Script| {
            if whole { script.blocks.len() } else { script.blocks.iter().map(Vec::len).sum() }
        };
        let mut size = count(&least).div_ceil(2);
        while size > 0 {
            let mut from = 0;
            while from < count(&least) {
                let tried = without(&least, from..from + size, whole);
                if fails(&tried) { least = tried } else { from += size }
            }
            size /= 2;
        }
    }
    least
}

/// The script without these blocks, or without these calls.
fn without(script: &Script, gone: std::ops::Range<usize>, whole: bool) -> Script {
    let mut number = 0..;
    let mut blocks = Vec::new();
    for calls in &script.blocks {
        if whole {
            if !gone.contains(&number.next().unwrap()) {
                blocks.push(calls.clone());
            }
        } else {
            blocks.push(calls.iter().filter(|_| !gone.contains(&number.next().unwrap())).cloned().collect());
        }
    }
    Script { beginning: script.beginning.clone(), blocks }
}

/// Plays so many sequences from one seed and counts their calls.
///
/// The first that fails is shrunk and left in a file; the error says what went wrong.
fn run(cases: u32, seed: u8, bug: Bug, file: &Path) -> Result<Counts, String> {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 0, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]));
    let counts = RefCell::new(Counts::new());
    let outcome = runner.run(&(any::<u64>(), vec(any::<u64>(), CALLS)), |(world, seeds)| {
        let mut machine = Machine::new(world::beginning(), bug);
        match failure(|| machine.play(world, &seeds)) {
            None => {
                add(&mut counts.borrow_mut(), &machine.counts);
                Ok(())
            }
            Some(text) => Err(TestCaseError::fail(format!("{text}\n{}", machine.script))),
        }
    });
    let reason = match outcome {
        Ok(()) => return Ok(counts.into_inner()),
        Err(TestError::Fail(reason, _)) => reason.message().to_owned(),
        Err(error) => panic!("{error}"),
    };
    let (text, script) = reason.split_once('\n').unwrap();
    let script = Script::parse(script).unwrap();
    let least = shrink(&script, bug, text);
    let text = failure(|| Machine::replay(&least, bug)).unwrap_or_else(|| text.to_owned());
    std::fs::write(file, least.to_string()).unwrap();
    Err(format!("{text}\nreplay with: localnet conformance calls {}", file.display()))
}

fn add(counts: &mut Counts, more: &Counts) {
    for (call, (sent, done)) in more {
        let count = counts.entry(*call).or_default();
        *count = (count.0 + sent, count.1 + done);
    }
}

fn file_named(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn whatever_is_sent_the_laws_hold() {
    let cases = if fixtures::slow() { 2_000 } else { 16 };
    let threads: u8 = 2;
    let plays: Vec<Result<Counts, String>> = std::thread::scope(|scope| {
        let plays = (0..threads).map(|thread| {
            let file = file_named(&format!("machine-{thread}.jsonl"));
            scope.spawn(move || run(cases / u32::from(threads), thread + 1, no_bug, &file))
        });
        let plays: Vec<_> = plays.collect();
        plays.into_iter().map(|play| play.join().unwrap()).collect()
    });
    let failures: Vec<_> = plays.iter().filter_map(|play| play.as_ref().err().cloned()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let mut counts = Counts::new();
    plays.iter().flatten().for_each(|more| add(&mut counts, more));
    let (sent, done) = counts.values().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    let kinds = counts.values().filter(|(_, done)| *done > 0).count();
    println!(
        "{cases} sequences of {CALLS} calls; {done} of {sent} calls did what they say, {kinds} kinds of them"
    );
    println!("never: {:?}", counts.iter().filter(|(_, (_, done))| *done == 0).collect::<Vec<_>>());
    // Laws that hold while nothing happens say nothing.
    assert!(done * 5 > sent && kinds > 120, "{done} of {sent} calls, {kinds} kinds");
}

/// Half a coin more than there should be, whenever alpha is burned.
fn minting_when_burned(state: &mut State, sent: &Sent, receipt: &Receipt) {
    if receipt.result.is_ok() && matches!(sent.call, RuntimeCall::SubtensorModule(Call::BurnAlpha { .. })) {
        let row = state.balances.accounts.get_mut(&AccountId::from_number(100)).unwrap();
        row.data.free = row.data.free.saturating_add(Rao(500_000_000));
    }
}

#[test]
fn a_planted_bug_is_found_and_its_script_plays_it_again() {
    let file = file_named("planted.jsonl");
    let error = run(64, 9, minting_when_burned, &file).unwrap_err();
    assert!(error.starts_with("I1 does not hold at block") && error.contains("planted.jsonl"), "{error}");
    let script = Script::parse(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let calls: usize = script.blocks.iter().map(Vec::len).sum();
    assert!(calls < 20, "{calls} calls are left");
    let again = Machine::replay(&script, minting_when_burned).unwrap_err();
    assert!(error.starts_with(&again), "{again}");
    // Without the bug the same file plays to its end.
    assert_eq!(Machine::replay(&script, no_bug).unwrap(), script.play().unwrap());
}
