//! The block step of whole networks, in memory, on one thread.
//!
//! `cargo bench -p benches --bench chain`; the last table is in `benches/LATEST.md`. The memory of a day is measured by
//! `cargo bench -p benches --bench memory`.
#![allow(missing_docs, reason = "criterion's macros make public items")]
#![allow(clippy::disallowed_types, reason = "a benchmark measures time")]
#![allow(clippy::expect_used, reason = "a benchmark that cannot run has no result")]

use benches::networks::{Network, Play};
use chain::units::NetUid;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::time::{Duration, Instant};

/// Blocks of one measurement: four tempos, so that every subnet has four epochs in it.
const BLOCKS: u64 = 1_440;
const SMALL_BLOCKS: u64 = 20_000;

/// Plays the network anew for every measurement; the clock stands while it is built.
fn measure(criterion: &mut Criterion, name: &str, network: Network, blocks: u64) {
    let state = network.state();
    let mut group = criterion.benchmark_group("block step");
    group.sample_size(10).warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_secs(8));
    group.throughput(Throughput::Elements(blocks));
    group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
        bencher.iter_custom(|rounds| {
            let mut spent = Duration::ZERO;
            for _ in 0..rounds {
                let mut play = Play::new(state.clone());
                let start = Instant::now();
                for _ in 0..blocks {
                    play.next();
                }
                spent += start.elapsed();
            }
            spent
        });
    });
    group.finish();
}

fn chain(criterion: &mut Criterion) {
    measure(criterion, "1 subnet x 16 neurons", Network::small(), SMALL_BLOCKS);
    for subnets in [1, 8, 32, 128, 512] {
        measure(criterion, &format!("{subnets} subnets x 256 neurons"), Network::of(subnets), BLOCKS);
    }
    let yuma2 = Network { yuma3: false, ..Network::of(128) };
    measure(criterion, "128 subnets x 256 neurons, yuma2", yuma2, BLOCKS);
}

/// What the first page of a key scan at a block sorts: the keys of a subnet, of all subnets, of an item of the chain.
fn keys(criterion: &mut Criterion) {
    let state = Network::of(128).state();
    let mut group = criterion.benchmark_group("sorted keys, 128 subnets x 256 neurons");
    for (name, subnet) in [("Uids", Some(NetUid(1))), ("Uids", None), ("TotalHotkeyAlpha", None)] {
        let item = chain::schema::lookup("SubtensorModule", name).expect("an item");
        let rows = item.raw_keys(&state, subnet).len();
        let of = if subnet.is_some() { "of one subnet" } else { "of all" };
        group.bench_function(BenchmarkId::new(format!("{name} {of}"), rows), |bencher| {
            bencher.iter(|| item.raw_keys(&state, subnet));
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = benches::criterion();
    targets = chain, keys
}
criterion_main!(benches);
