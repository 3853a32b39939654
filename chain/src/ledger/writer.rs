//! The one thread that writes: takes what waits, stores it as one batch, brings it to the device, says so.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use parity_scale_codec::Encode;

use super::checkpoint;
use super::examine;
use super::frame::Frame;
use super::guard::panic_text;
use super::keys::{self, Kind};
use super::store::{Batch, Fault, Store};
use super::witness::{Mark, Witness};
use super::{Durability, Error};

/// Blocks that may wait.
const QUEUE_FRAMES: usize = 1_024;
/// Bytes that may wait; one piece of work larger than this passes alone.
const QUEUE_BYTES: usize = 64 << 20;
/// Blocks in one batch.
const GROUP_FRAMES: usize = 512;
/// Bytes in one batch; one larger frame passes alone.
const GROUP_BYTES: usize = 1 << 20;
/// How long `buffered` waits for a group to fill: the most that a killed process loses beside the queue.
const LINGER: Duration = Duration::from_millis(50);

/// One piece of work.
#[derive(Debug)]
pub(super) enum Job {
    Frame(Arc<Frame>),
    Checkpoint { number: u64, chain: [u8; 32], bytes: Vec<u8> },
    Truncate { number: u64, digest: [u8; 32] },
}

impl Job {
    fn weight(&self) -> usize {
        match self {
            Self::Frame(frame) => frame.weight(),
            Self::Checkpoint { bytes, .. } => bytes.len(),
            Self::Truncate { .. } => 0,
        }
    }
}

/// What the appender and the writer share.
#[derive(Debug)]
pub(super) struct Queue {
    jobs: VecDeque<Job>,
    /// Frames that are not on the device yet, rising; read from here until they are.
    pub(super) pending: VecDeque<Arc<Frame>>,
    /// Weight of all jobs that are not done.
    pub(super) bytes: usize,
    /// Last block handed over, and its digest.
    pub(super) head: (u64, [u8; 32]),
    /// Last block on the device.
    pub(super) stored: u64,
    /// Newest checkpoint on the device.
    pub(super) checkpoint: Option<u64>,
    submitted: u64,
    done: u64,
    waiting: u32,
    closing: bool,
    /// Why writing stopped.
    pub(super) fault: Option<Stop>,
    mark: Mark,
}

/// Why writing stopped.
#[derive(Clone, Debug)]
pub(super) struct Stop {
    pub(super) why: String,
    /// Whether there was no room any more.
    full: bool,
}

impl Stop {
    fn of_file(name: &str, error: &std::io::Error) -> Self {
        Self { why: format!("{name}: {}", super::error::io_text(error)), full: super::error::no_room(error) }
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        let full = matches!(&fault, Fault::Io(error) if super::error::no_room(error));
        Self { why: fault.to_string(), full }
    }
}

/// The queue with its bells.
#[derive(Debug)]
pub(super) struct Shared {
    queue: Mutex<Queue>,
    work: Condvar,
    done: Condvar,
    durability: Durability,
}

impl Shared {
    pub(super) fn new(
        head: (u64, [u8; 32]),
        checkpoint: Option<u64>,
        mark: Mark,
        durability: Durability,
    ) -> Self {
        let queue = Queue {
            jobs: VecDeque::new(),
            pending: VecDeque::new(),
            bytes: 0,
            head,
            stored: head.0,
            checkpoint,
            submitted: 0,
            done: 0,
            waiting: 0,
            closing: false,
            fault: None,
            mark,
        };
        Self { queue: Mutex::new(queue), work: Condvar::new(), done: Condvar::new(), durability }
    }

    /// The queue. A panic elsewhere leaves it whole: every change to it is finished before anything can fail.
    pub(super) fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for room, and returns the queue in which there is some.
    pub(super) fn room(&self, weight: usize) -> Result<MutexGuard<'_, Queue>, Error> {
        let full = |queue: &mut Queue| {
            let over = queue.bytes.saturating_add(weight) > QUEUE_BYTES && !queue.jobs.is_empty();
            queue.fault.is_none() && (queue.pending.len() >= QUEUE_FRAMES || over)
        };
        let queue = self.done.wait_while(self.lock(), full).unwrap_or_else(PoisonError::into_inner);
        queue.check()?;
        Ok(queue)
    }

    /// Hands over a frame that continues the chain; the caller has checked that under the same lock.
    pub(super) fn push_frame(&self, mut queue: MutexGuard<'_, Queue>, frame: Frame) -> Result<u64, Error> {
        let head = (frame.number, frame.digest);
        if let Err(error) = queue.mark.set(frame.number) {
            queue.fault = Some(Stop::of_file("MARK", &error));
            queue.check()?;
        }
        let frame = Arc::new(frame);
        queue.pending.push_back(Arc::clone(&frame));
        queue.head = head;
        Ok(self.push(queue, Job::Frame(frame)))
    }

    /// Takes the head back to a block, and hands over the work of removing what is above it.
    pub(super) fn push_truncation(
        &self,
        mut queue: MutexGuard<'_, Queue>,
        number: u64,
        digest: [u8; 32],
    ) -> Result<u64, Error> {
        // First of all: a mark above the store would be read as blocks that were lost.
        if let Err(error) = queue.mark.set(number) {
            queue.fault = Some(Stop::of_file("MARK", &error));
            queue.check()?;
        }
        queue.head = (number, digest);
        Ok(self.push(queue, Job::Truncate { number, digest }))
    }

    /// Hands over a piece of work. Returns the ticket to wait for.
    pub(super) fn push(&self, mut queue: MutexGuard<'_, Queue>, job: Job) -> u64 {
        queue.bytes = queue.bytes.saturating_add(job.weight());
        queue.jobs.push_back(job);
        queue.submitted = queue.submitted.saturating_add(1);
        let ticket = queue.submitted;
        drop(queue);
        self.work.notify_one();
        ticket
    }

    /// Waits until the work behind `ticket`, or all work so far, is on the device.
    pub(super) fn wait(&self, ticket: Option<u64>) -> Result<(), Error> {
        let mut queue = self.lock();
        let ticket = ticket.unwrap_or(queue.submitted);
        queue.waiting = queue.waiting.saturating_add(1);
        self.work.notify_one();
        let mut queue = self
            .done
            .wait_while(queue, |queue| queue.done < ticket && queue.fault.is_none())
            .unwrap_or_else(PoisonError::into_inner);
        queue.waiting = queue.waiting.saturating_sub(1);
        if queue.done >= ticket { Ok(()) } else { queue.check() }
    }

    /// Asks the writer to end once all is written.
    pub(super) fn close(&self) {
        self.lock().closing = true;
        self.work.notify_one();
    }

    fn stop(&self, stop: Stop) {
        tracing::error!(why = stop.why, "ledger stopped");
        let mut queue = self.lock();
        queue.fault.get_or_insert(stop);
        drop(queue);
        self.done.notify_all();
    }

    /// The next group: frames, or one checkpoint. `None` when all is written and the ledger closes.
    fn next(&self) -> Option<Vec<Job>> {
        let queue = self.lock();
        let mut queue = self
            .work
            .wait_while(queue, |queue| queue.jobs.is_empty() && !queue.closing)
            .unwrap_or_else(PoisonError::into_inner);
        if queue.fault.is_some() || queue.jobs.is_empty() {
            return None;
        }
        if self.durability == Durability::Buffered {
            let fills = |queue: &mut Queue| {
                let small = queue.jobs.len() < GROUP_FRAMES && queue.bytes < GROUP_BYTES;
                small && queue.waiting == 0 && !queue.closing
            };
            let (filled, _) =
                self.work.wait_timeout_while(queue, LINGER, fills).unwrap_or_else(PoisonError::into_inner);
            queue = filled;
        }
        Some(queue.take_group())
    }

    fn finish(&self, group: &[Job], checkpoint: Option<u64>) {
        let mut queue = self.lock();
        for job in group {
            queue.bytes = queue.bytes.saturating_sub(job.weight());
            queue.done = queue.done.saturating_add(1);
            match job {
                Job::Frame(frame) => {
                    queue.pending.pop_front();
                    queue.stored = frame.number;
                }
                Job::Checkpoint { .. } => {}
                Job::Truncate { number, .. } => queue.stored = *number,
            }
        }
        queue.checkpoint = checkpoint;
        drop(queue);
        self.done.notify_all();
    }
}

impl Queue {
    /// Refuses once writing has stopped.
    pub(super) fn check(&self) -> Result<(), Error> {
        match &self.fault {
            Some(Stop { why, full }) => {
                Err(Error::Degraded { stored: self.stored, why: why.clone(), full: *full })
            }
            None => Ok(()),
        }
    }

    fn take_group(&mut self) -> Vec<Job> {
        let mut group = Vec::new();
        let mut bytes = 0usize;
        while let Some(job) = self.jobs.pop_front() {
            let single = !matches!(job, Job::Frame(_));
            bytes = bytes.saturating_add(job.weight());
            if !group.is_empty() && (single || bytes > GROUP_BYTES) {
                self.jobs.push_front(job);
                break;
            }
            group.push(job);
            if single || group.len() >= GROUP_FRAMES {
                break;
            }
        }
        group
    }
}

/// The writer thread's work, until the ledger closes or a write fails.
pub(super) fn run(shared: &Shared, store: &Store, mut witness: Witness) {
    let work = || {
        while let Some(group) = shared.next() {
            if let Err(fault) = commit(store, &mut witness, &group) {
                shared.stop(fault.into());
                return;
            }
            shared.finish(&group, witness.checkpoint());
        }
        if shared.lock().fault.is_none()
            && let Err(error) = witness.end()
        {
            shared.stop(Stop::of_file("HEAD", &error));
        }
    };
    if let Err(panic) = catch_unwind(AssertUnwindSafe(work)) {
        shared.stop(Fault::Panicked(panic_text(&*panic)).into());
    }
}

fn commit(store: &Store, witness: &mut Witness, group: &[Job]) -> Result<(), Fault> {
    let mut batch = Batch::default();
    let mut head = None;
    let mut newest = None;
    if let [Job::Truncate { number, digest }] = group {
        return truncate(store, witness, *number, *digest);
    }
    for job in group {
        match job {
            Job::Frame(frame) => {
                batch.put_record(Kind::Frame, frame.number, &frame.encode());
                batch.put(&keys::hash(&frame.hash), &frame.number.to_be_bytes());
                head = Some((frame.number, frame.digest));
            }
            Job::Checkpoint { number, chain, bytes } => {
                checkpoint::write(store, *number, *chain, bytes)?;
                newest = Some(*number);
            }
            // A group of its own.
            Job::Truncate { .. } => {}
        }
    }
    if head.is_some() {
        store.apply(batch)?;
    }
    store.sync()?;
    witness.state(|statement| {
        if let Some((number, digest)) = head {
            statement.head = number;
            statement.digest = digest;
        }
        statement.checkpoint = statement.checkpoint.max(newest);
    })?;
    Ok(())
}

/// Removes what lies above a block, from the top down, so that whatever is left at any moment is a whole chain. `HEAD`
/// goes first: it may name less than there is, never more.
fn truncate(store: &Store, witness: &mut Witness, number: u64, digest: [u8; 32]) -> Result<(), Fault> {
    let top = store.last(Kind::Frame)?.unwrap_or(0);
    let left = store.numbers(Kind::Checkpoint)?.into_iter().filter(|checkpoint| *checkpoint <= number).max();
    witness.state(|statement| {
        (statement.head, statement.digest, statement.checkpoint) = (number, digest, left);
    })?;
    checkpoint::remove_above(store, number)?;
    let mut batch = Batch::default();
    for (count, above) in (1usize..).zip((number.saturating_add(1)..=top).rev()) {
        // An entry of the index whose block cannot be read leads nowhere; it may stay.
        if let Ok(frame) = examine::frame(store, above) {
            batch.remove(&keys::hash(&frame.hash));
        }
        for key in store.chunk_keys(Kind::Frame, above)? {
            batch.remove(&key);
        }
        if count.is_multiple_of(GROUP_FRAMES) {
            store.apply(std::mem::take(&mut batch))?;
        }
    }
    store.apply(batch)?;
    store.sync()
}
