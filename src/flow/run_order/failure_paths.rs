//! Failure paths: what runs because something failed, what that covers, and how a list of actions ends then.
//!
//! A handler is known by what it does, not by its name: it is what does not run while all goes well. Built on
//! the run order, in time linear in the size of the flow but for handlers that wait for several actions; what
//! happens after one failure is worked out when it is asked for, along what waits for the failing action.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::super::{ActionId, FlowAnalysis, Statuses};
use super::RunOrder;

/// Up to so many actions it is worked out what each failure alone lets run, which takes time for each that waits; the
/// service takes 500. In a longer list whoever asks for the failure counts as coming.
const RECKONED: usize = 2_000;

/// The failure paths of a flow.
#[derive(Debug)]
pub struct FailurePaths {
    /// The actions that wait for another beside them, with the outcomes that let them run: sorted by the other.
    after: Vec<(ActionId, Statuses)>,
    /// Where those that wait for an action begin; one more than there are actions.
    first: Vec<usize>,
    /// Whether an action runs while all goes well, as far as run order tells.
    runs: Vec<bool>,
    /// Whether a failure of an action alone lets something beside it run, or beside a container around it.
    covered: Vec<bool>,
}

/// How an action of a list ends in one course of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Succeeded,
    Failed,
    /// It did not run; whether what it waited for ended well decides what it counts as.
    Skipped {
        well: bool,
    },
}

/// What happens in a list of actions after one of them failed and nothing else does.
#[derive(Debug)]
pub struct FailureOutcome {
    /// The actions beside it that run then, directly or not because they wait for it, in run order.
    pub runs: Vec<ActionId>,
    /// Those of them that run because it failed: they would not have run otherwise.
    pub handlers: Vec<ActionId>,
    /// Whether the list ends well all the same: by the service's rule the last actions decide, and one that is
    /// skipped counts as what it waited for.
    pub ends_well: bool,
}

impl FailurePaths {
    pub(super) fn new(flow: &FlowAnalysis<'_>) -> Self {
        let count = flow.actions.len();
        let order = flow.run_order();
        let (after, first) = turned(order, count);
        let mut handlers = Self { after, first, runs: vec![true; count], covered: vec![false; count] };
        // Whether something may run because an action was skipped, itself or what waits for it; and whether it does
        // for certain, because it waits for nothing else.
        let mut skip_noticed = vec![false; count];
        let mut skip_taken = vec![false; count];
        let alone = |later: ActionId| order.waits_for(later).len() == 1;
        for branch in &flow.branches {
            let ordered = order.ordered(branch);
            let outer = branch.owner.is_none_or(|owner| handlers.runs[owner]);
            for &id in &ordered {
                let comes = order.waits_for(id).iter().all(|&(before, statuses)| {
                    let outcome =
                        if handlers.runs[before] == outer { Statuses::SUCCEEDED } else { Statuses::SKIPPED };
                    statuses.is_empty() || statuses.meets(outcome)
                });
                handlers.runs[id] = outer && comes;
            }
            for &id in ordered.iter().rev() {
                let waiting = handlers.waiting_for(id);
                let on_skip = |statuses: Statuses| statuses.meets(Statuses::SKIPPED);
                skip_noticed[id] =
                    waiting.iter().any(|&(later, statuses)| on_skip(statuses) || skip_noticed[later]);
                skip_taken[id] = waiting
                    .iter()
                    .any(|&(later, statuses)| alone(later) && (on_skip(statuses) || skip_taken[later]));
            }
        }
        for id in 0..count {
            let owner = flow.branches[flow.actions[id].branch].owner;
            let waiting = handlers.waiting_for(id);
            let takes = |statuses: Statuses| statuses.meets(Statuses::FAILED);
            handlers.covered[id] = owner.is_some_and(|owner| handlers.covered[owner])
                || waiting.iter().any(|&(later, statuses)| alone(later) && (takes(statuses) || skip_taken[later]))
                // What waits for several runs only where it comes for all of them as it asks.
                || (waiting.iter().any(|&(later, statuses)| takes(statuses) || skip_noticed[later])
                    && (count > RECKONED || !aftermath(flow, &handlers, id, Statuses::FAILED).runs.is_empty()));
        }
        handlers
    }

    /// Whether an action runs only where something failed, or was skipped for it.
    #[must_use]
    pub fn is_on_failure_path(&self, id: ActionId) -> bool {
        !self.runs[id]
    }

    /// Whether something runs when an action fails: beside it, or beside a container around it.
    #[must_use]
    pub fn is_covered(&self, id: ActionId) -> bool {
        self.covered[id]
    }

    /// The actions beside an action that wait for it, with the outcomes that let them run.
    #[must_use]
    pub fn waiting_for(&self, id: ActionId) -> &[(ActionId, Statuses)] {
        &self.after[self.first[id]..self.first[id + 1]]
    }
}

/// Who waits for whom, by who is waited for: all in one list, and where each action's part of it begins.
fn turned(order: &RunOrder, count: usize) -> (Vec<(ActionId, Statuses)>, Vec<usize>) {
    let waits = || (0..count).flat_map(|id| order.waits_for(id).iter().map(move |wait| (id, *wait)));
    // One further on than where it begins: filling the list moves each to its end, which is the next one's beginning.
    let mut first = vec![0; count + 2];
    waits().for_each(|(_, (before, _))| first[before + 2] += 1);
    for at in 2..first.len() {
        first[at] += first[at - 1];
    }
    let mut after = vec![(0, Statuses::default()); first[count + 1]];
    for (id, (before, statuses)) in waits() {
        after[first[before + 1]] = (id, statuses);
        first[before + 1] += 1;
    }
    first.pop();
    (after, first)
}

impl<'a> FlowAnalysis<'a> {
    /// The failure paths; computed when first asked for.
    #[must_use]
    pub fn failure_paths(&self) -> &FailurePaths {
        self.failure_paths.get_or_init(|| FailurePaths::new(self))
    }

    /// What happens beside an action when it fails and nothing else does.
    #[must_use]
    pub fn aftermath(&self, failing: ActionId) -> FailureOutcome {
        self.aftermath_of(failing, Statuses::FAILED)
    }

    /// The same when it fails, or when it times out.
    #[must_use]
    pub fn aftermath_of(&self, failing: ActionId, how: Statuses) -> FailureOutcome {
        aftermath(self, self.failure_paths(), failing, how)
    }
}

fn aftermath(
    flow: &FlowAnalysis<'_>,
    handlers: &FailurePaths,
    failing: ActionId,
    how: Statuses,
) -> FailureOutcome {
    let order = flow.run_order();
    let mut endings: FxHashMap<ActionId, Ending> = FxHashMap::default();
    endings.insert(failing, Ending::Failed);
    let ending = |endings: &FxHashMap<ActionId, Ending>, id: ActionId| {
        endings.get(&id).copied().unwrap_or(match handlers.runs[id] || !handlers.runs[failing] {
            true => Ending::Succeeded,
            false => Ending::Skipped { well: true },
        })
    };
    let mut aftermath = FailureOutcome { runs: Vec::new(), handlers: Vec::new(), ends_well: true };
    // By place in the run order: an action is looked at when all it waits for is known.
    let mut open: BTreeSet<(usize, ActionId)> = BTreeSet::new();
    let push = |open: &mut BTreeSet<_>, id: ActionId| {
        for &(later, _) in handlers.waiting_for(id).iter().filter(|(later, _)| !order.is_in_ring(*later)) {
            open.insert((order.place(later), later));
        }
    };
    push(&mut open, failing);
    aftermath.ends_well &= !handlers.waiting_for(failing).is_empty();
    while let Some((_, id)) = open.pop_first() {
        let (mut comes, mut well) = (true, true);
        for &(before, statuses) in order.waits_for(id) {
            let (outcome, went_well) = match ending(&endings, before) {
                Ending::Succeeded => (Statuses::SUCCEEDED, true),
                Ending::Failed => (how, false),
                Ending::Skipped { well } => (Statuses::SKIPPED, well),
            };
            comes &= statuses.is_empty() || statuses.meets(outcome);
            well &= went_well;
        }
        let end = if comes { Ending::Succeeded } else { Ending::Skipped { well } };
        endings.insert(id, end);
        if comes {
            aftermath.runs.push(id);
            if !handlers.runs[id] {
                aftermath.handlers.push(id);
            }
        }
        if handlers.waiting_for(id).is_empty() {
            aftermath.ends_well &= comes || well;
        }
        push(&mut open, id);
    }
    aftermath
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::{Detected, FlowAnalysis, detect, load};
    use crate::text::Arena;
    use crate::{json, text::Source};

    /// Loads a flow of these actions: name, what it waits for, and the names of actions inside a Scope.
    fn with(actions: &str, check: impl Fn(&FlowAnalysis<'_>)) {
        let text = format!(r#"{{"definition": {{"triggers": {{}}, "actions": {{{actions}}}}}}}"#);
        let source = Source::new("flow.json", text);
        let arena = Arena::new();
        let root = json::parse(&source.text, &arena).unwrap();
        let Detected::Flows(found) = detect(&root, "") else { panic!("a flow") };
        check(&FlowAnalysis::new(load(&source, &found[0], None, &arena)));
    }

    fn id(flow: &FlowAnalysis<'_>, name: &str) -> ActionId {
        flow.actions.iter().position(|action| action.name == name).unwrap()
    }

    fn names<'f>(flow: &'f FlowAnalysis<'_>, ids: &[ActionId]) -> Vec<&'f str> {
        ids.iter().map(|id| flow.actions[*id].name).collect()
    }

    const TRY_CATCH: &str = r#"
        "Try": {"type": "Scope", "actions": {"Write": {"type": "Http"}}},
        "Catch": {"type": "Scope", "actions": {"Tell": {"type": "Http"}}, "runAfter": {"Try": ["Failed"]}}"#;

    #[test]
    fn a_handler_does_not_run_while_all_goes_well() {
        with(TRY_CATCH, |flow| {
            let handlers = flow.failure_paths();
            let on_path: Vec<bool> = ["Try", "Write", "Catch", "Tell"]
                .map(|name| handlers.is_on_failure_path(id(flow, name)))
                .into();
            assert_eq!(on_path, [false, false, true, true]);
            assert!(handlers.is_covered(id(flow, "Write")) && !handlers.is_covered(id(flow, "Tell")));
        });
    }

    #[test]
    fn a_catch_alone_ends_the_run_well() {
        with(TRY_CATCH, |flow| {
            let aftermath = flow.aftermath(id(flow, "Try"));
            assert_eq!(names(flow, &aftermath.handlers), ["Catch"]);
            assert!(aftermath.ends_well);
        });
    }

    #[test]
    fn a_skipped_last_step_counts_as_what_it_waited_for() {
        let text =
            format!(r#"{TRY_CATCH}, "Next": {{"type": "Compose", "runAfter": {{"Try": ["Succeeded"]}}}}"#);
        with(&text, |flow| assert!(!flow.aftermath(id(flow, "Try")).ends_well));
        let text = format!(
            r#"{TRY_CATCH}, "Next": {{"type": "Compose", "runAfter": {{"Catch": ["Succeeded", "Skipped"]}}}}"#
        );
        with(&text, |flow| {
            let aftermath = flow.aftermath(id(flow, "Try"));
            assert_eq!(names(flow, &aftermath.runs), ["Catch", "Next"]);
            assert_eq!(names(flow, &aftermath.handlers), ["Catch"]);
            assert!(aftermath.ends_well);
        });
    }

    #[test]
    fn what_nobody_waits_for_ends_badly() {
        with(r#""A": {"type": "Http"}"#, |flow| {
            let aftermath = flow.aftermath(0);
            assert!(!aftermath.ends_well && aftermath.runs.is_empty());
            assert!(!flow.failure_paths().is_covered(0));
        });
    }

    #[test]
    fn who_waits_for_several_runs_only_where_each_ends_as_asked() {
        let both = |statuses: &str| {
            format!(
                r#""A": {{"type": "Http"}}, "B": {{"type": "Http", "runAfter": {{"A": ["Succeeded"]}}}},
                "Catch": {{"type": "Http", "runAfter": {{"A": [{statuses}], "B": ["Failed", "Skipped"]}}}}"#
            )
        };
        // Where B fails, A has succeeded; where A fails, B is skipped.
        with(&both(r#""Failed""#), |flow| {
            assert!(flow.failure_paths().is_covered(0) && !flow.failure_paths().is_covered(1));
        });
        with(&both(r#""Succeeded""#), |flow| {
            assert!(!flow.failure_paths().is_covered(0) && flow.failure_paths().is_covered(1));
        });
        with(&both(r#""Succeeded", "Failed""#), |flow| {
            assert!(flow.failure_paths().is_covered(0) && flow.failure_paths().is_covered(1));
        });
    }

    #[test]
    fn in_a_list_too_long_to_reckon_who_asks_for_the_failure_counts_as_coming() {
        let of = |length: usize| {
            let chain: Vec<String> = (1..length)
                .map(|n| {
                    format!(r#""N{n}": {{"type": "Http", "runAfter": {{"N{}": ["Succeeded"]}}}}"#, n - 1)
                })
                .collect();
            format!(
                r#""N0": {{"type": "Http"}}, {}, "Catch": {{"type": "Http", "runAfter": {{"N0": ["Failed"], "N{}": ["Failed"]}}}}"#,
                chain.join(", "),
                length - 1
            )
        };
        with(&of(RECKONED - 1), |flow| assert!(!flow.failure_paths().is_covered(0)));
        with(&of(RECKONED), |flow| assert!(flow.failure_paths().is_covered(0)));
    }

    #[test]
    fn a_time_out_and_a_failure_go_ways_of_their_own() {
        let text = r#""A": {"type": "Http"}, "Late": {"type": "Http", "runAfter": {"A": ["TimedOut"]}}"#;
        with(text, |flow| {
            assert!(!flow.failure_paths().is_covered(0) && flow.aftermath(0).runs.is_empty());
            assert_eq!(flow.aftermath_of(0, Statuses::TIMED_OUT).runs, [1]);
        });
    }

    #[test]
    fn a_skip_that_is_noticed_covers_what_came_before() {
        let text = r#""A": {"type": "Http"}, "B": {"type": "Http", "runAfter": {"A": ["Succeeded"]}},
            "C": {"type": "Http", "runAfter": {"B": ["Skipped", "Failed"]}}"#;
        with(text, |flow| {
            let handlers = flow.failure_paths();
            assert!(handlers.is_covered(0) && handlers.is_covered(1) && !handlers.is_covered(2));
            assert!(handlers.is_on_failure_path(2));
        });
    }
}
