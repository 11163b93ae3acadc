//! Rules about values that belong in environment variables.

use crate::rule::{Check, Coded};

mod hardcoded_email;
mod hardcoded_environment_url;
mod hardcoded_id;
mod hardcoded_sharepoint_site;
mod hardcoded_url;
mod literal_group;

pub(super) const RULES: &[Coded] = &[
    ("hardcoded-email", Check::Flow(hardcoded_email::check)),
    ("hardcoded-environment-url", Check::Flow(hardcoded_environment_url::check)),
    ("hardcoded-id", Check::Flow(hardcoded_id::check)),
    ("hardcoded-sharepoint-site", Check::Flow(hardcoded_sharepoint_site::check)),
    ("hardcoded-url", Check::Flow(hardcoded_url::check)),
];
