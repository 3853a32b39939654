use crate::market::{Tested as _, hello, logs, play};
use actors::context::Keys;
use actors::gate::{Input, Tape};
use actors::participant::Intent;
use actors::plan::{Change, Fault, FaultRule};
use actors::{DriverKind, compare};
use chain::block::SignedExtrinsic;
use chain::call::{BalancesCall, RuntimeCall, SystemCall, admin_utils};
use chain::units::{NetUid, Rao, TAO};

fn transfer(run: &actors::Run, amount: u64) -> Input {
    let (from, to) = (Keys::derive(42, "uma"), Keys::derive(42, "ulf"));
    let call = BalancesCall::TransferKeepAlive { dest: to.cold.into(), value: Rao(amount) };
    let nonce = run.view().nonce(&from.cold);
    Input::Extrinsic(SignedExtrinsic::sign(&from.coldkey, call.into(), nonce, &run.context().genesis))
}

#[test]
fn what_waits_at_the_gate_enters_the_next_block_and_its_tape() {
    let mut run = hello(10).on(DriverKind::Lockstep);
    let input = transfer(&run, TAO);
    run.gate().put(input.clone()).unwrap();
    let first = run.next_block().unwrap();
    assert_eq!(Tape::read(&first.tape).unwrap().0, [input]);
    assert_eq!(run.view().payments().filter(|payment| payment.amount == Rao(TAO)).count(), 1);
    assert!(run.next_block().unwrap().tape.is_empty());
}

#[test]
fn a_run_is_a_function_of_its_seed_and_its_tape() {
    let mut live = hello(30).on(DriverKind::Lockstep);
    let mut records = play(&mut live, 10);
    live.gate().put(transfer(&live, TAO)).unwrap();
    live.gate().put(Input::Timestamp(records[9].sealed.timestamp_ms + 99)).unwrap();
    let tempo = admin_utils::Call::SudoSetTempo { netuid: NetUid(1), tempo: 11 };
    live.gate().put(Input::Root(tempo.into())).unwrap();
    records.extend(play(&mut live, 20));
    assert_eq!(records[10].sealed.timestamp_ms, records[9].sealed.timestamp_ms + 99);

    let mut replayed = hello(30).on(DriverKind::Lockstep);
    let again: Vec<_> = records.iter().map(|record| replayed.replay_block(&record.tape).unwrap()).collect();
    assert_eq!(live.digest(), replayed.digest());
    assert_eq!(compare(&logs(records.clone()), &logs(again)), None);

    let mut changed = hello(30).on(DriverKind::Lockstep);
    let other = Tape(vec![transfer(&changed, TAO + 1)]).bytes();
    let tape = |record: &actors::BlockRecord| {
        if record.number() == 11 { other.clone() } else { record.tape.clone() }
    };
    let parted: Vec<_> = records.iter().map(|record| changed.replay_block(&tape(record)).unwrap()).collect();
    let difference = compare(&logs(records), &logs(parted)).unwrap();
    assert_eq!((difference.block, difference.actor), (11, None));
}

#[test]
fn what_a_developer_lets_go_wrong_stands_on_the_tape() {
    let on = |driver| {
        let mut run = hello(40).on(driver);
        let mut records = play(&mut run, 10);
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let cast: Vec<_> = run.context().plan.cast.iter().map(|member| member.name.clone()).collect();
        let loss = FaultRule::Loss { who: Vec::new(), permille: 400 };
        run.gate().put(Input::Fault(Fault { from: 11, to: 31, rule: loss })).unwrap();
        let whom = cast.last().unwrap().clone();
        run.gate().put(Input::Change(Change::Retire { who: whom })).unwrap();
        let (from, to) = (Keys::derive(42, "uma"), Keys::derive(42, "ulf"));
        let call = BalancesCall::TransferKeepAlive { dest: to.cold.into(), value: Rao(TAO) }.into();
        run.gate().put(Input::Call { who: from.cold, call }).unwrap();
        records.extend(play(&mut run, 1));
        assert_eq!(run.view().payments().filter(|payment| payment.amount == Rao(TAO)).count(), 1);
        records.extend(play(&mut run, 9));
        let offline = FaultRule::Offline { who: names(&[&cast[0]]) };
        run.gate().put(Input::Fault(Fault { from: 21, to: u64::MAX, rule: offline })).unwrap();
        records.extend(play(&mut run, 5));
        // The faults go on after a checkpoint.
        let world = run.checkpoint().unwrap();
        let plan = run.context().plan.clone();
        records.extend(play(&mut run, 15));
        let mut resumed = actors::Run::resume(plan, &world, &actors::Options::default()).unwrap();
        play(&mut resumed, 15);
        assert_eq!((resumed.digest(), resumed.log_digest()), (run.digest(), run.log_digest()));
        (records, *run.log_digest())
    };
    let (records, digest) = on(DriverKind::Lockstep);
    let (_, other) = on(DriverKind::Actix { arbiters: std::num::NonZeroUsize::new(2).unwrap() });
    assert_eq!(other, digest);
    let mut replayed = hello(40).on(DriverKind::Lockstep);
    let again: Vec<_> = records.iter().map(|record| replayed.replay_block(&record.tape).unwrap()).collect();
    assert_eq!(compare(&logs(records), &logs(again)), None);
    let mut plain = hello(40).on(DriverKind::Lockstep);
    play(&mut plain, 40);
    assert_ne!(*plain.log_digest(), digest);
}

#[test]
fn bytes_that_are_no_tape_are_refused() {
    let mut run = hello(10).on(DriverKind::Lockstep);
    assert!(matches!(run.replay_block(&[9, 9, 9]), Err(actors::RunError::Tape(_))));
    run.next_block().unwrap();
}

#[test]
fn an_event_that_finds_no_room_in_its_block_is_in_the_next() {
    let mut waited = 0;
    for seed in 1..=8 {
        let pays = Change::Transfer { from: "olga".to_owned(), to: "ulf".to_owned(), amount: Rao(TAO) };
        // Two of one signer: the second is not taken for a new one that replaces the first.
        let mut market = hello(20).event(6, pays.clone()).event(6, pays);
        market.plan.seed = seed;
        let mut run = market.on(DriverKind::Lockstep);
        play(&mut run, 5);
        // As long as all normal calls of a block may be together, so that nothing else fits beside it.
        let uma = Keys::derive(seed, "uma");
        let remark = RuntimeCall::System(SystemCall::Remark { remark: vec![0; 3_932_000] });
        let nonce = run.view().nonce(&uma.cold);
        let long = SignedExtrinsic::sign(&uma.coldkey, remark, nonce, &run.context().genesis);
        run.gate().put(Input::Extrinsic(long)).unwrap();
        let blocks: Vec<u64> = (6..=8)
            .filter(|_| {
                play(&mut run, 1);
                let paid =
                    |event| run.view().payments().any(|payment| payment.intent == Some(Intent::Event(event)));
                assert_eq!(paid(0), paid(1), "seed {seed}");
                paid(0)
            })
            .collect();
        assert_eq!(run.refusals().filter(|refusal| refusal.event.is_some()).count(), 0, "seed {seed}");
        assert!(blocks == [6] || blocks == [7], "seed {seed}: {blocks:?}");
        waited += usize::from(blocks == [7]);
    }
    assert!(waited > 0, "the transfer had room beside the remark under each seed");
}
