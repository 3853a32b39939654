//! A block as clients see it, and the storage items that belong to it and not to the state.

use super::event::{H256, WireRecords};
use super::{bare, system_events};
use crate::account::AccountId;
use crate::block::{BlockInput, Extrinsic, Failure, Hash, Sealed};
use crate::call::{RuntimeCall, SystemCall, TimestampCall};
use crate::math::fixed::U64F64;
use crate::schema::{Hasher, twox_128};
use crate::units::{AlphaRao, BlockNumber, NetUid};
use parity_scale_codec::{Compact, Decode as _, Encode};
use scale_info::{MetaType, TypeInfo, meta_type};

/// A sealed block in the form of clients: its extrinsics as bytes, its events with phases.
///
/// The time inherent stands first; an extrinsic that was never dispatched is not shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EncodedBlock {
    /// Bytes of the extrinsics, lengths included.
    pub extrinsics: Vec<Vec<u8>>,
    /// The value of `System.Events`.
    pub events: Vec<u8>,
    /// How many events there are.
    pub event_count: u32,
}

impl EncodedBlock {
    /// The form of a block.
    #[must_use]
    pub fn of(sealed: &Sealed, input: &BlockInput) -> Self {
        let mut extrinsics =
            vec![bare(&RuntimeCall::Timestamp(TimestampCall::Set { now: sealed.timestamp_ms }))];
        let mut places = Vec::with_capacity(input.extrinsics.len());
        for (extrinsic, receipt) in input.extrinsics.iter().zip(sealed.receipts.iter()) {
            if matches!(receipt.result, Err(Failure::Invalid(_))) {
                places.push(None);
                continue;
            }
            places.push(u32::try_from(extrinsics.len()).ok());
            extrinsics.push(bytes_of(extrinsic));
        }
        let events = system_events(&places, &sealed.events);
        let event_count = Compact::<u32>::decode(&mut events.as_slice()).map_or(0, |count| count.0);
        Self { extrinsics, events, event_count }
    }
}

/// What the node itself sends has no signature; a call as root shows as the sudo call that it amounts to.
fn bytes_of(extrinsic: &Extrinsic) -> Vec<u8> {
    match extrinsic {
        Extrinsic::Signed(signed) => signed.wire_bytes(),
        Extrinsic::Root(call) => bare(&call.clone().sudo()),
        Extrinsic::Unchecked { call, .. } | Extrinsic::Unsigned(call) => bare(call),
        Extrinsic::Upgrade(economics) => {
            bare(&RuntimeCall::System(SystemCall::Remark { remark: economics.encode() }))
        }
    }
}

/// All that an item of a block is read from.
#[derive(Clone, Copy)]
pub struct BlockView<'a> {
    /// The block.
    pub sealed: &'a Sealed,
    /// Its form for clients.
    pub shown: &'a EncodedBlock,
    /// The key to which clients encrypt extrinsics that nobody shall read before they are in a block.
    pub shield_key: &'a [u8],
    /// The hash of an earlier block.
    pub hash_at: &'a dyn Fn(BlockNumber) -> Option<Hash>,
}

impl std::fmt::Debug for BlockView<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "block {}", self.sealed.header.number)
    }
}

/// How an item of a block is read from it; the bytes are what stands after the item's name in a raw key.
pub type ReadBlock = fn(&BlockView<'_>, &[u8]) -> Option<Vec<u8>>;

/// A storage item that lies outside the state.
pub struct BlockStorageItem {
    /// The pallet.
    pub pallet: &'static str,
    /// The item.
    pub name: &'static str,
    /// What it is; for an item that is declared only, why it is not modelled.
    pub doc: &'static str,
    /// One hasher for each key part.
    pub hashers: &'static [Hasher],
    /// Shape of the key; none for a single value.
    pub key: Option<fn() -> MetaType>,
    /// Shape of the value.
    pub value: fn() -> MetaType,
    /// The value of an absent row; none for an optional item.
    pub default: Option<fn() -> Vec<u8>>,
    /// Its value at a block; `None` for one that is declared because newer clients read it, and never has a row.
    pub get: Option<ReadBlock>,
}

impl std::fmt::Debug for BlockStorageItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.pallet, self.name)
    }
}

impl BlockStorageItem {
    /// The raw key of a single value, and the first 32 bytes of any row's key.
    #[must_use]
    pub fn prefix(&self) -> [u8; 32] {
        let mut out = [0; 32];
        let names = [twox_128(self.pallet.as_bytes()), twox_128(self.name.as_bytes())];
        for (to, from) in out.iter_mut().zip(names.iter().flatten()) {
            *to = *from;
        }
        out
    }

    /// Its value at a block; `rest` is what stands after [`BlockStorageItem::prefix`] in the raw key.
    #[must_use]
    pub fn value(&self, view: &BlockView<'_>, rest: &[u8]) -> Option<Vec<u8>> {
        let get = self.get.filter(|_| self.key.is_some() || rest.is_empty())?;
        get(view, rest)
    }
}

/// Which consensus a subnet runs; always Yuma here.
#[derive(TypeInfo)]
#[allow(dead_code, reason = "a shape")]
enum EpochConsensus {
    Yuma,
    Null,
}

/// What a miner has put up.
#[derive(TypeInfo)]
#[allow(dead_code, reason = "a shape")]
struct MinerCollateralState {
    locked: AlphaRao,
    drain_ratio: U64F64,
    min_locked: AlphaRao,
    earned: AlphaRao,
}

/// The digest of a block: no log items.
#[derive(TypeInfo)]
#[allow(dead_code, reason = "a shape")]
struct Digest {
    logs: Vec<DigestItem>,
}

/// A log item; there are none.
#[derive(TypeInfo)]
#[allow(dead_code, reason = "a shape")]
enum DigestItem {
    #[codec(index = 0)]
    Other(Vec<u8>),
    #[codec(index = 4)]
    Consensus([u8; 4], Vec<u8>),
    #[codec(index = 5)]
    Seal([u8; 4], Vec<u8>),
    #[codec(index = 6)]
    PreRuntime([u8; 4], Vec<u8>),
    #[codec(index = 8)]
    RuntimeEnvironmentUpdated,
}

macro_rules! single {
    ($pallet:literal, $name:literal, $ty:ty, $default:expr, $doc:expr, $get:expr) => {
        BlockStorageItem {
            pallet: $pallet,
            name: $name,
            doc: $doc,
            hashers: &[],
            key: None,
            value: meta_type::<$ty>,
            default: $default,
            get: Some($get),
        }
    };
}
/// An item that newer clients read and these rules do not have.
macro_rules! neutral {
    ($pallet:literal, $name:literal, [$($hasher:ident),*] $key:ty => $ty:ty, $default:expr, $doc:expr) => {
        BlockStorageItem {
            pallet: $pallet,
            name: $name,
            doc: $doc,
            hashers: &[$(Hasher::$hasher),*],
            key: Some(meta_type::<$key>),
            value: meta_type::<$ty>,
            default: $default,
            get: None,
        }
    };
}
const COLLATERAL: &str = "not modelled: collateral came after these rules";
const BASKETS: &str = "not modelled: baskets came after these rules";
const SHARES: &str = "empty: shares stand in the second version of this map";

/// How far back `System.BlockHash` goes. **Units**: blocks.
pub(super) const BLOCK_HASH_COUNT: u32 = 2_400;

/// `System.BlockHash` of the last blocks before this one, and of genesis.
fn block_hash(view: &BlockView<'_>, rest: &[u8]) -> Option<Vec<u8>> {
    let number = u32::from_le_bytes(rest.last_chunk().copied()?);
    let mut key = Vec::new();
    Hasher::Twox64Concat.write(&number.encode(), &mut key);
    let here = view.sealed.header.number;
    let kept = number < here && (number == 0 || number.saturating_add(BLOCK_HASH_COUNT) >= here);
    let hash = (view.hash_at)(number.into()).filter(|_| kept && key == rest)?;
    Some(hash.encode())
}

static ITEMS: [BlockStorageItem; 18] = [
    single!("System", "Number", u32, Some(|| vec![0; 4]), "Height of the block.", |view, _| {
        Some(view.sealed.header.number.encode())
    }),
    single!("System", "ParentHash", H256, Some(|| vec![0; 32]), "Hash of the parent block.", |view, _| {
        Some(view.sealed.header.parent_hash.encode())
    }),
    single!("System", "Events", WireRecords, Some(|| vec![0]), "What the block says happened.", |view, _| {
        Some(view.shown.events.clone())
    }),
    single!("System", "EventCount", u32, Some(|| vec![0; 4]), "How many events there are.", |view, _| {
        Some(view.shown.event_count.encode())
    }),
    single!("System", "Digest", Digest, Some(|| vec![0]), "Log items: none.", |_, _| Some(vec![0])),
    BlockStorageItem {
        get: Some(block_hash),
        ..neutral!("System", "BlockHash", [Twox64Concat] u32 => H256, Some(|| vec![0; 32]), "Hashes of earlier blocks.")
    },
    single!("Timestamp", "Now", u64, Some(|| vec![0; 8]), "Time of the block, milliseconds.", |view, _| {
        Some(view.sealed.timestamp_ms.encode())
    }),
    single!(
        "MevShield",
        "NextKey",
        Vec<u8>,
        None,
        "ML-KEM-768 key to which extrinsics are encrypted.",
        |view, _| { (!view.shield_key.is_empty()).then(|| view.shield_key.to_vec().encode()) }
    ),
    single!("MevShield", "CurrentKey", Vec<u8>, None, "The same key: it never changes here.", |view, _| {
        (!view.shield_key.is_empty()).then(|| view.shield_key.to_vec().encode())
    }),
    neutral!("SubtensorModule", "SubnetEpochConsensus", [Identity] NetUid => EpochConsensus, Some(|| vec![0]),
        "Always Yuma: another consensus came after these rules."),
    neutral!("SubtensorModule", "CollateralLockShare", [Identity] NetUid => u16, Some(|| vec![0; 2]), COLLATERAL),
    neutral!("SubtensorModule", "CollateralDrainRatio", [Identity] NetUid => U64F64,
        Some(|| U64F64::ONE.encode()), COLLATERAL),
    neutral!("SubtensorModule", "MinerCollateral", [Identity, Blake2_128Concat, Blake2_128Concat]
        (NetUid, AccountId, AccountId) => MinerCollateralState, None, COLLATERAL),
    neutral!("SubtensorModule", "BasketRate", [Blake2_128Concat] AccountId => crate::math::fixed::I64F64,
        Some(|| vec![0; 16]), BASKETS),
    neutral!("SubtensorModule", "ChildkeyThresholdSuspended", [Blake2_128Concat] AccountId => (), None, "not modelled: suspended childkeys came after these rules"),
    neutral!("SubtensorModule", "Alpha", [Blake2_128Concat, Blake2_128Concat, Identity] (AccountId, AccountId, NetUid) => U64F64,
        Some(|| vec![0; 16]), SHARES),
    neutral!("SubtensorModule", "TotalHotkeyShares", [Blake2_128Concat, Identity] (AccountId, NetUid) => U64F64,
        Some(|| vec![0; 16]), SHARES),
    neutral!("SubtensorModule", "AssociatedEvmAddress", [Twox64Concat, Twox64Concat] (NetUid, u16) => ([u8; 20], u64),
        None, "not modelled: the EVM"),
];

/// The items that lie outside the state: of the block, or declared only.
#[must_use]
pub fn sealed_items() -> &'static [BlockStorageItem] {
    &ITEMS
}
