//! Weights of calls: before dispatch from the table and the calls that they carry, after dispatch from what ran.
//!
//! **Source**: dispatch information recorded from the reference runtime; spec/chain.md 1.5.

use crate::call::{
    DispatchClass, MultisigCall, RuntimeCall, SudoCall, UtilityCall, Weight, crowdloan, proxy,
};
use crate::rules::calls;
use parity_scale_codec::Encode as _;

/// Weight of the runtime's dispatch extension, which every weight before dispatch includes.
const EXTENSION: Weight = Weight::new(67_583_000, 4_198);
/// Weight that an extrinsic has beside that of its call.
pub const BASE_EXTRINSIC: Weight = Weight::new(108_157_000, 0);
/// `ref_time` that a block can take.
pub(super) const BLOCK_REF_TIME_MAX: u64 = 4_000_000_000_000;

/// Weights of reading and of writing a storage row.
pub(super) const READ: Weight = Weight::new(25_000_000, 0);
const WRITE: Weight = Weight::new(100_000_000, 0);

/// Indices of the pallets whose calls carry others.
const UTILITY: u8 = 11;
const MULTISIG: u8 = 13;

/// Weight and payment of a call before dispatch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallInfo {
    /// Weight, that of the dispatch extension included.
    pub weight: Weight,
    /// Dispatch class.
    pub class: DispatchClass,
    /// False for calls that are free (`Pays::No`).
    pub pays: bool,
}

/// What a dispatched call reports of its weight and payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostInfo {
    /// The weight of what ran; `None` when it is that before dispatch.
    pub actual: Option<Weight>,
    /// False for a call that is free after all.
    pub pays: bool,
}

/// Storage rows that a call counts as read and written, which is what it weighs after dispatch.
#[derive(Clone, Copy, Debug, Default)]
pub struct Touched {
    reads: usize,
    writes: usize,
}

impl Touched {
    pub(super) const fn add(&mut self, reads: usize, writes: usize) {
        self.reads = self.reads.saturating_add(reads);
        self.writes = self.writes.saturating_add(writes);
    }

    /// Adds what one item takes, for each of them.
    pub(super) const fn add_each(&mut self, items: usize, reads: usize, writes: usize) {
        self.add(items.saturating_mul(reads), items.saturating_mul(writes));
    }

    pub(super) fn weight(self) -> Weight {
        let rows = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        READ.times(rows(self.reads)).plus(WRITE.times(rows(self.writes)))
    }
}

impl Default for PostInfo {
    fn default() -> Self {
        Self { actual: None, pays: true }
    }
}

impl PostInfo {
    /// A call that weighed less, or so it says.
    pub(super) const fn weighed(actual: Weight) -> Self {
        Self { actual: Some(actual), pays: true }
    }
    /// A call that is free after dispatch.
    pub(super) const FREE: Self = Self { actual: None, pays: false };

    /// The weight to charge: never more than before dispatch.
    pub fn weight(&self, before: Weight) -> Weight {
        self.actual.map_or(before, |actual| actual.min(before))
    }
}

/// Weight, class and payment of a call before dispatch.
///
/// A batch pays if any of its calls does, a proxy if its call does; an empty batch is free.
pub fn call_info(call: &RuntimeCall) -> CallInfo {
    let row = calls::row_of(call);
    let info =
        row.map_or(CallInfo { weight: EXTENSION, class: DispatchClass::Normal, pays: true }, |found| {
            let (row, weight) = found;
            CallInfo { weight, class: row.class, pays: row.pays }
        });
    match call {
        RuntimeCall::Sudo(call) => sudo(info, call),
        RuntimeCall::Utility(call) => utility(info, call),
        RuntimeCall::Multisig(call) => multisig(info, call),
        RuntimeCall::Proxy(proxy::Call::Proxy { call, .. }) => {
            let inner = call_info(call);
            CallInfo { weight: info.weight.plus(inner.weight), pays: inner.pays, ..info }
        }
        RuntimeCall::Proxy(proxy::Call::ProxyAnnounced { call, .. })
        | RuntimeCall::Crowdloan(crowdloan::Call::Create { call: Some(call), .. }) => info.with(&[call]),
        _ => info,
    }
}

/// The same of encoded bytes; of a call that this chain cannot decode, what the table has.
pub fn call_info_of_bytes(bytes: &[u8]) -> Option<CallInfo> {
    use parity_scale_codec::DecodeAll as _;
    if let Ok(call) = RuntimeCall::decode_all(&mut &*bytes) {
        return Some(call_info(&call));
    }
    let (row, weight) = calls::row_of_bytes(bytes)?;
    Some(CallInfo { weight, class: row.class, pays: row.pays })
}

impl CallInfo {
    /// The same with the weights of the calls that it carries.
    fn with(self, inner: &[&RuntimeCall]) -> Self {
        inner
            .iter()
            .fold(self, |info, call| Self { weight: info.weight.plus(call_info(call).weight), ..info })
    }
}

fn sudo(info: CallInfo, call: &SudoCall) -> CallInfo {
    match call {
        SudoCall::Sudo { call } | SudoCall::SudoAs { call, .. } => {
            CallInfo { class: call_info(call).class, ..info.with(&[call]) }
        }
        SudoCall::SudoUncheckedWeight { call, weight } => {
            CallInfo { weight: info.weight.plus(*weight), class: call_info(call).class, ..info }
        }
        SudoCall::SetKey { .. } | SudoCall::RemoveKey => info,
    }
}

fn utility(info: CallInfo, call: &UtilityCall) -> CallInfo {
    match call {
        UtilityCall::Batch { calls } => batch(info, BATCH, calls),
        UtilityCall::BatchAll { calls } => batch(info, BATCH_ALL, calls),
        UtilityCall::ForceBatch { calls } => batch(info, FORCE_BATCH, calls),
        UtilityCall::AsDerivative { call, .. }
        | UtilityCall::DispatchAs { call, .. }
        | UtilityCall::DispatchAsFallible { call, .. } => info.with(&[call]),
        UtilityCall::IfElse { main, fallback } => info.with(&[main, fallback]),
        UtilityCall::WithWeight { weight, .. } => CallInfo { weight: info.weight.plus(*weight), ..info },
    }
}

/// A kind of batch: index of its call, and `ref_time` for each call in it.
#[derive(Clone, Copy)]
pub(super) struct Batch(u8, u64);
/// `batch`.
pub(super) const BATCH: Batch = Batch(0, 5_450_264);
/// `batch_all`.
pub(super) const BATCH_ALL: Batch = Batch(2, 5_663_250);
/// `force_batch`.
pub(super) const FORCE_BATCH: Batch = Batch(4, 5_477_293);

impl Batch {
    /// Weight of a batch of `count` calls after dispatch, without them.
    pub(super) fn after(self, count: usize) -> Weight {
        own(UTILITY, self.0).plus(each(self.1, count))
    }
}

fn batch(info: CallInfo, kind: Batch, calls: &[RuntimeCall]) -> CallInfo {
    let start = CallInfo { weight: info.weight.plus(each(kind.1, calls.len())), pays: false, ..info };
    calls.iter().map(call_info).fold(start, |sum, inner| CallInfo {
        weight: sum.weight.plus(inner.weight),
        pays: sum.pays || inner.pays,
        ..sum
    })
}

/// Weight of `if_else` after dispatch, without its calls.
pub(super) fn if_else_after() -> Weight {
    own(UTILITY, 6)
}
/// Weight of `as_derivative` after dispatch, without its call.
pub(super) fn as_derivative_after() -> Weight {
    own(UTILITY, 1)
}

/// Weight of `Crowdloan.refund` after dispatch: constant, and for each contributor that was paid.
const REFUND: (Weight, Weight) = (Weight::new(160_703_000, 3_747), Weight::new(289_503_253, 2_579));

/// Weight of `Crowdloan.refund` after it has paid `count` contributors.
pub(super) fn refund_after(count: usize) -> Weight {
    REFUND.0.plus(REFUND.1.times(u64::try_from(count).unwrap_or(u64::MAX)))
}

/// Weight of `terminate_lease` after dispatch: that of the call, and that of each share that it removed.
const LEASE_END: (Weight, Weight) = (Weight::new(756_635_122, 6_148), Weight::new(125_912_993, 2_529));

/// Weight of `terminate_lease` after it has removed `shares`.
pub(super) fn lease_end_after(shares: usize) -> Weight {
    LEASE_END.0.plus(LEASE_END.1.times(u64::try_from(shares).unwrap_or(u64::MAX)))
}

/// The weight of the table without the dispatch extension.
fn own(pallet: u8, call: u8) -> Weight {
    calls::row(pallet, call).map_or(Weight::default(), |row| row.weight.minus(EXTENSION))
}

fn each(ref_time: u64, count: usize) -> Weight {
    Weight::new(ref_time, 0).times(u64::try_from(count).unwrap_or(u64::MAX))
}

/// `ref_time` for each other signatory, and for each byte of the call.
const AS_MULTI: (u64, u64) = (193_313, 2_057);
const AS_MULTI_THRESHOLD_1: u64 = 397;
const APPROVE_AS_MULTI: u64 = 139_226;
const CANCEL_AS_MULTI: u64 = 135_351;
const POKE_DEPOSIT: u64 = 121_813;
/// `ref_time` of the first approval and of one that is not the last: constant, for each other signatory, for each byte.
const OPENED: (u64, u64, u64) = (154_976_762, 144_320, 1_819);
const APPROVED: (u64, u64, u64) = (139_821_348, 127_874, 1_968);
/// A read and a write, which `as_multi_threshold_1` does not report afterwards.
const READ_AND_WRITE: Weight = READ.plus(WRITE);

fn multisig(info: CallInfo, call: &MultisigCall) -> CallInfo {
    let grown =
        |ref_time: u64, others: usize| CallInfo { weight: info.weight.plus(each(ref_time, others)), ..info };
    match call {
        MultisigCall::AsMulti { other_signatories, call, max_weight, .. } => {
            let info = grown(AS_MULTI.0, other_signatories.len());
            let bytes = each(AS_MULTI.1, call.encoded_size());
            CallInfo { weight: info.weight.plus(bytes).plus(*max_weight), ..info }
        }
        MultisigCall::AsMultiThreshold1 { call, .. } => {
            grown(AS_MULTI_THRESHOLD_1, call.encoded_size()).with(&[call])
        }
        MultisigCall::ApproveAsMulti { other_signatories, max_weight, .. } => {
            let info = grown(APPROVE_AS_MULTI, other_signatories.len());
            CallInfo { weight: info.weight.plus(*max_weight), ..info }
        }
        MultisigCall::CancelAsMulti { other_signatories, .. } => {
            grown(CANCEL_AS_MULTI, other_signatories.len())
        }
        MultisigCall::PokeDeposit { other_signatories, .. } => grown(POKE_DEPOSIT, other_signatories.len()),
    }
}

/// Size of an approval: how many others sign, and bytes of the call, none when only its hash is given.
#[derive(Clone, Copy, Debug)]
pub(super) struct Approval {
    /// Other signatories.
    pub(super) others: usize,
    /// Bytes of the call.
    pub(super) bytes: usize,
}

impl Approval {
    fn after(self, (constant, other, byte): (u64, u64, u64)) -> Weight {
        let proof_size = own(MULTISIG, 1).proof_size;
        Weight::new(constant, proof_size).plus(each(other, self.others)).plus(each(byte, self.bytes))
    }
    /// Weight after the first approval.
    pub(super) fn opened(self) -> Weight {
        self.after(OPENED)
    }
    /// Weight after one that is not the last.
    pub(super) fn approved(self) -> Weight {
        self.after(APPROVED)
    }
    /// Weight after the last one, without the call.
    pub(super) fn completed(self) -> Weight {
        self.after((own(MULTISIG, 1).ref_time, AS_MULTI.0, AS_MULTI.1))
    }
    /// Weight after `as_multi_threshold_1`, without the call.
    pub(super) fn alone(self) -> Weight {
        own(MULTISIG, 0).minus(READ_AND_WRITE).plus(each(AS_MULTI_THRESHOLD_1, self.bytes))
    }
}
