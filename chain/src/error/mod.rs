//! Why a call failed, in the chain's words.

mod module;
mod wire;

pub use module::{
    AdminUtilsError, CommitmentsError, DrandError, MultisigError, ProxyError, SubtensorModuleError, SwapError,
};

use parity_scale_codec::{Decode, Encode};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The result of a dispatched call, as a receipt holds it.
pub type DispatchOutcome = Result<(), DispatchError>;

/// Why a dispatched call failed. `Display` gives `Pallet.Error`, as the reference data does.
///
/// SCALE-encodes as on chain: the error of a pallet by the numbers of both. The text of a call that is not modelled
/// is not written, as that of the chain's own `Other` is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DispatchError {
    /// The origin may not send this call.
    BadOrigin,
    /// Refused by the base call filter: `System.CallFiltered`.
    CallFiltered,
    /// An error of `SubtensorModule`.
    SubtensorModule(SubtensorModuleError),
    /// An error of `AdminUtils`.
    AdminUtils(AdminUtilsError),
    /// An error of `Swap`.
    Swap(SwapError),
    /// An error of `Balances`.
    Balances(BalancesError),
    /// An error of `Commitments`.
    Commitments(CommitmentsError),
    /// An error of `Drand`.
    Drand(DrandError),
    /// An error of `Proxy`.
    Proxy(ProxyError),
    /// An error of `Sudo`: the signer is not the sudo key.
    SudoRequireSudo,
    /// An error of `Utility`: the batch is too long.
    UtilityTooManyCalls,
    /// An error of the token itself.
    Token(TokenError),
    /// The account would end, and others depend on it.
    ConsumerRemaining,
    /// An error of `Multisig`.
    Multisig(MultisigError),
    /// The call exists on the real chain and is not modelled here; the text names it.
    NotModelled(String),
}

/// An error of the `Balances` pallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum BalancesError {
    /// The balance is too low for the transfer.
    #[codec(index = 2)]
    InsufficientBalance,
    /// The receiver would hold less than the existential deposit.
    #[codec(index = 3)]
    ExistentialDeposit,
    /// The sender would fall below the existential deposit and must be kept alive.
    #[codec(index = 4)]
    Expendability,
    /// What is frozen may not be used.
    #[codec(index = 1)]
    LiquidityRestrictions,
}

/// An error of a fungible token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum TokenError {
    /// Not enough to withdraw.
    #[codec(index = 0)]
    FundsUnavailable,
    /// Withdrawing it would kill an account that must live.
    #[codec(index = 8)]
    NotExpendable,
    /// The receiver cannot exist with so little.
    #[codec(index = 2)]
    BelowMinimum,
    /// The balance is frozen.
    #[codec(index = 5)]
    Frozen,
}

impl fmt::Display for DispatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadOrigin => f.write_str("BadOrigin"),
            Self::CallFiltered => f.write_str("System.CallFiltered"),
            Self::SubtensorModule(error) => write!(f, "SubtensorModule.{error:?}"),
            Self::AdminUtils(error) => write!(f, "AdminUtils.{error:?}"),
            Self::Swap(error) => write!(f, "Swap.{error:?}"),
            Self::Balances(error) => write!(f, "Balances.{error:?}"),
            Self::Commitments(error) => write!(f, "Commitments.{error:?}"),
            Self::Drand(error) => write!(f, "Drand.{error:?}"),
            Self::Proxy(error) => write!(f, "Proxy.{error:?}"),
            Self::SudoRequireSudo => f.write_str("Sudo.RequireSudo"),
            Self::UtilityTooManyCalls => f.write_str("Utility.TooManyCalls"),
            Self::Token(error) => write!(f, "Token.{error:?}"),
            Self::Multisig(error) => write!(f, "Multisig.{error:?}"),
            Self::ConsumerRemaining => f.write_str("ConsumerRemaining"),
            Self::NotModelled(call) => {
                write!(f, "{call} is not modelled by this chain (see the README's list)")
            }
        }
    }
}
impl std::error::Error for DispatchError {}

macro_rules! from_module {
    ($($variant:ident($error:ty)),*) => {
        $(impl From<$error> for DispatchError {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        })*
    };
}
from_module!(
    SubtensorModule(SubtensorModuleError),
    AdminUtils(AdminUtilsError),
    Swap(SwapError),
    Balances(BalancesError),
    Commitments(CommitmentsError),
    Drand(DrandError),
    Proxy(ProxyError),
    Multisig(MultisigError),
    Token(TokenError)
);
