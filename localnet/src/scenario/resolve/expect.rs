//! Expectations and invariants.

use super::{Findings, Member, chosen, timeline};
use crate::metrics::{Metric, Scope, Unit, Value};
use crate::scenario::amount::Amount;
use crate::scenario::document::KeyPath;
use crate::scenario::expectation::{Comparison, Expectation, Fold, Subject, Target};
use crate::scenario::model::{Bound, BoundOf, Expect, File};
use crate::scenario::problem::unknown;
use crate::scenario::selector::Selector;
use chain::invariants::Invariant;
use chain::units::NetUid;

pub(super) fn resolve(
    file: &File,
    members: &[Member],
    findings: &mut Findings,
) -> (Vec<Expectation>, Vec<Invariant>) {
    let list = KeyPath::root().key("expect");
    let expectations = (0..)
        .zip(&file.expect)
        .filter_map(|(index, expect)| expectation(file, expect, members, &list.index(index), findings))
        .collect();
    let list = KeyPath::root().key("always");
    let mut invariants = Vec::new();
    for (index, always) in file.always.iter().enumerate() {
        match always.invariant.parse() {
            Ok(invariant) => invariants.push(invariant),
            Err(_) => {
                let names = Invariant::ALL.map(|invariant| invariant.to_string());
                let message = unknown("invariant", &always.invariant, names.iter().map(String::as_str));
                findings.add(list.index(index).key("invariant"), message);
            }
        }
    }
    (expectations, invariants)
}

fn expectation(
    file: &File,
    expect: &Expect,
    members: &[Member],
    path: &KeyPath,
    findings: &mut Findings,
) -> Option<Expectation> {
    let Some(metric) = Metric::from_name(&expect.metric) else {
        let names: Vec<_> = Metric::ALL.iter().map(|metric| metric.name()).collect();
        findings.add(path.key("metric"), unknown("metric", &expect.metric, names));
        return None;
    };
    if let Some(block) = expect.at_block {
        findings.within(&path.key("at_block"), block, 1, file.blocks, "blocks");
    }
    if let Some(block) = expect.since {
        let last = expect.at_block.unwrap_or(file.blocks).saturating_sub(1);
        findings.within(&path.key("since"), block, 1, last, "blocks");
        if !metric.adds_up() {
            let names: Vec<_> =
                Metric::ALL.iter().filter(|metric| metric.adds_up()).map(|m| m.name()).collect();
            let message = format!(
                "`{}` does not add up over blocks; `since` goes with {}",
                metric.name(),
                names.join(", ")
            );
            findings.add(path.key("since"), message);
        }
    }
    let of = subject(expect, metric, members, path, findings);
    let netuid = NetUid(timeline::subnet(file, expect.netuid, &path.key("netuid"), findings));
    let (comparison, bound, what) = comparison(expect, metric, members, path, findings)?;
    not_of_itself(expect, &of, &bound, path, findings);
    let whom = expect.of.as_ref().map(|of| format!(" of {of}")).unwrap_or_default();
    let at = expect.at_block.map(|block| format!(" at block {block}")).unwrap_or_default();
    let since = expect.since.map(|block| format!(" since block {block}")).unwrap_or_default();
    let label = format!("{}{whom} {what}{since}{at}", metric.name());
    let because = expect.because.clone();
    let (at_block, since) = (expect.at_block, expect.since);
    Some(Expectation { label, because, metric, of, netuid, at_block, since, comparison, bound })
}

fn subject(
    expect: &Expect,
    metric: Metric,
    members: &[Member],
    path: &KeyPath,
    findings: &mut Findings,
) -> Vec<Subject> {
    match (&expect.of, metric.scope()) {
        (Some(of), Scope::Participant | Scope::Neuron) => {
            subjects(of, metric, members, &path.key("of"), findings)
        }
        (Some(_), Scope::Subnet) => {
            findings.add(
                path.key("of"),
                format!("`{}` is a metric of a subnet; choose it by `netuid`", metric.name()),
            );
            Vec::new()
        }
        (None, Scope::Subnet) => Vec::new(),
        (None, scope) => {
            findings.add(
                path.clone(),
                format!("the key `of` is missing: `{}` is {}", metric.name(), scope.about()),
            );
            Vec::new()
        }
    }
}

/// Those that a selector means: members of the cast, or neurons of the subnet by uid or hotkey.
fn subjects(
    selector: &Selector,
    metric: Metric,
    members: &[Member],
    path: &KeyPath,
    findings: &mut Findings,
) -> Vec<Subject> {
    let Some(neurons) = selector.neurons else {
        return chosen(selector, members, path, findings).into_iter().map(Subject::Cast).collect();
    };
    if metric.scope() != Scope::Neuron {
        let of_neurons = Metric::ALL.iter().filter(|metric| metric.scope() == Scope::Neuron);
        let names: Vec<_> = of_neurons.map(|metric| metric.name()).collect();
        findings.add(
            path.clone(),
            format!(
                "`{}` is {}; by uid or hotkey there are {}",
                metric.name(),
                metric.scope().about(),
                names.join(", ")
            ),
        );
    }
    vec![Subject::Neurons(neurons)]
}

fn comparison(
    expect: &Expect,
    metric: Metric,
    members: &[Member],
    path: &KeyPath,
    findings: &mut Findings,
) -> Option<(Comparison, Target, String)> {
    let bounds = [
        ("less_than", Comparison::LessThan, &expect.less_than),
        ("at_most", Comparison::AtMost, &expect.at_most),
        ("equals", Comparison::Equals, &expect.equals),
        ("at_least", Comparison::AtLeast, &expect.at_least),
        ("more_than", Comparison::MoreThan, &expect.more_than),
    ];
    let ranks = [
        ("is_max_among", Comparison::AtLeast, Fold::Max, &expect.is_max_among),
        ("is_min_among", Comparison::AtMost, Fold::Min, &expect.is_min_among),
    ];
    let mut given: Vec<_> = bounds.iter().map(|(key, _, bound)| (*key, bound.is_some())).collect();
    given.extend(ranks.iter().map(|(key, _, _, among)| (*key, among.is_some())));
    if !super::timeline::exactly_one(&given, path, findings) {
        return None;
    }
    for (key, comparison, bound) in bounds {
        if let Some(bound) = bound {
            let (target, what) = target(bound, metric, members, &path.key(key), findings)?;
            return Some((comparison, target, format!("{} {what}", comparison.sign())));
        }
    }
    for (key, comparison, fold, among) in ranks {
        if let Some(among) = among {
            let places = subjects(among, metric, members, &path.key(key), findings);
            return Some((
                comparison,
                Target::Of(fold, places),
                format!("is the {} among {among}", fold.word()),
            ));
        }
    }
    None
}

/// A value is always at least the least of a group that it belongs to, so comparing it with that says nothing, or
/// cannot hold.
fn not_of_itself(expect: &Expect, of: &[Subject], bound: &Target, path: &KeyPath, findings: &mut Findings) {
    if expect.is_max_among.is_some() || expect.is_min_among.is_some() {
        return;
    }
    if let Target::Of(fold @ (Fold::Min | Fold::Max), others) = bound
        && let Some(of_selector) = &expect.of
        && of.iter().any(|subject| others.contains(subject))
    {
        findings.add(
            path.clone(),
            format!(
                "`{of_selector}` is compared with the {} of a group that it belongs to; leave it out of the group, \
                 or use is_max_among or is_min_among",
                fold.word()
            ),
        );
    }
}

fn target(
    bound: &Bound,
    metric: Metric,
    members: &[Member],
    path: &KeyPath,
    findings: &mut Findings,
) -> Option<(Target, String)> {
    let (fold, selector, key) = match bound {
        Bound::Of(BoundOf::MinOf(selector)) => (Fold::Min, selector, "min_of"),
        Bound::Of(BoundOf::MaxOf(selector)) => (Fold::Max, selector, "max_of"),
        Bound::Of(BoundOf::SumOf(selector)) => (Fold::Sum, selector, "sum_of"),
        Bound::Of(BoundOf::MeanOf(selector)) => (Fold::Mean, selector, "mean_of"),
        plain => {
            let value = value(plain, metric.unit());
            if value.is_none() {
                let message =
                    format!("not a value of `{}`; allowed: {}", metric.name(), metric.unit().allowed());
                findings.add(path.clone(), message);
            }
            return value.map(|value| (Target::Value(value), value.to_string()));
        }
    };
    let places = subjects(selector, metric, members, &path.key(key), findings);
    Some((Target::Of(fold, places), format!("{} of {selector}", fold.word())))
}

fn value(bound: &Bound, unit: Unit) -> Option<Value> {
    match bound {
        Bound::Integer(number) => Value::parse(&number.to_string(), unit),
        Bound::Number(number) => Value::parse(&number.to_string(), unit),
        Bound::Text(text) if unit == Unit::Tao => {
            Amount::parse(text).ok().map(|amount| Value::new(amount.0, unit))
        }
        Bound::Text(text) => Value::parse(text.trim_end_matches(unit.word()).trim(), unit),
        Bound::Of(_) => None,
    }
}
