//! Builders shared by the benchmarks.

pub mod graphs;
pub mod networks;

use criterion::Criterion;

/// Criterion that writes to the target directory its program lies in: with a relative `CARGO_TARGET_DIR` it would write
/// below the folder of this package.
#[must_use]
pub fn criterion() -> Criterion {
    let program = std::env::current_exe().unwrap_or_default();
    match program.ancestors().nth(3) {
        Some(target) => Criterion::default().output_directory(&target.join("criterion")),
        None => Criterion::default(),
    }
}
