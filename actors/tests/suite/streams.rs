use actors::streams::{Purpose, Streams};
use parity_scale_codec::{DecodeAll, Encode};

#[test]
fn a_new_purpose_does_not_shift_another() {
    let (mut alone, mut mixed) = (Streams::new(7, "vera"), Streams::new(7, "vera"));
    for turn in 0..100 {
        mixed.draw(Purpose::Salt);
        if turn % 3 == 0 {
            mixed.draw(Purpose::Loss(turn));
        }
        assert_eq!(alone.draw(Purpose::Slice), mixed.draw(Purpose::Slice));
    }
}

#[test]
fn a_stream_goes_on_where_its_encoding_stopped() {
    let mut whole = Streams::new(7, "vera");
    for _ in 0..37 {
        whole.draw(Purpose::Noise);
    }
    let mut resumed = Streams::decode_all(&mut &*whole.encode()).unwrap();
    for _ in 0..37 {
        assert_eq!(whole.draw(Purpose::Noise), resumed.draw(Purpose::Noise));
    }
}

#[test]
fn seed_owner_and_purpose_each_give_another_stream() {
    let first = Streams::new(7, "vera").draw(Purpose::Slice);
    assert_ne!(first, Streams::new(8, "vera").draw(Purpose::Slice));
    assert_ne!(first, Streams::new(7, "victor").draw(Purpose::Slice));
    assert_ne!(first, Streams::new(7, "vera").draw(Purpose::Salt));
}

#[test]
fn a_bounded_draw_stays_below_and_reaches_all() {
    let mut streams = Streams::new(1, "dice");
    let mut seen = [0u32; 6];
    for _ in 0..6_000 {
        seen[usize::try_from(streams.below(Purpose::Slice, 6)).unwrap()] += 1;
    }
    assert!(seen.iter().all(|count| (850..1_150).contains(count)), "{seen:?}");
    assert_eq!(streams.below(Purpose::Slice, 0), 0);
}
