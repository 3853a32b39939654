//! The weights of those who have a voice, column by column.

use super::arith::{ONE, normalize};
use super::sparse::{Row, grow, zeroed};
use super::stake::Neurons;
use crate::kernel::Rows;

/// Votes that fill one cache line.
const LINE: usize = 16;
/// Up to this many slots for every entry, every column has a slot for every voter; beyond, columns are counted.
const SLOTS_PER_ENTRY: usize = 4;
/// The score of an absent weight.
const NONE: i32 = i32::MIN;

/// A weight in 32 bits that compare as signed ones, for which the plainest vector instructions suffice.
///
/// A weight of one comes as the highest below it, which no other weight has: a part of a sum below 2^31 is one, or
/// less than one by 2 places or more.
#[inline(always)]
const fn score_of(weight: u64) -> i32 {
    let weight = if weight >= ONE { ONE - 1 } else { weight };
    (weight as u32 ^ 1 << 31) as i32
}

/// The weight of a score.
#[inline(always)]
pub(super) const fn weight_of(score: i32) -> u64 {
    let weight = (score as u32 ^ 1 << 31) as u64;
    if weight == ONE - 1 { ONE } else { weight }
}

/// The votes, in one of two layouts.
///
/// With a slot for every voter in every column, a vote's place tells whose it is and the voices are the same for all
/// columns. Otherwise a column holds those above zero, each beside its voice. A lone voter's voice, being one, does
/// not fit; then it is not needed.
#[derive(Debug, Default)]
pub(super) struct Votes {
    scores: Vec<i32>,
    /// Voices of the voters, or beside `scores`.
    beside: Vec<u32>,
    /// From one column to the next; 0 when columns are counted.
    stride: usize,
    starts: Vec<usize>,
    ends: Vec<usize>,
    /// Stake among the voters by uid; 0 for those who have no voice.
    pub(super) voices: Vec<u64>,
    pub(super) voters: usize,
    /// How many voters have cast.
    cast: usize,
    seen: Vec<usize>,
}

impl Votes {
    #[inline(always)]
    pub(super) fn reset(&mut self, neurons: &Neurons, rows: &Rows) {
        let n = neurons.n;
        self.voices.clear();
        self.voices.extend_from_slice(&neurons.active_stake);
        normalize(&mut self.voices);
        self.voters = self.voices.iter().filter(|&&voice| voice > 0).count();
        self.cast = 0;
        if n * self.voters <= rows.entry_count().saturating_mul(SLOTS_PER_ENTRY) {
            // An odd number of cache lines, or else the same slot of all columns would share a few places of the cache.
            self.stride = (self.voters.div_ceil(LINE) | 1) * LINE;
            self.scores.clear();
            self.scores.resize(n * self.stride, NONE);
            self.beside.clear();
            self.beside.extend(self.voices.iter().filter(|&&voice| voice > 0).map(|&voice| voice as u32));
        } else {
            self.stride = 0;
            self.count(rows);
        }
    }

    /// Makes room in every column for as many votes as there are entries.
    fn count(&mut self, rows: &Rows) {
        zeroed(&mut self.seen, self.voices.len());
        zeroed(&mut self.starts, self.voices.len());
        for (i, _) in self.voices.iter().enumerate().filter(|&(_, voice)| *voice > 0) {
            for &(column, _) in rows.row(i) {
                if let Some(count) = self.starts.get_mut(usize::from(column)) {
                    *count += 1;
                }
            }
        }
        let mut total = 0;
        for start in &mut self.starts {
            total += core::mem::replace(start, total);
        }
        grow(&mut self.scores, total);
        grow(&mut self.beside, total);
        self.ends.clear();
        self.ends.extend_from_slice(&self.starts);
    }

    /// Casts the votes of row `i`; of a repeated column, the last entry counts.
    #[inline(always)]
    pub(super) fn cast(&mut self, row: Row<'_>, i: usize) {
        let voice = self.voices[i];
        if voice == 0 {
            return;
        }
        let slot = self.cast;
        self.cast += 1;
        if self.stride == 0 {
            self.cast_counted(row, i, voice as u32);
        } else if let Some(runs) = row.runs() {
            for (first, places) in runs {
                let slots = self.scores.chunks_exact_mut(self.stride).skip(first);
                for (column, &weight) in slots.zip(&row.values[places]) {
                    column[slot] = score_of(weight);
                }
            }
        } else {
            for (column, weight) in row.iter() {
                self.scores[usize::from(column) * self.stride + slot] = score_of(weight);
            }
        }
    }

    fn cast_counted(&mut self, row: Row<'_>, i: usize, voice: u32) {
        for (column, weight) in row.iter().rev() {
            let j = usize::from(column);
            if self.seen[j] != i + 1 {
                self.seen[j] = i + 1;
                let end = &mut self.ends[j];
                if weight > 0 {
                    self.scores[*end] = score_of(weight);
                    self.beside[*end] = voice;
                    *end += 1;
                }
            }
        }
    }

    /// The votes of column `j`.
    #[inline(always)]
    pub(super) fn column(&self, j: usize) -> Column<'_> {
        if self.stride > 0 {
            let start = j * self.stride;
            return Column { scores: &self.scores[start..start + self.voters], voices: &self.beside };
        }
        let range = self.starts[j]..self.ends[j];
        Column { scores: &self.scores[range.clone()], voices: &self.beside[range] }
    }
}

/// One column: scores, and the voices beside them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column<'a> {
    pub(super) scores: &'a [i32],
    pub(super) voices: &'a [u32],
}

impl Column<'_> {
    /// The lowest and the highest score.
    #[inline(always)]
    pub(super) fn bounds(&self) -> (i32, i32) {
        self.scores.iter().fold((i32::MAX, NONE), |(low, high), &score| (low.min(score), high.max(score)))
    }

    /// The stake of all.
    #[inline(always)]
    pub(super) fn stake(&self) -> u64 {
        self.voices.iter().map(|&voice| u64::from(voice)).sum()
    }

    /// The stake of scores below `at`, when that is not everyone's: all the stake there is may be 2^32.
    #[inline(always)]
    pub(super) fn below(&self, at: i32) -> u64 {
        self.below_both((at, at)).0
    }

    /// The same for two scores at once.
    #[inline(always)]
    pub(super) fn below_both(&self, at: (i32, i32)) -> (u64, u64) {
        let (mut first, mut second) = (0u32, 0u32);
        for (&score, &voice) in self.scores.iter().zip(self.voices) {
            first = first.wrapping_add(if score < at.0 { voice } else { 0 });
            second = second.wrapping_add(if score < at.1 { voice } else { 0 });
        }
        (first.into(), second.into())
    }
}
