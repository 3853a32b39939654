//! Hyperparameters with a rate limit of their own.

use serde::{Deserialize, Deserializer};

/// A hyperparameter that an owner may change once per `OwnerHyperparamRateLimit` tempos, numbered as on chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[repr(u8)]
#[expect(missing_docs, reason = "each is named as the item it is about")]
pub enum Hyperparameter {
    ServingRateLimit = 1,
    MaxDifficulty = 2,
    AdjustmentAlpha = 3,
    ImmunityPeriod = 5,
    MinAllowedWeights = 6,
    Rho = 8,
    ActivityCutoff = 9,
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
    MinChildkeyTake = 29,
    ActivityCutoffFactorMilli = 30,
    TriggerEpoch = 31,
}

/// Reads the number of a hyperparameter, which recorded data writes by its name.
pub(crate) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        Number(u8),
        Name(Hyperparameter),
    }
    Ok(match Given::deserialize(deserializer)? {
        Given::Number(number) => number,
        Given::Name(name) => name as u8,
    })
}
