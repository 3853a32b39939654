//! Faults of messages: latency, loss, partition, offline.

use crate::message::{Message, Peer};
use crate::plan::{ActorId, Fault, FaultRule, Plan};
use crate::streams::Losses;
use chain::units::BlockNumber;
use std::collections::BTreeSet;

/// Verdict of a rule on a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not its concern; the next rule decides, and a message that all pass arrives in the next phase.
    Pass,
    /// It arrives so many blocks later.
    Deliver(u64),
    /// It never arrives.
    Drop,
}

/// A fault with its names resolved.
#[derive(Clone, Debug)]
pub struct Rule {
    /// First block.
    from: BlockNumber,
    /// First block after it.
    to: BlockNumber,
    /// Its place in the plan; keys its draws.
    place: u32,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Offline(BTreeSet<ActorId>),
    Latency(BTreeSet<ActorId>, u64),
    Loss(BTreeSet<ActorId>, u16),
    Partition(BTreeSet<ActorId>, BTreeSet<ActorId>),
}

impl Rule {
    /// The rule's verdict on a message sent in a block. Only a loss draws, and only for messages that are
    /// its concern.
    fn judge(&self, block: BlockNumber, message: &Message, losses: &mut Losses<'_>) -> Verdict {
        if !(self.from..self.to).contains(&block) {
            return Verdict::Pass;
        }
        let among = |who: &BTreeSet<ActorId>, party: Peer| party.cast().is_some_and(|id| who.contains(&id));
        let concerns = |who: &BTreeSet<ActorId>| among(who, message.from) || among(who, message.to);
        match &self.kind {
            Kind::Offline(who) if concerns(who) => Verdict::Drop,
            Kind::Latency(who, blocks) if who.is_empty() || concerns(who) => Verdict::Deliver(*blocks),
            Kind::Loss(who, permille) if who.is_empty() || concerns(who) => {
                let draw = losses.below(self.place, message, 1_000);
                if draw < u64::from(*permille) { Verdict::Drop } else { Verdict::Pass }
            }
            Kind::Partition(left, right) => {
                // Everyone else is outsiders too.
                let across = |a: Peer, b: Peer| {
                    among(left, a) && !among(left, b) && (right.is_empty() || among(right, b))
                };
                let cut = across(message.from, message.to) || across(message.to, message.from);
                if cut { Verdict::Drop } else { Verdict::Pass }
            }
            _ => Verdict::Pass,
        }
    }
}

/// The rules in the order of the plan.
#[derive(Clone, Debug)]
pub struct Fabric {
    rules: Vec<Rule>,
}

impl Fabric {
    /// The faults of a plan; names that nobody has are left out, since a checked plan has none.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        Self { rules: resolve(plan, 0, &plan.faults) }
    }

    /// These rules, and after them those of faults that the plan does not know.
    #[must_use]
    pub fn and(&self, plan: &Plan, faults: &[Fault]) -> Self {
        let mut rules = self.rules.clone();
        rules.extend(resolve(plan, plan.faults.len(), faults));
        Self { rules }
    }

    /// The verdict on a message sent in a block: the first rule that does not pass it decides. The faults of
    /// the block of sending count; a message already on its way arrives.
    pub fn route(&self, block: BlockNumber, message: &Message, losses: &mut Losses<'_>) -> Verdict {
        let verdicts = self.rules.iter().map(|rule| rule.judge(block, message, losses));
        verdicts.into_iter().find(|verdict| *verdict != Verdict::Pass).unwrap_or(Verdict::Pass)
    }
}

/// Rules of faults whose draws are keyed from `first` on.
fn resolve(plan: &Plan, first: usize, faults: &[Fault]) -> Vec<Rule> {
    let ids = |names: &[String]| names.iter().filter_map(|name| plan.actor(name)).collect();
    let rule = |(place, fault): (u32, &Fault)| Rule {
        from: fault.from,
        to: fault.to,
        place,
        kind: match &fault.rule {
            FaultRule::Offline { who } => Kind::Offline(ids(who)),
            FaultRule::Latency { who, blocks } => Kind::Latency(ids(who), *blocks),
            FaultRule::Loss { who, permille } => Kind::Loss(ids(who), *permille),
            FaultRule::Partition { left, right } => Kind::Partition(ids(left), ids(right)),
        },
    };
    (u32::try_from(first).unwrap_or(u32::MAX)..).zip(faults).map(rule).collect()
}
