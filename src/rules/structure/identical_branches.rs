//! Conditions whose two sides do the same.

use rustc_hash::FxHashMap;

use crate::expr::{Reads, Template, fold_name, functions};
use crate::flow::{Action, ActionType, BranchId, BranchKind, FlowAnalysis};
use crate::json::{Node, Value};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};
use crate::text::quoted;

/// The actions of one side, by folded name, each with its number.
type Names = FxHashMap<String, usize>;

/// What of an action is name, note or designer's state, and does nothing.
const IDLE: [&str; 5] = ["metadata", "description", "runAfter", "operationMetadataId", "trackedProperties"];

#[derive(Debug)]
pub(crate) struct IdenticalBranches;

impl CodedRule for IdenticalBranches {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Action(ActionType::If)];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn action<'a>(&self, flow: &FlowAnalysis<'a>, action: &Action<'a>, cx: &mut RuleContext<'_, 'a>) {
        let side = |kind: BranchKind| {
            action.branches.iter().copied().find(|branch| flow.branches[*branch].kind == kind)
        };
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
            let mut shapes: Vec<_> =
                flow.branches[branch].actions.iter().map(|id| flow.shapes()[*id]).collect();
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
}

/// What a list of actions does, in run order, with actions by their number in place of their names.
fn written(flow: &FlowAnalysis<'_>, branch: BranchId) -> String {
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
        write(action.node, Part::Action, &names, &mut text);
    }
    text
}

/// What a value is to the side: only the keys of a list of actions are names of actions.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Action,
    Actions,
    Data,
}

impl Part {
    fn of(self, key: &str) -> Self {
        match (self, key) {
            (Part::Data, _) | (Part::Action, "inputs") => Part::Data,
            (Part::Action, "actions") => Part::Actions,
            (Part::Action | Part::Actions, _) => Part::Action,
        }
    }
}

fn write(node: &Node<'_>, part: Part, names: &Names, text: &mut String) {
    match &node.value {
        Value::Object(members) => {
            let mut sorted: Vec<_> =
                members.iter().filter(|member| part == Part::Data || !IDLE.contains(&member.key)).collect();
            sorted.sort_by(|a, b| a.key.cmp(b.key));
            text.push('{');
            for member in sorted {
                match names.get(&fold_name(member.key)).filter(|_| part == Part::Actions) {
                    Some(at) => text.push_str(&format!("#{at}")),
                    None => text.push_str(&format!("{:?}", member.key)),
                }
                text.push(':');
                write(&member.value, part.of(member.key), names, text);
            }
            text.push('}');
        }
        Value::Array(elements) => {
            text.push('[');
            for element in *elements {
                write(element, part, names, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::String(string) => text.push_str(&format!("{:?}", numbered(string, names))),
        other => text.push_str(&format!("{other:?}")),
    }
}

/// A text in which references to the side's own actions have numbers; the same words as a value stay.
fn numbered(text: &str, names: &Names) -> String {
    let mut written = String::with_capacity(text.len());
    let is_computed = !Template::is_plain(text);
    let mut rest = text;
    while let Some((piece, behind)) = rest.split_once('\'') {
        written.push_str(piece);
        written.push('\'');
        rest = behind;
        if !is_computed || !names_an_action(piece) {
            continue;
        }
        let (name, length) = quoted(behind);
        match names.get(&fold_name(&name)) {
            Some(at) => written.push_str(&format!("#{at}")),
            None => written.push_str(&behind[..length]),
        }
        // The quote behind it closes it and opens nothing.
        rest = &behind[length..];
        if let Some(after) = rest.strip_prefix('\'') {
            written.push('\'');
            rest = after;
        }
    }
    written.push_str(rest);
    written
}

/// Whether a piece of an expression ends where the name of an action is due.
fn names_an_action(piece: &str) -> bool {
    let Some(call) = piece.trim_end().strip_suffix('(') else { return false };
    let call = call.trim_end();
    let before = call.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
    let function = functions().find(&call[before.len()..]);
    function.is_some_and(|function| matches!(function.reads, Reads::Action | Reads::Loop))
}
