//! Rules about definitions that contradict themselves.

use crate::rule::{Check, Coded};

mod duplicate_action_name;
mod invalid_expression;
mod invalid_literal;
mod malformed_flow;
mod unknown_action_reference;
mod unknown_function;
mod unknown_run_after;
mod wrong_argument_count;
mod wrong_argument_type;
mod wrong_date_format;

pub(super) const RULES: &[Coded] = &[
    ("duplicate-action-name", Check::Flow(duplicate_action_name::check)),
    ("invalid-expression", Check::Site(invalid_expression::check)),
    ("invalid-literal", Check::Flow(invalid_literal::check)),
    ("malformed-flow", Check::Flow(malformed_flow::check)),
    ("unknown-action-reference", Check::Call(unknown_action_reference::check)),
    ("unknown-function", Check::Call(unknown_function::check)),
    ("unknown-run-after", Check::Action(unknown_run_after::check)),
    ("wrong-argument-count", Check::Call(wrong_argument_count::check)),
    ("wrong-argument-type", Check::Call(wrong_argument_type::check)),
    ("wrong-date-format", Check::Flow(wrong_date_format::check)),
];
