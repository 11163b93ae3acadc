//! Failure paths that say that something failed, and not what.

use super::side_effects::{Parts, each_caught, is_in_changeset, may_notify};
use crate::expr::{Call, Reads};
use crate::flow::{Action, ActionId, ActionType, Element, FlowAnalysis, Named};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct BlindCatch;

impl CodedRule for BlindCatch {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        if !flow.has_whole_definition() {
            return;
        }
        each_caught(flow, &mut |id, aftermath, catch| {
            let failing = &flow.actions[id];
            let path = Parts::of(flow, &aftermath.handlers);
            // Who answers a caller chooses what the caller is to know.
            let answers = path.actions(flow).any(|action| action.ty == ActionType::Response);
            let tells = path.actions(flow).any(|action| may_notify(flow, action));
            let failed = Parts::of(flow, &[id]);
            // Where only one step can fail, it is clear what failed.
            let is_call = |action: &&Action<'a>| action.ty.is_call() && !is_in_changeset(flow, action);
            let calls = failed.actions(flow).filter(is_call).count();
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
                || reads_variable_of(flow, &failed, &path)
                || reads_what_knows_the_run(flow, &path, cx);
            if knows {
                return;
            }
            let message = format!(
                "'{}' reports that '{}' failed, and not what failed or why",
                catch.name, failing.name
            );
            cx.report(catch.key_span, message)
                .help(format!("Put @{{result('{}')}} into what it writes or sends, or the run's id: @{{workflow()?['run']?['name']}}.", failing.name))
                .related(failing.key_span, "this is what fails");
        });
    }
}

/// How many variables and actions a value is followed back through.
const HOPS: usize = 3;

/// Whether a failure path reads what was made of the run's own address before: a variable, or the output of an action.
fn reads_what_knows_the_run<'a>(flow: &FlowAnalysis<'a>, path: &Parts, cx: &RuleContext<'_, 'a>) -> bool {
    let mut read: Vec<ActionId> = path.actions(flow).map(|action| action.id).collect();
    for _ in 0..HOPS {
        let is_read = |element| matches!(element, Element::Action(id) if read.contains(&id));
        let calls = || cx.calls().iter().filter(|(site, _)| is_read(site.element)).map(|(_, call)| call);
        if calls().any(|call| call.is("workflow")) {
            return true;
        }
        let outputs = calls().filter(|call| call.reads() == Reads::Action);
        let named = outputs.filter_map(|call| flow.named(call.arguments.first()?.as_text()?));
        let mut before: Vec<ActionId> =
            named.filter_map(|named| if let Named::Action(id) = named { Some(id) } else { None }).collect();
        for using in flow.variable_uses().iter().filter(|using| !using.writes && is_read(using.element)) {
            let initial = using.variable.map(|variable| flow.variables()[variable].action);
            let sets = flow.variable_uses().iter().filter(|set| set.writes && set.variable == using.variable);
            let setting =
                sets.filter_map(|set| if let Element::Action(id) = set.element { Some(id) } else { None });
            before.extend(setting.chain(initial));
        }
        // A call that looks at the run does so for itself; what is made of values hands it on.
        before.retain(|id| !flow.actions[*id].ty.is_call());
        read = before;
    }
    false
}

/// Whether a failure path reads a variable that is set in what failed.
fn reads_variable_of(flow: &FlowAnalysis<'_>, failed: &Parts, path: &Parts) -> bool {
    let within = |parts: &Parts, element| matches!(element, Element::Action(id) if parts.holds(id));
    let uses = flow.variable_uses();
    uses.iter().filter(|using| !using.writes && within(path, using.element)).any(|read| {
        uses.iter().any(|set| set.writes && set.variable == read.variable && within(failed, set.element))
    })
}
