//! `localnet doctor`: the state of a ledger, and what can be saved of a damaged one.

use super::output::{print, print_with};
use crate::cli::DoctorArgs;
use crate::exit::{Exit, Failure};
use crate::play::store::failure;
use crate::progress::Progress;
use crate::telemetry::say;
use chain::ledger::{Error, Ledger, Progress as Checked, Salvaged, Summary};
use serde_json::json;
use std::fmt::Write as _;
use std::path::Path;

/// Inspects, cuts or exports a ledger.
pub(crate) fn doctor(args: &DoctorArgs) -> Result<Exit, Failure> {
    let path = args.ledger.as_path();
    let done = match (&args.export, args.cut) {
        (Some(to), _) => watched(|progress| Ledger::export(path, to, progress)).map(Some),
        (None, true) => watched(|progress| Ledger::cut(path, progress)).map(Some),
        (None, false) => Ok(None),
    };
    match done {
        Ok(Some(salvaged)) => report_salvaged(args, &salvaged),
        Ok(None) => {
            let summary = watched(|progress| Ledger::inspect(path, progress)).map_err(failure)?;
            report(args, &summary)
        }
        Err(error @ Error::Lost { .. }) => {
            say(&format!("error: {error}"));
            Ok(Exit::CheckFailed)
        }
        Err(error) => Err(failure(error)),
    }
}

/// Shows the progress of a long examination.
fn watched<T>(work: impl FnOnce(&mut dyn FnMut(Checked)) -> T) -> T {
    let mut bar: Option<Progress> = None;
    let result = work(&mut |progress| {
        bar.get_or_insert_with(|| Progress::start("doctor", 0, progress.of)).block(progress.checked);
    });
    if let Some(bar) = bar {
        bar.finish();
    }
    result
}

fn report_salvaged(args: &DoctorArgs, salvaged: &Salvaged) -> Result<Exit, Failure> {
    let Salvaged { head, digest, lost, kept } = salvaged;
    if args.json {
        return print(&format!(
            "{}\n",
            json!({
                "ledger": args.ledger,
                "head": head,
                "digest": hex::encode(digest),
                "lost": lost.as_ref().map(|lost| [*lost.start(), *lost.end()]),
                "kept": kept,
                "export": args.export,
            })
        ));
    }
    let mut text = match (&args.export, kept) {
        (Some(to), _) => format!("{}: blocks 1..={head} are in a new ledger\n", to.display()),
        (None, None) => format!("{}: sound up to block {head}; nothing was changed\n", args.ledger.display()),
        (None, Some(kept)) => format!(
            "{}: ends at block {head} now; what was there is kept in {}\n",
            args.ledger.display(),
            kept.display()
        ),
    };
    // Writing to a string does not fail.
    if let Some(lost) = lost {
        let _ = writeln!(text, "lost      blocks {}..={}", lost.start(), lost.end());
    }
    let _ = writeln!(text, "digest    {}", hex::encode(digest));
    print(&text)
}

fn report(args: &DoctorArgs, summary: &Summary) -> Result<Exit, Failure> {
    let exit = match (summary.in_use, summary.damage.is_empty()) {
        (true, _) => Exit::Usage,
        (false, true) => Exit::Ok,
        (false, false) => Exit::CheckFailed,
    };
    if args.json {
        return print_with(&format!("{}\n", as_json(summary)), exit);
    }
    print_with(&as_text(&args.ledger, summary), exit)
}

fn verdict(summary: &Summary) -> &'static str {
    match (summary.damage.is_empty(), summary.repairs.is_empty()) {
        _ if summary.unfinished => {
            "creation was cut short before the first block; the next start makes it again"
        }
        _ if summary.in_use => "in use, so the store was not read",
        (true, true) => "sound",
        (true, false) => "no stored block is lost; the next start repairs the rest",
        (false, _) => "damaged",
    }
}

fn as_json(summary: &Summary) -> serde_json::Value {
    let witnessed = summary.witnessed.as_ref();
    json!({
        "ledger": summary.path,
        "verdict": verdict(summary),
        "format": summary.format,
        "genesis": summary.genesis,
        "scenario_digest": summary.scenario_digest,
        "seed": summary.seed,
        "in_use": summary.in_use,
        "pid": summary.pid,
        "head": summary.head,
        "top": summary.top,
        "witnessed_head": witnessed.map(|witnessed| witnessed.head),
        "closed_cleanly": witnessed.map(|witnessed| witnessed.clean),
        "announced": summary.announced,
        "checkpoints": summary.checkpoints,
        "store_bytes": summary.store_bytes,
        "damage": summary.damage,
        "repairs": summary.repairs,
        "recoveries": summary.recoveries,
    })
}

fn as_text(path: &Path, summary: &Summary) -> String {
    let mut text = format!("{}: {}\n", path.display(), verdict(summary));
    // Writing to a string does not fail.
    let mut row = |name: &str, value: String| {
        let _ = writeln!(text, "{name:<10}{value}");
    };
    if let (Some(scenario), Some(seed)) = (&summary.scenario_digest, summary.seed) {
        row("run", format!("scenario digest {scenario}, seed {seed}"));
    }
    if let Some(pid) = summary.pid.filter(|_| summary.in_use) {
        row("process", pid.to_string());
    }
    if let Some(head) = summary.head {
        row("blocks", if head == 0 { "none".to_owned() } else { format!("1..={head} can be read") });
    }
    if let Some(witnessed) = &summary.witnessed {
        let clean = if witnessed.clean { "closed cleanly" } else { "not closed cleanly" };
        row("HEAD", format!("block {}, {clean}", witnessed.head));
    }
    if let Some(announced) = summary.announced {
        row("MARK", format!("block {announced}"));
    }
    if !summary.checkpoints.is_empty() {
        let numbers: Vec<_> = summary.checkpoints.iter().map(ToString::to_string).collect();
        row("states", format!("of blocks {}", numbers.join(", ")));
    }
    row("store", format!("{} bytes", crate::report::amount::grouped(summary.store_bytes.into())));
    for (name, lines) in
        [("damage", &summary.damage), ("repairs", &summary.repairs), ("before", &summary.recoveries)]
    {
        lines.iter().for_each(|line| row(name, line.clone()));
    }
    if summary.damage.is_empty() {
        return text;
    }
    let advice = match summary.head {
        Some(head) => format!(
            "blocks 1..={head} can be saved:\n  localnet doctor {path} --cut           cuts the ledger back to block {head}, and \
             keeps the rest in quarantine/\n  localnet doctor {path} --export DIR    copies them into a new ledger, and leaves \
             this one as it is\n",
            path = path.display(),
        ),
        None => "nothing can be saved: the chain is made again by running what it was made with\n".to_owned(),
    };
    text.push_str(&advice);
    text
}
