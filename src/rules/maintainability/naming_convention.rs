//! Names against patterns that the configuration sets, one for each kind of element.

use regex::Regex;

use crate::flow::{ActionType, Binding, FlowAnalysis};
use crate::linter::{OptionError, OptionValue, Options, RuleContext};
use crate::text::Span;

/// The options that are a pattern each.
const KINDS: [&str; 7] =
    ["flow", "trigger", "action", "variable", "connection-reference", "parameter", "environment-variable"];

pub(super) fn check<'a>(flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
    let pattern = |kind: &str| Regex::new(cx.text(kind)).ok().filter(|_| !cx.text(kind).is_empty());
    let mut names: Vec<Name> = Vec::new();
    let mut look = |pattern: Option<&Regex>, what: &str, name: &str, place: Span, way: &'static str| {
        if let Some(pattern) = pattern.filter(|pattern| !pattern.is_match(name)) {
            let message = format!("The name of {what} '{name}' does not match {}", pattern.as_str());
            names.push(Name { place, message, detail: name.to_owned(), way });
        }
    };
    // Solutions call the files of flows after them, and leave out spaces and signs.
    if flow.is_named && flow.has_whole_definition() {
        look(
            pattern("flow").as_ref(),
            "the flow",
            &flow.name,
            flow.anchor,
            "Flow › Details › Edit: give it another name.",
        );
    }
    let of_trigger = pattern("trigger");
    for trigger in &flow.triggers {
        look(of_trigger.as_ref(), "the trigger", trigger.name, trigger.key_span, RENAME);
    }
    let of_action = pattern("action");
    let of_types: Vec<(ActionType, Regex)> = cx
        .list("action-types")
        .iter()
        .filter_map(|entry| of_type(entry))
        .filter_map(|(ty, pattern)| Some((ActionType::named(ty), Regex::new(pattern).ok()?)))
        .collect();
    for action in &flow.actions {
        // The pattern of its type says more than that of all actions.
        let own = of_types.iter().find(|(ty, _)| *ty == action.ty && *ty != ActionType::Unknown);
        let pattern = own.map(|(_, pattern)| pattern).or(of_action.as_ref());
        look(pattern, "the action", action.name, action.key_span, RENAME);
    }
    let of_variable = pattern("variable");
    if of_variable.is_some() {
        for variable in flow.variables() {
            let help =
                "Initialize variable › Name: change it there and in every action that uses the variable.";
            look(of_variable.as_ref(), "the variable", variable.name, variable.name_span, help);
        }
    }
    let of_reference = pattern("connection-reference");
    for connection in &flow.connections {
        if let Binding::Reference { name, span } = connection.binding {
            let help = "A connection reference keeps its name: make a new one in the solution and pick it in the flow.";
            look(of_reference.as_ref(), "the connection reference", name, span, help);
        }
    }
    let (of_parameter, of_environment) = (pattern("parameter"), pattern("environment-variable"));
    for parameter in flow.parameters.iter().filter(|parameter| !parameter.name.starts_with('$')) {
        match parameter.environment_variable {
            Some(schema) => {
                let help = "An environment variable keeps its schema name: make a new one in the solution.";
                look(of_environment.as_ref(), "the environment variable", schema, parameter.key_span, help);
            }
            None => {
                let help = "Change it in `parameters` and in every expression that reads it.";
                look(of_parameter.as_ref(), "the parameter", parameter.name, parameter.key_span, help);
            }
        }
    }
    for name in names {
        cx.report(name.place, name.message).help(name.way).detail(name.detail);
    }
}

const RENAME: &str = "⋯ › Rename. The designer changes the expressions that read it as well.";

/// A name that does not match.
struct Name {
    place: Span,
    message: String,
    detail: String,
    way: &'static str,
}

/// `Scope: ^SC_`: the type and the pattern.
fn of_type(entry: &str) -> Option<(&str, &str)> {
    let (ty, pattern) = entry.split_once(':')?;
    Some((ty.trim(), pattern.trim()))
}

/// Finds patterns that are none, and types that are none.
pub(super) fn verify(options: &Options) -> Result<(), OptionError> {
    let sound = |option: &'static str, pattern: &str| match Regex::new(pattern) {
        Ok(_) => Ok(()),
        Err(error) => {
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
            Err((option, format!("`{pattern}` is no pattern: {reason}")))
        }
    };
    for option in KINDS {
        if let Some(OptionValue::Text(pattern)) = options.get(option) {
            sound(option, pattern)?;
        }
    }
    for entry in options.list("action-types") {
        let wrong = |message: String| Err(("action-types", message));
        let Some((ty, pattern)) = of_type(entry) else {
            return wrong(format!("`{entry}` has no type and pattern: write Scope: ^SC_"));
        };
        if ActionType::named(ty) == ActionType::Unknown {
            return wrong(match crate::text::nearest(ty, ActionType::names()) {
                Some(near) => format!("there is no type of action `{ty}`: did you mean `{near}`?"),
                None => format!("there is no type of action `{ty}`"),
            });
        }
        sound("action-types", pattern)?;
    }
    Ok(())
}
