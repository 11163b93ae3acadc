//! What can be said when all files of a run have been checked: rules over whole solutions, then the waivers.
//!
//! Knows outcomes and summaries; no text is at hand any more.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::check_file::FileOutcome;
use super::context::ReportContext;
use super::draft::Home;
use super::engine::Engine;
use super::waivers;
use crate::finding::{Mask, Masked};
use crate::solution::{FlowSummary, SolutionContext, SolutionFiles, SolutionView};
use crate::suppress::Meaning;
use crate::suppress::waiver::Waiver;
use crate::text::{FileName, Source};

/// A solution that flows of a run belong to.
#[derive(Debug)]
pub struct SolutionFlows {
    /// The solution, as one of its flows stands in it.
    pub context: SolutionContext,
    /// The path of its root for machines.
    pub root: String,
    /// Its flows, by file and index: those that were checked, and those beside them.
    pub flows: Vec<FlowSummary>,
}

impl SolutionFlows {
    /// The solutions of some files, in the order of the files. The flows beside them are not in yet.
    #[must_use]
    pub fn of(files: &[FileOutcome]) -> Vec<Self> {
        let mut solutions: Vec<Self> = Vec::new();
        for file in files {
            let Some(context) = file.solution.as_ref().filter(|_| !file.summaries.is_empty()) else {
                continue;
            };
            let known = solutions.iter_mut().find(|known| Arc::ptr_eq(&known.context.files, &context.files));
            match known {
                Some(known) => known.flows.extend(file.summaries.iter().cloned()),
                None => solutions.push(Self {
                    context: context.clone(),
                    root: context.root_of(&file.file),
                    flows: file.summaries.clone(),
                }),
            }
        }
        solutions
    }

    /// Whether every flow of these files belongs to a solution that lists its flows: only then rules over whole
    /// solutions have had all that they need.
    #[must_use]
    pub fn are_all_listed(files: &[FileOutcome]) -> bool {
        let has_flows = |file: &&FileOutcome| file.problem.is_none() && file.skipped.is_none();
        let is_listed = |context: &SolutionContext| context.files.is_listed();
        files.iter().filter(has_flows).all(|file| file.solution.as_ref().is_some_and(is_listed))
    }

    /// The flows of the solution that are not in yet, from its files.
    #[must_use]
    pub fn siblings(&self) -> Vec<Source> {
        let Some(own) = self.flows.first() else { return Vec::new() };
        let known: FxHashSet<(&str, Option<&str>)> =
            self.flows.iter().map(|flow| (flow.file.path.as_str(), flow.file.member.as_deref())).collect();
        let mut siblings = self.context.flow_files(&own.file);
        siblings.retain(|name| !known.contains(&(name.path.as_str(), name.member.as_deref())));
        siblings.into_iter().filter_map(|name| self.context.source(name)).collect()
    }

    /// Each flow's file as it is now, with the ids of its flows.
    #[must_use]
    pub fn sources(&self) -> Vec<(Source, Vec<String>)> {
        let mut sources: Vec<(Source, Vec<String>)> = Vec::new();
        for flow in &self.flows {
            match sources.last_mut() {
                Some((source, ids)) if source.name == flow.file => ids.push(flow.flow.id.clone()),
                _ => {
                    let source = self.context.source((*flow.file).clone());
                    sources.extend(source.map(|source| (source, vec![flow.flow.id.clone()])));
                }
            }
        }
        sources
    }

    /// Adds flows.
    pub fn add(&mut self, flows: Vec<FlowSummary>) {
        self.flows.extend(flows);
        self.flows.sort_by(|a, b| (&a.file, a.index).cmp(&(&b.file, b.index)));
    }

    /// Whether a finding is about a flow of it.
    #[must_use]
    pub fn holds(&self, finding: &Masked) -> bool {
        self.has_file(&finding.location.place.file)
    }

    fn has_file(&self, file: &FileName) -> bool {
        self.flows.iter().any(|flow| *flow.file == *file)
    }

    fn files(&self) -> &SolutionFiles {
        &self.context.files
    }
}

/// Runs the rules over whole solutions, lets rules supersede others across files, and judges the waivers. Takes the
/// findings and waivers out of the files. Of what is about flows that nobody named, only that is kept which also names
/// one that somebody did.
#[must_use]
pub fn conclude(engine: &Engine, files: &mut [FileOutcome], solutions: &[SolutionFlows]) -> Vec<Masked> {
    let mut findings: Vec<Masked> = files.iter_mut().flat_map(|file| file.findings.drain(..)).collect();
    let named: FxHashSet<&FileName> = files.iter().map(|file| &*file.file).collect();
    for solution in solutions {
        let mut found = over_solution(engine, solution);
        found.retain(|finding| {
            let related = finding.related.iter().map(|related| &related.place.file);
            std::iter::once(&finding.location.place.file).chain(related).any(|file| named.contains(&**file))
        });
        supersede(engine, &mut findings, &mut found);
        findings.append(&mut found);
    }
    engine.retain_selected(&mut findings);
    let has_run = |waiver: &Waiver, meaning: &Meaning| {
        let is_listed =
            solutions.iter().any(|solution| solution.files().is_listed() && solution.has_file(&waiver.file));
        engine.has_run(meaning, is_listed)
    };
    let waivers = files.iter_mut().flat_map(|file| file.waivers.drain(..)).collect();
    let mut about_waivers = waivers::judge(engine, waivers, &mut findings, &has_run);
    findings.append(&mut about_waivers);
    findings
}

fn over_solution(engine: &Engine, solution: &SolutionFlows) -> Vec<Masked> {
    let view =
        SolutionView { flows: &solution.flows, files: solution.files(), whole: solution.files().is_listed() };
    let mut drafts = Vec::new();
    for &at in &engine.solution {
        engine.check_solution(at, &view, &mut ReportContext::new(at, &mut drafts));
    }
    // What a summary says has no credentials.
    let mask = Mask::default();
    let home = Home::Solution { root: &solution.root };
    drafts.into_iter().map(|draft| engine.finding(draft, home, |location| location).mask(&mask)).collect()
}

/// Lets findings about a solution and findings about its files supersede each other.
fn supersede(engine: &Engine, of_files: &mut Vec<Masked>, of_solution: &mut Vec<Masked>) {
    if of_solution.is_empty() {
        return;
    }
    let beats = |winner: &Masked, loser: &Masked| {
        let mut places =
            std::iter::once(&winner.location.place).chain(winner.related.iter().map(|r| &r.place));
        places.any(|place| place.overlaps(&loser.location.place))
            && engine.supersedes(&winner.rule, &loser.rule)
    };
    let is_beaten = |loser: &Masked, winners: &[Masked]| winners.iter().any(|winner| beats(winner, loser));
    let beaten_here: Vec<bool> = of_solution.iter().map(|finding| is_beaten(finding, of_files)).collect();
    of_files.retain(|finding| !is_beaten(finding, of_solution));
    let mut beaten = beaten_here.into_iter();
    of_solution.retain(|_| !beaten.next().unwrap_or(false));
}
