//! How soon a fresh chain answers: ledger on disk, port open, first header read over HTTP.
#![allow(missing_docs, reason = "criterion's macros make public items")]
#![allow(clippy::expect_used, reason = "a benchmark that cannot run has no result")]

use actors::plan::Preset;
use criterion::{Criterion, criterion_group, criterion_main};
use localnet::node::{Choice, Engine, Start, plan};
use localnet::pace::Pace;
use localnet::rpc::{Limits, RpcServer};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

fn start(path: &std::path::Path) -> String {
    let choice = Choice {
        request: None,
        seed: 1,
        preset: Preset::Fast,
        block_time: Duration::from_millis(250),
        commit_reveal: false,
        beacon: false,
    };
    let (plan, members) = plan(&choice).expect("a plan");
    let engine = Engine::start(Start {
        plan,
        members,
        store: Some(path.to_owned()),
        durability: chain::ledger::Durability::Durable,
        pace: Pace::Manual,
        window: 4_096,
        pool_limit: 8_192,
        finality: 0,
        settle: None,
        threads: 0,
    })
    .expect("an engine");
    let doors =
        RpcServer::open(engine.shared(), Some([127, 0, 0, 1].into()), 0, Limits::default()).expect("a port");
    let mut stream = TcpStream::connect(doors.addresses()).expect("a connection");
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"chain_getHeader","params":[]}"#;
    let head = format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("a request");
    stream.write_all(body.as_bytes()).expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.contains("\"number\":\"0x0\""), "{answer}");
    doors.close();
    answer
}

fn up(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("up");
    group.sample_size(10);
    group.bench_function("fresh start to first answer", |bench| {
        let root = std::env::temp_dir().join(format!("localnet-bench-up-{}", std::process::id()));
        let mut number = 0;
        bench.iter_with_setup(
            || {
                number += 1;
                std::fs::create_dir_all(&root).expect("a directory");
                root.join(number.to_string())
            },
            |path| start(&path),
        );
        std::fs::remove_dir_all(&root).ok();
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = benches::criterion();
    targets = up
}
criterion_main!(benches);
