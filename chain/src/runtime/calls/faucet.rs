//! TAO for whoever shows a little work, on chains that were built for it.
//!
//! **Source**: spec/chain.md 3.2, 8.7b.

use super::not_modelled;
use crate::account::AccountId;
use crate::block::Hash;
use crate::call::subtensor::Call;
use crate::crypto::{keccak_256, sha2_256};
use crate::error::{DispatchOutcome, SubtensorModuleError as E};
use crate::event::SubtensorModuleEvent as Event;
use crate::runtime::dispatch::Origin;
use crate::runtime::{Exec, tao};
use crate::state::State;
use crate::units::{BlockNumber, Rao, TAO};
use ruint::aliases::U256;

/// What a piece of work is worth.
const REWARD: Rao = Rao(1_000 * TAO);
/// Expected tries for a piece of work.
const DIFFICULTY: u64 = 1_000_000;
/// Work for a block counts in it and in the two blocks after it.
const BLOCKS: u64 = 3;

pub(in crate::runtime) fn dispatch(exec: &mut Exec<'_>, origin: Origin, call: &Call) -> DispatchOutcome {
    match call {
        Call::Faucet { block_number, nonce, work } => {
            faucet(exec, &origin.signed()?, *block_number, *nonce, work)
        }
        _ => not_modelled("SubtensorModule", call),
    }
}

/// Remembers the hash of the block before, as long as work for it counts.
pub(in crate::runtime) fn remember_parent(state: &mut State, number: BlockNumber, parent: Hash) {
    if let Some(before) = number.checked_sub(1) {
        state.recent_hashes.insert(before, parent);
    }
    if let Some(old) = number.checked_sub(BLOCKS) {
        state.recent_hashes.remove(&old);
    }
}

/// The work that a nonce is: what a faucet call must show for a block, whose own hash its extrinsics read as zeros.
pub fn work_of(state: &State, number: BlockNumber, coldkey: &AccountId, nonce: u64) -> Hash {
    let hash = state.recent_hashes.get(&number).copied().unwrap_or_default();
    let seed = keccak_256(&[&hash[..], coldkey.bytes()].concat());
    keccak_256(&sha2_256(&[&nonce.to_le_bytes()[..], &seed].concat()))
}

/// Whether a hash, as a little-endian number, is small enough to be worth the reward.
pub fn meets_difficulty(work: &Hash) -> bool {
    U256::from_le_bytes(*work).checked_mul(U256::from(DIFFICULTY)).is_some()
}

/// Pays the reward for work.
///
/// # Errors
/// `FaucetDisabled` without the rule; `InvalidWorkBlock` for a block to come or three blocks old;
/// `InvalidDifficulty`; `InvalidSeal` for other work than the nonce's.
fn faucet(
    exec: &mut Exec<'_>,
    who: &AccountId,
    number: BlockNumber,
    nonce: u64,
    work: &[u8],
) -> DispatchOutcome {
    if !exec.pow_faucet {
        return Err(E::FaucetDisabled.into());
    }
    if exec.now().checked_sub(number).is_none_or(|age| age >= BLOCKS) {
        return Err(E::InvalidWorkBlock.into());
    }
    let shown = Hash::try_from(work).map_err(|_| E::InvalidSeal)?;
    if !meets_difficulty(&shown) {
        return Err(E::InvalidDifficulty.into());
    }
    if work_of(exec.state, number, who, nonce) != shown {
        return Err(E::InvalidSeal.into());
    }
    let now = exec.now();
    exec.state.used_work.insert(work.to_vec(), now);
    tao::endow(exec, who, REWARD)?;
    exec.emit(Event::Faucet(*who, REWARD.get()));
    Ok(())
}
