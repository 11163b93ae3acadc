//! How two actions stand to each other, through the containers around them.

use super::super::{Action, ActionId, Flow, FlowAnalysis};

/// How two actions of a flow stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// They are one action.
    Same,
    /// The first can have run, with all in it, when the second starts.
    Before,
    /// The second can have run when the first starts.
    After,
    /// The first holds the second.
    Around,
    /// The second holds the first.
    Inside,
    /// They stand in different branches of one condition or switch: only one of them runs.
    Exclusive,
    /// Neither waits for the other.
    Parallel,
}

impl<'a> FlowAnalysis<'a> {
    /// How two actions stand to each other, through the containers around them.
    #[must_use]
    pub fn relation(&self, first: ActionId, second: ActionId) -> Relation {
        if first == second {
            return Relation::Same;
        }
        let (mut a, mut b) = (first, second);
        // The two ancestors that stand in one list of actions, or in two branches of one container.
        a = self.raised(a, self.actions[b].depth);
        if a == b {
            return Relation::Inside;
        }
        b = self.raised(b, self.actions[a].depth);
        if a == b {
            return Relation::Around;
        }
        while self.actions[a].branch != self.actions[b].branch {
            match (self.container(a), self.container(b)) {
                (Some(up_a), Some(up_b)) if up_a == up_b => return Relation::Exclusive,
                (Some(up_a), Some(up_b)) => (a, b) = (up_a, up_b),
                _ => return Relation::Parallel,
            }
        }
        let order = self.run_order();
        if order.follows(b, a) {
            Relation::Before
        } else if order.follows(a, b) {
            Relation::After
        } else {
            Relation::Parallel
        }
    }

    /// Whether an expression in `reader` can read `target`: the service's rule. Everything that can have
    /// run before the reader, or before a container around it, can be read, with all that it holds.
    #[must_use]
    pub fn can_read(&self, reader: ActionId, target: ActionId) -> bool {
        self.relation(target, reader) == Relation::Before
    }
}

impl<'a> Flow<'a> {
    /// The nearest loop around an action.
    #[must_use]
    pub fn loop_around<'f>(&'f self, action: &'f Action<'a>) -> Option<&'f Action<'a>> {
        std::iter::successors(self.parent(action), |around| self.parent(around))
            .find(|around| around.ty.is_loop())
    }

    /// An action, or the container around it that stands at a depth, where the action is deeper.
    fn raised(&self, mut id: ActionId, depth: usize) -> ActionId {
        while self.actions[id].depth > depth {
            match self.container(id) {
                Some(up) => id = up,
                None => break,
            }
        }
        id
    }

    /// The containers around an action, from the inside out.
    pub fn containers(&self, id: ActionId) -> impl Iterator<Item = ActionId> + use<'_, 'a> {
        std::iter::successors(self.container(id), |id| self.container(*id))
    }

    fn container(&self, id: ActionId) -> Option<ActionId> {
        self.branches[self.actions[id].branch].owner
    }
}
