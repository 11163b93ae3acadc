//! When a schedule starts its flow. Shared by the rules about schedules.

use crate::flow::{Trigger, TriggerType, is_computed, may_be_put_in};
use crate::json::{Node, Value};
use crate::linter::Interest;

/// The triggers that start a flow by the clock and by nothing else.
pub(super) const BY_CLOCK: &[Interest] =
    &[Interest::Trigger(TriggerType::Recurrence), Interest::Trigger(TriggerType::SlidingWindow)];

/// The units of a schedule, with their length in seconds; months and years as the shortest ones.
pub(super) const UNITS: [(&str, i64); 7] = [
    ("Second", 1),
    ("Minute", 60),
    ("Hour", 3_600),
    ("Day", 86_400),
    ("Week", 604_800),
    ("Month", 2_419_200),
    ("Year", 31_536_000),
];

/// The recurrence of a trigger that starts by the clock.
pub(super) fn recurrence<'a>(trigger: &Trigger<'a>) -> Option<&'a Node<'a>> {
    trigger.node.get("recurrence").filter(|recurrence| recurrence.is_object())
}

/// Whether a value of a schedule is not known from the file.
pub(super) fn is_unknown(node: &Node<'_>) -> bool {
    node.as_str().is_some_and(|text| is_computed(text) || may_be_put_in(text))
}

/// The length of the unit of a recurrence, in seconds.
pub(super) fn unit_seconds(recurrence: &Node<'_>) -> Option<i64> {
    let name = recurrence.get("frequency")?.as_str()?;
    UNITS.iter().find(|(unit, _)| unit.eq_ignore_ascii_case(name)).map(|(_, seconds)| *seconds)
}

/// The entries of a list of a schedule: of an array, or of one value alone.
pub(super) fn entries<'a>(schedule: Option<&'a Node<'a>>, key: &str) -> &'a [Node<'a>] {
    match schedule.and_then(|schedule| schedule.get(key)) {
        Some(node) => match &node.value {
            Value::Array(elements) => elements,
            Value::Null | Value::Object(_) => &[],
            _ => std::slice::from_ref(node),
        },
        None => &[],
    }
}
