//! Flows that nothing starts, or more than one trigger.

use crate::flow::{FlowAnalysis, Product};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct TriggerCount;

impl CodedRule for TriggerCount {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        if !flow.has_whole_definition() || !flow.has_all_steps() {
            return;
        }
        let most = match flow.product {
            Product::PowerAutomate => 1,
            Product::LogicApps => 10,
        };
        match flow.triggers.as_slice() {
            // Where triggers are not even spoken of, the file is a piece of a flow.
            [] if !flow.actions.is_empty() && flow.definition.get("triggers").is_some() => {
                cx.report(flow.anchor, "Nothing starts this flow: it has no trigger")
                    .help("Add a trigger as the first step.");
            }
            triggers if triggers.len() > most => {
                let message = format!("This flow has {} triggers: the service takes {most}", triggers.len());
                cx.report(triggers[most].key_span, message)
                    .help("Keep one trigger here, and give each other one a flow of its own that calls this one.")
                    .related(triggers[0].key_span, "the first of them");
            }
            _ => {}
        }
    }
}
