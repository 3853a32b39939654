//! What an extrinsic pays, and to whom.
//!
//! fee = base + 1 rao per encoded byte + 0.0005 rao per unit of the call's weight; calls that set weights or serve
//! an axon are free. It is withdrawn before dispatch, stays paid when the call fails, and goes to the block's author.
//! **Source**: spec/chain.md 1.5; the weights are the reference chain's own.
//!
//! **Differs**: the base and extension weights of the SDK are one constant of [`FeePolicy`], and a signer who cannot
//! pay in TAO is refused, never charged in alpha.

use super::fee_table::CALL_WEIGHTS;
use super::{Exec, tao};
use crate::account::AccountId;
use crate::block::SignedExtrinsic;
use crate::call::{RuntimeCall, UtilityCall, multisig, proxy, subtensor};
use crate::error::DispatchError;
use crate::event::{BalancesEvent, Event};
use crate::state::State;
use crate::units::Rao;
use parity_scale_codec::{Decode, Encode};

/// What a signed extrinsic pays.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct FeePolicy {
    /// False charges nothing at all.
    pub enabled: bool,
    /// The constant part, rao: base and extension weights.
    pub base: Rao,
    /// Per encoded byte, rao.
    pub per_byte: Rao,
}

impl Default for FeePolicy {
    fn default() -> Self {
        Self { enabled: true, base: Rao(54_079), per_byte: Rao(1) }
    }
}

/// The weight of a call that the reference table does not list (admin calls): about a read and a write.
const DEFAULT_WEIGHT: u64 = 200_000_000;

/// What a call weighs, and whether it pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallInfo {
    /// `ref_time`, picoseconds.
    pub weight: u64,
    /// False for calls that are free (`Pays::No`).
    pub pays: bool,
}

impl FeePolicy {
    /// The fee of an extrinsic, tip included; a free call pays its tip only.
    ///
    /// **Units**: rao.
    pub fn fee_of(&self, extrinsic: &SignedExtrinsic) -> Rao {
        self.fee_of_call(&extrinsic.call, extrinsic.wire_length()).saturating_add(extrinsic.tip)
    }

    /// The fee of a call in an extrinsic of so many bytes, without tip.
    ///
    /// **Units**: rao.
    pub fn fee_of_call(&self, call: &RuntimeCall, length: usize) -> Rao {
        self.parts_of_call(call, length).map_or(Rao::ZERO, |FeeParts { base, length, weight }| {
            base.saturating_add(length).saturating_add(weight)
        })
    }

    /// What the fee of a call in an extrinsic of so many bytes is made of; `None` for one that is free.
    pub fn parts_of_call(&self, call: &RuntimeCall, length: usize) -> Option<FeeParts> {
        let CallInfo { weight, pays } = call_info(call);
        let bytes = u64::try_from(length).unwrap_or(u64::MAX);
        (self.enabled && pays).then(|| FeeParts {
            base: self.base,
            length: self.length_fee(bytes),
            weight: self.weight_fee(weight),
        })
    }

    /// What so many encoded bytes cost; nothing where nothing is charged.
    pub fn length_fee(&self, bytes: u64) -> Rao {
        if self.enabled { Rao(self.per_byte.get().saturating_mul(bytes)) } else { Rao::ZERO }
    }

    /// What weight costs: 0.0005 rao per unit of `ref_time`, rounded to nearest; nothing where nothing is charged.
    pub fn weight_fee(&self, ref_time: u64) -> Rao {
        if self.enabled { Rao(ref_time.saturating_add(1_000).div_euclid(2_000)) } else { Rao::ZERO }
    }
}

/// What the fee of an extrinsic is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeParts {
    /// The constant part.
    pub base: Rao,
    /// For its bytes.
    pub length: Rao,
    /// For the weight of its call.
    pub weight: Rao,
}

/// Weight and payment of a call: a batch weighs its calls and pays if any of them does; a call within a call adds its
/// weight; `proxy` is free if its call is; `sudo` and `faucet` are free.
pub fn call_info(call: &RuntimeCall) -> CallInfo {
    match call {
        RuntimeCall::Sudo(_) | RuntimeCall::SubtensorModule(subtensor::Call::Faucet { .. }) => {
            CallInfo { weight: DEFAULT_WEIGHT, pays: false }
        }
        RuntimeCall::Utility(
            UtilityCall::Batch { calls }
            | UtilityCall::BatchAll { calls }
            | UtilityCall::ForceBatch { calls },
        ) => calls.iter().map(call_info).fold(listed(call), |sum, inner| CallInfo {
            weight: sum.weight.saturating_add(inner.weight),
            pays: sum.pays || inner.pays,
        }),
        RuntimeCall::Utility(
            UtilityCall::AsDerivative { call: inner, .. }
            | UtilityCall::DispatchAs { call: inner, .. }
            | UtilityCall::DispatchAsFallible { call: inner, .. },
        ) => within(call, &[inner]),
        RuntimeCall::Multisig(
            multisig::Call::AsMulti { call: inner, .. }
            | multisig::Call::AsMultiThreshold1 { call: inner, .. },
        )
        | RuntimeCall::Proxy(proxy::Call::ProxyAnnounced { call: inner, .. }) => within(call, &[inner]),
        RuntimeCall::Proxy(proxy::Call::Proxy { call: inner, .. }) => {
            CallInfo { pays: call_info(inner).pays, ..within(call, &[inner]) }
        }
        RuntimeCall::Utility(UtilityCall::IfElse { main, fallback }) => within(call, &[main, fallback]),
        RuntimeCall::Utility(UtilityCall::WithWeight { weight, .. }) => {
            CallInfo { weight: weight.ref_time, pays: true }
        }
        _ => listed(call),
    }
}

/// A call that pays for itself and weighs what it carries besides.
fn within(call: &RuntimeCall, inner: &[&RuntimeCall]) -> CallInfo {
    inner.iter().map(|inner| call_info(inner).weight).fold(listed(call), |sum, weight| CallInfo {
        weight: sum.weight.saturating_add(weight),
        pays: sum.pays,
    })
}

/// The row of a call's pallet and call index.
fn listed(call: &RuntimeCall) -> CallInfo {
    let encoded = call.encode();
    let [pallet, index, ..] = encoded.as_slice() else {
        return CallInfo { weight: DEFAULT_WEIGHT, pays: true };
    };
    CALL_WEIGHTS.iter().find(|row| row.0 == *pallet && row.1 == *index).map_or(
        CallInfo { weight: DEFAULT_WEIGHT, pays: true },
        |row| CallInfo { weight: row.2, pays: row.3 },
    )
}

/// Who pays: the signer, or the account in whose name a proxy calls, where that account has said so; looked for two
/// proxies deep, and in a batch of proxies of one account that a proxy makes.
///
/// **Source**: spec/chain.md 10.5.
pub(super) fn payer(state: &State, signed: &SignedExtrinsic) -> AccountId {
    let pays = |real, delegate| state.proxy.real_pays_fee.contains_key(&(real, delegate));
    let Some((real, inner)) = proxied(&signed.call).filter(|(real, _)| pays(*real, signed.signer)) else {
        return signed.signer;
    };
    in_name_of(inner).filter(|second| pays(*second, real)).unwrap_or(real)
}

/// The account in whose name a proxy calls, and what.
fn proxied(call: &RuntimeCall) -> Option<(AccountId, &RuntimeCall)> {
    match call {
        RuntimeCall::Proxy(proxy::Call::Proxy { real, call, .. }) => Some((real.0, call)),
        _ => None,
    }
}

/// The account in whose name a proxy calls; a batch calls in the name of one if all of its calls do.
fn in_name_of(call: &RuntimeCall) -> Option<AccountId> {
    let RuntimeCall::Utility(
        UtilityCall::Batch { calls } | UtilityCall::BatchAll { calls } | UtilityCall::ForceBatch { calls },
    ) = call
    else {
        return proxied(call).map(|(real, _)| real);
    };
    let (first, _) = proxied(calls.first()?)?;
    calls.iter().all(|call| proxied(call).is_some_and(|(real, _)| real == first)).then_some(first)
}

/// Takes the fee from an account, which must stay alive.
///
/// # Errors
/// `Token.FundsUnavailable` when the signer cannot pay it.
pub(super) fn withdraw(exec: &mut Exec<'_>, who: &AccountId, fee: Rao) -> Result<(), DispatchError> {
    if fee.is_zero() {
        return Ok(());
    }
    tao::withdraw_fee(exec, who, fee)
}

/// Gives a withdrawn fee to the author, or lets it vanish from the Balances issuance, and tells what was paid, be it
/// nothing.
///
/// The weight of a call is known beforehand here, so nothing is given back; that nothing was is told as on chain, to a
/// payer who still has any TAO.
pub(super) fn settle(exec: &mut Exec<'_>, who: &AccountId, fee: Rao, tip: Rao) {
    if !fee.is_zero() {
        if !tao::total_balance(exec.state, who).is_zero() {
            exec.emit(BalancesEvent::Deposit { who: *who, amount: Rao::ZERO });
        }
        if let Some(author) = exec.env.author {
            tao::pay_author(exec, &author, fee);
        }
    }
    exec.emit(Event::TransactionFeePaid { who: *who, actual_fee: fee, tip });
}
