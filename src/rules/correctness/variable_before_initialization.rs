//! Variables that are read or written where their initialization cannot have run.

use rustc_hash::FxHashMap;

use super::reference::waits_for_unknown;
use super::variable_use::uses;
use crate::expr::fold_name;
use crate::flow::{ActionId, Flow, Relation, Variable};
use crate::rule::Cx;

pub(super) fn check<'a>(flow: &Flow<'a>, cx: &mut Cx<'_, 'a>) {
    let mut variables: FxHashMap<String, Vec<&Variable<'a>>> = FxHashMap::default();
    for variable in flow.variables() {
        variables.entry(fold_name(variable.name)).or_default().push(variable);
    }
    for used in uses(flow) {
        let Some(inits) = variables.get(&fold_name(used.name)) else { continue };
        let Some(first) = inits.first() else { continue };
        let init = flow.actions[first.action].name;
        let what = if used.writes { "written" } else { "read" };
        let (name, why) = match used.action {
            Some(action) => {
                let early = |variable: &&Variable<'a>| too_early(flow, action, variable.action);
                if !inits.iter().all(early) {
                    continue;
                }
                let why = match flow.relation(first.action, action) {
                    Relation::Same => "which initializes it: it is not there yet".to_owned(),
                    Relation::Parallel => {
                        format!("which does not wait for '{init}': it may not be there yet")
                    }
                    Relation::Exclusive => {
                        format!("which stands in another branch than '{init}': it is not there")
                    }
                    _ => format!("which runs before '{init}': it is not there yet"),
                };
                (flow.actions[action].name, why)
            }
            None if used.in_trigger => {
                ("the trigger", format!("which runs before '{init}': it is not there yet"))
            }
            None => continue,
        };
        let reader = if used.action.is_some() { format!("'{name}'") } else { name.to_owned() };
        cx.report(used.span, format!("The variable '{}' is {what} by {reader}, {why}", used.name))
            .help(format!("Move '{init}' to the top of the flow, before everything that uses the variable."))
            .detail(fold_name(used.name))
            .related(first.name_span, format!("'{}' is initialized here", first.name));
    }
}

/// Whether an initialization cannot have run when an action uses the variable.
fn too_early(flow: &Flow<'_>, action: ActionId, init: ActionId) -> bool {
    match flow.relation(init, action) {
        Relation::Before => false,
        // What the variables of one action can read of each other has changed over time.
        Relation::Same => flow.variables().iter().filter(|variable| variable.action == init).count() < 2,
        Relation::Parallel => !waits_for_unknown(flow, action),
        _ => true,
    }
}
