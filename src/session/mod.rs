//! The one order of work, for every caller: check each file, then whole solutions, then what is accepted, then what has
//! not changed; a [`Report`] comes out.
//!
//! A command line, an editor and an agent differ in where texts come from and where the report goes. Works without
//! terminal, clock, environment or file system: whoever calls says how files are read, and what day it is.

mod since;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rustc_hash::FxHashSet;

use self::since::{PreviousState, Since};
use crate::finding::{CheckedFile, Masked, Problem, Severity, give_fingerprints};
use crate::linter::{Engine, FileOutcome, SolutionFlows, check_file, conclude, summarize};
use crate::report::{Compared, Report, Skipped};
use crate::secrets;
use crate::solution::SolutionContext;
use crate::suppress::baseline::{Baseline, Comparison, Run};
use crate::suppress::{Allowances, Meaning, RunRules, ScanCoverage};
use crate::text::{Arena, Date, FileName, Source};

/// A text to check, and what stands around it.
#[derive(Debug)]
pub struct Item {
    /// The text.
    pub source: Source,
    /// The solution or package around it.
    pub solution: Option<SolutionContext>,
}

/// Something to check, or what kept it from being that.
pub type Input = Result<Item, Problem>;

/// Gives the text that a file had before, by its name and the ids of its flows, which know it under another name; none
/// for what is new.
///
/// It fails with the reason why nobody can tell, in a sentence.
pub type PreviousVersion<'p> = dyn Fn(&FileName, &[&str]) -> Result<Option<String>, String> + Sync + 'p;

/// How a run goes.
#[derive(Clone, Copy)]
pub struct Session<'s> {
    engine: &'s Engine,
    jobs: usize,
    previous: Option<&'s PreviousVersion<'s>>,
}

/// What a run has found so far: what is accepted can be taken out of it, and it becomes a report.
#[derive(Debug)]
pub struct Checked<'s> {
    engine: &'s Engine,
    findings: Vec<Masked>,
    files: Vec<CheckedFile>,
    problems: Vec<Problem>,
    skipped: Vec<Skipped>,
    files_read: usize,
    since: Option<Since>,
    /// Whether each rule about whole solutions had what it needs everywhere.
    has_seen_solutions: bool,
    compared: Option<Compared>,
}

/// Checks texts one after another.
#[must_use]
pub fn lint(sources: Vec<Source>, engine: &Engine) -> Report {
    let count = sources.len();
    let sources = Mutex::new(sources.into_iter().map(Some).collect::<Vec<_>>());
    let take = |at: usize| {
        let taken = sources.lock().ok().and_then(|mut sources| sources[at].take());
        taken.map(|source| Ok(Item { source, solution: None })).into_iter().collect()
    };
    Session::new(engine).check(count, &take).into_report()
}

impl<'s> Session<'s> {
    /// A run with these rules, on one thread.
    #[must_use]
    pub fn new(engine: &'s Engine) -> Self {
        Self { engine, jobs: 1, previous: None }
    }

    /// The same on so many threads. The report is the same for any number of them.
    #[must_use]
    pub fn jobs(self, jobs: usize) -> Self {
        Self { jobs, ..self }
    }

    /// The same for what has changed alone: findings that were there before, on parts that are as they were, are left
    /// out of the report.
    #[must_use]
    pub fn since(self, previous: Option<&'s PreviousVersion<'s>>) -> Self {
        Self { previous, ..self }
    }

    /// Checks `count` files. `read` gives the inputs of an index, several for an archive, and is asked once for each.
    #[must_use]
    pub fn check(self, count: usize, read: &(dyn Fn(usize) -> Vec<Input> + Sync)) -> Checked<'s> {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut done = Vec::new();
            let mut arena = Arena::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= count {
                    return done;
                }
                done.extend(read(at).into_iter().map(|input| self.check_input(input, &mut arena)));
            }
        };
        let jobs = self.jobs.clamp(1, count.max(1));
        let done = if jobs == 1 {
            work()
        } else {
            std::thread::scope(|scope| {
                let workers: Vec<_> = (0..jobs).map(|_| scope.spawn(work)).collect();
                workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
            })
        };
        self.assemble(done)
    }

    fn check_input(&self, input: Input, arena: &mut Arena) -> Result<(FileOutcome, PreviousState), Problem> {
        let Item { source, solution } = input.map_err(without_secrets)?;
        let now = self.previous.map(|_| Source::of(Arc::clone(&source.name), source.text.as_str()));
        let mut outcome = check_file(self.engine, source, solution.as_ref(), arena);
        let mut earlier = PreviousState::default();
        if let (Some(previous), Some(now)) = (self.previous, now)
            && (!outcome.findings.is_empty() || !outcome.waivers.is_empty())
        {
            match since::look_back(self.engine, previous, now, &outcome, arena) {
                Ok(found) => earlier = found,
                Err(problem) => outcome.problem = Some(problem),
            }
        }
        Ok((outcome, earlier))
    }

    /// Puts outcomes together: the order is that of paths and places, whatever the order of the inputs.
    fn assemble(self, done: Vec<Result<(FileOutcome, PreviousState), Problem>>) -> Checked<'s> {
        let mut problems = Vec::new();
        let mut checked = Vec::with_capacity(done.len());
        for done in done {
            match done {
                Ok(done) => checked.push(done),
                Err(problem) => problems.push(problem),
            }
        }
        checked.sort_by(|(a, _), (b, _)| a.file.cmp(&b.file));
        let (mut outcomes, earlier): (Vec<FileOutcome>, Vec<PreviousState>) = checked.into_iter().unzip();
        let mut files: Vec<CheckedFile> = Vec::with_capacity(outcomes.len());
        let mut skipped = Vec::new();
        for outcome in &mut outcomes {
            let name = Arc::clone(&outcome.file);
            files.push(CheckedFile { name, flows: std::mem::take(&mut outcome.flows) });
            for beside in &outcome.beside {
                if !files.iter().any(|file| file.name == *beside) {
                    files.push(CheckedFile { name: Arc::clone(beside), flows: Vec::new() });
                }
            }
            problems.extend(outcome.problem.take());
            let file = Arc::clone(&outcome.file);
            skipped.extend(outcome.skipped.map(|reason| Skipped { file, reason }));
        }
        problems.sort_by(|a, b| a.file.cmp(&b.file));
        let files_read = outcomes.len();
        let solutions = with_siblings(SolutionFlows::of(&outcomes));
        let has_seen_solutions = SolutionFlows::are_all_listed(&outcomes);
        let mut findings = conclude(self.engine, &mut outcomes, &solutions);
        let since =
            self.previous.map(|previous| Since::new(self.engine, previous, earlier, &solutions, &findings));
        let known: FxHashSet<&FileName> = files.iter().map(|file| &*file.name).collect();
        let of_siblings = findings.iter().map(|finding| &finding.location.place.file);
        let mut of_siblings: Vec<Arc<FileName>> =
            of_siblings.filter(|file| !known.contains(&***file)).map(Arc::clone).collect();
        of_siblings.sort();
        of_siblings.dedup();
        files.extend(of_siblings.into_iter().map(|name| CheckedFile { name, flows: Vec::new() }));
        sort(&mut findings);
        give_fingerprints(&mut findings);
        let (engine, compared) = (self.engine, None);
        Checked {
            engine,
            findings,
            files,
            problems,
            skipped,
            files_read,
            since,
            has_seen_solutions,
            compared,
        }
    }
}

impl Checked<'_> {
    /// Adds what kept files from being looked at.
    pub fn add_problems(&mut self, problems: impl IntoIterator<Item = Problem>) {
        self.problems.extend(problems);
        self.problems.sort_by(|a, b| a.file.cmp(&b.file));
    }

    /// Applies the `[[allow]]` entries of a configuration. `has_looked_at` says whether a path has been looked at.
    pub fn allow(&mut self, allowances: &Allowances<'_>, has_looked_at: &dyn Fn(&std::path::Path) -> bool) {
        let coverage = ScanCoverage { at: has_looked_at, has_problems: !self.problems.is_empty() };
        let rules = Rules { engine: self.engine, has_seen_solutions: self.has_seen_solutions };
        let mut stale = allowances.apply(&mut self.findings, &rules, &coverage);
        if stale.is_empty() {
            return;
        }
        give_fingerprints(&mut stale);
        self.files.push(CheckedFile { name: Arc::clone(&allowances.file.name), flows: Vec::new() });
        self.findings.append(&mut stale);
        sort(&mut self.findings);
    }

    /// Suppresses what a baseline knows, and says what became of its entries. `is_missing` says of a path whether the
    /// run looked where it was, and there is no such file any more.
    pub fn compare_with(&mut self, baseline: &Baseline, is_missing: &dyn Fn(&str) -> bool) -> Comparison {
        let rules = Rules { engine: self.engine, has_seen_solutions: self.has_seen_solutions };
        let run = Run { files: &self.files, problems: &self.problems, is_missing };
        baseline.apply(&mut self.findings, &rules, &run)
    }

    /// Everything that was found, with what is suppressed among it.
    #[must_use]
    pub fn findings(&self) -> &[Masked] {
        &self.findings
    }

    /// Says in the report what became of a baseline.
    pub fn tell_baseline(&mut self, compared: Compared) {
        self.compared = Some(compared);
    }

    /// Takes a file as unchanged that findings are about and that is no flow: the configuration.
    pub fn take_as_unchanged(&mut self, file: &Arc<FileName>) {
        if let Some(since) = &mut self.since {
            since.add_same(file);
        }
    }

    /// The report, without what has not changed where only changes were asked for.
    #[must_use]
    pub fn into_report(mut self) -> Report {
        if let Some(since) = &mut self.since {
            since.mark(self.engine, &mut self.findings);
        }
        let mut report = Report {
            files: self.files,
            findings: self.findings,
            problems: self.problems,
            skipped: self.skipped,
            files_read: self.files_read,
            baseline: self.compared,
            ..Report::default()
        };
        report.set_suppressed_apart();
        if self.since.is_some() {
            report.leave_out_unchanged();
        }
        report
    }
}

/// The rules of a run, as suppressions ask for them.
struct Rules<'e> {
    engine: &'e Engine,
    has_seen_solutions: bool,
}

impl RunRules for Rules<'_> {
    fn meaning(&self, word: &str) -> Option<Meaning> {
        self.engine.set().meaning(word).ok()
    }

    fn has_run(&self, meaning: &Meaning) -> bool {
        self.engine.has_run(meaning, self.has_seen_solutions)
    }

    fn severity(&self, rule: &str) -> Option<Severity> {
        let mut active = self.engine.rules().iter().filter(|active| active.selected);
        let active = active.find(|active| active.page.id == rule)?;
        Some(active.severity.unwrap_or(active.meta.severity))
    }

    fn has_passed(&self, day: Date) -> bool {
        self.engine.has_passed(day)
    }
}

/// Adds the flows of each solution that nobody named: what is said of one that was is the same either way.
fn with_siblings(mut solutions: Vec<SolutionFlows>) -> Vec<SolutionFlows> {
    let mut arena = Arena::new();
    for solution in &mut solutions {
        for source in solution.siblings() {
            let context = solution.context.for_file(&source.name);
            solution.add(summarize(source, &context, &mut arena));
        }
    }
    solutions
}

fn without_secrets(problem: Problem) -> Problem {
    let member = problem.file.member.clone().map(secrets::without);
    Problem {
        message: secrets::without(problem.message),
        file: Arc::new(FileName { member, ..(*problem.file).clone() }),
        ..problem
    }
}

/// Puts findings into the order of paths and places.
fn sort(findings: &mut [Masked]) {
    let place = |finding: &Masked| finding.location.place.span;
    findings.sort_by(|a, b| {
        let files = a.location.place.file.cmp(&b.location.place.file);
        files.then_with(|| (place(a), &a.rule, &a.message).cmp(&(place(b), &b.rule, &b.message)))
    });
}
