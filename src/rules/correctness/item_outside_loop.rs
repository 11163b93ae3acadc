//! `item()` where there is no current item.

use super::reference::reader_of;
use crate::expr::{Call, Expr, functions, replacement};
use crate::flow::{ActionType, Completeness, Element, ExpressionSite, FlowAnalysis};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct ItemOutsideLoop;

impl CodedRule for ItemOutsideLoop {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Call("item")];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn call<'a>(
        &self,
        flow: &FlowAnalysis<'a>,
        site: &ExpressionSite<'a>,
        call: &Call<'a>,
        cx: &mut RuleContext<'_, 'a>,
    ) {
        // The loop around a copied action was not copied; what a trigger splits is not documented.
        if flow.completeness == Completeness::Fragment || matches!(site.element, Element::Trigger(_)) {
            return;
        }
        let mut mapped = None;
        if let Some(reader) = reader_of(site) {
            let action = &flow.actions[reader];
            let in_loop = flow
                .containers(reader)
                .any(|id| matches!(flow.actions[id].ty, ActionType::Foreach | ActionType::Unknown));
            if in_loop || action.ty == ActionType::Unknown {
                return;
            }
            mapped = match action.ty {
                ActionType::Select => Some("Map"),
                ActionType::Query => Some("the filter"),
                ActionType::Table => Some("the columns"),
                _ => None,
            };
            let from = action.node.at(&["inputs", "from"]);
            if mapped.is_some() && !from.is_some_and(|from| from.span.contains(site.span)) {
                return;
            }
        }
        // `filter(list, item()…)` is of another language, and it is the function that is wrong.
        if is_in_unknown_function(site, call) {
            return;
        }
        let draft = match mapped {
            Some(mapped) => cx
                .report_at(site, call.name_at, "`item()` has no item here: From says which list is walked, and the run fails")
                .help(format!("Pick the list itself in From, and use `item()` in {mapped}.")),
            None => cx
                .report_at(site, call.name_at, "`item()` stands in no loop and no data operation: the run fails here")
                .help("Move the action into the Apply to each whose item it means, or take one item of the list: first(…), or an index."),
        };
        draft.detail("item");
    }
}

/// Whether a call is an argument, at any depth, of a function of another language: what is merely misspelt is not one.
fn is_in_unknown_function(site: &ExpressionSite<'_>, call: &Call<'_>) -> bool {
    let mut within = false;
    for expr in site.template.expressions() {
        expr.each_call(&mut |outer| {
            let holds = |argument: &Expr<'_>| {
                argument.at.start <= call.name_at.start && call.name_at.end <= argument.at.end
            };
            within |= outer.function.is_none()
                && outer.arguments.iter().any(holds)
                && (replacement(outer.name).is_some() || functions().nearest(outer.name).is_none());
        });
    }
    within
}
