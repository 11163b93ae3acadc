//! Rules about values that belong in environment variables.

use crate::linter::{Check, Coded};

mod environment_word;
mod hardcoded_email;
mod hardcoded_environment_url;
mod hardcoded_id;
mod hardcoded_path;
mod hardcoded_sharepoint_site;
mod hardcoded_threshold;
mod hardcoded_url;
mod literal_group;
mod own_flow_by_url;
mod path_steps;
mod role;
mod unused_parameter;

pub(super) const RULES: &[Coded] = &[
    ("environment-word", Check::Flow(environment_word::check)),
    ("hardcoded-email", Check::Flow(hardcoded_email::check)),
    ("hardcoded-environment-url", Check::Flow(hardcoded_environment_url::check)),
    ("hardcoded-id", Check::Flow(hardcoded_id::check)),
    ("hardcoded-path", Check::Flow(hardcoded_path::check)),
    ("hardcoded-sharepoint-site", Check::Flow(hardcoded_sharepoint_site::check)),
    ("hardcoded-threshold", Check::Flow(hardcoded_threshold::check)),
    ("hardcoded-url", Check::Flow(hardcoded_url::check)),
    ("own-flow-by-url", Check::Action(own_flow_by_url::check)),
    ("unused-parameter", Check::Flow(unused_parameter::check)),
];
