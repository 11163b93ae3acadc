//! Connections of a flow that no action and no trigger uses.

use crate::flow::{Connection, FlowAnalysis, Format, Operation};
use crate::json::{Node, Value};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct UnusedConnection;

impl CodedRule for UnusedConnection {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let list = match flow.format {
            Format::ArmTemplate => "`$connections`, together with its resource and parameter",
            _ => "`connectionReferences`",
        };
        for connection in unused(flow) {
            cx.report(
                connection.key_span,
                format!("No action or trigger uses the connection '{}'", connection.key),
            )
            .help(format!("Take it out of {list}: whoever imports the flow is asked for it all the same."));
        }
    }
}

/// The connections that nothing uses; none where that cannot be told.
pub(super) fn unused<'f, 'a>(flow: &'f FlowAnalysis<'a>) -> Vec<&'f Connection<'a>> {
    // What could not be read may use any of them.
    if !flow.is_complete() || flow.connections.is_empty() || !flow.malformed.is_empty() {
        return Vec::new();
    }
    let mut uses = Uses { flow, used: vec![false; flow.connections.len()], left: flow.connections.len() };
    for trigger in &flow.triggers {
        uses.of(flow.trigger_operation(trigger));
    }
    for action in &flow.actions {
        uses.of(flow.action_operation(action));
    }
    // Expressions, actions of unknown types and tools of agents name connections in ways of their own.
    let mut parts = ["triggers", "actions", "outputs"].iter().filter_map(|part| flow.definition.get(part));
    if uses.left == 0 || !parts.all(|part| uses.in_values(part)) {
        return Vec::new();
    }
    let judged = flow.connections.iter().zip(&uses.used);
    judged.filter(|(_, used)| !**used).map(|(connection, _)| connection).collect()
}

/// Which connections are used so far.
struct Uses<'c, 'a> {
    flow: &'c FlowAnalysis<'a>,
    used: Vec<bool>,
    left: usize,
}

impl Uses<'_, '_> {
    fn mark(&mut self, is_used: impl Fn(&str, Option<&str>) -> bool) -> bool {
        let mut any = false;
        for (connection, used) in self.flow.connections.iter().zip(&mut self.used) {
            if is_used(connection.key, connection.connector) {
                any = true;
                self.left -= usize::from(!*used);
                *used = true;
            }
        }
        any
    }

    fn of(&mut self, operation: Option<Operation<'_>>) {
        let Some(operation) = operation.filter(|_| self.left > 0) else { return };
        match operation.connection {
            Some((named, _)) => self.mark(|key, _| key.eq_ignore_ascii_case(named)),
            // Where no connection is named, any of the connector may be meant.
            None => self.mark(|_, connector| {
                connector.is_some_and(|connector| connector.eq_ignore_ascii_case(operation.connector))
            }),
        };
    }

    /// Looks through everything that is written in the definition; false where a name is computed, so that
    /// nothing can be said.
    fn in_values(&mut self, node: &Node<'_>) -> bool {
        match &node.value {
            Value::String(text) => self.in_text(text),
            Value::Array(elements) => elements.iter().all(|element| self.in_values(element)),
            Value::Object(members) => {
                members.iter().all(|member| self.in_text(member.key) && self.in_values(&member.value))
            }
            _ => true,
        }
    }

    fn in_text(&mut self, text: &str) -> bool {
        if !text.contains('\'') {
            self.mark(|key, _| key.eq_ignore_ascii_case(text));
            return true;
        }
        let named = self.mark(|key, _| is_quoted_in(key, text));
        named || !computes_a_connection(text)
    }
}

/// Whether a text looks a connection up by a name that it computes: `parameters('$connections')[…]`.
fn computes_a_connection(text: &str) -> bool {
    text.split("$connections").skip(1).any(|rest| {
        let name = rest.trim_start_matches(['\'', ')', ']', '?', '[', ' ']);
        let quoted = rest[..rest.len() - name.len()].ends_with('\'');
        !quoted || !name.starts_with(|c: char| c.is_alphanumeric() || c == '_')
    })
}

/// Whether a text names a key in single quotes.
fn is_quoted_in(key: &str, text: &str) -> bool {
    text.split('\'').any(|piece| piece.eq_ignore_ascii_case(key))
}
