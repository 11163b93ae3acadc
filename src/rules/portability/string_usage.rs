//! What a string of a flow is for: who, a value, a condition, or something that people read.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::expr::{Call, fold_name};
use crate::flow::{Action, ActionType, Element, ExpressionSite, FlowAnalysis, Place, TriggerType};
use crate::json::Node;

/// Parameters that hold people, by the last word of their key.
const PEOPLE: [&str; 17] = [
    "to",
    "cc",
    "bcc",
    "from",
    "toorcc",
    "replyto",
    "sender",
    "recipient",
    "recipients",
    "mailboxaddress",
    "assignedto",
    "requestor",
    "attendees",
    "requiredattendees",
    "optionalattendees",
    "claims",
    "owner",
];

/// Parameters that hold conditions.
const FILTERS: [&str; 6] = ["filter", "fetchxml", "filterexpression", "where", "searchquery", "query"];

/// Parameters that hold addresses of the web.
const ADDRESSES: [&str; 4] = ["uri", "url", "path", "relativepath"];

/// Parameters that hold what people read.
const PROSE: [&str; 24] = [
    "body",
    "subject",
    "message",
    "messagebody",
    "text",
    "title",
    "details",
    "description",
    "html",
    "htmltext",
    "htmlbody",
    "content",
    "comment",
    "comments",
    "note",
    "notes",
    "notetext",
    "summary",
    "card",
    "adaptivecard",
    "label",
    "header",
    "footer",
    "signature",
];

/// What a string is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum StringUsage {
    /// It says who.
    Person,
    /// It decides by a value, or filters by one.
    Condition,
    /// What a request sends, JSON in most cases.
    Payload,
    /// A value of a call.
    Value,
    /// It is kept under a name, and is for what that is read for.
    Kept(String),
    /// What people read, and what nothing acts on.
    Other,
}

/// What a string is for: told by the action or trigger and by the name of the parameter.
pub(super) fn role<'a>(flow: &FlowAnalysis<'a>, site: &ExpressionSite<'a>) -> StringUsage {
    match (site.element, site.place) {
        (Element::Action(_), Place::Expression) | (Element::Trigger(_), Place::Condition) => {
            StringUsage::Condition
        }
        (Element::Action(_), Place::Foreach) => StringUsage::Value,
        (Element::Action(id), Place::Input) => in_action(flow, site, &flow.actions[id], id),
        (Element::Trigger(at), Place::Input) => match flow.triggers[at].ty {
            TriggerType::Request | TriggerType::Manual | TriggerType::Batch => StringUsage::Other,
            // What a trigger takes in is a filter: who it listens to.
            _ => match in_call(&flow.property_at(site.element, site.span), false) {
                StringUsage::Person => StringUsage::Condition,
                role => role,
            },
        },
        _ => StringUsage::Other,
    }
}

fn in_action<'a>(
    flow: &FlowAnalysis<'a>,
    site: &ExpressionSite<'a>,
    action: &Action<'a>,
    id: usize,
) -> StringUsage {
    let pointer = || flow.property_at(site.element, site.span);
    match action.ty {
        ActionType::InitializeVariable => {
            let variables = action.node.at(&["inputs", "variables"]).map(Node::elements);
            let mut around = variables.unwrap_or_default().iter().filter(|v| v.span.contains(site.span));
            around.next().map_or(StringUsage::Other, |variable| kept_in_variable(variable.get("name")))
        }
        ActionType::SetVariable | ActionType::AppendToArrayVariable | ActionType::AppendToStringVariable => {
            kept_in_variable(action.node.at(&["inputs", "name"]))
        }
        ActionType::Query if last_key(&pointer()) == "where" => StringUsage::Condition,
        ActionType::Compose
        | ActionType::Select
        | ActionType::Query
        | ActionType::Join
        | ActionType::Table
        | ActionType::ParseJson => StringUsage::Kept(format!("a:{}", fold_name(flow.actions[id].name))),
        ActionType::Workflow => StringUsage::Value,
        ty if ty.is_call() => in_call(&pointer(), is_request(flow, action)),
        _ => StringUsage::Other,
    }
}

/// Whether an action sends a request that the flow writes itself: what is called `body` there is no prose.
fn is_request<'a>(flow: &FlowAnalysis<'a>, action: &Action<'a>) -> bool {
    let operation = flow.action_operation(action);
    operation.is_none_or(|operation| operation.id.to_ascii_lowercase().contains("http"))
}

fn kept_in_variable(name: Option<&Node<'_>>) -> StringUsage {
    match name.and_then(Node::as_str) {
        Some(name) => StringUsage::Kept(format!("v:{}", name.to_lowercase())),
        None => StringUsage::Other,
    }
}

/// What a value of a call is for, by the way to it.
fn in_call(pointer: &str, is_request: bool) -> StringUsage {
    if ["/inputs/authentication", "/inputs/host", "/inputs/retryPolicy"]
        .iter()
        .any(|p| pointer.starts_with(p))
    {
        return StringUsage::Other;
    }
    let key = last_key(pointer);
    let is = |list: &[&str]| list.contains(&key.as_str());
    if is(&PEOPLE) || is(&ADDRESSES) {
        StringUsage::Person
    } else if is(&FILTERS) {
        StringUsage::Condition
    } else if key == "body" && is_request {
        StringUsage::Payload
    } else if is(&PROSE) {
        StringUsage::Other
    } else {
        StringUsage::Value
    }
}

/// The last word of a pointer that is no index, in lower case and without punctuation: `to` of
/// `/inputs/parameters/emailMessage~1To`.
pub(super) fn last_key(pointer: &str) -> String {
    let mut words = pointer.rsplit(['/', '~']).map(|word| word.strip_prefix('1').unwrap_or(word));
    let is_index = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let key = words.find(|word| !is_index(word)).unwrap_or("");
    key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The variables and data actions whose values are read for more than prose, directly or through others.
pub(super) fn names_in_use(flow: &FlowAnalysis<'_>) -> FxHashSet<String> {
    let mut open: Vec<String> = Vec::new();
    let mut read_by: FxHashMap<String, Vec<String>> = FxHashMap::default();
    for site in &flow.sites {
        let mut read: Vec<String> = Vec::new();
        for expr in site.template.expressions() {
            expr.each_call(&mut |call| read.extend(name_read(call)));
        }
        if read.is_empty() {
            continue;
        }
        match role(flow, site) {
            StringUsage::Other => {}
            StringUsage::Kept(reader) => read_by.entry(reader).or_default().extend(read),
            _ => open.extend(read),
        }
    }
    let mut used = FxHashSet::default();
    while let Some(name) = open.pop() {
        open.extend(read_by.remove(&name).unwrap_or_default());
        used.insert(name);
    }
    used
}

/// The variable or action that a call reads.
fn name_read(call: &Call<'_>) -> Option<String> {
    let name = call.arguments.first()?.as_text()?;
    match () {
        () if call.is("variables") => Some(format!("v:{}", name.to_lowercase())),
        () if ["outputs", "body", "actions"].iter().any(|reader| call.is(reader)) => {
            Some(format!("a:{}", fold_name(name)))
        }
        () => None,
    }
}
