//! The run order: what can have run before an action, what waits for what in a cycle, and what runs side
//! by side.
//!
//! Built from `runAfter` and the containers alone. Time and memory are linear in the size of the flow:
//! each list of actions gets a spanning forest over its first predecessors, which answers nearly every
//! question at once; only where branches join does it walk back, and never past the action asked for.

mod cycles;
mod failure_paths;
mod relation;

pub use failure_paths::{FailureOutcome, FailurePaths};
pub use relation::Relation;

use super::{ActionId, Branch, Flow, Named, Statuses};
use crate::expr::same_name;

/// The run order of a flow.
#[derive(Debug)]
pub struct RunOrder {
    nodes: Vec<Node>,
    /// What actions wait for, with the outcomes that let them run: those of one action together.
    waits: Vec<(ActionId, Statuses)>,
    cycles: Vec<Vec<ActionId>>,
}

/// What is known of one action's place among those beside it.
#[derive(Debug, Default)]
struct Node {
    /// Where its part of what actions wait for begins and ends.
    waits: (usize, usize),
    /// Its place in an order in which each stands behind what it waits for.
    place: usize,
    /// Its interval in the spanning forest: everything in it waits for this action, through first
    /// predecessors.
    enter: usize,
    leave: usize,
    /// Whether something it waits for waits for it, or it stands behind such a cycle.
    in_ring: bool,
}

/// What is reckoned with while the order is made: numbers by action, used by one branch after another.
struct Scratch {
    /// How many of those that an action waits for are not yet in order.
    waiting: Vec<usize>,
    /// The first edge, counted from 1, to an action that waits for this one; 0 for none.
    first: Vec<usize>,
    /// Actions that wait, and the next edge from the same one.
    edges: Vec<(ActionId, usize)>,
    /// How many actions wait for one through first predecessors, itself included.
    size: Vec<usize>,
    next: Vec<usize>,
}

impl Scratch {
    fn new(actions: usize) -> Self {
        let zeros = || vec![0; actions];
        Self { waiting: zeros(), first: zeros(), edges: Vec::new(), size: zeros(), next: zeros() }
    }
}

impl RunOrder {
    /// Computes the run order of a flow.
    #[must_use]
    pub(super) fn new(flow: &Flow<'_>) -> Self {
        let mut order = Self { nodes: Vec::new(), waits: Vec::new(), cycles: Vec::new() };
        order.nodes.resize_with(flow.actions.len(), Node::default);
        order.waits.reserve(flow.actions.len());
        let mut scratch = Scratch::new(flow.actions.len());
        for branch in &flow.branches {
            order.resolve(flow, branch);
            order.sort(branch, &mut scratch);
        }
        order
    }

    /// The actions beside an action that it waits for, with the outcomes that let it run. Names that no
    /// action beside it has are left out.
    #[must_use]
    pub fn waits_for(&self, id: ActionId) -> &[(ActionId, Statuses)] {
        let (start, end) = self.nodes[id].waits;
        &self.waits[start..end]
    }

    /// The cycles of actions that wait for each other, each in waiting order.
    #[must_use]
    pub fn cycles(&self) -> &[Vec<ActionId>] {
        &self.cycles
    }

    /// The actions of a list, each behind what it waits for; those in a cycle, or behind one, are left out.
    #[must_use]
    pub fn ordered(&self, branch: &Branch<'_>) -> Vec<ActionId> {
        let mut ids: Vec<ActionId> =
            branch.actions.iter().copied().filter(|id| !self.nodes[*id].in_ring).collect();
        ids.sort_by_key(|id| self.nodes[*id].place);
        ids
    }

    /// An action's place in an order of its list in which each stands behind what it waits for.
    #[must_use]
    pub fn place(&self, id: ActionId) -> usize {
        self.nodes[id].place
    }

    /// Whether an action waits in a cycle, or behind one: it never gets its turn.
    #[must_use]
    pub fn is_in_ring(&self, id: ActionId) -> bool {
        self.nodes[id].in_ring
    }

    /// Whether an action waits, directly or not, for another in the same list of actions.
    #[must_use]
    pub fn follows(&self, later: ActionId, earlier: ActionId) -> bool {
        let (from, to) = (&self.nodes[later], &self.nodes[earlier]);
        if to.enter < from.enter && from.leave <= to.leave {
            return true;
        }
        if from.in_ring || to.in_ring {
            return self.walk_back(later, earlier, false);
        }
        from.place > to.place && self.walk_back(later, earlier, true)
    }

    /// Follows predecessors from `later` until `earlier` is met; in an order without cycles never past it.
    fn walk_back(&self, later: ActionId, earlier: ActionId, ordered: bool) -> bool {
        let floor = self.nodes[earlier].place;
        let mut open = vec![later];
        let mut seen = rustc_hash::FxHashSet::default();
        while let Some(id) = open.pop() {
            for &(before, _) in self.waits_for(id) {
                if before == earlier {
                    return true;
                }
                let node = &self.nodes[before];
                let target = &self.nodes[earlier];
                if ordered && target.enter < node.enter && node.leave <= target.leave {
                    return true;
                }
                if (!ordered || node.place > floor) && seen.insert(before) {
                    open.push(before);
                }
            }
        }
        false
    }

    /// Resolves the names that the actions of a branch wait for.
    fn resolve(&mut self, flow: &Flow<'_>, branch: &Branch<'_>) {
        let is_unique = flow.has_unique_names();
        let mut previous: Option<ActionId> = None;
        for &id in &branch.actions {
            // Nearly every action waits for the one that stands before it in the file.
            let is_named = |other: &ActionId, name: &str| is_unique && flow.actions[*other].name == name;
            let beside = |name: &str| match previous.filter(|other| is_named(other, name)) {
                Some(found) => Some(found),
                None => match flow.named(name) {
                    Some(Named::Action(found)) if flow.actions[found].branch == flow.actions[id].branch => {
                        Some(found)
                    }
                    // Where a name is given twice, the one beside may be another than the first.
                    _ if is_unique => None,
                    _ => branch
                        .actions
                        .iter()
                        .copied()
                        .find(|other| same_name(flow.actions[*other].name, name)),
                },
            };
            let entries = flow.actions[id].run_after.iter();
            let start = self.waits.len();
            self.waits.extend(entries.filter_map(|entry| Some((beside(entry.name)?, entry.statuses))));
            self.nodes[id].waits = (start, self.waits.len());
            previous = Some(id);
        }
    }

    /// Orders the actions of a branch and lays the spanning forest; what is left over waits in a cycle.
    fn sort(&mut self, branch: &Branch<'_>, scratch: &mut Scratch) {
        let Scratch { waiting, first, edges, .. } = scratch;
        edges.clear();
        let mut ordered: Vec<ActionId> = Vec::with_capacity(branch.actions.len());
        for &id in &branch.actions {
            let before = self.waits_for(id);
            waiting[id] = before.len();
            if before.is_empty() {
                ordered.push(id);
            }
            for &(before, _) in before {
                edges.push((id, first[before]));
                first[before] = edges.len();
            }
        }
        let mut at = 0;
        while let Some(&id) = ordered.get(at) {
            self.nodes[id].place = at;
            at += 1;
            // Followers were chained from the last to the first; the order of the file is to hold.
            let from = ordered.len();
            let mut edge = first[id];
            while edge > 0 {
                let (follower, next) = edges[edge - 1];
                waiting[follower] -= 1;
                if waiting[follower] == 0 {
                    ordered.push(follower);
                }
                edge = next;
            }
            ordered[from..].reverse();
        }
        self.forest(&ordered, scratch);
        if ordered.len() < branch.actions.len() {
            let stuck: Vec<ActionId> =
                branch.actions.iter().copied().filter(|id| scratch.waiting[*id] > 0).collect();
            self.find_rings(&stuck);
        }
    }

    /// Numbers each action so that the interval of one holds those of all that wait for it through first
    /// predecessors. `ordered` has each behind what it waits for.
    fn forest(&mut self, ordered: &[ActionId], scratch: &mut Scratch) {
        let Scratch { size, next, .. } = scratch;
        let parent = |order: &Self, id: ActionId| order.waits_for(id).first().map(|(before, _)| *before);
        for &id in ordered.iter().rev() {
            size[id] += 1;
            if let Some(parent) = parent(self, id) {
                size[parent] += size[id];
            }
        }
        // The next free number inside each action's interval; roots follow one another.
        let mut free = 1;
        for &id in ordered {
            let slot = match parent(self, id) {
                Some(parent) => &mut next[parent],
                None => &mut free,
            };
            let enter = *slot;
            *slot += size[id];
            self.nodes[id].enter = enter;
            self.nodes[id].leave = enter + size[id];
            next[id] = enter + 1;
        }
    }

    fn find_rings(&mut self, stuck: &[ActionId]) {
        for &id in stuck {
            self.nodes[id].in_ring = true;
        }
        let found = cycles::one_of_each_knot(self, stuck);
        self.cycles.extend(found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::{Detected, FlowAnalysis, Relation, detect_fragment, load};
    use crate::json;
    use crate::text::Arena;
    use crate::text::Source;

    /// Loads an object of actions and asks something of it.
    fn with<T>(actions: &str, ask: impl FnOnce(&FlowAnalysis<'_>) -> T) -> T {
        let source = Source::new("Workflows/Test.json", actions);
        let arena = Arena::new();
        let root = json::parse(&source.text, &arena).unwrap();
        let Detected::Flows(found) = detect_fragment(&root, "") else { panic!("a flow") };
        ask(&FlowAnalysis::new(load(&source, &found[0], None, &arena)))
    }

    fn id(flow: &Flow<'_>, name: &str) -> ActionId {
        match flow.named(name) {
            Some(Named::Action(id)) => id,
            _ => panic!("no action {name}"),
        }
    }

    fn compose(name: &str, after: &[&str]) -> String {
        let after: Vec<String> = after.iter().map(|name| format!("\"{name}\": [\"Succeeded\"]")).collect();
        format!(
            "\"{name}\": {{\"type\": \"Compose\", \"inputs\": 1, \"runAfter\": {{{}}}}}",
            after.join(", ")
        )
    }

    #[test]
    fn relations_follow_run_after_and_containers() {
        let text = format!(
            r#"{{{}, "If": {{"type": "If", "expression": "@true", "runAfter": {{"A": ["Succeeded"]}},
                 "actions": {{{}, {}}}, "else": {{"actions": {{{}}}}}}}, {}, {}, {}}}"#,
            compose("A", &[]),
            compose("Y1", &[]),
            compose("Y2", &["y1"]),
            compose("N", &[]),
            compose("After", &["If"]),
            compose("Side", &["A"]),
            compose("Join", &["After", "Side"]),
        );
        with(&text, |flow| {
            let relation = |a, b| flow.relation(id(flow, a), id(flow, b));
            assert_eq!(relation("A", "A"), Relation::Same);
            assert_eq!(relation("A", "Y2"), Relation::Before);
            assert_eq!(relation("Y2", "A"), Relation::After);
            assert_eq!(relation("Y1", "Y2"), Relation::Before);
            assert_eq!(relation("Y1", "N"), Relation::Exclusive);
            assert_eq!(relation("If", "N"), Relation::Around);
            assert_eq!(relation("N", "If"), Relation::Inside);
            assert_eq!(relation("Y2", "After"), Relation::Before);
            assert_eq!(relation("Side", "N"), Relation::Parallel);
            assert_eq!(relation("Side", "Join"), Relation::Before);
            assert_eq!(relation("Y1", "Join"), Relation::Before);
            assert!(flow.can_read(id(flow, "Join"), id(flow, "N")));
            assert!(!flow.can_read(id(flow, "N"), id(flow, "If")));
        });
    }

    #[test]
    fn rings_are_found_once_and_what_stands_behind_them_is_none() {
        let text = format!(
            "{{{}, {}, {}, {}}}",
            compose("A", &["C"]),
            compose("B", &["A"]),
            compose("C", &["B"]),
            compose("Behind", &["C"]),
        );
        with(&text, |flow| {
            let order = flow.run_order();
            assert_eq!(order.cycles().len(), 1);
            assert_eq!(order.cycles()[0].len(), 3);
            assert!(!order.cycles()[0].contains(&id(flow, "Behind")));
            assert!(order.follows(id(flow, "Behind"), id(flow, "A")));
        });
        with(&format!("{{{}}}", compose("Self", &["Self"])), |flow| {
            assert_eq!(flow.run_order().cycles(), [vec![0]]);
        });
    }

    #[test]
    fn each_knot_of_rings_gives_its_shortest_ring_through_its_first_action() {
        let text = format!(
            "{{{}, {}, {}, {}, {}, {}}}",
            // A cycle of two and one of three that share A, and a cycle behind them.
            compose("A", &["C", "B"]),
            compose("B", &["A"]),
            compose("C", &["D"]),
            compose("D", &["A"]),
            compose("X", &["A", "Y"]),
            compose("Y", &["X"]),
        );
        with(&text, |flow| {
            let cycles: Vec<Vec<&str>> = flow
                .run_order()
                .cycles()
                .iter()
                .map(|cycle| cycle.iter().map(|id| flow.actions[*id].name).collect())
                .collect();
            assert_eq!(cycles, [["B", "A"], ["Y", "X"]]);
        });
    }

    #[test]
    fn the_forest_answers_as_a_plain_search_does() {
        // A grid of joins: each action waits for up to two of the ones before it, in a fixed pattern.
        let actions: Vec<String> = (0..60)
            .map(|n: usize| {
                let after: Vec<String> = [n.checked_sub(1 + n % 3), n.checked_sub(2 + n % 5)]
                    .into_iter()
                    .flatten()
                    .filter(|_| !n.is_multiple_of(7))
                    .map(|before| format!("A{before}"))
                    .collect();
                compose(&format!("A{n}"), &after.iter().map(String::as_str).collect::<Vec<_>>())
            })
            .collect();
        with(&format!("{{{}}}", actions.join(", ")), |flow| {
            let order = flow.run_order();
            let plain = |later: ActionId, earlier: ActionId| {
                let mut open = vec![later];
                let mut seen = vec![false; flow.actions.len()];
                while let Some(id) = open.pop() {
                    for &(before, _) in order.waits_for(id) {
                        if before == earlier {
                            return true;
                        }
                        if !std::mem::replace(&mut seen[before], true) {
                            open.push(before);
                        }
                    }
                }
                false
            };
            for later in 0..flow.actions.len() {
                for earlier in 0..flow.actions.len() {
                    assert_eq!(
                        order.follows(later, earlier),
                        plain(later, earlier),
                        "{later} after {earlier}"
                    );
                }
            }
        });
    }
}
