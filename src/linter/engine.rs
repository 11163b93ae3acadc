//! One walk over a flow for all rules: each part of the flow goes to the rules that asked for parts of its kind.
//!
//! Knows which rules run and what they look at; must not know what becomes of their drafts.

use rustc_hash::FxHashMap;

use super::context::{Calls, FileContext, ReportContext, RuleContext};
use super::draft::Draft;
use super::rule::{Interest, Rule};
use super::select::{Active, RuleSet};
use crate::expr::Call;
use crate::finding::Masked;
use crate::flow::{ActionType, FlowAnalysis, TriggerType};
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
    text: Vec<usize>,
    /// By the number of the type.
    trigger: Vec<Vec<usize>>,
    action: Vec<Vec<usize>>,
    call: CallBuckets,
}

/// The rules that look at calls, by the function that is called.
#[derive(Debug, Default)]
struct CallBuckets {
    /// By the name as documented, for functions that some rule asks for.
    named: FxHashMap<&'static str, Vec<usize>>,
    /// For the other functions of the language.
    known: Vec<usize>,
    /// For functions that the language does not have.
    unknown: Vec<usize>,
}

impl CallBuckets {
    fn of(rules: &[Active]) -> Self {
        let mut buckets = Self::default();
        let interests: Vec<(usize, Interest)> = rules.iter().enumerate().flat_map(interests).collect();
        for (_, interest) in &interests {
            if let Interest::Call(function) = *interest {
                buckets.named.entry(function).or_default();
            }
        }
        for (at, interest) in interests {
            match interest {
                Interest::AnyCall => {
                    buckets.named.values_mut().for_each(|bucket| add(bucket, at));
                    add(&mut buckets.known, at);
                    add(&mut buckets.unknown, at);
                }
                Interest::Call(function) => add(buckets.named.entry(function).or_default(), at),
                Interest::UnknownCall => add(&mut buckets.unknown, at),
                _ => {}
            }
        }
        buckets
    }

    fn rules_for(&self, call: &Call<'_>) -> &[usize] {
        match call.function {
            Some(function) => self.named.get(function.name).unwrap_or(&self.known),
            None => &self.unknown,
        }
    }
}

/// What a rule looks at, with its index. A rule without a check looks at nothing.
fn interests((at, rule): (usize, &Active)) -> Vec<(usize, Interest)> {
    let on = rule.check.as_ref().map(|check| check.on()).unwrap_or_default();
    on.iter().map(|interest| (at, *interest)).collect()
}

/// Adds a rule to a bucket, once. Rules come in their order.
fn add(bucket: &mut Vec<usize>, rule: usize) {
    if bucket.last() != Some(&rule) {
        bucket.push(rule);
    }
}

impl Engine {
    /// Prepares the walk.
    #[must_use]
    pub fn new(set: RuleSet) -> Self {
        let mut engine = Self {
            today: None,
            waiver: vec![],
            solution: vec![],
            flow: vec![],
            text: vec![],
            trigger: vec![vec![]; TriggerType::Unknown as usize + 1],
            action: vec![vec![]; ActionType::Unknown as usize + 1],
            call: CallBuckets::of(&set.rules),
            set,
        };
        for (at, interest) in engine.set.rules.iter().enumerate().flat_map(interests) {
            match interest {
                Interest::Flow => add(&mut engine.flow, at),
                Interest::AnyTrigger => engine.trigger.iter_mut().for_each(|bucket| add(bucket, at)),
                Interest::Trigger(ty) => add(&mut engine.trigger[ty as usize], at),
                Interest::AnyAction => engine.action.iter_mut().for_each(|bucket| add(bucket, at)),
                Interest::Action(ty) => add(&mut engine.action[ty as usize], at),
                Interest::Text => add(&mut engine.text, at),
                Interest::Solution => add(&mut engine.solution, at),
                Interest::Waiver => add(&mut engine.waiver, at),
                Interest::AnyCall | Interest::Call(_) | Interest::UnknownCall => {}
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
        if let Some(rule) = &self.set.rules[rule].check {
            rule.solution(view, cx);
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
        let cx = &mut RuleContext { flow, file, calls, rule: 0, drafts: &mut drafts };
        self.each(&self.flow, cx, |rule, cx| rule.flow(flow, cx));
        for trigger in &flow.triggers {
            self.each(&self.trigger[trigger.ty as usize], cx, |rule, cx| rule.trigger(flow, trigger, cx));
        }
        for action in &flow.actions {
            self.each(&self.action[action.ty as usize], cx, |rule, cx| rule.action(flow, action, cx));
        }
        for site in &flow.sites {
            self.each(&self.text, cx, |rule, cx| rule.text(flow, site, cx));
        }
        for (site, call) in &calls.all {
            self.each(self.call.rules_for(call), cx, |rule, cx| rule.call(flow, site, call, cx));
        }
        drafts
    }

    /// Lets each of these rules check something.
    fn each<'c, 'a>(
        &self,
        rules: &[usize],
        cx: &mut RuleContext<'c, 'a>,
        check: impl Fn(&dyn Rule, &mut RuleContext<'c, 'a>),
    ) {
        for &at in rules {
            if let Some(rule) = &self.set.rules[at].check {
                cx.rule = at;
                check(rule.as_ref(), cx);
            }
        }
    }
}
