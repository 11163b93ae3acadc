//! The outputs of an action inside a loop, read from outside as if they were one value.

use super::reference::{is_ambiguous, name_of};
use crate::expr::{Call, Expr, ExprKind};
use crate::flow::{ActionId, ActionType, Element, Flow, Named, Relation, Site};
use crate::rule::Cx;

pub(super) fn check<'a>(flow: &Flow<'a>, site: &Site<'a>, call: &Call<'a>, cx: &mut Cx<'_, 'a>) {
    let mut wanting = Vec::new();
    if ["outputs", "body", "actions"].iter().any(|reader| call.is(reader)) && steps_into_one(call) {
        wanting.push(call);
    }
    // Functions that take one value: an array as it comes out of a loop makes them fail, or never be true.
    if ONE_VALUE.iter().any(|function| call.is(function)) {
        for argument in &call.arguments {
            if let ExprKind::Call(read) = &argument.kind
                && read.steps.is_empty()
                && ["outputs", "body"].iter().any(|reader| read.is(reader))
            {
                wanting.push(read);
            }
        }
    }
    for read in wanting {
        judge(flow, site, read, cx);
    }
}

/// Functions none of whose arguments can be an array.
const ONE_VALUE: [&str; 31] = [
    "add",
    "addDays",
    "addHours",
    "addMinutes",
    "addSeconds",
    "convertFromUtc",
    "convertTimeZone",
    "div",
    "endsWith",
    "equals",
    "float",
    "formatDateTime",
    "formatNumber",
    "greater",
    "greaterOrEquals",
    "guid",
    "indexOf",
    "int",
    "less",
    "lessOrEquals",
    "mod",
    "mul",
    "replace",
    "split",
    "startsWith",
    "sub",
    "substring",
    "ticks",
    "toLower",
    "toUpper",
    "trim",
];

fn steps_into_one(call: &Call<'_>) -> bool {
    call.steps.first().is_some_and(|step| matches!(step.key, Expr { kind: ExprKind::String(_), .. }))
}

fn judge<'a>(flow: &Flow<'a>, site: &Site<'a>, read: &Call<'a>, cx: &mut Cx<'_, 'a>) {
    let Some((name, at)) = name_of(read) else { return };
    let Some(Named::Action(target)) = flow.named(name) else { return };
    let reader = match site.element {
        Element::Action(id) => Some(id),
        Element::Flow => None,
        _ => return,
    };
    // What cannot have run is another fault.
    if reader.is_some_and(|reader| flow.relation(target, reader) != Relation::Before) {
        return;
    }
    let Some(outer) = loop_between(flow, target, reader) else { return };
    if is_ambiguous(flow, target) {
        return;
    }
    let (target, outer) = (&flow.actions[target], &flow.actions[outer]);
    cx.report_at(
        site,
        at,
        format!("Outside of '{}' the outputs of '{}' are a list, one for each item, and this reads one value", outer.name, target.name),
    )
    .help(format!("Move what needs it into '{}', or take what you want out of the list: first(…), last(…), Select or Join.", outer.name))
    .detail(crate::expr::fold_name(name))
    .related(outer.key_span, format!("'{}' stands in this loop", target.name));
}

/// The outermost Apply to each around `target` that is not around `reader`.
fn loop_between(flow: &Flow<'_>, target: ActionId, reader: Option<ActionId>) -> Option<ActionId> {
    let around_reader = reader.map(|reader| flow.path(reader)).unwrap_or_default();
    let around_target = flow.path(target);
    let own = around_target.len().saturating_sub(1);
    around_target[..own]
        .iter()
        .copied()
        .find(|id| flow.actions[*id].ty == ActionType::Foreach && !around_reader.contains(id))
}
