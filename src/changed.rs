//! What of a file differs from an earlier version of it: by content, so that other lines, another indentation and
//! another order of keys are no change.
//!
//! Knows flows and findings; knows nothing of where the earlier version comes from.

use rustc_hash::FxHashMap;

use crate::finding::Finding;
use crate::flow::{self, Action, Detected, Element, Flow};
use crate::json::{self, Member, Node, Value};
use crate::lint::check_source;
use crate::rule::Engine;
use crate::solution::Around;
use crate::source::{Source, Span};

/// Marks the findings that were there before, on parts that are as they were.
///
/// A finding is *not* marked if its flow is new, if the action, trigger, connection or parameter that it or one of
/// its related places stands in is new or differs, or if the earlier version, checked by the same rules and with
/// the same files around it, has no finding of that identity. The findings still have their identities in
/// plain text.
pub(crate) fn mark_unchanged(
    findings: &mut [Finding],
    source: &Source,
    around: Option<&Around>,
    engine: &Engine,
    earlier: String,
) {
    if earlier == source.text {
        findings.iter_mut().for_each(|finding| finding.unchanged = true);
        return;
    }
    // Under the name of today: a file that was renamed is no other flow.
    let mut before = Source::new(source.path.as_str(), earlier);
    before.member.clone_from(&source.member);
    let (Ok(root), Ok(root_before)) = (json::parse(&source.text), json::parse(&before.text)) else { return };
    let flows = loaded(&root, source, around);
    let flows_before = loaded(&root_before, &before, around);
    let pairs: Vec<(&Flow<'_>, Parts<'_, '_>)> = flows
        .iter()
        .filter_map(|flow| {
            let same = flows_before.iter().find(|before| before.id == flow.id)?;
            Some((flow, Parts::new(same)))
        })
        .collect();
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    for finding in check_source(&before, around, engine).findings {
        *known.entry(finding.fingerprint).or_default() += 1;
    }
    for finding in findings {
        let was_known = match known.get_mut(&finding.fingerprint) {
            Some(left @ 1..) => {
                *left -= 1;
                true
            }
            _ => false,
        };
        let is_same = |span: Span| match &finding.flow {
            // What belongs to the file as a whole has no part that could differ.
            None => true,
            Some(name) => pairs.iter().any(|(flow, before)| flow.id == name.id && before.have(flow, span)),
        };
        finding.unchanged =
            was_known && is_same(finding.span) && finding.related.iter().all(|other| is_same(other.span));
    }
}

/// The flows of a parsed file.
fn loaded<'a>(root: &'a Node<'a>, source: &'a Source, around: Option<&'a Around>) -> Vec<Flow<'a>> {
    match flow::detect(root, source.member.as_deref().unwrap_or(&source.path)) {
        Detected::Flows(found) => found.iter().map(|found| flow::load(source, found, around)).collect(),
        Detected::NotAFlow(_) | Detected::Unsupported(_) => Vec::new(),
    }
}

/// The parts of the earlier version of a flow, to be found by name.
struct Parts<'f, 'a> {
    flow: &'f Flow<'a>,
    /// More than one only where a flow is broken.
    actions: FxHashMap<&'a str, Vec<&'f Action<'a>>>,
}

impl<'f, 'a> Parts<'f, 'a> {
    fn new(flow: &'f Flow<'a>) -> Self {
        let mut actions: FxHashMap<&str, Vec<&Action<'_>>> = FxHashMap::default();
        for action in &flow.actions {
            actions.entry(action.name).or_default().push(action);
        }
        Self { flow, actions }
    }

    /// Whether the part of the flow that holds a place now was there before, and was the same.
    fn have(&self, now: &Flow<'_>, span: Span) -> bool {
        match now.element_at(span) {
            // What a flow is as a whole shows in what is found in it.
            Element::Flow => true,
            Element::Action(id) => {
                let action = &now.actions[id];
                let own = own_of(action);
                let before = self.actions.get(action.name).map(Vec::as_slice).unwrap_or_default();
                before.iter().any(|before| own_of(before) == own)
            }
            Element::Trigger(at) => {
                let trigger = &now.triggers[at];
                let own = own(trigger.node, false);
                let mut before = self.flow.triggers.iter().filter(|before| before.name == trigger.name);
                before.any(|before| self::own(before.node, false) == own)
            }
            Element::Connection(at) => {
                let connection = &now.connections[at];
                let mut before = self.flow.connections.iter();
                before.any(|before| before.key == connection.key && before.node == connection.node)
            }
            Element::Parameter(at) => {
                let parameter = &now.parameters[at];
                let mut before = self.flow.parameters.iter();
                before.any(|before| before.name == parameter.name && before.node == parameter.node)
            }
        }
    }
}

fn own_of<'a>(action: &Action<'a>) -> Node<'a> {
    own(action.node, !action.branches.is_empty())
}

/// What a trigger or action is by itself: without the actions inside it, and without `metadata`, in which the
/// designer writes ids of its own anew.
fn own<'a>(node: &Node<'a>, holds_actions: bool) -> Node<'a> {
    keeping(node, |member| match member.key.as_ref() {
        "metadata" => None,
        "actions" if holds_actions => None,
        "else" | "default" if holds_actions => Some(without_actions(&member.value)),
        "cases" | "tools" if holds_actions => {
            Some(keeping(&member.value, |branch| Some(without_actions(&branch.value))))
        }
        _ => Some(member.value.clone()),
    })
}

fn without_actions<'a>(branch: &Node<'a>) -> Node<'a> {
    keeping(branch, |member| (member.key != "actions").then(|| member.value.clone()))
}

/// An object with what is left of its members; any other value as it is.
fn keeping<'a>(node: &Node<'a>, left: impl Fn(&Member<'a>) -> Option<Node<'a>>) -> Node<'a> {
    if !node.is_object() {
        return node.clone();
    }
    let members = node.members().iter().filter_map(|member| {
        Some(Member { key: member.key.clone(), key_span: member.key_span, value: left(member)? })
    });
    Node { value: Value::Object(members.collect()), span: node.span }
}
