//! The JSON schema of scenario files, with the names that values may take.

use super::model::File;
use super::resolve::{MECHANISMS, METHODS, MINER_TACTICS, VALIDATOR_TACTICS};
use crate::metrics::Metric;
use actors::settings::{self, Kind, Parameter};
use chain::economics::{EmissionRule, PoolKind};
use chain::invariants::Invariant;
use serde_json::{Map, Value, json};

/// The schema, pretty-printed.
pub fn schema() -> String {
    let mut schema = schemars::schema_for!(File).to_value();
    let mut put = |pointer: &str, value: Value| {
        if let Some(slot) = schema.pointer_mut(pointer) {
            merge(slot, value);
        }
    };
    let metrics = Metric::ALL.iter().map(|metric| {
        let about = format!("{} ({})", metric.about(), metric.scope().about());
        json!({ "const": metric.name(), "description": about })
    });
    put("/$defs/Expect/properties/metric", json!({ "oneOf": metrics.collect::<Vec<_>>() }));
    let invariants = Invariant::ALL
        .map(|invariant| json!({ "const": invariant.to_string(), "description": invariant.title() }));
    put("/$defs/Always/properties/invariant", json!({ "oneOf": invariants }));
    put("/$defs/SubnetEntry/properties/mechanism", json!({ "enum": MECHANISMS }));
    put(
        "/$defs/Cast/properties/method",
        json!({ "enum": METHODS.map(Some).iter().chain([&None]).collect::<Vec<_>>() }),
    );
    let mut tactics = Vec::from(MINER_TACTICS.map(Some));
    tactics.extend(VALIDATOR_TACTICS.iter().copied().filter(|name| !MINER_TACTICS.contains(name)).map(Some));
    tactics.push(None);
    put("/$defs/Cast/properties/tactic", json!({ "enum": tactics }));
    let names =
        |names: &[&str]| json!({ "enum": names.iter().copied().map(Some).chain([None]).collect::<Vec<_>>() });
    put("/$defs/Rules/properties/emission", names(&EmissionRule::ALL.map(EmissionRule::name)));
    put("/$defs/Rules/properties/pool", names(&PoolKind::ALL.map(PoolKind::name)));
    put("/$defs/Chain/properties/parameters", parameters(settings::CHAIN));
    put("/$defs/SubnetEntry/properties/hyperparameters", parameters(settings::SUBNET));
    format!("{schema:#}\n")
}

fn parameters(known: &[Parameter]) -> Value {
    let mut properties = Map::new();
    for parameter in known {
        let value = match parameter.kind {
            Kind::Switch => json!({ "type": "boolean", "description": parameter.about }),
            Kind::Number { min, max } => {
                json!({ "type": ["integer", "string"], "minimum": min, "maximum": max, "description": parameter.about })
            }
        };
        properties.insert(parameter.name.to_owned(), value);
    }
    json!({ "properties": properties, "additionalProperties": false })
}

fn merge(slot: &mut Value, value: Value) {
    match (slot, value) {
        (Value::Object(slot), Value::Object(value)) => slot.extend(value),
        (slot, value) => *slot = value,
    }
}
