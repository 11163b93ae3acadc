//! What becomes of the waivers of a flow: findings that they suppress, and what the rules about waivers say.

use super::Check;
use super::context::{Calls, FileContext};
use super::draft::{finding, identity};
use super::engine::Engine;
use super::select::{Meaning, WAIVERS};
use crate::finding::{Finding, Suppression, Suppressor};
use crate::flow::FlowAnalysis;
use crate::solution::SolutionContext;
use crate::suppress::waiver::{self, Mark, Waiver};
use crate::text::Source;

/// A waiver, and what it came to.
#[derive(Debug)]
pub struct WaiverState {
    /// The waiver.
    pub waiver: Waiver,
    /// What it names, each with what became of it.
    pub named: Vec<Named>,
    /// Whether its last day has passed.
    pub is_over: bool,
}

/// What a waiver names.
#[derive(Debug)]
pub struct Named {
    /// The word.
    pub mark: Mark,
    /// What it means; an error says why it means nothing.
    pub meaning: Result<Meaning, String>,
    /// Whether all that it means has run on the whole flow: only then it can be told that nothing needs it.
    pub is_judged: bool,
    /// How many findings it suppresses, or would if the waiver still held.
    pub covered: usize,
}

impl WaiverState {
    /// Whether it suppresses anything at all.
    #[must_use]
    pub fn holds(&self) -> bool {
        let ends_well = self.waiver.until.as_ref().is_none_or(|until| until.date.is_some());
        self.waiver.is_allow && ends_well && !self.is_over
    }
}

/// Lets the waivers of a flow suppress findings of it, and adds what the rules about waivers find. Where that
/// stands in the file beside the flow, the file comes back, and the findings have `beside` as their source.
#[must_use]
pub fn waive(
    engine: &Engine,
    flow: &FlowAnalysis<'_>,
    file: FileContext<'_>,
    source: usize,
    beside: usize,
    findings: &mut Vec<Finding>,
) -> Option<Source> {
    let waivers = waiver::collect(flow, &|word| engine.set.match_of(word));
    if waivers.is_empty() {
        return None;
    }
    let mut waived: Vec<WaiverState> =
        waivers.into_iter().map(|waiver| judged(engine, flow, waiver)).collect();
    for finding in findings.iter_mut() {
        suppress(flow, &mut waived, finding);
    }
    // A note calls nothing.
    let calls = Calls::default();
    let mut described = None;
    for waived in &waived {
        for &at in &engine.waiver {
            let mut drafts = Vec::new();
            let (rule, mut cx) = engine.context(at, flow, file, &calls, &mut drafts);
            if let (Some(Check::Waiver(check)), true) = (rule.check, rule.selected) {
                check(flow, waived, &mut cx);
            }
            for draft in drafts {
                let detail = draft.detail.clone();
                let mut found = finding(engine, flow, source, draft);
                if waived.waiver.is_beside {
                    let described = described.get_or_insert_with(|| describing(flow, file.solution));
                    if let Some((file, span)) = described {
                        (found.start, found.end) = file.positions(*span);
                        (found.source, found.span) = (beside, *span);
                        found.property = String::new();
                        found.fingerprint =
                            identity(&found.rule, &flow.source.path, &flow.id, "", "", &detail);
                    }
                }
                findings.push(found);
            }
        }
    }
    findings.sort_by(|a, b| {
        (a.source, a.span, &a.rule, &a.message).cmp(&(b.source, b.span, &b.rule, &b.message))
    });
    described.flatten().map(|(file, _)| file)
}

fn judged(engine: &Engine, flow: &FlowAnalysis<'_>, waiver: Waiver) -> WaiverState {
    // Of a part of a flow, or a broken one, it cannot be told what is missing.
    let is_whole = flow.is_complete() && flow.malformed.is_empty();
    let named = |mark: &Mark| {
        let meaning = match engine.set.meaning(&mark.text) {
            Ok(meaning) if is_about_waivers(engine, &meaning) => Err(format!(
                "`{}` is about waivers, and none can waive it: `[[allow]]` or `ignore` in flowvet.toml can",
                mark.text
            )),
            Ok(meaning) => Ok(meaning),
            Err(unknown) => Err(unknown.message),
        };
        let has_run = meaning.as_ref().is_ok_and(|meaning| engine.set.has_run(meaning));
        Named { mark: mark.clone(), meaning, is_judged: is_whole && has_run, covered: 0 }
    };
    let date = waiver.until.as_ref().and_then(|until| until.date);
    WaiverState {
        named: waiver.words.iter().map(named).collect(),
        is_over: date.is_some_and(|date| engine.has_passed(date)),
        waiver,
    }
}

fn is_about_waivers(engine: &Engine, meaning: &Meaning) -> bool {
    match meaning {
        Meaning::Rule(id) => engine.set.category(id) == Some(WAIVERS),
        Meaning::Category(name) => name == WAIVERS,
        Meaning::All => false,
    }
}

/// Suppresses a finding if a waiver covers it, and counts it for all that do: the innermost gives the reason.
fn suppress(flow: &FlowAnalysis<'_>, waived: &mut [WaiverState], finding: &mut Finding) {
    let element = flow.element_at(finding.span);
    for waived in waived.iter_mut().rev() {
        if !waived.waiver.is_allow || !waived.waiver.scope.covers(flow, element) {
            continue;
        }
        let holds = waived.holds();
        for named in &mut waived.named {
            let covers = |meaning: &Meaning| meaning.covers(&finding.rule, &finding.category);
            if named.meaning.as_ref().is_ok_and(covers) {
                named.covered += 1;
                if holds && finding.suppressed.is_none() {
                    let reason = waived.waiver.reason.clone();
                    finding.suppressed = Some(Suppression { by: Suppressor::Waiver, reason });
                }
            }
        }
    }
}

/// The file beside a flow that holds the flow's description, and where in it.
fn describing(
    flow: &FlowAnalysis<'_>,
    solution: Option<&SolutionContext>,
) -> Option<(Source, crate::text::Span)> {
    let around = solution?;
    let described = around.described()?;
    let source = flow.source;
    let name = |own: &str| {
        let root = own.strip_suffix(around.inner.as_str());
        match (root, described.path.strip_prefix(around.inner.as_str())) {
            (_, Some(end)) => Some(format!("{own}{end}")),
            (Some(root), None) => Some(format!("{root}{}", described.path)),
            (None, None) => None,
        }
    };
    let file = match &source.member {
        Some(member) => {
            let member = name(member)?;
            let mut file = Source::new(source.path.clone(), described.text).shown_as(source.shown.clone());
            file.member = Some(member);
            file
        }
        None => {
            let path = name(&source.path)?;
            let shown = name(&source.shown).unwrap_or_else(|| path.clone());
            Source::new(path, described.text).shown_as(shown)
        }
    };
    Some((file, described.span))
}
