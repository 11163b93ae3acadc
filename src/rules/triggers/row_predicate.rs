//! What a trigger asks of an event before it starts a run, and whether what a flow writes passes that.

use super::trigger_body::{Key, KeyName, steps_into_body};
use crate::expr::{Call, Expr, ExprKind, Part, Template};
use crate::flow::{FlowAnalysis, Trigger};
use crate::json::{Node, Value};
use crate::odata::{self, Filter, Operand, column};

/// A condition on the event. Names of columns are in lower case.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Predicate {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    /// A comparison with a literal; the path is that of the value in the row: `statuscode`, `status/value`.
    Is(String, Op, Literal),
    /// It reads these columns, and what it says of them is not known.
    Reads(Vec<String>),
    /// It may read any column.
    Anything,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
}

/// A column that an action sets, in lower case.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) column: String,
    /// The way to the value in the row, which begins with the column.
    pub(super) path: String,
    /// None where only the run tells.
    pub(super) value: Option<Literal>,
}

/// Everything that a trigger asks: its filter of rows, and its trigger conditions.
pub(super) fn asked(flow: &FlowAnalysis<'_>, trigger: &Trigger<'_>, filter: Option<&Node<'_>>) -> Predicate {
    let conditions = trigger.node.get("conditions").map(Node::elements).unwrap_or_default();
    let mut asks: Vec<Predicate> = conditions
        .iter()
        .filter_map(|condition| condition.get("expression"))
        .map(|node| match flow.template_of(node) {
            Some(Template::Whole(expr)) => of_expression(flow, expr),
            _ => Predicate::Anything,
        })
        .collect();
    asks.extend(filter.map(|node| of_filter(flow, node)));
    Predicate::All(asks)
}

/// Whether a row that is written so passes, as far as the file tells. A row that was there before passed once; what
/// is asked of columns that are not written it still keeps. Of a new row that is not known.
pub(super) fn passes(ask: &Predicate, written: &[Written], is_new: bool) -> bool {
    let mut parts = Vec::new();
    split(ask, true, &mut parts);
    parts.into_iter().all(|(part, positive)| match reads(part, written) {
        false => !is_new,
        true => value(part, written) == Some(positive),
    })
}

/// The parts that must all hold, and whether each must hold or must not.
fn split<'k>(ask: &'k Predicate, positive: bool, parts: &mut Vec<(&'k Predicate, bool)>) {
    match (ask, positive) {
        (Predicate::All(asks), true) | (Predicate::Any(asks), false) => {
            asks.iter().for_each(|ask| split(ask, positive, parts));
        }
        (Predicate::Not(ask), _) => split(ask, !positive, parts),
        _ => parts.push((ask, positive)),
    }
}

fn reads(ask: &Predicate, written: &[Written]) -> bool {
    let sets = |column: &str| written.iter().any(|written| written.column == column);
    match ask {
        Predicate::All(asks) | Predicate::Any(asks) => asks.iter().any(|ask| reads(ask, written)),
        Predicate::Not(ask) => reads(ask, written),
        Predicate::Is(path, ..) => sets(path.split('/').next().unwrap_or(path)),
        Predicate::Reads(columns) => columns.iter().any(|column| sets(column)),
        Predicate::Anything => true,
    }
}

/// What a condition comes to once the columns are written; None where the file does not tell.
fn value(ask: &Predicate, written: &[Written]) -> Option<bool> {
    // One of them decides, all of them together decide otherwise.
    let join = |asks: &[Predicate], decisive: bool| {
        let mut joined = Some(!decisive);
        for ask in asks {
            match value(ask, written) {
                Some(truth) if truth == decisive => return Some(decisive),
                Some(_) => {}
                None => joined = None,
            }
        }
        joined
    };
    match ask {
        Predicate::All(asks) => join(asks, false),
        Predicate::Any(asks) => join(asks, true),
        Predicate::Not(ask) => value(ask, written).map(|truth| !truth),
        Predicate::Is(path, op, literal) => {
            // Written twice, by two names, it is not known what stays.
            let mut there = written.iter().filter(|written| written.path == *path);
            let (Some(set), None) = (there.next(), there.next()) else { return None };
            compare(set.value.as_ref()?, *op, literal)
        }
        Predicate::Reads(_) | Predicate::Anything => None,
    }
}

fn compare(left: &Literal, op: Op, right: &Literal) -> Option<bool> {
    use Literal::{Bool, Null, Number, Text};
    let number = |text: &str| text.trim().parse::<f64>().ok();
    match (left, right) {
        (Number(left), Number(right)) => Some(holds(*left, op, *right)),
        // A number in quotes is one in the row, where it is compared with one.
        (Text(text), Number(right)) => Some(holds(number(text)?, op, *right)),
        _ if op != Op::Equal => None,
        (Bool(left), Bool(right)) => Some(left == right),
        (Null, Null) => Some(true),
        // A blank becomes nothing in some columns and stays blank in others.
        (Text(text), Null) if text.trim().is_empty() => None,
        (Null, _) | (_, Null) => Some(false),
        (Text(left), Text(right)) if left == right => Some(true),
        // Whether case counts hangs on who compares, and a date is written in many ways.
        (Text(left), Text(right)) => {
            let starts = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
            let tells = !left.eq_ignore_ascii_case(right) && !starts(left) && !starts(right);
            tells.then_some(false)
        }
        _ => None,
    }
}

fn holds(left: f64, op: Op, right: f64) -> bool {
    match op {
        Op::Equal => left == right,
        Op::Greater => left > right,
        Op::GreaterOrEqual => left >= right,
        Op::Less => left < right,
        Op::LessOrEqual => left <= right,
    }
}

/// A trigger condition.
fn of_expression(flow: &FlowAnalysis<'_>, expr: &Expr<'_>) -> Predicate {
    let ExprKind::Call(call) = &expr.kind else { return Predicate::Reads(Vec::new()) };
    let parts = || call.arguments.iter().map(|argument| of_expression(flow, argument)).collect();
    match (call.name.to_ascii_lowercase().as_str(), call.arguments) {
        ("and", _) => Predicate::All(parts()),
        ("or", _) => Predicate::Any(parts()),
        ("not", [one]) => Predicate::Not(Box::new(of_expression(flow, one))),
        (name, [left, right]) => {
            let (as_it_is, turned) = match name {
                "equals" => (Op::Equal, Op::Equal),
                "greater" => (Op::Greater, Op::Less),
                "greaterorequals" => (Op::GreaterOrEqual, Op::LessOrEqual),
                "less" => (Op::Less, Op::Greater),
                "lessorequals" => (Op::LessOrEqual, Op::GreaterOrEqual),
                _ => return of_reads(flow, expr),
            };
            match (path(flow, left), literal_of(right), path(flow, right), literal_of(left)) {
                (Some(path), Some(literal), ..) => Predicate::Is(path, as_it_is, literal),
                (.., Some(path), Some(literal)) => Predicate::Is(path, turned, literal),
                _ => of_reads(flow, expr),
            }
        }
        _ => of_reads(flow, expr),
    }
}

/// The way to the value that an expression reads of the row, where it is the value of a column as such.
fn path(flow: &FlowAnalysis<'_>, expr: &Expr<'_>) -> Option<String> {
    let ExprKind::Call(call) = &expr.kind else { return None };
    let steps = steps_into_body(flow, call)?;
    let names: Option<Vec<&str>> = steps
        .iter()
        .map(|step| match step.name {
            KeyName::Text(name) => Some(name),
            _ => None,
        })
        .collect();
    let path = names?.join("/").to_ascii_lowercase();
    // `_customerid_value` and `_statuscode_label` are columns by another name, and of another type.
    (!path.is_empty() && !path.starts_with('_') && !path.contains('@') && !may_be_any(&steps)).then_some(path)
}

/// What an expression reads, where it is not known what it makes of that.
fn of_reads(flow: &FlowAnalysis<'_>, expr: &Expr<'_>) -> Predicate {
    let mut columns = Vec::new();
    let mut anything = false;
    expr.each_call(&mut |call: &Call<'_>| {
        let Some(steps) = steps_into_body(flow, call) else { return };
        match steps.first().map(|step| step.name) {
            Some(KeyName::Text(name)) if !may_be_any(&steps) => {
                let first = name.split('/').next().unwrap_or(name);
                columns.push(column(first).unwrap_or_else(|| first.to_ascii_lowercase()));
            }
            _ => anything = true,
        }
    });
    if anything { Predicate::Anything } else { Predicate::Reads(columns) }
}

/// Whether a read goes into the list of all rows, and not into one of them.
fn may_be_any(steps: &[Key<'_>]) -> bool {
    matches!(steps.first().map(|step| step.name), Some(KeyName::Text(name)) if name.eq_ignore_ascii_case("value"))
}

fn literal_of(expr: &Expr<'_>) -> Option<Literal> {
    Some(match expr.kind {
        ExprKind::Null => Literal::Null,
        ExprKind::Bool(truth) => Literal::Bool(truth),
        ExprKind::Integer(number) | ExprKind::Float(number) => Literal::Number(number.parse().ok()?),
        ExprKind::String(text) => Literal::Text(text.to_owned()),
        ExprKind::Call(_) => return None,
    })
}

/// The value that an action gives to a column; None where only the run tells.
pub(super) fn literal(flow: &FlowAnalysis<'_>, node: &Node<'_>) -> Option<Literal> {
    match &node.value {
        Value::Null => Some(Literal::Null),
        Value::Bool(truth) => Some(Literal::Bool(*truth)),
        Value::Number(number) => number.parse().ok().map(Literal::Number),
        Value::String(text) => match flow.template_of(node) {
            Some(Template::Whole(expr)) => literal_of(expr),
            Some(Template::Literal) if !text.starts_with('@') => Some(Literal::Text((*text).to_owned())),
            _ => None,
        },
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// A filter of rows. Values that the run fills in stand for themselves, as something that is not known.
fn of_filter(flow: &FlowAnalysis<'_>, node: &Node<'_>) -> Predicate {
    let Some(text) = node.as_str().filter(|text| !text.trim().is_empty()) else {
        return Predicate::All(Vec::new());
    };
    let text = match flow.template_of(node) {
        Some(Template::Literal) => text.to_owned(),
        Some(Template::Parts(parts)) => {
            let piece = |part: &Part<'_>| match part {
                Part::Text(at) => text.get(at.range()).unwrap_or_default().to_owned(),
                _ => "@".to_owned(),
            };
            parts.iter().map(piece).collect()
        }
        _ => return Predicate::Anything,
    };
    odata::parse(&text).map_or(Predicate::Anything, |filter| of_row_filter(&filter))
}

/// What a parsed filter asks.
fn of_row_filter(filter: &Filter<'_>) -> Predicate {
    let each = |parts: &[Filter<'_>]| parts.iter().map(of_row_filter).collect();
    match filter {
        Filter::And(parts) => Predicate::All(each(parts)),
        Filter::Or(parts) => Predicate::Any(each(parts)),
        Filter::Not(inner) => Predicate::Not(Box::new(of_row_filter(inner))),
        Filter::Compare { left: Operand::Column(word), op, right } => {
            let compared = || of_comparison(word.text, *op, right);
            compared().or_else(|| reads_of(filter)).unwrap_or(Predicate::Anything)
        }
        _ => reads_of(filter).unwrap_or(Predicate::Anything),
    }
}

/// A comparison of a column with a literal.
fn of_comparison(name: &str, op: odata::Op, right: &[Operand<'_>]) -> Option<Predicate> {
    // A look-up goes by another name in a filter, and its value by an id.
    let column = column(name).filter(|_| !name.starts_with('_'))?;
    let [value] = right else { return None };
    let literal = match value {
        Operand::Text(text, _) => Literal::Text(text.clone()),
        Operand::Number(number, _) => Literal::Number(*number),
        Operand::Bool(truth, _) => Literal::Bool(*truth),
        Operand::Null(_) => Literal::Null,
        _ => return None,
    };
    let is = |op| Predicate::Is(column, op, literal);
    Some(match op {
        odata::Op::Equal => is(Op::Equal),
        odata::Op::NotEqual => Predicate::Not(Box::new(is(Op::Equal))),
        odata::Op::Greater => is(Op::Greater),
        odata::Op::GreaterOrEqual => is(Op::GreaterOrEqual),
        odata::Op::Less => is(Op::Less),
        odata::Op::LessOrEqual => is(Op::LessOrEqual),
        odata::Op::In | odata::Op::Has => return None,
    })
}

/// That a condition reads its columns, where these are known.
fn reads_of(filter: &Filter<'_>) -> Option<Predicate> {
    filter.columns().map(Predicate::Reads)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a row of which `ctso_status` becomes 3 passes, as one that was there and as a new one.
    fn passing(filter: &str) -> Option<(bool, bool)> {
        let ask = of_row_filter(&odata::parse(filter)?);
        let written = [Written {
            column: "ctso_status".into(),
            path: "ctso_status".into(),
            value: Some(Literal::Number(3.0)),
        }];
        Some((passes(&ask, &written, false), passes(&ask, &written, true)))
    }

    #[test]
    fn a_written_literal_passes_a_filter_or_is_shut_out() {
        let (yes, no, only_old) = (Some((true, true)), Some((false, false)), Some((true, false)));
        for (filter, expected) in [
            ("ctso_status eq 3", yes),
            ("ctso_status ne 5 and not (ctso_status gt 7 or ctso_status lt 3)", yes),
            ("ctso_status ne 3", no),
            ("ctso_status eq 1 or ctso_status eq 2", no),
            ("ctso_shortstatus eq 1", only_old),
            ("ctso_status eq 3 and contains(ctso_name,'it''s (x')", only_old),
            ("NOT(ctso_other eq 1 or ctso_status eq 5)", only_old),
            // The one that decides may be another column, as it may have been before.
            ("ctso_status eq 1 or ctso_other eq 1", no),
            ("(ctso_other eq 1 and ctso_status eq 3) or ctso_status eq 9", no),
            ("ctso_status eq @", no),
            ("ctso_other eq @ and ctso_status ne 5", only_old),
            ("ctso_other eq '@{variables('x')}'", only_old),
            ("length(ctso_status) eq 3", no),
            ("ctso_status in (1,2)", no),
            ("ctso_other in (1,2)", only_old),
            // Nobody knows which columns these read.
            ("ctso_customer/name eq 'x'", no),
            ("ctso_lines/any(o:o/ctso_sum gt 1)", no),
            ("ctso_status eq", None),
            ("(ctso_status eq 3", None),
            ("ctso_name eq 'x", None),
        ] {
            assert_eq!(passing(filter), expected, "{filter}");
        }
        assert_eq!(passing(&"(".repeat(100_000)), None);
    }
}
