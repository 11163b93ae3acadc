//! Schedules of hours or week days that do not say whose hours they are.

use super::recurrence::{BY_CLOCK, entries, recurrence};
use crate::catalog::operations::Effect;
use crate::finding::Severity;
use crate::flow::{FlowAnalysis, Trigger};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct RecurrenceWithoutTimeZone;

impl CodedRule for RecurrenceWithoutTimeZone {
    type Options = NoOptions;
    const ON: &'static [Interest] = BY_CLOCK;

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn trigger<'a>(&self, flow: &FlowAnalysis<'a>, trigger: &Trigger<'a>, cx: &mut RuleContext<'_, 'a>) {
        let Some(recurrence) = recurrence(trigger) else { return };
        let schedule = recurrence.get("schedule");
        let zone = recurrence.get("timeZone").and_then(|zone| zone.as_str());
        let (hours, days) = (entries(schedule, "hours"), entries(schedule, "weekDays"));
        if zone.is_some_and(|zone| !zone.trim().is_empty()) || (hours.is_empty() && days.is_empty()) {
            return;
        }
        let tells_people = flow.actions.iter().find(|action| {
            flow.known_operation(action).and_then(|known| known.effect()) == Some(Effect::Send)
        });
        let what = if hours.is_empty() { "week days" } else { "hours" };
        let message = format!(
            "'{}' is set to {what} and to no time zone: it goes by UTC, and moves by an hour with daylight saving time",
            trigger.name
        );
        let draft = cx.report(trigger.key_span, message);
        draft.help("Trigger › Time zone: choose the one of the people that it works for; choose UTC if that is what is meant.");
        if let Some(action) = tells_people {
            draft.severity(Severity::Warning).related(action.key_span, "this reaches people at that time");
        }
    }
}
