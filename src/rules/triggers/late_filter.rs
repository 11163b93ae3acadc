//! Flows that start for every event and then ask whether it was one of theirs.

use super::filter_text::{filter_rows, trigger_condition};
use super::first_step::{first_that_acts, takes_messages};
use crate::expr::{Call, Depends};
use crate::flow::{
    Action, ActionId, ActionType, BranchKind, Element, ExpressionSite, FlowAnalysis, Named, Place, Trigger,
};
use crate::json::Node;
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};
use crate::text::Span;

#[derive(Debug)]
pub(crate) struct LateFilter;

impl CodedRule for LateFilter {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let [trigger] = flow.triggers.as_slice() else { return };
        let has_conditions = trigger.node.get("conditions").is_some_and(|list| !list.elements().is_empty());
        if !trigger.ty.is_connector()
            || has_conditions
            || !flow.has_whole_definition()
            || takes_messages(flow, trigger)
        {
            return;
        }
        let Some((first, follows)) = first_that_acts(flow) else { return };
        let action = &flow.actions[first];
        let Some(keeps_yes) = filtered_side(flow, first, follows) else { return };
        let Some(asked) = asks_for_the_event_only(flow, first, cx) else { return };
        let message = format!(
            "'{}' starts a run for events that '{}' then ends at once: each start counts as requests, and fills the run history",
            trigger.name, action.name
        );
        let help = match asked {
            Asked::Directly => help(flow, trigger, action, keeps_yes),
            Asked::Kept => generic_help(action),
        };
        cx.report(action.key_span, message).help(help).related(trigger.key_span, "the filter belongs here");
    }
}

/// Whether the side that works is the yes side, where an action is a condition that lets some events through and
/// does nothing for the others.
fn filtered_side(flow: &FlowAnalysis<'_>, id: ActionId, follows: bool) -> Option<bool> {
    let action = &flow.actions[id];
    let side = |kind: BranchKind| {
        action
            .branches
            .iter()
            .find(|branch| flow.branches[**branch].kind == kind)
            .map(|branch| &flow.branches[*branch].actions[..])
    };
    let (kept, other) = match action.ty {
        ActionType::If => (side(BranchKind::Yes).unwrap_or(&[]), side(BranchKind::No).unwrap_or(&[])),
        ActionType::Switch => {
            let mut cases =
                action.branches.iter().filter(|branch| flow.branches[**branch].kind == BranchKind::Case);
            let (only, None) = (cases.next()?, cases.next()) else { return None };
            (&flow.branches[*only].actions[..], side(BranchKind::Default).unwrap_or(&[]))
        }
        _ => return None,
    };
    // With nothing behind it, the condition decides whether the run does anything. With more behind it, only a
    // side that ends the run is a filter.
    let is_end = |actions: &[ActionId]| match actions {
        [] => !follows,
        [only] => ends_quietly(&flow.actions[*only]),
        _ => false,
    };
    let works = |actions: &[ActionId]| {
        follows || actions.iter().any(|id| flow.actions[*id].ty != ActionType::Terminate)
    };
    match (is_end(kept), is_end(other)) {
        (false, true) if works(kept) => Some(true),
        (true, false) if works(other) && action.ty == ActionType::If => Some(false),
        _ => None,
    }
}

/// Whether an action ends the run, and not as a failure.
fn ends_quietly(action: &Action<'_>) -> bool {
    action.ty == ActionType::Terminate
        && action.node.at(&["inputs", "runStatus"]).and_then(Node::as_str).is_some_and(|status| {
            status.eq_ignore_ascii_case("Succeeded") || status.eq_ignore_ascii_case("Cancelled")
        })
}

/// How a condition comes to know the event.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Directly,
    /// Through a Compose or a variable that keeps something of it.
    Kept,
}

/// How many Compose actions and variables are looked into for one condition.
const LOOKS: usize = 16;

/// Whether the expression of a condition reads the event, and nothing else.
fn asks_for_the_event_only<'a>(
    flow: &FlowAnalysis<'a>,
    id: ActionId,
    cx: &RuleContext<'_, 'a>,
) -> Option<Asked> {
    let of_condition =
        |site: &ExpressionSite<'_>| site.element == Element::Action(id) && site.place == Place::Expression;
    reads_the_event_only(flow, &of_condition, &mut { LOOKS }, cx).flatten()
}

/// Whether some strings read nothing but the event, and whether they read anything of it.
fn reads_the_event_only<'a>(
    flow: &FlowAnalysis<'a>,
    is_asked: &dyn Fn(&ExpressionSite<'a>) -> bool,
    looks: &mut usize,
    cx: &RuleContext<'_, 'a>,
) -> Option<Option<Asked>> {
    if flow.sites.iter().any(|site| is_asked(site) && site.template.errors().next().is_some()) {
        return None;
    }
    let mut asked = None;
    for (_, call) in cx.calls().iter().filter(|(site, _)| is_asked(site)) {
        if call.is("outputs") || call.is("variables") {
            // What is kept of nothing but the event is the event.
            let inside = kept(flow, call)?;
            let is_inside =
                |site: &ExpressionSite<'a>| inside.contains(site.span) && site.place != Place::Key;
            *looks = looks.checked_sub(1)?;
            reads_the_event_only(flow, &is_inside, looks, cx)??;
            asked = Some(Asked::Kept);
        } else if !is_of_the_event(call) {
            return None;
        } else if call.is("triggerBody") || call.is("triggerOutputs") {
            asked = asked.or(Some(Asked::Directly));
        }
    }
    Some(asked)
}

/// Whether a call reads nothing but the event, and answers the same each time but for the clock: else no condition of a
/// trigger has it. What `outputs` and `variables` read is looked at by itself.
fn is_of_the_event(call: &Call<'_>) -> bool {
    call.function.is_some_and(|function| match function.depends {
        Depends::Nothing | Depends::Event | Depends::Clock => true,
        Depends::Run => call.is("outputs") || call.is("variables"),
        Depends::Definition | Depends::Chance => false,
    })
}

/// Where the value is written that a Compose, or a variable that nothing changes, keeps for a call.
fn kept<'a>(flow: &FlowAnalysis<'a>, call: &Call<'a>) -> Option<Span> {
    let name = call.arguments.first()?.as_text()?;
    if call.is("outputs") {
        let Named::Action(id) = flow.named(name)? else { return None };
        let action = &flow.actions[id];
        return action.node.get("inputs").filter(|_| action.ty == ActionType::Compose).map(|node| node.span);
    }
    flow.constant(name).map(|node| node.span)
}

fn help<'a>(flow: &FlowAnalysis<'a>, trigger: &Trigger<'a>, action: &Action<'a>, keeps_yes: bool) -> String {
    let is_dataverse = flow
        .trigger_operation(trigger)
        .is_some_and(|operation| operation.id.to_ascii_lowercase().starts_with("subscribewebhooktrigger"));
    if is_dataverse && let Some(filter) = filter_rows(flow, action, keeps_yes) {
        let there = trigger
            .node
            .at(&["inputs", "parameters", "subscriptionRequest/filterexpression"])
            .and_then(Node::as_str)
            .is_some_and(|there| !there.trim().is_empty());
        // Brackets: an `or` on either side would bind less than the `and` between them.
        let filter = if there { format!("(what is there now) and ({filter})") } else { filter };
        return format!("Trigger › Filter rows: {filter}. Then '{}' can go.", action.name);
    }
    match trigger_condition(flow, action, keeps_yes) {
        Some(condition) => format!(
            "Trigger › Settings › Trigger conditions › Add: {condition}. Then '{}' can go.",
            action.name
        ),
        None => generic_help(action),
    }
}

fn generic_help(action: &Action<'_>) -> String {
    format!("Trigger › Settings › Trigger conditions: move what '{}' asks there.", action.name)
}
