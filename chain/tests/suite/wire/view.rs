//! A block as clients see it.

use chain::account::AccountId;
use chain::block::{BlockInput, Extrinsic, Failure, Header, InvalidTransaction, Sealed, SignedExtrinsic};
use chain::call::{BalancesCall, RuntimeCall, SystemCall, TimestampCall};
use chain::crypto::Keypair;
use chain::genesis::Genesis;
use chain::runtime::Runtime;
use chain::units::{Rao, TAO};
use chain::wire::{BlockView, EncodedBlock, Mortality, Unchecked, bare, sealed_items};
use std::sync::Arc;

fn transfer(value: u64) -> RuntimeCall {
    let dest = AccountId::from_number(7).into();
    BalancesCall::TransferKeepAlive { dest, value: Rao(value) }.into()
}

/// A block on a development chain with these extrinsics of //Alice.
fn block(make: impl Fn(&Keypair, &[u8; 32]) -> Vec<Extrinsic>) -> (Sealed, BlockInput) {
    let genesis = Genesis::localnet().unwrap();
    let (hash, mut state) = ([3; 32], genesis.state.clone());
    let mut runtime = Runtime::new(genesis.rules, hash);
    let input = BlockInput {
        number: 1,
        timestamp_ms: 1_700_000_000_000,
        parent_hash: [0; 32],
        lottery: [0; 32],
        author: None,
        extrinsics: make(&Keypair::dev("//Alice").unwrap(), &hash),
    };
    let outcome = runtime.execute_block(&mut state, &input);
    let header = Header { number: 1, ..Header::default() };
    let sealed = Sealed {
        state,
        hash: header.hash(),
        header,
        timestamp_ms: input.timestamp_ms,
        events: Arc::new(outcome.events),
        receipts: Arc::new(outcome.receipts),
    };
    (sealed, input)
}

fn value(view: &BlockView<'_>, pallet: &str, name: &str) -> Option<Vec<u8>> {
    let item = sealed_items().iter().find(|item| item.pallet == pallet && item.name == name).unwrap();
    item.value(view, &[])
}

#[test]
fn the_time_stands_first_and_what_was_never_dispatched_is_not_there() {
    let (sealed, input) = block(|alice, genesis| {
        let sign =
            |nonce, value| Extrinsic::Signed(SignedExtrinsic::sign(alice, transfer(value), nonce, genesis));
        // The second one's nonce is used; the third fails, and stays.
        vec![sign(0, TAO), sign(0, TAO), sign(1, u64::MAX / 2)]
    });
    let invalid = Failure::Invalid(InvalidTransaction::Stale);
    assert_eq!(sealed.receipts[1].result, Err(invalid));
    let shown = EncodedBlock::of(&sealed, &input);
    assert_eq!(shown.extrinsics.len(), 3);
    assert_eq!(
        shown.extrinsics[0],
        bare(&RuntimeCall::Timestamp(TimestampCall::Set { now: input.timestamp_ms }))
    );
    assert_eq!(Unchecked::read(&shown.extrinsics[1]).unwrap().nonce, 0);
    assert_eq!(Unchecked::read(&shown.extrinsics[2]).unwrap().nonce, 1);
    // Phases: the step, then places 0, 1 and 2; the failure carries module 7's or the arithmetic error's numbers, never ours.
    let hash_at = |number| (number < 9).then_some([7; 32]);
    let view = BlockView { sealed: &sealed, shown: &shown, shield_key: &[5], hash_at: &hash_at };
    let events = value(&view, "System", "Events").unwrap();
    assert_eq!(events, shown.events);
    let count = value(&view, "System", "EventCount").unwrap();
    assert_eq!(count, shown.event_count.to_le_bytes());
    let place = |place: u8| events.windows(5).filter(|window| *window == [0, place, 0, 0, 0]).count();
    assert!(place(1) >= 3 && place(2) >= 2, "{} {}", place(1), place(2));
    // `ExtrinsicFailed` at place 2 with `Arithmetic(Underflow)`.
    assert!(events.windows(9).any(|window| window == [0, 2, 0, 0, 0, 0, 1, 8, 0]));
    assert_eq!(value(&view, "System", "Number").unwrap(), 1_u32.to_le_bytes());
    assert_eq!(value(&view, "Timestamp", "Now").unwrap(), input.timestamp_ms.to_le_bytes());
    assert_eq!(value(&view, "MevShield", "NextKey").unwrap(), [4, 5]);
}

#[test]
fn a_call_as_root_shows_as_sudo_and_a_failure_as_an_event() {
    let call = RuntimeCall::System(SystemCall::KillStorage { keys: vec![vec![1].into()] });
    let (sealed, input) = block(|_, _| vec![Extrinsic::Root(call.clone())]);
    assert!(sealed.receipts[0].result.is_err());
    let shown = EncodedBlock::of(&sealed, &input);
    assert_eq!(shown.extrinsics[1], bare(&call.clone().sudo()));
    assert!(shown.events.windows(8).any(|window| window == [0, 1, 0, 0, 0, 0, 1, 0]));
}

#[test]
fn a_signature_counts_for_its_era_its_birth_and_its_tip() {
    let alice = Keypair::dev("//Alice").unwrap();
    let genesis = Genesis::localnet().unwrap();
    let era = Mortality { period: 64, born: 0, birth: [9; 32] };
    let signed = SignedExtrinsic::sign_for(&alice, transfer(TAO), 0, Some(era), &[3; 32]);
    assert!(signed.verify(&[3; 32]));
    let other_birth = Mortality { birth: [8; 32], ..era };
    assert!(!SignedExtrinsic { mortality: Some(other_birth), ..signed.clone() }.verify(&[3; 32]));
    assert!(!SignedExtrinsic { mortality: None, ..signed.clone() }.verify(&[3; 32]));
    assert!(!SignedExtrinsic { tip: Rao(1), ..signed.clone() }.verify(&[3; 32]));
    let runtime = Runtime::new(genesis.rules, [3; 32]);
    let env = |number| chain::runtime::Env {
        number,
        timestamp_ms: 0,
        parent_hash: [0; 32],
        lottery: [0; 32],
        author: None,
    };
    assert!(runtime.validate(&genesis.state, &env(63), &signed).is_ok());
    assert_eq!(
        runtime.validate(&genesis.state, &env(64), &signed).err(),
        Some(InvalidTransaction::AncientBirthBlock)
    );
    let again = SignedExtrinsic::sign(&alice, transfer(TAO), 5, &[3; 32]);
    assert!(runtime.validate(&genesis.state, &env(1), &again).is_ok(), "its turn may come");
    let poor = Keypair::dev("//Nobody").unwrap();
    let poor = SignedExtrinsic::sign(&poor, transfer(TAO), 0, &[3; 32]);
    assert_eq!(runtime.validate(&genesis.state, &env(1), &poor), Err(InvalidTransaction::Payment));
}
