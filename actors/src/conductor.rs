//! The only one who knows about time: plays a block in phases.

use crate::beacon::LocalBeacon;
use crate::context::{RunContext, author_account};
use crate::driver::Driver;
use crate::fabric::Fabric;
use crate::gate::{Input, Query, Reply, Tape};
use crate::log::{BlockLog, call_name};
use crate::message::{Message, Peer, Synapse};
use crate::order;
use crate::participant::{Intent, Phase};
use crate::plan::{ActorId, Change, Cue, OnCrash, Role};
use crate::record::BlockRecord;
use crate::refusals::{self, Refusal, Sealing};
use crate::run::RunError;
use crate::seat::{Activation, Reaction};
use crate::settings::{self, SettingError};
use crate::streams::{self, Losses};
use crate::view::ChainView;
use crate::waiting::Waiting;
use crate::world::RunState;
use chain::account::AccountId;
use chain::block::{
    BlockInput, BlockOutcome, Extrinsic, Failure, Header, InvalidTransaction, Sealed, SignedExtrinsic,
};
use chain::crypto::blake2_256;
use chain::ledger::Frame;
use chain::state::State;
use chain::units::BlockNumber;
use parity_scale_codec::Encode as _;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Plays blocks: phases, barriers, routing, the order of extrinsics.
#[derive(Debug)]
pub(crate) struct Conductor {
    context: Arc<RunContext>,
    fabric: Fabric,
    cues: BTreeMap<BlockNumber, Vec<Cue>>,
    pulses: Option<LocalBeacon>,
}

/// What a block gathers before it is sealed.
struct BlockDraft<'a> {
    number: BlockNumber,
    fabric: &'a Fabric,
    losses: Losses<'a>,
    log: BlockLog,
    signed: Vec<SignedExtrinsic>,
    /// What signed extrinsics of the cast are for, by signer and nonce.
    intents: BTreeMap<(AccountId, u32), Intent>,
    outbound: Vec<Message>,
}

impl Conductor {
    pub(crate) fn new(context: Arc<RunContext>) -> Self {
        let fabric = Fabric::new(&context.plan);
        let mut cues: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (place, event) in (0..).zip(&context.plan.events) {
            let cue = Cue { event: Some(place), change: event.change.clone() };
            cues.entry(event.block).or_default().push(cue);
        }
        let pulses = LocalBeacon::of(&context.plan);
        Self { context, fabric, cues, pulses }
    }

    /// Runs the next block. On an error the world is unchanged but for messages, and the run is over.
    pub(crate) fn play(
        &self,
        world: &mut RunState,
        driver: &mut dyn Driver,
        tape: Tape,
    ) -> Result<BlockRecord, RunError> {
        let number = world.view.block().saturating_add(1);
        let _span = tracing::debug_span!("block", number).entered();
        let mut cues = Cow::Borrowed(self.cues.get(&number).map_or(&[][..], Vec::as_slice));
        for input in &tape.0 {
            match input {
                Input::Change(change) => {
                    cues.to_mut().push(Cue { event: None, change: change.clone() });
                }
                Input::Fault(fault) => world.faults.push(fault.clone()),
                _ => {}
            }
        }
        let cues = cues.as_ref();
        let extended = (!world.faults.is_empty()).then(|| self.fabric.and(&self.context.plan, &world.faults));
        let fabric = extended.as_ref().unwrap_or(&self.fabric);
        for cue in cues {
            if let Change::Retire { who } = &cue.change {
                world.retired.extend(self.context.plan.actor(who));
            }
        }
        let mut score = BlockDraft {
            number,
            fabric,
            losses: Losses::new(&self.context.plan, number),
            log: BlockLog::open(number, world.log),
            signed: Vec::new(),
            intents: BTreeMap::new(),
            outbound: Vec::new(),
        };
        let absent = if cues.is_empty() { BTreeSet::new() } else { world.retired.clone() };
        self.admit(world, &mut score, &tape);
        for phase in Phase::PLAYED {
            self.phase(world, driver, phase, cues, &mut score)?;
        }
        let root = root_calls(cues, &tape)?;
        let (mut intents, root): (Vec<_>, _) = root.into_iter().chain(upgrades(cues)).unzip();
        let mut signed = std::mem::take(&mut score.signed);
        let mut refusals = Vec::new();
        let (kept, superseded) = std::mem::take(&mut world.waiting).split(&signed);
        for (intent, old) in superseded.iter() {
            refusals.extend(self.superseded(number, *intent, old));
        }
        for (intent, old) in kept.iter() {
            score.intents.insert((old.signer, old.nonce), *intent);
            signed.push(old.clone());
        }
        let input = self.input(world, root, signed, &tape);
        // The state is shared by structure: the view keeps the old one while the block is made.
        let state = world.view.state().clone();
        let (state, outcome) = driver.seal(state, &input)?;
        intents.extend(input.extrinsics.iter().skip(intents.len()).map(|extrinsic| match extrinsic {
            Extrinsic::Signed(signed) => score.intents.get(&(signed.signer, signed.nonce)).copied(),
            _ => None,
        }));
        refusals.extend(refusals::not_submitted(number, cues, &intents, |name| {
            self.context.plan.actor(name).is_some_and(|id| absent.contains(&id))
        }));
        world.waiting = Waiting::after(&input, &outcome.receipts, &intents);
        let (plan, name_of) = (&self.context.plan, &|extrinsic: &Extrinsic| self.sender(extrinsic));
        let waiting = &world.waiting;
        let sealing = Sealing { plan, input: &input, outcome: &outcome, intents: &intents, waiting, name_of };
        refusals.extend(sealing.refusals());
        world.refusals.add(&refusals);
        Ok(self.seal(world, state, (input, outcome), score, &tape, (Arc::new(intents), refusals)))
    }

    /// Lets in what came from outside: a question reaches its miner in this block's `Serve`, a reply its validator in
    /// `Judge`, unless a fault holds it.
    fn admit(&self, world: &mut RunState, score: &mut BlockDraft<'_>, tape: &Tape) {
        let block = score.number;
        for input in &tape.0 {
            let (after, message) = match input {
                Input::Gateway(endpoint) => {
                    world.gateway = *endpoint;
                    continue;
                }
                Input::Query(query) => (Phase::Observe, self.question(query, block)),
                Input::Reply(reply) => (Phase::Serve, self.reply(reply, block)),
                _ => continue,
            };
            match message {
                Some(message) => {
                    let verdict = score.fabric.route(block, &message, &mut score.losses);
                    world.post(block, after, message, verdict);
                }
                None => tracing::debug!(block, ?input, "nobody for whom this is"),
            }
        }
    }

    fn question(&self, query: &Query, sent: BlockNumber) -> Option<Message> {
        let to = self.context.of_hotkey(&query.to)?;
        let Role::Miner { .. } = self.context.member(to)?.role else { return None };
        let (from, to, number) = (Peer::External(query.from), Peer::Local(to), query.id);
        let synapse = Synapse::Ask { round: query.id, text: query.task.clone() };
        Some(Message { from, to, number, sent, synapse })
    }

    fn reply(&self, reply: &Reply, sent: BlockNumber) -> Option<Message> {
        let Role::Validator { .. } = self.context.member(reply.to)?.role else { return None };
        let (from, to, round) = (Peer::External(reply.from), Peer::Local(reply.to), reply.round);
        let synapse = match &reply.outcome {
            Ok(answer) => Synapse::Answer { round, answer: answer.clone() },
            Err(why) => Synapse::Silence { round, why: why.clone() },
        };
        Some(Message { from, to, number: round, sent, synapse })
    }

    fn phase(
        &self,
        world: &mut RunState,
        driver: &mut dyn Driver,
        phase: Phase,
        cues: &[Cue],
        score: &mut BlockDraft<'_>,
    ) -> Result<(), RunError> {
        let _span = tracing::trace_span!("phase", %phase).entered();
        let turns = self.turns(world, phase, cues, score);
        let actors: Vec<_> = turns.iter().map(|turn| turn.actor).collect();
        let reactions = driver.play(turns)?;
        for (actor, reaction) in actors.into_iter().zip(reactions) {
            score.log.record(phase, actor, &reaction);
            for note in &reaction.notes {
                let (block, name) = (score.number, self.context.plan.name_of(actor));
                tracing::debug!(block, %phase, actor = name, "{note}");
            }
            let Reaction { messages, extrinsics, crashed, .. } = reaction;
            if let Some(why) = crashed {
                self.crash(world, driver, score.number, phase, actor, why)?;
            }
            for message in messages {
                let verdict = score.fabric.route(score.number, &message, &mut score.losses);
                world.post(score.number, phase, message, verdict);
            }
            for (intent, extrinsic) in extrinsics {
                score.intents.insert((extrinsic.signer, extrinsic.nonce), intent);
                score.signed.push(extrinsic);
            }
        }
        Ok(())
    }

    /// A turn for everyone with mail, and for those whose phase it is; in [`ActorId`] order.
    fn turns(
        &self,
        world: &mut RunState,
        phase: Phase,
        cues: &[Cue],
        score: &mut BlockDraft<'_>,
    ) -> Vec<Activation> {
        let (block, gateway) = (score.number, world.gateway);
        let (mut inboxes, leaving) = world.collect(block, phase);
        score.outbound.extend(leaving);
        let mut turns = Vec::new();
        for (actor, member) in (0..).map(ActorId).zip(&self.context.plan.cast) {
            let inbox = inboxes.remove(&actor).unwrap_or_default();
            let own = match phase {
                Phase::Observe => true,
                Phase::Judge => matches!(member.role, Role::Validator { .. }),
                Phase::Serve | Phase::Seal => false,
            };
            if world.retired.contains(&actor) || (inbox.is_empty() && !own) {
                continue;
            }
            let cues = match phase {
                Phase::Observe => {
                    cues.iter().filter(|cue| cue.change.actor() == Some(&member.name)).cloned().collect()
                }
                _ => Vec::new(),
            };
            turns.push(Activation {
                actor,
                block,
                phase,
                view: Arc::clone(&world.view),
                inbox,
                cues,
                gateway,
            });
        }
        turns
    }

    fn crash(
        &self,
        world: &mut RunState,
        driver: &mut dyn Driver,
        block: BlockNumber,
        phase: Phase,
        actor: ActorId,
        why: String,
    ) -> Result<(), RunError> {
        let name = self.context.plan.name_of(actor).to_owned();
        tracing::warn!(block, %phase, actor = name, why, "a participant panicked");
        match self.context.plan.on_crash {
            OnCrash::Fail => return Err(RunError::Crashed { block, phase, name, why }),
            OnCrash::Retire => {
                world.retired.insert(actor);
            }
            OnCrash::Restart => driver.restart(actor)?,
        }
        Ok(())
    }

    fn input(
        &self,
        world: &RunState,
        root: Vec<Extrinsic>,
        mut signed: Vec<SignedExtrinsic>,
        tape: &Tape,
    ) -> BlockInput {
        let plan = &self.context.plan;
        let mut timestamp_ms = world.view.timestamp_ms.saturating_add(plan.chain.block_time_ms);
        for input in &tape.0 {
            match input {
                Input::Extrinsic(extrinsic) => signed.push(extrinsic.clone()),
                Input::Timestamp(now) => timestamp_ms = (*now).max(world.view.timestamp_ms),
                Input::Root(_)
                | Input::Gateway(_)
                | Input::Query(_)
                | Input::Reply(_)
                | Input::Call { .. }
                | Input::Fault(_)
                | Input::Change(_) => {}
            }
        }
        let calls = tape.0.iter().filter_map(|input| match input {
            Input::Call { who, call } => Some(Extrinsic::Unchecked { who: *who, call: call.clone() }),
            _ => None,
        });
        let number = world.view.block().saturating_add(1);
        let lottery = streams::lottery(plan.seed, number);
        let signed = order::canonical(signed, &lottery).into_iter().map(Extrinsic::Signed);
        let pulse = self.pulses.as_ref().map(|pulses| pulses.of_block(number));
        BlockInput {
            number,
            timestamp_ms,
            parent_hash: world.view.hash,
            lottery,
            author: Some(author_account(plan.seed)),
            extrinsics: root.into_iter().chain(calls).chain(pulse).chain(signed).collect(),
        }
    }

    fn seal(
        &self,
        world: &mut RunState,
        state: State,
        (input, outcome): (BlockInput, BlockOutcome),
        score: BlockDraft<'_>,
        tape: &Tape,
        (intents, refusals): (Arc<Vec<Option<Intent>>>, Vec<Refusal>),
    ) -> BlockRecord {
        let BlockDraft { mut log, outbound, .. } = score;
        let (inputs, receipts, events) = (input.encode(), outcome.receipts.encode(), outcome.events.encode());
        let parent_digest = world.digest;
        let digest = Frame::digest_of(&parent_digest, &inputs, &receipts, &events);
        let header = Header {
            parent_hash: input.parent_hash,
            number: u32::try_from(input.number).unwrap_or(u32::MAX),
            state_root: digest,
            extrinsics_root: blake2_256(&inputs),
            digest: Vec::new(),
        };
        log.seal(digest, self.lines(&input, &outcome));
        let hash = header.hash();
        let sealed = Sealed {
            state,
            hash,
            timestamp_ms: input.timestamp_ms,
            events: Arc::new(outcome.events),
            receipts: Arc::new(outcome.receipts),
            header,
        };
        world.view = Arc::new(ChainView::new(sealed.clone(), Arc::clone(&intents)));
        world.digest = digest;
        world.log = log.digest;
        world.books.add(&self.context, &world.view);
        let (tape, violations) = (tape.bytes(), outcome.violations);
        BlockRecord {
            sealed,
            parent_digest,
            digest,
            inputs,
            receipts,
            events,
            tape,
            log,
            outbound,
            intents,
            refusals,
            violations,
        }
    }

    /// The refusal of an extrinsic that found no room before its signer signed another one; `None` for a duty, which the new
    /// extrinsic does.
    fn superseded(&self, block: BlockNumber, intent: Intent, old: &SignedExtrinsic) -> Option<Refusal> {
        let event = match intent {
            Intent::Duty => return None,
            Intent::Event(place) => Some(place),
            Intent::Fee | Intent::Share | Intent::Refund => None,
        };
        Some(self.no_room(block, event, old))
    }

    /// Events that wait for room at the end of a run.
    pub(crate) fn still_waiting(&self, world: &RunState) -> impl Iterator<Item = Refusal> {
        world.waiting.iter().filter_map(|(intent, old)| match intent {
            Intent::Event(place) => Some(self.no_room(world.view.block(), Some(*place), old)),
            Intent::Duty | Intent::Fee | Intent::Share | Intent::Refund => None,
        })
    }

    fn no_room(&self, block: BlockNumber, event: Option<u32>, old: &SignedExtrinsic) -> Refusal {
        let (who, call) = (self.name_of(&old.signer), refusals::describe(&old.call));
        let error = Failure::Invalid(InvalidTransaction::ExhaustsResources).to_string();
        Refusal { block, event, who, call, error, times: 1 }
    }

    /// The chain's part of the log: counts, and what failed.
    fn lines(&self, input: &BlockInput, outcome: &BlockOutcome) -> Vec<String> {
        let (extrinsics, events) = (input.extrinsics.len(), outcome.events.len());
        let mut lines = vec![format!("{extrinsics} extrinsics, {events} events")];
        for (extrinsic, receipt) in input.extrinsics.iter().zip(&outcome.receipts) {
            let Err(failure) = &receipt.result else { continue };
            let call = match extrinsic {
                Extrinsic::Signed(signed) => call_name(&signed.call),
                Extrinsic::Root(call) | Extrinsic::Unchecked { call, .. } | Extrinsic::Unsigned(call) => {
                    call_name(call)
                }
                Extrinsic::Upgrade(_) => "upgrade".to_owned(),
            };
            lines.push(format!("{call} of {}: {failure}", self.sender(extrinsic)));
        }
        lines
    }

    fn sender(&self, extrinsic: &Extrinsic) -> String {
        match extrinsic {
            Extrinsic::Signed(signed) => self.name_of(&signed.signer),
            Extrinsic::Unchecked { who, .. } => self.name_of(who),
            Extrinsic::Root(_) | Extrinsic::Upgrade(_) => "root".to_owned(),
            Extrinsic::Unsigned(_) => "nobody".to_owned(),
        }
    }

    fn name_of(&self, account: &AccountId) -> String {
        let id = self.context.of_coldkey(account).or_else(|| self.context.of_hotkey(account));
        id.map_or_else(|| account.to_ss58(), |id| self.context.plan.name_of(id).to_owned())
    }
}

/// Calls as root: those of the scenario, then those from outside.
fn root_calls(cues: &[Cue], tape: &Tape) -> Result<Vec<(Option<Intent>, Extrinsic)>, SettingError> {
    let mut calls = Vec::new();
    let mut push = |event: Option<u32>, call| calls.push((event.map(Intent::Event), Extrinsic::Root(call)));
    for cue in cues {
        match &cue.change {
            Change::Hyperparameter { netuid, setting } => push(cue.event, settings::call(*netuid, setting)?),
            Change::Root(call) => push(cue.event, (**call).clone()),
            _ => {}
        }
    }
    for input in &tape.0 {
        if let Input::Root(call) = input {
            push(None, call.clone());
        }
    }
    Ok(calls)
}

/// New rules of the scenario.
fn upgrades(cues: &[Cue]) -> impl Iterator<Item = (Option<Intent>, Extrinsic)> {
    cues.iter().filter_map(|cue| match &cue.change {
        Change::Upgrade(economics) => {
            Some((cue.event.map(Intent::Event), Extrinsic::Upgrade(economics.clone())))
        }
        _ => None,
    })
}
