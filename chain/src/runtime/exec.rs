//! What a rule works on: the state, the block's own facts, and the events so far.

use super::{Constants, PostInfo, SubnetDefaults};
use crate::account::{AccountId, AccountOrder};
use crate::block::Hash;
use crate::error::DispatchError;
use crate::event::{Event, EventRecord};
use crate::invariants::Fact;
use crate::state::State;
use crate::types::ProxyType;
use crate::units::BlockNumber;

/// The facts of the running block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Env {
    /// Height.
    pub number: BlockNumber,
    /// Virtual time, milliseconds since the Unix epoch.
    pub timestamp_ms: u64,
    /// Hash of the parent block, as clients compute it: what `System.BlockHash` gives to rules that read it.
    pub parent_hash: Hash,
    /// What the block draws from: for which coldkeys it claims root dividends. The real chain draws from the parent hash,
    /// and a block of a reference vector has that hash here too. A run of ours draws from seed and block number, since the
    /// hash of a block depends on everything before it: an unrelated change would choose other coldkeys.
    pub lottery: Hash,
    /// Who receives fees; `None` drops them.
    pub author: Option<AccountId>,
}

/// What an account may not call, beyond what nobody may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The kind of proxy by whose right the call was made.
    pub proxied: Option<ProxyType>,
    /// Whether the call runs inside a `batch_all`, which must not hold another.
    pub batch_all: bool,
}

/// A block in execution. Every rule is a function of `&mut Exec`.
#[derive(Debug)]
pub struct Exec<'a> {
    /// The state so far.
    pub state: &'a mut State,
    /// The block's own facts.
    pub env: &'a Env,
    /// Events so far, in emission order.
    pub events: Vec<EventRecord>,
    /// Index of the running extrinsic; `None` in the block step.
    pub extrinsic: Option<u32>,
    /// Where the running extrinsic stands in the block as clients see it: the inherent that sets the time stands first,
    /// and what was never dispatched is not in it. Zero in the block step.
    pub place: u32,
    /// What binds the running call and all that it calls.
    pub filter: Filter,
    /// Whether the faucet pays.
    pub pow_faucet: bool,
    /// The constants of the build.
    pub constants: Constants,
    /// What a new subnet begins with.
    pub newborn: SubnetDefaults,
    /// Order of accounts in maps that a rule makes for itself.
    pub account_order: AccountOrder,
    /// Weight and payment that the call dispatched last reported.
    pub post: PostInfo,
    /// What the rules told of themselves so far; `None` while nobody checks.
    pub facts: Option<Vec<Fact>>,
}

/// A point of a block's execution.
#[derive(Debug)]
pub(super) struct Mark {
    pub(super) state: State,
    events: usize,
    facts: usize,
}

impl<'a> Exec<'a> {
    /// Opens a block on a state.
    pub fn new(state: &'a mut State, env: &'a Env) -> Self {
        let events = Vec::new();
        Self {
            state,
            env,
            events,
            extrinsic: None,
            place: 0,
            filter: Filter::default(),
            pow_faucet: false,
            constants: Constants::PRODUCTION,
            newborn: SubnetDefaults::default(),
            account_order: AccountOrder::default(),
            post: PostInfo::default(),
            facts: None,
        }
    }
    /// The running block's height.
    pub fn now(&self) -> BlockNumber {
        self.env.number
    }
    /// Records an event.
    pub fn emit(&mut self, event: impl Into<Event>) {
        self.events.push(EventRecord { extrinsic: self.extrinsic, event: event.into() });
    }
    /// Tells what a rule just did, if somebody checks.
    pub fn tell(&mut self, fact: impl FnOnce() -> Fact) {
        if let Some(facts) = &mut self.facts {
            facts.push(fact());
        }
    }
    /// Runs a rule that sets state apart from what the other rules keep together, as root may, and tells whoever
    /// checks the block.
    ///
    /// # Errors
    /// Those of the rule.
    pub(super) fn forced(
        &mut self,
        rule: impl FnOnce(&mut Self) -> Result<(), DispatchError>,
    ) -> Result<(), DispatchError> {
        let before = self.facts.is_some().then(|| self.state.clone());
        rule(self)?;
        if let Some(before) = before {
            let after = self.state.clone();
            self.tell(|| Fact::RawWrite { states: Box::new((before, after)) });
        }
        Ok(())
    }
    /// Runs a rule that changes everything or nothing: on an error, state and events are as before.
    ///
    /// # Errors
    /// Those of the rule.
    pub fn transactional<T>(
        &mut self,
        rule: impl FnOnce(&mut Self) -> Result<T, DispatchError>,
    ) -> Result<T, DispatchError> {
        let before = self.mark();
        let result = rule(self);
        if result.is_err() {
            self.undo(before);
        }
        result
    }
    /// Runs a rule and undoes it whatever it gives: a simulation.
    pub fn simulate<T>(&mut self, rule: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.mark();
        let result = rule(self);
        self.undo(before);
        result
    }
    /// A point to which [`Self::undo`] can go back.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            state: self.state.clone(),
            events: self.events.len(),
            facts: self.facts.as_ref().map_or(0, Vec::len),
        }
    }
    /// Makes state, events and facts what they were.
    pub(super) fn undo(&mut self, mark: Mark) {
        *self.state = mark.state;
        self.events.truncate(mark.events);
        if let Some(facts) = &mut self.facts {
            facts.truncate(mark.facts);
        }
    }
}
