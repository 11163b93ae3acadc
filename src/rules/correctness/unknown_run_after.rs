//! Run-after entries that name no action of the same level.

use crate::expr::fold_name;
use crate::flow::{Action, Completeness, FlowAnalysis, Named, Product};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct UnknownRunAfter;

impl CodedRule for UnknownRunAfter {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::AnyAction];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn action<'a>(&self, flow: &FlowAnalysis<'a>, action: &Action<'a>, cx: &mut RuleContext<'_, 'a>) {
        let branch = &flow.branches[action.branch];
        // The action before a copied one was not copied.
        if action.run_after.is_empty()
            || (flow.completeness == Completeness::Fragment && branch.owner.is_none())
        {
            return;
        }
        if flow.run_order().waits_for(action.id).len() == action.run_after.len() {
            return;
        }
        let siblings = || branch.actions.iter().map(|id| flow.actions[*id].name);
        for entry in action.run_after {
            let elsewhere = match flow.named(entry.name) {
                Some(Named::Action(id)) if flow.actions[id].branch == action.branch => continue,
                Some(Named::Action(id)) => Some(&flow.actions[id]),
                // Agent workflows of Logic Apps name their trigger here.
                Some(Named::Trigger(_)) if flow.product == Product::LogicApps => continue,
                _ => None,
            };
            // Where two actions share the name, the other one may be the sibling.
            if elsewhere.is_some() && siblings().any(|name| fold_name(name) == fold_name(entry.name)) {
                continue;
            }
            let message = match elsewhere {
                Some(_) => format!(
                    "'{}' waits for '{}', which stands on another level of the flow",
                    action.name, entry.name
                ),
                None if flow.named(entry.name).is_some() => {
                    let message =
                        format!("'{}' waits for '{}', which is the trigger", action.name, entry.name);
                    cx.report(entry.key_span, message).help("Write `{}`: the first action waits for nothing, and the run begins with it. The service refuses to save the flow as it is.");
                    continue;
                }
                None => format!("'{}' waits for '{}', which is not in this flow", action.name, entry.name),
            };
            let draft = cx.report(entry.key_span, message);
            match (elsewhere, crate::text::nearest(entry.name, siblings().filter(|name| *name != action.name))) {
                (Some(other), _) => {
                    draft.related(other.key_span, format!("'{}' stands here", other.name));
                    draft.help("An action can only wait for actions beside it: name one of those, or the container around the other.")
                }
                (None, Some(near)) => draft.help(format!("Did you mean '{near}'?")),
                (None, None) => draft.help("Name an action beside it, or write `{}` if it is the first. The service refuses to save the flow as it is."),
            };
        }
    }
}
