//! What a failed extrinsic may leave behind: its fee and its nonce.

use crate::account::AccountId;
use crate::state::{Balances, State};
use crate::units::Rao;

/// Who paid for a signed extrinsic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The signer, whose nonce counts it.
    pub signer: AccountId,
    /// Who paid: the signer, or the account in whose name it calls.
    pub payer: AccountId,
    /// The fee.
    pub fee: Rao,
    /// Who received the fee.
    pub author: Option<AccountId>,
}

/// What a failed extrinsic changed beside the signer's nonce, the payer's fee and the author's account; `None` when
/// nothing.
///
/// Without a payment (an extrinsic of root, an impersonated or an invalid one) nothing at all may have changed.
pub fn left_behind(before: &State, after: &State, payment: Option<Payment>) -> Option<String> {
    let mut restored = after.clone();
    if let Some(payment) = payment {
        if let Err(what) = paid_once(&before.balances, &after.balances, payment) {
            return Some(what);
        }
        restored.balances = before.balances.clone();
    }
    let State {
        block,
        balances,
        globals,
        hotkeys,
        coldkeys,
        subnets,
        alpha_index,
        last_rate_limited,
        last_stake_block,
        transaction_key_last_block,
        staking_coldkeys_by_index,
        staking_coldkeys,
        pulses,
        drand,
        commitments,
        proxy,
        multisigs,
        crowdloans,
        leases,
        economics,
        preimages,
        shield,
        used_work,
        recent_hashes,
    } = &restored;
    let same = [
        ("block", *block == before.block),
        ("balances", *balances == before.balances),
        ("globals", *globals == before.globals),
        ("hotkeys", hotkeys.same(&before.hotkeys) || *hotkeys == before.hotkeys),
        ("coldkeys", coldkeys.same(&before.coldkeys) || *coldkeys == before.coldkeys),
        ("subnets", subnets.same(&before.subnets) || *subnets == before.subnets),
        ("stake rows", alpha_index.same(&before.alpha_index) || *alpha_index == before.alpha_index),
        ("rate limits", *last_rate_limited == before.last_rate_limited),
        ("stake blocks", *last_stake_block == before.last_stake_block),
        ("transaction blocks", *transaction_key_last_block == before.transaction_key_last_block),
        ("numbers of coldkeys", *staking_coldkeys_by_index == before.staking_coldkeys_by_index),
        ("coldkeys with a number", *staking_coldkeys == before.staking_coldkeys),
        ("pulses", *pulses == before.pulses),
        ("beacon", *drand == before.drand),
        ("commitments", *commitments == before.commitments),
        ("proxies", *proxy == before.proxy),
        ("multisigs", multisigs.same(&before.multisigs) || *multisigs == before.multisigs),
        ("crowdloans", *crowdloans == before.crowdloans),
        ("leases", *leases == before.leases),
        ("rules of emission", *economics == before.economics),
        ("preimages", *preimages == before.preimages),
        ("encrypted calls", *shield == before.shield),
        ("work", *used_work == before.used_work),
        ("hashes", *recent_hashes == before.recent_hashes),
    ];
    same.into_iter().find(|(_, same)| !same).map(|(what, _)| format!("other {what}"))
}

/// Whether the only changes of balances are those of one fee.
fn paid_once(before: &Balances, after: &Balances, payment: Payment) -> Result<(), String> {
    let Payment { signer, payer, fee, author } = payment;
    let row = |balances: &Balances, who: &AccountId| balances.accounts.get(who).copied().unwrap_or_default();
    let (had, has) = (row(before, &signer).nonce, row(after, &signer).nonce);
    if has != had.saturating_add(1) {
        return Err(format!("nonce {has} after {had}"));
    }
    let held = |balances: &Balances, who: &AccountId| {
        let data = row(balances, who).data;
        i128::from(data.free.get()).saturating_add(data.reserved.get().into())
    };
    let gained = |who: &AccountId| held(after, who).saturating_sub(held(before, who));
    let lost = gained(&payer).saturating_neg();
    let got = author.map_or(0, |author| gained(&author));
    let fee = i128::from(fee.get());
    let (expected, kept) =
        if author == Some(payer) { (0..=fee, fee.saturating_sub(lost)) } else { (fee..=fee, got) };
    if !expected.contains(&lost) || !(kept == fee || kept == 0) {
        return Err(format!(
            "{lost} rao less with the payer and {got} more with the author, for a fee of {fee}"
        ));
    }
    if signer != payer && author != Some(signer) && gained(&signer) != 0 {
        return Err(format!("another balance of the signer {signer}"));
    }
    let issued = |balances: &Balances| i128::from(balances.total_issuance.get());
    if issued(before).saturating_sub(issued(after)) != fee.saturating_sub(kept) {
        return Err(format!("an issuance of {} after {}", after.total_issuance, before.total_issuance));
    }
    let involved = |who: &AccountId| *who == signer || *who == payer || Some(*who) == author;
    let strangers = after.accounts.changes_since(&before.accounts);
    match strangers.into_iter().find(|(who, _, _)| !involved(who)) {
        Some((stranger, _, _)) => Err(format!("another balance of {stranger}")),
        None => Ok(()),
    }
}
