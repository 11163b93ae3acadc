//! Places whose shape is not that of a flow.

use crate::flow::FlowAnalysis;
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct MalformedFlow;

impl CodedRule for MalformedFlow {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        for malformed in &flow.malformed {
            cx.report(malformed.span, crate::text::capitalised(&malformed.message))
                .help(malformed.help.as_str());
        }
    }
}
