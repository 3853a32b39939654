//! Extrinsics that nobody can read before a block holds them, encrypted here as wallets do.

use super::client::Client;
use super::node::{
    Node, Setup, account, finalized, free, hash_of, header_hash, hex, key, number, pay, still_seals, unhex,
    watch, wire, wire_shortly,
};
use chacha20poly1305::aead::{Aead as _, KeyInit as _};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use chain::call::{MevShieldCall, RuntimeCall};
use localnet::pace::Pace;
use ml_kem::EncapsulationKey768;
use parity_scale_codec::DecodeAll as _;
use serde_json::json;

/// Bytes of the ML-KEM-768 ciphertext.
const KEM: usize = 1_088;

/// The key of the chain, `MevShield.NextKey`.
fn next_key(client: &mut Client) -> Vec<u8> {
    let prefix = [chain::schema::twox_128(b"MevShield"), chain::schema::twox_128(b"NextKey")].concat();
    let value = unhex(&client.text("state_getStorage", json!([hex(prefix)])));
    Vec::decode_all(&mut value.as_slice()).unwrap()
}

/// Key hash, length and bytes of the encapsulated secret, nonce, ciphertext.
fn encrypt(public: &[u8], inner: &[u8]) -> Vec<u8> {
    let key = EncapsulationKey768::new(public.try_into().expect("1,184 bytes")).expect("a key");
    let (encapsulated, secret) = key.encapsulate_deterministic(&[5; 32].into());
    let nonce = [6; 24];
    let cipher = XChaCha20Poly1305::new_from_slice(&secret).unwrap();
    let sealed = cipher.encrypt(&XNonce::from(nonce), inner).unwrap();
    let length = u16::try_from(KEM).unwrap().to_le_bytes();
    let mut out = chain::schema::twox_128(public).to_vec();
    for part in [&length[..], &encapsulated, &nonce, &sealed] {
        out.extend(part);
    }
    out
}

fn carry(ciphertext: Vec<u8>) -> RuntimeCall {
    RuntimeCall::MevShield(MevShieldCall::SubmitEncrypted { ciphertext })
}

/// Bytes of the extrinsics of a block, without the time.
fn extrinsics(client: &mut Client, hash: &str) -> Vec<String> {
    let block = client.ok("chain_getBlock", json!([hash]));
    let all = block["block"]["extrinsics"].as_array().unwrap();
    all[1..].iter().map(|extrinsic| extrinsic.as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_inner_one_comes_in_a_later_block() {
    for pace in [Pace::Manual, Pace::Automine] {
        let node = Node::start(Setup { pace, ..Setup::default() });
        let mut client = node.client();
        let (alice, bob) = (key("//Alice"), key("//Bob"));
        let public = next_key(&mut client);
        assert_eq!(public.len(), 1_184);
        let before = free(&mut client, &bob);
        let heads = client.text("chain_subscribeNewHeads", json!([]));
        assert_eq!(number(&client.note(&heads)), 0);

        let inner = wire(&node, &alice, pay(&bob, 77), 1);
        let carrier = wire_shortly(&mut client, &node, &alice, carry(encrypt(&public, &unhex(&inner))), 0);
        let watched = watch(&mut client, &carrier);
        if pace == Pace::Manual {
            client.ok("localnet_mine", json!([2]));
        }
        let first = finalized(&mut client, &watched);
        let (one, two) = (client.note(&heads), client.note(&heads));
        assert_eq!((number(&one), number(&two)), (1, 2), "{pace:?}");
        assert_eq!(header_hash(&one), first, "the carrier is in block 1");
        assert_eq!(extrinsics(&mut client, &first), [carrier], "{pace:?}");
        // As a wallet finds it: by the hash of its bytes.
        let found = extrinsics(&mut client, &header_hash(&two));
        assert_eq!(
            found.iter().map(|bytes| hash_of(bytes)).collect::<Vec<_>>(),
            [hash_of(&inner)],
            "{pace:?}"
        );
        assert_eq!(free(&mut client, &bob), before + 77);
        assert_eq!(account(&mut client, &alice.account(), None).nonce, 2);
    }
}

#[test]
fn the_key_is_that_of_the_seed() {
    let of = |seed| next_key(&mut Node::start(Setup { seed, ..Setup::default() }).client());
    let first = of(1);
    assert_eq!(of(1), first);
    assert_ne!(of(2), first);
}

/// The carrier was taken, and when its block comes nobody can pay for it any more.
#[test]
fn what_a_failed_carrier_carries_stays_shut() {
    let node = Node::manual();
    let mut client = node.client();
    let (alice, bob, dave) = (key("//Alice"), key("//Bob"), key("//Dave"));
    let inner = wire(&node, &bob, pay(&alice, 77), 0);
    let public = next_key(&mut client);
    let all = free(&mut client, &dave);
    let spend = |rao| wire(&node, &dave, pay(&alice, rao), 0);
    let fee = client.ok("payment_queryInfo", json!([spend(all)]))["partialFee"].as_str().unwrap().to_owned();
    // The existential deposit is left.
    let spent = watch(&mut client, &spend(all - fee.parse::<u64>().unwrap() - 500));
    let carrier = wire_shortly(&mut client, &node, &dave, carry(encrypt(&public, &unhex(&inner))), 1);
    let watched = watch(&mut client, &carrier);
    assert_eq!(client.note(&watched), "ready");
    client.ok("localnet_mine", json!([1]));
    finalized(&mut client, &spent);
    assert_eq!(free(&mut client, &dave), 500);
    assert_eq!(client.note(&watched), "invalid", "it cannot pay");
    assert_eq!(client.ok("author_pendingExtrinsics", json!([])), json!([]));
    client.ok("localnet_mine", json!([2]));
    assert_eq!(account(&mut client, &bob.account(), None).nonce, 0, "what it carried never came");
    // The same, carried by somebody who pays.
    let carrier = wire_shortly(&mut client, &node, &alice, carry(encrypt(&public, &unhex(&inner))), 0);
    let watched = watch(&mut client, &carrier);
    client.ok("localnet_mine", json!([2]));
    finalized(&mut client, &watched);
    assert_eq!(account(&mut client, &bob.account(), None).nonce, 1);
}

#[test]
fn what_cannot_be_opened_does_no_harm() {
    let node = Node::manual();
    let mut client = node.client();
    let (alice, bob) = (key("//Alice"), key("//Bob"));
    let public = next_key(&mut client);
    let before = free(&mut client, &bob);
    let inner = unhex(&wire(&node, &bob, pay(&alice, 1), 0));
    let good = encrypt(&public, &inner);
    let flipped = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    };
    let mut forged = inner.clone();
    *forged.last_mut().unwrap() ^= 1;
    let garbled = [
        vec![],
        vec![0; 16],
        good[..16].to_vec(),
        good[..17].to_vec(),
        good[..900].to_vec(),
        good[..16 + 2 + KEM].to_vec(),
        good[..16 + 2 + KEM + 24].to_vec(),
        good[..good.len() - 1].to_vec(),
        flipped(0),
        flipped(16),
        flipped(17),
        flipped(500),
        flipped(16 + 2 + KEM + 3),
        flipped(good.len() - 1),
        encrypt(&public, b"no extrinsic"),
        encrypt(&public, &[]),
        encrypt(&public, &forged),
    ];
    let (mut nonce, mut malformed) = (0, 0);
    for bytes in garbled {
        let carrier = wire_shortly(&mut client, &node, &alice, carry(bytes.clone()), nonce);
        // Without the hash, a length, the secret and the nonce it is not even taken.
        let length = bytes.get(16..18).map(|length| usize::from(u16::from_le_bytes([length[0], length[1]])));
        if length.is_none_or(|length| bytes.len() < 18 + length + 24) {
            let error = client.refused("author_submitExtrinsic", json!([carrier]));
            assert_eq!((error.code, error.data), (1010, json!("Custom error: 23")));
            malformed += 1;
            continue;
        }
        let watched = watch(&mut client, &carrier);
        client.ok("localnet_mine", json!([1]));
        finalized(&mut client, &watched);
        assert_eq!(client.ok("author_pendingExtrinsics", json!([])), json!([]), "case {nonce}");
        still_seals(&mut client);
        nonce += 1;
    }
    assert!(malformed >= 6 && nonce >= 8, "{malformed} malformed, {nonce} taken");
    assert_eq!(free(&mut client, &bob), before, "nothing was paid in anybody's name");
    assert_eq!(account(&mut client, &bob.account(), None).nonce, 0);
}
