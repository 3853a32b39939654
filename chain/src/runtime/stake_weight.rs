//! What a hotkey's stake weighs on a subnet: inherited alpha plus weighted inherited root TAO.
//!
//! **Source**: spec/chain.md 6.7.

use super::shares;
use crate::account::AccountId;
use crate::math::fixed::{I64F64, U96F32};
use crate::state::{Map, ShareStore, State};
use crate::units::{AlphaRao, NetUid, Rao};
use std::sync::Arc;

/// Stake of a hotkey on a subnet after its children and parents took and gave their parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StakeWeight {
    /// Alpha plus weighted TAO.
    pub total: I64F64,
    /// Inherited alpha.
    pub alpha: AlphaRao,
    /// Inherited root stake.
    pub tao: Rao,
}

/// The stake behind a hotkey itself, before children and parents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Holding {
    /// On the subnet.
    pub(super) alpha: AlphaRao,
    /// On root.
    pub(super) root: AlphaRao,
}

/// Where the rows of a hotkey lie, as [`Map::look_up`] wants to know it: a search through a large network waits for
/// memory at every step of the way.
///
/// **Invariant**: hints, on which no result depends.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Places {
    /// In the stake of the subnet.
    pub(super) stake: usize,
    /// In the stake of root.
    pub(super) root: usize,
    /// Among all hotkeys.
    pub(super) hotkey: usize,
    /// Its owner's, among all coldkeys.
    pub(super) coldkey: usize,
    /// Its owner's, in the share pool on the subnet.
    pub(super) share: usize,
}

/// All stakes of a subnet.
pub(super) type Stakes = Map<AccountId, Arc<ShareStore>>;

impl Holding {
    /// Looks it up.
    pub(super) fn of(state: &State, hotkey: &AccountId, netuid: NetUid) -> Self {
        let stakes = |netuid| state.subnet(netuid).map(|subnet| &subnet.stake);
        Self::near(hotkey, stakes(netuid), stakes(NetUid::ROOT), &mut Places::default())
    }

    /// Looks it up among the stakes of the subnet and of root.
    pub(super) fn near(
        hotkey: &AccountId,
        subnet: Option<&Stakes>,
        root: Option<&Stakes>,
        places: &mut Places,
    ) -> Self {
        let value = |stakes: Option<&Stakes>, place| {
            stakes.and_then(|stakes| stakes.look_up(hotkey, place)).map_or(AlphaRao::ZERO, |pool| pool.value)
        };
        Self { alpha: value(subnet, &mut places.stake), root: value(root, &mut places.root) }
    }
}

/// The weight of root TAO beside alpha (`TaoWeight` as a fraction).
pub fn tao_weight(state: &State) -> U96F32 {
    proportion(state.globals.tao_weight)
}

/// A share of 2^64 - 1 as a fraction, floored.
pub fn proportion(share: u64) -> U96F32 {
    U96F32::from_u64(share).safe_div(U96F32::from_u64(u64::MAX))
}

/// What a hotkey weighs on a subnet.
pub fn stake_weight(state: &State, hotkey: &AccountId, netuid: NetUid) -> StakeWeight {
    weigh(state, hotkey, netuid, tao_weight(state).to_fixed())
}

/// [`stake_weight`] with the weight of TAO computed once for many hotkeys.
pub fn weigh(state: &State, hotkey: &AccountId, netuid: NetUid, tao_weight: I64F64) -> StakeWeight {
    let (alpha, tao) = inherited_stakes(state, hotkey, netuid);
    let weighted = I64F64::saturating_from_u64(tao.get()).saturating_mul(tao_weight);
    let total = I64F64::saturating_from_u64(alpha.get()).saturating_add(weighted);
    StakeWeight { total, alpha, tao }
}

/// Alpha and root TAO behind a hotkey after its children and parents on a subnet.
pub fn inherited_stakes(state: &State, hotkey: &AccountId, netuid: NetUid) -> (AlphaRao, Rao) {
    inherited_with(state, hotkey, netuid, Holding::of(state, hotkey, netuid))
}

/// [`inherited_stakes`] of a hotkey whose own stake is known.
pub(super) fn inherited_with(
    state: &State,
    hotkey: &AccountId,
    netuid: NetUid,
    own: Holding,
) -> (AlphaRao, Rao) {
    let inherited = |source, own| inherited(state, hotkey, netuid, source, own);
    let alpha = if netuid.is_root() { own.alpha } else { inherited(netuid, own.alpha) };
    (alpha, Rao(inherited(NetUid::ROOT, own.root).get()))
}

/// Whether a hotkey has stake enough to set weights; the subnet owner's always has.
pub fn check_weights_min_stake(state: &State, hotkey: &AccountId, netuid: NetUid) -> bool {
    let owner = state.subnet(netuid).filter(|subnet| subnet.has_owner).map(|subnet| subnet.owner_hotkey);
    owner == Some(*hotkey)
        || stake_weight(state, hotkey, netuid).total
            >= I64F64::saturating_from_u64(state.globals.stake_threshold)
}

/// Stake on `source` after the children and parents of `netuid`: own, less the children's, plus the parents'.
fn inherited(state: &State, hotkey: &AccountId, netuid: NetUid, source: NetUid, own: AlphaRao) -> AlphaRao {
    let Some(subnet) = state.subnet(netuid) else { return own };
    let children = subnet.children.get(hotkey).map_or(&[][..], Vec::as_slice);
    let parents = subnet.parents.get(hotkey).map_or(&[][..], Vec::as_slice);
    if children.is_empty() && parents.is_empty() {
        return own;
    }
    let stake_on = |hotkey: &AccountId| U96F32::from_u64(shares::hotkey_stake(state, hotkey, source).get());
    let own = U96F32::from_u64(own.get());
    let given = sum(children.iter().map(|(share, _)| own.saturating_mul(proportion(*share))));
    let got = sum(parents.iter().map(|(share, parent)| stake_on(parent).saturating_mul(proportion(*share))));
    AlphaRao(own.saturating_sub(given).saturating_add(got).to_u64())
}

fn sum(parts: impl Iterator<Item = U96F32>) -> U96F32 {
    parts.fold(U96F32::ZERO, U96F32::saturating_add)
}
