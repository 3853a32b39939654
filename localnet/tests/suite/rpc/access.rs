//! A web page elsewhere reaches neither the chain nor its root, by no way there is.

use super::client::{Client, http};
use super::node::{Node, Setup, height};
use localnet::access::Access;
use localnet::rpc::Limits;
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;

const MINE: &str = r#"{"jsonrpc":"2.0","id":1,"method":"localnet_mine","params":[]}"#;

/// Status of a request over HTTP, or of a handshake, with these headers.
fn status(address: SocketAddr, upgrade: bool, host: &str, origin: Option<&str>) -> u16 {
    let origin = origin.map_or(String::new(), |origin| format!("Origin: {origin}\r\n"));
    let request = match upgrade {
        true => format!(
            "GET / HTTP/1.1\r\nHost: {host}\r\n{origin}Upgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        ),
        false => format!(
            "POST / HTTP/1.1\r\nHost: {host}\r\n{origin}Content-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{MINE}",
            MINE.len()
        ),
    };
    match upgrade {
        // An accepted handshake does not end by itself.
        true => Client::handshake(address, &request).err().unwrap_or(101),
        false => http(address, &request).0,
    }
}

#[test]
fn foreign_pages_are_refused_by_every_way() {
    let node = Node::manual();
    let (address, mut client) = (node.address, node.client());
    let local = address.to_string();
    for upgrade in [false, true] {
        for (host, origin) in [
            (local.as_str(), Some("https://evil.example")),
            (&local, Some("null")),
            ("evil.example:9944", None),
            ("evil.example:9944", Some("http://evil.example:9944")),
            ("evil.example:9944", Some("http://localhost")),
        ] {
            assert_eq!(status(address, upgrade, host, origin), 403, "{upgrade} {host} {origin:?}");
        }
    }
    assert_eq!(height(&mut client), 0, "no order was carried out");
    let taken = [(false, 200), (true, 101)];
    for (upgrade, code) in taken {
        for (host, origin) in [
            (local.as_str(), None),
            ("localhost:9944", Some("http://localhost:3000")),
            ("127.0.0.1", Some("https://polkadot.js.org")),
        ] {
            assert_eq!(status(address, upgrade, host, origin), code, "{upgrade} {host} {origin:?}");
        }
    }
    assert_eq!(height(&mut client), 3);
    let health = |origin: &str| {
        http(address, &format!("GET /health HTTP/1.1\r\nHost: {local}\r\nConnection: close\r\n{origin}\r\n"))
    };
    assert_eq!(health("").0, 200);
    let (code, why) = health("Origin: https://evil.example\r\n");
    assert_eq!(code, 403);
    assert!(why.contains("--allow-origin https://evil.example"), "{why}");
}

#[test]
fn flags_let_others_in() {
    let access =
        Access { origins: vec!["https://desk.example".to_owned()], hosts: vec!["node.lan".to_owned()] };
    let limits = Limits { access: Arc::new(access), ..Limits::default() };
    let node = Node::start(Setup { limits, ..Setup::default() });
    for upgrade in [false, true] {
        let code = if upgrade { 101 } else { 200 };
        assert_eq!(status(node.address, upgrade, "node.lan:9944", Some("https://desk.example")), code);
        assert_eq!(status(node.address, upgrade, "other.lan:9944", Some("https://desk.example")), 403);
    }
}

/// Text of a few megabytes that would become values of a gigabyte.
#[test]
fn parameters_of_many_small_values_are_refused() {
    let node = Node::manual();
    let mut client = node.client();
    let objects = vec![json!({ "": 0 }); 100_000];
    for method in ["localnet_mine", "state_queryStorageAt", "localnet_setStorage", "chain_getBlockHash"] {
        let error = client.refused(method, json!([objects]));
        assert_eq!(error.code, -32_602, "{method}: {error:?}");
        assert!(error.message.contains("hold too many values"), "{method}: {}", error.message);
    }
    let long = client.refused("author_submitExtrinsic", json!(["{[,".repeat(100_000)]));
    assert!(long.message.contains("is not hex"), "what stands in a string counts nothing: {}", long.message);
}
