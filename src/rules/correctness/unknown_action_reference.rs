//! References to actions that the flow does not have.

use super::reference::reads_action;
use crate::expr::Call;
use crate::flow::{Flow, Site};
use crate::rule::Cx;

pub(super) fn check<'a>(flow: &Flow<'a>, site: &Site<'a>, call: &Call<'a>, cx: &mut Cx<'_, 'a>) {
    // A copied action may read what was not copied.
    if !flow.has_whole_definition() || !reads_action(call) {
        return;
    }
    let Some(argument) = call.arguments.first() else { return };
    let Some(name) = argument.as_text() else { return };
    if flow.named(name).is_some() {
        return;
    }
    let draft = cx
        .report_at(site, argument.at, format!("There is no action '{name}' in this flow"))
        .detail(crate::expr::fold_name(name));
    match crate::nearest(name, flow.actions.iter().map(|action| action.name)) {
        Some(near) => draft.help(format!("Did you mean '{near}'? A reference keeps its old name when an action is renamed outside the designer.")),
        None => draft.help("Pick the value again from the dynamic content, or take it out: the service refuses to save the flow."),
    };
}
