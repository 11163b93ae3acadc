//! Parses a row filter.

use std::ops::Range;

use super::lex::{Token, tokens};
use super::{Call, Filter, Op, Operand, Word};

/// Brackets and calls inside one another that are followed; no filter that people write has as many.
const DEEPEST: u32 = 32;

/// The condition that a filter states; none where it is not of the form that is known, or says nothing.
#[must_use]
pub fn parse(filter: &str) -> Option<Filter<'_>> {
    let mut parser = Parser { filter, tokens: tokens(filter)?, at: 0, depth: 0 };
    let parsed = parser.any()?;
    (parser.at == parser.tokens.len()).then_some(parsed)
}

struct Parser<'t> {
    filter: &'t str,
    tokens: Vec<(Token<'t>, Range<usize>)>,
    at: usize,
    depth: u32,
}

impl<'t> Parser<'t> {
    fn any(&mut self) -> Option<Filter<'t>> {
        let mut parts = vec![self.all()?];
        while self.takes("or") {
            parts.push(self.all()?);
        }
        Some(if parts.len() == 1 { parts.swap_remove(0) } else { Filter::Or(parts) })
    }

    fn all(&mut self) -> Option<Filter<'t>> {
        let mut parts = vec![self.one()?];
        while self.takes("and") {
            parts.push(self.one()?);
        }
        Some(if parts.len() == 1 { parts.swap_remove(0) } else { Filter::And(parts) })
    }

    fn one(&mut self) -> Option<Filter<'t>> {
        let mut is_negated = false;
        while self.takes("not") {
            is_negated = !is_negated;
        }
        let inner = if self.peek() == Some(&Token::Open) {
            self.enter()?;
            self.at += 1;
            let inner = self.any()?;
            self.closes()?;
            inner
        } else {
            self.comparison()?
        };
        Some(if is_negated { Filter::Not(Box::new(inner)) } else { inner })
    }

    /// `left op right`, or a function alone.
    fn comparison(&mut self) -> Option<Filter<'t>> {
        let left = self.operand()?;
        let op = match self.peek() {
            Some(Token::Word(word)) => Op::named(word),
            _ => None,
        };
        let Some(op) = op else {
            return match left {
                Operand::Call(call) => Some(Filter::Call(call)),
                _ => None,
            };
        };
        self.at += 1;
        let right = match op {
            Op::In => {
                (self.peek() == Some(&Token::Open)).then_some(())?;
                self.enter()?;
                self.at += 1;
                let values = self.operands()?;
                self.closes()?;
                values
            }
            _ => vec![self.operand()?],
        };
        Some(Filter::Compare { left, op, right })
    }

    fn operands(&mut self) -> Option<Vec<Operand<'t>>> {
        let mut operands = Vec::new();
        if self.peek() != Some(&Token::Close) {
            operands.push(self.operand()?);
            while self.peek() == Some(&Token::Comma) {
                self.at += 1;
                operands.push(self.operand()?);
            }
        }
        Some(operands)
    }

    fn operand(&mut self) -> Option<Operand<'t>> {
        let (token, place) = self.tokens.get(self.at)?.clone();
        self.at += 1;
        Some(match token {
            Token::Text(text) => Operand::Text(text, place),
            Token::Hole(text) => Operand::Hole(Word { text, place }),
            Token::Word(text) if self.peek() == Some(&Token::Open) => {
                Operand::Call(self.call(Word { text, place })?)
            }
            Token::Word(text) => value(Word { text, place })?,
            Token::Open | Token::Close | Token::Comma => return None,
        })
    }

    /// The call of a function, at the bracket behind its name.
    fn call(&mut self, name: Word<'t>) -> Option<Call<'t>> {
        self.enter()?;
        self.at += 1;
        let start = self.at;
        let filter = self.filter;
        let begin = name.place.start;
        let is_plain = name.text.bytes().all(|byte| byte.is_ascii_alphabetic());
        if is_plain
            && let Some(arguments) = self.operands()
            && self.peek() == Some(&Token::Close)
        {
            self.closes()?;
            return Some(Call { name, arguments, is_read: true, text: &filter[begin..self.end()] });
        }
        // Arguments with names, lambda expressions: only where they end is certain.
        self.at = start;
        let mut open = 1_u32;
        while open > 0 {
            match self.tokens.get(self.at)?.0 {
                Token::Open => open += 1,
                Token::Close => open -= 1,
                _ => {}
            }
            self.at += 1;
        }
        self.depth -= 1;
        Some(Call { name, arguments: Vec::new(), is_read: false, text: &filter[begin..self.end()] })
    }

    fn enter(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth <= DEEPEST).then_some(())
    }

    fn closes(&mut self) -> Option<()> {
        self.depth -= 1;
        let closes = self.peek() == Some(&Token::Close);
        self.at += 1;
        closes.then_some(())
    }

    fn takes(&mut self, word: &str) -> bool {
        let is_there = matches!(self.peek(), Some(Token::Word(next)) if next.eq_ignore_ascii_case(word));
        self.at += usize::from(is_there);
        is_there
    }

    fn peek(&self) -> Option<&Token<'t>> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    /// Where the last token that was read ends.
    fn end(&self) -> usize {
        self.at.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(0, |(_, place)| place.end)
    }
}

/// What a word stands for; none for an operator in the place of a value.
fn value(word: Word<'_>) -> Option<Operand<'_>> {
    let lower = word.text.to_ascii_lowercase();
    let is_operator = ["and", "or", "not"].contains(&lower.as_str()) || Op::named(&lower).is_some();
    if is_operator {
        return None;
    }
    Some(match lower.as_str() {
        "null" => Operand::Null(word.place),
        "true" => Operand::Bool(true, word.place),
        "false" => Operand::Bool(false, word.place),
        _ => match lower.parse::<f64>() {
            Ok(number) if number.is_finite() && !lower.starts_with(|c: char| c.is_alphabetic()) => {
                Operand::Number(number, word)
            }
            _ if is_value(&lower) => Operand::Other(word),
            _ => Operand::Column(word),
        },
    })
}

/// Whether a word is a value by its look: a GUID, a date.
fn is_value(word: &str) -> bool {
    let is_guid = word.len() == 36 && word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    is_guid || word.starts_with(|c: char| c.is_ascii_digit() || c == '-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::normalised;
    use super::*;

    #[test]
    fn a_filter_is_read_with_its_places() {
        let text = "ctso_sum gt 1.5 and (statuscode eq 1 or contains(ctso_name,'it''s'))";
        let Some(Filter::And(parts)) = parse(text) else { panic!("{text}") };
        let Filter::Compare { left: Operand::Column(column), op, right } = &parts[0] else {
            panic!("{parts:?}")
        };
        assert_eq!((&text[column.place.clone()], *op), ("ctso_sum", Op::Greater));
        assert!(matches!(&right[0], Operand::Number(number, word) if *number == 1.5 && word.text == "1.5"));
        let Filter::Or(either) = &parts[1] else { panic!("{parts:?}") };
        let Filter::Call(call) = &either[1] else { panic!("{either:?}") };
        assert_eq!((call.name.text, call.arguments.len()), ("contains", 2));
        assert!(
            matches!(&call.arguments[1], Operand::Text(said, place) if said == "it's" && &text[place.clone()] == "'it''s'")
        );
    }

    #[test]
    fn a_filter_tells_its_columns_or_nothing() {
        for (filter, expected) in [
            ("statuscode eq 1", Some("statuscode")),
            (
                "(ctso_name ne 'it''s and that') and not contains(ctso_code,'x') or ctso_sum gt 1.5",
                Some("ctso_name,ctso_code,ctso_sum"),
            ),
            ("_ctso_customer_value eq a0000000-0000-0000-0000-0000000000ff", Some("ctso_customer")),
            ("createdon gt 2024-01-31T10:00:00Z and ctso_open eq true", Some("createdon,ctso_open")),
            ("ctso_kind in ('a','b')", Some("ctso_kind")),
            ("length(ctso_name) gt 3", Some("ctso_name")),
            ("ctso_name eq '@{parameters('x')}'", Some("ctso_name")),
            ("ctso_customer/name eq 'x'", None),
            ("Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=7)", None),
            ("ctso_lines/any(o:o/ctso_sum gt 1)", None),
        ] {
            let columns = parse(filter).and_then(|filter| filter.columns()).map(|columns| columns.join(","));
            assert_eq!(columns.as_deref(), expected, "{filter}");
        }
    }

    #[test]
    fn what_is_no_filter_is_none() {
        for filter in [
            "",
            "a",
            "a eq",
            "eq 1",
            "a eq 1 and",
            "(a eq 1",
            "a eq 1)",
            "a eq 'x",
            "a eq @{x",
            ")(",
            "a eq 1 b",
        ] {
            assert_eq!(parse(filter), None, "{filter}");
        }
        let deep = format!("{}a eq 1{}", "(".repeat(10_000), ")".repeat(10_000));
        assert_eq!(parse(&deep), None);
        assert!(parse(&format!("{}a eq 1{}", "(".repeat(30), ")".repeat(30))).is_some());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(filter in "[ a-c_@{}()',=0-9.eqndorltg/:-]{0,60}") {
            let _ = parse(&filter);
        }

        #[test]
        fn what_is_printed_is_read_again(filter in "(not )?(a|_b_value|c) (eq|ne|gt) ('x y''s'|1.5|null|true|'@\\{v\\}')( (and|or) \\(?(contains\\(a,'x'\\)|b in \\(1,2\\))\\)?)?") {
            if let Some(parsed) = parse(&filter) {
                let printed = normalised(&parsed);
                let again = parse(&printed);
                prop_assert_eq!(again.as_ref().map(normalised), Some(printed));
            }
        }
    }
}
