//! The fast consensus kernel against the plain one, on the same inputs in the same run, on one thread.
//!
//! `cargo bench -p benches --bench kernel`; the last table is in `benches/LATEST.md`.
#![allow(missing_docs, reason = "criterion's macros make public items")]

use benches::graphs::Graph;
use chain::kernel::{EpochInput, EpochParams, Scratch, epoch, reference};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Duration;

/// Whether the plain version is measured too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Plain {
    Measured,
    TooSlow,
}

fn compare(criterion: &mut Criterion, name: &str, input: &EpochInput, params: &EpochParams, plain: Plain) {
    let mut group = criterion.benchmark_group(name);
    group.sample_size(20).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(4));
    let mut scratch = Scratch::default();
    group.bench_function(BenchmarkId::from_parameter("fast"), |b| {
        b.iter(|| {
            black_box(epoch(black_box(input), black_box(params), &mut scratch));
        });
    });
    if plain == Plain::Measured {
        assert_eq!(epoch(input, params, &mut scratch), reference::epoch(input, params).output());
        group.bench_function(BenchmarkId::from_parameter("reference"), |b| {
            b.iter(|| black_box(reference::epoch(black_box(input), black_box(params))));
        });
    }
    group.finish();
}

fn kernel(criterion: &mut Criterion) {
    let dense = Graph::dense(256, 64);
    let yuma3 = dense.params();
    let liquid = EpochParams { liquid_alpha_on: true, ..yuma3 };
    compare(criterion, "yuma3 dense 256x64", &dense.input(), &yuma3, Plain::Measured);

    let sparse = Graph { filled_percent: 10, ..dense };
    compare(criterion, "yuma3 10% 256x64", &sparse.input(), &yuma3, Plain::Measured);

    // No weight is below its bond, and with the full penalty none is above consensus: no bond has moved.
    let steady = Graph { weight_min: 32_768, bond_max: 20, ..dense };
    compare(criterion, "liquid alpha steady 256x64", &steady.input(), &liquid, Plain::Measured);
    let churning = EpochParams { bonds_penalty: 0, ..liquid };
    compare(criterion, "liquid alpha churning 256x64", &dense.input(), &churning, Plain::Measured);

    let yuma2 = EpochParams { yuma3_on: false, ..yuma3 };
    compare(criterion, "yuma2 dense 256x64", &dense.input(), &yuma2, Plain::Measured);

    for n in [1_024, 4_096] {
        let graph = Graph::dense(n, 64);
        let plain = if n > 1_024 { Plain::TooSlow } else { Plain::Measured };
        compare(criterion, &format!("yuma3 dense {n}x64"), &graph.input(), &graph.params(), plain);
    }
}

criterion_group! {
    name = benches;
    config = benches::criterion();
    targets = kernel
}
criterion_main!(benches);
