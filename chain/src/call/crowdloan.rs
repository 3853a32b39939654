//! Calls of `Crowdloan` (pallet 27).
//!
//! **Source**: spec/tables/extrinsics.md.

use super::RuntimeCall;
use crate::account::AccountId;
use crate::units::Rao;
use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// A call of the `Crowdloan` pallet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// `create` (0): opens a crowdloan; the deposit is the first contribution.
    #[codec(index = 0)]
    Create {
        /// First contribution, which stays until the crowdloan is dissolved or finalized.
        #[codec(compact)]
        deposit: Rao,
        /// Least contribution.
        #[codec(compact)]
        min_contribution: Rao,
        /// Sum to be raised.
        #[codec(compact)]
        cap: Rao,
        /// Block from which contributions are refused.
        #[codec(compact)]
        end: u32,
        /// Call that is made at the end in the name of the creator.
        call: Option<Box<RuntimeCall>>,
        /// Account that receives the sum instead.
        target_address: Option<AccountId>,
    },
    /// `contribute` (1): at most what is left to be raised.
    #[codec(index = 1)]
    Contribute {
        /// The crowdloan.
        #[codec(compact)]
        crowdloan_id: u32,
        /// How much.
        #[codec(compact)]
        amount: Rao,
    },
    /// `withdraw` (2): takes a contribution back; the creator's deposit stays.
    #[codec(index = 2)]
    Withdraw {
        /// The crowdloan.
        #[codec(compact)]
        crowdloan_id: u32,
    },
    /// `finalize` (3): pays the sum out or makes the call, once the cap is raised.
    #[codec(index = 3)]
    Finalize {
        /// The crowdloan.
        #[codec(compact)]
        crowdloan_id: u32,
    },
    /// `refund` (4): gives contributions back, fifty at a time.
    #[codec(index = 4)]
    Refund {
        /// The crowdloan.
        #[codec(compact)]
        crowdloan_id: u32,
    },
    /// `dissolve` (5): ends a crowdloan that holds its creator's contribution only.
    #[codec(index = 5)]
    Dissolve {
        /// The crowdloan.
        #[codec(compact)]
        crowdloan_id: u32,
    },
    /// `update_min_contribution` (6).
    #[codec(index = 6)]
    UpdateMinContribution {
        /// The crowdloan.
        #[codec(compact)]
        crowdloan_id: u32,
        /// Least contribution from now on.
        #[codec(compact)]
        new_min_contribution: Rao,
    },
    /// `update_end` (7).
    #[codec(index = 7)]
    UpdateEnd {
        /// The crowdloan.
        #[codec(compact)]
        crowdloan_id: u32,
        /// Block from which contributions are refused.
        #[codec(compact)]
        new_end: u32,
    },
    /// `update_cap` (8).
    #[codec(index = 8)]
    UpdateCap {
        /// The crowdloan.
        #[codec(compact)]
        crowdloan_id: u32,
        /// Sum to be raised.
        #[codec(compact)]
        new_cap: Rao,
    },
    /// `set_max_contribution` (9).
    #[codec(index = 9)]
    SetMaxContribution {
        /// The crowdloan.
        #[codec(compact)]
        crowdloan_id: u32,
        /// The most that one account may contribute; `None` lifts the bound.
        new_max_contribution: Option<Rao>,
    },
}
