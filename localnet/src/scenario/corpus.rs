//! The text that markets work on: the built-in one, or a directory of the reader's own files.

use actors::corpus::{Corpus, CorpusError};
use flate2::read::MultiGzDecoder;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A directory beyond this is refused: the corpus is kept in memory, and a ledger carries a copy of it.
const LEN_MAX: u64 = 64 << 20;

/// Why a directory is no corpus.
#[derive(Debug, thiserror::Error)]
pub enum CorpusDirError {
    /// It cannot be listed.
    #[error("--corpus {}: the directory cannot be read: {source}", path.display())]
    Unreadable {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is a file.
    #[error("--corpus {}: this is not a directory; name the directory that holds the files", path.display())]
    NotADirectory {
        /// The path.
        path: PathBuf,
    },
    /// A file in it cannot be read.
    #[error("--corpus: {} cannot be read: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// No bytes.
    #[error("--corpus {}: {source}; put at least one file with text into it", path.display())]
    Empty {
        /// The directory.
        path: PathBuf,
        /// How many files were there.
        source: CorpusError,
    },
    /// Too much to keep in memory.
    #[error("--corpus {}: more than {} MiB of files; choose a smaller directory", path.display(), LEN_MAX >> 20)]
    TooLarge {
        /// The directory.
        path: PathBuf,
    },
}

/// Reads every regular file below a directory, in the order of their paths.
///
/// Links are not followed. Names are relative to the directory and joined by `/`, so the same files give
/// the same digest wherever they lie. A gzip file stands for what is packed in it: manual pages come so, and
/// there is nothing left to compress in packed bytes.
///
/// # Errors
/// When the directory or a file in it cannot be read, or holds nothing or too much.
pub fn read_dir(dir: &Path) -> Result<Arc<Corpus>, CorpusDirError> {
    let unreadable = |source| CorpusDirError::Unreadable { path: dir.to_owned(), source };
    let meta = std::fs::metadata(dir).map_err(unreadable)?;
    if !meta.is_dir() {
        return Err(CorpusDirError::NotADirectory { path: dir.to_owned() });
    }
    let mut paths = Vec::new();
    list(dir, &mut paths)?;
    let mut files: Vec<(String, PathBuf)> =
        paths.into_iter().map(|path| (name_in(dir, &path), path)).collect();
    files.sort();
    let mut left = LEN_MAX;
    let mut corpus = Vec::with_capacity(files.len());
    for (name, path) in files {
        let bytes = read_file(&path, left).map_err(|source| CorpusDirError::File { path, source })?;
        left = left
            .checked_sub(bytes.len() as u64)
            .ok_or_else(|| CorpusDirError::TooLarge { path: dir.to_owned() })?;
        corpus.push((name, bytes));
    }
    Corpus::from_files(corpus)
        .map(Arc::new)
        .map_err(|source| CorpusDirError::Empty { path: dir.to_owned(), source })
}

/// The bytes of a file, unpacked if it is gzip; at most one more than `limit`, so that too many are noticed.
fn read_file(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    const GZIP: [u8; 2] = [0x1f, 0x8b];
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    let mut text = Vec::new();
    MultiGzDecoder::new(bytes.as_slice()).take(limit.saturating_add(1)).read_to_end(&mut text)?;
    Ok(text)
}

fn list(dir: &Path, paths: &mut Vec<PathBuf>) -> Result<(), CorpusDirError> {
    let unreadable = |source| CorpusDirError::Unreadable { path: dir.to_owned(), source };
    for entry in std::fs::read_dir(dir).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let kind = entry.file_type().map_err(unreadable)?;
        if kind.is_dir() {
            list(&entry.path(), paths)?;
        } else if kind.is_file() {
            paths.push(entry.path());
        }
    }
    Ok(())
}

fn name_in(dir: &Path, path: &Path) -> String {
    let inner = path.strip_prefix(dir).unwrap_or(path);
    inner.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
