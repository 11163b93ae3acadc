//! Request triggers that anyone can call who has the address.

use crate::finding::Severity;
use crate::flow::{Completeness, FlowAnalysis, Format, Product, Trigger, TriggerType};
use crate::json::Node;
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct OpenHttpTrigger;

impl CodedRule for OpenHttpTrigger {
    type Options = NoOptions;
    const ON: &'static [Interest] =
        &[Interest::Trigger(TriggerType::Request), Interest::Trigger(TriggerType::Manual)];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn trigger<'a>(&self, flow: &FlowAnalysis<'a>, trigger: &Trigger<'a>, cx: &mut RuleContext<'_, 'a>) {
        let is_http = trigger.kind.is_some_and(|kind| kind.eq_ignore_ascii_case("Http"));
        match flow.product {
            Product::PowerAutomate if trigger.ty == TriggerType::Request && is_http => {
                power_automate(trigger, cx)
            }
            Product::LogicApps
                if (is_http || trigger.kind.is_none())
                    && flow.completeness == Completeness::Flow
                    && !flow.access_controlled =>
            {
                // Who may call a Standard workflow is set at the site that it runs on, and its file has no place for it.
                let is_standard = flow.format == Format::LogicAppsStandard;
                let unless = if is_standard { ", unless its site limits the callers" } else { "" };
                let message = format!(
                    "Anyone who has the address of '{}' can start this workflow{unless}",
                    trigger.name
                );
                let draft = cx.report(trigger.key_span, message);
                if is_standard {
                    draft.severity(Severity::Note).help("Limit the callers at the Standard Logic App: Authentication for tokens of Microsoft Entra, or Networking › Access restrictions for IP addresses.");
                } else {
                    draft.severity(Severity::Warning).help("Limit the callers in the resource's `accessControl.triggers`: by IP addresses or by OAuth policies.");
                }
            }
            _ => {}
        }
    }
}

fn power_automate<'a>(trigger: &Trigger<'a>, cx: &mut RuleContext<'_, 'a>) {
    const HELP: &str = "Trigger › Who can trigger the flow: choose 'Any user in my tenant' or 'Specific users in my tenant', and have callers send a Microsoft Entra token.";
    let inputs = trigger.node.get("inputs");
    let field = |name| inputs.and_then(|inputs| inputs.get(name));
    let Some(who) = field("triggerAuthenticationType") else {
        let message = format!(
            "'{}' says not who may call it: an older flow that anyone with the address can start",
            trigger.name
        );
        cx.report(trigger.key_span, message).severity(Severity::Warning).help(HELP);
        return;
    };
    match who.as_str() {
        Some(all) if all.eq_ignore_ascii_case("All") => {
            cx.report(
                who.span,
                format!("Anyone who has the address of '{}' can start this flow", trigger.name),
            )
            .help(HELP);
        }
        Some(user) if user.eq_ignore_ascii_case("User") && is_blank(field("triggerAllowedUsers")) => {
            cx.report(who.span, "'Specific users' with no user listed lets in the whole tenant")
                .severity(Severity::Note)
                .help("List the users or service principals under Allowed users, or choose 'Any user in my tenant' to say what happens.");
        }
        _ => {}
    }
}

fn is_blank(node: Option<&Node<'_>>) -> bool {
    node.is_none_or(|node| match node.as_str() {
        Some(text) => text.trim().is_empty(),
        None => node.elements().is_empty(),
    })
}
