//! Names against patterns that the configuration sets, one for each kind of element.

use regex::Regex;
use serde::Deserialize;

use crate::flow::{ActionType, Binding, FlowAnalysis};
use crate::linter::{CodedRule, Interest, OptionError, RuleContext};
use crate::text::Span;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Options {
    flow: String,
    trigger: String,
    action: String,
    action_types: Vec<String>,
    variable: String,
    connection_reference: String,
    parameter: String,
    environment_variable: String,
}

/// A pattern for each kind of element; none where names are free.
#[derive(Debug)]
pub(crate) struct NamingConvention {
    flow: Option<Regex>,
    trigger: Option<Regex>,
    action: Option<Regex>,
    action_types: Vec<(ActionType, Regex)>,
    variable: Option<Regex>,
    connection_reference: Option<Regex>,
    parameter: Option<Regex>,
    environment_variable: Option<Regex>,
}

impl CodedRule for NamingConvention {
    type Options = Options;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(options: Options) -> Result<Self, OptionError> {
        Ok(Self {
            flow: pattern("flow", &options.flow)?,
            trigger: pattern("trigger", &options.trigger)?,
            action: pattern("action", &options.action)?,
            variable: pattern("variable", &options.variable)?,
            connection_reference: pattern("connection-reference", &options.connection_reference)?,
            parameter: pattern("parameter", &options.parameter)?,
            environment_variable: pattern("environment-variable", &options.environment_variable)?,
            action_types: options
                .action_types
                .iter()
                .map(|entry| of_type(entry))
                .collect::<Result<_, _>>()?,
        })
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
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
                self.flow.as_ref(),
                "the flow",
                &flow.name,
                flow.anchor,
                "Flow › Details › Edit: give it another name.",
            );
        }
        for trigger in &flow.triggers {
            look(self.trigger.as_ref(), "the trigger", trigger.name, trigger.key_span, RENAME);
        }
        for action in &flow.actions {
            // The pattern of its type says more than that of all actions.
            let own = self.action_types.iter().find(|(ty, _)| *ty == action.ty);
            let pattern = own.map(|(_, pattern)| pattern).or(self.action.as_ref());
            look(pattern, "the action", action.name, action.key_span, RENAME);
        }
        if self.variable.is_some() {
            for variable in flow.variables() {
                let help =
                    "Initialize variable › Name: change it there and in every action that uses the variable.";
                look(self.variable.as_ref(), "the variable", variable.name, variable.name_span, help);
            }
        }
        for connection in &flow.connections {
            if let Binding::Reference { name, span } = connection.binding {
                let help = "A connection reference keeps its name: make a new one in the solution and pick it in the flow.";
                look(self.connection_reference.as_ref(), "the connection reference", name, span, help);
            }
        }
        for parameter in flow.parameters.iter().filter(|parameter| !parameter.name.starts_with('$')) {
            match parameter.environment_variable {
                Some(schema) => {
                    let help =
                        "An environment variable keeps its schema name: make a new one in the solution.";
                    look(
                        self.environment_variable.as_ref(),
                        "the environment variable",
                        schema,
                        parameter.key_span,
                        help,
                    );
                }
                None => {
                    let help = "Change it in `parameters` and in every expression that reads it.";
                    look(self.parameter.as_ref(), "the parameter", parameter.name, parameter.key_span, help);
                }
            }
        }
        for name in names {
            cx.report(name.place, name.message).help(name.way).detail(name.detail);
        }
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

/// The pattern of an option; none where it is empty.
fn pattern(option: &'static str, text: &str) -> Result<Option<Regex>, OptionError> {
    (!text.is_empty()).then(|| regex(option, text)).transpose()
}

fn regex(option: &'static str, pattern: &str) -> Result<Regex, OptionError> {
    let wrong = |error: regex::Error| {
        // The last line of several says what is wrong; the others draw the pattern.
        let text = error.to_string();
        let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
        OptionError::new(option, format!("`{pattern}` is no pattern: {reason}"))
    };
    Regex::new(pattern).map_err(wrong)
}

/// `Scope: ^SC_`: the type and the pattern.
fn of_type(entry: &str) -> Result<(ActionType, Regex), OptionError> {
    let wrong = |message: String| Err(OptionError::new("action-types", message));
    let Some((name, pattern)) = entry.split_once(':').map(|(name, text)| (name.trim(), text.trim())) else {
        return wrong(format!("`{entry}` has no type and pattern: write Scope: ^SC_"));
    };
    let ty = ActionType::named(name);
    if ty == ActionType::Unknown {
        return wrong(match crate::text::nearest(name, ActionType::names()) {
            Some(near) => format!("there is no type of action `{name}`: did you mean `{near}`?"),
            None => format!("there is no type of action `{name}`"),
        });
    }
    Ok((ty, regex("action-types", pattern)?))
}
