//! Rules about what happens when something fails.

use crate::linter::{Check, Coded};

mod blind_catch;
mod catch_ignores_timeout;
mod missing_error_handling;
mod no_response_on_failure;
mod reach;
mod response_missing_on_branch;
mod silent_catch;
mod swallowed_error;
mod uncovered_action;

pub(super) const RULES: &[Coded] = &[
    ("blind-catch", Check::Flow(blind_catch::check)),
    ("catch-ignores-timeout", Check::Flow(catch_ignores_timeout::check)),
    ("missing-error-handling", Check::Flow(missing_error_handling::check)),
    ("no-response-on-failure", Check::Flow(no_response_on_failure::check)),
    ("response-missing-on-branch", Check::Flow(response_missing_on_branch::check)),
    ("silent-catch", Check::Flow(silent_catch::check)),
    ("swallowed-error", Check::Flow(swallowed_error::check)),
    ("uncovered-action", Check::Flow(uncovered_action::check)),
];
