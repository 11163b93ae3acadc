//! Schedules that start a flow at night and at weekends because nobody said when it is of use.

use serde::Deserialize;

use super::recurrence::{entries, is_unknown, recurrence, unit_seconds};
use crate::flow::{Element, FlowAnalysis, Place, Trigger, TriggerType};
use crate::json::Node;
use crate::linter::{CodedRule, Interest, OptionError, RuleContext};

const DAY: i64 = 86_400;
const WEEK: i64 = 7 * DAY;

const HELP: &str = "Trigger › Frequency: Week, On these days: Monday to Friday, At these hours: those in which it is of use, Time zone: that of the people it works for.";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct RecurrenceIgnoresBusinessHours {
    from_hour: i64,
    to_hour: i64,
    /// None means that every day is a business day.
    week_days: Vec<String>,
}

impl CodedRule for RecurrenceIgnoresBusinessHours {
    type Options = Self;
    // A sliding window takes no hours: it is made to walk through all of time.
    const ON: &'static [Interest] = &[Interest::Trigger(TriggerType::Recurrence)];

    fn compile(options: Self) -> Result<Self, OptionError> {
        Ok(options)
    }

    fn trigger<'a>(&self, _: &FlowAnalysis<'a>, trigger: &Trigger<'a>, cx: &mut RuleContext<'_, 'a>) {
        let Some(recurrence) = recurrence(trigger) else { return };
        let schedule = recurrence.get("schedule");
        let conditions = trigger.node.get("conditions").map(Node::elements).unwrap_or_default();
        if schedule.is_some_and(is_unknown) || !conditions.is_empty() || asks_for_the_day(cx) {
            return;
        }
        let (hours, days) = (entries(schedule, "hours"), entries(schedule, "weekDays"));
        if hours.is_empty() && days.is_empty() {
            report_unlimited(trigger, recurrence, cx);
        } else {
            self.report_outside(trigger, hours, days, cx);
        }
    }
}

/// Whether a condition of the flow asks which day of the week it is.
fn asks_for_the_day(cx: &RuleContext<'_, '_>) -> bool {
    cx.calls().iter().any(|(site, call)| {
        site.place == Place::Expression && matches!(site.element, Element::Action(_)) && call.is("dayOfWeek")
    })
}

fn report_unlimited<'a>(trigger: &Trigger<'a>, recurrence: &Node<'a>, cx: &mut RuleContext<'_, 'a>) {
    let interval = recurrence.get("interval").and_then(Node::as_int);
    let Some((unit, interval)) = unit_seconds(recurrence).zip(interval) else { return };
    // What comes once a week or less has one day and one time: those of the start.
    let Some(every) = unit.checked_mul(interval).filter(|every| (1..WEEK).contains(every)) else { return };
    let name = recurrence.get("frequency").and_then(Node::as_str).unwrap_or("").to_ascii_lowercase();
    let how_often = if interval == 1 { name } else { format!("{interval} {name}s") };
    let message = if every < DAY {
        format!("'{}' starts a run every {how_often}, at night and at weekends as well", trigger.name)
    } else if recurrence.get("startTime").is_some() {
        format!("'{}' starts a run every {how_often}, on Saturdays and Sundays as well", trigger.name)
    } else {
        format!(
            "'{}' starts a run every {how_often}, at weekends as well, and at the time at which it was saved last",
            trigger.name
        )
    };
    cx.report(trigger.key_span, message).help(HELP);
}

impl RecurrenceIgnoresBusinessHours {
    /// Reports hours and days of a schedule that are not among those of the configuration.
    fn report_outside<'a>(
        &self,
        trigger: &Trigger<'a>,
        hours: &[Node<'a>],
        days: &[Node<'a>],
        cx: &mut RuleContext<'_, 'a>,
    ) {
        let (from, to) = (self.from_hour, self.to_hour);
        let allowed = &self.week_days;
        let is_late = |hour: &Node<'_>| hour.as_int().is_some_and(|hour| hour < from || hour >= to);
        let is_other = |day: &Node<'_>| {
            !allowed.is_empty()
                && !is_unknown(day)
                && day
                    .as_str()
                    .is_some_and(|day| !allowed.iter().any(|known| known.eq_ignore_ascii_case(day)))
        };
        let outside: Vec<&Node<'_>> = hours
            .iter()
            .filter(|hour| is_late(hour))
            .chain(days.iter().filter(|day| is_other(day)))
            .collect();
        if let [first, rest @ ..] = outside.as_slice() {
            let message = format!("'{}' starts a run outside business hours", trigger.name);
            let draft = cx.report(first.span, message).help(HELP);
            for other in rest {
                draft.related(other.span, "this as well");
            }
        } else if days.is_empty() && !allowed.is_empty() {
            let message = format!("'{}' starts a run on every day of the week", trigger.name);
            cx.report(trigger.key_span, message).help(HELP);
        }
    }
}
