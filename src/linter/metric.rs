//! What a declarative rule can measure: the size of a flow, or of an action.

use super::declarative::On;
use super::reading::Word;
use crate::flow::{Action, BranchKind, FlowAnalysis, plain_connector};
use crate::text::TextError;

/// A size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Metric {
    /// Actions at every level: of the flow, or inside the action.
    Actions,
    /// Levels of actions in the flow, or the level of the action; 1 is the top.
    Depth,
    /// Cases of a Switch, without its default.
    Cases,
    /// Variables that the flow initializes.
    Variables,
    /// Connectors that the flow uses, each once.
    Connectors,
}

impl Metric {
    const ALL: [(&'static str, Self, &'static [On]); 5] = [
        ("actions", Self::Actions, &[On::Flow, On::Action]),
        ("depth", Self::Depth, &[On::Flow, On::Action]),
        ("cases", Self::Cases, &[On::Action]),
        ("variables", Self::Variables, &[On::Flow]),
        ("connectors", Self::Connectors, &[On::Flow]),
    ];

    /// The metric of that name.
    pub(super) fn named(word: &Word) -> Result<Self, TextError> {
        let found = Self::ALL.iter().find(|(name, ..)| *name == word.text).map(|(_, metric, _)| *metric);
        found.ok_or_else(|| {
            let names = Self::ALL.map(|(name, ..)| name);
            let message = match crate::text::nearest(&word.text, names) {
                Some(near) => format!("there is no metric `{}`: did you mean `{near}`?", word.text),
                None => format!("there is no metric `{}`: there are {}", word.text, names.join(", ")),
            };
            TextError::new(word.span.clone(), message)
        })
    }

    /// Why it can't be measured of what is looked at, if so.
    pub(super) fn unfit(self, on: &[On]) -> Option<String> {
        let (name, _, fits) = Self::ALL.iter().find(|(_, metric, _)| *metric == self)?;
        let other = on.iter().find(|on| !fits.contains(on))?;
        let names: Vec<String> = fits.iter().map(|on| format!("{}s", on.name())).collect();
        Some(format!("`{name}` measures {}, and the check is on {}s", names.join(" and "), other.name()))
    }

    /// The size of a flow; none where its file holds only a part of it.
    pub(super) fn of_flow(self, flow: &FlowAnalysis<'_>) -> Option<usize> {
        if !flow.has_whole_definition() {
            return None;
        }
        Some(match self {
            Self::Actions => flow.actions.len(),
            Self::Depth => flow.actions.iter().map(|action| action.depth).max().unwrap_or(0),
            Self::Variables => flow.variables().len(),
            Self::Connectors => {
                let triggers = flow.triggers.iter().filter_map(|trigger| flow.trigger_operation(trigger));
                let actions = flow.actions.iter().filter_map(|action| flow.action_operation(action));
                let named = triggers.chain(actions).filter(|operation| !operation.connector.is_empty());
                let mut connectors: Vec<String> = named
                    .map(|operation| plain_connector(operation.connector).to_ascii_lowercase())
                    .collect();
                connectors.sort_unstable();
                connectors.dedup();
                connectors.len()
            }
            Self::Cases => return None,
        })
    }

    /// The size of an action.
    pub(super) fn of_action(self, flow: &FlowAnalysis<'_>, action: &Action<'_>) -> Option<usize> {
        match self {
            Self::Actions => Some(action.subtree_end - action.id - 1),
            Self::Depth => Some(action.depth),
            Self::Cases => {
                let is_case = |branch: &&usize| flow.branches[**branch].kind == BranchKind::Case;
                Some(action.branches.iter().filter(is_case).count())
            }
            Self::Variables | Self::Connectors => None,
        }
    }
}
