//! Waivers that do not say why.

use super::wording::{detail, words};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, ReportContext, WaiverState};

#[derive(Debug)]
pub(crate) struct WaiverWithoutReason;

impl CodedRule for WaiverWithoutReason {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Waiver];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn waiver(&self, waived: &WaiverState, cx: &mut ReportContext<'_>) {
        if waived.waiver.reason.is_some() || waived.named.is_empty() || !waived.waiver.is_allow {
            return;
        }
        cx.report(waived.waiver.location(&waived.waiver.head), format!("The waiver for {} does not say why", words(waived)))
        .help("Write behind it why this is fine here, and for how long: `flowvet: allow … until 2027-01-31 — ten rows a night`.")
        .detail(detail(waived));
    }
}
