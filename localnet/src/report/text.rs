//! The report as people read it.

use super::amount::{grouped, share, short};
use super::model::{Neuron, Payout, Report, SubnetReport};
use super::refused::{Refused, StakeReport};
use super::table::{Align, Table};
use crate::play::Verdict;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Rows of a subnet's table: what a subnet may have on the real chain.
const NEURONS_MAX: usize = 256;

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
    write_stakes(text, &report.stakes)?;
    // A network from elsewhere may be played without a cast of one's own.
    if !report.payouts.is_empty() {
        writeln!(text, "\npayouts")?;
        text.push_str(&payouts(&report.payouts));
        write_qualities(text, &report.payouts)?;
        writeln!(text, "\nwho earned what, and why")?;
        for line in &report.why {
            writeln!(text, "  {line}")?;
        }
    }
    write_refused(text, &report.refused)?;
    write_verdicts(text, "expectations", &report.expectations)?;
    write_verdicts(text, "invariants", &report.invariants)?;
    writeln!(text, "\nhead digest {}", report.head_digest)?;
    if !report.passed {
        let failed =
            report.expectations.iter().chain(&report.invariants).filter(|verdict| !verdict.passed).count();
        let failed = failed + report.refused.iter().filter(|refused| refused.fails).count();
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
    for neuron in subnet.neurons.iter().take(NEURONS_MAX) {
        table.row(neuron_cells(neuron));
    }
    if !subnet.neurons.is_empty() {
        text.push_str(&table.lines("  "));
    }
    let rest = subnet.neurons.len().saturating_sub(NEURONS_MAX);
    if rest > 0 {
        writeln!(text, "  ... and {} neurons more, all with --json", grouped(rest as u128))?;
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

/// What validators' stakes were at genesis: what was bought, for what, and what was given.
fn write_stakes(text: &mut String, stakes: &[StakeReport]) -> std::fmt::Result {
    if stakes.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nstake at genesis")?;
    let mut table = Table::new(&[
        ("subnet", Align::Right),
        ("validator", Align::Left),
        ("tao spent", Align::Right),
        ("alpha", Align::Right),
        ("share", Align::Right),
        ("price before", Align::Right),
        ("slippage", Align::Right),
    ]);
    let percent = |ppm: u64| format!("{}.{:02} %", ppm / 10_000, ppm % 10_000 / 100);
    for stake in stakes {
        let bought = !stake.spent.is_zero();
        let or_dash = |cell: String| if bought { cell } else { "-".to_owned() };
        table.row([
            stake.netuid.to_string(),
            stake.name.clone(),
            if bought { short(stake.spent.get()) } else { "given".to_owned() },
            short(stake.alpha.get()),
            percent(stake.share_ppm),
            or_dash(short(stake.price_before.get())),
            or_dash(percent(stake.slippage_ppm)),
        ]);
    }
    text.push_str(&table.lines("  "));
    Ok(())
}

/// The units of the mechanisms' figures of quality.
fn write_qualities(text: &mut String, payouts: &[Payout]) -> std::fmt::Result {
    let units: BTreeMap<u16, &str> =
        payouts.iter().map(|payout| (payout.netuid, payout.quality_unit)).collect();
    for (netuid, unit) in units.iter().filter(|(_, unit)| !unit.is_empty()) {
        match units.len() {
            1 => writeln!(text, "  quality: {unit}")?,
            _ => writeln!(text, "  quality on subnet {netuid}: {unit}")?,
        }
    }
    Ok(())
}

fn write_refused(text: &mut String, refused: &[Refused]) -> std::fmt::Result {
    if refused.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nrefused by the chain")?;
    for one in refused {
        let word = match (one.fails, one.may_fail) {
            (true, _) => "FAIL",
            (false, true) => "may ",
            (false, false) => "note",
        };
        match one.event.as_str() {
            "" => writeln!(text, "  {word}  {}", one.sentence())?,
            event => writeln!(text, "  {word}  {event}, {}: {}", one.what, one.sentence())?,
        }
    }
    Ok(())
}

fn payouts(payouts: &[Payout]) -> String {
    let mut table = Table::new(&[
        ("role", Align::Left),
        ("name", Align::Left),
        ("subnet", Align::Right),
        ("tactic", Align::Left),
        ("alpha", Align::Right),
        ("value in tao", Align::Right),
        ("fees earned", Align::Right),
        ("fees paid", Align::Right),
        ("right", Align::Right),
        ("wrong", Align::Right),
        ("missing", Align::Right),
        ("quality", Align::Right),
    ]);
    for payout in payouts {
        let quality = match payout.quality_milli {
            0 => "-".to_owned(),
            quality => format!("{}.{:03}", grouped((quality / 1_000).into()), quality % 1_000),
        };
        table.row([
            payout.role.to_owned(),
            payout.name.clone(),
            payout.netuid.to_string(),
            if payout.tactic == payout.role { String::new() } else { payout.tactic.clone() },
            short(payout.alpha.get()),
            short(payout.value.get()),
            short(payout.fees_earned.get()),
            short(payout.fees_paid.get()),
            payout.answers_ok.to_string(),
            payout.answers_bad.to_string(),
            payout.answers_missing.to_string(),
            quality,
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
