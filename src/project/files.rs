//! Single files: read as text, and written so that they appear whole or not at all.
//!
//! Knows paths and encodings; knows nothing of what a file holds.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::text::{self, printable};

/// The text of a file, in any encoding that flows come in.
///
/// # Errors
/// What the system refuses; bytes that are no text are [`io::ErrorKind::InvalidData`], with the reason in words.
pub fn read_text(path: &Path) -> io::Result<String> {
    let (text, _) =
        text::decode(fs::read(path)?).map_err(|reason| io::Error::new(io::ErrorKind::InvalidData, reason))?;
    Ok(text)
}

/// Whether something is there.
#[must_use]
pub fn exists(path: &Path) -> bool {
    path.exists()
}

/// Writes a file that is not there yet.
///
/// # Errors
/// What the system refuses; [`io::ErrorKind::AlreadyExists`] where there is such a file, which stays as it is.
pub fn create(path: &Path, text: &str) -> io::Result<()> {
    // One step, so that nothing is overwritten that comes in between.
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())
}

/// The nearest file of that name from a folder upward, no further than the root of the repository.
#[must_use]
pub fn nearest_above(folder: &Path, root: Option<&Path>, name: &str) -> Option<PathBuf> {
    let above = folder.ancestors().take_while(|above| root.is_none_or(|root| above.starts_with(root)));
    above.map(|above| above.join(name)).find(|file| file.is_file())
}

/// Writes a file as a whole, or not at all.
///
/// # Errors
/// What the system refuses, with the name of the file.
pub fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let named = |error: io::Error| {
        let name = printable(&path.display().to_string());
        io::Error::other(format!("cannot write {name}: {}", reason(&error)))
    };
    match fs::metadata(path) {
        // A device or a pipe cannot be replaced, only written to.
        Ok(meta) if !meta.is_file() || path.starts_with("/dev") => {
            let file = fs::OpenOptions::new().append(true).open(path).map_err(named)?;
            let mut out = io::BufWriter::new(file);
            write(&mut out).and_then(|()| out.flush()).map_err(named)
        }
        _ => {
            // A link stays one: what it leads to is written.
            let target = target(path).map_err(named)?;
            let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
            let mut out = new_file(folder.unwrap_or(Path::new("."))).map_err(named)?;
            let mut buffered = io::BufWriter::new(&mut out);
            write(&mut buffered).and_then(|()| buffered.flush()).map_err(named)?;
            drop(buffered);
            out.persist(&target).map_err(|error| named(error.error))?;
            Ok(())
        }
    }
}

/// What a path leads to, through links, whether or not that is there.
fn target(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_path_buf();
    // As many as systems follow.
    for _ in 0..40 {
        if !target.is_symlink() {
            return Ok(target);
        }
        let next = fs::read_link(&target)?;
        target = target.parent().unwrap_or(Path::new("")).join(next);
    }
    Err(io::Error::other("too many links lead to one another"))
}

/// Why something failed, without the path of a temporary file, which means nothing to anyone.
fn reason(error: &io::Error) -> String {
    match error.get_ref() {
        Some(_) => match error.kind() {
            io::ErrorKind::Other => error.to_string(),
            kind => kind.to_string(),
        },
        None => error.to_string(),
    }
}

/// A file to be written, which others may read as they may any other: a temporary file by itself is its
/// owner's alone.
fn new_file(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.prefix(".flowvet-").tempfile_in(folder)
}
