//! The part of a flow that a declarative rule looks at.

use super::message::Placeholder;
use super::metric::Metric;
use crate::flow::{Action, Operation};
use crate::json::Node;
use crate::text::Span;

/// What a selected part is called and consists of.
pub(super) struct Subject<'s, 'a> {
    pub(super) name: &'s str,
    pub(super) type_name: &'s str,
    /// Asked only where it decides or is told: reading it costs more than most checks.
    pub(super) operation: &'s dyn Fn() -> Option<Operation<'a>>,
    pub(super) key_span: Span,
    pub(super) node: &'a Node<'a>,
    /// The container that the selector asks for.
    pub(super) inside: Option<&'s Action<'a>>,
    /// The name of the flow.
    pub(super) flow: &'s str,
    /// What it says it is for, in its note or in the description of the flow; empty if nothing.
    pub(super) description: &'s str,
    /// Its size; none where that can't be told.
    pub(super) measure: &'s dyn Fn(Metric) -> Option<usize>,
}

impl<'s, 'a: 's> Subject<'s, 'a> {
    /// What a placeholder stands for.
    pub(super) fn told(&self, told: Placeholder) -> &'s str {
        match told {
            Placeholder::Name => self.name,
            Placeholder::Type => self.type_name,
            Placeholder::Connector => (self.operation)().map_or("", |operation| operation.connector),
            Placeholder::Operation => (self.operation)().map_or("", |operation| operation.id),
            Placeholder::Inside => self.inside.map_or("", |container| container.name),
            Placeholder::Flow => self.flow,
            Placeholder::Description => self.description,
        }
    }
}
