//! What is wrong with a request, and what the real axon says of it: codes and texts were recorded from bittensor 10.5.0
//! (`fixtures/clients/axon_probe.py` sends the same requests to it, see `real.rs`).

use super::harness::{Ask, PATIENCE, Setup, World, bob, body_hash, nobody, sr25519};
use localnet::pace::{Pace, unix_ns};
use serde_json::json;

/// Sends a request that was spoilt in one way, and holds code and text to what the real axon has; `*` stands for what is
/// never twice the same.
#[track_caller]
fn refused(world: &World, ask: Ask, code: u16, text: &str) {
    let reply = ask.send(world.door);
    let said = reply.body["message"].as_str().unwrap_or_default();
    let fits = match text.split_once('*') {
        Some((before, after)) => said.starts_with(before) && said.ends_with(after),
        None => said == text,
    };
    assert!(reply.status == code && fits, "expected {code} {text}, got {reply:?}");
    if code != 422 {
        assert_eq!(reply.header("bt_header_axon_status_code"), code.to_string());
        assert_eq!(reply.header("bt_header_axon_status_message"), said);
    }
}

#[test]
fn a_name_that_no_miner_answers_is_404() {
    let world = World::start(Setup::of("dummy"));
    let ask = |path: &str| Ask { path: path.to_owned(), ..Ask::dummy(&world.hotkey("dan")) };
    let known = "not found. Available synapses ['Synapse', 'Dummy']";
    refused(&world, ask("/Nope"), 404, &format!("Synapse name 'Nope' {known}"));
    refused(&world, ask("/"), 404, &format!("Synapse name '' {known}"));
    let below = ask("/Dummy/x").send(world.door);
    assert_eq!((below.status, &below.body), (404, &json!({ "detail": "Not Found" })));
}

#[test]
fn headers_that_cannot_be_read_are_500() {
    let world = World::start(Setup::of("dummy"));
    let ask = || Ask::dummy(&world.hotkey("dan"));
    let internal = "Internal Server Error #*";
    for (name, value) in [
        ("bt_header_dendrite_nonce", "abc"),
        ("bt_header_dendrite_version", "1.5"),
        ("bt_header_axon_port", "x"),
        ("timeout", "soon"),
        ("header_size", "big"),
        ("bt_header_input_obj_dummy_input", "!!!"),
        ("bt_header_input_obj_dummy_input", "e30x"),
        ("bt_header_input_obj_dummy_input", "bnVsbA=="),
        ("bt_header_input_obj_dummy_input", "IiI="),
    ] {
        refused(&world, ask().with(name, value), 500, internal);
    }
    refused(&world, ask().without("bt_header_input_obj_dummy_input"), 500, internal);
}

#[test]
fn who_is_not_who_he_says_is_401() {
    let world = World::start(Setup::of("dummy"));
    let (dan, dora) = (world.hotkey("dan"), world.hotkey("dora"));
    let ask = || Ask::dummy(&dan);
    let not = |why: &str| format!("Not Verified with error: {why}");
    refused(&world, ask().without("bt_header_dendrite_signature"), 401, &not("Missing Signature"));
    refused(&world, ask().without("bt_header_dendrite_nonce"), 401, &not("Missing Nonce"));
    let no_key = "No SS58 formatted address or public key provided.";
    refused(&world, ask().without("bt_header_dendrite_hotkey"), 401, &not(no_key));
    let ss58 = not("Invalid SS58 address: Length is bad");
    refused(&world, ask().with("bt_header_dendrite_hotkey", "xyz"), 401, &ss58);
    let sign = |signature: &str| ask().with("bt_header_dendrite_signature", signature);
    let hex = not("Invalid hex string: InvalidHexCharacter { c: 'z', index: 0 }");
    refused(&world, sign("0xzz"), 401, &hex);
    refused(&world, sign("0x11"), 401, &not("Invalid SR25519 signature."));
    let wrong = format!("0x{}", "11".repeat(64));
    let ask_wrong = sign(&wrong);
    let mismatch = not(&format!("Signature mismatch with {} and {wrong}", ask_wrong.message()));
    refused(&world, ask_wrong, 401, &mismatch);
    // Signed for one miner, sent to another; and what was signed is not what is said.
    refused(&world, ask().with("bt_header_axon_hotkey", &dora), 401, &not("Signature mismatch with *"));
    refused(&world, ask().without("bt_header_dendrite_uuid"), 401, &not("Signature mismatch with *"));
    refused(&world, ask().without("computed_body_hash"), 401, &not("Signature mismatch with *"));
    let stranger = nobody().to_ss58();
    let not_here = not(&format!("{stranger}, for whom this was signed, is no miner that answers here"));
    refused(&world, Ask::dummy(&stranger), 401, &not_here);
    // Validators answer nobody.
    refused(&world, Ask::dummy(&world.hotkey("vera")), 401, &not("*answers here"));
    refused(
        &world,
        ask().without("bt_header_axon_hotkey"),
        400,
        "bt_header_axon_hotkey is missing: it names the miner that is asked",
    );
}

#[test]
fn nonces_that_are_old_or_were_used_are_401() {
    let world = World::start(Setup::of("dummy"));
    let (dan, dora) = (world.hotkey("dan"), world.hotkey("dora"));
    let at = |ask: Ask, nonce: i128| ask.with("bt_header_dendrite_nonce", &nonce.to_string()).signed();
    let now = || i128::from(unix_ns());
    let newer = "Not Verified with error: Nonce is too old, a newer one was last processed";
    let first = Ask::dummy(&dan);
    let nonce: i128 = first.header("bt_header_dendrite_nonce").parse().unwrap();
    assert_eq!(first.send(world.door).status, 200);
    refused(&world, first.clone(), 401, newer);
    refused(&world, at(first.clone(), nonce - 1), 401, newer);
    assert_eq!(at(first.clone(), nonce + 1).send(world.door).status, 200);
    // Another miner, or another id of the same caller, has not seen it.
    assert_eq!(first.clone().with("bt_header_axon_hotkey", &dora).signed().send(world.door).status, 200);
    let too_old =
        "Not Verified with error: Nonce is too old: acceptable delta is 16.00 seconds but request was 17.*";
    refused(&world, at(Ask::dummy(&dan), now() - 17_000_000_000), 401, too_old);
    let short = Ask::dummy(&dan).with("timeout", "-5");
    let negative =
        "Not Verified with error: Nonce is too old: acceptable delta is -1.00 seconds but request was 0.*";
    refused(&world, short, 401, negative);
    // The window is open to the future, and before version 7.2 there was none.
    assert_eq!(at(Ask::dummy(&dan), now() + 1_000_000_000_000).send(world.door).status, 200);
    let old_rule = Ask::dummy(&dan).without("bt_header_dendrite_version");
    assert_eq!(at(old_rule, 5).send(world.door).status, 200);
    // A nonce that was not signed for uses none up.
    let forged = Ask::dummy(&dan);
    let good = forged.clone();
    refused(
        &world,
        forged.with("bt_header_dendrite_signature", &format!("0x{}", "11".repeat(64))),
        401,
        "Not Verified with error: Signature mismatch with *",
    );
    assert_eq!(good.send(world.door).status, 200);
}

#[test]
fn bodies_that_cannot_be_read_are_422_or_500() {
    let world = World::start(Setup::of("dummy"));
    let ask = || Ask::dummy(&world.hotkey("dan"));
    let internal = "Internal Server Error #*";
    let unread = ask().body("{").send(world.door);
    assert_eq!((unread.status, &unread.body["detail"][0]["type"]), (422, &json!("json_invalid")));
    for body in [
        "",
        "[1]",
        "{}",
        "{\"dummy_input\": \"x\"}",
        "{\"dummy_input\": 3.5}",
        "{\"dummy_input\": null}",
        "{\"dummy_input\": [1]}",
    ] {
        refused(&world, ask().body(body), 500, internal);
    }
    refused(&world, ask().with("computed_body_hash", "00").signed(), 500, internal);
    refused(&world, ask().with("content-type", "text/plain"), 500, internal);
    for (body, double) in [
        ("{\"dummy_input\": \"7\"}", 14),
        ("{\"dummy_input\": 3.0}", 6),
        ("{\"dummy_input\": true}", 2),
        ("{\"dummy_input\": -4, \"other\": [1]}", -8),
    ] {
        let reply = ask().body(body).send(world.door);
        assert_eq!((reply.status, &reply.body["dummy_output"]), (200, &json!(double)), "{body}");
    }
    let put = Ask { method: "PUT".to_owned(), ..ask() }.send(world.door);
    assert_eq!((put.status, &put.body), (405, &json!({ "detail": "Method Not Allowed" })));
    let get = Ask { method: "GET".to_owned(), ..ask() }.send(world.door);
    assert_eq!((get.status, &get.body["dummy_output"]), (200, &json!(6)));
}

#[test]
fn a_body_that_the_signature_does_not_cover_is_500() {
    let world = World::start(Setup::of("hello-market"));
    let zoe = world.hotkey("zoe");
    let internal = "Internal Server Error #*";
    // "abc" was signed, "abd" came.
    refused(&world, Ask::compress(&zoe, "YWJj").body("{\"text\": \"YWJk\"}"), 500, internal);
    refused(&world, Ask::compress(&zoe, "no base64!"), 500, internal);
    let long = "A".repeat(87_384);
    refused(&world, Ask::compress(&zoe, &long), 500, internal);
    assert_eq!(Ask::compress(&zoe, "YWJj").send(world.door).status, 200);
    let name = "Synapse name 'Dummy' not found. Available synapses ['Synapse', 'Compress']";
    refused(&world, Ask::dummy(&zoe), 404, name);
}

#[test]
fn a_body_beyond_the_bound_is_413() {
    let world = World::start(Setup::of("dummy"));
    let huge = format!("{{\"dummy_input\": 3, \"other\": \"{}\"}}", "x".repeat(localnet::gateway::BODY_MAX));
    refused(&world, Ask::dummy(&world.hotkey("dan")).body(&huge), 413, "a request has at most 1048576 bytes");
    assert_eq!(Ask::dummy(&world.hotkey("dan")).send(world.door).status, 200);
}

#[test]
fn a_stranger_is_403_where_miners_answer_neurons_only() {
    let world = World::start(Setup { registered_only: true, ..Setup::of("dummy") });
    let (dan, bob) = (world.hotkey("dan"), bob().account());
    let text = format!("Forbidden. Key is blacklisted: {bob} is not registered on subnet 1.");
    refused(&world, Ask::dummy(&dan), 403, &text);
    // A validator of the cast is a neuron.
    let vera = world.keys("vera");
    let ask = Ask::dummy(&dan).with("bt_header_dendrite_hotkey", &vera.hot.to_ss58());
    let signature = sr25519(&vera.hotkey, ask.message().as_bytes());
    assert_eq!(ask.with("bt_header_dendrite_signature", &signature).send(world.door).status, 200);
}

#[test]
fn a_question_that_no_block_takes_up_is_408() {
    let world = World::start(Setup { pace: Pace::Manual, ..Setup::of("dummy") });
    let ask = Ask::dummy(&world.hotkey("dan")).with("timeout", "0.2");
    refused(&world, ask, 408, "Response timeout after: 0.2s");
    // A miner that does not answer, though blocks come.
    let world = World::start(Setup::of("hello-market"));
    world.mine(1);
    let silent = Ask::compress(&world.hotkey("cora"), "YWJj").with("timeout", "0.2");
    let reply = silent.send(world.door);
    assert!([200, 408].contains(&reply.status), "{reply:?}");
}

/// No more than 256 questions wait for a block: each of them is work that is done while it is made.
#[test]
fn a_question_too_many_is_503() {
    let world = World::start(Setup { pace: Pace::Manual, ..Setup::of("dummy") });
    let dan = world.hotkey("dan");
    let (max, more) = (256, 6);
    let (sender, replies) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..max + more {
            let (ask, sender, door) = (Ask::dummy(&dan).with("timeout", "300"), sender.clone(), world.door);
            scope.spawn(move || sender.send(ask.send(door)).unwrap());
        }
        let reply = || replies.recv_timeout(PATIENCE).expect("an answer");
        for _ in 0..more {
            let reply = reply();
            assert_eq!(reply.status, 503, "before any block: {reply:?}");
            assert!(reply.body.to_string().contains("too many questions wait for a block"), "{reply:?}");
        }
        let mut answered = 0;
        while answered < max {
            world.mine(1);
            answered += std::iter::from_fn(|| replies.try_recv().ok())
                .map(|reply| assert_eq!(reply.status, 200))
                .count();
        }
    });
}

#[test]
fn the_hash_of_nothing_is_what_clients_send() {
    assert_eq!(body_hash(&[]), "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a");
}

/// A body of a few hundred kilobytes that would take many times the memory.
#[test]
fn a_body_of_many_small_values_is_413() {
    let world = World::start(Setup::of("dummy"));
    let many = format!("{{\"dummy_input\": [{}0]}}", "{\"\":0},".repeat(50_000));
    let reply = Ask::dummy(&world.hotkey("dan")).body(&many).send(world.door);
    assert_eq!(reply.status, 413, "{reply:?}");
}

#[test]
fn a_foreign_page_or_name_is_403() {
    let world = World::start(Setup::of("dummy"));
    let ask = || Ask::dummy(&world.hotkey("dan"));
    for (name, value) in [("origin", "https://evil.example"), ("origin", "null"), ("host", "evil.example")] {
        let reply = ask().with(name, value).send(world.door);
        assert_eq!(reply.status, 403, "{name}: {value}: {reply:?}");
    }
}
