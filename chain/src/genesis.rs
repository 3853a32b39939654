//! The state before the first block.
//!
//! **Source**: spec/chain.md section 12, and the first line of the reference scenarios.

use crate::account::AccountId;
use crate::block::Hash;
use crate::crypto::{Keypair, blake2_256};
use crate::math::safe_float::SafeFloat;
use crate::runtime::{Constants, Rules, shares};
use crate::state::{AccountInfo, EXISTENTIAL_DEPOSIT, Hyperparams, State, Subnet};
use crate::units::{AlphaRao, NetUid, Rao, TAO};
use parity_scale_codec::{Decode, Encode};

/// A genesis in the making: state, rules, and what the scenario adds to them.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Genesis {
    /// The state of block 0.
    pub state: State,
    /// The rules of the chain.
    pub rules: Rules,
    /// Whether balances count in the subtensor pallet's own `TotalIssuance`, from which emission is computed.
    /// The localnet of the reference leaves it at zero (spec/chain.md 12.2).
    pub counts_balances: bool,
}

/// Issues TAO to an account; gives what it then has free.
pub(crate) fn credit(state: &mut State, account: AccountId, balance: Rao) -> Rao {
    let balances = &mut state.balances;
    balances.total_issuance = balances.total_issuance.saturating_add(balance);
    let new = || AccountInfo { providers: 1, ..AccountInfo::default() };
    let row = balances.accounts.or_insert_with(account, new);
    row.data.free = row.data.free.saturating_add(balance);
    row.data.free
}

/// A genesis that cannot be.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum GenesisError {
    /// An account below the existential deposit.
    #[error("{account} cannot start with {balance} tao: an account holds at least {EXISTENTIAL_DEPOSIT} tao")]
    BelowExistentialDeposit {
        /// Whose.
        account: AccountId,
        /// The balance asked for.
        balance: Rao,
    },
    /// Neither an address nor `//Name`.
    #[error("`{0}` is not an account: expected an SS58 address or //Name of the development phrase")]
    Account(String),
    /// The balances exceed what can exist.
    #[error("the balances sum to more than the 21 million tao that can exist")]
    TooMuchTao,
}

impl Genesis {
    /// Root and subnet 1 as the reference chain starts them, nobody with a balance.
    pub fn new() -> Self {
        let mut state = State::default();
        state.globals_mut().total_networks = 2;
        add_root(&mut state);
        add_subnet_one(&mut state);
        Self { state, rules: Rules::default(), counts_balances: true }
    }

    /// The genesis of the reference scenarios: balances that count in `TotalIssuance`.
    ///
    /// # Errors
    /// Those of [`Genesis::with_balance`].
    pub fn reference(balances: impl IntoIterator<Item = (AccountId, Rao)>) -> Result<Self, GenesisError> {
        balances
            .into_iter()
            .try_fold(Self::new(), |genesis, (account, balance)| genesis.with_balance(account, balance))
    }

    /// A development chain: well-known accounts with TAO, `//Alice` as sudo key, a faucet, and `TotalIssuance` at
    /// zero.
    ///
    /// # Errors
    /// Never for the built-in list; those of [`Genesis::with_balance`].
    pub fn localnet() -> Result<Self, GenesisError> {
        let rules = Rules { pow_faucet: true, ..Rules::default() };
        let genesis = Self { counts_balances: false, rules, ..Self::new() };
        genesis.with(add_limit_orders).with_dev_accounts()
    }

    /// Gives the well-known development accounts their TAO, and makes `//Alice` the sudo key.
    ///
    /// # Errors
    /// Never for the built-in list; those of [`Genesis::with_balance`].
    pub fn with_dev_accounts(self) -> Result<Self, GenesisError> {
        let mut genesis = self;
        for (name, tao) in DEV_ACCOUNTS {
            genesis = genesis.with_balance(account(name)?, Rao(tao.saturating_mul(TAO)))?;
        }
        Ok(genesis.with_sudo(account("//Alice")?))
    }

    /// The values of a chain with fast blocks, as the reference builds it (spec/chain.md 12.2 and 12.3): `//Alice` owns
    /// root there, so that she can start it.
    #[must_use]
    pub fn with_fast_values(mut self) -> Self {
        self.rules.newborn.tempo = 10;
        self.rules.constants = Constants::FAST;
        let globals = self.state.globals_mut();
        globals.network_rate_limit = 0;
        globals.max_epochs_per_block = 32;
        globals.tx_childkey_take_rate_limit = 5;
        globals.pending_childkey_cooldown = 15;
        globals.coldkey_swap_announcement_delay = 50;
        globals.coldkey_swap_reannouncement_delay = 10;
        // The development phrase always gives these two.
        if let (Ok(coldkey), Ok(hotkey)) = (account("//Alice"), account("//Alice_hk")) {
            let root = self.state.subnet_mut(NetUid::ROOT);
            root.owner = coldkey;
            root.owner_hotkey = hotkey;
        }
        self
    }

    /// Adds TAO to an account.
    ///
    /// # Errors
    /// When the account would hold less than the existential deposit, or all together more TAO than can exist.
    pub fn with_balance(mut self, account: AccountId, balance: Rao) -> Result<Self, GenesisError> {
        if credit(&mut self.state, account, balance) < EXISTENTIAL_DEPOSIT {
            return Err(GenesisError::BelowExistentialDeposit { account, balance });
        }
        if self.state.balances.total_issuance > crate::runtime::tao::MAX_ISSUANCE {
            return Err(GenesisError::TooMuchTao);
        }
        if self.counts_balances {
            let globals = self.state.globals_mut();
            globals.total_issuance = globals.total_issuance.saturating_add(balance);
        }
        Ok(self)
    }

    /// Sets the account that may act as root.
    #[must_use]
    pub fn with_sudo(mut self, account: AccountId) -> Self {
        self.state.globals_mut().sudo_key = Some(account);
        self
    }

    /// Sets the rules.
    #[must_use]
    pub fn with_rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// Changes anything else of the state, such as a chain parameter.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut State)) -> Self {
        change(&mut self.state);
        self
    }

    /// What names this genesis: a signature counts for one genesis only.
    pub fn hash(&self) -> Hash {
        blake2_256(&(&self.state, &self.rules).encode())
    }
}

impl Default for Genesis {
    fn default() -> Self {
        Self::new()
    }
}

fn add_root(state: &mut State) {
    let root = state.subnet_mut(NetUid::ROOT);
    *root = Subnet { added: true, has_owner: true, symbol: "Τ".into(), ..Subnet::default() };
    *root.params_mut() = Hyperparams {
        tempo: 100,
        max_allowed_uids: 64,
        max_allowed_validators: 64,
        min_allowed_weights: 0,
        target_registrations_per_interval: 1,
        ..Hyperparams::default()
    };
}

/// The hotkey of the pallet `LimitOrders`, with which its account may stake.
fn add_limit_orders(state: &mut State) {
    let (coldkey, hotkey) = (AccountId::of_pallet(b"bt/limit", &[]), AccountId::of_pallet(b"bt/lmhky", &[]));
    state.hotkey_mut(&hotkey).owner = Some(coldkey);
    let row = state.coldkey_mut(&coldkey);
    row.owned_hotkeys.push(hotkey);
    row.staking_hotkeys.push(hotkey);
}

/// Subnet 1 has one neuron, the zero account, and a pool of 10 TAO that no balance backs. Nobody can start it.
fn add_subnet_one(state: &mut State) {
    let (netuid, nobody) = (NetUid(1), AccountId::zero());
    let stake = AlphaRao(1_000_000_000);
    let subnet = state.subnet_mut(netuid);
    *subnet =
        Subnet { added: true, symbol: "α".into(), locked: Rao(1), largest_locked: 1, ..Subnet::default() };
    *subnet.params_mut() = Hyperparams {
        tempo: 100,
        max_allowed_uids: 256,
        max_allowed_validators: 64,
        min_allowed_weights: 0,
        ..Hyperparams::default()
    };
    subnet.pool.mechanism = 1;
    subnet.pool.tao = Rao(10_000_000_000);
    subnet.pool.alpha_in = AlphaRao(10_000_000_000);
    subnet.pool.alpha_out = stake;
    crate::runtime::calls::uids::append_neuron(subnet, &nobody, 0);
    let shares = SafeFloat::from_u64(stake.get());
    shares::set_row(state, &nobody, &nobody, netuid, shares);
    shares::set_totals(state, &nobody, netuid, stake, shares);
    state.hotkey_mut(&nobody).owner = Some(nobody);
    state.coldkey_mut(&nobody).staking_hotkeys.push(nobody);
}

/// The development accounts, by derivation path or address, and the whole TAO of each (spec/chain.md 12.1).
pub const DEV_ACCOUNTS: [(&str, u64); 11] = [
    ("//Alice", 1_000_000),
    ("//Bob", 1_000_000),
    ("//Charlie", 1_000_000),
    ("//Dave", 2_000),
    ("//Eve", 2_000),
    ("//Ferdie", 2_000),
    ("//One", 2_000),
    ("//Two", 2_000),
    ("//Three", 2_000),
    ("5Fghzk1AJt88PeFEzuRfXzbPchiBbsVGTTXcdx599VdZzkTA", 2_000),
    ("5GeqNhKWj1KG78VHzbmo3ZjZgUTrCuWeamdgiA114XHGdaEr", 2_000),
];

/// The account of a `//Name` of the development phrase, or of an address.
///
/// # Errors
/// [`GenesisError::Account`] when the text is neither.
pub fn account(text: &str) -> Result<AccountId, GenesisError> {
    let wrong = || GenesisError::Account(text.to_owned());
    if text.starts_with("//") {
        return Keypair::dev(text).map(|pair| pair.account()).map_err(|_| wrong());
    }
    text.parse().map_err(|_| wrong())
}
