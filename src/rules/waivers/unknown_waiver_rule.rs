//! Waivers that waive nothing: they name no rule, or are not written as waivers are.

use super::wording::detail;
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, ReportContext, WaiverState};

#[derive(Debug)]
pub(crate) struct UnknownWaiverRule;

impl CodedRule for UnknownWaiverRule {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Waiver];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn waiver(&self, waived: &WaiverState, cx: &mut ReportContext<'_>) {
        let head = &waived.waiver.head;
        if !waived.waiver.is_allow {
            let named: Vec<&str> = waived.named.iter().map(|named| named.word.text.as_str()).collect();
            cx.report(waived.waiver.location(head), format!("`{}` waives nothing", head.text))
                .help(format!("Write `flowvet: allow {} — ` and the reason.", named.join(", ")))
                .detail(detail(waived));
        } else if waived.named.is_empty() {
            cx.report(waived.waiver.location(head), "The waiver names no rule, and waives nothing")
            .help("Write which: `flowvet: allow missing-scope — ` and the reason. Every finding says the id of its rule.");
        }
        for named in waived.named.iter().filter(|_| waived.waiver.is_allow) {
            if let Err(message) = &named.meaning {
                cx.report(waived.waiver.location(&named.word), crate::text::capitalised(message))
                    .help("Nothing is waived by it. Every finding says the id of its rule.")
                    .detail(named.word.text.as_str());
            }
        }
    }
}
