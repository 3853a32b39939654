//! Pallets that serve nodes and other pallets: bytes by their hash, encrypted calls, and what is refused always.

use crate::world::{ROOT, STAKER, VALI_COLD, World, extrinsic, id};
use chain::block::{InvalidTransaction, MultiSignature, SignedExtrinsic};
use chain::call::subtensor::Call;
use chain::call::{
    AdjustmentDirection, BalancesCall, BaseFeeCall, GrandpaCall, LimitOrder, LimitOrdersCall, MevShieldCall,
    OrderType, PreimageCall, Raw32, RuntimeCall, SafeModeCall, SchedulerCall, SystemCall, VersionedOrder,
    admin_utils,
};
use chain::crypto::blake2_256;
use chain::event::{Event, MevShieldEvent, SystemEvent};
use chain::invariants::{Checker, Invariant};
use chain::runtime::{Rules, Runtime};
use chain::units::{NetUid, Rao};
use chain::wire::Mortality;

fn balance(world: &World, who: u64) -> (Rao, Rao, u32) {
    let row = world.state.balances.accounts.get(&id(who)).unwrap();
    (row.data.free, row.data.reserved, row.consumers)
}

fn note(bytes: &[u8]) -> RuntimeCall {
    RuntimeCall::Preimage(PreimageCall::NotePreimage { bytes: bytes.to_vec() })
}

fn unnote(bytes: &[u8]) -> RuntimeCall {
    RuntimeCall::Preimage(PreimageCall::UnnotePreimage { hash: Raw32(blake2_256(bytes)) })
}

#[test]
fn bytes_are_kept_for_a_deposit() {
    let mut world = World::new();
    let (free, reserved, consumers) = balance(&world, STAKER);
    world.ok(STAKER, note(&[0x4d]));
    // As recorded: 105,000,000 rao for one byte.
    let deposit = Rao(105_000_000);
    let held = (free.saturating_sub(deposit), reserved.saturating_add(deposit), consumers + 1);
    assert_eq!(balance(&world, STAKER), held);
    let hash = blake2_256(&[0x4d]);
    assert_eq!(hex::encode(hash), "c780825056963a43424f8b700a9e6859f846977ca112ab7ab1c2ee8e90c01698");
    assert_eq!(world.state.preimages.bytes.get(&(hash, 1)), Some(&vec![0x4d]));
    assert_eq!(world.send(STAKER, note(&[0x4d])), "Preimage.AlreadyNoted");
    assert_eq!(world.send(VALI_COLD, unnote(&[0x4d])), "Preimage.NotAuthorized");
    world.ok(STAKER, unnote(&[0x4d]));
    assert_eq!(balance(&world, STAKER), (free, reserved, consumers));
    assert_eq!(world.send(STAKER, unnote(&[0x4d])), "Preimage.NotNoted");
    assert_eq!(world.send(STAKER, note(&vec![0; 4 * 1_024 * 1_024 + 1])), "Preimage.TooBig");
}

#[test]
fn root_asks_for_bytes() {
    let mut world = World::new();
    let hash = Raw32(blake2_256(&[1]));
    let request = || RuntimeCall::Preimage(PreimageCall::RequestPreimage { hash });
    let unrequest = || RuntimeCall::Preimage(PreimageCall::UnrequestPreimage { hash });
    assert_eq!(world.send(STAKER, request()), "BadOrigin");
    assert_eq!(world.send(ROOT, unrequest()), "Preimage.NotRequested");
    world.ok(ROOT, request());
    let before = balance(&world, STAKER);
    // What root asked for needs no deposit.
    world.ok(STAKER, note(&[1]));
    assert_eq!(balance(&world, STAKER), before);
    world.ok(ROOT, request());
    world.ok(ROOT, unrequest());
    world.ok(ROOT, unrequest());
    assert_eq!(world.send(ROOT, unrequest()), "Preimage.NotRequested");
    assert!(world.state.preimages.status.is_empty() && world.state.preimages.bytes.is_empty());
    let update = |count| RuntimeCall::Preimage(PreimageCall::EnsureUpdated { hashes: vec![hash; count] });
    assert_eq!(world.send(STAKER, update(0)), "Preimage.TooFew");
    assert_eq!(world.send(STAKER, update(1_025)), "Preimage.TooMany");
    world.ok(STAKER, update(1));
}

#[test]
fn encrypted_calls_wait_for_one_block_and_are_not_opened() {
    let mut world = World::new();
    let store = || RuntimeCall::MevShield(MevShieldCall::StoreEncrypted { encrypted_call: vec![7] });
    let most = |value| RuntimeCall::MevShield(MevShieldCall::SetMaxPendingExtrinsicsNumber { value });
    let weight = |value| RuntimeCall::MevShield(MevShieldCall::SetMaxExtrinsicWeight { value });
    world.ok(ROOT, most(1));
    assert_eq!(world.send(ROOT, weight(2_000_000_000_001)), "MevShield.WeightExceedsAbsoluteMax");
    let (results, _) = world.run_block(&[extrinsic(STAKER, store()), extrinsic(STAKER, store())]);
    assert_eq!(results, ["ok", "MevShield.TooManyPendingExtrinsics"]);
    assert_eq!(world.state.shield.pending.len(), 1);
    let env = world.env();
    let mut runtime = Runtime::new(Rules::default(), [0; 32]);
    let block = runtime.begin_block(&mut world.state, env);
    let failed = Event::MevShield(MevShieldEvent::ExtrinsicDecodeFailed { index: 0 });
    assert!(block.events().iter().any(|record| record.event == failed));
    assert!(world.state.shield.pending.is_empty());
}

#[test]
fn malformed_ciphertexts_are_refused_at_the_door() {
    let world = World::new();
    let rules = Rules { check_signatures: false, ..Rules::default() };
    let runtime = Runtime::new(rules, [0; 32]);
    let send = |ciphertext: Vec<u8>| {
        let call = RuntimeCall::MevShield(MevShieldCall::SubmitEncrypted { ciphertext });
        let signature = MultiSignature::Ed25519([0; 64]);
        let signer = id(STAKER);
        let nonce = world.state.balances.accounts.get(&signer).unwrap().nonce;
        let mortality = Some(Mortality { period: 8, born: world.state.block, birth: [0; 32] });
        let signed = SignedExtrinsic { signer, nonce, tip: Rao::ZERO, mortality, call, signature };
        runtime.validate(&world.state, &world.env(), &signed)
    };
    let refused = Err(InvalidTransaction::Custom(23));
    // Hash of the key, length of what is encapsulated, its bytes, 24 bytes of nonce.
    let whole = [vec![1; 16], vec![4, 0], vec![2; 4], vec![3; 24]].concat();
    for length in [0, 15, 17, 18, 45] {
        assert_eq!(send(whole[..length].to_vec()), refused, "{length} bytes");
    }
    assert_ne!(send(whole), refused);
}

#[test]
fn calls_of_pallets_that_are_not_modelled_have_the_chain_s_errors() {
    let mut world = World::new();
    let safe = RuntimeCall::SafeMode;
    let account = id(STAKER);
    let order = |signer| {
        RuntimeCall::LimitOrders(LimitOrdersCall::CancelOrder {
            order: VersionedOrder::V1(LimitOrder {
                signer: id(signer),
                hotkey: account,
                netuid: NetUid(2),
                order_type: OrderType::LimitBuy,
                amount: 1,
                limit_price: 1,
                expiry: 1,
                fee_rate: 0,
                fee_recipient: account,
                relayer: None,
                max_slippage: None,
                chain_id: 0,
                partial_fills_enabled: false,
            }),
        })
    };
    let orders = LimitOrdersCall::ExecuteOrders { orders: Vec::new(), should_fail: true };
    for (who, call, error) in [
        (STAKER, safe(SafeModeCall::Enter), "SafeMode.NotConfigured"),
        (STAKER, safe(SafeModeCall::Extend), "SafeMode.Exited"),
        (STAKER, safe(SafeModeCall::ForceEnter), "BadOrigin"),
        (ROOT, safe(SafeModeCall::ForceExit), "SafeMode.Exited"),
        (STAKER, safe(SafeModeCall::ReleaseDeposit { account, block: 1 }), "SafeMode.NoDeposit"),
        (STAKER, RuntimeCall::LimitOrders(orders), "LimitOrders.LimitOrdersDisabled"),
        (STAKER, order(VALI_COLD), "LimitOrders.Unauthorized"),
        (STAKER, RuntimeCall::Scheduler(SchedulerCall::Cancel { when: 1, index: 0 }), "BadOrigin"),
        (STAKER, RuntimeCall::BaseFee(BaseFeeCall::SetElasticity { elasticity: 1 }), "BadOrigin"),
        (
            STAKER,
            RuntimeCall::Grandpa(GrandpaCall::NoteStalled { delay: 1, best_finalized_block_number: 1 }),
            "BadOrigin",
        ),
        (STAKER, RuntimeCall::System(SystemCall::SetHeapPages { pages: 1 }), "BadOrigin"),
        (
            STAKER,
            RuntimeCall::System(SystemCall::ApplyAuthorizedUpgrade { code: vec![1] }),
            "System.NothingAuthorized",
        ),
    ] {
        assert_eq!(world.send(who, call.clone()), error, "{call:?}");
    }
    let schedule = SchedulerCall::Cancel { when: 1, index: 0 };
    let answer = world.send(ROOT, RuntimeCall::Scheduler(schedule));
    assert!(answer.starts_with("Scheduler.cancel is not modelled"), "{answer}");
}

#[test]
fn remarks_by_accounts_tell_their_hash() {
    let mut world = World::new();
    let remark = SystemCall::RemarkWithEvent { remark: vec![1, 2] };
    let (_, told) = world.run_block(&[extrinsic(STAKER, RuntimeCall::System(remark.clone()))]);
    let expected = SystemEvent::Remarked { sender: id(STAKER), hash: blake2_256(&[1, 2]) };
    assert!(told.contains(&Event::System(expected)), "{told:?}");
    assert_eq!(world.send(ROOT, RuntimeCall::System(remark)), "BadOrigin");
    world.ok(ROOT, RuntimeCall::System(SystemCall::Remark { remark: vec![1] }));
}

/// A member of root gets the take of the real chain's code, though root has set another default.
#[test]
fn a_member_of_root_starts_with_eighteen_percent() {
    let mut world = World::new();
    world.state.globals_mut().max_delegate_take = 65;
    world.ok(STAKER, Call::RootRegister { hotkey: id(70) });
    assert_eq!(world.state.hotkey(&id(70)).unwrap().take, Some(11_796));
}

/// Subnet 1 begins without an owner hotkey; one that is set is a row.
#[test]
fn an_owner_hotkey_that_is_set_is_there() {
    let mut world = World::new();
    let netuid = NetUid(1);
    assert!(!world.state.subnet(netuid).unwrap().has_owner);
    world.ok(ROOT, admin_utils::Call::SudoSetSnOwnerHotkey { netuid, hotkey: id(70) });
    let subnet = world.state.subnet(netuid).unwrap();
    assert_eq!((subnet.owner_hotkey, subnet.has_owner), (id(70), true));
}

#[test]
fn invariants_know_what_root_and_burns_do_to_balances() {
    let mut world = World::new();
    let checker = Checker::new(&world.state, Invariant::ALL);
    let mut runtime = Runtime::new(Rules::default(), [0; 32]).checked(checker);
    let set = |new_free| BalancesCall::ForceSetBalance { who: id(STAKER).into(), new_free: Rao(new_free) };
    let adjust = |direction| BalancesCall::ForceAdjustTotalIssuance { direction, delta: Rao(7) };
    for (who, call) in [
        (ROOT, set(1_000_000_000_000)),
        (ROOT, set(2_000_000_000_000)),
        (STAKER, BalancesCall::Burn { value: Rao(5_000), keep_alive: true }),
        (ROOT, adjust(AdjustmentDirection::Increase)),
        (ROOT, adjust(AdjustmentDirection::Decrease)),
        (ROOT, set(499)),
    ] {
        let env = world.env();
        let mut block = runtime.begin_block(&mut world.state, env);
        let receipt = runtime.apply_extrinsic(&mut world.state, &mut block, &extrinsic(who, call.clone()));
        assert_eq!(receipt.result, Ok(()), "{call:?}");
        assert_eq!(runtime.end_block(&mut world.state, block).violations, [], "{call:?}");
    }
}
