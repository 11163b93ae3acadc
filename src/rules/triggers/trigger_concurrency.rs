//! Triggers whose runs are limited to some at a time.

use crate::finding::Severity;
use crate::flow::{ActionType, FlowAnalysis, Trigger};
use crate::json::Node;
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

/// As many items of a batch are taken apart where runs are limited.
const MOST_ITEMS: i64 = 100;

#[derive(Debug)]
pub(crate) struct TriggerConcurrency;

impl CodedRule for TriggerConcurrency {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::AnyTrigger];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn trigger<'a>(&self, flow: &FlowAnalysis<'a>, trigger: &Trigger<'a>, cx: &mut RuleContext<'_, 'a>) {
        let Some(runs) =
            trigger.node.at(&["runtimeConfiguration", "concurrency"]).and_then(|c| c.member("runs"))
        else {
            return;
        };
        let answer = flow.actions.iter().find(|action| action.ty == ActionType::Response);
        let batch = if answer.is_none() { large_batch(trigger) } else { None };
        let message = match answer {
            None if batch.is_some() => format!(
                "'{}' fetches more than {MOST_ITEMS} items at a time and takes them apart: with a limit of runs the service takes apart no more than {MOST_ITEMS}",
                trigger.name
            ),
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
            None if batch.is_some() => {
                draft
                    .severity(Severity::Warning)
                    .help(format!("Let the trigger fetch {MOST_ITEMS} items at most, or build it anew without the limit of runs."))
                    .related(batch.map_or(runs.key_span, |batch| batch.span), "this many at a time");
            }
            None => {
                draft.help("If runs must not overlap, that is the way, and it is worth a note on the trigger. If not, the trigger must be made anew without it.");
            }
        }
    }
}

/// How many items a trigger with *Split on* fetches at a time, where that is more than can be taken apart.
fn large_batch<'a>(trigger: &Trigger<'a>) -> Option<&'a Node<'a>> {
    const SIZES: [&str; 4] = ["$top", "top", "maxMessageCount", "maximumEventsCount"];
    trigger.node.get("splitOn").and_then(Node::as_str).filter(|list| !list.trim().is_empty())?;
    ["parameters", "queries"]
        .into_iter()
        .filter_map(|place| trigger.node.at(&["inputs", place]))
        .flat_map(Node::members)
        .filter(|member| SIZES.iter().any(|size| size.eq_ignore_ascii_case(member.key)))
        .map(|member| &member.value)
        .find(|size| size.as_int().is_some_and(|size| size > MOST_ITEMS))
}
