//! `flowvet init`.

use std::io;
use std::path::Path;

use super::{CLEAN, FAILED, output};
use crate::project::config::{FILE_NAME, TEMPLATE};
use crate::project::files;

/// Writes the template into the working directory, where there is no configuration yet.
pub(super) fn run() -> io::Result<u8> {
    match files::create(Path::new(FILE_NAME), TEMPLATE) {
        Ok(()) => {
            output::warn(&format!(
                "flowvet: wrote {FILE_NAME}: it changes nothing yet, and shows what can be set"
            ));
            Ok(CLEAN)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            output::warn(&format!("flowvet: {FILE_NAME} is there already, and stays as it is"));
            Ok(FAILED)
        }
        Err(error) => Err(io::Error::other(format!("cannot write {FILE_NAME}: {error}"))),
    }
}
