//! Rules about the size and shape of flows.

use crate::rule::{Check, Coded};

mod missing_scope;
mod oversized_flow;

pub(super) const RULES: &[Coded] = &[
    ("missing-scope", Check::Flow(missing_scope::check)),
    ("oversized-flow", Check::Flow(oversized_flow::check)),
];
