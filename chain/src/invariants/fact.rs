//! What the rules tell of themselves while they run, and the invariants about single functions.

use super::structure::overshoots;
use super::{Invariant, Step, named};
use crate::pool::{self, Order, Reserves, Side, SwapResult};
use crate::state::{Pool, State};
use crate::units::{AlphaRao, NetUid, TAO};
use ruint::aliases::U256;

/// Something that a rule did, seen from inside; recorded only while somebody checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A pool took an order.
    Swap {
        /// Whose pool.
        netuid: NetUid,
        /// The pool before.
        before: Price,
        /// What was asked.
        order: Order,
        /// What was done.
        done: SwapResult,
        /// Whether an extrinsic asked for it.
        by_user: bool,
    },
    /// The protocol is about to add liquidity, for which the weights were set.
    Liquidity {
        /// Whose pool.
        netuid: NetUid,
        /// The pool before.
        before: Price,
        /// TAO to be added, rao.
        tao: u64,
        /// Alpha to be added, rao.
        alpha: u64,
        /// The new quote weight, parts of 10^18.
        weight: u64,
    },
    /// A subnet's new alpha was split between owner, miners, validators and root.
    Emission {
        /// Which subnet.
        netuid: NetUid,
        /// The block's alpha for participants.
        created: AlphaRao,
        /// What each got, in that order.
        parts: [AlphaRao; 4],
    },
    /// An epoch's emission was split between mechanisms.
    Split {
        /// Which subnet.
        netuid: NetUid,
        /// What there was.
        amount: AlphaRao,
        /// What each mechanism got.
        parts: Vec<u64>,
    },
    /// A moving price followed the spot price.
    MovingPrice {
        /// Which subnet.
        netuid: NetUid,
        /// Before, in units of 2^-32.
        before: i128,
        /// The spot price, at most one, in the same units, floored.
        spot: i128,
        /// After, in the same units.
        after: i128,
    },
    /// The subtensor pallet's counter of issuance was to fall by more than it was, so it stayed at zero.
    CounterAtZero {
        /// How much did not fit, rao.
        short: u64,
    },
    /// Root set one of the two counters of issuance apart from what the rules issue and recycle.
    IssuanceSet {
        /// How much the issuance of Balances rose by it, rao.
        balances: i128,
        /// How much the subtensor pallet's counter rose by it, rao.
        pallet: i128,
    },
    /// Root wrote rows of storage as they are.
    RawWrite {
        /// The states before and after, both shared by structure with the block's.
        states: Box<(State, State)>,
    },
    /// A failed extrinsic left something beside fee and nonce.
    Left {
        /// Index of the extrinsic.
        extrinsic: u32,
        /// What.
        what: String,
    },
}

/// What the price of a pool is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// Both reserves.
    pub reserves: Reserves,
    /// Weight of TAO, parts of 10^18.
    pub weight: u64,
}

/// One, in parts of a weight.
const WHOLE: u64 = 1_000_000_000_000_000_000;

/// A part of a number, floored.
fn part(of: U256, by: u64) -> U256 {
    of.checked_div(U256::from(by)).unwrap_or_default()
}

impl Price {
    /// That of a pool.
    #[must_use]
    pub const fn of(pool: &Pool) -> Self {
        Self { reserves: pool.reserves(), weight: pool.quote_weight }
    }
    /// Numerator and denominator of the exact price.
    fn ratio(self) -> (U256, U256) {
        let big = |a: u64, b: u64| U256::from(u128::from(a).saturating_mul(b.into()));
        let Self { reserves, weight } = self;
        (big(WHOLE.saturating_sub(weight), reserves.tao), big(weight, reserves.alpha))
    }
    /// Both prices as numbers with one denominator. Each factor is below 2^124, so they fit.
    fn beside(self, other: Self) -> (U256, U256) {
        let ((a, b), (c, d)) = (self.ratio(), other.ratio());
        (a.saturating_mul(d), c.saturating_mul(b))
    }
}

/// Checks the facts that an invariant is about.
pub(super) fn hold(invariant: Invariant, step: &Step<'_>) -> Result<(), String> {
    for fact in step.facts {
        match (invariant, fact) {
            (Invariant::I10, Fact::Swap { netuid, before, order, done, by_user }) => {
                swap(*before, order, done, *by_user).map_err(named(*netuid))?;
            }
            (Invariant::I11, Fact::Liquidity { netuid, before, tao, alpha, weight }) => {
                liquidity(*before, *tao, *alpha, *weight).map_err(named(*netuid))?;
            }
            (Invariant::I14, Fact::Emission { netuid, created, parts }) => {
                emission(*created, parts).map_err(named(*netuid))?;
            }
            (Invariant::I15, Fact::Split { netuid, amount, parts }) => {
                let sum = parts.iter().fold(0_u128, |sum, part| sum.saturating_add((*part).into()));
                if sum != u128::from(amount.get()) {
                    return Err(named(*netuid)(format!(
                        "mechanisms get {sum} of {} alpha rao",
                        amount.get()
                    )));
                }
            }
            (Invariant::I23, Fact::MovingPrice { netuid, before, spot, after }) if !overshoots(step) => {
                moving_price(*before, *spot, *after).map_err(named(*netuid))?;
            }
            (Invariant::I24, Fact::Left { extrinsic, what }) => {
                return Err(format!("extrinsic {extrinsic} failed and left {what}"));
            }
            _ => {}
        }
    }
    Ok(())
}

fn swap(before: Price, order: &Order, done: &SwapResult, by_user: bool) -> Result<(), String> {
    let SwapResult { amount_paid_in: paid, amount_paid_out: got, .. } = *done;
    let Reserves { tao, alpha } = before.reserves;
    let (from, reserves) = match order.side {
        Side::Buy => (alpha, Reserves { tao: tao.saturating_add(paid), alpha: alpha.saturating_sub(got) }),
        Side::Sell => (tao, Reserves { tao: tao.saturating_sub(got), alpha: alpha.saturating_add(paid) }),
    };
    if got > 0 && got >= from {
        return Err(format!("{got} rao were paid out of a reserve of {from}"));
    }
    if paid.saturating_add(done.fee_paid) > order.amount.saturating_add(1) {
        return Err(format!("{paid} rao and a fee of {} were taken of {}", done.fee_paid, order.amount));
    }
    let after = Price { reserves, ..before };
    let (was, is) = before.beside(after);
    let risen = match order.side {
        Side::Buy => is >= was,
        Side::Sell => is <= was,
    };
    if !risen {
        return Err(format!("{:?} of {paid} rao moved the price against itself", order.side));
    }
    limit_kept(before, after, order)?;
    if by_user { not_undone_with_a_gain(after, order.side, paid, got) } else { Ok(()) }
}

/// The price may pass the limit by what one rao of each side moves it, no more.
fn limit_kept(before: Price, after: Price, order: &Order) -> Result<(), String> {
    let Price { reserves: Reserves { tao, alpha }, .. } = after;
    let reserves = match order.side {
        Side::Buy => Reserves { tao: tao.saturating_sub(2), alpha: alpha.saturating_add(2) },
        Side::Sell => Reserves { tao: tao.saturating_add(2), alpha: alpha.saturating_sub(2) },
    };
    let back = Price { reserves, ..after };
    // The limit is a number of rao per whole alpha; the chain floors the price to 2^-64 before it compares.
    let (price, scale) = back.ratio();
    let limit = part(U256::from(order.limit_price).saturating_mul(scale), TAO);
    let margin = part(scale, 1 << 50).saturating_add(part(limit, 1 << 50)).saturating_add(U256::from(1_u64));
    let kept = match order.side {
        Side::Buy => price <= limit.saturating_add(margin),
        Side::Sell => price.saturating_add(margin) >= limit,
    };
    if kept || before == after {
        return Ok(());
    }
    Err(format!(
        "{:?} passed its limit of {} rao per alpha: {tao} tao rao, {alpha} alpha rao",
        order.side, order.limit_price
    ))
}

/// Swaps the output straight back, without fees.
fn not_undone_with_a_gain(after: Price, side: Side, paid: u64, got: u64) -> Result<(), String> {
    let (side, reserve) = match side {
        Side::Buy => (Side::Sell, after.reserves.tao),
        Side::Sell => (Side::Buy, after.reserves.alpha),
    };
    let limit_price = match side {
        Side::Buy => pool::PRICE_MAX,
        Side::Sell => pool::PRICE_MIN,
    };
    let Ok(balancer) = pool::Balancer::new(after.weight) else { return Ok(()) };
    let order = Order { side, amount: got, limit_price, fee_rate: 0, drop_fees: true };
    let Ok(back) = pool::swap(after.reserves, balancer, &order) else { return Ok(()) };
    // Each way may round up by 10^-18 of the reserve and one rao; an output that was rounded up buys back up to
    // its rao's worth of the other side.
    let Reserves { tao, alpha } = after.reserves;
    let (a, b) = if side == Side::Sell { (tao, alpha) } else { (alpha, tao) };
    let rao = a.checked_div(b.max(1)).unwrap_or_default().saturating_mul(100);
    let most = paid.saturating_add(reserve / WHOLE).saturating_add(rao).saturating_add(4);
    if back.amount_paid_out > most {
        return Err(format!("{paid} rao became {got}, and those {} again", back.amount_paid_out));
    }
    Ok(())
}

/// Both prices as fractions: they agree up to the rounding of the weights.
fn liquidity(before: Price, tao: u64, alpha: u64, weight: u64) -> Result<(), String> {
    let Reserves { tao: y, alpha: x } = before.reserves;
    if y == 0 || x == 0 {
        return Ok(());
    }
    let reserves = Reserves { tao: y.saturating_add(tao), alpha: x.saturating_add(alpha) };
    let after = Price { reserves, weight };
    let (was, is) = before.beside(after);
    let apart = if was > is { was.saturating_sub(is) } else { is.saturating_sub(was) };
    // The weights are quotients of two products that are rounded to whole numbers.
    let lighter = before.weight.min(WHOLE.saturating_sub(before.weight));
    let whole = U256::from(u128::from(y).saturating_mul(x.into())).saturating_mul(U256::from(lighter));
    let whole = part(whole, WHOLE).max(U256::from(1_u64));
    let rounding = was.checked_div(whole).unwrap_or_default().saturating_mul(U256::from(4_u64));
    let allowed = part(was, 1_000_000_000_000_000).saturating_add(rounding);
    if apart <= allowed {
        return Ok(());
    }
    Err(format!(
        "adding {tao} tao rao and {alpha} alpha rao to {y} and {x} moved the price ({} to {weight})",
        before.weight
    ))
}

fn emission(created: AlphaRao, parts: &[AlphaRao; 4]) -> Result<(), String> {
    let sum = parts.iter().fold(0_u128, |sum, part| sum.saturating_add(part.get().into()));
    let created = u128::from(created.get());
    if sum <= created && created.saturating_sub(sum) <= 4 {
        return Ok(());
    }
    Err(format!("{sum} of {created} alpha rao were given"))
}

/// Each of three products is floored, so the average may fall short of both by a few of its last units.
fn moving_price(before: i128, spot: i128, after: i128) -> Result<(), String> {
    let (low, high) = (before.min(spot).saturating_sub(2), before.max(spot).saturating_add(1));
    if low <= after && after <= high {
        return Ok(());
    }
    Err(format!("from {before} with the price at {spot} it went to {after}, in units of 2^-32"))
}
