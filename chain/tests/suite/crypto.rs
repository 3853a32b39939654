//! Keys and signatures.

use chain::account::AccountId;
use chain::block::{MultiSignature, SignedExtrinsic};
use chain::call::{BalancesCall, RuntimeCall};
use chain::crypto::{KeyError, Keypair, verify};
use chain::units::Rao;

fn dev(path: &str) -> Keypair {
    Keypair::dev(path).expect("a development path")
}

#[test]
fn development_accounts_have_their_well_known_addresses() {
    for (path, address) in [
        ("//Alice", "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"),
        ("//Bob", "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty"),
        ("//Charlie", "5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y"),
        ("//Dave", "5DAAnrj7VHTznn2AWBemMuyBwZWs6FNFjdyVXUeYum3PTXFy"),
        ("//Eve", "5HGjWAeFDfFCWPsjFQdVV2Msvz2XtMktvgocEZcCj68kUMaw"),
        ("//Ferdie", "5CiPPseXPECbkjWCa6MnjNokrgYjMqmKndv2rSnekmSK2DjL"),
        ("//Alice//stash", "5GNJqTPyNqANBkUVMN1LPPrxXnFouWXoe2wNSmmEoLctxiZY"),
    ] {
        assert_eq!(dev(path).account().to_ss58(), address, "{path}");
    }
}

#[test]
fn a_path_that_is_none_is_named() {
    for path in ["Alice", "/Alice", "//", "//Alice////x"] {
        assert_eq!(Keypair::dev(path).err(), Some(KeyError::Path(path.into())));
    }
}

#[test]
fn both_schemes_sign_and_verify_and_repeat() {
    for pair in [Keypair::ed25519(&[7; 32]), Keypair::sr25519(&[7; 32])] {
        let (message, who) = (b"a message".as_slice(), pair.account());
        let signature = pair.sign(message, [1; 32]);
        assert!(verify(&signature, message, &who), "{pair:?}");
        assert_eq!(signature, pair.sign(message, [1; 32]), "the same input signs the same");
        assert!(!verify(&signature, b"another message", &who));
        assert!(!verify(&signature, message, &AccountId::from_number(3)));
    }
}

#[test]
fn ed25519_gives_the_signature_of_rfc_8032() {
    let seed: [u8; 32] = hex::decode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
        .unwrap()
        .try_into()
        .unwrap();
    let MultiSignature::Ed25519(bytes) = Keypair::ed25519(&seed).sign(b"", [0; 32]) else { panic!("scheme") };
    assert_eq!(
        hex::encode(bytes),
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    );
}

/// Made by polkadot.js 16.5.4 with the key of `//Alice` in its ecdsa keyring.
#[test]
fn ecdsa_is_recovered_as_wallets_sign_it() {
    let who: AccountId = "5C7C2Z5sWbytvHpuLTvzKunnnRwQxft1jiqrLD5rhucQ5S9X".parse().unwrap();
    let bytes: [u8; 65] = hex::decode(
        "69d040e659a2c965a1fea0850bcb49aef3752b28e147441eb30b689a78d1aa71\
         2e16e0fc857e7a924d5273aa11bc651ef73d1cf97f1d5e8b70f85fb0f94f096a01",
    )
    .unwrap()
    .try_into()
    .unwrap();
    let verify_as = |bytes, message: &[u8]| verify(&MultiSignature::Ecdsa(bytes), message, &who);
    assert!(verify_as(bytes, b"localnet"));
    assert!(!verify_as(bytes, b"another message"));
    assert!(!verify(&MultiSignature::Ecdsa(bytes), b"localnet", &AccountId::from_number(3)));
    let with_id = |id| {
        let mut other = bytes;
        other[64] = id;
        other
    };
    assert!(verify_as(with_id(28), b"localnet"), "counted from 27");
    for id in [0, 2, 3, 4, 27, 255] {
        assert!(!verify_as(with_id(id), b"localnet"), "id {id}");
    }
    // The same signature with the order of the curve less s, and the other parity.
    let mut high = bytes;
    high[32..64].copy_from_slice(
        &hex::decode("d1e91f037a81856db2ad8c55ee439adfc371bfed302b41b04ed9fedbd6e737d7").unwrap(),
    );
    high[64] = 0;
    assert!(verify_as(high, b"localnet"), "a high s");
    assert!(!verify_as([0; 65], b"localnet"));
}

#[test]
fn a_bent_signature_or_the_wrong_scheme_is_refused() {
    let pair = dev("//Alice");
    let MultiSignature::Sr25519(bytes) = pair.sign(b"m", [2; 32]) else { panic!("scheme") };
    for place in [0, 31, 32, 63] {
        let mut bent = bytes;
        bent[place] ^= 1;
        assert!(!verify(&MultiSignature::Sr25519(bent), b"m", &pair.account()), "byte {place}");
    }
    assert!(!verify(&MultiSignature::Ed25519(bytes), b"m", &pair.account()));
}

#[test]
fn an_extrinsic_is_bound_to_call_nonce_and_genesis() {
    let transfer = |value| {
        RuntimeCall::from(BalancesCall::TransferKeepAlive {
            dest: AccountId::from_number(9).into(),
            value: Rao(value),
        })
    };
    let genesis = [3; 32];
    let signed = SignedExtrinsic::sign(&dev("//Bob"), transfer(5), 4, &genesis);
    assert!(signed.verify(&genesis));
    assert!(!signed.verify(&[4; 32]));
    assert!(!SignedExtrinsic { nonce: 5, ..signed.clone() }.verify(&genesis));
    assert!(!SignedExtrinsic { call: transfer(6), ..signed }.verify(&genesis));
}

#[test]
fn a_debug_print_shows_no_secret() {
    let text = format!("{:?}", Keypair::ed25519(&[0x5a; 32]));
    assert!(text.starts_with("Keypair::Ed25519(5"), "{text}");
    assert!(!text.contains("5a5a") && !text.contains("90, 90"));
}

#[test]
fn nobody_is_32_zeros() {
    assert_eq!(
        (AccountId::zero(), AccountId::default()),
        (AccountId::new([0; 32]), AccountId::from([0; 32]))
    );
}
