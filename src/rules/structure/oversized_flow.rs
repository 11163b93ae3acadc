//! Flows with so many actions that nobody overlooks them.

use serde::Deserialize;

use crate::finding::Severity;
use crate::flow::{Action, FlowAnalysis};
use crate::linter::{CodedRule, Interest, OptionError, RuleContext};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct OversizedFlow {
    max_actions: i64,
    /// From how many actions on it is a warning.
    warn_actions: i64,
}

impl CodedRule for OversizedFlow {
    type Options = Self;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(options: Self) -> Result<Self, OptionError> {
        Ok(options)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let count = flow.actions.len();
        let over = |limit: i64| i64::try_from(count).is_ok_and(|count| count > limit);
        if !flow.has_whole_definition() || !over(self.max_actions) {
            return;
        }
        let severity = if over(self.warn_actions) { Severity::Warning } else { Severity::Note };
        cx.report(flow.anchor, format!("This flow has {count} actions{}", largest_parts(flow)))
            .severity(severity)
            .help("Move a part that does one job into a child flow: Save as, keep that part, and call it with Run a Child Flow.");
    }
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
