//! Small value types that calls, events and state share, by the chain's names.

mod commitments;
mod crowdloan;
mod drand;
pub(crate) mod hyperparameter;
mod multisig;
mod proxy;

pub use commitments::{CommitmentInfo, Data, Registration, UsageTracker};
pub use crowdloan::{Bounded, CrowdloanInfo, Percent, SubnetLease};
pub use drand::{
    BeaconConfiguration, BeaconConfigurationPayload, BeaconMetadata, MultiSigner, Pulse, PulsesPayload,
    UNCHAINED_G1,
};
pub use hyperparameter::Hyperparameter;

pub use multisig::{Multisig, Timepoint};
pub use proxy::{Announcement, DepositKind, ProxyDefinition, ProxyType};

use crate::account::AccountId;
use crate::math::fixed::U64F64;
use crate::units::{AlphaRao, NetUid};
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What happens to the incentive of miners that the subnet owner runs (spec/chain.md 2.6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum RecycleOrBurnEnum {
    /// It leaves circulation but stays counted in `SubnetAlphaOut`.
    #[default]
    Burn,
    /// It leaves `SubnetAlphaOut` and can be emitted again.
    Recycle,
}

/// A contract of the chain itself in the EVM, which is not modelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is named as what it gives access to")]
pub enum PrecompileEnum {
    BalanceTransfer,
    Staking,
    Subnet,
    Metagraph,
    Neuron,
    UidLookup,
    Alpha,
    Crowdloan,
    Proxy,
    Leasing,
    AddressMapping,
    VotingPower,
}

/// How a coldkey takes its root dividends (spec/chain.md 6.10).
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum RootClaimTypeEnum {
    /// Sell the alpha and stake the TAO on root.
    #[default]
    Swap,
    /// Keep the alpha staked on its subnet.
    Keep,
    /// Keep it on these subnets, sell it on the others.
    KeepSubnets {
        /// Where to keep it.
        subnets: BTreeSet<NetUid>,
    },
}

/// A subnet's identity (`SubnetIdentitiesV3`), free text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct SubnetIdentityOfV3 {
    /// Name, at most 256 bytes.
    #[serde(with = "hex_bytes")]
    pub subnet_name: Vec<u8>,
    /// Source repository.
    #[serde(with = "hex_bytes")]
    pub github_repo: Vec<u8>,
    /// Contact.
    #[serde(with = "hex_bytes")]
    pub subnet_contact: Vec<u8>,
    /// Home page.
    #[serde(with = "hex_bytes")]
    pub subnet_url: Vec<u8>,
    /// Discord handle.
    #[serde(with = "hex_bytes")]
    pub discord: Vec<u8>,
    /// Description.
    #[serde(with = "hex_bytes")]
    pub description: Vec<u8>,
    /// Logo.
    #[serde(with = "hex_bytes")]
    pub logo_url: Vec<u8>,
    /// Anything else.
    #[serde(with = "hex_bytes")]
    pub additional: Vec<u8>,
}

/// A coldkey's identity (`IdentitiesV2`), free text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct ChainIdentityOfV2 {
    /// Name.
    #[serde(with = "hex_bytes")]
    pub name: Vec<u8>,
    /// Home page.
    #[serde(with = "hex_bytes")]
    pub url: Vec<u8>,
    /// Source repository.
    #[serde(with = "hex_bytes")]
    pub github_repo: Vec<u8>,
    /// Picture.
    #[serde(with = "hex_bytes")]
    pub image: Vec<u8>,
    /// Discord handle.
    #[serde(with = "hex_bytes")]
    pub discord: Vec<u8>,
    /// Description.
    #[serde(with = "hex_bytes")]
    pub description: Vec<u8>,
    /// Anything else.
    #[serde(with = "hex_bytes")]
    pub additional: Vec<u8>,
}

/// Where a miner answers (`Axons`, spec/chain.md 8.7).
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct AxonInfo {
    /// Block at which it was served.
    pub block: u64,
    /// Version of the serving software.
    pub version: u32,
    /// IPv4 or IPv6 as a number.
    #[serde(with = "decimal")]
    pub ip: u128,
    /// TCP port.
    pub port: u16,
    /// 4 or 6.
    pub ip_type: u8,
    /// Protocol number, free.
    pub protocol: u8,
    /// Unused.
    pub placeholder1: u8,
    /// Unused.
    pub placeholder2: u8,
}

/// Where a neuron exposes metrics (`Prometheus`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct PrometheusInfo {
    /// Block at which it was served.
    pub block: u64,
    /// Version of the serving software.
    pub version: u32,
    /// IPv4 or IPv6 as a number.
    #[serde(with = "decimal")]
    pub ip: u128,
    /// TCP port.
    pub port: u16,
    /// 4 or 6.
    pub ip_type: u8,
}

/// TLS certificate of an axon (`NeuronCertificates`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct NeuronCertificate {
    /// At most 64 bytes.
    #[serde(with = "hex_bytes")]
    pub public_key: Vec<u8>,
    /// Kind of key.
    pub algorithm: u8,
}

/// A lock of stake with its conviction (spec/chain.md 6.11).
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct LockState {
    /// Locked alpha.
    pub locked_mass: AlphaRao,
    /// Conviction.
    pub conviction: U64F64,
    /// Block of the last roll.
    pub last_update: u64,
}

/// A hash commit of weights: (hash, epoch, block, 0) (`WeightCommits`, spec/chain.md 9.4).
pub type WeightCommit = ([u8; 32], u64, u64, u64);
/// A timelocked commit: (hotkey, block, bytes, round) (`TimelockedWeightCommits`).
pub type TimelockedCommit = (AccountId, u64, Vec<u8>, u64);

/// Serde for bytes as `0x` hex.
pub mod hex_bytes {
    use serde::de::{self, Deserializer, SeqAccess, Visitor};
    use serde::{Serialize as _, Serializer};
    use std::fmt;
    use std::marker::PhantomData;

    /// Writes the bytes as `0x` hex.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(bytes: &impl AsRef<[u8]>, serializer: S) -> Result<S::Ok, S::Error> {
        format!("0x{}", hex::encode(bytes)).serialize(serializer)
    }

    /// Reads `0x` hex or a list of bytes.
    ///
    /// # Errors
    /// When it is neither, or of another length.
    pub fn deserialize<'de, T: TryFrom<Vec<u8>>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        struct Bytes<T>(PhantomData<T>);
        impl<'de, T: TryFrom<Vec<u8>>> Visitor<'de> for Bytes<T> {
            type Value = T;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("0x and hex digits, or a list of bytes, of the right length")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
                let bytes = text.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok());
                let value = bytes.and_then(|bytes| T::try_from(bytes).ok());
                value.ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<T, A::Error> {
                let mut bytes = Vec::new();
                while let Some(byte) = list.next_element()? {
                    bytes.push(byte);
                }
                let length = bytes.len();
                T::try_from(bytes).map_err(|_| de::Error::invalid_length(length, &self))
            }
        }
        deserializer.deserialize_any(Bytes(PhantomData))
    }
}

/// Serde for u128 as a decimal string, since JSON readers lose integers beyond 2^53.
pub mod decimal {
    use serde::de::{self, Deserializer, Visitor};
    use serde::{Serialize as _, Serializer};
    use std::fmt;

    /// Writes the number as a decimal string.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(number: &u128, serializer: S) -> Result<S::Ok, S::Error> {
        number.to_string().serialize(serializer)
    }

    /// Reads a decimal string or an integer.
    ///
    /// # Errors
    /// When it is neither.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
        struct Wide;
        impl Visitor<'_> for Wide {
            type Value = u128;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a decimal string or an integer")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<u128, E> {
                text.parse().map_err(E::custom)
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<u128, E> {
                Ok(number.into())
            }
        }
        deserializer.deserialize_any(Wide)
    }
}
