//! The dialect of SDK 11.x: any HTTP request, signed by a hotkey (`btauth/1`).
//!
//! The path is the synapse's name, the body a JSON object of the question's fields, the answer the same object with those
//! of the answer. Codes: 401 for what is not authentic, 403 for what is meant for somebody else, as the SDK advises.
//! **Source**: spec/clients.md section 4.

use super::{Inner, fields, lock};
use crate::gateway::axon::Refusal;
use actors::mechanism::Mechanism;
use actors::message::{Answer, Payload};
use chain::account::AccountId;
use chain::block::MultiSignature;
use chain::crypto::{self, Keypair, blake2_256};
use hyper::HeaderMap;
use serde_json::{Map, Value as Json};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeSet, VecDeque};

/// First line of what is signed.
const PROTOCOL: &str = "btauth/1";
/// How old a nonce may be. **Units**: nanoseconds.
const AGE_MAX_NS: i128 = 10_000_000_000;
/// How far ahead of our clock a nonce may be. **Units**: nanoseconds.
const AHEAD_MAX_NS: i128 = 2_000_000_000;
/// In place of a receiver that is not named.
const NO_RECEIVER: &str = "-";

/// Nonces that were taken, as long as their window lasts.
#[derive(Debug, Default)]
pub(super) struct Seen {
    taken: BTreeSet<(AccountId, i128)>,
    order: VecDeque<(i128, (AccountId, i128))>,
}

impl Seen {
    /// Takes a nonce; false when it was taken before.
    fn take(&mut self, from: AccountId, nonce: i128, now: i128) -> bool {
        while let Some((until, key)) = self.order.front().copied().filter(|(until, _)| *until < now) {
            let _ = until;
            self.taken.remove(&key);
            self.order.pop_front();
        }
        let new = self.taken.insert((from, nonce));
        if new {
            let until = now.saturating_add(AGE_MAX_NS).saturating_add(AHEAD_MAX_NS);
            self.order.push_back((until, (from, nonce)));
        }
        new
    }
}

/// What is signed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Payloaded<'a> {
    pub(super) scheme: &'a str,
    pub(super) method: &'a str,
    pub(super) target: &'a str,
    pub(super) body: &'a [u8],
    pub(super) nonce: i128,
    pub(super) from: &'a str,
    pub(super) to: Option<&'a str>,
}

impl Payloaded<'_> {
    pub(super) fn bytes(&self) -> Vec<u8> {
        let digest = hex::encode(Sha256::digest(self.body));
        let (method, nonce) = (self.method.to_uppercase(), self.nonce.to_string());
        let receiver = self.to.unwrap_or(NO_RECEIVER);
        [PROTOCOL, self.scheme, &method, self.target, &digest, &nonce, self.from, receiver]
            .join("\n")
            .into_bytes()
    }
}

/// Headers by which a key of the cast signs a request.
pub(super) fn sign(
    key: &Keypair,
    method: &str,
    target: &str,
    body: &[u8],
    nonce: u64,
    to: &str,
) -> Vec<(&'static str, String)> {
    let from = key.account().to_ss58();
    let scheme = match key {
        Keypair::Ed25519(_) => "ed25519",
        Keypair::Sr25519(_) => "sr25519",
    };
    let payload = Payloaded { scheme, method, target, body, nonce: nonce.into(), from: &from, to: Some(to) };
    let bytes = payload.bytes();
    let signature = key.sign(&bytes, blake2_256(&bytes));
    let mut headers = vec![
        ("x-bittensor-version", "1".to_owned()),
        ("x-bittensor-hotkey", from.clone()),
        ("x-bittensor-receiver", to.to_owned()),
        ("x-bittensor-nonce", nonce.to_string()),
        ("x-bittensor-signature", format!("0x{}", hex::encode(signature.bytes()))),
    ];
    if scheme != "sr25519" {
        headers.push(("x-bittensor-crypto", scheme.to_owned()));
    }
    headers
}

/// Whether a request speaks this dialect.
pub(super) fn speaks(headers: &HeaderMap) -> bool {
    !headers.contains_key("bt_header_dendrite_hotkey")
        && ["x-bittensor-version", "x-bittensor-hotkey", "x-bittensor-receiver", "x-bittensor-signature"]
            .iter()
            .any(|name| headers.contains_key(*name))
}

/// A request that may be answered.
#[derive(Debug)]
pub(super) struct Admitted<'a> {
    pub(super) from: AccountId,
    pub(super) miner: AccountId,
    pub(super) market: &'a dyn Mechanism,
    pub(super) task: Payload,
    pub(super) body: Map<String, Json>,
}

/// A request as it came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Raw<'a> {
    pub(super) method: &'a str,
    /// Path and query as they were sent.
    pub(super) target: &'a str,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
}

/// Decides on a request: headers, receiver, freshness, signature, replay, then what is asked.
pub(super) fn admit<'a>(inner: &'a Inner, raw: Raw<'_>, now_ns: u64) -> Result<Admitted<'a>, Refusal> {
    let (from, miner) = verify(inner, raw, now_ns)?;
    let Some((netuid, market)) = inner.miner(&miner) else {
        return Err(Refusal::new(403, "request was signed for a different receiving hotkey"));
    };
    if !inner.may_ask(netuid, &from) {
        return Err(Refusal::new(403, format!("{from} is not registered on subnet {netuid}")));
    }
    let path = raw.target.split('?').next().unwrap_or_default();
    let form = market.form();
    if path.strip_prefix('/') != Some(form.name) {
        return Err(Refusal::new(
            404,
            format!("{path} is not answered here; this miner answers /{}", form.name),
        ));
    }
    if raw.method != "POST" {
        return Err(Refusal::new(405, "a question is sent with POST"));
    }
    let object = match serde_json::from_slice(raw.body) {
        Ok(Json::Object(object)) => object,
        Ok(_) => return Err(Refusal::new(400, "the body is no JSON object")),
        Err(error) => return Err(Refusal::new(400, format!("the body is no JSON: {error}"))),
    };
    let values = fields::read(form.question, &object).map_err(|why| Refusal::new(400, why))?;
    let task = market.read_question(&values).map_err(|why| Refusal::new(400, why.to_string()))?;
    Ok(Admitted { from, miner, market, task, body: object })
}

fn verify(inner: &Inner, raw: Raw<'_>, now_ns: u64) -> Result<(AccountId, AccountId), Refusal> {
    let header = |name: &str| raw.headers.get(name).and_then(|value| value.to_str().ok());
    let malformed = |why: &str| Refusal::new(401, why);
    if header("x-bittensor-version") != Some("1") {
        return Err(malformed("missing or unsupported X-Bittensor-Version (expected '1')"));
    }
    let from_text = header("x-bittensor-hotkey").filter(|text| !text.is_empty());
    let from_text = from_text.ok_or_else(|| malformed("missing X-Bittensor-Hotkey"))?;
    let nonce = header("x-bittensor-nonce").ok_or_else(|| malformed("missing X-Bittensor-Nonce"))?;
    let nonce: i128 =
        nonce.trim().parse().map_err(|_| malformed("X-Bittensor-Nonce is not a decimal integer"))?;
    let scheme = header("x-bittensor-crypto").unwrap_or("sr25519");
    if !["sr25519", "ed25519"].contains(&scheme) {
        return Err(malformed("unsupported X-Bittensor-Crypto"));
    }
    let signature =
        header("x-bittensor-signature").ok_or_else(|| malformed("missing X-Bittensor-Signature"))?;
    let signature = hex::decode(signature.strip_prefix("0x").unwrap_or(signature))
        .map_err(|_| malformed("X-Bittensor-Signature is not hex"))?;
    let Some(to_text) = header("x-bittensor-receiver") else {
        let why = "missing X-Bittensor-Receiver: this server requires receiver-bound requests";
        return Err(Refusal::new(403, why));
    };
    let miner: Option<AccountId> = to_text.parse().ok().filter(|miner| inner.miner(miner).is_some());
    let Some(miner) = miner else {
        return Err(Refusal::new(403, "request was signed for a different receiving hotkey"));
    };
    let now = i128::from(now_ns);
    if now.saturating_sub(nonce) > AGE_MAX_NS {
        return Err(Refusal::new(401, "nonce is older than the 10s freshness window"));
    }
    if nonce.saturating_sub(now) > AHEAD_MAX_NS {
        return Err(Refusal::new(401, "nonce is more than 2s in the future"));
    }
    let encoding = || malformed("invalid hotkey address or signature encoding");
    let from: AccountId = from_text.parse().map_err(|_| encoding())?;
    let bytes: [u8; 64] = signature.try_into().map_err(|_| encoding())?;
    let signature = match scheme {
        "ed25519" => MultiSignature::Ed25519(bytes),
        _ => MultiSignature::Sr25519(bytes),
    };
    let (method, target, body) = (raw.method, raw.target, raw.body);
    let payload = Payloaded { scheme, method, target, body, nonce, from: from_text, to: Some(to_text) };
    if !crypto::verify(&signature, &payload.bytes(), &from) {
        return Err(Refusal::new(401, "signature does not verify against the claimed hotkey"));
    }
    // Only what is authentic is remembered, so that nobody can use up another's nonces.
    if !lock(&inner.seen).take(from, nonce, now) {
        return Err(Refusal::new(401, "this nonce was already accepted from this hotkey"));
    }
    Ok((from, miner))
}

/// The object that goes back: what came, and the answer.
pub(super) fn filled(admitted: &Admitted<'_>, answer: &Answer) -> Json {
    let mut body = admitted.body.clone();
    fields::write(admitted.market.form().answer, admitted.market.tell(answer), &mut body);
    body.into()
}
