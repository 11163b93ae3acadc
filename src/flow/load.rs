//! From JSON to [`Flow`]: tolerant of every shape, and exact about what was wrong.

use super::values::is_template_expression;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::detect::{Body, Found};
use super::identity::{identity, is_standard};
use super::{
    Action, ActionId, ActionType, Branch, BranchId, BranchKind, Completeness, Flow, Format, KnownFlow,
    Malformed, Named, Product, RunAfter, Statuses, Trigger, TriggerType, connection, site,
};
use crate::expr::Folded;
use crate::json::{Member, Node, Value};
use crate::text::Arena;
use crate::text::{Source, Span};

/// Loads a flow that was found in a file; what stands around the file knows its name better. Its expressions lie in
/// the arena, as its tree does.
#[must_use]
pub fn load<'a>(
    source: &'a Source,
    found: &Found<'a>,
    known: Option<KnownFlow>,
    arena: &'a Arena,
) -> Flow<'a> {
    let (node, own_key) = match found.body {
        Body::Definition { node, key_span } => (node, key_span),
        Body::Copied { node, name_span, .. } => (node, Some(name_span)),
        Body::Actions(node) => (node, None),
    };
    let anchor = node
        .member("actions")
        .or_else(|| node.member("triggers"))
        .map(|member| member.key_span)
        .filter(|_| matches!(found.body, Body::Definition { .. }))
        .or(own_key)
        .unwrap_or(Span { start: node.span.start, end: node.span.start + 1 });
    let (name, id, description, is_named) = match known {
        Some(known) => (known.name, known.id, known.description, true),
        None => {
            let (name, id) = identity(source, found);
            // A template may compute the name.
            let told = found.name.is_some_and(|name| !is_template_expression(name));
            (name, id, String::new(), told || is_standard(source, found))
        }
    };
    let mut flow = Flow {
        source,
        arena,
        format: found.format,
        product: Product::PowerAutomate,
        completeness: found.completeness,
        name,
        is_named,
        id,
        description,
        anchor,
        definition: node,
        triggers: Vec::with_capacity(1),
        // An action takes some 700 bytes in exports.
        actions: Vec::with_capacity(node.span.range().len() / 700),
        branches: vec![Branch {
            kind: BranchKind::Root,
            name: None,
            owner: None,
            key_span: anchor,
            actions: Vec::new(),
        }],
        connections: Vec::new(),
        envelope: found.envelope,
        references: found.references,
        parameters: Vec::new(),
        sites: Vec::new(),
        access_controlled: found.access_controlled,
        malformed: Vec::new(),
        names: FxHashMap::default(),
    };
    match found.body {
        Body::Definition { .. } => load_definition(&mut flow, node),
        Body::Actions(actions) => load_actions(&mut flow, actions, 0, 1),
        Body::Copied { name, name_span, node, is_trigger: true } => {
            load_trigger(&mut flow, name, name_span, node)
        }
        Body::Copied { name, name_span, node, is_trigger: false } => {
            load_action(&mut flow, name, name_span, node, 0, 1)
        }
    }
    if let Some(references) = found.references {
        connection::load_connections(&mut flow, references);
    }
    flow.product = product(&flow);
    site::collect(&mut flow, found.format == Format::ArmTemplate);
    index_names(&mut flow);
    flow
}

fn load_definition<'a>(flow: &mut Flow<'a>, node: &'a Node<'a>) {
    if !node.is_object() {
        flow.shape(
            node.span,
            format!("the definition is {} and not an object", node.kind()),
            "Export the flow again.",
        );
        return;
    }
    if let Some(parameters) = node.get("parameters") {
        connection::load_parameters(flow, parameters);
    }
    match node.get("triggers") {
        Some(triggers) if triggers.is_object() => {
            for member in triggers.members() {
                load_trigger(flow, member.key, member.key_span, &member.value);
            }
        }
        Some(triggers) => flow.shape(
            triggers.span,
            format!("`triggers` is {} and not an object", triggers.kind()),
            "Give it one member: the trigger's name and its definition.",
        ),
        None => {}
    }
    match node.get("actions") {
        Some(actions) => load_actions(flow, actions, 0, 1),
        None if flow.completeness == Completeness::Flow
            && node.get("triggers").is_some()
            && node.get("$schema").is_some() =>
        {
            let at = flow.anchor;
            flow.shape(
                at,
                "the definition has no `actions`".into(),
                "Add `\"actions\": {}`, or export the flow again.",
            );
        }
        None => {}
    }
}

fn load_trigger<'a>(flow: &mut Flow<'a>, name: &'a str, key_span: Span, node: &'a Node<'a>) {
    let Some(type_name) = type_of(flow, "trigger", name, key_span, node) else { return };
    flow.triggers.push(Trigger {
        name,
        key_span,
        node,
        ty: TriggerType::named(type_name),
        type_name,
        kind: node.get("kind").and_then(Node::as_str),
    });
}

fn load_actions<'a>(flow: &mut Flow<'a>, actions: &'a Node<'a>, branch: BranchId, depth: usize) {
    if !actions.is_object() {
        flow.shape(
            actions.span,
            format!("`actions` is {} and not an object", actions.kind()),
            "Give it one member for each action: its name and its definition.",
        );
    }
    for member in actions.members() {
        load_action(flow, member.key, member.key_span, &member.value, branch, depth);
    }
}

fn load_action<'a>(
    flow: &mut Flow<'a>,
    name: &'a str,
    key_span: Span,
    node: &'a Node<'a>,
    branch: BranchId,
    depth: usize,
) {
    let Some(type_name) = type_of(flow, "action", name, key_span, node) else { return };
    let ty = ActionType::named(type_name);
    let id = flow.actions.len();
    let run_after = load_run_after(flow, node);
    flow.actions.push(Action {
        id,
        name,
        key_span,
        node,
        ty,
        type_name,
        kind: node.get("kind").and_then(Node::as_str),
        branch,
        depth,
        run_after,
        branches: Vec::new(),
        subtree_end: id + 1,
    });
    flow.branches[branch].actions.push(id);
    load_branches(flow, id, depth);
    flow.actions[id].subtree_end = flow.actions.len();
}

/// Loads what a container holds. An action of an unknown type may hold actions as well.
fn load_branches<'a>(flow: &mut Flow<'a>, id: ActionId, depth: usize) {
    let (node, ty, key_span) = (flow.actions[id].node, flow.actions[id].ty, flow.actions[id].key_span);
    let own = match ty {
        ActionType::If => BranchKind::Yes,
        ActionType::Switch | ActionType::Agent => BranchKind::Case,
        ActionType::Scope
        | ActionType::Foreach
        | ActionType::Until
        | ActionType::Changeset
        | ActionType::Unknown => BranchKind::Body,
        _ => return,
    };
    // In the order of the file, whatever the keys' order is: places are found by bisection.
    for member in node.members() {
        match member.key {
            "actions" => load_branch(flow, id, own, None, member, &member.value, depth),
            "else" => load_wrapped(flow, id, BranchKind::No, member, "`else`", depth),
            "default" => load_wrapped(flow, id, BranchKind::Default, member, "`default`", depth),
            "cases" => load_list(flow, id, BranchKind::Case, member, "the case", depth),
            "tools" => load_list(flow, id, BranchKind::Tool, member, "the tool", depth),
            _ => {}
        }
    }
    let may_lack_them = matches!(ty, ActionType::Unknown | ActionType::Changeset);
    let needs_actions = matches!(own, BranchKind::Body | BranchKind::Yes) && !may_lack_them;
    if needs_actions && node.get("actions").is_none() {
        let help = "Add `\"actions\": {}`, or what is to happen in it.";
        flow.shape(key_span, format!("the {} has no `actions`", described(ty)), help);
    }
}

/// Loads the cases of a switch or the tools of an agent.
fn load_list<'a>(
    flow: &mut Flow<'a>,
    owner: ActionId,
    kind: BranchKind,
    list: &'a Member<'a>,
    what: &str,
    depth: usize,
) {
    if !list.value.is_object() {
        let help = "Give it one member for each: its name, and an object with `actions`.";
        flow.shape(
            list.value.span,
            format!("`{}` is {} and not an object", list.key, list.value.kind()),
            help,
        );
    }
    for member in list.value.members() {
        load_wrapped(flow, owner, kind, member, &format!("{what} `{}`", member.key), depth);
    }
}

/// Loads a branch that wraps its actions: `else`, a case, a default, a tool.
fn load_wrapped<'a>(
    flow: &mut Flow<'a>,
    owner: ActionId,
    kind: BranchKind,
    member: &'a Member<'a>,
    what: &str,
    depth: usize,
) {
    let help = "Add `\"actions\": {}`, or what is to happen in it.";
    if !member.value.is_object() {
        let found = member.value.kind();
        return flow.shape(
            member.value.span,
            format!("{what} is {found} and not an object with `actions`"),
            help,
        );
    }
    match member.value.get("actions") {
        Some(actions) => load_branch(flow, owner, kind, Some(member.key), member, actions, depth),
        // A tool may be a call of its own, to an MCP server say, and hold no actions.
        None if kind == BranchKind::Tool && member.value.get("type").is_some() => {}
        None => flow.shape(member.key_span, format!("{what} has no `actions`"), help),
    }
}

fn load_branch<'a>(
    flow: &mut Flow<'a>,
    owner: ActionId,
    kind: BranchKind,
    name: Option<&'a str>,
    member: &'a Member<'a>,
    actions: &'a Node<'a>,
    depth: usize,
) {
    let id = flow.branches.len();
    flow.branches.push(Branch {
        kind,
        name,
        owner: Some(owner),
        key_span: member.key_span,
        actions: Vec::with_capacity(actions.members().len()),
    });
    flow.actions[owner].branches.push(id);
    load_actions(flow, actions, id, depth + 1);
}

fn load_run_after<'a>(flow: &mut Flow<'a>, node: &'a Node<'a>) -> &'a [RunAfter<'a>] {
    let Some(run_after) = node.get("runAfter") else { return &[] };
    if !run_after.is_object() && !matches!(run_after.value, Value::Null) {
        flow.shape_of_order(
            run_after.span,
            format!("`runAfter` is {} and not an object", run_after.kind()),
            "Write `{}` for the first action, else `{\"Action before\": [\"Succeeded\"]}`.",
        );
    }
    let statuses = |node: &Node<'_>| {
        let named = node.elements().iter().filter_map(Node::as_str).filter_map(Statuses::named);
        named.fold(Statuses::default(), Statuses::with)
    };
    let entries: SmallVec<[RunAfter<'a>; 4]> = run_after
        .members()
        .iter()
        .map(|member| RunAfter {
            name: member.key,
            key_span: member.key_span,
            statuses: statuses(&member.value),
            node: &member.value,
        })
        .collect();
    for entry in &entries {
        if !matches!(entry.node.value, Value::Array(_)) {
            flow.shape_of_order(
                entry.node.span,
                format!("what `{}` must have come to is {} and not a list", entry.name, entry.node.kind()),
                "Write a list of outcomes: `[\"Succeeded\"]`.",
            );
        }
    }
    flow.arena.list(&entries)
}

/// The type of a trigger or action; without one it is malformed and not loaded.
fn type_of<'a>(
    flow: &mut Flow<'a>,
    what: &str,
    name: &str,
    key_span: Span,
    node: &'a Node<'a>,
) -> Option<&'a str> {
    if !node.is_object() {
        let help = format!("Give the {what} an object with at least a `type`.");
        flow.shape(node.span, format!("the {what} `{name}` is {} and not an object", node.kind()), &help);
        return None;
    }
    match node.get("type") {
        Some(ty) if ty.as_str().is_some() => ty.as_str(),
        Some(ty) => {
            flow.shape(
                ty.span,
                format!("the type of `{name}` is {} and not text", ty.kind()),
                "Name the type in quotes.",
            );
            None
        }
        None => {
            let help = format!("Add a `type`: the service cannot tell what the {what} does without one.");
            flow.shape(key_span, format!("the {what} `{name}` has no `type`"), &help);
            None
        }
    }
}

/// A container type as people call it.
fn described(ty: ActionType) -> &'static str {
    match ty {
        ActionType::If => "condition",
        ActionType::Foreach => "Apply to each",
        ActionType::Until => "Do until",
        _ => "scope",
    }
}

/// The service that a flow runs on: told by its format, or by marks that only one of them writes.
fn product(flow: &Flow<'_>) -> Product {
    match flow.format {
        Format::SolutionFlow
        | Format::Package
        | Format::FlowApi
        | Format::Clipboard
        | Format::NewClipboard => Product::PowerAutomate,
        Format::LogicAppsStandard | Format::ArmTemplate => Product::LogicApps,
        Format::Definition | Format::WrappedDefinition => {
            let marked = flow.parameters.iter().any(|parameter| parameter.name == "$authentication")
                || flow.actions.iter().any(|action| action.type_name.starts_with("OpenApiConnection"))
                || flow.triggers.iter().any(|trigger| trigger.type_name.starts_with("OpenApiConnection"));
            if marked { Product::PowerAutomate } else { Product::LogicApps }
        }
    }
}

fn index_names(flow: &mut Flow<'_>) {
    flow.names.reserve(flow.triggers.len() + flow.actions.len());
    for (at, trigger) in flow.triggers.iter().enumerate() {
        flow.names.entry(Folded(trigger.name)).or_insert(Named::Trigger(at));
    }
    for (id, action) in flow.actions.iter().enumerate() {
        flow.names.entry(Folded(action.name)).or_insert(Named::Action(id));
    }
}

impl Flow<'_> {
    fn shape(&mut self, span: Span, message: String, help: &str) {
        self.malformed.push(Malformed { span, message, help: help.into(), loses_steps: true });
    }

    fn shape_of_order(&mut self, span: Span, message: String, help: &str) {
        self.malformed.push(Malformed { span, message, help: help.into(), loses_steps: false });
    }
}
