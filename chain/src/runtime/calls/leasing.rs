//! Subnets that a crowdloan pays for: the contributors share in the owner's cut.
//!
//! **Source**: spec/chain.md 7.8.

use super::staking::Position;
use super::{crowdloan, moves, networks, not_modelled, proxy};
use crate::account::AccountId;
use crate::call::subtensor::Call;
use crate::crypto::blake2_256;
use crate::error::{CrowdloanError, DispatchError, DispatchOutcome, SubtensorModuleError as E, TokenError};
use crate::event::SubtensorModuleEvent as Event;
use crate::math::fixed::U64F64;
use crate::runtime::dispatch::Origin;
use crate::runtime::{Exec, PostInfo, tao, weights};
use crate::types::{CrowdloanInfo, Percent, ProxyDefinition, ProxyType, SubnetLease};
use crate::units::{AlphaRao, NetUid, Rao};
use parity_scale_codec::Encode;

/// Blocks between two distributions of dividends.
const DISTRIBUTION_INTERVAL: u64 = 100;

pub(crate) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    let who = origin.signed()?;
    match call {
        Call::RegisterLeasedNetwork { emissions_share, end_block } => {
            register(exec, &who, *emissions_share, *end_block)
        }
        Call::TerminateLease { lease_id, hotkey } => terminate(exec, &who, *lease_id, hotkey),
        _ => not_modelled("SubtensorModule", call),
    }
}

/// The coldkey or hotkey of a lease.
fn key(kind: &str, lease_id: u32) -> AccountId {
    AccountId::new(blake2_256(&(kind, lease_id).encode()))
}

fn beneficiary_proxy(beneficiary: &AccountId) -> ProxyDefinition {
    ProxyDefinition { delegate: *beneficiary, proxy_type: ProxyType::SubnetLeaseBeneficiary, delay: 0 }
}

fn pay(exec: &mut Exec<'_>, from: &AccountId, to: &AccountId, amount: Rao) -> DispatchOutcome {
    if amount > tao::coldkey_balance(exec.state, from) {
        return Err(TokenError::FundsUnavailable.into());
    }
    tao::move_balance(exec, from, to, amount)
}

/// Registers a subnet with what the crowdloan that is being finalized has raised; what is left over goes back to the
/// contributors.
fn register(
    exec: &mut Exec<'_>,
    who: &AccountId,
    emissions_share: Percent,
    end_block: Option<u32>,
) -> DispatchOutcome {
    let invalid = DispatchError::from(CrowdloanError::InvalidCrowdloanId);
    let id = exec.state.crowdloans.current_id.ok_or_else(|| invalid.clone())?;
    let loan = exec.state.crowdloans.loans.get(&id).cloned().ok_or(invalid)?;
    if loan.creator != *who {
        return Err(E::InvalidLeaseBeneficiary.into());
    }
    if end_block.is_some_and(|end| u64::from(end) <= exec.now()) {
        return Err(E::LeaseCannotEndInThePast.into());
    }
    let lease_id = exec.state.leases.next_id;
    exec.state.leases_mut().next_id = lease_id.checked_add(1).ok_or(E::Overflow)?;
    let (coldkey, hotkey) = (key("leasing/coldkey", lease_id), key("leasing/hotkey", lease_id));
    tao::hold_open(exec, &coldkey);
    tao::hold_open(exec, &hotkey);
    pay(exec, &loan.funds_account, &coldkey, loan.raised)?;
    networks::register_network(exec, &coldkey, &hotkey, None)?;
    let owned = exec.state.subnets.iter().find(|(_, row)| row.has_owner && row.owner == coldkey);
    let netuid = owned.map(|(netuid, _)| *netuid).ok_or(E::LeaseNetuidNotFound)?;
    proxy::add(exec, &coldkey, beneficiary_proxy(who))?;
    let left = exec.state.balances.accounts.get(&coldkey).map_or(Rao::ZERO, |row| row.data.free);
    let cost = loan.raised.saturating_sub(left);
    let lease = SubnetLease { beneficiary: *who, coldkey, hotkey, emissions_share, end_block, netuid, cost };
    let leases = exec.state.leases_mut();
    leases.leases.insert(lease_id, lease);
    leases.of_subnet.insert(netuid, lease_id);
    exec.state.hotkey_mut(&hotkey).take = Some(0);
    share_out(exec, who, (id, lease_id), &loan, left)?;
    exec.emit(Event::SubnetLeaseCreated { beneficiary: *who, lease_id, netuid, end_block });
    Ok(())
}

/// Notes the share of every contributor and gives what is left back to them in proportion.
fn share_out(
    exec: &mut Exec<'_>,
    who: &AccountId,
    (id, lease_id): (u32, u32),
    loan: &CrowdloanInfo,
    left: Rao,
) -> DispatchOutcome {
    let (coldkey, whole) = (key("leasing/coldkey", lease_id), |rao: Rao| U64F64::from_u64(rao.get()));
    let rows: Vec<(AccountId, Rao)> =
        crowdloan::contributions(exec.state, id).filter(|(contributor, _)| contributor != who).collect();
    let mut refunded = Rao::ZERO;
    for (contributor, amount) in rows {
        let share = whole(amount).saturating_div(whole(loan.raised));
        exec.state.leases_mut().shares.insert((lease_id, *contributor.bytes()), share);
        let refund = Rao(share.saturating_mul(whole(left)).to_u64());
        pay(exec, &coldkey, &contributor, refund)?;
        refunded = refunded.saturating_add(refund);
    }
    pay(exec, &coldkey, who, left.saturating_sub(refunded))
}

/// Ends a lease whose time is over: the subnet becomes the beneficiary's own.
fn terminate(exec: &mut Exec<'_>, who: &AccountId, lease_id: u32, hotkey: &AccountId) -> DispatchOutcome {
    let lease = exec.state.leases.leases.get(&lease_id).cloned().ok_or(E::LeaseDoesNotExist)?;
    if lease.beneficiary != *who {
        return Err(E::ExpectedBeneficiaryOrigin.into());
    }
    let end = lease.end_block.ok_or(E::LeaseHasNoEndBlock)?;
    if exec.now() < end.into() {
        return Err(E::LeaseHasNotEnded.into());
    }
    if exec.state.owner_of(hotkey) != Some(*who) {
        return Err(E::BeneficiaryDoesNotOwnHotkey.into());
    }
    if tao::is_subnet_account(hotkey) {
        return Err(E::CannotUseSystemAccount.into());
    }
    let subnet = exec.state.subnet_mut(lease.netuid);
    (subnet.owner, subnet.owner_hotkey, subnet.has_owner) = (*who, *hotkey, true);
    exec.emit(Event::SubnetOwnerHotkeySet(lease.netuid, *hotkey));
    tao::let_close(exec, &lease.coldkey);
    tao::let_close(exec, &lease.hotkey);
    let shares = exec.state.leases_mut().forget(lease_id);
    proxy::remove(exec, &lease.coldkey, beneficiary_proxy(who))?;
    exec.emit(Event::SubnetLeaseTerminated { beneficiary: *who, netuid: lease.netuid });
    exec.post = PostInfo::weighed(weights::lease_end_after(shares));
    Ok(())
}

/// Puts the contributors' part of an owner's cut aside, and distributes what has gathered in every hundredth block.
/// What cannot be distributed waits.
pub(in crate::runtime) fn distribute(exec: &mut Exec<'_>, netuid: NetUid, cut: AlphaRao) {
    let Some(lease_id) = exec.state.leases.of_subnet.get(&netuid).copied() else { return };
    let Some(lease) = exec.state.leases.leases.get(&lease_id).cloned() else { return };
    let now = exec.now();
    if lease.end_block.is_some_and(|end| u64::from(end) <= now) {
        return;
    }
    let waiting = exec.state.leases.dividends.get(&lease_id).copied().unwrap_or_default();
    let total = waiting.saturating_add(AlphaRao(lease.emissions_share.mul_ceil(cut.get())));
    let due = now.is_multiple_of(DISTRIBUTION_INTERVAL);
    let paid = due && exec.transactional(|exec| pay_dividends(exec, lease_id, &lease, total)).is_ok();
    let rest = if paid { AlphaRao::ZERO } else { total };
    exec.state.leases_mut().dividends.insert(lease_id, rest);
}

fn pay_dividends(
    exec: &mut Exec<'_>,
    lease_id: u32,
    lease: &SubnetLease,
    total: AlphaRao,
) -> DispatchOutcome {
    let shares = exec.state.leases.shares.iter().filter(|((of, _), _)| *of == lease_id);
    let shares: Vec<_> = shares.map(|((_, bytes), share)| (AccountId::new(*bytes), *share)).collect();
    let mut distributed = AlphaRao::ZERO;
    for (contributor, share) in shares {
        let part = share.saturating_mul(U64F64::from_u64(total.get()));
        let whole = part.to_u64();
        let alpha = AlphaRao(whole.saturating_add(u64::from(part > U64F64::from_u64(whole))));
        pay_dividend(exec, lease_id, lease, contributor, alpha)?;
        distributed = distributed.saturating_add(alpha);
    }
    pay_dividend(exec, lease_id, lease, lease.beneficiary, total.saturating_sub(distributed))
}

fn pay_dividend(
    exec: &mut Exec<'_>,
    lease_id: u32,
    lease: &SubnetLease,
    contributor: AccountId,
    alpha: AlphaRao,
) -> DispatchOutcome {
    let from = Position { hotkey: lease.hotkey, coldkey: lease.coldkey, netuid: lease.netuid };
    let to = Position { coldkey: contributor, ..from };
    moves::within_subnet(exec, &from, &to, alpha)?;
    exec.emit(Event::SubnetLeaseDividendsDistributed { lease_id, contributor, alpha });
    Ok(())
}
