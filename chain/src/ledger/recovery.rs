//! What opening a ledger found.

use std::fmt;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use super::Identity;

/// A ledger that was opened: where it stands, and what its owner needs to go on.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Number and rolling digest of the last block; `None` when there is no block yet.
    pub head: Option<(u64, [u8; 32])>,
    /// The newest checkpoint whose digest holds and whose block is in the ledger. `None`: execute from genesis.
    pub checkpoint: Option<(u64, Vec<u8>)>,
    /// The run it belongs to.
    pub identity: Identity,
    /// What was lost or repaired.
    pub report: Recovery,
}

/// What was lost or repaired while opening. Nothing is dropped without a finding that names the blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// Whether the session before was closed as it should.
    pub clean: bool,
    /// First block that was checked in this opening; earlier ones are checked when they are read.
    pub verified_from: u64,
    /// Everything out of the ordinary, in the order it was met.
    pub findings: Vec<Finding>,
}

impl Recovery {
    /// Blocks that were announced or stored once and are gone, one range for each cause.
    pub fn lost(&self) -> impl Iterator<Item = RangeInclusive<u64>> + '_ {
        self.findings.iter().filter_map(Finding::lost)
    }

    /// Whether the files themselves were damaged, which neither a clean stop nor a killed process explains.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        self.findings.iter().any(|finding| !matches!(finding, Finding::LostTail { .. }))
    }
}

impl fmt::Display for Recovery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.clean { "closed cleanly" } else { "not closed cleanly" })?;
        self.findings.iter().try_for_each(|finding| write!(f, "; {finding}"))
    }
}

/// One thing out of the ordinary.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// Blocks handed over but not yet stored when the process stopped: expected of `buffered`.
    LostTail {
        /// First lost block.
        first: u64,
        /// Last lost block.
        last: u64,
        /// Whether the session was `durable`, in which none of these was acknowledged.
        durable: bool,
    },
    /// Blocks that were on the device and are gone: the store was rolled back.
    RolledBack {
        /// First lost block.
        first: u64,
        /// Last lost block.
        last: u64,
    },
    /// Damaged blocks at the end were cut off.
    CutTail {
        /// First lost block.
        first: u64,
        /// Last lost block.
        last: u64,
        /// What is wrong with the first.
        why: String,
        /// Where the damaged store is kept.
        kept: PathBuf,
    },
    /// The store opened only without its snapshots, from its whole log.
    SnapshotsSetAside {
        /// What sled said with them.
        why: String,
        /// Where they are kept.
        kept: PathBuf,
    },
    /// A checkpoint is damaged; an older one or genesis takes its place.
    CheckpointLost {
        /// Its block, where it could be told.
        number: Option<u64>,
        /// What is wrong with it.
        why: String,
    },
    /// The index of block hashes was damaged, and made again from the frames.
    IndexRebuilt {
        /// First block whose entry was wrong.
        number: u64,
    },
    /// The store was copied to get rid of damaged parts.
    StoreCopied {
        /// Where the damaged store is kept.
        kept: PathBuf,
    },
    /// The witness cannot be read in full.
    WitnessDamaged {
        /// The head of the store.
        head: u64,
        /// Whether what is left of the witness still proves this head; else lost blocks might go unnoticed.
        proven: bool,
        /// What is wrong.
        why: String,
    },
}

impl Finding {
    /// The blocks it lost.
    #[must_use]
    pub fn lost(&self) -> Option<RangeInclusive<u64>> {
        match *self {
            Self::LostTail { first, last, .. }
            | Self::RolledBack { first, last }
            | Self::CutTail { first, last, .. } => Some(first..=last),
            _ => None,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LostTail { first, last, durable: false } => {
                write!(
                    f,
                    "lost blocks {first}..={last}, announced but not yet stored when the process stopped"
                )
            }
            Self::LostTail { first, last, durable: true } => {
                write!(
                    f,
                    "lost blocks {first}..={last}, being stored and not acknowledged when the process stopped"
                )
            }
            Self::RolledBack { first, last } => {
                write!(
                    f,
                    "lost blocks {first}..={last}: they were stored, but the store ends before them (rolled back)"
                )
            }
            Self::CutTail { first, last, why, kept } => {
                write!(
                    f,
                    "lost blocks {first}..={last}: damaged tail cut off (block {first}: {why}), kept in {}",
                    kept.display()
                )
            }
            Self::SnapshotsSetAside { why, kept } => {
                write!(f, "the store's snapshots were unreadable ({why}), moved to {}", kept.display())
            }
            Self::CheckpointLost { number: Some(number), why } => {
                write!(f, "the checkpoint of block {number} is damaged ({why}) and not used")
            }
            Self::CheckpointLost { number: None, why } => {
                write!(f, "the list of checkpoints is damaged ({why}) and not used")
            }
            Self::IndexRebuilt { number } => {
                write!(f, "the index of block hashes was damaged at block {number} and was made again")
            }
            Self::StoreCopied { kept } => {
                write!(
                    f,
                    "the sound part was copied to a new store, the old one is kept in {}",
                    kept.display()
                )
            }
            Self::WitnessDamaged { head, proven: true, why } => {
                write!(f, "the witness is damaged ({why}), but the rest of it confirms head {head}")
            }
            Self::WitnessDamaged { head, proven: false, why } => {
                write!(
                    f,
                    "the witness is damaged ({why}): head {head} is taken from the store, and blocks after it may have been lost"
                )
            }
        }
    }
}
