//! Asking outside axons. One request speaks both dialects at once: the body is a whole synapse, the headers carry the
//! signature of a dendrite and that of `btauth/1`, so that nobody needs to know what a miner was built with.
//!
//! Whatever comes back is an outsider's word: its length is bounded, and what cannot be read is no answer.

use super::axon::{VERSION, body_hash, message};
use super::{BODY_MAX, Inner, JSON_MAX, btauth, fields};
use crate::access::is_private;
use crate::json::memory_of;
use crate::pace::unix_ns;
use actors::gate::{QUERY_TIMEOUT_MS, Reply};
use actors::mechanism::Mechanism;
use actors::message::{Answer, Payload};
use actors::plan::ActorId;
use chain::account::AccountId;
use chain::block::Hash;
use chain::crypto::{Keypair, blake2_256};
use chain::units::{BlockNumber, NetUid};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST};
use hyper::{Request, Response, body::Incoming};
use hyper_util::rt::TokioIo;
use serde_json::{Map, Value as Json, json};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;

/// Ids that a validator uses in turn: an axon refuses nonces of one id that come out of order, and two questions to one
/// axon may overtake each other.
const LANES: u64 = 64;
/// How much of an axon's own words the log gets.
const WORDS_MAX: usize = 200;

/// A question of a validator of the cast to somebody outside.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) validator: ActorId,
    pub(super) hotkey: AccountId,
    pub(super) netuid: NetUid,
    pub(super) round: u64,
    pub(super) task: Payload,
    pub(super) address: Option<SocketAddr>,
    pub(super) asked_in: (BlockNumber, Hash),
}

impl Question {
    pub(super) fn reply(&self, outcome: Result<Answer, String>) -> Reply {
        Reply { to: self.validator, from: self.hotkey, round: self.round, outcome }
    }
}

/// Asks, and waits for the answer as long as the protocol does.
pub(super) async fn ask(inner: &Inner, question: &Question) -> Result<Answer, String> {
    let market = inner.context.market(question.netuid).ok_or("its subnet has no market")?;
    let key = &inner.context.keys(question.validator).ok_or("the validator has no key")?.hotkey;
    let address = question.address.filter(|address| address.port() != 0).ok_or("it serves no axon")?;
    if !inner.private_axons && is_private(address.ip()) {
        return Err(format!("{address} is a private address, which is asked only with --axon-allow-private"));
    }
    let request = request(question, market, key, address).map_err(|error| error.to_string())?;
    let limit = Duration::from_millis(QUERY_TIMEOUT_MS);
    match tokio::time::timeout(limit, exchange(address, request)).await {
        Ok(body) => read(market, &body?),
        Err(_) => Err(format!("no answer within {} seconds", QUERY_TIMEOUT_MS / 1_000)),
    }
}

fn request(
    question: &Question,
    market: &dyn Mechanism,
    key: &Keypair,
    address: SocketAddr,
) -> Result<Request<Full<Bytes>>, hyper::http::Error> {
    let form = market.form();
    let timeout = format!("{:?}", Duration::from_millis(QUERY_TIMEOUT_MS).as_secs_f64());
    let (from, to) = (key.account().to_ss58(), question.hotkey.to_ss58());
    let id = uuid(&format!("{from} {}", question.round % LANES));
    let mut synapse = Map::new();
    fields::write(form.question, market.ask(&question.task), &mut synapse);
    fields::write(form.answer, Vec::new(), &mut synapse);
    let hash = body_hash(form.hashed, &synapse);
    let nonce = unix_ns();
    let signed = message(nonce, &from, &to, Some(&id), Some(&hash));
    let signature = key.sign(signed.as_bytes(), blake2_256(signed.as_bytes()));
    let signature = format!("0x{}", hex::encode(signature.bytes()));
    let (ip, port) = (address.ip().to_string(), address.port());
    let common = json!({
        "name": form.name, "timeout": Duration::from_millis(QUERY_TIMEOUT_MS).as_secs_f64(),
        "total_size": 0, "header_size": 0, "computed_body_hash": "",
        "dendrite": {
            "status_code": null, "status_message": null, "process_time": null, "ip": null, "port": null,
            "version": VERSION, "nonce": nonce, "uuid": id, "hotkey": from, "signature": signature
        },
        "axon": {
            "status_code": null, "status_message": null, "process_time": null, "ip": ip, "port": port,
            "version": null, "nonce": null, "uuid": null, "hotkey": to, "signature": null
        }
    });
    if let Json::Object(common) = common {
        synapse.extend(common);
    }
    let body = Json::Object(synapse).to_string().into_bytes();
    let target = format!("/{}", form.name);
    let mut request = Request::post(&target)
        .header(HOST, address.to_string())
        .header(CONTENT_TYPE, "application/json")
        .header(CONTENT_LENGTH, body.len())
        .header("name", form.name)
        .header("timeout", timeout)
        .header("bt_header_axon_ip", ip)
        .header("bt_header_axon_port", port)
        .header("bt_header_axon_hotkey", &to)
        .header("bt_header_dendrite_version", VERSION)
        .header("bt_header_dendrite_nonce", nonce)
        .header("bt_header_dendrite_uuid", id)
        .header("bt_header_dendrite_hotkey", from)
        .header("bt_header_dendrite_signature", signature)
        .header("header_size", "0")
        .header("total_size", body.len())
        .header("computed_body_hash", hash);
    for field in form.question {
        let name = format!("bt_header_input_obj_{}", field.name);
        request = request.header(name, fields::empty_header(field.kind));
    }
    for (name, value) in btauth::sign(key, "POST", &target, &body, nonce, &to) {
        request = request.header(name, value);
    }
    request.body(Full::new(Bytes::from(body)))
}

/// Sends a request on a connection of its own, follows nothing, and gives a good answer's body.
async fn exchange(address: SocketAddr, request: Request<Full<Bytes>>) -> Result<Bytes, String> {
    let stream = TcpStream::connect(address).await.map_err(|error| format!("{address}: {error}"))?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| format!("{address}: {error}"))?;
    // It ends with the sender, or with the other side.
    let connection = tokio::spawn(connection);
    let outcome = match sender.send_request(request).await {
        Ok(response) => whole(response).await,
        Err(error) => Err(format!("{address}: {error}")),
    };
    connection.abort();
    outcome
}

async fn whole(response: Response<Incoming>) -> Result<Bytes, String> {
    let status = response.status();
    let body = Limited::new(response.into_body(), BODY_MAX).collect().await;
    let body = body.map_err(|error| match error.downcast_ref::<http_body_util::LengthLimitError>() {
        Some(_) => format!("its answer has more than {BODY_MAX} bytes"),
        None => format!("its answer ends early: {error}"),
    })?;
    let body = body.to_bytes();
    if memory_of(&body) > JSON_MAX {
        return Err("its answer holds too many values".to_owned());
    }
    if status.as_u16() == 200 {
        return Ok(body);
    }
    let words: Option<String> = serde_json::from_slice::<Json>(&body).ok().and_then(|json| {
        json.get("message")
            .and_then(Json::as_str)
            .map(|text| text.chars().filter(|c| !c.is_control()).take(WORDS_MAX).collect())
    });
    Err(match words {
        Some(words) => format!("status {}: {words}", status.as_u16()),
        None => format!("status {}", status.as_u16()),
    })
}

fn read(market: &dyn Mechanism, body: &[u8]) -> Result<Answer, String> {
    let json = serde_json::from_slice(body).map_err(|error| format!("its answer is no JSON: {error}"))?;
    let Json::Object(object) = json else { return Err("its answer is no JSON object".to_owned()) };
    let values = fields::read(market.form().answer, &object)
        .map_err(|why| format!("its answer is of no use: {why}"))?;
    market.read_answer(&values).map_err(|why| format!("its answer is of no use: {why}"))
}

/// An id in the form that clients give theirs, from a text.
pub(super) fn uuid(text: &str) -> String {
    let hex = hex::encode(blake3::hash(text.as_bytes()).as_bytes());
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}
