//! A network as it stood somewhere else, as a chain can begin with it.
//!
//! It names who holds what and who stands where, in plain data; what the chain derives from that (share pools,
//! issuance, the pools' accounts) is made here. Heights of the other network mean nothing: everyone registered at
//! block 0, and who had weights set them just after.

use crate::account::AccountId;
use crate::genesis::{Genesis, GenesisError};
use crate::math::safe_float::SafeFloat;
use crate::runtime::calls::uids::append_neuron;
use crate::runtime::shares;
use crate::runtime::step::claims;
use crate::runtime::tao::subnet_account;
use crate::state::{Hyperparams, State, Subnet};
use crate::units::{AlphaRao, NetUid, Rao, TAO, Uid};
use parity_scale_codec::{Decode, Encode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The version of the form that this program reads and writes.
pub const FORMAT: u32 = 1;
/// Members that root can have.
const ROOT_SEATS: usize = 64;

/// A network as it stood.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// Version of the form.
    pub schema: u32,
    /// Free TAO, in rao, by account.
    pub balances: Vec<(AccountId, Rao)>,
    /// Subnets other than root, by number.
    pub subnets: Vec<SubnetSnapshot>,
}

/// A subnet as it stood.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubnetSnapshot {
    /// Its number.
    pub netuid: NetUid,
    /// Its owner, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owner>,
    /// The reserves of its pool; without them everything is one to one, and the TAO is that of its stake.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<Reserves>,
    /// Hyperparameters that are known; the others are those of a new subnet.
    #[serde(default)]
    pub params: Params,
    /// Its neurons by uid.
    pub neurons: Vec<NeuronSnapshot>,
}

/// Who owns a subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// Coldkey.
    pub coldkey: AccountId,
    /// Hotkey.
    pub hotkey: AccountId,
}

/// Reserves of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserves {
    /// TAO, rao.
    pub tao: Rao,
    /// Alpha, rao.
    pub alpha: AlphaRao,
}

macro_rules! params {
    ($($(#[$doc:meta])* $name:ident: $ty:ty => $field:ident,)*) => {
        /// Hyperparameters that a snapshot can carry.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct Params {
            $($(#[$doc])* #[serde(skip_serializing_if = "Option::is_none")] pub $name: Option<$ty>,)*
        }
        impl Params {
            fn apply(&self, params: &mut Hyperparams) {
                $(if let Some(value) = self.$name { params.$field = value; })*
            }
        }
    };
}

params! {
    /// Blocks from epoch to epoch.
    tempo: u16 => tempo,
    /// Share of stake that must agree, of 65,535.
    kappa: u16 => kappa,
    /// Blocks before a newcomer can be pruned.
    immunity_period: u16 => immunity_period,
    /// Neurons that may hold a permit.
    max_validators: u16 => max_allowed_validators,
    /// Blocks between two weights of one neuron.
    weights_rate_limit: u64 => weights_set_rate_limit,
    /// Whether weights are committed first.
    commit_reveal_weights_enabled: bool => commit_reveal_weights_enabled,
    /// Whether bonds move at their own pace.
    liquid_alpha_enabled: bool => liquid_alpha_on,
    /// Whether the third consensus runs.
    yuma3_enabled: bool => yuma3_on,
}

/// A neuron as it stood.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeuronSnapshot {
    /// Hotkey.
    pub hotkey: AccountId,
    /// Coldkey that owns it.
    pub coldkey: AccountId,
    /// Alpha staked with it, rao; taken as the coldkey's own.
    #[serde(default)]
    pub stake: AlphaRao,
    /// TAO staked with it on root, rao; likewise.
    #[serde(default)]
    pub root_stake: Rao,
    /// Whether its weights count.
    #[serde(default)]
    pub validator_permit: bool,
    /// Its weights: (uid, weight).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weights: Vec<(Uid, u16)>,
    /// Its bonds: (uid, bond).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bonds: Vec<(Uid, u16)>,
}

/// What is wrong with a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {what}")]
pub struct SnapshotError {
    /// Where, such as `subnets[0].neurons[17].hotkey`.
    pub path: String,
    /// What.
    pub what: String,
}

impl Snapshot {
    /// Whether a chain can begin with it.
    ///
    /// # Errors
    /// The first thing that cannot be: another form, an account, netuid or hotkey twice, a uid that nobody has, more
    /// TAO or alpha than can exist.
    pub fn check(&self) -> Result<(), SnapshotError> {
        if self.schema != FORMAT {
            return refuse(
                "schema",
                format!("{} is not a form that this version reads: {FORMAT}", self.schema),
            );
        }
        let mut accounts = BTreeSet::new();
        let mut tao = 0_u64;
        for (at, (account, balance)) in self.balances.iter().enumerate() {
            let path = format!("balances[{at}]");
            if !accounts.insert(account) {
                return refuse(&path, format!("{account} has a balance already"));
            }
            add(&mut tao, balance.get(), &path, "TAO")?;
        }
        let mut netuids = BTreeSet::new();
        for (at, subnet) in self.subnets.iter().enumerate() {
            let path = format!("subnets[{at}]");
            if subnet.netuid.is_root() || !netuids.insert(subnet.netuid.number()) {
                return refuse(
                    &format!("{path}.netuid"),
                    format!("{} is root or stands twice", subnet.netuid),
                );
            }
            subnet.check(&path, &mut tao)?;
        }
        self.check_owners()
    }

    /// A hotkey belongs to one coldkey, on whatever subnet.
    fn check_owners(&self) -> Result<(), SnapshotError> {
        let mut owners = std::collections::BTreeMap::new();
        for (at, subnet) in self.subnets.iter().enumerate() {
            for (uid, neuron) in subnet.neurons.iter().enumerate() {
                if *owners.entry(neuron.hotkey).or_insert(neuron.coldkey) != neuron.coldkey {
                    let path = format!("subnets[{at}].neurons[{uid}].coldkey");
                    return refuse(&path, format!("{} belongs to another coldkey elsewhere", neuron.hotkey));
                }
            }
        }
        Ok(())
    }

    /// The numbers of its subnets.
    pub fn netuids(&self) -> impl Iterator<Item = NetUid> + '_ {
        self.subnets.iter().map(|subnet| subnet.netuid)
    }

    /// Puts it into a genesis that has neither accounts nor subnets but root.
    ///
    /// # Errors
    /// When a balance is too small or all of them are too large for the chain.
    pub fn found(&self, mut genesis: Genesis) -> Result<Genesis, GenesisError> {
        for (account, balance) in &self.balances {
            genesis = genesis.with_balance(*account, *balance)?;
        }
        for subnet in &self.subnets {
            genesis = genesis.with(|state| subnet.found(state));
            let tao = genesis.state.subnet(subnet.netuid).map_or(Rao::ZERO, |row| row.pool.tao);
            genesis = with_stake(genesis, subnet.netuid, tao)?;
        }
        genesis = genesis.with(seat_root);
        let tao = genesis.state.subnet(NetUid::ROOT).map_or(Rao::ZERO, |root| root.pool.tao);
        with_stake(genesis, NetUid::ROOT, tao)
    }
}

impl SubnetSnapshot {
    fn check(&self, path: &str, tao: &mut u64) -> Result<(), SnapshotError> {
        let n = self.neurons.len();
        if Uid::try_from(n).is_err() {
            return refuse(&format!("{path}.neurons"), format!("{n} neurons are more than there are uids"));
        }
        let mut alpha = 0_u64;
        if let Some(pool) = self.pool {
            add(tao, pool.tao.get(), &format!("{path}.pool.tao"), "TAO")?;
            add(&mut alpha, pool.alpha.get(), &format!("{path}.pool.alpha"), "alpha")?;
        }
        let mut hotkeys = BTreeSet::new();
        for (uid, neuron) in self.neurons.iter().enumerate() {
            let path = format!("{path}.neurons[{uid}]");
            if !hotkeys.insert(neuron.hotkey) {
                return refuse(&format!("{path}.hotkey"), format!("{} stands twice", neuron.hotkey));
            }
            add(&mut alpha, neuron.stake.get(), &format!("{path}.stake"), "alpha")?;
            if self.pool.is_none() {
                add(tao, neuron.stake.get(), &format!("{path}.stake"), "TAO")?;
            }
            add(tao, neuron.root_stake.get(), &format!("{path}.root_stake"), "TAO")?;
            check_row(&neuron.weights, n, &format!("{path}.weights"))?;
            check_row(&neuron.bonds, n, &format!("{path}.bonds"))?;
        }
        Ok(())
    }

    fn found(&self, state: &mut State) {
        let staked = self.neurons.iter().fold(AlphaRao::ZERO, |sum, one| sum.saturating_add(one.stake));
        let subnet = state.subnet_mut(self.netuid);
        *subnet = Subnet { added: true, ..Subnet::default() };
        let n = u16::try_from(self.neurons.len()).unwrap_or(u16::MAX);
        let params = subnet.params_mut();
        *params = Hyperparams {
            max_allowed_uids: n.max(256),
            max_allowed_validators: 64,
            min_allowed_weights: 1,
            immunity_period: 5_000,
            yuma3_on: true,
            commit_reveal_weights_enabled: false,
            ..Hyperparams::default()
        };
        self.params.apply(params);
        if let Some(owner) = self.owner {
            (subnet.owner, subnet.owner_hotkey, subnet.has_owner) = (owner.coldkey, owner.hotkey, true);
        }
        let pool = &mut subnet.pool;
        match self.pool {
            Some(reserves) => (pool.mechanism, pool.tao, pool.alpha_in) = (1, reserves.tao, reserves.alpha),
            None => pool.tao = Rao(staked.get()),
        }
        pool.alpha_out = staked;
        pool.mint(pool.alpha_issuance());
        pool.subtoken_enabled = true;
        subnet.schedule.first_emission_block = Some(1);
        subnet.registration.burn = Rao(TAO);
        for neuron in &self.neurons {
            append_neuron(subnet, &neuron.hotkey, 0);
        }
        self.set_rows(subnet);
        for neuron in &self.neurons {
            own(state, &neuron.hotkey, &neuron.coldkey);
            stake(state, neuron, self.netuid, neuron.stake);
            stake(state, neuron, NetUid::ROOT, AlphaRao(neuron.root_stake.get()));
        }
        let networks = &mut state.globals_mut().total_networks;
        *networks = networks.saturating_add(1);
    }

    /// Permits, weights and bonds.
    fn set_rows(&self, subnet: &mut Subnet) {
        let mechanism = subnet.mechanism_mut(0);
        mechanism.weights = self.neurons.iter().map(|neuron| Arc::new(neuron.weights.clone())).collect();
        mechanism.bonds = self.neurons.iter().map(|neuron| Arc::new(neuron.bonds.clone())).collect();
        for (updated, neuron) in mechanism.last_update.iter_mut().zip(&self.neurons) {
            // Weights count when they are younger than those they are given to.
            *updated = u64::from(!neuron.weights.is_empty());
        }
        let permits = self.neurons.iter().map(|neuron| neuron.validator_permit).collect();
        subnet.neurons_mut().validator_permit = permits;
    }
}

/// Makes a coldkey the owner of a hotkey.
fn own(state: &mut State, hotkey: &AccountId, coldkey: &AccountId) {
    let row = state.hotkey_mut(hotkey);
    if row.owner.is_none() {
        row.owner = Some(*coldkey);
        let row = state.coldkey_mut(coldkey);
        row.owned_hotkeys.push(*hotkey);
        row.staking_hotkeys.push(*hotkey);
    }
}

/// The neuron's coldkey holds all of its stake.
fn stake(state: &mut State, neuron: &NeuronSnapshot, netuid: NetUid, amount: AlphaRao) {
    let before = shares::hotkey_stake(state, &neuron.hotkey, netuid);
    let amount = before.saturating_add(amount);
    if amount.is_zero() {
        return;
    }
    let whole = SafeFloat::from_u64(amount.get());
    shares::set_row(state, &neuron.hotkey, &neuron.coldkey, netuid, whole);
    shares::set_totals(state, &neuron.hotkey, netuid, amount, whole);
    if netuid.is_root() {
        claims::add_to_index(state, &neuron.coldkey);
    }
}

/// Root's pool is its stake; those with the most of it are its members.
fn seat_root(state: &mut State) {
    let stakes = state.subnet(NetUid::ROOT).map(|root| &root.stake);
    let mut members: Vec<_> =
        stakes.into_iter().flat_map(|rows| rows.iter()).map(|(hotkey, pool)| (pool.value, *hotkey)).collect();
    members.sort_by(|a, b| b.cmp(a));
    let total = members.iter().fold(AlphaRao::ZERO, |sum, (stake, _)| sum.saturating_add(*stake));
    let root = state.subnet_mut(NetUid::ROOT);
    root.pool.tao = Rao(total.get());
    root.pool.alpha_out = total;
    root.pool.total_alpha_issuance = total;
    for (_, hotkey) in members.iter().take(ROOT_SEATS) {
        append_neuron(root, hotkey, 0);
    }
}

/// The TAO of a pool lies on the subnet's account and counts as staked.
fn with_stake(genesis: Genesis, netuid: NetUid, tao: Rao) -> Result<Genesis, GenesisError> {
    if tao.is_zero() {
        return Ok(genesis);
    }
    let genesis = genesis.with(|state| {
        let globals = state.globals_mut();
        globals.total_stake = globals.total_stake.saturating_add(tao);
    });
    genesis.with_balance(subnet_account(netuid), tao)
}

fn check_row(row: &[(Uid, u16)], n: usize, path: &str) -> Result<(), SnapshotError> {
    let mut seen = BTreeSet::new();
    for (at, (uid, _)) in row.iter().enumerate() {
        let path = format!("{path}[{at}]");
        if usize::from(*uid) >= n {
            return refuse(&path, format!("uid {uid} is unknown: there are {n} neurons"));
        }
        if !seen.insert(*uid) {
            return refuse(&path, format!("uid {uid} stands twice"));
        }
    }
    Ok(())
}

/// Adds an amount to a sum that may not pass what can exist.
fn add(sum: &mut u64, amount: u64, path: &str, of: &str) -> Result<(), SnapshotError> {
    *sum = sum.saturating_add(amount);
    if *sum > crate::emission_schedule::TOTAL_SUPPLY {
        return refuse(path, format!("with this there are more than the 21 million {of} that can exist"));
    }
    Ok(())
}

fn refuse<T>(path: &str, what: String) -> Result<T, SnapshotError> {
    Err(SnapshotError { path: path.to_owned(), what })
}
