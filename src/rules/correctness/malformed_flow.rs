//! Places whose shape is not that of a flow.

use crate::flow::Flow;
use crate::rule::Cx;

pub(super) fn check<'a>(flow: &Flow<'a>, cx: &mut Cx<'_, 'a>) {
    for malformed in &flow.malformed {
        let mut message = malformed.message.clone();
        message[..1].make_ascii_uppercase();
        cx.report(malformed.span, message).help(malformed.help.as_str());
    }
}
