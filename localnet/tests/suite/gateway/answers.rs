//! What is right with a request, and what comes back.

use super::harness::{Ask, Setup, World, bob, sr25519};
use actors::mechanism::codec;
use actors::plan::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use localnet::pace::Pace;
use serde_json::json;

#[test]
fn a_dendrite_s_question_is_answered_by_the_miner_it_names() {
    let world = World::start(Setup::of("dummy"));
    let head = || world.shared.head().number;
    let before = head();
    let ask = Ask::dummy(&world.hotkey("dan"));
    let reply = ask.send(world.door);
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.body["dummy_output"], 6);
    assert_eq!((&reply.body["dummy_input"], &reply.body["name"]), (&json!(3), &json!("Dummy")));
    assert_eq!(reply.body["axon"]["status_code"], 200);
    assert_eq!(head(), before + 1, "one block, sealed for it");
    for (name, value) in [
        ("content-type", "application/json"),
        ("name", "Dummy"),
        ("timeout", "12.0"),
        ("bt_header_axon_status_code", "200"),
        ("bt_header_axon_status_message", "Success"),
        ("computed_body_hash", "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a"),
    ] {
        assert_eq!(reply.header(name), value, "{name}");
    }
    assert!(reply.header("bt_header_axon_process_time").parse::<f64>().unwrap() > 0.0);
    // Liam lies, and lazy does nothing.
    assert_ne!(Ask::dummy(&world.hotkey("liam")).send(world.door).body["dummy_output"], 6);
    assert_eq!(Ask::dummy(&world.hotkey("lazy")).send(world.door).body["dummy_output"], 3);
}

#[test]
fn the_compression_market_answers_with_bytes_that_unfold_to_the_text() {
    let world = World::start(Setup::of("hello-market"));
    let text = "the same words, the same words, the same words again".repeat(8);
    for (name, method) in [("zoe", Method::Zstd), ("brook", Method::Brotli), ("burt", Method::Bzip2)] {
        let ask = Ask::compress(&world.hotkey(name), &STANDARD.encode(&text));
        let body = ask.send(world.door).body;
        assert_eq!(body["method"], method.name(), "{body}");
        let packed = STANDARD.decode(body["packed"].as_str().unwrap()).unwrap();
        assert!(packed.len() < text.len());
        assert_eq!(codec::decompress(method, &packed, text.len()).unwrap(), text.as_bytes());
    }
}

#[test]
fn a_signature_in_tags_counts_and_the_base_synapse_greets() {
    let world = World::start(Setup::of("dummy"));
    let ask = Ask::dummy(&world.hotkey("dan"));
    let wrapped = format!("<Bytes>{}</Bytes>", ask.message());
    let signature = sr25519(&bob(), wrapped.as_bytes());
    assert_eq!(ask.with("bt_header_dendrite_signature", &signature).send(world.door).status, 200);
    let before = world.shared.head().number;
    let hello = Ask { path: "/Synapse".to_owned(), ..Ask::dummy(&world.hotkey("dan")) }.body("{}");
    let reply = hello.send(world.door);
    assert_eq!((reply.status, &reply.body["name"]), (200, &json!("Synapse")));
    assert_eq!(world.shared.head().number, before, "no block is needed to greet");
}

#[test]
fn many_ask_at_once_and_each_gets_its_own_answer() {
    let world = World::start(Setup {
        pace: Pace::Interval(std::time::Duration::from_millis(20)),
        ..Setup::of("dummy")
    });
    let (dan, dora) = (world.hotkey("dan"), world.hotkey("dora"));
    std::thread::scope(|scope| {
        let asks: Vec<_> = (0..40_i64)
            .map(|number| {
                let miner = if number % 2 == 0 { &dan } else { &dora };
                let id = format!("id-{number}");
                let ask = Ask::dummy(miner).with("bt_header_dendrite_uuid", &id).signed();
                let ask = ask.body(&format!("{{\"dummy_input\": {number}}}"));
                let door = world.door;
                (number, scope.spawn(move || ask.send(door)))
            })
            .collect();
        for (number, ask) in asks {
            let reply = ask.join().unwrap();
            assert_eq!((reply.status, &reply.body["dummy_output"]), (200, &json!(number * 2)), "{reply:?}");
        }
    });
}

#[test]
fn miners_announce_where_the_door_is() {
    let world = World::start(Setup::of("dummy"));
    let head = world.shared.head();
    let state = &head.sealed.as_ref().unwrap().state;
    let axon =
        |name: &str| state.subnet(chain::units::NetUid(1)).unwrap().axons.get(&world.keys(name).hot).cloned();
    for name in ["dan", "dora", "lazy", "liam"] {
        let axon = axon(name).unwrap();
        assert_eq!((axon.ip, axon.ip_type, axon.port), (0x7f00_0002, 4, world.door.port()), "{name}");
    }
    assert_eq!(axon("vera"), None);
}
