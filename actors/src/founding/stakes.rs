//! Stakes of validators at genesis: bought, given in alpha, given as shares of a subnet.

use super::{Founder, FoundingError, Holding, Place};
use crate::plan::{Role, StakePlan};
use chain::account::AccountId;
use chain::call::subtensor::Call;
use chain::runtime::{shares, swap};
use chain::units::{AlphaRao, NetUid, Rao, TAO};

/// All stake of a subnet whose validators say shares only. **Units**: alpha rao.
const STAKE_OF_SHARES: u128 = 1_000 * TAO as u128;
/// One, in the unit of [`StakePlan::Share`].
const WHOLE: u128 = 1_000_000_000;
/// How far shares that leave nothing over may be from one: thirds and sevenths have no exact decimals.
const SLACK: u128 = 1_000;
/// All alpha of a subnet that can exist. **Units**: alpha rao.
const ALPHA_MAX: u128 = 21_000_000 * TAO as u128;

impl Founder<'_> {
    /// Gives the validators of a subnet their stake: first what is bought, in the order of the cast, then what is given.
    pub(super) fn stakes(&mut self, netuid: NetUid, members: &[Place]) {
        let before = self.errors.len();
        let mut shared = Vec::new();
        for place in members {
            match &place.role {
                Role::Validator { stake: StakePlan::Tao(amount), .. } => self.buy(netuid, place, *amount),
                Role::Validator { stake: StakePlan::Share(share), .. } => shared.push((place, *share)),
                _ => {}
            }
        }
        for place in members {
            if let Role::Validator { stake: StakePlan::Alpha(amount), .. } = &place.role {
                self.give(netuid, place, *amount);
            }
        }
        if !shared.is_empty() && self.errors.len() == before {
            self.share_out(netuid, &shared);
        }
        let first = self.holdings.partition_point(|holding| holding.netuid < netuid);
        if let Some(own) = self.holdings.get_mut(first..) {
            own.sort_by_key(|holding| holding.actor);
        }
    }

    fn buy(&mut self, netuid: NetUid, place: &Place, spent: Rao) {
        let price = self.price(netuid);
        let (hotkey, amount_staked) = (place.hot, spent);
        let what = format!("its stake of {spent} tao on subnet {netuid}");
        if self.attempt(place, &what, spent, Call::AddStake { hotkey, netuid, amount_staked }) {
            let alpha = self.held(netuid, &place.hot, &place.cold);
            self.holdings.push(Holding { actor: place.actor, netuid, spent, alpha, price });
        }
    }

    /// Puts alpha into the world that belongs to a validator.
    fn give(&mut self, netuid: NetUid, place: &Place, alpha: AlphaRao) {
        let Some(subnet) = self.state.subnet(netuid) else { return };
        let issued = u128::from(subnet.pool.alpha_issuance().get());
        if issued.saturating_add(alpha.get().into()) > ALPHA_MAX {
            let (actor, name) = (place.actor, place.name.clone());
            let (what, error) =
                (format!("a stake of {alpha} alpha"), "more alpha than can exist: 21,000,000".to_owned());
            self.errors.push(FoundingError::Refused { actor, name, what, error });
            return;
        }
        let price = self.price(netuid);
        self.exec(|exec| shares::increase_stake(exec, &place.hot, &place.cold, netuid, alpha));
        let pool = &mut self.state.subnet_mut(netuid).pool;
        pool.alpha_out = pool.alpha_out.saturating_add(alpha);
        pool.mint(alpha);
        self.holdings.push(Holding { actor: place.actor, netuid, spent: Rao::ZERO, alpha, price });
    }

    /// Gives those their stake that say a share of all stake of the subnet. What others hold is the rest of it.
    fn share_out(&mut self, netuid: NetUid, shared: &[(&Place, u64)]) {
        let sum: u128 = shared.iter().map(|(_, share)| u128::from(*share)).sum();
        let others = self.state.subnet(netuid).map_or(0, |subnet| {
            subnet.stake.values().map(|store| u128::from(store.value.get())).sum::<u128>()
        });
        let whole = sum.abs_diff(WHOLE) <= SLACK;
        let all = match (others, whole) {
            (0, true) => STAKE_OF_SHARES,
            (0, false) => {
                return self.refuse_shares(
                    netuid,
                    shared,
                    sum,
                    "and nobody holds the rest; give shares of 1 together",
                );
            }
            (_, true) => {
                return self.refuse_shares(
                    netuid,
                    shared,
                    sum,
                    "but others hold stake there too; leave a rest for them",
                );
            }
            (_, false) if sum > WHOLE => {
                return self.refuse_shares(netuid, shared, sum, "which is more than 1");
            }
            (others, false) => {
                others.saturating_mul(WHOLE).checked_div(WHOLE.saturating_sub(sum)).unwrap_or(0)
            }
        };
        for (place, share) in shared {
            let alpha = all.saturating_mul((*share).into()).saturating_add(WHOLE / 2) / WHOLE;
            self.give(netuid, place, AlphaRao(u64::try_from(alpha).unwrap_or(u64::MAX)));
        }
    }

    fn refuse_shares(&mut self, netuid: NetUid, shared: &[(&Place, u64)], sum: u128, why: &str) {
        let Some((place, _)) = shared.first() else { return };
        let part = format!("{:09}", sum % WHOLE);
        let sum = format!("{}.{}", sum / WHOLE, part.trim_end_matches('0'));
        let sum = sum.trim_end_matches('.');
        let why = format!("the stake_share values of subnet {netuid} sum to {sum}, {why}");
        self.errors.push(FoundingError::Shares { actor: place.actor, name: place.name.clone(), why });
    }

    /// Stakes on root and takes a place there, for those who ask for it.
    pub(super) fn root(&mut self) {
        for subnet in &self.plan.subnets {
            for place in self.members(subnet.netuid) {
                if let Role::Validator { root_stake, .. } = &place.role
                    && !root_stake.is_zero()
                {
                    self.join_root(&place, *root_stake);
                }
            }
        }
    }

    fn join_root(&mut self, place: &Place, amount_staked: Rao) {
        self.state.subnet_mut(NetUid::ROOT).pool.subtoken_enabled = true;
        let (hotkey, netuid) = (place.hot, NetUid::ROOT);
        let what = format!("its stake of {amount_staked} tao on root");
        if !self.attempt(place, &what, amount_staked, Call::AddStake { hotkey, netuid, amount_staked }) {
            return;
        }
        self.attempt(place, "its place on root", Rao::ZERO, Call::RootRegister { hotkey });
        let registration = &mut self.state.subnet_mut(NetUid::ROOT).registration;
        registration.this_block = 0;
        registration.this_interval = 0;
    }

    fn held(&self, netuid: NetUid, hot: &AccountId, cold: &AccountId) -> AlphaRao {
        shares::stake(&self.state, hot, cold, netuid)
    }

    fn price(&self, netuid: NetUid) -> Rao {
        let price = swap::price(&self.state, netuid).to_bits() >> 24;
        Rao(u64::try_from(price.saturating_mul(TAO.into()) >> 40).unwrap_or(u64::MAX))
    }
}
