//! Flows that write what they listen to, so that a run starts the next one.

use super::dataverse::{changes, is_dataverse, text};
use super::own_events::{EventSource, event_source, writes_to};
use super::row_predicate::{Literal, Predicate, Written, asked, literal, passes};
use crate::catalog::connectors::Connector;
use crate::catalog::operations::Kind;
use crate::catalog::rows::Changes;
use crate::flow::{Action, FlowAnalysis, Operation, Trigger, is_computed};
use crate::json::Node;
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};
use crate::odata::is_set_of;

/// What a trigger on rows or items listens to.
struct Listens {
    source: Source,
    /// The changes that start it.
    changes: Changes,
    /// The columns whose change starts it, in lower case; all where there are none.
    columns: Vec<String>,
    /// What the trigger asks before it starts a run.
    asks: Predicate,
}

enum Source {
    Table {
        name: String,
        /// The environment, where it is another one.
        organization: Option<String>,
    },
    List {
        site: String,
        list: String,
        /// Whether only a folder of it counts.
        folder: bool,
    },
}

/// What is written with each change of a row or an item, and so may be what a condition tells own changes by.
const OF_EVERY_CHANGE: [&str; 10] = [
    "editor",
    "modified",
    "modifiedby",
    "modifiedon",
    "modifiedonbehalfby",
    "odata__uiversionstring",
    "runassystemuserid",
    "sdkmessage",
    "versionnumber",
    "{versionnumber}",
];

#[derive(Debug)]
pub(crate) struct SelfTriggeringFlow;

impl CodedRule for SelfTriggeringFlow {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let [trigger] = flow.triggers.as_slice() else { return };
        let Some(operation) = flow.trigger_operation(trigger) else { return };
        if let Some(event_source) = event_source(flow, trigger, operation) {
            let writes_to = |action: &&Action<'a>| writes_to(flow, action, operation, &event_source);
            let writes: Vec<&Action<'a>> = flow.actions.iter().filter(writes_to).collect();
            match event_source {
                EventSource::Mailbox(_) => report(
                    trigger,
                    &writes,
                    "sends mail into the mailbox that",
                    "Trigger › Subject Filter or From: shut out the flow's own mails. Or send them to another address.",
                    cx,
                ),
                EventSource::Folder { .. } => report(
                    trigger,
                    &writes,
                    "creates files in the folder that",
                    "Let the flow create its files in another folder.",
                    cx,
                ),
            }
            return;
        }
        let Some(listens) = listens(flow, trigger, operation) else { return };
        let mut writes: Vec<&Action<'a>> = Vec::new();
        for action in &flow.actions {
            match outcome(flow, action, operation, &listens) {
                Some(Outcome::Starts) => writes.push(action),
                // The row is shut out from then on, and whatever else the flow writes into it.
                Some(Outcome::ShutOut) => return,
                None => {}
            }
        }
        let help = match is_dataverse(operation) {
            true => {
                "Trigger › Select columns: those that the flow does not write. Or Filter rows: shut out the values that it writes."
            }
            false => {
                "Trigger › Settings › Trigger conditions: shut out what the flow writes, for example @not(equals(triggerOutputs()?['body/Status/Value'], 'Done'))."
            }
        };
        report(trigger, &writes, "writes what", help, cx);
    }
}

fn report<'a>(
    trigger: &Trigger<'a>,
    writes: &[&Action<'a>],
    does: &str,
    help: &'static str,
    cx: &mut RuleContext<'_, 'a>,
) {
    let [first, rest @ ..] = writes else { return };
    let message = format!(
        "'{}' {does} '{}' listens to: each run starts another one, and only a condition inside the flow can end that",
        first.name, trigger.name
    );
    let draft = cx.report(first.key_span, message);
    draft.grouped().help(help).related(trigger.key_span, "this starts again");
    for action in rest {
        draft.related(action.key_span, format!("so does '{}'", action.name));
    }
}

fn listens(flow: &FlowAnalysis<'_>, trigger: &Trigger<'_>, operation: Operation<'_>) -> Option<Listens> {
    let node = |name: &str| trigger.node.at(&["inputs", "parameters", name]);
    let parameter = |name: &str| node(name).map(text).unwrap_or_default();
    if is_dataverse(operation) {
        let name = parameter("subscriptionRequest/entityname").to_ascii_lowercase();
        if name.is_empty() || is_computed(&name) {
            return None;
        }
        let columns = parameter("subscriptionRequest/filteringattributes").to_ascii_lowercase();
        // Columns that are computed may be any.
        if is_computed(&columns) {
            return None;
        }
        return Some(Listens {
            source: Source::Table { name, organization: organization(trigger.node) },
            changes: changes(trigger)?,
            columns: columns
                .split(',')
                .map(|column| column.trim().to_owned())
                .filter(|column| !column.is_empty())
                .collect(),
            asks: asked(flow, trigger, node("subscriptionRequest/filterexpression")),
        });
    }
    let changes = Changes::of_list_trigger(operation.id)?;
    let (site, list) = (site(&parameter("dataset")), parameter("table").to_ascii_lowercase());
    (operation.service == Connector::SharePoint && !site.is_empty() && !list.is_empty()).then(|| Listens {
        source: Source::List { site, list, folder: !parameter("folderPath").trim().is_empty() },
        changes,
        columns: Vec::new(),
        asks: asked(flow, trigger, None),
    })
}

/// A site, as others write it too.
fn site(address: &str) -> String {
    address.trim().trim_end_matches('/').to_ascii_lowercase()
}

/// The environment that a trigger or action names; none for the one that the flow lives in.
fn organization(node: &Node<'_>) -> Option<String> {
    let named = node.at(&["inputs", "parameters", "organization"]).map(text).map(|named| site(&named));
    named.filter(|named| !named.is_empty() && named != "current")
}

/// What comes of a row that an action writes.
enum Outcome {
    /// It starts the flow again.
    Starts,
    /// It was there before, and the trigger may not ask for it any more.
    ShutOut,
}

/// What comes of what an action writes into that which the trigger listens to, as far as the file tells.
fn outcome<'a>(
    flow: &FlowAnalysis<'a>,
    action: &Action<'a>,
    trigger: Operation<'_>,
    listens: &Listens,
) -> Option<Outcome> {
    let operation = flow.action_operation(action)?;
    if !operation.connector.eq_ignore_ascii_case(trigger.connector) {
        return None;
    }
    let is_create = match flow.known_operation(action)?.kind {
        Kind::Create => true,
        // An upsert of a row that is there is a change; that it makes a fresh one is not certain.
        Kind::Update | Kind::Upsert => false,
        _ => return None,
    };
    let counts = if is_create { listens.changes.added } else { listens.changes.modified };
    if !counts || !is_same(action, &listens.source) {
        return None;
    }
    let mut written = written(flow, action);
    // A whole row that is computed: which columns it sets is not known.
    if written.is_empty() {
        return None;
    }
    let among = is_create
        || listens.columns.is_empty()
        || written.iter().any(|written| listens.columns.contains(&written.column));
    written.extend(OF_EVERY_CHANGE.iter().map(|column| set(column, None)));
    match passes(&listens.asks, &written, is_create) {
        true => among.then_some(Outcome::Starts),
        false => (!is_create).then_some(Outcome::ShutOut),
    }
}

fn is_same(action: &Action<'_>, source: &Source) -> bool {
    let parameter =
        |name: &str| action.node.at(&["inputs", "parameters", name]).map(text).unwrap_or_default();
    match source {
        Source::Table { name, organization: other } => {
            is_set_of(&parameter("entityName").to_ascii_lowercase(), name)
                && organization(action.node) == *other
        }
        Source::List { site: address, list, folder } => {
            // Of a library of which a folder counts, the file that started the run is in it.
            let is_inside = !folder || parameter("id").to_ascii_lowercase().contains("trigger");
            site(&parameter("dataset")) == *address
                && parameter("table").eq_ignore_ascii_case(list)
                && is_inside
        }
    }
}

/// The columns that an action sets.
fn written(flow: &FlowAnalysis<'_>, action: &Action<'_>) -> Vec<Written> {
    let mut columns = Vec::new();
    for member in action.node.at(&["inputs", "parameters"]).map(Node::members).unwrap_or_default() {
        if let Some(key) = member.key.strip_prefix("item/") {
            add(flow, key, &member.value, &mut columns);
        } else if member.key == "item" {
            member.value.members().iter().for_each(|inner| add(flow, inner.key, &inner.value, &mut columns));
        }
    }
    columns
}

fn add(flow: &FlowAnalysis<'_>, key: &str, value: &Node<'_>, columns: &mut Vec<Written>) {
    let (plain, bind) = key.split_once('@').unwrap_or((key, ""));
    let value = if bind.is_empty() { literal(flow, value) } else { None };
    let written = set(plain, value);
    // A look-up of several tables is bound by its name and that of the table.
    if !bind.is_empty() {
        let customer = ["_account", "_contact"].iter().find_map(|table| written.column.strip_suffix(table));
        let regarding = || written.column.starts_with("regardingobjectid_").then_some("regardingobjectid");
        columns.extend(customer.or_else(regarding).map(|column| set(column, None)));
    }
    columns.push(written);
}

fn set(path: &str, value: Option<Literal>) -> Written {
    let path = path.to_ascii_lowercase();
    let column = path.split('/').next().unwrap_or(&path).to_owned();
    Written { column, path, value }
}
