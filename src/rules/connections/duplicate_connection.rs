//! Several connections of a flow that are one and the same.

use super::unused_connection::unused;
use crate::flow::{Binding, Connection, FlowAnalysis};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct DuplicateConnection;

impl CodedRule for DuplicateConnection {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let mut groups: Vec<Vec<&Connection<'a>>> = Vec::new();
        for connection in &flow.connections {
            match groups.iter_mut().find(|group| is_same(group[0], connection)) {
                Some(group) => group.push(connection),
                None => groups.push(vec![connection]),
            }
        }
        groups.retain(|group| group.len() > 1);
        if groups.is_empty() {
            return;
        }
        // What nothing uses is another fault, and gone with it.
        let unused = unused(flow);
        for group in &mut groups {
            group.retain(|connection| !unused.iter().any(|unused| unused.key == connection.key));
            // The one without a number comes first, wherever it stands.
            group.sort_by_key(|connection| (connection.key.len(), connection.key));
            let [first, second, others @ ..] = group.as_slice() else { continue };
            let message = format!("'{}' leads to the same connection as '{}'", second.key, first.key);
            let draft = cx.report(second.key_span, message);
            draft.grouped().help(format!(
                "Let the actions that name '{}' name '{}', and delete the entry.",
                second.key, first.key
            ));
            for other in others {
                draft.related(other.key_span, format!("so does '{}'", other.key));
            }
        }
    }
}

/// Whether two connections are of one connector, bound to one thing, and run as the same one.
fn is_same(one: &Connection<'_>, other: &Connection<'_>) -> bool {
    let bound = |connection: &Connection<'_>| match connection.binding {
        Binding::Reference { name, .. } => Some(name.to_ascii_lowercase()),
        Binding::Connection { id, .. } => Some(id.to_ascii_lowercase()),
        Binding::None => None,
    };
    // The owner of the row that starts the flow, and the like.
    let as_another = |connection: &Connection<'_>| {
        connection
            .node
            .at(&["impersonation", "source"])
            .and_then(|source| source.as_str().map(str::to_ascii_lowercase))
    };
    let connector = |connection: &Connection<'_>| connection.connector.map(str::to_ascii_lowercase);
    one.invoker == other.invoker
        && bound(one).is_some()
        && bound(one) == bound(other)
        && connector(one) == connector(other)
        && as_another(one) == as_another(other)
}
