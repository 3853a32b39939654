//! Random draws of participants and of the fabric.
//!
//! A draw is a function of the seed, the owner, the block, its phase, the purpose, and how many draws of that purpose
//! came before it in the phase. No draw depends on the chain's past, so that two runs that differ in one thing differ
//! by what follows from that thing alone.

use crate::message::{Message, Peer};
use crate::participant::Phase;
use crate::plan::Plan;
use chain::block::Hash;
use chain::units::BlockNumber;
use parity_scale_codec::Encode;
use std::collections::BTreeMap;

/// What numbers are drawn for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode)]
pub enum Purpose {
    /// Which slice of the corpus is asked.
    Slice,
    /// The salt of a weight commit.
    Salt,
    /// The bytes of an invented answer.
    Noise,
    /// Which number is asked.
    Number,
}

/// Key of an owner's draws: of a participant, by its name.
#[must_use]
pub fn draw_key(seed: u64, owner: &str) -> Hash {
    let mut hasher = blake3::Hasher::new_derive_key("localnet 2026 streams");
    hasher.update(&seed.to_le_bytes()).update(owner.as_bytes());
    *hasher.finalize().as_bytes()
}

/// Lottery of a block: the order of its extrinsics and its automatic claims.
#[must_use]
pub fn lottery(seed: u64, number: BlockNumber) -> Hash {
    let mut hasher = blake3::Hasher::new_derive_key("localnet 2026 lottery of a block");
    hasher.update(&seed.to_le_bytes()).update(&number.to_le_bytes());
    *hasher.finalize().as_bytes()
}

/// The draws of one owner in one phase of one block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Streams {
    key: Hash,
    block: BlockNumber,
    phase: Phase,
    /// Numbers drawn so far, by purpose.
    drawn: BTreeMap<Purpose, u64>,
}

impl Streams {
    /// The draws of the owner of a [`draw_key`], nothing drawn yet.
    #[must_use]
    pub const fn new(key: Hash, block: BlockNumber, phase: Phase) -> Self {
        Self { key, block, phase, drawn: BTreeMap::new() }
    }

    /// The next number of a purpose, uniform over all 64-bit numbers.
    pub fn draw(&mut self, purpose: Purpose) -> u64 {
        let at = self.drawn.entry(purpose).or_insert(0);
        let number = number(&self.key, &(self.block, self.phase, purpose, *at));
        *at = at.wrapping_add(1);
        number
    }

    /// The next number of a purpose below `bound`; zero for a bound of zero.
    pub fn below(&mut self, purpose: Purpose, bound: u64) -> u64 {
        scaled(self.draw(purpose), bound)
    }
}

/// The draws of one block that decide which messages are lost.
#[derive(Clone, Debug)]
pub struct Losses<'a> {
    plan: &'a Plan,
    block: BlockNumber,
    /// Draws so far, by the place of the fault in the plan, sender and recipient.
    drawn: BTreeMap<(u32, Peer, Peer), u64>,
}

impl<'a> Losses<'a> {
    /// The draws of a block, nothing drawn yet.
    #[must_use]
    pub const fn new(plan: &'a Plan, block: BlockNumber) -> Self {
        Self { plan, block, drawn: BTreeMap::new() }
    }

    /// The number below `bound` that decides about the next message of this sender to this recipient, for the fault at
    /// this place in the plan.
    pub(crate) fn below(&mut self, place: u32, message: &Message, bound: u64) -> u64 {
        let at = self.drawn.entry((place, message.from, message.to)).or_insert(0);
        let name = |party: Peer| match party {
            Peer::Local(id) => Ok(self.plan.name_of(id)),
            Peer::External(hotkey) => Err(hotkey),
        };
        let key = draw_key(self.plan.seed, "/fabric");
        let number = number(&key, &(self.block, place, name(message.from), name(message.to), *at));
        *at = at.wrapping_add(1);
        scaled(number, bound)
    }
}

/// A number of a key, uniform over all 64-bit numbers.
fn number(key: &Hash, what: &impl Encode) -> u64 {
    let hash = blake3::keyed_hash(key, &what.encode());
    hash.as_bytes().first_chunk().copied().map_or(0, u64::from_le_bytes)
}

fn scaled(number: u64, bound: u64) -> u64 {
    let wide = u128::from(number) * u128::from(bound);
    u64::try_from(wide >> 64).unwrap_or(0)
}
