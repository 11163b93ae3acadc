//! Where the program writes: standard output, standard error, and files that appear whole or not at all.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use super::args::Color;
use crate::report::{Format, Report, Style};
use crate::rule::Active;

/// Says something on standard error; if nobody listens there is nobody to tell.
pub(super) fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
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
            let folder =
                path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let named = |error: io::Error| {
                io::Error::new(error.kind(), format!("cannot write {}: {error}", path.display()))
            };
            let mut out = new_file(folder).map_err(named)?;
            report.write(format, rules, style(color, false), &mut out).map_err(named)?;
            out.persist(path).map_err(|error| named(error.error))?;
            Ok(())
        }
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
