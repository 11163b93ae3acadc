//! The command line program: parses, calls, and ends with the exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    flowvet::cli::main()
}
