//! A condition of the flow, written as a trigger takes it: as a trigger condition, or as a filter of rows.

use crate::expr::{Call, Expr, ExprKind, Template};
use crate::flow::{Action, ActionType, FlowAnalysis};
use crate::json::{Node, Value};

/// Names of comparisons as filters of rows have them, and the opposite of each.
const OPERATORS: [(&str, &str, &str); 5] = [
    ("equals", "eq", "ne"),
    ("greater", "gt", "le"),
    ("greaterOrEquals", "ge", "lt"),
    ("less", "lt", "ge"),
    ("lessOrEquals", "le", "gt"),
];

/// What the connector puts beside the columns of a row.
const OF_THE_EVENT: [&str; 3] = ["iteminternalid", "runassystemuserid", "sdkmessage"];

/// The condition of an action as a trigger condition; turned round where the no side is what works.
pub(super) fn trigger_condition(
    flow: &FlowAnalysis<'_>,
    action: &Action<'_>,
    keeps_yes: bool,
) -> Option<String> {
    let condition = action.node.get("expression")?;
    let text = match action.ty {
        ActionType::Switch => {
            let case = action.node.get("cases")?.members().first()?.value.get("case")?;
            format!("equals({}, {})", operand(flow, condition)?, operand(flow, case)?)
        }
        _ => expression(flow, condition)?,
    };
    Some(if keeps_yes { format!("@{text}") } else { format!("@not({text})") })
}

/// A condition in its text form, without the `@`.
fn expression(flow: &FlowAnalysis<'_>, condition: &Node<'_>) -> Option<String> {
    if condition.as_str().is_some() {
        return operand(flow, condition);
    }
    let [member] = condition.members() else { return None };
    let name = member.key;
    match name {
        "and" | "or" => {
            let parts: Vec<String> =
                member.value.elements().iter().map(|part| expression(flow, part)).collect::<Option<_>>()?;
            match parts.as_slice() {
                [] => None,
                [one] => Some(one.clone()),
                many => Some(format!("{name}({})", many.join(", "))),
            }
        }
        "not" => expression(flow, &member.value).map(|inner| format!("not({inner})")),
        _ => {
            let [left, right] = member.value.elements() else { return None };
            Some(format!("{name}({}, {})", operand(flow, left)?, operand(flow, right)?))
        }
    }
}

/// A value as an operand of an expression.
fn operand(flow: &FlowAnalysis<'_>, node: &Node<'_>) -> Option<String> {
    match &node.value {
        Value::Null => Some("null".into()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => match flow.template_of(node) {
            Some(Template::Whole(expr)) => text.get(expr.at.range()).map(str::to_owned),
            Some(Template::Literal) | None if Template::is_plain(text) => {
                Some(format!("'{}'", text.replace('\'', "''")))
            }
            _ => None,
        },
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// The condition of an action as a filter of rows, where it compares columns of the row with literals.
pub(super) fn filter_rows(flow: &FlowAnalysis<'_>, action: &Action<'_>, keeps_yes: bool) -> Option<String> {
    if action.ty != ActionType::If {
        return None;
    }
    rows_of(flow, action.node.get("expression")?, keeps_yes, false)
}

fn rows_of(flow: &FlowAnalysis<'_>, condition: &Node<'_>, positive: bool, inside: bool) -> Option<String> {
    if let Some(Template::Whole(expr)) = flow.template_of(condition) {
        return rows_of_call(expr, positive, inside);
    }
    let [member] = condition.members() else { return None };
    match member.key {
        joint @ ("and" | "or") => {
            let parts = member.value.elements();
            let several = parts.len() > 1;
            let parts = parts
                .iter()
                .map(|part| rows_of(flow, part, positive, several))
                .collect::<Option<Vec<_>>>()?;
            join(parts, joint, positive, inside)
        }
        "not" => rows_of(flow, &member.value, !positive, inside),
        name => {
            let [left, right] = member.value.elements() else { return None };
            let column = match flow.template_of(left)? {
                Template::Whole(expr) => column(expr)?,
                _ => return None,
            };
            let value = match &right.value {
                Value::Null => "null".to_owned(),
                Value::Bool(truth) => truth.to_string(),
                Value::Number(number) => number.to_string(),
                Value::String(text) => match flow.template_of(right) {
                    Some(Template::Whole(expr)) => scalar(expr)?,
                    _ if Template::is_plain(text) => quoted(text)?,
                    _ => return None,
                },
                _ => return None,
            };
            compare(name, &column, &value, positive)
        }
    }
}

fn rows_of_call(expr: &Expr<'_>, positive: bool, inside: bool) -> Option<String> {
    let ExprKind::Call(call) = &expr.kind else { return None };
    let lower = call.name.to_ascii_lowercase();
    match lower.as_str() {
        joint @ ("and" | "or") => {
            let several = call.arguments.len() > 1;
            let parts = call
                .arguments
                .iter()
                .map(|part| rows_of_call(part, positive, several))
                .collect::<Option<Vec<_>>>()?;
            join(parts, joint, positive, inside)
        }
        "not" => rows_of_call(call.arguments.first()?, !positive, inside),
        _ => {
            let [left, right] = call.arguments else { return None };
            let name = OPERATORS.iter().find(|(name, ..)| call.is(name))?.0;
            compare(name, &column(left)?, &scalar(right)?, positive)
        }
    }
}

fn join(parts: Vec<String>, joint: &str, positive: bool, inside: bool) -> Option<String> {
    // What is turned round inside is joined the other way.
    let word = if (joint == "and") == positive { " and " } else { " or " };
    match parts.len() {
        0 => None,
        1 => parts.into_iter().next(),
        _ if inside => Some(format!("({})", parts.join(word))),
        _ => Some(parts.join(word)),
    }
}

fn compare(name: &str, column: &str, value: &str, positive: bool) -> Option<String> {
    let (_, same, opposite) = OPERATORS.into_iter().find(|(known, ..)| known.eq_ignore_ascii_case(name))?;
    Some(format!("{column} {} {value}", if positive { same } else { opposite }))
}

/// The column of the row that an expression reads: `triggerOutputs()?['body/x']` or `triggerBody()?['x']`.
///
/// Of the words that stand beside the columns of an event, such as `SdkMessage` and `_statuscode_label`, a filter of
/// rows knows none. Expressions read a column in any case, filters take its name as it is: in small letters.
fn column(expr: &Expr<'_>) -> Option<String> {
    let ExprKind::Call(call) = &expr.kind else { return None };
    let name = event_column(call)?.to_ascii_lowercase();
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let is_beside = OF_THE_EVENT.contains(&name.as_str())
        || (name.starts_with('_') && (name.ends_with("_label") || name.ends_with("_type")));
    (is_name && !name.is_empty() && !is_beside).then_some(name)
}

/// What a call reads of the event by one step, or by `body` and one more.
fn event_column<'c>(call: &'c Call<'_>) -> Option<&'c str> {
    let keys: Vec<&str> = call.steps.iter().map(|step| step.key.as_text()).collect::<Option<_>>()?;
    match keys.as_slice() {
        [name] if call.is("triggerBody") => Some(name),
        [path] if call.is("triggerOutputs") => path.strip_prefix("body/"),
        ["body", name] if call.is("triggerOutputs") => Some(name),
        _ => None,
    }
}

fn scalar(expr: &Expr<'_>) -> Option<String> {
    match &expr.kind {
        ExprKind::Null => Some("null".into()),
        ExprKind::Bool(truth) => Some(truth.to_string()),
        ExprKind::Integer(number) | ExprKind::Float(number) => Some((*number).to_owned()),
        ExprKind::String(text) => quoted(text),
        ExprKind::Call(_) => None,
    }
}

/// A text as a filter has it; ids stand without quotes. None for what looks like a date: a column of dates takes it
/// without quotes and in one form only, a column of texts with quotes, and the file does not tell which it is.
fn quoted(text: &str) -> Option<String> {
    let is_id = text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    match is_id {
        true => Some(text.to_owned()),
        false if looks_like_date(text) => None,
        false => Some(format!("'{}'", text.replace('\'', "''"))),
    }
}

/// `2024-01-31`, `2024-01-31T10:00:00Z`, `31.1.2024`, `1/31/2024 10:00`, and other numbers that are written so.
fn looks_like_date(text: &str) -> bool {
    let of_dates = |byte: u8| byte.is_ascii_digit() || b"-/.:TZ+ ".contains(&byte);
    text.starts_with(|first: char| first.is_ascii_digit())
        && text.bytes().all(of_dates)
        && ['-', '/', '.'].iter().any(|between| text.matches(*between).count() >= 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::{Detected, detect, load};
    use crate::text::Arena;
    use crate::{json, text::Source};

    /// Both forms of a condition: as a filter of rows and as a trigger condition.
    fn written(expression: &str, keeps_yes: bool) -> (Option<String>, Option<String>) {
        let text = format!(
            r#"{{"definition": {{"triggers": {{}}, "actions": {{"Predicate": {{"type": "If", "expression": {expression}, "actions": {{}}}}}}}}}}"#
        );
        let source = Source::new("flow.json", text);
        let arena = Arena::new();
        let root = json::parse(&source.text, &arena).unwrap();
        let Detected::Flows(found) = detect(&root, "") else { panic!("a flow") };
        let flow = crate::flow::FlowAnalysis::new(load(&source, &found[0], None, &arena));
        let action = &flow.actions[0];
        (filter_rows(&flow, action, keeps_yes), trigger_condition(&flow, action, keeps_yes))
    }

    #[test]
    fn conditions_are_written_as_triggers_take_them() {
        for (expression, keeps_yes, rows, condition) in [
            (
                r#"{"equals": ["@triggerOutputs()?['body/a']", "it's"]}"#,
                true,
                Some("a eq 'it''s'"),
                "@equals(triggerOutputs()?['body/a'], 'it''s')",
            ),
            (
                r#"{"and": [{"not": {"equals": ["@triggerBody()?['a']", true]}}, {"or": [{"less": ["@triggerBody()?['b']", 3]}, {"equals": ["@triggerBody()?['b']", "@null"]}]}]}"#,
                true,
                Some("a ne true and (b lt 3 or b eq null)"),
                "@and(not(equals(triggerBody()?['a'], true)), or(less(triggerBody()?['b'], 3), equals(triggerBody()?['b'], null)))",
            ),
            // Turned round, what is joined by `or` is joined by `and`.
            (
                r#""@or(equals(triggerBody()?['a'], 1), greater(triggerBody()?['b'], 2))""#,
                false,
                Some("a ne 1 and b le 2"),
                "@not(or(equals(triggerBody()?['a'], 1), greater(triggerBody()?['b'], 2)))",
            ),
            (
                r#"{"equals": ["@triggerBody()?['StatusCode']", 1]}"#,
                true,
                Some("statuscode eq 1"),
                "@equals(triggerBody()?['StatusCode'], 1)",
            ),
            // The words of the event are no columns, and a date would need to be written for its column.
            (
                r#"{"equals": ["@triggerOutputs()?['body/SdkMessage']", "Create"]}"#,
                true,
                None,
                "@equals(triggerOutputs()?['body/SdkMessage'], 'Create')",
            ),
            (
                r#"{"equals": ["@triggerOutputs()?['body/_statuscode_label']", "Open"]}"#,
                true,
                None,
                "@equals(triggerOutputs()?['body/_statuscode_label'], 'Open')",
            ),
            (
                r#"{"and": [{"equals": ["@triggerBody()?['a']", 1]}, {"equals": ["@triggerBody()?['_a_type']", "accounts"]}]}"#,
                true,
                None,
                "@and(equals(triggerBody()?['a'], 1), equals(triggerBody()?['_a_type'], 'accounts'))",
            ),
            (
                r#""@greater(triggerBody()?['a'], '2024-01-31T10:00:00Z')""#,
                true,
                None,
                "@greater(triggerBody()?['a'], '2024-01-31T10:00:00Z')",
            ),
            (
                r#"{"contains": ["@triggerBody()?['a']", "x"]}"#,
                true,
                None,
                "@contains(triggerBody()?['a'], 'x')",
            ),
            (
                r#"{"equals": ["@triggerBody()?['a b']?['c']", "00000000-0000-0000-0000-0000000000ff"]}"#,
                true,
                None,
                "@equals(triggerBody()?['a b']?['c'], '00000000-0000-0000-0000-0000000000ff')",
            ),
        ] {
            let (filter, trigger) = written(expression, keeps_yes);
            assert_eq!(filter.as_deref(), rows, "{expression}");
            assert_eq!(trigger.as_deref(), Some(condition), "{expression}");
        }
    }

    #[test]
    fn what_cannot_be_written_is_left_out() {
        assert_eq!(written(r#"{"equals": ["a @{triggerBody()} b", 1]}"#, true), (None, None));
        assert_eq!(written("{}", true), (None, None));
        assert_eq!(written(r#"{"and": []}"#, true), (None, None));
    }
}
