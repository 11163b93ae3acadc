//! What expressions refer to by name; shared by the rules about references.

use std::cell::OnceCell;

use rustc_hash::FxHashSet;

use crate::expr::{Call, TextRange, fold_name};
use crate::flow::{ActionId, ActionType, Completeness, Element, ExpressionSite, FlowAnalysis};

/// The name that a call takes as its first argument; none where it is computed.
pub(super) fn name_of<'c>(call: &'c Call<'_>) -> Option<(&'c str, TextRange)> {
    let argument = call.arguments.first()?;
    Some((argument.as_text()?, argument.at))
}

/// The action that evaluates a string.
pub(super) fn reader_of(site: &ExpressionSite<'_>) -> Option<ActionId> {
    match site.element {
        Element::Action(id) => Some(id),
        _ => None,
    }
}

/// Whether nothing can be said of what runs before an action. It, or a container around it, may wait
/// through others for an action that is not there, and that one may have been what joins the two;
/// copies leave out what they wait for; and agents start one another, whatever they wait for.
pub(super) fn waits_for_unknown(flow: &FlowAnalysis<'_>, id: ActionId) -> bool {
    if flow.completeness == Completeness::Fragment {
        return true;
    }
    let order = flow.run_order();
    let mut open = flow.path(id);
    let mut seen = FxHashSet::default();
    while let Some(id) = open.pop() {
        let known = order.waits_for(id);
        let action = &flow.actions[id];
        if known.len() < action.run_after.len() || action.ty == ActionType::Agent {
            return true;
        }
        open.extend(known.iter().map(|(before, _)| *before).filter(|before| seen.insert(*before)));
    }
    false
}

/// Whether two names are spelled alike: a space is an underscore, and case matters.
pub(super) fn same_spelling(a: &str, b: &str) -> bool {
    let plain = |c: char| if c == ' ' { '_' } else { c };
    a.chars().map(plain).eq(b.chars().map(plain))
}

/// Names that more than one action has, so that a reference to them may mean any; collected when first
/// asked for.
#[derive(Default)]
pub(super) struct Ambiguous(OnceCell<FxHashSet<String>>);

impl Ambiguous {
    /// Whether a reference by that name may mean several actions.
    pub(super) fn has(&self, flow: &FlowAnalysis<'_>, name: &str) -> bool {
        let names = self.0.get_or_init(|| {
            let mut seen = FxHashSet::default();
            let names = flow.actions.iter().map(|action| fold_name(action.name));
            names.filter(|name| !seen.insert(name.clone())).collect()
        });
        names.contains(&fold_name(name))
    }
}
