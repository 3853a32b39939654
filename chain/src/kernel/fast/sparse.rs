//! Compressed sparse rows that keep their memory.

use super::arith::ONE;

/// Makes a buffer at least `len` long; what it holds is left over from before and is overwritten by its user.
#[inline(always)]
pub(super) fn grow<T: Clone + Default>(buffer: &mut Vec<T>, len: usize) {
    if buffer.len() < len {
        buffer.resize(len, T::default());
    }
}

/// Makes a buffer exactly `len` long, all zero.
#[inline(always)]
pub(super) fn zeroed<T: Clone + Default>(buffer: &mut Vec<T>, len: usize) {
    buffer.clear();
    buffer.resize(len, T::default());
}

/// Whether the columns of a row ascend strictly.
#[inline(always)]
pub(super) fn ascends(row: &[(u16, u16)]) -> bool {
    // A difference less one is negative where they do not; signs gather in one word, four at a time.
    let mut signs = 0;
    for (a, b) in row.iter().zip(row.get(1..).unwrap_or_default()) {
        signs |= i32::from(b.0) - i32::from(a.0) - 1;
    }
    signs >= 0
}

/// The sum of a row of up to 32,767 entries.
#[inline(always)]
pub(super) fn sum(row: &[(u16, u16)]) -> u64 {
    let mut sum = 0;
    for &(_, weight) in row {
        sum += u32::from(weight);
    }
    sum.into()
}

/// Rows of (column, bits), columns and values in two arrays.
#[derive(Debug, Default)]
pub(super) struct Sparse {
    pub(super) columns: Vec<u16>,
    pub(super) values: Vec<u64>,
    ends: Vec<usize>,
    /// Whether the columns of a row ascend strictly.
    ascending: Vec<bool>,
}

impl Sparse {
    /// Starts anew with room for `entries`.
    #[inline(always)]
    pub(super) fn reset(&mut self, entries: usize) {
        grow(&mut self.columns, entries);
        grow(&mut self.values, entries);
        self.ends.clear();
        self.ascending.clear();
    }

    /// Where the row being written starts.
    #[inline(always)]
    pub(super) fn open(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Ends the row being written before `end`.
    #[inline(always)]
    pub(super) fn close(&mut self, end: usize, ascending: bool) {
        self.ends.push(end);
        self.ascending.push(ascending);
    }

    #[inline(always)]
    pub(super) fn range(&self, i: usize) -> core::ops::Range<usize> {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        start..self.ends[i]
    }

    #[inline(always)]
    pub(super) fn row(&self, i: usize) -> Row<'_> {
        let range = self.range(i);
        Row {
            columns: &self.columns[range.clone()],
            values: &self.values[range],
            ascending: self.ascending[i],
        }
    }
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    pub(super) columns: &'a [u16],
    pub(super) values: &'a [u64],
    pub(super) ascending: bool,
}

impl<'a> Row<'a> {
    /// Whether all values are below one and thus fit 32 bits.
    #[inline(always)]
    pub(super) fn is_narrow(&self) -> bool {
        self.values.iter().fold(0, |all, value| all | value) < ONE
    }

    /// Whether `entries` have the same columns in the same order.
    #[inline(always)]
    pub(super) fn has_columns_of(&self, entries: &[(u16, u16)]) -> bool {
        let pairs = self.columns.iter().zip(entries);
        let differences = pairs.fold(0, |all, (a, (b, _))| all | (u32::from(*a) ^ u32::from(*b)));
        self.columns.len() == entries.len() && differences == 0
    }

    /// The stretches without a gap, when there are few: every stretch's first column and its places.
    #[inline(always)]
    pub(super) fn runs(&self) -> Option<Runs<'a>> {
        let (first, last) = (*self.columns.first()?, *self.columns.last()?);
        let span = usize::from(last.checked_sub(first)?) + 1;
        let few = self.ascending && (span - self.columns.len()) * 32 <= span;
        few.then_some(Runs { columns: self.columns, from: 0 })
    }

    pub(super) fn iter(self) -> impl DoubleEndedIterator<Item = (u16, u64)> + use<'a> {
        self.columns.iter().copied().zip(self.values.iter().copied())
    }
}

/// The stretches of a row in which every column follows the one before.
#[derive(Clone, Debug)]
pub(super) struct Runs<'a> {
    columns: &'a [u16],
    from: usize,
}

impl Iterator for Runs<'_> {
    type Item = (usize, core::ops::Range<usize>);

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        let start = self.from;
        let first = usize::from(*self.columns.get(start)?);
        // Columns ascend, so that one that is off stays off: the first such place is found by halving.
        let joined = |place: usize| usize::from(self.columns[place]) - first == place - start;
        let (mut end, mut off) = (start + 1, self.columns.len());
        if joined(off - 1) {
            end = off;
        }
        while end < off {
            let middle = end.midpoint(off);
            match joined(middle) {
                true => end = middle + 1,
                false => off = middle,
            }
        }
        self.from = end;
        Some((first, start..end))
    }
}
