//! Arguments whose type is known and cannot fit.

use crate::expr::{Call, Types};
use crate::flow::{Flow, Site};
use crate::rule::Cx;

pub(super) fn check<'a>(flow: &Flow<'a>, site: &Site<'a>, call: &Call<'a>, cx: &mut Cx<'_, 'a>) {
    let Some(function) = call.function else { return };
    for (at, argument) in call.arguments.iter().enumerate() {
        let Some(parameter) = function.parameter(at).filter(|parameter| parameter.types != Types::ANY) else {
            continue;
        };
        let given = flow.type_of(argument);
        if given.is_none() || given.meets(parameter.types) {
            continue;
        }
        // What can be null as well is named by what it is when it is there.
        let named = match given.without(Types::NULL) {
            Types::NONE => given,
            there => there,
        };
        let takes = parameter.types.without(Types::NULL);
        let message = format!(
            "'{}' takes {} as '{}' and gets {}: the action fails when it runs",
            function.name,
            takes.words(),
            parameter.name,
            named.words()
        );
        let help = if named == Types::STRING && takes.meets(Types::NUMBER) && !takes.meets(Types::STRING) {
            "Wrap it in int() or float(), or take the quotes away from the number."
        } else if takes == Types::STRING && named != Types::NULL {
            "Wrap it in string(), or pick the value that was meant."
        } else if takes == Types::BOOLEAN {
            "Compare the value with equals() or greater(): only a boolean decides."
        } else {
            "Open the expression and pick the value that was meant."
        };
        cx.report_at(site, argument.at, message).detail(function.name).help(help);
    }
}
