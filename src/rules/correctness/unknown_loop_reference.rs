//! The current item or index of a loop that is not around.

use super::reference::{name_of, reader_of};
use crate::expr::{Call, fold_name, same_name};
use crate::flow::{Action, ActionId, ActionType, Completeness, ExpressionSite, FlowAnalysis, Named, Place};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct UnknownLoopReference;

impl CodedRule for UnknownLoopReference {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Call("items"), Interest::Call("iterationIndexes")];

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
        let wants_item = call.is("items");
        let function = if wants_item { "items" } else { "iterationIndexes" };
        let Some((name, at)) = name_of(call) else { return };
        let named = flow.named(name);
        let around = || reader_of(site).into_iter().flat_map(|id| around(flow, id, site));
        // The index of an Apply to each works in practice, though only that of an Until is documented.
        let fits = |action: &Action<'_>| match action.ty {
            ActionType::Foreach | ActionType::Unknown => true,
            ActionType::Until => !wants_item,
            _ => false,
        };
        let enclosing = around().map(|id| &flow.actions[id]).find(|action| same_name(action.name, name));
        // The loop around a copied action was not copied.
        if enclosing.is_some_and(fits) || (flow.completeness == Completeness::Fragment && named.is_none()) {
            return;
        }
        let other = match named {
            Some(Named::Action(id)) => Some(&flow.actions[id]),
            _ => None,
        };
        let message = match (enclosing, other) {
            (Some(until), _) if until.ty == ActionType::Until => {
                format!(
                    "'{}' is a Do until and walks no items: `{function}` has nothing to give here",
                    until.name
                )
            }
            (Some(other), _) => format!("'{}' is no loop: `{function}` has nothing to give here", other.name),
            (None, Some(other)) if !other.ty.is_loop() => {
                format!("'{}' is no loop: `{function}` has nothing to give here", other.name)
            }
            (None, Some(other)) => {
                format!(
                    "This stands outside the loop '{}': `{function}` has nothing to give here",
                    other.name
                )
            }
            (None, None) => {
                format!("There is no loop '{name}' in this flow: `{function}` has nothing to give here")
            }
        };
        let inner = around().map(|id| &flow.actions[id]).find(|action| fits(action));
        let draft = cx.report_at(site, at, message).detail(fold_name(name));
        match inner {
            Some(inner) => {
                draft.help(format!("Did you mean {function}('{}'), the loop around this?", inner.name))
            }
            None if wants_item => draft
                .help("Move the action into the loop, or take one item of the list: first(…), or an index."),
            None => draft.help("Move the action into the loop, or count in a variable."),
        };
        if let Some(other) = enclosing.or(other) {
            draft.related(other.key_span, format!("'{}' stands here", other.name));
        }
    }
}

/// The containers around an evaluated string, from the inside out. An Until asks its condition inside
/// itself; a loop finds what it walks outside itself.
fn around(
    flow: &FlowAnalysis<'_>,
    reader: ActionId,
    site: &ExpressionSite<'_>,
) -> impl Iterator<Item = ActionId> {
    let inside = flow.actions[reader].ty == ActionType::Until && site.place == Place::Expression;
    inside.then_some(reader).into_iter().chain(flow.containers(reader))
}
