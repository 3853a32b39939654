//! Invariants of the chain, checked on two states that follow each other and on what the rules did between them.
//!
//! They hold after every block made by the rules. A raw write to storage, such as that of a reference vector, may
//! break one; [`Checker::raw_write`] takes it as it is and holds everything else against the block.
//!
//! **Source**: spec/chain.md section 14, whose numbers name them.

mod alpha;
mod claims;
mod fact;
mod failed;
mod gaps;
mod law;
mod locks;
mod schedule;
mod shares;
mod structure;
mod tao;

pub use fact::{Fact, Price};
pub use failed::{Payment, left_behind};
pub use law::{Invariant, UnknownInvariant};

use crate::event::EventRecord;
use crate::state::{State, Subnet};
use crate::units::{BlockNumber, NetUid};
use alpha::AlphaBook;
use gaps::Gaps;
use std::collections::{BTreeMap, BTreeSet};

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
/// **Invariant**: it sees every block, each beginning with the state in which the one before ended; it keeps sums from
/// one to the next.
#[derive(Clone, Debug)]
pub struct Checker {
    watched: Vec<Invariant>,
    /// The sum of all balances, rao.
    balances: i128,
    books: BTreeMap<NetUid, AlphaBook>,
    /// What raw writes have moved since the checker was opened.
    raw: Gaps,
    /// The part of it that belongs to the block that is open.
    raw_of_block: Gaps,
    /// What a raw write broke, until it holds again.
    excused: BTreeSet<(Invariant, NetUid)>,
}

impl Checker {
    /// A checker of these invariants from genesis on.
    pub fn new(genesis: &State, watched: impl IntoIterator<Item = Invariant>) -> Self {
        let books =
            genesis.subnets.iter().map(|(netuid, row)| (*netuid, AlphaBook::open(genesis, *netuid, row)));
        Self {
            watched: watched.into_iter().collect(),
            balances: tao::sum_of_balances(genesis),
            books: books.collect(),
            raw: Gaps::default(),
            raw_of_block: Gaps::default(),
            excused: BTreeSet::new(),
        }
    }

    /// A checker from any later state on: rounding dust that lies there already is taken as it is.
    pub fn resume(state: &State, watched: impl IntoIterator<Item = Invariant>) -> Self {
        let mut checker = Self::new(state, watched);
        for (netuid, subnet) in state.subnets.iter() {
            if let Some(book) = checker.books.get_mut(netuid) {
                book.settle(state, *netuid, subnet);
            }
        }
        checker
    }

    /// The same with other invariants to check; it has seen what all of them need.
    #[must_use]
    pub fn watching(self, watched: impl IntoIterator<Item = Invariant>) -> Self {
        Self { watched: watched.into_iter().collect(), ..self }
    }

    /// The invariants that are checked.
    pub fn watched(&self) -> &[Invariant] {
        &self.watched
    }

    /// Checks a block: the state after it against the one before it, its events, and what the rules told of
    /// themselves.
    ///
    /// # Errors
    /// The first violation, in the order in which the invariants were given.
    pub fn check(
        &mut self,
        before: &State,
        after: &State,
        events: &[EventRecord],
        facts: &[Fact],
    ) -> Result<(), Violation> {
        self.check_all(before, after, events, facts).into_iter().next().map_or(Ok(()), Err)
    }

    /// As [`Self::check`], but gives the violations of all invariants, one of each at most.
    pub fn check_all(
        &mut self,
        before: &State,
        after: &State,
        events: &[EventRecord],
        facts: &[Fact],
    ) -> Vec<Violation> {
        for fact in facts {
            if let Fact::RawWrite { states } = fact {
                self.raw_write(&states.0, &states.1);
            }
        }
        let step = Step { before, after, events, facts };
        self.keep_books(&step);
        let mut violations = Vec::new();
        for index in 0..self.watched.len() {
            let Some(invariant) = self.watched.get(index).copied() else { continue };
            if let Err(text) = self.check_one(invariant, &step) {
                violations.push(Violation { invariant, block: after.block, text });
            }
        }
        self.raw_of_block = Gaps::default();
        violations
    }

    /// Takes a raw write to storage inside the open block as it is: the sums that it moved are moved in the books, and
    /// a shape or range that it broke is excused until it holds again. Nothing else of the block is excused.
    pub fn raw_write(&mut self, before: &State, after: &State) {
        let moved = Gaps::of(after).since(&Gaps::of(before));
        self.raw.add(&moved);
        self.raw_of_block.add(&moved);
        for (netuid, gaps) in &moved.subnets {
            if let Some(book) = self.books.get_mut(netuid) {
                book.shift(gaps);
            }
        }
        let step = Step { before, after, events: &[], facts: &[] };
        for invariant in Invariant::ALL {
            for (netuid, subnet) in after.subnets.iter() {
                let was = before.subnet(*netuid);
                if law::of_subnet(invariant).is_some_and(|law| law(&step, *netuid, was, subnet).is_err()) {
                    self.excused.insert((invariant, *netuid));
                }
            }
        }
    }

    fn check_one(&mut self, invariant: Invariant, step: &Step<'_>) -> Result<(), String> {
        match invariant {
            Invariant::I1 => tao::balances_sum_to_issuance(step, self.balances, self.raw.balances),
            Invariant::I2 => tao::counters_keep_their_distance(step, self.raw_of_block.counters),
            Invariant::I3 => tao::supply_is_bounded(step, self.raw_of_block.issuance),
            Invariant::I4 => self.each_book(step, AlphaBook::account_covers_pool),
            Invariant::I5 => tao::root_agrees(step, &self.raw),
            Invariant::I6 => self.each_book(step, AlphaBook::covers),
            Invariant::I7 => self.each_book(step, AlphaBook::issuance_agrees),
            Invariant::I8 => self.each_subnet(invariant, step, alpha::swaps_make_nothing),
            Invariant::I13 => schedule::emission_is_shared_out(step),
            Invariant::I10 | Invariant::I11 | Invariant::I14 | Invariant::I15 | Invariant::I24 => {
                fact::hold(invariant, step)
            }
            Invariant::I23 => {
                fact::hold(invariant, step)?;
                self.each_subnet(invariant, step, structure::moving_price_in_range)
            }
            Invariant::I25 => structure::staking_coldkeys_dense(step),
            Invariant::I26 => schedule::subnets_are_limited(step),
            Invariant::I9
            | Invariant::I12
            | Invariant::I16
            | Invariant::I17
            | Invariant::I18
            | Invariant::I19
            | Invariant::I20
            | Invariant::I21
            | Invariant::I22 => match law::of_subnet(invariant) {
                Some(law) => self.each_subnet(invariant, step, law),
                None => Ok(()),
            },
        }
    }

    /// Checks every subnet that exists after the block, with its row before it if it existed then.
    fn each_subnet(
        &mut self,
        invariant: Invariant,
        step: &Step<'_>,
        law: law::OfSubnet,
    ) -> Result<(), String> {
        for (netuid, after) in step.after.subnets.iter().filter(|(_, subnet)| subnet.added) {
            let before = step.before.subnet(*netuid).filter(|subnet| subnet.added);
            match law(step, *netuid, before, after) {
                Ok(()) => {
                    self.excused.remove(&(invariant, *netuid));
                }
                Err(_) if self.excused.contains(&(invariant, *netuid)) => {}
                Err(text) => return Err(named(*netuid)(text)),
            }
        }
        Ok(())
    }
}

/// A block seen from both ends, and from inside.
struct Step<'a> {
    before: &'a State,
    after: &'a State,
    events: &'a [EventRecord],
    facts: &'a [Fact],
}

impl Step<'_> {
    /// The subnet before the block, if it is the same subnet still.
    fn survivor<'s>(&'s self, netuid: NetUid, before: Option<&'s Subnet>) -> Option<&'s Subnet> {
        before.filter(|_| !alpha::reborn(self).contains(&netuid))
    }
}

fn named(netuid: NetUid) -> impl Fn(String) -> String {
    move |text| format!("subnet {netuid}: {text}")
}
