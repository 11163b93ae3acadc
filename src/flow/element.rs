//! From a place in the file to the part of the flow that stands there.

use super::{ActionId, Flow};
use crate::text::Span;

/// The part of a flow that a place belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// An action.
    Action(ActionId),
    /// A trigger, by its index.
    Trigger(usize),
    /// A connection reference, by its index.
    Connection(usize),
    /// A parameter, by its index.
    Parameter(usize),
    /// The flow as a whole.
    Flow,
}

/// The kinds of [`Element`] that have a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ElementKind {
    /// An action.
    Action,
    /// A trigger.
    Trigger,
    /// A connection reference.
    Connection,
    /// A parameter.
    Parameter,
}

impl Flow<'_> {
    /// The innermost part of the flow that holds a place.
    #[must_use]
    pub fn element_at(&self, span: Span) -> Element {
        let holds =
            |key: Span, value: Span| Span { start: key.start, end: key.end.max(value.end) }.contains(span);
        let after = self.actions.partition_point(|action| action.key_span.start <= span.start);
        let mut candidate = after.checked_sub(1);
        while let Some(id) = candidate {
            let action = &self.actions[id];
            if holds(action.key_span, action.node.span) {
                return Element::Action(id);
            }
            candidate = self.branches[action.branch].owner;
        }
        if let Some(at) = self.triggers.iter().position(|t| holds(t.key_span, t.node.span)) {
            return Element::Trigger(at);
        }
        if let Some(at) = self.connections.iter().position(|c| holds(c.key_span, c.node.span)) {
            return Element::Connection(at);
        }
        match self.parameters.iter().position(|p| holds(p.key_span, p.node.span)) {
            Some(at) => Element::Parameter(at),
            None => Element::Flow,
        }
    }

    /// The names that lead to an element, from the outside in: the containers around an action and
    /// the action itself, or the one name of anything else.
    #[must_use]
    pub fn names(&self, element: Element) -> Vec<String> {
        match element {
            Element::Action(id) => {
                self.path(id).into_iter().map(|id| self.actions[id].name.to_owned()).collect()
            }
            Element::Trigger(at) => vec![self.triggers[at].name.to_owned()],
            Element::Connection(at) => vec![self.connections[at].key.to_owned()],
            Element::Parameter(at) => vec![self.parameters[at].name.to_owned()],
            Element::Flow => Vec::new(),
        }
    }

    /// The way from an element's own JSON to a place in it, as a JSON pointer; empty for its key.
    #[must_use]
    pub fn property_at(&self, element: Element, span: Span) -> String {
        let node = match element {
            Element::Action(id) => self.actions[id].node,
            Element::Trigger(at) => self.triggers[at].node,
            Element::Connection(at) => self.connections[at].node,
            Element::Parameter(at) => self.parameters[at].node,
            Element::Flow => self.definition,
        };
        node.pointer_to(span)
    }
}

impl Element {
    /// What kind of element it is; none for the flow as a whole.
    #[must_use]
    pub fn kind(self) -> Option<ElementKind> {
        match self {
            Element::Action(_) => Some(ElementKind::Action),
            Element::Trigger(_) => Some(ElementKind::Trigger),
            Element::Connection(_) => Some(ElementKind::Connection),
            Element::Parameter(_) => Some(ElementKind::Parameter),
            Element::Flow => None,
        }
    }
}
