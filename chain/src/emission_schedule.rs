//! The block emission schedule and the decay of registration prices (`chain.md` sections 3.1 and 8.2).

/// The supply that emission approaches and never passes, in rao (or alpha rao).
pub const TOTAL_SUPPLY: u64 = 21_000_000_000_000_000;
/// Emission of a block before the first halving, in rao (or alpha rao).
pub const BLOCK_EMISSION_MAX: u64 = 1_000_000_000;

/// Emission of one block, given what has been issued of a currency whose supply ends at `total_supply`.
///
/// It halves each time half of what was left is issued, and is zero at the end. **Units**: rao, or alpha rao.
#[must_use]
pub fn block_emission(issuance: u64, total_supply: u64) -> u64 {
    let Some(left) = total_supply.checked_sub(issuance).filter(|left| *left > 0) else { return 0 };
    // k halvings have passed once left <= supply / 2^k.
    let halvings = (1..=u64::BITS)
        .take_while(|k| u128::from(left).checked_shl(*k).is_some_and(|l| l <= u128::from(total_supply)))
        .count();
    u32::try_from(halvings).ok().and_then(|k| BLOCK_EMISSION_MAX.checked_shr(k)).unwrap_or_default()
}

const Q32_ONE: u64 = 1 << 32;

/// The factor by which a registration price falls per block so that it halves in `half_life` blocks, in Q32.
///
/// The largest Q32 number whose `half_life`-th power is at most one half; one (no decay) for a half-life of zero.
#[must_use]
pub fn burn_decay_factor(half_life: u16) -> u64 {
    if half_life == 0 {
        return Q32_ONE;
    }
    let (mut low, mut high) = (0, Q32_ONE);
    while high.saturating_sub(low) > 1 {
        let middle = low.midpoint(high);
        if q32_pow(middle, half_life) <= Q32_ONE >> 1 {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// A registration price one block later, before it is clamped. **Units**: rao.
#[must_use]
pub const fn decayed_burn(burn: u64, factor: u64) -> u64 {
    let product = (burn as u128).saturating_mul(factor as u128) >> 32;
    if product > u64::MAX as u128 { u64::MAX } else { product as u64 }
}

/// Power by squaring, each product cut to 32 fraction bits.
const fn q32_pow(base: u64, exponent: u16) -> u64 {
    let (mut result, mut square, mut exponent) = (Q32_ONE, base, exponent);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = decayed_burn(result, square);
        }
        square = decayed_burn(square, square);
        exponent >>= 1;
    }
    result
}
