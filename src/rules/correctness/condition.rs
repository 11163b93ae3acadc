//! Comparisons of conditions in their object form, which several rules walk.

use super::constant;
use crate::expr::{Compares, comparison};
use crate::flow::FlowAnalysis;
use crate::json::{Node, Value};

/// One comparison.
#[derive(Clone, Copy)]
pub(in crate::rules) struct Comparison<'n, 'a> {
    /// `equals`, `greater`, …
    pub(in crate::rules) name: &'static str,
    /// What that asks.
    pub(in crate::rules) compares: Compares,
    pub(in crate::rules) left: &'n Node<'a>,
    pub(in crate::rules) right: &'n Node<'a>,
}

/// Calls `visit` for every comparison of a condition, and `text` for the strings that stand for one.
pub(in crate::rules) fn each_comparison<'n, 'a>(
    condition: &'n Node<'a>,
    visit: &mut dyn FnMut(Comparison<'n, 'a>),
    text: &mut dyn FnMut(&'n Node<'a>),
) {
    if condition.as_str().is_some() {
        return text(condition);
    }
    for member in condition.members() {
        match member.key {
            "and" | "or" => member.value.elements().iter().for_each(|c| each_comparison(c, visit, text)),
            "not" => each_comparison(&member.value, visit, text),
            key => {
                if let (Some((name, compares)), [left, right]) = (comparison(key), member.value.elements()) {
                    visit(Comparison { name, compares, left, right });
                }
            }
        }
    }
}

/// Whether a condition is true in every run or in none, if that is known.
pub(super) fn truth(flow: &FlowAnalysis<'_>, condition: &Node<'_>) -> Option<bool> {
    // An ARM template computes what stands for nothing here: it is not known.
    if let Value::String(_) | Value::Bool(_) = condition.value {
        return match constant::of_node(condition, flow.template_of(condition))? {
            constant::Constant::Bool(truth) => Some(truth),
            _ => None,
        };
    }
    let of_member = |key: &str, value: &Node<'_>| match key {
        "and" => constant::all(value.elements().iter().map(|part| truth(flow, part))),
        "or" => constant::any(value.elements().iter().map(|part| truth(flow, part))),
        "not" => truth(flow, value).map(|truth| !truth),
        key => match value.elements() {
            [left, right] => constant::compare(
                key,
                constant::of_node(left, flow.template_of(left))?,
                constant::of_node(right, flow.template_of(right))?,
            ),
            _ => None,
        },
    };
    match condition.members() {
        [] => None,
        members => constant::all(members.iter().map(|member| of_member(member.key, &member.value))),
    }
}

/// Whether a value is text that is not evaluated.
pub(super) fn plain_text<'n>(flow: &FlowAnalysis<'_>, node: &'n Node<'_>) -> Option<&'n str> {
    match &node.value {
        Value::String(text) if !flow.is_computed(text) => Some(text),
        _ => None,
    }
}
