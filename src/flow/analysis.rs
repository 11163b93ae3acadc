//! What follows from a flow and takes work to find out: run order, failure paths, operations, variables, values.
//!
//! Each is worked out when it is first asked for, and once. [`Flow`] itself is plain data.

use std::cell::{OnceCell, RefCell};
use std::ops::Deref;

use rustc_hash::FxHashMap;

use super::values::Typing;
use super::{FailurePaths, Flow, RunOrder, Shape, Variable, VariableUse, operation, variable};
use crate::expr::Template;
use crate::json::Node;

/// A flow and what has been found out about it.
#[derive(Debug)]
pub struct FlowAnalysis<'a> {
    flow: Flow<'a>,
    pub(super) order: OnceCell<RunOrder>,
    pub(super) failure_paths: OnceCell<FailurePaths>,
    pub(super) shapes: OnceCell<Vec<Shape>>,
    pub(super) operations: OnceCell<Vec<operation::Called<'a>>>,
    pub(super) variables: OnceCell<Vec<Variable<'a>>>,
    pub(super) variable_uses: OnceCell<Vec<VariableUse<'a>>>,
    pub(super) site_index: OnceCell<FxHashMap<u32, usize>>,
    pub(super) constants: OnceCell<FxHashMap<String, &'a Node<'a>>>,
    pub(super) parsed_texts: RefCell<FxHashMap<u32, Option<&'a Node<'a>>>>,
    pub(super) typing: Typing,
}

impl<'a> Deref for FlowAnalysis<'a> {
    type Target = Flow<'a>;

    fn deref(&self) -> &Flow<'a> {
        &self.flow
    }
}

impl<'a> FlowAnalysis<'a> {
    /// A flow of which nothing has been found out yet.
    #[must_use]
    pub fn new(flow: Flow<'a>) -> Self {
        Self {
            flow,
            order: OnceCell::new(),
            failure_paths: OnceCell::new(),
            shapes: OnceCell::new(),
            operations: OnceCell::new(),
            variables: OnceCell::new(),
            variable_uses: OnceCell::new(),
            site_index: OnceCell::new(),
            constants: OnceCell::new(),
            parsed_texts: RefCell::default(),
            typing: Typing::default(),
        }
    }

    /// The run order; computed when first asked for.
    #[must_use]
    pub fn run_order(&self) -> &RunOrder {
        self.order.get_or_init(|| RunOrder::new(self))
    }

    /// Every initialization of a variable, in the order of the file; collected when first asked for.
    #[must_use]
    pub fn variables(&self) -> &[Variable<'a>] {
        self.variables.get_or_init(|| variable::load(self))
    }

    /// What an evaluated string of the flow stands for; none for other values, and strings that are not
    /// evaluated.
    #[must_use]
    pub fn template_of(&self, node: &Node<'_>) -> Option<&Template<'a>> {
        let index = || self.sites.iter().enumerate().map(|(at, site)| (site.span.start, at)).collect();
        let at = self.site_index.get_or_init(index).get(&node.span.start)?;
        Some(&self.sites[*at].template)
    }

    /// Every place that reads or writes a variable; collected when first asked for.
    #[must_use]
    pub fn variable_uses(&self) -> &[VariableUse<'a>] {
        self.variable_uses.get_or_init(|| variable::uses(self))
    }
}
