//! TAO: balances, transfers, what comes into being and what is destroyed.
//!
//! Two counters of issuance move here: `Balances.TotalIssuance`, the true sum of all balances, and the subtensor
//! pallet's own `TotalIssuance`, from which emission is computed. **Source**: spec/chain.md 1.2, 1.3, 1.6.

use super::Exec;
use crate::account::AccountId;
use crate::error::{DispatchError, SubtensorModuleError, TokenError};
use crate::event::{BalancesEvent, SystemEvent};
use crate::invariants::Fact;
use crate::state::{AccountData, AccountInfo, EXISTENTIAL_DEPOSIT, State};
use crate::units::{NetUid, Rao};

/// No more TAO than this can exist, 21 million.
///
/// **Units**: rao.
pub const MAX_ISSUANCE: Rao = Rao(21_000_000_000_000_000);

/// TAO that was minted and belongs to nobody yet.
///
/// **Invariant**: counted in both issuances; what is not spent must go to [`recycle_credit`].
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a credit that is dropped stays in the issuance without being in any balance"]
pub struct Credit(Rao);

impl Credit {
    /// What is left of it.
    pub const fn amount(&self) -> Rao {
        self.0
    }
}

/// The account that holds a subnet's pool and lock.
pub fn subnet_account(netuid: NetUid) -> AccountId {
    AccountId::of_pallet(b"subtensr", &netuid.number().to_le_bytes())
}

/// The account whose TAO is out of reach for ever.
pub fn burn_address() -> AccountId {
    AccountId::of_pallet(b"burntnsr", &[])
}

/// True for the account of any subnet, of one that does not exist as well: no hotkey may be one.
pub fn is_subnet_account(account: &AccountId) -> bool {
    let [b'm', b'o', b'd', b'l', b's', b'u', b'b', b't', b'e', b'n', b's', b'r', low, high, ..] =
        account.bytes()
    else {
        return false;
    };
    let netuid = NetUid(u16::from_le_bytes([*low, *high]));
    subnet_account(netuid) == *account
}

/// All that an account holds, reserved part included.
pub fn total_balance(state: &State, account: &AccountId) -> Rao {
    row(state, account).map_or(Rao::ZERO, |row| row.data.free.saturating_add(row.data.reserved))
}

/// What a coldkey can spend if its account may end: free and not frozen.
pub fn coldkey_balance(state: &State, coldkey: &AccountId) -> Rao {
    row(state, coldkey).map_or(Rao::ZERO, |row| {
        let frozen = row.data.frozen.saturating_sub(row.data.reserved);
        // The balance is a reason to exist, which something that depends on the account may need; a pallet's is another.
        let must_live = row.consumers > 0 && row.sufficients == 0 && row.providers <= 1;
        let kept = if must_live { frozen.max(EXISTENTIAL_DEPOSIT) } else { frozen };
        row.data.free.saturating_sub(kept)
    })
}

/// What a coldkey can spend if its account must live: leaves the existential deposit.
pub fn keep_alive_balance(state: &State, coldkey: &AccountId) -> Rao {
    row(state, coldkey).map_or(Rao::ZERO, |row| {
        let frozen = row.data.frozen.saturating_sub(row.data.reserved);
        row.data.free.saturating_sub(frozen.max(EXISTENTIAL_DEPOSIT))
    })
}

/// Moves TAO; the sender may be reaped, its dust leaves both issuances.
///
/// # Errors
/// `InsufficientBalance` beyond [`coldkey_balance`]; `Token.BelowMinimum` when the receiver would hold less than the
/// existential deposit.
pub fn transfer_tao(
    exec: &mut Exec<'_>,
    from: &AccountId,
    to: &AccountId,
    amount: Rao,
) -> Result<(), DispatchError> {
    if amount > coldkey_balance(exec.state, from) {
        return Err(SubtensorModuleError::InsufficientBalance.into());
    }
    let before = exec.state.balances.total_issuance;
    move_balance(exec, from, to, amount)?;
    let dust = before.saturating_sub(exec.state.balances.total_issuance);
    lower_pallet_issuance(exec, dust);
    Ok(())
}

/// Moves TAO of a coldkey into a subnet's account, at most what keeps the coldkey alive, and returns what was moved.
///
/// # Errors
/// `SubnetNotExists`; `InsufficientBalance` when something was asked and nothing can be moved.
pub fn transfer_tao_to_subnet(
    exec: &mut Exec<'_>,
    netuid: NetUid,
    coldkey: &AccountId,
    amount: Rao,
) -> Result<Rao, DispatchError> {
    if amount.is_zero() {
        return Ok(Rao::ZERO);
    }
    let account = existing_subnet_account(exec.state, netuid)?;
    let moved = amount.min(keep_alive_balance(exec.state, coldkey));
    if moved.is_zero() {
        return Err(SubtensorModuleError::InsufficientBalance.into());
    }
    move_balance(exec, coldkey, &account, moved)?;
    Ok(moved)
}

/// Moves TAO out of a subnet's account.
///
/// # Errors
/// `SubnetNotExists`, and those of [`transfer_tao`].
pub fn transfer_tao_from_subnet(
    exec: &mut Exec<'_>,
    netuid: NetUid,
    to: &AccountId,
    amount: Rao,
) -> Result<(), DispatchError> {
    let account = existing_subnet_account(exec.state, netuid)?;
    transfer_tao(exec, &account, to, amount)
}

/// Moves TAO to the burn address; both issuances stay.
///
/// # Errors
/// Those of [`transfer_tao`].
pub fn burn_tao(exec: &mut Exec<'_>, coldkey: &AccountId, amount: Rao) -> Result<(), DispatchError> {
    transfer_tao(exec, coldkey, &burn_address(), amount)
}

/// Destroys TAO of an account that lives on; it can be emitted again.
///
/// # Errors
/// `InsufficientBalance` beyond [`keep_alive_balance`].
pub fn recycle_tao(exec: &mut Exec<'_>, coldkey: &AccountId, amount: Rao) -> Result<(), DispatchError> {
    if amount > keep_alive_balance(exec.state, coldkey) {
        return Err(SubtensorModuleError::InsufficientBalance.into());
    }
    take_out(exec, coldkey, amount);
    lower_pallet_issuance(exec, amount);
    Ok(())
}

/// Mints TAO, at most up to [`MAX_ISSUANCE`].
pub fn mint_tao(exec: &mut Exec<'_>, amount: Rao) -> Credit {
    let issued = exec.state.balances.total_issuance;
    let minted = amount.min(MAX_ISSUANCE.saturating_sub(issued));
    exec.state.balances.total_issuance = issued.saturating_add(minted);
    let globals = exec.state.globals_mut();
    globals.total_issuance = globals.total_issuance.saturating_add(minted);
    exec.emit(BalancesEvent::Issued { amount: minted });
    Credit(minted)
}

/// Pays a part of a credit into an account.
///
/// # Errors
/// `InsufficientBalance` when the credit holds less; `Token.BelowMinimum` when the account would hold less than the
/// existential deposit. The credit is then as before.
pub fn spend_credit(
    exec: &mut Exec<'_>,
    credit: &mut Credit,
    to: &AccountId,
    amount: Rao,
) -> Result<(), DispatchError> {
    spend_credit_near(exec, credit, (to, &mut 0), amount)?;
    exec.emit(BalancesEvent::Deposit { who: *to, amount });
    Ok(())
}

/// [`spend_credit`] into an account that is probably at this place; makes the place right.
///
/// **Differs**: no `Balances.Deposit` tells of it, because every block pays every subnet, and the telling made a block
/// of 128 subnets two fifths longer.
///
/// # Errors
/// Those of [`spend_credit`].
pub(super) fn spend_credit_near(
    exec: &mut Exec<'_>,
    credit: &mut Credit,
    (to, place): (&AccountId, &mut usize),
    amount: Rao,
) -> Result<(), DispatchError> {
    let rest = credit.0.checked_sub(amount).ok_or(SubtensorModuleError::InsufficientBalance)?;
    check_deposit(exec.state, to, amount)?;
    exec.state.balances.accounts.look_up(to, place);
    deposit(exec, (to, *place), amount);
    credit.0 = rest;
    Ok(())
}

/// Destroys what is left of a credit.
pub fn recycle_credit(exec: &mut Exec<'_>, credit: Credit) {
    lower_pallet_issuance(exec, credit.0);
    lower_balances_issuance(exec.state, credit.0);
}

/// Gives an account new TAO in both issuances: genesis, faucet, cheats of a scenario.
///
/// # Errors
/// `Token.BelowMinimum` when the account would hold less than the existential deposit.
pub fn endow(exec: &mut Exec<'_>, to: &AccountId, amount: Rao) -> Result<Rao, DispatchError> {
    let mut credit = mint_tao(exec, amount);
    let minted = credit.amount();
    let paid = spend_credit(exec, &mut credit, to, minted);
    recycle_credit(exec, credit);
    paid.map(|()| minted)
}

/// Takes TAO out of an account and out of the Balances issuance, without touching the pallet's: a fee without author.
///
/// # Errors
/// `Token.FundsUnavailable` when the account cannot pay it and live.
pub fn withdraw_fee(exec: &mut Exec<'_>, who: &AccountId, amount: Rao) -> Result<(), DispatchError> {
    if amount > keep_alive_balance(exec.state, who) {
        return Err(TokenError::FundsUnavailable.into());
    }
    take_out(exec, who, amount);
    Ok(())
}

/// Pays a withdrawn fee to a block's author; one that is too small to open the account is gone.
pub(super) fn pay_author(exec: &mut Exec<'_>, author: &AccountId, fee: Rao) {
    if total_balance(exec.state, author).saturating_add(fee) < EXISTENTIAL_DEPOSIT {
        return;
    }
    let issued = &mut exec.state.balances.total_issuance;
    *issued = issued.saturating_add(fee);
    deposit(exec, (author, 0), fee);
    exec.emit(BalancesEvent::Deposit { who: *author, amount: fee });
}

/// Gives back a part of a withdrawn fee.
pub(super) fn refund_fee(exec: &mut Exec<'_>, who: &AccountId, amount: Rao) {
    if amount.is_zero() {
        return;
    }
    let issued = &mut exec.state.balances.total_issuance;
    *issued = issued.saturating_add(amount);
    deposit(exec, (who, 0), amount);
}

/// Takes TAO out of an account and out of the Balances issuance.
fn take_out(exec: &mut Exec<'_>, who: &AccountId, amount: Rao) {
    withdraw(exec, who, amount);
    lower_balances_issuance(exec.state, amount);
    exec.emit(BalancesEvent::Withdraw { who: *who, amount });
}

fn row<'s>(state: &'s State, account: &AccountId) -> Option<&'s AccountInfo> {
    state.balances.accounts.get(account)
}

fn existing_subnet_account(state: &State, netuid: NetUid) -> Result<AccountId, DispatchError> {
    if netuid.is_root() || state.subnet_exists(netuid) {
        Ok(subnet_account(netuid))
    } else {
        Err(SubtensorModuleError::SubnetNotExists.into())
    }
}

/// A transfer as the Balances pallet does it, without its own checks of the sender.
///
/// # Errors
/// `Token.BelowMinimum` when the receiver would hold less than the existential deposit.
pub(super) fn move_balance(
    exec: &mut Exec<'_>,
    from: &AccountId,
    to: &AccountId,
    amount: Rao,
) -> Result<(), DispatchError> {
    if from != to {
        check_deposit(exec.state, to, amount)?;
        withdraw(exec, from, amount);
        // A receiver of nothing is not looked at.
        if !amount.is_zero() {
            deposit(exec, (to, 0), amount);
        }
        exec.emit(BalancesEvent::Transfer { from: *from, to: *to, amount });
    }
    Ok(())
}

fn check_deposit(state: &State, to: &AccountId, amount: Rao) -> Result<(), DispatchError> {
    // A large amount needs no look at what is there.
    let small = amount < EXISTENTIAL_DEPOSIT && !amount.is_zero();
    if small && total_balance(state, to).saturating_add(amount) < EXISTENTIAL_DEPOSIT {
        return Err(TokenError::BelowMinimum.into());
    }
    Ok(())
}

/// Adds to what an account has free; its row is probably at this place.
fn deposit(exec: &mut Exec<'_>, (to, place): (&AccountId, usize), amount: Rao) {
    let row = exec.state.balances.accounts.get_mut_near(to, place);
    let free = row.as_ref().map_or(Rao::ZERO, |row| row.data.free).saturating_add(amount);
    match row {
        // Neither opened nor ended.
        Some(row) if row.data.free >= EXISTENTIAL_DEPOSIT && free >= EXISTENTIAL_DEPOSIT => {
            row.data.free = free
        }
        _ => set_free(exec, to, free),
    }
}

fn withdraw(exec: &mut Exec<'_>, from: &AccountId, amount: Rao) {
    let free = row(exec.state, from).map_or(Rao::ZERO, |row| row.data.free);
    set_free(exec, from, free.saturating_sub(amount));
}

/// Root sets what an account has free: TAO comes out of nothing or goes into it, and the Balances issuance follows.
/// Less than the existential deposit is nothing.
///
/// **Source**: `Balances.force_set_balance` of the SDK.
pub(super) fn force_set_balance(exec: &mut Exec<'_>, who: &AccountId, new_free: Rao) {
    let before = row(exec.state, who).map_or(Rao::ZERO, |row| row.data.free);
    let free = if new_free < EXISTENTIAL_DEPOSIT { Rao::ZERO } else { new_free };
    let raised = i128::from(free.get()).saturating_sub(before.get().into());
    exec.tell(|| Fact::IssuanceSet { balances: raised, pallet: 0 });
    if free > before {
        let more = free.saturating_sub(before);
        let issued = &mut exec.state.balances.total_issuance;
        *issued = issued.saturating_add(more);
        deposit(exec, (who, 0), more);
        exec.emit(BalancesEvent::Issued { amount: more });
    } else {
        let less = before.saturating_sub(free);
        lower_balances_issuance(exec.state, less);
        withdraw(exec, who, less);
        if !less.is_zero() {
            exec.emit(BalancesEvent::Rescinded { amount: less });
        }
    }
    exec.emit(BalancesEvent::BalanceSet { who: *who, free });
}

/// Destroys TAO of an account, whose balance covers it, in the Balances issuance alone.
///
/// **Source**: `Balances.burn` of the SDK.
pub(super) fn burn_balance(exec: &mut Exec<'_>, who: &AccountId, amount: Rao) {
    withdraw(exec, who, amount);
    lower_balances_issuance(exec.state, amount);
    exec.emit(BalancesEvent::Burned { who: *who, amount });
}

/// Sets a free balance: a first deposit opens the account, a rest below the existential deposit ends it.
fn set_free(exec: &mut Exec<'_>, who: &AccountId, free: Rao) {
    let info = exec.state.balances.accounts.or_insert_with(*who, AccountInfo::default);
    let endowed = info.data == AccountData::default();
    // A balance is one reason for an account to exist; a pallet may hold it open for another.
    let held = info.providers.saturating_sub(u32::from(info.data.free >= EXISTENTIAL_DEPOSIT));
    if free < EXISTENTIAL_DEPOSIT && info.data.reserved.is_zero() {
        let ends = info.consumers == 0 && info.sufficients == 0 && held == 0;
        let alive = info.providers > 0;
        info.data.free = Rao::ZERO;
        info.providers = held;
        if ends && (alive || info.nonce == 0) {
            exec.state.balances.accounts.remove(who);
        }
        if alive && ends {
            exec.emit(SystemEvent::KilledAccount { account: *who });
        }
        // What has no balance is told as a new one, though it stays without.
        if endowed {
            exec.emit(BalancesEvent::Endowed { account: *who, free_balance: Rao::ZERO });
        }
        if !free.is_zero() {
            lower_balances_issuance(exec.state, free);
            exec.emit(BalancesEvent::DustLost { account: *who, amount: free });
        }
        return;
    }
    // A row that only counts nonces has yet to be opened.
    let opened = info.data.free < EXISTENTIAL_DEPOSIT && info.providers == 0 && info.sufficients == 0;
    info.data.free = free;
    info.providers = held.saturating_add(u32::from(free >= EXISTENTIAL_DEPOSIT)).max(1);
    if opened {
        exec.emit(SystemEvent::NewAccount { account: *who });
    }
    if endowed {
        exec.emit(BalancesEvent::Endowed { account: *who, free_balance: free });
    }
}

/// Holds an account open, with or without a balance.
pub(super) fn hold_open(exec: &mut Exec<'_>, account: &AccountId) {
    let info = exec.state.balances.accounts.or_insert_with(*account, AccountInfo::default);
    let opened = info.providers == 0 && info.sufficients == 0;
    info.providers = info.providers.saturating_add(1);
    if opened {
        exec.emit(SystemEvent::NewAccount { account: *account });
    }
}

/// Ends a hold of [`hold_open`]: an account without another reason to exist ends, unless something depends on it.
pub(super) fn let_close(exec: &mut Exec<'_>, account: &AccountId) {
    let Some(info) = exec.state.balances.accounts.get_mut(account) else { return };
    if info.providers > 1 || info.sufficients > 0 {
        info.providers = info.providers.saturating_sub(1);
    } else if info.consumers == 0 {
        exec.state.balances.accounts.remove(account);
        exec.emit(SystemEvent::KilledAccount { account: *account });
    }
}

/// The pallet's counter does not go below zero. The development genesis starts it there, so that what its first
/// extrinsics recycle may be more than was ever counted.
fn lower_pallet_issuance(exec: &mut Exec<'_>, amount: Rao) {
    if amount.is_zero() {
        return;
    }
    let counter = &mut exec.state.globals_mut().total_issuance;
    let short = amount.saturating_sub(*counter).get();
    *counter = counter.saturating_sub(amount);
    if short > 0 {
        exec.tell(|| Fact::CounterAtZero { short });
    }
}

fn lower_balances_issuance(state: &mut State, amount: Rao) {
    state.balances.total_issuance = state.balances.total_issuance.saturating_sub(amount);
}
