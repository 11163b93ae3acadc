//! Findings as checks state them, and what becomes of them: superseded, or given their places and their identity.

use super::context::FileContext;
use super::engine::Engine;
use crate::finding::{Applicability, Edit, Finding, Fix, Location, Related, Severity};
use crate::flow::FlowAnalysis;
use crate::text::Span;

/// A place as a check names it.
#[derive(Clone, Debug)]
pub enum Spot {
    /// In the file of the flow under the check: cheap, until the finding stands.
    Here(Span),
    /// In another file, or where the text is not at hand any more.
    Elsewhere(Box<Location>),
}

impl From<Span> for Spot {
    fn from(span: Span) -> Self {
        Self::Here(span)
    }
}

impl From<Location> for Spot {
    fn from(location: Location) -> Self {
        Self::Elsewhere(Box::new(location))
    }
}

/// A finding as a check states it, before it has line, column and identity.
///
/// `S` is how it names places: by [`Spot`] while the text is at hand, by [`Location`] when it is not any more.
#[derive(Debug)]
pub struct Draft<S = Spot> {
    pub(super) rule: usize,
    pub(super) spot: S,
    message: String,
    help: Option<String>,
    severity: Option<Severity>,
    pub(super) detail: String,
    related: Vec<(S, String)>,
    grouped: bool,
    fix: Option<DraftFix<S>>,
}

/// A fix as a check states it.
#[derive(Debug)]
struct DraftFix<S> {
    title: String,
    applicability: Applicability,
    /// Each place, and what stands there afterwards.
    edits: Vec<(S, String)>,
}

impl<S> Draft<S> {
    /// A draft of a rule, by its index in the engine.
    pub(super) fn new(rule: usize, spot: impl Into<S>, message: impl Into<String>) -> Self {
        Self {
            rule,
            spot: spot.into(),
            message: message.into(),
            help: None,
            severity: None,
            detail: String::new(),
            related: Vec::new(),
            grouped: false,
            fix: None,
        }
    }

    /// What to do about it.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// A severity below or above the rule's own, for this finding; the configuration replaces both.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = Some(severity);
        self
    }

    /// A symbolic detail for identity: a variable's name, say; never a value.
    pub fn detail(&mut self, detail: impl Into<String>) -> &mut Self {
        self.detail = detail.into();
        self
    }

    /// Says that the related places have the same fault and the primary one is only the first in the file:
    /// identity then comes from the first by name, so that the order of the file does not count.
    pub fn grouped(&mut self) -> &mut Self {
        self.grouped = true;
        self
    }

    /// A further place that explains it.
    pub fn related(&mut self, spot: impl Into<S>, message: impl Into<String>) -> &mut Self {
        self.related.push((spot.into(), message.into()));
        self
    }

    /// A change that fixes it: what it does, whether it can be made unseen, and the new text of each place.
    pub fn fix(
        &mut self,
        title: impl Into<String>,
        applicability: Applicability,
        edits: Vec<(S, String)>,
    ) -> &mut Self {
        self.fix = Some(DraftFix { title: title.into(), applicability, edits });
        self
    }

    /// Every place of it, the primary one first.
    fn spots(&self) -> impl Iterator<Item = &S> {
        std::iter::once(&self.spot).chain(self.related.iter().map(|(spot, _)| spot))
    }
}

impl Spot {
    fn overlaps(&self, other: &Self) -> bool {
        match (self, other) {
            (Spot::Here(one), Spot::Here(other)) => one.start < other.end && other.start < one.end,
            (Spot::Elsewhere(one), Spot::Elsewhere(other)) => one.place.overlaps(&other.place),
            _ => false,
        }
    }
}

impl Engine {
    /// Drops drafts of rules that another rule supersedes at the same place, then those of rules that
    /// only ran for that. What may supersede a finding about the whole solution stays until that is made.
    fn supersede(&self, mut drafts: Vec<Draft>) -> Vec<Draft> {
        let rules = &self.set.rules;
        let winners: Vec<(usize, Vec<Spot>)> = drafts
            .iter()
            .filter(|draft| !rules[draft.rule].meta.supersedes.is_empty())
            .map(|draft| (draft.rule, draft.spots().cloned().collect()))
            .collect();
        drafts.retain(|draft| {
            let active = &rules[draft.rule];
            (active.selected || self.supersedes_solutions(draft.rule))
                && !winners.iter().any(|(winner, spots)| {
                    rules[*winner].meta.supersedes.iter().any(|id| *id == active.page.id)
                        && spots.iter().any(|spot| spot.overlaps(&draft.spot))
                })
        });
        drafts
    }

    /// Makes a finding of a draft. `locate` gives the location of a place as the draft names it.
    pub(super) fn finding<S>(
        &self,
        draft: Draft<S>,
        home: Home<'_>,
        locate: impl Fn(S) -> Location,
    ) -> Finding {
        let rule = &self.set.rules[draft.rule];
        let location = locate(draft.spot);
        let related: Vec<(Location, String)> =
            draft.related.into_iter().map(|(spot, message)| (locate(spot), message)).collect();
        let words = match home {
            Home::Flow { folder, id } => {
                let mut own = own_place(&location);
                if draft.grouped {
                    own = related.iter().map(|(location, _)| own_place(location)).fold(own, Ord::min);
                }
                vec![folder.to_owned(), id.to_owned(), own.0, own.1, draft.detail]
            }
            Home::Solution { root } => vec![root.to_owned(), draft.detail],
        };
        let names = (rule.page.id.as_ref(), rule.page.category.as_ref());
        let severity = rule.severity.or(draft.severity).unwrap_or(rule.meta.severity);
        let mut finding = Finding::new(names, severity, draft.message, location, words);
        finding.help = draft.help;
        finding.related = related
            .into_iter()
            .map(|(location, message)| Related { message, part: location.part, place: location.place })
            .collect();
        finding.fix = draft.fix.map(|fix| {
            let edits = fix.edits.into_iter().map(|(spot, text)| Edit { place: locate(spot).place, text });
            Fix::new(fix.title, fix.applicability, edits.collect())
        });
        finding
    }
}

/// What the identity of a finding begins with, behind the rule: see `docs/json.md`.
#[derive(Clone, Copy, Debug)]
pub(super) enum Home<'h> {
    /// The folder of the flow's file, and the flow.
    Flow { folder: &'h str, id: &'h str },
    /// The root of the solution. The rule's detail says which of its flows are meant.
    Solution { root: &'h str },
}

impl<'h> Home<'h> {
    /// A flow in a file of that path.
    pub(super) fn flow(path: &'h str, id: &'h str) -> Self {
        Self::Flow { folder: path.rsplit_once('/').map_or("", |(folder, _)| folder), id }
    }
}

/// Checks one flow, which is the file's flow of that index.
#[must_use]
pub(super) fn check_flow(
    engine: &Engine,
    flow: &FlowAnalysis<'_>,
    file: FileContext<'_>,
    index: usize,
) -> Vec<Finding> {
    let drafts = engine.supersede(engine.walk(flow, file));
    let home = Home::flow(&flow.source.name.path, &flow.id);
    let locate = |spot| match spot {
        Spot::Here(span) => Location::in_flow(flow, index, span),
        Spot::Elsewhere(location) => *location,
    };
    let mut findings: Vec<Finding> =
        drafts.into_iter().map(|draft| engine.finding(draft, home, locate)).collect();
    let place = |finding: &Finding| finding.location.place.span;
    findings.sort_by(|a, b| (place(a), &a.rule, &a.message).cmp(&(place(b), &b.rule, &b.message)));
    findings.dedup_by(|b, a| place(a) == place(b) && a.rule == b.rule && a.message == b.message);
    findings
}

/// What identifies a place: the own name of the element around it, and the path from there. The containers
/// stay out: a fault keeps its identity when its action is wrapped into a scope.
fn own_place(location: &Location) -> (String, String) {
    (location.own_name().to_owned(), location.property.clone())
}
