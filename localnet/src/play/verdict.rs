//! Deciding expectations.

use crate::metrics::{Metric, Standing, Value, measure};
use crate::scenario::Member;
use crate::scenario::expectation::{Comparison, Expectation, Fold, Target};
use chain::units::BlockNumber;
use serde::Serialize;

/// An expectation or an invariant, decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// What was expected.
    pub expected: String,
    /// Why, in the author's words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub because: String,
    /// After which block it was decided.
    pub block: BlockNumber,
    /// Whether it holds.
    pub passed: bool,
    /// What was found: both values, and whose they are.
    pub found: String,
}

/// Decides an expectation on how things stand.
pub fn decide(expectation: &Expectation, at: Standing<'_>, members: &[Member]) -> Verdict {
    let (passed, found) = match sides(expectation, at, members) {
        Ok((left, right)) => compare(expectation.comparison, &left, right),
        Err(why) => (false, why),
    };
    Verdict {
        expected: expectation.label.clone(),
        because: expectation.because.clone(),
        block: at.state.block,
        passed,
        found,
    }
}

/// A value and whose it is.
type Named = (String, Value);

fn sides(
    expectation: &Expectation,
    at: Standing<'_>,
    members: &[Member],
) -> Result<(Vec<Named>, Named), String> {
    let one = |who: Option<usize>| {
        let name = who.and_then(|place| members.get(place)).map_or("", |member| member.name.as_str());
        measure(at, expectation.metric, expectation.netuid, who)
            .map(|value| (name.to_owned(), value))
            .ok_or_else(|| match who {
                Some(_) if expectation.metric == Metric::Return => {
                    format!("{name} held no stake, so it has no return")
                }
                Some(_) => format!("{name} holds no uid, so it has no {}", expectation.metric.name()),
                None => format!("there is no subnet {}", expectation.netuid),
            })
    };
    let left: Vec<Named> = match expectation.of.as_slice() {
        [] => vec![one(None)?],
        places => places.iter().map(|place| one(Some(*place))).collect::<Result<_, _>>()?,
    };
    let right = match &expectation.bound {
        Target::Value(value) => (String::new(), *value),
        Target::Of(fold, places) => {
            let values: Vec<Named> =
                places.iter().map(|place| one(Some(*place))).collect::<Result<_, _>>()?;
            folded(*fold, &values).ok_or_else(|| "there is nobody to compare with".to_owned())?
        }
    };
    Ok((left, right))
}

fn folded(fold: Fold, values: &[Named]) -> Option<Named> {
    let raw: Vec<i128> = values.iter().map(|(_, value)| value.raw).collect();
    let folded = fold.fold(&raw)?;
    let (_, first) = values.first()?;
    let name = match fold {
        Fold::Min | Fold::Max => values
            .iter()
            .find(|(_, value)| value.raw == folded)
            .map(|(name, _)| name.clone())
            .unwrap_or_default(),
        Fold::Sum | Fold::Mean => fold.word().to_owned(),
    };
    Some((name, Value { raw: folded, unit: first.unit }))
}

/// Compares every value with the bound; shows the one that comes nearest to failing, or fails by most.
fn compare(comparison: Comparison, left: &[Named], right: Named) -> (bool, String) {
    let distance = |value: i128| match comparison {
        Comparison::LessThan | Comparison::AtMost => value,
        Comparison::AtLeast | Comparison::MoreThan => value.saturating_neg(),
        Comparison::Equals => value.saturating_sub(right.1.raw).saturating_abs(),
    };
    let passed = left.iter().all(|(_, value)| comparison.holds(value.raw, right.1.raw));
    let worst = left.iter().max_by_key(|(_, value)| distance(value.raw));
    let show = |(name, value): &Named| match name.as_str() {
        "" => value.to_string(),
        name => format!("{name} {value}"),
    };
    let sign = if passed { comparison.sign().to_owned() } else { format!("not {}", comparison.sign()) };
    let found = worst.map(|worst| format!("{} {sign} {}", show(worst), show(&right))).unwrap_or_default();
    (passed, found)
}
