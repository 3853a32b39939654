//! The recent past of a live chain: a window of blocks with their states.

use chain::block::{BlockInput, Hash, Header, Sealed};
use chain::ledger::{Frame, Ledger};
use chain::units::BlockNumber;
use chain::wire::EncodedBlock;
use parity_scale_codec::DecodeAll as _;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// A block as readers get it.
#[derive(Debug)]
pub struct Block {
    /// Height.
    pub number: BlockNumber,
    /// Hash of the header.
    pub hash: Hash,
    /// Header.
    pub header: Header,
    /// Its form for clients.
    pub shown: EncodedBlock,
    /// State, events and receipts; `None` for a block that was read from the ledger.
    pub sealed: Option<Sealed>,
}

impl Block {
    /// A block that was just sealed.
    #[must_use]
    pub fn new(sealed: Sealed, input: &BlockInput) -> Self {
        let shown = EncodedBlock::of(&sealed, input);
        Self {
            number: sealed.state.block,
            hash: sealed.hash,
            header: sealed.header.clone(),
            shown,
            sealed: Some(sealed),
        }
    }

    /// Block 0.
    #[must_use]
    pub fn genesis(sealed: Sealed) -> Self {
        let (hash, header) = (sealed.hash, sealed.header.clone());
        Self {
            number: sealed.state.block,
            hash,
            header,
            shown: EncodedBlock::default(),
            sealed: Some(sealed),
        }
    }

    /// A block as a ledger keeps it: without its state.
    #[must_use]
    pub fn of_frame(frame: &Frame) -> Option<Self> {
        let header = Header::decode_all(&mut frame.header.as_slice()).ok()?;
        let input = BlockInput::decode_all(&mut frame.inputs.as_slice()).ok()?;
        let sealed = Sealed {
            state: chain::state::State::default(),
            hash: frame.hash,
            timestamp_ms: input.timestamp_ms,
            events: Arc::new(Vec::decode_all(&mut frame.events.as_slice()).ok()?),
            receipts: Arc::new(Vec::decode_all(&mut frame.receipts.as_slice()).ok()?),
            header: header.clone(),
        };
        let shown = EncodedBlock::of(&sealed, &input);
        Some(Self { number: frame.number, hash: frame.hash, header, shown, sealed: None })
    }
}

/// The last blocks, the newest last.
#[derive(Debug)]
pub struct History {
    blocks: VecDeque<Arc<Block>>,
    numbers: BTreeMap<Hash, BlockNumber>,
    window: usize,
    ledger: Option<Arc<Ledger>>,
    genesis: Arc<Block>,
    /// Height of the newest final block.
    last_final: BlockNumber,
    /// Without a ledger: the blocks that have left the window, of which nothing else is kept.
    left: BTreeMap<BlockNumber, Hash>,
    left_numbers: BTreeMap<Hash, BlockNumber>,
}

impl History {
    /// A history that begins with genesis, and keeps at most `window` blocks beside it.
    #[must_use]
    pub fn new(genesis: Arc<Block>, window: usize, ledger: Option<Arc<Ledger>>) -> Self {
        let mut history = Self {
            blocks: VecDeque::new(),
            numbers: BTreeMap::new(),
            window: window.max(1),
            ledger,
            genesis,
            last_final: 0,
            left: BTreeMap::new(),
            left_numbers: BTreeMap::new(),
        };
        history.push(Arc::clone(&history.genesis));
        history
    }

    /// Adds the next block; the oldest goes when the window is full.
    pub fn push(&mut self, block: Arc<Block>) {
        if self.blocks.back().is_some_and(|last| last.number.saturating_add(1) != block.number) {
            // A head that was read from a checkpoint: what came before it is in the ledger.
            self.blocks.clear();
            self.numbers.clear();
        }
        self.numbers.insert(block.hash, block.number);
        self.blocks.push_back(block);
        if self.blocks.len() > self.window
            && let Some(oldest) = self.blocks.pop_front()
        {
            self.numbers.remove(&oldest.hash);
            if self.ledger.is_none() {
                self.left.insert(oldest.number, oldest.hash);
                self.left_numbers.insert(oldest.hash, oldest.number);
            }
        }
    }

    /// Makes a block of the past the newest again; what came after it never was.
    pub fn rewind(&mut self, head: &Arc<Block>) {
        while self.blocks.back().is_some_and(|block| block.number > head.number) {
            if let Some(block) = self.blocks.pop_back() {
                self.numbers.remove(&block.hash);
            }
        }
        for (_, hash) in self.left.split_off(&head.number) {
            self.left_numbers.remove(&hash);
        }
        if self.blocks.back().is_none_or(|block| block.hash != head.hash) {
            self.push(Arc::clone(head));
        }
        self.last_final = self.last_final.min(head.number);
    }

    /// Makes a block, and all before it, final; never beyond the head, and never fewer than before.
    pub fn finalise(&mut self, number: BlockNumber) {
        self.last_final = self.last_final.max(number.min(self.head().number));
    }

    /// Height of the newest final block.
    #[must_use]
    pub const fn last_final(&self) -> BlockNumber {
        self.last_final
    }

    /// The newest final block; the head where nothing of it is kept.
    #[must_use]
    pub fn final_head(&self) -> Arc<Block> {
        self.at(self.last_final).unwrap_or_else(|| Arc::clone(self.head()))
    }

    /// Hash of the block of a height, even where nothing else of it is kept.
    #[must_use]
    pub fn hash_at(&self, number: BlockNumber) -> Option<Hash> {
        self.left.get(&number).copied().or_else(|| self.at(number).map(|block| block.hash))
    }

    /// Whether a hash is that of a block of which nothing is kept.
    #[must_use]
    pub fn has_left(&self, hash: &Hash) -> bool {
        self.left_numbers.contains_key(hash)
    }

    /// Height of the block of a hash, even where nothing else of it is kept.
    #[must_use]
    pub fn number_of(&self, hash: &Hash) -> Option<BlockNumber> {
        let known = self.numbers.get(hash).or_else(|| self.left_numbers.get(hash));
        known.copied().or_else(|| self.of(hash).map(|block| block.number))
    }

    /// The newest block.
    #[must_use]
    pub fn head(&self) -> &Arc<Block> {
        self.blocks.back().unwrap_or(&self.genesis)
    }

    /// Hash of block 0.
    #[must_use]
    pub fn genesis(&self) -> Hash {
        self.genesis.hash
    }

    /// The block of a height, from the ledger if it has left the window.
    #[must_use]
    pub fn at(&self, number: BlockNumber) -> Option<Arc<Block>> {
        let first = self.blocks.front()?.number;
        if let Some(index) = number.checked_sub(first) {
            return self.blocks.get(usize::try_from(index).ok()?).cloned();
        }
        if number == 0 {
            return Some(Arc::new(Block {
                number: 0,
                hash: self.genesis.hash,
                header: self.genesis.header.clone(),
                shown: EncodedBlock::default(),
                sealed: None,
            }));
        }
        let frame = self.ledger.as_ref()?.frame(number).ok()??;
        Block::of_frame(&frame).map(Arc::new)
    }

    /// The block of a hash.
    #[must_use]
    pub fn of(&self, hash: &Hash) -> Option<Arc<Block>> {
        if let Some(number) = self.numbers.get(hash) {
            return self.at(*number);
        }
        if *hash == self.genesis.hash {
            return self.at(0);
        }
        let number = self.ledger.as_ref()?.number_of(hash).ok()??;
        self.at(number).filter(|block| block.hash == *hash)
    }
}
