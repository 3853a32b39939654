//! The dialect of axon and dendrite, as bittensor 10.5.0 speaks it, from the side that is asked.
//!
//! A request names its synapse in the path and carries who asks, of whom, a nonce and a signature in headers; its body is
//! the whole synapse in JSON. Codes and texts of refusals are those of the real axon for the same request
//! (`localnet/tests/suite/gateway/refusals.rs` has the table).
//!
//! **Differs**: many axons share one port here, so `bt_header_axon_hotkey` must name the miner (400 without it); a body
//! beyond [`super::BODY_MAX`] is 413 and too many waiting questions are 503, where the real axon has no bounds; a
//! miner's answer that does not come in time is 408.

use super::{Inner, fields, lock};
use actors::mechanism::Mechanism;
use actors::mechanism::form::SynapseSchema;
use actors::message::{Answer, Payload};
use chain::account::{AccountId, ParseAccountError};
use chain::block::MultiSignature;
use chain::crypto;
use hyper::HeaderMap;
use serde_json::{Map, Value as Json, json};
use sha3::{Digest as _, Sha3_256};
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Display;

/// The version that is spoken, as the SDK counts it.
pub(super) const VERSION: u32 = 10_005_000;
/// From this version on nonces are times. **Source**: the SDK's axon.
const TIMED_NONCES: i128 = 7_002_000;
/// How old a first nonce may be beyond the timeout. **Units**: nanoseconds.
const NONCE_WINDOW_NS: f64 = 4e9;
/// Callers whose last nonce is remembered, for each of our miners together.
const CALLERS_MAX: usize = 65_536;
/// The synapse that every axon has.
const BASE: &str = "Synapse";

/// The last nonce of each caller, by miner, hotkey and the caller's own id.
#[derive(Debug, Default)]
pub(super) struct Nonces {
    last: BTreeMap<Caller, i128>,
    order: VecDeque<Caller>,
}

type Caller = (AccountId, String, String);

impl Nonces {
    fn store(&mut self, caller: Caller, nonce: i128) {
        if self.last.insert(caller.clone(), nonce).is_none() {
            self.order.push_back(caller);
        }
        // A caller that is forgotten here must come with a nonce of these seconds again.
        while self.order.len() > CALLERS_MAX {
            if let Some(oldest) = self.order.pop_front() {
                self.last.remove(&oldest);
            }
        }
    }
}

/// Why a request is not answered.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Refusal {
    /// Status of HTTP.
    pub(super) code: u16,
    /// The body.
    pub(super) body: Json,
    /// What the headers say of the axon.
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(code: u16, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code, body: json!({ "message": message }), message }
    }

    /// What the axon says when something went wrong that it has no words for; the log has them.
    fn internal(why: impl Display) -> Self {
        let id = super::dendrite::uuid(&format!("{why} {}", crate::pace::unix_ns()));
        tracing::debug!(id, %why, "a request from outside cannot be read");
        Self::new(500, format!("Internal Server Error #{id}"))
    }

    fn unverified(why: impl Display) -> Self {
        Self::new(401, format!("Not Verified with error: {why}"))
    }

    fn detail(code: u16, detail: Json) -> Self {
        Self { code, body: json!({ "detail": detail }), message: String::new() }
    }
}

/// What a request's headers say.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    pub(super) name: String,
    pub(super) timeout: Option<f64>,
    axon_hotkey: Option<String>,
    version: Option<i128>,
    nonce: Option<i128>,
    uuid: Option<String>,
    hotkey: Option<String>,
    signature: Option<String>,
    body_hash: Option<String>,
}

/// A request that may be answered.
#[derive(Debug)]
pub(super) struct Admitted<'a> {
    pub(super) head: Head,
    pub(super) from: AccountId,
    pub(super) miner: AccountId,
    pub(super) market: &'a dyn Mechanism,
    /// `None` for the base synapse, which only greets.
    pub(super) task: Option<Payload>,
    /// The body as it came.
    pub(super) body: Map<String, Json>,
}

/// A request as it came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Raw<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
}

/// Decides on a request, in the real axon's order: name, headers, blacklist, signature, body.
pub(super) fn admit<'a>(inner: &'a Inner, raw: Raw<'_>, now_ns: u64) -> Result<Admitted<'a>, Refusal> {
    let name = raw.path.split('/').nth(1).unwrap_or_default();
    let asked = header(raw.headers, "bt_header_axon_hotkey");
    let miner = asked.as_deref().and_then(|text| text.parse::<AccountId>().ok());
    let found = miner.and_then(|miner| Some((miner, inner.miner(&miner)?)));
    let forms: Vec<&SynapseSchema> = match &found {
        Some((_, (_, market))) => vec![market.form()],
        None => inner.context.markets().map(|(_, market)| market.form()).collect(),
    };
    let form = forms.iter().find(|form| form.name == name);
    if form.is_none() && name != BASE {
        let mut names = vec![format!("'{BASE}'")];
        names.extend(forms.iter().map(|form| format!("'{}'", form.name)));
        let names = names.join(", ");
        return Err(Refusal::new(
            404,
            format!("Synapse name '{name}' not found. Available synapses [{names}]"),
        ));
    }
    let head = Head::read(name, raw.headers, form.copied())?;
    let Some((miner, (netuid, market))) = found else {
        return Err(match &head.axon_hotkey {
            None => Refusal::new(400, "bt_header_axon_hotkey is missing: it names the miner that is asked"),
            Some(hotkey) => Refusal::unverified(format!(
                "{hotkey}, for whom this was signed, is no miner that answers here"
            )),
        });
    };
    if inner.registered_only
        && let Some(hotkey) = &head.hotkey
        && !hotkey.parse().is_ok_and(|hotkey: AccountId| inner.may_ask(netuid, &hotkey))
    {
        let why = format!("{hotkey} is not registered on subnet {netuid}");
        return Err(Refusal::new(403, format!("Forbidden. Key is blacklisted: {why}.")));
    }
    let from = verify(inner, &head, miner, now_ns)?;
    let (task, body) = read_body(&raw, &head, market, name)?;
    Ok(Admitted { head, from, miner, market, task, body })
}

impl Head {
    fn read(name: &str, headers: &HeaderMap, form: Option<&SynapseSchema>) -> Result<Self, Refusal> {
        let text = |name: &str| header(headers, name);
        // Everything that is a number must be one, whether it is used or not.
        for end in ["axon", "dendrite"] {
            for field in ["status_code", "port", "version", "nonce"] {
                integer(headers, &format!("bt_header_{end}_{field}"))?;
            }
            float(headers, &format!("bt_header_{end}_process_time"))?;
        }
        integer(headers, "header_size")?;
        integer(headers, "total_size")?;
        for field in form.iter().flat_map(|form| form.question) {
            let name = format!("bt_header_input_obj_{}", field.name);
            if !text(&name).is_some_and(|value| fields::header_fits(field.kind, &value)) {
                return Err(Refusal::internal(format!("the header {name} holds no value of its field")));
            }
        }
        Ok(Self {
            name: name.to_owned(),
            timeout: float(headers, "timeout")?,
            axon_hotkey: text("bt_header_axon_hotkey"),
            version: integer(headers, "bt_header_dendrite_version")?,
            nonce: integer(headers, "bt_header_dendrite_nonce")?,
            uuid: text("bt_header_dendrite_uuid"),
            hotkey: text("bt_header_dendrite_hotkey"),
            signature: text("bt_header_dendrite_signature"),
            body_hash: text("computed_body_hash"),
        })
    }
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn integer(headers: &HeaderMap, name: &str) -> Result<Option<i128>, Refusal> {
    header(headers, name)
        .map(|text| {
            let number = text.trim().parse();
            number
                .map_err(|_| Refusal::internal(format!("the header {name} holds `{text}`, no whole number")))
        })
        .transpose()
}

fn float(headers: &HeaderMap, name: &str) -> Result<Option<f64>, Refusal> {
    header(headers, name)
        .map(|text| {
            let number = text.trim().parse();
            number.map_err(|_| Refusal::internal(format!("the header {name} holds `{text}`, no number")))
        })
        .transpose()
}

/// What is signed: nonce, who asks, who is asked, the caller's id and the body hash; what is not there reads `None`.
pub(super) fn message(
    nonce: impl Display,
    from: &str,
    to: &str,
    uuid: Option<&str>,
    hash: Option<&str>,
) -> String {
    format!("{nonce}.{from}.{to}.{}.{}", uuid.unwrap_or("None"), hash.unwrap_or("None"))
}

fn verify(inner: &Inner, head: &Head, miner: AccountId, now_ns: u64) -> Result<AccountId, Refusal> {
    let Some(hotkey) = &head.hotkey else {
        return Err(Refusal::unverified("No SS58 formatted address or public key provided."));
    };
    let from = ss58(hotkey).map_err(|why| Refusal::unverified(format!("Invalid SS58 address: {why}")))?;
    let Some(nonce) = head.nonce else { return Err(Refusal::unverified("Missing Nonce")) };
    let caller = (miner, hotkey.clone(), head.uuid.clone().unwrap_or_default());
    let last = lock(&inner.nonces).last.get(&caller).copied();
    if last.is_none() && head.version.is_some_and(|version| version >= TIMED_NONCES) {
        let timeout_ns = head.timeout.unwrap_or(0.0) * 1e9;
        if nonce as f64 <= now_ns as f64 - NONCE_WINDOW_NS - timeout_ns {
            return Err(Refusal::unverified(format!(
                "Nonce is too old: acceptable delta is {:.2} seconds but request was {:.2} seconds old",
                (NONCE_WINDOW_NS + timeout_ns) / 1e9,
                (i128::from(now_ns).saturating_sub(nonce)) as f64 / 1e9
            )));
        }
    }
    if last.is_some_and(|last| nonce <= last) {
        return Err(Refusal::unverified("Nonce is too old, a newer one was last processed"));
    }
    let Some(signature) = head.signature.as_deref().filter(|signature| !signature.is_empty()) else {
        return Err(Refusal::unverified("Missing Signature"));
    };
    let signed = message(nonce, hotkey, &miner.to_ss58(), head.uuid.as_deref(), head.body_hash.as_deref());
    let bytes = hex::decode(signature.strip_prefix("0x").unwrap_or(signature))
        .map_err(|error| Refusal::unverified(format!("Invalid hex string: {error:?}")))?;
    let Ok(bytes) = <[u8; 64]>::try_from(bytes) else {
        return Err(Refusal::unverified("Invalid SR25519 signature."));
    };
    if !signed_by(&from, &signed, bytes) {
        return Err(Refusal::unverified(format!("Signature mismatch with {signed} and {signature}")));
    }
    lock(&inner.nonces).store(caller, nonce);
    Ok(from)
}

/// Wallets in browsers put what they sign into a pair of tags.
fn signed_by(signer: &AccountId, text: &str, signature: [u8; 64]) -> bool {
    let signature = MultiSignature::Sr25519(signature);
    let wrapped = format!("<Bytes>{text}</Bytes>");
    [text, &wrapped].iter().any(|text| crypto::verify(&signature, text.as_bytes(), signer))
}

fn ss58(text: &str) -> Result<AccountId, &'static str> {
    if text.starts_with("0x") {
        return Err("Base 58 requirement is violated");
    }
    text.parse().map_err(|error| match error {
        ParseAccountError::Shape(_) => "Length is bad",
        ParseAccountError::Checksum(_) => "Invalid checksum",
        ParseAccountError::Prefix(..) => "Unknown version",
    })
}

type Body = (Option<Payload>, Map<String, Json>);

fn read_body(raw: &Raw<'_>, head: &Head, market: &dyn Mechanism, name: &str) -> Result<Body, Refusal> {
    if raw.path.split('/').nth(2).is_some() {
        return Err(Refusal::detail(404, "Not Found".into()));
    }
    if !["GET", "POST"].contains(&raw.method) {
        return Err(Refusal::detail(405, "Method Not Allowed".into()));
    }
    if raw.body.is_empty() {
        return Err(Refusal::internal("the body is empty"));
    }
    let kind = header(raw.headers, "content-type").unwrap_or_default();
    if !kind.starts_with("application/json") {
        return Err(Refusal::internal(format!("the content type is {kind:?}")));
    }
    let body: Json = serde_json::from_slice(raw.body).map_err(|error| {
        let place = error.column().saturating_sub(1);
        let detail = json!([{
            "type": "json_invalid", "loc": ["body", place], "msg": "JSON decode error", "input": {},
            "ctx": { "error": error.to_string() }
        }]);
        Refusal::detail(422, detail)
    })?;
    let Json::Object(object) = body else { return Err(Refusal::internal("the body is no JSON object")) };
    let (hashed, task) = match name {
        BASE => (&[][..], None),
        _ => {
            let form = market.form();
            let values = fields::read(form.question, &object).map_err(Refusal::internal)?;
            (form.hashed, Some(market.read_question(&values).map_err(Refusal::internal)?))
        }
    };
    let parsed = body_hash(hashed, &object);
    let said = head.body_hash.as_deref().unwrap_or_default();
    if parsed != said {
        return Err(Refusal::internal(format!("the body's hash is {parsed}, the header says {said}")));
    }
    Ok((task, object))
}

/// SHA3-256 over the hashes of the texts of some fields, in hex; of nothing when there are none.
pub(super) fn body_hash(hashed: &[&str], object: &Map<String, Json>) -> String {
    let sha3 = |bytes: &[u8]| hex::encode(Sha3_256::digest(bytes));
    let texts = hashed.iter().map(|name| match object.get(*name) {
        Some(Json::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => "None".to_owned(),
    });
    sha3(texts.map(|text| sha3(text.as_bytes())).collect::<String>().as_bytes())
}

/// The synapse that goes back: what came, and the answer.
pub(super) fn filled(admitted: &Admitted<'_>, answer: Option<&Answer>, took_s: f64) -> Json {
    let mut body = admitted.body.clone();
    body.insert("name".to_owned(), admitted.head.name.clone().into());
    let axon = json!({ "status_code": 200, "status_message": "Success", "process_time": took_s });
    body.insert("axon".to_owned(), axon);
    if let Some(answer) = answer {
        fields::write(admitted.market.form().answer, admitted.market.tell(answer), &mut body);
    }
    body.into()
}

/// Headers of an answer.
pub(super) fn headers(head: Option<&Head>, code: u16, message: &str, took_s: f64) -> Vec<(String, String)> {
    let default = Head { name: BASE.to_owned(), timeout: Some(12.0), ..Head::default() };
    let head = head.unwrap_or(&default);
    let mut rows = vec![
        ("name".to_owned(), head.name.clone()),
        ("timeout".to_owned(), head.timeout.map_or("None".to_owned(), |timeout| format!("{timeout:?}"))),
        ("bt_header_axon_status_code".to_owned(), code.to_string()),
        ("bt_header_axon_status_message".to_owned(), message.to_owned()),
        ("bt_header_axon_process_time".to_owned(), took_s.to_string()),
        ("bt_header_axon_version".to_owned(), VERSION.to_string()),
    ];
    let echoed = [
        ("bt_header_axon_hotkey", &head.axon_hotkey),
        ("bt_header_dendrite_uuid", &head.uuid),
        ("bt_header_dendrite_hotkey", &head.hotkey),
        ("bt_header_dendrite_signature", &head.signature),
    ];
    let some = |(name, value): (&str, &Option<String>)| value.clone().map(|value| (name.to_owned(), value));
    rows.extend(echoed.into_iter().filter_map(some));
    rows.extend(head.nonce.map(|nonce| ("bt_header_dendrite_nonce".to_owned(), nonce.to_string())));
    rows.extend(head.version.map(|version| ("bt_header_dendrite_version".to_owned(), version.to_string())));
    let size: usize = rows.iter().map(|(name, value)| name.len().saturating_add(value.len())).sum();
    rows.push(("header_size".to_owned(), size.to_string()));
    rows.push(("total_size".to_owned(), size.to_string()));
    rows.push(("computed_body_hash".to_owned(), head.body_hash.clone().unwrap_or_default()));
    rows
}
