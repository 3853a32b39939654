//! Reading a metric off the world.

use super::{Metric, Unit, Value};
use actors::Earnings;
use actors::context::RunContext;
use actors::plan::ActorId;
use chain::account::AccountId;
use chain::runtime::shares;
use chain::runtime::swap;
use chain::state::{State, Subnet};
use chain::units::{NetUid, TAO};

/// How things stand after a block.
#[derive(Clone, Copy, Debug)]
pub struct MetricContext<'a> {
    /// The chain.
    pub state: &'a State,
    /// Plan and keys.
    pub context: &'a RunContext,
    /// Who earned what, in the order of the cast.
    pub earnings: &'a [Earnings],
    /// The same at the block after which the measuring begins; `None` for genesis.
    pub since: Option<&'a [Earnings]>,
}

/// Spot price of one alpha. **Units**: rao.
pub fn price_rao(state: &State, netuid: NetUid) -> u64 {
    // Forty fraction bits are more than nine decimals need, and leave room for any price.
    let price = swap::price(state, netuid).to_bits() >> 24;
    u64::try_from(price.saturating_mul(TAO.into()) >> 40).unwrap_or(u64::MAX)
}

/// The metric of a participant, or of a subnet where it is about one. `None` when there is nothing to
/// measure: no such subnet, or no uid.
pub fn measure(at: MetricContext<'_>, metric: Metric, netuid: NetUid, who: Option<usize>) -> Option<Value> {
    let raw = match who {
        None => of_subnet(at.state, metric, netuid)?,
        Some(place) => of_participant(at, metric, place).or_else(|| of_neuron(at, metric, place))?,
    };
    Some(Value { raw, unit: metric.unit() })
}

fn of_subnet(state: &State, metric: Metric, netuid: NetUid) -> Option<i128> {
    let subnet = state.subnet(netuid).filter(|subnet| subnet.added)?;
    Some(match metric {
        Metric::Price => price_rao(state, netuid).into(),
        Metric::PoolTao => subnet.pool.tao.get().into(),
        Metric::PoolAlpha => subnet.pool.alpha_in.get().into(),
        Metric::AlphaOut => subnet.pool.alpha_out.get().into(),
        Metric::Neurons => i128::try_from(subnet.neurons.n()).ok()?,
        Metric::Epochs => subnet.schedule.epoch_index.into(),
        _ => return None,
    })
}

fn of_participant(at: MetricContext<'_>, metric: Metric, place: usize) -> Option<i128> {
    let earned = at.earnings.get(place)?;
    let before = at.since.and_then(|since| since.get(place));
    // What was added since the measuring began.
    let added = |of: fn(&Earnings) -> u64| {
        i128::from(of(earned)).saturating_sub(before.map_or(0, |before| of(before).into()))
    };
    Some(match metric {
        Metric::Earned => {
            let price = i128::from(price_rao(at.state, earned.netuid));
            let alpha = added(|one| one.alpha.get()).saturating_mul(price).checked_div(TAO.into())?;
            alpha.saturating_add(added(|one| one.fees_earned.get()))
        }
        Metric::AlphaEarned => added(|one| one.alpha.get()),
        Metric::FeesEarned => added(|one| one.fees_earned.get()),
        Metric::FeesPaid => added(|one| one.fees_paid.get()),
        Metric::Return => {
            let held = match before {
                Some(before) => before.held,
                None => at.context.holding(earned.actor)?.alpha,
            };
            let alpha = added(|one| one.alpha.get()).saturating_mul(Unit::Ratio.scale());
            alpha.checked_div(held.get().into())?
        }
        Metric::Balance => {
            let keys = at.context.keys(ActorId(u32::try_from(place).ok()?))?;
            let account = at.state.balances.accounts.get(&keys.cold);
            account.map_or(0, |account| account.data.free.get().into())
        }
        Metric::Answers => added(|one| one.answers_ok.saturating_add(one.answers_bad)),
        Metric::AnswersOk => added(|one| one.answers_ok),
        Metric::Ratio => i128::from(earned.quality_milli).saturating_mul(Unit::Ratio.scale() / 1_000),
        _ => return None,
    })
}

fn of_neuron(at: MetricContext<'_>, metric: Metric, place: usize) -> Option<i128> {
    let id = ActorId(u32::try_from(place).ok()?);
    let netuid = at.context.member(id)?.role.netuid();
    of_hotkey(at.state, metric, netuid, at.context.keys(id)?.hot)
}

/// The metric of a hotkey on a subnet, whether it is one of the cast or not. `None` without such a neuron, and for
/// metrics of other scopes.
pub fn measure_hotkey(state: &State, metric: Metric, netuid: NetUid, hotkey: AccountId) -> Option<Value> {
    of_hotkey(state, metric, netuid, hotkey).map(|raw| Value { raw, unit: metric.unit() })
}

fn of_hotkey(state: &State, metric: Metric, netuid: NetUid, hotkey: AccountId) -> Option<i128> {
    let subnet: &Subnet = state.subnet(netuid)?;
    if metric == Metric::Stake {
        return Some(shares::hotkey_stake(state, &hotkey, netuid).get().into());
    }
    let uid = usize::from(subnet.neurons.uid_of(&hotkey)?);
    let neurons = &subnet.neurons;
    let mechanism = subnet.mechanisms.first();
    let share = |column: &[u16]| column.get(uid).copied().unwrap_or_default().into();
    Some(match metric {
        Metric::Incentive => mechanism.map_or(0, |mechanism| share(&mechanism.incentive)),
        Metric::Dividends => share(&neurons.dividends),
        Metric::Consensus => share(&neurons.consensus),
        Metric::Vtrust => share(&neurons.validator_trust),
        Metric::Emission => neurons.emission.get(uid).map_or(0, |emission| emission.get().into()),
        Metric::Updated => {
            let last =
                mechanism.and_then(|mechanism| mechanism.last_update.get(uid)).copied().unwrap_or_default();
            state.block.saturating_sub(last).into()
        }
        _ => return None,
    })
}
