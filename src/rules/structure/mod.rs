//! Rules about the size and shape of flows.

use crate::linter::{Check, Coded};

mod complex_flow;
mod deep_nesting;
mod identical_branches;
mod large_switch;
mod many_connectors;
mod many_variables;
mod missing_scope;
mod nested_conditions;
mod oversized_flow;
mod repeated_sequence;
mod unjoined_branch;

pub(super) const RULES: &[Coded] = &[
    ("complex-flow", Check::Flow(complex_flow::check)),
    ("deep-nesting", Check::Flow(deep_nesting::check)),
    ("identical-branches", Check::Action(identical_branches::check)),
    ("large-switch", Check::Action(large_switch::check)),
    ("many-connectors", Check::Flow(many_connectors::check)),
    ("many-variables", Check::Flow(many_variables::check)),
    ("missing-scope", Check::Flow(missing_scope::check)),
    ("nested-conditions", Check::Flow(nested_conditions::check)),
    ("oversized-flow", Check::Flow(oversized_flow::check)),
    ("repeated-sequence", Check::Flow(repeated_sequence::check)),
    ("unjoined-branch", Check::Flow(unjoined_branch::check)),
];
