//! A scenario's text with the place of every key and value in it.

use std::fmt;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Where something stands in a document: `cast[3].stake`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyPath(Vec<Step>);

/// One step of a [`KeyPath`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A key of a table.
    Key(String),
    /// An element of an array, from zero.
    Index(usize),
}

impl KeyPath {
    /// The whole document.
    pub fn root() -> Self {
        Self::default()
    }
    /// The path to a key of the table at this path.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Key(key.to_owned()));
        Self(steps)
    }
    /// The path to an element of the array at this path.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step::Index(index));
        Self(steps)
    }
    /// The steps from the root.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }
    /// The path of what holds this; the root holds itself.
    #[must_use]
    pub fn parent(&self) -> Self {
        let mut steps = self.0.clone();
        steps.pop();
        Self(steps)
    }
    /// True if this is `other` or lies within it.
    pub fn within(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }
    /// Reads `cast[3].stake` or `cast.3.stake`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut path = Self::root();
        for part in text.split('.') {
            let (key, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
            if key.is_empty() {
                return None;
            }
            path = match key.parse() {
                Ok(index) => path.index(index),
                Err(_) => path.key(key),
            };
            while let Some(inner) = rest.strip_prefix('[') {
                let (index, after) = inner.split_once(']')?;
                path = path.index(index.parse().ok()?);
                rest = after;
            }
            if !rest.is_empty() {
                return None;
            }
        }
        Some(path)
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if at == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// A parsed text and its map from places to lines.
#[derive(Clone, Debug)]
pub struct Document {
    text: String,
    places: Vec<Place>,
}

#[derive(Clone, Debug)]
struct Place {
    path: KeyPath,
    key: Option<Range<usize>>,
    value: Range<usize>,
}

impl Document {
    /// Reads TOML.
    ///
    /// # Errors
    /// Those of the syntax, with their span.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let table = DeTable::parse(text)?;
        let mut places = Vec::new();
        note_table(&KeyPath::root(), table.get_ref(), &mut places);
        Ok(Self { text: text.to_owned(), places })
    }
    /// The text that was parsed.
    pub fn text(&self) -> &str {
        &self.text
    }
    /// The line of a path, from one: that of its key, or of the nearest holder that is in the text.
    pub fn line_of(&self, path: &KeyPath) -> Option<usize> {
        let mut path = path.clone();
        loop {
            if let Some(place) = self.places.iter().find(|place| place.path == path) {
                let start = place.key.as_ref().unwrap_or(&place.value).start;
                return Some(self.line_at(start));
            }
            if path.steps().is_empty() {
                return None;
            }
            path = path.parent();
        }
    }
    /// The line of a byte, from one.
    pub fn line_at(&self, byte: usize) -> usize {
        line_at(&self.text, byte)
    }
    /// The innermost key or value around a span, as a parser's error names it.
    pub fn path_at(&self, span: &Range<usize>) -> KeyPath {
        let covers = |range: &Range<usize>| range.start <= span.start && span.end <= range.end;
        self.places
            .iter()
            .filter(|place| place.key.as_ref().is_some_and(covers) || covers(&place.value))
            .max_by_key(|place| place.path.steps().len())
            .map_or_else(KeyPath::root, |place| place.path.clone())
    }
    /// The text of the value at a path, as it was written.
    pub fn value_text(&self, path: &KeyPath) -> Option<&str> {
        let place = self.places.iter().find(|place| place.path == *path)?;
        self.text.get(place.value.clone())
    }
}

/// The line of a byte in a text, from one.
pub fn line_at(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1
}

fn note_table(path: &KeyPath, table: &DeTable<'_>, places: &mut Vec<Place>) {
    for (key, value) in table {
        note_value(path.key(key.get_ref()), Some(key.span()), value, places);
    }
}

fn note_value(
    path: KeyPath,
    key: Option<Range<usize>>,
    value: &Spanned<DeValue<'_>>,
    places: &mut Vec<Place>,
) {
    match value.get_ref() {
        DeValue::Table(table) => note_table(&path, table, places),
        DeValue::Array(array) => {
            for (index, element) in array.iter().enumerate() {
                note_value(path.index(index), None, element, places);
            }
        }
        _ => {}
    }
    places.push(Place { path, key, value: value.span() });
}
