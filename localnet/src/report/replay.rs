//! The command that plays a run again.

use crate::scenario::Scenario;

/// `localnet run ... --seed N`, with all that was changed about the scenario.
pub fn command(scenario: &Scenario) -> String {
    let request = &scenario.request;
    let mut words = vec!["localnet".to_owned(), "run".to_owned(), quoted(&request.scenario)];
    words.push(format!("--seed {}", scenario.plan.seed));
    words.extend(request.blocks.map(|blocks| format!("--blocks {blocks}")));
    words.extend(request.overrides.iter().map(|change| format!("--set {}", quoted(&change.text))));
    words.extend(request.corpus.iter().map(|dir| format!("--corpus {}", quoted(&dir.to_string_lossy()))));
    words.join(" ")
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}
