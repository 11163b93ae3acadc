//! Actions that wait for each other.

use crate::expr::fold_name;
use crate::flow::{Action, FlowAnalysis};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};
use crate::text::Span;

/// How many links of a cycle are related: a longer list would bury the finding.
const RELATED: usize = 8;

#[derive(Debug)]
pub(crate) struct RunAfterCycle;

impl CodedRule for RunAfterCycle {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        for cycle in flow.run_order().cycles() {
            // The first of them in the file is the one that waits for something further down.
            let Some(first) = (0..cycle.len()).min_by_key(|at| cycle[*at]) else { continue };
            let links: Vec<(&Action<'a>, &Action<'a>, Span)> = (0..cycle.len())
                .map(|step| (first + step) % cycle.len())
                .map(|at| {
                    let action = &flow.actions[cycle[at]];
                    let before = &flow.actions[cycle[(at + cycle.len() - 1) % cycle.len()]];
                    (action, before, key(action, before))
                })
                .collect();
            let [(action, before, span), others @ ..] = links.as_slice() else { continue };
            let message = match others {
                [] => format!("'{}' waits for itself and can never run", action.name),
                [_] => {
                    format!(
                        "'{}' and '{}' wait for each other: neither can ever run",
                        action.name, before.name
                    )
                }
                _ => format!(
                    "'{}' waits for '{}', which waits for it in turn: the {} actions of this cycle can never run",
                    action.name,
                    before.name,
                    cycle.len()
                ),
            };
            let help = match others {
                [] => format!("Take '{}' out of its own `runAfter`. The service refuses to save the flow as it is.", action.name),
                _ => "Take one of these entries out of `runAfter`, so that one of the actions runs first. The service refuses to save the flow as it is.".to_owned(),
            };
            let draft = cx.report(*span, message).help(help);
            for (action, before, span) in others.iter().take(RELATED) {
                draft.related(*span, format!("'{}' waits for '{}' here", action.name, before.name));
            }
        }
    }
}

/// The place where an action names one that it waits for.
fn key(action: &Action<'_>, before: &Action<'_>) -> Span {
    let wanted = fold_name(before.name);
    let entry = action.run_after.iter().find(|entry| fold_name(entry.name) == wanted);
    entry.map_or(action.key_span, |entry| entry.key_span)
}
