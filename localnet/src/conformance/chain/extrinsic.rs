//! An encoded extrinsic: what it weighs and costs, whether it is valid, and its result.

use super::difference::{Difference, Kind};
use super::input::HexBytes;
use super::machine::{Machine, result_of};
use super::more::Info;
use chain::block::{Extrinsic, Hash};
use chain::runtime::{OpenBlock, call_info};
use chain::units::Rao;
use chain::wire::Unchecked;
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

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
    validity: Option<Validity>,
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
enum Validity {
    Invalid { error: String },
    Valid(#[allow(dead_code, reason = "compared once the pool answers it")] BTreeMap<String, Json>),
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
        let unchecked = match Unchecked::read(&self.hex.0) {
            Ok(unchecked) => unchecked,
            Err(error) => {
                differ(Kind::Result, "result", self.result.clone(), format!("not decoded: {error}"));
                return (false, differences);
            }
        };
        let hash = |height: u64| hashes.get(&height).copied().unwrap_or_default();
        let now = block.env().number;
        let later = unchecked.clone().born(now, hash(unchecked.birth(now)));
        let parent = now.saturating_sub(1);
        let birth = hash(unchecked.birth(parent));
        let signed = unchecked.born(parent, birth);

        let info = call_info(&signed.call);
        differ(Kind::Weight, "ref_time", self.info.call_weight.0.to_string(), info.weight.to_string());
        differ(Kind::Weight, "pays", self.info.pays.clone(), if info.pays { "Yes" } else { "No" }.to_owned());
        let parts = machine.runtime.rules.fees.parts_of_call(&signed.call, self.hex.0.len());
        let fee = parts.map(|parts| {
            let [base, len, weight] = [parts.base, parts.length, parts.weight].map(Rao::get);
            Fee { base, len, weight }
        });
        differ(Kind::Fee, "fee", format!("{:?}", self.fee), format!("{fee:?}"));
        let validity = match machine.validate(block, &later) {
            Ok(()) => "valid".to_owned(),
            Err(invalid) => format!("invalid: {invalid:?}"),
        };
        differ(Kind::Validity, "validity", self.validity(), validity);
        if self.result == "not applied" {
            return (false, differences);
        }
        let receipt = machine.apply(block, &Extrinsic::Signed(signed));
        differ(Kind::Result, "result", plain(&self.result), result_of(&receipt));
        (true, differences)
    }

    fn validity(&self) -> String {
        match &self.validity {
            Some(Validity::Invalid { error }) => plain(&format!("invalid: {error}")),
            Some(Validity::Valid(_)) => "valid".to_owned(),
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
