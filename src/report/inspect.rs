//! What flowvet understood of a flow: a tree for people, the JSON contract for machines.

use std::collections::BTreeSet;

use serde::Serialize;

use super::shown;
use crate::flow::{Action, ActionType, Binding, Branch, BranchKind, Detected, FlowAnalysis, TriggerType};
use crate::secrets;
use crate::solution::SolutionContext;
use crate::text::Arena;
use crate::text::Source;
use crate::text::printable;
use crate::{flow, json};

/// What was understood of one flow. The fields are the JSON contract of `docs/json.md`.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Inspected {
    /// The path of the file, for machines.
    pub path: String,
    /// The file inside an archive.
    pub member: Option<String>,
    /// The form of the file.
    pub format: &'static str,
    /// The flow's name.
    pub name: String,
    /// How many triggers.
    pub triggers: usize,
    /// How many actions, at every level.
    pub actions: usize,
    /// The greatest depth of an action: 1 for a flow with top-level actions only.
    pub depth: usize,
    /// How many variables are initialized.
    pub variables: usize,
    /// The connectors that triggers and actions use, by name.
    pub connectors: Vec<String>,
    /// How many expressions.
    pub expressions: usize,
    /// How many of them do not parse.
    pub expression_errors: usize,
    /// Types of triggers and actions that flowvet does not know.
    pub unknown_types: Vec<String>,
    /// The tree for people.
    #[serde(skip)]
    pub tree: String,
}

/// Why a source holds no flow to inspect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why, in words.
    pub reason: String,
    /// Whether it was meant to be one: what `check` calls a problem.
    pub is_problem: bool,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Refusal {}

/// Inspects every flow of a source; an error says why there is none.
///
/// # Errors
/// Why the source holds no flow.
pub fn inspect(source: &Source, around: Option<&SolutionContext>) -> Result<Vec<Inspected>, Refusal> {
    let arena = Arena::new();
    let root = json::parse(&source.text, &arena).map_err(|error| {
        let place = source.position(error.span.start);
        Refusal {
            reason: format!("line {}, column {}: {}", place.line, place.column, error.message),
            is_problem: flow::has_marks_of_a_flow(&source.text),
        }
    })?;
    match flow::detect(&root, source.name.inner()) {
        Detected::Flows(found) => {
            let known = || around.and_then(SolutionContext::known_flow);
            let load = |found| FlowAnalysis::new(flow::load(source, found, known(), &arena));
            Ok(found.iter().map(|found| inspected(&load(found), around)).collect())
        }
        Detected::NotAFlow(reason) => Err(Refusal { reason: reason.to_owned(), is_problem: false }),
        Detected::Broken(reason, _) => Err(Refusal { reason: reason.to_owned(), is_problem: true }),
        Detected::Unsupported(reason) => {
            Err(Refusal { reason: format!("Not supported: {reason}"), is_problem: true })
        }
    }
}

fn inspected(flow: &FlowAnalysis<'_>, solution: Option<&SolutionContext>) -> Inspected {
    let actions = flow.actions.iter().filter_map(|action| flow.action_operation(action));
    let triggers = flow.triggers.iter().filter_map(|trigger| flow.trigger_operation(trigger));
    let connectors: BTreeSet<&str> = triggers
        .chain(actions)
        .map(|operation| operation.connector)
        .filter(|name| !name.is_empty())
        .collect();
    let unknown_actions =
        flow.actions.iter().filter(|action| action.ty == ActionType::Unknown).map(|a| a.type_name);
    let unknown_triggers =
        flow.triggers.iter().filter(|trigger| trigger.ty == TriggerType::Unknown).map(|t| t.type_name);
    let unknown_types: BTreeSet<&str> = unknown_triggers.chain(unknown_actions).collect();
    let variables = flow.actions.iter().filter(|action| action.ty == ActionType::InitializeVariable);
    Inspected {
        path: flow.source.name.path.clone(),
        member: flow.source.name.member.clone().map(secrets::without),
        format: flow.format.name(),
        name: secrets::without(flow.name.clone()),
        triggers: flow.triggers.len(),
        actions: flow.actions.len(),
        depth: flow.depth(),
        variables: variables
            .map(|a| a.node.at(&["inputs", "variables"]).map_or(0, |list| list.elements().len()))
            .sum(),
        connectors: connectors.into_iter().map(str::to_owned).collect(),
        expressions: flow.sites.iter().map(|site| site.template.expressions().count()).sum::<usize>()
            + flow.sites.iter().map(|site| site.template.errors().count()).sum::<usize>(),
        expression_errors: flow.sites.iter().map(|site| site.template.errors().count()).sum(),
        unknown_types: unknown_types.into_iter().map(str::to_owned).collect(),
        tree: tree(flow, solution),
    }
}

/// Writes a line of the tree, which nothing that is named in it can break or colour.
macro_rules! line {
    ($out:expr, $($words:tt)*) => {{
        $out.push_str(&printable(&secrets::without(format!($($words)*))));
        $out.push('\n');
    }};
}

fn tree(flow: &FlowAnalysis<'_>, solution: Option<&SolutionContext>) -> String {
    let mut out = String::new();
    let file = shown(&flow.source.name);
    line!(out, "{} ({}, {file})", flow.name, flow.format.name());
    solution.into_iter().for_each(|around| surroundings(around, &mut out));
    for trigger in &flow.triggers {
        let kind = trigger.kind.map(|kind| format!("/{kind}")).unwrap_or_default();
        let operation = flow
            .trigger_operation(trigger)
            .map(|o| format!("  {}.{}", o.connector, o.id))
            .unwrap_or_default();
        let unknown = if trigger.ty == TriggerType::Unknown { "  (type not known)" } else { "" };
        line!(out, "  ▶ {}  {}{kind}{operation}{unknown}", trigger.name, trigger.type_name);
    }
    branch(flow, flow.root(), 1, &mut out);
    let declared = solution.map(|around| around.files.connection_references()).unwrap_or_default();
    for connection in &flow.connections {
        let bound = match connection.binding {
            Binding::Reference { name, .. } => {
                let known =
                    declared.iter().find(|reference| reference.logical_name.eq_ignore_ascii_case(name));
                let title =
                    known.map(|reference| format!(" '{}'", reference.display_name)).unwrap_or_default();
                format!("  reference {name}{title}")
            }
            Binding::Connection { id, .. } => format!("  connection {id}"),
            Binding::None => "  not bound".to_owned(),
        };
        line!(out, "  ⚭ {}  {}{bound}", connection.key, connection.connector.unwrap_or("?"));
    }
    for parameter in &flow.parameters {
        if let Some(schema_name) = parameter.environment_variable {
            line!(out, "  $ {}  environment variable {schema_name}", parameter.name);
        }
    }
    for malformed in &flow.malformed {
        let place = flow.source.position(malformed.span.start);
        line!(out, "  ! line {}: {}", place.line, malformed.message);
    }
    out
}

/// The solution or package around a flow, as far as it says anything.
fn surroundings(around: &SolutionContext, out: &mut String) {
    if let Some(manifest) = around.files.manifest() {
        let managed = if manifest.managed { "managed" } else { "unmanaged" };
        line!(out, "  solution {} {} ({managed})", manifest.name, manifest.version);
    }
    if let Some(workflow) = around.workflow() {
        let state = workflow.on.map_or("", |on| if on { ", switched on" } else { ", switched off" });
        line!(out, "  id {}{state}", workflow.id);
    }
    for owner in around.owners() {
        line!(out, "  {} belongs to {} ({}, line {})", owner.connection, owner.name, owner.file, owner.line);
    }
}

/// The actions of a branch in the order in which they can run.
fn branch(flow: &FlowAnalysis<'_>, branch_: &Branch<'_>, level: usize, out: &mut String) {
    for id in run_order(flow, branch_) {
        let action = &flow.actions[id];
        let indent = "  ".repeat(level);
        let kind = action.kind.map(|kind| format!("/{kind}")).unwrap_or_default();
        let operation =
            flow.action_operation(action).map(|o| format!("  {}.{}", o.connector, o.id)).unwrap_or_default();
        let unknown = if action.ty == ActionType::Unknown { "  (type not known)" } else { "" };
        line!(
            out,
            "{indent}• {}  {}{kind}{operation}{}{unknown}",
            action.name,
            action.type_name,
            after(action)
        );
        for inner in action.branches.iter().map(|id| &flow.branches[*id]) {
            let title = match inner.kind {
                BranchKind::Root | BranchKind::Body => None,
                BranchKind::Yes => Some("yes".to_owned()),
                BranchKind::No => Some("no".to_owned()),
                BranchKind::Case => Some(format!("case {}", inner.name.unwrap_or("?"))),
                BranchKind::Default => Some("default".to_owned()),
                BranchKind::Tool => Some(format!("tool {}", inner.name.unwrap_or("?"))),
            };
            match title {
                Some(title) if !inner.actions.is_empty() => {
                    line!(out, "{indent}  {title}:");
                    branch(flow, inner, level + 2, out);
                }
                Some(_) => {}
                None => branch(flow, inner, level + 1, out),
            }
        }
    }
}

/// What an action waits for, where that is more than the success of the one before it.
fn after(action: &Action<'_>) -> String {
    let usual = |statuses: flow::Statuses| statuses == flow::Statuses::SUCCEEDED;
    if action.run_after.iter().all(|entry| usual(entry.statuses)) && action.run_after.len() < 2 {
        return String::new();
    }
    let entries: Vec<String> = action
        .run_after
        .iter()
        .map(|entry| {
            let statuses: Vec<&str> = entry.node.elements().iter().filter_map(json::Node::as_str).collect();
            format!("{} {}", entry.name, statuses.join("|"))
        })
        .collect();
    format!("  after {}", entries.join(", "))
}

/// Actions of a branch, each behind what it waits for; what waits in a cycle comes last, as in the file.
fn run_order(flow: &FlowAnalysis<'_>, branch: &Branch<'_>) -> Vec<usize> {
    let mut ids = flow.run_order().ordered(branch);
    let in_rings: Vec<usize> =
        branch.actions.iter().copied().filter(|id| flow.run_order().is_in_ring(*id)).collect();
    ids.extend(in_rings);
    ids
}
