//! Schedules that the service refuses.

use super::recurrence::{BY_CLOCK, UNITS, entries, is_unknown, recurrence, unit_seconds};
use crate::catalog::time_zones::{is_time_zone, meant};
use crate::flow::{FlowAnalysis, Product, Trigger};
use crate::json::{Node, Value};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

/// The longest time between two runs that the service takes, in seconds: 500 days.
const LONGEST: i64 = 500 * 86_400;

/// As many months are not more than that.
const MOST_MONTHS: i64 = 16;

/// The unit of months, as `UNITS` has it.
const MONTH: i64 = 2_419_200;

const WEEK_DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

#[derive(Debug)]
pub(crate) struct InvalidRecurrence;

impl CodedRule for InvalidRecurrence {
    type Options = NoOptions;
    const ON: &'static [Interest] = BY_CLOCK;

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn trigger<'a>(&self, flow: &FlowAnalysis<'a>, trigger: &Trigger<'a>, cx: &mut RuleContext<'_, 'a>) {
        let Some(recurrence) = recurrence(trigger) else {
            missing(trigger, cx);
            return;
        };
        frequency(trigger, recurrence, cx);
        interval(flow, trigger, recurrence, cx);
        schedule(trigger, recurrence, cx);
        if flow.product == Product::PowerAutomate {
            schedule_of_unit(trigger, recurrence, cx);
        }
        if let Some(node) = recurrence.get("timeZone")
            && let Some(text) = node.as_str().filter(|text| !text.trim().is_empty())
            && !is_unknown(node)
            && !is_time_zone(text)
        {
            let help = match meant(text) {
                Some(meant) => format!("Did you mean {meant}? The names are those of Windows."),
                None => "Take a name of Windows: 'W. Europe Standard Time', 'Eastern Standard Time', 'UTC'."
                    .into(),
            };
            cx.report(node.span, format!("'{text}' is no time zone that the service knows")).help(help);
        }
    }
}

/// Reports a trigger that starts by the clock and does not say when.
fn missing<'a>(trigger: &Trigger<'a>, cx: &mut RuleContext<'_, 'a>) {
    if !trigger.node.get("recurrence").is_some_and(is_unknown) {
        cx.report(trigger.key_span, format!("'{}' does not say how often it starts a run", trigger.name))
            .help("Give it a `recurrence` with `frequency` and `interval`.");
    }
}

/// Reports parts of a schedule that go with another frequency only.
fn schedule_of_unit<'a>(trigger: &Trigger<'a>, recurrence: &'a Node<'a>, cx: &mut RuleContext<'_, 'a>) {
    let Some(unit) = recurrence.get("frequency").and_then(Node::as_str) else { return };
    let Some(schedule) = recurrence.get("schedule") else { return };
    let is = |name: &str| unit.eq_ignore_ascii_case(name);
    let wrong = schedule.members().iter().find_map(|member| {
        if entries(Some(schedule), member.key).is_empty() {
            return None;
        }
        let units = match member.key {
            _ if ["Second", "Minute", "Hour"].into_iter().any(is) => "Day, Week or Month",
            "weekDays" if is("Day") || is("Month") => "Week",
            "monthDays" if is("Day") || is("Week") => "Month",
            _ => return None,
        };
        Some((member, units))
    });
    if let Some((member, units)) = wrong {
        let key = member.key;
        cx.report(
            member.key_span,
            format!("'{}' has the frequency {unit}, with which the service takes no `{key}`", trigger.name),
        )
        .help(format!("Take the frequency {units}, or take out `{key}`."));
    }
}

fn frequency<'a>(trigger: &Trigger<'a>, recurrence: &'a Node<'a>, cx: &mut RuleContext<'_, 'a>) {
    let Some(node) = recurrence.get("frequency") else {
        cx.report(trigger.key_span, format!("'{}' has no frequency", trigger.name)).help(units());
        return;
    };
    if !is_unknown(node) && unit_seconds(recurrence).is_none() {
        let text = node.as_str().unwrap_or(node.kind());
        let draft = cx.report(node.span, format!("{text} is no frequency of a schedule"));
        match UNITS.iter().find(|(unit, _)| text.trim().eq_ignore_ascii_case(&format!("{unit}s"))) {
            Some((unit, _)) => draft.help(format!("Write {unit}, without the s.")),
            None => draft.help(units()),
        };
    }
}

fn units() -> String {
    let names: Vec<&str> = UNITS.iter().map(|(unit, _)| *unit).collect();
    format!("Frequencies are {}.", names.join(", "))
}

fn interval<'a>(
    flow: &FlowAnalysis<'a>,
    trigger: &Trigger<'a>,
    recurrence: &'a Node<'a>,
    cx: &mut RuleContext<'_, 'a>,
) {
    let Some(node) = recurrence.get("interval") else {
        cx.report(trigger.key_span, format!("'{}' has no interval", trigger.name))
            .help("Say how many of its units lie between two runs: 1 for every one.");
        return;
    };
    if is_unknown(node) {
        return;
    }
    let Some(count) = whole(node).filter(|count| *count >= 1) else {
        cx.report(node.span, format!("The interval of '{}' is no whole number from 1", trigger.name))
            .help("Say how many units lie between two runs: 1 for every one.");
        return;
    };
    let Some(unit) = unit_seconds(recurrence) else { return };
    let seconds = unit.saturating_mul(count);
    if flow.product == Product::PowerAutomate && seconds < 60 {
        cx.report(
            node.span,
            format!(
                "'{}' would start a run every {seconds} seconds: the service takes 60 and more",
                trigger.name
            ),
        )
        .help("Take a minute or more. If it must be faster, start the flow by the event that it looks for.");
    } else if seconds > LONGEST || unit == MONTH && count > MOST_MONTHS {
        cx.report(
            node.span,
            format!(
                "'{}' would wait more than 500 days for its next run: the service refuses that",
                trigger.name
            ),
        )
        .help("Take a shorter interval, and end the run early where it is not its turn.");
    }
}

/// A whole number, also where it is written as `1.0`.
fn whole(node: &Node<'_>) -> Option<i64> {
    node.as_int().or_else(|| match &node.value {
        Value::Number(text) => text.strip_suffix(".0").and_then(|whole| whole.parse().ok()),
        _ => None,
    })
}

fn schedule<'a>(trigger: &Trigger<'a>, recurrence: &'a Node<'a>, cx: &mut RuleContext<'_, 'a>) {
    let schedule = recurrence.get("schedule");
    let mut numbers = |key: &str, range: std::ops::RangeInclusive<i64>, what: &str| {
        for node in entries(schedule, key).iter().filter(|node| !is_unknown(node)) {
            if !whole(node).is_some_and(|number| range.contains(&number)) {
                let message = format!("'{}' is set to {what} that there is not", trigger.name);
                cx.report(node.span, message).help(format!(
                    "`{key}` are whole numbers from {} to {}.",
                    range.start(),
                    range.end()
                ));
            }
        }
    };
    numbers("hours", 0..=23, "an hour");
    numbers("minutes", 0..=59, "a minute");
    for node in entries(schedule, "weekDays").iter().filter(|node| !is_unknown(node)) {
        let known = |day: &str| WEEK_DAYS.iter().any(|known| known.eq_ignore_ascii_case(day));
        if !node.as_str().is_some_and(known) {
            let draft =
                cx.report(node.span, format!("'{}' is set to a week day that there is not", trigger.name));
            match node.as_str().and_then(|day| crate::text::nearest(day, WEEK_DAYS)) {
                Some(near) => draft.help(format!("Did you mean {near}?")),
                None => draft.help("Week days are written in English and in full: Monday."),
            };
        }
    }
}
