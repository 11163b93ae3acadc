//! What the rules about variables share.

use crate::flow::{ActionType, FlowAnalysis, is_plain_name};
use crate::json::Node;

/// Whether every variable of the flow is known by name.
pub(super) fn all_are_known(flow: &FlowAnalysis<'_>) -> bool {
    let inits = || flow.actions.iter().filter(|action| action.ty == ActionType::InitializeVariable);
    let listed = |node: &Node<'_>| {
        let list = node.at(&["inputs", "variables"]).map(Node::elements).unwrap_or_default();
        !list.is_empty()
            && list.iter().all(|one| one.get("name").and_then(Node::as_str).is_some_and(is_plain_name))
    };
    flow.has_whole_definition() && flow.has_all_steps() && inits().all(|action| listed(action.node))
}
