use chain::Chain;
use chain::block::Failure;
use chain::call::BalancesCall;
use chain::call::admin_utils;
use chain::call::subtensor::Call;
use chain::event::{Event, SubtensorModuleEvent};
use chain::units::{NetUid, Rao, TAO};

const NETUID: NetUid = NetUid(2);

fn with_subnet() -> Chain {
    let mut chain = Chain::new();
    chain.fund("olga", Rao(5_000 * TAO));
    chain.fund("vera", Rao(5_000 * TAO));
    chain.call("olga", Call::RegisterNetwork { hotkey: Chain::account("olga-hotkey") }).unwrap();
    chain.call("olga", Call::StartCall { netuid: NETUID }).unwrap();
    chain
        .call("vera", Call::BurnedRegister { netuid: NETUID, hotkey: Chain::account("vera-hotkey") })
        .unwrap();
    chain
}

#[test]
fn a_call_gives_its_events_or_why_it_failed_and_seals_a_block() {
    let mut chain = with_subnet();
    let before = chain.block();
    let hotkey = Chain::account("vera-hotkey");
    let add = |tao| Call::AddStake { hotkey, netuid: NETUID, amount_staked: Rao(tao * TAO) };
    let events = chain.call("vera", add(100)).unwrap();
    let staked =
        |event: &Event| matches!(event, Event::SubtensorModule(SubtensorModuleEvent::StakeAdded { .. }));
    assert!(events.iter().any(staked), "{events:?}");
    assert!(!chain.stake("vera", &hotkey, NETUID).is_zero());
    let Err(Failure::Dispatch(error)) = chain.call("vera", add(10_000)) else { panic!("it has not so much") };
    assert_eq!(error.to_string(), "SubtensorModule.NotEnoughBalanceToStake");
    assert_eq!(chain.block(), before + 2);
    let Err(Failure::Dispatch(error)) =
        chain.call("vera", admin_utils::Call::SudoSetTempo { netuid: NETUID, tempo: 20 })
    else {
        panic!("it is not the owner")
    };
    assert_eq!(error.to_string(), "BadOrigin");
    chain.sudo(admin_utils::Call::SudoSetTempo { netuid: NETUID, tempo: 20 }).unwrap();
    assert_eq!(chain.state().subnet(NETUID).unwrap().params.tempo, 20);
}

#[test]
fn epochs_come_one_tempo_apart_and_only_where_there_are_any() {
    let mut chain = with_subnet();
    let first = chain.run_to_epoch(NETUID).unwrap();
    assert_eq!(first, chain.block());
    let second = chain.run_to_epoch(NETUID).unwrap();
    let tempo = u64::from(chain.state().subnet(NETUID).unwrap().params.tempo);
    assert!((tempo..=tempo + 1).contains(&(second - first)), "{first} {second}");
    for none in [NetUid::ROOT, NetUid(77)] {
        assert_eq!(chain.run_to_epoch(none), None);
        assert_eq!(chain.block(), second);
    }
}

#[test]
fn a_chain_goes_back_to_its_snapshot_and_on_as_before() {
    let mut chain = with_subnet();
    let (snapshot, start) = (chain.snapshot(), chain.head().timestamp_ms);
    let play = |chain: &mut Chain| {
        chain
            .call(
                "vera",
                BalancesCall::TransferKeepAlive { dest: Chain::account("zoe").into(), value: Rao(TAO) },
            )
            .unwrap();
        chain.increase_time(3_600_000);
        chain.mine(30);
        (chain.head().hash, chain.head().timestamp_ms, chain.state().clone(), chain.free("zoe"))
    };
    let first = play(&mut chain);
    assert_eq!(first.3, Rao(TAO));
    chain.revert(&snapshot);
    assert_eq!(chain.free("zoe"), Rao::ZERO);
    assert!(play(&mut chain) == first);
    assert_eq!(first.1, start + 31 * 12_000 + 3_600_000);
}

#[test]
fn money_that_is_funded_counts_as_issued() {
    let mut chain = Chain::new();
    let before = chain.state().balances.total_issuance;
    chain.fund("vera", Rao(TAO));
    chain.fund("vera", Rao(TAO));
    assert_eq!(chain.free("vera"), Rao(2 * TAO));
    assert_eq!(chain.state().balances.total_issuance, before.saturating_add(Rao(2 * TAO)));
    assert!(chain.metagraph(NetUid(2)).is_none());
    assert!(chain.metagraph(NetUid(1)).is_some());
}
