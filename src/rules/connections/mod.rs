//! Rules about what a flow is connected to, and as whom.

use crate::rule::{Check, Coded};

mod direct_connection;
mod personal_connection;

pub(super) const RULES: &[Coded] = &[
    ("direct-connection", Check::Flow(direct_connection::check)),
    ("personal-connection", Check::Flow(personal_connection::check)),
];
