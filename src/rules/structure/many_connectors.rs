//! Flows that use many kinds of connector: a sign of many jobs.

use serde::Deserialize;

use crate::catalog::connectors;
use crate::flow::FlowAnalysis;
use crate::linter::{CodedRule, Interest, OptionError, RuleContext};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ManyConnectors {
    max_connectors: i64,
}

impl CodedRule for ManyConnectors {
    type Options = Self;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(options: Self) -> Result<Self, OptionError> {
        Ok(options)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        if !flow.has_whole_definition() {
            return;
        }
        let triggers = flow.triggers.iter().filter_map(|trigger| flow.trigger_operation(trigger));
        let actions = flow.actions.iter().filter_map(|action| flow.action_operation(action));
        let mut kinds: Vec<String> = Vec::new();
        for operation in triggers.chain(actions).filter(|operation| !operation.connector.is_empty()) {
            if !kinds.iter().any(|kind| kind.eq_ignore_ascii_case(operation.connector)) {
                kinds.push(operation.connector.to_ascii_lowercase());
            }
        }
        if i64::try_from(kinds.len()).is_ok_and(|count| count > self.max_connectors) {
            kinds.sort_unstable();
            let mut names: Vec<_> = kinds.iter().map(|kind| connectors::name(kind)).collect();
            names.sort_by_key(|name| name.to_lowercase());
            let message = format!("{} connectors in one flow: {}", kinds.len(), names.join(", "));
            cx.report(flow.anchor, message)
                .help("One flow, one job: move what belongs to a job of its own into a child flow. Each connector is a connection that can break.");
        }
    }
}
