//! Outsiders: their questions and answers come through the gate, ours leave with a block, and a tape is enough to play
//! it all again without them.

use crate::determinism::jitter;
use crate::market::{Market, NETUID, Tested as _, actor, hello, logs, names, on_arbiters, play};
use actors::context::Keys;
use actors::gate::{Endpoint, Input, QUERY_TIMEOUT_MS, QUESTION_BYTES, Query, Reply, Tape};
use actors::mechanism::codec;
use actors::message::{Answer, Message, Payload, Peer, Synapse};
use actors::plan::{FaultRule, Method, MinerTactic, ValidatorTactic};
use actors::{BlockLog, BlockRecord, DriverKind, Options, Run, compare};
use chain::account::AccountId;
use chain::block::SignedExtrinsic;
use chain::call::subtensor::Call;
use chain::crypto::Keypair;
use proptest::prelude::*;

const DOOR: Endpoint = Endpoint { ip: 0x7f00_0002, ip_type: 4, port: 8_091 };

/// Somebody outside who mines: she answers what the last block asked her, in the next one.
struct Outsider {
    key: Keypair,
    hotkey: AccountId,
}

impl Outsider {
    fn new(seed: u8) -> Self {
        let key = Keypair::sr25519(&[seed; 32]);
        Self { hotkey: key.account(), key }
    }

    /// Opens the door and has a user of the cast buy her slot, then says where she answers.
    fn join(&self, run: &mut Run) -> Vec<BlockRecord> {
        run.gate().put(Input::Gateway(Some(DOOR))).unwrap();
        let mut records = play(run, 5);
        let payer = Keys::derive(run.context().plan.seed, "uma");
        let register = Call::BurnedRegister { netuid: NETUID, hotkey: self.hotkey };
        self.put(run, &payer.coldkey, register);
        records.extend(play(run, 1));
        self.serve(run, 9_000);
        records.extend(play(run, 1));
        assert!(run.view().subnet(NETUID).unwrap().axons.contains_key(&self.hotkey));
        records
    }

    fn serve(&self, run: &Run, port: u16) {
        let serve = Call::ServeAxon {
            netuid: NETUID,
            version: 10_005_000,
            ip: 0x7f00_0003,
            port,
            ip_type: 4,
            protocol: 4,
            placeholder1: 0,
            placeholder2: 0,
        };
        self.put(run, &self.key, serve);
    }

    fn put(&self, run: &Run, key: &Keypair, call: Call) {
        let nonce = run.view().nonce(&key.account());
        let extrinsic = SignedExtrinsic::sign(key, call.into(), nonce, &run.context().genesis);
        run.gate().put(Input::Extrinsic(extrinsic)).unwrap();
    }

    /// What she was asked in a block: by whom, in which round, what.
    fn asked<'a>(&self, record: &'a BlockRecord) -> Vec<(&'a Message, u64, &'a Payload)> {
        let mine = record.outbound.iter().filter(|message| message.to == Peer::External(self.hotkey));
        mine.filter_map(|message| match &message.synapse {
            Synapse::Ask { round, text } => Some((message, *round, text)),
            _ => None,
        })
        .collect()
    }

    fn reply(&self, run: &Run, message: &Message, round: u64, outcome: Result<Answer, String>) {
        let to = message.from.cast().unwrap();
        let reply = Reply { to, from: self.hotkey, round, outcome };
        run.gate().put(Input::Reply(reply)).unwrap();
    }

    /// Plays blocks in which she answers well whatever the block before asked.
    fn mine(&self, run: &mut Run, blocks: u64) -> Vec<BlockRecord> {
        let mut records: Vec<BlockRecord> = Vec::new();
        for _ in 0..blocks {
            for (message, round, text) in records.last().map(|last| self.asked(last)).unwrap_or_default() {
                self.reply(run, message, round, Ok(packed(text)));
            }
            records.push(run.next_block().unwrap());
        }
        records
    }

    fn incentive(&self, run: &Run) -> u16 {
        let subnet = run.view().subnet(NETUID).unwrap();
        let uid = subnet.neurons.uid_of(&self.hotkey).unwrap();
        subnet.mechanisms[0].incentive[usize::from(uid)]
    }
}

fn packed(text: &Payload) -> Answer {
    let body = codec::compress(Method::Brotli, 11, text.bytes()).unwrap();
    Answer { method: Method::Brotli, level: 11, body: Payload::new(body) }
}

fn replay(market: Market, records: &[BlockRecord], options: &Options) -> Vec<BlockRecord> {
    let mut run = Run::new(market.plan, options).unwrap();
    records.iter().map(|record| run.replay_block(&record.tape).unwrap()).collect()
}

fn lines(records: &[BlockRecord]) -> Vec<&str> {
    let entries = records.iter().flat_map(|record| &record.log.entries);
    entries.flat_map(|entry| entry.lines.iter().map(String::as_str)).collect()
}

#[test]
fn a_question_is_answered_in_the_block_in_which_it_comes() {
    let mut run = hello(40).on(DriverKind::Lockstep);
    run.gate().put(Input::Gateway(Some(DOOR))).unwrap();
    play(&mut run, 5);
    let (asker, text) = (AccountId::new([9; 32]), Payload::new(b"a text, a text, a text".to_vec()));
    let zoe = Keys::derive(42, "zoe").hot;
    let query = |id, to| Input::Query(Query { id, from: asker, to, task: text.clone() });
    run.gate().put(query(77, zoe)).unwrap();
    // To nobody, and to one who is no miner.
    run.gate().put(query(78, asker)).unwrap();
    run.gate().put(query(79, Keys::derive(42, "vera").hot)).unwrap();
    let record = run.next_block().unwrap();
    let [Message { from, to, synapse: Synapse::Answer { round: 77, answer }, .. }] = &record.outbound[..]
    else {
        panic!("one answer: {:?}", record.outbound);
    };
    assert_eq!((*from, *to), (Peer::Local(actor(&run, "zoe")), Peer::External(asker)));
    assert_eq!(codec::decompress(answer.method, answer.body.bytes(), text.len()).unwrap(), text.bytes());
    assert!(run.next_block().unwrap().outbound.is_empty());
}

#[test]
fn a_block_takes_questions_for_which_it_has_time() {
    let mut run = hello(40).on(DriverKind::Lockstep);
    run.gate().put(Input::Gateway(Some(DOOR))).unwrap();
    play(&mut run, 5);
    let (from, to) = (AccountId::new([9; 32]), Keys::derive(42, "zoe").hot);
    // Two fit into a block; the one that is too large for any has one to itself.
    let (third, large) = (QUESTION_BYTES / 3, QUESTION_BYTES + 1);
    for (id, size) in [(1, third), (2, third), (3, large), (4, 10), (5, third), (6, third), (7, third)] {
        let task = Payload::new(vec![b'a'; size]);
        run.gate().put(Input::Query(Query { id, from, to, task })).unwrap();
    }
    let mut answered = Vec::new();
    for number in 0..5 {
        // What else comes does not wait behind them.
        run.gate().put(Input::Timestamp(2_000_000_000_000 + number)).unwrap();
        let record = run.next_block().unwrap();
        assert!(Tape::read(&record.tape).unwrap().0.contains(&Input::Timestamp(2_000_000_000_000 + number)));
        let rounds = record.outbound.iter().filter_map(|message| match message.synapse {
            Synapse::Answer { round, .. } => Some(round),
            _ => None,
        });
        answered.push(rounds.collect::<Vec<_>>());
    }
    assert_eq!(answered, [vec![1, 2], vec![3], vec![4, 5, 6], vec![7], vec![]]);
    assert!(run.gate().is_empty());
}

#[test]
fn miners_announce_the_door_and_again_when_it_moves() {
    let mut run = hello(20).on(DriverKind::Lockstep);
    let zoe = Keys::derive(42, "zoe").hot;
    let axon = |run: &Run| {
        let axon = run.view().subnet(NETUID).unwrap().axons.get(&zoe).unwrap().clone();
        (axon.ip, axon.ip_type, axon.port, axon.version)
    };
    play(&mut run, 5);
    assert_eq!(axon(&run).3, 1, "nobody is outside");
    run.gate().put(Input::Gateway(Some(DOOR))).unwrap();
    play(&mut run, 2);
    assert_eq!(axon(&run), (DOOR.ip, 4, 8_091, 10_005_000));
    run.gate().put(Input::Gateway(Some(Endpoint { port: 9_091, ..DOOR }))).unwrap();
    play(&mut run, 2);
    assert_eq!(axon(&run).2, 9_091);
    let quiet = play(&mut run, 3);
    assert!(!lines(&quiet).iter().any(|line| line.contains("ServeAxon")));
}

#[test]
fn an_outside_miner_is_asked_scored_and_paid_and_the_tape_replays_without_her() {
    let outsider = Outsider::new(1);
    let mut run = hello(80).quick().on(DriverKind::Lockstep);
    let mut records = outsider.join(&mut run);
    records.extend(outsider.mine(&mut run, 40));
    assert!(outsider.incentive(&run) > 0);
    let subnet = run.view().subnet(NETUID).unwrap();
    let best = subnet.mechanisms[0].incentive.iter().max().unwrap();
    assert_eq!(outsider.incentive(&run), *best, "brotli 11 is the best answer there is");

    for (driver, jitter) in [
        (DriverKind::Lockstep, None),
        (on_arbiters(1), Some(jitter())),
        (on_arbiters(2), Some(jitter())),
        (on_arbiters(4), Some(jitter())),
    ] {
        let again = replay(hello(80).quick(), &records, &Options { driver, jitter, ..Options::default() });
        assert_eq!(again.last().unwrap().digest, *run.digest());
        assert_eq!(compare(&logs(records.clone()), &logs(again)), None);
    }
    let mut without = hello(80).quick().on(DriverKind::Lockstep);
    play(&mut without, records.len() as u64);
    assert_ne!(without.digest(), run.digest());
}

#[test]
fn a_question_that_nobody_answers_ends_after_a_count_of_blocks() {
    let outsider = Outsider::new(1);
    let mut market = hello(80).quick();
    market.plan.chain.block_time_ms = 1_000;
    let patience = QUERY_TIMEOUT_MS / 1_000 + 2;
    let mut run = market.on(DriverKind::Lockstep);
    outsider.join(&mut run);
    let asked = loop {
        let record = run.next_block().unwrap();
        if let Some((message, round, text)) = outsider.asked(&record).first() {
            break ((*message).clone(), *round, (*text).clone(), record.number());
        }
    };
    let vera = |run: &mut Run| {
        let earnings = run.earnings().unwrap();
        let vera =
            earnings.iter().find(|row| row.name == run.context().plan.name_of(asked.0.from.cast().unwrap()));
        vera.unwrap().clone()
    };
    // The cast's round closes as ever; only the outsider's part of it stays open, until the count is full.
    while run.block() < asked.3 + 4 {
        run.next_block().unwrap();
    }
    let missing = vera(&mut run).answers_missing;
    while run.block() < asked.3 + patience - 1 {
        run.next_block().unwrap();
    }
    let before = vera(&mut run);
    assert_eq!(before.answers_missing, missing, "{before:?}");
    run.next_block().unwrap();
    assert_eq!(vera(&mut run).answers_missing, missing + 1);
    // What comes later is too late.
    outsider.reply(&run, &asked.0, asked.1, Ok(packed(&asked.2)));
    let ok = vera(&mut run).answers_ok;
    let record = run.next_block().unwrap();
    assert!(outsider.asked(&record).len() <= 2);
    let again = vera(&mut run);
    assert!(again.answers_ok <= ok + 9, "only the cast's answers count: {again:?}");
    assert_eq!(outsider.incentive(&run), 0);
}

#[test]
fn a_silence_ends_the_wait_at_once_and_says_why() {
    let outsider = Outsider::new(1);
    let mut run = hello(60).quick().on(DriverKind::Lockstep);
    outsider.join(&mut run);
    let mut records: Vec<BlockRecord> = Vec::new();
    for _ in 0..12 {
        for (message, round, _) in records.last().map(|last| outsider.asked(last)).unwrap_or_default() {
            outsider.reply(&run, message, round, Err("connection refused".to_owned()));
        }
        records.push(run.next_block().unwrap());
    }
    let said = format!("no answer of {} to", outsider.hotkey);
    let told = lines(&records).into_iter().filter(|line| line.starts_with(&said)).collect::<Vec<_>>();
    assert!(told.len() >= 4 && told.iter().all(|line| line.ends_with(": connection refused")), "{told:?}");
    assert_eq!(outsider.incentive(&run), 0);
}

#[test]
fn bytes_of_outsiders_that_mean_nothing_are_worth_nothing() {
    let outsider = Outsider::new(1);
    let mut run = hello(60).quick().on(DriverKind::Lockstep);
    let mut records = outsider.join(&mut run);
    for turn in 0..20_u64 {
        for (message, round, text) in outsider.asked(records.last().unwrap()) {
            let (method, level, body) = match turn % 4 {
                0 => (Method::Zstd, 200, Vec::new()),
                1 => (Method::Lz4, 0, vec![0xff; 4_096]),
                2 => (Method::Stored, 0, vec![7; text.len()]),
                _ => (Method::Bzip2, 9, b"BZh91AY&SY".to_vec()),
            };
            let answer = Answer { method, level, body: Payload::new(body) };
            outsider.reply(&run, message, round, Ok(answer.clone()));
            // A second answer, one to a round that nobody opened, and one to somebody who asked nothing.
            outsider.reply(&run, message, round, Ok(packed(text)));
            outsider.reply(&run, message, round + 1_000, Ok(answer.clone()));
            let stray = Reply { to: actor(&run, "uma"), from: outsider.hotkey, round, outcome: Ok(answer) };
            run.gate().put(Input::Reply(stray)).unwrap();
        }
        records.push(run.next_block().unwrap());
    }
    assert_eq!(outsider.incentive(&run), 0);
    assert!(records.iter().all(|record| record.violations.is_empty()));
}

#[test]
fn faults_of_the_scenario_reach_outsiders_too() {
    let cut = FaultRule::Partition { left: names(&["zoe", "vera", "victor"]), right: Vec::new() };
    let mut run = hello(40).quick().fault(0, 40, cut).on(DriverKind::Lockstep);
    let outsider = Outsider::new(1);
    outsider.join(&mut run);
    let task = Payload::new(b"a text".to_vec());
    let query = Query { id: 1, from: outsider.hotkey, to: Keys::derive(42, "zoe").hot, task };
    run.gate().put(Input::Query(query)).unwrap();
    assert!(play(&mut run, 6).iter().all(|record| record.outbound.is_empty()));

    let late = FaultRule::Latency { who: names(&["zoe"]), blocks: 2 };
    let mut run = hello(40).fault(0, 40, late).on(DriverKind::Lockstep);
    play(&mut run, 5);
    let task = Payload::new(b"a text".to_vec());
    let query = Query { id: 1, from: outsider.hotkey, to: Keys::derive(42, "zoe").hot, task };
    run.gate().put(Input::Query(query)).unwrap();
    let left: Vec<_> = play(&mut run, 6).iter().map(|record| record.outbound.len()).collect();
    assert_eq!(left, [0, 0, 0, 0, 1, 0], "two blocks there and two back");
}

#[test]
fn a_checkpoint_holds_open_questions_and_the_door() {
    let outsider = Outsider::new(1);
    let mut run = hello(60).quick().on(DriverKind::Lockstep);
    outsider.join(&mut run);
    let last = outsider.mine(&mut run, 7).pop().unwrap();
    let checkpoint = run.checkpoint().unwrap();
    let mut other = Run::resume(hello(60).quick().plan, &checkpoint, &Options::default()).unwrap();
    assert_eq!(other.gateway(), Some(DOOR));
    for run in [&mut run, &mut other] {
        for (message, round, text) in outsider.asked(&last) {
            outsider.reply(run, message, round, Ok(packed(text)));
        }
        outsider.mine(run, 20);
    }
    assert_eq!(run.digest(), other.digest());
    assert_eq!(run.log_digest(), other.log_digest());
}

fn tape_of(plan: &[(u8, u8, u64, Vec<u8>)], run: &Run) -> Tape {
    let cast = u32::try_from(run.context().plan.cast.len()).unwrap();
    let inputs = plan.iter().map(|(kind, who, round, bytes)| {
        let id = actors::plan::ActorId(u32::from(*who) % (cast + 2));
        let hotkey = run.context().keys(id).map_or(AccountId::new([*who; 32]), |keys| keys.hot);
        let from = Outsider::new(who % 2 + 1).hotkey;
        let body = Payload::new(bytes.clone());
        let answer =
            Answer { method: Method::ALL[usize::from(kind / 8) % 6], level: *kind, body: body.clone() };
        match kind % 5 {
            0 => Input::Query(Query { id: *round, from, to: hotkey, task: body }),
            1 => Input::Reply(Reply { to: id, from, round: *round, outcome: Ok(answer) }),
            2 => Input::Reply(Reply { to: id, from, round: *round, outcome: Err("gone".to_owned()) }),
            3 => Input::Gateway((who % 3 != 0).then_some(DOOR)),
            _ => Input::Reply(Reply { to: id, from: hotkey, round: *round, outcome: Ok(answer) }),
        }
    });
    Tape(inputs.collect())
}

fn market(seed: u64) -> Market {
    Market::new(seed)
        .blocks(30)
        .staker("vera", 100, ValidatorTactic::Honest)
        .honest("mia", Method::Zstd, 3)
        .miner("cora", MinerTactic::Copycat)
        .miner("liam", MinerTactic::Liar)
        .customer("uma", "vera", 3)
        .quick()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::determinism::cases(), max_shrink_iters: 20, ..ProptestConfig::default() })]

    /// Whatever comes from outside: same seed and tape, same bytes, however many threads play.
    #[test]
    fn any_tape_gives_one_log_whatever_plays_it(
        seed in any::<u64>(),
        inputs in prop::collection::vec(
            prop::collection::vec((any::<u8>(), any::<u8>(), 0u64..12, prop::collection::vec(any::<u8>(), 0..64)), 0..6),
            20,
        ),
    ) {
        let first = Outsider::new(1);
        let mut run = market(seed).on(DriverKind::Lockstep);
        let mut tapes: Vec<Vec<u8>> = first.join(&mut run).into_iter().map(|record| record.tape).collect();
        tapes.extend(inputs.iter().map(|block| tape_of(block, &run).bytes()));
        let play = |driver| -> Vec<BlockLog> {
            let jitter = matches!(driver, DriverKind::Actix { .. }).then(jitter);
            let mut run = Run::new(market(seed).plan, &Options { driver, jitter, ..Options::default() }).unwrap();
            logs(tapes.iter().map(|tape| run.replay_block(tape).unwrap()).collect())
        };
        let expected = play(DriverKind::Lockstep);
        for arbiters in [1, 2, 4] {
            prop_assert_eq!(compare(&expected, &play(on_arbiters(arbiters))), None);
        }
    }
}
