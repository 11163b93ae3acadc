//! The check of one file: parse, load, run the rules on each flow, and keep what outlives the text.
//!
//! What waivers come to, and what is said of the whole solution, is for [`super::conclude`].

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::context::FileContext;
use super::draft::check_flow;
use super::engine::Engine;
use crate::finding::{Finding, FlowName, Mask, Masked, Place, Problem};
use crate::flow::{self, Detected, FlowAnalysis};
use crate::json::{self, Node};
use crate::secrets::TextSecrets;
use crate::solution::{FlowSummary, SolutionContext, Workflow};
use crate::suppress::waiver::{self, Waiver};
use crate::text::{self, Arena, FileName, Source, Span};

/// What became of one file. Nothing in it refers to the text, and no credential is in it.
#[derive(Debug)]
#[non_exhaustive]
pub struct FileOutcome {
    /// The file.
    pub file: Arc<FileName>,
    /// The solution or package around it.
    pub solution: Option<SolutionContext>,
    /// The flows it holds.
    pub flows: Vec<FlowName>,
    /// What was found in them.
    pub findings: Vec<Masked>,
    /// The waivers in them, not yet judged.
    pub waivers: Vec<Waiver>,
    /// What rules over the whole solution know of its flows; empty where no such rule runs.
    pub summaries: Vec<FlowSummary>,
    /// Files beside it that findings may be in.
    pub beside: Vec<Arc<FileName>>,
    /// Why it could not be checked.
    pub problem: Option<Problem>,
    /// Why it was skipped: it holds no flow.
    pub skipped: Option<&'static str>,
}

/// What was found while the text was at hand.
#[derive(Default)]
struct Checked {
    flows: Vec<FlowName>,
    findings: Vec<Finding>,
    waivers: Vec<Waiver>,
    summaries: Vec<FlowSummary>,
    beside: Vec<Source>,
    secrets: TextSecrets,
    problem: Option<Problem>,
    skipped: Option<&'static str>,
}

/// Checks one file, and drops its text.
#[must_use]
pub fn check_file(
    engine: &Engine,
    source: Source,
    solution: Option<&SolutionContext>,
    arena: &mut Arena,
) -> FileOutcome {
    check_as(flow::detect, engine, source, solution, arena)
}

/// How flows are found in a file.
pub(super) type Detect = for<'a> fn(&'a Node<'a>, &str) -> Detected<'a>;

/// Checks one file in which flows are found in a way of its own: examples may be parts of a flow.
pub(super) fn check_as(
    detect: Detect,
    engine: &Engine,
    source: Source,
    solution: Option<&SolutionContext>,
    arena: &mut Arena,
) -> FileOutcome {
    arena.clear();
    let check = || check(detect, engine, &source, solution, arena);
    let checked = catch_unwind(AssertUnwindSafe(check)).unwrap_or_else(|_| {
        let message = "flowvet itself failed on this file: please report it as a bug";
        Checked { problem: Some(Problem::of_file(Arc::clone(&source.name), message)), ..Checked::default() }
    });
    let file = Arc::clone(&source.name);
    let mut mask = match checked.skipped {
        // Nothing is said of its text.
        Some(_) => Mask::of(Source::of(source.name, ""), TextSecrets::default()),
        None => Mask::of(source, checked.secrets),
    };
    let beside = checked.beside.iter().map(|source| Arc::clone(&source.name)).collect();
    for source in checked.beside {
        let secrets = TextSecrets::of(&source.text);
        mask.add(source, secrets);
    }
    FileOutcome {
        file: mask.file(file),
        solution: solution.cloned(),
        flows: checked.flows.into_iter().map(|flow| mask.flow(flow)).collect(),
        findings: checked.findings.into_iter().map(|finding| finding.mask(&mask)).collect(),
        waivers: checked.waivers.into_iter().map(|waiver| waiver.mask(&mask)).collect(),
        summaries: checked.summaries.into_iter().map(|summary| summary.mask(&mask)).collect(),
        beside,
        problem: checked.problem.map(|problem| mask.problem(problem)),
        skipped: checked.skipped,
    }
}

/// What rules over the whole solution know of the flows of a file that nobody asked to check.
#[must_use]
pub fn summarize(source: Source, solution: &SolutionContext, arena: &mut Arena) -> Vec<FlowSummary> {
    arena.clear();
    let summarize = || {
        let mut summaries = Vec::new();
        // A sibling that is broken is nobody's concern here: it is a problem where it is checked itself.
        let _ = each_flow(flow::detect, &source, Some(solution), arena, &mut |flow, index, listed| {
            summaries.push(FlowSummary::of(flow, index, listed));
        });
        summaries
    };
    let summaries = catch_unwind(AssertUnwindSafe(summarize)).unwrap_or_default();
    let secrets = TextSecrets::of(&source.text);
    let mask = Mask::of(source, secrets);
    summaries.into_iter().map(|summary| summary.mask(&mask)).collect()
}

fn check(
    detect: Detect,
    engine: &Engine,
    source: &Source,
    solution: Option<&SolutionContext>,
    arena: &Arena,
) -> Checked {
    let mut checked = Checked::default();
    let mut secrets = None;
    let done = each_flow(detect, source, solution, arena, &mut |flow, index, listed| {
        let secrets = secrets.get_or_insert_with(|| TextSecrets::of(&source.text));
        let file = FileContext { solution, secrets };
        checked.findings.append(&mut check_flow(engine, flow, file, index));
        let (waivers, beside) = waiver::collect(flow, index, solution, &|word| engine.set.matches(word));
        checked.waivers.extend(waivers);
        checked.beside.extend(beside);
        if solution.is_some() && engine.asks_for_solutions() {
            checked.summaries.push(FlowSummary::of(flow, index, listed));
        }
        checked.flows.push(FlowName { name: flow.name.clone(), id: flow.id.clone() });
    });
    match done {
        Ok(()) => {}
        Err(NoFlow::Skipped(reason)) => checked.skipped = Some(reason),
        Err(NoFlow::Problem(message, span)) => {
            checked.problem = Some(Problem {
                file: Arc::clone(&source.name),
                message,
                place: span.map(|span| Place::new(source, span)),
            });
            secrets = Some(TextSecrets::of(&source.text));
        }
    }
    checked.secrets = secrets.unwrap_or_default();
    checked
}

/// Why a file has no flow.
enum NoFlow {
    Skipped(&'static str),
    Problem(String, Option<Span>),
}

/// Loads each flow of a file, with what the solution says of it.
fn each_flow(
    detect: Detect,
    source: &Source,
    solution: Option<&SolutionContext>,
    arena: &Arena,
    visit: &mut dyn FnMut(&FlowAnalysis<'_>, usize, Option<&Workflow>),
) -> Result<(), NoFlow> {
    let root =
        json::parse(&source.text, arena).map_err(|error| match flow::has_marks_of_a_flow(&source.text) {
            true => NoFlow::Problem(text::capitalised(&error.message), Some(error.span)),
            false => NoFlow::Skipped("it is no JSON, and has no marks of a flow"),
        })?;
    match detect(&root, source.name.inner()) {
        Detected::NotAFlow(reason) => Err(NoFlow::Skipped(reason)),
        Detected::Unsupported(reason) => Err(NoFlow::Problem(format!("Not supported: {reason}"), None)),
        Detected::Broken(reason, span) => Err(NoFlow::Problem(reason.into(), Some(span))),
        Detected::Flows(found) => {
            for (index, found) in found.iter().enumerate() {
                let listed = solution.and_then(SolutionContext::workflow);
                let known = listed.as_ref().map(Workflow::known_flow);
                visit(&FlowAnalysis::new(flow::load(source, found, known, arena)), index, listed.as_ref());
            }
            Ok(())
        }
    }
}
