//! Whether an extrinsic may enter a block: signature, nonce, fee, and the guards that run before dispatch.
//!
//! **Source**: spec/chain.md 1.4.

use super::calls::shield;
use super::{CallInfo, Exec, Runtime, call_info, fees, guards, room};
use crate::account::AccountId;
use crate::block::{InvalidTransaction, MultiSignature, SignedExtrinsic};
use crate::call::drand::Call;
use crate::call::{DispatchClass, MevShieldCall, RuntimeCall};
use crate::crypto;
use crate::error::{DispatchError, SubtensorModuleError as E};
use crate::state::{AccountInfo, State};
use crate::types::MultiSigner;
use crate::units::BlockNumber;
use parity_scale_codec::{Decode, Encode};

/// An extrinsic that may be dispatched.
#[derive(Clone, Copy, Debug)]
pub(super) struct Admitted {
    /// Who paid.
    pub(super) payer: AccountId,
    /// The fee that was taken.
    pub(super) withdrawn: fees::Withdrawn,
    /// Weight and payment before dispatch.
    pub(super) info: CallInfo,
    /// Whether extrinsics of the signer are missing before it: it waits in the pool.
    pub(super) is_ahead: bool,
}

/// What the transaction pool learns of a valid extrinsic, as `validate_transaction` answers it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Validity {
    /// Priority in the pool.
    pub priority: u64,
    /// Tags of extrinsics that must come before.
    pub requires: Vec<Vec<u8>>,
    /// Tags of this one.
    pub provides: Vec<Vec<u8>>,
    /// **Units**: blocks.
    pub longevity: u64,
    /// Whether it goes to other nodes.
    pub propagate: bool,
}

/// Priority of operational calls; normal ones have 1, whatever they pay.
const OPERATIONAL_PRIORITY: u64 = 10_000_000_000;

impl Validity {
    /// Of a valid extrinsic of an account whose next nonce is `nonce`, at a block.
    pub(super) fn new(signed: &SignedExtrinsic, nonce: u32, now: BlockNumber, class: DispatchClass) -> Self {
        let tag = |nonce: u32| (signed.signer, nonce).encode();
        let requires = signed.nonce.checked_sub(1).filter(|_| signed.nonce > nonce).map(tag);
        let death = signed.mortality.map_or(u64::MAX, |era| era.born.saturating_add(era.period.into()));
        Self {
            priority: if class == DispatchClass::Normal { 1 } else { OPERATIONAL_PRIORITY },
            requires: requires.into_iter().collect(),
            provides: vec![tag(signed.nonce)],
            longevity: death.saturating_sub(now),
            propagate: true,
        }
    }
}

/// Longest era of an extrinsic that carries an encrypted one. **Units**: blocks.
const SHIELDED_PERIOD_MAX: u32 = 8;

/// Checks an extrinsic, takes its fee and its nonce. The caller undoes the state on an error.
///
/// # Errors
/// Why it may not be dispatched.
pub(super) fn admit(
    exec: &mut Exec<'_>,
    signed: &SignedExtrinsic,
    runtime: &Runtime,
) -> Result<Admitted, InvalidTransaction> {
    // The block that the signature names must have a hash; an extrinsic whose time is over names a later one.
    if signed.mortality.is_some_and(|era| era.born >= exec.now() || !era.holds_at(exec.now())) {
        return Err(InvalidTransaction::AncientBirthBlock);
    }
    if runtime.rules.check_signatures && !signed.verify(&runtime.genesis) {
        return Err(InvalidTransaction::BadProof);
    }
    let shielded = matches!(signed.call, RuntimeCall::MevShield(MevShieldCall::SubmitEncrypted { .. }));
    if shielded && signed.mortality.is_none_or(|era| era.period > SHIELDED_PERIOD_MAX) {
        return Err(InvalidTransaction::Stale);
    }
    let info = call_info(&signed.call);
    let pays = runtime.rules.fees.enabled && info.pays;
    let is_ahead = check_nonce(exec.state, &signed.signer, signed.nonce, pays)?;
    room::fits_alone(&info, signed.wire_length())?;
    let fee = runtime.rules.fees.fee_of(signed);
    let payer = fees::payer(exec.state, signed);
    let withdrawn = fees::withdraw(exec, &payer, &signed.call, fee)?;
    if matches!(signed.call, RuntimeCall::Sudo(_)) && exec.state.globals.sudo_key != Some(signed.signer) {
        return Err(InvalidTransaction::BadSigner);
    }
    if let RuntimeCall::MevShield(MevShieldCall::SubmitEncrypted { ciphertext }) = &signed.call
        && !shield::is_well_formed(ciphertext)
    {
        return Err(InvalidTransaction::Custom(MALFORMED_CIPHERTEXT));
    }
    guards::check(exec, &signed.signer, &signed.call)
        .map_err(|error| InvalidTransaction::Custom(code(&error)))?;
    let row = exec.state.balances.accounts.or_insert_with(signed.signer, AccountInfo::default);
    row.nonce = row.nonce.saturating_add(1);
    Ok(Admitted { payer, withdrawn, info, is_ahead })
}

/// Checks an extrinsic that nobody signed: only what the drand pallet takes from its nodes comes so, and a node signs
/// what it brings.
///
/// # Errors
/// Why it may not be dispatched.
pub(super) fn admit_unsigned(
    exec: &Exec<'_>,
    call: &RuntimeCall,
    runtime: &Runtime,
) -> Result<(), InvalidTransaction> {
    let signed = |payload: &[u8], public: &MultiSigner, signature: &Option<MultiSignature>| {
        let signature = signature.as_ref().ok_or(InvalidTransaction::BadSigner)?;
        let is_signed = match (public, signature) {
            (MultiSigner::Ed25519(key), MultiSignature::Ed25519(_))
            | (MultiSigner::Sr25519(key), MultiSignature::Sr25519(_)) => {
                crypto::verify(signature, payload, &AccountId::new(*key))
            }
            (MultiSigner::Ecdsa(key), MultiSignature::Ecdsa(bytes)) => {
                crypto::recover_ecdsa(bytes, &crypto::blake2_256(payload)).as_ref() == Some(key)
            }
            _ => false,
        };
        if runtime.rules.check_signatures && !is_signed {
            return Err(InvalidTransaction::BadProof);
        }
        Ok(())
    };
    let (now, drand) = (exec.now(), &exec.state.drand);
    let made_at = match call {
        RuntimeCall::Drand(Call::WritePulse { pulses_payload, signature }) => {
            signed(&pulses_payload.encode(), &pulses_payload.public, signature)?;
            pulses_payload.block_number
        }
        RuntimeCall::Drand(Call::SetBeaconConfig { config_payload, signature }) => {
            signed(&config_payload.encode(), &config_payload.public, signature)?;
            config_payload.block_number
        }
        RuntimeCall::System(_) | RuntimeCall::Drand(_) => return Err(InvalidTransaction::Call),
        // A pallet that takes no unsigned calls does not look at them in a block: their origin is refused there.
        _ => return Ok(()),
    };
    if u64::from(made_at) > now {
        return Err(InvalidTransaction::Future);
    }
    match call {
        RuntimeCall::Drand(Call::WritePulse { pulses_payload, .. }) => match pulses_payload.pulses.as_slice()
        {
            [pulse] if u64::from(drand.next_unsigned_at) <= now && pulse.round > drand.last_stored_round => {
                Ok(())
            }
            [_] => Err(InvalidTransaction::Stale),
            _ => Err(InvalidTransaction::Call),
        },
        _ if drand.next_unsigned_at > made_at => Err(InvalidTransaction::Stale),
        _ => Ok(()),
    }
}

/// Whether the pallet of a call takes unsigned ones; the pool refuses those of the others.
pub(super) const fn takes_unsigned(call: &RuntimeCall) -> bool {
    matches!(call, RuntimeCall::System(_) | RuntimeCall::Drand(_))
}

/// Whether the nonce is ahead of the account's.
fn check_nonce(
    state: &State,
    signer: &AccountId,
    nonce: u32,
    pays: bool,
) -> Result<bool, InvalidTransaction> {
    let row = state.balances.accounts.get(signer).copied().unwrap_or_default();
    if pays && row.providers == 0 && row.sufficients == 0 {
        return Err(InvalidTransaction::Payment);
    }
    match nonce.cmp(&row.nonce) {
        std::cmp::Ordering::Less => Err(InvalidTransaction::Stale),
        std::cmp::Ordering::Equal => Ok(false),
        std::cmp::Ordering::Greater => Ok(true),
    }
}

/// The number by which a client knows that a ciphertext of `MevShield.submit_encrypted` cannot be read.
const MALFORMED_CIPHERTEXT: u8 = 23;

/// The number by which a client knows the refusal of a guard.
fn code(error: &DispatchError) -> u8 {
    let DispatchError::SubtensorModule(error) = error else { return 255 };
    match error {
        E::ColdkeySwapAnnounced => 0,
        E::AmountTooLow | E::NotEnoughStakeToSetWeights => 1,
        E::NotEnoughBalanceToStake => 2,
        E::SubnetNotExists => 3,
        E::HotKeyAccountNotExists => 4,
        E::NotEnoughStakeToWithdraw => 5,
        E::CommittingWeightsTooFast | E::SettingWeightsTooFast | E::NetworkTxRateLimitExceeded => 6,
        E::InsufficientLiquidity => 7,
        E::SlippageTooHigh => 8,
        E::TransferDisallowed => 9,
        E::HotKeyNotRegisteredInNetwork => 10,
        E::InvalidIpAddress => 11,
        E::ServingRateLimitExceeded => 12,
        E::InvalidPort => 13,
        E::InvalidRevealRound => 15,
        E::NoWeightsCommitFound => 16,
        E::RevealTooEarly => 17,
        E::InputLengthsUnequal => 18,
        E::ColdkeySwapDisputed => 21,
        E::NonAssociatedColdKey => 25,
        E::DelegateTakeTooLow => 26,
        E::DelegateTakeTooHigh => 27,
        _ => 255,
    }
}
