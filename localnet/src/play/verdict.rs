//! Deciding expectations.

use crate::metrics::{Metric, MetricContext, Value, measure, measure_hotkey};
use crate::scenario::Member;
use crate::scenario::expectation::{Comparison, Expectation, Fold, Subject, Target};
use crate::scenario::selector::Neurons;
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
    /// The values, if it compares values and they could be measured.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub measured: Option<Measured>,
}

/// The numbers of an expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Measured {
    /// The value; of several the one that comes nearest to failing, or fails by most. **Units**: [`Measured::unit`].
    pub value: i64,
    /// What it is compared with, in the same unit.
    pub bound: i64,
    /// `rao`, `alpha rao`, `65535ths`, `millionths`, `count` or `blocks`.
    pub unit: &'static str,
}

impl Measured {
    /// `None` for what does not fit into 64 bits.
    fn new(value: Value, bound: Value) -> Option<Self> {
        let (value, bound, unit) =
            (i64::try_from(value.raw).ok()?, i64::try_from(bound.raw).ok()?, value.unit.small());
        Some(Self { value, bound, unit })
    }
}

/// Decides an expectation on how things stand.
pub fn decide(expectation: &Expectation, at: MetricContext<'_>, members: &[Member]) -> Verdict {
    let (passed, found, measured) = match sides(expectation, at, members) {
        Ok((left, right)) => compare(expectation.comparison, &left, right),
        Err(why) => (false, why, None),
    };
    Verdict {
        expected: expectation.label.clone(),
        because: expectation.because.clone(),
        block: at.state.block,
        passed,
        found,
        measured,
    }
}

/// A value and whose it is.
type Named = (String, Value);

fn sides(
    expectation: &Expectation,
    at: MetricContext<'_>,
    members: &[Member],
) -> Result<(Vec<Named>, Named), String> {
    let left: Vec<Named> = match expectation.of.as_slice() {
        [] => {
            let value = measure(at, expectation.metric, expectation.netuid, None)
                .ok_or_else(|| format!("there is no subnet {}", expectation.netuid))?;
            vec![(String::new(), value)]
        }
        subjects => values(expectation, subjects, at, members)?,
    };
    let right = match &expectation.bound {
        Target::Value(value) => (String::new(), *value),
        Target::Of(fold, subjects) => folded(*fold, &values(expectation, subjects, at, members)?)
            .ok_or_else(|| "there is nobody to compare with".to_owned())?,
    };
    Ok((left, right))
}

/// The metric of each subject.
fn values(
    expectation: &Expectation,
    subjects: &[Subject],
    at: MetricContext<'_>,
    members: &[Member],
) -> Result<Vec<Named>, String> {
    let (metric, netuid) = (expectation.metric, expectation.netuid);
    let mut values = Vec::with_capacity(subjects.len());
    for subject in subjects {
        match subject {
            Subject::Cast(place) => {
                let name = members.get(*place).map_or("", |member| member.name.as_str());
                let value = measure(at, metric, netuid, Some(*place)).ok_or_else(|| match metric {
                    Metric::Return => format!("{name} held no stake, so it has no return"),
                    _ => format!("{name} holds no uid, so it has no {}", metric.name()),
                })?;
                values.push((name.to_owned(), value));
            }
            Subject::Neurons(neurons) => {
                let subnet = at.state.subnet(netuid).ok_or_else(|| format!("there is no subnet {netuid}"))?;
                let keys = &subnet.neurons.keys;
                let hotkeys: Vec<_> = match neurons {
                    Neurons::All => (0_usize..).zip(keys.iter().copied()).collect(),
                    Neurons::Uid(uid) => {
                        let uid = usize::from(*uid);
                        keys.get(uid).map(|hotkey| (uid, *hotkey)).into_iter().collect()
                    }
                    Neurons::Hotkey(hotkey) => {
                        let uid = subnet.neurons.uid_of(hotkey);
                        uid.map(|uid| (usize::from(uid), *hotkey)).into_iter().collect()
                    }
                };
                if hotkeys.is_empty() {
                    return Err(format!("there is no neuron {neurons} on subnet {netuid}"));
                }
                for (uid, hotkey) in hotkeys {
                    let value = measure_hotkey(at.state, metric, netuid, hotkey)
                        .ok_or_else(|| format!("uid {uid} has no {}", metric.name()))?;
                    values.push((format!("uid {uid}"), value));
                }
            }
        }
    }
    Ok(values)
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
fn compare(comparison: Comparison, left: &[Named], right: Named) -> (bool, String, Option<Measured>) {
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
    let sign = if passed { comparison.sign() } else { comparison.refuted() };
    let found = worst.map(|worst| format!("{} {sign} {}", show(worst), show(&right))).unwrap_or_default();
    (passed, found, worst.and_then(|(_, value)| Measured::new(*value, right.1)))
}
