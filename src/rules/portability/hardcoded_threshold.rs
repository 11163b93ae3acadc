//! Limits that are written into conditions as numbers.

use super::super::correctness::condition::each_comparison;
use crate::expr::{Call, Compares, Expr, ExprKind};
use crate::flow::{ActionType, Element, FlowAnalysis, Place};
use crate::json::{Node, Value};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};
use crate::text::Span;

/// From here on whole numbers are values of choice columns, which begin with the publisher's number.
const CHOICES: f64 = 100_000_000.0;

#[derive(Debug)]
pub(crate) struct HardcodedThreshold;

impl CodedRule for HardcodedThreshold {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let mut limits: Vec<(Span, String)> = Vec::new();
        for (site, call) in cx.calls() {
            let Some(sides) = sides(call) else { continue };
            // How often a loop tries is no matter of the environment.
            let in_until = site.place == Place::Expression
                && matches!(site.element, Element::Action(id) if flow.actions[id].ty == ActionType::Until);
            if in_until {
                continue;
            }
            for (side, other) in [(&sides[0], &sides[1]), (&sides[1], &sides[0])] {
                let found = match &side.kind {
                    ExprKind::Integer(text) | ExprKind::Float(text) => {
                        Some((site.span_of(&flow.source.text, side.at), (*text).to_owned()))
                    }
                    _ => flow.written_for(side).and_then(number),
                };
                let measured = || site.text.get(other.at.range()).unwrap_or("");
                limits.extend(found.filter(|(_, limit)| is_limit(limit, measured())));
            }
        }
        for action in flow.actions.iter().filter(|action| action.ty == ActionType::If) {
            let Some(condition) = action.node.get("expression").filter(|node| node.is_object()) else {
                continue;
            };
            each_comparison(
                condition,
                &mut |comparison| {
                    // What is equal to a number is a code, not a limit.
                    if comparison.compares != Compares::Order {
                        return;
                    }
                    let (left, right) = (comparison.left, comparison.right);
                    for (side, other) in [(left, right), (right, left)] {
                        let found = flow.written(side).and_then(number);
                        let measured = other.as_str().unwrap_or("");
                        limits.extend(found.filter(|(_, limit)| is_limit(limit, measured)));
                    }
                },
                &mut |_| {},
            );
        }
        limits.sort_unstable();
        limits.dedup_by_key(|(place, _)| *place);
        for (place, limit) in limits {
            let message = format!(
                "The limit {limit} is written into the flow: it is the same in every environment, and whoever changes it changes the flow"
            );
            cx.report(place, message).help(super::literal_group::environment_variable_help(
                flow,
                "the limit",
                "",
            ));
        }
    }
}

/// The two sides of a comparison by size.
fn sides<'c, 't>(call: &'c Call<'t>) -> Option<&'c [Expr<'t>; 2]> {
    let compares = call.function.and_then(|function| function.compares);
    (compares == Some(Compares::Order)).then(|| call.arguments.try_into().ok()).flatten()
}

/// A number, also one that is written as text, and its place.
fn number(node: &Node<'_>) -> Option<(Span, String)> {
    let (Value::Number(text) | Value::String(text)) = &node.value else { return None };
    let text = text.trim();
    text.parse::<f64>().is_ok_and(f64::is_finite).then(|| (node.span, text.to_owned()))
}

/// Whether a number is a limit for what is measured by it: not a sign, a status or a choice, a day of the week, or how
/// long a text or list may be.
fn is_limit(limit: &str, measured: &str) -> bool {
    let Ok(value) = limit.parse::<f64>() else { return false };
    let measured = measured.trim_start_matches('@').trim_start_matches('{').trim().to_ascii_lowercase();
    let is_call = |names: &[&str]| names.iter().any(|name| measured.starts_with(name));
    ![0.0, 1.0, -1.0].contains(&value)
        && value.abs() < CHOICES
        && !measured.is_empty()
        && measured.parse::<f64>().is_err()
        && !measured.contains("status")
        && !is_call(&["length(", "indexof(", "lastindexof(", "dayofweek(", "iterationindexes("])
}
