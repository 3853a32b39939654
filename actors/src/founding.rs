//! The set-up of a chain before block 0: subnets, slots and stakes of the cast.
//!
//! A scenario is about a market that runs, so it starts with the cast in its places: every subnet is registered and
//! started, every owner, validator and miner has its slot, and every validator has its stake. All of it is done by the
//! chain's own calls, in the order of the plan and outside of any block, with two differences from a live network:
//! each subnet and each slot costs what the first one costs, since no registration makes the next one dearer, and no
//! delay, freeze window or rate limit applies. Fees of extrinsics are not paid.
//!
//! What the chain refuses here is an error of the plan, so a run that begins has the market that was asked for.

mod error;
mod probe;
mod stakes;

pub use error::FoundingError;

use crate::context::{Keys, author_account};
use crate::plan::{ActorId, Plan, Role, Setting, SubnetPlan};
use crate::{genesis, settings};
use chain::account::AccountId;
use chain::call::{RuntimeCall, subtensor::Call};
use chain::error::DispatchError;
use chain::genesis::Genesis;
use chain::runtime::{Env, Exec, Origin, SubnetDefaults, calls, dispatch, tao};
use chain::state::{EXISTENTIAL_DEPOSIT, State};
use chain::units::{AlphaRao, NetUid, Rao};

/// The stake of a validator on its subnet at genesis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The validator.
    pub actor: ActorId,
    /// Its subnet.
    pub netuid: NetUid,
    /// TAO that it spent; zero for stake that was given.
    pub spent: Rao,
    /// Alpha that it holds.
    pub alpha: AlphaRao,
    /// Spot price of one alpha just before.
    pub price: Rao,
}

/// A genesis with the cast in its places.
#[derive(Clone, Debug)]
pub struct Founding {
    /// The genesis.
    pub genesis: Genesis,
    /// Stakes of validators, in the order of subnets, then of the cast.
    pub holdings: Vec<Holding>,
}

/// Puts the cast of a plan into its places.
///
/// # Errors
/// All that the chain refuses: values of parameters, and places that a participant cannot pay or take.
pub(crate) fn found(plan: &Plan, genesis: Genesis) -> Result<Founding, Vec<FoundingError>> {
    let Genesis { state, rules, counts_balances } = genesis;
    let env = Env {
        number: 0,
        timestamp_ms: plan.chain.start_ms,
        parent_hash: [0; 32],
        lottery: [0; 32],
        author: Some(author_account(plan.seed)),
    };
    let mut founder =
        Founder { plan, state, env, newborn: rules.newborn, errors: Vec::new(), holdings: Vec::new() };
    founder.check_chain();
    let lifted = founder.lift_limits();
    for subnet in &plan.subnets {
        founder.subnet(subnet);
    }
    founder.root();
    founder.restore_limits(lifted);
    if founder.errors.is_empty() {
        let genesis = Genesis { state: founder.state, rules, counts_balances };
        return Ok(Founding { genesis, holdings: founder.holdings });
    }
    Err(founder.errors)
}

/// Delays that do not apply to the set-up.
struct Limits {
    start_call_delay: u64,
    admin_freeze_window: u16,
    network_rate_limit: u64,
    registration_start: u64,
}

/// A genesis that is being set up.
struct Founder<'a> {
    plan: &'a Plan,
    state: State,
    env: Env,
    newborn: SubnetDefaults,
    errors: Vec<FoundingError>,
    holdings: Vec<Holding>,
}

impl Founder<'_> {
    fn exec<T>(&mut self, rule: impl FnOnce(&mut Exec<'_>) -> T) -> T {
        let mut exec = Exec::new(&mut self.state, &self.env);
        exec.newborn = self.newborn;
        rule(&mut exec)
    }

    fn call(&mut self, origin: Origin, call: impl Into<RuntimeCall>) -> Result<(), DispatchError> {
        let call = call.into();
        self.exec(|exec| dispatch(exec, origin, &call))
    }

    fn lift_limits(&mut self) -> Limits {
        let globals = self.state.globals_mut();
        Limits {
            start_call_delay: std::mem::take(&mut globals.start_call_delay),
            admin_freeze_window: std::mem::take(&mut globals.admin_freeze_window),
            network_rate_limit: std::mem::take(&mut globals.network_rate_limit),
            registration_start: std::mem::take(&mut globals.network_registration_start_block),
        }
    }

    fn restore_limits(&mut self, limits: Limits) {
        let globals = self.state.globals_mut();
        globals.start_call_delay = limits.start_call_delay;
        globals.admin_freeze_window = limits.admin_freeze_window;
        globals.network_rate_limit = limits.network_rate_limit;
        globals.network_registration_start_block = limits.registration_start;
    }

    /// Participants of a subnet, in the order of the cast.
    fn members(&self, netuid: NetUid) -> Vec<Place> {
        let members = (0..).map(ActorId).zip(&self.plan.cast);
        members
            .filter(|(_, member)| member.role.netuid() == netuid)
            .map(|(actor, member)| {
                let keys = Keys::of(self.plan, &member.name);
                Place {
                    actor,
                    name: member.name.clone(),
                    role: member.role.clone(),
                    cold: keys.cold,
                    hot: keys.hot,
                }
            })
            .collect()
    }

    fn subnet(&mut self, subnet: &SubnetPlan) {
        let netuid = subnet.netuid;
        let members = self.members(netuid);
        let owner = members.iter().find(|place| matches!(place.role, Role::Owner { .. }));
        if let Some(owner) = owner
            && !self.start(netuid, owner)
        {
            return;
        }
        for place in &members {
            match &place.role {
                Role::Owner { .. } => {}
                Role::Validator { .. } | Role::Miner { .. } => self.seat(netuid, place),
                Role::User { fee, .. } => self.check_purse(place, *fee, "its first request"),
            }
        }
        self.set_up(subnet);
        self.stakes(netuid, &members);
    }

    /// Registers a subnet and starts it.
    fn start(&mut self, netuid: NetUid, owner: &Place) -> bool {
        let cost = calls::networks::lock_cost(&self.state, 0);
        let hotkey = owner.hot;
        let what = format!("the registration of subnet {netuid}");
        let registered = self.attempt(owner, &what, cost, Call::RegisterNetwork { hotkey });
        registered && self.attempt(owner, &what, Rao::ZERO, Call::StartCall { netuid })
    }

    /// Buys a slot at the price that the first one has.
    fn seat(&mut self, netuid: NetUid, place: &Place) {
        let Some(subnet) = self.state.subnet(netuid) else { return };
        let (n, most) = (subnet.neurons.n(), usize::from(subnet.params.max_allowed_uids));
        if n >= most {
            let (name, actor) = (place.name.clone(), place.actor);
            self.errors.push(FoundingError::Full { actor, name, netuid, most });
            return;
        }
        let price = subnet.registration.burn;
        let what = format!("a slot on subnet {netuid}");
        self.attempt(place, &what, price, Call::BurnedRegister { netuid, hotkey: place.hot });
        let registration = &mut self.state.subnet_mut(netuid).registration;
        registration.burn = price;
        registration.this_block = 0;
        registration.this_interval = 0;
    }

    /// Sends a call of a participant that costs TAO. False when it is refused, which is then noted.
    fn attempt(&mut self, place: &Place, what: &str, cost: Rao, call: impl Into<RuntimeCall>) -> bool {
        let held = tao::coldkey_balance(&self.state, &place.cold);
        let Err(error) = self.call(Origin::Signed(place.cold), call) else { return true };
        let needed = cost.saturating_add(EXISTENTIAL_DEPOSIT);
        let (actor, name, what) = (place.actor, place.name.clone(), what.to_owned());
        self.errors.push(match held < needed {
            true => FoundingError::Lacks { actor, name, what, needed, held },
            false => FoundingError::Refused { actor, name, what, error: error.to_string() },
        });
        false
    }

    fn check_purse(&mut self, place: &Place, cost: Rao, what: &str) {
        let held = tao::coldkey_balance(&self.state, &place.cold);
        let needed = cost.saturating_add(EXISTENTIAL_DEPOSIT);
        if held < needed {
            let (actor, name, what) = (place.actor, place.name.clone(), what.to_owned());
            self.errors.push(FoundingError::Lacks { actor, name, what, needed, held });
        }
    }

    /// Sets the hyperparameters of a subnet. One may be allowed only after another, so what is refused is tried again
    /// as long as that helps.
    fn set_up(&mut self, subnet: &SubnetPlan) {
        let mut left: Vec<Setting> = genesis::all_settings(subnet);
        loop {
            let before = left.len();
            left.retain(|setting| match settings::call(subnet.netuid, setting) {
                Ok(call) => self.call(Origin::Root, call).is_err(),
                // The plan was checked, so every setting is known.
                Err(_) => false,
            });
            if left.is_empty() || left.len() == before {
                break;
            }
        }
        for setting in left {
            let netuid = subnet.netuid;
            let refused =
                self.probe(settings::SUBNET, &setting, |setting| settings::call(netuid, setting).ok());
            if let Some(refused) = refused {
                self.errors.push(FoundingError::Hyperparameter { netuid, refused });
            }
        }
    }

    /// Values of the chain that are written into genesis, as root could set them by a call.
    fn check_chain(&mut self) {
        for setting in &self.plan.chain.settings {
            let refused = self.probe(settings::CHAIN, setting, settings::chain_call);
            if let Some(refused) = refused {
                self.errors.push(FoundingError::Chain { refused });
            }
        }
    }
}

/// A participant that takes its place.
struct Place {
    actor: ActorId,
    name: String,
    role: Role,
    cold: AccountId,
    hot: AccountId,
}
