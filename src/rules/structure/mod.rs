//! Rules about the size and shape of flows.

use crate::rule::{Check, Coded};

mod deep_nesting;
mod missing_scope;
mod oversized_flow;

pub(super) const RULES: &[Coded] = &[
    ("deep-nesting", Check::Flow(deep_nesting::check)),
    ("missing-scope", Check::Flow(missing_scope::check)),
    ("oversized-flow", Check::Flow(oversized_flow::check)),
];
