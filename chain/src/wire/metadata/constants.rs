//! Constants of the pallets.

use crate::state::EXISTENTIAL_DEPOSIT;
use crate::wire::version::RuntimeVersion;
use frame_metadata::v15::PalletConstantMetadata;
use parity_scale_codec::Encode;
use scale_info::{MetaType, TypeInfo, meta_type};

/// What the metadata says of one chain: figures that differ from chain to chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainConstants {
    /// Time between two blocks, milliseconds. SDKs take 250 for a chain with fast blocks.
    pub block_time_ms: u64,
    /// `InitialStartCallDelay`, blocks.
    pub start_call_delay: u64,
    /// `InitialTempo`, blocks.
    pub initial_tempo: u16,
    /// `MinimumBlockDuration` and `MaximumBlockDuration` of crowdloans, blocks.
    pub crowdloan_duration: (u32, u32),
}

/// A constant of a pallet.
pub(super) struct Constant {
    pub(super) pallet: &'static str,
    name: &'static str,
    ty: MetaType,
    value: Vec<u8>,
}

impl Constant {
    pub(super) fn metadata(&self) -> PalletConstantMetadata {
        PalletConstantMetadata { name: self.name, ty: self.ty, value: self.value.clone(), docs: Vec::new() }
    }
}

fn of<T: Encode + TypeInfo + 'static>(pallet: &'static str, name: &'static str, value: T) -> Constant {
    Constant { pallet, name, ty: meta_type::<T>(), value: value.encode() }
}

/// All constants, the chain's own values where they are not of this chain alone.
pub(super) fn all(figures: &ChainConstants) -> Vec<Constant> {
    const SUBTENSOR: &str = "SubtensorModule";
    vec![
        of("System", "Version", RuntimeVersion::current()),
        of("System", "SS58Prefix", u16::from(crate::account::SS58_PREFIX)),
        of("System", "BlockHashCount", super::super::view::BLOCK_HASH_COUNT),
        of("Timestamp", "MinimumPeriod", figures.block_time_ms.div_euclid(2)),
        of("Aura", "SlotDuration", figures.block_time_ms),
        of("Balances", "ExistentialDeposit", EXISTENTIAL_DEPOSIT),
        of(SUBTENSOR, "InitialTempo", figures.initial_tempo),
        of(SUBTENSOR, "InitialStartCallDelay", figures.start_call_delay),
        of(SUBTENSOR, "KeySwapCost", 100_000_000_u64),
        of(SUBTENSOR, "KeySwapOnSubnetCost", 1_000_000_u64),
        of(SUBTENSOR, "InitialMinStake", 2_000_000_u64),
        of(SUBTENSOR, "MinTempo", 360_u16),
        of(SUBTENSOR, "MaxTempo", 50_400_u16),
        of(SUBTENSOR, "MinActivityCutoffFactorMilli", 1_000_u32),
        of(SUBTENSOR, "MaxActivityCutoffFactorMilli", 50_000_u32),
        of(SUBTENSOR, "MinBurnUpperBound", 1_000_000_000_u64),
        of(SUBTENSOR, "MaxBurnLowerBound", 100_000_000_u64),
        of(SUBTENSOR, "MaxImmuneUidsPercentage", 80_u8),
        of("Utility", "batched_calls_limit", 10_922_u32),
        of("Multisig", "DepositBase", 132_000_000_u64),
        of("Multisig", "DepositFactor", 32_000_000_u64),
        of("Multisig", "MaxSignatories", 100_u32),
        of("Proxy", "ProxyDepositBase", 60_000_000_u64),
        of("Proxy", "ProxyDepositFactor", 33_000_000_u64),
        of("Proxy", "MaxProxies", 20_u32),
        of("Proxy", "MaxPending", 75_u32),
        of("Proxy", "AnnouncementDepositBase", 36_000_000_u64),
        of("Proxy", "AnnouncementDepositFactor", 68_000_000_u64),
        of("Commitments", "MaxFields", 3_u32),
        of("Drand", "UnsignedPriority", 1_048_576_u64),
        of("Crowdloan", "PalletId", *b"bt/cloan"),
        of("Crowdloan", "MinimumDeposit", 10_000_000_000_u64),
        of("Crowdloan", "AbsoluteMinimumContribution", 100_000_000_u64),
        of("Crowdloan", "MinimumBlockDuration", figures.crowdloan_duration.0),
        of("Crowdloan", "MaximumBlockDuration", figures.crowdloan_duration.1),
        of("Crowdloan", "RefundContributorsLimit", 50_u32),
        of("Crowdloan", "MaxContributors", 500_u32),
        of(SUBTENSOR, "LeaseDividendsDistributionInterval", 100_u32),
        of("Swap", "MaxFeeRate", 10_000_u16),
        of("Swap", "MinimumLiquidity", 1_000_u64),
        of("Swap", "MinimumReserve", 1_000_000_u64),
    ]
}
