//! Flows that are started by their address, where a child flow is called by itself.

use crate::finding::Severity;
use crate::flow::host;
use crate::flow::{Action, ActionType, FlowAnalysis, Format, Product};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct OwnFlowByUrl;

impl CodedRule for OwnFlowByUrl {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Action(ActionType::Http)];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn action<'a>(&self, flow: &FlowAnalysis<'a>, action: &Action<'a>, cx: &mut RuleContext<'_, 'a>) {
        if flow.product != Product::PowerAutomate {
            return;
        }
        let Some(uri) = action.node.at(&["inputs", "uri"]) else { return };
        let Some(written) = flow.beginning(uri) else { return };
        let host = host(written.text.trim(), written.is_whole);
        let Some(started) = host.and_then(|host| started(&host, written.text)) else { return };
        let message = match started {
            Started::Flow => format!(
                "'{}' starts another flow by its address: imported elsewhere, it still starts the one of this environment",
                action.name
            ),
            Started::FlowOrLogicApp => {
                format!(
                    "'{}' starts a flow or logic app by its address, which is another one in every environment",
                    action.name
                )
            }
        };
        let in_solution = flow.format == Format::SolutionFlow;
        let help = match (started, in_solution) {
            (Started::Flow, true) => {
                "Put both flows into one solution and use *Run a Child Flow*: it finds the flow in every environment, and needs no key."
            }
            (Started::Flow, false) => {
                "Move both flows into one solution and use *Run a Child Flow*: it finds the flow in every environment, and needs no key."
            }
            (Started::FlowOrLogicApp, _) => {
                "If it is a flow of yours, put both into one solution and use *Run a Child Flow*. If it is a logic app, keep the address in an environment variable."
            }
        };
        let draft = cx.report(written.span, message).help(help);
        if !matches!((started, in_solution), (Started::Flow, true)) {
            draft.severity(Severity::Note);
        }
    }
}

/// What an address starts.
#[derive(Clone, Copy)]
enum Started {
    Flow,
    /// The two shared their hosts, until flows moved to hosts of their environments.
    FlowOrLogicApp,
}

/// What an address starts; none if it is not that of a trigger.
fn started(host: &str, address: &str) -> Option<Started> {
    let address = address.to_ascii_lowercase();
    let is_trigger = ["/workflows/", "/triggers/", "/paths/invoke"].iter().all(|part| address.contains(part));
    let ends = |ends: &[&str]| ends.iter().any(|end| host.ends_with(end));
    match () {
        () if !is_trigger => None,
        () if ends(&[".environment.api.powerplatform.com"]) => Some(Started::Flow),
        () if ends(&[".logic.azure.com", ".logic.azure.us"]) => Some(Started::FlowOrLogicApp),
        () => None,
    }
}
