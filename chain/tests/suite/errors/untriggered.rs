//! Errors that no row triggers, each with the reason why.

/// Why an error has no row.
#[derive(Clone, Copy, Debug)]
pub(super) enum Why {
    /// The code of the chain never gives it; nor does ours.
    Never(&'static str),
    /// The code can give it where no call comes: what always refuses first.
    Shadowed(&'static str),
    /// The tests of its pallet trigger it, in this file.
    OwnTests(&'static str),
}
use Why::{Never, OwnTests, Shadowed};

const RETIRED: Why = Never("documented, but no code of the reference returns it any more");
const LEASES: Why = Never("belongs to leased networks, which are not modelled");
const EVM: Why = Never("belongs to EVM keys, which are not modelled");
const POSITIONS: Why = Never("belongs to liquidity positions, whose calls the reference refuses");
const OFFCHAIN: Why = Never("belongs to the offchain worker of a node");

pub(super) const UNTRIGGERED: &[(&str, Why)] = &[
    ("SubtensorModule.NotEnoughStake", RETIRED),
    ("SubtensorModule.BalanceWithdrawalError", RETIRED),
    ("SubtensorModule.ZeroBalanceAfterWithdrawn", RETIRED),
    (
        "SubtensorModule.MaxWeightExceeded",
        Never("the limit of a weight is a constant that no weight exceeds"),
    ),
    ("SubtensorModule.HotKeyAlreadyDelegate", RETIRED),
    ("SubtensorModule.StakingRateLimitExceeded", Never("staking has no rate limit in the reference")),
    ("SubtensorModule.TransactorAccountShouldBeHotKey", RETIRED),
    (
        "SubtensorModule.AllNetworksInImmunity",
        Never("a full network of immune subnets gives SubnetLimitReached"),
    ),
    ("SubtensorModule.NotRootSubnet", RETIRED),
    (
        "SubtensorModule.ColdkeySwapAlreadyDisputed",
        Shadowed("the guard refuses every call of a disputed coldkey with ColdkeySwapDisputed"),
    ),
    ("SubtensorModule.CallDisabled", RETIRED),
    (
        "SubtensorModule.NotEnoughAlphaOutToRecycle",
        Never("recycling more than there is gives InsufficientLiquidity"),
    ),
    ("SubtensorModule.UnableToRecoverPublicKey", EVM),
    ("SubtensorModule.InvalidRecoveredPublicKey", EVM),
    ("SubtensorModule.EvmKeyAssociateRateLimitExceeded", EVM),
    ("SubtensorModule.InvalidLeaseBeneficiary", LEASES),
    ("SubtensorModule.LeaseCannotEndInThePast", LEASES),
    ("SubtensorModule.LeaseNetuidNotFound", LEASES),
    ("SubtensorModule.LeaseDoesNotExist", LEASES),
    ("SubtensorModule.LeaseHasNoEndBlock", LEASES),
    ("SubtensorModule.LeaseHasNotEnded", LEASES),
    ("SubtensorModule.Overflow", LEASES),
    ("SubtensorModule.BeneficiaryDoesNotOwnHotkey", LEASES),
    ("SubtensorModule.ExpectedBeneficiaryOrigin", LEASES),
    (
        "SubtensorModule.UidMapCouldNotBeCleared",
        Never("storage of the reference that could not be cleared at once"),
    ),
    ("SubtensorModule.AddStakeBurnRateLimitExceeded", RETIRED),
    ("SubtensorModule.DisabledTemporarily", RETIRED),
    ("SubtensorModule.UnlockAmountTooHigh", Never("there is no call that unlocks: locks decay")),
    (
        "Swap.InsufficientLiquidity",
        Shadowed("the output of a swap is a floored part of the reserve, at most all of it"),
    ),
    ("Swap.InsufficientInputAmount", POSITIONS),
    ("Swap.InsufficientBalance", POSITIONS),
    ("Swap.InvalidTickRange", POSITIONS),
    ("Swap.InvalidLiquidityValue", POSITIONS),
    ("Swap.SubtokenDisabled", POSITIONS),
    ("Swap.ReservesOutOfBalance", RETIRED),
    ("Swap.Deprecated", POSITIONS),
    ("Balances.ExistentialDeposit", Never("transfers give Token.BelowMinimum")),
    ("Balances.Expendability", Never("transfers give Token.NotExpendable")),
    ("Commitments.UnexpectedUnreserveLeftover", Never("a commitment needs no deposit")),
    ("Drand.NoneValue", OFFCHAIN),
    ("Drand.StorageOverflow", OFFCHAIN),
    ("Drand.DrandConnectionFailure", OFFCHAIN),
    ("Drand.UnverifiedPulse", OFFCHAIN),
    (
        "Drand.InvalidRoundNumber",
        Shadowed("before dispatch a pulse that is not newer is stale, and two in one call are none"),
    ),
    ("Proxy.Unproxyable", RETIRED),
    ("Proxy.AnnouncementDepositInvariantViolated", RETIRED),
    ("Proxy.TooMany", OwnTests("proxy.rs")),
    ("Proxy.NotFound", OwnTests("proxy.rs")),
    ("Proxy.NotProxy", OwnTests("proxy.rs")),
    ("Proxy.Duplicate", OwnTests("proxy.rs")),
    ("Proxy.NoPermission", OwnTests("proxy.rs")),
    ("Proxy.Unannounced", OwnTests("proxy.rs")),
    ("Proxy.NoSelfProxy", OwnTests("proxy.rs")),
    ("Proxy.InvalidDerivedAccountId", OwnTests("proxy.rs")),
    ("System.CallFiltered", OwnTests("utility.rs")),
    ("Utility.TooManyCalls", OwnTests("utility.rs")),
    ("Sudo.RequireSudo", OwnTests("utility.rs")),
    ("Multisig.NoApprovalsNeeded", RETIRED),
    ("Multisig.AlreadyStored", RETIRED),
    ("Multisig.MinimumThreshold", OwnTests("multisig.rs")),
    ("Multisig.AlreadyApproved", OwnTests("multisig.rs")),
    ("Multisig.TooFewSignatories", OwnTests("multisig.rs")),
    ("Multisig.TooManySignatories", OwnTests("multisig.rs")),
    ("Multisig.SignatoriesOutOfOrder", OwnTests("multisig.rs")),
    ("Multisig.SenderInSignatories", OwnTests("multisig.rs")),
    ("Multisig.NotFound", OwnTests("multisig.rs")),
    ("Multisig.NotOwner", OwnTests("multisig.rs")),
    ("Multisig.NoTimepoint", OwnTests("multisig.rs")),
    ("Multisig.WrongTimepoint", OwnTests("multisig.rs")),
    ("Multisig.UnexpectedTimepoint", OwnTests("multisig.rs")),
    ("Multisig.MaxWeightTooLow", OwnTests("multisig.rs")),
];

/// Numbers of the guards' refusals that no row gets, and the errors that have them.
pub(super) const UNUSED_CODES: &[(u8, &str)] = &[
    (2, "NotEnoughBalanceToStake, which no guard gives: a call must be dispatched to learn it"),
    (3, "SubnetNotExists: the same"),
    (5, "NotEnoughStakeToWithdraw: the same"),
    (7, "InsufficientLiquidity: the same"),
    (8, "SlippageTooHigh: the same"),
    (9, "TransferDisallowed: the same"),
    (14, "ZeroMaxAmount: the same, and no code of the reference gives it"),
    (19, "UidNotFound: belongs to EVM keys, which are not modelled"),
    (20, "EvmKeyAssociateRateLimitExceeded: the same"),
    (22, "InvalidRealAccount: belongs to the payment of fees by a proxy's real account"),
    (23, "FailedShieldedTxParsing: belongs to shielded calls, which are not modelled"),
    (24, "InvalidShieldedTxPubKeyHash: the same"),
];
