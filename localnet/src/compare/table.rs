//! The comparison as a table.

use super::{Comparison, SubnetOutcome};
use crate::report::amount::short;
use crate::report::table::{Align, Table};
use std::fmt::Write as _;

const HEAD: [(&str, Align); 8] = [
    ("subnet", Align::Left),
    ("rule", Align::Left),
    ("tao emitted", Align::Right),
    ("share", Align::Right),
    ("price", Align::Right),
    ("owner", Align::Right),
    ("validators", Align::Right),
    ("miners", Align::Right),
];

/// The text of a comparison: one table, and where the runs part.
pub fn text(comparison: &Comparison) -> String {
    let Comparison { scenario, title, seed, block, rules } = comparison;
    let mut text = format!("{scenario}: {title}\nseed {seed}, {block} blocks\n\n");
    let mut table = Table::new(&HEAD);
    let subnets = rules.first().map_or(0, |outcome| outcome.subnets.len());
    for place in 0..subnets {
        for (at, outcome) in rules.iter().enumerate() {
            if let Some(subnet) = outcome.subnets.get(place) {
                let name =
                    if at == 0 { format!("{} {}", subnet.netuid, subnet.title) } else { String::new() };
                table.row(row(name, outcome.rule, subnet));
            }
        }
    }
    text.push_str(&table.lines("  "));
    text.push_str(
        "  owner, validators and miners: what they earned in tao, alpha at the price of the end\n\n",
    );
    for outcome in rules {
        for refused in outcome.refused.iter().filter(|refused| refused.fails) {
            let (rule, event, what) = (outcome.rule, &refused.event, &refused.what);
            let why = refused.sentence();
            let _ = writeln!(text, "FAIL  {rule}: {event}, {what}: refused by the chain: {why}");
        }
    }
    let Some(first) = rules.first() else { return text };
    for outcome in rules.iter().skip(1) {
        let _ = match outcome.parts_at {
            Some(block) => {
                writeln!(text, "{} first differs from {} at block {block}", outcome.rule, first.rule)
            }
            None => writeln!(text, "{} does not differ from {}", outcome.rule, first.rule),
        };
    }
    text.push_str("\neach row alone\n");
    for outcome in rules {
        let _ = writeln!(text, "  {}", outcome.command);
    }
    text
}

fn row(name: String, rule: &str, subnet: &SubnetOutcome) -> [String; 8] {
    let share = format!("{}.{:02} %", subnet.share_ppm / 10_000, subnet.share_ppm % 10_000 / 100);
    let [emitted, price, owner, validators, miners] =
        [subnet.emitted, subnet.price, subnet.owner, subnet.validators, subnet.miners]
            .map(|amount| short(amount.get()));
    [name, rule.to_owned(), emitted, share, price, owner, validators, miners]
}
