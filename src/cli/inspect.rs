//! `flowvet inspect`.

use std::io::{self, Write};

use serde::Serialize;

use super::args::{Inspect, InspectFormat};
use super::{CLEAN, FAILED, output};
use crate::collect;
use crate::inspect::{Inspected, inspect};

#[derive(Serialize)]
struct Document {
    version: u32,
    flows: Vec<Inspected>,
}

pub(super) fn run(args: &Inspect) -> io::Result<u8> {
    let collected = collect::collect(&args.paths, None);
    let mut flows = Vec::new();
    let mut failed = !collected.problems.is_empty();
    for problem in &collected.problems {
        output::complain(&format!("flowvet: {}: {}", problem.shown, problem.message));
    }
    for file in &collected.files {
        match collect::read(file) {
            // `check` masks what it reports; what is shown here must not hold a credential either.
            Ok(mut source) => {
                source.mask_secrets();
                match inspect(&source) {
                    Ok(found) => flows.extend(found),
                    // In a folder, what is no flow is nobody's concern.
                    Err(_) if collected.folders.contains(&file.argument) => {}
                    Err(reason) => {
                        output::complain(&format!("flowvet: {}: {reason}", file.shown));
                        failed = true;
                    }
                }
            }
            Err(problem) => {
                output::complain(&format!("flowvet: {}: {}", problem.shown, problem.message));
                failed = true;
            }
        }
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
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
    out.flush()?;
    Ok(if failed { FAILED } else { CLEAN })
}
