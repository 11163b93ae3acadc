//! Rules about what a flow is connected to, and as whom.

use crate::rule::{Check, Coded};

mod direct_connection;

pub(super) const RULES: &[Coded] = &[("direct-connection", Check::Flow(direct_connection::check))];
