//! Triggers on files in a folder and on mail in a mailbox, and the actions that put files and mails there.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::dataverse::text;
use crate::catalog::connectors::Connector;
use crate::catalog::operations::{Effect, Kind, event_trigger};
use crate::expr::{ExprKind, Template};
use crate::flow::{Action, FlowAnalysis, Operation, Trigger};
use crate::json::{Node, Value};

/// Where what starts a flow comes in.
pub(super) enum EventSource {
    /// The address of a mailbox, in lower case.
    Mailbox(String),
    Folder {
        /// The site or storage; empty where the connection tells.
        site: String,
        /// The way to the folder, in lower case.
        path: String,
        /// Whether a file that is there already counts as well, once it is written again.
        change: bool,
    },
}

/// Where the events of a trigger come in, where the file names it and the trigger takes everything that comes.
pub(super) fn event_source(
    flow: &FlowAnalysis<'_>,
    trigger: &Trigger<'_>,
    operation: Operation<'_>,
) -> Option<EventSource> {
    let members = trigger.node.at(&["inputs", "parameters"]).map(Node::members).unwrap_or_default();
    let conditions = trigger.node.get("conditions").map(Node::elements).unwrap_or_default();
    if !conditions.is_empty() {
        return None;
    }
    let parameter = |name: &str| fixed(flow, trigger.node, name);
    match operation.id.to_ascii_lowercase().as_str() {
        "sharedmailboxonnewemail" | "sharedmailboxonnewemailv2" => {
            let known = event_trigger(operation.connector, operation.id)?;
            let is_narrowed = members.iter().any(|member| {
                let value = match member.value.value {
                    Value::String(text) => text,
                    Value::Bool(false) | Value::Null => "false",
                    _ => "true",
                };
                known.narrows(member.key, value)
            });
            let address = parameter("mailboxAddress").filter(|address| address.contains('@'))?;
            (!is_narrowed).then_some(EventSource::Mailbox(address))
        }
        id @ ("onnewfile" | "onnewfilev2" | "onnewfilesv2" | "onupdatedfile") => {
            let change = id == "onupdatedfile";
            let is_named = operation.service == Connector::SharePoint;
            // A changed file of another connector need not be a new one.
            if change && !is_named {
                return None;
            }
            let site = if is_named { parameter("dataset")? } else { String::new() };
            // Ids of folders that are no paths cannot be held against one.
            let path =
                parameter("folderId").map(|path| folder(&path)).filter(|path| path.starts_with('/'))?;
            Some(EventSource::Folder { site: site.trim_end_matches('/').to_owned(), path, change })
        }
        _ => None,
    }
}

/// Whether an action puts there what starts the flow, as far as the file tells.
pub(super) fn writes_to<'a>(
    flow: &FlowAnalysis<'a>,
    action: &Action<'a>,
    trigger: Operation<'_>,
    event_source: &EventSource,
) -> bool {
    let Some(operation) = flow.action_operation(action) else { return false };
    if !operation.connector.eq_ignore_ascii_case(trigger.connector)
        || flow.failure_paths().is_on_failure_path(action.id)
    {
        return false;
    }
    let parameter = |name: &str| fixed(flow, action.node, name);
    match event_source {
        EventSource::Mailbox(address) => {
            flow.known_operation(action).and_then(|known| known.effect()) == Some(Effect::Send)
                && ["To", "Cc", "Bcc"].iter().any(|field| {
                    let receivers = parameter(&format!("emailMessage/{field}")).unwrap_or_default();
                    receivers.split([';', ',']).any(|receiver| receiver.trim() == address)
                })
        }
        EventSource::Folder { site, path, change } => {
            let creates = flow.known_operation(action).map(|known| known.kind) == Some(Kind::Create)
                && operation.id.to_ascii_lowercase().starts_with("createfile");
            let dataset = parameter("dataset").unwrap_or_default();
            creates
                && (site.is_empty() || dataset.trim_end_matches('/') == site)
                && parameter("folderPath").is_some_and(|to| folder(&to) == *path)
                && (*change || is_other_each_time(flow, action))
        }
    }
}

/// Whether a file that an action creates has a name that it makes up for each run: by one that is always the same, and
/// by that of the file that came, it writes over a file that is there.
fn is_other_each_time(flow: &FlowAnalysis<'_>, action: &Action<'_>) -> bool {
    let name = action.node.at(&["inputs", "parameters", "name"]);
    match name.and_then(|name| flow.template_of(name)) {
        Some(Template::Parts(parts)) => parts.len() > 1,
        Some(Template::Whole(expr)) => {
            matches!(&expr.kind, ExprKind::Call(call) if call.is("concat") && call.arguments.len() > 1)
        }
        _ => false,
    }
}

/// A parameter that is the same in each run, in lower case: plain text, or with nothing but parameters of the flow in
/// it. Also where it stands in an object, as `emailMessage/To` may.
fn fixed(flow: &FlowAnalysis<'_>, node: &Node<'_>, name: &str) -> Option<String> {
    let parameters = node.at(&["inputs", "parameters"])?;
    let value = parameters.get(name).or_else(|| {
        let (outer, inner) = name.split_once('/')?;
        parameters.at(&[outer, inner])
    })?;
    let template = flow.template_of(value)?;
    let is_fixed = template.errors().next().is_none()
        && template.expressions().all(
            |expr| matches!(&expr.kind, ExprKind::Call(call) if call.is("parameters") && call.steps.is_empty()),
        );
    is_fixed.then(|| text(value).trim().to_ascii_lowercase())
}

/// The way to a folder. In triggers it stands with `%2f` for a slash, and often that is escaped once more.
fn folder(id: &str) -> String {
    let once = unescaped(id);
    let is_escaped = once.contains("%2f") || id.contains("%2f");
    let path = unescaped(&once);
    // A plus is a blank where slashes are escaped.
    let path = if is_escaped { Cow::Owned(path.replace('+', " ")) } else { path };
    match path.trim_end_matches('/') {
        "" if path.starts_with('/') => "/".to_owned(),
        way => way.to_owned(),
    }
}

/// A text with `%xx` undone, as far as that makes text.
fn unescaped(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8().unwrap_or(Cow::Borrowed(text))
}

#[cfg(test)]
mod tests {
    use super::folder;

    #[test]
    fn one_folder_is_written_in_many_ways() {
        for (id, expected) in [
            ("/shared documents/in", "/shared documents/in"),
            ("/in/", "/in"),
            ("%252fshared%2bdocuments%252fin", "/shared documents/in"),
            ("%2fshared%20documents%2fin", "/shared documents/in"),
            ("/a+b", "/a+b"),
            ("/", "/"),
            ("b!x.01y", "b!x.01y"),
            ("100%", "100%"),
        ] {
            assert_eq!(folder(id), expected, "{id}");
        }
    }
}
