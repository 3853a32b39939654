//! Stake, permits and activity.

use super::arith::normalize;
use super::sparse::zeroed;
use crate::kernel::fixed::{stake_share_wide, tao_weight_bits, total_stake};
use crate::kernel::{EpochInput, EpochParams, EpochResults};

/// Arrays by uid that the later steps read.
#[derive(Debug, Default)]
pub(super) struct Neurons {
    pub(super) n: usize,
    /// Shares of stake.
    pub(super) stake: Vec<u64>,
    /// Shares of stake of active, permitted uids.
    pub(super) active_stake: Vec<u64>,
    /// Whether anyone has active stake.
    pub(super) any_active_stake: bool,
    pub(super) permitted: Vec<bool>,
    pub(super) registered: Vec<u64>,
    pub(super) last_registration: u64,
    totals: Vec<i128>,
    order: Vec<u64>,
}

/// The element of uid `i`, or zero beyond the end.
pub(super) fn at<T: Copy + Default>(values: &[T], i: usize) -> T {
    values.get(i).copied().unwrap_or_default()
}

impl Neurons {
    /// Reads the input and writes activity, permits and stake. Returns false when the sum of all stake leaves 127
    /// bits, which no supply of a chain does.
    pub(super) fn load(&mut self, input: &EpochInput, params: &EpochParams, out: &mut EpochResults) -> bool {
        let n = input.n();
        self.n = n;
        let weight = tao_weight_bits(params.tao_weight);
        self.totals.clear();
        self.totals.extend(
            input
                .alpha_stake
                .iter()
                .enumerate()
                .map(|(i, &alpha)| total_stake(alpha, at(&input.tao_stake, i), weight)),
        );
        out.stake.clear();
        out.stake.extend(self.totals.iter().map(|total| (total >> 64) as u64));
        if !self.shares(input.owner_uid, params.stake_threshold) {
            return false;
        }
        self.registered.clear();
        self.registered.extend((0..n).map(|i| at(&input.block_at_registration, i)));
        self.last_registration = self.registered.iter().copied().max().unwrap_or(0);

        let owner = input.owner_uid.map(usize::from);
        self.permitted.clear();
        self.permitted.extend((0..n).map(|i| at(&input.validator_permit, i) || owner == Some(i)));
        self.new_permits(owner, usize::from(params.max_allowed_validators), &mut out.validator_permit);

        let cutoff = params.activity_cutoff();
        out.active.clear();
        out.active
            .extend((0..n).map(|i| at(&input.last_update, i).saturating_add(cutoff) >= input.current_block));
        self.active_stake.clear();
        let votes = self.stake.iter().zip(out.active.iter().zip(&self.permitted));
        self.active_stake.extend(votes.map(|(&stake, (&a, &p))| if a && p { stake } else { 0 }));
        self.any_active_stake = normalize(&mut self.active_stake) != 0;
        true
    }

    /// Shares of the stake that passes the threshold.
    fn shares(&mut self, owner: Option<u16>, threshold: u64) -> bool {
        let owner = owner.map(usize::from);
        let threshold = i128::from(threshold);
        let mut sum = 0i128;
        for (i, total) in self.totals.iter_mut().enumerate() {
            if owner != Some(i) && (*total >> 64) < threshold {
                *total = 0;
            }
            match sum.checked_add(*total) {
                Some(more) => sum = more,
                None => return false,
            }
        }
        zeroed(&mut self.stake, self.n);
        let share = Share::of(sum);
        for (stake, &total) in self.stake.iter_mut().zip(&self.totals) {
            if total != 0 {
                *stake = share.part(total);
            }
        }
        true
    }

    /// The `k` highest non-zero stakes, higher uids first on ties, and the owner.
    fn new_permits(&mut self, owner: Option<usize>, k: usize, permits: &mut Vec<bool>) {
        permits.clear();
        permits.extend(self.stake.iter().map(|&stake| stake != 0));
        let cut = self.n.saturating_sub(k);
        if cut > 0 {
            self.order.clear();
            self.order.extend(self.stake.iter().zip(0u64..).map(|(&stake, uid)| stake << 16 | uid));
            if cut < self.n {
                self.order.select_nth_unstable(cut);
            }
            for &key in &self.order[..cut] {
                permits[(key & 0xffff) as usize] = false;
            }
        }
        if let Some(permit) = owner.and_then(|o| permits.get_mut(o)) {
            *permit = true;
        }
    }
}

/// `floor(part * 2^32 / total)` for stakes with 64 fractional bits.
struct Share {
    total: i128,
    shift: u32,
    /// The 32 highest bits of the total, rounded up.
    high: u64,
}

impl Share {
    fn of(total: i128) -> Self {
        let shift = total.leading_zeros();
        let high = if total > 0 { ((total as u128) << shift >> 96) as u64 + 1 } else { 1 };
        Self { total, shift, high }
    }

    fn part(&self, part: i128) -> u64 {
        // Beyond this the remainder below could leave 128 bits.
        if self.total >= 1 << 124 {
            return (stake_share_wide(part, self.total) >> 32) as u64;
        }
        let (part, total) = (part as u128, self.total as u128);
        // The divisor was rounded up, so the quotient is short by a few units at most; the remainder shows how many.
        let mut quotient = ((part << self.shift) >> 64) as u64 / self.high;
        let mut rest = (part << 32).wrapping_sub(total.wrapping_mul(u128::from(quotient)));
        while rest >= total {
            rest -= total;
            quotient += 1;
        }
        quotient
    }
}
