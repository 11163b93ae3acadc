//! Text that is an expression which someone forgot to mark with `@`.

use crate::expr::{Arity, Expr, ExprKind, Part, Template, TextRange, parse};
use crate::flow::{ExpressionSite, FlowAnalysis, Place};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};
use crate::text::Arena;

/// Properties that hold prose, or formulas of another language.
const OTHER_LANGUAGES: [&str; 14] = [
    "apply",
    "code",
    "comment",
    "comments",
    "description",
    "fetchxml",
    "filter",
    "filterexpression",
    "formula",
    "note",
    "orderby",
    "query",
    "script",
    "sql",
];

#[derive(Debug)]
pub(crate) struct ExpressionAsText;

impl CodedRule for ExpressionAsText {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Text];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn text<'a>(&self, flow: &FlowAnalysis<'a>, site: &ExpressionSite<'a>, cx: &mut RuleContext<'_, 'a>) {
        if site.place == Place::Key {
            return;
        }
        match &site.template {
            Template::Literal => {
                if let Some((name, at)) = unmarked(site.text, cx.flow.arena) {
                    let property = flow.property_at(site.element, site.span).to_lowercase();
                    // A key `emailMessage/Subject` is `emailMessage~1Subject` in a pointer.
                    let last = property
                        .rsplit('/')
                        .next()
                        .and_then(|key| key.rsplit("~1").next())
                        .unwrap_or_default()
                        .trim_start_matches('$');
                    if OTHER_LANGUAGES.contains(&last) {
                        return;
                    }
                    let help = if site.text.starts_with(char::is_whitespace)
                        && site.text.trim_start().starts_with('@')
                    {
                        "Take the blank in front of the @ away.".to_owned()
                    } else {
                        "Enter it on the expression tab: an expression begins with @.".to_owned()
                    };
                    report(site, name, at, &help, cx);
                } else {
                    split_marks(site, TextRange { start: 0, end: length(site.text) }, cx);
                }
            }
            Template::Parts(parts) => {
                for part in *parts {
                    if let Part::Text(at) = *part {
                        split_marks(site, at, cx);
                    }
                }
            }
            Template::Whole(_) | Template::Broken(_) => {}
        }
    }
}

fn report(site: &ExpressionSite<'_>, name: &str, at: TextRange, help: &str, cx: &mut RuleContext<'_, '_>) {
    let message = format!("This is text that reads '{name}(…)' and no expression: nothing evaluates it");
    cx.report_at(site, at, message).detail(name.to_lowercase()).help(help);
}

fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// The function that a whole text calls, where the text parses as that call: what other languages
/// write in nearly the same way (`contains(subject,'x')`) has bare names in it and does not parse.
fn unmarked<'a>(text: &'a str, arena: &'a Arena) -> Option<(&'a str, TextRange)> {
    // A call has one, and most texts have none.
    memchr::memchr(b'(', text.as_bytes())?;
    let trimmed = text.trim();
    if !trimmed.ends_with([')', ']']) && !ends_in_a_step(trimmed) {
        return None;
    }
    let start = text.len() - text.trim_start().len();
    let mark = usize::from(trimmed.starts_with('@'));
    let end = start + trimmed.len();
    let expr = parse(text, start + mark..end, arena).ok()?;
    Some((called(&expr)?, TextRange { start: 0, end: length(text) }))
}

/// Whether a text ends as `triggerOutputs().body` does: with a word and a dot behind a bracket.
fn ends_in_a_step(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.' || byte == b'?';
    let Some(close) = text.bytes().rposition(|byte| !is_word(byte)) else { return false };
    text.as_bytes()[close] == b')' || text.as_bytes()[close] == b']'
}

/// `@ {…}` in plain text.
fn split_marks(site: &ExpressionSite<'_>, within: TextRange, cx: &mut RuleContext<'_, '_>) {
    let text = &site.text[..within.end as usize];
    let mut from = within.start as usize;
    while let Some(skip) = memchr::memchr(b'@', &text.as_bytes()[from..]) {
        let open = from + skip;
        from = open + 1;
        if !text[from..].starts_with(" {") {
            continue;
        }
        from = open + 3;
        let Some(close) = text[from..].find('}') else { return };
        if let Ok(expr) = parse(text, from..from + close, cx.flow.arena)
            && let Some(name) = called(&expr)
        {
            let at = TextRange { start: length(&text[..open]), end: length(&text[..=from + close]) };
            report(site, name, at, "Take the blank between @ and { away.", cx);
        }
    }
}

/// The known function that an expression calls with a number of arguments that it takes.
fn called<'t>(expr: &Expr<'t>) -> Option<&'t str> {
    let ExprKind::Call(call) = &expr.kind else { return None };
    let Arity { least, most } = call.function?.arity;
    let given = call.arguments.len();
    (given >= least && most.is_none_or(|most| given <= most)).then_some(call.name)
}
