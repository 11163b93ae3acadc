//! Variables that nothing initializes.

use super::variable_use::all_are_known;
use crate::expr::fold_name;
use crate::flow::FlowAnalysis;
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct UnknownVariable;

impl CodedRule for UnknownVariable {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        // What was not copied, not read or computes its name may initialize any of them.
        if !all_are_known(flow) {
            return;
        }
        for used in flow.variable_uses().iter().filter(|used| used.variable.is_none()) {
            let what = if used.writes { "written" } else { "read" };
            let draft = cx
                .report(used.span(flow), format!("The variable '{}' is {what} here and initialized nowhere: the service refuses to save the flow", used.name))
                .detail(fold_name(used.name));
            match crate::text::nearest(used.name, flow.variables().iter().map(|variable| variable.name)) {
                Some(near) => draft.help(format!("Did you mean '{near}'?")),
                None => draft.help(
                    "Add Initialize variable at the top of the flow, with this name, or take the value out.",
                ),
            };
        }
    }
}
