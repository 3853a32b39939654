//! Places where this chain and the recorded one part, and how they are shown.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};

/// What a difference is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Result of a call or an extrinsic.
    Result,
    /// Dispatch information: weight, class, whether it pays.
    Weight,
    /// Fee before dispatch.
    Fee,
    /// What `validate_transaction` answers.
    Validity,
    /// Events.
    Events,
    /// Rows of storage.
    Storage,
    /// Values computed from storage.
    Derived,
    /// A violated invariant of this chain.
    Invariant,
    /// A row of recorded function calls.
    Function,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Result => "result",
            Self::Weight => "weight",
            Self::Fee => "fee",
            Self::Validity => "validity",
            Self::Events => "events",
            Self::Storage => "storage",
            Self::Derived => "derived",
            Self::Invariant => "invariant",
            Self::Function => "function",
        }
    }
}

/// Where this chain and the recorded one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// What it is about.
    pub(super) kind: Kind,
    /// `Item[keys]`, the call, or the name of a derived value.
    pub(super) what: String,
    /// What was recorded.
    pub(super) expected: String,
    /// What this chain has.
    pub(super) got: String,
}

impl Difference {
    /// A difference of two printed values.
    pub(super) fn new(
        kind: Kind,
        what: impl Into<String>,
        expected: impl ToString,
        got: impl ToString,
    ) -> Self {
        Self { kind, what: what.into(), expected: expected.to_string(), got: got.to_string() }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: expected {}, got {}", self.kind.name(), self.what, self.expected, self.got)
    }
}

/// Differences shown of one block, when not all are.
const OF_BLOCK: usize = 10;
/// Lines shown of one file, when not all are.
const OF_FILE: usize = 60;
/// Characters shown of one difference, when not all are.
const OF_LINE: usize = 400;

/// Writes the differences of a file as they are found, and counts those that are not shown.
pub(super) struct Report<'a> {
    out: &'a mut dyn Write,
    all: bool,
    shown: usize,
    hidden: u64,
    kinds: BTreeMap<Kind, u64>,
}

impl<'a> Report<'a> {
    /// A report of a file; `all` shows every difference in full.
    pub(super) fn new(out: &'a mut dyn Write, all: bool) -> Self {
        Self { out, all, shown: 0, hidden: 0, kinds: BTreeMap::new() }
    }

    /// Writes the differences of one place, such as a block.
    pub(super) fn add(&mut self, place: &str, differences: &[Difference]) -> io::Result<()> {
        for difference in differences {
            let count = self.kinds.entry(difference.kind).or_default();
            *count = count.saturating_add(1);
        }
        let room = if self.all { usize::MAX } else { OF_FILE.saturating_sub(self.shown).min(OF_BLOCK) };
        let shown = differences.len().min(room);
        if shown > 0 {
            writeln!(self.out, "  {place}")?;
        }
        for difference in differences.iter().take(shown) {
            let line = difference.to_string();
            let cut = if self.all { None } else { line.char_indices().nth(OF_LINE).map(|(at, _)| at) };
            match cut.and_then(|at| line.get(..at)) {
                Some(begin) => writeln!(self.out, "    {begin} ...")?,
                None => writeln!(self.out, "    {line}")?,
            }
        }
        self.shown = self.shown.saturating_add(shown);
        let hidden = u64::try_from(differences.len().saturating_sub(shown)).unwrap_or(u64::MAX);
        self.hidden = self.hidden.saturating_add(hidden);
        Ok(())
    }

    /// Writes a line that is not a difference.
    pub(super) fn note(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.out, "  {line}")
    }

    /// Writes how many differences there were of each kind, and how many were not shown.
    pub(super) fn close(&mut self) -> io::Result<()> {
        if self.hidden > 0 {
            writeln!(self.out, "  and {} more differences; --all shows them", self.hidden)?;
        }
        if !self.kinds.is_empty() {
            let counts: Vec<String> =
                self.kinds.iter().map(|(kind, count)| format!("{count} {}", kind.name())).collect();
            writeln!(self.out, "  differences by kind: {}", counts.join(", "))?;
        }
        Ok(())
    }
}
