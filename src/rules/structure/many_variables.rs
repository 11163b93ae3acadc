//! Flows that keep many variables.

use serde::Deserialize;

use crate::flow::FlowAnalysis;
use crate::linter::{CodedRule, Interest, OptionError, RuleContext};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ManyVariables {
    max_variables: i64,
}

impl CodedRule for ManyVariables {
    type Options = Self;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(options: Self) -> Result<Self, OptionError> {
        Ok(options)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let count = flow.variables().len();
        if flow.has_whole_definition() && i64::try_from(count).is_ok_and(|count| count > self.max_variables) {
            cx.report(flow.anchor, format!("This flow keeps {count} variables"))
                .help("What is set once is a Compose. What belongs together is one object. What a part of the flow keeps for itself goes with that part into a child flow.");
        }
    }
}
