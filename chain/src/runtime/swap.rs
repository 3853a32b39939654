//! Swaps between TAO and alpha with the bookkeeping of the reserves.
//!
//! The pool's mathematics is in [`crate::pool`]. TAO is moved between accounts by the callers; here only the counters
//! of the pool follow. **Source**: spec/chain.md 5.2, 5.6, 5.7.

use super::Exec;
use crate::error::{DispatchError, SwapError as Refused};
use crate::invariants::{Fact, Price};
use crate::math::fixed::U64F64;
use crate::pool::{self, Balancer, Order, Reserves, Side, SwapError, SwapResult};
use crate::state::{Pool, State, Subnet};
use crate::units::{AlphaRao, NetUid, Rao};

/// How a swap is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Worst acceptable spot price after the swap, rao per alpha.
    pub limit_price: u64,
    /// Whether the fee is waived.
    pub drop_fees: bool,
}

impl Terms {
    /// At any price, with the fee.
    pub const fn market(side: Side) -> Self {
        let limit_price = match side {
            Side::Buy => pool::PRICE_MAX,
            Side::Sell => pool::PRICE_MIN,
        };
        Self { limit_price, drop_fees: false }
    }
    /// The same without the fee.
    #[must_use]
    pub const fn free(self) -> Self {
        Self { drop_fees: true, ..self }
    }
}

impl Pool {
    /// True for a pool between TAO and alpha, false where everything is one to one.
    pub const fn is_dynamic(&self) -> bool {
        self.mechanism == 1
    }
    /// Both reserves.
    pub const fn reserves(&self) -> Reserves {
        Reserves { tao: self.tao.get(), alpha: self.alpha_in.get() }
    }
    /// The weights of both sides.
    pub fn balancer(&self) -> Balancer {
        // Only weights within the allowed range are ever stored.
        Balancer::new(self.quote_weight).unwrap_or_default()
    }
    /// TAO per alpha; one where there is no pool.
    pub fn price(&self) -> U64F64 {
        if self.is_dynamic() { self.balancer().price(self.reserves()) } else { U64F64::ONE }
    }
    /// Alpha inside and outside the pool: what its emission is computed from.
    pub const fn alpha_issuance(&self) -> AlphaRao {
        self.alpha_in.saturating_add(self.alpha_out)
    }
}

impl Pool {
    /// Counts new alpha of the subnet.
    pub const fn mint(&mut self, amount: AlphaRao) {
        self.total_alpha_issuance = self.total_alpha_issuance.saturating_add(amount);
    }
    /// Takes alpha that nobody holds out of circulation: it can be emitted again.
    pub const fn recycle(&mut self, amount: AlphaRao) {
        self.alpha_out = self.alpha_out.saturating_sub(amount);
        self.total_alpha_issuance = self.total_alpha_issuance.saturating_sub(amount);
        self.alpha_recycled = self.alpha_recycled.saturating_add(amount);
    }
    /// Burns alpha that nobody holds: it stays counted outside the pool and is never emitted again.
    pub const fn burn(&mut self, amount: AlphaRao) {
        self.alpha_burned = self.alpha_burned.saturating_add(amount);
    }
}

/// TAO per alpha of a subnet; one for root and for what does not exist.
pub fn price(state: &State, netuid: NetUid) -> U64F64 {
    state.subnet(netuid).map_or(U64F64::ONE, |subnet| subnet.pool.price())
}

/// The moving price of a subnet, from which emission shares come; one where there is no pool.
pub fn moving_price(state: &State, netuid: NetUid) -> U64F64 {
    state.subnet(netuid).map_or(U64F64::ONE, |subnet| moving_price_of(netuid, subnet))
}

/// [`moving_price`] of a subnet at hand.
pub(super) fn moving_price_of(netuid: NetUid, subnet: &Subnet) -> U64F64 {
    let pooled = !netuid.is_root() && subnet.pool.is_dynamic();
    if pooled { subnet.pool.moving_price.to_fixed() } else { U64F64::ONE }
}

/// What a swap would give, without limit and with the fee; all zero on a subnet that does not exist.
///
/// # Errors
/// Those of the swap pallet.
pub fn sim_swap(state: &State, netuid: NetUid, side: Side, amount: u64) -> Result<SwapResult, DispatchError> {
    quote(state, netuid, side, amount, Terms::market(side))
}

/// What a swap would give on these terms; all zero on a subnet that does not exist.
///
/// # Errors
/// Those of the swap pallet.
pub fn quote(
    state: &State,
    netuid: NetUid,
    side: Side,
    amount: u64,
    terms: Terms,
) -> Result<SwapResult, DispatchError> {
    match state.subnet(netuid) {
        Some(subnet) if subnet.pool.is_dynamic() || subnet.added => compute(subnet, side, amount, terms),
        _ => Ok(SwapResult::default()),
    }
}

/// The fee of an input that is swapped whole; nothing where there is no pool.
pub fn approximate_fee(state: &State, netuid: NetUid, amount: u64) -> u64 {
    match state.subnet(netuid) {
        Some(subnet) if subnet.pool.is_dynamic() => pool::approximate_fee(amount, subnet.params.fee_rate),
        _ => 0,
    }
}

/// Buys alpha: moves it out of the pool and TAO into it.
///
/// # Errors
/// Those of the swap pallet; nothing has changed then.
pub fn swap_tao_for_alpha(
    exec: &mut Exec<'_>,
    netuid: NetUid,
    amount: Rao,
    terms: Terms,
) -> Result<SwapResult, DispatchError> {
    let done = swapped(exec, netuid, Side::Buy, amount.get(), terms)?;
    let pool = &mut exec.state.subnet_mut(netuid).pool;
    let out = AlphaRao(done.amount_paid_out);
    pool.alpha_in = pool.alpha_in.saturating_sub(out);
    pool.alpha_out = pool.alpha_out.saturating_add(out);
    pool.tao = pool.tao.saturating_add(Rao(done.amount_paid_in));
    pool.volume = pool.volume.saturating_add(amount.get().into());
    let globals = exec.state.globals_mut();
    // The whole input counts, fee included, though the fee never reaches the reserve: the chain's own quirk.
    globals.total_stake = globals.total_stake.saturating_add(amount);
    Ok(done)
}

/// Sells alpha: moves it into the pool and TAO out of it.
///
/// # Errors
/// Those of the swap pallet; nothing has changed then.
pub fn swap_alpha_for_tao(
    exec: &mut Exec<'_>,
    netuid: NetUid,
    amount: AlphaRao,
    terms: Terms,
) -> Result<SwapResult, DispatchError> {
    let done = swapped(exec, netuid, Side::Sell, amount.get(), terms)?;
    let pool = &mut exec.state.subnet_mut(netuid).pool;
    let (into, out) = (AlphaRao(done.amount_paid_in), Rao(done.amount_paid_out));
    pool.alpha_in = pool.alpha_in.saturating_add(into);
    pool.alpha_out = pool.alpha_out.saturating_sub(into);
    pool.tao = pool.tao.saturating_sub(out);
    pool.volume = pool.volume.saturating_add(out.get().into());
    let globals = exec.state.globals_mut();
    globals.total_stake = globals.total_stake.saturating_sub(out);
    Ok(done)
}

/// Prepares the weights for liquidity that the protocol is about to add, so that the price stays. False when the
/// weights would leave their range: then nothing may be added.
pub fn adjust_protocol_liquidity(pool: &mut Pool, tao: Rao, alpha: AlphaRao) -> bool {
    match pool.balancer().with_added_liquidity(pool.reserves(), tao.get(), alpha.get()) {
        Ok(balancer) => {
            pool.quote_weight = balancer.quote_weight();
            true
        }
        Err(_) => false,
    }
}

impl Pool {
    /// The first swap opens a pool with equal weights.
    fn open(&mut self) {
        if self.is_dynamic() && !self.swap_initialized {
            self.swap_initialized = true;
            self.quote_weight = Balancer::default().quote_weight();
        }
    }
}

/// Computes a swap that is about to be done, opens the pool for it, and tells of it.
fn swapped(
    exec: &mut Exec<'_>,
    netuid: NetUid,
    side: Side,
    amount: u64,
    terms: Terms,
) -> Result<SwapResult, DispatchError> {
    let by_user = exec.extrinsic.is_some();
    let subnet = exec.state.subnet_mut(netuid);
    let done = compute(subnet, side, amount, terms)?;
    subnet.pool.open();
    if subnet.pool.is_dynamic() {
        let (before, order) = (Price::of(&subnet.pool), order(subnet, side, amount, terms));
        exec.tell(|| Fact::Swap { netuid, before, order, done, by_user });
    }
    Ok(done)
}

fn order(subnet: &Subnet, side: Side, amount: u64, terms: Terms) -> Order {
    let Terms { limit_price, drop_fees } = terms;
    Order { side, amount, limit_price, fee_rate: subnet.params.fee_rate, drop_fees }
}

fn compute(subnet: &Subnet, side: Side, amount: u64, terms: Terms) -> Result<SwapResult, DispatchError> {
    if !subnet.pool.is_dynamic() {
        return Ok(pool::swap_stable(amount));
    }
    let order = order(subnet, side, amount, terms);
    pool::swap(subnet.pool.reserves(), subnet.pool.balancer(), &order).map_err(|error| refused(error).into())
}

const fn refused(error: SwapError) -> Refused {
    match error {
        SwapError::SwapInputTooLarge => Refused::SwapInputTooLarge,
        SwapError::ReservesTooLow => Refused::ReservesTooLow,
        SwapError::PriceLimitExceeded => Refused::PriceLimitExceeded,
        SwapError::InsufficientLiquidity => Refused::InsufficientLiquidity,
    }
}
