//! Comparisons of values whose types are known and differ.

use super::condition::{each_comparison, plain_text};
use crate::expr::{Call, Compares, Expr, ExprKind, Function, Types};
use crate::flow::{Element, ExpressionSite, FlowAnalysis, Place};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};
use crate::text::Span;

#[derive(Debug)]
pub(crate) struct MismatchedComparison;

impl CodedRule for MismatchedComparison {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        for (site, call) in cx.calls() {
            check_call(flow, site, call, cx);
        }
        for action in &flow.actions {
            let Some(condition) = action.node.get("expression").filter(|node| node.is_object()) else {
                continue;
            };
            each_comparison(
                condition,
                &mut |c| {
                    if c.compares == Compares::Search {
                        return;
                    }
                    let side = |node| {
                        let text = plain_text(flow, node);
                        Side {
                            types: flow.type_of_node(node, Element::Action(action.id)),
                            span: node.span,
                            text,
                            fixed: text.is_some(),
                        }
                    };
                    judge(c.name, side(c.left), side(c.right), cx);
                },
                &mut |_| {},
            );
        }
    }
}

fn check_call(
    flow: &FlowAnalysis<'_>,
    site: &ExpressionSite<'_>,
    call: &Call<'_>,
    cx: &mut RuleContext<'_, '_>,
) {
    let compares =
        |function: &&Function| matches!(function.compares, Some(Compares::Equality | Compares::Order));
    let Some(name) = call.function.filter(compares).map(|function| function.name) else { return };
    let [left, right] = call.arguments else { return };
    let types = [left, right].map(|side| flow.type_of(side, site.element));
    if types.contains(&Types::ANY) {
        return;
    }
    // What has no order at all is a wrong argument, whatever stands beside it.
    let ordered = Types::STRING.or(Types::NUMBER);
    if name != "equals" && types.iter().any(|side| !side.meets(ordered)) {
        return;
    }
    let written = |side: &Expr<'_>| !matches!(side.kind, ExprKind::Call(_));
    // A condition of literals alone is constant, and that says more.
    if matches!(site.place, Place::Expression | Place::Condition) && written(left) && written(right) {
        return;
    }
    let side = |expr: &'_ Expr<'_>, types| Side {
        types,
        span: site.span_of(&flow.source.text, expr.at),
        text: None,
        fixed: written(expr),
    };
    let (mut l, mut r) = (side(left, types[0]), side(right, types[1]));
    l.text = left.as_text();
    r.text = right.as_text();
    judge(name, l, r, cx);
}

/// One side of a comparison.
#[derive(Clone, Copy)]
struct Side<'s> {
    types: Types,
    span: Span,
    /// The text, of plain text.
    text: Option<&'s str>,
    /// Whether it is written out and not read.
    fixed: bool,
}

fn judge(name: &str, left: Side<'_>, right: Side<'_>, cx: &mut RuleContext<'_, '_>) {
    let [l, r] = [left, right].map(|side| kinds(side.types));
    // Null compares with everything; so does a blank with what may be missing.
    let asks_for_blank = |blank: Side<'_>, other: Side<'_>| {
        blank.text.is_some_and(str::is_empty) && other.types.meets(Types::NULL)
    };
    if l.is_none() || r.is_none() || l.meets(r) || asks_for_blank(left, right) || asks_for_blank(right, left)
    {
        return;
    }
    let (at, other, own, others) =
        if left.fixed && !right.fixed { (left, right, l, r) } else { (right, left, r, l) };
    let cost = if name == "equals" { "they are never equal" } else { "the comparison fails when it runs" };
    let message = format!("This compares {} with {}: {cost}", others.words(), own.words());
    let help = match at.text {
        Some(text) if others == Types::BOOLEAN && is_boolean(text) => {
            format!("Enter {} on the expression tab, without quotes.", text.to_lowercase())
        }
        Some(text) if Types::NUMBER.within(others) && text.trim().parse::<f64>().is_ok() => {
            format!("Enter {} on the expression tab, without quotes.", text.trim())
        }
        _ => "Convert one side with int(), float(), bool() or string().".to_owned(),
    };
    cx.report(at.span, message).related(other.span, "compared with this").help(help);
}

/// The types without null; both kinds of number compare with each other.
fn kinds(types: Types) -> Types {
    let there = types.without(Types::NULL);
    if there.meets(Types::NUMBER) { there.or(Types::NUMBER) } else { there }
}

fn is_boolean(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}
