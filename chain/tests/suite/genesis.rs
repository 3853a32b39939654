//! The state before the first block.

use chain::account::AccountId;
use chain::block::Extrinsic;
use chain::call::RuntimeCall;
use chain::call::subtensor::Call;
use chain::genesis::{Genesis, GenesisError, account};
use chain::invariants::{Checker, Invariant};
use chain::runtime::{Constants, Env, Runtime};
use chain::units::{AlphaRao, NetUid, Rao, TAO};

#[test]
fn the_reference_genesis_counts_its_balances() {
    let genesis = Genesis::reference([(AccountId::from_number(1), Rao(5 * TAO))]).unwrap();
    let state = &genesis.state;
    assert_eq!(state.balances.total_issuance, Rao(5 * TAO));
    assert_eq!(state.globals.total_issuance, Rao(5 * TAO));
    let one = state.subnet(NetUid(1)).unwrap();
    assert_eq!((one.pool.tao, one.pool.alpha_in), (Rao(10 * TAO), AlphaRao(10 * TAO)));
    assert_eq!(one.neurons.n(), 1);
    assert_eq!(state.subnet(NetUid::ROOT).unwrap().neurons.n(), 0);
    assert_eq!(state.alpha_index.len(), 1);
}

#[test]
fn the_localnet_has_its_accounts_and_a_sudo_key() {
    let genesis = Genesis::localnet().unwrap();
    assert_eq!(genesis.state.balances.total_issuance, Rao(3_016_000 * TAO));
    assert_eq!(genesis.state.globals.total_issuance, Rao::ZERO);
    assert_eq!(genesis.state.globals.sudo_key, Some(account("//Alice").unwrap()));
    assert_eq!(genesis.state.balances.accounts.len(), 11);
}

/// As recorded of both builds.
#[test]
fn the_fast_build_has_its_own_constants() {
    let production = Genesis::localnet().unwrap();
    assert_eq!(production.rules.constants, Constants::PRODUCTION);
    assert_eq!(production.state.globals.network_rate_limit, 7_200);
    let fast = production.with_fast_values();
    assert_eq!(fast.rules.constants, Constants::FAST);
    assert_eq!(fast.state.globals.network_rate_limit, 0);
    let Constants {
        set_children_interval,
        hotkey_swap_interval,
        mechanism_interval,
        trim_interval,
        crowdloan_min,
        crowdloan_max,
    } = Constants::FAST;
    assert_eq!((crowdloan_min, crowdloan_max), (50, 20_000));
    assert_eq!((set_children_interval, hotkey_swap_interval), (150, 1));
    assert_eq!((mechanism_interval, trim_interval), (1, 1));
}

/// What the first extrinsics of a development chain recycle may be more than its counter has: it stays at zero, as on
/// the real chain, and no invariant is broken by it.
#[test]
fn the_counter_of_the_localnet_does_not_go_below_zero() {
    let genesis = Genesis::localnet().unwrap();
    let mut state = genesis.state.clone();
    let checker = Checker::new(&state, Invariant::ALL);
    let mut runtime = Runtime::new(genesis.rules.clone(), genesis.hash()).checked(checker);
    let call: RuntimeCall = Call::AnnounceColdkeySwap { new_coldkey_hash: [7; 32] }.into();
    for who in ["//Alice", "//Bob"] {
        let env = Env {
            number: state.block + 1,
            timestamp_ms: 0,
            parent_hash: [0; 32],
            lottery: [0; 32],
            author: None,
        };
        let mut block = runtime.begin_block(&mut state, env);
        state.globals_mut().total_issuance = Rao::ZERO;
        let extrinsic = Extrinsic::Unchecked { who: account(who).unwrap(), call: call.clone() };
        let receipt = runtime.apply_extrinsic(&mut state, &mut block, &extrinsic);
        assert_eq!(receipt.result, Ok(()));
        let minted = state.balances.total_issuance;
        assert_eq!(runtime.end_block(&mut state, block).violations, [], "{who}, {minted}");
        assert_eq!(state.globals.total_issuance, Rao::ZERO);
    }
}

#[test]
fn the_hash_names_state_and_rules() {
    let base = Genesis::new();
    let mut rules = base.rules.clone();
    rules.fees.enabled = false;
    let others = [
        base.clone().with_rules(rules),
        base.clone().with_balance(AccountId::from_number(1), Rao(TAO)).unwrap(),
        base.clone().with(|state| state.globals_mut().subnet_limit = 3),
    ];
    assert_eq!(base.hash(), Genesis::new().hash());
    for other in others {
        assert_ne!(base.hash(), other.hash());
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let who = AccountId::from_number(1);
    assert_eq!(
        Genesis::new().with_balance(who, Rao(499)).err(),
        Some(GenesisError::BelowExistentialDeposit { account: who, balance: Rao(499) })
    );
    let all = Rao(21_000_000 * TAO);
    let full = Genesis::new().with_balance(who, all).unwrap();
    assert_eq!(full.with_balance(who, Rao(1)).err(), Some(GenesisError::TooMuchTao));
    assert_eq!(account("Alice").err(), Some(GenesisError::Account("Alice".into())));
}
