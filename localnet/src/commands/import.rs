//! `localnet import`: a network from elsewhere as a genesis.

use super::output::print;
use crate::cli::ImportArgs;
use crate::exit::{Exit, Failure};
use crate::import;
use crate::report::amount::grouped;
use crate::telemetry::say;
use std::path::Path;

/// Writes the genesis and prints a scenario for it, to be saved in the same directory.
pub(crate) fn import(args: &ImportArgs) -> Result<Exit, Failure> {
    let file = &args.file;
    let import::Imported { snapshot, notes } = import::read(file, args.netuid)
        .map_err(|refusal| Failure::Usage(format!("{}: {refusal}", file.display())))?;
    let digest = import::write(&snapshot, &args.out).map_err(|error| {
        Failure::Usage(format!("--out {}: cannot be written ({error})", args.out.display()))
    })?;
    for note in &notes.0 {
        say(&format!("{}: {note}", file.display()));
    }
    let neurons: usize = snapshot.subnets.iter().map(|subnet| subnet.neurons.len()).sum();
    say(&format!(
        "{}: {} neurons on {} subnet(s), {} balances; digest {}",
        args.out.display(),
        grouped(neurons as u128),
        snapshot.subnets.len(),
        grouped(snapshot.balances.len() as u128),
        hex::encode(digest)
    ));
    print(&scenario(&args.out))
}

/// Three epochs of an imported subnet, as a file beside the genesis.
fn scenario(genesis: &Path) -> String {
    let name = genesis.file_name().unwrap_or_default();
    let name = toml::Value::String(name.to_string_lossy().into_owned());
    format!(
        "schema = 1\nname = \"imported\"\ntitle = \"A network from elsewhere\"\nblocks = 1200\n\n[chain]\ngenesis = {name}\n\n\
         [[always]]\ninvariant = \"I1\"\n\n[[always]]\ninvariant = \"I16\"\n"
    )
}
