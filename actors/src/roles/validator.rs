//! Validators ask, verify, score, set weights, and serve users.

use super::round::{Client, Round, Tally};
use super::{copier, settle_in, timelock};
use crate::gate::QUERY_TIMEOUT_MS;
use crate::mechanism::Mechanism;
use crate::message::{Answer, Message, Payload, Peer, Synapse};
use crate::participant::{Intent, Outbox, Participant, Phase, SigningKey, Step};
use crate::plan::{ActorId, BeaconPlan, Change, Role, ValidatorTactic};
use crate::streams::Purpose;
use chain::account::AccountId;
use chain::call::{BalancesCall, RuntimeCall, subtensor::Call};
use chain::crypto::blake2_256;
use chain::state::Subnet;
use chain::units::{BlockNumber, NetUid, NetUidStorageIndex, Rao, Uid};
use parity_scale_codec::{Decode, Encode};
use std::collections::BTreeMap;

/// Weights are submitted so many blocks before the epoch that they are for.
const LEAD: u64 = 2;
/// Blocks after which an order without payment is dropped.
const UNPAID: u64 = 10;
/// Words of salt in a weight commit.
const SALT_WORDS: usize = 8;

/// A validator.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Validator {
    netuid: NetUid,
    tactic: ValidatorTactic,
    fee_permille: u16,
    rounds: BTreeMap<u64, Round>,
    asked: u64,
    averages: BTreeMap<Peer, u64>,
    tallies: BTreeMap<Peer, Tally>,
    orders: Vec<Order>,
    credit: BTreeMap<ActorId, Rao>,
    commits: Vec<Commit>,
    weighed: BlockNumber,
    last: String,
}

/// A user's order that waits for its payment.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
struct Order {
    block: BlockNumber,
    client: Client,
    text: Payload,
}

/// Weights that were committed and not yet revealed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
struct Commit {
    epoch: u64,
    uids: Vec<Uid>,
    values: Vec<u16>,
    salt: Vec<u16>,
    version_key: u64,
}

impl Validator {
    /// A validator that has asked nothing yet.
    #[must_use]
    pub const fn new(netuid: NetUid, tactic: ValidatorTactic, fee_permille: u16) -> Self {
        Self {
            netuid,
            tactic,
            fee_permille,
            rounds: BTreeMap::new(),
            asked: 0,
            averages: BTreeMap::new(),
            tallies: BTreeMap::new(),
            orders: Vec::new(),
            credit: BTreeMap::new(),
            commits: Vec::new(),
            weighed: 0,
            last: String::new(),
        }
    }

    /// What it found of each miner.
    #[must_use]
    pub const fn tallies(&self) -> &BTreeMap<Peer, Tally> {
        &self.tallies
    }

    /// The last thing it did about its weights, in words.
    #[must_use]
    pub fn last(&self) -> &str {
        &self.last
    }

    /// True while it has a slot on the subnet and stake there. A slot that it lost it buys again; what becomes of its
    /// stake after genesis is for the scenario to say.
    fn settle(&self, step: &Step<'_>, out: &mut Outbox<'_>) -> bool {
        settle_in(step, out, self.netuid).is_some() && step.view.has_stake(self.netuid, step.keys)
    }

    /// Asks every serving miner.
    fn ask(&mut self, step: &Step<'_>, out: &mut Outbox<'_>, text: Payload, client: Option<Client>) {
        let Some(subnet) = step.view.subnet(self.netuid) else { return };
        let asked: Vec<_> = serving(step, subnet).collect();
        let round = self.asked;
        self.asked = self.asked.saturating_add(1);
        for miner in &asked {
            out.send(*miner, Synapse::Ask { round, text: text.clone() });
        }
        self.rounds.insert(round, Round::new(step.block, text, asked, client));
    }

    /// Takes what the last block paid, and begins the orders that are paid.
    fn serve_users(&mut self, step: &Step<'_>, out: &mut Outbox<'_>) {
        let fees = step.view.payments().filter(|payment| payment.intent == Some(Intent::Fee));
        for payment in fees.filter(|payment| payment.to == step.keys.cold) {
            if let Some(user) = step.context.of_coldkey(&payment.from) {
                let credit = self.credit.entry(user).or_default();
                *credit = credit.saturating_add(payment.amount);
            }
        }
        for order in std::mem::take(&mut self.orders) {
            let credit = self.credit.entry(order.client.user).or_default();
            match credit.checked_sub(order.client.fee) {
                Some(rest) => {
                    *credit = rest;
                    self.ask(step, out, order.text, Some(order.client));
                }
                None if step.block.saturating_sub(order.block) > UNPAID => {
                    out.note(format!("drops order {}: never paid", order.client.request));
                }
                None => self.orders.push(order),
            }
        }
    }

    fn read(&mut self, step: &Step<'_>, market: &dyn Mechanism, message: &Message, out: &mut Outbox<'_>) {
        match &message.synapse {
            Synapse::Silence { round, why } => {
                if let Some(open) = self.rounds.get_mut(round).filter(|r| r.awaits(message.from)) {
                    open.silent.insert(message.from);
                    out.note(format!("no answer of {} to {round}: {why}", message.from));
                }
            }
            Synapse::Answer { round, answer } => {
                let Some(round) = self.rounds.get_mut(round).filter(|r| r.awaits(message.from)) else {
                    return;
                };
                let verdict = market.score(&round.text, answer);
                round.take(message.from, answer, &verdict);
                self.tallies.entry(message.from).or_default().count(market, &round.text, answer, &verdict);
            }
            Synapse::Order { request, text, fee } => {
                // Outsiders have no tab here.
                let Peer::Local(user) = message.from else { return };
                let client = Client { user, request: *request, fee: *fee };
                self.orders.push(Order { block: step.block, client, text: text.clone() });
            }
            _ => {}
        }
    }

    /// Closes rounds that are complete or have waited as long as it takes to the next one. Outsiders may take their time
    /// beyond that; for them alone such a round stays open.
    fn close_rounds(&mut self, step: &Step<'_>, market: &dyn Mechanism, out: &mut Outbox<'_>) {
        let patience = market.round_every();
        let patience_outside = patience.max(outside_patience(step));
        let age = |round: &Round| step.block.saturating_sub(round.block);
        let over = |round: &Round| round.is_complete() || age(round) >= patience;
        let closed: Vec<_> =
            self.rounds.iter().filter(|(_, round)| over(round)).map(|(number, _)| *number).collect();
        for number in closed {
            let Some(mut round) = self.rounds.remove(&number) else { continue };
            if age(&round) < patience_outside
                && let Some(open) = round.split_off_outside()
            {
                self.rounds.insert(number, open);
            }
            for miner in &round.asked {
                let worth = round.worth.get(miner).copied();
                if worth.is_none() {
                    self.tallies.entry(*miner).or_default().missed(market, &round.text);
                }
                let average = market.average(self.averages.get(miner).copied(), worth.unwrap_or(0));
                self.averages.insert(*miner, average);
            }
            if let Some(client) = round.client {
                self.settle_order(
                    step,
                    out,
                    &client,
                    round.best.map(|(_, _, author, answer)| (author, answer)),
                );
            }
        }
    }

    /// Hands the best answer over and pays its author, or sends the fee back.
    fn settle_order(
        &self,
        step: &Step<'_>,
        out: &mut Outbox<'_>,
        client: &Client,
        best: Option<(Peer, Answer)>,
    ) {
        let kept = u64::from(self.fee_permille.min(1_000));
        let share = client.fee.get().saturating_mul(1_000u64.saturating_sub(kept)).wrapping_div(1_000);
        let (intent, to, value) = match &best {
            Some((author, _)) => (Intent::Share, *author, Rao(share)),
            None => (Intent::Refund, Peer::Local(client.user), client.fee),
        };
        if let Some(cold) = coldkey(step, to).filter(|_| !value.is_zero()) {
            let reason = if best.is_some() { "best answer" } else { "no answer, fee back" };
            let name = to.name(step.context);
            out.note(format!("order {}: {value} tao to {name} ({reason})", client.request));
            let call = BalancesCall::TransferKeepAlive { dest: cold.into(), value };
            out.submit_for(intent, SigningKey::Coldkey, call);
        }
        out.send(client.user, Synapse::Delivery { request: client.request, best });
    }

    /// The weights it would set now, none if it has no opinion.
    fn weights(
        &self,
        step: &Step<'_>,
        market: &dyn Mechanism,
        subnet: &Subnet,
        me: Uid,
    ) -> (Vec<Uid>, Vec<u16>) {
        match self.tactic {
            ValidatorTactic::Honest => {}
            ValidatorTactic::Copier => return copier::consensus_of(subnet, me),
            ValidatorTactic::Burner => {
                let owner = subnet.neurons.uid_of(&subnet.owner_hotkey);
                return owner.map(|uid| (uid, u16::MAX)).into_iter().unzip();
            }
        }
        let known: Vec<_> = (0..)
            .zip(&subnet.neurons.keys)
            .filter_map(|(uid, hotkey)| {
                let average = self.averages.get(&Peer::of_hotkey(step.context, hotkey))?;
                Some((uid, *average))
            })
            .collect();
        let averages: Vec<_> = known.iter().map(|(_, average)| *average).collect();
        let weighed = known.iter().map(|(uid, _)| *uid).zip(market.weights(&averages));
        weighed.filter(|(_, weight)| *weight > 0).unzip()
    }

    /// Sets or commits weights shortly before an epoch.
    fn weigh(&mut self, step: &Step<'_>, market: &dyn Mechanism, out: &mut Outbox<'_>) {
        let Some(subnet) = step.view.subnet(self.netuid) else { return };
        let (neurons, tempo) = (&subnet.neurons, u64::from(subnet.params.tempo));
        let Some(me) = neurons.uid_of(&step.keys.hot) else { return };
        let due = subnet.schedule.last_epoch_block.saturating_add(tempo);
        let early = due.saturating_sub(LEAD.min(tempo.saturating_sub(1)));
        let fresh = self.weighed < early || self.weighed == 0;
        let permit = neurons.validator_permit.get(usize::from(me)).copied().unwrap_or(false);
        if step.block < early || step.block >= due || !fresh || !permit {
            return;
        }
        let (uids, values) = self.weights(step, market, subnet, me);
        if uids.is_empty() {
            return;
        }
        self.weighed = step.block;
        let (netuid, version_key) = (self.netuid, subnet.params.weights_version_key);
        self.last = format!("weights for {} miners at block {}", uids.len(), step.block);
        out.note(self.last.clone());
        if !subnet.params.commit_reveal_weights_enabled {
            out.submit(
                SigningKey::Hotkey,
                Call::SetWeights { netuid, dests: uids, weights: values, version_key },
            );
            return;
        }
        if step.context.plan.chain.beacon == BeaconPlan::Local {
            match timelock::commit(step, out, netuid, (&uids, &values)) {
                Some(call) => out.submit(SigningKey::Hotkey, call),
                None => out.note("the beacon of the chain has no key: no weights"),
            }
            return;
        }
        let salt: Vec<u16> = (0..SALT_WORDS)
            .map(|_| u16::try_from(out.streams.below(Purpose::Salt, 1 << 16)).unwrap_or(0))
            .collect();
        let index = NetUidStorageIndex::new(netuid, 0);
        let sealed = (step.keys.hot, index.0, &uids, &values, &salt, version_key).encode();
        out.submit(SigningKey::Hotkey, Call::CommitWeights { netuid, commit_hash: blake2_256(&sealed) });
        self.commits.push(Commit { epoch: subnet.schedule.epoch_index, uids, values, salt, version_key });
    }

    /// Reveals what was committed, in the epoch in which it may be.
    fn reveal(&mut self, step: &Step<'_>, out: &mut Outbox<'_>) {
        let Some(subnet) = step.view.subnet(self.netuid) else { return };
        let (now, wait) = (subnet.schedule.epoch_index, subnet.params.reveal_period_epochs);
        let netuid = self.netuid;
        for commit in std::mem::take(&mut self.commits) {
            let ripe = commit.epoch.saturating_add(wait);
            if now < ripe {
                self.commits.push(commit);
            } else if now == ripe {
                let Commit { uids, values, salt, version_key, .. } = commit;
                let reveal = Call::RevealWeights { netuid, uids, values, salt, version_key };
                out.submit(SigningKey::Hotkey, RuntimeCall::from(reveal));
            } else {
                out.note("a weight commit expired unrevealed");
            }
        }
    }
}

/// How many blocks an outsider's answer is waited for, if nobody tells that none will come: as long as the door waits for
/// it, counted in blocks of the plan's length.
fn outside_patience(step: &Step<'_>) -> u64 {
    QUERY_TIMEOUT_MS.div_ceil(step.context.plan.chain.block_time_ms.max(1)).saturating_add(2)
}

/// Whom a share of a fee goes to.
fn coldkey(step: &Step<'_>, party: Peer) -> Option<AccountId> {
    match party {
        Peer::Local(id) => step.context.keys(id).map(|keys| keys.cold),
        Peer::External(hotkey) => step.view.state().owner_of(&hotkey),
    }
}

/// Miners of the subnet that have said where they answer, in uid order; outsiders only while there is a door to them.
fn serving<'a>(step: &Step<'a>, subnet: &'a Subnet) -> impl Iterator<Item = Peer> + 'a {
    let (context, open) = (step.context, step.gateway.is_some());
    subnet.neurons.keys.iter().filter_map(move |hotkey| {
        let axon = subnet.axons.get(hotkey)?;
        let party = Peer::of_hotkey(context, hotkey);
        let answers = match party {
            Peer::Local(id) => matches!(context.member(id)?.role, Role::Miner { .. }),
            Peer::External(_) => open && axon.ip != 0 && axon.port != 0,
        };
        answers.then_some(party)
    })
}

impl Participant for Validator {
    fn react(&mut self, step: &Step<'_>, out: &mut Outbox<'_>) {
        for cue in step.cues {
            if let Change::ValidatorTactic { tactic, .. } = &cue.change {
                self.tactic = *tactic;
                out.note(format!("from now on: {tactic:?}"));
            }
        }
        let Some(market) = step.context.market(self.netuid) else { return };
        for message in step.inbox {
            self.read(step, market, message, out);
        }
        match step.phase {
            Phase::Observe => {
                if !self.settle(step, out) {
                    return;
                }
                self.serve_users(step, out);
                let every = market.round_every();
                if self.tactic == ValidatorTactic::Honest
                    && step.block % every == u64::from(step.me.0) % every
                {
                    let text = market.challenge(&step.context.plan.corpus, out.streams);
                    self.ask(step, out, text, None);
                }
            }
            Phase::Judge => {
                self.close_rounds(step, market, out);
                self.reveal(step, out);
                self.weigh(step, market, out);
            }
            Phase::Serve | Phase::Seal => {}
        }
    }
}
