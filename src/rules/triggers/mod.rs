//! Rules about what starts a flow.

use crate::linter::{Check, Coded};

mod asked;
mod dataverse;
mod event;
mod filter_clause;
mod filter_text;
mod frequent_recurrence;
mod http_trigger_without_schema;
mod invalid_recurrence;
mod late_filter;
mod missing_split_on;
mod open_http_trigger;
mod own_events;
mod recurrence;
mod recurrence_ignores_business_hours;
mod recurrence_without_time_zone;
mod self_triggering_flow;
mod trigger_concurrency;
mod trigger_count;
mod trigger_field_not_in_schema;
mod unfiltered_columns;
mod unfiltered_trigger;
mod work;

pub(super) const RULES: &[Coded] = &[
    ("frequent-recurrence", Check::Trigger(frequent_recurrence::check)),
    ("http-trigger-without-schema", Check::Trigger(http_trigger_without_schema::check)),
    ("invalid-recurrence", Check::Trigger(invalid_recurrence::check)),
    ("late-filter", Check::Flow(late_filter::check)),
    ("missing-split-on", Check::Flow(missing_split_on::check)),
    ("open-http-trigger", Check::Trigger(open_http_trigger::check)),
    ("recurrence-ignores-business-hours", Check::Trigger(recurrence_ignores_business_hours::check)),
    ("recurrence-without-time-zone", Check::Trigger(recurrence_without_time_zone::check)),
    ("self-triggering-flow", Check::Flow(self_triggering_flow::check)),
    ("trigger-concurrency", Check::Trigger(trigger_concurrency::check)),
    ("trigger-count", Check::Flow(trigger_count::check)),
    ("trigger-field-not-in-schema", Check::Trigger(trigger_field_not_in_schema::check)),
    ("unfiltered-columns", Check::Trigger(unfiltered_columns::check)),
    ("unfiltered-trigger", Check::Trigger(unfiltered_trigger::check)),
];
