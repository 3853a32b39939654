//! `TransactionPaymentApi` and `TransactionPaymentCallApi`: what an extrinsic would cost.

use super::{View, runtime_api};
use crate::call::{RuntimeCall, Weight};
use crate::runtime::{CallInfo, call_info};
use crate::units::Rao;
use crate::wire::{DispatchClass, Unchecked, metadata};
use parity_scale_codec::{Compact, Decode, Encode, Error, Input};
use scale_info::{Type, TypeInfo};

/// An extrinsic as an argument: bytes with their length in front.
#[derive(Clone, Debug)]
pub struct UncheckedExtrinsic(Unchecked);

impl Decode for UncheckedExtrinsic {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let body = Vec::<u8>::decode(input)?;
        let mut bytes = Compact(u32::try_from(body.len()).unwrap_or(u32::MAX)).encode();
        bytes.extend_from_slice(&body);
        Unchecked::read(&bytes)
            .map(Self)
            .map_err(|error| Error::from("no extrinsic of this chain").chain(error.to_string()))
    }
}

impl TypeInfo for UncheckedExtrinsic {
    // One type of the metadata: clients fail on two of one name.
    type Identity = metadata::UncheckedExtrinsic;
    fn type_info() -> Type {
        metadata::UncheckedExtrinsic::type_info()
    }
}

/// What an extrinsic weighs and costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct RuntimeDispatchInfo {
    /// Weight of its call.
    pub weight: Weight,
    /// How much a block cares for it.
    pub class: DispatchClass,
    /// The fee without tip, rao.
    pub partial_fee: Rao,
}

/// What a fee is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct FeeDetails {
    /// What it costs to be in a block; nothing for a free call.
    pub inclusion_fee: Option<InclusionFee>,
    /// A gift to the block's author.
    pub tip: Rao,
}

/// What it costs to be in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct InclusionFee {
    /// The constant part.
    pub base_fee: Rao,
    /// For its bytes.
    pub len_fee: Rao,
    /// For the weight of its call.
    pub adjusted_weight_fee: Rao,
}

fn length_of(len: u32) -> usize {
    usize::try_from(len).unwrap_or(usize::MAX)
}

fn info(view: &View<'_>, call: &RuntimeCall, len: u32) -> RuntimeDispatchInfo {
    let CallInfo { weight, class, .. } = call_info(call);
    RuntimeDispatchInfo { weight, class, partial_fee: view.rules.fees.fee_of_call(call, length_of(len)) }
}

fn details(view: &View<'_>, call: &RuntimeCall, tip: Rao, len: u32) -> FeeDetails {
    let parts = view.rules.fees.parts_of_call(call, length_of(len));
    let inclusion_fee = parts.map(|parts| InclusionFee {
        base_fee: parts.base,
        len_fee: parts.length,
        adjusted_weight_fee: parts.weight,
    });
    FeeDetails { inclusion_fee, tip }
}

runtime_api! { METHODS of TransactionPaymentApi:
    /// What an extrinsic weighs, and its fee without tip; `len` is that of its bytes.
    query_info(uxt: UncheckedExtrinsic, len: u32) -> RuntimeDispatchInfo =
        |view, uxt, len| info(view, &uxt.0.call, len);
    /// What the fee of an extrinsic is made of.
    query_fee_details(uxt: UncheckedExtrinsic, len: u32) -> FeeDetails =
        |view, uxt, len| details(view, &uxt.0.call, uxt.0.tip, len);
    /// What weight costs.
    query_weight_to_fee(weight: Weight) -> Rao = |view, weight| view.rules.fees.weight_fee(weight.ref_time);
    /// What bytes cost.
    query_length_to_fee(length: u32) -> Rao = |view, length| view.rules.fees.length_fee(length.into());
}

runtime_api! { CALL_METHODS of TransactionPaymentCallApi:
    /// What a call weighs and its fee, in an extrinsic of `len` bytes.
    query_call_info(call: RuntimeCall, len: u32) -> RuntimeDispatchInfo = |view, call, len| info(view, &call, len);
    /// What the fee of a call is made of, in an extrinsic of `len` bytes.
    query_call_fee_details(call: RuntimeCall, len: u32) -> FeeDetails =
        |view, call, len| details(view, &call, Rao::ZERO, len);
}
