//! What never changes during a run: the plan, everyone's keys, the mechanisms, the genesis.

use crate::founding::Holding;
use crate::mechanism::{self, Mechanism};
use crate::participant::Phase;
use crate::plan::{ActorId, CastMember, Plan, Role, ValidatorTactic};
use crate::streams::{self, Streams};
use chain::account::AccountId;
use chain::block::Hash;
use chain::crypto::Keypair;
use chain::drand::Beacon;
use chain::units::{AlphaRao, BlockNumber, NetUid};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Keys of a participant, derived from the seed and its name.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Holds the TAO, owns the stake.
    pub coldkey: Keypair,
    /// Stands on the subnet, signs weights.
    pub hotkey: Keypair,
    /// Account of the coldkey.
    pub cold: AccountId,
    /// Account of the hotkey.
    pub hot: AccountId,
}

impl Keys {
    /// The keys of a name under a seed, of the kind that most runs have: ed25519.
    #[must_use]
    pub fn derive(seed: u64, name: &str) -> Self {
        Self::of_pairs(key(seed, "coldkey", name), key(seed, "hotkey", name))
    }

    /// The keys of a name in a plan: sr25519 where the development accounts are, as outsiders' software knows no other.
    #[must_use]
    pub fn of(plan: &Plan, name: &str) -> Self {
        if !plan.chain.dev_accounts {
            return Self::derive(plan.seed, name);
        }
        let pair = |kind| Keypair::sr25519(&secret(plan.seed, kind, name));
        Self::of_pairs(pair("coldkey"), pair("hotkey"))
    }

    fn of_pairs(coldkey: Keypair, hotkey: Keypair) -> Self {
        let (cold, hot) = (coldkey.account(), hotkey.account());
        Self { coldkey, hotkey, cold, hot }
    }
}

fn key(seed: u64, kind: &str, name: &str) -> Keypair {
    Keypair::ed25519(&secret(seed, kind, name))
}

fn secret(seed: u64, kind: &str, name: &str) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key("localnet 2026 keys");
    hasher.update(&seed.to_le_bytes()).update(kind.as_bytes()).update(b"/").update(name.as_bytes());
    *hasher.finalize().as_bytes()
}

/// The account that may act as root in a run of this seed.
#[must_use]
pub fn sudo_account(seed: u64) -> AccountId {
    key(seed, "chain", "sudo").account()
}

/// The account that receives the fees of extrinsics in a run of this seed.
#[must_use]
pub fn author_account(seed: u64) -> AccountId {
    key(seed, "chain", "author").account()
}

/// The beacon of a run of this seed, when the plan asks for one.
#[must_use]
pub fn beacon(seed: u64) -> Beacon {
    let mut hasher = blake3::Hasher::new_derive_key("localnet 2026 beacon");
    Beacon::from_seed(hasher.update(&seed.to_le_bytes()).finalize().as_bytes())
}

/// The key of the node that brings the beacon's pulses to the chain.
#[must_use]
pub fn pulse_key(seed: u64) -> Keypair {
    key(seed, "chain", "pulses")
}

/// What all participants know from the start.
#[derive(Clone, Debug)]
pub struct RunContext {
    /// The plan.
    pub plan: Plan,
    /// Hash of the genesis block, which signatures name.
    pub genesis: Hash,
    keys: Vec<Keys>,
    draw_keys: Vec<Hash>,
    by_hotkey: BTreeMap<AccountId, ActorId>,
    by_coldkey: BTreeMap<AccountId, ActorId>,
    markets: BTreeMap<NetUid, Arc<dyn Mechanism>>,
    /// Stakes of validators at genesis, in the order of subnets, then of the cast.
    pub holdings: Vec<Holding>,
}

impl RunContext {
    /// The context of a plan, for the chain of this genesis.
    #[must_use]
    pub fn new(plan: Plan, genesis: Hash, holdings: Vec<Holding>) -> Self {
        let keys: Vec<_> = plan.cast.iter().map(|member| Keys::of(&plan, &member.name)).collect();
        let draw_key = |member: &CastMember| streams::draw_key(plan.seed, &member.name);
        let draw_keys = plan.cast.iter().map(draw_key).collect();
        let ids = || (0..).map(ActorId);
        let by_hotkey = keys.iter().map(|keys| keys.hot).zip(ids()).collect();
        let by_coldkey = keys.iter().map(|keys| keys.cold).zip(ids()).collect();
        let markets =
            plan.subnets.iter().map(|subnet| (subnet.netuid, mechanism::of(&subnet.mechanism))).collect();
        Self { plan, genesis, keys, draw_keys, by_hotkey, by_coldkey, markets, holdings }
    }

    /// A participant's keys.
    #[must_use]
    pub fn keys(&self, id: ActorId) -> Option<&Keys> {
        self.keys.get(id.index())
    }
    /// A participant's draws in a phase of a block.
    #[must_use]
    pub fn streams(&self, id: ActorId, block: BlockNumber, phase: Phase) -> Streams {
        Streams::new(self.draw_keys.get(id.index()).copied().unwrap_or_default(), block, phase)
    }
    /// A participant as the plan has it.
    #[must_use]
    pub fn member(&self, id: ActorId) -> Option<&CastMember> {
        self.plan.cast.get(id.index())
    }
    /// The participant behind a hotkey.
    #[must_use]
    pub fn of_hotkey(&self, hotkey: &AccountId) -> Option<ActorId> {
        self.by_hotkey.get(hotkey).copied()
    }
    /// The participant behind a coldkey.
    #[must_use]
    pub fn of_coldkey(&self, coldkey: &AccountId) -> Option<ActorId> {
        self.by_coldkey.get(coldkey).copied()
    }
    /// A validator's stake at genesis.
    #[must_use]
    pub fn holding(&self, id: ActorId) -> Option<&Holding> {
        self.holdings.iter().find(|holding| holding.actor == id)
    }
    /// A subnet's market.
    #[must_use]
    pub fn market(&self, netuid: NetUid) -> Option<&dyn Mechanism> {
        self.markets.get(&netuid).map(AsRef::as_ref)
    }
    /// All markets, by subnet.
    pub fn markets(&self) -> impl Iterator<Item = (NetUid, &dyn Mechanism)> + '_ {
        self.markets.iter().map(|(netuid, market)| (*netuid, market.as_ref()))
    }

    /// The miner before this one in the cast of its subnet; the last one for the first. `None` when alone.
    #[must_use]
    pub fn neighbour(&self, id: ActorId) -> Option<ActorId> {
        let netuid = self.member(id)?.role.netuid();
        let miners = || {
            (0..)
                .map(ActorId)
                .zip(&self.plan.cast)
                .filter(|(_, m)| matches!(m.role, Role::Miner { .. }) && m.role.netuid() == netuid)
                .map(|(id, _)| id)
        };
        let before = miners().filter(|other| *other < id).last();
        before.or_else(|| miners().last()).filter(|other| *other != id)
    }

    /// The validator that a user asks: the one it names, or the honest one with the most stake.
    #[must_use]
    pub fn validator_of(&self, netuid: NetUid, via: Option<&str>) -> Option<ActorId> {
        if let Some(via) = via {
            return self.plan.actor(via);
        }
        let mut best = None;
        for (id, member) in (0..).map(ActorId).zip(&self.plan.cast) {
            let stake = self.holding(id).map_or(AlphaRao::ZERO, |holding| holding.alpha);
            if let Role::Validator { netuid: here, tactic: ValidatorTactic::Honest, .. } = member.role
                && here == netuid
                && best.is_none_or(|(_, most)| stake > most)
            {
                best = Some((id, stake));
            }
        }
        best.map(|(id, _)| id)
    }
}
