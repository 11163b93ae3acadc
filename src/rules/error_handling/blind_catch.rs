//! Failure paths that say that something failed, and not what.

use super::reach::{Parts, each_caught, may_tell};
use crate::expr::Call;
use crate::flow::{ActionType, Element, Flow, Named};
use crate::rule::Cx;

pub(super) fn check<'a>(flow: &Flow<'a>, cx: &mut Cx<'_, 'a>) {
    if !flow.has_whole_definition() {
        return;
    }
    each_caught(flow, &mut |id, aftermath, catch| {
        let failing = &flow.actions[id];
        let path = Parts::of(flow, &aftermath.handlers);
        // Who answers a caller chooses what the caller is to know.
        let answers = path.actions(flow).any(|action| action.ty == ActionType::Response);
        let tells = path.actions(flow).any(|action| may_tell(flow, action));
        let failed = Parts::of(flow, &[id]);
        // Where only one step can fail, it is clear what failed.
        let calls = failed.actions(flow).filter(|action| action.ty.is_call()).count();
        if !failing.ty.is_container() || answers || !tells || calls < 2 {
            return;
        }
        let looks = |call: &Call<'_>| {
            if call.is("workflow") || call.is("result") || call.is("actions") {
                return true;
            }
            let Some(name) = call.arguments.first().and_then(|name| name.as_text()) else { return false };
            let reads = call.is("outputs") || call.is("body");
            reads && matches!(flow.named(name), Some(Named::Action(of)) if failed.holds(of))
        };
        let on_path = |element| matches!(element, Element::Action(of) if path.holds(of));
        let knows = cx.calls().iter().any(|(site, call)| on_path(site.element) && looks(call))
            || reads_variable_of(flow, &failed, &path);
        if knows {
            return;
        }
        let message =
            format!("'{}' reports that '{}' failed, and not what failed or why", catch.name, failing.name);
        cx.report(catch.key_span, message)
            .help(format!("Put @{{result('{}')}} into what it writes or sends, or the run's id: @{{workflow()?['run']?['name']}}.", failing.name))
            .related(failing.key_span, "this is what fails");
    });
}

/// Whether a failure path reads a variable that is set in what failed.
fn reads_variable_of(flow: &Flow<'_>, failed: &Parts, path: &Parts) -> bool {
    let within = |parts: &Parts, element| matches!(element, Element::Action(id) if parts.holds(id));
    let uses = flow.variable_uses();
    uses.iter().filter(|using| !using.writes && within(path, using.element)).any(|read| {
        uses.iter().any(|set| set.writes && set.variable == read.variable && within(failed, set.element))
    })
}
