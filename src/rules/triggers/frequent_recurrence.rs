//! Schedules that start a flow so often that most runs find nothing to do.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::recurrence::{BY_CLOCK, entries, recurrence, unit_seconds};
use crate::flow::{FlowAnalysis, Trigger};
use crate::json::Node;
use crate::linter::{CodedRule, Interest, OptionError, RuleContext};
use crate::text::Span;

const DAY: i64 = 86_400;

/// As many runs a day are worth a word about how close they are; a handful costs nothing.
const MANY: usize = 12;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct FrequentRecurrence {
    /// In minutes.
    min_interval: i64,
}

impl CodedRule for FrequentRecurrence {
    type Options = Self;
    const ON: &'static [Interest] = BY_CLOCK;

    fn compile(options: Self) -> Result<Self, OptionError> {
        Ok(options)
    }

    fn trigger<'a>(&self, _: &FlowAnalysis<'a>, trigger: &Trigger<'a>, cx: &mut RuleContext<'_, 'a>) {
        let Some(recurrence) = recurrence(trigger) else { return };
        let Some((unit, interval)) = unit_seconds(recurrence).zip(recurrence.get("interval")) else { return };
        let Some(every) = interval.as_int().and_then(|interval| unit.checked_mul(interval)) else { return };
        let least = self.min_interval.saturating_mul(60);
        let name = trigger.name;
        let enough = least / 60;
        // Hours and minutes count only where the schedule goes by days.
        let (message, place, how) = match times(recurrence).filter(|_| unit >= DAY) {
            Some((times, place)) => {
                // Behind the last time of a day comes the first one of the next.
                let night = (every == DAY).then(|| times[0] + DAY / 60 - times[times.len() - 1]);
                let Some(gap) = times.windows(2).map(|pair| pair[1] - pair[0]).chain(night).min() else {
                    return;
                };
                if gap.saturating_mul(60) >= least || times.len() < MANY {
                    return;
                }
                let when = if every == DAY { "a day" } else { "on each of its days" };
                let gap = match gap {
                    1 => "a minute".to_owned(),
                    gap => format!("{gap} minutes"),
                };
                let count = times.len();
                (
                    format!(
                        "'{name}' starts {count} runs {when}, as little as {gap} apart, whether there is something to do or not"
                    ),
                    place,
                    format!("At these hours, At these minutes: {enough} minutes apart or more"),
                )
            }
            // Under a minute it is refused: that is `invalid-recurrence`.
            None if (1..least).contains(&every) => {
                let (gap, runs) = (words(every), DAY / every);
                (
                    format!(
                        "'{name}' starts a run every {gap}: {runs} runs a day, whether there is something to do or not"
                    ),
                    interval.span,
                    format!("Interval: {enough} minutes or more"),
                )
            }
            None => return,
        };
        cx.report(place, message)
            .help(format!("Trigger › {how}. Better: start the flow by the event that it looks for."));
    }
}

/// The minutes of the day at which a schedule starts runs, in order, and the place that makes them many. None where
/// it names no hours and no minutes.
fn times(recurrence: &Node<'_>) -> Option<(Vec<i64>, Span)> {
    let schedule = recurrence.get("schedule")?;
    // In order and each once. What is not named is that of the start, which is one.
    let numbers = |key: &str, end: i64| {
        let all = entries(Some(schedule), key).iter().filter_map(Node::as_int);
        let numbers: BTreeSet<i64> = all.filter(|number| (0..end).contains(number)).collect();
        if numbers.is_empty() { BTreeSet::from([0]) } else { numbers }
    };
    let (hours, minutes) = (numbers("hours", 24), numbers("minutes", 60));
    let place = |key: &str| {
        let member = schedule.member(key)?;
        Some(if member.value.as_str().is_some() { member.value.span } else { member.key_span })
    };
    let place =
        if minutes.len() > 1 { place("minutes")? } else { place("hours").or_else(|| place("minutes"))? };
    let times = hours.iter().flat_map(|hour| minutes.iter().map(move |minute| hour * 60 + minute)).collect();
    Some((times, place))
}

fn words(seconds: i64) -> String {
    match (seconds / 60, seconds % 60) {
        (1, 0) => "minute".into(),
        (minutes, 0) => format!("{minutes} minutes"),
        _ => format!("{seconds} seconds"),
    }
}
