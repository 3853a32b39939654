//! A slow walk over all stakes that finds root stakers missing from the index of automatic claims.
//!
//! **Source**: spec/chain.md 2.2 (9), spec/observed.md.

use super::claims;
use crate::account::AccountId;
use crate::runtime::Exec;
use crate::state::AlphaKey;
use crate::units::NetUid;

/// Rows visited per block.
const ROWS_PER_BLOCK: usize = 30;

/// `twox_128("SubtensorModule") ++ twox_128("AlphaV2")`: where the raw keys of stakes begin.
const PREFIX: [u8; 32] = [
    0x65, 0x8f, 0xaa, 0x38, 0x50, 0x70, 0xe0, 0x74, 0xc8, 0x5b, 0xf6, 0xb5, 0x68, 0xcf, 0x05, 0x55, 0x42,
    0x1d, 0x81, 0x74, 0x60, 0x3a, 0x6a, 0x60, 0x36, 0x51, 0x1a, 0x76, 0x19, 0xb4, 0x02, 0xf0,
];

/// Visits the next rows after the cursor (`AlphaV2MapLastKey`) and moves it; at the end it starts again.
///
/// It runs after the block's epochs and claims and before its extrinsics: rows that the former made are visited, rows
/// of the latter are not, and both move where a page ends.
pub(super) fn maintain(exec: &mut Exec<'_>) {
    let rows = &exec.state.alpha_index;
    let cursor = exec.state.globals.alpha_v2_map_last_key.as_deref();
    let mut visited = [None; ROWS_PER_BLOCK];
    let mut count = 0_usize;
    let mut visit = |key: &AlphaKey| {
        if let Some(slot) = visited.get_mut(count) {
            *slot = Some(*key);
            count = count.saturating_add(1);
        }
    };
    match cursor.and_then(from_raw) {
        Some(key) => rows.after(&key).take(ROWS_PER_BLOCK).for_each(|(key, ())| visit(key)),
        None => rows.keys().take(ROWS_PER_BLOCK).for_each(visit),
    }
    let had_cursor = cursor.is_some();
    for (_, coldkey, netuid) in visited.iter().flatten() {
        if netuid.is_root() {
            claims::add_to_index(exec.state, coldkey);
        }
    }
    // A full page ends with its last slot filled.
    match visited.last().copied().flatten() {
        Some(key) => write_raw(exec.state.globals_mut().alpha_v2_map_last_key.get_or_insert_default(), &key),
        None if had_cursor => exec.state.globals_mut().alpha_v2_map_last_key = None,
        None => {}
    }
}

fn write_raw(raw: &mut Vec<u8>, (hotkey, coldkey, netuid): &AlphaKey) {
    raw.clear();
    raw.extend_from_slice(&PREFIX);
    for account in [hotkey, coldkey] {
        raw.extend_from_slice(account.hash());
        raw.extend_from_slice(account.bytes());
    }
    raw.extend_from_slice(&netuid.number().to_le_bytes());
}

/// The key of a raw key; `None` when it is not one of a stake, which starts the walk again.
fn from_raw(raw: &[u8]) -> Option<AlphaKey> {
    let account = |from: usize| {
        let bytes: [u8; 32] = raw.get(from..)?.first_chunk().copied()?;
        Some(AccountId::new(bytes))
    };
    let (netuid, _) = raw.get(128..)?.split_first_chunk()?;
    (raw.len() == 130 && raw.starts_with(&PREFIX)).then_some(())?;
    Some((account(48)?, account(96)?, NetUid(u16::from_le_bytes(*netuid))))
}
