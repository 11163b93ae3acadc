//! Findings as checks state them, and what becomes of them: superseded, or given line, column and identity.

use super::context::FileContext;
use super::engine::Engine;
use crate::finding::{Finding, FlowName, Related, Severity};
use crate::flow::{Element, FlowAnalysis};
use crate::text::Span;

/// A finding as a check states it, before it has line, column and identity.
#[derive(Debug)]
pub struct Draft {
    pub(super) rule: usize,
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) severity: Option<Severity>,
    pub(super) detail: String,
    pub(super) related: Vec<(Span, String)>,
    pub(super) grouped: bool,
}

impl Draft {
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
    pub fn related(&mut self, span: Span, message: impl Into<String>) -> &mut Self {
        self.related.push((span, message.into()));
        self
    }
}

impl Engine {
    /// Drops drafts of rules that another rule supersedes at the same place, then those of rules that
    /// only ran for that.
    fn settle(&self, mut drafts: Vec<Draft>) -> Vec<Draft> {
        let rules = &self.set.rules;
        let winners: Vec<(usize, Vec<Span>)> = drafts
            .iter()
            .filter(|draft| !rules[draft.rule].meta.supersedes.is_empty())
            .map(|draft| {
                let places = draft.related.iter().map(|(span, _)| *span).chain([draft.span]);
                (draft.rule, places.collect())
            })
            .collect();
        drafts.retain(|draft| {
            let active = &rules[draft.rule];
            active.selected
                && !winners.iter().any(|(winner, places)| {
                    rules[*winner].meta.supersedes.iter().any(|id| *id == active.page.id)
                        && places
                            .iter()
                            .any(|place| place.start < draft.span.end && draft.span.start < place.end)
                })
        });
        drafts
    }
}

/// Checks one flow. `source` is the index of its file in the report. The fingerprints are identities in
/// plain text still: the report makes hashes of them when it knows all findings.
#[must_use]
pub fn check_flow(
    engine: &Engine,
    flow: &FlowAnalysis<'_>,
    file: FileContext<'_>,
    source: usize,
) -> Vec<Finding> {
    let drafts = engine.settle(engine.walk(flow, file));
    let mut findings: Vec<Finding> =
        drafts.into_iter().map(|draft| finding(engine, flow, source, draft)).collect();
    findings.sort_by(|a, b| (a.span, &a.rule, &a.message).cmp(&(b.span, &b.rule, &b.message)));
    findings.dedup_by(|b, a| a.span == b.span && a.rule == b.rule && a.message == b.message);
    findings
}

pub(super) fn finding(engine: &Engine, flow: &FlowAnalysis<'_>, source: usize, draft: Draft) -> Finding {
    let rule = &engine.set.rules[draft.rule];
    let element = flow.element_at(draft.span);
    let property = flow.property_at(element, draft.span);
    let names = flow.names(element);
    let (start, end) = flow.source.positions(draft.span);
    let own_name = match element {
        Element::Flow => String::new(),
        _ => names.last().cloned().unwrap_or_default(),
    };
    let mut own = (own_name, property.clone());
    if draft.grouped {
        own = draft.related.iter().map(|(span, _)| own_place(flow, *span)).fold(own, Ord::min);
    }
    let (own_name, own_property) = own;
    let related = draft.related.into_iter().map(|(span, message)| {
        let (start, end) = flow.source.positions(span);
        Related { message, source, span, start, end }
    });
    let identity =
        identity(&rule.page.id, &flow.source.path, &flow.id, &own_name, &own_property, &draft.detail);
    Finding {
        rule: rule.page.id.to_string(),
        category: rule.page.category.to_string(),
        severity: rule.severity.or(draft.severity).unwrap_or(rule.meta.severity),
        message: draft.message,
        help: draft.help,
        source,
        span: draft.span,
        start,
        end,
        flow: Some(FlowName { name: flow.name.clone(), id: flow.id.clone() }),
        element: names,
        element_kind: element.kind(),
        property,
        related: related.collect(),
        fingerprint: identity,
        unchanged: false,
        suppressed: None,
    }
}

/// What a fingerprint is made of: `docs/json.md` has the order.
pub(crate) fn identity(
    rule: &str,
    path: &str,
    flow: &str,
    name: &str,
    property: &str,
    detail: &str,
) -> String {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    [rule, folder, flow, name, property, detail].join("\u{1f}")
}

/// What identifies a place: the own name of the element around it, and the way from there. The containers
/// stay out: a fault keeps its identity when its action is wrapped into a scope.
fn own_place(flow: &FlowAnalysis<'_>, span: Span) -> (String, String) {
    let element = flow.element_at(span);
    let name = match element {
        Element::Flow => String::new(),
        _ => flow.names(element).pop().unwrap_or_default(),
    };
    (name, flow.property_at(element, span))
}
