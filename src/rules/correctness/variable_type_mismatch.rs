//! Variables that are used, or get a value, against their type.

use crate::expr::{ExprKind, Part, Template, Types};
use crate::finding::Severity;
use crate::flow::{
    Action, ActionType, Element, FlowAnalysis, Variable, VariableType, is_computed, is_plain_name,
};
use crate::json::{Member, Node, Value};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};
use crate::text::Span;

#[derive(Debug)]
pub(crate) struct VariableTypeMismatch;

impl CodedRule for VariableTypeMismatch {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[
        Interest::Action(ActionType::InitializeVariable),
        Interest::Action(ActionType::SetVariable),
        Interest::Action(ActionType::IncrementVariable),
        Interest::Action(ActionType::DecrementVariable),
        Interest::Action(ActionType::AppendToStringVariable),
        Interest::Action(ActionType::AppendToArrayVariable),
    ];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn action<'a>(&self, flow: &FlowAnalysis<'a>, action: &Action<'a>, cx: &mut RuleContext<'_, 'a>) {
        if action.ty == ActionType::InitializeVariable {
            return check_initial_values(action, cx);
        }
        let (allowed, what): (&[VariableType], &str) = match action.ty {
            ActionType::SetVariable => (&[], ""),
            ActionType::IncrementVariable => (&[VariableType::Integer, VariableType::Float], "adds to"),
            ActionType::DecrementVariable => {
                (&[VariableType::Integer, VariableType::Float], "subtracts from")
            }
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
            if let Some(value) = value {
                check_value(action, variable.name, ty, value, Some(variable.name_span), cx);
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
                .related(
                    variable.name_span,
                    format!("'{}' is initialized as {} here", variable.name, named(ty)),
                );
        } else if allowed.contains(&VariableType::Integer)
            && let Some(value) = value
        {
            let reader = Element::Action(action.id);
            let computed = computed_type(flow, &value.value, reader, VariableType::Float);
            // Where braces alone make it text, another rule says so.
            let computed = computed.filter(|_| lone_braces(flow, &value.value, reader).is_none());
            let gets = match computed {
                Some(types) => types.words(),
                None if fits(&value.value, VariableType::Float) => return,
                None => value.value.kind().into(),
            };
            let message = format!(
                "'{}' {what} '{}' by {gets}, and can only do so by a number",
                action.name, variable.name
            );
            let draft = cx
                .report(place(value), message)
                .help("Put a number into Value.")
                .detail(variable.name.to_lowercase());
            if computed.is_some() {
                draft.severity(Severity::Warning);
            }
        }
    }
}

fn check_initial_values<'a>(action: &Action<'a>, cx: &mut RuleContext<'_, 'a>) {
    let list = action.node.at(&["inputs", "variables"]).map(Node::elements).unwrap_or_default();
    for variable in list {
        let text = |key| variable.get(key).and_then(Node::as_str);
        if let Some(ty) = text("type").and_then(VariableType::named)
            && let Some(value) = variable.member("value")
        {
            check_value(action, text("name").unwrap_or(action.name), ty, value, None, cx);
        }
    }
}

/// A variable and its type, where the flow is of one mind about it.
fn declared<'f, 'a>(flow: &'f FlowAnalysis<'a>, name: &'f str) -> Option<(&'f Variable<'a>, VariableType)> {
    if !is_plain_name(name) {
        return None;
    }
    let mut initializations = flow.initializations(name);
    let first = initializations.next()?;
    let ty = first.ty?;
    initializations.all(|other| other.ty == Some(ty)).then_some((first, ty))
}

fn check_value<'a>(
    action: &Action<'a>,
    name: &str,
    ty: VariableType,
    value: &Member<'a>,
    initialized: Option<Span>,
    cx: &mut RuleContext<'_, 'a>,
) {
    let (flow, reader) = (cx.flow, Element::Action(action.id));
    let computed = computed_type(flow, &value.value, reader, ty);
    let gets = match computed {
        Some(types) => types.words(),
        None if fits(&value.value, ty) => return,
        None => value.value.kind().into(),
    };
    let message = format!("'{name}' is {} and gets {gets}, which it cannot hold", named(ty));
    let help = match lone_braces(flow, &value.value, reader) {
        // The value in the braces may be what the variable takes.
        Some(inner) if inner.meets(accepted(ty)) => {
            "Take the braces away: @… in place of @{…} keeps the type of the value.".into()
        }
        _ => format!("Give it {}, or change the type where the variable is initialized.", named(ty)),
    };
    let draft = cx.report(place(value), message).help(help).detail(name.to_lowercase());
    if computed.is_some() {
        draft.severity(Severity::Warning);
    }
    if let Some(span) = initialized {
        draft.related(span, format!("'{name}' is initialized as {} here", named(ty)));
    }
}

/// Whether a value that is written out can be of a type; null clears any variable; and text
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

/// What a value that is computed will be, where that is certain and a variable of the type cannot hold it. Whether null
/// clears the variable is not judged, nor is text that is written out around values and may spell the value.
fn computed_type(
    flow: &FlowAnalysis<'_>,
    value: &Node<'_>,
    reader: Element,
    ty: VariableType,
) -> Option<Types> {
    let written = value.as_str()?;
    let spelled = match flow.template_of(value)? {
        // What most values are: text is text, with values in it or without.
        Template::Literal => return None,
        Template::Parts(_) if ty == VariableType::String => return None,
        Template::Whole(expr) => match expr.kind {
            ExprKind::String(text) => may_become(text, ty),
            _ => false,
        },
        // `[@{…}]` may become a list, and `1.@{…}` a number: text in front of the values tells whether it can.
        Template::Parts(parts) => match parts {
            [Part::Value(_)] => false,
            [Part::Text(_), ..] => !written.trim_start().starts_with(char::is_alphabetic),
            _ => true,
        },
        _ => true,
    };
    let types = flow.type_of_node(value, reader).without(Types::NULL);
    (!spelled && !types.is_none() && !types.meets(accepted(ty))).then_some(types)
}

/// What the one value in braces is, where there is nothing else in the text.
fn lone_braces(flow: &FlowAnalysis<'_>, value: &Node<'_>, reader: Element) -> Option<Types> {
    match flow.template_of(value)? {
        Template::Parts([Part::Value(expr)]) => Some(flow.type_of(expr, reader)),
        _ => None,
    }
}

/// The types that a variable takes; a number is taken by each kind of number, as it may turn out to fit.
fn accepted(ty: VariableType) -> Types {
    match ty {
        VariableType::Integer | VariableType::Float => Types::NUMBER,
        ty => ty.types(),
    }
}

fn may_become(text: &str, ty: VariableType) -> bool {
    let text = text.trim();
    // A text that begins so may be a list as well as an expression of a template.
    if text.is_empty() || text.starts_with('[') || is_computed(text) {
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
