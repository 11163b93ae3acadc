//! Parameters that the definition does not declare.

use super::reference::name_of;
use crate::expr::Call;
use crate::flow::{ExpressionSite, FlowAnalysis, Format, Product};
use crate::json::Node;
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

/// Parameters that the service fills in by itself.
const OWN: [&str; 2] = ["$connections", "$authentication"];

#[derive(Debug)]
pub(crate) struct UnknownParameter;

impl CodedRule for UnknownParameter {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Call("parameters")];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn call<'a>(
        &self,
        flow: &FlowAnalysis<'a>,
        site: &ExpressionSite<'a>,
        call: &Call<'a>,
        cx: &mut RuleContext<'_, 'a>,
    ) {
        // Logic Apps keep parameters in files of their own and in templates; a copy leaves them behind.
        if !flow.has_whole_definition()
            || flow.product != Product::PowerAutomate
            || flow.format == Format::ArmTemplate
            || flow.definition.get("parameters").is_some_and(|parameters| !parameters.is_object())
        {
            return;
        }
        let Some((name, at)) = name_of(call) else { return };
        // Nearly every name is spelled as it is declared, and folding one takes memory.
        let known = || OWN.into_iter().chain(flow.parameters.iter().map(|parameter| parameter.name));
        if known().any(|known| known == name) {
            return;
        }
        let folded = name.to_lowercase();
        if known().any(|known| known.to_lowercase() == folded) {
            return;
        }
        let draft = cx
            .report_at(site, at, format!("The flow has no parameter '{name}': the run fails here"))
            .detail(folded.as_str());
        let schema_name =
            |node: &Node<'_>| node.at(&["metadata", "schemaName"]).and_then(Node::as_str) == Some(name);
        let meant = flow
            .parameters
            .iter()
            .find(|parameter| schema_name(parameter.node))
            .map(|parameter| parameter.name);
        let declared =
            flow.parameters.iter().map(|parameter| parameter.name).filter(|known| !known.starts_with('$'));
        match meant.or_else(|| crate::text::nearest(name, declared)) {
            Some(near) => draft.help(format!("Did you mean '{near}'?")),
            None => draft.help(
                "Pick the environment variable again from the dynamic content: that declares it in the flow.",
            ),
        };
    }
}
