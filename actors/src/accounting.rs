//! Who earned what: sums over the blocks, kept beside the chain.

use crate::context::RunContext;
use crate::participant::Intent;
use crate::plan::ActorId;
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
    /// Alpha bought with TAO on its subnet, and what it was given at genesis.
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
pub struct Accounting {
    accounts: Vec<Account>,
}

impl Accounting {
    /// Accounts at genesis.
    #[must_use]
    pub fn new(context: &RunContext) -> Self {
        let mut books = Self { accounts: vec![Account::default(); context.plan.cast.len()] };
        for holding in &context.holdings {
            books.change(holding.actor, |account| account.bought = holding.alpha);
        }
        books
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
    pub(crate) fn add(&mut self, context: &RunContext, view: &ChainView) {
        for payment in view.payments() {
            let (from, to) = (context.of_coldkey(&payment.from), context.of_coldkey(&payment.to));
            if let Some(intent) = payment.intent {
                self.pay(intent, from, to, payment.amount);
            }
        }
        for record in view.sealed().events.iter() {
            match &record.event {
                Event::SubtensorModule(SubtensorModuleEvent::StakeAdded(cold, hot, _, alpha, netuid, _)) => {
                    if let Some(id) = own(context, cold, hot, *netuid) {
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
                    if let Some(id) = own(context, cold, hot, *netuid) {
                        self.change(id, |account| account.sold = account.sold.saturating_add(*alpha));
                    }
                }
                _ => {}
            }
        }
        for plan in &context.plan.subnets {
            let Some(subnet) = view.subnet(plan.netuid) else { continue };
            if subnet.schedule.last_mechanism_step_block != view.block() {
                continue;
            }
            for (hotkey, emission) in subnet.neurons.keys.iter().zip(&subnet.neurons.emission) {
                if let Some(id) = context.of_hotkey(hotkey) {
                    self.change(id, |account| account.emitted = account.emitted.saturating_add(*emission));
                }
            }
        }
    }

    /// Books a payment as what the payer says it is. A side that is not of the cast has no account here.
    fn pay(&mut self, intent: Intent, from: Option<ActorId>, to: Option<ActorId>, amount: Rao) {
        let add = |sum: &mut Rao| *sum = sum.saturating_add(amount);
        let take = |sum: &mut Rao| *sum = sum.saturating_sub(amount);
        let mut account = |id: Option<ActorId>, change: &dyn Fn(&mut Account)| {
            if let Some(id) = id {
                self.change(id, change);
            }
        };
        match intent {
            Intent::Fee => {
                account(from, &|account| add(&mut account.fees_paid));
                account(to, &|account| add(&mut account.fees_earned));
            }
            Intent::Share => {
                account(from, &|account| take(&mut account.fees_earned));
                account(to, &|account| add(&mut account.fees_earned));
            }
            Intent::Refund => {
                account(from, &|account| take(&mut account.fees_earned));
                account(to, &|account| take(&mut account.fees_paid));
            }
            Intent::Duty | Intent::Event(_) => {}
        }
    }

    /// What a participant's own stake on its subnet grew by, beyond what it bought and sold.
    #[must_use]
    pub fn alpha_earned(&self, context: &RunContext, view: &ChainView, id: ActorId) -> AlphaRao {
        let Some(account) = self.account(id) else { return AlphaRao::ZERO };
        held(context, view, id).saturating_add(account.sold).saturating_sub(account.bought)
    }
}

/// A participant's own stake on its subnet.
pub(crate) fn held(context: &RunContext, view: &ChainView, id: ActorId) -> AlphaRao {
    let (Some(keys), Some(member)) = (context.keys(id), context.member(id)) else { return AlphaRao::ZERO };
    shares::stake(view.state(), &keys.hot, &keys.cold, member.role.netuid())
}

/// The participant behind a coldkey, if hotkey and subnet are its own too.
fn own(
    context: &RunContext,
    cold: &chain::account::AccountId,
    hot: &chain::account::AccountId,
    netuid: chain::units::NetUid,
) -> Option<ActorId> {
    let id = context.of_coldkey(cold)?;
    let fits = context.of_hotkey(hot) == Some(id) && context.member(id)?.role.netuid() == netuid;
    fits.then_some(id)
}
