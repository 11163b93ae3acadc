//! Rules about definitions that contradict themselves.

use crate::rule::{Check, Coded};

mod condition;
mod constant_condition;
mod duplicate_action_name;
mod expression_as_text;
mod function_case;
mod invalid_expression;
mod invalid_literal;
mod malformed_flow;
mod mismatched_comparison;
mod null_unsafe_access;
mod stringified_expression;
mod unknown_action_reference;
mod unknown_function;
mod unknown_run_after;
mod wrong_argument_count;
mod wrong_argument_type;
mod wrong_date_format;

pub(super) const RULES: &[Coded] = &[
    ("constant-condition", Check::Flow(constant_condition::check)),
    ("duplicate-action-name", Check::Flow(duplicate_action_name::check)),
    ("expression-as-text", Check::Site(expression_as_text::check)),
    ("function-case", Check::Call(function_case::check)),
    ("invalid-expression", Check::Site(invalid_expression::check)),
    ("invalid-literal", Check::Flow(invalid_literal::check)),
    ("malformed-flow", Check::Flow(malformed_flow::check)),
    ("mismatched-comparison", Check::Flow(mismatched_comparison::check)),
    ("null-unsafe-access", Check::Call(null_unsafe_access::check)),
    ("stringified-expression", Check::Site(stringified_expression::check)),
    ("unknown-action-reference", Check::Call(unknown_action_reference::check)),
    ("unknown-function", Check::Call(unknown_function::check)),
    ("unknown-run-after", Check::Action(unknown_run_after::check)),
    ("wrong-argument-count", Check::Call(wrong_argument_count::check)),
    ("wrong-argument-type", Check::Call(wrong_argument_type::check)),
    ("wrong-date-format", Check::Flow(wrong_date_format::check)),
];
