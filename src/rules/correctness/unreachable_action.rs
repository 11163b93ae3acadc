//! Actions that can never run: no run has the outcomes that they wait for.
//!
//! Works on outcomes alone, list by list. Each action gets the outcomes that it can have; what an action
//! asks of those before it is followed back until two requests exclude each other. Whatever is not certain
//! may have any outcome.

use rustc_hash::FxHashMap;

use crate::flow::{Action, ActionId, ActionType, Branch, FlowAnalysis, Statuses, is_computed};
use crate::json::Node;
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

/// How far the requests of one action are followed back: more steps than a flow may have actions.
const STEPS: usize = 600;

#[derive(Debug)]
pub(crate) struct UnreachableAction;

impl CodedRule for UnreachableAction {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let vague = flow.actions.iter().map(is_vague).collect();
        let mut outcomes = Outcomes { flow, vague, possible: vec![Statuses::ANY; flow.actions.len()] };
        let mut dead = vec![false; flow.actions.len()];
        let has_terminate = flow.actions.iter().any(|action| action.ty == ActionType::Terminate);
        for branch in &flow.branches {
            if !has_terminate && all_may_succeed(flow, branch) {
                continue;
            }
            for id in flow.run_order().ordered(branch) {
                outcomes.possible[id] = of_itself(&flow.actions[id]);
                if has_terminate && flow.actions[id].ty != ActionType::Terminate && ends_the_run(flow, id) {
                    outcomes.possible[id] = outcomes.possible[id].without(Statuses::SUCCEEDED);
                }
                let Some(conflict) = outcomes.conflict(id) else { continue };
                // What waits for an action that never runs is no fault of its own.
                let behind_dead = outcomes.asks(id).any(|(before, _)| dead[before]);
                dead[id] = true;
                outcomes.possible[id] = Statuses::SKIPPED;
                if !behind_dead {
                    report(flow, id, &conflict, cx);
                }
            }
        }
    }
}

/// Whether each action of a list may run because all before it succeeded: what nearly every list is like.
fn all_may_succeed(flow: &FlowAnalysis<'_>, branch: &Branch<'_>) -> bool {
    let order = flow.run_order();
    branch.actions.iter().flat_map(|id| order.waits_for(*id)).all(|(before, asked)| {
        asked.meets(Statuses::SUCCEEDED) && of_itself(&flow.actions[*before]).meets(Statuses::SUCCEEDED)
    })
}

/// The outcomes that an action can have, as far as it tells by itself.
fn of_itself(action: &Action<'_>) -> Statuses {
    // A test stub ends as it is told to.
    if action.node.at(&["runtimeConfiguration", "staticResult"]).is_some() {
        return Statuses::ANY;
    }
    let all = match action.ty {
        // The run ends with it; it fails where it cannot compute what it is to say.
        ActionType::Terminate if computes(action.node.get("inputs")) => {
            Statuses::SKIPPED.with(Statuses::FAILED)
        }
        ActionType::Terminate => Statuses::SKIPPED,
        _ => Statuses::ANY,
    };
    // How a container ends depends on what is in it, and an answer that nobody waits for is skipped.
    let open = action.ty.is_container() || matches!(action.ty, ActionType::Unknown | ActionType::Response);
    let first = action.run_after.is_empty() && !open;
    if first { all.without(Statuses::SKIPPED) } else { all }
}

/// Whether the run ends in an action whenever all goes well in it: then it never succeeds.
fn ends_the_run(flow: &FlowAnalysis<'_>, id: ActionId) -> bool {
    let action = &flow.actions[id];
    if action.node.at(&["runtimeConfiguration", "staticResult"]).is_some() {
        return false;
    }
    let in_each = |branches: usize| {
        action.branches.len() >= branches
            && action.branches.iter().all(|branch| {
                let list = &flow.branches[*branch];
                list.actions.iter().any(|inner| comes_last(flow, *inner) && ends_the_run(flow, *inner))
            })
    };
    match action.ty {
        ActionType::Terminate => true,
        ActionType::Scope => in_each(1),
        ActionType::If => in_each(2),
        _ => false,
    }
}

/// Whether an action stands at the end of a chain that is gone through where all goes well, and nothing waits for it.
fn comes_last(flow: &FlowAnalysis<'_>, id: ActionId) -> bool {
    let mut at = id;
    for _ in 0..STEPS {
        match flow.run_order().waits_for(at) {
            [] => {
                return flow.actions[at].run_after.is_empty()
                    && flow.failure_paths().waiting_for(id).is_empty();
            }
            [(before, statuses)] if statuses.meets(Statuses::SUCCEEDED) => at = *before,
            _ => return false,
        }
    }
    false
}

fn computes(inputs: Option<&Node<'_>>) -> bool {
    let text = |node: &Node<'_>| node.as_str().is_some_and(is_computed);
    inputs.is_some_and(|node| text(node) || node.members().iter().any(|member| computes(Some(&member.value))))
}

/// Whether what an action waits for is not told: a list with no outcome, or with one that there is not. That is
/// `invalid-run-after-status`'s business, and nothing follows from it.
fn is_vague(action: &Action<'_>) -> bool {
    let known = |status: &Node<'_>| status.as_str().and_then(Statuses::named).is_some();
    action.run_after.iter().any(|entry| entry.statuses.is_empty() || !entry.node.elements().iter().all(known))
}

struct Outcomes<'f, 'a> {
    flow: &'f FlowAnalysis<'a>,
    /// Whether nothing is certain of what each action waits for.
    vague: Vec<bool>,
    possible: Vec<Statuses>,
}

/// Two requests that exclude each other, as indexes into what the action waits for; the same one twice
/// where it asks for what there cannot be.
struct Conflict {
    one: usize,
    other: usize,
}

impl Outcomes<'_, '_> {
    /// What an action waits for, where that is told.
    fn asks(&self, id: ActionId) -> impl Iterator<Item = (ActionId, Statuses)> {
        let told: &[_] = if self.vague[id] { &[] } else { self.flow.run_order().waits_for(id) };
        told.iter().copied()
    }

    /// Why an action can never run, if it cannot.
    fn conflict(&self, id: ActionId) -> Option<Conflict> {
        let found = self.search(id, None)?;
        let (one, other) = (found.one, found.other);
        let waits_for = self.flow.run_order().waits_for(id);
        if one != other {
            // One name twice is no contradiction: the service reads the last of them.
            return (waits_for[one].0 != waits_for[other].0).then_some(found);
        }
        // A request that narrowed twice may have met another one between.
        if waits_for.len() > 1 && self.search(id, Some(one)).is_none() {
            return Some(Conflict { one: usize::from(other == 0), other });
        }
        Some(found)
    }

    /// Follows back what an action asks for, all of it or one entry, until requests exclude each other.
    fn search(&self, id: ActionId, only: Option<usize>) -> Option<Conflict> {
        let mut known: FxHashMap<ActionId, (Statuses, usize)> = FxHashMap::default();
        let mut open: Vec<(ActionId, Statuses, usize)> =
            self.asks(id).enumerate().map(|(entry, (before, asked))| (before, asked, entry)).collect();
        open.retain(|(.., entry)| only.is_none_or(|only| only == *entry));
        open.reverse();
        for _ in 0..STEPS {
            let (at, asked, entry) = open.pop()?;
            let (before, by) = known.get(&at).copied().unwrap_or((self.possible[at], entry));
            let now = before.and(asked);
            if now.is_empty() {
                return Some(Conflict { one: by, other: entry });
            }
            if now == before && known.contains_key(&at) {
                continue;
            }
            known.insert(at, (now, entry));
            if !now.meets(Statuses::SKIPPED) {
                // It ran, so what it waited for came.
                open.extend(self.asks(at).map(|(before, asked)| (before, asked, entry)));
            } else if now == Statuses::SKIPPED
                && self.flow.actions[at].run_after.len() == 1
                && self.flow.actions[at].ty != ActionType::Response
                && let Some((before, asked)) = self.asks(at).next()
            {
                // It did not run, so the one thing it waits for did not come.
                open.push((before, Statuses::ANY.without(asked), entry));
            }
        }
        None
    }
}

fn report<'a>(flow: &FlowAnalysis<'a>, id: ActionId, conflict: &Conflict, cx: &mut RuleContext<'_, 'a>) {
    let action = &flow.actions[id];
    let asked = |entry: usize| {
        let (before, statuses) = flow.run_order().waits_for(id)[entry];
        (&flow.actions[before], statuses)
    };
    let (other, statuses) = asked(conflict.other);
    let (message, help) = if conflict.one == conflict.other {
        match other.ty {
            ActionType::Terminate => (
                format!("'{}' can never run: the run ends with '{}'", action.name, other.name),
                "Nothing comes behind a Terminate: delete the action, or let it wait for what stands before the Terminate.".to_owned(),
            ),
            _ if statuses == Statuses::SUCCEEDED && ends_the_run(flow, other.id) => (
                format!("'{}' can never run: the run ends in '{}'", action.name, other.name),
                format!("Let it wait for '{}' to be skipped as well, under Settings › Run after, or put it before the Terminate.", other.name),
            ),
            _ => (
                format!("'{}' can never run: '{}' is never {}", action.name, other.name, words(statuses)),
                format!("Choose other outcomes under Settings › Run after › {}, or delete the action.", other.name),
            ),
        }
    } else {
        let (one, first) = asked(conflict.one);
        let message = format!(
            "'{}' can never run: '{}' is never {} where '{}' is {}",
            action.name,
            other.name,
            words(statuses),
            one.name,
            words(first)
        );
        let help = "All that an action waits for must come together. Add \"is skipped\" under Settings › Run after for the branch that does not run, or wait for one of them alone.";
        (message, help.to_owned())
    };
    let draft = cx.report(action.key_span, message).help(help);
    let mut entries = vec![conflict.one, conflict.other];
    entries.dedup();
    for entry in entries {
        let (before, statuses) = asked(entry);
        let key = action
            .run_after
            .iter()
            .find(|after| crate::expr::fold_name(after.name) == crate::expr::fold_name(before.name));
        if let Some(key) = key {
            draft.related(key.key_span, format!("It waits for '{}' to be {}", before.name, words(statuses)));
        }
    }
}

/// The outcomes in words.
fn words(statuses: Statuses) -> String {
    let named: Vec<&str> = [
        (Statuses::SUCCEEDED, "successful"),
        (Statuses::FAILED, "failed"),
        (Statuses::SKIPPED, "skipped"),
        (Statuses::TIMED_OUT, "timed out"),
    ]
    .into_iter()
    .filter(|(status, _)| statuses.meets(*status))
    .map(|(_, word)| word)
    .collect();
    named.join(" or ")
}
