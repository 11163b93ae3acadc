//! Long flows that no Scope groups.

use serde::Deserialize;

use crate::flow::{ActionType, FlowAnalysis};
use crate::linter::{CodedRule, Interest, OptionError, RuleContext};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct MissingScope {
    min_actions: i64,
}

impl CodedRule for MissingScope {
    type Options = Self;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(options: Self) -> Result<Self, OptionError> {
        Ok(options)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let counted =
            flow.actions.iter().filter(|action| action.ty != ActionType::InitializeVariable).count();
        let grouped = flow.actions.iter().any(|action| action.ty == ActionType::Scope);
        if flow.has_whole_definition()
            && !grouped
            && i64::try_from(counted).is_ok_and(|counted| counted > self.min_actions)
        {
            cx.report(flow.anchor, format!("{counted} actions and not one scope: there is nothing to fold away, and nothing to catch a failure of several actions at once"))
                .help("Group what belongs together: New step › Control › Scope, then drag the actions in and name it by what it does.");
        }
    }
}
