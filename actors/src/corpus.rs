//! The text that a market works on.

use parity_scale_codec::{Decode, Encode};

/// A list of named texts with a digest over names and bytes.
///
/// **Invariant**: holds at least one byte, so a slice can always be drawn from it. Files keep the order in
/// which they were given; sort a directory's listing before it comes here, since the order is part of the
/// digest.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct Corpus {
    files: Vec<(String, Vec<u8>)>,
    #[codec(skip)]
    digest: [u8; 32],
    #[codec(skip)]
    len: u64,
}

/// Why files are no corpus.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CorpusError {
    /// No file, or only empty ones.
    #[error("the corpus is empty: {files} files and not one byte in them")]
    Empty {
        /// Number of files given.
        files: usize,
    },
}

macro_rules! builtin {
    ($($name:literal),*) => {
        /// The built-in texts, written for this project: name and bytes.
        const BUILTIN: &[(&str, &[u8])] =
            &[$(($name, include_bytes!(concat!("../../fixtures/corpus/", $name)))),*];
    };
}
builtin!(
    "ferry.txt",
    "gateway.log",
    "handbook.md",
    "readings.csv",
    "stations.json",
    "tides.rs",
    "winter.txt"
);

impl Corpus {
    /// The built-in texts.
    #[must_use]
    pub fn builtin() -> Self {
        let files = BUILTIN.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec()));
        Self::of(files.collect())
    }

    /// The files of a directory that the caller has read, empty ones left out.
    ///
    /// # Errors
    /// When not one byte is left.
    pub fn from_files(files: Vec<(String, Vec<u8>)>) -> Result<Self, CorpusError> {
        let given = files.len();
        let files: Vec<_> = files.into_iter().filter(|(_, bytes)| !bytes.is_empty()).collect();
        if files.is_empty() {
            return Err(CorpusError::Empty { files: given });
        }
        Ok(Self::of(files))
    }

    fn of(files: Vec<(String, Vec<u8>)>) -> Self {
        let digest = *blake3::hash(&files.encode()).as_bytes();
        let len = files.iter().map(|(_, bytes)| bytes.len() as u64).sum();
        Self { files, digest, len }
    }

    /// BLAKE3 over the encoded names and bytes; part of a scenario's digest.
    #[must_use]
    pub const fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// The files, in order.
    #[must_use]
    pub fn files(&self) -> &[(String, Vec<u8>)] {
        &self.files
    }

    /// Sum of all lengths. **Units**: bytes; never zero.
    #[must_use]
    pub const fn total_len(&self) -> u64 {
        self.len
    }

    /// `len` bytes from an offset into all files laid end to end, over the ends of files and from the last one
    /// back to the first; the whole corpus when it is shorter. Offsets wrap around.
    #[must_use]
    pub fn slice(&self, offset: u64, len: usize) -> Vec<u8> {
        let mut at = usize::try_from(offset.checked_rem(self.len).unwrap_or(0)).unwrap_or(0);
        let len = usize::try_from(self.len).unwrap_or(usize::MAX).min(len);
        let mut slice = Vec::with_capacity(len);
        for (_, bytes) in self.files.iter().cycle() {
            if slice.len() >= len {
                break;
            }
            let part = bytes.get(at..).unwrap_or_default();
            at = at.saturating_sub(bytes.len());
            slice.extend_from_slice(part.get(..len.saturating_sub(slice.len())).unwrap_or(part));
        }
        slice
    }
}

impl Decode for Corpus {
    fn decode<I: parity_scale_codec::Input>(input: &mut I) -> Result<Self, parity_scale_codec::Error> {
        Self::from_files(Decode::decode(input)?).map_err(|_| "a corpus without a byte".into())
    }
}
