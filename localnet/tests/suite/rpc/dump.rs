//! What is in a dump, read as its form says, and that nothing in it is believed.

use super::client::Client;
use super::node::{Node, Setup, height, hex, key, still_seals, unhex};
#[cfg(target_os = "linux")]
use super::program::Up;
use actors::gate::{Input, Tape};
use actors::plan::Fault;
use chain::block::Hash;
use chain::call::{RuntimeCall, SystemCall, UtilityCall};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use parity_scale_codec::{Compact, DecodeAll as _, Encode as _};
use serde_json::json;
use std::io::{Read as _, Write as _};

/// Name, height, clock, time of the next block and what waits.
type Moment = (String, u64, i64, Option<u64>, Vec<Vec<u8>>);
/// Mark, name, seed, genesis, digest of the plan, tapes, snapshots, digest of the head.
type Dump = ([u8; 8], String, u64, Hash, Hash, Vec<Vec<u8>>, Vec<Moment>, Hash);

fn dump(client: &mut Client) -> Dump {
    let packed = unhex(&client.text("localnet_dumpState", json!([])));
    let mut bytes = Vec::new();
    GzDecoder::new(packed.as_slice()).read_to_end(&mut bytes).unwrap();
    Dump::decode_all(&mut bytes.as_slice()).unwrap()
}

fn packed(dump: &Dump) -> String {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&dump.encode()).unwrap();
    hex(packed.finish().unwrap())
}

#[test]
fn a_dump_that_does_not_come_out_is_refused() {
    let node = Node::manual();
    let mut client = node.client();
    client.ok("localnet_mine", json!([3]));
    let good = dump(&mut client);
    client.ok("localnet_mine", json!([4]));
    let was = client.text("chain_getHead", json!([]));
    let (mut digest, mut shorter, mut other, mut torn) =
        (good.clone(), good.clone(), good.clone(), good.clone());
    digest.7[31] ^= 1;
    shorter.5.pop();
    let later = Tape(vec![Input::Timestamp(localnet::pace::unix_ms() + 1_000_000)]);
    other.5[2] = later.encode();
    torn.5[1].truncate(1);
    for (bad, why) in [
        (digest, "the dump does not come out: its head digest is 0x"),
        (shorter, "the dump does not come out: its head digest is 0x"),
        (other, "the dump does not come out: its head digest is 0x"),
        (torn, "block 2 of the dump: "),
    ] {
        let error = client.refused("localnet_loadState", json!([packed(&bad)]));
        assert_eq!(error.code, 5_001, "{error:?}");
        assert!(error.message.contains(why), "{why}: {error:?}");
        assert_eq!(client.text("chain_getHead", json!([])), was, "nothing was touched");
    }
    assert_eq!(client.ok("localnet_loadState", json!([packed(&good)])), 3, "as it was it is taken");
    still_seals(&mut client);
}

/// The bytes of a batch of one call up to that call, and of the call.
fn batch_of_one() -> (Vec<u8>, Vec<u8>) {
    let leaf = RuntimeCall::System(SystemCall::Remark { remark: Vec::new() });
    let mut batch = RuntimeCall::from(UtilityCall::Batch { calls: vec![leaf.clone()] }).encode();
    batch.truncate(batch.len() - leaf.encode().len());
    (batch, leaf.encode())
}

/// A call inside a batch inside a batch.
fn nested(depth: usize) -> Vec<u8> {
    let (prefix, leaf) = batch_of_one();
    [prefix.repeat(depth), leaf].concat()
}

/// A few bytes that unpack to very many are refused before they have.
#[test]
fn a_dump_cannot_take_the_memory_of_what_it_claims() {
    let node = Node::manual();
    let mut client = node.client();
    client.ok("localnet_mine", json!([2]));
    let good = dump(&mut client);
    let zeros = vec![0; 200 << 20];
    let front = |count: u32| (good.0, &good.1, good.2, good.3, good.4, Compact(count)).encode();
    let squeezed = |parts: &[&[u8]]| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        parts.iter().for_each(|part| packed.write_all(part).unwrap());
        let packed = packed.finish().unwrap();
        assert!(packed.len() < 300_000, "{} bytes of request", packed.len());
        hex(packed)
    };
    let mut other = good.clone();
    other.2 ^= 1;
    let foreign = (other.0, &other.1, other.2, other.3, other.4, Compact(1_u32 << 28)).encode();
    let deep = {
        let nested = nested(1_000_000);
        let tape = [Compact(1_u32).encode(), vec![1], nested].concat();
        [Compact(u32::try_from(tape.len()).unwrap()).encode(), tape].concat()
    };
    for (bytes, why) in [
        (squeezed(&[&foreign, &zeros]), "the dump is of"),
        (
            squeezed(&[&front(200 << 20), &zeros]),
            "block 1 of the dump: these bytes are no dump: a tape has 0 bytes",
        ),
        (squeezed(&[&front(1), &[0xfe, 0xff, 0xff, 0xff], &zeros]), "a tape has 1073741823 bytes"),
        (squeezed(&[&good.0, &[0xfe, 0xff, 0xff, 0xff], &zeros]), "the name has 1073741823 bytes"),
        (squeezed(&[&zeros]), "they begin otherwise"),
        (squeezed(&[&front(1), &deep]), "block 1 of the dump: "),
    ] {
        let error = client.refused("localnet_loadState", json!([bytes]));
        assert!(error.message.contains(why), "{why}: {}", error.message);
    }
    assert_eq!(height(&mut client), 2);
    still_seals(&mut client);
}

/// Calls that nest a million deep are refused, and end no process.
#[test]
fn a_call_nests_no_deeper_than_an_extrinsic_may() {
    let node = Node::manual();
    let mut client = node.client();
    let (prefix, leaf) = batch_of_one();
    let wide = [&prefix[..prefix.len() - 1], &Compact(400_000_u32).encode(), &leaf.repeat(400_000)].concat();
    let alice = key("//Alice").account().to_ss58();
    // It is read; the chain itself refuses a batch in a batch.
    let error = client.refused("localnet_impersonate", json!([alice, hex(nested(10))]));
    assert_eq!(error.message, "System.CallFiltered");
    for call in [hex(nested(1_000_000)), hex(wide)] {
        for (method, params) in
            [("localnet_sudo", json!([call])), ("localnet_impersonate", json!([alice, call]))]
        {
            let error = client.refused(method, params);
            assert_eq!(error.code, -32_602, "{error:?}");
            assert!(error.message.contains("these bytes are no call"), "{error:?}");
        }
    }
    assert_eq!(height(&mut client), 1);
}

/// Requests of a few megabytes, each of which would be values of a gigabyte, leave the process as it was.
#[cfg(target_os = "linux")]
#[test]
fn no_request_takes_a_hundred_times_its_size() {
    let dir = tempfile::tempdir().unwrap();
    let up = Up::start(dir.path(), &["--store", "memory"]);
    let mut client = up.client();
    client.ok("localnet_mine", json!([2]));
    let before = up.peak_kb();
    let (prefix, leaf) = batch_of_one();
    let count = 1_000_000_u32;
    let wide = [&prefix[..prefix.len() - 1], &Compact(count).encode(), &leaf.repeat(count as usize)].concat();
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    bomb.write_all(&vec![0; 200 << 20]).unwrap();
    let bomb = hex(bomb.finish().unwrap());
    for (method, params) in [
        ("localnet_loadState", json!([bomb])),
        ("localnet_sudo", json!([hex(wide)])),
        ("localnet_sudo", json!([hex(nested(1_000_000))])),
        ("localnet_setStorage", json!(["SubtensorModule", "Tempo", vec![json!({ "": 0 }); 500_000], 1])),
    ] {
        client.refused(method, params);
    }
    let more = up.peak_kb() - before;
    assert!(more < 150_000, "{more} kB more than before");
    still_seals(&mut client);
    up.end("-INT");
}

/// The faults of a chain in the order in which they came.
fn faults(client: &mut Client) -> Vec<Fault> {
    let tapes = dump(client).5.into_iter();
    let inputs = tapes.flat_map(|tape| Tape::decode_all(&mut tape.as_slice()).unwrap().0);
    inputs.filter_map(|input| if let Input::Fault(fault) = input { Some(fault) } else { None }).collect()
}

#[test]
fn a_fault_lasts_as_many_blocks_as_were_asked_for() {
    let node = Node::start(Setup { scenario: Some("hello-market"), seed: 42, ..Setup::default() });
    let mut client = node.client();
    client.ok("localnet_mine", json!([4]));
    for spec in [
        json!({ "offline": "brook", "blocks": 1 }),
        json!({ "loss_permille": 5, "of": "miner", "blocks": 30 }),
        json!({ "latency_blocks": 1 }),
    ] {
        client.ok("localnet_injectFault", json!([spec]));
    }
    // The block that takes it in is its first; the end is the first block after it.
    let lasts: Vec<_> = faults(&mut client).iter().map(|fault| (fault.from, fault.to)).collect();
    assert_eq!(lasts, [(5, 6), (6, 36), (7, u64::MAX)]);
}
