//! Where the program writes: standard output, standard error, and files that appear whole or not at all.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::{env, fs};

use super::args::Color;
use crate::linter::Active;
use crate::report::{self, Format, Report, Style};
use crate::text::printable;

/// Says something on standard error, in one line; if nobody listens there is nobody to tell.
pub(super) fn complain(text: &str) {
    show(&printable(text));
}

/// Says something that is ready for a terminal, in several lines and with colours perhaps.
pub(super) fn show(text: &str) {
    let _ = writeln!(io::stderr(), "{}", report::harmless(text));
}

/// Writes to standard output. Whoever has read enough of it changes no exit code.
pub(super) fn print(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// How to draw for people on a stream. `NO_COLOR` and `CLICOLOR_FORCE`: no-color.org, bixense.com/clicolors.
pub(super) fn style(color: Color, is_terminal: bool) -> Style {
    let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let color = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if set("NO_COLOR") => false,
        Color::Auto
            if env::var_os("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0") =>
        {
            true
        }
        Color::Auto => is_terminal && env::var_os("TERM").is_none_or(|term| term != "dumb"),
    };
    let columns = || env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let width = if is_terminal { terminal().or_else(columns) } else { columns() };
    Style { color, width: width.unwrap_or(120).clamp(60, 200) }
}

/// The style for standard error.
pub(super) fn error_style(color: Color) -> Style {
    style(color, io::stderr().is_terminal())
}

/// Writes a report to standard output, or to a file as a whole.
pub(super) fn write(
    report: &Report,
    rules: &[Active],
    format: Format,
    file: Option<&Path>,
    color: Color,
) -> io::Result<()> {
    match file {
        None => {
            let stdout = io::stdout();
            let style = style(color, stdout.is_terminal());
            let mut out = io::BufWriter::new(stdout.lock());
            report.write(format, rules, style, &mut out)?;
            out.flush()
        }
        Some(path) => {
            let style = self::style(color, false);
            replace(path, |out| report.write(format, rules, style, out))
        }
    }
}

/// Writes a file as a whole, or not at all.
pub(super) fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
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
            write(&mut out).map_err(named)?;
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
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.prefix(".flowvet-").tempfile_in(folder)
}
