//! The faucet pays for work on the chains that have one.

use crate::world::{STAKER, id};
use chain::block::Extrinsic;
use chain::call::subtensor::Call;
use chain::crypto::{keccak_256, sha2_256};
use chain::event::{Event, SubtensorModuleEvent};
use chain::genesis::Genesis;
use chain::runtime::calls::faucet::{meets_difficulty, work_of};
use chain::runtime::{Env, Rules, Runtime, fees};
use chain::state::State;
use chain::units::{Rao, TAO};

/// The block whose parent the work is done for has this hash.
const HASH: [u8; 32] = [7; 32];
/// The first nonce of the staker's that is worth something for it; found by trying from zero.
const NONCE: u64 = 880_158;

struct Chain {
    runtime: Runtime,
    state: State,
}

impl Chain {
    fn new(pow_faucet: bool) -> Self {
        let genesis = Genesis::reference([(id(STAKER), Rao(TAO))]).unwrap();
        let rules = Rules { pow_faucet, ..genesis.rules };
        Self { runtime: Runtime::new(rules, [0; 32]), state: genesis.state }
    }
    /// One block on a parent of this hash.
    fn run(&mut self, parent: [u8; 32], calls: &[Call]) -> (Vec<String>, Vec<Event>) {
        let env = Env {
            number: self.state.block + 1,
            timestamp_ms: 0,
            parent_hash: parent,
            lottery: parent,
            author: None,
        };
        let mut block = self.runtime.begin_block(&mut self.state, env);
        let mut results = Vec::new();
        for call in calls {
            let extrinsic = Extrinsic::Unchecked { who: id(STAKER), call: call.clone().into() };
            let receipt = self.runtime.apply_extrinsic(&mut self.state, &mut block, &extrinsic);
            results.push(receipt.result.map_or_else(|error| error.to_string(), |()| "ok".to_owned()));
        }
        let outcome = self.runtime.end_block(&mut self.state, block);
        (results, outcome.events.into_iter().map(|record| record.event).collect())
    }
    /// A chain in whose block 1 the hash of block 0 can be read.
    fn in_block_one(pow_faucet: bool) -> Self {
        let mut chain = Self::new(pow_faucet);
        chain.run(HASH, &[]);
        chain
    }
    fn nonce(&self) -> u64 {
        (NONCE..).find(|nonce| meets_difficulty(&work_of(&self.state, 0, &id(STAKER), *nonce))).unwrap()
    }
    fn shown(&self, nonce: u64) -> Call {
        let work = work_of(&self.state, 0, &id(STAKER), nonce).to_vec();
        Call::Faucet { block_number: 0, nonce, work }
    }
    fn free(&self) -> Rao {
        self.state.balances.accounts.get(&id(STAKER)).unwrap().data.free
    }
}

#[test]
fn work_is_paid_for_two_blocks_long() {
    let mut chain = Chain::in_block_one(true);
    let nonce = chain.nonce();
    let good = chain.shown(nonce);
    let (results, events) = chain.run([0; 32], &[good.clone(), good.clone()]);
    assert_eq!(results, ["ok", "ok"], "the same work counts again");
    assert_eq!(chain.free(), Rao(2_001 * TAO));
    let paid = SubtensorModuleEvent::Faucet(id(STAKER), 1_000 * TAO);
    assert!(events.contains(&Event::SubtensorModule(paid)));
    assert_eq!(chain.state.used_work.values().copied().collect::<Vec<_>>(), [2]);
    let (results, _) = chain.run([0; 32], &[good]);
    assert_eq!(results, ["SubtensorModule.InvalidWorkBlock"]);
    assert_eq!(chain.state.recent_hashes.keys().copied().collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn the_faucet_mints_into_both_issuances() {
    let mut chain = Chain::in_block_one(true);
    let mut twin = Chain::in_block_one(true);
    twin.run([0; 32], &[]);
    let good = chain.shown(chain.nonce());
    chain.run([0; 32], &[good]);
    let issued = |chain: &Chain| [chain.state.balances.total_issuance, chain.state.globals.total_issuance];
    assert_eq!(issued(&chain), issued(&twin).map(|issued| issued.saturating_add(Rao(1_000 * TAO))));
}

#[test]
fn other_work_is_refused() {
    let mut chain = Chain::in_block_one(true);
    let nonce = chain.nonce();
    let Call::Faucet { work, .. } = chain.shown(nonce) else { unreachable!() };
    let with = |block_number, nonce, work: &[u8]| Call::Faucet { block_number, nonce, work: work.to_vec() };
    let calls = [
        with(3, nonce, &work),
        with(0, nonce, &[0xff; 32]),
        with(0, nonce + 1, &work),
        with(1, nonce, &work),
        with(0, nonce, &work[1..]),
        with(0, nonce, &work),
    ];
    let (results, _) = chain.run([0; 32], &calls);
    let refused = ["InvalidWorkBlock", "InvalidDifficulty", "InvalidSeal", "InvalidSeal", "InvalidSeal"];
    let mut expected = refused.map(|error| format!("SubtensorModule.{error}")).to_vec();
    expected.push("ok".to_owned());
    assert_eq!(results, expected);
}

#[test]
fn a_chain_without_the_rule_has_no_faucet() {
    let mut chain = Chain::in_block_one(false);
    let call = Call::Faucet { block_number: 1, nonce: 0, work: vec![0; 32] };
    assert_eq!(chain.run([0; 32], &[call]).0, ["SubtensorModule.FaucetDisabled"]);
    assert!(chain.state.recent_hashes.is_empty());
    assert!(Genesis::localnet().unwrap().rules.pow_faucet);
}

#[test]
fn who_has_nothing_can_use_the_faucet() {
    let call = Call::Faucet { block_number: 1, nonce: 0, work: vec![0; 32] };
    assert!(!fees::call_info(&call.into()).pays);
}

#[test]
fn the_hashes_are_the_published_ones() {
    let hex = |hash: [u8; 32]| hex::encode(hash);
    assert_eq!(hex(keccak_256(b"")), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    assert_eq!(hex(sha2_256(b"abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    // Work is a little-endian number: 2^256 / 1,000,000 lies between these two.
    let number = |high: [u8; 3]| {
        let mut work = [0; 32];
        work[29..].copy_from_slice(&high);
        work
    };
    assert!(meets_difficulty(&number([0x10, 0, 0])) && !meets_difficulty(&number([0x11, 0, 0])));
}
