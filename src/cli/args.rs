//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Lints exported Power Automate cloud flows: offline, at the exact line, in words a maker understands.
#[derive(Debug, Parser)]
#[command(name = "flowvet", version, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check files, folders and archives.
    Check(Box<Check>),
    /// List the rules.
    Rules {
        #[command(flatten)]
        choice: Choice,
    },
    /// Print a rule's page.
    Explain {
        /// The rule's id.
        rule: String,
        #[command(flatten)]
        choice: Choice,
    },
    /// Show what was understood of each flow.
    Inspect(Inspect),
    /// Write a flowvet.toml that explains itself into the working directory.
    Init,
    /// Run the examples of rule pages.
    Test {
        /// Pages, or folders of pages.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// Write the marks of bad examples as the rules set them.
        #[arg(long)]
        bless: bool,
    },
    /// Print the script that completes flowvet's words in a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Files, folders, and zips of solutions or packages; `-` reads standard input [default: the working directory].
    pub(super) paths: Vec<PathBuf>,
    /// The name that standard input goes by.
    #[arg(long, value_name = "PATH", default_value = "stdin.json")]
    pub(super) stdin_filename: PathBuf,
    /// A file with one path on each line; `-` reads standard input.
    #[arg(long, value_name = "FILE")]
    pub(super) files_from: Option<PathBuf>,
    /// Only what differs from that git revision: a commit, a branch, a tag; `REF...` for where the branch left it.
    #[arg(long, value_name = "REF")]
    pub(super) since: Option<String>,
    /// How to report, and where to: human, concise, json, sarif, github, azure, gitlab, junit, markdown. Repeatable;
    /// default: human to standard output.
    #[arg(long = "format", value_name = "FORMAT[=FILE]")]
    pub(super) formats: Vec<String>,
    /// Only these rules and categories, in place of `select` and `extend-select`; `all` is every rule.
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    pub(super) select: Vec<String>,
    /// Not these rules and categories.
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    pub(super) ignore: Vec<String>,
    #[command(flatten)]
    pub(super) choice: Choice,
    /// Print the configuration in force, with all rules that run and their options, and check nothing.
    #[arg(long)]
    pub(super) show_config: bool,
    /// Findings that were there before [default: flowvet-baseline.json beside the configuration, if it is there].
    #[arg(long, value_name = "FILE", conflicts_with = "no_baseline")]
    pub(super) baseline: Option<PathBuf>,
    /// No baseline at all.
    #[arg(long)]
    pub(super) no_baseline: bool,
    /// Write what is found now into the baseline.
    #[arg(long, conflicts_with = "no_baseline")]
    pub(super) write_baseline: bool,
    /// Take out of the baseline what is fixed.
    #[arg(long, conflicts_with_all = ["no_baseline", "write_baseline"])]
    pub(super) prune_baseline: bool,
    /// List the findings too that a waiver, the configuration or the baseline suppresses.
    #[arg(long)]
    pub(super) show_suppressed: bool,
    /// The least severity that makes the exit code 1.
    #[arg(long, value_name = "SEVERITY", default_value = "warning")]
    pub(super) fail_on: FailOn,
    /// How many files are checked at once [default: as many as the machine has cores].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
    /// When to colour.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,
    /// A folder or zip without a flow is no failure.
    #[arg(long)]
    pub(super) allow_empty: bool,
    /// Say nothing but the report.
    #[arg(long, short)]
    pub(super) quiet: bool,
    /// Say what was passed over, and why.
    #[arg(long, short, conflicts_with = "quiet")]
    pub(super) verbose: bool,
}

/// Which configuration holds.
#[derive(Debug, Args)]
pub(super) struct Choice {
    /// The configuration file, in place of the nearest flowvet.toml upward.
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,
    /// No configuration file at all.
    #[arg(long)]
    pub(super) no_config: bool,
}

#[derive(Debug, Args)]
pub(super) struct Inspect {
    /// Files, folders, and zips of solutions or packages.
    #[arg(required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// A tree for people, or JSON.
    #[arg(long, default_value = "human")]
    pub(super) format: InspectFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum InspectFormat {
    Human,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}
