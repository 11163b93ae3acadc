//! Rules about definitions that contradict themselves.

use crate::flow::{Action, Flow};
use crate::rule::{Check, Coded};

mod duplicate_action_name;
mod duplicate_json_key;
mod invalid_expression;
mod invalid_run_after_status;
mod malformed_flow;
mod response_in_loop;
mod response_mismatch;
mod run_after_cycle;
mod switch_without_expression;
mod terminate_error_without_failure;
mod terminate_in_loop;
mod unknown_action_reference;
mod unknown_function;
mod unknown_run_after;
mod unreachable_action;
mod until_without_limit_object;
mod variable_type_mismatch;

pub(super) const RULES: &[Coded] = &[
    ("duplicate-action-name", Check::Flow(duplicate_action_name::check)),
    ("duplicate-json-key", Check::Flow(duplicate_json_key::check)),
    ("invalid-expression", Check::Site(invalid_expression::check)),
    ("invalid-run-after-status", Check::Action(invalid_run_after_status::check)),
    ("malformed-flow", Check::Flow(malformed_flow::check)),
    ("response-in-loop", Check::Action(response_in_loop::check)),
    ("response-mismatch", Check::Flow(response_mismatch::check)),
    ("run-after-cycle", Check::Flow(run_after_cycle::check)),
    ("switch-without-expression", Check::Action(switch_without_expression::check)),
    ("terminate-error-without-failure", Check::Action(terminate_error_without_failure::check)),
    ("terminate-in-loop", Check::Action(terminate_in_loop::check)),
    ("unknown-action-reference", Check::Call(unknown_action_reference::check)),
    ("unknown-function", Check::Call(unknown_function::check)),
    ("unknown-run-after", Check::Action(unknown_run_after::check)),
    ("unreachable-action", Check::Flow(unreachable_action::check)),
    ("until-without-limit-object", Check::Action(until_without_limit_object::check)),
    ("variable-type-mismatch", Check::Action(variable_type_mismatch::check)),
];

/// The nearest loop around an action.
fn loop_around<'f, 'a>(flow: &'f Flow<'a>, action: &'f Action<'a>) -> Option<&'f Action<'a>> {
    std::iter::successors(flow.parent(action), |around| flow.parent(around))
        .find(|around| around.ty.is_loop())
}
