//! The triggers of Dataverse: what their parameters say, and which names stand for one table or column.

use std::collections::BTreeSet;

use crate::catalog::connectors::Connector;
use crate::catalog::rows::{Changes, column};
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

/// Whether a set of rows is that of a table, by the plurals that Dataverse makes; both in lower case.
pub(super) fn is_set_of(set: &str, table: &str) -> bool {
    let ies = table.strip_suffix('y').map(|stem| format!("{stem}ies"));
    set == format!("{table}s") || set == format!("{table}es") || ies.as_deref() == Some(set)
}

/// The text of a scalar; empty for anything else.
pub(super) fn text(node: &Node<'_>) -> String {
    match &node.value {
        Value::String(text) | Value::Number(text) => text.to_string(),
        _ => String::new(),
    }
}

/// Adds the columns that a row filter asks for; none if it is not read that far.
pub(super) fn add_filter_columns(filter: &str, columns: &mut BTreeSet<String>) -> Option<()> {
    const WORDS: [&str; 14] =
        ["eq", "ne", "gt", "ge", "lt", "le", "and", "or", "not", "in", "null", "true", "false", "has"];
    // Every other piece stands in quotes: doubled quotes inside one end it and begin it anew.
    for piece in filter.split('\'').step_by(2) {
        let mut rest = piece;
        while let Some(start) = rest.find(|c: char| !is_between(c)) {
            let behind = &rest[start..];
            let end = behind.find(is_between).unwrap_or(behind.len());
            let (word, after) = behind.split_at(end);
            rest = after;
            let is_id = word.len() == 36 && word.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
            let is_number = word.starts_with(|c: char| c.is_ascii_digit() || c == '-');
            let is_function = after.starts_with('(') && word.bytes().all(|b| b.is_ascii_alphabetic());
            if is_id || is_number || is_function || WORDS.contains(&word.to_ascii_lowercase().as_str()) {
                continue;
            }
            columns.insert(column(word).filter(|_| !word.contains('@'))?);
        }
    }
    Some(())
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')' | ',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_tells_its_columns_or_nothing() {
        let columns = |filter: &str| {
            let mut columns = BTreeSet::new();
            add_filter_columns(filter, &mut columns)
                .map(|()| columns.into_iter().collect::<Vec<_>>().join(","))
        };
        for (filter, expected) in [
            ("statuscode eq 1", Some("statuscode")),
            (
                "(ctso_name ne 'it''s and that') and not contains(ctso_code,'x') or ctso_sum gt 1.5",
                Some("ctso_code,ctso_name,ctso_sum"),
            ),
            ("_ctso_customer_value eq a0000000-0000-0000-0000-0000000000ff", Some("ctso_customer")),
            ("createdon gt 2024-01-31T10:00:00Z and ctso_open eq true", Some("createdon,ctso_open")),
            ("", Some("")),
            ("ctso_customer/name eq 'x'", None),
            ("ctso_name eq @{parameters('x')}", None),
            ("Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=7)", None),
        ] {
            assert_eq!(columns(filter).as_deref(), expected, "{filter}");
        }
    }
}
