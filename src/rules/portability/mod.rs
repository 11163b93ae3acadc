//! Rules about values that belong in environment variables.

use crate::rule::{Check, Coded};

mod hardcoded_email;
mod hardcoded_environment_url;

pub(super) const RULES: &[Coded] = &[
    ("hardcoded-email", Check::Flow(hardcoded_email::check)),
    ("hardcoded-environment-url", Check::Flow(hardcoded_environment_url::check)),
];
