//! Reads a filter of rows as Dataverse takes it: comparisons joined by `and`, `or` and `not`.

use super::row_predicate::{Literal, Op, Predicate};
use crate::catalog::rows::column;
use crate::text::quoted;

/// Brackets inside one another that are followed; no filter that people write has as many.
const DEEPEST: u32 = 32;

/// What a filter asks; None where it is not of the form that is known. An `@` in it stands for what only the run tells.
pub(super) fn clause(filter: &str) -> Option<Predicate> {
    let mut reader = Reader { tokens: tokens(filter)?, at: 0, depth: 0 };
    let ask = reader.any()?;
    (reader.at == reader.tokens.len()).then_some(ask)
}

#[derive(Clone, Debug, PartialEq)]
enum Token<'s> {
    Open,
    Close,
    Comma,
    Word(&'s str),
    Text(String),
}

fn tokens(filter: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = filter.trim_start();
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '(' | ')' | ',' => {
                tokens.push(match first {
                    '(' => Token::Open,
                    ')' => Token::Close,
                    _ => Token::Comma,
                });
                &rest[1..]
            }
            '\'' => {
                let inside = &rest[1..];
                let (text, length) = quoted(inside);
                tokens.push(Token::Text(text));
                inside[length..].strip_prefix('\'')?
            }
            _ => {
                let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | '\'');
                let (word, behind) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
                tokens.push(Token::Word(word));
                behind
            }
        }
        .trim_start();
    }
    Some(tokens)
}

struct Reader<'s> {
    tokens: Vec<Token<'s>>,
    at: usize,
    depth: u32,
}

impl<'s> Reader<'s> {
    fn any(&mut self) -> Option<Predicate> {
        let mut asks = vec![self.all()?];
        while self.takes("or") {
            asks.push(self.all()?);
        }
        Some(if asks.len() == 1 { asks.swap_remove(0) } else { Predicate::Any(asks) })
    }

    fn all(&mut self) -> Option<Predicate> {
        let mut asks = vec![self.one()?];
        while self.takes("and") {
            asks.push(self.one()?);
        }
        Some(if asks.len() == 1 { asks.swap_remove(0) } else { Predicate::All(asks) })
    }

    fn one(&mut self) -> Option<Predicate> {
        let mut positive = true;
        while self.takes("not") {
            positive = !positive;
        }
        let ask = if self.tokens.get(self.at) == Some(&Token::Open) {
            if self.depth == DEEPEST {
                return None;
            }
            (self.depth, self.at) = (self.depth + 1, self.at + 1);
            let ask = self.any()?;
            self.depth -= 1;
            let closes = self.next() == Some(Token::Close);
            closes.then_some(ask)?
        } else {
            self.comparison()?
        };
        Some(if positive { ask } else { Predicate::Not(Box::new(ask)) })
    }

    /// `column op value`, or a function of columns, which may be compared as well.
    fn comparison(&mut self) -> Option<Predicate> {
        let Token::Word(name) = self.next()? else { return None };
        if self.tokens.get(self.at) == Some(&Token::Open) {
            return self.function();
        }
        let column = column(name).filter(|_| !name.contains('@'))?;
        let Some(Token::Word(op)) = self.next() else { return None };
        let right = self.next()?;
        // A look-up goes by another name here, and its value by an id.
        let value = if name.starts_with('_') { None } else { value(&right) };
        let of = |op, value| Predicate::Is(column.clone(), op, value);
        Some(match (op.to_ascii_lowercase().as_str(), value) {
            ("eq", Some(value)) => of(Op::Equal, value),
            ("ne", Some(value)) => Predicate::Not(Box::new(of(Op::Equal, value))),
            ("gt", Some(value)) => of(Op::Greater, value),
            ("ge", Some(value)) => of(Op::GreaterOrEqual, value),
            ("lt", Some(value)) => of(Op::Less, value),
            ("le", Some(value)) => of(Op::LessOrEqual, value),
            ("eq" | "ne" | "gt" | "ge" | "lt" | "le", None) => Predicate::Reads(vec![column]),
            _ => return None,
        })
    }

    /// The arguments of a function whose name is read, and a comparison of its result.
    fn function(&mut self) -> Option<Predicate> {
        let mut columns = Vec::new();
        let mut open = 0_u32;
        loop {
            match self.next()? {
                Token::Open => open += 1,
                Token::Close => open -= 1,
                // `@` and a name with an `=`: what is asked is not known.
                Token::Word(word) => columns.push(column(word).filter(|_| !word.contains('@'))?),
                Token::Comma | Token::Text(_) => {}
            }
            if open == 0 {
                break;
            }
        }
        if let Some(Token::Word(op)) = self.tokens.get(self.at)
            && ["eq", "ne", "gt", "ge", "lt", "le"].iter().any(|known| op.eq_ignore_ascii_case(known))
        {
            self.at += 1;
            self.next()?;
        }
        Some(Predicate::Reads(columns))
    }

    fn takes(&mut self, word: &str) -> bool {
        let there =
            matches!(self.tokens.get(self.at), Some(Token::Word(next)) if next.eq_ignore_ascii_case(word));
        self.at += usize::from(there);
        there
    }

    fn next(&mut self) -> Option<Token<'s>> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }
}

fn value(token: &Token<'_>) -> Option<Literal> {
    match token {
        Token::Text(text) => (!text.contains('@')).then(|| Literal::Text(text.clone())),
        Token::Word(word) => match word.to_ascii_lowercase().as_str() {
            "null" => Some(Literal::Null),
            "true" => Some(Literal::Bool(true)),
            "false" => Some(Literal::Bool(false)),
            other => other.parse().ok().map(Literal::Number),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::row_predicate::{Written, passes};
    use super::*;

    /// Whether a row of which `ctso_status` becomes 3 passes, as one that was there and as a new one.
    fn passing(filter: &str) -> Option<(bool, bool)> {
        let ask = clause(filter)?;
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
            ("length(ctso_status) eq 3", no),
            ("ctso_status eq", None),
            ("ctso_status in (1,2)", None),
            ("ctso_customer/name eq 'x'", None),
            ("(ctso_status eq 3", None),
            ("ctso_name eq 'x", None),
        ] {
            assert_eq!(passing(filter), expected, "{filter}");
        }
        assert_eq!(passing(&"(".repeat(100_000)), None);
    }
}
