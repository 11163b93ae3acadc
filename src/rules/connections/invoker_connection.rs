//! Flows that run as the wrong one: as whoever runs them where nobody does, or as one person for all who do.

use super::people::{Options, People};
use crate::flow::{Connection, FlowAnalysis, Trigger, TriggerType};
use crate::linter::{CodedRule, Interest, OptionError, RuleContext};
use crate::text::Span;

#[derive(Debug)]
pub(crate) struct InvokerConnection(People);

impl CodedRule for InvokerConnection {
    type Options = Options;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(options: Options) -> Result<Self, OptionError> {
        Ok(Self(People::new(&options)))
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let [trigger] = flow.triggers.as_slice() else { return };
        if starts_by_itself(flow, trigger) {
            by_nobody(flow, trigger, cx);
        } else if is_app_flow(trigger) {
            as_one_person(flow, &self.0, cx);
        }
    }
}

/// Connections that whoever runs the flow is to bring along, in a flow that nobody runs.
fn by_nobody<'a>(flow: &FlowAnalysis<'a>, trigger: &Trigger<'a>, cx: &mut RuleContext<'_, 'a>) {
    let mut invokers = flow
        .connections
        .iter()
        .filter(|connection| connection.invoker && is_used(flow, connection))
        .map(|connection| (connection.key, source_of(connection)));
    let Some((key, span)) = invokers.next() else { return };
    let message = format!(
        "'{key}' is to come from whoever runs the flow, and '{}' starts it by itself: there is no one to take it from, and the run fails",
        trigger.name
    );
    let draft = cx.report(span, message);
    draft.grouped().help("Pick a connection reference for it in the flow's actions, and save. In the file that is `embedded` in place of `invoker`.");
    for (key, span) in invokers {
        draft.related(span, format!("so is '{key}'"));
    }
}

/// One person's connections, in a flow that everyone runs who uses the app.
fn as_one_person<'a>(flow: &FlowAnalysis<'a>, people: &People, cx: &mut RuleContext<'_, 'a>) {
    for (owner, connections) in people.of(flow, cx) {
        let message = format!(
            "Whoever uses the app works as {} through '{}' ({}, line {}), with all rights of that person",
            owner.name, connections[0].key, owner.file, owner.line
        );
        let draft = cx
            .report(connections[0].key_span, message)
            .grouped()
            .help("Flow page › Run only users › Edit: *Provided by run-only user*, so that each works with rights of their own. Where the app is to do more than they may, make the connection with a service account.");
        for other in &connections[1..] {
            draft.related(other.key_span, format!("and through '{}'", other.key));
        }
    }
}

/// Whether a trigger starts the flow without a person: on a schedule, or on an event of a connector. What people
/// start, also on a row or file that they select, is a request.
fn starts_by_itself<'a>(flow: &FlowAnalysis<'a>, trigger: &Trigger<'a>) -> bool {
    let on_selection = || {
        let operation = flow.trigger_operation(trigger);
        operation.is_none_or(|operation| operation.id.to_ascii_lowercase().contains("select"))
    };
    match trigger.ty {
        TriggerType::Recurrence | TriggerType::SlidingWindow => true,
        ty => ty.is_connector() && !on_selection(),
    }
}

/// Whether an app starts the flow.
fn is_app_flow(trigger: &Trigger<'_>) -> bool {
    let kind = trigger.kind.unwrap_or_default();
    trigger.ty == TriggerType::Request
        && ["PowerApp", "PowerAppV2"].iter().any(|known| known.eq_ignore_ascii_case(kind))
}

/// Whether an action calls its connector through that connection.
fn is_used<'a>(flow: &FlowAnalysis<'a>, connection: &Connection<'a>) -> bool {
    let named = flow.actions.iter().filter_map(|action| flow.action_operation(action)?.connection);
    named.into_iter().any(|(key, _)| key.eq_ignore_ascii_case(connection.key))
}

/// The place of the word `invoker`; the key where it cannot be found.
fn source_of(connection: &Connection<'_>) -> Span {
    let source = connection.node.get("runtimeSource").or_else(|| connection.node.get("source"));
    source.map_or(connection.key_span, |source| source.span)
}
