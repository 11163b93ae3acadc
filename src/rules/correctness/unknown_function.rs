//! Calls of functions that the expression language does not have.

use crate::expr::{Call, functions, replacement};
use crate::flow::{ExpressionSite, FlowAnalysis};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct UnknownFunction;

impl CodedRule for UnknownFunction {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::UnknownCall];

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
        let message = format!(
            "There is no function `{}` in flow expressions: the action fails when it runs",
            call.name
        );
        let draft = cx.report_at(site, call.name_at, message).detail(call.name.to_lowercase());
        if let Some(instead) = replacement(call.name) {
            draft.help(format!("Write {instead}."));
        } else if let Some(near) = functions().nearest(call.name) {
            draft.help(format!("Did you mean `{near}`?"));
        }
    }
}
