//! Called flows that answer on one side of a condition and not on the other.

use super::side_effects::is_called;
use crate::flow::{ActionId, ActionType, BranchId, BranchKind, FlowAnalysis};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

/// Whether a list of actions, or one of them, answers the caller while all goes well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answers {
    Always,
    /// Not always; the action whose sides differ, where it is one.
    Sometimes(Option<ActionId>),
    Never,
}

#[derive(Debug)]
pub(crate) struct ResponseMissingOnBranch;

impl CodedRule for ResponseMissingOnBranch {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        if !is_called(flow) {
            return;
        }
        let Answers::Sometimes(Some(id)) = of_branch(flow, 0) else { return };
        let action = &flow.actions[id];
        let silent: Vec<String> = action
            .branches
            .iter()
            .filter(|branch| of_branch(flow, **branch) == Answers::Never)
            .map(|branch| side(flow, *branch))
            .chain((missing_default(flow, id)).then(|| "every other value".to_owned()))
            .collect();
        let where_silent = if silent.is_empty() { "one side".to_owned() } else { silent.join(", ") };
        let message = format!("'{}' leaves the caller without an answer on {where_silent}", action.name);
        cx.report(action.key_span, message).help(
            "Add a Response to that side too, or one behind the condition for all of them. Without one the caller waits, and gets an error.",
        );
    }
}

fn of_branch(flow: &FlowAnalysis<'_>, branch: BranchId) -> Answers {
    let mut sometimes: Option<Option<ActionId>> = None;
    let mut refusal: Option<Option<ActionId>> = None;
    for &id in &flow.branches[branch].actions {
        if flow.failure_paths().is_on_failure_path(id) {
            continue;
        }
        match of_action(flow, id) {
            Answers::Always => return Answers::Always,
            // Several conditions may complete each other, but for one that ends the run where it answers.
            Answers::Sometimes(which) => {
                let told = if ends_what_it_answers(flow, id) { &mut refusal } else { &mut sometimes };
                *told = Some(if told.is_none() { which } else { None });
            }
            Answers::Never => {}
        }
    }
    sometimes.or(refusal).map_or(Answers::Never, Answers::Sometimes)
}

/// Whether a condition or Switch ends the run on each side on which it answers.
fn ends_what_it_answers(flow: &FlowAnalysis<'_>, id: ActionId) -> bool {
    let mut answering =
        flow.actions[id].branches.iter().filter(|side| of_branch(flow, **side) != Answers::Never);
    matches!(flow.actions[id].ty, ActionType::If | ActionType::Switch)
        && answering.all(|side| ends_the_run(flow, *side))
}

/// Whether a list of actions ends the run where all goes well.
pub(super) fn ends_the_run(flow: &FlowAnalysis<'_>, branch: BranchId) -> bool {
    let ends = |id: &ActionId| {
        flow.actions[*id].ty == ActionType::Terminate && !flow.failure_paths().is_on_failure_path(*id)
    };
    flow.branches[branch].actions.iter().any(ends)
}

fn of_action(flow: &FlowAnalysis<'_>, id: ActionId) -> Answers {
    let action = &flow.actions[id];
    match action.ty {
        ActionType::Response | ActionType::Terminate => Answers::Always,
        ActionType::Scope => action.branches.first().map_or(Answers::Never, |body| of_branch(flow, *body)),
        ActionType::If | ActionType::Switch => {
            let mut sides: Vec<Answers> = action.branches.iter().map(|side| of_branch(flow, *side)).collect();
            if action.ty == ActionType::If && sides.len() < 2 || missing_default(flow, id) {
                sides.push(Answers::Never);
            }
            let all = |wanted: Answers| sides.iter().all(|side| *side == wanted);
            match sides.iter().find(|side| matches!(side, Answers::Sometimes(_))) {
                _ if all(Answers::Always) => Answers::Always,
                _ if all(Answers::Never) => Answers::Never,
                // The inner one tells better what is missing, where nothing else is.
                Some(inner) if !sides.contains(&Answers::Never) => *inner,
                _ => Answers::Sometimes(Some(id)),
            }
        }
        _ => Answers::Never,
    }
}

/// Whether an action is a Switch that says nothing of values without a case.
fn missing_default(flow: &FlowAnalysis<'_>, id: ActionId) -> bool {
    let action = &flow.actions[id];
    let has_default = action.branches.iter().any(|branch| flow.branches[*branch].kind == BranchKind::Default);
    action.ty == ActionType::Switch && !has_default
}

/// A side of a condition or Switch in words.
fn side(flow: &FlowAnalysis<'_>, branch: BranchId) -> String {
    let branch = &flow.branches[branch];
    match branch.kind {
        BranchKind::Yes => "the yes side".into(),
        BranchKind::No => "the no side".into(),
        BranchKind::Default => "the default case".into(),
        _ => format!("case '{}'", branch.name.unwrap_or_default()),
    }
}
