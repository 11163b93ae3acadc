//! The part of a flow that a declarative rule looks at.

use super::message::Placeholder;
use crate::flow::Operation;
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
}

impl<'s, 'a: 's> Subject<'s, 'a> {
    /// What a placeholder stands for.
    pub(super) fn told(&self, told: Placeholder) -> &'s str {
        match told {
            Placeholder::Name => self.name,
            Placeholder::Type => self.type_name,
            Placeholder::Connector => (self.operation)().map_or("", |operation| operation.connector),
            Placeholder::Operation => (self.operation)().map_or("", |operation| operation.id),
        }
    }
}
