//! Flows that write, send or call, and have not one failure path.

use super::side_effects::{has_failure_path, is_attended, reaches_out};
use crate::finding::Severity;
use crate::flow::{Action, FlowAnalysis};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct MissingErrorHandling;

impl CodedRule for MissingErrorHandling {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let (true, Some(trigger)) = (flow.has_whole_definition(), flow.triggers.first()) else { return };
        if has_failure_path(flow) {
            return;
        }
        let reaching: Vec<&Action<'a>> =
            flow.actions.iter().filter(|action| reaches_out(flow, action)).collect();
        let [first, _, ..] = reaching.as_slice() else { return };
        let count = reaching.len();
        let attended = is_attended(trigger);
        let consequence = match attended {
            true => "if one fails, only the person who started the flow sees it",
            false => "if one fails, the run stops half-way and nobody is told",
        };
        let message =
            format!("{count} actions write, send or call, and nothing handles a failure: {consequence}");
        let draft = cx
            .report(flow.anchor, message)
            .help("Put the actions into a scope 'Try'. Add a scope 'Catch' behind it that logs and alerts, and set it to run after 'Try' has failed or has timed out.")
            .related(first.key_span, "the first of them");
        if attended {
            draft.severity(Severity::Note);
        }
    }
}
