//! Request triggers whose body is used and described by no schema.

use super::trigger_body::{KeyName, steps_into_body};
use crate::expr::Call;
use crate::flow::{FlowAnalysis, Trigger, TriggerType};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct HttpTriggerWithoutSchema;

impl CodedRule for HttpTriggerWithoutSchema {
    type Options = NoOptions;
    const ON: &'static [Interest] =
        &[Interest::Trigger(TriggerType::Request), Interest::Trigger(TriggerType::Manual)];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn trigger<'a>(&self, flow: &FlowAnalysis<'a>, trigger: &Trigger<'a>, cx: &mut RuleContext<'_, 'a>) {
        let is_http = trigger.kind.is_none_or(|kind| kind.eq_ignore_ascii_case("Http"));
        if !is_http {
            return;
        }
        let schema = trigger.node.at(&["inputs", "schema"]);
        if schema.is_some_and(|schema| !schema.members().is_empty() || schema.as_str().is_some()) {
            return;
        }
        // `$content` and `$multipart` are a body that is no JSON: no schema has a word for it.
        let is_field = |name: KeyName<'_>| !matches!(name, KeyName::Text(name) if name.starts_with('$'));
        let reads_field = |call: &Call<'_>| {
            steps_into_body(flow, call)
                .is_some_and(|steps| steps.first().is_some_and(|first| is_field(first.name)))
        };
        // The body as a whole may be parsed elsewhere.
        let Some((site, call)) = cx.calls().iter().find(|(_, call)| reads_field(call)) else { return };
        let place = site.span_of(&flow.source.text, call.name_at);
        cx.report(trigger.key_span, format!("'{}' takes any body: what a caller must send is written nowhere, and a missing field shows only when the flow runs", trigger.name))
            .help("Trigger › Use sample payload to generate schema. With Settings › Schema validation on, a wrong call is refused.")
            .related(place, "a field of the body is read here");
    }
}
