//! What is wrong with a scenario, said with file, line, key, value and what is allowed.

use super::document::{Document, KeyPath, line_at};
use std::fmt;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it was written: a file and line, or an option of the command line.
    pub place: Place,
    /// The key, if it is about one.
    pub path: KeyPath,
    /// What is wrong and what is allowed.
    pub message: String,
}

/// Where something was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a file, at a line from one.
    File {
        /// The file as the user named it.
        name: String,
        /// The line, when it is known.
        line: Option<usize>,
    },
    /// On the command line: `--set chain.tempo=20`.
    Override(String),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::File { name, line: Some(line) } => write!(f, "{name}:{line}: ")?,
            Place::File { name, line: None } => write!(f, "{name}: ")?,
            Place::Override(option) => return write!(f, "{option}: {}", self.message),
        }
        if !self.path.steps().is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

/// Why a scenario cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// Neither a built-in nor a file.
    #[error("`{name}` is neither a built-in scenario{} nor a readable file ({source})", did_you_mean(.hint))]
    NotFound {
        /// What was asked for.
        name: String,
        /// A built-in with a like name.
        hint: Option<String>,
        /// What the file system said.
        source: std::io::Error,
    },
    /// The file is not text.
    #[error("{name}:{line}: not UTF-8 text; a scenario is a TOML file in UTF-8")]
    NotText {
        /// The file.
        name: String,
        /// The line with the first bad byte, from one.
        line: usize,
    },
    /// The file says something that cannot be.
    #[error("{}", lines(.0))]
    Refused(Vec<Problem>),
    /// The file that the chain begins with cannot be used.
    #[error("chain.genesis: {}: {refusal}", path.display())]
    Genesis {
        /// The file.
        path: std::path::PathBuf,
        /// What is wrong with it.
        refusal: crate::import::Refusal,
    },
    /// The corpus cannot be read.
    #[error(transparent)]
    Corpus(#[from] super::corpus::CorpusDirError),
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn did_you_mean(hint: &Option<String>) -> String {
    hint.as_ref().map(|hint| format!(" (did you mean `{hint}`?)")).unwrap_or_default()
}

/// Which of these was probably meant.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(word, name), name))
        .filter(|(distance, name)| *distance <= (name.len().max(word.len()) / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Says that a word is none of those that are known, and which was probably meant.
pub fn unknown<'a>(kind: &str, word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let hint = nearest(word, known.clone());
    let hint = hint.map(|hint| format!("; did you mean `{hint}`?")).unwrap_or_default();
    let list: Vec<_> = known.into_iter().collect();
    format!("unknown {kind} `{word}`{hint} allowed: {}", list.join(", ")).replace("` allowed", "`; allowed")
}

/// Turns a parser's error into a problem.
pub fn from_parser(name: &str, text: &str, document: Option<&Document>, error: &toml::de::Error) -> Problem {
    let span = error.span();
    let line = span.as_ref().map(|span| line_at(text, span.start));
    let path = match (document, &span) {
        (Some(document), Some(span)) => document.path_at(span),
        _ => KeyPath::root(),
    };
    let written = document.and_then(|document| document.value_text(&path));
    let message = reword(error.message(), written);
    Problem { place: Place::File { name: name.to_owned(), line }, path, message }
}

/// Says what the parser says in the words of a scenario's author.
fn reword(message: &str, written: Option<&str>) -> String {
    let message = message.trim();
    if let Some((word, known)) = listed(message, "unknown field `") {
        return unknown("key", word, known);
    }
    if let Some((word, known)) = listed(message, "unknown variant `") {
        return unknown("value", word, known);
    }
    if let Some(field) = message.strip_prefix("missing field `") {
        return format!("the key `{}` is missing", field.trim_end_matches('`'));
    }
    if let Some(field) = message.strip_prefix("duplicate field `") {
        return format!("the key `{}` stands here twice", field.trim_end_matches('`'));
    }
    match (message.split_once(", expected "), written) {
        (Some((_, expected)), Some(written)) if message.starts_with("invalid ") => {
            format!("expected {}, found {}", plain(expected), one_line(written))
        }
        _ => message.replace('\n', "; "),
    }
}

fn listed<'a>(message: &'a str, prefix: &str) -> Option<(&'a str, Vec<&'a str>)> {
    let (word, rest) = message.strip_prefix(prefix)?.split_once('`')?;
    Some((word, rest.split('`').skip(1).step_by(2).collect()))
}

fn one_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.len() == text.len() { line.to_owned() } else { format!("{line} ...") }
}

fn plain(expected: &str) -> String {
    match expected {
        "u8" => format!("a whole number from 0 to {}", u8::MAX),
        "u16" => format!("a whole number from 0 to {}", u16::MAX),
        "u32" => format!("a whole number from 0 to {}", u32::MAX),
        "u64" | "usize" => "a whole number, zero or more".to_owned(),
        "i64" => "a whole number".to_owned(),
        "f64" => "a number".to_owned(),
        "a string" | "string" => "text in quotes".to_owned(),
        "a boolean" | "bool" => "true or false".to_owned(),
        "a sequence" => "a list".to_owned(),
        other => other.strip_prefix("struct ").map_or_else(|| other.to_owned(), |_| "a table".to_owned()),
    }
}
