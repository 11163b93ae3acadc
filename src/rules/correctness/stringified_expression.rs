//! A lone `@{…}` in a field that wants a number, a boolean, an array or an object.

use crate::expr::{Part, Template, Types};
use crate::flow::{ActionType, Element, Flow, Place, Site, TriggerType};
use crate::rule::Cx;

pub(super) fn check<'a>(flow: &Flow<'a>, site: &Site<'a>, cx: &mut Cx<'_, 'a>) {
    let Template::Parts(parts) = &site.template else { return };
    let [Part::Value(_)] = parts else { return };
    let Some(wanted) = wanted(flow, site) else { return };
    let message = format!("'@{{…}}' makes text of the value, and this field wants {}", wanted.words());
    cx.report(site.span, message)
        .help("Take the braces away: @… in place of @{…} keeps the type of the value.");
}

/// What a field takes, where that is known and is not text.
fn wanted(flow: &Flow<'_>, site: &Site<'_>) -> Option<Types> {
    match site.place {
        Place::Foreach | Place::SplitOn => return Some(Types::ARRAY),
        Place::Input | Place::Setting => {}
        _ => return None,
    }
    let property = flow.property_at(site.element, site.span);
    let field = property.as_str();
    if matches!(
        field,
        "/limit/count"
            | "/runtimeConfiguration/concurrency/repetitions"
            | "/runtimeConfiguration/concurrency/runs"
            | "/runtimeConfiguration/paginationPolicy/minimumItemCount"
    ) {
        return Some(Types::INTEGER);
    }
    match site.element {
        Element::Action(id) => match (flow.actions[id].ty, field) {
            (
                ActionType::Select | ActionType::Query | ActionType::Join | ActionType::Table,
                "/inputs/from",
            ) => Some(Types::ARRAY),
            (ActionType::Wait, "/inputs/interval/count") => Some(Types::INTEGER),
            (ActionType::IncrementVariable | ActionType::DecrementVariable, "/inputs/value") => {
                Some(Types::NUMBER)
            }
            _ => None,
        },
        Element::Trigger(at) => match (flow.triggers[at].ty, field) {
            (TriggerType::Recurrence, "/recurrence/interval") => Some(Types::INTEGER),
            _ => None,
        },
        _ => None,
    }
}
