//! The faucet pays a client that works with what RPC shows.

use super::node::{Node, account, key, unhex, wire};
use chain::call::subtensor::Call;
use chain::crypto::{keccak_256, sha2_256};
use chain::units::TAO;
use serde_json::json;

/// Work as clients do it: a nonce whose seal over block hash and coldkey is worth something, at a difficulty of a
/// million.
fn solve(hash: &[u8], coldkey: &[u8]) -> (u64, Vec<u8>) {
    let seed = keccak_256(&[hash, coldkey].concat());
    let worth = |work: &[u8; 32]| {
        // Little-endian, below 2^256 / 1,000,000 = 0x10c6.. followed by 29 bytes.
        work[31] == 0 && work[30] == 0 && (work[29], work[28]) < (0x10, 0xc6)
    };
    let mut seals =
        (0..).map(|nonce: u64| (nonce, keccak_256(&sha2_256(&[&nonce.to_le_bytes()[..], &seed].concat()))));
    let (nonce, work) = seals.find(|(_, work)| worth(work)).unwrap();
    (nonce, work.to_vec())
}

#[test]
fn work_over_the_hash_that_clients_read_is_paid() {
    let node = Node::manual();
    let mut client = node.client();
    client.ok("localnet_mine", json!([3]));
    let bob = key("//Bob");
    let free = |client: &mut _| account(client, &bob.account(), None).data.free.get();
    let hash = unhex(&client.text("chain_getBlockHash", json!([3])));
    let (nonce, work) = solve(&hash, bob.account().bytes());
    let before = free(&mut client);
    let call = Call::Faucet { block_number: 3, nonce, work };
    client.text("author_submitExtrinsic", json!([wire(&node, &bob, call.into(), 0)]));
    client.ok("localnet_mine", json!([1]));
    assert_eq!(free(&mut client), before + 1_000 * TAO);
    // The hash of the block that is being made is not known in it.
    let (nonce, work) = solve(&[0; 32], bob.account().bytes());
    let call = Call::Faucet { block_number: 5, nonce, work };
    client.text("author_submitExtrinsic", json!([wire(&node, &bob, call.into(), 1)]));
    client.ok("localnet_mine", json!([1]));
    assert_eq!(free(&mut client), before + 2_000 * TAO);
}
