//! Scenario files: read, checked, resolved into what the actors play.
//!
//! A file is TOML ([`model::File`]); [`load`] turns it into a [`Scenario`] or says what is wrong with it, with
//! file, line, key, value and what is allowed.

pub mod amount;
pub mod builtin;
pub mod corpus;
pub mod digest;
pub mod document;
pub mod expectation;
pub mod model;
pub mod overrides;
mod pair;
pub mod problem;
pub mod resolve;
pub mod schema;
pub mod selector;

pub use problem::ScenarioError;
pub use resolve::{Member, Statement};

use actors::corpus::Corpus;
use actors::plan::Plan;
use chain::invariants::Invariant;
use chain::snapshot::Snapshot;
use document::Document;
use expectation::Expectation;
use model::File;
use overrides::Override;
use problem::{Place, Problem, nearest};
use resolve::{Finding, Resolved};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Which scenario to play and what to change about it.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Name of a built-in, or path of a file.
    pub scenario: String,
    /// Another seed.
    pub seed: Option<u64>,
    /// Another length.
    pub blocks: Option<u64>,
    /// `--set`, in order.
    pub overrides: Vec<Override>,
    /// Directory of texts instead of the built-in ones.
    pub corpus: Option<PathBuf>,
}

/// A scenario ready to be played.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What was asked for.
    pub request: Request,
    /// One line about it.
    pub title: String,
    /// What is played.
    pub plan: Plan,
    /// The cast as selectors see it; same places as in the plan.
    pub members: Vec<Member>,
    /// The events as they were written; same places as in the plan.
    pub statements: Vec<Statement>,
    /// What must hold at a block or at the end.
    pub expectations: Vec<Expectation>,
    /// What must hold at every block.
    pub invariants: Vec<Invariant>,
    /// Keys of the events that set the emission rule, as `--set` takes them.
    pub emission_keys: Vec<String>,
}

/// Reads a scenario and makes it ready.
///
/// # Errors
/// When it cannot be found or read, or when something in it cannot be; all such things are named at once.
pub fn load(request: &Request) -> Result<Scenario, ScenarioError> {
    let (name, text) = read(&request.scenario)?;
    let corpus = match &request.corpus {
        Some(dir) => corpus::read_dir(dir)?,
        None => Arc::new(Corpus::builtin()),
    };
    resolve_text(request, &name, &text, corpus)
}

/// The text of a built-in or a file, and the name by which messages call it.
///
/// # Errors
/// When it is neither.
pub fn read(scenario: &str) -> Result<(String, String), ScenarioError> {
    if let Some(builtin) = builtin::find(scenario) {
        return Ok((format!("{scenario}.toml"), builtin.text.to_owned()));
    }
    match std::fs::read(scenario) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok((scenario.to_owned(), text)),
            Err(error) => {
                let (at, bytes) = (error.utf8_error().valid_up_to(), error.into_bytes());
                let line = bytes.iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
                Err(ScenarioError::NotText { name: scenario.to_owned(), line })
            }
        },
        Err(source) => {
            let hint = nearest(scenario, builtin::BUILTINS.iter().map(|builtin| builtin.name));
            Err(ScenarioError::NotFound { name: scenario.to_owned(), hint: hint.map(str::to_owned), source })
        }
    }
}

/// Reads a text as [`load`] does a file.
///
/// # Errors
/// As [`load`].
pub fn resolve_text(
    request: &Request,
    name: &str,
    text: &str,
    corpus: Arc<Corpus>,
) -> Result<Scenario, ScenarioError> {
    let refused = |problem| ScenarioError::Refused(vec![problem]);
    let document =
        Document::parse(text).map_err(|error| refused(problem::from_parser(name, text, None, &error)))?;
    // The text as written is read first, so that its own mistakes are named at their own lines.
    let mut file: File = toml::from_str(text)
        .map_err(|error| refused(problem::from_parser(name, text, Some(&document), &error)))?;
    let overridden = overridden(request, text).map_err(refused)?;
    if let Some((changed, _)) = &overridden {
        file = changed.clone();
    }
    file.origin = origin(&file, name)?;
    file.blocks_written = file.blocks;
    file.seed = request.seed.unwrap_or(file.seed);
    file.blocks = request.blocks.unwrap_or(file.blocks);
    let places = overridden.map(|(_, places)| places).unwrap_or_default();
    let Resolved { plan, members, mut statements, expectations, invariants } =
        resolve::resolve(&file, corpus).map_err(|findings| {
            ScenarioError::Refused(
                findings.into_iter().map(|found| place(found, name, &document, &places)).collect(),
            )
        })?;
    for statement in &mut statements {
        let found = (statement.path.clone(), statement.label.clone());
        statement.place = place(found, name, &document, &places).to_string();
    }
    let emission_keys = emission_keys(&file);
    let title = file.title;
    let request = request.clone();
    Ok(Scenario { request, title, plan, members, statements, expectations, invariants, emission_keys })
}

fn emission_keys(file: &File) -> Vec<String> {
    let sets = |event: &model::Event| event.rules.as_ref().is_some_and(|rules| rules.emission.is_some());
    let places = file.event.iter().enumerate().filter(|(_, event)| sets(event)).map(|(place, _)| place);
    places.map(|place| format!("event[{place}].rules.emission")).collect()
}

/// Reads what `chain.genesis` names, seen from the scenario's directory.
fn origin(file: &File, name: &str) -> Result<Option<Arc<Snapshot>>, ScenarioError> {
    let Some(genesis) = &file.chain.genesis else { return Ok(None) };
    let path = Path::new(name).parent().unwrap_or(Path::new("")).join(genesis);
    match crate::import::genesis(&path) {
        Ok(snapshot) => Ok(Some(Arc::new(snapshot))),
        Err(refusal) => Err(ScenarioError::Genesis { path, refusal }),
    }
}

type Places = Vec<(document::KeyPath, String)>;

fn overridden(request: &Request, text: &str) -> Result<Option<(File, Places)>, Problem> {
    if request.overrides.is_empty() {
        return Ok(None);
    }
    let mut table: toml::Table = text.parse().unwrap_or_default();
    let mut file = None;
    let mut places = Places::new();
    for change in &request.overrides {
        let option = format!("--set {}", change.text);
        let refuse =
            |message| Problem { place: Place::Override(option.clone()), path: change.path.clone(), message };
        let path = change.apply(&mut table).map_err(refuse)?;
        // Read after each change, so that the one that breaks it is the one that is named.
        let written = toml::to_string(&table).map_err(|error| refuse(error.to_string()))?;
        file = Some(toml::from_str(&written).map_err(|error| {
            let document = Document::parse(&written).ok();
            let problem = problem::from_parser("", &written, document.as_ref(), &error);
            let key = if problem.path == path { String::new() } else { format!("{}: ", problem.path) };
            refuse(format!("{key}{}", problem.message))
        })?);
        places.push((path, option));
    }
    Ok(file.map(|file| (file, places)))
}

fn place((path, message): Finding, name: &str, document: &Document, overrides: &Places) -> Problem {
    let by = overrides.iter().rev().find(|(changed, _)| path.within(changed) && !path.steps().is_empty());
    let place = match by {
        Some((_, option)) => Place::Override(option.clone()),
        None => Place::File { name: name.to_owned(), line: document.line_of(&path) },
    };
    Problem { place, path, message }
}
