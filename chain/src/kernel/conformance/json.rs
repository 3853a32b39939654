//! Reads typed values out of JSON; an integer may also be a decimal string, as wide ones are.

use super::Fault;
use core::any::type_name;
use core::fmt::Display;
use serde_json::Value;

/// A row of (column, value).
pub(super) type Row<T> = Vec<(u16, T)>;

/// An integer type that a vector file may hold.
pub(super) trait Int: TryFrom<i128> + Copy + PartialEq + Display {}
impl<T: TryFrom<i128> + Copy + PartialEq + Display> Int for T {}

fn wrong(path: &str, expected: impl Into<String>, found: &Value) -> Fault {
    let mut found = found.to_string();
    if let Some((cut, _)) = found.char_indices().nth(60) {
        found.truncate(cut);
        found.push_str("...");
    }
    Fault::WrongType { path: path.to_owned(), expected: expected.into(), found }
}

/// The field `name`; absent and null are the same.
pub(super) fn optional<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    object.get(name).filter(|value| !value.is_null())
}

/// The field `name`.
pub(super) fn field<'a>(object: &'a Value, name: &str) -> Result<&'a Value, Fault> {
    object.get(name).ok_or_else(|| Fault::Missing(name.to_owned()))
}

/// An integer.
pub(super) fn int<T: Int>(value: &Value, path: &str) -> Result<T, Fault> {
    let wide = match value {
        Value::Number(number) => number.as_u64().map(i128::from).or_else(|| number.as_i64().map(i128::from)),
        Value::String(digits) => digits.parse().ok(),
        _ => None,
    };
    wide.and_then(|wide| T::try_from(wide).ok()).ok_or_else(|| wrong(path, type_name::<T>(), value))
}

/// A truth value.
pub(super) fn boolean(value: &Value, path: &str) -> Result<bool, Fault> {
    value.as_bool().ok_or_else(|| wrong(path, "true or false", value))
}

/// The elements of an array.
pub(super) fn array<'a>(value: &'a Value, path: &str) -> Result<&'a [Value], Fault> {
    value.as_array().map(Vec::as_slice).ok_or_else(|| wrong(path, "an array", value))
}

/// An array of what `item` reads; a fault in it names the index.
pub(super) fn list<'a, T>(
    value: &'a Value,
    path: &str,
    item: impl Fn(&'a Value, &str) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    let read = |(index, value)| item(value, "").map_err(|fault| at_index(fault, path, index));
    array(value, path)?.iter().enumerate().map(read).collect()
}

fn at_index(fault: Fault, path: &str, index: usize) -> Fault {
    let join = |inner: String| {
        let separator = if inner.is_empty() || inner.starts_with('[') { "" } else { "." };
        format!("{path}[{index}]{separator}{inner}")
    };
    match fault {
        Fault::WrongType { path, expected, found } => Fault::WrongType { path: join(path), expected, found },
        Fault::Missing(path) => Fault::Missing(join(path)),
        other => other,
    }
}

/// An array of integers.
pub(super) fn ints<T: Int>(value: &Value, path: &str) -> Result<Vec<T>, Fault> {
    list(value, path, int)
}

/// A pair.
pub(super) fn pair<'a, A, B>(
    value: &'a Value,
    path: &str,
    first: impl Fn(&'a Value, &str) -> Result<A, Fault>,
    second: impl Fn(&'a Value, &str) -> Result<B, Fault>,
) -> Result<(A, B), Fault> {
    match array(value, path)? {
        [a, b] => Ok((first(a, path)?, second(b, path)?)),
        _ => Err(wrong(path, "a pair", value)),
    }
}

/// One row of a sparse matrix.
pub(super) fn row<T: Int>(value: &Value, path: &str) -> Result<Row<T>, Fault> {
    list(value, path, |entry, path| pair(entry, path, int, int))
}

/// The rows of a sparse matrix.
pub(super) fn rows<T: Int>(value: &Value, path: &str) -> Result<Vec<Row<T>>, Fault> {
    list(value, path, row)
}

/// A field read by `item`, with its name as the path.
pub(super) fn get<'a, T>(
    object: &'a Value,
    name: &str,
    item: impl Fn(&'a Value, &str) -> Result<T, Fault>,
) -> Result<T, Fault> {
    item(field(object, name)?, name)
}

/// The first difference between two lists.
pub(super) fn same<T: PartialEq + Display>(name: &str, expected: &[T], got: &[T]) -> Result<(), Fault> {
    let differs = |field: String, expected: String, got: String| Fault::Differs { field, expected, got };
    for (index, (e, g)) in expected.iter().zip(got).enumerate() {
        if e != g {
            return Err(differs(format!("{name}[{index}]"), e.to_string(), g.to_string()));
        }
    }
    match expected.len() == got.len() {
        true => Ok(()),
        false => Err(differs(
            name.to_owned(),
            format!("{} elements", expected.len()),
            format!("{} elements", got.len()),
        )),
    }
}

/// The first difference between two sparse matrices.
pub(super) fn same_rows<T: Int>(name: &str, expected: &[Row<T>], got: &[Row<T>]) -> Result<(), Fault> {
    let lengths = |rows: &[Row<T>]| rows.len();
    for (index, (e, g)) in expected.iter().zip(got).enumerate() {
        if e != g {
            let show = |row: &Row<T>| {
                let entries: Vec<String> = row.iter().map(|(j, v)| format!("({j}, {v})")).collect();
                entries.join(" ")
            };
            let place = e.iter().zip(g).position(|(e, g)| e != g);
            return Err(match place.and_then(|k| Some((k, e.get(k)?, g.get(k)?))) {
                Some((k, e, g)) => Fault::Differs {
                    field: format!("{name}[{index}][{k}]"),
                    expected: format!("({}, {})", e.0, e.1),
                    got: format!("({}, {})", g.0, g.1),
                },
                None => Fault::Differs {
                    field: format!("{name}[{index}]"),
                    expected: format!("{} entries: {}", e.len(), show(e)),
                    got: format!("{} entries: {}", g.len(), show(g)),
                },
            });
        }
    }
    same(&format!("{name}.rows"), &[lengths(expected)], &[lengths(got)])
}
