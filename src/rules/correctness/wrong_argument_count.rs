//! Calls with more or fewer arguments than the function takes.

use crate::expr::{Arity, Call};
use crate::flow::{ExpressionSite, FlowAnalysis};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct WrongArgumentCount;

impl CodedRule for WrongArgumentCount {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::AnyCall];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn call<'a>(
        &self,
        _: &FlowAnalysis<'a>,
        site: &ExpressionSite<'a>,
        call: &Call<'a>,
        cx: &mut RuleContext<'_, 'a>,
    ) {
        let Some(function) = call.function else { return };
        let Arity { least, most } = function.arity;
        let given = call.arguments.len();
        if given >= least && most.is_none_or(|most| given <= most) {
            return;
        }
        let takes = match most {
            Some(0) => "no argument".to_owned(),
            Some(1) if least == 1 => "one argument".to_owned(),
            Some(1) => "at most one argument".to_owned(),
            Some(most) if most == least => format!("{most} arguments"),
            Some(most) => format!("{least} to {most} arguments"),
            None => format!("at least {least} {}", if least == 1 { "argument" } else { "arguments" }),
        };
        let given = match given {
            0 => "none".to_owned(),
            given => given.to_string(),
        };
        let message =
            format!("'{}' takes {takes} and gets {given}: the expression cannot be evaluated", function.name);
        cx.report_at(site, call.name_at, message)
            .detail(function.name)
            .help(format!("Open the expression and write {}.", function.usage()));
    }
}
