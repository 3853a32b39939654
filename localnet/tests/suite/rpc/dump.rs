//! What is in a dump, read as its form says, and that nothing in it is believed.

use super::client::Client;
use super::node::{Node, Setup, hex, still_seals, unhex};
use actors::gate::{Input, Tape};
use actors::plan::Fault;
use chain::block::Hash;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use parity_scale_codec::{DecodeAll as _, Encode as _};
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
