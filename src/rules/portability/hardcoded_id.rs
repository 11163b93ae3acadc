//! Ids that are others in every environment, written into the flow.

use super::literal_group::{Groups, keep_it};
use crate::flow::{Flow, Operation};
use crate::json::Node;
use crate::rule::Cx;

/// Parameters whose ids mean a thing of one tenant or environment, by the last word of their key.
const KEYS: [&str; 18] = [
    "groupid",
    "group",
    "teamid",
    "team",
    "channelid",
    "channel",
    "planid",
    "plan",
    "bucketid",
    "driveid",
    "drive",
    "formid",
    "form_id",
    "tenantid",
    "tenant",
    "siteid",
    "recordid",
    "environment",
];

pub(super) fn check<'a>(flow: &Flow<'a>, cx: &mut Cx<'_, 'a>) {
    let mut ids = Groups::default();
    let triggers = flow.triggers.iter().map(|trigger| (flow.trigger_operation(trigger), trigger.node));
    let actions = flow.actions.iter().map(|action| (flow.action_operation(action), action.node));
    for (operation, node) in triggers.chain(actions) {
        if let Some(operation) = operation {
            look_at(flow, operation, node, &mut ids);
        }
    }
    for (id, places) in ids.into_sorted() {
        let draft = cx.report(
            places[0],
            format!(
                "'{id}' is the id of one team, plan, form or row: in another environment it is another one"
            ),
        );
        draft.grouped().help(keep_it(flow, "the id", ""));
        for place in &places[1..] {
            draft.related(*place, "the same id");
        }
    }
}

fn look_at<'a>(flow: &Flow<'a>, operation: Operation<'a>, node: &'a Node<'a>, ids: &mut Groups) {
    // Models of AI Builder travel with the solution, under the same id.
    let is_ai = |name: &str| name.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("aibuilder"));
    if is_ai(operation.id) || is_ai(operation.connector.trim_start_matches("shared_")) {
        return;
    }
    flow.each_parameter(node, &mut |key, value| {
        if !KEYS.iter().any(|known| known.eq_ignore_ascii_case(key)) {
            return;
        }
        let Some(literal) = flow.literal(value) else { return };
        let text = literal.text.trim();
        // Rows with ids like 00000001-… are made by an import, with the same ids everywhere.
        if (is_guid(text) && !text.starts_with("0000000")) || is_channel(text) || is_opaque(key, text) {
            ids.add(text, literal.span);
        }
    });
}

/// Whether a text is a GUID, with or without braces.
pub(super) fn is_guid(text: &str) -> bool {
    let text = text.trim().trim_start_matches('{').trim_end_matches('}');
    let lengths = [8, 4, 4, 4, 12];
    let mut groups = text.split('-');
    lengths.iter().all(|length| {
        groups
            .next()
            .is_some_and(|group| group.len() == *length && group.bytes().all(|byte| byte.is_ascii_hexdigit()))
    }) && groups.next().is_none()
}

/// Whether a text is the id of a channel in Teams.
fn is_channel(text: &str) -> bool {
    text.starts_with("19:") && text.contains("@thread")
}

/// Whether a text is the id of a plan or bucket in Planner (28 letters, digits, hyphens and underscores), of a form
/// (longer ones), or of a drive.
fn is_opaque(key: &str, text: &str) -> bool {
    let is = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(key));
    let is_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let plain = text.bytes().all(is_id);
    (is(&["planid", "bucketid"]) && text.len() == 28 && plain)
        || (is(&["formid", "form_id"]) && text.len() >= 40 && plain)
        || (is(&["driveid", "drive"]) && text.starts_with("b!"))
}
