//! From dice to a call and its sender.

use super::dice::Dice;
use super::{admin, subtensor, wrapped};
use chain::call::{
    BalancesCall, BaseFeeCall, GrandpaCall, LimitOrdersCall, RuntimeCall, SchedulerCall, SystemCall,
    TimestampCall, crowdloan,
};
use chain::script::{Sender, Sent};

/// A list of generators, one for each variant; `place` is exhaustive, so that a new call cannot be forgotten.
macro_rules! generators {
    ($call:ident, $dice:ident { $($variant:ident { $($field:ident: $value:expr),* $(,)? },)* }) => {
        /// One generator for each call.
        pub(crate) const ALL: &[fn(&mut Dice<'_>) -> $call] = &[
            $(|$dice| {
                let _ = &$dice;
                $call::$variant { $($field: $value),* }
            },)*
        ];
        /// The place of a call in the list.
        pub(crate) fn place(call: &$call) -> usize {
            let names = [$(stringify!($variant)),*];
            let name = match call {
                $($call::$variant { .. } => stringify!($variant),)*
            };
            names.iter().position(|known| *known == name).unwrap()
        }
    };
}
pub(super) use generators;

mod balances {
    use super::super::dice::Dice;
    use chain::account::AccountId;
    use chain::call::{AdjustmentDirection, BalancesCall};
    use chain::units::Rao;

    generators! {
        BalancesCall, d {
            TransferAllowDeath { dest: d.receiver().into(), value: Rao(d.amount()) },
            TransferKeepAlive { dest: d.receiver().into(), value: Rao(d.amount()) },
            TransferAll { dest: d.receiver().into(), keep_alive: d.flag() },
            // TAO out of nothing would break the laws of issuance, as it is meant to: nothing is set on nobody.
            ForceSetBalance { who: AccountId::from_number(u64::MAX).into(), new_free: Rao(d.below(500)) },
            ForceTransfer { source: d.receiver().into(), dest: d.receiver().into(), value: Rao(d.amount()) },
            ForceUnreserve { who: d.receiver().into(), amount: Rao::ZERO },
            UpgradeAccounts { who: vec![d.receiver()] },
            ForceAdjustTotalIssuance { direction: AdjustmentDirection::Increase, delta: Rao(d.below(2)) },
            Burn { value: Rao(d.amount()), keep_alive: d.flag() },
        }
    }
}

mod system {
    use super::super::dice::Dice;
    use chain::call::{Raw32, SystemCall};

    generators! {
        SystemCall, d {
            Remark { remark: d.bytes() },
            // Rows that are written past the rules break the laws, as they are meant to: these keys are none.
            SetStorage { items: vec![(d.bytes().into(), d.bytes().into())] },
            SetHeapPages { pages: d.number() },
            SetCode { code: d.bytes() },
            SetCodeWithoutChecks { code: d.bytes() },
            KillPrefix { prefix: vec![1].into(), subkeys: d.below(3) as u32 },
            RemarkWithEvent { remark: d.bytes() },
            AuthorizeUpgrade { code_hash: Raw32([1; 32]) },
            AuthorizeUpgradeWithoutChecks { code_hash: Raw32([1; 32]) },
            ApplyAuthorizedUpgrade { code: d.bytes() },
            KillStorage { keys: if d.flag() { vec![d.bytes().into()] } else { Vec::new() } },
        }
    }
}

mod shield {
    use super::super::dice::Dice;
    use chain::call::MevShieldCall;

    generators! {
        MevShieldCall, d {
            AnnounceNextKey { enc_key: None },
            SubmitEncrypted { ciphertext: d.bytes() },
            StoreEncrypted { encrypted_call: d.bytes() },
            SetMaxPendingExtrinsicsNumber { value: d.pick(&[0, 1, 100]) },
            SetOnInitializeWeight { value: d.number() },
            SetStoredExtrinsicLifetime { value: d.pick(&[0, 1, 10]) },
            SetMaxExtrinsicWeight { value: d.number() },
        }
    }
}

mod swap {
    use super::super::dice::Dice;
    use chain::call::{PositionId, SwapCall, TickIndex};

    generators! {
        SwapCall, d {
            SetFeeRate { netuid: d.netuid(), rate: d.pick(&[0, 33, 10_000, 10_001]) },
            AddLiquidity {
                hotkey: d.hotkey(),
                netuid: d.netuid(),
                tick_low: TickIndex(0),
                tick_high: TickIndex(1),
                liquidity: d.amount(),
            },
            RemoveLiquidity { hotkey: d.hotkey(), netuid: d.netuid(), position_id: PositionId(1) },
            ModifyPosition {
                hotkey: d.hotkey(),
                netuid: d.netuid(),
                position_id: PositionId(1),
                liquidity_delta: -1,
            },
            ToggleUserLiquidity { netuid: d.netuid(), enable: d.flag() },
            DisableLp {},
        }
    }
}

mod preimages {
    use super::super::dice::Dice;
    use chain::call::{PreimageCall, Raw32};
    use chain::crypto::blake2_256;

    fn hash(d: &mut Dice<'_>) -> Raw32 {
        Raw32(blake2_256(&[d.pick(&[0, 1])]))
    }

    generators! {
        PreimageCall, d {
            NotePreimage { bytes: vec![d.pick(&[0, 1])] },
            UnnotePreimage { hash: hash(d) },
            RequestPreimage { hash: hash(d) },
            UnrequestPreimage { hash: hash(d) },
            EnsureUpdated { hashes: vec![hash(d)] },
        }
    }
}

mod safe_mode {
    use super::super::dice::Dice;
    use chain::call::SafeModeCall;

    generators! {
        SafeModeCall, d {
            Enter {},
            ForceEnter {},
            Extend {},
            ForceExtend {},
            ForceExit {},
            ForceSlashDeposit { account: d.hotkey(), block: 1 },
            ReleaseDeposit { account: d.hotkey(), block: 1 },
            ForceReleaseDeposit { account: d.hotkey(), block: 1 },
        }
    }
}

mod commitments {
    use super::super::dice::Dice;
    use chain::call::commitments::Call;
    use chain::types::CommitmentInfo;

    generators! {
        Call, d {
            SetCommitment { netuid: d.netuid(), info: CommitmentInfo { fields: d.fields() } },
            SetMaxSpace { new_limit: d.u16().into() },
        }
    }
}

mod drand {
    use super::super::dice::Dice;
    use chain::call::drand::Call;
    use chain::types::{BeaconConfiguration, BeaconConfigurationPayload, MultiSigner, Pulse, PulsesPayload};

    generators! {
        Call, d {
            WritePulse {
                pulses_payload: PulsesPayload {
                    block_number: 1,
                    pulses: vec![Pulse { round: d.number(), randomness: d.bytes(), signature: d.bytes() }],
                    public: MultiSigner::Ed25519(*d.hotkey().bytes()),
                },
                signature: None,
            },
            SetBeaconConfig {
                config_payload: BeaconConfigurationPayload {
                    block_number: 1,
                    config: BeaconConfiguration { public_key: d.bytes(), ..BeaconConfiguration::default() },
                    public: MultiSigner::Ed25519(*d.hotkey().bytes()),
                },
                signature: None,
            },
            SetOldestStoredRound { oldest_round: d.number() },
        }
    }
}

/// Draws a call.
pub(super) fn call(dice: &mut Dice<'_>) -> RuntimeCall {
    match dice.below(100) {
        0..66 => RuntimeCall::SubtensorModule(one_of(dice, subtensor::ALL)),
        66..80 => RuntimeCall::AdminUtils(one_of(dice, admin::ALL)),
        80..83 => RuntimeCall::Balances(one_of(dice, balances::ALL)),
        83 => match dice.below(6) {
            0 => RuntimeCall::System(one_of(dice, system::ALL)),
            1 => RuntimeCall::Timestamp(TimestampCall::Set { now: dice.number() }),
            2 => RuntimeCall::Preimage(one_of(dice, preimages::ALL)),
            3 => RuntimeCall::SafeMode(one_of(dice, safe_mode::ALL)),
            4 => service(dice),
            _ => RuntimeCall::MevShield(one_of(dice, shield::ALL)),
        },
        84 => RuntimeCall::Commitments(one_of(dice, commitments::ALL)),
        85 => RuntimeCall::Drand(one_of(dice, drand::ALL)),
        86 => RuntimeCall::Swap(one_of(dice, swap::ALL)),
        87..89 => RuntimeCall::Sudo(one_of(dice, wrapped::sudo::ALL)),
        89..93 => RuntimeCall::Utility(one_of(dice, wrapped::utility::ALL)),
        93..97 => RuntimeCall::Proxy(one_of(dice, wrapped::proxies::ALL)),
        _ => RuntimeCall::Multisig(one_of(dice, wrapped::multisigs::ALL)),
    }
}

/// A call of a pallet of which little is modelled.
fn service(dice: &mut Dice<'_>) -> RuntimeCall {
    match dice.below(6) {
        4 => RuntimeCall::Crowdloan(crowdloan::Call::Contribute {
            crowdloan_id: 0,
            amount: chain::units::Rao(dice.amount()),
        }),
        5 => RuntimeCall::Crowdloan(crowdloan::Call::Withdraw { crowdloan_id: 0 }),
        0 => RuntimeCall::Grandpa(GrandpaCall::NoteStalled { delay: 1, best_finalized_block_number: 1 }),
        1 => RuntimeCall::Scheduler(SchedulerCall::Cancel { when: 1, index: 0 }),
        2 => RuntimeCall::BaseFee(BaseFeeCall::SetElasticity { elasticity: 1 }),
        _ => RuntimeCall::LimitOrders(LimitOrdersCall::SetPalletStatus { enabled: dice.flag() }),
    }
}

fn one_of<T>(dice: &mut Dice<'_>, all: &[fn(&mut Dice<'_>) -> T]) -> T {
    let place = usize::try_from(dice.below(all.len() as u64)).unwrap();
    all[place](dice)
}

/// Draws a call with a sender, more often than not one who may send it.
pub(super) fn sent(dice: &mut Dice<'_>) -> Sent {
    let call = call(dice);
    let by = if dice.below(10) < 7 { fitting(dice, &call) } else { Sender::Signed(dice.anybody()) };
    Sent { by, call }
}

/// Exhaustive, so that a new pallet cannot be forgotten.
fn fitting(dice: &mut Dice<'_>, call: &RuntimeCall) -> Sender {
    match call {
        RuntimeCall::Balances(BalancesCall::TransferAll { .. }) if dice.below(3) > 0 => {
            Sender::Signed(dice.anybody())
        }
        RuntimeCall::Balances(BalancesCall::ForceSetBalance { .. })
        | RuntimeCall::System(SystemCall::SetStorage { .. } | SystemCall::KillStorage { .. }) => Sender::Root,
        RuntimeCall::Balances(_)
        | RuntimeCall::System(_)
        | RuntimeCall::MevShield(_)
        | RuntimeCall::Crowdloan(_) => Sender::Signed(dice.coldkey()),
        RuntimeCall::Preimage(_) | RuntimeCall::SafeMode(_) if dice.flag() => Sender::Root,
        RuntimeCall::Timestamp(_) | RuntimeCall::Preimage(_) | RuntimeCall::SafeMode(_) => {
            Sender::Signed(dice.anybody())
        }
        RuntimeCall::Grandpa(_)
        | RuntimeCall::Scheduler(_)
        | RuntimeCall::BaseFee(_)
        | RuntimeCall::LimitOrders(_) => Sender::Root,
        RuntimeCall::SubtensorModule(_) => match dice.below(12) {
            0 => Sender::Root,
            1..5 => Sender::Signed(dice.last_hotkey()),
            5..8 => Sender::Signed(dice.owner_of_last_subnet()),
            _ => Sender::Signed(dice.owner_of_last_hotkey()),
        },
        RuntimeCall::AdminUtils(_) if dice.flag() => Sender::Signed(dice.owner_of_last_subnet()),
        RuntimeCall::AdminUtils(_) | RuntimeCall::Swap(_) => Sender::Root,
        RuntimeCall::Commitments(_) => Sender::Signed(dice.other_hotkey()),
        RuntimeCall::Drand(_) if dice.flag() => Sender::Unsigned,
        RuntimeCall::Drand(_) => Sender::Root,
        RuntimeCall::Utility(call) => wrapped::fitting_utility(dice, call),
        RuntimeCall::Sudo(_) => wrapped::fitting_sudo(dice),
        RuntimeCall::Proxy(call) => wrapped::fitting_proxy(dice, call),
        RuntimeCall::Multisig(call) => wrapped::fitting_multisig(call),
    }
}

#[test]
fn every_call_has_its_generator() {
    fn check<T: std::fmt::Debug>(all: &[fn(&mut Dice<'_>) -> T], place: fn(&T) -> usize) {
        let state = chain::genesis::Genesis::new().state;
        for (index, draw) in all.iter().enumerate() {
            let call = draw(&mut Dice::new(7, &state));
            assert_eq!(place(&call), index, "{call:?}");
        }
    }
    check(subtensor::ALL, subtensor::place);
    check(admin::ALL, admin::place);
    check(balances::ALL, balances::place);
    check(system::ALL, system::place);
    check(shield::ALL, shield::place);
    check(swap::ALL, swap::place);
    check(preimages::ALL, preimages::place);
    check(safe_mode::ALL, safe_mode::place);
    check(commitments::ALL, commitments::place);
    check(drand::ALL, drand::place);
    check(wrapped::utility::ALL, wrapped::utility::place);
    check(wrapped::sudo::ALL, wrapped::sudo::place);
    check(wrapped::proxies::ALL, wrapped::proxies::place);
    check(wrapped::multisigs::ALL, wrapped::multisigs::place);
}
