//! References to actions that the flow does not have.

use crate::expr::Reads;
use crate::flow::FlowAnalysis;
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct UnknownActionReference;

impl CodedRule for UnknownActionReference {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        // A copied action may read what was not copied.
        if !flow.has_whole_definition() {
            return;
        }
        for reference in cx.references() {
            if reference.named.is_some() || reference.call.reads() != Reads::Action {
                continue;
            }
            let name = reference.name;
            let draft = cx
                .report_at(reference.site, reference.at, format!("There is no action '{name}' in this flow"))
                .detail(crate::expr::fold_name(name));
            match crate::text::nearest(name, flow.actions.iter().map(|action| action.name)) {
                Some(near) => draft.help(format!("Did you mean '{near}'? A reference keeps its old name when an action is renamed outside the designer.")),
                None => draft.help("Pick the value again from the dynamic content, or take it out: the service refuses to save the flow."),
            };
        }
    }
}
