//! How fast blocks come, never what they hold, and the wall clock that a live chain stamps them with.
#![expect(clippy::disallowed_types, reason = "the pace of a live chain is a matter of clocks")]

use std::collections::VecDeque;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A reading of the clock of the async runtime, for waits that a connection sees.
pub use tokio::time::Instant as Tick;

/// When a block is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// One after the other, this far apart.
    Interval(Duration),
    /// As soon as an extrinsic waits.
    Automine,
    /// When asked for.
    Manual,
}

/// Beats time for [`Pace::Interval`].
#[derive(Clone, Debug)]
pub struct Metronome {
    every: Duration,
    next: Instant,
    lateness: Lateness,
}

/// Measures how long no block has come.
#[derive(Clone, Debug)]
pub struct Quiet {
    after: Option<Duration>,
    until: Option<Instant>,
}

impl Quiet {
    /// Over this long after the last block; never over for `None`.
    #[must_use]
    pub const fn new(after: Option<Duration>) -> Self {
        Self { after, until: None }
    }
    /// A block came.
    pub fn begin(&mut self) {
        self.until = self.after.map(|after| Instant::now() + after);
    }
    /// Whether it has just been so long; true once per block.
    pub fn is_over(&mut self) -> bool {
        let over = self.until.is_some_and(|until| Instant::now() >= until);
        if over {
            self.until = None;
        }
        over
    }
}

/// How late the last beats came.
#[derive(Clone, Debug, Default)]
pub struct Lateness {
    last: VecDeque<Duration>,
    missed: u64,
}

/// Beats of which the lateness is kept.
const BEATS: usize = 1_024;

impl Lateness {
    fn add(&mut self, late: Duration, missed: u64) {
        if self.last.len() >= BEATS {
            self.last.pop_front();
        }
        self.last.push_back(late);
        self.missed = self.missed.saturating_add(missed);
    }
    /// Of the last 1,024 beats: the middle one and the latest; `None` before the first.
    #[must_use]
    pub fn median_and_worst(&self) -> Option<(Duration, Duration)> {
        let mut all: Vec<_> = self.last.iter().copied().collect();
        all.sort_unstable();
        Some((*all.get(all.len() / 2)?, *all.last()?))
    }
    /// Beats that were left out, since the one before came more than an interval late.
    #[must_use]
    pub const fn missed(&self) -> u64 {
        self.missed
    }
}

impl Metronome {
    /// A first beat one interval from now.
    #[must_use]
    pub fn new(every: Duration) -> Self {
        Self { every, next: Instant::now() + every, lateness: Lateness::default() }
    }
    /// How long to wait for the next beat; zero when it is due.
    #[must_use]
    pub fn wait(&self) -> Duration {
        self.next.saturating_duration_since(Instant::now())
    }
    /// When the next beat is due.
    #[must_use]
    pub const fn due(&self) -> Instant {
        self.next
    }
    /// Takes the beat that is due and gives how late it is.
    pub fn beat(&mut self) -> Duration {
        self.beat_at(Instant::now())
    }
    /// Takes the beat that is due at a moment and gives how late it is. Beats that were missed altogether are left out,
    /// so that a chain that fell behind does not race.
    pub fn beat_at(&mut self, now: Instant) -> Duration {
        let late = now.saturating_duration_since(self.next);
        let behind = late > self.every;
        self.next = if behind { now + self.every } else { self.next + self.every };
        let missed = late.as_nanos().checked_div(self.every.as_nanos()).unwrap_or(0);
        self.lateness.add(late, u64::try_from(missed).unwrap_or(u64::MAX));
        late
    }
    /// How late the beats came so far.
    #[must_use]
    pub const fn lateness(&self) -> &Lateness {
        &self.lateness
    }
}

/// The wall clock, milliseconds since the Unix epoch.
#[must_use]
pub fn unix_ms() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |now| u64::try_from(now.as_millis()).unwrap_or(u64::MAX))
}

/// The wall clock, nanoseconds since the Unix epoch: what nonces of requests are.
#[must_use]
pub fn unix_ns() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |now| u64::try_from(now.as_nanos()).unwrap_or(u64::MAX))
}

/// Reads a block time: a number with its unit, such as `250ms` or `12s`.
///
/// # Errors
/// What is wrong with it and what is allowed.
pub fn block_time(text: &str) -> Result<Duration, String> {
    let time = humantime::parse_duration(text)
        .map_err(|error| format!("{error}; give a number with its unit, such as 250ms or 12s"))?;
    if time < Duration::from_millis(1) || time > Duration::from_secs(3_600) {
        return Err("blocks come every 1ms to 1h".to_owned());
    }
    Ok(time)
}
