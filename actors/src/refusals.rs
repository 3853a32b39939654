//! Calls of the cast and of the scenario that the chain refused.
//!
//! A call is refused when it is invalid, when its dispatch fails, and when a call inside it fails although the
//! extrinsic itself succeeds: in a batch, a proxy, a multisig, `sudo`, `dispatch_as` and `if_else`.

use crate::participant::Intent;
use crate::plan::{Change, Cue, Plan};
use crate::waiting::Waiting;
use chain::block::{BlockInput, BlockOutcome, Extrinsic};
use chain::call::{RuntimeCall, SudoCall, UtilityCall, multisig, proxy};
use chain::event::{Event, EventRecord, SubtensorModuleEvent, UtilityEvent};
use chain::units::BlockNumber;
use parity_scale_codec::{Decode, Encode};
use std::collections::{BTreeMap, BTreeSet};

/// A refused call.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Refusal {
    /// The block; of the first one when there are several.
    pub block: BlockNumber,
    /// The place of its event in [`Plan::events`]; `None` for a call that a participant made for its role.
    pub event: Option<u32>,
    /// Who sent it: `root`, a name of the cast, or an address.
    pub who: String,
    /// The call by the chain's names, with the call inside it: `Utility.dispatch_as(Balances.transfer_all)`.
    pub call: String,
    /// The chain's error.
    pub error: String,
    /// How often; an event is refused once.
    pub times: u64,
}

/// All refusals of a run. Those of events are kept one by one; those of duties are counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Refusals {
    events: Vec<Refusal>,
    duties: BTreeMap<(String, String, String), (BlockNumber, u64)>,
}

impl Refusals {
    /// Adds those of a block.
    pub(crate) fn add(&mut self, refusals: &[Refusal]) {
        for refusal in refusals {
            if refusal.event.is_some() {
                self.events.push(refusal.clone());
                continue;
            }
            let Refusal { who, call, error, .. } = refusal.clone();
            let (_, times) = self.duties.entry((who, call, error)).or_insert((refusal.block, 0));
            *times = times.saturating_add(1);
        }
    }

    /// Refused events in the order of blocks, then refused calls of duty.
    pub fn list(&self) -> impl Iterator<Item = Refusal> + '_ {
        let duties = self.duties.iter().map(|((who, call, error), (block, times))| Refusal {
            block: *block,
            event: None,
            who: who.clone(),
            call: call.clone(),
            error: error.clone(),
            times: *times,
        });
        self.events.iter().cloned().chain(duties)
    }
}

/// What is looked at to find the refusals of a block.
pub(crate) struct Sealing<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) input: &'a BlockInput,
    pub(crate) outcome: &'a BlockOutcome,
    /// What each extrinsic is for.
    pub(crate) intents: &'a [Option<Intent>],
    /// Extrinsics that wait for room in the next block: no refusal yet.
    pub(crate) waiting: &'a Waiting,
    /// Name of the sender of each extrinsic.
    pub(crate) name_of: &'a dyn Fn(&Extrinsic) -> String,
}

impl Sealing<'_> {
    /// The refusals of extrinsics, in their order.
    pub(crate) fn refusals(&self) -> Vec<Refusal> {
        let mut inside = self.failures_inside();
        let mut refusals = Vec::new();
        let extrinsics = self.input.extrinsics.iter().zip(&self.outcome.receipts).zip(self.intents);
        for (index, ((extrinsic, receipt), intent)) in (0..).zip(extrinsics) {
            let Some(intent) = intent else { continue };
            if self.waiting.contains(extrinsic) {
                continue;
            }
            let event = match intent {
                Intent::Event(place) => Some(*place),
                Intent::Duty | Intent::Fee | Intent::Share | Intent::Refund => None,
            };
            let mut errors = inside.remove(&index).unwrap_or_default();
            match &receipt.result {
                Err(failure) => errors.push(failure.to_string()),
                Ok(()) => errors.extend(self.without_effect(index, event)),
            }
            for error in errors {
                refusals.push(Refusal {
                    block: self.input.number,
                    event,
                    who: (self.name_of)(extrinsic),
                    call: call_of(extrinsic).map_or_else(|| "upgrade".to_owned(), describe),
                    error,
                    times: 1,
                });
            }
        }
        refusals
    }

    /// Errors of calls inside others, by extrinsic.
    fn failures_inside(&self) -> BTreeMap<u32, Vec<String>> {
        let mut inside: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for (at, record) in self.outcome.events.iter().enumerate() {
            let Some(index) = record.extrinsic else { continue };
            let before = self.outcome.events.get(..at).unwrap_or_default();
            if let Some(error) = self.failure_inside(index, record, before) {
                inside.entry(index).or_default().push(error);
            }
        }
        inside
    }

    fn failure_inside(&self, index: u32, record: &EventRecord, before: &[EventRecord]) -> Option<String> {
        let call = || self.input.extrinsics.get(usize::try_from(index).ok()?).and_then(call_of);
        match &record.event {
            Event::Utility(UtilityEvent::IfElseFallbackCalled { main_error }) => {
                Some(format!("the main call failed, the fallback was called: {main_error}"))
            }
            Event::Utility(UtilityEvent::BatchInterrupted { index, error }) => {
                let place = usize::try_from(*index).ok()?;
                Some(format!("{}: {error}", item(call().and_then(|call| batched(call)?.get(place)), place)))
            }
            Event::Utility(UtilityEvent::ItemFailed { error }) => {
                let own = before.iter().filter(|earlier| earlier.extrinsic == record.extrinsic);
                let done = own.filter(|earlier| {
                    matches!(
                        earlier.event,
                        Event::Utility(UtilityEvent::ItemCompleted | UtilityEvent::ItemFailed { .. })
                    )
                });
                let place = done.count();
                Some(format!("{}: {error}", item(call().and_then(|call| batched(call)?.get(place)), place)))
            }
            event => event.inner_failure().map(ToString::to_string),
        }
    }

    /// Why an event did nothing although the chain found no error in its call.
    fn without_effect(&self, index: u32, event: Option<u32>) -> Option<String> {
        let event = self.plan.events.get(usize::try_from(event?).ok()?)?;
        let Change::UnstakeAll { who, with } = &event.change else { return None };
        let removed = |record: &EventRecord| {
            record.extrinsic == Some(index)
                && matches!(record.event, Event::SubtensorModule(SubtensorModuleEvent::StakeRemoved(..)))
        };
        let none = !self.outcome.events.iter().any(removed);
        none.then(|| format!("no stake was taken off: {who} has none with {with} that can be taken off now"))
    }
}

/// Events for a participant that could not act on them: it is retired, or it panicked in this block.
pub(crate) fn not_submitted(
    block: BlockNumber,
    cues: &[Cue],
    intents: &[Option<Intent>],
    absent: impl Fn(&str) -> bool,
) -> Vec<Refusal> {
    let submitted: BTreeSet<u32> = intents
        .iter()
        .filter_map(|intent| match intent {
            Some(Intent::Event(place)) => Some(*place),
            _ => None,
        })
        .collect();
    let mut refusals = Vec::new();
    for cue in cues {
        let (Some(place), Some(who)) = (cue.event, cue.change.actor()) else { continue };
        let (call, must_submit) = match &cue.change {
            Change::Transfer { .. } => ("transfer", true),
            Change::Stake { .. } => ("stake", true),
            Change::UnstakeAll { .. } => ("unstake_all", true),
            Change::Vote { .. } => ("vote", true),
            Change::Crash { .. } => ("crash", false),
            _ => ("tactic", false),
        };
        let error = match (absent(who), must_submit && !submitted.contains(&place)) {
            (true, _) => format!("{who} takes no further part in the run"),
            (false, true) => format!("{who} did not submit it: it panicked in this block"),
            (false, false) => continue,
        };
        let (who, call, event) = (who.to_owned(), call.to_owned(), Some(place));
        refusals.push(Refusal { block, event, who, call, error, times: 1 });
    }
    refusals
}

fn item(call: Option<&RuntimeCall>, place: usize) -> String {
    match call {
        Some(call) => format!("item {place}, {}", describe(call)),
        None => format!("item {place}"),
    }
}

const fn call_of(extrinsic: &Extrinsic) -> Option<&RuntimeCall> {
    match extrinsic {
        Extrinsic::Signed(signed) => Some(&signed.call),
        Extrinsic::Root(call) | Extrinsic::Unchecked { call, .. } | Extrinsic::Unsigned(call) => Some(call),
        Extrinsic::Upgrade(_) => None,
    }
}

/// The call inside a call that wraps one.
fn inner(call: &RuntimeCall) -> Option<&RuntimeCall> {
    match call {
        RuntimeCall::Sudo(
            SudoCall::Sudo { call }
            | SudoCall::SudoUncheckedWeight { call, .. }
            | SudoCall::SudoAs { call, .. },
        )
        | RuntimeCall::Utility(
            UtilityCall::AsDerivative { call, .. }
            | UtilityCall::DispatchAs { call, .. }
            | UtilityCall::DispatchAsFallible { call, .. }
            | UtilityCall::WithWeight { call, .. }
            | UtilityCall::IfElse { main: call, .. },
        )
        | RuntimeCall::Proxy(proxy::Call::Proxy { call, .. } | proxy::Call::ProxyAnnounced { call, .. })
        | RuntimeCall::Multisig(
            multisig::Call::AsMultiThreshold1 { call, .. } | multisig::Call::AsMulti { call, .. },
        ) => Some(call),
        _ => None,
    }
}

/// The items of a batch, however deep it is wrapped.
fn batched(call: &RuntimeCall) -> Option<&[RuntimeCall]> {
    match call {
        RuntimeCall::Utility(
            UtilityCall::Batch { calls }
            | UtilityCall::BatchAll { calls }
            | UtilityCall::ForceBatch { calls },
        ) => Some(calls),
        call => inner(call).and_then(batched),
    }
}

/// Pallet and name of a call as the chain writes them, and those of the call inside it.
pub(crate) fn describe(call: &RuntimeCall) -> String {
    let name = chain_name(call);
    match (inner(call), batched(call)) {
        (Some(inner), _) => format!("{name}({})", describe(inner)),
        (None, Some(calls)) => format!("{name}({} calls)", calls.len()),
        (None, None) => name,
    }
}

/// `SubtensorModule.set_weights`.
fn chain_name(call: &RuntimeCall) -> String {
    let name = crate::log::call_name(call);
    let Some((pallet, name)) = name.split_once('.') else { return name };
    let mut text = format!("{pallet}.");
    for (at, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && at > 0 {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}
