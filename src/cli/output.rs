//! Where the program writes: standard output, standard error, and report files.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use super::args::Color;
use crate::linter::Active;
use crate::project::files;
use crate::report::{self, Format, Report, Style};
use crate::text::printable;

/// Says something on standard error, in one line; if nobody listens there is nobody to tell.
pub(super) fn warn(text: &str) {
    show(&printable(text));
}

/// Says something that is ready for a terminal, in several lines and with colours perhaps.
pub(super) fn show(text: &str) {
    let _ = writeln!(io::stderr(), "{}", report::escape_ci_commands(text));
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
            files::replace(path, |out| report.write(format, rules, style, out))
        }
    }
}
