//! What an extrinsic pays, and to whom.
//!
//! fee = base + 1 rao per encoded byte + 0.0005 rao per unit of the call's weight; calls that set weights or serve
//! an axon are free. It is withdrawn before dispatch, stays paid when the call fails, and goes to the block's author;
//! what the call turned out not to weigh is given back. A signer who cannot pay in TAO pays in the alpha that the call
//! takes out, which is sold for the author.
//! **Source**: spec/chain.md 1.5; the weights are the reference chain's own.

use super::calls::{staking::Position, unstake};
use super::swap::{self, Terms};
use super::weights::{BLOCK_REF_TIME_MAX, PostInfo};
pub use super::weights::{CallInfo, call_info};
use super::{Exec, shares, tao};
use crate::account::AccountId;
use crate::block::{InvalidTransaction, SignedExtrinsic};
use crate::call::subtensor::Call;
use crate::call::{RuntimeCall, UtilityCall, proxy};
use crate::event::{BalancesEvent, Event, SubtensorModuleEvent};
use crate::math::fixed::U64F64;
use crate::pool::Side;
use crate::state::State;
use crate::units::{AlphaRao, NetUid, Rao};
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
        Self { enabled: true, base: Rao(54_078), per_byte: Rao(1) }
    }
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
        self.parts_of_call(call, length).map_or(Rao::ZERO, FeeParts::sum)
    }

    /// What the fee of a call in an extrinsic of so many bytes is made of; `None` for one that is free.
    pub fn parts_of_call(&self, call: &RuntimeCall, length: usize) -> Option<FeeParts> {
        self.parts_after(&call_info(call), PostInfo::default(), length)
    }

    /// The same after dispatch.
    pub(super) fn parts_after(&self, info: &CallInfo, post: PostInfo, length: usize) -> Option<FeeParts> {
        let bytes = u64::try_from(length).unwrap_or(u64::MAX);
        (self.enabled && info.pays && post.pays).then(|| FeeParts {
            base: self.base,
            length: self.length_fee(bytes),
            weight: self.weight_fee(post.weight(info.weight).ref_time),
        })
    }

    /// What so many encoded bytes cost; nothing where nothing is charged.
    pub fn length_fee(&self, bytes: u64) -> Rao {
        if self.enabled { Rao(self.per_byte.get().saturating_mul(bytes)) } else { Rao::ZERO }
    }

    /// What weight costs: 0.0005 rao per unit of `ref_time` up to that of a full block, rounded to nearest with ties
    /// down; nothing where nothing is charged.
    pub fn weight_fee(&self, ref_time: u64) -> Rao {
        const UNITS: u64 = 2_000;
        let ref_time = ref_time.min(BLOCK_REF_TIME_MAX);
        let up = u64::from(ref_time.rem_euclid(UNITS) > UNITS / 2);
        if self.enabled { Rao(ref_time.div_euclid(UNITS).saturating_add(up)) } else { Rao::ZERO }
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

impl FeeParts {
    /// All of it.
    #[must_use]
    pub const fn sum(self) -> Rao {
        self.base.saturating_add(self.length).saturating_add(self.weight)
    }
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

/// A fee that was taken before dispatch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Withdrawn {
    /// Nothing was due.
    Nothing,
    /// TAO, not yet given to the author.
    Tao(Rao),
    /// Alpha, sold for the author; final.
    Alpha {
        /// Alpha taken.
        alpha: AlphaRao,
        /// TAO that the author received.
        tao: Rao,
        /// The subnet.
        netuid: NetUid,
    },
}

/// Takes the fee of a call from an account, which must stay alive; in alpha when it has not enough TAO.
///
/// # Errors
/// `Payment` when the account can pay in neither.
pub(super) fn withdraw(
    exec: &mut Exec<'_>,
    who: &AccountId,
    call: &RuntimeCall,
    fee: Rao,
) -> Result<Withdrawn, InvalidTransaction> {
    if fee.is_zero() {
        return Ok(Withdrawn::Nothing);
    }
    if tao::withdraw_fee(exec, who, fee).is_ok() {
        return Ok(Withdrawn::Tao(fee));
    }
    let (position, author) =
        paid_from(exec.state, who, call).zip(exec.env.author).ok_or(InvalidTransaction::Payment)?;
    let (held, alpha) = (position.value(exec.state), alpha_for(exec.state, position.netuid, fee));
    if held < alpha {
        return Err(InvalidTransaction::Payment);
    }
    let alpha = if alpha.is_zero() { held } else { alpha };
    let terms = Terms::market(Side::Sell).free();
    let sold = exec.transactional(|exec| unstake::unstake_from(exec, &position, &author, alpha, terms));
    Ok(match sold {
        Ok(tao) => Withdrawn::Alpha { alpha, tao, netuid: position.netuid },
        Err(_) => Withdrawn::Alpha { alpha: AlphaRao::ZERO, tao: Rao::ZERO, netuid: NetUid::ROOT },
    })
}

/// The one position that a call takes stake from, which its fee may be paid from.
fn paid_from(state: &State, who: &AccountId, call: &RuntimeCall) -> Option<Position> {
    let RuntimeCall::SubtensorModule(call) = call else { return None };
    let (hotkey, netuid) = match call {
        Call::RemoveStake { hotkey, netuid, .. }
        | Call::RemoveStakeLimit { hotkey, netuid, .. }
        | Call::RemoveStakeFullLimit { hotkey, netuid, .. }
        | Call::RecycleAlpha { hotkey, netuid, .. }
        | Call::BurnAlpha { hotkey, netuid, .. } => (hotkey, *netuid),
        Call::MoveStake { origin_hotkey, origin_netuid, .. } => (origin_hotkey, *origin_netuid),
        Call::TransferStake { hotkey, origin_netuid, .. }
        | Call::SwapStake { hotkey, origin_netuid, .. }
        | Call::SwapStakeLimit { hotkey, origin_netuid, .. } => (hotkey, *origin_netuid),
        Call::UnstakeAll { hotkey } | Call::UnstakeAllAlpha { hotkey } => {
            (hotkey, only_stake(state, who, hotkey)?)
        }
        _ => return None,
    };
    Some(Position { hotkey: *hotkey, coldkey: *who, netuid })
}

/// The subnet on which an account has stake with a hotkey, if it is the only one that is open.
fn only_stake(state: &State, who: &AccountId, hotkey: &AccountId) -> Option<NetUid> {
    let open = state.subnets.iter().filter(|(_, subnet)| subnet.added && subnet.pool.subtoken_enabled);
    let mut staked =
        open.map(|(netuid, _)| *netuid).filter(|n| !shares::stake(state, hotkey, who, *n).is_zero());
    staked.next().filter(|_| staked.next().is_none())
}

/// Alpha worth an amount of TAO at the pool's price.
fn alpha_for(state: &State, netuid: NetUid, tao: Rao) -> AlphaRao {
    AlphaRao(U64F64::from_u64(tao.get()).safe_div(swap::price(state, netuid)).to_u64())
}

/// Gives what remains of a withdrawn fee to the author, or lets it vanish from the Balances issuance, gives the rest
/// back, and reports what was paid, be it nothing. Returns what the payer paid in TAO.
pub(super) fn settle(exec: &mut Exec<'_>, who: &AccountId, withdrawn: Withdrawn, fee: Rao, tip: Rao) -> Rao {
    let paid = match withdrawn {
        Withdrawn::Nothing => Rao::ZERO,
        Withdrawn::Tao(taken) => {
            let mut kept = taken;
            if !tao::total_balance(exec.state, who).is_zero() {
                let refund = taken.saturating_sub(fee);
                kept = taken.saturating_sub(refund);
                tao::refund_fee(exec, who, refund);
                exec.emit(BalancesEvent::Deposit { who: *who, amount: refund });
            }
            if let Some(author) = exec.env.author.filter(|_| !kept.is_zero()) {
                tao::pay_author(exec, &author, kept);
            }
            kept
        }
        Withdrawn::Alpha { alpha, tao, netuid } => {
            let (alpha_fee, tao_amount) = (alpha, tao);
            exec.emit(SubtensorModuleEvent::TransactionFeePaidWithAlpha {
                who: *who,
                netuid,
                alpha_fee,
                tao_amount,
            });
            Rao::ZERO
        }
    };
    exec.emit(Event::TransactionFeePaid { who: *who, actual_fee: fee, tip });
    paid
}
