//! Whole networks for the benchmarks of the block step: subnets with neurons, stake, weights and pools, in state.

use chain::account::AccountId;
use chain::block::BlockInput;
use chain::math::fixed::I96F32;
use chain::runtime::{Env, Exec, Runtime, shares, tao};
use chain::state::{AccountInfo, Neurons, State};
use chain::units::{AlphaRao, NetUid, Rao};
use std::sync::Arc;

use crate::graphs::Numbers;

/// Blocks from epoch to epoch.
const TEMPO: u16 = 360;
/// The first block played; the network has been running for a while.
const START: u64 = 1_000_000;

/// What a network looks like. All subnets are alike but for their figures.
#[derive(Clone, Copy, Debug)]
pub struct Network {
    /// How many, beside root.
    pub subnets: u16,
    /// Neurons of each.
    pub neurons: u16,
    /// The first of them validate; each weighs all neurons.
    pub validators: u16,
    /// Coldkeys with stake on each validator, beside its owner.
    pub nominators: u16,
    /// Whether bonds follow Yuma3.
    pub yuma3: bool,
}

impl Network {
    /// 256 neurons, of which 64 validate, with 3 nominators each.
    #[must_use]
    pub const fn of(subnets: u16) -> Self {
        Self { subnets, neurons: 256, validators: 64, nominators: 3, yuma3: true }
    }

    /// One subnet of 16 neurons, of which 4 validate.
    #[must_use]
    pub const fn small() -> Self {
        Self { subnets: 1, neurons: 16, validators: 4, nominators: 1, yuma3: true }
    }

    /// The state before block [`Play::next`] of a new [`Play`].
    ///
    /// Pools are off balance, so that swaps need the general power function; there is TAO on root, and emission is
    /// more than the pools may take in, so the chain buys alpha of every subnet in every block. Epochs are staggered
    /// over the tempo.
    #[must_use]
    pub fn state(&self) -> State {
        let mut state = State { block: START, ..State::default() };
        let globals = state.globals_mut();
        globals.total_issuance = Rao(9_000_000_000_000_000);
        globals.total_networks = self.subnets + 1;
        state.balances.total_issuance = Rao(9_000_000_000_000_000);
        let env =
            Env { number: START, timestamp_ms: 0, parent_hash: [0; 32], lottery: [0; 32], author: None };
        let root = state.subnet_mut(NetUid::ROOT);
        root.added = true;
        root.pool.subtoken_enabled = true;
        let mut numbers = Numbers::new(self.subnets.into());
        for number in 1..=self.subnets {
            self.add_subnet(&mut state, &env, NetUid(number), &mut numbers);
        }
        state
    }

    fn add_subnet(&self, state: &mut State, env: &Env, netuid: NetUid, numbers: &mut Numbers) {
        let hotkeys: Vec<_> = (0..self.neurons).map(|uid| key(netuid, 0, uid)).collect();
        let subnet = state.subnet_mut(netuid);
        subnet.added = true;
        (subnet.owner, subnet.owner_hotkey, subnet.has_owner) = (key(netuid, 3, 0), key(netuid, 2, 0), true);
        let params = subnet.params_mut();
        (params.tempo, params.activity_cutoff_factor_milli) = (TEMPO, 50_000);
        params.yuma3_on = self.yuma3;
        params.max_allowed_validators = self.validators;
        let pool = &mut subnet.pool;
        pool.mechanism = 1;
        pool.tao = Rao(20_000_000_000_000 + numbers.below(20_000_000_000_000));
        pool.alpha_in = AlphaRao(2_000_000_000_000_000);
        pool.alpha_out = AlphaRao(1_500_000_000_000_000);
        pool.quote_weight = 450_000_000_000_000_000 + numbers.below(50_000_000_000_000_000);
        (pool.swap_initialized, pool.subtoken_enabled) = (true, true);
        pool.moving_price = I96F32(pool.price().to_fixed::<I96F32>().to_bits());
        let schedule = &mut subnet.schedule;
        schedule.first_emission_block = Some(1);
        schedule.last_epoch_block = START - u64::from(netuid.number() % TEMPO);
        schedule.last_mechanism_step_block = schedule.last_epoch_block;
        self.add_neurons(state, netuid, &hotkeys, numbers);
        self.add_stake(state, env, netuid, &hotkeys, numbers);
    }

    fn add_neurons(&self, state: &mut State, netuid: NetUid, hotkeys: &[AccountId], numbers: &mut Numbers) {
        let n = hotkeys.len();
        let subnet = state.subnet_mut(netuid);
        *subnet.neurons_mut() = Neurons {
            keys: hotkeys.to_vec(),
            uids: hotkeys.iter().copied().zip(0..).collect(),
            block_at_registration: vec![1; n],
            active: vec![true; n],
            emission: vec![AlphaRao::ZERO; n],
            consensus: vec![0; n],
            dividends: vec![0; n],
            validator_trust: vec![0; n],
            validator_permit: (0..self.neurons).map(|uid| uid < self.validators).collect(),
            stake_weight: vec![0; n],
        };
        let mechanism = subnet.mechanism_mut(0);
        mechanism.incentive = vec![0; n];
        mechanism.last_update = vec![START; n];
        mechanism.weights = (0..self.neurons)
            .map(|uid| match uid < self.validators {
                true => {
                    Arc::new((0..self.neurons).map(|to| (to, 1 + numbers.below(65_535) as u16)).collect())
                }
                false => Arc::default(),
            })
            .collect();
    }

    fn add_stake(
        &self,
        state: &mut State,
        env: &Env,
        netuid: NetUid,
        hotkeys: &[AccountId],
        numbers: &mut Numbers,
    ) {
        let owners = (0..self.neurons).map(|uid| key(netuid, 1, uid));
        let owned = owners.zip(hotkeys.iter().copied()).chain([(key(netuid, 3, 0), key(netuid, 2, 0))]);
        for (coldkey, hotkey) in owned {
            state.hotkey_mut(&hotkey).owner = Some(coldkey);
            state.coldkey_mut(&coldkey).owned_hotkeys.push(hotkey);
            let mut account = AccountInfo { providers: 1, ..AccountInfo::default() };
            account.data.free = Rao(1_000_000_000);
            state.balances.accounts.insert(coldkey, account);
        }
        let mut exec = Exec::new(state, env);
        for (uid, hotkey) in (0..self.neurons).zip(hotkeys) {
            let stake =
                |numbers: &mut Numbers| AlphaRao(1_000_000_000_000 + numbers.below(1_000_000_000_000));
            let amount = stake(numbers);
            shares::increase_stake(&mut exec, hotkey, &key(netuid, 1, uid), netuid, amount);
            if uid < self.validators {
                for nominator in 0..self.nominators {
                    let coldkey = key(netuid, 4, uid * self.nominators + nominator);
                    let amount = stake(numbers);
                    shares::increase_stake(&mut exec, hotkey, &coldkey, netuid, amount);
                }
                let root = stake(numbers);
                shares::increase_stake(&mut exec, hotkey, &key(netuid, 1, uid), NetUid::ROOT, root);
                let pool = &mut exec.state.subnet_mut(NetUid::ROOT).pool;
                pool.tao = pool.tao.saturating_add(Rao(root.get()));
                pool.alpha_out = pool.alpha_out.saturating_add(root);
            }
        }
        let held = exec.state.subnet(netuid).map_or(Rao::ZERO, |subnet| subnet.pool.tao);
        let mut account = AccountInfo { providers: 1, ..AccountInfo::default() };
        account.data.free = held;
        exec.state.balances.accounts.insert(tao::subnet_account(netuid), account);
    }
}

/// An account of a subnet.
fn key(netuid: NetUid, kind: u64, number: u16) -> AccountId {
    AccountId::from_number(1 << 40 | u64::from(netuid.number()) << 24 | kind << 16 | u64::from(number))
}

/// Plays blocks without extrinsics.
#[derive(Debug)]
pub struct Play {
    /// The state after the last block.
    pub state: State,
    runtime: Runtime,
}

impl Play {
    /// Ready for the first block.
    #[must_use]
    pub fn new(state: State) -> Self {
        Self { state, runtime: Runtime::default() }
    }

    /// Executes one block.
    pub fn next(&mut self) {
        let number = self.state.block + 1;
        let mut lottery = [0; 32];
        lottery[..8].copy_from_slice(&Numbers::new(number).next().to_be_bytes());
        let timestamp_ms = number * 12_000;
        let input = BlockInput {
            number,
            timestamp_ms,
            parent_hash: lottery,
            lottery,
            author: None,
            extrinsics: Vec::new(),
        };
        std::hint::black_box(self.runtime.execute_block(&mut self.state, &input));
    }
}
