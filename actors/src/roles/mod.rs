//! What participants do: owner, validator, miner, user.

mod copier;
mod miner;
mod owner;
mod round;
mod timelock;
mod user;
mod validator;

pub use miner::Miner;
pub use owner::Owner;
pub use round::{Round, Tally};
pub use user::User;
pub use validator::Validator;

use crate::context::RunContext;
use crate::participant::{Intent, Outbox, Participant, Phase, SigningKey, Step};
use crate::plan::{ActorId, Change, Role};
use chain::call::{BalancesCall, subtensor};
use chain::units::NetUid;
use parity_scale_codec::{Decode, Encode};

/// A participant of any role.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Actor {
    /// A subnet owner.
    Owner(Owner),
    /// A validator.
    Validator(Box<Validator>),
    /// A miner.
    Miner(Box<Miner>),
    /// A user.
    User(Box<User>),
}

impl Actor {
    /// A participant as it is at genesis. An id outside the cast gives a user without a budget.
    #[must_use]
    pub fn new(context: &RunContext, id: ActorId) -> Self {
        match context.member(id).map(|member| &member.role) {
            Some(Role::Owner { netuid }) => Self::Owner(Owner::new(*netuid)),
            Some(Role::Validator { netuid, tactic, fee_permille, .. }) => {
                Self::Validator(Box::new(Validator::new(*netuid, *tactic, *fee_permille)))
            }
            Some(Role::Miner { netuid, tactic }) => {
                Self::Miner(Box::new(Miner::new(*netuid, *tactic, context.neighbour(id))))
            }
            Some(Role::User { netuid, via, fee, budget, every }) => Self::User(Box::new(User::new(
                *netuid,
                context.validator_of(*netuid, via.as_deref()),
                *fee,
                *budget,
                *every,
            ))),
            None => Self::User(Box::default()),
        }
    }
}

impl Participant for Actor {
    fn react(&mut self, step: &Step<'_>, out: &mut Outbox<'_>) {
        for cue in step.cues {
            out.intent = cue.event.map_or(Intent::Duty, Intent::Event);
            obey(step, out, &cue.change);
        }
        out.intent = Intent::Duty;
        match self {
            Self::Owner(owner) => owner.react(step, out),
            Self::Validator(validator) => validator.react(step, out),
            Self::Miner(miner) => miner.react(step, out),
            Self::User(user) => user.react(step, out),
        }
    }
}

/// What the scenario can tell anyone to do.
fn obey(step: &Step<'_>, out: &mut Outbox<'_>, cue: &Change) {
    let keys = |name: &str| step.context.plan.actor(name).and_then(|id| step.context.keys(id));
    match cue {
        Change::Transfer { to, amount, .. } => {
            if let Some(to) = keys(to) {
                out.submit(
                    SigningKey::Coldkey,
                    BalancesCall::TransferKeepAlive { dest: to.cold.into(), value: *amount },
                );
            }
        }
        Change::Stake { with, netuid, amount, .. } => {
            if let Some(with) = keys(with) {
                let (hotkey, netuid, amount_staked) = (with.hot, *netuid, *amount);
                out.submit(SigningKey::Coldkey, subtensor::Call::AddStake { hotkey, netuid, amount_staked });
            }
        }
        Change::Vote { weights, .. } => {
            let (dests, weights) = weights.iter().map(|(netuid, weight)| (netuid.number(), *weight)).unzip();
            let netuid = NetUid::ROOT;
            out.submit(
                SigningKey::Hotkey,
                subtensor::Call::SetWeights { netuid, dests, weights, version_key: 0 },
            );
        }
        Change::UnstakeAll { with, .. } => {
            if let Some(with) = keys(with) {
                out.submit(SigningKey::Coldkey, subtensor::Call::UnstakeAll { hotkey: with.hot });
            }
        }
        _ => {}
    }
}

/// Buys a slot for the own hotkey if it has none yet. Gives its uid once it has one.
fn settle_in(step: &Step<'_>, out: &mut Outbox<'_>, netuid: NetUid) -> Option<u16> {
    let subnet = step.view.subnet(netuid)?;
    if let Some(uid) = subnet.neurons.uid_of(&step.keys.hot) {
        return Some(uid);
    }
    if step.phase == Phase::Observe
        && subnet.params.registration_allowed
        && step.view.free(&step.keys.cold) > subnet.registration.burn
    {
        out.note(format!("buys a slot for {} tao", subnet.registration.burn));
        out.submit(SigningKey::Coldkey, subtensor::Call::BurnedRegister { netuid, hotkey: step.keys.hot });
    }
    None
}
