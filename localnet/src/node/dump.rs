//! A chain as bytes, as it can be carried elsewhere: what it plays, and the tape of every block, packed.
//!
//! The chain is made again from these, so that nothing in a dump has to be believed. A dump is an outsider's word all the
//! same, of which a few bytes may unpack to very many: its head is read and compared first, and its tapes are unpacked
//! one by one while they are played.

use super::DevError;
use super::engine::options;
use super::moments::SNAPSHOTS_MAX;
use crate::interrupt;
use crate::play;
use actors::Run;
use actors::plan::Plan;
use chain::block::Hash;
use chain::units::BlockNumber;
use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use parity_scale_codec::{Compact, Decode, Encode, IoReader};
use std::io::{Read, Take, Write as _};

/// First bytes of a dump, before it is packed: what it is, and the version of its form.
const MARK: [u8; 8] = *b"dump\0\0\0\x02";
/// What is unpacked of a dump at most. **Units**: bytes.
const DUMP_MAX: u64 = 1 << 30;
/// Longest name of what is played. **Units**: bytes.
const NAME_MAX: u64 = 1_024;
/// Bytes of all extrinsics that waited in the snapshots of a dump, and what each counts beside its own.
const WAITING_MAX: u64 = 64 << 20;
const EXTRINSIC: u64 = 64;
/// Longest and shortest tape of a block, which holds the block's time at least. **Units**: bytes.
const TAPE_MAX: u64 = 64 << 20;
const TAPE_MIN: u64 = 9;

/// What a dump is of. **Invariant**: encodes as it stands at the front of a dump, after the mark.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub(super) struct Head {
    /// Name of what is played, for messages.
    pub(super) name: String,
    pub(super) seed: u64,
    pub(super) genesis: Hash,
    /// Digest of the plan.
    pub(super) plan: Hash,
}

/// A named snapshot: what of it is not a function of the chain. Those of a dump stand after its tapes.
#[derive(Clone, Debug, Encode)]
pub(super) struct Moment {
    pub(super) name: String,
    pub(super) block: BlockNumber,
    pub(super) clock_ahead_ms: i64,
    pub(super) next_timestamp_ms: Option<u64>,
    pub(super) pending: Vec<Vec<u8>>,
}

/// What a chain plays: all that a dump is checked against.
#[derive(Clone, Debug)]
pub struct Origin {
    pub(super) plan: Plan,
    pub(super) genesis: Hash,
    pub(super) threads: u16,
}

/// A dump that was played to its end and came out as it says.
#[derive(Debug)]
pub struct Checked {
    packed: Vec<u8>,
    pub(super) digest: Hash,
    pub(super) blocks: BlockNumber,
    pub(super) moments: Vec<Moment>,
}

/// The tapes of a dump, in their order.
pub(super) struct Tapes<'a> {
    bytes: Take<GzDecoder<&'a [u8]>>,
    pub(super) blocks: BlockNumber,
}

fn refused(why: impl std::fmt::Display) -> DevError {
    DevError::Refused(format!("these bytes are no dump: {why}"))
}

/// Packs a chain.
///
/// # Errors
/// When a tape cannot be had.
pub(super) fn write(
    head: &Head,
    tapes: &[Vec<u8>],
    moments: &[Moment],
    digest: Hash,
) -> Result<Vec<u8>, DevError> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    let mut put = |bytes: &[u8]| packed.write_all(bytes);
    let mut all = || {
        put(&MARK)?;
        put(&head.encode())?;
        put(&Compact(u32::try_from(tapes.len()).unwrap_or(u32::MAX)).encode())?;
        tapes.iter().try_for_each(|tape| put(&tape.encode()))?;
        put(&moments.encode())?;
        put(&digest)
    };
    let done = all().and_then(|()| packed.finish());
    done.map_err(|error| DevError::Failed(format!("the dump cannot be packed: {error}")))
}

impl<'a> Tapes<'a> {
    /// Reads the front of a dump.
    pub(super) fn open(packed: &'a [u8]) -> Result<(Head, Self), DevError> {
        let mut tapes = Self { bytes: GzDecoder::new(packed).take(DUMP_MAX), blocks: 0 };
        if tapes.value::<[u8; 8]>()? != MARK {
            return Err(refused("they begin otherwise"));
        }
        let name = tapes.run_of_bytes(0, NAME_MAX, "the name")?;
        let name = String::from_utf8(name).map_err(refused)?;
        let (seed, genesis, plan) = tapes.value()?;
        tapes.blocks = tapes.value::<Compact<u32>>()?.0.into();
        Ok((Head { name, seed, genesis, plan }, tapes))
    }

    /// The tape of the next block.
    pub(super) fn next_tape(&mut self) -> Result<Vec<u8>, DevError> {
        self.run_of_bytes(TAPE_MIN, TAPE_MAX, "a tape")
    }

    /// What stands after the last tape: snapshots, the rolling digest that must come out, and nothing else.
    pub(super) fn rest(mut self) -> Result<(Vec<Moment>, Hash), DevError> {
        let count = self.value::<Compact<u32>>()?.0;
        if usize::try_from(count).is_ok_and(|count| count > SNAPSHOTS_MAX) {
            return Err(refused(format!("it holds {count} snapshots; allowed: {SNAPSHOTS_MAX}")));
        }
        let mut left = WAITING_MAX;
        let moments = (0..count).map(|_| self.moment(&mut left)).collect::<Result<_, _>>()?;
        let digest = self.value()?;
        match self.bytes.read(&mut [0]) {
            Ok(0) => Ok((moments, digest)),
            Ok(_) => Err(refused("something follows its end")),
            Err(error) => Err(refused(error)),
        }
    }

    /// A snapshot; what waited in it may take `left` bytes.
    fn moment(&mut self, left: &mut u64) -> Result<Moment, DevError> {
        let name =
            String::from_utf8(self.run_of_bytes(0, NAME_MAX, "the name of a snapshot")?).map_err(refused)?;
        let (block, clock_ahead_ms, next_timestamp_ms) = self.value()?;
        let mut pending = Vec::new();
        for _ in 0..self.value::<Compact<u32>>()?.0 {
            let extrinsic = self.run_of_bytes(1, *left, "an extrinsic that waited")?;
            *left = left.saturating_sub(extrinsic.len() as u64).saturating_sub(EXTRINSIC);
            pending.push(extrinsic);
        }
        Ok(Moment { name, block, clock_ahead_ms, next_timestamp_ms, pending })
    }

    fn value<T: Decode>(&mut self) -> Result<T, DevError> {
        T::decode(&mut IoReader(&mut self.bytes)).map_err(refused)
    }

    /// Bytes with their number at their front. No more memory is taken than there are bytes.
    fn run_of_bytes(&mut self, min: u64, max: u64, what: &str) -> Result<Vec<u8>, DevError> {
        let length = u64::from(self.value::<Compact<u32>>()?.0);
        if !(min..=max).contains(&length) {
            return Err(refused(format!("{what} has {length} bytes; allowed: {min} to {max}")));
        }
        let mut bytes = Vec::new();
        (&mut self.bytes).take(length).read_to_end(&mut bytes).map_err(refused)?;
        if bytes.len() as u64 != length {
            return Err(refused(format!("{what} is cut, or more than {DUMP_MAX} bytes come before its end")));
        }
        Ok(bytes)
    }
}

impl Origin {
    /// Plays a dump on the side, whatever thread this is, once its head is found to be of this chain.
    ///
    /// # Errors
    /// For bytes that are no dump, a dump of another scenario, seed or genesis, and one that does not come out.
    pub fn check(&self, packed: Vec<u8>) -> Result<Checked, DevError> {
        let (head, mut tapes) = Tapes::open(&packed)?;
        self.compare(&head)?;
        let mut run = Run::new(self.plan.clone(), &options(self.threads)).map_err(play::failure)?;
        let blocks = tapes.blocks;
        for number in 1..=blocks {
            if interrupt::requested() {
                return Err(DevError::Refused(format!("stopped at block {number} of the dump")));
            }
            let at_block = |error: String| DevError::Refused(format!("block {number} of the dump: {error}"));
            let tape = tapes.next_tape().map_err(|error| at_block(error.to_string()))?;
            run.replay_from_outside(&tape).map_err(|error| at_block(error.to_string()))?;
        }
        let ((moments, digest), played) = (tapes.rest()?, *run.digest());
        if digest != played {
            return Err(DevError::Refused(format!(
                "the dump does not come out: its head digest is 0x{}, played again it is 0x{}; it was made by other rules \
                 or is damaged",
                hex::encode(digest),
                hex::encode(played),
            )));
        }
        Ok(Checked { packed, digest, blocks, moments })
    }

    fn compare(&self, head: &Head) -> Result<(), DevError> {
        let Self { plan, genesis, .. } = self;
        if (head.seed, head.plan, head.genesis) == (plan.seed, plan.digest, *genesis) {
            return Ok(());
        }
        let name: String = head.name.chars().filter(|c| !c.is_control()).collect();
        Err(DevError::Refused(format!(
            "the dump is of {name}, seed {}, genesis 0x{}; this chain plays {}, seed {}, genesis 0x{}: start it with the \
             same scenario, seed and flags",
            head.seed,
            hex::encode(head.genesis),
            plan.name,
            plan.seed,
            hex::encode(genesis),
        )))
    }
}

impl Checked {
    /// The tapes, once more from the first.
    pub(super) fn tapes(&self) -> Result<Tapes<'_>, DevError> {
        Ok(Tapes::open(&self.packed)?.1)
    }
}
