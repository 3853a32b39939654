//! What the ledger remembers outside sled: the `HEAD` witness and the `MARK` of announced blocks.
//!
//! sled takes a bad message in the replayed part of its log for the torn end and drops what follows without
//! an error. `HEAD` is written after a group of blocks is on the device, so a store that ends below it has
//! lost blocks it once had. `MARK` is written before a block is handed to the writer, and never synced: it
//! survives the death of the process, and names the blocks that died in the queue.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use parity_scale_codec::{Decode, Encode};

use super::Error;

const SLOT: usize = 512;
const BOTH_SLOTS: u64 = 1_024;
const SEAL: usize = 32;

/// One statement about the store.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Statement {
    /// Rises with every write; the higher valid one of the two counts.
    pub(super) seq: u64,
    /// Head on the device, 0 for none.
    pub(super) head: u64,
    /// Its rolling digest, the genesis digest for none.
    pub(super) digest: [u8; 32],
    /// Newest checkpoint on the device.
    pub(super) checkpoint: Option<u64>,
    /// Whether the session that wrote this has ended as it should.
    pub(super) clean: bool,
    /// Whether that session acknowledged blocks only when they were on the device.
    pub(super) durable: bool,
}

/// What was found in `HEAD`.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// The newest valid statement.
    pub(super) newest: Option<Statement>,
    /// Slots (0 and 1) that hold no valid statement.
    pub(super) bad: Vec<u8>,
}

/// Reads `HEAD`; a missing file is two bad slots.
pub(super) fn read(path: &Path) -> io::Result<Reading> {
    let bytes = read_or_empty(path)?;
    let mut reading = Reading::default();
    for index in 0..2u8 {
        let from = usize::from(index).saturating_mul(SLOT);
        let slot = bytes.get(from..from.saturating_add(SLOT)).and_then(open_slot);
        match slot.and_then(|body| Statement::decode(&mut &*body).ok()) {
            Some(found) if reading.newest.as_ref().is_none_or(|best| best.seq < found.seq) => {
                reading.newest = Some(found);
            }
            Some(_) => {}
            None => reading.bad.push(index),
        }
    }
    Ok(reading)
}

/// Reads `MARK`: the highest block that was handed to the writer. `None` when it is damaged or missing.
pub(super) fn read_mark(path: &Path) -> io::Result<Option<u64>> {
    let bytes = read_or_empty(path)?;
    let slot = bytes.get(..SLOT).and_then(open_slot);
    Ok(slot.and_then(|body| u64::decode(&mut &*body).ok()))
}

/// Highest block that `HEAD` or `MARK` of the ledger at `path` name, 0 for none.
pub(super) fn highest(path: &Path) -> Result<u64, Error> {
    let (head, mark) = (path.join("HEAD"), path.join("MARK"));
    let reading = read(&head).map_err(|error| Error::io(&head, error))?;
    let announced = read_mark(&mark).map_err(|error| Error::io(&mark, error))?;
    Ok(reading.newest.map_or(0, |statement| statement.head).max(announced.unwrap_or(0)))
}

/// A load under way: its blocks take the place of others one by one, so that a ledger with fewer is not whole.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(super) struct Load {
    /// Head before it, and its digest.
    pub(super) before: (u64, [u8; 32]),
    /// Head that it leads to, and its digest.
    pub(super) target: (u64, [u8; 32]),
}

/// Reads `LOADING`: `None` when there is no such file, `Some(None)` when it is unreadable.
pub(super) fn read_load(path: &Path) -> io::Result<Option<Option<Load>>> {
    if !path.try_exists()? {
        return Ok(None);
    }
    let bytes = read_or_empty(path)?;
    let slot = bytes.get(..SLOT).and_then(open_slot);
    Ok(Some(slot.and_then(|body| Load::decode(&mut &*body).ok())))
}

/// Writes `LOADING`, whole or not at all.
pub(super) fn write_load(path: &Path, load: &Load) -> io::Result<()> {
    let part = path.with_extension("part");
    let mut file = File::create(&part)?;
    file.write_all(&close_slot(&load.encode()))?;
    file.sync_all()?;
    std::fs::rename(&part, path)
}

fn read_or_empty(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match File::open(path) {
        // Two slots are all there is; a larger file is not read to its end.
        Ok(file) => file.take(BOTH_SLOTS).read_to_end(&mut bytes).map(|_| bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(bytes),
        Err(error) => Err(error),
    }
}

fn close_slot(body: &[u8]) -> Vec<u8> {
    let mut slot = (body.len() as u16).to_le_bytes().to_vec();
    slot.extend_from_slice(body);
    slot.resize(SLOT.saturating_sub(SEAL), 0);
    let seal = blake3::hash(&slot);
    slot.extend_from_slice(seal.as_bytes());
    slot
}

fn open_slot(slot: &[u8]) -> Option<Vec<u8>> {
    let (sealed, seal) = slot.split_last_chunk::<SEAL>()?;
    if blake3::hash(sealed) != blake3::Hash::from_bytes(*seal) {
        return None;
    }
    let (len, rest) = sealed.split_first_chunk::<2>()?;
    rest.get(..usize::from(u16::from_le_bytes(*len))).map(<[u8]>::to_vec)
}

/// The open `HEAD` file, held by the writer thread.
#[derive(Debug)]
pub(super) struct Witness {
    file: File,
    last: Statement,
}

impl Witness {
    /// Takes over `HEAD` for a session that starts at `head`; from here on the session counts as not ended.
    pub(super) fn begin(path: &Path, start: Statement) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        let mut witness = Self { file, last: start };
        witness.state(|_| {})?;
        Ok(witness)
    }

    /// States what `change` makes of the last statement, in the older slot, and brings it to the device.
    pub(super) fn state(&mut self, change: impl FnOnce(&mut Statement)) -> io::Result<()> {
        change(&mut self.last);
        self.last.seq = self.last.seq.saturating_add(1);
        let slot = self.last.seq & 1;
        self.file.seek(SeekFrom::Start(slot.saturating_mul(SLOT as u64)))?;
        self.file.write_all(&close_slot(&self.last.encode()))?;
        self.file.sync_data()
    }

    /// Newest checkpoint on the device, as last stated.
    pub(super) const fn checkpoint(&self) -> Option<u64> {
        self.last.checkpoint
    }

    /// States that the session has ended as it should, in both slots: after this either is enough.
    pub(super) fn end(&mut self) -> io::Result<()> {
        self.state(|last| last.clean = true)?;
        self.state(|_| {})
    }
}

/// The open `MARK` file, held by whoever appends.
#[derive(Debug)]
pub(super) struct Mark(File);

impl Mark {
    /// Starts at `head`.
    pub(super) fn begin(path: &Path, head: u64) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        let mut mark = Self(file);
        mark.set(head)?;
        mark.0.sync_data()?;
        Ok(mark)
    }

    /// Says that blocks up to `number` have been handed over.
    pub(super) fn set(&mut self, number: u64) -> io::Result<()> {
        self.0.seek(SeekFrom::Start(0))?;
        self.0.write_all(&close_slot(&number.encode()))
    }
}
