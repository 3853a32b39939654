//! What neurons publish about themselves.

use crate::world::{NET, STAKER, VALI, World, id};
use chain::block::Extrinsic;
use chain::call::{RuntimeCall, commitments::Call};
use chain::drand::{Beacon, seal};
use chain::event::{CommitmentsEvent, Event};
use chain::state::State;
use chain::types::{CommitmentInfo, Data};
use chain::units::NetUid;
use parity_scale_codec::{Decode as _, Encode as _};
use std::sync::Arc;

fn commit(netuid: NetUid, fields: Vec<Data>) -> RuntimeCall {
    Call::SetCommitment { netuid, info: CommitmentInfo { fields } }.into()
}

/// One call after a change of the world, and what it gives.
type Row = (&'static str, u64, fn(&mut State), RuntimeCall);

fn raw(length: usize) -> Data {
    Data::Raw(vec![7; length])
}

fn root(world: &mut World, call: RuntimeCall) -> String {
    world.run_block(&[Extrinsic::Root(call)]).0.remove(0)
}

/// Sends a call and gives the events of its pallet.
fn events(world: &mut World, who: u64, call: RuntimeCall) -> Vec<CommitmentsEvent> {
    let (results, events) = world.run_block(&[Extrinsic::Unchecked { who: id(who), call }]);
    assert_eq!(results, ["ok"]);
    of_pallet(events)
}

fn of_pallet(events: Vec<Event>) -> Vec<CommitmentsEvent> {
    let of_pallet = |event| if let Event::Commitments(event) = event { Some(event) } else { None };
    events.into_iter().filter_map(of_pallet).collect()
}

fn spaced(state: &mut State, used: u64, epoch: u64) {
    let row = state.commitments_mut().row_mut(NET, &id(VALI));
    row.used_space = Some(chain::types::UsageTracker { last_epoch: epoch, used_space: used });
}

#[test]
fn a_commitment_is_refused_for_what_the_chain_refuses_it() {
    let rows: Vec<Row> = vec![
        ("ok", VALI, |_| {}, commit(NET, vec![raw(3)])),
        ("ok", VALI, |_| {}, commit(NET, vec![])),
        ("Commitments.AccountNotAllowedCommit", STAKER, |_| {}, commit(NET, vec![raw(1); 4])),
        ("Commitments.AccountNotAllowedCommit", VALI, |_| {}, commit(NetUid(9), vec![raw(1)])),
        ("Commitments.TooManyFieldsInCommitmentInfo", VALI, |_| {}, commit(NET, vec![raw(1); 4])),
        ("ok", VALI, |_| {}, commit(NET, vec![raw(1); 3])),
        // What is small counts a hundred.
        ("Commitments.SpaceLimitExceeded", VALI, |state| spaced(state, 3_001, 0), commit(NET, vec![raw(1)])),
        ("ok", VALI, |state| spaced(state, 3_000, 0), commit(NET, vec![raw(1)])),
        ("ok", VALI, |state| spaced(state, 3_100, 7), commit(NET, vec![raw(1)])),
        (
            "Commitments.SpaceLimitExceeded",
            VALI,
            |state| spaced(state, 2_500, 0),
            commit(NET, vec![Data::BigRaw(vec![0; 473]), raw(128)]),
        ),
        (
            "ok",
            VALI,
            |state| spaced(state, 2_500, 0),
            commit(NET, vec![Data::BigRaw(vec![0; 472]), raw(128), Data::ResetBondsFlag]),
        ),
    ];
    for (expected, who, change, call) in rows {
        let mut world = World::new();
        change(&mut world.state);
        let before = world.state.commitments.clone();
        assert_eq!(world.send(who, call.clone()), expected, "{call:?}");
        assert_eq!(before == world.state.commitments, expected != "ok", "{call:?}");
    }
}

#[test]
fn a_commitment_is_stored_and_counted() {
    let mut world = World::new();
    let call = commit(NET, vec![raw(20), Data::Sha256([1; 32])]);
    let expected = CommitmentsEvent::Commitment { netuid: NET, who: id(VALI) };
    assert_eq!(events(&mut world, VALI, call.clone()), [expected]);
    events(&mut world, VALI, commit(NET, vec![Data::BigRaw(vec![1; 300])]));
    let now = u32::try_from(world.state.block).unwrap();
    let row = world.state.commitments.rows.get(&(NET, id(VALI))).unwrap().as_ref().clone();
    let registration = row.registration.clone().unwrap();
    assert_eq!((registration.block, registration.deposit.get()), (now, 0));
    assert_eq!(registration.info.fields, [Data::BigRaw(vec![1; 300])]);
    assert_eq!((row.last, row.last_bonds_reset, row.revealed.clone()), (Some(now), None, None));
    assert_eq!(row.used_space.unwrap().used_space, 400);
    let limit: RuntimeCall = Call::SetMaxSpace { new_limit: 499 }.into();
    assert_eq!(world.send(VALI, limit.clone()), "BadOrigin");
    assert_eq!(root(&mut world, limit), "ok");
    assert_eq!(world.send(VALI, call.clone()), "Commitments.SpaceLimitExceeded");
    world.state.subnet_mut(NET).schedule.epoch_index += 1;
    world.ok(VALI, call);
}

#[test]
fn bonds_towards_a_neuron_are_forgotten_when_it_asks_and_the_subnet_allows() {
    for allowed in [false, true] {
        let mut world = World::new();
        let subnet = world.state.subnet_mut(NET);
        subnet.params_mut().bonds_reset_on = allowed;
        subnet.mechanism_mut(0).bonds = vec![Arc::new(vec![(0, 5), (1, 6)]), Arc::new(vec![(1, 9)])];
        world.ok(VALI, commit(NET, vec![Data::ResetBondsFlag]));
        let bonds = &world.state.subnet(NET).unwrap().mechanisms[0].bonds;
        let expected: &[&[(u16, u16)]] =
            if allowed { &[&[(0, 5)], &[]] } else { &[&[(0, 5), (1, 6)], &[(1, 9)]] };
        assert!(bonds.iter().map(|row| row.as_slice()).eq(expected.iter().copied()), "{bonds:?}");
        let row = world.state.commitments.rows.get(&(NET, id(VALI))).unwrap();
        assert_eq!(row.last_bonds_reset.map(u64::from), Some(world.state.block));
    }
}

fn timelocked(round: u64, plain: &[u8]) -> Data {
    let encrypted = seal(&beacon().public_key(), round, plain, &[1; 32]).unwrap();
    Data::TimelockEncrypted { encrypted, reveal_round: round }
}

fn beacon() -> Beacon {
    Beacon::from_seed(&[3; 32])
}

#[test]
fn timelocked_fields_are_opened_when_their_round_is_known() {
    let mut world = World::new();
    let who = id(VALI);
    let call = commit(NET, vec![raw(2), timelocked(50, b"first"), timelocked(51, b"second")]);
    let expected = CommitmentsEvent::TimelockCommitment { netuid: NET, who, reveal_round: 50 };
    assert_eq!(events(&mut world, VALI, call), [expected]);
    let row = |world: &World| world.state.commitments.rows.get(&(NET, who)).unwrap().as_ref().clone();
    let before = world.state.commitments.clone();
    world.step();
    assert_eq!(before, world.state.commitments, "nothing happens before the round");

    world.state.pulses.insert(50, beacon().pulse(50));
    let revealed = CommitmentsEvent::CommitmentRevealed { netuid: NET, who };
    assert_eq!(of_pallet(world.run_block(&[]).1), std::slice::from_ref(&revealed));
    let first = (b"first".to_vec(), world.state.block);
    assert_eq!(row(&world).revealed.unwrap(), std::slice::from_ref(&first));
    assert_eq!(row(&world).registration.unwrap().info.fields.len(), 2);
    assert_eq!(world.state.commitments.timelocked.len(), 1);

    world.state.pulses.insert(51, beacon().pulse(51));
    assert_eq!(of_pallet(world.run_block(&[]).1), [revealed]);
    assert_eq!(row(&world).revealed.unwrap(), [first, (b"second".to_vec(), world.state.block)]);
    assert_eq!(row(&world).registration.unwrap().info.fields, [raw(2)]);
    assert!(world.state.commitments.timelocked.is_empty());
    assert!(of_pallet(world.run_block(&[]).1).is_empty());
}

#[test]
fn the_last_ten_plaintexts_are_kept_and_what_cannot_be_opened_is_lost() {
    let mut world = World::new();
    world.state.pulses.insert(50, beacon().pulse(50));
    for text in 0..12 {
        world.state.subnet_mut(NET).schedule.epoch_index += 1;
        world.ok(VALI, commit(NET, vec![timelocked(50, &[text])]));
    }
    world.step();
    let row = world.state.commitments.rows.get(&(NET, id(VALI))).unwrap().as_ref().clone();
    assert_eq!(row.registration, None);
    let texts: Vec<u8> = row.revealed.unwrap().iter().map(|(text, _)| text[0]).collect();
    assert_eq!(texts, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);

    let garbled = Data::TimelockEncrypted { encrypted: vec![1; 200], reveal_round: 50 };
    world.state.subnet_mut(NET).schedule.epoch_index += 1;
    world.ok(VALI, commit(NET, vec![garbled, raw(1)]));
    assert!(of_pallet(world.run_block(&[]).1).is_empty());
    let row = world.state.commitments.rows.get(&(NET, id(VALI))).unwrap().as_ref().clone();
    assert_eq!(row.registration.unwrap().info.fields, [raw(1)]);
    assert!(world.state.commitments.timelocked.is_empty());
}

#[test]
fn a_plain_commitment_takes_the_place_of_a_timelocked_one() {
    let mut world = World::new();
    world.ok(VALI, commit(NET, vec![timelocked(50, b"never")]));
    assert_eq!(world.state.commitments.timelocked.len(), 1);
    world.ok(VALI, commit(NET, vec![raw(1)]));
    assert!(world.state.commitments.timelocked.is_empty());
    world.ok(VALI, commit(NET, vec![timelocked(50, b"never")]));
    let dissolve = chain::call::subtensor::Call::RootDissolveNetwork { netuid: NET };
    assert_eq!(root(&mut world, dissolve.into()), "ok");
    assert!(world.state.commitments.rows.is_empty() && world.state.commitments.timelocked.is_empty());
}

#[test]
fn fields_are_encoded_as_clients_encode_them() {
    let cases: Vec<(Data, String)> = vec![
        (Data::None, "00".into()),
        (Data::Raw(vec![]), "01".into()),
        (raw(3), "04070707".into()),
        (raw(128), format!("81{}", "07".repeat(128))),
        (Data::BlakeTwo256([1; 32]), format!("82{}", "01".repeat(32))),
        (Data::Sha256([1; 32]), format!("83{}", "01".repeat(32))),
        (Data::Keccak256([1; 32]), format!("84{}", "01".repeat(32))),
        (Data::ShaThree256([1; 32]), format!("85{}", "01".repeat(32))),
        (
            Data::TimelockEncrypted { encrypted: vec![9, 9], reveal_round: 5 },
            "860809090500000000000000".into(),
        ),
        (Data::ResetBondsFlag, "87".into()),
        (Data::BigRaw(vec![1, 2]), "88080102".into()),
    ];
    for (data, expected) in cases {
        let bytes = data.encode();
        assert_eq!(hex::encode(&bytes), expected);
        assert_eq!(Data::decode(&mut &bytes[..]), Ok(data));
    }
    assert!(Data::decode(&mut &[137_u8][..]).is_err());
    assert!(Data::decode(&mut &Data::BigRaw(vec![0; 513]).encode()[..]).is_err());
    let call = commit(NET, vec![raw(1)]);
    assert_eq!(hex::encode(call.encode()), "12000200040207");
}
