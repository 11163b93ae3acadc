//! References to actions that cannot have run yet.

use super::reference::{Ambiguous, waits_for_unknown};
use crate::expr::{Call, Reads};
use crate::flow::{
    Action, ActionId, ActionType, BranchKind, Element, ExpressionSite, FlowAnalysis, Named, Place, Relation,
};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, Reference, RuleContext};

#[derive(Debug)]
pub(crate) struct ActionReferenceTooEarly;

impl CodedRule for ActionReferenceTooEarly {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let ambiguous = Ambiguous::default();
        for reference in cx.references() {
            if reference.call.reads() == Reads::Action {
                judge(flow, reference, &ambiguous, cx);
            }
        }
    }
}

fn judge<'a>(
    flow: &FlowAnalysis<'a>,
    reference: &Reference<'_, 'a>,
    ambiguous: &Ambiguous,
    cx: &mut RuleContext<'_, 'a>,
) {
    let Reference { site, call, name, at, named } = *reference;
    // Triggers have always run.
    let Some(Named::Action(target)) = named else { return };
    let fault = match site.element {
        Element::Action(reader) => too_early(flow, site, call, reader, target),
        Element::Trigger(_) => Some(Fault {
            why: format!("'{}' has not run when the trigger starts the flow", flow.actions[target].name),
            help: "A trigger can only read itself and parameters: decide it in the flow, behind the action."
                .into(),
        }),
        _ => None,
    };
    let Some(fault) = fault else { return };
    if ambiguous.has(flow, name) {
        return;
    }
    let other = &flow.actions[target];
    cx.report_at(site, at, format!("{}: the service refuses to save the flow", fault.why))
        .detail(crate::expr::fold_name(name))
        .help(fault.help)
        .related(other.key_span, format!("'{}' stands here", other.name));
}

/// Why an action cannot have run, and what to do about it.
struct Fault {
    why: String,
    help: String,
}

fn too_early<'a>(
    flow: &FlowAnalysis<'a>,
    site: &ExpressionSite<'a>,
    call: &Call<'a>,
    reader: ActionId,
    target: ActionId,
) -> Option<Fault> {
    let (from, to) = (&flow.actions[reader], &flow.actions[target]);
    let (why, help) = match flow.relation(target, reader) {
        Relation::Before => return None,
        Relation::Same if reads_itself_late(from, site) => return None,
        Relation::Same => (
            format!("'{}' reads its own outputs, which are not there before it has run", from.name),
            "Read it in an action behind this one.".to_owned(),
        ),
        // Its results so far are readable from within.
        Relation::Around if call.is("result") => return None,
        Relation::Around => (
            format!("'{}' contains this action and has not ended when it is read here", to.name),
            match to.ty {
                ActionType::Foreach => format!(
                    "For the current item write items('{}'); the loop itself has no outputs before its end.",
                    to.name
                ),
                _ => format!(
                    "Read an action inside '{}' that runs before this one, or move this one behind it.",
                    to.name
                ),
            },
        ),
        // The condition of an Until is asked after its body has run, and what is tracked of a container
        // when it has ended.
        Relation::Inside if from.ty == ActionType::Until || site.place == Place::Setting => return None,
        Relation::Inside => (
            format!("'{}' stands inside '{}' and cannot have run when this is evaluated", to.name, from.name),
            format!("Move '{}' before '{}', or read it behind it.", to.name, from.name),
        ),
        Relation::After => (
            format!("'{}' runs after '{}'", to.name, from.name),
            format!("Move '{}' before '{}', or this value behind it.", to.name, from.name),
        ),
        Relation::Exclusive => exclusive(flow, from, reader, target)?,
        Relation::Parallel => {
            if waits_for_unknown(flow, reader) {
                return None;
            }
            (
                format!("'{}' runs side by side with '{}', which does not wait for it", to.name, from.name),
                format!(
                    "Let '{}' wait for it: Settings › Run after, or drag one below the other.",
                    from.name
                ),
            )
        }
    };
    Some(Fault { why, help })
}

/// Whether an action may read itself at that place: what is tracked of it, and how it ends what it
/// subscribed to, is evaluated when it has run.
fn reads_itself_late(action: &Action<'_>, site: &ExpressionSite<'_>) -> bool {
    let unsubscribes = || {
        let node = action.node.at(&["inputs", "unsubscribe"]);
        node.is_some_and(|node| node.span.contains(site.span))
    };
    site.place == Place::Setting || unsubscribes()
}

/// The words for two branches of one container, where only one of them runs.
fn exclusive<'a>(
    flow: &FlowAnalysis<'a>,
    from: &Action<'a>,
    reader: ActionId,
    target: ActionId,
) -> Option<(String, String)> {
    let (of_reader, of_target) = (flow.path(reader), flow.path(target));
    let shared = of_reader.iter().zip(&of_target).take_while(|(a, b)| a == b).last()?;
    let container = &flow.actions[*shared.0];
    let branch = |path: &[ActionId]| {
        let below = path.iter().skip_while(|id| *id != shared.0).nth(1)?;
        Some(&flow.branches[flow.actions[*below].branch])
    };
    let kind = branch(&of_target)?.kind;
    // What the tools of an agent can read of each other is not documented.
    let place = match (container.ty, kind) {
        (ActionType::If, BranchKind::Yes) => {
            format!("in the yes branch of '{}', and this in the no branch", container.name)
        }
        (ActionType::If, _) => {
            format!("in the no branch of '{}', and this in the yes branch", container.name)
        }
        (ActionType::Switch, _) => format!("in another case of '{}'", container.name),
        _ => return None,
    };
    let to = &flow.actions[target];
    Some((
        format!("'{}' stands {place}, so it cannot have run here", to.name),
        format!(
            "Move '{}' before '{}', or let both branches set a variable that '{}' reads.",
            to.name, container.name, from.name
        ),
    ))
}
