//! The event log: what every participant did in every phase, as digests that two runs can be compared by.

use crate::participant::Phase;
use crate::plan::{ActorId, Plan};
use crate::seat::Reaction;
use chain::block::Hash;
use chain::call::RuntimeCall;
use chain::units::BlockNumber;
use parity_scale_codec::{Decode, DecodeAll as _, Encode};
use std::fmt;

/// What one participant did in one phase.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Entry {
    /// The phase.
    pub phase: Phase,
    /// Who; `None` for the chain itself.
    pub actor: Option<ActorId>,
    /// Digest of everything it did.
    pub digest: Hash,
    /// The same for people; not kept in a ledger.
    #[codec(skip)]
    pub lines: Vec<String>,
}

/// The log of one block.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct BlockLog {
    /// The block.
    pub block: BlockNumber,
    /// Rolling digest after this block: of the one before and of all entries.
    pub digest: Hash,
    /// In the order of phases, then of [`ActorId`]; idle turns leave none.
    pub entries: Vec<Entry>,
}

/// Where two logs part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstDifference {
    /// The block.
    pub block: BlockNumber,
    /// The phase; `None` when one log has no such block at all.
    pub phase: Option<Phase>,
    /// Who; `None` for the chain itself.
    pub actor: Option<ActorId>,
    /// What the first log has there, in words.
    pub left: String,
    /// What the second log has there, in words.
    pub right: String,
}

impl FirstDifference {
    /// Names the place, with the participant's name from the plan.
    #[must_use]
    pub fn place(&self, plan: &Plan) -> String {
        let phase = self.phase.map_or("whole", Phase::name);
        match self.actor {
            Some(id) => format!("block {}, phase {phase}, {}", self.block, plan.name_of(id)),
            None => format!("block {}, phase {phase}, chain", self.block),
        }
    }
}

impl fmt::Display for FirstDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let phase = self.phase.map_or("whole", Phase::name);
        match self.actor {
            Some(id) => write!(f, "block {}, phase {phase}, participant #{}: ", self.block, id.0)?,
            None => write!(f, "block {}, phase {phase}, chain: ", self.block)?,
        }
        write!(f, "`{}` against `{}`", self.left, self.right)
    }
}

impl BlockLog {
    pub(crate) const fn open(block: BlockNumber, parent: Hash) -> Self {
        Self { block, digest: parent, entries: Vec::new() }
    }

    /// Adds what a participant did, unless it did nothing.
    pub(crate) fn record(&mut self, phase: Phase, actor: ActorId, reaction: &Reaction) {
        if reaction.is_idle() {
            return;
        }
        let mut hasher = blake3::Hasher::new();
        let mut lines = Vec::new();
        for message in &reaction.messages {
            message.digest_into(&mut hasher);
            lines.push(format!("to {}: {}", message.to, message.synapse));
        }
        for (intent, extrinsic) in &reaction.extrinsics {
            hasher.update(&(intent, extrinsic).encode());
            lines.push(format!("submits {} (nonce {})", call_name(&extrinsic.call), extrinsic.nonce));
        }
        hasher.update(&(&reaction.notes, &reaction.crashed).encode());
        lines.extend(reaction.notes.iter().cloned());
        lines.extend(reaction.crashed.iter().map(|why| format!("crashed: {why}")));
        let digest = *hasher.finalize().as_bytes();
        self.entries.push(Entry { phase, actor: Some(actor), digest, lines });
    }

    /// Adds the chain's part and closes the block.
    pub(crate) fn seal(&mut self, digest: Hash, lines: Vec<String>) {
        self.entries.push(Entry { phase: Phase::Seal, actor: None, digest, lines });
        let mut hasher = blake3::Hasher::new_derive_key("localnet 2026 event log");
        hasher.update(&self.digest).update(&(self.block, &self.entries).encode());
        self.digest = *hasher.finalize().as_bytes();
    }

    /// Reads a log as a ledger keeps it, without lines.
    ///
    /// # Errors
    /// When the bytes are no log.
    pub fn read(mut bytes: &[u8]) -> Result<Self, parity_scale_codec::Error> {
        Self::decode_all(&mut bytes)
    }
}

/// A call's pallet and name, without its arguments.
#[must_use]
pub fn call_name(call: &RuntimeCall) -> String {
    let text = format!("{call:?}");
    let cut = text.find([' ', '{']).unwrap_or(text.len());
    let name = text.get(..cut).unwrap_or_default();
    name.replace('(', ".").trim_end_matches(['.', ')']).to_owned()
}

/// The first place where two logs part: the first block whose digest differs, and in it the first phase and
/// participant. `None` when they are equal.
#[must_use]
pub fn compare(left: &[BlockLog], right: &[BlockLog]) -> Option<FirstDifference> {
    for (a, b) in left.iter().zip(right) {
        if let Some(difference) = compare_block(a, b) {
            return Some(difference);
        }
    }
    let (longer, at) = match left.len().cmp(&right.len()) {
        std::cmp::Ordering::Equal => return None,
        std::cmp::Ordering::Less => (right, left.len()),
        std::cmp::Ordering::Greater => (left, right.len()),
    };
    let block = longer.get(at).map_or(0, |log| log.block);
    let say = |has: bool| if has { "has the block" } else { "ends before it" }.to_owned();
    let (left, right) = (say(left.len() > at), say(right.len() > at));
    Some(FirstDifference { block, phase: None, actor: None, left, right })
}

/// The first place where two logs of one block part.
#[must_use]
pub fn compare_block(left: &BlockLog, right: &BlockLog) -> Option<FirstDifference> {
    if left.block == right.block && left.digest == right.digest {
        return None;
    }
    let mut pairs = (0..left.entries.len().max(right.entries.len()))
        .map(|index| (left.entries.get(index), right.entries.get(index)));
    let place = |entry: &Entry| (entry.phase, entry.actor.is_none(), entry.actor);
    let parted = pairs.find(|(a, b)| match (a, b) {
        (Some(a), Some(b)) => place(a) != place(b) || a.digest != b.digest,
        _ => true,
    });
    let say = |entry: Option<&Entry>, at: &Entry| match entry {
        Some(entry) if place(entry) == place(at) => match entry.lines.is_empty() {
            true => format!("digest {}", hex(&entry.digest)),
            false => entry.lines.join("; "),
        },
        _ => "nothing".to_owned(),
    };
    // When only one of the two acted there, that one names the place.
    let at = match parted {
        Some((Some(a), Some(b))) => Some(if place(a) <= place(b) { a } else { b }),
        Some((a, b)) => a.or(b),
        None => None,
    };
    let (a, b) = parted.unwrap_or_default();
    Some(match at {
        Some(at) => FirstDifference {
            block: left.block,
            phase: Some(at.phase),
            actor: at.actor,
            left: say(a, at),
            right: say(b, at),
        },
        // All entries are equal, so an earlier block was not.
        None => FirstDifference {
            block: left.block.min(right.block),
            phase: None,
            actor: None,
            left: format!("digest {}", hex(&left.digest)),
            right: format!("digest {}", hex(&right.digest)),
        },
    })
}

fn hex(digest: &Hash) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
