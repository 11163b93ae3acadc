//! Flows with so many actions that nobody overlooks them.

use crate::finding::Severity;
use crate::flow::{Action, FlowAnalysis};
use crate::linter::RuleContext;

pub(super) fn check<'a>(flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
    let count = flow.actions.len();
    let over = |limit: i64| i64::try_from(count).is_ok_and(|count| count > limit);
    if !flow.has_whole_definition() || !over(cx.int("max-actions")) {
        return;
    }
    let severity = if over(cx.int("warn-actions")) { Severity::Warning } else { Severity::Note };
    cx.report(flow.anchor, format!("This flow has {count} actions{}", largest_parts(flow)))
        .severity(severity)
        .help("Move a part that does one job into a child flow: Save as, keep that part, and call it with Run a Child Flow.");
}

/// The two top-level containers that hold most, as the end of a sentence.
fn largest_parts(flow: &FlowAnalysis<'_>) -> String {
    let size = |action: &Action<'_>, id: usize| action.subtree_end - id;
    let mut parts: Vec<(usize, &str)> = flow
        .root()
        .actions
        .iter()
        .map(|id| (size(&flow.actions[*id], *id), flow.actions[*id].name))
        .filter(|(size, _)| *size > 1)
        .collect();
    parts.sort_by_key(|(size, _)| std::cmp::Reverse(*size));
    let named: Vec<String> = parts.iter().take(2).map(|(size, name)| format!("'{name}' ({size})")).collect();
    match named.as_slice() {
        [] => ", all on the top level".into(),
        [one] => format!("; the largest part is {one}"),
        [one, two, ..] => format!("; the largest parts are {one} and {two}"),
    }
}
