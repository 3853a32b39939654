//! Checkpoints: large byte strings that belong to a block, written in pieces, proven before use, thinned with age.

use parity_scale_codec::{Decode, DecodeAll, Encode};

use super::frame::Frame;
use super::keys::{self, Kind};
use super::record::{self, CHUNK, Flaw};
use super::store::{Batch, Fault, Store};

/// Bytes put into the store in one batch: sled holds a batch in memory and its log open until it is applied.
const BATCH_BYTES: usize = 1 << 20;

/// What is said about a checkpoint. It is written last, so that pages without it are an unfinished checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Description {
    /// Rolling digest of its block: ties it to this chain.
    pub(super) chain: [u8; 32],
    /// Length, bytes.
    pub(super) len: u64,
    /// blake3 of the bytes.
    pub(super) digest: [u8; 32],
}

impl Description {
    pub(super) fn of(chain: [u8; 32], bytes: &[u8]) -> Self {
        Self { chain, len: bytes.len() as u64, digest: *blake3::hash(bytes).as_bytes() }
    }
}

/// Writes a checkpoint of block `number`, and drops those that age has made needless.
pub(super) fn write(store: &Store, number: u64, chain: [u8; 32], bytes: &[u8]) -> Result<(), Fault> {
    let description = Description::of(chain, bytes);
    let numbers = store.numbers(Kind::Checkpoint)?;
    // The same one again: writing over it would only open a moment in which neither is whole.
    if numbers.contains(&number) && describe(store, number).is_ok_and(|old| old == description) {
        return Ok(());
    }
    let mut batch = Batch::default();
    let mut held = 0usize;
    for (index, chunk) in (0u32..).zip(record::seal(bytes).chunks(CHUNK)) {
        batch.put(&keys::chunk(Kind::Pages, number, index), chunk);
        held = held.saturating_add(chunk.len());
        if held >= BATCH_BYTES {
            store.apply(std::mem::take(&mut batch))?;
            held = 0;
        }
    }
    batch.put_record(Kind::Checkpoint, number, &description.encode());
    let mut all = numbers;
    all.push(number);
    all.sort_unstable();
    all.dedup();
    // Not this one, even when it is older than others: half of it may lie in the store already.
    for old in needless(&all).into_iter().filter(|old| *old != number) {
        remove(store, &mut batch, Kind::Checkpoint, old)?;
        remove(store, &mut batch, Kind::Pages, old)?;
    }
    store.apply(batch)
}

/// Removes pages of checkpoints that were never finished.
pub(super) fn sweep(store: &Store) -> Result<(), Fault> {
    let whole = store.numbers(Kind::Checkpoint)?;
    for number in store.numbers(Kind::Pages)? {
        if !whole.contains(&number) {
            let mut batch = Batch::default();
            remove(store, &mut batch, Kind::Pages, number)?;
            store.apply(batch)?;
        }
    }
    Ok(())
}

/// Removes all checkpoints above block `head`.
pub(super) fn remove_above(store: &Store, head: u64) -> Result<(), Fault> {
    for number in store.numbers(Kind::Checkpoint)? {
        if number > head {
            let mut batch = Batch::default();
            remove(store, &mut batch, Kind::Checkpoint, number)?;
            remove(store, &mut batch, Kind::Pages, number)?;
            store.apply(batch)?;
        }
    }
    Ok(())
}

fn remove(store: &Store, batch: &mut Batch, kind: Kind, number: u64) -> Result<(), Fault> {
    for key in store.chunk_keys(kind, number)? {
        batch.remove(&key);
    }
    Ok(())
}

pub(super) fn describe(store: &Store, number: u64) -> Result<Description, Flaw> {
    let body = store.record(Kind::Checkpoint, number)?;
    Description::decode_all(&mut &*body).map_err(|_| Flaw::Decode)
}

/// Reads a checkpoint and proves that it is whole and of this chain.
pub(super) fn read(store: &Store, number: u64, genesis: [u8; 32]) -> Result<([u8; 32], Vec<u8>), Flaw> {
    let description = describe(store, number)?;
    let chain = match number {
        0 => genesis,
        _ => Frame::read(number, &store.record(Kind::Frame, number)?)?.digest,
    };
    if description.chain != chain {
        return Err(Flaw::Chain);
    }
    let bytes = store.record(Kind::Pages, number)?;
    if Description::of(chain, &bytes) != description {
        return Err(Flaw::Digest);
    }
    Ok((chain, bytes))
}

/// Which of the rising `numbers` to drop: the newest two stay, and of the others one for each fourfold of age.
pub(super) fn needless(numbers: &[u64]) -> Vec<u64> {
    let Some((newest, older)) = numbers.split_last() else { return Vec::new() };
    let Some((_, older)) = older.split_last() else { return Vec::new() };
    let mut last_age = None;
    let mut drop = Vec::new();
    for number in older {
        let age = newest.saturating_sub(*number).max(1).ilog2() / 2;
        // The oldest of an age stays: it is the first to grow into the next, so no age is ever left empty.
        if last_age == Some(age) {
            drop.push(*number);
        }
        last_age = Some(age);
    }
    drop
}
