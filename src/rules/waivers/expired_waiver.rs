//! Waivers whose last day has passed, or cannot be told.

use super::wording::{detail, note, words};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, ReportContext, WaiverState};
use crate::text::plural;

#[derive(Debug)]
pub(crate) struct ExpiredWaiver;

impl CodedRule for ExpiredWaiver {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Waiver];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn waiver(&self, waived: &WaiverState, cx: &mut ReportContext<'_>) {
        let Some(until) = waived.waiver.until.as_ref().filter(|_| waived.waiver.is_allow) else { return };
        let covered: usize = waived.named.iter().map(|named| named.covered).sum();
        let (message, help) = match until.date {
            None if until.written.place == waived.waiver.head.place => (
                format!("The waiver for {} has an `until` without a day, and does not hold", words(waived)),
                as_day(),
            ),
            None => (
                format!(
                    "`{}` is no day, and the waiver for {} does not hold",
                    until.written.text,
                    words(waived)
                ),
                as_day(),
            ),
            Some(date) if waived.is_over => (
                format!("The waiver for {} ended on {date}: {}", words(waived), outcome(covered)),
                match covered {
                    0 => format!("Delete it from the {}.", note(waived)),
                    _ => format!("Mend what it waived, or set a new day in the {}.", note(waived)),
                },
            ),
            Some(_) => return,
        };
        cx.report(waived.waiver.location(&until.written), message).help(help).detail(detail(waived));
    }
}

fn as_day() -> String {
    "Write the last day as year, month and day: `until 2027-01-31`.".into()
}

fn outcome(covered: usize) -> String {
    match covered {
        0 => "nothing needs it any more".into(),
        1 => "1 finding counts again".into(),
        many => format!("{} count again", plural(many, "finding")),
    }
}
