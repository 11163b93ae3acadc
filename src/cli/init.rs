//! `flowvet init`.

use std::fs::OpenOptions;
use std::io::{self, Write};

use super::{CLEAN, FAILED, output};
use crate::project::config::{FILE_NAME, TEMPLATE};

/// Writes the template into the working directory, where there is no configuration yet.
pub(super) fn run() -> io::Result<u8> {
    // One step, so that nothing is overwritten that comes in between.
    match OpenOptions::new().write(true).create_new(true).open(FILE_NAME) {
        Ok(mut file) => {
            file.write_all(TEMPLATE.as_bytes())?;
            output::complain(&format!(
                "flowvet: wrote {FILE_NAME}: it changes nothing yet, and shows what can be set"
            ));
            Ok(CLEAN)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            output::complain(&format!("flowvet: {FILE_NAME} is there already, and stays as it is"));
            Ok(FAILED)
        }
        Err(error) => Err(io::Error::other(format!("cannot write {FILE_NAME}: {error}"))),
    }
}
