use crate::rpc::client::Client;
use localnet::scenario::Request;
use localnet::{NodeConfig, run, spawn};
use serde_json::json;
use std::net::TcpListener;

#[test]
fn a_node_of_a_scenario_answers_until_it_is_stopped() {
    let scenario = Request { scenario: "hello-market".to_owned(), ..Request::default() };
    let node = spawn(NodeConfig { scenario: Some(scenario), ..NodeConfig::default() }).unwrap();
    assert_eq!(node.url(), format!("ws://{}", node.address()));
    let mut client = Client::connect(node.address());
    assert_eq!(client.text("chain_getBlockHash", json!([0])), format!("0x{}", hex::encode(node.genesis())));
    client.ok("localnet_mine", json!([3]));
    drop(client);
    let address = node.address();
    assert_eq!(node.stop().unwrap(), 3);
    // The port is free again.
    TcpListener::bind(address).unwrap();
}

#[test]
fn what_cannot_be_started_is_an_error_and_leaves_no_thread() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let failure = spawn(NodeConfig { port, ..NodeConfig::default() }).unwrap_err();
    assert!(failure.to_string().contains("cannot be opened"), "{failure}");
    let scenario = Request { scenario: "hello-markt".to_owned(), ..Request::default() };
    let failure = spawn(NodeConfig { scenario: Some(scenario), ..NodeConfig::default() }).unwrap_err();
    assert!(failure.to_string().contains("did you mean `hello-market`?"), "{failure}");
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "no ledger").unwrap();
    let failure = spawn(NodeConfig { store: Some(file), ..NodeConfig::default() }).unwrap_err();
    assert!(!failure.to_string().is_empty());
}

#[test]
fn a_scenario_gives_the_report_of_the_command() {
    let request = Request { scenario: "hello-market".to_owned(), ..Request::default() };
    let report = run(&request).unwrap();
    assert!(report.passed && report.block == 500 && report.payouts.len() > 10);
    let dir = tempfile::tempdir().unwrap();
    let said = crate::binary::say(dir.path(), &["run", "hello-market", "--json", "--store", "memory"]);
    let command: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(serde_json::to_value(&report).unwrap(), command);
}
