//! Our metadata, made from our own types, beside that of the real chain at spec version 461.
//!
//! The reference is part of the published source distribution of bittensor 11.3.0. It is read from the reference data
//! beside the project, else from that package.

use super::difference::{Differences, Side, compare};
use chain::wire::metadata::{Figures, v14, v15};
use frame_metadata::v15::RuntimeMetadataV15;
use frame_metadata::{RuntimeMetadata, RuntimeMetadataPrefixed};
use parity_scale_codec::{Decode as _, DecodeAll as _};
use scale_info::TypeDef;
use serde_json::Value as Json;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

const FIGURES: Figures = Figures { block_time_ms: 250, start_call_delay: 0, initial_tempo: 10 };

pub(crate) fn ours() -> RuntimeMetadataV15 {
    let bytes = v15(&FIGURES);
    let prefixed = RuntimeMetadataPrefixed::decode_all(&mut bytes.as_slice()).unwrap();
    let RuntimeMetadata::V15(metadata) = prefixed.1 else { panic!("version 15") };
    metadata
}

/// The reference metadata.
pub(super) fn theirs() -> RuntimeMetadataV15 {
    let bytes = match read_beside("metadata/subtensor_spec461_v15.scale") {
        Some(bytes) => bytes,
        None => {
            hex::decode(golden()["metadata"]["v15_hex"].as_str().unwrap().trim_start_matches("0x")).unwrap()
        }
    };
    // As the node's answer holds it: an option and a length may stand in front.
    let start = bytes.windows(4).position(|window| window == b"meta").unwrap();
    let prefixed = RuntimeMetadataPrefixed::decode(&mut &bytes[start..]).unwrap();
    let RuntimeMetadata::V15(metadata) = prefixed.1 else { panic!("version 15") };
    metadata
}

/// Values of the real chain's types with their bytes.
pub(super) fn shape_corpus() -> Json {
    read_json("shape_corpus.json.gz", "corpus.json")
}

/// What a node of the real chain answered.
pub(super) fn golden() -> Json {
    read_json("golden.json.gz", "golden.json")
}

fn read_json(beside: &str, in_package: &str) -> Json {
    match read_beside(beside) {
        Some(packed) => serde_json::from_reader(flate2::read::GzDecoder::new(packed.as_slice())).unwrap(),
        None => serde_json::from_slice(&from_package(in_package)).unwrap(),
    }
}

fn read_beside(file: &str) -> Option<Vec<u8>> {
    let file = beside().join(file);
    file.is_file().then(|| std::fs::read(file).unwrap())
}

fn beside() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors/clients")
}

/// Whether there is no reference, and none is fetched since this is not the long run.
pub(super) fn without_reference() -> bool {
    let without = !fixtures::slow() && !beside().is_dir();
    if without {
        println!("not compared: the reference is fetched with LOCALNET_SLOW=1");
    }
    without
}

/// A test fixture of the package, by its name.
fn from_package(name: &str) -> Vec<u8> {
    let cache = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("bittensor-11.3.0");
    let script = "import glob, subprocess, sys, tarfile\n\
        subprocess.check_call([sys.executable, '-m', 'pip', 'download', '-q', '--no-deps', '--no-binary', ':all:', \
        'bittensor==11.3.0', '-d', sys.argv[1]])\n\
        sdist = tarfile.open(glob.glob(sys.argv[1] + '/*.tar.gz')[0])\n\
        member = [n for n in sdist.getnames() if '/fixtures/' in n and n.endswith('/' + sys.argv[2])][0]\n\
        open(sys.argv[1] + '/' + sys.argv[2], 'wb').write(sdist.extractfile(member).read())";
    let file = cache.join(name);
    if !file.is_file() {
        std::fs::create_dir_all(&cache).unwrap();
        let status = Command::new("python3").args(["-c", script]).arg(&cache).arg(name).status().unwrap();
        assert!(
            status.success(),
            "bittensor 11.3.0 cannot be had by pip, and there is no reference data beside the project"
        );
    }
    std::fs::read(file).unwrap()
}

#[test]
fn the_package_is_another_way_to_the_reference() {
    if !fixtures::slow() {
        return;
    }
    let fetched = |name| serde_json::from_slice::<Json>(&from_package(name)).unwrap();
    assert_eq!(fetched("corpus.json"), shape_corpus());
    assert_eq!(fetched("golden.json"), golden());
}

#[test]
fn it_differs_from_the_real_one_only_where_it_says() {
    if without_reference() {
        return;
    }
    let (ours, theirs) = (ours(), theirs());
    let (ours, theirs) = (Side(&ours), Side(&theirs));
    let mut differences = Differences::new();
    for pallet in &ours.0.pallets {
        compare(&ours, &theirs, &pallet.name, &mut differences);
    }
    let mut text = String::new();
    for (reason, mut lines) in differences {
        lines.sort();
        writeln!(text, "## {reason} ({})\n", lines.len()).unwrap();
        for line in lines {
            writeln!(text, "  {line}").unwrap();
        }
        writeln!(text).unwrap();
    }
    insta::assert_snapshot!("metadata_differences", text);
}

#[test]
fn both_versions_describe_the_same_pallets() {
    let bytes = v14(&FIGURES);
    let prefixed = RuntimeMetadataPrefixed::decode_all(&mut bytes.as_slice()).unwrap();
    let RuntimeMetadata::V14(old) = prefixed.1 else { panic!("version 14") };
    let names = |names: Vec<(String, usize)>| names;
    let of_old =
        old.pallets.iter().map(|p| (p.name.clone(), p.storage.as_ref().map_or(0, |s| s.entries.len())));
    let new = ours();
    let of_new =
        new.pallets.iter().map(|p| (p.name.clone(), p.storage.as_ref().map_or(0, |s| s.entries.len())));
    assert_eq!(names(of_old.collect()), names(of_new.collect()));
}

#[test]
fn clients_find_the_types_that_they_know_by_path() {
    let ours = ours();
    let paths: Vec<String> = ours.types.types.iter().map(|row| row.ty.path.segments.join("::")).collect();
    for path in [
        "sp_core::crypto::AccountId32",
        "frame_system::EventRecord",
        "frame_system::Phase",
        "node_subtensor_runtime::RuntimeCall",
        "node_subtensor_runtime::RuntimeEvent",
        "node_subtensor_runtime::RuntimeError",
        "sp_runtime::generic::unchecked_extrinsic::UncheckedExtrinsic",
        "sp_runtime::generic::era::Era",
        "sp_runtime::DispatchError",
        "sp_runtime::ModuleError",
        "sp_runtime::MultiSignature",
        "sp_runtime::multiaddress::MultiAddress",
        "primitive_types::H256",
    ] {
        let found = paths.iter().filter(|known| *known == path).count();
        assert!(found == 1 || path.ends_with("H256") && found >= 1, "{path}: {found}");
    }
    let parameters = |path: &str| {
        let row = ours.types.types.iter().find(|row| row.ty.path.segments.join("::") == path).unwrap();
        row.ty.type_params.len()
    };
    assert_eq!(parameters("frame_system::EventRecord"), 2);
    assert_eq!(parameters("sp_runtime::generic::unchecked_extrinsic::UncheckedExtrinsic"), 4);
    // No call is left with a name of ours.
    for pallet in ours.pallets.iter().filter_map(|pallet| pallet.calls.as_ref()) {
        let TypeDef::Variant(calls) = &ours.types.resolve(pallet.ty.id).unwrap().type_def else {
            panic!("an enum")
        };
        assert!(
            calls.variants.iter().all(|call| call.name.chars().all(|letter| !letter.is_ascii_uppercase()))
        );
    }
}
