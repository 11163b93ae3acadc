//! Places whose shape is not that of a flow.

use crate::flow::Flow;
use crate::rule::Cx;

pub(super) fn check<'a>(flow: &Flow<'a>, cx: &mut Cx<'_, 'a>) {
    for malformed in &flow.malformed {
        cx.report(malformed.span, crate::capitalised(&malformed.message)).help(malformed.help.as_str());
    }
}
