//! `flowvet completions`: what a shell needs to complete commands, options, rules and formats.

use std::borrow::Cow;
use std::io;

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, CommandFactory};
use clap_complete::{Shell, generate};

use super::args::Arguments;
use super::{CLEAN, output};
use crate::linter::embedded_pages;
use crate::report::Format;

pub(super) fn run(shell: Shell) -> io::Result<u8> {
    let mut script = Vec::new();
    generate(shell, &mut with_names(Arguments::command()), "flowvet", &mut script);
    output::print(&script)?;
    Ok(CLEAN)
}

/// The command line with the names that are looked up only when it runs, so that a shell can offer them.
fn with_names(command: Command) -> Command {
    let mut rules = Vec::new();
    let mut words = vec!["all"];
    for page in embedded_pages() {
        // An embedded page borrows its names from the program, as the command line asks for.
        let (Cow::Borrowed(id), Cow::Borrowed(category)) = (page.id, page.category) else { continue };
        rules.push(id);
        words.extend([id, category]);
    }
    words.sort_unstable();
    words.dedup();
    let formats = Format::NAMES.iter().map(|(name, _)| *name).collect();
    let offer = |names: Vec<&'static str>| |arg: Arg| arg.value_parser(PossibleValuesParser::new(names));
    command.mut_subcommand("explain", |explain| explain.mut_arg("rule", offer(rules))).mut_subcommand(
        "check",
        |check| {
            check
                .mut_arg("select", offer(words.clone()))
                .mut_arg("ignore", offer(words))
                .mut_arg("formats", offer(formats))
        },
    )
}
