//! The parser of one expression.

use std::borrow::Cow;
use std::ops::Range;

use super::lex::{Kind, Lexer, Token};
use super::{At, Call, Expr, ExprError, ExprKind, Step, functions};

/// How deep calls may nest: far above any real expression, and safe for the stack.
pub const MAX_CALLS: u32 = 128;

/// Parses the one expression that fills a range of a decoded string.
///
/// # Errors
/// The first place where the text stops being an expression.
pub fn parse(text: &str, range: Range<usize>) -> Result<Expr<'_>, ExprError> {
    let mut lexer = Lexer::new(text, range.clone());
    let token = lexer.next()?;
    if token.kind == Kind::End {
        return Err(ExprError {
            message: "the expression is empty".into(),
            help: None,
            at: At::new(range.start, range.end),
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
    fn take(&mut self) -> Result<Token<'t>, ExprError> {
        let token = self.token;
        self.consumed = token.at.end;
        self.token = self.lexer.next()?;
        Ok(token)
    }

    fn expr(&mut self) -> Result<Expr<'t>, ExprError> {
        let token = self.take()?;
        let kind = match token.kind {
            Kind::Text(inside) => ExprKind::String(undouble(inside)),
            Kind::Integer(written) => ExprKind::Integer(written),
            Kind::Float(written) => ExprKind::Float(written),
            Kind::Name(name) if self.token.kind == Kind::Open => return self.call(name, token.at),
            Kind::Name(name) if name.eq_ignore_ascii_case("null") => ExprKind::Null,
            Kind::Name(name) if name.eq_ignore_ascii_case("true") => ExprKind::Bool(true),
            Kind::Name(name) if name.eq_ignore_ascii_case("false") => ExprKind::Bool(false),
            Kind::Name(name) => return Err(bare_name(name, token.at)),
            Kind::End => return Err(error("the expression ends where a value is expected", token.at)),
            Kind::Comma | Kind::Close => return Err(error("a value is missing here", token.at)),
            _ => return Err(error("a value or a function call is expected here", token.at)),
        };
        Ok(Expr { kind, at: token.at })
    }

    fn call(&mut self, name: &'t str, name_at: At) -> Result<Expr<'t>, ExprError> {
        if self.depth >= MAX_CALLS {
            return Err(error(&format!("calls nest deeper than {MAX_CALLS} levels"), name_at));
        }
        self.depth += 1;
        self.take()?;
        let mut arguments = Vec::new();
        if self.token.kind == Kind::Close {
            self.take()?;
        } else {
            loop {
                if self.token.kind == Kind::End {
                    return Err(unclosed(name, name_at));
                }
                push(&mut arguments, self.expr()?);
                let token = self.take()?;
                match token.kind {
                    Kind::Comma => {}
                    Kind::Close => break,
                    Kind::End => return Err(unclosed(name, name_at)),
                    _ => return Err(between_arguments(token)),
                }
            }
        }
        let mut steps = Vec::new();
        while let Some(step) = self.step()? {
            push(&mut steps, step);
        }
        self.depth -= 1;
        let at = At { start: name_at.start, end: self.consumed };
        Ok(Expr {
            kind: ExprKind::Call(Call { name, name_at, function: functions().find(name), arguments, steps }),
            at,
        })
    }

    /// A step into the result of a call, if one is next.
    fn step(&mut self) -> Result<Option<Step<'t>>, ExprError> {
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
                let key = Expr { kind: ExprKind::String(Cow::Borrowed(key)), at: name.at };
                Ok(Some(Step { safe, dotted: true, key }))
            }
            Kind::OpenBracket => {
                let open = self.take()?;
                let key = self.expr()?;
                match self.take()?.kind {
                    Kind::CloseBracket => Ok(Some(Step { safe, dotted: false, key })),
                    _ => Err(error("this `[` has no `]`", open.at)),
                }
            }
            _ if safe => Err(error("after `?` a `[` or a dot is expected", first.at)),
            _ => Ok(None),
        }
    }

    fn trailing(&self, token: Token<'_>, end: usize) -> ExprError {
        let at = At { start: token.at.start, end: u32::try_from(end).unwrap_or(u32::MAX) };
        match token.kind {
            Kind::Close => error("a `)` too many", token.at),
            Kind::OpenBracket | Kind::Dot | Kind::Question => {
                error("only the result of a function can be read into, no literal", at)
            }
            _ => ExprError {
                message: "text after the end of the expression".into(),
                help: Some("To put text and values together, use concat(), or `@{…}` for each value.".into()),
                at,
            },
        }
    }
}

/// Adds to a list that most often stays at one: room for one first, more when it comes.
fn push<T>(list: &mut Vec<T>, item: T) {
    if list.is_empty() {
        list.reserve_exact(1);
    }
    list.push(item);
}

fn undouble(inside: &str) -> Cow<'_, str> {
    if inside.contains("''") { Cow::Owned(inside.replace("''", "'")) } else { Cow::Borrowed(inside) }
}

fn error(message: &str, at: At) -> ExprError {
    ExprError { message: message.into(), help: None, at }
}

fn unclosed(name: &str, at: At) -> ExprError {
    error(&format!("the parenthesis of `{name}(` is never closed"), at)
}

fn between_arguments(token: Token<'_>) -> ExprError {
    let help = match token.kind {
        Kind::Name(name) => operator_help(name),
        _ => None,
    };
    ExprError { message: "a `,` or `)` is expected here".into(), help, at: token.at }
}

fn bare_name(name: &str, at: At) -> ExprError {
    let help = operator_help(name).unwrap_or_else(|| {
        "A name must be called, like `variables('x')`; text stands in single quotes; a value that only begins with an `@` is written `@@…`."
            .to_owned()
    });
    ExprError { message: format!("`{name}` is neither a function call nor a value"), help: Some(help), at }
}

/// What to write in place of an operator of another language.
fn operator_help(name: &str) -> Option<String> {
    let instead = match name {
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
    };
    Some(format!("There are no operators: write {instead}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Result<Expr<'_>, ExprError> {
        parse(text, 0..text.len())
    }

    #[test]
    fn calls_steps_and_places() {
        let text = "outputs( 'Get it''s' )?['body/a'].b[add(1,-2)] ";
        let expr = whole(text).unwrap();
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
        let kind = |text: &'static str| whole(text).unwrap().kind;
        assert_eq!(kind("TRUE"), ExprKind::Bool(true));
        assert_eq!(kind("Null"), ExprKind::Null);
        assert_eq!(kind("-12"), ExprKind::Integer("-12"));
        assert_eq!(kind("1.5e-3"), ExprKind::Float("1.5e-3"));
        assert_eq!(kind("'a\n'"), ExprKind::String("a\n".into()));
    }

    #[test]
    fn white_space_of_every_kind_is_allowed() {
        for text in ["concat\u{a0}( 'a' ,\n'b' )", "triggerBody()\r\n ? [ 'x' ]", "\u{3000}utcNow()"] {
            let text = text.replace("\\n", "\n").replace("\\r", "\r");
            assert!(whole(&text).is_ok(), "{text:?}: {:?}", whole(&text));
        }
        assert!(whole("concat\u{a0}('a')").is_ok());
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
            ("add(1, .3)", ".", "expected"),
            ("-", "-", "no number"),
        ] {
            let error = whole(text).unwrap_err();
            assert!(error.message.contains(words), "{text}: {}", error.message);
            if !at.is_empty() {
                assert_eq!(&text[error.at.range()], at, "{text}: {}", error.message);
            }
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = format!("{}1{}", "not(".repeat(100_000), ")".repeat(100_000));
        assert!(whole(&deep).unwrap_err().message.contains("deeper than"));
        let steps = format!("body('x'){}", "[body('x')".repeat(50_000));
        assert!(whole(&steps).is_err());
    }
}
