//! The triggers of Dataverse: what their parameters say, and which names stand for one table or column.

use crate::catalog::connectors::Connector;
use crate::catalog::rows::Changes;
use crate::flow::{Operation, Trigger};
use crate::json::{Node, Value};

pub(super) fn is_dataverse(operation: Operation<'_>) -> bool {
    operation.service == Connector::Dataverse
}

/// Whether a trigger listens to rows that are added, modified or deleted.
pub(super) fn is_row_trigger(operation: Operation<'_>) -> bool {
    let id = operation.id;
    is_dataverse(operation)
        && ["SubscribeWebhookTrigger", "SubscribeWebhookTriggerWithOrganization"]
            .iter()
            .any(|known| id.eq_ignore_ascii_case(known))
}

/// What a row trigger listens to: `message`, `entityname`, `filteringattributes`, …; empty where nothing is set.
pub(super) fn subscribed(trigger: &Trigger<'_>, name: &str) -> String {
    let parameter = format!("subscriptionRequest/{name}");
    trigger.node.at(&["inputs", "parameters", &parameter]).map(text).unwrap_or_default()
}

/// The changes that a row trigger takes; none where the file does not tell.
pub(super) fn changes(trigger: &Trigger<'_>) -> Option<Changes> {
    Changes::of_message(&subscribed(trigger, "message"))
}

/// Whether a row trigger starts for a change of a row that is there.
pub(super) fn takes_modified(trigger: &Trigger<'_>) -> bool {
    changes(trigger).is_some_and(|changes| changes.modified)
}

/// The text of a scalar; empty for anything else.
pub(super) fn text(node: &Node<'_>) -> String {
    match &node.value {
        Value::String(text) | Value::Number(text) => text.to_string(),
        _ => String::new(),
    }
}
