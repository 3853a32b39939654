//! Comparing a block that was played again with the one that was recorded.

use actors::log::{BlockLog, compare_block};
use actors::plan::Plan;
use actors::{BlockRecord, FirstDifference};
use chain::ledger::Frame;
use std::fmt;

/// Where a second playing parts from the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// Block, phase and participant, for people.
    pub place: String,
    /// What stands there on both sides.
    pub what: String,
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "first difference at {}: {}", self.place, self.what)
    }
}

impl Divergence {
    /// Names the first difference of two logs.
    pub fn of_logs(difference: &FirstDifference, plan: &Plan, sides: (&str, &str)) -> Self {
        let what = format!("{} has `{}`, {} has `{}`", sides.0, difference.left, sides.1, difference.right);
        Self { place: difference.place(plan), what }
    }
}

/// Compares a block with its frame, section by section; the earliest cause is named.
pub fn compare(recorded: &Frame, played: &BlockRecord, plan: &Plan) -> Option<Divergence> {
    let frame = played.frame();
    if frame.digest == recorded.digest && frame.log == recorded.log && frame.header == recorded.header {
        return None;
    }
    if let Ok(log) = BlockLog::read(&recorded.log)
        && let Some(difference) = compare_block(&log, &played.log)
        && difference.actor.is_some()
    {
        return Some(Divergence::of_logs(&difference, plan, ("the ledger", "the replay")));
    }
    let sections = [
        ("inputs", &recorded.inputs, &frame.inputs),
        ("receipts", &recorded.receipts, &frame.receipts),
        ("events", &recorded.events, &frame.events),
        ("header", &recorded.header, &frame.header),
    ];
    let part = sections.iter().find(|(_, left, right)| left != right).map_or("digest", |(name, ..)| *name);
    let digests = (hex::encode(recorded.digest), hex::encode(frame.digest));
    Some(Divergence {
        place: format!("block {}, phase seal, chain", frame.number),
        what: format!("other {part}; the ledger has digest {}, the replay {}", digests.0, digests.1),
    })
}
