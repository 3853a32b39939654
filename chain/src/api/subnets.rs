//! `SubnetInfoRuntimeApi`: subnets as a whole.

use super::hyperparams::MAX_WEIGHTS_LIMIT;
use super::lists::letters;
use super::{View, names, runtime_api};
use crate::account::AccountId;
use crate::emission_schedule::{TOTAL_SUPPLY, block_emission};
use crate::math::fixed::I96F32;
use crate::runtime::{tao, victim};
use crate::state::Subnet;
use crate::types::SubnetIdentityOfV3;
use crate::units::{AlphaRao, NetUid, Packed, Rao};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;

/// What the chain stores as `ScalingLawPower`; nothing reads it.
const SCALING_LAW_POWER: u16 = 50;

/// Declares the two older forms from one list of fields; they differ in the name of one field and in the last.
macro_rules! subnet_info {
    (both { $($name:ident: $ty:ty = $value:expr;)* } then { $($rest:ident: $rest_ty:ty = $rest_value:expr;)* }) => {
        /// A subnet, first form.
        #[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
        #[expect(missing_docs, reason = "each is named as the item it is about")]
        pub struct SubnetInfo {
            $(pub $name: $ty,)*
            pub emission_values: Packed<u64>,
            $(pub $rest: $rest_ty,)*
        }
        /// A subnet, second form.
        #[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
        #[expect(missing_docs, reason = "each is named as the item it is about")]
        pub struct SubnetInfov2 {
            $(pub $name: $ty,)*
            pub emission_value: Packed<u64>,
            $(pub $rest: $rest_ty,)*
            pub identity: Option<SubnetIdentityOfV3>,
        }
        impl SubnetInfo {
            fn of(netuid: NetUid, subnet: &Subnet) -> Self {
                Self {
                    $($name: ($value as fn(NetUid, &Subnet) -> $ty)(netuid, subnet),)*
                    // Not computed any more.
                    emission_values: Packed(0),
                    $($rest: ($rest_value as fn(NetUid, &Subnet) -> $rest_ty)(netuid, subnet),)*
                }
            }
        }
        impl SubnetInfov2 {
            fn of(netuid: NetUid, subnet: &Subnet) -> Self {
                Self {
                    $($name: ($value as fn(NetUid, &Subnet) -> $ty)(netuid, subnet),)*
                    // Not computed any more.
                    emission_value: Packed(0),
                    $($rest: ($rest_value as fn(NetUid, &Subnet) -> $rest_ty)(netuid, subnet),)*
                    identity: subnet.identity.clone(),
                }
            }
        }
    };
}

subnet_info! {
    both {
        netuid: Packed<NetUid> = |netuid, _| Packed(netuid);
        rho: Packed<u16> = |_, subnet| Packed(subnet.params.rho);
        kappa: Packed<u16> = |_, subnet| Packed(subnet.params.kappa);
        difficulty: Packed<u64> = |_, subnet| Packed(subnet.params.difficulty);
        immunity_period: Packed<u16> = |_, subnet| Packed(subnet.params.immunity_period);
        max_allowed_validators: Packed<u16> = |_, subnet| Packed(subnet.params.max_allowed_validators);
        min_allowed_weights: Packed<u16> = |_, subnet| Packed(subnet.params.min_allowed_weights);
        max_weights_limit: Packed<u16> = |_, _| Packed(MAX_WEIGHTS_LIMIT);
        scaling_law_power: Packed<u16> = |_, _| Packed(SCALING_LAW_POWER);
        subnetwork_n: Packed<u16> = |_, subnet| Packed(n(subnet));
        max_allowed_uids: Packed<u16> = |_, subnet| Packed(subnet.params.max_allowed_uids);
        blocks_since_last_step: Packed<u64> = |_, subnet| Packed(subnet.schedule.blocks_since_last_step);
        tempo: Packed<u16> = |_, subnet| Packed(subnet.params.tempo);
        // Of a time when subnets were of several kinds and connected.
        network_modality: Packed<u16> = |_, _| Packed(0);
        network_connect: Vec<[u16; 2]> = |_, _| Vec::new();
    }
    then {
        burn: Packed<Rao> = |_, subnet| Packed(subnet.registration.burn);
        owner: AccountId = |_, subnet| subnet.owner;
    }
}

/// Number of neurons.
pub(super) fn n(subnet: &Subnet) -> u16 {
    u16::try_from(subnet.neurons.n()).unwrap_or(u16::MAX)
}

/// A subnet's pool, emission and price.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct DynamicInfo {
    /// The subnet.
    pub netuid: Packed<NetUid>,
    /// The owner's hotkey.
    pub owner_hotkey: AccountId,
    /// The owner.
    pub owner_coldkey: AccountId,
    /// Its name.
    pub subnet_name: Vec<Packed<u8>>,
    /// The sign of its token.
    pub token_symbol: Vec<Packed<u8>>,
    /// Blocks from epoch to epoch.
    pub tempo: Packed<u16>,
    /// Block of the last epoch.
    pub last_step: Packed<u64>,
    /// Blocks since then.
    pub blocks_since_last_step: Packed<u64>,
    /// Always zero: not computed any more.
    pub emission: Packed<u64>,
    /// Alpha in the pool.
    pub alpha_in: Packed<AlphaRao>,
    /// Alpha outside the pool.
    pub alpha_out: Packed<AlphaRao>,
    /// TAO in the pool.
    pub tao_in: Packed<Rao>,
    /// Alpha that the last block gave to participants.
    pub alpha_out_emission: Packed<AlphaRao>,
    /// Alpha that the last block put into the pool.
    pub alpha_in_emission: Packed<AlphaRao>,
    /// TAO that the last block put into the pool.
    pub tao_in_emission: Packed<Rao>,
    /// Alpha that waits for the next epoch: of servers and validators.
    pub pending_alpha_emission: Packed<AlphaRao>,
    /// Always zero: root is paid in alpha.
    pub pending_root_emission: Packed<Rao>,
    /// All TAO that was ever swapped.
    pub subnet_volume: Packed<u128>,
    /// Block of registration.
    pub network_registered_at: Packed<u64>,
    /// What its owner says of it.
    pub subnet_identity: Option<SubnetIdentityOfV3>,
    /// The moving price, TAO per alpha.
    pub moving_price: I96F32,
}

/// What waits for the next epoch: of servers and validators.
pub(super) const fn pending_alpha(subnet: &Subnet) -> AlphaRao {
    subnet.pending.validator.saturating_add(subnet.pending.server)
}

fn dynamic(view: &View<'_>, netuid: NetUid) -> Option<DynamicInfo> {
    let subnet = view.subnet(netuid)?;
    let (pool, pending, schedule) = (&subnet.pool, &subnet.pending, &subnet.schedule);
    Some(DynamicInfo {
        netuid: Packed(netuid),
        owner_hotkey: subnet.owner_hotkey,
        owner_coldkey: subnet.owner,
        subnet_name: letters(&names::name(netuid, subnet)),
        token_symbol: letters(&subnet.symbol),
        tempo: Packed(subnet.params.tempo),
        last_step: Packed(schedule.last_mechanism_step_block),
        blocks_since_last_step: Packed(view.now().saturating_sub(schedule.last_mechanism_step_block)),
        emission: Packed(0),
        alpha_in: Packed(pool.alpha_in),
        alpha_out: Packed(pool.alpha_out),
        tao_in: Packed(pool.tao),
        alpha_out_emission: Packed(pending.alpha_out_emission),
        alpha_in_emission: Packed(pending.alpha_in_emission),
        tao_in_emission: Packed(pending.tao_in_emission),
        pending_alpha_emission: Packed(pending_alpha(subnet)),
        pending_root_emission: Packed(Rao::ZERO),
        subnet_volume: Packed(pool.volume),
        network_registered_at: Packed(schedule.registered_at),
        subnet_identity: subnet.identity.clone(),
        moving_price: pool.moving_price,
    })
}

/// One entry for each subnet, by number.
fn each<T>(view: &View<'_>, of: fn(NetUid, &Subnet) -> T) -> Vec<Option<T>> {
    let mut netuids: Vec<NetUid> = view.netuids().collect();
    netuids.sort_unstable_by_key(|netuid| netuid.number());
    netuids.into_iter().map(|netuid| view.subnet(netuid).map(|subnet| of(netuid, subnet))).collect()
}

/// The next slot of a subnet, triggered or by its tempo; without what deferral may add.
fn next_epoch(view: &View<'_>, netuid: NetUid) -> Option<u64> {
    let (params, schedule) = view.state().subnet(netuid).map(|subnet| (&subnet.params, &subnet.schedule))?;
    let by_tempo = schedule.last_epoch_block.saturating_add(params.tempo.into());
    match (params.tempo, schedule.pending_epoch_at) {
        (0, _) => None,
        (_, 0) => Some(by_tempo),
        (_, triggered) => Some(by_tempo.min(triggered)),
    }
}

runtime_api! { METHODS of SubnetInfoRuntimeApi:
    /// A subnet, first form.
    get_subnet_info(netuid: NetUid) -> Option<SubnetInfo> =
        |view, netuid| view.subnet(netuid).map(|subnet| SubnetInfo::of(netuid, subnet));
    /// All subnets by number, first form.
    get_subnets_info() -> Vec<Option<SubnetInfo>> = |view| each(view, SubnetInfo::of);
    /// A subnet, second form.
    get_subnet_info_v2(netuid: NetUid) -> Option<SubnetInfov2> =
        |view, netuid| view.subnet(netuid).map(|subnet| SubnetInfov2::of(netuid, subnet));
    /// All subnets by number, second form.
    get_subnets_info_v2() -> Vec<Option<SubnetInfov2>> = |view| each(view, SubnetInfov2::of);
    /// Pool, emission and price of all subnets, in the order in which the chain iterates them.
    get_all_dynamic_info() -> Vec<Option<DynamicInfo>> =
        |view| view.netuids().map(|netuid| dynamic(view, netuid)).collect();
    /// Pool, emission and price of a subnet.
    get_dynamic_info(netuid: NetUid) -> Option<DynamicInfo> = dynamic;
    /// The hotkey on which a coldkey's incentive of a subnet is staked, if it chose one.
    get_coldkey_auto_stake_hotkey(coldkey: AccountId, netuid: NetUid) -> Option<AccountId> =
        |view, coldkey, netuid| view.state().subnet(netuid)?.auto_stake_destination.get(&coldkey).copied();
    /// The subnet that would give way to a new one; none while all are immune.
    get_subnet_to_prune() -> Option<NetUid> = |view| victim(view.state(), view.now());
    /// The account that holds a subnet's pool.
    get_subnet_account_id(netuid: NetUid) -> Option<AccountId> =
        |view, netuid| (netuid.is_root() || view.subnet(netuid).is_some()).then(|| tao::subnet_account(netuid));
    /// The block of the next epoch of a subnet; none for one that has no epochs.
    get_next_epoch_start_block(netuid: NetUid) -> Option<u64> = next_epoch;
    /// TAO that a block emits at the present issuance, rao.
    get_block_emission() -> Rao =
        |view| Rao(block_emission(view.state().globals.total_issuance.get(), TOTAL_SUPPLY));
}
