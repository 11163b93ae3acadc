//! Failure paths that tell nobody and keep no record.

use super::side_effects::{Parts, each_caught, ends_badly, is_read_outside, may_notify};
use crate::finding::Severity;
use crate::flow::FlowAnalysis;
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct SilentCatch;

impl CodedRule for SilentCatch {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        if !flow.has_whole_definition() {
            return;
        }
        each_caught(flow, &mut |id, aftermath, catch| {
            let failing = &flow.actions[id];
            // What holds nothing never fails.
            if !failing.ty.is_container() || failing.subtree_end == id + 1 {
                return;
            }
            let path = Parts::of(flow, &aftermath.runs);
            // Where the block around it fails as well, what handles that may tell.
            let goes_on = !aftermath.ends_well
                && flow.branches[failing.branch]
                    .owner
                    .is_some_and(|around| flow.failure_paths().is_covered(around));
            let tells = path.actions(flow).any(|action| may_notify(flow, action));
            if tells || goes_on || is_read_outside(flow, &Parts::of(flow, &aftermath.handlers), cx) {
                return;
            }
            let ends_red = !aftermath.ends_well || path.actions(flow).any(ends_badly);
            let message = match ends_red {
                true => format!(
                    "'{}' takes the failure of '{}' and tells nobody: only the run history shows it",
                    catch.name, failing.name
                ),
                false => format!(
                    "'{}' takes the failure of '{}', tells nobody and records nothing",
                    catch.name, failing.name
                ),
            };
            let draft = cx.report(catch.key_span, message);
            draft
                .help(format!("Add a step to '{}' that writes result('{}') to a log and alerts somebody: Teams › Post message, or Send an email.", catch.name, failing.name))
                .related(failing.key_span, "this is what fails");
            if ends_red {
                draft.severity(Severity::Note);
            }
        });
    }
}
