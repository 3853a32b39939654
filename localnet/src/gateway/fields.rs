//! A mechanism's fields and JSON, as lenient as the clients' own parser: a number may come as a text of digits.

use actors::mechanism::form::{Field, Kind, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json};

/// The values of fields in an object, in the order of the fields.
///
/// # Errors
/// The field that is missing or of another kind, in words.
pub(super) fn read(fields: &[Field], object: &Map<String, Json>) -> Result<Vec<Value>, String> {
    let one = |field: &Field| match object.get(field.name) {
        None | Some(Json::Null) => Err(format!("it has no {}", field.name)),
        Some(value) => {
            of_json(field.kind, value).ok_or_else(|| format!("{} is no {}", field.name, kind(field.kind)))
        }
    };
    fields.iter().map(one).collect()
}

/// Writes values into an object; fields without a value become `null`.
pub(super) fn write(fields: &[Field], values: Vec<Value>, object: &mut Map<String, Json>) {
    let mut values = values.into_iter();
    for field in fields {
        let value = values.next().map_or(Json::Null, |value| match value {
            Value::Number(number) => number.into(),
            Value::Text(text) => text.into(),
            Value::Bytes(bytes) => STANDARD.encode(bytes).into(),
        });
        object.insert(field.name.to_owned(), value);
    }
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "whole number of 64 bits",
        Kind::Text => "text",
        Kind::Bytes => "text in base64",
    }
}

fn of_json(kind: Kind, value: &Json) -> Option<Value> {
    match kind {
        Kind::Number => number(value).map(Value::Number),
        Kind::Text => value.as_str().map(|text| Value::Text(text.to_owned())),
        Kind::Bytes => STANDARD.decode(value.as_str()?).ok().map(Value::Bytes),
    }
}

fn number(value: &Json) -> Option<i64> {
    match value {
        Json::Bool(on) => Some(i64::from(*on)),
        Json::String(text) => text.trim().parse().ok(),
        Json::Number(number) => number.as_i64().or_else(|| {
            // Whole floats below 2^53 are exact.
            let float = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < 9.0e15)?;
            format!("{float:.0}").parse().ok()
        }),
        _ => None,
    }
}

/// The empty value of a kind, in base64 of its JSON: what a client's headers hold of a field that must be there.
pub(super) fn empty_header(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "MA==",
        Kind::Text | Kind::Bytes => "IiI=",
    }
}

/// Whether a header holds a value of a kind.
pub(super) fn header_fits(kind: Kind, header: &str) -> bool {
    let json = STANDARD.decode(header).ok().and_then(|bytes| serde_json::from_slice::<Json>(&bytes).ok());
    match kind {
        Kind::Number => json.as_ref().and_then(number).is_some(),
        Kind::Text | Kind::Bytes => json.is_some_and(|json| json.is_string()),
    }
}
