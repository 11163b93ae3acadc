//! How a check reports: one primary place by construction, everything else by choice.

use super::draft::{Draft, Spot};
use crate::expr::{Call, Reads, TextRange};
use crate::finding::Location;
use crate::flow::{ExpressionSite, FlowAnalysis, Named};
use crate::secrets::TextSecrets;
use crate::solution::SolutionContext;

/// What a check works with: the flow, what stands around it, and where its findings go.
#[derive(Debug)]
pub struct RuleContext<'c, 'a> {
    /// The flow under the check.
    pub flow: &'c FlowAnalysis<'a>,
    /// The file that the flow stands in.
    pub file: FileContext<'c>,
    pub(super) calls: &'c Calls<'c, 'a>,
    pub(super) rule: usize,
    pub(super) drafts: &'c mut Vec<Draft>,
}

/// Where a check reports that looks at no single flow any more.
#[derive(Debug)]
pub struct ReportContext<'c> {
    rule: usize,
    drafts: &'c mut Vec<Draft<Location>>,
}

impl<'c> ReportContext<'c> {
    pub(super) fn new(rule: usize, drafts: &'c mut Vec<Draft<Location>>) -> Self {
        Self { rule, drafts }
    }

    /// Reports a fault at a place in any file.
    pub fn report(&mut self, location: Location, message: impl Into<String>) -> &mut Draft<Location> {
        self.drafts.push(Draft::new(self.rule, location, message));
        self.drafts.last_mut().expect("a draft was just pushed")
    }
}

/// What a check may ask of the file of a flow, and of what stands around it.
#[derive(Clone, Copy, Debug)]
pub struct FileContext<'c> {
    /// The solution or package around it.
    pub solution: Option<&'c SolutionContext>,
    /// The credentials in its text.
    pub secrets: &'c TextSecrets,
}

/// The calls of a flow, collected once for all checks.
#[derive(Debug, Default)]
pub(super) struct Calls<'c, 'a> {
    pub(super) all: Vec<(&'c ExpressionSite<'a>, &'c Call<'a>)>,
    pub(super) references: Vec<Reference<'c, 'a>>,
}

/// A call that reads an action or a loop by a name that is not computed.
#[derive(Clone, Copy, Debug)]
pub struct Reference<'c, 'a> {
    /// The string that the call stands in.
    pub site: &'c ExpressionSite<'a>,
    /// The call.
    pub call: &'c Call<'a>,
    /// The name as written.
    pub name: &'c str,
    /// The place of the name.
    pub at: TextRange,
    /// What it means.
    pub named: Option<Named>,
}

impl<'c, 'a> Calls<'c, 'a> {
    pub(super) fn of(flow: &'c FlowAnalysis<'a>) -> Self {
        // About as many calls as strings, and half of them read an action: what real flows have.
        let strings = flow.sites.len();
        let mut calls =
            Self { all: Vec::with_capacity(strings), references: Vec::with_capacity(strings / 2) };
        for site in &flow.sites {
            for expr in site.template.expressions() {
                expr.each_call(&mut |call| {
                    calls.all.push((site, call));
                    if matches!(call.reads(), Reads::Action | Reads::Loop)
                        && let Some(argument) = call.arguments.first()
                        && let Some(name) = argument.as_text()
                    {
                        let named = flow.named(name);
                        calls.references.push(Reference { site, call, name, at: argument.at, named });
                    }
                });
            }
        }
        calls
    }
}

impl<'c, 'a> RuleContext<'c, 'a> {
    /// Every function call in the evaluated strings of the flow, with its string, outer before inner.
    #[must_use]
    pub fn calls(&self) -> &'c [(&'c ExpressionSite<'a>, &'c Call<'a>)] {
        &self.calls.all
    }

    /// The calls among them that read an action or a loop by a name that is not computed.
    #[must_use]
    pub fn references(&self) -> &'c [Reference<'c, 'a>] {
        &self.calls.references
    }

    /// Reports a fault at a place: a scalar, a key, or a part of an expression.
    pub fn report(&mut self, spot: impl Into<Spot>, message: impl Into<String>) -> &mut Draft {
        self.drafts.push(Draft::new(self.rule, spot, message));
        self.drafts.last_mut().expect("a draft was just pushed")
    }

    /// Reports a fault at a part of an evaluated string.
    pub fn report_at(
        &mut self,
        site: &ExpressionSite<'_>,
        at: TextRange,
        message: impl Into<String>,
    ) -> &mut Draft {
        let spot = self.spot(site, at);
        self.report(spot, message)
    }

    /// The place of a part of an evaluated string, for what a finding says beside its first place.
    #[must_use]
    pub fn spot(&self, site: &ExpressionSite<'_>, at: TextRange) -> Spot {
        Spot::Here(site.span_of(&self.flow.source.text, at))
    }
}
