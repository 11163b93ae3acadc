//! What of a file differs from an earlier version of it: by content, so that other lines, another indentation and
//! another order of keys are no change.
//!
//! A comparison owns what it says, and outlives both texts. Knows flows; knows nothing of findings' rules, and nothing
//! of where the earlier version comes from.

use rustc_hash::FxHashMap;

use crate::finding::Part;
use crate::flow::{self, Action, BranchKind, Detected, Element, Flow, Trigger};
use crate::json::{self, Member, Node, Value};
use crate::solution::SolutionContext;
use crate::text::{Arena, Source};

/// What of a file is as it was.
#[derive(Clone, Debug)]
pub(crate) enum FileComparison {
    /// The text is the same.
    Same,
    /// One of the versions cannot be read, or is no flow: nothing can be said to be unchanged.
    Unknown,
    /// The flows, in the order of the file; none for one that is new.
    Flows(Vec<Option<FlowComparison>>),
}

/// What of a flow is as it was.
#[derive(Clone, Debug)]
pub(crate) struct FlowComparison {
    /// Whether all of it is.
    is_same: bool,
    /// Whether each part is, without its `metadata`: actions, triggers, connections, parameters.
    parts: [Vec<bool>; 4],
    /// Whether the `metadata` of each part is.
    metadata: [Vec<bool>; 4],
    /// Whether the `metadata` of the definition is.
    own_metadata: bool,
}

impl FileComparison {
    /// Compares a file with an earlier version of it.
    #[must_use]
    pub(crate) fn of(now: &Source, before: &str, solution: Option<&SolutionContext>) -> Self {
        if before == now.text {
            return Self::Same;
        }
        // Under the name of today: a file that was renamed is no other flow.
        let before = Source::of(now.name.clone(), before);
        let arena = Arena::new();
        let trees = (json::parse(&now.text, &arena), json::parse(&before.text, &arena));
        let (Ok(root), Ok(root_before)) = trees else { return Self::Unknown };
        let flows = loaded(&root, now, solution, &arena);
        let flows_before = loaded(&root_before, &before, solution, &arena);
        let compared = flows.iter().map(|now| {
            let before = flows_before.iter().find(|before| before.id == now.id)?;
            Some(Parts::new(before).compare(now))
        });
        Self::Flows(compared.collect())
    }

    /// Whether nothing at all differs in a flow, by its index in the file.
    #[must_use]
    pub(crate) fn has_same_flow(&self, flow: usize) -> bool {
        match self {
            Self::Same => true,
            Self::Unknown => false,
            Self::Flows(_) => self.flow(flow).is_some_and(|flow| flow.is_same),
        }
    }

    /// Whether a part was there before and is the same; of the flow as a whole, whether the flow was there.
    #[must_use]
    pub(crate) fn has_same_part(&self, part: Part) -> bool {
        match self {
            Self::Same => true,
            Self::Unknown => false,
            Self::Flows(_) => self.flow(part.flow).is_some_and(|flow| flow.get(&flow.parts, part, true)),
        }
    }

    /// Whether the `metadata` of a part, which counts for nothing else, is the same: what is wrong in it is nobody's to
    /// hide.
    #[must_use]
    pub(crate) fn has_same_metadata(&self, part: Part) -> bool {
        match self {
            Self::Same => true,
            Self::Unknown => false,
            Self::Flows(_) => {
                self.flow(part.flow).is_some_and(|flow| flow.get(&flow.metadata, part, flow.own_metadata))
            }
        }
    }

    fn flow(&self, index: usize) -> Option<&FlowComparison> {
        match self {
            Self::Flows(flows) => flows.get(index)?.as_ref(),
            Self::Same | Self::Unknown => None,
        }
    }
}

impl FlowComparison {
    fn get(&self, lists: &[Vec<bool>; 4], part: Part, whole: bool) -> bool {
        let (list, at) = match part.element {
            Element::Action(id) => (0, id),
            Element::Trigger(at) => (1, at),
            Element::Connection(at) => (2, at),
            Element::Parameter(at) => (3, at),
            Element::Flow => return whole,
        };
        lists[list].get(at).copied().unwrap_or(false)
    }
}

/// The flows of a parsed file.
fn loaded<'a>(
    root: &'a Node<'a>,
    source: &'a Source,
    around: Option<&'a SolutionContext>,
    arena: &'a Arena,
) -> Vec<Flow<'a>> {
    match flow::detect(root, source.name.inner()) {
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

    fn compare(&self, now: &Flow<'_>) -> FlowComparison {
        let actions: Vec<bool> = now.actions.iter().map(|action| self.has_action(action, now)).collect();
        let triggers: Vec<bool> = now.triggers.iter().map(|trigger| self.has_trigger(trigger, now)).collect();
        let connections: Vec<bool> = now
            .connections
            .iter()
            .map(|now| self.flow.connections.iter().any(|old| old.key == now.key && old.node == now.node))
            .collect();
        let parameters: Vec<bool> = now
            .parameters
            .iter()
            .map(|now| self.flow.parameters.iter().any(|old| old.name == now.name && old.node == now.node))
            .collect();
        let metadata = [
            now.actions.iter().map(|action| self.has_metadata_of_action(action)).collect(),
            now.triggers.iter().map(|trigger| self.has_metadata_of_trigger(trigger)).collect(),
            // The metadata of these counts in any case.
            vec![true; connections.len()],
            vec![true; parameters.len()],
        ];
        let parts = [actions, triggers, connections, parameters];
        FlowComparison {
            is_same: parts.iter().flatten().all(|is_same| *is_same) && self.is_rest_of(now),
            parts,
            metadata,
            own_metadata: self.flow.definition.get("metadata") == now.definition.get("metadata"),
        }
    }

    /// Whether a flow, all of whose parts were there before, is the same as it was: how many parts there are, where each
    /// stands, and what belongs to none of them.
    fn is_rest_of(&self, now: &Flow<'_>) -> bool {
        let before = self.flow;
        let counts = |flow: &Flow<'_>| {
            [flow.triggers.len(), flow.actions.len(), flow.connections.len(), flow.parameters.len()]
        };
        let stands_there = |action: &Action<'_>| {
            let known = self.actions.get(action.name);
            known.is_some_and(
                |known| matches!(known.as_slice(), [known] if place_of(before, known) == place_of(now, action)),
            )
        };
        counts(before) == counts(now)
            && (before.format, before.access_controlled) == (now.format, now.access_controlled)
            && before.malformed.is_empty()
            && now.malformed.is_empty()
            && rest_of(before) == rest_of(now)
            && now.actions.iter().all(stands_there)
    }

    fn has_action(&self, action: &Action<'_>, now: &Flow<'_>) -> bool {
        let own = own_of(action, now.arena);
        let before = self.actions.get(action.name).map(Vec::as_slice).unwrap_or_default();
        before.iter().any(|before| own_of(before, now.arena) == own)
    }

    fn has_trigger(&self, trigger: &Trigger<'_>, now: &Flow<'_>) -> bool {
        let own = own(trigger.node, false, now.arena);
        let mut before = self.flow.triggers.iter().filter(|before| before.name == trigger.name);
        before.any(|before| self::own(before.node, false, now.arena) == own)
    }

    fn has_metadata_of_action(&self, action: &Action<'_>) -> bool {
        let before = self.actions.get(action.name).and_then(|known| known.first());
        before.is_some_and(|before| before.node.get("metadata") == action.node.get("metadata"))
    }

    fn has_metadata_of_trigger(&self, trigger: &Trigger<'_>) -> bool {
        let before = self.flow.triggers.iter().find(|before| before.name == trigger.name);
        before.is_some_and(|before| before.node.get("metadata") == trigger.node.get("metadata"))
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
