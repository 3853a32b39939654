//! [`Chain`]: a chain in memory for tests.

use crate::account::AccountId;
use crate::api::View;
use crate::api::metagraph::{Metagraph, whole};
use crate::block::{BlockInput, Extrinsic, Failure, Header, Sealed};
use crate::call::RuntimeCall;
use crate::crypto::blake2_256;
use crate::event::Event;
use crate::genesis::{Genesis, credit};
use crate::runtime::{Runtime, shares};
use crate::state::State;
use crate::units::{AlphaRao, BlockNumber, NetUid, Rao};
use parity_scale_codec::Encode as _;
use std::sync::Arc;

/// Milliseconds from block to block.
const BLOCK_TIME_MS: u64 = 12_000;

/// A chain in memory: accounts by name, calls, blocks, time.
///
/// Every call is dispatched in a block of its own, as if signed by its account, without signature, nonce or fee; the rules
/// are those of every other chain of this crate. The same calls give the same state.
///
/// ```
/// use chain::Chain;
/// use chain::call::subtensor::Call;
/// use chain::units::{NetUid, Rao, TAO};
///
/// let mut chain = Chain::new();
/// for name in ["olga", "vera", "mia"] {
///     chain.fund(name, Rao(5_000 * TAO));
/// }
/// let [olga, vera, mia] = ["olga-hotkey", "vera-hotkey", "mia-hotkey"].map(Chain::account);
/// chain.call("olga", Call::RegisterNetwork { hotkey: olga })?;
/// let netuid = NetUid(2);
/// chain.call("olga", Call::StartCall { netuid })?;
/// chain.call("vera", Call::BurnedRegister { netuid, hotkey: vera })?;
/// chain.call("mia", Call::BurnedRegister { netuid, hotkey: mia })?;
/// chain.call("vera", Call::AddStake { hotkey: vera, netuid, amount_staked: Rao(1_000 * TAO) })?;
///
/// // An epoch gives the validator its permit, the next one pays by its weights.
/// chain.run_to_epoch(netuid);
/// let weights = Call::SetWeights { netuid, dests: vec![2], weights: vec![65_535], version_key: 0 };
/// chain.call("vera-hotkey", weights)?;
/// chain.run_to_epoch(netuid);
/// let metagraph = chain.metagraph(netuid).unwrap();
/// assert_eq!(metagraph.incentives[2].0, 65_535);
/// assert!(metagraph.emission[2].0.get() > 0);
/// # Ok::<(), chain::block::Failure>(())
/// ```
#[derive(Debug)]
pub struct Chain {
    runtime: Runtime,
    head: Sealed,
}

/// A block to which [`Chain::revert`] goes back. It shares what it has in common with the chain.
#[derive(Clone, Debug)]
pub struct ChainSnapshot(Sealed);

impl Chain {
    /// A chain with short delays: tempo 10, no admin freeze window, no rate limit on subnets, weights and axons, commit-reveal
    /// off for new subnets. Root and subnet 1 exist; no account holds TAO.
    #[must_use]
    pub fn new() -> Self {
        let mut genesis = Genesis::new().with_fast_values();
        genesis.rules.newborn.commit_reveal = false;
        genesis.rules.newborn.rate_limited = false;
        genesis.state.globals_mut().admin_freeze_window = 0;
        Self::with_genesis(genesis)
    }

    /// A chain that begins with `genesis`.
    #[must_use]
    pub fn with_genesis(genesis: Genesis) -> Self {
        let header = Header {
            parent_hash: [0; 32],
            number: 0,
            state_root: [0; 32],
            extrinsics_root: [0; 32],
            digest: Vec::new(),
        };
        let hash = header.hash();
        let head = Sealed {
            state: genesis.state,
            header,
            hash,
            timestamp_ms: 0,
            events: Arc::default(),
            receipts: Arc::default(),
        };
        Self { runtime: Runtime::new(genesis.rules, hash), head }
    }

    /// The account of a name: the same in every chain.
    #[must_use]
    pub fn account(name: &str) -> AccountId {
        AccountId::new(blake2_256(name.as_bytes()))
    }

    /// Adds TAO to the account of a name, outside of any block. Total issuance grows with it.
    pub fn fund(&mut self, name: &str, amount: Rao) {
        let state = &mut self.head.state;
        credit(state, Self::account(name), amount);
        let globals = state.globals_mut();
        globals.total_issuance = globals.total_issuance.saturating_add(amount);
    }

    /// Dispatches a call of the account of a name in the next block; gives the call's events.
    ///
    /// # Errors
    /// Why the call was not dispatched, or failed. The block is sealed all the same.
    pub fn call(&mut self, name: &str, call: impl Into<RuntimeCall>) -> Result<Vec<Event>, Failure> {
        self.dispatch(Extrinsic::Unchecked { who: Self::account(name), call: call.into() })
    }

    /// Dispatches a call as root in the next block; gives the call's events.
    ///
    /// # Errors
    /// Those of [`Chain::call`].
    pub fn sudo(&mut self, call: impl Into<RuntimeCall>) -> Result<Vec<Event>, Failure> {
        self.dispatch(Extrinsic::Root(call.into()))
    }

    fn dispatch(&mut self, extrinsic: Extrinsic) -> Result<Vec<Event>, Failure> {
        self.seal(vec![extrinsic]);
        match self.head.receipts.first() {
            Some(receipt) => receipt.result.clone()?,
            None => return Ok(Vec::new()),
        }
        let own = self.head.events.iter().filter(|record| record.extrinsic == Some(0));
        Ok(own.map(|record| record.event.clone()).collect())
    }

    /// Seals empty blocks.
    pub fn mine(&mut self, blocks: u64) {
        for _ in 0..blocks {
            self.seal(Vec::new());
        }
    }

    /// Seals blocks until the subnet's next epoch has run, and gives the block in which it ran. `None` without a block for a
    /// subnet that does not exist or has no tempo, and for root, which has no epochs; `None` after two tempos without one.
    pub fn run_to_epoch(&mut self, netuid: NetUid) -> Option<BlockNumber> {
        let subnet = self.state().subnet(netuid).filter(|subnet| subnet.added && !netuid.is_root())?;
        let last = |chain: &Self| chain.state().subnet(netuid).map(|subnet| subnet.schedule.last_epoch_block);
        let before = last(self);
        // Epochs of other subnets may put one off by some blocks.
        let patience = u64::from(subnet.params.tempo).saturating_mul(2);
        for _ in 0..patience {
            self.mine(1);
            if last(self) != before {
                return Some(self.block());
            }
        }
        None
    }

    /// Moves the clock forward; the next block comes one block time after it.
    pub const fn increase_time(&mut self, ms: u64) {
        self.head.timestamp_ms = self.head.timestamp_ms.saturating_add(ms);
    }

    fn seal(&mut self, extrinsics: Vec<Extrinsic>) {
        let number = self.block().saturating_add(1);
        let input = BlockInput {
            number,
            timestamp_ms: self.head.timestamp_ms.saturating_add(BLOCK_TIME_MS),
            parent_hash: self.head.hash,
            lottery: blake2_256(&number.encode()),
            author: None,
            extrinsics,
        };
        let outcome = self.runtime.execute_block(&mut self.head.state, &input);
        let header = Header {
            parent_hash: input.parent_hash,
            number: u32::try_from(number).unwrap_or(u32::MAX),
            state_root: [0; 32],
            extrinsics_root: blake2_256(&input.encode()),
            digest: Vec::new(),
        };
        self.head.hash = header.hash();
        self.head.header = header;
        self.head.timestamp_ms = input.timestamp_ms;
        self.head.events = Arc::new(outcome.events);
        self.head.receipts = Arc::new(outcome.receipts);
    }

    /// The chain as it is, to go back to.
    #[must_use]
    pub fn snapshot(&self) -> ChainSnapshot {
        ChainSnapshot(self.head.clone())
    }

    /// Goes back to a snapshot of this chain.
    pub fn revert(&mut self, snapshot: &ChainSnapshot) {
        self.head = snapshot.0.clone();
    }

    /// Height of the last block; 0 at genesis.
    #[must_use]
    pub const fn block(&self) -> BlockNumber {
        self.head.state.block
    }

    /// The last block with its events and receipts.
    #[must_use]
    pub const fn head(&self) -> &Sealed {
        &self.head
    }

    /// The state after the last block.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.head.state
    }

    /// The state, to set up what no call sets up.
    pub const fn state_mut(&mut self) -> &mut State {
        &mut self.head.state
    }

    /// TAO of the account of a name that is neither reserved nor staked.
    #[must_use]
    pub fn free(&self, name: &str) -> Rao {
        self.state().balances.accounts.get(&Self::account(name)).map_or(Rao::ZERO, |row| row.data.free)
    }

    /// Stake of the account of a name with a hotkey on a subnet.
    #[must_use]
    pub fn stake(&self, name: &str, hotkey: &AccountId, netuid: NetUid) -> AlphaRao {
        shares::stake(self.state(), hotkey, &Self::account(name), netuid)
    }

    /// Answer of the runtime API `get_metagraph`; `None` for a subnet that does not exist.
    #[must_use]
    pub fn metagraph(&self, netuid: NetUid) -> Option<Metagraph> {
        whole(&View { sealed: &self.head, rules: &self.runtime.rules }, netuid)
    }
}

impl Default for Chain {
    fn default() -> Self {
        Self::new()
    }
}
