//! Which operation of which connector a trigger or action calls.

use rustc_hash::FxHashMap;

use super::{Action, FlowAnalysis, Trigger, TriggerType};
use crate::catalog::connectors::Connector;
use crate::catalog::operations::{Known, known};
use crate::json::Node;
use crate::text::Span;

/// An operation with what is known of it; none where no connector is called.
pub(super) type Called<'a> = Option<(Operation<'a>, Option<Known>)>;

/// A connector operation that a trigger or action calls.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'a> {
    /// The connector's name: `shared_sharepointonline`; empty where the file does not tell.
    pub connector: &'a str,
    /// What connector that is.
    pub service: Connector,
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

impl Trigger<'_> {
    /// Whether people start the flow on a row, item or file that they select: a request, whose connector offers what
    /// there is to select.
    #[must_use]
    pub fn is_on_selection(&self) -> bool {
        self.ty == TriggerType::Request
            && self.kind.is_some_and(|kind| kind.eq_ignore_ascii_case("ApiConnection"))
    }
}

impl<'a> FlowAnalysis<'a> {
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
                let operation =
                    action.ty.is_connector().then(|| self.operation(action.node, false)).flatten()?;
                let key = (operation.connector, operation.id);
                Some((operation, *table.entry(key).or_insert_with(|| known(key.0, key.1))))
            };
            self.actions.iter().map(call).collect()
        })[action.id]
    }

    /// The operation that a trigger listens to, or that offers the rows or files on which people start it; none if
    /// it is no connector's.
    #[must_use]
    pub fn trigger_operation(&self, trigger: &Trigger<'a>) -> Option<Operation<'a>> {
        let is_called = trigger.ty.is_connector() || trigger.is_on_selection();
        is_called.then(|| self.operation(trigger.node, true)).flatten()
    }

    /// Reads the forms of `inputs.host` that exports, designers and Logic Apps write.
    fn operation(&self, node: &'a Node<'a>, is_trigger: bool) -> Option<Operation<'a>> {
        let inputs = node.get("inputs")?;
        if let Some(provider) = inputs.get("serviceProviderConfiguration") {
            let text = |key| provider.get(key).and_then(Node::as_str);
            let connection = provider.get("connectionName").and_then(|n| n.as_str().map(|key| (key, n.span)));
            let connector = text("serviceProviderId").map_or("", tail);
            let (id, service) = (text("operationId").unwrap_or(""), Connector::of(connector));
            return Some(Operation { connector, service, id, connection });
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
        // Triggers on a selection have it beside the host. What the old designer wrote has it among its notes; a
        // trigger of that time has what narrows it in queries, where nobody looks for it.
        let narrowed = [["inputs", "queries"].as_slice(), &["inputs", "fetch", "queries"]];
        let is_narrowed = || narrowed.iter().any(|keys| node.at(keys).is_some());
        let id = host.get("operationId").or_else(|| inputs.get("operationId")).or_else(|| {
            node.at(&["metadata", "flowSystemMetadata", "swaggerOperationId"])
                .filter(|_| !is_trigger || !is_narrowed())
        });
        let id = id.and_then(Node::as_str).unwrap_or("");
        let connector = connector.unwrap_or("");
        Some(Operation { connector, service: Connector::of(connector), id, connection })
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

fn tail(id: &str) -> &str {
    id.trim_end_matches('/').rsplit('/').next().unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use crate::flow::{Detected, FlowAnalysis, detect, load};
    use crate::text::Arena;
    use crate::{json, text::Source};

    #[test]
    fn an_operation_is_found_where_its_dialect_has_it() {
        let host = r#""host": {"connection": {"name": "@parameters('$connections')['shared_sharepointonline']['connectionId']"}}"#;
        let note = r#""metadata": {"flowSystemMetadata": {"swaggerOperationId": "GetOnNewItems"}}"#;
        let text = format!(
            r#"{{"definition": {{"triggers": {{
                "Old": {{"type": "ApiConnection", "inputs": {{{host}}}, {note}}},
                "Narrowed": {{"type": "ApiConnection", "inputs": {{{host}, "queries": {{"view": "v"}}}}, {note}}},
                "Selected": {{"type": "Request", "kind": "ApiConnection", "inputs": {{{host}, "operationId": "ForASelectedItem"}}}},
                "Button": {{"type": "Request", "kind": "Button", "inputs": {{{host}, "operationId": "ForASelectedItem"}}}}}},
                "actions": {{"Narrow": {{"type": "ApiConnection", "inputs": {{{host}, "queries": {{"view": "v"}}}}, {note}}}}}}}}}"#
        );
        let source = Source::new("flow.json", text);
        let arena = Arena::new();
        let root = json::parse(&source.text, &arena).unwrap();
        let Detected::Flows(found) = detect(&root, "") else { panic!("a flow") };
        let flow = FlowAnalysis::new(load(&source, &found[0], None, &arena));
        let ids: Vec<Option<&str>> = flow
            .triggers
            .iter()
            .map(|trigger| flow.trigger_operation(trigger).map(|operation| operation.id))
            .collect();
        assert_eq!(ids, [Some("GetOnNewItems"), Some(""), Some("ForASelectedItem"), None]);
        assert_eq!(
            flow.action_operation(&flow.actions[0]).map(|operation| operation.id),
            Some("GetOnNewItems")
        );
    }
}
