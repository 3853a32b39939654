//! Rows of `fn_dispatch_info` and `fn_fee`: what a call weighs, and what weight and bytes cost.

use super::difference::{Difference, Kind};
use super::input::{HexBytes, Lines};
use super::more::Info;
use super::{Sink, Stop};
use chain::runtime::call_info_of_bytes;
use chain::runtime::fees::FeePolicy;
use serde::Deserialize;
use serde_json::Value as Json;

/// A row of either file.
#[derive(Deserialize)]
#[serde(untagged)]
enum Row {
    Call(CallRow),
    Weight(WeightRow),
    Length(LengthRow),
}

/// Dispatch information of a call.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CallRow {
    pallet: String,
    call: String,
    #[serde(rename = "args")]
    _args: Json,
    hex: HexBytes,
    len: usize,
    call_weight: (u64, u64),
    ext_weight: (u64, u64),
    class: String,
    pays: String,
}

/// Fee of a weight.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WeightRow {
    weight: u64,
    fee: u64,
}

/// Fee of encoded bytes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LengthRow {
    length: u64,
    fee: u64,
}

/// Whether a line is one of these rows.
pub(super) fn is_row(line: &Json) -> bool {
    let has = |name: &str| line.get(name).is_some();
    has("call_weight") || has("fee") && (has("weight") || has("length"))
}

/// Checks the rows of a file whose first line has been read.
pub(super) fn check(first: Json, mut lines: Lines, sink: &mut Sink<'_>) -> Result<(), Stop> {
    let mut next = Some(first);
    while let Some(line) = next {
        let row: Row = lines.read_as(line)?;
        sink.line(&lines.problem("").to_string(), &row.differences())?;
        next = lines.next_line()?;
    }
    Ok(())
}

impl Row {
    fn differences(&self) -> Vec<Difference> {
        let fees = FeePolicy::default();
        let fee = |what: String, expected: u64, got: u64| {
            let difference = Difference::new(Kind::Fee, what, expected, got);
            if expected == got { Vec::new() } else { vec![difference] }
        };
        match self {
            Self::Call(row) => row.differences(),
            Self::Weight(row) => {
                fee(format!("fee of weight {}", row.weight), row.fee, fees.weight_fee(row.weight).get())
            }
            Self::Length(row) => {
                fee(format!("fee of {} bytes", row.length), row.fee, fees.length_fee(row.length).get())
            }
        }
    }
}

impl CallRow {
    fn differences(&self) -> Vec<Difference> {
        let what = format!("{}.{}", self.pallet, self.call);
        let Some(info) = call_info_of_bytes(&self.hex.0) else {
            return vec![Difference::new(
                Kind::Weight,
                what,
                "dispatch information",
                "no such call in this chain",
            )];
        };
        let recorded = (self.info().print(), self.len);
        let ours = (Info::of(&info).print(), self.hex.0.len());
        if recorded == ours {
            return Vec::new();
        }
        vec![Difference::new(Kind::Weight, what, format!("{recorded:?}"), format!("{ours:?}"))]
    }
    fn info(&self) -> Info {
        let (class, pays) = (self.class.clone(), self.pays.clone());
        Info { call_weight: self.call_weight, ext_weight: self.ext_weight, class, pays }
    }
}
