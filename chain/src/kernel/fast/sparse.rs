//! Compressed sparse rows that keep their memory.

/// Makes a buffer at least `len` long; what it holds is left over from before and is overwritten by its user.
pub(super) fn grow<T: Clone + Default>(buffer: &mut Vec<T>, len: usize) {
    if buffer.len() < len {
        buffer.resize(len, T::default());
    }
}

/// Makes a buffer exactly `len` long, all zero.
pub(super) fn zeroed<T: Clone + Default>(buffer: &mut Vec<T>, len: usize) {
    buffer.clear();
    buffer.resize(len, T::default());
}

/// The sum of a row and whether its columns ascend strictly.
#[inline]
pub(super) fn scan(row: &[(u16, u16)]) -> (u64, bool) {
    let (mut sum, mut ascending, mut previous) = (0, true, -1);
    for &(column, weight) in row {
        sum += u64::from(weight);
        ascending &= i32::from(column) > previous;
        previous = i32::from(column);
    }
    (sum, ascending)
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
    pub(super) fn reset(&mut self, entries: usize) {
        grow(&mut self.columns, entries);
        grow(&mut self.values, entries);
        self.ends.clear();
        self.ascending.clear();
    }

    /// Where the row being written starts.
    pub(super) fn open(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Ends the row being written before `end`.
    pub(super) fn close(&mut self, end: usize, ascending: bool) {
        self.ends.push(end);
        self.ascending.push(ascending);
    }

    pub(super) fn range(&self, i: usize) -> core::ops::Range<usize> {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        start..self.ends[i]
    }

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
    /// Whether `entries` have the same columns in the same order.
    #[inline]
    pub(super) fn has_columns_of(&self, entries: &[(u16, u16)]) -> bool {
        let pairs = self.columns.iter().zip(entries);
        self.columns.len() == entries.len() && pairs.fold(true, |same, (a, (b, _))| same & (a == b))
    }

    pub(super) fn iter(self) -> impl DoubleEndedIterator<Item = (u16, u64)> + use<'a> {
        self.columns.iter().copied().zip(self.values.iter().copied())
    }
}
