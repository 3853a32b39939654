//! Events of all pallets with their phases, recorded and ours.

use super::difference::{Difference, Kind};
use chain::error::DispatchError;
use chain::event::{Event, EventRecord, SubtensorModuleEvent, SystemEvent};
use chain::schema::with_vector_accounts;
use parity_scale_codec::DecodeAll as _;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// When an event was emitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(super) enum Phase {
    /// In the block step.
    Initialization,
    /// By the extrinsic at a place of the block; the time inherent stands at 0.
    ApplyExtrinsic(u32),
    /// After all extrinsics.
    Finalization,
}

/// A recorded event.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Recorded {
    phase: Phase,
    event: Json,
}

/// An event: ours, or a recorded one that this chain may not have.
#[derive(Clone, Debug, PartialEq)]
enum EncodedBlock {
    Event(Event),
    Unknown(Json),
}

impl EncodedBlock {
    fn print(&self) -> String {
        match self {
            Self::Event(event) => serde_json::to_value(event)
                .map_or_else(|error| error.to_string(), |json| with_vector_accounts(json).to_string()),
            Self::Unknown(json) => json.to_string(),
        }
    }
}

/// Compares the events of a block by phase.
///
/// `places` gives the place in the block of each of our extrinsics. `dispatched` leaves out what only the execution of an
/// extrinsic emits, for calls that were dispatched without one. The result names the phase of each difference.
pub(super) fn compare(
    recorded: &[Json],
    ours: &[EventRecord],
    places: &[u32],
    dispatched: bool,
) -> Result<Vec<(Phase, Difference)>, String> {
    let (mut theirs, mut mine) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, Vec<_>>::new());
    for (index, event) in recorded.iter().enumerate() {
        let event = Recorded::deserialize(event).map_err(|error| format!("event {index}: {error}"))?;
        // The time inherent is part of the block's input here.
        if event.phase != Phase::ApplyExtrinsic(0) && !is_emission(&event) {
            theirs.entry(event.phase).or_default().push(read(event.event));
        }
    }
    for EventRecord { extrinsic, event } in ours {
        let close = matches!(
            event,
            Event::System(SystemEvent::ExtrinsicSuccess { .. } | SystemEvent::ExtrinsicFailed { .. })
        );
        if dispatched && close {
            continue;
        }
        let place = extrinsic.and_then(|index| places.get(usize::try_from(index).ok()?).copied());
        let phase = place.map_or(Phase::Initialization, Phase::ApplyExtrinsic);
        mine.entry(phase).or_default().push(EncodedBlock::Event(event.clone()));
    }
    let phases: BTreeSet<Phase> = theirs.keys().chain(mine.keys()).copied().collect();
    let differing = phases.into_iter().filter_map(|phase| {
        let (theirs, mine) = (theirs.get(&phase), mine.get(&phase));
        let lists = (theirs.map_or(&[][..], Vec::as_slice), mine.map_or(&[][..], Vec::as_slice));
        Some((phase, of_lists(lists.0, lists.1)?))
    });
    Ok(differing.collect())
}

/// The deposit of a block's emission into the account of a subnet, which this chain does not emit: one for each subnet and
/// block would cost two fifths of the execution of a block.
fn is_emission(event: &Recorded) -> bool {
    let to = event.event.pointer("/Balances/Deposit/who").and_then(Json::as_str);
    event.phase == Phase::Initialization && to.is_some_and(|to| to.starts_with(SUBNET_ACCOUNT))
}

/// First bytes of the account of a subnet: `modl` and the pallet's id.
const SUBNET_ACCOUNT: &str = "0x6d6f646c73756274656e7372";

/// Compares events of the pallet alone, without phases.
pub(super) fn compare_pallet(recorded: &[Json], ours: &[EventRecord]) -> Result<Option<Difference>, String> {
    let mut theirs = Vec::with_capacity(recorded.len());
    for (index, event) in recorded.iter().enumerate() {
        let event = SubtensorModuleEvent::deserialize(event)
            .map_err(|error| format!("event {index}, {event}: {error}"))?;
        theirs.push(EncodedBlock::Event(Event::SubtensorModule(event)));
    }
    let of_pallet = ours.iter().filter(|record| matches!(record.event, Event::SubtensorModule(_)));
    let mine: Vec<EncodedBlock> = of_pallet.map(|record| EncodedBlock::Event(record.event.clone())).collect();
    Ok(of_lists(&theirs, &mine))
}

/// What is left of two lists without what they begin and end with alike.
fn of_lists(theirs: &[EncodedBlock], mine: &[EncodedBlock]) -> Option<Difference> {
    if theirs == mine {
        return None;
    }
    let begin = theirs.iter().zip(mine).take_while(|(a, b)| a == b).count();
    let (theirs, mine) = (theirs.get(begin..)?, mine.get(begin..)?);
    let end = theirs.iter().rev().zip(mine.iter().rev()).take_while(|(a, b)| a == b).count();
    let print = |list: &[EncodedBlock]| {
        let part = list.get(..list.len().saturating_sub(end)).unwrap_or_default();
        let events: Vec<String> = part.iter().map(EncodedBlock::print).collect();
        if events.is_empty() { "nothing".to_owned() } else { events.join(", ") }
    };
    Some(Difference::new(Kind::Events, format!("events[{begin}]"), print(theirs), print(mine)))
}

/// A recorded event as one of ours.
fn read(event: Json) -> EncodedBlock {
    let plain = normal(event);
    let paid = plain.pointer("/TransactionPayment/TransactionFeePaid").filter(|paid| paid.is_object());
    let known = paid.map_or_else(|| plain.clone(), |paid| json!({ "TransactionFeePaid": paid }));
    Event::deserialize(&known).map_or(EncodedBlock::Unknown(plain), EncodedBlock::Event)
}

/// The same with errors of pallets by name, and `Ok` without value.
fn normal(json: Json) -> Json {
    match json {
        Json::Object(map) => {
            if let (1, Some(module)) = (map.len(), map.get("Module"))
                && let Some(error) = module_error(module)
            {
                return error;
            }
            let ok = |name: &str, value: Json| {
                if name == "Ok" && value == json!([]) { Json::Null } else { normal(value) }
            };
            Json::Object(
                map.into_iter()
                    .map(|(name, value)| {
                        let value = ok(&name, value);
                        (name, value)
                    })
                    .collect(),
            )
        }
        Json::Array(list) => Json::Array(list.into_iter().map(normal).collect()),
        other => other,
    }
}

/// The error of a pallet by the numbers of both.
fn module_error(module: &Json) -> Option<Json> {
    let index = u8::try_from(module.get("index")?.as_u64()?).ok()?;
    let error = hex::decode(module.get("error")?.as_str()?.strip_prefix("0x")?).ok()?;
    let error = DispatchError::decode_all(&mut [&[3, index], error.as_slice()].concat().as_slice()).ok()?;
    serde_json::to_value(error).ok()
}
