//! The metagraph of a subnet for people and scripts: who is on it, what each weighs and earns, whom each weighs.

use chain::account::AccountId;
use chain::runtime::stake_weight::{self, StakeWeight};
use chain::state::{State, Subnet};
use chain::units::NetUid;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

/// A subnet and its neurons. Names are the chain's and the SDK's. **Units**: amounts in rao; shares of 65,535.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metagraph {
    /// Number of the subnet.
    pub netuid: u16,
    /// The block after which it is as shown.
    pub block: u64,
    /// Its sign.
    pub symbol: String,
    /// Blocks from epoch to epoch.
    pub tempo: u16,
    /// Who owns it.
    pub owner_coldkey: String,
    /// The owner's hotkey.
    pub owner_hotkey: String,
    /// TAO in the pool.
    pub tao_in_rao: u64,
    /// Alpha in the pool.
    pub alpha_in_rao: u64,
    /// Alpha outside the pool.
    pub alpha_out_rao: u64,
    /// Whether weights are committed before they are shown.
    pub commit_reveal_weights_enabled: bool,
    /// The neurons by uid.
    pub neurons: Vec<Neuron>,
}

/// One neuron.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Neuron {
    /// Its number on the subnet.
    pub uid: u16,
    /// Hotkey.
    pub hotkey: String,
    /// Coldkey that owns the hotkey.
    pub coldkey: String,
    /// Whether its weights are young enough to count.
    pub active: bool,
    /// Whether it may validate.
    pub validator_permit: bool,
    /// Alpha behind it, that of parents and children counted.
    pub alpha_stake_rao: u64,
    /// Root stake behind it, that of parents and children counted.
    pub tao_stake_rao: u64,
    /// What both together weigh.
    pub total_stake_rao: u64,
    /// Consensus.
    pub consensus: u16,
    /// Incentive.
    pub incentive: u16,
    /// Dividends.
    pub dividends: u16,
    /// Validator trust.
    pub vtrust: u16,
    /// Alpha of its last epoch.
    pub emission_rao: u64,
    /// Block of its last weights.
    pub last_update: u64,
    /// Block of its registration.
    pub block_at_registration: u64,
    /// Where it serves, `address:port`.
    pub axon: Option<String>,
    /// Its weights as uid and weight, in the order in which they were set.
    pub weights: Vec<(u16, u16)>,
    /// Its bonds as uid and bond.
    pub bonds: Vec<(u16, u16)>,
}

impl Metagraph {
    /// The metagraph of a subnet that exists.
    #[must_use]
    pub fn of(state: &State, netuid: NetUid) -> Option<Self> {
        let subnet = state.subnet(netuid).filter(|subnet| subnet.added)?;
        let pool = &subnet.pool;
        let tao_weight = stake_weight::tao_weight(state).to_fixed();
        let weigh = |hotkey: &AccountId| stake_weight::weigh(state, hotkey, netuid, tao_weight);
        let neurons = (0..).zip(&subnet.neurons.keys);
        let neurons = neurons.map(|(uid, hotkey)| Neuron::of(state, subnet, uid, hotkey, &weigh(hotkey)));
        Some(Self {
            netuid: netuid.0,
            block: state.block,
            symbol: String::from_utf8_lossy(&subnet.symbol).into_owned(),
            tempo: subnet.params.tempo,
            owner_coldkey: subnet.owner.to_ss58(),
            owner_hotkey: subnet.owner_hotkey.to_ss58(),
            tao_in_rao: pool.tao.get(),
            alpha_in_rao: pool.alpha_in.get(),
            alpha_out_rao: pool.alpha_out.get(),
            commit_reveal_weights_enabled: subnet.params.commit_reveal_weights_enabled,
            neurons: neurons.collect(),
        })
    }

    /// A table for people.
    #[must_use]
    pub fn table(&self) -> String {
        let mut out = String::new();
        // Writing to a string does not fail.
        let _ = writeln!(
            out,
            "subnet {} {} at block {}, tempo {}, {} neurons\n",
            self.netuid,
            self.symbol,
            self.block,
            self.tempo,
            self.neurons.len()
        );
        let _ = writeln!(
            out,
            "{:>4} {:<48} {:>20} {:>7} {:>7} {:>7} {:>7} {:>14} {:>8} {:<2} axon",
            "uid", "hotkey", "stake", "cons", "incent", "divid", "vtrust", "emission", "updated", "vp"
        );
        for neuron in &self.neurons {
            let _ = writeln!(
                out,
                "{:>4} {:<48} {:>20} {:>7.4} {:>7.4} {:>7.4} {:>7.4} {:>14} {:>8} {:<2} {}",
                neuron.uid,
                neuron.hotkey,
                chain::units::Rao(neuron.total_stake_rao).to_string(),
                share(neuron.consensus),
                share(neuron.incentive),
                share(neuron.dividends),
                share(neuron.vtrust),
                chain::units::AlphaRao(neuron.emission_rao).to_string(),
                self.block.saturating_sub(neuron.last_update),
                if neuron.validator_permit { "*" } else { "" },
                neuron.axon.as_deref().unwrap_or("-"),
            );
        }
        out
    }
}

impl Neuron {
    fn of(state: &State, subnet: &Subnet, uid: u16, hotkey: &AccountId, weight: &StakeWeight) -> Self {
        let neurons = &subnet.neurons;
        let mechanism = subnet.mechanisms.first();
        Self {
            uid,
            hotkey: hotkey.to_ss58(),
            coldkey: state.owner_of(hotkey).unwrap_or_default().to_ss58(),
            active: at(&neurons.active, uid),
            validator_permit: at(&neurons.validator_permit, uid),
            alpha_stake_rao: weight.alpha.get(),
            tao_stake_rao: weight.tao.get(),
            total_stake_rao: weight.total.to_u64(),
            consensus: at(&neurons.consensus, uid),
            incentive: mechanism.map_or(0, |mechanism| at(&mechanism.incentive, uid)),
            dividends: at(&neurons.dividends, uid),
            vtrust: at(&neurons.validator_trust, uid),
            emission_rao: at(&neurons.emission, uid).get(),
            last_update: mechanism.map_or(0, |mechanism| at(&mechanism.last_update, uid)),
            block_at_registration: at(&neurons.block_at_registration, uid),
            axon: subnet.axons.get(hotkey).filter(|axon| axon.port != 0).map(|axon| {
                let ip = match axon.ip_type {
                    6 => IpAddr::V6(Ipv6Addr::from(axon.ip)),
                    _ => IpAddr::V4(Ipv4Addr::from(u32::try_from(axon.ip).unwrap_or(u32::MAX))),
                };
                std::net::SocketAddr::new(ip, axon.port).to_string()
            }),
            weights: mechanism.map_or_else(Vec::new, |mechanism| row(&mechanism.weights, uid)),
            bonds: mechanism.map_or_else(Vec::new, |mechanism| row(&mechanism.bonds, uid)),
        }
    }
}

/// A cell of a column that may be shorter than there are neurons.
fn at<T: Copy + Default>(column: &[T], uid: u16) -> T {
    column.get(usize::from(uid)).copied().unwrap_or_default()
}

/// A row of a matrix that may have fewer rows than there are neurons.
fn row(rows: &[Arc<Vec<(u16, u16)>>], uid: u16) -> Vec<(u16, u16)> {
    rows.get(usize::from(uid)).map(|row| row.to_vec()).unwrap_or_default()
}

fn share(part: u16) -> f64 {
    f64::from(part) / f64::from(u16::MAX)
}
