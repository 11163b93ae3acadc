//! Conditions whose two sides do the same.

use rustc_hash::FxHashMap;

use crate::expr::fold_name;
use crate::flow::{Action, ActionType, BranchId, BranchKind, Flow};
use crate::json::{Node, Value};
use crate::rule::Cx;

/// The actions of one side, by folded name, each with its number.
type Names = FxHashMap<String, usize>;

/// What of an action is name, note or designer's state, and does nothing.
const IDLE: [&str; 5] = ["metadata", "description", "runAfter", "operationMetadataId", "trackedProperties"];

pub(super) fn check<'a>(flow: &Flow<'a>, action: &Action<'a>, cx: &mut Cx<'_, 'a>) {
    if action.ty != ActionType::If {
        return;
    }
    let side =
        |kind: BranchKind| action.branches.iter().copied().find(|branch| flow.branches[*branch].kind == kind);
    let (Some(yes), Some(no)) = (side(BranchKind::Yes), side(BranchKind::No)) else { return };
    if flow.branches[yes].actions.is_empty()
        || flow.branches[yes].actions.len() != flow.branches[no].actions.len()
    {
        return;
    }
    // What is unlike in shape is so in full, and is told faster.
    let outline = |branch: BranchId| {
        let ids = flow.run_order().ordered(&flow.branches[branch]);
        let mut types: Vec<&str> = ids.iter().map(|id| flow.actions[*id].type_name).collect();
        types.sort_unstable();
        types
    };
    let shape = |branch: BranchId| {
        let mut shapes: Vec<_> = flow.branches[branch].actions.iter().map(|id| flow.shapes()[*id]).collect();
        shapes.sort_unstable();
        shapes
    };
    if outline(yes) != outline(no) || shape(yes) != shape(no) {
        return;
    }
    if written(flow, yes) == written(flow, no) {
        cx.report(action.key_span, format!("'{}' does the same on both sides: its answer changes nothing", action.name))
            .help("Drag the actions of one side out of the condition and delete it, or mend the side that was copied and not changed.")
            .related(flow.branches[no].key_span, "the other side");
    }
}

/// What a list of actions does, in run order, with actions by their number in place of their names.
fn written(flow: &Flow<'_>, branch: BranchId) -> String {
    let order = flow.run_order();
    let mut ids = order.ordered(&flow.branches[branch]);
    // What runs side by side has no order of its own: that of the file is as good.
    ids.sort_by_key(|id| (order.place(*id), *id));
    let mut names = Names::default();
    let inner = ids.iter().flat_map(|id| *id..flow.actions[*id].subtree_end);
    for (number, inner) in inner.enumerate() {
        names.entry(fold_name(flow.actions[inner].name)).or_insert(number);
    }
    let mut text = String::new();
    for id in ids {
        let action = &flow.actions[id];
        let mut after: Vec<String> = order
            .waits_for(id)
            .iter()
            .map(|(before, statuses)| {
                format!("{:?}{statuses:?}", names.get(&fold_name(flow.actions[*before].name)))
            })
            .collect();
        after.sort_unstable();
        text.push_str(&after.join("+"));
        write(action.node, &names, &mut text);
    }
    text
}

fn write(node: &Node<'_>, names: &Names, text: &mut String) {
    match &node.value {
        Value::Object(members) => {
            let mut sorted: Vec<_> =
                members.iter().filter(|member| !IDLE.contains(&member.key.as_ref())).collect();
            sorted.sort_by(|a, b| a.key.cmp(&b.key));
            text.push('{');
            for member in sorted {
                text.push_str(&numbered(&member.key, names));
                text.push(':');
                write(&member.value, names, text);
            }
            text.push('}');
        }
        Value::Array(elements) => {
            text.push('[');
            elements.iter().for_each(|element| write(element, names, text));
            text.push(']');
        }
        Value::String(string) => {
            text.push('"');
            text.push_str(&numbered(string, names));
            text.push('"');
        }
        other => text.push_str(&format!("{other:?}")),
    }
}

/// A text in which the names of the side's own actions are numbers.
fn numbered(text: &str, names: &Names) -> String {
    if let Some(at) = names.get(&fold_name(text)) {
        return format!("#{at}");
    }
    let mut pieces = text.split('\'').peekable();
    let mut written = String::with_capacity(text.len());
    while let Some(piece) = pieces.next() {
        match names.get(&fold_name(piece)) {
            Some(at) => written.push_str(&format!("#{at}")),
            None => written.push_str(piece),
        }
        if pieces.peek().is_some() {
            written.push('\'');
        }
    }
    written
}
