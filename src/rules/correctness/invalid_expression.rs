//! Expressions that do not parse.

use crate::expr::TextRange;
use crate::flow::{ExpressionSite, FlowAnalysis};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct InvalidExpression;

impl CodedRule for InvalidExpression {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Text];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn text<'a>(&self, _: &FlowAnalysis<'a>, site: &ExpressionSite<'a>, cx: &mut RuleContext<'_, 'a>) {
        for error in site.template.errors() {
            let draft = cx.report_at(
                site,
                visible(site.text, error.at),
                format!("This expression cannot be read: {}", error.message),
            );
            if let Some(help) = &error.help {
                draft.help(*help);
            }
        }
    }
}

/// A place that can be underlined: an empty one, at the end say, takes the character before it.
fn visible(text: &str, at: TextRange) -> TextRange {
    if at.start < at.end {
        return at;
    }
    let before = text[..at.start as usize].chars().next_back().map_or(0, char::len_utf8);
    TextRange { start: at.start - u32::try_from(before).unwrap_or(0), end: at.end }
}
