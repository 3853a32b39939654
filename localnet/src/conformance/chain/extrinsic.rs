//! An encoded extrinsic: what it weighs and costs, whether it is valid, and its result.

use super::difference::{Difference, Kind};
use super::input::HexBytes;
use super::machine::{Machine, result_of};
use super::more::Info;
use chain::block::{Extrinsic, Hash};
use chain::call::RuntimeCall;
use chain::runtime::{OpenBlock, Validity, call_info, call_info_of_bytes};
use chain::units::Rao;
use chain::wire::Unchecked;
use parity_scale_codec::{Compact, Decode as _, DecodeAll as _};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Result of an extrinsic for which the block has no room. The recorder applied extrinsics without the transaction in
/// which the author of a block tries one, so its nonce stays used there.
const NO_ROOM: &str = "invalid: ExhaustsResources";

/// An extrinsic as it is recorded.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Recorded {
    /// Seed of the signer; null for an unsigned one.
    signer: Option<String>,
    #[serde(rename = "nonce")]
    _nonce: Option<u32>,
    #[serde(rename = "tip")]
    _tip: u64,
    #[serde(rename = "era")]
    _era: Option<(u64, u64)>,
    pallet: String,
    call: String,
    #[serde(rename = "args")]
    _args: Json,
    hex: HexBytes,
    #[serde(rename = "len")]
    _len: u64,
    info: Info,
    fee: Option<Fee>,
    validity: Option<RecordedValidity>,
    result: String,
    #[serde(default)]
    note: Option<String>,
    #[serde(default, rename = "odd")]
    _odd: Json,
}

/// The parts of a fee before dispatch.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fee {
    base: u64,
    len: u64,
    weight: u64,
}

/// What `validate_transaction` answers.
#[derive(Deserialize)]
#[serde(untagged)]
enum RecordedValidity {
    Invalid { error: String },
    Valid(ValidTransaction),
}

/// What the pool learns of a valid extrinsic.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ValidTransaction {
    #[serde(with = "chain::types::decimal")]
    priority: u128,
    requires: Vec<HexBytes>,
    provides: Vec<HexBytes>,
    #[serde(with = "chain::types::decimal")]
    longevity: u128,
    propagate: bool,
}

impl ValidTransaction {
    fn print(&self) -> String {
        let tags =
            |tags: &[HexBytes]| tags.iter().map(|tag| hex::encode(&tag.0)).collect::<Vec<_>>().join(" ");
        let (requires, provides) = (tags(&self.requires), tags(&self.provides));
        let Self { priority, longevity, propagate, .. } = self;
        format!(
            "valid: priority {priority}, requires [{requires}], provides [{provides}], {longevity} blocks, {propagate}"
        )
    }
}

impl From<Validity> for ValidTransaction {
    fn from(validity: Validity) -> Self {
        let tags = |tags: Vec<Vec<u8>>| tags.into_iter().map(HexBytes).collect();
        Self {
            priority: validity.priority.into(),
            requires: tags(validity.requires),
            provides: tags(validity.provides),
            longevity: validity.longevity.into(),
            propagate: validity.propagate,
        }
    }
}

impl Recorded {
    /// Name of the extrinsic in a report.
    pub(super) fn label(&self) -> String {
        let signer = self.signer.as_deref().unwrap_or("unsigned");
        let note = self.note.as_ref().map(|note| format!(", {note}")).unwrap_or_default();
        format!("{}.{} ({signer}{note})", self.pallet, self.call)
    }

    /// Whether it is in the recorded block.
    pub(super) fn is_included(&self) -> bool {
        self.result != "not applied" && !self.result.starts_with("invalid: ")
    }

    /// Applies it and compares all that is recorded of it; true when it was applied.
    pub(super) fn check(
        &self,
        machine: &mut Machine,
        block: &mut OpenBlock,
        hashes: &BTreeMap<u64, Hash>,
    ) -> (bool, Vec<Difference>) {
        let mut differences = Vec::new();
        let mut differ = |kind, what: &str, expected: String, got: String| {
            if expected != got {
                differences.push(Difference::new(kind, what, expected, got));
            }
        };
        let now = block.env().number;
        let hash = |height: u64| hashes.get(&height).copied().unwrap_or_default();
        if self.signer.is_none() {
            return self.check_unsigned(machine, block);
        }
        let unchecked = match Unchecked::read(&self.hex.0) {
            Ok(unchecked) => unchecked,
            Err(error) => {
                differ(Kind::Result, "result", self.result.clone(), format!("not decoded: {error}"));
                return (false, differences);
            }
        };
        let next = now.saturating_add(1);
        let later = unchecked.clone().born(next, hash(unchecked.birth(next)));
        let birth = hash(unchecked.birth(now));
        let signed = unchecked.born(now, birth);
        differ(
            Kind::Weight,
            "dispatch information",
            self.info.print(),
            Info::of(&call_info(&signed.call)).print(),
        );
        let parts = machine.runtime.rules.fees.parts_of_call(&signed.call, self.hex.0.len());
        let fee = parts.map(|parts| {
            let [base, len, weight] = [parts.base, parts.length, parts.weight].map(Rao::get);
            Fee { base, len, weight }
        });
        differ(Kind::Fee, "fee", format!("{:?}", self.fee), format!("{fee:?}"));
        let validity = match machine.validate(block, &later) {
            Ok(validity) => ValidTransaction::from(validity).print(),
            Err(invalid) => format!("invalid: {invalid:?}"),
        };
        differ(Kind::Validity, "validity", self.validity(), validity);
        if self.result == "not applied" {
            return (false, differences);
        }
        let signer = signed.signer;
        let receipt = machine.apply(block, &Extrinsic::Signed(signed));
        differ(Kind::Result, "result", plain(&self.result), result_of(&receipt));
        // One that would not even fit alone is refused before its nonce is looked at.
        if plain(&self.result) == NO_ROOM && self.validity() != NO_ROOM {
            machine.use_nonce(&signer);
        }
        (true, differences)
    }

    /// The same of an extrinsic without a signature; it pays nothing.
    fn check_unsigned(&self, machine: &mut Machine, block: &mut OpenBlock) -> (bool, Vec<Difference>) {
        let mut differences = Vec::new();
        let body = bare_call(&self.hex.0);
        let ours = body.and_then(call_info_of_bytes).map(|info| Info::of(&info).print()).unwrap_or_default();
        if ours != self.info.print() {
            differences.push(Difference::new(Kind::Weight, "dispatch information", self.info.print(), ours));
        }
        let call = body.and_then(|body| RuntimeCall::decode_all(&mut &*body).ok());
        let Some(call) = call else {
            differences.push(Difference::new(Kind::Result, "result", &self.result, "not decoded"));
            return (false, differences);
        };
        let validity = match machine.validate_unsigned(block, &call) {
            Ok(()) => "valid".to_owned(),
            Err(invalid) => format!("invalid: {invalid:?}"),
        };
        if validity != self.validity() {
            differences.push(Difference::new(Kind::Validity, "validity", self.validity(), validity));
        }
        if self.result == "not applied" {
            return (false, differences);
        }
        let got = result_of(&machine.apply(block, &Extrinsic::Unsigned(call)));
        if got != plain(&self.result) {
            differences.push(Difference::new(Kind::Result, "result", plain(&self.result), got));
        }
        (true, differences)
    }

    fn validity(&self) -> String {
        match &self.validity {
            Some(RecordedValidity::Invalid { error }) => plain(&format!("invalid: {error}")),
            Some(RecordedValidity::Valid(valid)) => valid.print(),
            None => "nothing".to_owned(),
        }
    }
}

/// A result without the types around the reason of a refusal.
fn plain(result: &str) -> String {
    let reason = |text: &str| {
        let (_, reason) = text.rsplit_once("Transaction::")?;
        Some(format!("invalid: {}", reason.strip_suffix(')')?))
    };
    result.strip_prefix("invalid: ").and_then(reason).unwrap_or_else(|| result.to_owned())
}

/// The call of an encoded extrinsic without a signature: behind its length and version.
fn bare_call(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes;
    Compact::<u32>::decode(&mut rest).ok()?;
    let (version, call) = rest.split_first()?;
    matches!(version, 4 | 5).then_some(call)
}
