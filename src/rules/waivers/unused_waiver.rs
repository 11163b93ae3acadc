//! Waivers that nothing needs.

use super::wording::{held_for, note};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, ReportContext, WaiverState};

#[derive(Debug)]
pub(crate) struct UnusedWaiver;

impl CodedRule for UnusedWaiver {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Waiver];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn waiver(&self, waived: &WaiverState, cx: &mut ReportContext<'_>) {
        if !waived.holds() {
            return;
        }
        for named in waived.named.iter().filter(|named| named.is_judged && named.covered == 0) {
            let word = &named.word.text;
            let help = match waived.named.as_slice() {
                [_] => format!("Delete the waiver from the {}.", note(waived)),
                _ => format!("Take `{word}` out of the waiver in the {}.", note(waived)),
            };
            cx.report(
                waived.waiver.location(&named.word),
                format!("Nothing in {} needs the waiver for `{word}`", held_for(waived)),
            )
            .help(help)
            .detail(word.as_str());
        }
    }
}
