//! The triggers of Dataverse: what their parameters say, and which names stand for one table or column.

use std::collections::BTreeSet;

use crate::flow::{Operation, Trigger};
use crate::json::{Node, Value};

pub(super) fn is_dataverse(operation: Operation<'_>) -> bool {
    operation.connector.eq_ignore_ascii_case("shared_commondataserviceforapps")
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

/// Whether a change type includes "added". Numbers: Dataverse table reference, `callbackregistration`, Message.
pub(super) fn includes_added(message: &str) -> bool {
    ["1", "4", "5", "7"].contains(&message)
}

/// Whether a change type includes "modified".
pub(super) fn includes_modified(message: &str) -> bool {
    ["3", "4", "6", "7"].contains(&message)
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

/// The column that a name in the body of a row stands for, in lower case: itself, the look-up behind
/// `_customerid_value`, the choice behind `_statuscode_label`.
pub(super) fn column(name: &str) -> Option<String> {
    let plain = name.split('@').next()?.to_ascii_lowercase();
    let inner = plain.strip_prefix('_').and_then(|rest| {
        ["_value", "_label", "_type"].into_iter().find_map(|suffix| rest.strip_suffix(suffix))
    });
    let column = inner.unwrap_or(&plain);
    let is_name = column.starts_with(|c: char| c.is_ascii_lowercase())
        && column.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then(|| column.to_owned())
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

    #[test]
    fn names_in_a_row_stand_for_columns() {
        for (name, expected) in [
            ("ctso_Name", Some("ctso_name")),
            ("_ctso_customer_value", Some("ctso_customer")),
            ("_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname", Some("ownerid")),
            ("_statuscode_label", Some("statuscode")),
            ("statuscode@OData.Community.Display.V1.FormattedValue", Some("statuscode")),
            ("ctso_my_value", Some("ctso_my_value")),
            ("a b", None),
            ("", None),
        ] {
            assert_eq!(column(name).as_deref(), expected, "{name}");
        }
    }
}
