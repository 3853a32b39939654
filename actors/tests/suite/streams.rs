use actors::participant::Phase;
use actors::streams::{Purpose, Streams, draw_key, lottery};

fn streams(seed: u64, owner: &str, block: u64) -> Streams {
    Streams::new(draw_key(seed, owner), block, Phase::Observe)
}

#[test]
fn a_new_purpose_does_not_shift_another() {
    let (mut alone, mut mixed) = (streams(7, "vera", 1), streams(7, "vera", 1));
    for turn in 0..100 {
        mixed.draw(Purpose::Salt);
        if turn % 3 == 0 {
            mixed.draw(Purpose::Noise);
        }
        assert_eq!(alone.draw(Purpose::Slice), mixed.draw(Purpose::Slice));
    }
}

#[test]
fn what_one_block_draws_does_not_shift_the_next() {
    let mut busy = streams(7, "vera", 1);
    for _ in 0..37 {
        busy.draw(Purpose::Noise);
    }
    assert_eq!(streams(7, "vera", 2).draw(Purpose::Noise), streams(7, "vera", 2).draw(Purpose::Noise));
    assert_ne!(streams(7, "vera", 1).draw(Purpose::Noise), streams(7, "vera", 2).draw(Purpose::Noise));
}

#[test]
fn seed_owner_block_phase_and_purpose_each_give_other_draws() {
    let first = streams(7, "vera", 1).draw(Purpose::Slice);
    assert_ne!(first, streams(8, "vera", 1).draw(Purpose::Slice));
    assert_ne!(first, streams(7, "victor", 1).draw(Purpose::Slice));
    assert_ne!(first, streams(7, "vera", 2).draw(Purpose::Slice));
    assert_ne!(first, streams(7, "vera", 1).draw(Purpose::Salt));
    assert_ne!(first, Streams::new(draw_key(7, "vera"), 1, Phase::Serve).draw(Purpose::Slice));
}

#[test]
fn a_bounded_draw_stays_below_and_reaches_all() {
    let mut streams = streams(1, "dice", 1);
    let mut seen = [0u32; 6];
    for _ in 0..6_000 {
        seen[usize::try_from(streams.below(Purpose::Slice, 6)).unwrap()] += 1;
    }
    assert!(seen.iter().all(|count| (850..1_150).contains(count)), "{seen:?}");
    assert_eq!(streams.below(Purpose::Slice, 0), 0);
}

#[test]
fn a_lottery_is_of_seed_and_block() {
    assert_eq!(lottery(7, 1), lottery(7, 1));
    assert_ne!(lottery(7, 1), lottery(7, 2));
    assert_ne!(lottery(7, 1), lottery(8, 1));
}
