//! Rules about what happens when something fails.

use crate::rule::{Check, Coded};

mod missing_error_handling;

pub(super) const RULES: &[Coded] = &[("missing-error-handling", Check::Flow(missing_error_handling::check))];
