//! Extrinsics that wait for a block.

use chain::account::AccountId;
use chain::block::{Failure, Hash, InvalidTransaction, Receipt, SignedExtrinsic};
use chain::units::BlockNumber;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tokio::sync::mpsc::UnboundedSender;

/// What became of an extrinsic that somebody watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It can go into the next block.
    Ready,
    /// It waits for one with a lower nonce.
    Future,
    /// It is in a block.
    InBlock(Hash),
    /// That block is no more; it waits again.
    Retracted(Hash),
    /// That block is final.
    Finalized(Hash),
    /// Another with the same nonce took its place.
    Usurped(Hash),
    /// Its time is over, or the chain refuses it now.
    Invalid,
    /// It was thrown out.
    Dropped,
}

impl Status {
    /// The forms that clients read, one notification each.
    #[must_use]
    pub fn notifications(self) -> Vec<Json> {
        let hex = |hash: &Hash| format!("0x{}", hex::encode(hash));
        match self {
            Self::Ready => vec![json!("ready")],
            Self::Future => vec![json!("future")],
            Self::InBlock(hash) => vec![json!({ "inBlock": hex(&hash) })],
            Self::Retracted(hash) => vec![json!({ "retracted": hex(&hash) })],
            Self::Finalized(hash) => vec![json!({ "finalized": hex(&hash) })],
            Self::Usurped(hash) => vec![json!({ "usurped": hex(&hash) })],
            Self::Invalid => vec![json!("invalid")],
            Self::Dropped => vec![json!("dropped")],
        }
    }
    /// Whether nothing follows it.
    #[must_use]
    pub const fn is_last(self) -> bool {
        !matches!(self, Self::Ready | Self::Future | Self::InBlock(_) | Self::Retracted(_))
    }
}

/// Why the pool does not take an extrinsic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is here already.
    Known,
    /// Another with this nonce is here and gives at least as much.
    Priority,
    /// No room.
    Full,
    /// Its nonce is too far ahead.
    TooFar,
}

/// An extrinsic that waits.
#[derive(Clone, Debug)]
struct Waiting {
    hash: Hash,
    extrinsic: SignedExtrinsic,
    order: u64,
}

/// The pool. Of each account it holds extrinsics by nonce; those that follow the account's own nonce without a gap
/// are ready.
#[derive(Debug)]
pub struct Pool {
    accounts: BTreeMap<AccountId, BTreeMap<u32, Waiting>>,
    known: BTreeMap<Hash, (AccountId, u32)>,
    watchers: BTreeMap<Hash, Vec<UnboundedSender<Status>>>,
    /// Those in blocks that are not final yet, of which somebody waits to hear: height and hash of the block, and the
    /// extrinsic's own.
    unfinal: VecDeque<(BlockNumber, Hash, Hash)>,
    limit: usize,
    next_order: u64,
}

/// How far ahead of its account an extrinsic may be.
const NONCES_AHEAD: u32 = 1_024;

impl Pool {
    /// An empty pool for so many extrinsics.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            accounts: BTreeMap::new(),
            known: BTreeMap::new(),
            watchers: BTreeMap::new(),
            unfinal: VecDeque::new(),
            limit,
            next_order: 0,
        }
    }

    /// Whether an extrinsic waits here.
    #[must_use]
    pub fn holds(&self, hash: &Hash) -> bool {
        self.known.contains_key(hash)
    }

    /// Adds an extrinsic that the chain would take, of an account whose next nonce is `nonce`, and tells `watcher` what
    /// becomes of it. One that is refused is not watched.
    ///
    /// # Errors
    /// Why there is no place for it.
    pub fn add(
        &mut self,
        hash: Hash,
        extrinsic: SignedExtrinsic,
        nonce: u32,
        watcher: Option<UnboundedSender<Status>>,
    ) -> Result<(), Refusal> {
        if self.known.contains_key(&hash) {
            return Err(Refusal::Known);
        }
        if extrinsic.nonce.saturating_sub(nonce) > NONCES_AHEAD {
            return Err(Refusal::TooFar);
        }
        let (signer, at) = (extrinsic.signer, extrinsic.nonce);
        let other = self.accounts.get(&signer).and_then(|queue| queue.get(&at));
        let fills_a_gap = other.is_none();
        match other {
            Some(other) if other.extrinsic.tip >= extrinsic.tip => return Err(Refusal::Priority),
            Some(other) => {
                let other = other.hash;
                self.known.remove(&other);
                self.tell(&other, Status::Usurped(hash));
            }
            None if self.known.len() >= self.limit => return Err(Refusal::Full),
            None => {}
        }
        if let Some(watcher) = watcher {
            self.watchers.entry(hash).or_default().push(watcher);
        }
        let order = self.next_order;
        self.next_order = order.saturating_add(1);
        self.known.insert(hash, (signer, at));
        self.accounts.entry(signer).or_default().insert(at, Waiting { hash, extrinsic, order });
        let next = self.next_nonce(&signer, nonce);
        self.tell(&hash, if next > at { Status::Ready } else { Status::Future });
        if fills_a_gap {
            // Those that waited for it.
            let queue = self.accounts.get(&signer).into_iter();
            let released: Vec<Hash> = queue
                .flat_map(|queue| queue.range(at.saturating_add(1)..))
                .take_while(|(nonce, _)| **nonce < next)
                .map(|(_, waiting)| waiting.hash)
                .collect();
            for hash in released {
                self.tell(&hash, Status::Ready);
            }
        }
        Ok(())
    }

    /// How many are told what becomes of extrinsics.
    #[must_use]
    pub fn watchers(&self) -> usize {
        self.watchers.values().map(Vec::len).sum()
    }

    /// The nonce that an account's next extrinsic needs, those counted that wait.
    #[must_use]
    pub fn next_nonce(&self, account: &AccountId, nonce: u32) -> u32 {
        let Some(queue) = self.accounts.get(account) else { return nonce };
        let mut next = nonce;
        while queue.contains_key(&next) {
            next = next.saturating_add(1);
        }
        next
    }

    /// What can go into the next block, in the order in which it came; it stays here until the block is sealed.
    #[must_use]
    pub fn ready(&self, nonce_of: impl Fn(&AccountId) -> u32) -> Vec<SignedExtrinsic> {
        let mut ready: Vec<&Waiting> = Vec::new();
        for (account, queue) in &self.accounts {
            let first = nonce_of(account);
            let row = queue.range(first..).zip(first..);
            ready
                .extend(row.take_while(|((nonce, _), next)| *nonce == next).map(|((_, waiting), _)| waiting));
        }
        ready.sort_by_key(|waiting| waiting.order);
        ready.into_iter().map(|waiting| waiting.extrinsic.clone()).collect()
    }

    /// Takes out what a block has settled and tells the watchers.
    pub fn sealed<'a>(
        &mut self,
        number: BlockNumber,
        block: Hash,
        outcomes: impl Iterator<Item = (Hash, &'a Receipt)>,
        nonce_of: impl Fn(&AccountId) -> u32,
    ) {
        for (hash, receipt) in outcomes {
            let status = match &receipt.result {
                // It waits for what was not ready yet, or for a block with room.
                Err(Failure::Invalid(InvalidTransaction::Future | InvalidTransaction::ExhaustsResources)) => {
                    continue;
                }
                Err(Failure::Invalid(_)) => Status::Invalid,
                _ => Status::InBlock(block),
            };
            self.remove(&hash);
            self.tell(&hash, status);
            if matches!(status, Status::InBlock(_)) && self.watchers.contains_key(&hash) {
                self.unfinal.push_back((number, block, hash));
            }
        }
        let over = |account: &AccountId, nonce: u32, waiting: &Waiting| {
            nonce < nonce_of(account)
                || waiting.extrinsic.mortality.is_some_and(|era| !era.holds_at(number.saturating_add(1)))
        };
        let gone: Vec<Hash> = self
            .accounts
            .iter()
            .flat_map(|(account, queue)| queue.iter().map(move |(nonce, waiting)| (account, *nonce, waiting)))
            .filter(|(account, nonce, waiting)| over(account, *nonce, waiting))
            .map(|(_, _, waiting)| waiting.hash)
            .collect();
        for hash in gone {
            self.remove(&hash);
            self.tell(&hash, Status::Invalid);
        }
    }

    /// Tells the watchers of what stands in blocks up to a height that these are final.
    pub fn finalised(&mut self, number: BlockNumber) {
        while let Some((height, block, hash)) = self.unfinal.front().copied()
            && height <= number
        {
            self.unfinal.pop_front();
            self.tell(&hash, Status::Finalized(block));
        }
    }

    /// Empties the pool, since the chain has gone back. Whoever watches one of those that `come_again` goes on watching.
    pub fn rewind(&mut self, come_again: &BTreeSet<Hash>) {
        for (_, block, hash) in std::mem::take(&mut self.unfinal) {
            let again = come_again.contains(&hash);
            self.tell(&hash, if again { Status::Retracted(block) } else { Status::Dropped });
        }
        self.accounts.clear();
        for hash in std::mem::take(&mut self.known).into_keys() {
            if !come_again.contains(&hash) {
                self.tell(&hash, Status::Dropped);
            }
        }
    }

    /// Takes out an extrinsic; false when it does not wait here.
    pub fn discard(&mut self, hash: &Hash) -> bool {
        let there = self.holds(hash);
        self.remove(hash);
        if there {
            self.tell(hash, Status::Dropped);
        }
        there
    }

    /// Tells those who watch an extrinsic that it does not come again after all.
    pub fn lose(&mut self, hash: &Hash) {
        self.tell(hash, Status::Dropped);
    }

    /// Bytes of all that waits, in the order in which it came.
    #[must_use]
    pub fn pending(&self) -> Vec<Vec<u8>> {
        let mut all: Vec<&Waiting> = self.accounts.values().flat_map(BTreeMap::values).collect();
        all.sort_by_key(|waiting| waiting.order);
        all.into_iter().map(|waiting| waiting.extrinsic.wire_bytes()).collect()
    }

    fn remove(&mut self, hash: &Hash) {
        let Some((account, nonce)) = self.known.remove(hash) else { return };
        if let Some(queue) = self.accounts.get_mut(&account) {
            queue.remove(&nonce);
            if queue.is_empty() {
                self.accounts.remove(&account);
            }
        }
    }

    fn tell(&mut self, hash: &Hash, status: Status) {
        let Some(watchers) = self.watchers.get_mut(hash) else { return };
        // A watcher that has gone away is nobody's loss.
        watchers.retain(|watcher| watcher.send(status).is_ok());
        if status.is_last() || watchers.is_empty() {
            self.watchers.remove(hash);
        }
    }
}
