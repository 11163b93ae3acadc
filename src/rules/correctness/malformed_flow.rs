//! Places whose shape is not that of a flow.

use crate::flow::FlowAnalysis;
use crate::linter::RuleContext;

pub(super) fn check<'a>(flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
    for malformed in &flow.malformed {
        cx.report(malformed.span, crate::text::capitalised(&malformed.message)).help(malformed.help.as_str());
    }
}
