//! Room of a block: what its extrinsics may weigh, and how long they may be.
//!
//! **Source**: the block weights and lengths of the reference runtime: 4 seconds and 5 MiB, three quarters of both for
//! normal calls.

use super::weights::{BASE_EXTRINSIC, BLOCK_REF_TIME_MAX, CallInfo, PostInfo};
use crate::block::InvalidTransaction;
use crate::call::{DispatchClass, Weight};

/// `ref_time` of all normal extrinsics of a block.
const NORMAL_REF_TIME_MAX: u64 = BLOCK_REF_TIME_MAX / 4 * 3;
/// `ref_time` kept for the initialisation of a block: no single extrinsic may use it.
const INITIALISATION: u64 = BLOCK_REF_TIME_MAX / 10;
/// Bytes of all extrinsics of a block, and of normal ones.
const BYTES_MAX: usize = 5 * 1024 * 1024;
const NORMAL_BYTES_MAX: usize = BYTES_MAX / 4 * 3;
/// Bytes of the time inherent.
const TIMESTAMP_BYTES: usize = 11;
/// `ref_time` of an empty block and of its time inherent.
const EMPTY_BLOCK: u64 = 453_383_000 + 329_556_000;

/// What the extrinsics of a block have used so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    normal: u64,
    operational: u64,
    bytes: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self { normal: 0, operational: 0, bytes: TIMESTAMP_BYTES }
    }
}

/// Whether an extrinsic fits into an empty block.
///
/// # Errors
/// `ExhaustsResources`.
pub(super) fn fits_alone(info: &CallInfo, length: usize) -> Result<(), InvalidTransaction> {
    let (ref_time, bytes) = match info.class {
        DispatchClass::Normal => (NORMAL_REF_TIME_MAX, NORMAL_BYTES_MAX),
        DispatchClass::Operational | DispatchClass::Mandatory => (BLOCK_REF_TIME_MAX, BYTES_MAX),
    };
    let most = ref_time.saturating_sub(INITIALISATION).saturating_sub(BASE_EXTRINSIC.ref_time);
    if info.weight.ref_time > most || length > bytes {
        return Err(InvalidTransaction::ExhaustsResources);
    }
    Ok(())
}

impl Room {
    /// Takes what an extrinsic needs.
    ///
    /// # Errors
    /// `ExhaustsResources` when there is not so much; nothing is taken then.
    pub(super) fn take(&mut self, info: &CallInfo, length: usize) -> Result<(), InvalidTransaction> {
        let mut next = *self;
        let weight = info.weight.plus(BASE_EXTRINSIC).ref_time;
        next.bytes = next.bytes.saturating_add(length);
        let fits = match info.class {
            DispatchClass::Normal => {
                next.normal = next.normal.saturating_add(weight);
                next.normal <= NORMAL_REF_TIME_MAX && next.bytes <= NORMAL_BYTES_MAX
            }
            DispatchClass::Operational | DispatchClass::Mandatory => {
                next.operational = next.operational.saturating_add(weight);
                next.operational <= BLOCK_REF_TIME_MAX && next.bytes <= BYTES_MAX
            }
        };
        // Beyond the whole block operational calls have a reserve of their own.
        let all = next.normal.saturating_add(next.operational).saturating_add(EMPTY_BLOCK);
        let reserved = info.class == DispatchClass::Operational
            && next.operational <= BLOCK_REF_TIME_MAX.saturating_sub(NORMAL_REF_TIME_MAX);
        if !fits || (all > BLOCK_REF_TIME_MAX && !reserved) {
            return Err(InvalidTransaction::ExhaustsResources);
        }
        *self = next;
        Ok(())
    }

    /// Gives back what a dispatched extrinsic did not weigh.
    pub(super) fn give_back(&mut self, info: &CallInfo, post: PostInfo) {
        let Weight { ref_time, .. } = info.weight.minus(post.weight(info.weight));
        let used = match info.class {
            DispatchClass::Normal => &mut self.normal,
            DispatchClass::Operational | DispatchClass::Mandatory => &mut self.operational,
        };
        *used = used.saturating_sub(ref_time);
    }
}
