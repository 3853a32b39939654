//! Our metadata, made from our own types, beside that of the real chain at spec version 425, which lies in `fixtures`.
//!
//! Values and answers recorded at spec version 461, with its metadata, are read from the published source distribution of
//! bittensor 11.3.0.

use super::difference::compare;
use chain::wire::metadata::{ChainConstants, v14, v15};
use flate2::read::GzDecoder;
use frame_metadata::v14::RuntimeMetadataV14;
use frame_metadata::v15::RuntimeMetadataV15;
use frame_metadata::{RuntimeMetadata, RuntimeMetadataPrefixed};
use parity_scale_codec::{Decode as _, DecodeAll as _, Encode as _};
use scale_info::TypeDef;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

const FIGURES: ChainConstants = ChainConstants {
    block_time_ms: 250,
    start_call_delay: 0,
    initial_tempo: 10,
    crowdloan_duration: (50, 20_000),
};

pub(crate) fn ours() -> RuntimeMetadataV15 {
    let bytes = v15(&FIGURES);
    let prefixed = RuntimeMetadataPrefixed::decode_all(&mut bytes.as_slice()).unwrap();
    let RuntimeMetadata::V15(metadata) = prefixed.1 else { panic!("version 15") };
    metadata
}

/// The reference metadata.
pub(super) fn theirs() -> RuntimeMetadataV15 {
    let bytes =
        hex::decode(golden()["metadata"]["v15_hex"].as_str().unwrap().trim_start_matches("0x")).unwrap();
    // As the node's answer holds it: an option and a length may stand in front.
    let start = bytes.windows(4).position(|window| window == b"meta").unwrap();
    let prefixed = RuntimeMetadataPrefixed::decode(&mut &bytes[start..]).unwrap();
    let RuntimeMetadata::V15(metadata) = prefixed.1 else { panic!("version 15") };
    metadata
}

/// Values of the real chain's types with their bytes.
pub(super) fn shape_corpus() -> Json {
    serde_json::from_slice(&from_package("corpus.json")).unwrap()
}

/// What a node of the real chain answered.
pub(super) fn golden() -> Json {
    serde_json::from_slice(&from_package("golden.json")).unwrap()
}

/// A test fixture of the package, by its name.
fn from_package(name: &str) -> Vec<u8> {
    // Tests of one process ask for it at once.
    static DOWNLOAD: Mutex<()> = Mutex::new(());
    let _one = DOWNLOAD.lock().unwrap_or_else(PoisonError::into_inner);
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
        assert!(status.success(), "bittensor 11.3.0 cannot be downloaded by pip");
    }
    std::fs::read(file).unwrap()
}

/// Metadata of the real chain at spec version 425, by the name of its fixture.
fn recorded(name: &str) -> RuntimeMetadataV14 {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/metadata").join(name);
    let mut bytes = Vec::new();
    GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_end(&mut bytes).unwrap();
    decode_v14(&bytes)
}

fn decode_v14(bytes: &[u8]) -> RuntimeMetadataV14 {
    let prefixed = RuntimeMetadataPrefixed::decode_all(&mut &*bytes).unwrap();
    let RuntimeMetadata::V14(metadata) = prefixed.1 else { panic!("version 14") };
    metadata
}

#[test]
fn it_differs_from_the_real_one_only_where_it_says() {
    let figures = ChainConstants {
        block_time_ms: 12_000,
        start_call_delay: 0,
        initial_tempo: 360,
        crowdloan_duration: (50_400, 432_000),
    };
    let differences = compare(&decode_v14(&v14(&figures)), &recorded("spec-425.scale.gz"));
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
fn the_declaration_is_the_recorded_metadata_without_documentation_and_values() {
    let mut recorded = recorded("spec-425-fast.scale.gz");
    for row in &mut recorded.types.types {
        row.ty.docs.clear();
        let fields = match &mut row.ty.type_def {
            TypeDef::Composite(inner) => inner.fields.iter_mut().collect(),
            TypeDef::Variant(inner) => {
                inner.variants.iter_mut().for_each(|variant| variant.docs.clear());
                inner.variants.iter_mut().flat_map(|variant| &mut variant.fields).collect::<Vec<_>>()
            }
            _ => Vec::new(),
        };
        fields.into_iter().for_each(|field| field.docs.clear());
    }
    for pallet in &mut recorded.pallets {
        for entry in pallet.storage.iter_mut().flat_map(|storage| &mut storage.entries) {
            (entry.default, entry.docs) = (Vec::new(), Vec::new());
        }
        for constant in &mut pallet.constants {
            (constant.value, constant.docs) = (Vec::new(), Vec::new());
        }
    }
    let bytes = RuntimeMetadataPrefixed::from(recorded).encode();
    if bytes != include_bytes!("../../../src/wire/metadata/declared.scale") {
        let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("declared.scale");
        std::fs::write(&made, bytes).unwrap();
        panic!("another declaration follows from the recorded metadata: {}", made.display());
    }
}

#[test]
fn both_versions_number_types_and_describe_pallets_alike() {
    let (old, new) = (decode_v14(&v14(&FIGURES)), ours());
    assert_eq!(old.types.resolve(0).unwrap().path.segments.join("::"), "sp_core::crypto::AccountId32");
    // What the pallets refer to comes first in both; after that each version goes its own way.
    let of_pallets = old.extrinsic.ty.id as usize;
    assert!(of_pallets > 300, "{of_pallets}");
    for (old, new) in old.types.types.iter().zip(&new.types.types).take(of_pallets) {
        assert_eq!(old, new);
    }
    let extension = |id: u32| old.types.resolve(id).unwrap().path.segments.join("::");
    assert_eq!(extension(old.extrinsic.ty.id), "fp_self_contained::unchecked_extrinsic::UncheckedExtrinsic");
    for (old, new) in old.pallets.iter().zip(&new.pallets) {
        assert_eq!((&old.name, &old.storage, &old.calls), (&new.name, &new.storage, &new.calls));
        assert_eq!((&old.event, &old.constants, &old.error), (&new.event, &new.constants, &new.error));
    }
    assert_eq!(old.pallets.len(), new.pallets.len());
}

/// polkadot.js names types by their paths, and fails where two of one path have parameters in another number.
#[test]
fn types_of_one_path_have_the_same_number_of_parameters() {
    for metadata in [ours().types, decode_v14(&v14(&FIGURES)).types] {
        let mut counts = BTreeMap::new();
        for row in metadata.types.iter().filter(|row| !row.ty.path.segments.is_empty()) {
            let count = row.ty.type_params.len();
            assert_eq!(*counts.entry(&row.ty.path.segments).or_insert(count), count, "{}", row.ty.path);
        }
        assert!(counts.len() > 100);
    }
}

/// What clients look for by name in a list of arguments: no number type goes by a name that the chain does not have.
#[test]
fn no_type_name_is_ours_alone() {
    for metadata in [ours().types, decode_v14(&v14(&FIGURES)).types] {
        for row in &metadata.types {
            let fields = match &row.ty.type_def {
                TypeDef::Composite(inner) => inner.fields.iter().collect(),
                TypeDef::Variant(inner) => {
                    inner.variants.iter().flat_map(|one| &one.fields).collect::<Vec<_>>()
                }
                _ => continue,
            };
            for name in fields.iter().filter_map(|field| field.type_name.as_deref()) {
                let words: Vec<_> = name.split(|letter: char| !letter.is_alphanumeric()).collect();
                let ours = ["Rao", "AlphaRao", "Packed"].iter().find(|word| words.contains(word));
                assert_eq!(ours, None, "{}: {name}", row.ty.path.segments.join("::"));
            }
        }
    }
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
