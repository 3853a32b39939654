//! Why a call failed, in the chain's words.

mod module;
mod services;
mod wire;

pub use module::{
    AdminUtilsError, CommitmentsError, CrowdloanError, DrandError, MultisigError, ProxyError,
    SubtensorModuleError, SwapError,
};

pub use services::{LimitOrdersError, MevShieldError, PreimageError, SafeModeError};

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
    /// An error of `Crowdloan`.
    Crowdloan(CrowdloanError),
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
    /// A number left its range.
    Arithmetic(ArithmeticError),
    /// An error of `Preimage`.
    Preimage(PreimageError),
    /// An error of `SafeMode`.
    SafeMode(SafeModeError),
    /// An error of `MevShield`.
    MevShield(MevShieldError),
    /// An error of `LimitOrders`.
    LimitOrders(LimitOrdersError),
    /// An error of `System`: no upgrade was authorized.
    SystemNothingAuthorized,
    /// The call exists on the real chain and is not modelled here; the text names it.
    NotModelled(String),
}

/// An error of the `Balances` pallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum BalancesError {
    /// The vesting balance is too high for the value.
    #[codec(index = 0)]
    VestingBalance,
    /// What is frozen may not be used.
    #[codec(index = 1)]
    LiquidityRestrictions,
    /// The balance is too low for the transfer.
    #[codec(index = 2)]
    InsufficientBalance,
    /// The receiver would hold less than the existential deposit.
    #[codec(index = 3)]
    ExistentialDeposit,
    /// The sender would fall below the existential deposit and must be kept alive.
    #[codec(index = 4)]
    Expendability,
    /// There is a vesting schedule already.
    #[codec(index = 5)]
    ExistingVestingSchedule,
    /// The receiver does not exist.
    #[codec(index = 6)]
    DeadAccount,
    /// More named reserves than allowed.
    #[codec(index = 7)]
    TooManyReserves,
    /// More holds than allowed.
    #[codec(index = 8)]
    TooManyHolds,
    /// More freezes than allowed.
    #[codec(index = 9)]
    TooManyFreezes,
    /// The issuance would fall below what is inactive.
    #[codec(index = 10)]
    IssuanceDeactivated,
    /// The issuance is to change by nothing.
    #[codec(index = 11)]
    DeltaZero,
}

/// A number that left its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo, Serialize, Deserialize)]
pub enum ArithmeticError {
    /// Below the least.
    #[codec(index = 0)]
    Underflow,
    /// Above the largest.
    #[codec(index = 1)]
    Overflow,
    /// Divided by zero.
    #[codec(index = 2)]
    DivisionByZero,
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
            Self::Crowdloan(error) => write!(f, "Crowdloan.{error:?}"),
            Self::Drand(error) => write!(f, "Drand.{error:?}"),
            Self::Proxy(error) => write!(f, "Proxy.{error:?}"),
            Self::SudoRequireSudo => f.write_str("Sudo.RequireSudo"),
            Self::UtilityTooManyCalls => f.write_str("Utility.TooManyCalls"),
            Self::Token(error) => write!(f, "Token.{error:?}"),
            Self::Multisig(error) => write!(f, "Multisig.{error:?}"),
            Self::Arithmetic(error) => write!(f, "Arithmetic.{error:?}"),
            Self::Preimage(error) => write!(f, "Preimage.{error:?}"),
            Self::SafeMode(error) => write!(f, "SafeMode.{error:?}"),
            Self::MevShield(error) => write!(f, "MevShield.{error:?}"),
            Self::LimitOrders(error) => write!(f, "LimitOrders.{error:?}"),
            Self::SystemNothingAuthorized => f.write_str("System.NothingAuthorized"),
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
    Crowdloan(CrowdloanError),
    Drand(DrandError),
    Proxy(ProxyError),
    Multisig(MultisigError),
    Token(TokenError),
    Arithmetic(ArithmeticError),
    Preimage(PreimageError),
    SafeMode(SafeModeError),
    MevShield(MevShieldError),
    LimitOrders(LimitOrdersError)
);
