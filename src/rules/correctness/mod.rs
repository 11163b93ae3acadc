//! Rules about definitions that contradict themselves.

use crate::rule::{Check, Coded};

mod duplicate_action_name;
mod invalid_expression;
mod malformed_flow;
mod unknown_action_reference;
mod unknown_function;
mod unknown_run_after;

pub(super) const RULES: &[Coded] = &[
    ("duplicate-action-name", Check::Flow(duplicate_action_name::check)),
    ("invalid-expression", Check::Site(invalid_expression::check)),
    ("malformed-flow", Check::Flow(malformed_flow::check)),
    ("unknown-action-reference", Check::Call(unknown_action_reference::check)),
    ("unknown-function", Check::Call(unknown_function::check)),
    ("unknown-run-after", Check::Action(unknown_run_after::check)),
];
