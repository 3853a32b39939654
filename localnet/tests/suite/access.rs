//! Which pages and names are let in, and which addresses the cast asks.

use hyper::header::{HOST, HeaderValue, ORIGIN};
use hyper::{HeaderMap, Uri};
use localnet::access::{Access, Denied, is_private};

fn check(access: &Access, host: &str, origins: &[&str]) -> Result<(), Denied> {
    let mut headers = HeaderMap::new();
    headers.insert(HOST, HeaderValue::from_str(host).unwrap());
    for origin in origins {
        headers.append(ORIGIN, HeaderValue::from_str(origin).unwrap());
    }
    access.check(&Uri::from_static("/"), &headers)
}

#[test]
fn pages_of_this_machine_and_polkadot_js_are_let_in() {
    let access = Access::default();
    for origin in [
        "http://localhost",
        "http://localhost:3000",
        "https://LOCALHOST:3000",
        "http://app.localhost:8080",
        "http://127.0.0.1:8000",
        "http://127.9.9.9",
        "http://[::1]:3000",
        "https://polkadot.js.org",
    ] {
        assert_eq!(check(&access, "127.0.0.1:9944", &[origin]), Ok(()), "{origin}");
    }
    assert_eq!(check(&access, "127.0.0.1:9944", &[]), Ok(()), "what is no browser names none");
}

#[test]
fn other_pages_are_not() {
    let access = Access::default();
    for origin in [
        "https://evil.example",
        "null",
        "",
        "file://",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://localhost@evil.example",
        "https://polkadot.js.org.evil.example",
        "https://evil.example/https://polkadot.js.org",
        "http://polkadot.js.org",
        "http://10.0.0.1",
        "chrome-extension://abcdef",
    ] {
        let denied = check(&access, "localhost:9944", &[origin]);
        assert!(matches!(denied, Err(Denied::Origin(_))), "{origin}: {denied:?}");
    }
    let both = check(&access, "localhost:9944", &["http://localhost", "https://evil.example"]);
    assert_eq!(both, Err(Denied::Origin("https://evil.example".to_owned())), "one of two is enough");
}

#[test]
fn a_flag_lets_a_page_in() {
    let access = Access { origins: vec!["https://desk.example/".to_owned()], ..Access::default() };
    assert_eq!(check(&access, "localhost", &["https://desk.example"]), Ok(()));
    assert!(
        check(&access, "localhost", &["https://desk.example:8443"]).is_err(),
        "a port makes another origin"
    );
    let any = Access { origins: vec!["*".to_owned()], ..Access::default() };
    assert_eq!(check(&any, "localhost", &["null"]), Ok(()));
}

#[test]
fn a_foreign_name_of_this_machine_is_refused() {
    let access = Access::default();
    for host in [
        "localhost",
        "localhost:9944",
        "localhost.",
        "127.0.0.1:9944",
        "192.168.1.7",
        "[::1]:9944",
        "[fe80::1]",
    ] {
        assert_eq!(check(&access, host, &[]), Ok(()), "{host}");
    }
    for host in [
        "evil.example",
        "evil.example:9944",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "2130706433",
    ] {
        assert!(matches!(check(&access, host, &[]), Err(Denied::Host(_))), "{host}");
    }
    let named = Access { hosts: vec!["node.lan".to_owned()], ..Access::default() };
    assert_eq!(check(&named, "NODE.lan:9944", &[]), Ok(()));
    let in_uri = access.check(&Uri::from_static("http://evil.example/"), &HeaderMap::new());
    assert!(in_uri.is_err(), "the target of a request names a host too");
    assert_eq!(access.check(&Uri::from_static("/"), &HeaderMap::new()), Ok(()));
}

#[test]
fn a_refusal_says_the_flag_and_no_more_than_a_line() {
    let access = Access::default();
    let long = format!("https://{}.example", "a".repeat(5_000));
    let denied = check(&access, "localhost", &[&long]).unwrap_err().to_string();
    assert!(denied.contains("--allow-origin") && denied.len() < 400, "{denied}");
    let denied = check(&access, "evil.example", &[]).unwrap_err().to_string();
    assert_eq!(denied, "evil.example is not a name of this machine; --allow-host evil.example makes it one");
}

#[test]
fn private_addresses_are_told_from_public_and_loopback_ones() {
    for private in [
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "0.1.2.3",
        "255.255.255.255",
        "224.0.0.1",
        "198.18.0.1",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "::10.0.0.1",
        "fec0::1",
    ] {
        assert!(is_private(private.parse().unwrap()), "{private}");
    }
    for open in [
        "127.0.0.1",
        "127.0.0.3",
        "::1",
        "::ffff:127.0.0.3",
        "8.8.8.8",
        "172.32.0.1",
        "100.128.0.1",
        "192.0.2.7",
        "2001:db8::1",
        "2606:4700::1111",
        "64:ff9b::808:808",
    ] {
        assert!(!is_private(open.parse().unwrap()), "{open}");
    }
}
