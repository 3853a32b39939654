//! Who earned what: sums over the blocks, kept beside the chain.

use crate::plan::{ActorId, Role};
use crate::stage::Stage;
use crate::view::ChainView;
use chain::event::{Event, SubtensorModuleEvent};
use chain::runtime::shares;
use chain::units::{AlphaRao, Rao};
use parity_scale_codec::{Decode, Encode};

/// What a participant has to do with money.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Account {
    /// Incentive and dividends that epochs gave its hotkey (`Emission`), before they are shared with others.
    pub emitted: AlphaRao,
    /// Alpha bought with TAO on its subnet.
    pub bought: AlphaRao,
    /// Alpha sold on its subnet.
    pub sold: AlphaRao,
    /// Fees received for answers, after what was passed on.
    pub fees_earned: Rao,
    /// Fees paid for answers, less those sent back.
    pub fees_paid: Rao,
}

/// The accounts of the cast.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Books {
    accounts: Vec<Account>,
}

impl Books {
    /// Empty accounts.
    #[must_use]
    pub fn new(stage: &Stage) -> Self {
        Self { accounts: vec![Account::default(); stage.plan.cast.len()] }
    }

    /// A participant's account.
    #[must_use]
    pub fn account(&self, id: ActorId) -> Option<&Account> {
        self.accounts.get(id.index())
    }

    fn change(&mut self, id: ActorId, change: impl FnOnce(&mut Account)) {
        if let Some(account) = self.accounts.get_mut(id.index()) {
            change(account);
        }
    }

    /// Adds a sealed block.
    pub(crate) fn add(&mut self, stage: &Stage, view: &ChainView) {
        for payment in view.payments() {
            let parties = (stage.of_coldkey(&payment.from), stage.of_coldkey(&payment.to));
            let (Some(from), Some(to)) = parties else { continue };
            self.pay(stage, from, to, payment.amount);
        }
        for record in view.sealed().events.iter() {
            match &record.event {
                Event::SubtensorModule(SubtensorModuleEvent::StakeAdded(cold, hot, _, alpha, netuid, _)) => {
                    if let Some(id) = own(stage, cold, hot, *netuid) {
                        self.change(id, |account| account.bought = account.bought.saturating_add(*alpha));
                    }
                }
                Event::SubtensorModule(SubtensorModuleEvent::StakeRemoved(
                    cold,
                    hot,
                    _,
                    alpha,
                    netuid,
                    _,
                )) => {
                    if let Some(id) = own(stage, cold, hot, *netuid) {
                        self.change(id, |account| account.sold = account.sold.saturating_add(*alpha));
                    }
                }
                _ => {}
            }
        }
        for plan in &stage.plan.subnets {
            let Some(subnet) = view.subnet(plan.netuid) else { continue };
            if subnet.schedule.last_mechanism_step_block != view.block() {
                continue;
            }
            for (hotkey, emission) in subnet.neurons.keys.iter().zip(&subnet.neurons.emission) {
                if let Some(id) = stage.of_hotkey(hotkey) {
                    self.change(id, |account| account.emitted = account.emitted.saturating_add(*emission));
                }
            }
        }
    }

    /// A fee goes from a user to a validator, a share of it on to a miner, or the whole of it back.
    fn pay(&mut self, stage: &Stage, from: ActorId, to: ActorId, amount: Rao) {
        let role = |id: ActorId| stage.member(id).map(|member| &member.role);
        match (role(from), role(to)) {
            (Some(Role::User { .. }), Some(Role::Validator { .. })) => {
                self.change(from, |account| account.fees_paid = account.fees_paid.saturating_add(amount));
                self.change(to, |account| account.fees_earned = account.fees_earned.saturating_add(amount));
            }
            (Some(Role::Validator { .. }), Some(Role::Miner { .. })) => {
                self.change(from, |account| account.fees_earned = account.fees_earned.saturating_sub(amount));
                self.change(to, |account| account.fees_earned = account.fees_earned.saturating_add(amount));
            }
            (Some(Role::Validator { .. }), Some(Role::User { .. })) => {
                self.change(from, |account| account.fees_earned = account.fees_earned.saturating_sub(amount));
                self.change(to, |account| account.fees_paid = account.fees_paid.saturating_sub(amount));
            }
            _ => {}
        }
    }

    /// What a participant's own stake on its subnet grew by, beyond what it bought and sold.
    #[must_use]
    pub fn alpha_earned(&self, stage: &Stage, view: &ChainView, id: ActorId) -> AlphaRao {
        let (Some(keys), Some(member), Some(account)) = (stage.keys(id), stage.member(id), self.account(id))
        else {
            return AlphaRao::ZERO;
        };
        let held = shares::stake(view.state(), &keys.hot, &keys.cold, member.role.netuid());
        held.saturating_add(account.sold).saturating_sub(account.bought)
    }
}

/// The participant behind a coldkey, if hotkey and subnet are its own too.
fn own(
    stage: &Stage,
    cold: &chain::account::AccountId,
    hot: &chain::account::AccountId,
    netuid: chain::units::NetUid,
) -> Option<ActorId> {
    let id = stage.of_coldkey(cold)?;
    let fits = stage.of_hotkey(hot) == Some(id) && stage.member(id)?.role.netuid() == netuid;
    fits.then_some(id)
}
