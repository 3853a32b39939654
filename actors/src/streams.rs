//! Random streams that a checkpoint can hold.
//!
//! A stream is keyed by (seed, owner, purpose), so a new purpose never shifts the numbers of another one, and
//! its whole state is how much of it was drawn.

use parity_scale_codec::{Decode, Encode};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use std::collections::BTreeMap;

/// What numbers are drawn for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Purpose {
    /// Which slice of the corpus is asked.
    Slice,
    /// The salt of a weight commit.
    Salt,
    /// The bytes of an invented answer.
    Noise,
    /// Whether a letter is lost to the fault of this place in the plan.
    Loss(u32),
    /// Which number is asked.
    Number,
}

/// The streams of one owner: a participant or the fabric.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Streams {
    key: [u8; 32],
    /// Numbers drawn so far, by purpose.
    drawn: BTreeMap<Purpose, u64>,
}

impl Streams {
    /// The streams of an owner, nothing drawn yet.
    #[must_use]
    pub fn new(seed: u64, owner: &str) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("localnet 2026 streams");
        hasher.update(&seed.to_le_bytes()).update(owner.as_bytes());
        Self { key: *hasher.finalize().as_bytes(), drawn: BTreeMap::new() }
    }

    /// The next number of a stream, uniform over all 64-bit numbers.
    pub fn draw(&mut self, purpose: Purpose) -> u64 {
        let at = self.drawn.entry(purpose).or_insert(0);
        let mut rng = ChaCha8Rng::from_seed(*blake3::keyed_hash(&self.key, &purpose.encode()).as_bytes());
        // A number is two words of the stream.
        rng.set_word_pos(u128::from(*at) * 2);
        *at = at.wrapping_add(1);
        rng.next_u64()
    }

    /// The next number of a stream below `bound`; zero for a bound of zero.
    pub fn below(&mut self, purpose: Purpose, bound: u64) -> u64 {
        let wide = u128::from(self.draw(purpose)) * u128::from(bound);
        u64::try_from(wide >> 64).unwrap_or(0)
    }
}
