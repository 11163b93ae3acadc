//! Whether a selector picks a trigger or an action.

use super::selector::Selector;
use super::subject::Subject;
use crate::flow::{Action, FlowAnalysis, plain_connector};

/// What triggers and actions have in common, as a selector asks for it.
pub(super) fn is_called(select: &Selector, subject: &Subject<'_, '_>, kind: Option<&str>) -> bool {
    let is_meant = || {
        let operation = (subject.operation)();
        let connector = operation.map_or("", |operation| operation.connector);
        select.connectors.fits_name(plain_connector(connector))
            && select.operations.fits_name(operation.map_or("", |operation| operation.id))
    };
    select.types.fits(subject.type_name)
        && select.kinds.fits(kind.unwrap_or(""))
        && ((!select.connectors.is_given() && !select.operations.is_given()) || is_meant())
}

/// The innermost container around an action that a selector asks for.
pub(super) fn container_around<'f, 'a>(
    select: &Selector,
    flow: &'f FlowAnalysis<'a>,
    action: &Action<'a>,
) -> Option<&'f Action<'a>> {
    let mut outer = flow.parent(action);
    while let Some(container) = outer {
        if select.fits_container(container) {
            return Some(container);
        }
        outer = flow.parent(container);
    }
    None
}
