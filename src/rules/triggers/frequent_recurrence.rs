//! Schedules that start a flow so often that most runs find nothing to do.

use super::recurrence::{entries, recurrence, unit_seconds};
use crate::flow::{Flow, Trigger};
use crate::json::Node;
use crate::rule::Cx;
use crate::source::Span;

const DAY: i64 = 86_400;

pub(super) fn check<'a>(_: &Flow<'a>, trigger: &Trigger<'a>, cx: &mut Cx<'_, 'a>) {
    let Some(recurrence) = recurrence(trigger) else { return };
    let Some((seconds, place)) = shortest_gap(recurrence) else { return };
    let least = cx.int("min-interval").saturating_mul(60);
    // Under a minute it is refused: that is `invalid-recurrence`.
    if seconds >= least || seconds < 1 {
        return;
    }
    let message = format!(
        "'{}' starts a run every {}: {} runs a day, whether there is something to do or not",
        trigger.name,
        words(seconds),
        DAY / seconds
    );
    cx.report(place, message).help(format!(
        "Trigger › Interval: {} minutes or more. Better: start the flow by the event that it looks for.",
        least / 60
    ));
}

/// The shortest time between two runs in seconds, and the place that says so.
fn shortest_gap(recurrence: &Node<'_>) -> Option<(i64, Span)> {
    let unit = unit_seconds(recurrence)?;
    let interval = recurrence.get("interval")?;
    let every = unit.checked_mul(interval.as_int()?)?;
    let mut minutes: Vec<i64> =
        entries(recurrence.get("schedule"), "minutes").iter().filter_map(Node::as_int).collect();
    minutes.sort_unstable();
    minutes.dedup();
    let between = minutes.windows(2).map(|pair| pair[1] - pair[0]).min();
    match (between, recurrence.at(&["schedule", "minutes"])) {
        // Minutes of an hour count only where the schedule goes by days.
        (Some(minutes), Some(list)) if unit >= DAY => {
            let member = recurrence.get("schedule")?.member("minutes")?;
            let place = if list.as_str().is_some() { list.span } else { member.key_span };
            Some((minutes * 60, place))
        }
        _ => Some((every, interval.span)),
    }
}

fn words(seconds: i64) -> String {
    match (seconds / 60, seconds % 60) {
        (1, 0) => "minute".into(),
        (minutes, 0) => format!("{minutes} minutes"),
        _ => format!("{seconds} seconds"),
    }
}
