//! What happens to weights before the epoch sees them: the checks and the scaling of a submission.

use super::fixed::{Bits, normalize, proportion};

/// Scales weights so that the highest becomes 65535, rounding half up; all zeros stay.
///
/// **Source**: spec `epoch.md` section 13.
pub fn max_upscale(weights: &mut [u16]) {
    let max = u64::from(weights.iter().copied().max().unwrap_or(0));
    if max == 0 {
        return;
    }
    const FULL: u64 = 65_535 << 32;
    for weight in weights {
        let value = u64::from(*weight);
        // Two orders of dividing, as the chain has them: by a rounded factor for a large maximum.
        let scaled = if max > 32_768 { value * (FULL / max) } else { value * FULL / max };
        *weight = u16::try_from((scaled + (1 << 31)) >> 32).unwrap_or(u16::MAX);
    }
}

/// Whether no weight is more than `limit` (parts of 65535) of the sum.
#[must_use]
pub fn max_limited(weights: &[u16], limit: u16) -> bool {
    let limit = proportion(limit);
    let mut shares: Vec<Bits> = weights.iter().map(|&weight| Bits::from(weight) << 32).collect();
    normalize(&mut shares);
    shares.iter().all(|&share| share <= limit)
}
