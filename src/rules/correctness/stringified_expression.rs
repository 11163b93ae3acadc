//! A lone `@{…}` in a field that wants a number, a boolean, an array or an object.

use crate::expr::{Part, Template, Types};
use crate::flow::{ActionType, Element, ExpressionSite, FlowAnalysis, Place, TriggerType};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct StringifiedExpression;

impl CodedRule for StringifiedExpression {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Text];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn text<'a>(&self, flow: &FlowAnalysis<'a>, site: &ExpressionSite<'a>, cx: &mut RuleContext<'_, 'a>) {
        let Template::Parts(parts) = &site.template else { return };
        let [Part::Value(_)] = parts else { return };
        let Some(wanted) = wanted(flow, site) else { return };
        let message = format!("'@{{…}}' makes text of the value, and this field wants {}", wanted.words());
        cx.report(site.span, message)
            .help("Take the braces away: @… in place of @{…} keeps the type of the value.");
    }
}

/// What a field takes, where that is known and is not text.
fn wanted(flow: &FlowAnalysis<'_>, site: &ExpressionSite<'_>) -> Option<Types> {
    match site.place {
        Place::Foreach | Place::SplitOn => return Some(Types::ARRAY),
        Place::Condition => return Some(Types::BOOLEAN),
        Place::Input | Place::Setting | Place::Expression => {}
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
            | "/inputs/retryPolicy/count"
    ) {
        return Some(Types::INTEGER);
    }
    match site.element {
        Element::Action(id) => match (flow.actions[id].ty, field) {
            (
                ActionType::Select | ActionType::Query | ActionType::Join | ActionType::Table,
                "/inputs/from",
            ) => Some(Types::ARRAY),
            (ActionType::If | ActionType::Until, row) if is_row(row) => Some(Types::BOOLEAN),
            (ActionType::Query, "/inputs/where") => Some(Types::BOOLEAN),
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

/// Whether a field is a condition or a row of one, and no operand of a comparison.
fn is_row(field: &str) -> bool {
    let joins =
        |step: &str| matches!(step, "and" | "or" | "not") || step.bytes().all(|byte| byte.is_ascii_digit());
    field.strip_prefix("/expression").is_some_and(|rest| rest.split('/').all(joins))
}
