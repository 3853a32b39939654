//! Emission enters the pools, and alpha for participants waits for the epoch.
//!
//! **Source**: spec/chain.md 4.7.

use super::emission::{Candidate, RootStake};
use crate::account::AccountId;
use crate::economics::{PoolKind, Split};
use crate::invariants::{Fact, Price};
use crate::math::fixed::U96F32;
use crate::pool::{Side, SwapResult};
use crate::runtime::tao::{self, Credit};
use crate::runtime::{Exec, swap};
use crate::units::{AlphaRao, NetUid, Rao};

/// The accounts of the subnets and where they probably lie in the map, by netuid: every block pays into each, and an
/// account comes with a hash.
#[derive(Debug, Default)]
pub(super) struct Accounts(Vec<(AccountId, usize)>);

impl Accounts {
    fn of(&mut self, netuid: NetUid) -> (AccountId, usize) {
        while let Ok(next) = u16::try_from(self.0.len())
            && next <= netuid.number()
        {
            self.0.push((tao::subnet_account(NetUid(next)), 0));
        }
        self.0.get(usize::from(netuid.number())).copied().unwrap_or_default()
    }

    fn lies_at(&mut self, netuid: NetUid, place: usize) {
        if let Some((_, known)) = self.0.get_mut(usize::from(netuid.number())) {
            *known = place;
        }
    }
}

/// Injects liquidity, buys alpha with the excess, and recycles what is left of the credit.
pub(super) fn inject(
    exec: &mut Exec<'_>,
    candidates: &[Candidate],
    mut credit: Credit,
    kind: PoolKind,
    accounts: &mut Accounts,
) {
    for Candidate { netuid, terms, .. } in candidates {
        let (tao, alpha) = (Rao(terms.tao_in.to_u64()), AlphaRao(terms.alpha_in.to_u64()));
        let told = exec.facts.is_some();
        let subnet = exec.state.subnet_mut(*netuid);
        subnet.pending.excess_tao = Rao::ZERO;
        subnet.pending.tao_in_emission = Rao::ZERO;
        // From the reserves before this block's purchase, though the liquidity is added after it.
        let before = Price::of(&subnet.pool);
        let fits =
            kind != PoolKind::Balancer || swap::adjust_protocol_liquidity(&mut subnet.pool, tao, alpha);
        let weight = subnet.pool.quote_weight;
        if told && fits && kind == PoolKind::Balancer {
            let (tao, alpha) = (tao.get(), alpha.get());
            exec.tell(|| Fact::Liquidity { netuid: *netuid, before, tao, alpha, weight });
        }
        let (tao, alpha) = if fits { (tao, alpha) } else { (Rao::ZERO, AlphaRao::ZERO) };
        let (account, mut place) = accounts.of(*netuid);
        let known = place;
        let bought = buy(exec, *netuid, (&account, &mut place), &mut credit, Rao(terms.excess.to_u64()));
        let paid =
            !tao.is_zero() && tao::spend_credit_near(exec, &mut credit, (&account, &mut place), tao).is_ok();
        if place != known {
            accounts.lies_at(*netuid, place);
        }

        let subnet = exec.state.subnet_mut(*netuid);
        let (pool, pending) = (&mut subnet.pool, &mut subnet.pending);
        if let Some(bought) = bought {
            pool.protocol_alpha = pool.protocol_alpha.saturating_add(AlphaRao(bought.amount_paid_out));
            pool.protocol_flow = pool.protocol_flow.saturating_add_unsigned(bought.amount_paid_in);
            pending.excess_tao = Rao(bought.amount_paid_in);
        }
        pending.alpha_in_emission = alpha;
        pool.mint(alpha);
        pool.alpha_in = pool.alpha_in.saturating_add(alpha);
        if paid {
            pending.tao_in_emission = tao;
            pool.tao = pool.tao.saturating_add(tao);
            pool.protocol_flow = pool.protocol_flow.saturating_add_unsigned(tao.get());
            let globals = exec.state.globals_mut();
            globals.total_stake = globals.total_stake.saturating_add(tao);
        }
    }
    tao::recycle_credit(exec, credit);
}

/// The chain buys alpha that belongs to nobody.
fn buy(
    exec: &mut Exec<'_>,
    netuid: NetUid,
    (account, place): (&AccountId, &mut usize),
    credit: &mut Credit,
    amount: Rao,
) -> Option<SwapResult> {
    if amount.is_zero() {
        return None;
    }
    if let Err(error) = tao::spend_credit_near(exec, credit, (account, place), amount) {
        tracing::warn!(%netuid, %error, "excess TAO of the block was not paid");
        return None;
    }
    // A swap that fails leaves the TAO on the subnet's account, outside of its reserve, as on chain.
    swap::swap_tao_for_alpha(exec, netuid, amount, swap::Terms::market(Side::Buy).free()).ok()
}

/// Splits each subnet's new alpha between owner, miners, validators and root.
pub(super) fn emit_alpha(exec: &mut Exec<'_>, candidates: &[Candidate], root_sells: bool, split: Split) {
    let cut = U96F32::from_u64(exec.state.globals.subnet_owner_cut.into())
        .safe_div(U96F32::from_u64(u16::MAX.into()));
    let cut = split.owner(cut);
    let (miners, validators) = split.halves();
    let root_stake = RootStake::of(exec.state);
    for Candidate { netuid, terms, .. } in candidates {
        let created = AlphaRao(terms.alpha_out.to_u64());
        let subnet = exec.state.subnet_mut(*netuid);
        subnet.pool.mint(created);
        subnet.pool.alpha_out = subnet.pool.alpha_out.saturating_add(created);
        let cut =
            if subnet.params.owner_cut_enabled { terms.alpha_out.saturating_mul(cut) } else { U96F32::ZERO };
        let alpha = terms.alpha_out.saturating_sub(cut);

        // The reserves have just changed, so this is another proportion than the one that capped the injection.
        let proportion = root_stake.proportion(subnet.pool.alpha_issuance());
        let root = proportion.saturating_mul(alpha).saturating_mul(validators);
        let server = alpha.saturating_mul(miners);
        let validator = alpha.saturating_sub(server).saturating_sub(root);
        let pending = &mut subnet.pending;
        pending.alpha_out_emission = created;
        pending.owner_cut = pending.owner_cut.saturating_add(whole(cut));
        pending.server = pending.server.saturating_add(whole(server));
        pending.validator = pending.validator.saturating_add(whole(validator));
        if root_sells {
            pending.root_divs = pending.root_divs.saturating_add(whole(root));
        } else {
            subnet.pool.recycle(whole(root));
        }
        let parts = [cut, server, validator, root].map(whole);
        exec.tell(|| Fact::Emission { netuid: *netuid, created, parts });
    }
}

fn whole(amount: U96F32) -> AlphaRao {
    AlphaRao(amount.to_u64())
}
