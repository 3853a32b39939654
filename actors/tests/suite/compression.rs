use actors::corpus::Corpus;
use actors::mechanism::codec::compress;
use actors::mechanism::{Compression, Mechanism, ONE, RejectReason, Score};
use actors::message::{Answer, Payload};
use actors::plan::{CompressionPlan, Method};
use proptest::prelude::*;

fn market() -> Compression {
    Compression::new(CompressionPlan::default())
}
fn text() -> Payload {
    Payload::new(Corpus::builtin().slice(2_000, 4_096))
}
fn answer(method: Method, level: u8, body: Vec<u8>) -> Answer {
    Answer { method, level, body: Payload::new(body) }
}
fn honest(method: Method, level: u8) -> Score {
    let body = compress(method, level, text().bytes()).unwrap();
    market().score(&text(), &answer(method, level, body)).unwrap()
}

#[test]
fn one_wrong_byte_is_worth_nothing() {
    let mut other = text().bytes().to_vec();
    other[4_000] ^= 1;
    let body = compress(Method::Zstd, 12, &other).unwrap();
    assert_eq!(market().score(&text(), &answer(Method::Zstd, 12, body)), Err(RejectReason::OtherBytes));
    let short = compress(Method::Zstd, 12, &text().bytes()[..4_095]).unwrap();
    assert_eq!(market().score(&text(), &answer(Method::Zstd, 12, short)), Err(RejectReason::OtherBytes));
}

#[test]
fn a_level_that_does_not_exist_is_refused() {
    let body = compress(Method::Deflate, 9, text().bytes()).unwrap();
    assert_eq!(market().score(&text(), &answer(Method::Deflate, 10, body)), Err(RejectReason::Level));
}

#[test]
fn stored_bytes_save_nothing() {
    let score = market().score(&text(), &answer(Method::Stored, 0, text().bytes().to_vec())).unwrap();
    assert_eq!(score, Score { value: 0, saved: 0, cost: 0 });
}

#[test]
fn better_ratios_score_better_whatever_they_cost() {
    let lz4 = honest(Method::Lz4, 0);
    let deflate = honest(Method::Deflate, 6);
    let brotli = honest(Method::Brotli, 11);
    assert!(lz4.cost < deflate.cost && deflate.cost < brotli.cost);
    assert!(lz4.value < deflate.value && deflate.value < brotli.value);
}

#[test]
fn of_equal_answers_the_cheaper_one_scores_better() {
    let body = compress(Method::Deflate, 9, text().bytes()).unwrap();
    let dear = market().score(&text(), &answer(Method::Deflate, 9, body.clone())).unwrap();
    let cheap = market().score(&text(), &answer(Method::Deflate, 1, body)).unwrap();
    assert_eq!(cheap.saved, dear.saved);
    assert!(cheap.value > dear.value);
}

#[test]
fn weights_follow_averages_with_their_exponent() {
    let cubes = market();
    assert_eq!(cubes.weights(&[ONE / 2, ONE / 4, 0]), [65_535, 8_192, 0]);
    let plain = Compression::new(CompressionPlan { sharpness: 1, ..CompressionPlan::default() });
    assert_eq!(plain.weights(&[ONE / 2, ONE / 4, 0]), [65_535, 32_768, 0]);
    assert_eq!(plain.weights(&[0, 0]), [0, 0]);
    assert_eq!(plain.weights(&[]), [0u16; 0]);
}

#[test]
fn the_average_moves_by_its_share() {
    assert_eq!(market().average(None, 500), 500);
    assert_eq!(market().average(Some(1_000), 0), 800);
    assert_eq!(market().average(Some(0), 1_000), 200);
}

proptest! {
    /// Cost takes at most a hundredth by default, so it never turns round answers that differ by more.
    #[test]
    fn cost_never_reorders_clearly_different_answers(a in 0usize..4_096, b in 0usize..4_096) {
        let saved = |len: usize| ONE * (4_096 - len as u64) / 4_096;
        prop_assume!(saved(a) * 99 > saved(b) * 100 + 100);
        let lost = |saved: u64, cost: u64| saved * (1_000_000 - 100 * cost) / 1_000_000;
        prop_assert!(lost(saved(a), 100) > lost(saved(b), 0));
    }

    #[test]
    fn weights_keep_the_order_of_averages(averages in prop::collection::vec(0..=ONE, 1..20)) {
        let weights = market().weights(&averages);
        for (a, x) in averages.iter().zip(&weights) {
            for (b, y) in averages.iter().zip(&weights) {
                prop_assert!(a.cmp(b) == x.cmp(y) || x == y);
            }
        }
        prop_assert!(averages.iter().all(|a| *a == 0) || weights.contains(&65_535));
    }
}
