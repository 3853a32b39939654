//! The second dialect: `btauth/1` of SDK 11.x.

use super::harness::{Ask, Reply, Setup, World, bob, nobody, sr25519};
use chain::crypto::Keypair;
use localnet::pace::unix_ns;
use serde_json::json;
use sha2::{Digest as _, Sha256};

const BODY: &str = "{\"dummy_input\": 3}";

fn ask(world: &World, spoil: impl FnOnce(Ask) -> Ask) -> Reply {
    let ask = signed(&bob(), "sr25519", "/Dummy", &world.hotkey("dan"), i128::from(unix_ns()), BODY);
    spoil(ask).send(world.door)
}

fn signed(key: &Keypair, scheme: &str, target: &str, to: &str, nonce: i128, body: &str) -> Ask {
    let digest = hex::encode(Sha256::digest(body.as_bytes()));
    let from = key.account().to_ss58();
    let payload = format!("btauth/1\n{scheme}\nPOST\n{target}\n{digest}\n{nonce}\n{from}\n{to}");
    let signature = sr25519(key, payload.as_bytes());
    let ask = Ask {
        method: "POST".to_owned(),
        path: target.to_owned(),
        headers: Vec::new(),
        body: body.to_owned(),
    };
    ask.with("X-Bittensor-Version", "1")
        .with("X-Bittensor-Hotkey", &from)
        .with("X-Bittensor-Receiver", to)
        .with("X-Bittensor-Nonce", &nonce.to_string())
        .with("X-Bittensor-Crypto", scheme)
        .with("X-Bittensor-Signature", &signature)
}

#[track_caller]
fn refused(reply: &Reply, code: u16, text: &str) {
    assert_eq!((reply.status, &reply.body), (code, &json!({ "message": text })));
}

#[test]
fn a_signed_request_is_answered() {
    let world = World::start(Setup::of("dummy"));
    let reply = ask(&world, |ask| ask.without("X-Bittensor-Crypto"));
    assert_eq!((reply.status, &reply.body), (200, &json!({ "dummy_input": 3, "dummy_output": 6 })));
    let eddy = Keypair::ed25519(&[3; 32]);
    let dan = world.hotkey("dan");
    let reply = signed(&eddy, "ed25519", "/Dummy?n=1", &dan, unix_ns().into(), BODY).send(world.door);
    assert_eq!((reply.status, &reply.body["dummy_output"]), (200, &json!(6)));
}

#[test]
fn what_is_not_authentic_is_401_in_the_sdk_s_words() {
    let world = World::start(Setup::of("dummy"));
    let without = |name: &str| ask(&world, |ask| ask.without(name));
    refused(
        &without("X-Bittensor-Version"),
        401,
        "missing or unsupported X-Bittensor-Version (expected '1')",
    );
    refused(&without("X-Bittensor-Hotkey"), 401, "missing X-Bittensor-Hotkey");
    refused(&without("X-Bittensor-Nonce"), 401, "missing X-Bittensor-Nonce");
    refused(&without("X-Bittensor-Signature"), 401, "missing X-Bittensor-Signature");
    let with = |name: &str, value: &str| ask(&world, |ask| ask.with(name, value));
    refused(
        &with("X-Bittensor-Version", "2"),
        401,
        "missing or unsupported X-Bittensor-Version (expected '1')",
    );
    refused(&with("X-Bittensor-Nonce", "now"), 401, "X-Bittensor-Nonce is not a decimal integer");
    refused(&with("X-Bittensor-Crypto", "rsa"), 401, "unsupported X-Bittensor-Crypto");
    refused(&with("X-Bittensor-Signature", "0xzz"), 401, "X-Bittensor-Signature is not hex");
    let encoding = "invalid hotkey address or signature encoding";
    refused(&with("X-Bittensor-Signature", "0x11"), 401, encoding);
    refused(&with("X-Bittensor-Hotkey", "xyz"), 401, encoding);
    let mismatch = "signature does not verify against the claimed hotkey";
    refused(&with("X-Bittensor-Crypto", "ed25519"), 401, mismatch);
    refused(&ask(&world, |ask| ask.body("{\"dummy_input\": 4}")), 401, mismatch);
    refused(&ask(&world, |ask| Ask { path: "/Dummy?x".to_owned(), ..ask }), 401, mismatch);
    let (dan, now) = (world.hotkey("dan"), i128::from(unix_ns()));
    let at = |nonce| signed(&bob(), "sr25519", "/Dummy", &dan, nonce, BODY).send(world.door);
    refused(&at(now - 11_000_000_000), 401, "nonce is older than the 10s freshness window");
    refused(&at(now + 60_000_000_000), 401, "nonce is more than 2s in the future");
    assert_eq!(at(now).status, 200);
    refused(&at(now), 401, "this nonce was already accepted from this hotkey");
    assert_eq!(at(now - 1).status, 200, "nonces need not grow");
}

#[test]
fn what_is_meant_for_somebody_else_is_403() {
    let world = World::start(Setup::of("dummy"));
    let bound = "missing X-Bittensor-Receiver: this server requires receiver-bound requests";
    refused(&ask(&world, |ask| ask.without("X-Bittensor-Receiver")), 403, bound);
    let other = "request was signed for a different receiving hotkey";
    refused(&ask(&world, |ask| ask.with("X-Bittensor-Receiver", &nobody().to_ss58())), 403, other);
    let closed = World::start(Setup { registered_only: true, ..Setup::of("dummy") });
    let text = format!("{} is not registered on subnet 1", bob().account());
    refused(&ask(&closed, |ask| ask), 403, &text);
}

#[test]
fn what_is_asked_wrongly_is_named() {
    let world = World::start(Setup::of("dummy"));
    let dan = world.hotkey("dan");
    let say = |target: &str, body: &str| {
        signed(&bob(), "sr25519", target, &dan, unix_ns().into(), body).send(world.door)
    };
    refused(&say("/Nope", BODY), 404, "/Nope is not answered here; this miner answers /Dummy");
    refused(&say("/Dummy", "[]"), 400, "the body is no JSON object");
    refused(&say("/Dummy", "{}"), 400, "it has no dummy_input");
    refused(&say("/Dummy", "{\"dummy_input\": \"x\"}"), 400, "dummy_input is no whole number of 64 bits");
    assert!(say("/Dummy", "{").body["message"].as_str().unwrap().starts_with("the body is no JSON: "));
}
