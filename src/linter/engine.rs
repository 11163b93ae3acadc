//! One walk over a flow for all rules, and what becomes of their drafts.

use super::Check;
use super::context::{Calls, FileContext, ReportContext, RuleContext};
use super::declarative::On;
use super::draft::Draft;
use super::select::{Active, RuleSet};
use crate::finding::Masked;
use crate::flow::FlowAnalysis;
use crate::solution::SolutionView;
use crate::suppress::Meaning;
use crate::text::Date;

/// The rules of a run, sorted by what they look at.
#[derive(Debug)]
pub struct Engine {
    pub(super) set: RuleSet,
    pub(super) today: Option<Date>,
    pub(super) waiver: Vec<usize>,
    pub(super) solution: Vec<usize>,
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
            solution: vec![],
        };
        for (at, rule) in engine.set.rules.iter().enumerate() {
            if let Some(Check::Waiver(_)) = rule.check {
                engine.waiver.push(at);
            }
            if let Some(Check::Solution(_)) = rule.check {
                engine.solution.push(at);
            }
            let on = match rule.check {
                Some(Check::Flow(_) | Check::Configured(..)) => &[On::Flow],
                Some(Check::Trigger(_)) => &[On::Trigger],
                Some(Check::Action(_)) => &[On::Action],
                Some(Check::Site(_)) => &[On::Text],
                Some(Check::Call(_)) => &[On::Call],
                Some(Check::Waiver(_) | Check::Solution(_)) => &[][..],
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

    /// Whether a rule runs that is about whole solutions.
    pub(super) fn asks_for_solutions(&self) -> bool {
        !self.solution.is_empty()
    }

    /// Whether a rule is about whole solutions.
    pub(super) fn is_about_solutions(&self, rule: usize) -> bool {
        self.solution.contains(&rule)
    }

    /// Whether a rule supersedes one about whole solutions.
    pub(super) fn supersedes_solutions(&self, rule: usize) -> bool {
        let superseded = &self.set.rules[rule].meta.supersedes;
        self.solution.iter().any(|at| superseded.iter().any(|id| *id == self.set.rules[*at].page.id))
    }

    /// Whether one rule supersedes another.
    pub(super) fn supersedes(&self, winner: &str, loser: &str) -> bool {
        let winner = self.set.rules.iter().find(|rule| rule.page.id == winner);
        winner.is_some_and(|rule| rule.meta.supersedes.iter().any(|id| id == loser))
    }

    /// Drops the findings of rules that only ran to supersede one about whole solutions.
    pub(super) fn retain_selected(&self, findings: &mut Vec<Masked>) {
        let silent = |at: &usize| !self.set.rules[*at].selected && self.supersedes_solutions(*at);
        let silent: Vec<&str> =
            (0..self.set.rules.len()).filter(silent).map(|at| self.set.rules[at].page.id.as_ref()).collect();
        if !silent.is_empty() {
            findings.retain(|finding| !silent.contains(&finding.rule.as_str()));
        }
    }

    /// Whether every rule has run that a word means. Rules about whole solutions run where a solution lists its flows.
    #[must_use]
    pub fn has_run(&self, meaning: &Meaning, is_listed: bool) -> bool {
        self.set.has_run(meaning, &|rule| is_listed || !self.is_about_solutions(rule))
    }

    /// Whether a rule of that id is about whole solutions.
    #[must_use]
    pub fn asks_about_solutions(&self, rule: &str) -> bool {
        self.solution.iter().any(|at| self.set.rules[*at].page.id == rule)
    }

    /// Runs a rule about whole solutions on one of them.
    pub(super) fn check_solution(&self, rule: usize, view: &SolutionView<'_>, cx: &mut ReportContext<'_>) {
        if let Some(Check::Solution(check)) = self.set.rules[rule].check {
            check(view, cx);
        }
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

    pub(super) fn walk<'a>(&self, flow: &FlowAnalysis<'a>, file: FileContext<'_>) -> Vec<Draft> {
        let mut drafts = Vec::new();
        let calls = &Calls::of(flow);
        for &at in &self.flow {
            let (rule, mut cx) = self.context(at, flow, file, calls, &mut drafts);
            match (rule.check, &rule.meta.check) {
                (Some(Check::Flow(check) | Check::Configured(check, _)), _) => check(flow, &mut cx),
                (_, Some(check)) => check.check_flow(flow, &mut cx),
                _ => {}
            }
        }
        for trigger in &flow.triggers {
            for &at in &self.trigger {
                let (rule, mut cx) = self.context(at, flow, file, calls, &mut drafts);
                match (rule.check, &rule.meta.check) {
                    (Some(Check::Trigger(check)), _) => check(flow, trigger, &mut cx),
                    (_, Some(check)) => check.check_trigger(flow, trigger, &mut cx),
                    _ => {}
                }
            }
        }
        for action in &flow.actions {
            for &at in &self.action {
                let (rule, mut cx) = self.context(at, flow, file, calls, &mut drafts);
                match (rule.check, &rule.meta.check) {
                    (Some(Check::Action(check)), _) => check(flow, action, &mut cx),
                    (_, Some(check)) => check.check_action(flow, action, &mut cx),
                    _ => {}
                }
            }
        }
        for site in &flow.sites {
            for &at in &self.site {
                let (rule, mut cx) = self.context(at, flow, file, calls, &mut drafts);
                match (rule.check, &rule.meta.check) {
                    (Some(Check::Site(check)), _) => check(flow, site, &mut cx),
                    (_, Some(check)) => check.check_site(site, &mut cx),
                    _ => {}
                }
            }
        }
        for (site, call) in &calls.all {
            for &at in &self.call {
                let (rule, mut cx) = self.context(at, flow, file, calls, &mut drafts);
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
        file: FileContext<'c>,
        calls: &'c Calls<'c, 'a>,
        drafts: &'c mut Vec<Draft>,
    ) -> (&'c Active, RuleContext<'c, 'a>) {
        let rule = &self.set.rules[at];
        (rule, RuleContext { flow, file, calls, rule: at, options: &rule.options, drafts })
    }
}
