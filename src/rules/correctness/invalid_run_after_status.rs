//! Outcomes in run-after entries that there are not.

use crate::flow::{Action, FlowAnalysis, Statuses};
use crate::json::{Node, Value};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

const KNOWN: [&str; 4] = ["Succeeded", "Failed", "Skipped", "TimedOut"];

#[derive(Debug)]
pub(crate) struct InvalidRunAfterStatus;

impl CodedRule for InvalidRunAfterStatus {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::AnyAction];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn action<'a>(&self, flow: &FlowAnalysis<'a>, action: &Action<'a>, cx: &mut RuleContext<'_, 'a>) {
        for entry in action.run_after {
            let Value::Array(statuses) = entry.node.value else { continue };
            if statuses.is_empty() {
                let message = format!("'{}' waits for '{}' with no outcome at all", action.name, entry.name);
                cx.report(entry.key_span, message).help(format!(
                    "Choose at least one under Settings › Run after › {}: `[\"Succeeded\"]` is what the designer writes. The service refuses an empty list.",
                    entry.name
                ));
            }
            for status in statuses {
                check_status(flow, action, entry.name, status, cx);
            }
        }
    }
}

fn check_status<'a>(
    flow: &FlowAnalysis<'a>,
    action: &Action<'a>,
    before: &str,
    node: &Node<'a>,
    cx: &mut RuleContext<'_, 'a>,
) {
    let Some(text) = node.as_str() else {
        // A list or an object has no place on one line.
        if !matches!(node.value, Value::Array(_) | Value::Object(_)) {
            cx.report(
                node.span,
                format!("'{}' waits for '{before}' with {} as an outcome", action.name, node.kind()),
            )
            .help(choices());
        }
        return;
    };
    if Statuses::named(text).is_some() || flow.is_template_expression(text) {
        return;
    }
    let message =
        format!("'{}' waits for '{before}' to be '{text}', which is no outcome of an action", action.name);
    let draft = cx.report(node.span, message).detail(text.to_lowercase());
    match meant(text) {
        Some(near) => {
            draft.help(format!("Did you mean '{near}'? The service refuses to save the flow as it is."))
        }
        None => draft.help(choices()),
    };
}

/// The outcome that a word most likely means: 'Success' is further from 'Succeeded' than a slip of the keys.
fn meant(text: &str) -> Option<&'static str> {
    let begins_alike =
        |known: &&str| text.get(..4).is_some_and(|head| head.eq_ignore_ascii_case(&known[..4]));
    KNOWN.into_iter().find(begins_alike).or_else(|| crate::text::nearest(text, KNOWN))
}

fn choices() -> String {
    format!("Choose among {}. The service refuses to save the flow as it is.", KNOWN.join(", "))
}
