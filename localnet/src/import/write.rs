//! Writing a genesis: whole or not at all.

use crate::files;
use chain::snapshot::Snapshot;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Write as _};
use std::path::Path;

/// Writes a snapshot as the file of a genesis, packed if its name ends in `.gz`; gives its BLAKE3 digest.
///
/// It is written beside its place, brought to the device and then renamed, so that no reader sees half of it.
///
/// # Errors
/// Those of the file system; the place is as before then.
pub fn write(snapshot: &Snapshot, path: &Path) -> io::Result<[u8; 32]> {
    let mut bytes = serde_json::to_vec(snapshot)?;
    bytes.push(b'\n');
    let digest = *blake3::hash(&bytes).as_bytes();
    if path.extension().is_some_and(|extension| extension == "gz") {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&bytes)?;
        bytes = encoder.finish()?;
    }
    files::write_whole(path, &bytes).map(|()| digest)
}
