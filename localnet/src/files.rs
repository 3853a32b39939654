//! Files that are written whole or not at all, and links that stay.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// Links that are followed before they count as a circle, as the system does.
const LINKS_MAX: usize = 40;
/// Names tried for a part before giving up.
const PARTS_MAX: u32 = 1_000;

/// Where a path leads to: the links at its end are followed, even to a place where nothing is yet.
#[must_use]
pub fn resolve(path: &Path) -> PathBuf {
    let mut place = path.to_path_buf();
    for _ in 0..LINKS_MAX {
        let Ok(target) = fs::read_link(&place) else { break };
        place = match place.parent() {
            Some(parent) => parent.join(target),
            None => target,
        };
    }
    place
}

/// Writes a file under another name beside its place, and gives it its name when it is whole. What stood there is
/// untouched until then, and so is every other file.
///
/// # Errors
/// When it cannot be written.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let place = resolve(path);
    if fs::metadata(&place).is_ok_and(|meta| !meta.is_file() && !meta.is_dir()) {
        // A pipe or a device has no place to be put in.
        return File::options().write(true).open(&place)?.write_all(bytes);
    }
    let (part, mut file) = part_of(&place)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    let written = written.and_then(|()| fs::rename(&part, &place));
    if written.is_err() {
        // What is left of it is of no use; the first error is the one that counts.
        let _ = fs::remove_file(&part);
    }
    written
}

/// Finds out whether [`write_whole`] could write to a place, before there is something to lose.
///
/// # Errors
/// When it could not.
pub fn can_write(path: &Path) -> io::Result<()> {
    let place = resolve(path);
    match fs::metadata(&place) {
        Ok(meta) if meta.is_dir() => return Err(ErrorKind::IsADirectory.into()),
        Ok(meta) if !meta.is_file() => return Ok(()),
        _ => {}
    }
    let (part, _) = part_of(&place)?;
    fs::remove_file(part)
}

/// A new file beside a place.
fn part_of(place: &Path) -> io::Result<(PathBuf, File)> {
    let name = place.file_name().ok_or_else(|| io::Error::other("it names no file"))?;
    for index in 0..PARTS_MAX {
        let mut part = name.to_owned();
        part.push(if index == 0 { ".part".to_owned() } else { format!(".part-{index}") });
        let part = place.with_file_name(part);
        match File::create_new(&part) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            created => return created.map(|file| (part, file)),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}
