//! The report as people read it.

use super::amount::{grouped, share, short};
use super::model::{Neuron, Payout, Report, SubnetReport};
use super::table::{Align, Table};
use crate::play::Verdict;
use std::fmt::Write as _;

/// The whole report.
pub fn text(report: &Report) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write_report(&mut text, report);
    text
}

fn write_report(text: &mut String, report: &Report) -> std::fmt::Result {
    let dash = if report.title.is_empty() { "" } else { ": " };
    writeln!(text, "{}{dash}{}", report.scenario, report.title)?;
    writeln!(text, "seed {}, {} blocks", report.seed, report.block)?;
    for subnet in &report.subnets {
        write_subnet(text, subnet)?;
    }
    writeln!(text, "\npayouts")?;
    text.push_str(&payouts(&report.payouts));
    writeln!(text, "\nwho earned what, and why")?;
    for line in &report.why {
        writeln!(text, "  {line}")?;
    }
    write_verdicts(text, "expectations", &report.expectations)?;
    write_verdicts(text, "invariants", &report.invariants)?;
    writeln!(text, "\nhead digest {}", report.head_digest)?;
    if !report.passed {
        let failed =
            report.expectations.iter().chain(&report.invariants).filter(|verdict| !verdict.passed).count();
        writeln!(text, "{failed} failed")?;
    }
    writeln!(text, "replay with: {}", report.replay)
}

fn write_subnet(text: &mut String, subnet: &SubnetReport) -> std::fmt::Result {
    writeln!(text, "\nsubnet {}: {}, {} epochs", subnet.netuid, subnet.title, subnet.epochs)?;
    let mut table = Table::new(&[
        ("uid", Align::Right),
        ("role", Align::Left),
        ("name", Align::Left),
        ("hotkey", Align::Left),
        ("stake", Align::Right),
        ("vtrust", Align::Right),
        ("consensus", Align::Right),
        ("incentive", Align::Right),
        ("dividends", Align::Right),
        ("emission", Align::Right),
        ("updated", Align::Right),
        ("active", Align::Left),
    ]);
    for neuron in &subnet.neurons {
        table.row(neuron_cells(neuron));
    }
    if !subnet.neurons.is_empty() {
        text.push_str(&table.lines("  "));
    }
    writeln!(
        text,
        "  pool: {} tao, {} alpha; outside: {} alpha; price: {} tao",
        short(subnet.pool_tao.get()),
        short(subnet.pool_alpha.get()),
        short(subnet.alpha_out.get()),
        subnet.price
    )
}

fn neuron_cells(neuron: &Neuron) -> [String; 12] {
    let ends = (neuron.hotkey.get(..6).unwrap_or_default(), neuron.hotkey.get(44..).unwrap_or_default());
    [
        neuron.uid.to_string(),
        neuron.role.to_owned(),
        neuron.name.clone(),
        format!("{}..{}", ends.0, ends.1),
        short(neuron.stake.get()),
        share(neuron.vtrust),
        share(neuron.consensus),
        share(neuron.incentive),
        share(neuron.dividends),
        short(neuron.emission.get()),
        neuron.updated.to_string(),
        if neuron.active { "yes" } else { "no" }.to_owned(),
    ]
}

fn payouts(payouts: &[Payout]) -> String {
    let mut table = Table::new(&[
        ("role", Align::Left),
        ("name", Align::Left),
        ("tactic", Align::Left),
        ("alpha", Align::Right),
        ("fees earned", Align::Right),
        ("fees paid", Align::Right),
        ("right", Align::Right),
        ("wrong", Align::Right),
        ("missing", Align::Right),
        ("ratio", Align::Right),
    ]);
    for payout in payouts {
        let ratio = match payout.ratio_milli {
            0 => "-".to_owned(),
            ratio => format!("{}.{:03}", grouped((ratio / 1_000).into()), ratio % 1_000),
        };
        table.row([
            payout.role.to_owned(),
            payout.name.clone(),
            if payout.tactic == payout.role { String::new() } else { payout.tactic.clone() },
            short(payout.alpha.get()),
            short(payout.fees_earned.get()),
            short(payout.fees_paid.get()),
            payout.answers_ok.to_string(),
            payout.answers_bad.to_string(),
            payout.answers_missing.to_string(),
            ratio,
        ]);
    }
    table.lines("  ")
}

fn write_verdicts(text: &mut String, head: &str, verdicts: &[Verdict]) -> std::fmt::Result {
    if verdicts.is_empty() {
        return Ok(());
    }
    writeln!(text, "\n{head}")?;
    for verdict in verdicts {
        let word = if verdict.passed { "pass" } else { "FAIL" };
        writeln!(text, "  {word}  {}: {}", verdict.expected, verdict.found)?;
        if !verdict.because.is_empty() {
            writeln!(text, "        because {}", verdict.because)?;
        }
    }
    Ok(())
}
