//! The list of invariants: their numbers, what each says, and those that are about one subnet.

use super::{Step, alpha, claims, locks, schedule, shares, structure};
use crate::state::Subnet;
use crate::units::NetUid;
use std::fmt;
use std::str::FromStr;

macro_rules! invariants {
    ($($name:ident $title:literal,)*) => {
        /// An invariant of the chain.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Invariant {
            $(#[doc = $title] $name,)*
        }
        impl Invariant {
            /// Every invariant, by number.
            pub const ALL: [Self; 26] = [$(Self::$name),*];

            /// What it says, in one line.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)*
                }
            }
        }
    };
}

invariants! {
    I1 "the sum of all balances is the TAO issuance",
    I2 "the two counters of TAO issuance keep their distance",
    I3 "there are never more than 21 million TAO, and a block mints no more than its emission",
    I4 "a subnet's account covers the TAO in its pool",
    I5 "root: account, pool, stake and issued alpha agree",
    I6 "a subnet's issued alpha covers all that is owed, up to rounding dust",
    I7 "alpha issuance is what lies in the pool and outside",
    I8 "a swap makes neither TAO nor alpha",
    I9 "a share pool's stakes sum to its value, and its shares to their total",
    I10 "a swap leaves both reserves, moves the price its own way up to its limit, and cannot be undone with a gain",
    I11 "liquidity that the protocol adds keeps the price",
    I12 "the weight of TAO in a pool lies between 0.01 and 0.99",
    I13 "subnets get no more TAO than the block mints",
    I14 "what a block's alpha is split into is the block's alpha, within 4 rao",
    I15 "what mechanisms are given sums to what there is to give",
    I16 "keys and uids are inverse to each other, and arrays have their length",
    I17 "children and parents mirror each other",
    I18 "the price of a slot lies between its bounds, and falls but for registrations",
    I19 "a network costs at least the minimum lock",
    I20 "an epoch runs when it is due and only then, unless it is put off",
    I21 "nobody has claimed more root dividends than were due",
    I22 "nobody has locked more alpha than it holds",
    I23 "moving prices lie between 0 and 1 and move towards the price",
    I24 "a failed extrinsic leaves its fee and its nonce",
    I25 "coldkeys with stake are numbered without gaps",
    I26 "a registration does not pass the limit of subnets",
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// A text that names no invariant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no invariant; known are {known}", known = Invariant::ALL.map(|known| known.to_string()).join(", "))]
pub struct UnknownInvariant(pub String);

impl FromStr for Invariant {
    type Err = UnknownInvariant;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = Self::ALL.into_iter().find(|invariant| invariant.to_string().eq_ignore_ascii_case(text));
        named.ok_or_else(|| UnknownInvariant(text.to_owned()))
    }
}

/// A check of one subnet: the block, its number, its row before (when it existed) and after.
pub(super) type OfSubnet = fn(&Step<'_>, NetUid, Option<&Subnet>, &Subnet) -> Result<(), String>;

/// The check of an invariant that looks at one subnet and keeps no sums from block to block.
pub(super) fn of_subnet(invariant: Invariant) -> Option<OfSubnet> {
    Some(match invariant {
        Invariant::I8 => alpha::swaps_make_nothing,
        Invariant::I9 => shares::pools_add_up,
        Invariant::I12 => structure::pool_weight_in_range,
        Invariant::I16 => structure::neurons_consistent,
        Invariant::I17 => structure::relations_mirror,
        Invariant::I18 => structure::burn_in_range,
        Invariant::I19 => schedule::network_paid_its_lock,
        Invariant::I20 => schedule::epochs_keep_time,
        Invariant::I21 => claims::no_more_than_due,
        Invariant::I22 => locks::covered_by_stake,
        Invariant::I23 => structure::moving_price_in_range,
        _ => return None,
    })
}
