//! A live chain: blocks sealed by a clock, by arrivals or on demand, and what readers share.
//!
//! One thread owns the run and its ledger and seals blocks ([`Engine`]). Readers never wait for it: they take a
//! sealed block from the [`History`] and read its state, which shares structure with all others.

mod dev;
mod dump;
mod engine;
mod history;
mod moments;
mod outside;
mod plan;
mod pool;
mod resume;
pub mod shield;

pub use dev::{DevError, Mishap, Outcome};
pub use dump::{Checked, Origin};
pub use engine::{Engine, Order, Start};
pub use history::{Block, History};
pub use moments::{Snapshots, dumps_to};
pub use plan::{Choice, plan};
pub use pool::{Pool, Refusal, Status};

use chain::account::AccountId;
use chain::block::{Extrinsic, Hash, InvalidTransaction, Receipt, Sealed, SignedExtrinsic};
use chain::runtime::{Env, Rules, Runtime, Validity};
use chain::wire::metadata::ChainConstants;
use chain::wire::{DecodeError, Unchecked, extrinsic_hash};
use shield::Shield;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, mpsc};
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::sync::mpsc::UnboundedSender;

/// News that a slow subscriber may be behind before it loses some: each block is sealed and becomes final.
const NEWS: usize = 2_048;
/// Without an interval no block need follow: after this long without one the head is final. So long too is the least time
/// between telling a client that its extrinsic is in a block and that the block is final: polkadot.js looks up the block
/// first, and never tells its caller `inBlock` if it hears `finalized` meanwhile.
pub const SETTLE: Duration = Duration::from_millis(750);

/// What happens to the chain, in its order.
#[derive(Clone, Debug)]
pub enum News {
    /// A block was sealed: it is the newest.
    Sealed(Arc<Block>),
    /// The chain went back or was replaced: this is the newest block now.
    Back(Arc<Block>),
    /// This block is final.
    Final(Arc<Block>),
}

/// A chain from a moment on.
#[derive(Debug)]
pub struct Followed {
    /// The newest block.
    pub head: Arc<Block>,
    /// The newest final block.
    pub last_final: Arc<Block>,
    /// What comes after.
    pub news: broadcast::Receiver<News>,
}

/// What the node's thread and its readers share.
#[derive(Debug)]
pub struct Shared {
    history: RwLock<History>,
    pool: Mutex<Pool>,
    finality: u64,
    news: broadcast::Sender<News>,
    orders: mpsc::Sender<Order>,
    runtime: Runtime,
    genesis: Hash,
    figures: ChainConstants,
    metadata: [OnceLock<Vec<u8>>; 2],
    shield: Shield,
    chain_name: String,
}

/// Why an extrinsic is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// It cannot be read.
    Format(DecodeError),
    /// The chain would not take it.
    Invalid(InvalidTransaction),
    /// The pool does not take it: why, and its hash.
    Pool(Refusal, Hash),
}

/// What a [`Shared`] is made of.
#[derive(Debug)]
pub struct Parts {
    /// Block 0 and the window.
    pub history: History,
    /// How many extrinsics may wait.
    pub pool_limit: usize,
    /// Blocks on top of which a block is final.
    pub finality: u64,
    /// The rules, by which extrinsics are checked before they wait.
    pub rules: Rules,
    /// What the metadata says of this chain.
    pub figures: ChainConstants,
    /// The key that opens encrypted extrinsics.
    pub shield: Shield,
    /// Where the node's thread takes orders.
    pub orders: mpsc::Sender<Order>,
}

impl Shared {
    /// The shared part of a node.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let genesis = parts.history.genesis();
        Self {
            history: RwLock::new(parts.history),
            pool: Mutex::new(Pool::new(parts.pool_limit)),
            finality: parts.finality,
            news: broadcast::channel(NEWS).0,
            orders: parts.orders,
            runtime: Runtime::new(parts.rules, genesis),
            genesis,
            figures: parts.figures,
            metadata: [OnceLock::new(), OnceLock::new()],
            shield: parts.shield,
            chain_name: "Bittensor".to_owned(),
        }
    }

    /// The newest block.
    #[must_use]
    pub fn head(&self) -> Arc<Block> {
        Arc::clone(self.past().head())
    }
    /// The newest final block.
    #[must_use]
    pub fn final_head(&self) -> Arc<Block> {
        self.past().final_head()
    }
    /// Blocks on top of which a block is final.
    #[must_use]
    pub const fn finality(&self) -> u64 {
        self.finality
    }
    /// The block of a height.
    #[must_use]
    pub fn block_at(&self, number: u64) -> Option<Arc<Block>> {
        self.past().at(number)
    }
    /// The block of a hash.
    #[must_use]
    pub fn block_of(&self, hash: &Hash) -> Option<Arc<Block>> {
        self.past().of(hash)
    }
    /// Hash of block 0.
    #[must_use]
    pub const fn genesis(&self) -> Hash {
        self.genesis
    }
    /// The rules of the chain.
    #[must_use]
    pub const fn rules(&self) -> &Rules {
        &self.runtime.rules
    }
    /// The name of the chain, as clients show it.
    #[must_use]
    pub fn chain_name(&self) -> &str {
        &self.chain_name
    }
    /// The chain as it is, and all news from then on.
    #[must_use]
    pub fn follow(&self) -> Followed {
        // News are told under the same lock, so that none is told twice or out of turn.
        let history = self.past();
        Followed {
            head: Arc::clone(history.head()),
            last_final: history.final_head(),
            news: self.news.subscribe(),
        }
    }

    /// Adds a block that was sealed.
    fn add(&self, block: &Arc<Block>) {
        let mut history = self.write();
        history.push(Arc::clone(block));
        // Without a listener the news are lost, here and below.
        let _ = self.news.send(News::Sealed(Arc::clone(block)));
    }

    /// Makes a block, and all before it, final.
    fn finalise(&self, number: u64) {
        let mut history = self.write();
        let (before, ()) = (history.last_final(), history.finalise(number));
        let last = history.last_final();
        for height in before.saturating_add(1)..=last {
            if let Some(block) = history.at(height) {
                let _ = self.news.send(News::Final(block));
            }
        }
        drop(history);
        self.lock_pool().finalised(last);
    }

    /// Tells of a chain that took the place of another.
    fn replaced(&self) {
        let mut history = self.write();
        let head = Arc::clone(history.head());
        history.finalise(head.number.saturating_sub(self.finality));
        let _ = self.news.send(News::Back(head));
    }

    /// Puts another past in the place of this one.
    fn go_back(&self, head: &Arc<Block>) {
        let mut history = self.write();
        let same = history.head().hash == head.hash;
        history.rewind(head);
        if same {
            return;
        }
        let _ = self.news.send(News::Back(Arc::clone(head)));
    }
    /// Hash of the block of a height, even where nothing else of it is kept.
    #[must_use]
    pub fn hash_at(&self, number: u64) -> Option<Hash> {
        self.past().hash_at(number)
    }
    /// Height of the block of a hash, even where nothing else of it is kept.
    #[must_use]
    pub fn number_of(&self, hash: &Hash) -> Option<u64> {
        self.past().number_of(hash)
    }
    /// Whether a hash is that of a block of which nothing is kept.
    #[must_use]
    pub fn has_left(&self, hash: &Hash) -> bool {
        self.past().has_left(hash)
    }
    /// The key for encrypted extrinsics.
    #[must_use]
    pub const fn shield(&self) -> &Shield {
        &self.shield
    }
    /// Metadata of version 14 or 15, made at the first question.
    #[must_use]
    pub fn metadata(&self, version: u32) -> Option<&[u8]> {
        let [v14, v15] = &self.metadata;
        match version {
            14 => Some(v14.get_or_init(|| chain::wire::metadata::v14(&self.figures))),
            15 => Some(v15.get_or_init(|| chain::wire::metadata::v15(&self.figures))),
            _ => None,
        }
    }
    /// Sends an order to the node's thread; false when it has ended.
    pub fn order(&self, order: Order) -> bool {
        self.orders.send(order).is_ok()
    }

    /// Reads the bytes of an extrinsic, as one that comes after a block.
    ///
    /// # Errors
    /// For bytes that are no extrinsic, and one that was born in no block of this chain.
    pub fn read(&self, head: &Block, bytes: &[u8]) -> Result<SignedExtrinsic, Rejection> {
        let unchecked = Unchecked::read(bytes).map_err(Rejection::Format)?;
        let birth = match unchecked.birth(head.number) {
            0 => self.genesis,
            number => match self.block_at(number) {
                Some(block) => block.hash,
                // A birth in the future, or long ago.
                None => return Err(Rejection::Invalid(InvalidTransaction::AncientBirthBlock)),
            },
        };
        Ok(unchecked.born(head.number, birth))
    }

    /// Takes the bytes of an extrinsic into the pool, if the chain would take it next.
    ///
    /// # Errors
    /// Why not.
    pub fn submit(&self, bytes: &[u8], watcher: Option<UnboundedSender<Status>>) -> Result<Hash, Rejection> {
        let head = self.head();
        let extrinsic = self.read(&head, bytes)?;
        self.validate(&head, &extrinsic).map_err(Rejection::Invalid)?;
        let hash = extrinsic_hash(bytes);
        let nonce = nonce_of(&head, &extrinsic.signer);
        let taken = self.lock_pool().add(hash, extrinsic, nonce, watcher);
        taken.map_err(|why| Rejection::Pool(why, hash))?;
        self.order(Order::Wake);
        Ok(hash)
    }

    /// Whether the chain would take an extrinsic after a block, its turn being reached.
    ///
    /// # Errors
    /// Why not.
    pub fn validate(
        &self,
        head: &Block,
        extrinsic: &SignedExtrinsic,
    ) -> Result<Validity, InvalidTransaction> {
        let Some(sealed) = &head.sealed else { return Err(InvalidTransaction::AncientBirthBlock) };
        self.runtime.validate(&sealed.state, &env_after(head, sealed), extrinsic)
    }

    /// What would become of an extrinsic if it stood alone in the block after one; nothing without that one's state.
    #[must_use]
    pub fn dry_run(&self, head: &Block, extrinsic: SignedExtrinsic) -> Option<Receipt> {
        let sealed = head.sealed.as_ref()?;
        let (mut state, mut runtime) =
            (sealed.state.clone(), Runtime::new(self.rules().clone(), self.genesis));
        let mut block = runtime.begin_block(&mut state, env_after(head, sealed));
        Some(runtime.apply_extrinsic(&mut state, &mut block, &Extrinsic::Signed(extrinsic)))
    }

    /// The next nonce of an account, with what waits.
    #[must_use]
    pub fn next_nonce(&self, account: &AccountId) -> u32 {
        let nonce = nonce_of(&self.head(), account);
        self.lock_pool().next_nonce(account, nonce)
    }

    /// Takes an extrinsic out of the pool; false when it does not wait there.
    #[must_use]
    pub fn discard(&self, hash: &Hash) -> bool {
        self.lock_pool().discard(hash)
    }

    /// Bytes of what waits.
    #[must_use]
    pub fn pending(&self) -> Vec<Vec<u8>> {
        self.lock_pool().pending()
    }

    fn lock_pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
    fn past(&self) -> std::sync::RwLockReadGuard<'_, History> {
        self.history.read().unwrap_or_else(PoisonError::into_inner)
    }
    fn write(&self) -> std::sync::RwLockWriteGuard<'_, History> {
        self.history.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What rules see of the block after one.
fn env_after(head: &Block, sealed: &Sealed) -> Env {
    Env {
        number: head.number.saturating_add(1),
        timestamp_ms: sealed.timestamp_ms,
        parent_hash: head.hash,
        lottery: head.hash,
        author: None,
    }
}

/// The next nonce of an account after a block.
fn nonce_of(block: &Block, account: &AccountId) -> u32 {
    let accounts = block.sealed.as_ref().map(|sealed| &sealed.state.balances.accounts);
    accounts.and_then(|accounts| accounts.get(account)).map_or(0, |row| row.nonce)
}
