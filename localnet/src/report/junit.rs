//! The verdicts as JUnit XML: a suite is a scenario, a case is an expectation, an invariant or a refused event.

use super::model::Report;
use super::refused::Refused;
use crate::play::Verdict;
use quick_junit::{NonSuccessKind, Property, SerializeError, TestCase, TestCaseStatus, TestSuite};

/// The XML.
///
/// # Errors
/// When it cannot be written as XML.
pub fn junit(report: &Report) -> Result<String, SerializeError> {
    let mut suite = TestSuite::new(report.scenario.as_str());
    let seed = report.seed.to_string();
    for (name, value) in [
        ("seed", seed.as_str()),
        ("version", report.version),
        ("scenario_digest", &report.scenario_digest),
        ("head_digest", &report.head_digest),
    ] {
        suite.add_property(Property::new(name, value));
    }
    suite.add_test_cases(report.expectations.iter().map(|verdict| case(report, verdict, "expect")));
    suite.add_test_cases(report.invariants.iter().map(|verdict| case(report, verdict, "always")));
    let events = report.refused.iter().filter(|refused| !refused.event.is_empty());
    suite.add_test_cases(events.map(|refused| event(report, refused)));
    let mut xml = quick_junit::Report::new("localnet");
    xml.add_test_suite(suite);
    xml.to_string()
}

/// An event that the chain refused.
fn event(report: &Report, refused: &Refused) -> TestCase {
    let mut status = TestCaseStatus::success();
    if refused.fails {
        status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_message(format!("refused by the chain: {}", refused.sentence()));
        status.set_description(format!("{}\n{}", report.replay, refused.sentence()));
    }
    let mut case = TestCase::new(format!("{}: {}", refused.event, refused.what), status);
    case.set_classname(format!("{}.event", report.scenario));
    case
}

/// A suite for a run that came to no verdict: one case in error, which says why.
///
/// # Errors
/// When it cannot be written as XML.
pub fn without_verdict(scenario: &str, why: &str) -> Result<String, SerializeError> {
    let mut error = TestCaseStatus::non_success(NonSuccessKind::Error);
    error.set_message(why);
    let mut case = TestCase::new("run", error);
    case.set_classname(scenario);
    let mut suite = TestSuite::new(scenario);
    suite.add_test_case(case);
    let mut xml = quick_junit::Report::new("localnet");
    xml.add_test_suite(suite);
    xml.to_string()
}

fn case(report: &Report, verdict: &Verdict, kind: &str) -> TestCase {
    let status = if verdict.passed {
        TestCaseStatus::success()
    } else {
        let mut failure = TestCaseStatus::non_success(NonSuccessKind::Failure);
        failure.set_message(verdict.found.as_str());
        failure.set_description(format!("{}\n{}", report.replay, verdict.found));
        failure
    };
    let mut case = TestCase::new(verdict.expected.as_str(), status);
    case.set_classname(format!("{}.{kind}", report.scenario));
    case
}
