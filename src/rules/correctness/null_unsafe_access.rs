//! Steps without `?` into data that may be absent.

use super::condition::each_comparison;
use crate::expr::{Call, ExprKind, Step};
use crate::flow::{ActionType, Element, ExpressionSite, FlowAnalysis};
use crate::json::Node;
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct NullUnsafeAccess;

impl CodedRule for NullUnsafeAccess {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::AnyCall];

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
        if call.is("workflow") || call.is("parameters") || call.steps.iter().all(|step| step.safe) {
            return;
        }
        // The index of a list is another matter: an empty list is asked about with `empty`.
        let named = |step: &Step<'_>| !matches!(step.key.kind, ExprKind::Integer(_));
        // An action that ran has a body.
        let body = |step: &Step<'_>| step.key.as_text() == Some("body");
        let behind_safe = call
            .steps
            .windows(2)
            .find(|pair| pair[0].safe && !body(&pair[0]) && !pair[1].safe && named(&pair[1]))
            .map(|pair| &pair[1]);
        let first = call.steps.first().filter(|step| !step.safe && named(step) && may_lack(flow, call, step));
        let Some(step) = first.or(behind_safe) else { return };
        if asks_first(site) || condition_asks(flow, site) {
            return;
        }
        let message = if first.is_some() {
            format!("What '{}' gives may lack this, and without a '?' the action fails then", call.name)
        } else {
            "The step before this one may give null, and without a '?' the action fails then".to_owned()
        };
        cx.report_at(site, step.key.at, message)
            .detail(call.name.to_lowercase())
            .help("Write ?['…'] in place of ['…']: what is absent gives null then.");
    }
}

/// Whether what a call gives may be without that key: the first of an empty list is null, and an input
/// that need not be given is not there.
fn may_lack(flow: &FlowAnalysis<'_>, call: &Call<'_>, step: &Step<'_>) -> bool {
    if ["first", "last"].iter().any(|name| call.is(name)) {
        return true;
    }
    let Some(key) = step.key.as_text().filter(|_| call.is("triggerBody")) else { return false };
    let Some(schema) = flow.triggers.first().and_then(|trigger| trigger.node.at(&["inputs", "schema"]))
    else {
        return false;
    };
    let required = schema.get("required");
    schema.at(&["properties", key]).is_some()
        && !required.is_some_and(|list| list.elements().iter().any(|name| name.as_str() == Some(key)))
}

/// Whether the same text asks whether the value is there before it steps into it.
fn asks_first(site: &ExpressionSite<'_>) -> bool {
    let mut asks = false;
    for expr in site.template.expressions() {
        expr.each_call(&mut |call| {
            asks |= ["contains", "empty", "length", "equals"].iter().any(|name| call.is(name));
        });
    }
    asks
}

/// Whether a condition around the action asks how much there is.
fn condition_asks(flow: &FlowAnalysis<'_>, site: &ExpressionSite<'_>) -> bool {
    let Element::Action(id) = site.element else { return false };
    let mut asks = false;
    for around in flow.path(id) {
        let action = &flow.actions[around];
        if action.ty == ActionType::If
            && let Some(condition) = action.node.get("expression")
        {
            let mut strings = Vec::new();
            let mut alone = Vec::new();
            each_comparison(condition, &mut |c| strings.extend([c.left, c.right]), &mut |text| {
                alone.push(text)
            });
            asks |= strings.into_iter().chain(alone).filter_map(Node::as_str).any(|text| {
                ["empty(", "length(", "contains("].iter().any(|function| text.contains(function))
            });
        }
    }
    asks
}
