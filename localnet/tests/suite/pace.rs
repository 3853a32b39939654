//! The metronome at given moments: no test waits for it.

use localnet::pace::Metronome;
use std::time::Duration;

const EVERY: Duration = Duration::from_millis(250);

#[test]
fn a_late_beat_does_not_move_the_others() {
    let mut metronome = Metronome::new(EVERY);
    let first = metronome.due();
    for (beats, late_ms) in (0..).zip([0, 1, 120, 249, 250, 0]) {
        assert_eq!(metronome.due(), first + EVERY * beats);
        let late = Duration::from_millis(late_ms);
        assert_eq!(metronome.beat_at(metronome.due() + late), late);
    }
    let lateness = metronome.lateness();
    let (median, worst) = lateness.median_and_worst().unwrap();
    assert_eq!((median, worst), (Duration::from_millis(120), EVERY));
}

/// Nothing is made up for: the beats of the time that was lost are left out, and told.
#[test]
fn a_metronome_that_was_held_up_does_not_race() {
    let mut metronome = Metronome::new(EVERY);
    let first = metronome.due();
    let stall = EVERY * 40 + Duration::from_millis(7);
    assert_eq!(metronome.beat_at(first + stall), stall);
    assert_eq!(metronome.due(), first + stall + EVERY, "one interval after the late one");
    assert_eq!(metronome.lateness().missed(), 40);
    let next = metronome.due();
    assert_eq!(metronome.beat_at(next), Duration::ZERO);
    assert_eq!((metronome.due(), metronome.lateness().missed()), (next + EVERY, 40));
}
