//! What a flow is connected to, and its parameters.

use super::{Flow, Format, Malformed};
use crate::json::{Member, Node};
use crate::text::Span;

/// One connection reference of a flow.
#[derive(Debug)]
pub struct Connection<'a> {
    /// The key that actions name.
    pub key: &'a str,
    /// The place of the key.
    pub key_span: Span,
    /// Its JSON.
    pub node: &'a Node<'a>,
    /// The connector's name: `shared_office365`.
    pub connector: Option<&'a str>,
    /// What it is bound to.
    pub binding: Binding<'a>,
    /// Whether each run uses the connection of the person who runs it.
    pub invoker: bool,
}

/// What a connection reference is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding<'a> {
    /// A connection reference of the solution, by logical name.
    Reference {
        /// The logical name.
        name: &'a str,
        /// Its place.
        span: Span,
    },
    /// One connection, by its name or id.
    Connection {
        /// The name or id as written.
        id: &'a str,
        /// Its place.
        span: Span,
    },
    /// Nothing yet.
    None,
}

/// A parameter of the definition.
#[derive(Debug)]
pub struct Parameter<'a> {
    /// Its name, which `parameters('…')` takes.
    pub name: &'a str,
    /// The place of the name.
    pub key_span: Span,
    /// Its JSON.
    pub node: &'a Node<'a>,
    /// The declared type, as written.
    pub type_name: Option<&'a str>,
    /// The value it has where nothing else is set.
    pub default: Option<&'a Node<'a>>,
    /// The schema name of the environment variable that gives the value.
    pub environment_variable: Option<&'a str>,
}

/// Reads `connectionReferences` of every shape that exports have, and the `$connections` of Logic Apps.
pub(super) fn load_connections<'a>(flow: &mut Flow<'a>, references: &'a Node<'a>) {
    // A template may compute them; other answers of services come as lists. Only a solution's are objects for sure.
    if !references.is_object() && flow.format == Format::SolutionFlow {
        flow.malformed.push(Malformed {
            span: references.span,
            message: format!("`connectionReferences` is {} and not an object", references.kind()),
            help: "Give it one member for each connection: `{}` if there are none.".into(),
            loses_steps: false,
        });
    }
    flow.connections.extend(references.members().iter().map(connection));
}

fn connection<'a>(member: &'a Member<'a>) -> Connection<'a> {
    let node = &member.value;
    let text = |keys: &[&str]| node.at(keys).and_then(|value| value.as_str().map(|text| (text, value.span)));
    let reference = text(&["connection", "connectionReferenceLogicalName"])
        .or_else(|| text(&["connectionReferenceLogicalName"]));
    let direct = text(&["connection", "name"])
        .or_else(|| text(&["connection", "id"]))
        .or_else(|| text(&["connectionName"]))
        .or_else(|| text(&["connectionId"]));
    let filled = |found: &(&str, Span)| !found.0.trim().is_empty();
    let binding = match (reference.filter(filled), direct.filter(filled)) {
        (Some((name, span)), _) => Binding::Reference { name, span },
        (None, Some((id, span))) => Binding::Connection { id, span },
        (None, None) => Binding::None,
    };
    let connector = text(&["api", "name"])
        .or_else(|| text(&["id"]))
        .or_else(|| text(&["api", "id"]))
        .map(|(id, _)| id.rsplit('/').next().unwrap_or(id))
        // The id of an ARM template ends as its expression does: `…/managedApis/office365')]`.
        .map(|tail| tail.trim_end_matches([']', ')', '\'']));
    let invoker = text(&["runtimeSource"])
        .or_else(|| text(&["source"]))
        .is_some_and(|(source, _)| source.eq_ignore_ascii_case("invoker"));
    Connection { key: member.key, key_span: member.key_span, node, connector, binding, invoker }
}

/// Reads `definition.parameters`.
pub(super) fn load_parameters<'a>(flow: &mut Flow<'a>, parameters: &'a Node<'a>) {
    if !parameters.is_object() {
        flow.malformed.push(Malformed {
            span: parameters.span,
            message: format!("`parameters` is {} and not an object", parameters.kind()),
            help: "Give it one member for each parameter: `{}` if there are none.".into(),
            loses_steps: false,
        });
    }
    flow.parameters.extend(parameters.members().iter().map(|member| Parameter {
        name: member.key,
        key_span: member.key_span,
        node: &member.value,
        type_name: member.value.get("type").and_then(Node::as_str),
        default: member.value.get("defaultValue"),
        environment_variable: member.value.at(&["metadata", "schemaName"]).and_then(Node::as_str),
    }));
}
