//! What is kept of a flow when its text is gone: enough for rules that look at all flows of a solution.
//!
//! A summary owns all that it holds, and is masked like a finding before it leaves the check of its file. It has what
//! the rules over solutions ask for, and nothing else: one is kept of each flow of a run.

use std::sync::Arc;

use super::{RowEvents, SolutionFiles, Workflow};
use crate::finding::{FlowName, Location, Mask};
use crate::flow::{ActionType, FlowAnalysis, Trigger, TriggerType};
use crate::json::Node;
use crate::text::{FileName, guid};

/// What is kept of one flow.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FlowSummary {
    /// Its file.
    pub file: Arc<FileName>,
    /// Its index in the file.
    pub index: usize,
    /// Its name and id.
    pub flow: FlowName,
    /// Whether it is switched on; none where the solution does not say.
    pub on: Option<bool>,
    /// Whether its file holds all of its triggers and actions, as far as they can be read.
    pub is_whole: bool,
    /// What starts it.
    pub triggers: Vec<TriggerSummary>,
    /// Whether it has a *Response* of any kind, at any level.
    pub responds: bool,
    /// The flows that it calls.
    pub calls: Vec<ChildCall>,
}

/// What is kept of a trigger.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TriggerSummary {
    /// Its name.
    pub name: String,
    /// What it is.
    pub ty: TriggerType,
    /// The kind as written: `Button`, `PowerAppV2`, …
    pub kind: Option<String>,
    /// The place of its name.
    pub location: Location,
    /// What it listens to, for triggers on rows and items.
    pub events: Option<RowEvents>,
}

/// The call of another flow.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ChildCall {
    /// The name of the action.
    pub action: String,
    /// The id of the flow that is called, in lower case and without braces; none where it is computed.
    pub flow: Option<String>,
    /// The place of the action's name.
    pub location: Location,
}

/// The flows of one solution, and what stands around them.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SolutionView<'s> {
    /// The flows, by file.
    pub flows: &'s [FlowSummary],
    /// The files of the solution.
    pub files: &'s SolutionFiles,
    /// Whether the solution lists its flows, so that one that is not here is not in it.
    pub whole: bool,
}

impl FlowSummary {
    /// The summary of a flow, which is the file's flow of that index, and of which the solution says `listed`.
    #[must_use]
    pub fn of<'a>(flow: &FlowAnalysis<'a>, index: usize, listed: Option<&Workflow>) -> Self {
        let trigger = |trigger: &Trigger<'a>| TriggerSummary {
            name: trigger.name.to_owned(),
            ty: trigger.ty,
            kind: trigger.kind.map(str::to_owned),
            location: Location::in_flow(flow, index, trigger.key_span),
            events: RowEvents::of(flow, trigger),
        };
        let calls = flow.actions.iter().filter(|action| action.ty == ActionType::Workflow).map(|action| {
            let called = action.node.at(&["inputs", "host", "workflowReferenceName"]).and_then(Node::as_str);
            ChildCall {
                action: action.name.to_owned(),
                flow: called.and_then(guid).map(str::to_lowercase),
                location: Location::in_flow(flow, index, action.key_span),
            }
        });
        Self {
            file: Arc::clone(&flow.source.name),
            index,
            flow: FlowName { name: flow.name.clone(), id: flow.id.clone() },
            on: listed.and_then(|workflow| workflow.on),
            is_whole: flow.has_whole_definition() && flow.has_all_steps(),
            triggers: flow.triggers.iter().map(trigger).collect(),
            responds: flow.actions.iter().any(|action| action.ty == ActionType::Response),
            calls: calls.collect(),
        }
    }

    /// The only trigger; none where there are several or none.
    #[must_use]
    pub fn trigger(&self) -> Option<&TriggerSummary> {
        match self.triggers.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// The summary without credentials.
    #[must_use]
    pub fn mask(self, mask: &Mask) -> Self {
        Self {
            file: mask.file(self.file),
            flow: mask.flow(self.flow),
            triggers: self.triggers.into_iter().map(|trigger| trigger.mask(mask)).collect(),
            calls: self.calls.into_iter().map(|call| call.mask(mask)).collect(),
            ..self
        }
    }
}

impl TriggerSummary {
    fn mask(self, mask: &Mask) -> Self {
        Self {
            name: mask.text(self.name),
            ty: self.ty,
            kind: self.kind.map(|kind| mask.text(kind)),
            location: mask.location(self.location),
            events: self.events.map(|events| events.mask(mask)),
        }
    }
}

impl ChildCall {
    fn mask(self, mask: &Mask) -> Self {
        Self { action: mask.text(self.action), flow: self.flow, location: mask.location(self.location) }
    }
}
