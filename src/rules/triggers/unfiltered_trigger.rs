//! Event triggers that start the flow for every event.

use super::dataverse::{changes, is_row_trigger, subscribed};
use crate::catalog::operations::{Event, event_trigger};
use crate::finding::Severity;
use crate::flow::{FlowAnalysis, Trigger, is_computed};
use crate::json::{Node, Value};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct UnfilteredTrigger;

impl CodedRule for UnfilteredTrigger {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::AnyTrigger];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn trigger<'a>(&self, flow: &FlowAnalysis<'a>, trigger: &Trigger<'a>, cx: &mut RuleContext<'_, 'a>) {
        if trigger.node.get("conditions").is_some_and(|conditions| !conditions.elements().is_empty()) {
            return;
        }
        let Some(operation) = flow.trigger_operation(trigger) else { return };
        let parameters = trigger.node.at(&["inputs", "parameters"]);
        if is_row_trigger(operation) {
            dataverse(trigger, cx);
            return;
        }
        let Some(known) = event_trigger(operation.connector, operation.id) else { return };
        let members = parameters.map(Node::members).unwrap_or_default();
        if members.iter().any(|member| known.narrows(member.key, &text(&member.value))) {
            return;
        }
        let draft =
            cx.report(trigger.key_span, format!("'{}' starts a run for {}", trigger.name, known.starts_for));
        match known.event {
            Event::Added => {
                draft.severity(Severity::Note);
                draft.help("If not each of them matters: Trigger › Settings › Trigger conditions, for example @equals(triggerOutputs()?['body/Status/Value'], 'Submitted').");
            }
            Event::Changed => {
                draft.help("Say which changes matter: Trigger › Settings › Trigger conditions, for example @equals(triggerOutputs()?['body/Status/Value'], 'Submitted'), or limit the trigger to a view or folder.");
            }
            Event::Mail => {
                draft.help("Set From, To, Subject Filter or another folder in the trigger's advanced options, or a trigger condition.");
            }
        }
    }
}

fn dataverse<'a>(trigger: &Trigger<'a>, cx: &mut RuleContext<'_, 'a>) {
    let value = |name: &str| subscribed(trigger, name);
    if !value("filterexpression").trim().is_empty() || !value("filteringattributes").trim().is_empty() {
        return;
    }
    let table = value("entityname");
    let table = if table.is_empty() || is_computed(&table) { "table".to_owned() } else { table };
    let Some(changes) = changes(trigger) else { return };
    let event = match (changes.added, changes.modified, changes.deleted) {
        (true, false, false) => "each new row",
        (false, false, true) => "each deleted row",
        (true, false, true) => "each new and each deleted row",
        (false, true, false) => "each change of each row",
        (true, true, false) => "each new row and each change of each row",
        (false, true, true) => "each change and each deletion of each row",
        (true, true, true) => "each new row, each change and each deletion",
        (false, false, false) => return,
    };
    let draft = cx
        .report(trigger.key_span, format!("'{}' starts a run for {event} of '{table}'", trigger.name))
        .help("Trigger › Filter rows: say which rows matter, for example statuscode eq 1. A run that is not started costs nothing.");
    if !changes.modified {
        draft.severity(Severity::Note);
    }
}

/// The text of a scalar; empty for anything else.
fn text(node: &Node<'_>) -> String {
    match &node.value {
        Value::String(text) | Value::Number(text) => text.to_string(),
        Value::Bool(truth) => truth.to_string(),
        _ => String::new(),
    }
}
