//! Waivers that nothing needs.

use super::{held_for, note};
use crate::flow::FlowAnalysis;
use crate::linter::{RuleContext, WaiverState};

pub(super) fn check<'a>(flow: &FlowAnalysis<'a>, waived: &WaiverState, cx: &mut RuleContext<'_, 'a>) {
    if !waived.holds() {
        return;
    }
    for named in waived.named.iter().filter(|named| named.is_judged && named.covered == 0) {
        let word = &named.mark.text;
        let help = match waived.named.as_slice() {
            [_] => format!("Delete the waiver from the {}.", note(waived)),
            _ => format!("Take `{word}` out of the waiver in the {}.", note(waived)),
        };
        cx.report(
            named.mark.span,
            format!("Nothing in {} needs the waiver for `{word}`", held_for(flow, waived)),
        )
        .help(help)
        .detail(word.as_str());
    }
}
