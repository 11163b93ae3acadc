//! Responses that do not go together, or do not fit what starts the flow.

use crate::finding::Severity;
use crate::flow::{Action, ActionType, FlowAnalysis, Product, Trigger, TriggerType};
use crate::json::{Member, Node};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

/// How the trigger of a connector starts a flow.
const ON_AN_EVENT: &str = "on an event, where nobody waits for an answer";

#[derive(Debug)]
pub(crate) struct ResponseMismatch;

impl CodedRule for ResponseMismatch {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        // The first schema of each status code; a flow has few codes.
        let mut schemas: Vec<(i64, &Action<'a>, &Member<'a>)> = Vec::new();
        for action in flow.actions.iter().filter(|action| action.ty == ActionType::Response) {
            if let [trigger] = flow.triggers.as_slice() {
                check_trigger(flow, action, trigger, cx);
            }
            let Some(inputs) = action.node.get("inputs") else { continue };
            let code = inputs.get("statusCode").and_then(Node::as_int);
            // An absent schema fits any; an empty one says as little.
            let schema = inputs.member("schema").filter(|schema| !schema.value.members().is_empty());
            let (Some(code), Some(schema)) = (code, schema) else { continue };
            match schemas.iter().find(|(known, ..)| *known == code) {
                None => schemas.push((code, action, schema)),
                Some((_, first, known)) if known.value != schema.value => {
                    let message = format!(
                        "'{}' and '{}' both answer with status {code} and describe different outputs",
                        first.name, action.name
                    );
                    cx.report(schema.key_span, message)
                        .help("Give both the same outputs, with the same names and types and in the same spelling; one may leave a value empty. The service refuses to save the flow as it is.")
                        .related(known.key_span, format!("'{}' describes its outputs here", first.name));
                }
                Some(_) => {}
            }
        }
    }
}

fn check_trigger<'a>(
    flow: &FlowAnalysis<'a>,
    action: &Action<'a>,
    trigger: &Trigger<'a>,
    cx: &mut RuleContext<'_, 'a>,
) {
    let (message, help, refused) = if trigger.node.get("recurrence").is_some_and(Node::is_object) {
        // A connector that is asked again and again starts the flow by what it finds.
        let how = match trigger.ty {
            TriggerType::Recurrence | TriggerType::SlidingWindow => "by the clock: there is no caller",
            _ => ON_AN_EVENT,
        };
        let message = format!("'{}' answers, and '{}' starts the flow {how}", action.name, trigger.name);
        (
            message,
            "Delete the Response, or start the flow by a request. The service refuses to save the flow as it is.",
            true,
        )
    } else if let Some(caller) = misfit(flow, action.kind.unwrap_or_default(), trigger) {
        let message = format!(
            "'{}' answers {}, and '{}' starts the flow {caller}",
            action.name,
            answered(action),
            trigger.name
        );
        (message, "Delete the action, or use the answer that belongs to the trigger.", false)
    } else {
        return;
    };
    let draft = cx.report(action.key_span, message).help(help);
    draft.related(trigger.key_span, format!("'{}' starts the flow", trigger.name));
    if !refused {
        draft.severity(Severity::Warning);
    }
}

/// What starts the flow, where a Response of that kind has nobody to answer. A plain HTTP Response suits
/// every request.
fn misfit(flow: &FlowAnalysis<'_>, kind: &str, trigger: &Trigger<'_>) -> Option<&'static str> {
    let is = |names: &[&str], name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    let (to_app, to_agent) = (is(&["PowerApp"], kind), is(&["Skills", "VirtualAgent"], kind));
    match trigger.ty {
        _ if trigger.ty.is_connector() => {
            let to_caller = is(&["Http", ""], kind) && flow.product == Product::PowerAutomate;
            (to_app || to_agent || to_caller).then_some(ON_AN_EVENT)
        }
        TriggerType::Request => {
            let started_by = trigger.kind?;
            if to_agent && is(&["Button", "PowerApp", "PowerAppV2"], started_by) {
                Some("from an app, a button or another flow")
            } else if (to_agent || to_app) && is(&["Http"], started_by) {
                Some("by an HTTP request")
            } else if to_app && is(&["Skills", "VirtualAgent"], started_by) {
                Some("from an agent")
            } else {
                None
            }
        }
        _ => None,
    }
}

/// Whom an answer of that kind reaches.
fn answered(action: &Action<'_>) -> &'static str {
    match action.kind {
        Some(kind) if kind.eq_ignore_ascii_case("PowerApp") => "an app or a flow",
        Some(kind) if !kind.eq_ignore_ascii_case("Http") => "an agent",
        _ => "a caller over HTTP",
    }
}
