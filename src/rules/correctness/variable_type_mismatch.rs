//! Variables that are used, or get a value, against their type.

use crate::expr::Template;
use crate::flow::{Action, ActionType, Flow, Variable, VariableType};
use crate::json::{Member, Node, Value};
use crate::rule::Cx;
use crate::source::Span;

pub(super) fn check<'a>(flow: &Flow<'a>, action: &Action<'a>, cx: &mut Cx<'_, 'a>) {
    if action.ty == ActionType::InitializeVariable {
        return check_initial_values(action, cx);
    }
    let (allowed, what): (&[VariableType], &str) = match action.ty {
        ActionType::SetVariable => (&[], ""),
        ActionType::IncrementVariable => (&[VariableType::Integer, VariableType::Float], "adds to"),
        ActionType::DecrementVariable => (&[VariableType::Integer, VariableType::Float], "subtracts from"),
        ActionType::AppendToStringVariable => (&[VariableType::String], "appends text to"),
        ActionType::AppendToArrayVariable => (&[VariableType::Array], "appends an item to"),
        _ => return,
    };
    let Some(inputs) = action.node.get("inputs") else { return };
    let Some((name, span)) = inputs.get("name").and_then(|node| Some((node.as_str()?, node.span))) else {
        return;
    };
    let Some((variable, ty)) = declared(flow, name) else { return };
    let value = inputs.member("value");
    if allowed.is_empty() {
        // Set variable takes whatever the variable may hold.
        if let Some(value) = value.filter(|value| !fits(&value.value, ty)) {
            report_value(variable.name, ty, value, Some(variable.name_span), cx);
        }
    } else if !allowed.contains(&ty) {
        let message = format!(
            "'{}' {what} '{}', which is {} and cannot take it",
            action.name,
            variable.name,
            named(ty)
        );
        cx.report(span, message)
            .help(instead(action.ty, ty))
            .detail(variable.name.to_lowercase())
            .related(variable.name_span, format!("'{}' is initialized as {} here", variable.name, named(ty)));
    } else if allowed.contains(&VariableType::Integer)
        && let Some(value) = value.filter(|value| !fits(&value.value, VariableType::Float))
    {
        let message = format!(
            "'{}' {what} '{}' by {}, and can only do so by a number",
            action.name,
            variable.name,
            value.value.kind()
        );
        cx.report(place(value), message)
            .help("Put a number into Value.")
            .detail(variable.name.to_lowercase());
    }
}

fn check_initial_values<'a>(action: &Action<'a>, cx: &mut Cx<'_, 'a>) {
    let list = action.node.at(&["inputs", "variables"]).map(Node::elements).unwrap_or_default();
    for variable in list {
        let text = |key| variable.get(key).and_then(Node::as_str);
        if let Some(ty) = text("type").and_then(VariableType::named)
            && let Some(value) = variable.member("value").filter(|value| !fits(&value.value, ty))
        {
            report_value(text("name").unwrap_or(action.name), ty, value, None, cx);
        }
    }
}

/// A variable and its type, where the flow is of one mind about it.
fn declared<'f, 'a>(flow: &'f Flow<'a>, name: &'f str) -> Option<(&'f Variable<'a>, VariableType)> {
    if name.contains('@') {
        return None;
    }
    let mut initializations = flow.initializations(name);
    let first = initializations.next()?;
    let ty = first.ty?;
    initializations.all(|other| other.ty == Some(ty)).then_some((first, ty))
}

fn report_value<'a>(
    name: &str,
    ty: VariableType,
    value: &Member<'a>,
    initialized: Option<Span>,
    cx: &mut Cx<'_, 'a>,
) {
    let message = format!("'{name}' is {} and gets {}, which it cannot hold", named(ty), value.value.kind());
    let draft = cx
        .report(place(value), message)
        .help(format!("Give it {}, or change the type where the variable is initialized.", named(ty)))
        .detail(name.to_lowercase());
    if let Some(span) = initialized {
        draft.related(span, format!("'{name}' is initialized as {} here", named(ty)));
    }
}

/// Whether a value can be of a type. What is computed can be anything; null clears any variable; and text
/// that spells the value, or is empty, is left alone: whether the service converts it is not documented.
fn fits(value: &Node<'_>, ty: VariableType) -> bool {
    match (&value.value, ty) {
        (Value::Null, _) => true,
        (Value::Bool(_), _) => ty == VariableType::Boolean,
        (Value::Number(number), VariableType::Integer) => {
            number.parse::<f64>().is_ok_and(|number| number.fract() == 0.0)
        }
        (Value::Number(_), _) => ty == VariableType::Float,
        (Value::Array(_), _) => ty == VariableType::Array,
        (Value::Object(_), _) => ty == VariableType::Object,
        (Value::String(text), _) => ty == VariableType::String || may_become(text, ty),
    }
}

fn may_become(text: &str, ty: VariableType) -> bool {
    let text = text.trim();
    // `[…]` is ARM's way to compute a value, as `@` is the flow's.
    if text.is_empty() || text.starts_with('[') || !Template::is_plain(text) {
        return true;
    }
    match ty {
        VariableType::Integer | VariableType::Float => text.parse::<f64>().is_ok(),
        VariableType::Boolean => text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"),
        VariableType::Object | VariableType::Array => {
            text.starts_with('{') || text.eq_ignore_ascii_case("null")
        }
        VariableType::String => true,
    }
}

/// The value, or its key where it does not stand on one line.
fn place(value: &Member<'_>) -> Span {
    match value.value.value {
        Value::Array(_) | Value::Object(_) => value.key_span,
        _ => value.value.span,
    }
}

/// A type with its article.
fn named(ty: VariableType) -> String {
    let article = if matches!(ty, VariableType::Integer | VariableType::Object | VariableType::Array) {
        "an"
    } else {
        "a"
    };
    format!("{article} {}", ty.name())
}

/// What to use for a variable of that type.
fn instead(used: ActionType, ty: VariableType) -> String {
    let other = match (used, ty) {
        (_, VariableType::Integer | VariableType::Float) => "Use Increment variable",
        (_, VariableType::Array) => "Use Append to array variable",
        (_, VariableType::String) => "Use Append to string variable",
        _ => "Use Set variable",
    };
    format!(
        "{other}, or change the type where the variable is initialized. The service refuses the flow as it is."
    )
}
