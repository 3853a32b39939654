//! What is watched during a run: invariants at every block, expectations at theirs.

use super::verdict::{Verdict, decide};
use crate::metrics::MetricContext;
use crate::scenario::Scenario;
use crate::scenario::expectation::Expectation;
use actors::Earnings;
use chain::invariants::{Invariant, Violation};
use chain::units::BlockNumber;
use std::collections::BTreeMap;

/// Watches a run from its genesis on.
#[derive(Debug)]
pub struct Watch {
    invariants: Vec<Watched>,
    decided: Vec<Option<Verdict>>,
    /// Earnings at the blocks after which the measuring of an expectation begins.
    begun: BTreeMap<BlockNumber, Vec<Earnings>>,
}

#[derive(Debug)]
struct Watched {
    invariant: Invariant,
    violation: Option<Violation>,
}

impl Watch {
    /// Starts at genesis.
    pub fn start(scenario: &Scenario) -> Self {
        let watched = |invariant: &Invariant| Watched { invariant: *invariant, violation: None };
        let invariants = scenario.invariants.iter().map(watched).collect();
        Self { invariants, decided: vec![None; scenario.expectations.len()], begun: BTreeMap::new() }
    }
    /// True if anything has to see every block.
    pub fn sees_every_block(&self) -> bool {
        !self.invariants.is_empty()
    }
    /// Takes what a block broke. The first violation of each invariant counts.
    pub fn block(&mut self, violations: &[Violation]) {
        for watched in self.invariants.iter_mut().filter(|watched| watched.violation.is_none()) {
            let found = violations.iter().find(|violation| violation.invariant == watched.invariant);
            if let Some(violation) = found {
                tracing::error!(%violation, "an invariant does not hold");
                watched.violation = Some(violation.clone());
            }
        }
    }
    /// True if an expectation is to be decided after this block, or its measuring begins there.
    pub fn is_due(&self, scenario: &Scenario, block: BlockNumber) -> bool {
        let due = |of: &Expectation| of.at_block == Some(block) || of.since == Some(block);
        scenario.expectations.iter().any(due)
    }
    /// Decides the expectations of this block; with `end`, also those of the end.
    pub fn decide(&mut self, scenario: &Scenario, at: MetricContext<'_>, end: bool) {
        if scenario.expectations.iter().any(|expectation| expectation.since == Some(at.state.block)) {
            self.begun.insert(at.state.block, at.earnings.to_vec());
        }
        for (expectation, decided) in scenario.expectations.iter().zip(&mut self.decided) {
            let due = expectation.at_block == Some(at.state.block) || (end && expectation.at_block.is_none());
            if due {
                let since = expectation.since.and_then(|block| self.begun.get(&block)).map(Vec::as_slice);
                *decided = Some(decide(expectation, MetricContext { since, ..at }, &scenario.members));
            }
        }
    }
    /// The verdicts, in the order of the file: expectations, then invariants.
    pub fn verdicts(&self, scenario: &Scenario, head: BlockNumber) -> (Vec<Verdict>, Vec<Verdict>) {
        let undecided = |label: &str| Verdict {
            expected: label.to_owned(),
            because: String::new(),
            block: head,
            passed: false,
            found: "its block was not reached".to_owned(),
            measured: None,
        };
        let expectations = scenario.expectations.iter().zip(&self.decided);
        let expectations = expectations
            .map(|(expectation, decided)| decided.clone().unwrap_or_else(|| undecided(&expectation.label)));
        let invariants = self.invariants.iter().map(|watched| {
            let (block, found) = match &watched.violation {
                Some(violation) => {
                    (violation.block, format!("block {}: {}", violation.block, violation.text))
                }
                None => (head, format!("at each of {head} blocks")),
            };
            Verdict {
                expected: format!("{}: {}", watched.invariant, watched.invariant.title()),
                because: String::new(),
                block,
                passed: watched.violation.is_none(),
                found,
                measured: None,
            }
        });
        (expectations.collect(), invariants.collect())
    }
}
