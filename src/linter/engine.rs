//! One walk over a flow for all rules, and what becomes of their drafts.

use super::Check;
use super::context::{Calls, Draft, RuleContext};
use super::declarative::On;
use super::select::{Active, RuleSet};
use crate::finding::{Finding, FlowName, Related};
use crate::flow::{Element, FlowAnalysis};
use crate::text::Date;
use crate::text::Span;

/// The rules of a run, sorted by what they look at.
#[derive(Debug)]
pub struct Engine {
    pub(super) set: RuleSet,
    pub(super) today: Option<Date>,
    pub(super) waiver: Vec<usize>,
    flow: Vec<usize>,
    trigger: Vec<usize>,
    action: Vec<usize>,
    site: Vec<usize>,
    call: Vec<usize>,
}

impl Engine {
    /// Prepares the walk.
    #[must_use]
    pub fn new(set: RuleSet) -> Self {
        let mut engine = Self {
            set,
            today: None,
            flow: vec![],
            trigger: vec![],
            action: vec![],
            site: vec![],
            call: vec![],
            waiver: vec![],
        };
        for (at, rule) in engine.set.rules.iter().enumerate() {
            if let Some(Check::Waiver(_)) = rule.check {
                engine.waiver.push(at);
            }
            let on = match rule.check {
                Some(Check::Flow(_) | Check::Configured(..)) => &[On::Flow],
                Some(Check::Trigger(_)) => &[On::Trigger],
                Some(Check::Action(_)) => &[On::Action],
                Some(Check::Site(_)) => &[On::Text],
                Some(Check::Call(_)) => &[On::Call],
                Some(Check::Waiver(_)) => &[][..],
                None => rule.meta.check.as_ref().map_or(&[][..], |check| &check.on),
            };
            for on in on {
                let list = match on {
                    On::Flow | On::Connection | On::Parameter => &mut engine.flow,
                    On::Trigger => &mut engine.trigger,
                    On::Action => &mut engine.action,
                    On::Text => &mut engine.site,
                    On::Call => &mut engine.call,
                };
                // One call serves all that a flow has beside its triggers and actions.
                if list.last() != Some(&at) {
                    list.push(at);
                }
            }
        }
        engine
    }

    /// The same engine on that day. Without a day no waiver expires.
    #[must_use]
    pub fn on(mut self, today: Date) -> Self {
        self.today = Some(today);
        self
    }

    /// Whether a day has passed.
    #[must_use]
    pub fn has_passed(&self, day: Date) -> bool {
        self.today.is_some_and(|today| day < today)
    }

    /// The rule set of the run.
    #[must_use]
    pub fn set(&self) -> &RuleSet {
        &self.set
    }

    /// The rules that run.
    #[must_use]
    pub fn rules(&self) -> &[Active] {
        &self.set.rules
    }

    /// What the user should know about the words that selected them.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.set.warnings
    }

    fn walk<'a>(&self, flow: &FlowAnalysis<'a>) -> Vec<Draft> {
        let mut drafts = Vec::new();
        let calls = &Calls::of(flow);
        for &at in &self.flow {
            let (rule, mut cx) = self.context(at, flow, calls, &mut drafts);
            match (rule.check, &rule.meta.check) {
                (Some(Check::Flow(check) | Check::Configured(check, _)), _) => check(flow, &mut cx),
                (_, Some(check)) => check.check_flow(flow, &mut cx),
                _ => {}
            }
        }
        for trigger in &flow.triggers {
            for &at in &self.trigger {
                let (rule, mut cx) = self.context(at, flow, calls, &mut drafts);
                match (rule.check, &rule.meta.check) {
                    (Some(Check::Trigger(check)), _) => check(flow, trigger, &mut cx),
                    (_, Some(check)) => check.check_trigger(flow, trigger, &mut cx),
                    _ => {}
                }
            }
        }
        for action in &flow.actions {
            for &at in &self.action {
                let (rule, mut cx) = self.context(at, flow, calls, &mut drafts);
                match (rule.check, &rule.meta.check) {
                    (Some(Check::Action(check)), _) => check(flow, action, &mut cx),
                    (_, Some(check)) => check.check_action(flow, action, &mut cx),
                    _ => {}
                }
            }
        }
        for site in &flow.sites {
            for &at in &self.site {
                let (rule, mut cx) = self.context(at, flow, calls, &mut drafts);
                match (rule.check, &rule.meta.check) {
                    (Some(Check::Site(check)), _) => check(flow, site, &mut cx),
                    (_, Some(check)) => check.check_site(site, &mut cx),
                    _ => {}
                }
            }
        }
        for (site, call) in &calls.all {
            for &at in &self.call {
                let (rule, mut cx) = self.context(at, flow, calls, &mut drafts);
                match (rule.check, &rule.meta.check) {
                    (Some(Check::Call(check)), _) => check(flow, site, call, &mut cx),
                    (_, Some(check)) => check.check_call(site, call, &mut cx),
                    _ => {}
                }
            }
        }
        drafts
    }

    pub(super) fn context<'c, 'a>(
        &'c self,
        at: usize,
        flow: &'c FlowAnalysis<'a>,
        calls: &'c Calls<'c, 'a>,
        drafts: &'c mut Vec<Draft>,
    ) -> (&'c Active, RuleContext<'c, 'a>) {
        let rule = &self.set.rules[at];
        (rule, RuleContext { flow, calls, rule: at, options: &rule.options, drafts })
    }

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
pub fn check_flow(engine: &Engine, flow: &FlowAnalysis<'_>, source: usize) -> Vec<Finding> {
    let drafts = engine.settle(engine.walk(flow));
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
