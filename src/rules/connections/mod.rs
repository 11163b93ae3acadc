//! Rules about what a flow is connected to, and as whom.

use crate::linter::{Check, Coded};

mod blocked_connector;
mod direct_connection;
mod duplicate_connection;
mod invoker_connection;
mod mixed_data_groups;
mod personal_connection;
mod premium_connector;
mod unknown_connection;
mod unused_connection;
mod uses;

pub(super) const RULES: &[Coded] = &[
    ("blocked-connector", Check::Configured(blocked_connector::check, blocked_connector::verify)),
    ("direct-connection", Check::Flow(direct_connection::check)),
    ("duplicate-connection", Check::Flow(duplicate_connection::check)),
    ("invoker-connection", Check::Flow(invoker_connection::check)),
    ("mixed-data-groups", Check::Configured(mixed_data_groups::check, mixed_data_groups::verify)),
    ("personal-connection", Check::Flow(personal_connection::check)),
    ("premium-connector", Check::Flow(premium_connector::check)),
    ("unknown-connection", Check::Flow(unknown_connection::check)),
    ("unused-connection", Check::Flow(unused_connection::check)),
];
