//! What a neuron publishes about itself (`Commitments`).

use super::hex_bytes;
use crate::units::Rao;
use parity_scale_codec::{Decode, Encode, Error, Input, Output};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// One field of a commitment.
///
/// SCALE-encodes as on chain: a `Raw` field of n bytes has the index n + 1, the other kinds follow from 130 on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Data {
    /// Nothing.
    #[default]
    None,
    /// At most 128 bytes as they are.
    Raw(#[serde(with = "hex_bytes")] Vec<u8>),
    /// A BLAKE2-256 hash.
    BlakeTwo256(#[serde(with = "hex_bytes")] [u8; 32]),
    /// A SHA2-256 hash.
    Sha256(#[serde(with = "hex_bytes")] [u8; 32]),
    /// A Keccak-256 hash.
    Keccak256(#[serde(with = "hex_bytes")] [u8; 32]),
    /// A SHA3-256 hash.
    ShaThree256(#[serde(with = "hex_bytes")] [u8; 32]),
    /// At most 1,024 bytes that are opened when the drand round is known.
    TimelockEncrypted {
        /// The ciphertext.
        #[serde(with = "hex_bytes")]
        encrypted: Vec<u8>,
        /// The round.
        reveal_round: u64,
    },
    /// Asks for the bonds towards this neuron to be forgotten.
    ResetBondsFlag,
    /// At most 512 bytes as they are.
    BigRaw(#[serde(with = "hex_bytes")] Vec<u8>),
}

/// Most bytes of [`Data::Raw`].
const RAW_MAX: usize = 128;
/// Most bytes of [`Data::BigRaw`].
const BIG_RAW_MAX: usize = 512;
/// Most bytes of [`Data::TimelockEncrypted`].
const TIMELOCK_MAX: usize = 1_024;

impl Data {
    /// Bytes that count as used space.
    #[must_use]
    pub fn space(&self) -> u64 {
        match self {
            Self::None | Self::ResetBondsFlag => 0,
            Self::Raw(bytes) | Self::BigRaw(bytes) | Self::TimelockEncrypted { encrypted: bytes, .. } => {
                bytes.len() as u64
            }
            Self::BlakeTwo256(_) | Self::Sha256(_) | Self::Keccak256(_) | Self::ShaThree256(_) => 32,
        }
    }

    /// False for bytes longer than their kind takes: such a field cannot be encoded on chain.
    #[must_use]
    pub fn is_bounded(&self) -> bool {
        match self {
            Self::Raw(bytes) => bytes.len() <= RAW_MAX,
            Self::BigRaw(bytes) => bytes.len() <= BIG_RAW_MAX,
            Self::TimelockEncrypted { encrypted, .. } => encrypted.len() <= TIMELOCK_MAX,
            _ => true,
        }
    }
}

impl Encode for Data {
    fn encode_to<T: Output + ?Sized>(&self, dest: &mut T) {
        let mut hash = |index: u8, hash: &[u8; 32]| {
            dest.push_byte(index);
            dest.write(hash);
        };
        match self {
            Self::BlakeTwo256(bytes) => hash(130, bytes),
            Self::Sha256(bytes) => hash(131, bytes),
            Self::Keccak256(bytes) => hash(132, bytes),
            Self::ShaThree256(bytes) => hash(133, bytes),
            Self::None => dest.push_byte(0),
            Self::Raw(bytes) => {
                let length = u8::try_from(bytes.len().min(RAW_MAX)).unwrap_or(0);
                dest.push_byte(length.saturating_add(1));
                dest.write(bytes.get(..length.into()).unwrap_or_default());
            }
            Self::TimelockEncrypted { encrypted, reveal_round } => {
                dest.push_byte(134);
                encrypted.encode_to(dest);
                reveal_round.encode_to(dest);
            }
            Self::ResetBondsFlag => dest.push_byte(135),
            Self::BigRaw(bytes) => {
                dest.push_byte(136);
                bytes.encode_to(dest);
            }
        }
    }
}

impl Decode for Data {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let data = match input.read_byte()? {
            0 => Self::None,
            index @ 1..=129 => {
                let mut bytes = vec![0; usize::from(index).saturating_sub(1)];
                input.read(&mut bytes)?;
                Self::Raw(bytes)
            }
            130 => Self::BlakeTwo256(Decode::decode(input)?),
            131 => Self::Sha256(Decode::decode(input)?),
            132 => Self::Keccak256(Decode::decode(input)?),
            133 => Self::ShaThree256(Decode::decode(input)?),
            134 => Self::TimelockEncrypted {
                encrypted: Decode::decode(input)?,
                reveal_round: Decode::decode(input)?,
            },
            135 => Self::ResetBondsFlag,
            136 => Self::BigRaw(Decode::decode(input)?),
            _ => return Err("no kind of commitment has this index".into()),
        };
        if data.is_bounded() { Ok(data) } else { Err("the field is too long for its kind".into()) }
    }
}

/// The fields of a commitment, at most three.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct CommitmentInfo {
    /// The fields.
    pub fields: Vec<Data>,
}

/// A commitment as it stands (`CommitmentOf`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct Registration {
    /// Reserved for it, rao: nothing.
    pub deposit: Rao,
    /// When it was made.
    pub block: u32,
    /// What it says.
    pub info: CommitmentInfo,
}

/// Space that a hotkey has used (`UsedSpaceOf`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub struct UsageTracker {
    /// The epoch that is counted; the next one begins at zero.
    pub last_epoch: u64,
    /// Bytes used in it.
    pub used_space: u64,
}
