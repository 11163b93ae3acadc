//! Parameters of a flow, most often environment variables, that nothing in it reads.

use rustc_hash::FxHashSet;

use crate::expr::Reads;
use crate::flow::{FlowAnalysis, Parameter};
use crate::json::{Node, Value};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct UnusedParameter;

impl CodedRule for UnusedParameter {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        // What could not be read may read any of them.
        if !flow.has_whole_definition() || !flow.malformed.is_empty() {
            return;
        }
        // The service fills in those with a dollar sign.
        let own = flow.parameters.iter().filter(|parameter| !parameter.name.starts_with('$'));
        let mut unread: Vec<(String, &Parameter<'a>)> =
            own.map(|parameter| (parameter.name.to_lowercase(), parameter)).collect();
        if unread.is_empty() {
            return;
        }
        let known: FxHashSet<String> =
            flow.parameters.iter().map(|known| known.name.to_lowercase()).collect();
        let mut read = FxHashSet::default();
        for (_, call) in cx.calls().iter().filter(|(_, call)| call.reads() == Reads::Parameter) {
            // A name that is computed may be any of them.
            let Some(name) = call.arguments.first().and_then(|argument| argument.as_text()) else { return };
            let folded = name.to_lowercase();
            if !read.insert(folded.clone()) {
                continue;
            }
            unread.retain(|(known, _)| *known != folded);
            // A name that the flow does not have means one that it has.
            if !known.contains(&folded) {
                let names = unread.iter().map(|(_, parameter)| parameter.name);
                let meant = crate::text::nearest(name, names).map(str::to_owned);
                unread.retain(|(_, parameter)| {
                    parameter.environment_variable != Some(name) && meant.as_deref() != Some(parameter.name)
                });
            }
            if unread.is_empty() {
                return;
            }
        }
        // What is no expression of the flow, or does not parse as one, may read a parameter all the same.
        let parts = ["triggers", "actions", "outputs"].iter().filter_map(|part| flow.definition.get(part));
        parts.for_each(|part| {
            each_unread_text(flow, part, &mut |text| {
                if text.contains("parameters") {
                    let text = text.to_lowercase().replace("''", "'");
                    unread.retain(|(known, _)| !text.contains(known.as_str()));
                }
            });
        });
        for (_, parameter) in unread {
            let what = match parameter.environment_variable {
                Some(schema_name) => format!("environment variable '{schema_name}'"),
                None => format!("parameter '{}'", parameter.name),
            };
            cx.report(parameter.key_span, format!("Nothing in the flow reads the {what}")).help(
                "Pick it where its value is written into the flow, or delete the entry. An environment variable itself may serve other flows and apps.",
            );
        }
    }
}

/// Calls `visit` for every key, and for every text whose calls are not known.
fn each_unread_text<'a>(flow: &FlowAnalysis<'a>, node: &'a Node<'a>, visit: &mut dyn FnMut(&'a str)) {
    match &node.value {
        Value::String(text) => {
            let is_read = flow.template_of(node).is_some_and(|template| template.errors().next().is_none());
            if !is_read {
                visit(text);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| each_unread_text(flow, element, visit)),
        Value::Object(members) => members.iter().for_each(|member| {
            visit(member.key);
            each_unread_text(flow, &member.value, visit);
        }),
        _ => {}
    }
}
