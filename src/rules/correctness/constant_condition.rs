//! Conditions whose value is known before the run.

use std::cell::LazyCell;

use super::condition::{each_comparison, plain_text, truth};
use crate::expr::{Call, Depends, Expr, ExprKind, Part, Template, TextRange};
use crate::flow::{Action, ActionType, BranchKind, Element, FlowAnalysis, Place};
use crate::json::{Node, Value};
use crate::linter::{CodedRule, Draft, Interest, NoOptions, OptionError, RuleContext};
use crate::text::Span;

#[derive(Debug)]
pub(crate) struct ConstantCondition;

impl CodedRule for ConstantCondition {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        for action in &flow.actions {
            if matches!(action.ty, ActionType::If | ActionType::Until)
                && let Some(condition) = action.node.get("expression")
            {
                check_object(flow, action, condition, cx);
            }
        }
        for site in &flow.sites {
            let (owner, container) = match (site.place, site.element) {
                (Place::Condition, Element::Trigger(at)) => (flow.triggers[at].name, None),
                (Place::Expression, Element::Action(id)) => match flow.actions[id].ty {
                    ActionType::If | ActionType::Switch | ActionType::Until => {
                        (flow.actions[id].name, Some(&flow.actions[id]))
                    }
                    _ => continue,
                },
                _ => continue,
            };
            let Template::Whole(expr) = &site.template else { continue };
            let switch = container.is_some_and(|action| action.ty == ActionType::Switch);
            // An operand of a comparison stands in the same place: only what decides alone is looked at.
            if !decides_alone(flow, site.element, site.span)
                || (switch && !matches!(expr.kind, ExprKind::Call(_)))
            {
                continue;
            }
            // A string may be one row of several: what comes of it is told by the whole condition.
            let outcome =
                LazyCell::new(|| match container.and_then(|action| action.node.get("expression")) {
                    Some(condition) => {
                        Outcome::of(flow, container, count_parts(flow, condition), truth(flow, condition))
                    }
                    None => Outcome::of(flow, container, parts_of(expr), super::constant::truth(expr)),
                });
            each_part(expr, &mut |part| {
                if is_constant(part) {
                    let at = label(part);
                    outcome.explain(cx.report_at(site, at, message(owner, outcome.cost)).help(HELP));
                } else if let ExprKind::Call(call) = &part.kind
                    && let [left, right] = call.arguments
                    && site.text.get(left.at.range()) == site.text.get(right.at.range())
                    && calls_only(left, |depends| !depends.varies())
                    && let Some(answer) = with_itself(call.name)
                {
                    cx.report_at(site, label(part), itself(owner, answer)).help(HELP_ITSELF);
                }
            });
        }
    }
}

/// What comes of a fixed answer.
struct Outcome<'f, 'a> {
    cost: &'static str,
    /// The first action that never runs for it.
    dead: Option<&'f Action<'a>>,
}

impl<'f, 'a> Outcome<'f, 'a> {
    /// What comes of a condition, of so many parts, that holds something fixed. `answer` is that of the whole
    /// condition, if it is known.
    fn of(
        flow: &'f FlowAnalysis<'a>,
        container: Option<&'f Action<'a>>,
        parts: usize,
        answer: Option<bool>,
    ) -> Self {
        let Some(action) = container else {
            let cost = match answer {
                // Other conditions of the trigger may hold some back.
                Some(true) => "it holds no event back",
                Some(false) => "it lets no event through",
                None if parts > 1 => PART,
                None => "it lets every event through or none",
            };
            return Self { cost, dead: None };
        };
        let dead_branch = match (action.ty, answer) {
            (ActionType::If, Some(true)) => Some(BranchKind::No),
            (ActionType::If, Some(false)) => Some(BranchKind::Yes),
            _ => None,
        };
        let cost = match (action.ty, answer) {
            (ActionType::Switch, _) => "every run takes the same case",
            (ActionType::Until, Some(true)) => "the loop ends after one turn",
            (ActionType::Until, Some(false)) => "the loop ends by its limit alone",
            (_, Some(true)) => "it is always yes",
            (_, Some(false)) => "it is always no",
            (_, None) if parts > 1 => PART,
            (ActionType::Until, None) => LOOP,
            (_, None) => ONE_BRANCH,
        };
        let branches = action.branches.iter().map(|id| &flow.branches[*id]);
        let dead = branches
            .filter(|branch| Some(branch.kind) == dead_branch)
            .find_map(|branch| flow.run_order().ordered(branch).first().map(|id| &flow.actions[*id]));
        Self { cost, dead }
    }

    fn explain(&self, draft: &mut Draft) {
        if let Some(dead) = self.dead {
            draft.related(dead.key_span, format!("'{}' never runs", dead.name));
        }
    }
}

const ONE_BRANCH: &str = "one branch never runs";
const LOOP: &str = "the loop ends after one turn, or by its limit alone";
const PART: &str = "this row decides nothing, or everything";
const HELP: &str = "Open the condition and pick the value that decides, or take the condition out.";

fn message(owner: &str, cost: &str) -> String {
    format!("'{owner}' compares fixed values, and its answer is known before the run: {cost}")
}

const HELP_ITSELF: &str = "Open the condition and pick the value that it is to be compared with.";

fn itself(owner: &str, answer: bool) -> String {
    let answer = if answer { "yes" } else { "no" };
    format!("'{owner}' compares a value with itself: the answer is always {answer}")
}

/// What a comparison of a value with itself answers.
fn with_itself(comparison: &str) -> Option<bool> {
    let is = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(comparison));
    match () {
        () if is(&["equals", "greaterOrEquals", "lessOrEquals", "startsWith", "endsWith"]) => Some(true),
        () if is(&["greater", "less"]) => Some(false),
        () => None,
    }
}

/// Whether an expression calls functions that are known, all of which depend on such things.
fn calls_only(expr: &Expr<'_>, fits: fn(Depends) -> bool) -> bool {
    match &expr.kind {
        ExprKind::Call(call) => {
            call.function.is_some_and(|function| fits(function.depends))
                && call.arguments.iter().all(|argument| calls_only(argument, fits))
                && call.steps.iter().all(|step| calls_only(&step.key, fits))
        }
        _ => true,
    }
}

/// Whether a string is a condition of its own and not an operand of the object form.
fn decides_alone(flow: &FlowAnalysis<'_>, element: Element, span: Span) -> bool {
    let Element::Action(id) = element else { return true };
    let Some(condition) = flow.actions[id].node.get("expression") else { return false };
    let mut alone = false;
    each_comparison(condition, &mut |_| {}, &mut |text| alone |= text.span == span);
    alone
}

fn check_object<'a>(
    flow: &FlowAnalysis<'a>,
    action: &Action<'a>,
    condition: &Node<'a>,
    cx: &mut RuleContext<'_, 'a>,
) {
    let outcome = LazyCell::new(|| {
        Outcome::of(flow, Some(action), count_parts(flow, condition), truth(flow, condition))
    });
    each_comparison(
        condition,
        &mut |comparison| {
            let (left, right) = (comparison.left, comparison.right);
            if let Some(Template::Whole(expr)) = flow.template_of(left)
                && left == right
                && calls_only(expr, |depends| !depends.varies())
                && !is_constant(expr)
                && let Some(answer) = with_itself(comparison.name)
            {
                cx.report(left.span, itself(action.name, answer)).help(HELP_ITSELF);
                return;
            }
            if !is_constant_node(flow, left) || !is_constant_node(flow, right) {
                return;
            }
            let cost = outcome.cost;
            let blank = |node| plain_text(flow, node).is_some_and(|text| text.trim().is_empty());
            let draft = if blank(left) && blank(right) {
                cx.report(left.span, format!("'{}' compares a blank with a blank: {cost}", action.name))
                    .help("Open the condition and pick the values, or take the row out.")
            } else if blank(left) {
                cx.report(left.span, format!("'{}' compares a blank: its dynamic value is gone", action.name))
                    .help("Open the condition and pick the value again.")
            } else {
                cx.report(left.span, message(action.name, cost)).help(HELP)
            };
            outcome.explain(draft);
        },
        &mut |_| {},
    );
    // A condition that is written out: `true`.
    if let Value::Bool(_) = condition.value {
        outcome.explain(cx.report(condition.span, message(action.name, outcome.cost)).help(HELP));
    }
}

/// The parts of a condition that `and`, `or` and `not` join.
fn each_part<'e, 't>(expr: &'e Expr<'t>, visit: &mut dyn FnMut(&'e Expr<'t>)) {
    match &expr.kind {
        ExprKind::Call(call) if call.steps.is_empty() && joins(call) && !call.arguments.is_empty() => {
            call.arguments.iter().for_each(|argument| each_part(argument, visit));
        }
        _ => visit(expr),
    }
}

fn parts_of(expr: &Expr<'_>) -> usize {
    let mut parts = 0;
    each_part(expr, &mut |_| parts += 1);
    parts
}

/// How many parts a condition has, those of its strings among them.
fn count_parts(flow: &FlowAnalysis<'_>, condition: &Node<'_>) -> usize {
    let (mut comparisons, mut written) = (0, 0);
    each_comparison(condition, &mut |_| comparisons += 1, &mut |text| {
        written += match flow.template_of(text) {
            Some(Template::Whole(expr)) => parts_of(expr),
            _ => 1,
        };
    });
    comparisons + written
}

fn joins(call: &Call<'_>) -> bool {
    call.is("and") || call.is("or") || call.is("not")
}

fn label(expr: &Expr<'_>) -> TextRange {
    match &expr.kind {
        ExprKind::Call(call) => call.name_at,
        _ => expr.at,
    }
}

fn is_constant(expr: &Expr<'_>) -> bool {
    calls_only(expr, |depends| depends == Depends::Nothing)
}

fn is_constant_node(flow: &FlowAnalysis<'_>, node: &Node<'_>) -> bool {
    match &node.value {
        Value::String(text) if flow.is_template_expression(text) => false,
        Value::String(text) => match flow.template_of(node).unwrap_or(&Template::Literal) {
            Template::Literal => Template::is_plain(text),
            Template::Whole(expr) => is_constant(expr),
            Template::Parts(parts) => parts.iter().all(|part| match part {
                Part::Text(_) => true,
                Part::Value(expr) => is_constant(expr),
                Part::Broken(_) => false,
            }),
            Template::Broken(_) => false,
        },
        Value::Array(_) | Value::Object(_) => false,
        _ => true,
    }
}
