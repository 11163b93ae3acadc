//! The command line: what a person types, and what the outcome means for the exit code.

mod args;
mod baseline;
mod check;
mod completions;
mod init;
mod inspect;
mod load_config;
mod output;
mod rules;

use std::process::ExitCode;

use clap::Parser;

/// Nothing at or above `--fail-on`.
const CLEAN: u8 = 0;
/// Findings.
const FOUND: u8 = 1;
/// Could not check: usage, configuration, a path that is not there, a problem.
const FAILED: u8 = 2;

/// Runs flowvet with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = args::Arguments::parse();
    let outcome = match arguments.command {
        args::Command::Check(check) => check::run(&check),
        args::Command::Rules { choice } => rules::list(&choice),
        args::Command::Explain { rule, choice } => rules::explain(&rule, &choice),
        args::Command::Inspect(inspect) => inspect::run(&inspect),
        args::Command::Init => init::run(),
        args::Command::Test { paths, bless } => rules::test(&paths, bless),
        args::Command::Completions { shell } => completions::run(shell),
    };
    ExitCode::from(match outcome {
        Ok(code) => code,
        // Whoever reads the output has enough of it.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => CLEAN,
        Err(error) => {
            output::warn(&format!("flowvet: {error}"));
            FAILED
        }
    })
}
