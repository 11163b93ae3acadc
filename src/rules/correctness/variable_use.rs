//! Every read and write of a variable; shared by the rules about variables.

use super::reference::{each_call, name_of, reader_of};
use crate::flow::{ActionId, ActionType, Flow};
use crate::json::Node;
use crate::source::Span;

/// A place that reads or writes a variable.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use<'f> {
    /// The name as written there.
    pub(super) name: &'f str,
    /// The place of the name.
    pub(super) span: Span,
    /// The action that does it; none for triggers and the outputs of the flow.
    pub(super) action: Option<ActionId>,
    /// Whether it is written there.
    pub(super) writes: bool,
    /// Whether a trigger does it.
    pub(super) in_trigger: bool,
}

/// Reads in expressions and writes by actions; computed names are left out.
pub(super) fn uses<'f>(flow: &'f Flow<'_>) -> Vec<Use<'f>> {
    let mut uses = Vec::new();
    each_call(flow, &mut |site, call| {
        if call.is("variables")
            && let Some((name, at)) = name_of(call)
        {
            let span = site.span_of(&flow.source.text, at);
            let in_trigger = matches!(site.element, crate::flow::Element::Trigger(_));
            uses.push(Use { name, span, action: reader_of(site), writes: false, in_trigger });
        }
    });
    for (id, action) in flow.actions.iter().enumerate() {
        if !is_write(action.ty) {
            continue;
        }
        if let Some(node) = action.node.at(&["inputs", "name"])
            && let Some(name) = node.as_str().filter(|name| is_plain(name))
        {
            uses.push(Use { name, span: node.span, action: Some(id), writes: true, in_trigger: false });
        }
    }
    uses
}

/// Whether a name stands as it is: not computed, neither by the flow nor by an ARM template.
pub(super) fn is_plain(name: &str) -> bool {
    !name.contains('@') && !name.starts_with('[') && !name.is_empty()
}

/// Whether every variable of the flow is known by name.
pub(super) fn all_are_known(flow: &Flow<'_>) -> bool {
    let inits = || flow.actions.iter().filter(|action| action.ty == ActionType::InitializeVariable);
    let listed = |node: &Node<'_>| {
        let list = node.at(&["inputs", "variables"]).map(Node::elements).unwrap_or_default();
        !list.is_empty()
            && list.iter().all(|one| one.get("name").and_then(Node::as_str).is_some_and(is_plain))
    };
    flow.has_whole_definition() && flow.malformed.is_empty() && inits().all(|action| listed(action.node))
}

fn is_write(ty: ActionType) -> bool {
    matches!(
        ty,
        ActionType::SetVariable
            | ActionType::IncrementVariable
            | ActionType::DecrementVariable
            | ActionType::AppendToArrayVariable
            | ActionType::AppendToStringVariable
    )
}
