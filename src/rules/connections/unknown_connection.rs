//! Actions and triggers that name a connection which the flow does not have.

use super::unused_connection::unused;
use crate::flow::{Connection, FlowAnalysis, Format, Operation, is_computed, is_template_expression};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct UnknownConnection;

impl CodedRule for UnknownConnection {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        if !has_all_connections(flow) {
            return;
        }
        for trigger in &flow.triggers {
            judge(flow, trigger.name, flow.trigger_operation(trigger), cx);
        }
        for action in &flow.actions {
            judge(flow, action.name, flow.action_operation(action), cx);
        }
    }
}

fn judge<'a>(
    flow: &FlowAnalysis<'a>,
    name: &str,
    operation: Option<Operation<'a>>,
    cx: &mut RuleContext<'_, 'a>,
) {
    let Some((key, span)) = operation.and_then(|operation| operation.connection) else { return };
    if is_computed(key) || flow.connections.iter().any(|known| known.key.eq_ignore_ascii_case(key)) {
        return;
    }
    let list = match flow.format {
        Format::ArmTemplate => "$connections",
        _ => "connectionReferences",
    };
    let draft = cx
        .report(
            span,
            format!("'{name}' uses the connection '{key}', which is not among the flow's connections"),
        )
        .detail(key);
    let similar = similar(flow, key);
    let guess = similar.or_else(|| match unused(flow).as_slice() {
        [one] => Some(*one),
        _ => None,
    });
    match guess {
        Some(guess) => draft
            .help(match similar {
                Some(_) => format!("Did you mean '{}'?", guess.key),
                None => format!("Nothing uses '{}': is that the one that is meant?", guess.key),
            })
            .related(guess.key_span, format!("'{}' is one of them", guess.key)),
        None => draft.help(format!(
            "Add it to `{list}`, or open the action in the designer and pick its connection again."
        )),
    };
}

/// The connection whose key is nearly that name, or is it but for the number behind it.
fn similar<'f, 'a>(flow: &'f FlowAnalysis<'a>, name: &str) -> Option<&'f Connection<'a>> {
    let base = |key: &str| key.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_').to_lowercase();
    let near = crate::text::nearest(name, flow.connections.iter().map(|connection| connection.key));
    near.and_then(|near| flow.connection(near))
        .or_else(|| flow.connections.iter().find(|connection| base(connection.key) == base(name)))
}

/// Whether the file holds every connection of the flow. A template may compute their keys.
fn has_all_connections(flow: &FlowAnalysis<'_>) -> bool {
    flow.is_complete()
        && flow.references.is_some_and(|references| references.is_object())
        && !flow.connections.iter().any(|connection| is_template_expression(connection.key))
}
