//! A solution flow that is bound to one connection in place of a connection reference.

use crate::flow::{Binding, FlowAnalysis, Format};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct DirectConnection;

impl CodedRule for DirectConnection {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        // Packages and the flow API cannot hold references; only a solution promises to be movable.
        if flow.format != Format::SolutionFlow {
            return;
        }
        let mut direct = flow.connections.iter().filter_map(|connection| match connection.binding {
            Binding::Connection { span, .. } => Some((connection.key, span)),
            _ => None,
        });
        let Some((key, span)) = direct.next() else { return };
        let message = format!(
            "'{key}' is bound to a connection and to no connection reference: imported elsewhere, the flow has none"
        );
        let draft = cx.report(span, message);
        draft.grouped().help("In the solution: Add existing › More › Connection reference, then pick it in the flow's actions in place of the connection.");
        for (key, span) in direct {
            draft.related(span, format!("so is '{key}'"));
        }
    }
}
