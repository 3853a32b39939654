//! Signed extrinsics: signature, nonce, fee, author, and what a failure leaves behind.

use chain::account::AccountId;
use chain::block::{BlockInput, Extrinsic, Failure, InvalidTransaction, Receipt, SignedExtrinsic};
use chain::call::{BalancesCall, DispatchEventInfo, Pays, RuntimeCall, SudoCall, admin_utils, subtensor};
use chain::crypto::Keypair;
use chain::error::{ArithmeticError, DispatchError};
use chain::event::{BalancesEvent as B, Event, SystemEvent as S};
use chain::genesis::Genesis;
use chain::runtime::{BASE_EXTRINSIC, Runtime, fees};
use chain::state::State;
use chain::units::{NetUid, Rao, TAO};

struct Chain {
    runtime: Runtime,
    state: State,
    author: Option<AccountId>,
}

fn key(seed: u8) -> Keypair {
    Keypair::ed25519(&[seed; 32])
}

impl Chain {
    fn new() -> Self {
        let genesis = Genesis::reference([(key(1).account(), Rao(10 * TAO)), (key(9).account(), Rao(TAO))])
            .unwrap()
            .with_sudo(key(9).account());
        let runtime = Runtime::new(genesis.rules.clone(), genesis.hash());
        Self { runtime, state: genesis.state, author: Some(AccountId::from_number(12_345)) }
    }
    fn sign(&self, seed: u8, nonce: u32, call: RuntimeCall) -> SignedExtrinsic {
        SignedExtrinsic::sign(&key(seed), call, nonce, &self.runtime.genesis)
    }
    fn run(&mut self, extrinsics: Vec<SignedExtrinsic>) -> (Vec<Receipt>, Vec<Event>) {
        let number = self.state.block + 1;
        let input = BlockInput {
            number,
            timestamp_ms: 0,
            parent_hash: [0; 32],
            lottery: [0; 32],
            author: self.author,
            extrinsics: extrinsics.into_iter().map(Extrinsic::Signed).collect(),
        };
        let outcome = self.runtime.execute_block(&mut self.state, &input);
        (outcome.receipts, outcome.events.into_iter().map(|record| record.event).collect())
    }
    fn free(&self, account: &AccountId) -> Rao {
        self.state.balances.accounts.get(account).map_or(Rao::ZERO, |row| row.data.free)
    }
    fn nonce(&self, seed: u8) -> u32 {
        self.state.balances.accounts.get(&key(seed).account()).map_or(0, |row| row.nonce)
    }
}

fn pay(value: u64) -> RuntimeCall {
    BalancesCall::TransferKeepAlive { dest: AccountId::from_number(5).into(), value: Rao(value) }.into()
}

fn invalid(reason: InvalidTransaction) -> Receipt {
    Receipt { result: Err(Failure::Invalid(reason)), fee: Rao::ZERO }
}

#[test]
fn a_transfer_pays_its_fee_to_the_author() {
    let mut chain = Chain::new();
    let extrinsic = chain.sign(1, 0, pay(TAO));
    let fee = chain.runtime.rules.fees.fee_of(&extrinsic);
    let (receipts, events) = chain.run(vec![extrinsic]);
    assert_eq!(receipts, [Receipt { result: Ok(()), fee }]);
    assert!(fee > Rao(100_000), "base, bytes and weight: {fee}");
    assert_eq!(chain.free(&key(1).account()), Rao(9 * TAO).saturating_sub(fee));
    assert_eq!(chain.free(&AccountId::from_number(12_345)), fee);
    assert_eq!(chain.nonce(1), 1);
    let paid = Event::TransactionFeePaid { who: key(1).account(), actual_fee: fee, tip: Rao::ZERO };
    assert!(events.contains(&paid));
}

/// What each of these pays in all, beside 1 rao for each of its bytes: the `ref_time` that the real chain's dispatch info
/// gives (here in picoseconds), half a thousandth of a rao for each picosecond of it, and the constant part.
#[test]
fn fees_are_made_of_the_real_chain_s_weights() {
    use subtensor::Call as C;
    let chain = Chain::new();
    let (netuid, hotkey) = (NetUid(1), AccountId::from_number(5));
    for (call, ref_time, weight_fee) in [
        (pay(1), 231_634_000_u64, 115_817),
        (C::BurnedRegister { netuid, hotkey }.into(), 4_154_398_000, 2_077_199),
        (C::RegisterNetwork { hotkey }.into(), 6_355_084_000, 3_177_542),
        (C::ServePrometheus { netuid, version: 1, ip: 1, port: 1, ip_type: 4 }.into(), 365_912_000, 0),
    ] {
        let extrinsic = chain.sign(1, 0, call);
        assert_eq!(fees::call_info(&extrinsic.call).weight.ref_time, ref_time, "{:?}", extrinsic.call);
        let bytes = extrinsic.wire_bytes().len() as u64;
        let fee = if weight_fee == 0 { 0 } else { 54_078 + bytes + weight_fee };
        assert_eq!(chain.runtime.rules.fees.fee_of(&extrinsic), Rao(fee), "{:?}", extrinsic.call);
    }
}

/// What a signed extrinsic tells: the fee that is taken, what `call` tells, and where the fee goes.
fn told(who: u8, fee: Rao, to_author: &[Event], call: &[Event], end: S) -> Vec<Event> {
    let who = key(who).account();
    let mut events: Vec<Event> = vec![B::Withdraw { who, amount: fee }.into()];
    events.extend_from_slice(call);
    events.push(B::Deposit { who, amount: Rao::ZERO }.into());
    events.extend_from_slice(to_author);
    events.push(Event::TransactionFeePaid { who, actual_fee: fee, tip: Rao::ZERO });
    events.push(end.into());
    events
}

/// The end of an extrinsic that paid for a call.
fn info(call: &RuntimeCall) -> DispatchEventInfo {
    let fees::CallInfo { weight, class, .. } = fees::call_info(call);
    DispatchEventInfo { weight: weight.plus(BASE_EXTRINSIC), class, pays_fee: Pays::Yes }
}

fn success(call: &RuntimeCall) -> S {
    S::ExtrinsicSuccess { dispatch_info: info(call) }
}

/// An account that comes to be.
fn opened(account: AccountId, free_balance: Rao) -> [Event; 2] {
    [S::NewAccount { account }.into(), B::Endowed { account, free_balance }.into()]
}

#[test]
fn a_signed_extrinsic_tells_its_fee_before_and_after_its_call() {
    let mut chain = Chain::new();
    let (from, to) = (key(1).account(), AccountId::from_number(5));
    let author = AccountId::from_number(12_345);
    let fee_of = |chain: &Chain, extrinsic: &SignedExtrinsic| chain.runtime.rules.fees.fee_of(extrinsic);
    // The author and the receiver are new.
    let extrinsic = chain.sign(1, 0, pay(TAO));
    let fee = fee_of(&chain, &extrinsic);
    let end = success(&extrinsic.call);
    let (_, events) = chain.run(vec![extrinsic]);
    let mut call = opened(to, Rao(TAO)).to_vec();
    call.push(B::Transfer { from, to, amount: Rao(TAO) }.into());
    let mut paid = opened(author, fee).to_vec();
    paid.push(B::Deposit { who: author, amount: fee }.into());
    let expected = told(1, fee, &paid, &call, end);
    assert_eq!(events.split_at(events.len() - expected.len()).1, expected);
    assert_eq!(events[0], B::Issued { amount: Rao(TAO) }.into(), "the block mints first");
    // A call that fails tells nothing of its own.
    let extrinsic = chain.sign(1, 1, pay(100 * TAO));
    let fee = fee_of(&chain, &extrinsic);
    let dispatch_info = info(&extrinsic.call);
    let (_, events) = chain.run(vec![extrinsic]);
    let paid = [B::Deposit { who: author, amount: fee }.into()];
    let error = DispatchError::from(ArithmeticError::Underflow);
    let expected = told(1, fee, &paid, &[], S::ExtrinsicFailed { error, dispatch_info });
    assert_eq!(events.split_at(events.len() - expected.len()).1, expected);
    // Nobody is left to whom nothing could be given back.
    let everything = BalancesCall::TransferAll { dest: to.into(), keep_alive: false };
    let extrinsic = chain.sign(1, 2, everything.into());
    let end = success(&extrinsic.call);
    let fee = fee_of(&chain, &extrinsic);
    let amount = chain.free(&from).saturating_sub(fee);
    let (_, events) = chain.run(vec![extrinsic]);
    let expected: [Event; 6] = [
        B::Withdraw { who: from, amount: fee }.into(),
        S::KilledAccount { account: from }.into(),
        B::Transfer { from, to, amount }.into(),
        B::Deposit { who: author, amount: fee }.into(),
        Event::TransactionFeePaid { who: from, actual_fee: fee, tip: Rao::ZERO },
        end.into(),
    ];
    assert_eq!(events.split_at(events.len() - expected.len()).1, expected);
}

#[test]
fn a_block_has_room_for_25_calls_that_set_weights() {
    let mut chain = Chain::new();
    let call =
        subtensor::Call::SetWeights { netuid: NetUid(1), dests: vec![0], weights: vec![1], version_key: 0 };
    let heavy: Vec<_> = (0..27).map(|nonce| chain.sign(1, nonce, call.clone().into())).collect();
    let (last, light) = (heavy[25].clone(), chain.sign(9, 0, pay(TAO / 2)));
    let (receipts, _) = chain.run(heavy.into_iter().chain([light]).collect());
    assert!(receipts[..25].iter().all(|receipt| matches!(receipt.result, Err(Failure::Dispatch(_)))));
    // Room is looked at before what is missing.
    assert_eq!(
        receipts[25..27],
        [invalid(InvalidTransaction::ExhaustsResources), invalid(InvalidTransaction::ExhaustsResources)]
    );
    assert_eq!(receipts[27].result, Ok(()), "a light call still fits");
    assert!(matches!(chain.run(vec![last]).0[0].result, Err(Failure::Dispatch(_))));
}

#[test]
fn a_free_call_tells_that_it_paid_nothing() {
    let mut chain = Chain::new();
    let call =
        subtensor::Call::SetWeights { netuid: NetUid(1), dests: vec![0], weights: vec![1], version_key: 0 };
    let extrinsic = chain.sign(1, 0, call.into());
    let who = key(1).account();
    let (receipts, events) = chain.run(vec![extrinsic]);
    assert_eq!(receipts[0].fee, Rao::ZERO);
    let paid = Event::TransactionFeePaid { who, actual_fee: Rao::ZERO, tip: Rao::ZERO };
    assert_eq!(events[events.len() - 2], paid, "{events:?}");
    assert!(!events.iter().any(|event| matches!(event, Event::Balances(B::Withdraw { .. }))));
}

#[test]
fn a_fee_without_an_author_leaves_the_balances_issuance() {
    let (mut with, mut without) = (Chain::new(), Chain::new());
    without.author = None;
    let extrinsic = with.sign(1, 0, pay(TAO));
    let fee = with.runtime.rules.fees.fee_of(&extrinsic);
    with.run(vec![extrinsic.clone()]);
    without.run(vec![extrinsic]);
    let issued = |chain: &Chain| chain.state.balances.total_issuance;
    assert_eq!(issued(&with), issued(&without).saturating_add(fee));
    assert_eq!(with.state.globals.total_issuance, without.state.globals.total_issuance);
}

#[test]
fn a_failed_call_leaves_its_fee_and_its_nonce_only() {
    let (mut chain, mut twin) = (Chain::new(), Chain::new());
    let extrinsic = chain.sign(1, 0, pay(100 * TAO));
    let fee = chain.runtime.rules.fees.fee_of(&extrinsic);
    let (receipts, _) = chain.run(vec![extrinsic]);
    assert!(matches!(&receipts[0].result, Err(Failure::Dispatch(_))));
    assert_eq!(receipts[0].fee, fee);
    twin.run(vec![]);
    let payer = key(1).account();
    assert_eq!(chain.free(&payer), twin.free(&payer).saturating_sub(fee));
    assert_eq!(chain.nonce(1), 1);
    let row = *twin.state.balances.accounts.get(&payer).unwrap();
    chain.state.balances.accounts.insert(payer, row);
    chain.state.balances.accounts.remove(&AccountId::from_number(12_345));
    assert_eq!(chain.state, twin.state);
}

#[test]
fn an_invalid_extrinsic_leaves_no_trace() {
    let good = Chain::new();
    let mut forged = good.sign(1, 0, pay(TAO));
    forged.call = pay(2 * TAO);
    let sudo = RuntimeCall::Sudo(SudoCall::Sudo { call: Box::new(pay(1)) });
    let rows = [
        (InvalidTransaction::BadProof, forged),
        (InvalidTransaction::Future, good.sign(1, 1, pay(TAO))),
        (InvalidTransaction::Payment, good.sign(3, 0, pay(TAO))),
        (InvalidTransaction::BadSigner, good.sign(1, 0, sudo)),
        (
            InvalidTransaction::Custom(10),
            good.sign(
                3,
                0,
                subtensor::Call::ServePrometheus {
                    netuid: NetUid(1),
                    version: 1,
                    ip: 9,
                    port: 9,
                    ip_type: 4,
                }
                .into(),
            ),
        ),
    ];
    for (reason, extrinsic) in rows {
        let (mut chain, mut twin) = (Chain::new(), Chain::new());
        twin.run(vec![]);
        assert_eq!(chain.run(vec![extrinsic]).0, [invalid(reason)]);
        assert_eq!(chain.state, twin.state, "{reason:?}");
    }
}

#[test]
fn a_nonce_counts_once() {
    let mut chain = Chain::new();
    let first = chain.sign(1, 0, pay(TAO));
    let second = chain.sign(1, 1, pay(TAO));
    let (receipts, _) = chain.run(vec![first.clone(), second, first]);
    assert!(receipts[0].result.is_ok() && receipts[1].result.is_ok());
    assert_eq!(receipts[2], invalid(InvalidTransaction::Stale));
    assert_eq!(chain.nonce(1), 2);
}

#[test]
fn a_free_call_needs_no_funds() {
    let mut chain = Chain::new();
    let call =
        subtensor::Call::SetWeights { netuid: NetUid(1), dests: vec![0], weights: vec![1], version_key: 0 };
    assert!(!fees::call_info(&call.clone().into()).pays);
    let extrinsic = chain.sign(3, 0, call.into());
    let (receipts, _) = chain.run(vec![extrinsic]);
    assert_eq!(receipts[0].fee, Rao::ZERO);
    assert!(
        matches!(&receipts[0].result, Err(Failure::Dispatch(error)) if error.to_string().ends_with("CommitRevealEnabled"))
    );
    assert_eq!(chain.nonce(3), 1);
}

#[test]
fn the_sudo_key_acts_as_root_and_pays_nothing() {
    let mut chain = Chain::new();
    let inner = RuntimeCall::from(admin_utils::Call::SudoSetSubnetLimit { max_subnets: 7 });
    let extrinsic = chain.sign(9, 0, inner.clone().sudo());
    let (receipts, _) = chain.run(vec![extrinsic]);
    assert_eq!(receipts, [Receipt { result: Ok(()), fee: Rao::ZERO }]);
    assert_eq!(chain.state.globals.subnet_limit, 7);
    let plain = chain.sign(1, 0, inner);
    let (receipts, _) = chain.run(vec![plain]);
    assert!(matches!(&receipts[0].result, Err(Failure::Dispatch(error)) if error.to_string() == "BadOrigin"));
}

#[test]
fn the_same_blocks_give_the_same_bytes() {
    use parity_scale_codec::Encode as _;
    let play = || {
        let mut chain = Chain::new();
        let extrinsic = chain.sign(1, 0, pay(TAO));
        chain.run(vec![extrinsic]);
        chain.run(vec![]);
        chain.state.encode()
    };
    assert_eq!(play(), play());
}
