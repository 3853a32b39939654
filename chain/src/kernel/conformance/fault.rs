//! What can be wrong with a line of a vector file.

use core::fmt;
use thiserror::Error;

/// Why a line failed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// The line is not JSON.
    #[error("not a JSON line: {0}")]
    Json(String),
    /// The line has neither `in` nor `fn`.
    #[error("neither a case (`in`, `out`), nor a sequence (`in`, `steps`), nor a function (`fn`, `args`)")]
    NotACase,
    /// A field that every such line has is missing.
    #[error("{0}: missing field")]
    Missing(String),
    /// A field holds something else than it should.
    #[error("{path}: expected {expected}, found {found}")]
    WrongType {
        /// Where.
        path: String,
        /// What belongs there.
        expected: String,
        /// What is there.
        found: String,
    },
    /// An array must have one element per uid.
    #[error("{path}: {found} elements, expected {expected}")]
    WrongLength {
        /// Where.
        path: String,
        /// How many belong there.
        expected: usize,
        /// How many are there.
        found: usize,
    },
    /// The function is not one of the kernel's.
    #[error("unknown function `{0}`")]
    UnknownFunction(String),
    /// A result differs; the first one that does.
    #[error("{field}: expected {expected}, got {got}")]
    Differs {
        /// Which, with indices.
        field: String,
        /// What the file says.
        expected: String,
        /// What the kernel says.
        got: String,
    },
}

impl Fault {
    /// The same fault inside something larger.
    pub(super) fn within(self, outer: &str) -> Self {
        match self {
            Self::Missing(path) => Self::Missing(format!("{outer}.{path}")),
            Self::WrongType { path, expected, found } => {
                Self::WrongType { path: format!("{outer}.{path}"), expected, found }
            }
            Self::WrongLength { path, expected, found } => {
                Self::WrongLength { path: format!("{outer}.{path}"), expected, found }
            }
            Self::Differs { field, expected, got } => {
                Self::Differs { field: format!("{outer}.{field}"), expected, got }
            }
            other => other,
        }
    }
}

/// A line that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The line's `id` or function name, when it could be read.
    pub id: Option<String>,
    /// Why it failed.
    pub fault: Fault,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.id {
            Some(id) => write!(f, "{id}: {}", self.fault),
            None => write!(f, "{}", self.fault),
        }
    }
}

impl core::error::Error for Failure {}
