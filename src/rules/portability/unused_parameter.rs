//! Parameters of a flow, most often environment variables, that nothing in it reads.

use crate::expr::Reads;
use crate::flow::{Flow, Parameter};
use crate::json::{Node, Value};
use crate::rule::Cx;

pub(super) fn check<'a>(flow: &Flow<'a>, cx: &mut Cx<'_, 'a>) {
    // What could not be read may read any of them.
    if !flow.has_whole_definition() || !flow.malformed.is_empty() {
        return;
    }
    // The service fills in those with a dollar sign.
    let mut unread: Vec<&Parameter<'a>> =
        flow.parameters.iter().filter(|parameter| !parameter.name.starts_with('$')).collect();
    if unread.is_empty() {
        return;
    }
    for (_, call) in cx.calls().iter().filter(|(_, call)| call.reads() == Reads::Parameter) {
        // A name that is computed may be any of them.
        let Some(name) = call.arguments.first().and_then(|argument| argument.as_text()) else { return };
        let folded = name.to_lowercase();
        let before = unread.len();
        unread.retain(|parameter| parameter.name.to_lowercase() != folded);
        // A name that the flow does not have means one that it has.
        if unread.len() == before {
            let meant =
                crate::nearest(name, unread.iter().map(|parameter| parameter.name)).map(str::to_owned);
            unread.retain(|parameter| {
                parameter.environment_variable != Some(name) && meant.as_deref() != Some(parameter.name)
            });
        }
        if unread.is_empty() {
            return;
        }
    }
    // Expressions that do not parse, and those of templates, name parameters all the same.
    let parts = ["triggers", "actions", "outputs"].iter().filter_map(|part| flow.definition.get(part));
    parts.for_each(|part| {
        each_string(part, &mut |text| {
            if text.contains("parameters") {
                let text = text.to_lowercase().replace("''", "'");
                unread.retain(|parameter| !text.contains(&parameter.name.to_lowercase()));
            }
        })
    });
    for parameter in unread {
        let what = match parameter.environment_variable {
            Some(schema_name) => format!("environment variable '{schema_name}'"),
            None => format!("parameter '{}'", parameter.name),
        };
        cx.report(parameter.key_span, format!("Nothing in the flow reads the {what}")).help(
            "Pick it where its value is written into the flow, or delete the entry. An environment variable itself may serve other flows and apps.",
        );
    }
}

/// Calls `visit` for every text, keys included.
fn each_string<'a>(node: &'a Node<'a>, visit: &mut dyn FnMut(&'a str)) {
    match &node.value {
        Value::String(text) => visit(text),
        Value::Array(elements) => elements.iter().for_each(|element| each_string(element, visit)),
        Value::Object(members) => members.iter().for_each(|member| {
            visit(&member.key);
            each_string(&member.value, visit);
        }),
        _ => {}
    }
}
