//! What triggers and actions reach out with: connectors, and the built-in HTTP ones by the names that data
//! policies have for them.

use crate::flow::{ActionType, FlowAnalysis, Operation, TriggerType, plain_connector};
use crate::json::Node;
use crate::text::Span;
use crate::text::wildcard::fits;

/// HTTP actions, and triggers that poll an address.
pub(super) const HTTP: &str = "Http";
/// Actions and triggers that subscribe to an address.
pub(super) const WEBHOOK: &str = "HttpWebhook";
/// Triggers that wait for a request.
pub(super) const REQUEST: &str = "HttpRequestReceived";

/// A trigger or action that reaches out.
pub(super) struct Use<'a> {
    /// Its name.
    pub(super) name: &'a str,
    pub(super) key_span: Span,
    /// The connector as the file has it.
    pub(super) connector: &'a str,
    /// The operation's id, and where it stands.
    pub(super) operation: Option<(&'a str, Span)>,
    /// The address that is called.
    pub(super) address: Option<&'a Node<'a>>,
}

/// Every use in a flow, in the order of the file. What a file does not tell is left out.
pub(super) fn uses<'a>(flow: &FlowAnalysis<'a>) -> Vec<Use<'a>> {
    let mut uses = Vec::new();
    for trigger in &flow.triggers {
        let (connector, address) = match (trigger.ty, trigger.kind) {
            (TriggerType::Http, _) => (HTTP, trigger.node.at(&["inputs", "uri"])),
            (TriggerType::HttpWebhook, _) => (WEBHOOK, trigger.node.at(&["inputs", "subscribe", "uri"])),
            (TriggerType::Request, None) => (REQUEST, None),
            (TriggerType::Request, Some(kind)) if kind.eq_ignore_ascii_case("Http") => (REQUEST, None),
            _ => {
                uses.extend(called(
                    trigger.name,
                    trigger.key_span,
                    trigger.node,
                    flow.trigger_operation(trigger),
                ));
                continue;
            }
        };
        let (name, key_span) = (trigger.name, trigger.key_span);
        uses.push(Use { name, key_span, connector, operation: None, address });
    }
    for action in &flow.actions {
        let (connector, address) = match action.ty {
            ActionType::Http => (HTTP, action.node.at(&["inputs", "uri"])),
            ActionType::HttpWebhook => (WEBHOOK, action.node.at(&["inputs", "subscribe", "uri"])),
            _ => {
                uses.extend(called(action.name, action.key_span, action.node, flow.action_operation(action)));
                continue;
            }
        };
        let (name, key_span) = (action.name, action.key_span);
        uses.push(Use { name, key_span, connector, operation: None, address });
    }
    uses.sort_by_key(|one| one.key_span.start);
    uses
}

fn called<'a>(
    name: &'a str,
    key_span: Span,
    node: &'a Node<'a>,
    operation: Option<Operation<'a>>,
) -> Option<Use<'a>> {
    let connector = operation?.connector;
    const IDS: [&[&str]; 3] = [
        &["inputs", "host", "operationId"],
        &["inputs", "serviceProviderConfiguration", "operationId"],
        &["inputs", "operationId"],
    ];
    let id = IDS.iter().find_map(|keys| node.at(keys)).and_then(|node| Some((node.as_str()?, node.span)));
    is_plain(connector).then_some(Use { name, key_span, connector, operation: id, address: None })
}

/// Whether an id of a connector is one, and not computed by a template.
pub(super) fn is_plain(id: &str) -> bool {
    let plain = plain_connector(id);
    !plain.is_empty() && plain.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}

/// What people call a connector, as far as it has a name of its own here.
pub(super) fn shown(connector: &str) -> &str {
    match connector {
        HTTP => "HTTP",
        WEBHOOK => "HTTP Webhook",
        REQUEST => "the trigger 'When an HTTP request is received'",
        id => id,
    }
}

/// Whether an entry of an option, which may be a pattern, stands for a connector.
pub(super) fn is_connector(entry: &str, connector: &str) -> bool {
    fits(plain_connector(entry), plain_connector(connector))
}
