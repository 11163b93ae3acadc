//! Conditions in the no side of conditions that all ask for one value.

use crate::expr::{Expr, ExprKind, Part, Template};
use crate::flow::{Action, ActionId, ActionType, BranchKind, FlowAnalysis};
use crate::json::{Node, Value};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

/// As many conditions inside each other are a Switch.
const LEAST: usize = 3;

/// What a condition compares with a fixed value.
struct Subject<'f, 'a> {
    expr: &'f Expr<'a>,
    /// The expression as written.
    text: &'f str,
}

#[derive(Debug)]
pub(crate) struct NestedConditions;

impl CodedRule for NestedConditions {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        for (id, action) in flow.actions.iter().enumerate() {
            let Some(mut next) = only_in_no_side(flow, action) else { continue };
            let Some(subject) = subject(flow, action) else { continue };
            let asks_too = |id: ActionId| {
                self::subject(flow, &flow.actions[id]).is_some_and(|other| same(subject.expr, other.expr))
            };
            // A condition inside such a run was counted from the outermost one.
            if above(flow, id).is_some_and(asks_too) {
                continue;
            }
            let mut chain = vec![id];
            while asks_too(next) {
                chain.push(next);
                match only_in_no_side(flow, &flow.actions[next]) {
                    Some(inner) => next = inner,
                    None => break,
                }
            }
            if chain.len() >= LEAST {
                report(flow, &chain, subject.text, cx);
            }
        }
    }
}

fn report<'a>(flow: &FlowAnalysis<'a>, chain: &[ActionId], subject: &str, cx: &mut RuleContext<'_, 'a>) {
    let names: Vec<String> = chain.iter().map(|id| format!("'{}'", flow.actions[*id].name)).collect();
    let message =
        format!("{} conditions inside each other ask for one value: {}", chain.len(), names.join(" › "));
    let help = format!(
        "Put one Switch in their place, on {subject}, with a case for each value; what the last one does otherwise goes to Default."
    );
    let draft = cx.report(flow.actions[chain[0]].key_span, message).help(help);
    for inner in &chain[1..] {
        draft.related(flow.actions[*inner].key_span, "asks for it again");
    }
}

/// The condition that is all there is in the no side of a condition.
fn only_in_no_side(flow: &FlowAnalysis<'_>, action: &Action<'_>) -> Option<ActionId> {
    if action.ty != ActionType::If {
        return None;
    }
    let no = action.branches.iter().find(|branch| flow.branches[**branch].kind == BranchKind::No)?;
    match flow.branches[*no].actions.as_slice() {
        [only] if flow.actions[*only].ty == ActionType::If => Some(*only),
        _ => None,
    }
}

/// The condition in whose no side a condition stands alone.
fn above(flow: &FlowAnalysis<'_>, id: ActionId) -> Option<ActionId> {
    let owner = flow.branches[flow.actions[id].branch].owner?;
    (only_in_no_side(flow, &flow.actions[owner]) == Some(id)).then_some(owner)
}

/// What a condition holds against one text or whole number, as a case of a Switch can.
fn subject<'f, 'a>(flow: &'f FlowAnalysis<'a>, action: &'f Action<'a>) -> Option<Subject<'f, 'a>> {
    let mut condition = action.node.get("expression")?;
    // The designer writes a group also where there is one row in it.
    while let [group] = condition.members()
        && let "and" | "or" = group.key
    {
        let [only] = group.value.elements() else { return None };
        condition = only;
    }
    if let Some(Template::Whole(expr)) = flow.template_of(condition) {
        let ExprKind::Call(call) = &expr.kind else { return None };
        let [left, right] = call.arguments else { return None };
        let text = condition.as_str()?;
        let expr = match (&left.kind, &right.kind) {
            (ExprKind::Call(_), ExprKind::String(_) | ExprKind::Integer(_)) => left,
            (ExprKind::String(_) | ExprKind::Integer(_), ExprKind::Call(_)) => right,
            _ => return None,
        };
        return call.is("equals").then_some(Subject { expr, text: text.get(expr.at.range())? });
    }
    let [row] = condition.members() else { return None };
    let [left, right] = row.value.elements() else { return None };
    if row.key != "equals" {
        return None;
    }
    let read = |node: &'f Node<'a>| match flow.template_of(node) {
        Some(Template::Whole(expr)) if matches!(expr.kind, ExprKind::Call(_)) => {
            Some(Subject { expr, text: node.as_str()?.get(expr.at.range())? })
        }
        // In braces it is a text, in the Switch as well.
        Some(Template::Parts([Part::Value(expr)])) if matches!(expr.kind, ExprKind::Call(_)) => {
            Some(Subject { expr, text: node.as_str()? })
        }
        _ => None,
    };
    let is_case = |node: &Node<'a>, subject: &Subject<'f, 'a>| match &node.value {
        Value::String(text) => Template::is_plain(text),
        // No text equals a number.
        Value::Number(_) => node.as_int().is_some() && !subject.text.starts_with('@'),
        _ => false,
    };
    match (read(left), read(right)) {
        (Some(subject), None) if is_case(right, &subject) => Some(subject),
        (None, Some(subject)) if is_case(left, &subject) => Some(subject),
        _ => None,
    }
}

/// Whether two expressions read the same; how a step is written does not count.
fn same(one: &Expr<'_>, other: &Expr<'_>) -> bool {
    match (&one.kind, &other.kind) {
        (ExprKind::Call(one), ExprKind::Call(other)) => {
            one.name.eq_ignore_ascii_case(other.name)
                && one.arguments.len() == other.arguments.len()
                && one.steps.len() == other.steps.len()
                && one.arguments.iter().zip(other.arguments).all(|(one, other)| same(one, other))
                && one.steps.iter().zip(other.steps).all(|(one, other)| same(&one.key, &other.key))
        }
        (one, other) => one == other,
    }
}
