//! Is this JSON a cloud flow, and in which form? Told by content alone.

use super::{Completeness, Format};
use crate::json::{Member, Node, Value};
use crate::text::Span;

/// What a JSON file turned out to be.
#[derive(Debug)]
#[non_exhaustive]
pub enum Detected<'a> {
    /// It holds flows: one, or several in an ARM template.
    Flows(Vec<Found<'a>>),
    /// It is no cloud flow, and why.
    NotAFlow(&'static str),
    /// It is one, in a form that cannot be checked; says which and what to do.
    Unsupported(&'static str),
    /// It says that it is one, and there is none in it; says what is wrong, and where.
    Broken(&'static str, Span),
}

/// A flow that was found in a file, not yet loaded.
#[derive(Debug)]
pub struct Found<'a> {
    /// The form of the file.
    pub format: Format,
    /// Its definition or what was copied of it.
    pub body: Body<'a>,
    /// The objects around the definition, which are of this flow alone.
    pub envelope: [Option<&'a Node<'a>>; 2],
    /// Its connection references.
    pub references: Option<&'a Node<'a>>,
    /// The name that the file gives it.
    pub name: Option<&'a str>,
    /// The id that the file gives it.
    pub id: Option<&'a str>,
    /// How much of the flow the file holds.
    pub completeness: Completeness,
    /// Whether the file limits who may call its trigger.
    pub access_controlled: bool,
}

/// The part of the file that says what the flow does.
#[derive(Debug)]
pub enum Body<'a> {
    /// A definition, and the key it stands under, if any.
    Definition {
        /// The definition.
        node: &'a Node<'a>,
        /// Its key.
        key_span: Option<Span>,
    },
    /// One action or trigger, copied from a designer.
    Copied {
        /// Its name.
        name: &'a str,
        /// The place of the name.
        name_span: Span,
        /// Its JSON.
        node: &'a Node<'a>,
        /// Whether it is a trigger.
        is_trigger: bool,
    },
    /// A part of a definition in an example: an object of actions alone.
    Actions(&'a Node<'a>),
}

/// Finds the flows of a JSON file. `path` only tells a package's file from the flow API's answer.
#[must_use]
pub fn detect<'a>(root: &'a Node<'a>, path: &str) -> Detected<'a> {
    if !root.is_object() {
        return Detected::NotAFlow("it is no JSON object");
    }
    if let Some(copied) = clipboard(root) {
        return copied;
    }
    let flows = arm_workflows(root);
    if !flows.is_empty() {
        return Detected::Flows(flows);
    }
    if let Some(broken) = broken_solution_flow(root) {
        return broken;
    }
    let Some(found) = single(root, path) else {
        return Detected::NotAFlow("it has no workflow definition");
    };
    if let Body::Definition { node, .. } = found.body
        && is_agent_script(node)
    {
        return Detected::NotAFlow("it is a macro of an agent script, no cloud flow");
    }
    Detected::Flows(vec![found])
}

/// Finds the flow in an example of a rule page: a whole file of any form, or a fragment that stands
/// for a whole solution flow, namely an object of `triggers`, `actions`, `connectionReferences` and the
/// like, or an object of actions.
#[must_use]
pub fn detect_fragment<'a>(root: &'a Node<'a>, path: &str) -> Detected<'a> {
    let found = |body| Found {
        format: Format::SolutionFlow,
        body,
        envelope: [None; 2],
        references: root.get("connectionReferences"),
        name: Some("Example"),
        id: None,
        completeness: Completeness::Flow,
        access_controlled: false,
    };
    let whole = ["properties", "definition", "$schema", "resources", "operationDefinition", "mslaNode"];
    if !root.is_object() || whole.iter().any(|key| root.get(key).is_some()) {
        return detect(root, path);
    }
    let parts = [
        "triggers",
        "actions",
        "connectionReferences",
        "parameters",
        "outputs",
        "staticResults",
        "description",
    ];
    if root.members().iter().any(|member| parts.contains(&member.key)) {
        return Detected::Flows(vec![found(Body::Definition { node: root, key_span: None })]);
    }
    Detected::Flows(vec![found(Body::Actions(root))])
}

/// Whether a text that does not parse was meant to be a flow.
#[must_use]
pub fn has_marks_of_a_flow(text: &str) -> bool {
    let has = |mark: &str| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some();
    ["workflowdefinition.json", "\"runAfter\"", "\"connectionReferenceLogicalName\""].into_iter().any(has)
        || (has("\"definition\"") && has("\"triggers\""))
}

fn text<'a>(node: &'a Node<'a>, keys: &[&str]) -> Option<&'a str> {
    node.at(keys).and_then(Node::as_str).filter(|text| !text.trim().is_empty())
}

/// A definition by its own marks: the schema's address, or triggers and actions side by side.
fn is_definition(node: &Node<'_>) -> bool {
    let schema = text(node, &["$schema"]).is_some_and(|schema| schema.contains("workflowdefinition.json"));
    schema || (node.get("triggers").is_some() && node.get("actions").is_some())
}

/// A definition inside an envelope that already says "flow": less proof is asked.
fn is_wrapped_definition(node: &Node<'_>) -> bool {
    node.is_object() && ["$schema", "triggers", "actions"].iter().any(|key| node.get(key).is_some())
}

/// Whether the file is that of a solution's flow by all that stands around the definition. Files of desktop flows have
/// versions that are no numbers.
fn is_solution_flow(root: &Node<'_>) -> bool {
    root.at(&["properties", "connectionReferences"]).is_some()
        && text(root, &["schemaVersion"])
            .is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit()))
}

/// A solution's flow with nothing in it that could be loaded.
fn broken_solution_flow<'a>(root: &'a Node<'a>) -> Option<Detected<'a>> {
    let properties = root.member("properties")?;
    let definition = properties.value.member("definition");
    if definition.is_some_and(|member| !member.value.members().is_empty()) || !is_solution_flow(root) {
        return None;
    }
    match definition {
        None => Some(Detected::Broken("This flow has no `definition`", properties.key_span)),
        Some(member) if member.value.is_object() => {
            Some(Detected::Broken("The `definition` of this flow is empty", member.key_span))
        }
        // Loading says what it is in place of an object.
        Some(_) => None,
    }
}

fn single<'a>(root: &'a Node<'a>, path: &str) -> Option<Found<'a>> {
    let under =
        |member: &'a Member<'a>| Body::Definition { node: &member.value, key_span: Some(member.key_span) };
    if let Some(properties) = root.get("properties")
        && let Some(member) = properties.member("definition")
    {
        let envelope =
            properties.get("connectionReferences").is_some() || root.get("schemaVersion").is_some();
        let broken = !member.value.is_object() && is_solution_flow(root);
        let api = text(root, &["type"]).is_some_and(|ty| ty.eq_ignore_ascii_case("Microsoft.Flow/flows"));
        let marked = broken
            || if envelope || api {
                is_wrapped_definition(&member.value)
            } else {
                is_definition(&member.value)
            };
        return marked.then(|| Found {
            format: match api || root.get("name").is_some() {
                true if path.ends_with("definition.json") => Format::Package,
                true => Format::FlowApi,
                false => Format::SolutionFlow,
            },
            body: under(member),
            envelope: [Some(root), Some(properties)],
            references: properties.get("connectionReferences"),
            name: text(properties, &["displayName"]),
            id: text(root, &["name"]),
            completeness: Completeness::Flow,
            access_controlled: false,
        });
    }
    if let Some(member) = root.member("definition") {
        let kind = text(root, &["kind"]).is_some();
        let marked = if kind { is_wrapped_definition(&member.value) } else { is_definition(&member.value) };
        return marked.then(|| Found {
            format: if kind { Format::LogicAppsStandard } else { Format::WrappedDefinition },
            body: under(member),
            envelope: [Some(root), None],
            references: root
                .get("connectionReferences")
                .or_else(|| root.at(&["parameters", "$connections", "value"])),
            name: None,
            id: None,
            completeness: if kind { Completeness::Flow } else { Completeness::Definition },
            access_controlled: false,
        });
    }
    is_definition(root).then_some(Found {
        format: Format::Definition,
        body: Body::Definition { node: root, key_span: None },
        envelope: [None; 2],
        references: None,
        name: None,
        id: None,
        completeness: Completeness::Definition,
        access_controlled: false,
    })
}

/// The workflows among an ARM template's resources, nested resources and deployments included.
fn arm_workflows<'a>(root: &'a Node<'a>) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    let mut open: Vec<&'a Node<'a>> = root.get("resources").into_iter().collect();
    while let Some(resources) = open.pop() {
        let mut nested: Vec<&'a Node<'a>> = Vec::new();
        let list: Vec<&'a Node<'a>> = match &resources.value {
            Value::Array(elements) => elements.iter().collect(),
            Value::Object(members) => members.iter().map(|member| &member.value).collect(),
            _ => Vec::new(),
        };
        for resource in list {
            let is_workflow = text(resource, &["type"])
                .is_some_and(|ty| ty.eq_ignore_ascii_case("Microsoft.Logic/workflows"));
            if is_workflow
                && let Some(properties) = resource.get("properties")
                && let Some(member) = properties.member("definition")
                && member.value.is_object()
            {
                let name = text(resource, &["name"]);
                found.push(Found {
                    format: Format::ArmTemplate,
                    body: Body::Definition { node: &member.value, key_span: Some(member.key_span) },
                    envelope: [Some(resource), Some(properties)],
                    references: properties.at(&["parameters", "$connections", "value"]),
                    name,
                    id: name,
                    completeness: Completeness::Flow,
                    access_controlled: properties.get("accessControl").is_some_and(limits_callers),
                });
            }
            nested.extend(resource.get("resources"));
            nested.extend(resource.at(&["properties", "template", "resources"]));
        }
        open.extend(nested.into_iter().rev());
    }
    found
}

/// Whether the `accessControl` of a workflow limits who may call its triggers; one that the template computes does.
fn limits_callers(control: &Node<'_>) -> bool {
    let computed = |node: &Node<'_>| node.as_str().is_some_and(|text| !text.trim().is_empty());
    computed(control)
        || control.get("triggers").is_some_and(|rules| computed(rules) || !rules.members().is_empty())
}

/// What the designers put into the clipboard.
fn clipboard<'a>(root: &'a Node<'a>) -> Option<Detected<'a>> {
    let copied = |format, name: &'a Node<'a>, node: &'a Node<'a>, is_trigger| {
        let body = Body::Copied { name: name.as_str()?, name_span: name.span, node, is_trigger };
        let references = root.get("connectionReferences");
        let completeness = Completeness::Fragment;
        let found = Found {
            format,
            body,
            envelope: [Some(root), None],
            references,
            name: None,
            id: None,
            completeness,
            access_controlled: false,
        };
        Some(Detected::Flows(vec![found]))
    };
    if let (Some(definition), Some(name)) = (root.get("operationDefinition"), root.get("operationName")) {
        let is_trigger = matches!(root.get("isTrigger").map(|node| &node.value), Some(Value::Bool(true)));
        return copied(Format::Clipboard, name, definition, is_trigger);
    }
    if !matches!(root.get("mslaNode")?.value, Value::Bool(true)) {
        return None;
    }
    let body = ["serializedValue", "serializedOperation"].into_iter().find_map(|key| root.get(key));
    match (body.filter(|body| body.is_object()), root.get("nodeId")) {
        (Some(body), Some(name)) => copied(Format::NewClipboard, name, body, false),
        _ => Some(Detected::Unsupported(
            "a copy of one action out of the new designer carries no definition: copy the scope around it, or export the flow",
        )),
    }
}

/// Macros of Omnichannel agent scripts have the same envelope; their trigger's type gives them away.
fn is_agent_script(definition: &Node<'_>) -> bool {
    definition
        .get("triggers")
        .is_some_and(|triggers| triggers.members().iter().any(|t| text(&t.value, &["type"]) == Some("Start")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    use crate::text::Arena;

    #[test]
    fn a_flow_of_a_solution_without_a_definition_is_said_to_be_broken() {
        for (text, expected) in [
            (r#"{"properties": {"connectionReferences": {}}, "schemaVersion": "1.0.0.0"}"#, "broken"),
            (
                r#"{"properties": {"connectionReferences": {}, "definition": {}}, "schemaVersion": "1.0.0.0"}"#,
                "broken",
            ),
            (
                r#"{"properties": {"connectionReferences": {}, "definition": []}, "schemaVersion": "1.0.0.0"}"#,
                "flow",
            ),
            (
                r#"{"properties": {"connectionReferences": {}, "definition": null}, "schemaVersion": "1.0.0.0"}"#,
                "flow",
            ),
            // A desktop flow, a connector, a schema.
            (
                r#"{"properties": {"connectionReferences": {}, "definition": ""}, "schemaVersion": "ROBIN_1_DVRS"}"#,
                "none",
            ),
            (
                r#"{"properties": {"connectionReferences": {}, "definition": {"package": ""}}, "schemaVersion": "1.0"}"#,
                "none",
            ),
            (r#"{"properties": {"connectionParameters": {}}, "schemaVersion": "1.0.0.0"}"#, "none"),
            (r#"{"properties": {"connectionReferences": {}}}"#, "none"),
            (r#"{"properties": {"definition": null}, "schemaVersion": "1.0.0.0"}"#, "none"),
        ] {
            let arena = Arena::new();
            let root = json::parse(text, &arena).unwrap();
            let kind = match detect(&root, "") {
                Detected::Flows(_) => "flow",
                Detected::Broken(..) => "broken",
                Detected::NotAFlow(_) | Detected::Unsupported(_) => "none",
            };
            assert_eq!(kind, expected, "{text}");
        }
    }
}
