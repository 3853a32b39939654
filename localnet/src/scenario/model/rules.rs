//! `[chain.rules]`, and the same in an event.

use crate::scenario::amount::Amount;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Rules that changed over the network's life; what is left out stays as it is, at genesis as in the reference.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// How a block's TAO is shared out between subnets.
    pub emission: Option<String>,
    /// The owner's part of a subnet's new alpha, thousandths; the chain's subnet_owner_cut unless said.
    pub owner_permille: Option<u16>,
    /// The miners' part of what the owner leaves, thousandths; the rest is for validators and root stakers.
    pub miners_permille: Option<u16>,
    /// When emission halves: true as on the real chain, false never, or at these issuances.
    pub halving: Option<Halving>,
    /// What stands between TAO and alpha.
    pub pool: Option<String>,
}

/// When emission halves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "true, false, or a list of amounts such as [1000, 5000]")]
pub enum Halving {
    /// As on the real chain, or never.
    Switch(bool),
    /// At these issuances of TAO, and of each alpha.
    At(Vec<Amount>),
}
