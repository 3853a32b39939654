//! The `FORMAT` file: a few lines a person can read, and the first thing a program does.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Error, FORMAT, Identity};

const TITLE: &str = "localnet ledger";

/// What `FORMAT` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) format: u32,
    pub(super) genesis: String,
    pub(super) scenario: String,
    pub(super) seed: u64,
}

impl Label {
    pub(super) fn of(identity: &Identity) -> Self {
        Self {
            format: FORMAT,
            genesis: hex::encode(identity.genesis),
            scenario: hex::encode(identity.scenario_digest),
            seed: identity.seed,
        }
    }

    /// The file's text. Title, `format` and `check` keep their meaning in every later format.
    pub(super) fn text(&self) -> String {
        let Self { format, genesis, scenario, seed } = self;
        let body = format!(
            "{TITLE}\nformat = {format}\nstore = sled 0.34\ngenesis = {genesis}\nscenario = {scenario}\nseed = {seed}\n"
        );
        let check = check(&body);
        format!("{body}check = {check}\n")
    }

    /// Reads the `FORMAT` file of the ledger at `path`.
    ///
    /// # Errors
    /// [`Error::NewerFormat`], [`Error::BadFormat`].
    pub(super) fn parse(bytes: &[u8], path: &Path) -> Result<Self, Error> {
        let bad = |why: &str| Error::BadFormat { path: path.join("FORMAT"), why: why.to_owned() };
        let text = std::str::from_utf8(bytes).map_err(|_| bad("it is not text"))?;
        let (body, last) = text.rsplit_once("check = ").ok_or_else(|| bad("it has no check line"))?;
        let mut lines = body.lines();
        if lines.next() != Some(TITLE) {
            return Err(bad("its first line is not `localnet ledger`"));
        }
        if last.trim_end() != check(body) {
            return Err(bad("its check line does not hold"));
        }
        let fields: BTreeMap<_, _> = lines.filter_map(|line| line.split_once(" = ")).collect();
        let field = |name: &str| fields.get(name).copied().ok_or_else(|| bad(&format!("it has no {name}")));
        let format: u32 = field("format")?.parse().map_err(|_| bad("its format is not a number"))?;
        if format > FORMAT {
            return Err(Error::NewerFormat { path: path.to_path_buf(), found: format, supported: FORMAT });
        }
        if format == 0 {
            return Err(bad("format 0 never was"));
        }
        Ok(Self {
            format,
            genesis: field("genesis")?.to_owned(),
            scenario: field("scenario")?.to_owned(),
            seed: field("seed")?.parse().map_err(|_| bad("its seed is not a number"))?,
        })
    }

    /// Refuses the label of another run, before anything else is opened.
    ///
    /// # Errors
    /// [`Error::OtherIdentity`].
    pub(super) fn expect(&self, identity: &Identity, path: &Path) -> Result<(), Error> {
        let expected = Self::of(identity);
        let parts = [
            ("scenario digest", &self.scenario, &expected.scenario),
            ("seed", &self.seed.to_string(), &expected.seed.to_string()),
            ("genesis", &self.genesis, &expected.genesis),
        ];
        for (field, found, expected) in parts {
            if found != expected {
                return Err(Error::OtherIdentity {
                    path: path.to_path_buf(),
                    field,
                    found: found.clone(),
                    expected: expected.clone(),
                });
            }
        }
        Ok(())
    }
}

fn check(body: &str) -> String {
    blake3::hash(body.as_bytes()).to_hex().chars().take(16).collect()
}
