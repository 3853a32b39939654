//! A live chain with a cast and an open door, and HTTP by hand, so that what stands on the wire is tested.

use actors::context::{Keys, RunContext};
use actors::plan::Preset;
use chain::account::AccountId;
use chain::block::SignedExtrinsic;
use chain::call::RuntimeCall;
use chain::crypto::{Keypair, blake2_256};
use chain::ledger::Durability;
use localnet::access::Access;
use localnet::gateway::{Gateway, Opening, Port};
use localnet::node::{Choice, Engine, Order, Shared, Start, plan};
use localnet::pace::{Pace, unix_ns};
use localnet::scenario::Request;
use serde_json::Value as Json;
use sha3::{Digest as _, Sha3_256};
use std::io::{BufReader, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

/// Nothing in these tests takes that long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// What may differ from chain to chain.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    pub(crate) scenario: String,
    pub(crate) pace: Pace,
    pub(crate) registered_only: bool,
}

impl Setup {
    pub(crate) fn of(scenario: &str) -> Self {
        Self { scenario: scenario.to_owned(), pace: Pace::Automine, registered_only: false }
    }
}

/// A live chain with an open door, on a thread of its own until it is dropped.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) shared: Arc<Shared>,
    pub(crate) context: RunContext,
    pub(crate) door: SocketAddr,
    pub(crate) port: Port,
    thread: Option<JoinHandle<()>>,
}

impl World {
    /// The cast has registered, staked and announced its axons.
    pub(crate) fn start(setup: Setup) -> Self {
        let request = Request { scenario: setup.scenario, ..Request::default() };
        let choice = Choice {
            request: Some(request),
            seed: 1,
            preset: Preset::Market,
            block_time: Duration::from_millis(250),
            commit_reveal: false,
            beacon: false,
        };
        let (plan, members) = plan(&choice).unwrap();
        let start = Start {
            plan,
            members,
            store: None,
            durability: Durability::Buffered,
            pace: setup.pace,
            window: 4_096,
            pool_limit: 8_192,
            finality: 0,
            settle: None,
            threads: 0,
        };
        let registered_only = setup.registered_only;
        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let mut engine = Engine::start(start).unwrap();
            let ip = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
            let gateway = Gateway::open(
                &mut engine,
                Opening { ip, port: 0, registered_only, private_axons: false, access: Access::default() },
            )
            .unwrap();
            let (shared, context) = (Arc::clone(engine.shared()), engine.run().context().clone());
            sender.send((shared, context, gateway.address(), gateway.port().clone())).unwrap();
            engine.live(false, None).unwrap();
            gateway.close();
        });
        let (shared, context, door, port) = receiver.recv().expect("the engine starts");
        let world = Self { shared, context, door, port, thread: Some(thread) };
        world.mine(8);
        world
    }

    /// Seals blocks and gives the height.
    pub(crate) fn mine(&self, blocks: u64) -> u64 {
        let (sender, receiver) = mpsc::channel();
        self.shared.order(Order::Do(Box::new(move |engine| {
            sender.send(engine.mine(blocks, None).unwrap()).unwrap()
        })));
        receiver.recv_timeout(PATIENCE).expect("the engine lives")
    }

    pub(crate) fn keys(&self, name: &str) -> &Keys {
        self.context.keys(self.context.plan.actor(name).unwrap()).unwrap()
    }

    pub(crate) fn hotkey(&self, name: &str) -> String {
        self.keys(name).hot.to_ss58()
    }

    /// Sends a call; it waits for a block.
    #[track_caller]
    pub(crate) fn submit(&self, key: &Keypair, call: impl Into<RuntimeCall>) {
        let nonce = self.shared.next_nonce(&key.account());
        let extrinsic = SignedExtrinsic::sign(key, call.into(), nonce, &self.shared.genesis());
        self.shared.submit(&extrinsic.wire_bytes(), None).unwrap();
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.shared.order(Order::Stop);
        let ended = self.thread.take().map(JoinHandle::join);
        if !std::thread::panicking() {
            assert!(matches!(ended, Some(Ok(()))), "the engine ended in good order");
        }
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Json,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        let row = self.headers.iter().find(|(there, _)| there.eq_ignore_ascii_case(name));
        row.map_or("", |(_, value)| value.as_str())
    }
}

/// A request of a dendrite that nothing is wrong with, to be spoilt.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Ask {
    /// Asks for the double of 3.
    pub(crate) fn dummy(miner: &str) -> Self {
        Self::new("Dummy", miner, "{\"dummy_input\": 3}", &[], ("dummy_input", "MA=="))
    }

    /// Asks for a text in base64 to be compressed.
    pub(crate) fn compress(miner: &str, text: &str) -> Self {
        let body = format!("{{\"text\": \"{text}\"}}");
        Self::new("Compress", miner, &body, &[text], ("text", "IiI="))
    }

    fn new(name: &str, miner: &str, body: &str, hashed: &[&str], field: (&str, &str)) -> Self {
        let from = bob().account().to_ss58();
        let mut ask = Self {
            method: "POST".to_owned(),
            path: format!("/{name}"),
            headers: Vec::new(),
            body: body.to_owned(),
        };
        let id = format!("c0ffee00-0000-11f1-8000-{:012x}", unix_ns() & 0xffff_ffff_ffff);
        let rows = [
            ("content-type", "application/json"),
            ("name", name),
            ("timeout", "12.0"),
            ("bt_header_axon_hotkey", miner),
            ("bt_header_dendrite_version", "10005000"),
            ("bt_header_dendrite_nonce", &unix_ns().to_string()),
            ("bt_header_dendrite_uuid", &id),
            ("bt_header_dendrite_hotkey", &from),
            ("computed_body_hash", &body_hash(hashed)),
            (&format!("bt_header_input_obj_{}", field.0), field.1),
        ];
        for (name, value) in rows {
            ask = ask.with(name, value);
        }
        ask.signed()
    }

    /// With a header set; the signature is as it was.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(there, _)| there != name);
        self
    }

    pub(crate) fn body(mut self, body: &str) -> Self {
        body.clone_into(&mut self.body);
        self
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(there, _)| there == name).map_or("None", |(_, value)| value)
    }

    /// What a dendrite signs of these headers.
    pub(crate) fn message(&self) -> String {
        let part = |name: &str| self.header(&format!("bt_header_{name}")).to_owned();
        let hash = self.header("computed_body_hash");
        let (nonce, from, to) = (part("dendrite_nonce"), part("dendrite_hotkey"), part("axon_hotkey"));
        format!("{nonce}.{from}.{to}.{}.{hash}", part("dendrite_uuid"))
    }

    /// Signed for the headers as they are.
    pub(crate) fn signed(self) -> Self {
        let signature = sr25519(&bob(), self.message().as_bytes());
        self.with("bt_header_dendrite_signature", &signature)
    }

    #[track_caller]
    pub(crate) fn send(&self, to: SocketAddr) -> Reply {
        let mut stream = TcpStream::connect(to).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut head =
            format!("{} {} HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", self.body.len()));
        stream.write_all(head.as_bytes()).unwrap();
        // It may have been refused by its length alone.
        let _ = stream.write_all(self.body.as_bytes());
        let mut stream = BufReader::new(stream);
        let (start, headers) = head_of(&mut stream);
        let status = start.split(' ').nth(1).and_then(|code| code.parse().ok());
        let mut body = Vec::new();
        stream.read_to_end(&mut body).unwrap();
        let body = serde_json::from_slice(&body).unwrap_or(Json::Null);
        Reply { status: status.unwrap_or_else(|| panic!("no status in {start:?}")), headers, body }
    }
}

/// First line and headers of a message.
pub(crate) fn head_of(stream: &mut impl std::io::BufRead) -> (String, Vec<(String, String)>) {
    let mut line = || {
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    };
    let start = line();
    let rows = std::iter::from_fn(|| Some(line()).filter(|line| !line.is_empty()));
    let headers = rows.map(|row| {
        let (name, value) = row.split_once(':').unwrap_or_else(|| panic!("no header: {row:?}"));
        (name.to_lowercase(), value.trim().to_owned())
    });
    (start, headers.collect())
}

pub(crate) fn bob() -> Keypair {
    Keypair::dev("//Bob").unwrap()
}

pub(crate) fn sr25519(key: &Keypair, message: &[u8]) -> String {
    format!("0x{}", hex::encode(key.sign(message, blake2_256(message)).bytes()))
}

pub(crate) fn body_hash(texts: &[&str]) -> String {
    let sha3 = |text: &str| hex::encode(Sha3_256::digest(text.as_bytes()));
    sha3(&texts.iter().map(|text| sha3(text)).collect::<String>())
}

pub(crate) fn nobody() -> AccountId {
    AccountId::new([9; 32])
}
