//! Signed extrinsics: signature, nonce, fee, author, and what a failure leaves behind.

use chain::account::AccountId;
use chain::block::{BlockInput, Extrinsic, Failure, InvalidTransaction, Receipt, SignedExtrinsic};
use chain::call::{BalancesCall, RuntimeCall, SudoCall, admin_utils, subtensor};
use chain::crypto::Keypair;
use chain::event::Event;
use chain::genesis::Genesis;
use chain::runtime::{Runtime, fees};
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
            entropy: [0; 32],
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
