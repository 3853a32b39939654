//! Everything that a run is at a block: what a checkpoint holds.

use crate::accounting::Accounting;
use crate::fabric::Verdict;
use crate::gate::Endpoint;
use crate::message::{Message, Peer};
use crate::participant::{Intent, Phase};
use crate::plan::{ActorId, Fault};
use crate::refusals::Refusals;
use crate::seat::Seat;
use crate::view::ChainView;
use crate::waiting::Waiting;
use chain::block::{Hash, Header, Receipt, Sealed};
use chain::event::EventRecord;
use chain::state::State;
use chain::units::BlockNumber;
use parity_scale_codec::{Decode, DecodeAll as _, Encode};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// First bytes of a checkpoint: what it is, and the version of its form.
const MARK: [u8; 8] = *b"world\0\0\x04";

/// What the conductor keeps between blocks, participants aside.
#[derive(Clone, Debug)]
pub(crate) struct RunState {
    /// The last sealed block.
    pub(crate) view: Arc<ChainView>,
    /// Rolling digest of the chain.
    pub(crate) digest: Hash,
    /// Rolling digest of the event log.
    pub(crate) log: Hash,
    /// Messages on their way, by the block and phase in which they arrive.
    pub(crate) mail: BTreeMap<(BlockNumber, Phase), Vec<Message>>,
    /// Participants that take no further part.
    pub(crate) retired: BTreeSet<ActorId>,
    /// Faults that came through the gate, in the order in which they came.
    pub(crate) faults: Vec<Fault>,
    /// Who earned what.
    pub(crate) books: Accounting,
    /// What the chain refused.
    pub(crate) refusals: Refusals,
    /// Where outsiders reach the cast.
    pub(crate) gateway: Option<Endpoint>,
    /// Extrinsics of participants for which the last block had no room.
    pub(crate) waiting: Waiting,
}

/// Mail by addressee.
pub(crate) type Inboxes = BTreeMap<ActorId, Vec<Message>>;

/// The encoded form of a world.
#[derive(Encode, Decode)]
struct Record {
    mark: [u8; 8],
    plan: Hash,
    state: State,
    header: Header,
    timestamp_ms: u64,
    events: Vec<EventRecord>,
    receipts: Vec<Receipt>,
    digest: Hash,
    log: Hash,
    mail: BTreeMap<(BlockNumber, Phase), Vec<Message>>,
    retired: BTreeSet<ActorId>,
    faults: Vec<Fault>,
    books: Accounting,
    refusals: Refusals,
    intents: Vec<Option<Intent>>,
    gateway: Option<Endpoint>,
    waiting: Waiting,
    seats: Vec<Seat>,
}

/// Bytes from which a run cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// Not the form that this program writes.
    #[error("these bytes are no checkpoint of this version: {0}")]
    Form(String),
    /// A checkpoint of another plan or seed.
    #[error("the checkpoint belongs to another scenario or seed")]
    OtherPlan,
    /// It does not hold one participant for each of the cast.
    #[error("the checkpoint holds {found} participants, the cast has {expected}")]
    Cast {
        /// How many it holds.
        found: usize,
        /// How many the plan has.
        expected: usize,
    },
}

impl RunState {
    /// The phase that follows, and its block.
    const fn next(block: BlockNumber, phase: Phase) -> (BlockNumber, Phase) {
        match phase {
            Phase::Observe => (block, Phase::Serve),
            Phase::Serve => (block, Phase::Judge),
            Phase::Judge | Phase::Seal => (block.saturating_add(1), Phase::Observe),
        }
    }

    /// Puts a message where its verdict says.
    pub(crate) fn post(&mut self, block: BlockNumber, phase: Phase, message: Message, verdict: Verdict) {
        let (due, phase) = Self::next(block, phase);
        let due = match verdict {
            Verdict::Pass => due,
            Verdict::Deliver(delay) => due.saturating_add(delay),
            Verdict::Drop => return,
        };
        self.mail.entry((due, phase)).or_default().push(message);
    }

    /// Takes what arrives now, sorted into inboxes, and what leaves for outsiders.
    pub(crate) fn collect(&mut self, block: BlockNumber, phase: Phase) -> (Inboxes, Vec<Message>) {
        let (mut inboxes, mut leaving) = (Inboxes::new(), Vec::new());
        for message in self.mail.remove(&(block, phase)).unwrap_or_default() {
            match message.to {
                Peer::Local(id) => inboxes.entry(id).or_default().push(message),
                Peer::External(_) => leaving.push(message),
            }
        }
        (inboxes, leaving)
    }

    /// The bytes of a checkpoint.
    pub(crate) fn encode(&self, plan: Hash, seats: Vec<Seat>) -> Vec<u8> {
        let sealed = self.view.sealed();
        Record {
            mark: MARK,
            plan,
            state: sealed.state.clone(),
            header: sealed.header.clone(),
            timestamp_ms: sealed.timestamp_ms,
            events: sealed.events.to_vec(),
            receipts: sealed.receipts.to_vec(),
            digest: self.digest,
            log: self.log,
            mail: self.mail.clone(),
            retired: self.retired.clone(),
            faults: self.faults.clone(),
            books: self.books.clone(),
            refusals: self.refusals.clone(),
            intents: self.view.intents().to_vec(),
            gateway: self.gateway,
            waiting: self.waiting.clone(),
            seats,
        }
        .encode()
    }

    /// Reads the bytes of a checkpoint.
    pub(crate) fn decode(plan: Hash, mut bytes: &[u8]) -> Result<(Self, Vec<Seat>), CheckpointError> {
        if !bytes.starts_with(&MARK) {
            return Err(CheckpointError::Form("they begin otherwise".to_owned()));
        }
        let record =
            Record::decode_all(&mut bytes).map_err(|error| CheckpointError::Form(error.to_string()))?;
        if record.plan != plan {
            return Err(CheckpointError::OtherPlan);
        }
        let hash = record.header.hash();
        let sealed = Sealed {
            state: record.state,
            header: record.header,
            hash,
            timestamp_ms: record.timestamp_ms,
            events: Arc::new(record.events),
            receipts: Arc::new(record.receipts),
        };
        let world = Self {
            view: Arc::new(ChainView::new(sealed, Arc::new(record.intents))),
            digest: record.digest,
            log: record.log,
            mail: record.mail,
            retired: record.retired,
            faults: record.faults,
            books: record.books,
            refusals: record.refusals,
            gateway: record.gateway,
            waiting: record.waiting,
        };
        Ok((world, record.seats))
    }
}
