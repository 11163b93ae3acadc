//! `flowvet inspect`.

use std::io::{self, Write};

use serde::Serialize;

use super::args::{Inspect, InspectFormat};
use super::{CLEAN, FAILED, output};
use crate::project::collect::{self, Exclusions, Reader};
use crate::report::inspect::{Inspected, Refusal, inspect};
use crate::report::{place_of, shown};
use crate::secrets;
use crate::session::Item;

#[derive(Serialize)]
struct Document {
    version: u32,
    flows: Vec<Inspected>,
}

pub(super) fn run(args: &Inspect) -> io::Result<u8> {
    let collected = collect::collect(&args.paths, &Exclusions::default());
    let mut flows = Vec::new();
    let mut failed = !collected.problems.is_empty();
    for problem in &collected.problems {
        output::warn(&format!("flowvet: {}: {}", problem.file.shown, problem.message));
    }
    let reader = Reader::default();
    for file in &collected.files {
        for input in reader.read(file) {
            match input {
                Ok(Item { mut source, solution }) => {
                    // `check` masks what it reports; what is shown here must not hold a credential either.
                    secrets::TextSecrets::of(&source.text).mask(&mut source.text);
                    match inspect(&source, solution.as_ref()) {
                        Ok(found) => flows.extend(found),
                        // In a folder or archive, what is no flow is nobody's concern.
                        Err(Refusal { is_problem: false, .. })
                            if file.arguments.iter().any(|at| collected.containers.contains(at)) => {}
                        Err(Refusal { reason, .. }) => {
                            let (place, reason) =
                                (secrets::without(shown(&source.name)), secrets::without(reason));
                            output::warn(&format!("flowvet: {place}: {reason}"));
                            failed = true;
                        }
                    }
                }
                Err(problem) => {
                    let said = format!("{}: {}", place_of(&problem), problem.message);
                    output::warn(&format!("flowvet: {}", secrets::without(said)));
                    failed = true;
                }
            }
        }
    }
    let mut out = Vec::new();
    match args.format {
        InspectFormat::Json => {
            serde_json::to_writer_pretty(&mut out, &Document { version: 1, flows })?;
            writeln!(out)?;
        }
        InspectFormat::Human => {
            for flow in &flows {
                writeln!(out, "{}", flow.tree)?;
            }
        }
    }
    output::print(&out)?;
    Ok(if failed { FAILED } else { CLEAN })
}
