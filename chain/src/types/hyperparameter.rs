//! Hyperparameters with a rate limit of their own.

use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Deserializer, Serialize, de};

/// A hyperparameter that an owner may change once per `OwnerHyperparamRateLimit` tempos, numbered as on chain. Some
/// have a number and no call of an owner any more.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, TypeInfo, Serialize, Deserialize,
)]
#[repr(u8)]
#[expect(missing_docs, reason = "each is named as the item it is about")]
pub enum Hyperparameter {
    Unknown = 0,
    ServingRateLimit = 1,
    MaxDifficulty = 2,
    AdjustmentAlpha = 3,
    MaxWeightLimit = 4,
    ImmunityPeriod = 5,
    MinAllowedWeights = 6,
    Kappa = 7,
    Rho = 8,
    ActivityCutoff = 9,
    PowRegistrationAllowed = 10,
    MinBurn = 11,
    MaxBurn = 12,
    BondsMovingAverage = 13,
    BondsPenalty = 14,
    CommitRevealEnabled = 15,
    LiquidAlphaEnabled = 16,
    AlphaValues = 17,
    WeightCommitInterval = 18,
    TransferEnabled = 19,
    AlphaSigmoidSteepness = 20,
    Yuma3Enabled = 21,
    BondsResetEnabled = 22,
    ImmuneNeuronLimit = 23,
    RecycleOrBurn = 24,
    MaxAllowedUids = 25,
    BurnHalfLife = 26,
    BurnIncreaseMult = 27,
    SubnetEmissionEnabled = 28,
    MinChildkeyTake = 29,
    ActivityCutoffFactorMilli = 30,
    TriggerEpoch = 31,
}

/// Reads a hyperparameter by its name or its number.
pub(crate) fn by_name_or_number<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Hyperparameter, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        Number(u8),
        Name(Hyperparameter),
    }
    match Given::deserialize(deserializer)? {
        Given::Number(number) => Hyperparameter::decode(&mut [number].as_slice()).map_err(de::Error::custom),
        Given::Name(name) => Ok(name),
    }
}
