//! Which operation of which connector a trigger or action calls.

use rustc_hash::FxHashMap;

use super::{Action, Flow, Trigger};
use crate::json::Node;
use crate::operations::{Known, known};
use crate::source::Span;

/// An operation with what is known of it; none where no connector is called.
pub(super) type Called<'a> = Option<(Operation<'a>, Option<Known>)>;

/// A connector operation that a trigger or action calls.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'a> {
    /// The connector's name: `shared_sharepointonline`; empty where the file does not tell.
    pub connector: &'a str,
    /// The operation's id: `GetItems`; empty in the path dialect of Logic Apps.
    pub id: &'a str,
    /// The key of the connection reference, where one is named.
    pub connection: Option<(&'a str, Span)>,
}

impl<'a> Operation<'a> {
    /// Whether this is that operation; ids are compared without case.
    #[must_use]
    pub fn is(&self, connector: &str, id: &str) -> bool {
        self.connector.eq_ignore_ascii_case(connector) && self.id.eq_ignore_ascii_case(id)
    }
}

impl<'a> Flow<'a> {
    /// The operation that an action calls; none if it calls no connector.
    #[must_use]
    pub fn action_operation(&self, action: &Action<'a>) -> Option<Operation<'a>> {
        if !action.ty.is_connector() {
            return None;
        }
        self.called(action).map(|(operation, _)| operation)
    }

    /// What is known of the operation that an action calls; none if the table does not have it.
    #[must_use]
    pub fn known_operation(&self, action: &Action<'a>) -> Option<Known> {
        if !action.ty.is_connector() {
            return None;
        }
        self.called(action).and_then(|(_, known)| known)
    }

    /// What is remembered of an action's call: many rules ask.
    fn called(&self, action: &Action<'a>) -> Called<'a> {
        self.operations.get_or_init(|| {
            // A flow calls few operations, each of them often.
            let mut table: FxHashMap<(&str, &str), Option<Known>> = FxHashMap::default();
            let call = |action: &Action<'a>| {
                let operation = action.ty.is_connector().then(|| self.operation(action.node)).flatten()?;
                let key = (operation.connector, operation.id);
                Some((operation, *table.entry(key).or_insert_with(|| known(key.0, key.1))))
            };
            self.actions.iter().map(call).collect()
        })[action.id]
    }

    /// The operation that a trigger listens to; none if it is no connector's.
    #[must_use]
    pub fn trigger_operation(&self, trigger: &Trigger<'a>) -> Option<Operation<'a>> {
        trigger.ty.is_connector().then(|| self.operation(trigger.node)).flatten()
    }

    /// Reads the forms of `inputs.host` that exports, designers and Logic Apps write.
    fn operation(&self, node: &'a Node<'a>) -> Option<Operation<'a>> {
        let inputs = node.get("inputs")?;
        if let Some(provider) = inputs.get("serviceProviderConfiguration") {
            let text = |key| provider.get(key).and_then(Node::as_str);
            let connection = provider.get("connectionName").and_then(|n| n.as_str().map(|key| (key, n.span)));
            let connector = text("serviceProviderId").map_or("", tail);
            return Some(Operation { connector, id: text("operationId").unwrap_or(""), connection });
        }
        let host = inputs.get("host")?;
        let connection = ["connectionName", "connectionReferenceName", "connection"]
            .into_iter()
            .filter_map(|key| host.get(key))
            .find_map(connection_key);
        let connector = host
            .get("apiId")
            .and_then(Node::as_str)
            .map(tail)
            .or_else(|| connection.and_then(|(key, _)| self.connection(key)).and_then(|c| c.connector));
        let id = host.get("operationId").and_then(Node::as_str).unwrap_or("");
        Some(Operation { connector: connector.unwrap_or(""), id, connection })
    }
}

/// The key of a connection reference out of the forms that name one.
fn connection_key<'a>(node: &'a Node<'a>) -> Option<(&'a str, Span)> {
    let named = |node: &'a Node<'a>| node.as_str().map(|key| (key, node.span));
    if let Some((text, span)) = named(node) {
        return Some((text, span));
    }
    let inner = node.get("referenceName").or_else(|| node.get("name"))?;
    let (text, span) = named(inner)?;
    // `@parameters('$connections')['x']['connectionId']`, and in flows of old buttons `…['$connections']['x']`:
    // the key is the index behind the name.
    let behind = ["$connections')['", "$connections']['"].into_iter().find_map(|mark| text.split_once(mark));
    match behind {
        Some((_, rest)) => rest.split_once('\'').map(|(key, _)| (key, span)),
        None => Some((text, span)),
    }
}

/// What tells connectors apart: of `/providers/Microsoft.PowerApps/apis/shared_sql`, `shared_sql` and the `sql`
/// of Logic Apps it is `sql`.
#[must_use]
pub fn plain_connector(id: &str) -> &str {
    let name = tail(id.trim());
    match name.split_at_checked("shared_".len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case("shared_") => rest,
        _ => name,
    }
}

fn tail(id: &str) -> &str {
    id.trim_end_matches('/').rsplit('/').next().unwrap_or(id)
}
