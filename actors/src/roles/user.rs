//! Users pay for answers and check what they got.

use super::Tally;
use crate::message::{Payload, Peer, Synapse};
use crate::participant::{Intent, Outbox, Participant, Phase, SigningKey, Step};
use crate::plan::ActorId;
use chain::call::BalancesCall;
use chain::units::{BlockNumber, NetUid, Rao};
use parity_scale_codec::{Decode, Encode};
use std::collections::BTreeMap;

/// Blocks after which a user no longer waits for a delivery.
const PATIENCE: u64 = 50;

/// A user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct User {
    netuid: NetUid,
    via: Option<ActorId>,
    fee: Rao,
    budget: Rao,
    every: u64,
    /// Fees paid so far, those sent back included.
    spent: Rao,
    requests: u64,
    waiting: BTreeMap<u64, (BlockNumber, Payload)>,
    /// What it got for its fees.
    tally: Tally,
}

impl User {
    /// A user that has asked nothing yet.
    #[must_use]
    pub fn new(netuid: NetUid, via: Option<ActorId>, fee: Rao, budget: Rao, every: u64) -> Self {
        Self { netuid, via, fee, budget, every, ..Self::default() }
    }

    /// What it got for its fees.
    #[must_use]
    pub const fn tally(&self) -> &Tally {
        &self.tally
    }

    fn order(&mut self, step: &Step<'_>, out: &mut Outbox<'_>) {
        let (Some(via), Some(market)) = (self.via, step.context.market(self.netuid)) else { return };
        let Some(keys) = step.context.keys(via) else { return };
        let due = step.block % self.every.max(1) == u64::from(step.me.0) % self.every.max(1);
        let spent = self.spent.saturating_add(self.fee);
        let open = step.view.has_stake(self.netuid, keys)
            && step.view.subnet(self.netuid).is_some_and(|subnet| !subnet.axons.is_empty());
        if !due || !open || spent > self.budget || step.view.free(&step.keys.cold) <= self.fee {
            return;
        }
        self.spent = spent;
        let text = market.challenge(&step.context.plan.corpus, out.streams);
        let request = self.requests;
        self.requests = self.requests.saturating_add(1);
        self.waiting.insert(request, (step.block, text.clone()));
        let fee = BalancesCall::TransferKeepAlive { dest: keys.cold.into(), value: self.fee };
        out.submit_for(Intent::Fee, SigningKey::Coldkey, fee);
        out.send(via, Synapse::Order { request, text, fee: self.fee });
    }
}

impl Participant for User {
    fn react(&mut self, step: &Step<'_>, out: &mut Outbox<'_>) {
        let Some(market) = step.context.market(self.netuid) else { return };
        for message in step.inbox.iter().filter(|message| self.via.map(Peer::Local) == Some(message.from)) {
            let Synapse::Delivery { request, best } = &message.synapse else { continue };
            let Some((_, text)) = self.waiting.remove(request) else { continue };
            match best {
                None => self.tally.missed(market, &text),
                Some((author, answer)) => {
                    let verdict = market.score(&text, answer);
                    self.tally.count(market, &text, answer, &verdict);
                    let author = author.name(step.context);
                    out.note(format!("request {request} by {author}: {}", self.tally.last));
                }
            }
        }
        if step.phase == Phase::Observe {
            let late = |sent: BlockNumber| step.block.saturating_sub(sent) > PATIENCE;
            for (_, (_, text)) in self.waiting.extract_if(.., |_, (sent, _)| late(*sent)) {
                self.tally.missed(market, &text);
                out.note("a request was never delivered");
            }
            self.order(step, out);
        }
    }
}
