//! Calls that a node or a developer sends: remarks, the time, raw writes, balances out of nothing, what is encrypted.

use crate::world::{NET, POOR, ROOT, STAKER, World, extrinsic, id};
use chain::block::{Extrinsic, InvalidTransaction};
use chain::call::{BalancesCall, MevShieldCall, RuntimeCall, SystemCall, TimestampCall};
use chain::event::{BalancesEvent, Event, MevShieldEvent};
use chain::invariants::{Checker, Invariant};
use chain::runtime::{Rules, Runtime};
use chain::schema;
use chain::units::{Rao, TAO};

fn raw(name: &str, value: u64) -> (Vec<u8>, Vec<u8>) {
    let item = schema::lookup("SubtensorModule", name).unwrap();
    (item.raw_key(&item.parse_key(&[NET.number().into()]).unwrap()), item.parse_value(&value.into()).unwrap())
}
fn tempo(world: &World) -> u16 {
    world.state.subnet(NET).unwrap().params.tempo
}

#[test]
fn root_writes_rows_of_storage_as_they_are() {
    let mut world = World::new();
    let (key, value) = raw("Tempo", 77);
    let set = RuntimeCall::System(SystemCall::SetStorage { items: vec![(key.clone().into(), value.into())] });
    assert_eq!(world.send(POOR, set.clone()), "BadOrigin");
    assert_eq!(tempo(&world), 360);
    world.ok(ROOT, set);
    assert_eq!(tempo(&world), 77);
    let kill = RuntimeCall::System(SystemCall::KillStorage { keys: vec![key.into()] });
    assert_eq!(world.send(POOR, kill.clone()), "BadOrigin");
    world.ok(ROOT, kill);
    assert_eq!(tempo(&world), 360);
}

/// A chain lives on when a developer writes what no rule would; what the rules do is checked as before.
#[test]
fn a_raw_write_is_told_to_whoever_checks_the_block() {
    let mut world = World::new();
    let rules = Rules { check_signatures: false, ..Rules::default() };
    let mut runtime =
        Runtime::new(rules.clone(), [0; 32]).checked(Checker::new(&world.state, Invariant::ALL));
    let item = schema::lookup("SubtensorModule", "SubnetMovingPrice").unwrap();
    let key = item.raw_key(&item.parse_key(&[NET.number().into()]).unwrap());
    let price = (2_i128 << 32).to_le_bytes().to_vec();
    let items = vec![(key.into(), price.clone().into())];
    let set = RuntimeCall::System(SystemCall::SetStorage { items });
    let mut block = |world: &mut World, calls: &[RuntimeCall]| {
        let env = world.env();
        let mut block = runtime.begin_block(&mut world.state, env);
        for call in calls {
            let receipt =
                runtime.apply_extrinsic(&mut world.state, &mut block, &Extrinsic::Root(call.clone()));
            assert_eq!(receipt.result, Ok(()));
        }
        runtime.end_block(&mut world.state, block).violations
    };
    assert_eq!(block(&mut world, &[set]), []);
    assert_eq!(world.state.subnet(NET).unwrap().pool.moving_price.to_bits(), 2 << 32);
    assert_eq!(block(&mut world, &[]), []);
    // The same change that nobody tells of is a violation, in a world that was not excused before.
    let mut world = World::new();
    let mut runtime = Runtime::new(rules, [0; 32]).checked(Checker::new(&world.state, Invariant::ALL));
    let env = world.env();
    let open = runtime.begin_block(&mut world.state, env);
    item.set(&mut world.state, &item.parse_key(&[NET.number().into()]).unwrap(), Some(&price)).unwrap();
    let broken = runtime.end_block(&mut world.state, open).violations;
    assert!(broken.iter().any(|violation| violation.invariant == Invariant::I23), "{broken:?}");
}

#[test]
fn a_write_to_a_key_that_is_none_changes_nothing() {
    let mut world = World::new();
    let (key, value) = raw("Tempo", 77);
    let items = vec![(key.into(), value.into()), (vec![1, 2, 3].into(), vec![4].into())];
    let refused = world.send(ROOT, RuntimeCall::System(SystemCall::SetStorage { items }));
    assert!(refused.contains("0x010203"), "{refused}");
    assert_eq!(tempo(&world), 360);
    let (key, _) = raw("Tempo", 77);
    let items = vec![(key.clone().into(), vec![1].into())];
    let refused = world.send(ROOT, RuntimeCall::System(SystemCall::SetStorage { items }));
    assert!(refused.contains("SubtensorModule.Tempo"), "{refused}");
    assert_eq!(tempo(&world), 360);
    // What follows the value is not read: suites of clients write more than there is.
    let items = vec![(key.into(), vec![77, 0, 3, 0].into())];
    world.ok(ROOT, RuntimeCall::System(SystemCall::SetStorage { items }));
    assert_eq!(tempo(&world), 77);
}

#[test]
fn root_sets_a_balance_and_the_issuance_follows() {
    let mut world = World::new();
    let set = |rao| BalancesCall::ForceSetBalance { who: id(900).into(), new_free: Rao(rao) };
    // Blocks without extrinsics mint the same on both sides.
    let mut twin = world.clone();
    twin.step();
    let (_, events) = world.run_block(&[extrinsic(ROOT, set(5 * TAO))]);
    assert_eq!(world.state.balances.accounts.get(&id(900)).unwrap().data.free, Rao(5 * TAO));
    let issued = |world: &World| world.state.balances.total_issuance.get();
    assert_eq!(issued(&world), issued(&twin) + 5 * TAO);
    let event = Event::Balances(BalancesEvent::BalanceSet { who: id(900), free: Rao(5 * TAO) });
    assert!(events.contains(&event), "{events:?}");
    // Less than an account holds is nothing, and the account ends.
    world.ok(ROOT, set(499));
    twin.step();
    assert!(world.state.balances.accounts.get(&id(900)).is_none());
    assert_eq!(issued(&world), issued(&twin));
}

#[test]
fn a_remark_does_nothing_and_nobody_sends_the_time() {
    let mut world = World::new();
    let mut twin = world.clone();
    twin.step();
    world.ok(STAKER, RuntimeCall::System(SystemCall::Remark { remark: vec![1] }));
    assert_eq!(world.state, twin.state);
    let time = RuntimeCall::Timestamp(TimestampCall::Set { now: 5 });
    assert_eq!(world.send(STAKER, time.clone()), "BadOrigin");
    assert_eq!(world.send(ROOT, time.clone()), "BadOrigin");
    let runtime = Runtime::new(Rules::default(), [0; 32]);
    let refused = runtime.validate_unsigned(&world.state, &world.env(), &time);
    assert_eq!(refused, Err(InvalidTransaction::NoUnsignedValidator));
}

#[test]
fn what_is_encrypted_is_named_by_its_sender_and_its_bytes() {
    let mut world = World::new();
    let mut ids = Vec::new();
    for (who, byte) in [(STAKER, 7), (STAKER, 8), (POOR, 7)] {
        let call = RuntimeCall::MevShield(MevShieldCall::SubmitEncrypted { ciphertext: vec![byte] });
        let (results, events) = world.run_block(&[extrinsic(who, call)]);
        assert_eq!(results, ["ok"]);
        let found = events.iter().find_map(|event| match event {
            Event::MevShield(MevShieldEvent::EncryptedSubmitted { id, who }) => Some((*id, *who)),
            _ => None,
        });
        ids.push(found.unwrap());
    }
    assert_eq!((ids[0].1, ids[2].1), (id(STAKER), id(POOR)));
    assert!(ids[0].0 != ids[1].0 && ids[0].0 != ids[2].0);
}
