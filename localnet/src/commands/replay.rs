//! `localnet replay`: a ledger played again from genesis, with nothing but its seed and its tape.

use super::output::print_with;
use crate::exit::{Exit, Failure};
use crate::interrupt;
use crate::play::{drift, failure, options, store};
use crate::progress::Progress;
use crate::telemetry::{Stopwatch, say};
use actors::{Checks, Options, Run};
use std::path::Path;

/// Plays a ledger again and compares every block.
pub(crate) fn replay(path: &Path) -> Result<Exit, Failure> {
    interrupt::orderly();
    let (ledger, opened, plan) = store::open_any(path)?;
    for finding in &opened.report.findings {
        say(&format!("{}: {finding}", path.display()));
    }
    let head = opened.head.map_or(0, |(number, _)| number);
    // A developer's raw writes may break any invariant, and are played again as they were.
    let options = Options { checks: Checks { stop: Vec::new(), ..Checks::default() }, ..options(0) };
    let mut run = Run::new(plan.clone(), &options).map_err(failure)?;
    if *run.genesis_digest() != opened.identity.genesis {
        let text = "the genesis is another: the ledger was made by other rules than this program's\n";
        return print_with(text, Exit::Determinism);
    }
    let (progress, watch) = (Progress::start(&plan.name, 0, head), Stopwatch::start());
    for frame in ledger.frames(1..) {
        if interrupt::requested() {
            say(&format!("interrupted after block {}", run.block()));
            return Ok(Exit::Interrupted);
        }
        let frame = frame.map_err(store::failure)?;
        let record = run.replay_block(&frame.tape).map_err(failure)?;
        progress.block(record.number());
        if let Some(drift) = drift::compare(&frame, &record, &plan) {
            progress.finish();
            let text = format!("{}, seed {}: {drift}\n", plan.name, plan.seed);
            return print_with(&text, Exit::Determinism);
        }
    }
    progress.finish();
    watch.log_blocks(head);
    ledger.close().map_err(store::failure)?;
    let digest = hex::encode(run.digest());
    print_with(
        &format!(
            "{}, seed {}: {head} blocks played again, all equal\nhead digest {digest}\n",
            plan.name, plan.seed
        ),
        Exit::Ok,
    )
}
