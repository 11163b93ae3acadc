//! The parser of one expression.

use std::ops::Range;

use smallvec::SmallVec;

use super::lex::{Kind, Lexer, Token};
use super::{Call, Expr, ExprError, ExprKind, Step, TextRange, functions};
use crate::text::Arena;

/// How deep calls may nest: far above any real expression, and safe for the stack.
pub const MAX_CALLS: u32 = 128;

/// Parses the one expression that fills a range of a decoded string; its parts lie in the arena.
///
/// # Errors
/// The first place where the text stops being an expression.
pub fn parse<'t>(text: &'t str, range: Range<usize>, arena: &'t Arena) -> Result<Expr<'t>, ExprError<'t>> {
    let mut lexer = Lexer::new(text, range.clone(), arena);
    let token = lexer.next()?;
    if token.kind == Kind::End {
        return Err(ExprError {
            message: "the expression is empty",
            help: None,
            at: TextRange::new(range.start, range.end),
        });
    }
    let mut parser = Parser { lexer, token, depth: 0, consumed: 0 };
    let expr = parser.expr()?;
    match parser.token.kind {
        Kind::End => Ok(expr),
        _ => Err(parser.trailing(parser.token, range.end)),
    }
}

struct Parser<'t> {
    lexer: Lexer<'t>,
    /// The token that is next.
    token: Token<'t>,
    depth: u32,
    /// Where the last token that was taken ends.
    consumed: u32,
}

impl<'t> Parser<'t> {
    /// Takes the next token.
    fn take(&mut self) -> Result<Token<'t>, ExprError<'t>> {
        let token = self.token;
        self.consumed = token.at.end;
        self.token = self.lexer.next()?;
        Ok(token)
    }

    fn expr(&mut self) -> Result<Expr<'t>, ExprError<'t>> {
        let token = self.take()?;
        let kind = match token.kind {
            Kind::Text(inside) => ExprKind::String(self.undouble(inside)),
            Kind::Integer(written) => ExprKind::Integer(written),
            Kind::Float(written) => ExprKind::Float(written),
            Kind::Dot if self.is_fraction(token) => {
                let digits = self.take()?;
                let at = TextRange { start: token.at.start, end: digits.at.end };
                return Ok(Expr { kind: ExprKind::Float(self.lexer.written(at)), at });
            }
            Kind::Name(name) if self.token.kind == Kind::Open => return self.call(name, token.at),
            Kind::Name(name) if name.eq_ignore_ascii_case("null") => ExprKind::Null,
            Kind::Name(name) if name.eq_ignore_ascii_case("true") => ExprKind::Bool(true),
            Kind::Name(name) if name.eq_ignore_ascii_case("false") => ExprKind::Bool(false),
            Kind::Name(name) => return Err(self.bare_name(name, token.at)),
            Kind::End => return Err(error("the expression ends where a value is expected", token.at)),
            Kind::Comma | Kind::Close => return Err(error("a value is missing here", token.at)),
            _ => return Err(error("a value or a function call is expected here", token.at)),
        };
        Ok(Expr { kind, at: token.at })
    }

    /// Whether a dot that was taken begins a number: the documentation has `sub(10.3, .3)`.
    fn is_fraction(&self, dot: Token<'_>) -> bool {
        let (Kind::Integer(digits) | Kind::Float(digits)) = self.token.kind else { return false };
        self.token.at.start == dot.at.end
            && digits.starts_with(|c: char| c.is_ascii_digit())
            && !digits.contains('.')
    }

    fn call(&mut self, name: &'t str, name_at: TextRange) -> Result<Expr<'t>, ExprError<'t>> {
        if self.depth >= MAX_CALLS {
            let message = format!("calls nest deeper than {MAX_CALLS} levels");
            return Err(error(self.arena().text(&message), name_at));
        }
        self.depth += 1;
        self.take()?;
        let mut arguments: SmallVec<[Expr<'t>; 4]> = SmallVec::new();
        if self.token.kind == Kind::Close {
            self.take()?;
        } else {
            loop {
                if self.token.kind == Kind::End {
                    return Err(self.unclosed(name, name_at));
                }
                arguments.push(self.expr()?);
                let token = self.take()?;
                match token.kind {
                    Kind::Comma => {}
                    Kind::Close => break,
                    Kind::End => return Err(self.unclosed(name, name_at)),
                    _ => return Err(self.between_arguments(token)),
                }
            }
        }
        let mut steps: SmallVec<[Step<'t>; 4]> = SmallVec::new();
        while let Some(step) = self.step()? {
            steps.push(step);
        }
        self.depth -= 1;
        let at = TextRange { start: name_at.start, end: self.consumed };
        let (arguments, steps) = (self.arena().list(&arguments), self.arena().list(&steps));
        let call = Call { name, name_at, function: functions().find(name), arguments, steps };
        Ok(Expr { kind: ExprKind::Call(self.arena().value(call)), at })
    }

    /// A step into the result of a call, if one is next.
    fn step(&mut self) -> Result<Option<Step<'t>>, ExprError<'t>> {
        let first = self.token;
        let safe = first.kind == Kind::Question;
        if safe {
            self.take()?;
        }
        match self.token.kind {
            Kind::Dot => {
                self.take()?;
                let name = self.take()?;
                let Kind::Name(key) = name.kind else {
                    return Err(error("a name is expected after the dot", name.at));
                };
                let key = Expr { kind: ExprKind::String(key), at: name.at };
                Ok(Some(Step { safe, dotted: true, key }))
            }
            Kind::OpenBracket => {
                let open = self.take()?;
                let key = self.expr()?;
                let close = self.take()?;
                match close.kind {
                    Kind::CloseBracket => Ok(Some(Step { safe, dotted: false, key })),
                    _ if self.quotes_are_doubled(close) => {
                        Err(doubled_quotes("this name stands in doubled quotes", close.at))
                    }
                    _ => Err(error("this `[` has no `]`", open.at)),
                }
            }
            next if safe => {
                let help = match next {
                    Kind::Question => Some("There are no operators: write coalesce(a, b)."),
                    Kind::End => None,
                    _ if self.lexer.rest().contains(':') => {
                        Some("There are no operators: write if(condition, a, b).")
                    }
                    _ => None,
                };
                Err(ExprError { message: "after `?` a `[` or a dot is expected", help, at: first.at })
            }
            _ => Ok(None),
        }
    }

    fn trailing(&self, token: Token<'_>, end: usize) -> ExprError<'t> {
        let at = TextRange { start: token.at.start, end: u32::try_from(end).unwrap_or(u32::MAX) };
        match token.kind {
            Kind::Close => error("a `)` too many", token.at),
            Kind::OpenBracket | Kind::Dot | Kind::Question => {
                error("only the result of a function can be read into, no literal", at)
            }
            _ if self.quotes_are_doubled(token) => {
                doubled_quotes("this text stands in doubled quotes", token.at)
            }
            _ => ExprError {
                message: "text after the end of the expression",
                help: self
                    .operator_at(token)
                    .or(Some("To put text and values together, use concat(), or `@{…}` for each value.")),
                at,
            },
        }
    }

    fn undouble(&self, inside: &'t str) -> &'t str {
        // A quote inside is one of two.
        if memchr::memchr(b'\'', inside.as_bytes()).is_none() {
            return inside;
        }
        self.arena().text(&inside.replace("''", "'"))
    }

    fn unclosed(&self, name: &str, at: TextRange) -> ExprError<'t> {
        error(self.arena().text(&format!("the parenthesis of `{name}(` is never closed")), at)
    }

    fn between_arguments(&self, token: Token<'_>) -> ExprError<'t> {
        if self.quotes_are_doubled(token) {
            return doubled_quotes("this text stands in doubled quotes", token.at);
        }
        ExprError { message: "a `,` or `)` is expected here", help: self.operator_at(token), at: token.at }
    }

    fn bare_name(&self, name: &str, at: TextRange) -> ExprError<'t> {
        let help = self.operator_help(name).unwrap_or(
            "A name must be called, like `variables('x')`; text stands in single quotes; a value that only begins with an `@` is written `@@…`.",
        );
        let message = self.arena().text(&format!("`{name}` is neither a function call nor a value"));
        ExprError { message, help: Some(help), at }
    }

    /// Whether a name stands right behind an empty text: `''name''`.
    fn quotes_are_doubled(&self, token: Token<'_>) -> bool {
        let before = self.lexer.before(token);
        matches!(token.kind, Kind::Name(_)) && before.ends_with("''") && !before.ends_with("'''")
    }

    /// What to write in place of an operator that stands behind a value.
    fn operator_at(&self, token: Token<'_>) -> Option<&'t str> {
        let name = match token.kind {
            Kind::Integer(number) | Kind::Float(number) => number.get(..1)?,
            Kind::Name(name) => {
                let end = name.find(|c: char| !"=!<>&|*/%".contains(c)).unwrap_or(name.len());
                let (operator, rest) = name.split_at(end);
                // `<br>` and `&nbsp;` are text.
                let sure = operator.len() > 1 || rest.bytes().all(|byte| byte.is_ascii_digit());
                if sure && end > 0 { operator } else { name }
            }
            _ => return None,
        };
        self.operator_help(name)
    }

    fn operator_help(&self, name: &str) -> Option<&'t str> {
        let instead = instead_of_operator(name)?;
        Some(self.arena().text(&format!("There are no operators: write {instead}.")))
    }

    fn arena(&self) -> &'t Arena {
        self.lexer.arena
    }
}

fn error<'t>(message: &'t str, at: TextRange) -> ExprError<'t> {
    ExprError { message, help: None, at }
}

fn doubled_quotes<'t>(message: &'t str, at: TextRange) -> ExprError<'t> {
    let help = Some("Write one quote at each end; two of them are a quote inside a text.");
    ExprError { message, help, at }
}

/// What to write in place of an operator of another language.
fn instead_of_operator(name: &str) -> Option<&'static str> {
    Some(match name {
        "==" | "=" | "===" => "equals(a, b)",
        "!=" | "<>" | "!==" => "not(equals(a, b))",
        ">" => "greater(a, b)",
        ">=" => "greaterOrEquals(a, b)",
        "<" => "less(a, b)",
        "<=" => "lessOrEquals(a, b)",
        "&&" => "and(a, b)",
        "||" => "or(a, b)",
        "&" | "+" => "concat(a, b) for text, add(a, b) for numbers",
        "-" => "sub(a, b)",
        "*" => "mul(a, b)",
        "/" => "div(a, b)",
        "%" => "mod(a, b)",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole<'t>(text: &'t str, arena: &'t Arena) -> Result<Expr<'t>, ExprError<'t>> {
        parse(text, 0..text.len(), arena)
    }

    #[test]
    fn calls_steps_and_places() {
        let text = "outputs( 'Get it''s' )?['body/a'].b[add(1,-2)] ";
        let arena = Arena::new();
        let expr = whole(text, &arena).unwrap();
        assert_eq!(&text[expr.at.range()], text.trim_end());
        let ExprKind::Call(call) = expr.kind else { panic!("a call") };
        assert_eq!(call.arguments[0].as_text(), Some("Get it's"));
        let steps: Vec<_> =
            call.steps.iter().map(|s| (s.safe, s.dotted, s.key.as_text().unwrap_or("-"))).collect();
        assert_eq!(steps, [(true, false, "body/a"), (false, true, "b"), (false, false, "-")]);
        assert_eq!(&text[call.steps[2].key.at.range()], "add(1,-2)");
    }

    #[test]
    fn literals() {
        let arena = Arena::new();
        let kind = |text| whole(text, &arena).unwrap().kind;
        assert_eq!(kind("TRUE"), ExprKind::Bool(true));
        assert_eq!(kind("Null"), ExprKind::Null);
        assert_eq!(kind("-12"), ExprKind::Integer("-12"));
        assert_eq!(kind("1.5e-3"), ExprKind::Float("1.5e-3"));
        assert_eq!(kind(".3"), ExprKind::Float(".3"));
        assert_eq!(kind("'a\n'"), ExprKind::String("a\n"));
    }

    #[test]
    fn white_space_of_every_kind_is_allowed() {
        for text in ["concat\u{a0}( 'a' ,\n'b' )", "triggerBody()\r\n ? [ 'x' ]", "\u{3000}utcNow()"] {
            let text = text.replace("\\n", "\n").replace("\\r", "\r");
            let arena = Arena::new();
            let read = whole(&text, &arena);
            assert!(read.is_ok(), "{text:?}: {read:?}");
        }
        assert!(whole("concat\u{a0}('a')", &Arena::new()).is_ok());
    }

    #[test]
    fn errors_have_places() {
        for (text, at, words) in [
            ("", "", "empty"),
            ("  ", "  ", "empty"),
            ("concat('a'", "concat", "never closed"),
            ("concat('a',", "concat", "never closed"),
            ("concat('a',)", ")", "missing"),
            ("concat('a' 'b')", "'b'", "`,` or `)`"),
            ("concat('a))", "'", "closing quote"),
            ("concat(\"a\")", "\"a\"", "double quotes"),
            ("equals(a == b)", "a", "neither"),
            ("equals(utcNow() == 1)", "==", "`,` or `)`"),
            ("variables", "variables", "neither"),
            ("utcNow())", ")", "too many"),
            ("utcNow() and more", "and more", "after the end"),
            ("'text'[0]", "[0]", "literal"),
            ("body('x')?", "", "after `?`"),
            ("body('x')[0", "[", "no `]`"),
            ("body('x').", "", "after the dot"),
            ("concat(@variables('x'))", "@", "`@`"),
            ("{}", "{", "no meaning"),
            ("1a", "1a", "no number"),
            ("add(1, .x)", ".", "expected"),
            ("add(1, . 3)", ".", "expected"),
            ("add(1, .3.5)", ".", "expected"),
            ("body('x')?[''a'']", "a", "doubled quotes"),
            ("concat(''a'', 'b')", "a", "doubled quotes"),
            ("concat('a' b)", "b", "`,` or `)`"),
            ("-", "-", "no number"),
        ] {
            let arena = Arena::new();
            let error = whole(text, &arena).unwrap_err();
            assert!(error.message.contains(words), "{text}: {}", error.message);
            if !at.is_empty() {
                assert_eq!(&text[error.at.range()], at, "{text}: {}", error.message);
            }
        }
    }

    #[test]
    fn operators_are_told_what_to_write() {
        for (text, help) in [
            ("triggerBody()?['x'] == 'y'", "equals(a, b)"),
            ("triggerBody()?['x']=='y'", "equals(a, b)"),
            ("empty('a') &&empty('b')", "and(a, b)"),
            ("body('x')?['n']-1", "sub(a, b)"),
            ("body('x') +1", "add(a, b)"),
            ("add(length('x') -1, 2)", "sub(a, b)"),
            ("length('x') >3", "greater(a, b)"),
            ("body('x') ?? 'n/a'", "coalesce(a, b)"),
            ("equals(1, 2) ? 'a' : 'b'", "if(condition, a, b)"),
            ("utcNow()<br>", "concat()"),
            ("utcNow() and more", "concat()"),
            ("utcNow() 5", "concat()"),
        ] {
            let arena = Arena::new();
            let error = whole(text, &arena).unwrap_err();
            assert!(error.help.is_some_and(|words| words.contains(help)), "{text}: {error:?}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = format!("{}1{}", "not(".repeat(100_000), ")".repeat(100_000));
        let arena = Arena::new();
        assert!(whole(&deep, &arena).unwrap_err().message.contains("deeper than"));
        let steps = format!("body('x'){}", "[body('x')".repeat(50_000));
        assert!(whole(&steps, &arena).is_err());
    }
}
