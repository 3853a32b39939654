//! Validators of the cast ask an outside axon: what they send, and what becomes of what comes back.

use super::harness::{PATIENCE, Setup, World, bob, body_hash, head_of, nobody};
use actors::gate::Reply;
use chain::block::MultiSignature;
use chain::call::subtensor::Call;
use chain::crypto::{Keypair, verify};
use chain::units::NetUid;
use localnet::gateway::BODY_MAX;
use localnet::node::{Engine, Order};
use localnet::pace::{Pace, unix_ns};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::io::{BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::mpsc;

const NETUID: NetUid = NetUid(1);

/// A request as it came.
#[derive(Debug)]
struct Seen {
    start: String,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

/// An axon of somebody outside, which answers each request with the bytes that a function gives. Its thread ends with the
/// test.
fn axon(answer: impl Fn(&Json) -> Vec<u8> + Send + 'static) -> (SocketAddr, mpsc::Receiver<Seen>) {
    let listener = TcpListener::bind((Ipv4Addr::new(127, 0, 0, 3), 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let (start, headers) = head_of(&mut stream);
            if start.is_empty() {
                // The door was closed in the middle.
                continue;
            }
            let headers: BTreeMap<_, _> = headers.into_iter().collect();
            let length = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
            let mut body = vec![0; length];
            stream.read_exact(&mut body).unwrap();
            let reply = answer(&serde_json::from_slice(&body).unwrap());
            // It may have gone away in the middle.
            let _ = stream.get_mut().write_all(&reply);
            let _ = sender.send(Seen { start, headers, body });
        }
    });
    (address, receiver)
}

fn http(status: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn good(synapse: &Json) -> Vec<u8> {
    let double = synapse["dummy_input"].as_i64().unwrap() * 2;
    http("200 OK", json!({ "dummy_output": double }).to_string().as_bytes())
}

/// Registers an outsider and announces its axon.
fn join(world: &World, address: SocketAddr) -> Keypair {
    let key = Keypair::sr25519(&[7; 32]);
    world.submit(&bob(), Call::BurnedRegister { netuid: NETUID, hotkey: key.account() });
    world.mine(1);
    let SocketAddr::V4(address) = address else { panic!("{address}") };
    let serve = Call::ServeAxon {
        netuid: NETUID,
        version: 10_005_000,
        ip: u128::from(address.ip().to_bits()),
        port: address.port(),
        ip_type: 4,
        protocol: 4,
        placeholder1: 0,
        placeholder2: 0,
    };
    world.submit(&key, serve);
    world.mine(1);
    key
}

fn incentive(world: &World, key: &Keypair) -> u16 {
    let head = world.shared.head();
    let subnet = head.sealed.as_ref().unwrap().state.subnet(NETUID).unwrap();
    let uid = subnet.neurons.uid_of(&key.account()).unwrap();
    subnet.mechanisms[0].incentive[usize::from(uid)]
}

fn signature(text: &str) -> MultiSignature {
    let bytes = hex::decode(text.strip_prefix("0x").unwrap()).unwrap();
    MultiSignature::Sr25519(bytes.try_into().unwrap())
}

#[test]
fn a_validator_s_question_is_signed_in_both_dialects() {
    let world = World::start(Setup::of("dummy"));
    let (address, seen) = axon(good);
    let key = join(&world, address);
    world.mine(5);
    let Seen { start, headers, body } = seen.recv().unwrap();
    assert_eq!(start, "POST /Dummy HTTP/1.1");
    let get = |name: &str| headers.get(name).unwrap_or_else(|| panic!("no {name} in {headers:?}")).as_str();
    let synapse: Json = serde_json::from_slice(&body).unwrap();
    assert!((0..=100).contains(&synapse["dummy_input"].as_i64().unwrap()));
    assert_eq!((&synapse["dummy_output"], &synapse["name"]), (&Json::Null, &json!("Dummy")));
    assert_eq!(
        (get("name"), get("timeout"), get("bt_header_input_obj_dummy_input")),
        ("Dummy", "12.0", "MA==")
    );
    assert_eq!(get("computed_body_hash"), body_hash(&[]));

    let from = get("bt_header_dendrite_hotkey");
    assert!([world.hotkey("vera"), world.hotkey("victor")].iter().any(|hotkey| hotkey == from));
    let validator = from.parse().unwrap();
    let (to, nonce) = (key.account().to_ss58(), get("bt_header_dendrite_nonce"));
    assert_eq!(get("bt_header_axon_hotkey"), to);
    let age = unix_ns().abs_diff(nonce.parse().unwrap());
    assert!(age < 60_000_000_000, "{age}");
    let uuid = get("bt_header_dendrite_uuid");
    let message = format!("{nonce}.{from}.{to}.{uuid}.{}", body_hash(&[]));
    assert!(verify(&signature(get("bt_header_dendrite_signature")), message.as_bytes(), &validator));

    assert_eq!((get("x-bittensor-version"), get("x-bittensor-receiver")), ("1", to.as_str()));
    assert_eq!(headers.get("x-bittensor-crypto"), None);
    let digest = hex::encode(Sha256::digest(&body));
    let nonce = get("x-bittensor-nonce");
    let payload = format!("btauth/1\nsr25519\nPOST\n/Dummy\n{digest}\n{nonce}\n{from}\n{to}");
    assert!(verify(&signature(get("x-bittensor-signature")), payload.as_bytes(), &validator));
}

#[test]
fn an_outside_axon_that_answers_well_is_paid() {
    let world = World::start(Setup::of("dummy"));
    let (address, _seen) = axon(good);
    let key = join(&world, address);
    let paid = (0..200).any(|_| {
        mine_with_answers(&world);
        incentive(&world, &key) > 0
    });
    assert!(paid, "{:?}", world.port.excuse(&key.account()));
    let alpha = |world: &World| {
        let head = world.shared.head();
        let state = &head.sealed.as_ref().unwrap().state;
        chain::runtime::shares::stake(state, &key.account(), &bob().account(), NETUID)
    };
    assert!((0..200).any(|_| {
        mine_with_answers(&world);
        !alpha(&world).is_zero()
    }));
}

/// Seals a block, and waits for the answers to what it asked.
fn mine_with_answers(world: &World) {
    world.mine(1);
    world.port.settle();
}

/// Mines until an outsider is known not to have answered, and why.
#[track_caller]
fn excuse(answer: impl Fn(&Json) -> Vec<u8> + Send + 'static) -> String {
    let world = World::start(Setup::of("dummy"));
    let (address, _seen) = axon(answer);
    let key = join(&world, address);
    let why = (0..200).find_map(|_| {
        mine_with_answers(&world);
        world.port.excuse(&key.account())
    });
    assert_eq!(incentive(&world, &key), 0);
    why.expect("it is known why")
}

#[test]
fn what_cannot_be_read_is_no_answer_and_the_reason_is_known() {
    assert_eq!(excuse(|_| http("200 OK", b"[1]")), "its answer is no JSON object");
    assert!(excuse(|_| http("200 OK", b"{")).starts_with("its answer is no JSON: "));
    assert_eq!(excuse(|_| http("200 OK", b"{}")), "its answer is of no use: it has no dummy_output");
    assert_eq!(
        excuse(|_| http("200 OK", b"{\"dummy_output\": null}")),
        "its answer is of no use: it has no dummy_output"
    );
    assert_eq!(
        excuse(|_| http("200 OK", b"{\"dummy_output\": \"many\"}")),
        "its answer is of no use: dummy_output is no whole number of 64 bits"
    );
}

#[test]
fn refusals_of_the_axon_are_passed_on_in_its_words() {
    assert_eq!(
        excuse(|_| http("403 Forbidden", b"{\"message\": \"Forbidden. Key is blacklisted: no.\"}")),
        "status 403: Forbidden. Key is blacklisted: no."
    );
    let long = json!({ "message": "x".repeat(5_000) }).to_string();
    assert_eq!(excuse(move |_| http("500 Oh", long.as_bytes())), format!("status 500: {}", "x".repeat(200)));
    // Nobody is followed anywhere.
    assert_eq!(
        excuse(|_| b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0\r\n\r\n".to_vec()),
        "status 302"
    );
}

#[test]
fn an_answer_is_bounded_before_it_is_read() {
    let bound = format!("its answer has more than {BODY_MAX} bytes");
    assert_eq!(excuse(|_| http("200 OK", &vec![b' '; BODY_MAX + 1])), bound);
    let early = excuse(|_| b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{".to_vec());
    assert!(early.starts_with("its answer ends early"), "{early}");
    assert!(!excuse(|_| b"no http at all\r\n\r\n".to_vec()).is_empty());
    assert!(!excuse(|_| Vec::new()).is_empty());
}

/// Between question and reply the chain went back: nobody has asked any more.
#[test]
fn a_reply_to_a_question_that_was_taken_back_is_not_let_in() {
    let world = World::start(Setup { pace: Pace::Manual, ..Setup::of("dummy") });
    let to = world.context.plan.actor("vera").unwrap();
    let (sender, receiver) = mpsc::channel();
    world.shared.order(Order::Do(Box::new(move |engine| {
        let reply = || Reply { to, from: nobody(), round: 1, outcome: Err("it is gone".to_owned()) };
        let place = |engine: &Engine| {
            let head = engine.shared().head();
            (head.number, head.hash)
        };
        engine.snapshot(Some("base".to_owned())).unwrap();
        engine.mine(1, None).unwrap();
        let asked_in = place(engine);
        engine.revert("base").unwrap();
        let let_in = |engine: &mut Engine, asked_in| {
            engine.outsider_replied(reply(), asked_in);
            !engine.run().gate().is_empty()
        };
        let beyond = let_in(engine, asked_in);
        engine.increase_time(5_000);
        engine.mine(1, None).unwrap();
        let now_in = place(engine);
        assert_eq!(now_in.0, asked_in.0, "another block of the same height");
        sender.send([beyond, let_in(engine, asked_in), let_in(engine, now_in)]).unwrap();
    })));
    assert_eq!(receiver.recv_timeout(PATIENCE).expect("the engine lives"), [false, false, true]);
}

#[test]
fn an_axon_where_nobody_listens() {
    let world = World::start(Setup::of("dummy"));
    let gone = TcpListener::bind((Ipv4Addr::new(127, 0, 0, 3), 0)).unwrap().local_addr().unwrap();
    let key = join(&world, gone);
    let why = (0..200).find_map(|_| {
        mine_with_answers(&world);
        world.port.excuse(&key.account())
    });
    let why = why.expect("it is known why");
    assert!(why.starts_with(&format!("{gone}: ")), "{why}");
}

/// An outsider that registers an address of the network behind this machine makes no validator post there.
#[test]
fn an_axon_at_a_private_address_is_not_asked() {
    let world = World::start(Setup::of("dummy"));
    let metadata = SocketAddr::from((Ipv4Addr::new(169, 254, 169, 254), 80));
    let key = join(&world, metadata);
    let why = (0..200).find_map(|_| {
        mine_with_answers(&world);
        world.port.excuse(&key.account())
    });
    let expected = "169.254.169.254:80 is a private address, which is asked only with --axon-allow-private";
    assert_eq!(why.as_deref(), Some(expected));
}
