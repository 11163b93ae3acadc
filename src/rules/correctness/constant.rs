//! What an expression of literals alone comes to, where that takes no more than comparing and joining.
//!
//! Knows nothing of flows; what it does not work out has no value.

use crate::expr::{Call, Expr, ExprKind, Template};
use crate::json::{Node, Value};

/// A value that is known before the run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Constant<'e> {
    Null,
    Bool(bool),
    Number(f64),
    Text(&'e str),
}

/// The value of an expression, if it is known.
pub(super) fn value<'e>(expr: &'e Expr<'_>) -> Option<Constant<'e>> {
    Some(match &expr.kind {
        ExprKind::Null => Constant::Null,
        ExprKind::Bool(truth) => Constant::Bool(*truth),
        ExprKind::Integer(written) | ExprKind::Float(written) => Constant::Number(written.parse().ok()?),
        ExprKind::String(text) => Constant::Text(text),
        ExprKind::Call(call) => Constant::Bool(truth_of_call(call)?),
    })
}

/// Whether an expression is true, if that is known.
pub(super) fn truth(expr: &Expr<'_>) -> Option<bool> {
    match value(expr)? {
        Constant::Bool(truth) => Some(truth),
        _ => None,
    }
}

/// The value of a node of a condition, given what its string stands for.
pub(super) fn of_node<'n>(node: &'n Node<'_>, template: Option<&'n Template<'_>>) -> Option<Constant<'n>> {
    match &node.value {
        Value::Null => Some(Constant::Null),
        Value::Bool(truth) => Some(Constant::Bool(*truth)),
        Value::Number(written) => Some(Constant::Number(written.parse().ok()?)),
        Value::String(text) => match template? {
            Template::Literal if Template::is_plain(text) => Some(Constant::Text(text)),
            Template::Whole(expr) => value(expr),
            _ => None,
        },
        _ => None,
    }
}

/// What a comparison by that name comes to; case is folded, as the service does.
pub(super) fn compare(name: &str, left: Constant<'_>, right: Constant<'_>) -> Option<bool> {
    if name.eq_ignore_ascii_case("equals") {
        return Some(left == right);
    }
    let (Constant::Number(left), Constant::Number(right)) = (left, right) else { return None };
    Some(match name.to_ascii_lowercase().as_str() {
        "greater" => left > right,
        "greaterorequals" => left >= right,
        "less" => left < right,
        "lessorequals" => left <= right,
        _ => return None,
    })
}

/// True where all are; false where one is, whatever is not known of the others.
pub(super) fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = None,
        }
    }
    known
}

/// True where one is, whatever is not known of the others; false where none is.
pub(super) fn any(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all(parts.map(|part| part.map(|truth| !truth))).map(|none| !none)
}

fn truth_of_call(call: &Call<'_>) -> Option<bool> {
    if !call.steps.is_empty() {
        return None;
    }
    let arguments = call.arguments;
    match (call.name.to_ascii_lowercase().as_str(), arguments) {
        ("and", [_, ..]) => all(arguments.iter().map(truth)),
        ("or", [_, ..]) => any(arguments.iter().map(truth)),
        ("not", [only]) => truth(only).map(|truth| !truth),
        ("true", []) => Some(true),
        ("false", []) => Some(false),
        (name, [left, right]) => compare(name, value(left)?, value(right)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Arena;

    #[test]
    fn what_is_known_decides_and_what_is_not_keeps_open() {
        for (text, expected) in [
            ("@equals(1, 1.0)", Some(true)),
            ("@equals('a', 'A')", Some(false)),
            ("@equals(null, null)", Some(true)),
            ("@not(less(2, 1))", Some(true)),
            ("@greaterOrEquals(2, 2)", Some(true)),
            ("@and(variables('x'), equals(1, 2))", Some(false)),
            ("@and(variables('x'), equals(1, 1))", None),
            ("@or(variables('x'), true)", Some(true)),
            ("@or(variables('x'), false)", None),
            ("@equals(length('abc'), 3)", None),
            ("@less('a', 'b')", None),
            ("@'true'", None),
        ] {
            let arena = Arena::new();
            let Template::Whole(expr) = Template::read(text, &arena) else { panic!("{text}") };
            assert_eq!(truth(expr), expected, "{text}");
        }
    }
}
