//! Triggers whose runs are limited to some at a time.

use crate::finding::Severity;
use crate::flow::{ActionType, Flow, Trigger};
use crate::rule::Cx;

pub(super) fn check<'a>(flow: &Flow<'a>, trigger: &Trigger<'a>, cx: &mut Cx<'_, 'a>) {
    let Some(runs) = trigger.node.at(&["runtimeConfiguration", "concurrency"]).and_then(|c| c.member("runs"))
    else {
        return;
    };
    let answer = flow.actions.iter().find(|action| action.ty == ActionType::Response);
    let message = match answer {
        Some(_) => format!(
            "'{}' lets callers wait in a row: a call over the limit waits for its turn, and times out",
            trigger.name
        ),
        None => format!(
            "'{}' limits how many runs go at once: events over the limit and the queue are lost, and the setting cannot be taken back",
            trigger.name
        ),
    };
    let draft = cx.report(runs.key_span, message);
    match answer {
        Some(action) => {
            draft
                .severity(Severity::Warning)
                .help("Build the flow anew without the setting, or answer 202 at once and work in another flow.")
                .related(action.key_span, "somebody waits for this");
        }
        None => {
            draft.help("If runs must not overlap, that is the way, and it is worth a note on the trigger. If not, the trigger must be made anew without it.");
        }
    }
}
