//! Checks the kernel against one line of a vector file: a case, a sequence of epochs, or a single function.
//!
//! What a line is, is decided by its content alone. The fast version and the plain one are both compared with the
//! expected results, the plain one with the trace too. A line that is damaged is a [`Fault`] like one that differs;
//! nothing panics.

mod case;
mod fault;
mod functions;
mod json;
mod sequence;

pub use fault::{Failure, Fault};

use super::{Aggregate, Scratch};
use serde_json::Value;

/// Memory reused between lines.
#[derive(Debug, Default)]
pub struct Checker {
    scratch: Scratch,
    aggregate: Aggregate,
}

impl Checker {
    /// Checks one line.
    ///
    /// # Errors
    /// The first difference, or what is wrong with the line itself.
    pub fn check_line(&mut self, line: &str) -> Result<(), Failure> {
        let value = serde_json::from_str(line)
            .map_err(|error| Failure { id: None, fault: Fault::Json(error.to_string()) })?;
        self.check_value(&value)
    }

    /// Checks one parsed line.
    ///
    /// # Errors
    /// The first difference, or what is wrong with the line itself.
    pub fn check_value(&mut self, line: &Value) -> Result<(), Failure> {
        let name = |key| line.get(key).and_then(Value::as_str).map(str::to_owned);
        let checked = if line.get("fn").is_some() {
            functions::check(line)
        } else if line.get("steps").is_some() {
            self.check_sequence(line)
        } else if line.get("in").is_some() {
            self.check_case(line)
        } else {
            Err(Fault::NotACase)
        };
        checked.map_err(|fault| Failure { id: name("id").or_else(|| name("fn")), fault })
    }
}
