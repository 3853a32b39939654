//! How soon a fresh chain answers: ledger on disk, port open, first header read over HTTP.
#![allow(missing_docs, reason = "criterion's macros make public items")]
#![allow(clippy::expect_used, reason = "a benchmark that cannot run has no result")]

use criterion::{Criterion, criterion_group, criterion_main};
use localnet::pace::Pace;
use localnet::{NodeConfig, spawn};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

fn start(path: &std::path::Path) -> String {
    let config = NodeConfig {
        store: Some(path.to_owned()),
        durability: chain::ledger::Durability::Durable,
        pace: Pace::Manual,
        ..NodeConfig::default()
    };
    let node = spawn(config).expect("a node");
    let mut stream = TcpStream::connect(node.address()).expect("a connection");
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
    node.stop().expect("a node that ends in good order");
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
