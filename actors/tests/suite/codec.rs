use actors::corpus::Corpus;
use actors::mechanism::RejectReason;
use actors::mechanism::codec::{compress, cost, decompress};
use actors::plan::Method;
use proptest::prelude::*;
use std::io::Write as _;

fn every_level() -> impl Iterator<Item = (Method, u8)> {
    Method::ALL.into_iter().flat_map(|method| {
        let (min, max) = method.levels();
        (min..=max).map(move |level| (method, level))
    })
}

#[test]
fn every_method_at_every_level_gives_the_text_back() {
    let corpus = Corpus::builtin();
    for (method, level) in every_level() {
        for (offset, len) in [(0, 4_096), (17_000, 1), (40_000, 8_192), (54_000, 300)] {
            let text = corpus.slice(offset, len);
            let packed = compress(method, level, &text).unwrap();
            assert_eq!(decompress(method, &packed, text.len()), Ok(text), "{method:?} {level}");
        }
    }
}

#[test]
fn the_same_text_gives_the_same_bytes() {
    let text = Corpus::builtin().slice(1_000, 4_096);
    for (method, level) in every_level() {
        assert_eq!(compress(method, level, &text).unwrap(), compress(method, level, &text).unwrap());
    }
}

#[test]
fn real_compressors_shorten_real_text() {
    let text = Corpus::builtin().slice(1_000, 4_096);
    for (method, level) in every_level().filter(|(method, _)| *method != Method::Stored) {
        let packed = compress(method, level, &text).unwrap();
        assert!(packed.len() * 5 < text.len() * 4, "{method:?} {level}: {} bytes", packed.len());
    }
}

#[test]
fn an_answer_that_unfolds_beyond_the_text_is_cut_short() {
    let vast = vec![0; 64 << 20];
    for method in [Method::Deflate, Method::Bzip2, Method::Brotli, Method::Zstd] {
        let bomb = compress(method, 1, &vast).unwrap();
        assert!(bomb.len() < 1 << 20);
        let flaw = decompress(method, &bomb, 4_096).unwrap_err();
        assert!(matches!(flaw, RejectReason::TooLong | RejectReason::Undecodable), "{method:?}: {flaw}");
    }
    let long = compress(Method::Lz4, 0, &vast[..8_192]).unwrap();
    assert_eq!(decompress(Method::Lz4, &long, 4_096), Err(RejectReason::TooLong));
    assert_eq!(decompress(Method::Stored, &vast[..4_097], 4_096), Err(RejectReason::TooLong));
}

#[test]
fn a_deflate_stream_of_many_members_is_bounded_too() {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..1_000 {
        encoder.write_all(&[b'a'; 10_000]).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    assert_eq!(decompress(Method::Deflate, &bomb, 512), Err(RejectReason::TooLong));
}

#[test]
fn costs_rise_with_the_level_and_stay_in_their_range() {
    for method in Method::ALL {
        let (min, max) = method.levels();
        let costs: Vec<_> = (min..=max).map(|level| cost(method, level)).collect();
        assert!(costs.is_sorted(), "{method:?}: {costs:?}");
        assert!(costs.iter().all(|cost| *cost <= 100), "{method:?}: {costs:?}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_judged_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..600), len in 0usize..700) {
        for method in Method::ALL {
            if let Ok(text) = decompress(method, &bytes, len) {
                prop_assert!(text.len() <= len);
            }
        }
    }

    #[test]
    fn a_damaged_answer_never_gives_more_than_the_text(
        offset in 0u64..60_000, at in any::<prop::sample::Index>(), flip in 1u8..,
    ) {
        let text = Corpus::builtin().slice(offset, 1_024);
        for (method, level) in every_level() {
            let mut packed = compress(method, level, &text).unwrap();
            let at = at.index(packed.len());
            packed[at] ^= flip;
            if let Ok(other) = decompress(method, &packed, text.len()) {
                prop_assert!(other.len() <= text.len());
            }
        }
    }
}
