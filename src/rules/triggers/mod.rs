//! Rules about what starts a flow.

use crate::rule::{Check, Coded};

mod open_http_trigger;
mod unfiltered_trigger;

pub(super) const RULES: &[Coded] = &[
    ("open-http-trigger", Check::Trigger(open_http_trigger::check)),
    ("unfiltered-trigger", Check::Trigger(unfiltered_trigger::check)),
];
