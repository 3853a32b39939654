//! `localnet epoch`: the consensus of one's own weights, stake and bonds.

use super::output::print;
use crate::cli::EpochArgs;
use crate::exit::{Exit, Failure};
use crate::import::matrices::{self, Matrices, Sources};
use crate::report::amount::{share, short};
use crate::report::table::{Align, Table};
use chain::kernel::{EpochInput, EpochOutput, EpochParams, Rows, Scratch, epoch as run_epoch};
use serde::Serialize;
use std::fmt::Write as _;

/// The results of an epoch. Shares are of 65,535, amounts in alpha rao.
#[derive(Debug, Serialize)]
struct Epoch {
    epoch: u32,
    stake_weight: Vec<u16>,
    validator_permit: Vec<bool>,
    validator_trust: Vec<u16>,
    consensus: Vec<u16>,
    incentive: Vec<u16>,
    dividends: Vec<u16>,
    emission: Vec<u64>,
    bonds: Vec<Vec<(u16, u16)>>,
}

/// Computes the epochs of a file and prints them.
pub(crate) fn epoch(args: &EpochArgs) -> Result<Exit, Failure> {
    let sources = Sources {
        weights: &args.file,
        stake: args.stake.as_deref(),
        bonds: args.bonds.as_deref(),
        split: args.split,
    };
    let matrices = matrices::read(sources).map_err(|refusal| Failure::Usage(refusal.to_string()))?;
    let epochs = play(args, &matrices);
    if args.json {
        let json = serde_json::to_string_pretty(&epochs)
            .map_err(|error| Failure::Internal(format!("the result is no JSON: {error}")))?;
        return print(&format!("{json}\n"));
    }
    print(&text(&epochs, &matrices))
}

fn params(args: &EpochArgs, n: usize) -> EpochParams {
    let mut params = EpochParams {
        kappa: args.kappa,
        bonds_penalty: args.bonds_penalty,
        bonds_moving_average: args.bonds_moving_average,
        max_allowed_validators: args.max_validators.unwrap_or_else(|| u16::try_from(n).unwrap_or(u16::MAX)),
        yuma3_on: args.yuma == 3,
        liquid_alpha_on: args.liquid_alpha,
        commit_reveal_weights_enabled: false,
        ..EpochParams::default()
    };
    if let Some(low) = args.alpha_low {
        params.alpha_low = low;
    }
    if let Some(high) = args.alpha_high {
        params.alpha_high = high;
    }
    params
}

fn play(args: &EpochArgs, matrices: &Matrices) -> Vec<Epoch> {
    let n = matrices.stake.len();
    let params = params(args, n);
    // All neurons are older than their weights, and all weights are of this block.
    let block = u64::from(params.tempo).saturating_mul(2);
    let mut input = EpochInput {
        current_block: block,
        last_mechanism_step_block: block.saturating_sub(u64::from(params.tempo)),
        rao_emission: args.emission,
        owner_uid: None,
        alpha_stake: matrices.stake.clone(),
        tao_stake: vec![0; n],
        block_at_registration: vec![0; n],
        validator_permit: matrices.stake.iter().map(|stake| *stake > 0).collect(),
        last_update: vec![block; n],
        min_commit_block: Vec::new(),
        weights: rows(&matrices.weights, n),
        bonds: rows(&matrices.bonds, n),
    };
    let mut scratch = Scratch::default();
    let mut epochs = Vec::new();
    for number in 1..=args.epochs {
        let result = of_output(number, &run_epoch(&input, &params, &mut scratch));
        input.bonds = rows(&result.bonds, n);
        epochs.push(result);
    }
    epochs
}

fn rows(rows: &[Vec<(u16, u16)>], n: usize) -> Rows {
    let mut packed = Rows::new();
    for uid in 0..n {
        packed.push_row(rows.get(uid).into_iter().flatten().copied());
    }
    packed
}

fn of_output(epoch: u32, output: &EpochOutput<'_>) -> Epoch {
    Epoch {
        epoch,
        stake_weight: output.stake_weight.to_vec(),
        validator_permit: output.validator_permit.to_vec(),
        validator_trust: output.validator_trust.to_vec(),
        consensus: output.consensus.to_vec(),
        incentive: output.incentive.to_vec(),
        dividends: output.dividends.to_vec(),
        emission: output.emission.to_vec(),
        bonds: output.bonds.iter().map(<[(u16, u16)]>::to_vec).collect(),
    }
}

/// Tables: the neurons after each epoch, then the bonds of the last.
fn text(epochs: &[Epoch], matrices: &Matrices) -> String {
    let mut text = String::new();
    for epoch in epochs {
        let mut table = Table::new(&[
            ("uid", Align::Right),
            ("stake", Align::Right),
            ("permit", Align::Left),
            ("vtrust", Align::Right),
            ("consensus", Align::Right),
            ("incentive", Align::Right),
            ("dividends", Align::Right),
            ("emission", Align::Right),
        ]);
        for (uid, stake) in matrices.stake.iter().enumerate() {
            let part = |column: &[u16]| share(column.get(uid).copied().unwrap_or_default());
            let permit = epoch.validator_permit.get(uid).copied().unwrap_or_default();
            table.row([
                uid.to_string(),
                short(*stake),
                if permit { "yes" } else { "no" }.to_owned(),
                part(&epoch.validator_trust),
                part(&epoch.consensus),
                part(&epoch.incentive),
                part(&epoch.dividends),
                short(epoch.emission.get(uid).copied().unwrap_or_default()),
            ]);
        }
        // Writing to a string cannot fail.
        let _ = writeln!(text, "epoch {}", epoch.epoch);
        text.push_str(&table.lines("  "));
    }
    let Some(last) = epochs.last() else { return text };
    text.push_str("bonds\n");
    let held = last.bonds.iter().enumerate().filter(|(_, row)| !row.is_empty());
    for (uid, row) in held {
        let cells: Vec<_> = row.iter().map(|(column, bond)| format!("{column}: {}", share(*bond))).collect();
        let _ = writeln!(text, "  {uid}  {}", cells.join("  "));
    }
    text
}
