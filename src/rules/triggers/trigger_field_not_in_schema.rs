//! Reads of inputs that the trigger does not have.

use std::collections::{BTreeMap, BTreeSet};

use super::trigger_body::{Key, KeyName, steps_into_body};
use crate::expr::{Call, Expr, ExprKind, Template};
use crate::flow::{ExpressionSite, FlowAnalysis, Trigger, TriggerType};
use crate::json::{Node, Value};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};
use crate::text::Span;
use crate::text::nearest;

/// What the callers of a trigger go by. Other kinds take more than their schema says.
const KINDS: [&str; 7] = ["Http", "Button", "PowerApp", "PowerAppV2", "Skills", "VirtualAgent", "PowerPages"];

/// What the app of a button adds by itself.
const OF_BUTTONS: [&str; 2] = ["location", "key-button-date"];

/// A read of a field that is not there.
struct Missing<'c, 'a> {
    key: Key<'c>,
    site: &'c ExpressionSite<'a>,
    /// The object of the schema that ought to have it.
    schema: &'a Node<'a>,
}

#[derive(Debug)]
pub(crate) struct TriggerFieldNotInSchema;

impl CodedRule for TriggerFieldNotInSchema {
    type Options = NoOptions;
    const ON: &'static [Interest] =
        &[Interest::Trigger(TriggerType::Request), Interest::Trigger(TriggerType::Manual)];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn trigger<'a>(&self, flow: &FlowAnalysis<'a>, trigger: &Trigger<'a>, cx: &mut RuleContext<'_, 'a>) {
        let kind = trigger.kind.unwrap_or("Http");
        if !KINDS.iter().any(|known| kind.eq_ignore_ascii_case(known))
            || flow.triggers.len() != 1
            || trigger.node.get("splitOn").is_some()
        {
            return;
        }
        let Some(schema) = trigger.node.at(&["inputs", "schema"]).filter(|schema| is_closed(schema)) else {
            return;
        };
        let is_button = kind.eq_ignore_ascii_case("Button");
        // By the way to the field: one that is not there is one fault, however often it is read.
        let mut missing: BTreeMap<String, Vec<Missing<'_, 'a>>> = BTreeMap::new();
        for (site, call) in cx.calls() {
            let Some(keys) = steps_into_body(flow, call) else { continue };
            let Some((at, inner)) = first_missing(schema, &keys) else { continue };
            let KeyName::Text(name) = keys[at].name else { continue };
            let own = at == 0 && is_button && OF_BUTTONS.iter().any(|known| name.eq_ignore_ascii_case(known));
            if !own {
                let reads = missing.entry(path_of(&keys[..=at])).or_default();
                reads.push(Missing { key: keys[at], site, schema: inner });
            }
        }
        if missing.is_empty() {
            return;
        }
        let asked_for = asked_for(flow, cx.calls());
        let is_http = kind.eq_ignore_ascii_case("Http");
        for (path, mut reads) in missing {
            if asked_for.contains(&path) {
                continue;
            }
            // A caller may send more than the schema says. Without `?` the flow relies on that.
            if is_http && !reads.first().is_some_and(is_ruled_out) {
                reads.retain(|read| !read.key.safe);
            }
            report(trigger, kind, &path, &reads, cx);
        }
    }
}

/// Whether no caller means the field: because the schema rules out what it does not list, or because the name is almost
/// one of the schema and so misspelt.
fn is_ruled_out(read: &Missing<'_, '_>) -> bool {
    let KeyName::Text(name) = read.key.name else { return false };
    let fields = read.schema.get("properties").map(Node::members).unwrap_or_default();
    read.schema.get("additionalProperties").is_some()
        // Names of one or two letters are all alike.
        || (name.len() > 2 && nearest(name, fields.iter().map(|field| field.key)).is_some())
}

/// The ways to fields that the flow asks for before it reads them: `contains(triggerBody(), 'note')`, in an expression
/// or as a row of a condition.
fn asked_for<'a>(flow: &FlowAnalysis<'a>, calls: &[(&ExpressionSite<'a>, &Call<'a>)]) -> BTreeSet<String> {
    let way = |whole: &Expr<'_>, name: &str| {
        let ExprKind::Call(call) = &whole.kind else { return None };
        let mut keys = steps_into_body(flow, call)?;
        keys.push(Key { name: KeyName::Text(name), safe: true, at: whole.at });
        Some(path_of(&keys))
    };
    let in_expressions = calls.iter().filter(|(_, call)| call.is("contains")).filter_map(|(_, call)| {
        let [whole, name] = call.arguments else { return None };
        way(whole, name.as_text()?)
    });
    let mut found: BTreeSet<String> = in_expressions.collect();
    let mut open: Vec<&Node<'a>> =
        flow.actions.iter().filter_map(|action| action.node.get("expression")).collect();
    while let Some(node) = open.pop() {
        for member in node.members() {
            if member.key.eq_ignore_ascii_case("contains")
                && let [whole, name] = member.value.elements()
                && let Some(Template::Whole(whole)) = flow.template_of(whole)
                && let Some(name) = name.as_str()
            {
                found.extend(way(whole, name));
            }
            open.push(&member.value);
        }
        open.extend(node.elements());
    }
    found
}

fn report<'a>(
    trigger: &Trigger<'a>,
    kind: &str,
    path: &str,
    reads: &[Missing<'_, 'a>],
    cx: &mut RuleContext<'_, 'a>,
) {
    let [first, again @ ..] = reads else { return };
    let KeyName::Text(name) = first.key.name else { return };
    let result = if first.key.safe { "it reads nothing" } else { "the run fails here" };
    let fields = first.schema.get("properties").map(Node::members).unwrap_or_default();
    let (message, help) = if kind.eq_ignore_ascii_case("Http") {
        let names = fields.iter().map(|field| field.key);
        let help = match nearest(name, names.clone()) {
            Some(near) => format!(
                "Did you mean '{near}'? Otherwise add '{name}' to the schema: Trigger › Request Body JSON Schema."
            ),
            None => format!(
                "Trigger › Request Body JSON Schema: add '{name}', or read one of these: {}.",
                listed(names)
            ),
        };
        let message = format!(
            "The schema of '{}' has no '{name}': who calls by it sends none, and {result}",
            trigger.name
        );
        (message, help)
    } else {
        // Nobody types these names: the designer makes them, and takes them away with the input.
        let help = format!(
            "Pick the value again from the dynamic content of the trigger, which has {}; or add the input.",
            listed(fields.iter().map(|field| titled(field.key, &field.value)))
        );
        (format!("'{}' has no input '{name}': {result}", trigger.name), help)
    };
    let text = &cx.flow.source.text;
    let again: Vec<Span> = again.iter().map(|read| read.site.span_of(text, read.key.at)).collect();
    let draft = cx.report_at(first.site, first.key.at, message).grouped().detail(path).help(help);
    for span in again {
        draft.related(span, "it is read here too");
    }
}

/// The first step that a schema has no field for, and the object that ought to have it. None as far as the schema
/// leaves things open.
fn first_missing<'a>(schema: &'a Node<'a>, keys: &[Key<'_>]) -> Option<(usize, &'a Node<'a>)> {
    let mut node = schema;
    for (at, key) in keys.iter().enumerate() {
        node = match key.name {
            KeyName::Computed => return None,
            KeyName::Index => node.get("items")?,
            // What a path with a slash means is not certain; names with a dollar are the service's own.
            KeyName::Text(name) if name.contains('/') || name.starts_with('$') => return None,
            KeyName::Text(name) if is_closed(node) => {
                let fields = node.get("properties")?.members();
                match fields.iter().rev().find(|field| plain(field.key).eq_ignore_ascii_case(name)) {
                    Some(field) => &field.value,
                    None => return Some((at, node)),
                }
            }
            KeyName::Text(_) => return None,
        };
    }
    None
}

/// The name of a field; in a schema a doubled @ stands for one.
fn plain(key: &str) -> &str {
    key.strip_prefix('@').filter(|rest| rest.starts_with('@')).unwrap_or(key)
}

/// Whether a schema is that of an object and lists all fields that it tells of.
fn is_closed(schema: &Node<'_>) -> bool {
    const OPEN: [&str; 8] =
        ["patternProperties", "$ref", "allOf", "anyOf", "oneOf", "if", "not", "x-ms-dynamic-schema"];
    let is_file = schema.get("x-ms-content-hint").and_then(Node::as_str) == Some("FILE");
    let has_fields = schema.get("properties").is_some_and(|fields| !fields.members().is_empty());
    let takes_more = match schema.get("additionalProperties").map(|node| &node.value) {
        None | Some(Value::Bool(false)) => false,
        Some(_) => true,
    };
    let is_object = match schema.get("type") {
        None => true,
        Some(node) => node.as_str().is_some_and(|ty| ty.eq_ignore_ascii_case("object")),
    };
    has_fields && is_object && !takes_more && !is_file && !OPEN.iter().any(|key| schema.get(key).is_some())
}

fn path_of(keys: &[Key<'_>]) -> String {
    let names = keys.iter().map(|key| match key.name {
        KeyName::Text(name) => name.to_ascii_lowercase(),
        _ => "*".to_owned(),
    });
    names.collect::<Vec<_>>().join("/")
}

/// An input of a button or an app as its maker knows it: `text` (Order number).
fn titled(key: &str, schema: &Node<'_>) -> String {
    match schema.get("title").and_then(Node::as_str) {
        Some(title) if !title.is_empty() && title != key => format!("{key} ({title})"),
        _ => key.to_owned(),
    }
}

/// The first few of a list, and how many more there are.
fn listed<S: std::fmt::Display>(names: impl Iterator<Item = S>) -> String {
    const SHOWN: usize = 6;
    let names: Vec<String> = names.map(|name| name.to_string()).collect();
    let shown = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
