//! Rules about definitions that contradict themselves.

use crate::rule::{Check, Coded};

mod action_reference_too_early;
mod duplicate_action_name;
mod duplicate_json_key;
mod invalid_expression;
mod invalid_run_after_status;
mod item_outside_loop;
mod loop_output_outside_loop;
mod malformed_flow;
mod nested_variable_initialization;
mod reference;
mod reference_case_mismatch;
mod response_in_loop;
mod response_mismatch;
mod run_after_cycle;
mod switch_without_expression;
mod terminate_error_without_failure;
mod terminate_in_loop;
mod unknown_action_reference;
mod unknown_function;
mod unknown_loop_reference;
mod unknown_parameter;
mod unknown_run_after;
mod unknown_variable;
mod unreachable_action;
mod until_without_limit_object;
mod variable_before_initialization;
mod variable_initialized_twice;
mod variable_self_assignment;
mod variable_type_mismatch;
mod variable_use;

pub(super) const RULES: &[Coded] = &[
    ("action-reference-too-early", Check::Flow(action_reference_too_early::check)),
    ("duplicate-action-name", Check::Flow(duplicate_action_name::check)),
    ("duplicate-json-key", Check::Flow(duplicate_json_key::check)),
    ("invalid-expression", Check::Site(invalid_expression::check)),
    ("invalid-run-after-status", Check::Action(invalid_run_after_status::check)),
    ("item-outside-loop", Check::Call(item_outside_loop::check)),
    ("loop-output-outside-loop", Check::Flow(loop_output_outside_loop::check)),
    ("malformed-flow", Check::Flow(malformed_flow::check)),
    ("nested-variable-initialization", Check::Action(nested_variable_initialization::check)),
    ("reference-case-mismatch", Check::Flow(reference_case_mismatch::check)),
    ("response-in-loop", Check::Action(response_in_loop::check)),
    ("response-mismatch", Check::Flow(response_mismatch::check)),
    ("run-after-cycle", Check::Flow(run_after_cycle::check)),
    ("switch-without-expression", Check::Action(switch_without_expression::check)),
    ("terminate-error-without-failure", Check::Action(terminate_error_without_failure::check)),
    ("terminate-in-loop", Check::Action(terminate_in_loop::check)),
    ("unknown-action-reference", Check::Call(unknown_action_reference::check)),
    ("unknown-function", Check::Call(unknown_function::check)),
    ("unknown-loop-reference", Check::Call(unknown_loop_reference::check)),
    ("unknown-parameter", Check::Call(unknown_parameter::check)),
    ("unknown-run-after", Check::Action(unknown_run_after::check)),
    ("unknown-variable", Check::Flow(unknown_variable::check)),
    ("unreachable-action", Check::Flow(unreachable_action::check)),
    ("until-without-limit-object", Check::Action(until_without_limit_object::check)),
    ("variable-before-initialization", Check::Flow(variable_before_initialization::check)),
    ("variable-initialized-twice", Check::Flow(variable_initialized_twice::check)),
    ("variable-self-assignment", Check::Call(variable_self_assignment::check)),
    ("variable-type-mismatch", Check::Action(variable_type_mismatch::check)),
];
