//! Triggers that hand over several events at once, in flows that take them apart again.

use super::first_step::{first_that_acts, takes_messages};
use super::trigger_body::{Key, KeyName, steps_into_body};
use crate::catalog::operations::{Kind, Trait, known};
use crate::expr::{ExprKind, Template};
use crate::flow::{Action, ActionType, FlowAnalysis};
use crate::json::Node;
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct MissingSplitOn;

impl CodedRule for MissingSplitOn {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let [trigger] = flow.triggers.as_slice() else { return };
        let Some(operation) = flow.trigger_operation(trigger) else { return };
        let hands_over_several = known(operation.connector, operation.id)
            .is_some_and(|known| known.kind == Kind::Trigger && known.has(Trait::Batch));
        let splits =
            trigger.node.get("splitOn").and_then(Node::as_str).is_some_and(|list| !list.trim().is_empty());
        // Messages are taken in batches on purpose: a run for each of thousands costs more than it brings.
        if !hands_over_several || splits || takes_messages(flow, trigger) {
            return;
        }
        // What is done before or behind the loop is done once for all events, and would be done for each.
        let Some((first, false)) = first_that_acts(flow) else { return };
        let action = &flow.actions[first];
        let Some(list) = walked_whole(flow, action) else { return };
        // A count or a table of the events is a reason to take them together.
        let reads_all = cx.calls().iter().any(|(site, call)| {
            site.span != list.span && steps_into_body(flow, call).is_some_and(|steps| is_list(&steps))
        });
        if reads_all {
            return;
        }
        let text = list.as_str().unwrap_or_default();
        let message = format!(
            "'{}' hands over several events in one run, and '{}' takes them apart: when one fails, the run of all has failed",
            trigger.name, action.name
        );
        let help = format!(
            "Trigger › Settings › Split on: On, Array {text}. Each event then has its own run: drag the actions out of '{}' and delete it.",
            action.name
        );
        cx.report(trigger.key_span, message)
            .help(help)
            .related(action.key_span, "the events are taken apart here");
    }
}

/// The list that a loop walks, where that is all the events.
fn walked_whole<'a>(flow: &FlowAnalysis<'a>, action: &Action<'a>) -> Option<&'a Node<'a>> {
    let list = action.node.get("foreach").filter(|_| action.ty == ActionType::Foreach)?;
    let Template::Whole(expr) = flow.template_of(list)? else { return None };
    let ExprKind::Call(call) = &expr.kind else { return None };
    let steps = steps_into_body(flow, call)?;
    is_list(&steps).then_some(list)
}

/// Whether steps into the body end at the list of events: at the body itself, or at its `value`.
fn is_list(steps: &[Key<'_>]) -> bool {
    match steps {
        [] => true,
        [only] => matches!(only.name, KeyName::Text(name) if name.eq_ignore_ascii_case("value")),
        _ => false,
    }
}
