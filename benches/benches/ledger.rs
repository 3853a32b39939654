//! How many blocks a second the ledger takes: blocks of 1 KB, the last one on the device when the clock stops.
//!
//! `durable` is one caller who waits for each block, so it measures the device's flush; `buffered` is what a
//! run in virtual time sees; `open` is the verification of a whole chain.
#![allow(missing_docs, reason = "the macros of criterion make public items")]
#![allow(clippy::disallowed_types, reason = "a benchmark measures time")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use chain::ledger::{Durability, Error, Frame, Identity, Ledger};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const SECTION_BYTES: usize = 256;
const OPEN_BLOCKS: u64 = 20_000;
/// What a failed round counts as: nobody will take it for a result.
const FAILED: Duration = Duration::from_secs(1_000_000);

fn identity() -> Identity {
    Identity { genesis: [1; 32], scenario_digest: [2; 32], seed: 3, scenario: b"bench".to_vec() }
}

fn place() -> PathBuf {
    std::env::temp_dir().join(format!("localnet-bench-ledger-{}", std::process::id()))
}

/// Blocks of about 1 KB: four sections of 256 bytes.
fn blocks(count: u64) -> Vec<Frame> {
    let mut parent = identity().genesis;
    let block = |number: u64| {
        let mut bytes = noise(number);
        let mut section = || (0..SECTION_BYTES).map(|_| bytes()).collect::<Vec<u8>>();
        let (header, inputs, receipts, events) = (section(), section(), section(), section());
        let digest = Frame::digest_of(&parent, &inputs, &receipts, &events);
        let parent_digest = std::mem::replace(&mut parent, digest);
        Frame {
            number,
            hash: digest,
            parent_digest,
            digest,
            header,
            inputs,
            receipts,
            events,
            ..Frame::default()
        }
    };
    (1..=count).map(block).collect()
}

/// Bytes that do not compress: xorshift from the block's number.
fn noise(number: u64) -> impl FnMut() -> u8 {
    let mut state = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    }
}

/// Time to take `count` blocks into a new ledger, the last one on the device.
fn take(durability: Durability, count: u64) -> Result<Duration, Error> {
    let path = place();
    let _ = std::fs::remove_dir_all(&path);
    let (ledger, _) = Ledger::create(&path, &identity(), durability)?;
    let blocks = blocks(count);
    let start = Instant::now();
    for block in blocks {
        ledger.append(block)?;
    }
    ledger.sync()?;
    let taken = start.elapsed();
    ledger.close()?;
    let _ = std::fs::remove_dir_all(&path);
    Ok(taken)
}

fn reopen() -> Result<Duration, Error> {
    let start = Instant::now();
    let (ledger, _) = Ledger::open(place(), None, Durability::Buffered)?;
    let taken = start.elapsed();
    ledger.close()?;
    Ok(taken)
}

fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("ledger");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    for (durability, batch) in [(Durability::Buffered, 20_000), (Durability::Durable, 500)] {
        group.throughput(Throughput::Elements(batch));
        group.bench_function(format!("append/{durability}"), |bencher| {
            bencher
                .iter_custom(|rounds| (0..rounds).map(|_| take(durability, batch).unwrap_or(FAILED)).sum());
        });
    }
    group.throughput(Throughput::Elements(OPEN_BLOCKS));
    group.bench_function("open", |bencher| {
        let made = Ledger::create(place(), &identity(), Durability::Buffered).and_then(|(ledger, _)| {
            blocks(OPEN_BLOCKS).into_iter().try_for_each(|block| ledger.append(block))
        });
        bencher.iter_custom(|rounds| match &made {
            Ok(()) => (0..rounds).map(|_| reopen().unwrap_or(FAILED)).sum(),
            Err(_) => FAILED,
        });
        let _ = std::fs::remove_dir_all(place());
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = benches::criterion();
    targets = bench
}
criterion_main!(benches);
