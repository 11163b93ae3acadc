//! From sources to a report: parse, load, check, waive, mask, sort.
//!
//! Works without terminal, clock or environment.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::diff;
use crate::finding::{Finding, FlowName, Problem};
use crate::flow::{self, Detected, FlowAnalysis};
use crate::json;
use crate::linter::{Engine, FileContext, check_flow, waive};
use crate::report::{Report, Skipped};
use crate::secrets::{self, TextSecrets};
use crate::solution::SolutionContext;
use crate::text::Arena;
use crate::text::Source;

/// What became of one source.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The flows it holds.
    pub flows: Vec<FlowName>,
    /// What was found in them, what waivers suppress among it.
    pub findings: Vec<Finding>,
    /// Files beside the source that findings are about: the first is source 1 of the findings.
    pub beside: Vec<Source>,
    /// Why it could not be checked.
    pub problem: Option<Problem>,
    /// Why it was passed over.
    pub passed: Option<&'static str>,
}

/// A text to check, and what stands around it.
#[derive(Debug)]
pub struct Item {
    /// The text.
    pub source: Source,
    /// The solution or package around it.
    pub around: Option<SolutionContext>,
}

/// Something to check, or what kept it from being that.
pub type Input = Result<Item, Problem>;

/// Gives the text that a source had before, by the index of its file, the source, and the ids of its flows, which
/// know it under another name; none for what is new.
///
/// It fails with the reason why nobody can tell, in a sentence.
pub type Earlier<'e> = dyn Fn(usize, &Source, &[&str]) -> Result<Option<String>, String> + Sync + 'e;

/// Checks sources one after another.
#[must_use]
pub fn lint(sources: Vec<Source>, engine: &Engine) -> Report {
    let count = sources.len();
    let sources = Mutex::new(sources.into_iter().map(Some).collect::<Vec<_>>());
    let take = |at: usize| {
        let taken = sources.lock().ok().and_then(|mut sources| sources[at].take());
        taken.map(|source| Ok(Item { source, around: None })).into_iter().collect()
    };
    lint_with(count, 1, &take, engine)
}

/// Checks `count` files on `jobs` threads. `read` gives the inputs of an index, several for an archive, and
/// is asked once for each.
///
/// The report is the same for any number of threads.
#[must_use]
pub fn lint_with(
    count: usize,
    jobs: usize,
    read: &(dyn Fn(usize) -> Vec<Input> + Sync),
    engine: &Engine,
) -> Report {
    lint_since(count, jobs, read, engine, None)
}

/// Checks as [`lint_with`] does, and marks the findings that were there before, on parts that are as they were.
#[must_use]
pub fn lint_since(
    count: usize,
    jobs: usize,
    read: &(dyn Fn(usize) -> Vec<Input> + Sync),
    engine: &Engine,
    earlier: Option<&Earlier<'_>>,
) -> Report {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        let mut arena = Arena::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= count {
                return done;
            }
            let inputs = read(at).into_iter();
            let checked: Vec<_> =
                inputs.map(|input| check_input(input, engine, at, earlier, &mut arena)).collect();
            done.push((at, checked));
        }
    };
    let jobs = jobs.clamp(1, count.max(1));
    let mut done = if jobs == 1 {
        work()
    } else {
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..jobs).map(|_| scope.spawn(work)).collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
        })
    };
    done.sort_by_key(|(at, _)| *at);
    assemble(done.into_iter().flat_map(|(_, checked)| checked).collect())
}

/// Checks one source. The indices of its findings' sources are 0 for the source, and from 1 for what stands
/// beside it.
#[must_use]
pub fn check_source(source: &Source, around: Option<&SolutionContext>, engine: &Engine) -> Outcome {
    check_in(&Arena::new(), source, around, engine)
}

fn check_in(arena: &Arena, source: &Source, around: Option<&SolutionContext>, engine: &Engine) -> Outcome {
    let root = match json::parse(&source.text, arena) {
        Ok(root) => root,
        Err(_) if !flow::has_marks_of_a_flow(&source.text) => {
            return Outcome {
                passed: Some("it is no JSON, and has no marks of a flow"),
                ..Outcome::default()
            };
        }
        Err(error) => {
            let message = crate::text::capitalised(&error.message);
            let problem = Problem { place: Some((0, error.span)), ..problem(source, message) };
            return Outcome { problem: Some(problem), ..Outcome::default() };
        }
    };
    match flow::detect(&root, source.member.as_deref().unwrap_or(&source.path)) {
        Detected::NotAFlow(reason) => Outcome { passed: Some(reason), ..Outcome::default() },
        Detected::Unsupported(reason) => Outcome {
            problem: Some(problem(source, format!("Not supported: {reason}"))),
            ..Outcome::default()
        },
        Detected::Broken(reason, span) => {
            let problem = Problem { place: Some((0, span)), ..problem(source, reason.into()) };
            Outcome { problem: Some(problem), ..Outcome::default() }
        }
        Detected::Flows(found) => {
            let mut outcome = Outcome::default();
            let secrets = TextSecrets::of(&source.text);
            let file = FileContext { solution: around, secrets: &secrets };
            for found in &found {
                let flow = FlowAnalysis::new(flow::load(
                    source,
                    found,
                    around.and_then(SolutionContext::known_flow),
                    arena,
                ));
                let mut findings = check_flow(engine, &flow, file, 0);
                let beside = outcome.beside.len() + 1;
                outcome.beside.extend(waive(engine, &flow, file, 0, beside, &mut findings));
                outcome.findings.append(&mut findings);
                outcome.flows.push(FlowName { name: flow.name.clone(), id: flow.id.clone() });
            }
            outcome
        }
    }
}

/// A problem with a source as a whole.
fn problem(source: &Source, message: String) -> Problem {
    Problem {
        path: source.path.clone(),
        shown: source.shown.clone(),
        member: source.member.clone(),
        message,
        place: None,
        start: None,
    }
}

fn check_input(
    input: Input,
    engine: &Engine,
    at: usize,
    earlier: Option<&Earlier<'_>>,
    arena: &mut Arena,
) -> Result<(Source, Outcome), Problem> {
    let Item { mut source, around } = input.map_err(|mut problem| {
        problem.message = secrets::without(problem.message);
        problem.member = problem.member.map(secrets::without);
        problem
    })?;
    arena.clear();
    let arena = &*arena;
    let check = || {
        let mut outcome = check_in(arena, &source, around.as_ref(), engine);
        if let Some(earlier) = earlier {
            compare(&mut outcome, &source, around.as_ref(), engine, at, earlier);
        }
        outcome
    };
    let mut outcome = catch_unwind(AssertUnwindSafe(check)).unwrap_or_else(|_| Outcome {
        problem: Some(problem(
            &source,
            "flowvet itself failed on this file: please report it as a bug".into(),
        )),
        ..Outcome::default()
    });
    if let Some(Problem { place: Some((_, span)), start, .. }) = &mut outcome.problem {
        *start = Some(source.position(span.start));
    }
    mask(&mut source, &mut outcome);
    Ok((source, outcome))
}

/// Marks what was there before.
fn compare(
    outcome: &mut Outcome,
    source: &Source,
    around: Option<&SolutionContext>,
    engine: &Engine,
    at: usize,
    earlier: &Earlier<'_>,
) {
    if outcome.findings.is_empty() {
        return;
    }
    let ids: Vec<&str> = outcome.flows.iter().map(|flow| flow.id.as_str()).collect();
    match earlier(at, source, &ids) {
        Ok(Some(text)) => diff::mark_unchanged(&mut outcome.findings, source, around, engine, text),
        Ok(None) => {}
        Err(reason) => outcome.problem = Some(problem(source, reason)),
    }
}

/// Takes every credential out of the text and out of what was said about it. Names may come from files that
/// stand around, with credentials of their own.
fn mask(source: &mut Source, outcome: &mut Outcome) {
    let secrets: Vec<TextSecrets> = std::iter::once(&*source)
        .chain(&outcome.beside)
        .map(|source| TextSecrets::of(&source.text))
        .filter(|secrets| !secrets.found().is_empty())
        .collect();
    let clean_own = |text: &mut String| {
        for secrets in &secrets {
            *text = secrets.without(std::mem::take(text));
        }
    };
    let clean = |text: &mut String| {
        clean_own(text);
        *text = secrets::without(std::mem::take(text));
    };
    for finding in &mut outcome.findings {
        clean(&mut finding.message);
        clean_own(&mut finding.property);
        // What is hashed from it must not tell whether a guess at a credential is right.
        clean_own(&mut finding.fingerprint);
        finding.help.iter_mut().for_each(clean);
        finding.element.iter_mut().for_each(clean);
        finding.related.iter_mut().for_each(|related| clean(&mut related.message));
        finding.suppressed.iter_mut().filter_map(|by| by.reason.as_mut()).for_each(clean);
    }
    let of_findings = outcome.findings.iter_mut().filter_map(|finding| finding.flow.as_mut());
    for flow in outcome.flows.iter_mut().chain(of_findings) {
        clean(&mut flow.name);
        clean(&mut flow.id);
    }
    if let Some(problem) = &mut outcome.problem {
        clean(&mut problem.message);
        problem.member.iter_mut().for_each(clean);
    }
    for source in std::iter::once(source).chain(&mut outcome.beside) {
        let mut member = source.member.take();
        member.iter_mut().for_each(|member| *member = secrets::without(std::mem::take(member)));
        TextSecrets::of(&source.text).mask(&mut source.text);
        source.member = member;
    }
}

/// Puts outcomes together: the order is that of paths and places, whatever the order of the inputs.
fn assemble(mut checked: Vec<Result<(Source, Outcome), Problem>>) -> Report {
    checked.sort_by(|a, b| key(a).cmp(&key(b)));
    let mut report = Report::default();
    for item in checked {
        let (source, outcome) = match item {
            Ok(done) => done,
            Err(problem) => {
                report.problems.push(problem);
                continue;
            }
        };
        let at = report.add_source(source, outcome.flows);
        report.files += 1;
        let own: Vec<usize> = std::iter::once(at)
            .chain(outcome.beside.into_iter().map(|file| report.add_beside(file)))
            .collect();
        report.findings.extend(outcome.findings.into_iter().map(|mut finding| {
            finding.source = own.get(finding.source).copied().unwrap_or(at);
            finding.related.iter_mut().for_each(|related| related.source = at);
            finding
        }));
        report.problems.extend(outcome.problem.map(|mut problem| {
            if let Some((source, _)) = &mut problem.place {
                *source = at;
            }
            problem
        }));
        report.passed.extend(outcome.passed.map(|reason| Skipped { source: at, reason }));
    }
    report.sort();
    fingerprint(&mut report.findings);
    report.settle();
    report
}

/// Two repositories in one run may hold the same path: then the path for people tells them apart.
fn key(item: &Result<(Source, Outcome), Problem>) -> (&str, &str, Option<&str>) {
    match item {
        Ok((source, _)) => (&source.path, &source.shown, source.member.as_deref()),
        Err(problem) => (&problem.path, &problem.shown, problem.member.as_deref()),
    }
}

/// Turns identities into fingerprints; equal ones are told apart by their order.
pub(crate) fn fingerprint(findings: &mut [Finding]) {
    let mut seen: FxHashMap<String, usize> = FxHashMap::default();
    for finding in findings {
        let mut identity = std::mem::take(&mut finding.fingerprint);
        let ordinal = *seen.entry(identity.clone()).and_modify(|count| *count += 1).or_default();
        if ordinal > 0 {
            identity.push_str(&format!("\u{1f}{ordinal}"));
        }
        let hash = Sha256::digest(identity.as_bytes());
        let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
        let digits = hash.iter().take(16).flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
        finding.fingerprint = digits.collect();
    }
}
