//! What of a file differs from an earlier version of it: by content, so that other lines, another indentation and
//! another order of keys are no change.
//!
//! Knows flows and findings; knows nothing of where the earlier version comes from.

use rustc_hash::FxHashMap;

use crate::finding::Finding;
use crate::flow::{self, Action, BranchKind, Detected, Element, Flow};
use crate::json::{self, Member, Node, Value};
use crate::linter::Engine;
use crate::linter::lint::check_source;
use crate::solution::SolutionContext;
use crate::text::Arena;
use crate::text::{Source, Span};

/// Marks the findings that were there before, on parts that are as they were.
///
/// A finding is *not* marked if its flow is new, if the action, trigger, connection or parameter that it or one of
/// its related places stands in is new or differs, or if the earlier version, checked by the same rules and with
/// the same files around it, has no finding of that identity. For a finding about the flow as a whole only the last
/// counts. The findings still have their identities in plain text.
pub(crate) fn mark_unchanged(
    findings: &mut [Finding],
    source: &Source,
    around: Option<&SolutionContext>,
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
    let arena = Arena::new();
    let trees = (json::parse(&source.text, &arena), json::parse(&before.text, &arena));
    let (Ok(root), Ok(root_before)) = trees else { return };
    let flows = loaded(&root, source, around, &arena);
    let flows_before = loaded(&root_before, &before, around, &arena);
    let pairs: Vec<Pair<'_, '_, '_>> = flows
        .iter()
        .filter_map(|now| {
            let before = Parts::new(flows_before.iter().find(|before| before.id == now.id)?);
            Some(Pair { now, is_same: before.are_all_of(now), before })
        })
        .collect();
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    // What was waived did not count before: where the waiver is gone, it is new.
    let counted = check_source(&before, around, engine).findings.into_iter();
    for finding in counted.filter(|finding| finding.suppressed.is_none()) {
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
        finding.unchanged = match &finding.flow {
            // What belongs to the file as a whole has no part that could differ.
            None => was_known,
            // Nor has what is said of a file beside it, which is taken as it is now.
            Some(_) if finding.source != 0 => was_known,
            Some(name) => pairs.iter().find(|pair| pair.now.id == name.id).is_some_and(|pair| {
                if finding.property.starts_with("/metadata")
                    && !pair.before.have_metadata_of(finding.span, pair.now)
                {
                    return false;
                }
                // Where nothing differs nothing is new, whichever of two places a rule calls the first.
                pair.is_same || (was_known && pair.before.have_places_of(finding, pair.now))
            }),
        };
    }
}

/// A flow and its earlier version.
struct Pair<'f, 'now, 'before> {
    now: &'f Flow<'now>,
    before: Parts<'f, 'before>,
    /// Whether they are the same.
    is_same: bool,
}

/// The flows of a parsed file.
fn loaded<'a>(
    root: &'a Node<'a>,
    source: &'a Source,
    around: Option<&'a SolutionContext>,
    arena: &'a Arena,
) -> Vec<Flow<'a>> {
    match flow::detect(root, source.member.as_deref().unwrap_or(&source.path)) {
        Detected::Flows(found) => found
            .iter()
            .map(|found| flow::load(source, found, around.and_then(SolutionContext::known_flow), arena))
            .collect(),
        Detected::NotAFlow(_) | Detected::Unsupported(_) | Detected::Broken(..) => Vec::new(),
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

    /// Whether a flow is the same as it was: each part, where it stands, and what belongs to none of them.
    fn are_all_of(&self, now: &Flow<'_>) -> bool {
        let before = self.flow;
        let counts = |flow: &Flow<'_>| {
            [flow.triggers.len(), flow.actions.len(), flow.connections.len(), flow.parameters.len()]
        };
        let keys = now.connections.iter().map(|connection| connection.key_span);
        let spans = keys.chain(now.triggers.iter().map(|trigger| trigger.key_span));
        let mut spans = spans.chain(now.parameters.iter().map(|parameter| parameter.key_span));
        let is_there = |action: &Action<'_>| {
            self.actions.get(action.name).is_some_and(|known| {
                matches!(known.as_slice(), [known] if place_of(before, known) == place_of(now, action))
                    && self.have(now, action.key_span)
            })
        };
        counts(before) == counts(now)
            && (before.format, before.access_controlled) == (now.format, now.access_controlled)
            && before.malformed.is_empty()
            && now.malformed.is_empty()
            && rest_of(before) == rest_of(now)
            && spans.all(|span| self.have(now, span))
            && now.actions.iter().all(is_there)
    }

    /// Whether the parts in which a finding stands were there before, and were the same. A finding about the flow as
    /// a whole stands in none: the place that it names besides is an example.
    fn have_places_of(&self, finding: &Finding, now: &Flow<'_>) -> bool {
        now.element_at(finding.span) == Element::Flow
            || (self.have(now, finding.span)
                && finding.related.iter().all(|other| self.have(now, other.span)))
    }

    /// Whether `metadata`, which counts for nothing else, is the same in the part of the flow that holds a place: what
    /// is wrong in it is nobody's to hide.
    fn have_metadata_of(&self, span: Span, now: &Flow<'_>) -> bool {
        let of = |node: &Node<'_>, before: Option<&Node<'_>>| {
            before.is_some_and(|before| before.get("metadata") == node.get("metadata"))
        };
        match now.element_at(span) {
            Element::Action(id) => {
                let action = &now.actions[id];
                let before = self.actions.get(action.name).and_then(|known| known.first());
                of(action.node, before.map(|action| action.node))
            }
            Element::Trigger(at) => {
                let trigger = &now.triggers[at];
                let before = self.flow.triggers.iter().find(|before| before.name == trigger.name);
                of(trigger.node, before.map(|trigger| trigger.node))
            }
            // The metadata of these counts in any case.
            Element::Connection(_) | Element::Parameter(_) => true,
            Element::Flow => of(now.definition, Some(self.flow.definition)),
        }
    }

    /// Whether the part of the flow that holds a place now was there before, and was the same.
    fn have(&self, now: &Flow<'_>, span: Span) -> bool {
        match now.element_at(span) {
            Element::Flow => true,
            Element::Action(id) => {
                let action = &now.actions[id];
                let own = own_of(action, now.arena);
                let before = self.actions.get(action.name).map(Vec::as_slice).unwrap_or_default();
                before.iter().any(|before| own_of(before, now.arena) == own)
            }
            Element::Trigger(at) => {
                let trigger = &now.triggers[at];
                let own = own(trigger.node, false, now.arena);
                let mut before = self.flow.triggers.iter().filter(|before| before.name == trigger.name);
                before.any(|before| self::own(before.node, false, now.arena) == own)
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

/// Where an action stands: in which path of which container.
fn place_of<'f>(flow: &'f Flow<'_>, action: &Action<'_>) -> (BranchKind, Option<&'f str>, Option<&'f str>) {
    let branch = &flow.branches[action.branch];
    (branch.kind, branch.name, branch.owner.map(|owner| flow.actions[owner].name))
}

/// What of a definition is no trigger, action or parameter.
fn rest_of<'a>(flow: &Flow<'a>) -> Node<'a> {
    keeping(flow.definition, flow.arena, |member| match member.key {
        "triggers" | "actions" | "parameters" | "metadata" => None,
        _ => Some(member.value),
    })
}

fn own_of<'a>(action: &Action<'a>, arena: &'a Arena) -> Node<'a> {
    own(action.node, !action.branches.is_empty(), arena)
}

/// What a trigger or action is by itself: without the actions inside it, and without `metadata`, in which the
/// designer writes ids of its own anew.
fn own<'a>(node: &Node<'a>, holds_actions: bool, arena: &'a Arena) -> Node<'a> {
    keeping(node, arena, |member| match member.key {
        "metadata" => None,
        "actions" if holds_actions => None,
        "else" | "default" if holds_actions => Some(without_actions(&member.value, arena)),
        "cases" | "tools" if holds_actions => {
            Some(keeping(&member.value, arena, |branch| Some(without_actions(&branch.value, arena))))
        }
        _ => Some(member.value),
    })
}

fn without_actions<'a>(branch: &Node<'a>, arena: &'a Arena) -> Node<'a> {
    keeping(branch, arena, |member| (member.key != "actions").then_some(member.value))
}

/// An object with what is left of its members; any other value as it is.
fn keeping<'a>(
    node: &Node<'a>,
    arena: &'a Arena,
    left: impl Fn(&Member<'a>) -> Option<Node<'a>>,
) -> Node<'a> {
    if !node.is_object() {
        return *node;
    }
    let members = node.members().iter().filter_map(|member| {
        Some(Member { key: member.key, key_span: member.key_span, value: left(member)? })
    });
    let members: Vec<Member<'a>> = members.collect();
    Node { value: Value::Object(arena.list(&members)), span: node.span }
}
