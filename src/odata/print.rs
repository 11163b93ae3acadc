//! Writes a condition in one way, however it was written.

use super::{Call, Filter, Operand, column};

/// The condition with one blank between words, operators in small letters, columns by their own names, and no brackets
/// that aren't needed. Two conditions that are written alike this way are one.
#[must_use]
pub fn normalised(filter: &Filter<'_>) -> String {
    let joined = |parts: &[Filter<'_>], word: &str| {
        let part = |part: &Filter<'_>| match part {
            Filter::And(_) | Filter::Or(_) => format!("({})", normalised(part)),
            _ => normalised(part),
        };
        parts.iter().map(part).collect::<Vec<_>>().join(word)
    };
    match filter {
        Filter::And(parts) => joined(parts, " and "),
        Filter::Or(parts) => joined(parts, " or "),
        Filter::Not(inner) => format!("not ({})", normalised(inner)),
        Filter::Compare { left, op, right } => {
            let values = right.iter().map(operand).collect::<Vec<_>>().join(",");
            let values = if *op == super::Op::In { format!("({values})") } else { values };
            format!("{} {} {values}", operand(left), op.name())
        }
        Filter::Call(call) => of_call(call),
    }
}

fn operand(value: &Operand<'_>) -> String {
    match value {
        Operand::Column(word) => column(word.text).unwrap_or_else(|| word.text.to_lowercase()),
        Operand::Text(text, _) => format!("'{}'", text.replace('\'', "''")),
        Operand::Number(_, word) | Operand::Other(word) => word.text.to_lowercase(),
        Operand::Bool(truth, _) => truth.to_string(),
        Operand::Null(_) => "null".to_owned(),
        Operand::Hole(word) => word.text.to_owned(),
        Operand::Call(call) => of_call(call),
    }
}

fn of_call(call: &Call<'_>) -> String {
    // What isn't read is the same condition only where it is written the same.
    if !call.is_read {
        return call.text.to_owned();
    }
    let arguments = call.arguments.iter().map(operand).collect::<Vec<_>>().join(",");
    format!("{}({arguments})", call.name.text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::odata::parse;

    #[test]
    fn a_condition_is_written_in_one_way() {
        for (filter, expected) in [
            (
                " ctso_Sum  gt 5 AND (_ctso_customer_value ne null)",
                vec!["ctso_sum gt 5", "ctso_customer ne null"],
            ),
            ("((a eq 1) and b eq 2) and (c eq 3 or d eq 4)", vec!["a eq 1", "b eq 2", "c eq 3 or d eq 4"]),
            ("a eq 1 or b eq 2 and c eq 3", vec!["a eq 1 or (b eq 2 and c eq 3)"]),
            ("a eq 'x and y' and b eq 'O''Brien or'", vec!["a eq 'x and y'", "b eq 'O''Brien or'"]),
            (
                "Microsoft.Dynamics.CRM.LastXDays(PropertyName='a',PropertyValue=7) and b eq 1",
                vec!["Microsoft.Dynamics.CRM.LastXDays(PropertyName='a',PropertyValue=7)", "b eq 1"],
            ),
            ("c/any(o:o/x gt 1)", vec!["c/any(o:o/x gt 1)"]),
            ("contains(a, 'B') and c eq 1", vec!["contains(a,'B')", "c eq 1"]),
            ("a eq '@{parameters('It''s (x)')}'", vec!["a eq '@{parameters('It''s (x)')}'"]),
        ] {
            let parsed = parse(filter).unwrap_or_else(|| panic!("{filter}"));
            let parts: Vec<String> = parsed.conjuncts().into_iter().map(normalised).collect();
            assert_eq!(parts, expected, "{filter}");
        }
    }
}
