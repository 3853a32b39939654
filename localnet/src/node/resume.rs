//! Going on where a ledger ends.

use super::Block;
use super::engine::{input_of, options};
use crate::exit::Failure;
use crate::interrupt;
use crate::play::{self, store};
use crate::telemetry::say;
use actors::Run;
use actors::plan::Plan;
use chain::block::BlockInput;
use chain::ledger::{self, Durability, Identity, Ledger};
use parity_scale_codec::{DecodeAll as _, Encode as _};
use std::path::Path;
use std::time::Duration;

/// A ledger, and how it stood.
pub(super) type Opened = (Ledger, chain::ledger::Opened);

/// Opens the ledger of a plan, or makes it.
pub(super) fn open(path: &Path, plan: &Plan, run: &Run, durability: Durability) -> Result<Opened, Failure> {
    let identity = Identity {
        genesis: *run.genesis_digest(),
        scenario_digest: plan.digest,
        seed: plan.seed,
        scenario: plan.encode(),
    };
    Ledger::resume(path, &identity, durability).map_err(|error| match error {
        ledger::Error::OtherIdentity { .. } => {
            other_chain(path, plan).unwrap_or_else(|| store::failure(error))
        }
        error => store::failure(error),
    })
}

/// What a ledger plays and what was asked for, in the words of the flags; `None` when that does not tell them apart.
fn other_chain(path: &Path, plan: &Plan) -> Option<Failure> {
    let in_words = |plan: &Plan| {
        let Plan { name, seed, chain, .. } = plan;
        let preset = format!("{:?}", chain.preset).to_lowercase();
        let every = humantime::format_duration(Duration::from_millis(chain.block_time_ms));
        let reveal = if chain.commit_reveal { ", commit-reveal" } else { "" };
        format!("{name}, seed {seed}, preset {preset}, a block every {every}{reveal}")
    };
    let (_, _, there) = store::open_any(path).ok()?;
    let (there, asked) = (in_words(&there), in_words(plan));
    (there != asked).then(|| {
        Failure::Usage(format!(
            "--store: {} holds another chain ({there}) than was asked for ({asked}); start it as it was made, begin anew \
             with --fresh, or name another place with --store",
            path.display()
        ))
    })
}

/// Brings a run to the head of its ledger and gives the blocks on the way, at most `window` of them: it begins at a
/// checkpoint from which all of the window is played, so that its states can be read as before.
pub(super) fn replay(
    opened: &Opened,
    plan: &Plan,
    run: &mut Run,
    threads: u16,
    window: usize,
) -> Result<Vec<Block>, Failure> {
    let (ledger, opened) = opened;
    let path = ledger.path();
    for finding in &opened.report.findings {
        say(&format!("{}: {finding}", path.display()));
    }
    let Some((head, _)) = opened.head else { return Ok(Vec::new()) };
    let mut blocks = Vec::new();
    let oldest = head.saturating_sub(window as u64).saturating_add(1);
    if let Some((_, world)) = ledger.checkpoint_before(oldest) {
        *run = Run::resume(plan.clone(), &world, &options(threads)).map_err(play::failure)?;
        if run.block() >= oldest
            && let Some(frame) = ledger.frame(run.block()).map_err(store::failure)?
        {
            blocks.push(at_checkpoint(run, &frame)?);
        }
    }
    let progress = crate::progress::Progress::start("ledger", run.block(), head);
    for frame in ledger.frames(run.block().saturating_add(1)..) {
        if interrupt::requested() {
            let (at, path) = (run.block(), path.display());
            return Err(Failure::Interrupted(format!(
                "{path}: stopped at block {at} of {head}; nothing has changed"
            )));
        }
        let frame = frame.map_err(store::failure)?;
        let record = run.replay_block(&frame.tape).map_err(play::failure)?;
        if let Some(drift) = play::drift::compare(&frame, &record, plan) {
            return Err(Failure::Usage(format!(
                "{}: is not what this program makes of it: {drift}",
                path.display()
            )));
        }
        let input = input_of(&record)?;
        if head.saturating_sub(record.number()) < window as u64 {
            blocks.push(Block::new(record.sealed, &input));
        }
        progress.block(run.block());
    }
    progress.finish();
    say(&format!("{}: continues at block {head}", path.display()));
    Ok(blocks)
}

/// The block of the checkpoint, with its state.
fn at_checkpoint(run: &Run, frame: &chain::ledger::Frame) -> Result<Block, Failure> {
    let sealed = run.view().sealed().clone();
    let input = BlockInput::decode_all(&mut frame.inputs.as_slice()).map_err(|error| {
        Failure::Usage(format!("--store: the inputs of block {} cannot be read: {error}", frame.number))
    })?;
    Ok(Block::new(sealed, &input))
}
