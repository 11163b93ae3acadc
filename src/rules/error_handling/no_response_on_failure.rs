//! Called flows that handle a failure and leave the caller without an answer.

use super::response_missing_on_branch::ends_the_run;
use super::side_effects::{Parts, each_caught, is_called};
use crate::flow::{ActionId, ActionType, FlowAnalysis, Relation};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct NoResponseOnFailure;

impl CodedRule for NoResponseOnFailure {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        if !is_called(flow) {
            return;
        }
        let responses: Vec<ActionId> = (0..flow.actions.len())
            .filter(|id| {
                flow.actions[*id].ty == ActionType::Response && !flow.failure_paths().is_on_failure_path(*id)
            })
            .collect();
        let Some(answer) = responses.first() else { return };
        each_caught(flow, &mut |id, _, catch| {
            let failing = &flow.actions[id];
            if failing.ty == ActionType::Response || is_answered(flow, id, &responses) {
                return;
            }
            let message = format!(
                "When '{}' fails, '{}' takes over and nobody answers: the caller waits, and gets an error that says nothing",
                failing.name, catch.name
            );
            let draft = cx.report(catch.key_span, message);
            draft.help(format!(
                "End '{}' with a response that says what failed: for an HTTP caller with status code 500, for an app or a parent flow with an output for the error.",
                catch.name
            ));
            draft.related(failing.key_span, "this is what fails");
            draft.related(flow.actions[*answer].key_span, "this is the answer when all goes well");
        });
    }
}

/// Whether the caller learns how it ended although an action fails: by a response before it, beside it or
/// after it, or by a Terminate.
fn is_answered(flow: &FlowAnalysis<'_>, failing: ActionId, responses: &[ActionId]) -> bool {
    let stands =
        |response: &ActionId, wanted: &[Relation]| wanted.contains(&flow.relation(*response, failing));
    // A refusal that ends the run answers no run that comes to the failure.
    let goes_on = |response: &ActionId| {
        let holds = |id: ActionId| (id..flow.actions[id].subtree_end).contains(&failing);
        let apart = flow.containers(*response).take_while(|id| !holds(*id));
        !std::iter::once(*response).chain(apart).any(|id| ends_the_run(flow, flow.actions[id].branch))
    };
    if responses
        .iter()
        .any(|response| stands(response, &[Relation::Before, Relation::Parallel]) && goes_on(response))
    {
        return true;
    }
    let mut id = failing;
    loop {
        let aftermath = flow.aftermath(id);
        let ends = |ty| matches!(ty, ActionType::Response | ActionType::Terminate);
        if Parts::of(flow, &aftermath.runs).actions(flow).any(|action| ends(action.ty)) {
            return true;
        }
        let Some(around) = flow.branches[flow.actions[id].branch].owner else { return false };
        if aftermath.ends_well {
            let inside = around..flow.actions[around].subtree_end;
            return responses.iter().any(|r| !inside.contains(r) && stands(r, &[Relation::After]));
        }
        // The block around it fails as well.
        id = around;
    }
}
