//! `System.Events`: what a block says happened, as clients read it.

use crate::account::AccountId;
use crate::call::{DispatchClass, DispatchEventInfo, Pays};
use crate::error::DispatchError;
use crate::event::{
    AdminUtilsEvent, BalancesEvent, CommitmentsEvent, CrowdloanEvent, DrandEvent, Event, EventRecord,
    MevShieldEvent, MultisigEvent, PreimageEvent, ProxyEvent, SubtensorModuleEvent, SudoEvent, SwapEvent,
    SystemEvent, UtilityEvent,
};
use crate::rules::calls;
use crate::runtime::BASE_EXTRINSIC;
use crate::units::Rao;
use parity_scale_codec::Encode;
use scale_info::TypeInfo;

/// When an event happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, TypeInfo)]
#[allow(dead_code, reason = "nothing of ours happens after the extrinsics")]
pub(super) enum Phase {
    /// While an extrinsic ran: its place in the block.
    #[codec(index = 0)]
    ApplyExtrinsic(u32),
    /// After all extrinsics. Nothing of ours happens there.
    #[codec(index = 1)]
    Finalization,
    /// In the block step.
    #[codec(index = 2)]
    Initialization,
}

/// An event as `System.Events` holds it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, TypeInfo)]
pub(super) struct WireRecord<E, T> {
    phase: Phase,
    event: E,
    topics: Vec<T>,
}

/// A hash, by the name that clients know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, TypeInfo)]
pub(super) struct H256([u8; 32]);

/// The rows of `System.Events`.
pub(super) type WireRecords = Vec<WireRecord<RuntimeEvent, H256>>;

/// An event of any pallet, by the pallet's number.
#[derive(Clone, Debug, PartialEq, Eq, Encode, TypeInfo)]
pub(super) enum RuntimeEvent {
    #[codec(index = 0)]
    System(WireSystemEvent),
    #[codec(index = 5)]
    Balances(BalancesEvent),
    #[codec(index = 6)]
    TransactionPayment(TransactionPaymentEvent),
    #[codec(index = 7)]
    SubtensorModule(SubtensorModuleEvent),
    #[codec(index = 11)]
    Utility(UtilityEvent),
    #[codec(index = 12)]
    Sudo(SudoEvent),
    #[codec(index = 13)]
    Multisig(MultisigEvent),
    #[codec(index = 14)]
    Preimage(PreimageEvent),
    #[codec(index = 16)]
    Proxy(ProxyEvent),
    #[codec(index = 18)]
    Commitments(CommitmentsEvent),
    #[codec(index = 19)]
    AdminUtils(AdminUtilsEvent),
    #[codec(index = 26)]
    Drand(DrandEvent),
    #[codec(index = 27)]
    Crowdloan(CrowdloanEvent),
    #[codec(index = 28)]
    Swap(SwapEvent),
    #[codec(index = 30)]
    MevShield(MevShieldEvent),
}

/// Events of `System` as clients read them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, TypeInfo)]
pub(super) enum WireSystemEvent {
    #[codec(index = 0)]
    ExtrinsicSuccess { dispatch_info: DispatchEventInfo },
    #[codec(index = 1)]
    ExtrinsicFailed { dispatch_error: DispatchError, dispatch_info: DispatchEventInfo },
    #[codec(index = 2)]
    CodeUpdated,
    #[codec(index = 3)]
    NewAccount { account: AccountId },
    #[codec(index = 4)]
    KilledAccount { account: AccountId },
    #[codec(index = 5)]
    Remarked { sender: AccountId, hash: H256 },
}

/// The event of `TransactionPayment`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, TypeInfo)]
pub(super) enum TransactionPaymentEvent {
    #[codec(index = 0)]
    TransactionFeePaid { who: AccountId, actual_fee: Rao, tip: Rao },
}

/// Indices of `Timestamp.set`.
const TIMESTAMP_SET: (u8, u8) = (2, 0);

/// Dispatch information of the time inherent.
fn timestamp_info() -> DispatchEventInfo {
    let weight = calls::row(TIMESTAMP_SET.0, TIMESTAMP_SET.1)
        .map_or(BASE_EXTRINSIC, |row| row.weight.plus(BASE_EXTRINSIC));
    DispatchEventInfo { weight, class: DispatchClass::Mandatory, pays_fee: Pays::Yes }
}

/// The value of `System.Events` of a block.
///
/// The time inherent stands at place 0 of a block that clients see, and what was never dispatched is not in it:
/// `places` gives the place of each of our extrinsics, `None` for one that is not shown.
#[must_use]
pub fn system_events(places: &[Option<u32>], events: &[EventRecord]) -> Vec<u8> {
    let mut records: Vec<WireRecord<RuntimeEvent, H256>> = Vec::with_capacity(events.len().saturating_add(1));
    let mut push = |phase, event| records.push(WireRecord { phase, event, topics: Vec::new() });
    let time = timestamp_info();
    let mut timed = false;
    for EventRecord { extrinsic, event } in events {
        let phase = match extrinsic {
            None => Phase::Initialization,
            Some(index) => {
                if !std::mem::replace(&mut timed, true) {
                    let event = WireSystemEvent::ExtrinsicSuccess { dispatch_info: time };
                    push(Phase::ApplyExtrinsic(0), RuntimeEvent::System(event));
                }
                let place =
                    usize::try_from(*index).ok().and_then(|index| places.get(index).copied().flatten());
                let Some(place) = place else { continue };
                Phase::ApplyExtrinsic(place)
            }
        };
        push(phase, wire_event(event));
    }
    if !timed {
        let event = WireSystemEvent::ExtrinsicSuccess { dispatch_info: time };
        push(Phase::ApplyExtrinsic(0), RuntimeEvent::System(event));
    }
    records.encode()
}

fn wire_event(event: &Event) -> RuntimeEvent {
    use RuntimeEvent as To;
    match event.clone() {
        Event::System(event) => To::System(match event {
            SystemEvent::ExtrinsicSuccess { dispatch_info } => {
                WireSystemEvent::ExtrinsicSuccess { dispatch_info }
            }
            SystemEvent::ExtrinsicFailed { error, dispatch_info } => {
                WireSystemEvent::ExtrinsicFailed { dispatch_error: error, dispatch_info }
            }
            SystemEvent::NewAccount { account } => WireSystemEvent::NewAccount { account },
            SystemEvent::KilledAccount { account } => WireSystemEvent::KilledAccount { account },
            SystemEvent::CodeUpdated => WireSystemEvent::CodeUpdated,
            SystemEvent::Remarked { sender, hash } => WireSystemEvent::Remarked { sender, hash: H256(hash) },
        }),
        Event::TransactionFeePaid { who, actual_fee, tip } => {
            To::TransactionPayment(TransactionPaymentEvent::TransactionFeePaid { who, actual_fee, tip })
        }
        Event::Balances(event) => To::Balances(event),
        Event::SubtensorModule(event) => To::SubtensorModule(event),
        Event::AdminUtils(event) => To::AdminUtils(event),
        Event::Swap(event) => To::Swap(event),
        Event::Sudo(event) => To::Sudo(event),
        Event::Utility(event) => To::Utility(event),
        Event::Commitments(event) => To::Commitments(event),
        Event::Crowdloan(event) => To::Crowdloan(event),
        Event::Drand(event) => To::Drand(event),
        Event::Proxy(event) => To::Proxy(event),
        Event::Multisig(event) => To::Multisig(event),
        Event::MevShield(event) => To::MevShield(event),
        Event::Preimage(event) => To::Preimage(event),
    }
}
