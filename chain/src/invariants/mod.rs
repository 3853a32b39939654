//! Invariants of the chain, checked on two states that follow each other.
//!
//! They hold after every block made by the rules. A raw write to storage, such as a cheat of a scenario, may
//! break one; that is what the message is for.
//!
//! **Source**: spec/chain.md section 14, whose numbers name them.

mod alpha;
mod structure;
mod tao;

use crate::event::EventRecord;
use crate::state::State;
use crate::units::{BlockNumber, NetUid};
use alpha::AlphaBook;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// An invariant of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Invariant {
    /// The sum of all balances is the TAO issuance.
    I1,
    /// The two counters of TAO issuance keep their distance, but for dust and for fees that nobody receives.
    I2,
    /// There are never more than 21 million TAO.
    I3,
    /// Root: account, pool, stake and issued alpha agree.
    I5,
    /// A subnet's issued alpha covers all that is owed, up to rounding dust.
    I6,
    /// Alpha issuance is what lies in the pool and outside, but for what registrations burned.
    I7,
    /// A swap moves TAO and alpha between pool and holders and makes none.
    I8,
    /// The weight of TAO in a pool lies between 0.01 and 0.99.
    I12,
    /// Keys and uids are inverse to each other; every array of neurons has their number.
    I16,
    /// The price of a slot lies between its bounds.
    I18,
    /// Moving prices lie between 0 and 1.
    I23,
    /// Coldkeys with stake are numbered without gaps.
    I25,
}

impl Invariant {
    /// Every invariant.
    pub const ALL: [Self; 12] = [
        Self::I1,
        Self::I2,
        Self::I3,
        Self::I5,
        Self::I6,
        Self::I7,
        Self::I8,
        Self::I12,
        Self::I16,
        Self::I18,
        Self::I23,
        Self::I25,
    ];

    /// What it says, in one line.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::I1 => "the sum of all balances is the TAO issuance",
            Self::I2 => "the two counters of TAO issuance keep their distance",
            Self::I3 => "there are never more than 21 million TAO",
            Self::I5 => "root: account, pool, stake and issued alpha agree",
            Self::I6 => "a subnet's issued alpha covers all that is owed, up to rounding dust",
            Self::I7 => "alpha issuance is what lies in the pool and outside",
            Self::I8 => "a swap makes neither TAO nor alpha",
            Self::I12 => "the weight of TAO in a pool lies between 0.01 and 0.99",
            Self::I16 => "keys and uids are inverse to each other, and arrays have their length",
            Self::I18 => "the price of a slot lies between its bounds",
            Self::I23 => "moving prices lie between 0 and 1",
            Self::I25 => "coldkeys with stake are numbered without gaps",
        }
    }
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// A text that names no invariant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no invariant; known are {known}", known = Invariant::ALL.map(|known| known.to_string()).join(", "))]
pub struct UnknownInvariant(pub String);

impl FromStr for Invariant {
    type Err = UnknownInvariant;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = Self::ALL.into_iter().find(|invariant| invariant.to_string().eq_ignore_ascii_case(text));
        named.ok_or_else(|| UnknownInvariant(text.to_owned()))
    }
}

/// An invariant that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{invariant} does not hold at block {block} ({}): {text}", invariant.title())]
pub struct Violation {
    /// Which.
    pub invariant: Invariant,
    /// After which block.
    pub block: BlockNumber,
    /// The figures.
    pub text: String,
}

/// Checks invariants block after block.
///
/// **Invariant**: it sees every block; it keeps sums from one to the next.
#[derive(Clone, Debug)]
pub struct Checker {
    watched: Vec<Invariant>,
    books: BTreeMap<NetUid, AlphaBook>,
}

impl Checker {
    /// A checker of these invariants from a state on, usually that of genesis.
    pub fn new(state: &State, watched: impl IntoIterator<Item = Invariant>) -> Self {
        let books = state.subnets.iter().map(|(netuid, subnet)| (*netuid, AlphaBook::open(subnet)));
        Self { watched: watched.into_iter().collect(), books: books.collect() }
    }

    /// Checks the state after a block against the one before it.
    ///
    /// # Errors
    /// The first violation, in the order in which the invariants were given.
    pub fn check(&mut self, before: &State, after: &State, events: &[EventRecord]) -> Result<(), Violation> {
        let step = Step { before, after, events };
        self.keep_books(&step);
        for invariant in &self.watched {
            self.check_one(*invariant, &step).map_err(|text| Violation {
                invariant: *invariant,
                block: after.block,
                text,
            })?;
        }
        Ok(())
    }

    /// Takes a state as it is, after a block with raw writes to storage; what they broke is not held against the
    /// blocks that follow.
    pub fn accept(&mut self, before: &State, after: &State, events: &[EventRecord]) {
        self.keep_books(&Step { before, after, events });
        for (netuid, subnet) in after.subnets.iter() {
            if let Some(book) = self.books.get_mut(netuid) {
                book.accept(after, *netuid, subnet);
            }
        }
    }

    fn check_one(&self, invariant: Invariant, step: &Step<'_>) -> Result<(), String> {
        match invariant {
            Invariant::I1 => tao::balances_sum_to_issuance(step),
            Invariant::I2 => tao::counters_keep_their_distance(step),
            Invariant::I3 => tao::supply_is_bounded(step),
            Invariant::I5 => tao::root_agrees(step),
            Invariant::I6 => self.each_book(step, AlphaBook::covers),
            Invariant::I7 => self.each_book(step, AlphaBook::issuance_agrees),
            Invariant::I8 => step.each_subnet(alpha::swaps_make_nothing),
            Invariant::I12 => step.each_subnet(structure::pool_weight_in_range),
            Invariant::I16 => step.each_subnet(structure::neurons_consistent),
            Invariant::I18 => step.each_subnet(structure::burn_in_range),
            Invariant::I23 => step.each_subnet(structure::moving_price_in_range),
            Invariant::I25 => structure::staking_coldkeys_dense(step),
        }
    }
}

/// A block seen from both ends.
struct Step<'a> {
    before: &'a State,
    after: &'a State,
    events: &'a [EventRecord],
}

fn named(netuid: NetUid) -> impl Fn(String) -> String {
    move |text| format!("subnet {netuid}: {text}")
}
