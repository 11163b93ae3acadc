//! Two actions of one name.

use rustc_hash::FxHashMap;

use crate::expr::fold_name;
use crate::flow::{Action, ActionType, FlowAnalysis};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct DuplicateActionName;

impl CodedRule for DuplicateActionName {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        if flow.has_unique_names() {
            return;
        }
        let mut names: FxHashMap<String, &Action<'a>> = FxHashMap::default();
        // Handoffs between agents repeat in the designer's own workflows, and nothing refers to them.
        for action in flow.actions.iter().filter(|action| action.ty != ActionType::AgentHandoff) {
            let first = *names.entry(fold_name(action.name)).or_insert(action);
            if first.key_span == action.key_span {
                continue;
            }
            let message = match first.name == action.name {
                true => format!("There is another action called '{}'", action.name),
                false => format!("'{}' and '{}' are one name to the service", first.name, action.name),
            };
            cx.report(action.key_span, message)
                .grouped()
                .help("Rename one of them, and what refers to it: names are unique in the whole flow, inside scopes, branches and loops too.")
                .related(first.key_span, format!("'{}' stands here", first.name));
        }
    }
}
