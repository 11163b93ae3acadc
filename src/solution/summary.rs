//! What is kept of a flow when its text is gone: enough for rules that look at all flows of a solution.
//!
//! A summary owns all that it holds, and is masked like a finding before it leaves the check of its file.

use std::sync::Arc;

use super::{SolutionContext, SolutionFiles};
use crate::finding::{FlowName, Location, Mask};
use crate::flow::FlowAnalysis;
use crate::text::FileName;

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
    /// The flow as a whole.
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
    /// The summary of a flow, which is the file's flow of that index.
    #[must_use]
    pub fn of(flow: &FlowAnalysis<'_>, index: usize, _solution: &SolutionContext) -> Self {
        Self {
            file: Arc::clone(&flow.source.name),
            index,
            flow: FlowName { name: flow.name.clone(), id: flow.id.clone() },
            location: Location::in_flow(flow, index, flow.anchor),
        }
    }

    /// The summary without credentials.
    #[must_use]
    pub fn mask(self, mask: &Mask) -> Self {
        Self {
            file: mask.file(self.file),
            index: self.index,
            flow: mask.flow(self.flow),
            location: mask.location(self.location),
        }
    }
}
