//! What is known of the types of a flow's values before it runs.

use std::cell::{Cell, OnceCell, RefCell};

use rustc_hash::FxHashMap;

use super::super::{Action, ActionType, Element, FlowAnalysis, Named, VariableType};
use super::schema;
use super::value_shape::{HOPS, ValueShape};
use crate::expr::{Call, Expr, SolutionFiles, Template, Types, type_of, type_of_template};
use crate::json::{Node, Value};
use crate::text::Arena;

/// What was found out already: each action and the variables are looked at once, when first asked for.
#[derive(Debug, Default)]
pub(in crate::flow) struct Typing {
    outputs: OnceCell<Vec<Cell<Output>>>,
    variables: OnceCell<FxHashMap<String, Types>>,
    /// Values inside of what Compose actions put together, by where they stand; none while one is worked out.
    inner: RefCell<FxHashMap<u32, Option<Types>>>,
    /// How many values are being worked out, each for the one before.
    depth: Cell<usize>,
}

/// How many values are worked out for each other: far more than any flow has, and safe for the stack.
const MOST_DEEP: usize = 64;

#[derive(Clone, Copy, Debug)]
enum Output {
    Unknown,
    /// Being worked out: who asks now reads itself, which the service refuses.
    Open,
    Known(Types),
}

impl<'a> FlowAnalysis<'a> {
    /// What an expression can be where an element evaluates it. The flow as a whole stands for anyone who reads it.
    #[must_use]
    pub fn type_of(&self, expr: &Expr<'_>, reader: Element) -> Types {
        type_of(expr, &Reading { flow: self, reader })
    }

    /// What an evaluated string of an element can be.
    #[must_use]
    pub fn type_of_template(&self, template: &Template<'_>, reader: Element) -> Types {
        type_of_template(template, &Reading { flow: self, reader })
    }

    /// What a JSON value of an element is when its strings are evaluated.
    #[must_use]
    pub fn type_of_node(&self, node: &Node<'_>, reader: Element) -> Types {
        match &node.value {
            Value::Null => Types::NULL,
            Value::Bool(_) => Types::BOOLEAN,
            Value::Number(text) if text.contains(['.', 'e', 'E']) => Types::FLOAT,
            Value::Number(_) => Types::INTEGER,
            // An ARM template replaces its own `[…]` before there is a flow.
            Value::String(text) if self.is_template_expression(text) => Types::ANY,
            Value::String(text) => match self.template_of(node) {
                Some(template) => self.type_of_template(template, reader),
                None => self.type_of_template(&Template::read(text, &Arena::new()), reader),
            },
            Value::Array(_) => Types::ARRAY,
            Value::Object(_) => Types::OBJECT,
        }
    }

    /// What an action gives when it runs, whoever reads it.
    fn output_type(&self, id: usize) -> Types {
        let fresh = || self.actions.iter().map(|_| Cell::new(Output::Unknown)).collect();
        let memo = &self.typing.outputs.get_or_init(fresh)[id];
        match memo.get() {
            Output::Known(types) => types,
            Output::Open => Types::ANY,
            Output::Unknown if self.typing.depth.get() >= MOST_DEEP => Types::ANY,
            Output::Unknown => {
                memo.set(Output::Open);
                let inputs = self.actions[id].node.get("inputs");
                let types = inputs.map_or(Types::ANY, |node| self.type_below(node, Element::Action(id)));
                memo.set(Output::Known(types));
                types
            }
        }
    }

    /// What a value is, one level further down.
    fn type_below(&self, node: &Node<'_>, reader: Element) -> Types {
        let depth = self.typing.depth.get();
        self.typing.depth.set(depth + 1);
        let types = self.type_of_node(node, reader);
        self.typing.depth.set(depth);
        types
    }

    /// What an action's output can be in place of its value: null where the action was skipped, and for an action in
    /// a loop, read from outside it, the array of the values of all turns.
    fn absence(&self, action: &Action<'_>, reader: Element) -> Types {
        if self.is_list_for(action, reader) { Types::NULL.or(Types::ARRAY) } else { Types::NULL }
    }

    fn type_told(&self, told: ValueShape<'a>) -> Types {
        match told {
            ValueShape::Schema(schema) => schema::types(schema),
            ValueShape::Value(node) => {
                let at = node.span.start;
                if let Some(known) = self.typing.inner.borrow().get(&at) {
                    // Who asks while it is worked out reads itself, which the service refuses.
                    return known.unwrap_or(Types::ANY);
                }
                if self.typing.depth.get() >= MOST_DEEP {
                    return Types::ANY;
                }
                self.typing.inner.borrow_mut().insert(at, None);
                let types = self.type_below(node, self.element_at(node.span));
                self.typing.inner.borrow_mut().insert(at, Some(types));
                types
            }
        }
    }

    fn variable_type(&self, name: &str) -> Types {
        let table = self.typing.variables.get_or_init(|| self.variable_types());
        table.get(&name.to_lowercase()).copied().unwrap_or(Types::ANY)
    }

    fn variable_types(&self) -> FxHashMap<String, Types> {
        let mut table: FxHashMap<String, Types> = FxHashMap::default();
        for variable in self.variables() {
            let declared = variable.ty.map_or(Types::ANY, VariableType::types);
            let types = declared.or(null_unless_literal(variable.value));
            let entry = table.entry(variable.name.to_lowercase()).or_insert(Types::NONE);
            *entry = entry.or(types);
        }
        for action in self.actions.iter().filter(|action| action.ty == ActionType::SetVariable) {
            let Some(name) = action.node.at(&["inputs", "name"]).and_then(Node::as_str) else { continue };
            if let Some(types) = table.get_mut(&name.to_lowercase()) {
                *types = types.or(null_unless_literal(action.node.at(&["inputs", "value"])));
            }
        }
        table
    }

    fn parameter_type(&self, name: &str) -> Types {
        let Some(parameter) = self.parameters.iter().find(|p| p.name.eq_ignore_ascii_case(name)) else {
            return Types::ANY;
        };
        let declared = match parameter.type_name.map(str::to_ascii_lowercase).as_deref() {
            Some("string" | "securestring") => Types::STRING,
            // Flows compare environment variables that are declared as Bool with 'yes' and 'no', and run.
            Some("array") => Types::ARRAY,
            _ => return Types::ANY,
        };
        declared.or(Types::NULL)
    }
}

/// A flow as one of its elements reads it.
#[derive(Clone, Copy)]
struct Reading<'f, 'a> {
    flow: &'f FlowAnalysis<'a>,
    reader: Element,
}

impl SolutionFiles for Reading<'_, '_> {
    fn type_of_call(&self, call: &Call<'_>) -> Option<Types> {
        let reads = ["variables", "outputs", "body", "parameters"];
        let read = reads.into_iter().find(|name| call.is(name))?;
        let flow = self.flow;
        let Some(name) = call.arguments.first().and_then(Expr::as_text) else { return Some(Types::ANY) };
        Some(match read {
            "variables" => flow.variable_type(name),
            "parameters" => flow.parameter_type(name),
            _ => match flow.named(name) {
                Some(Named::Action(id)) if read == "body" => {
                    let action = &flow.actions[id];
                    body_type(action).or(flow.absence(action, self.reader))
                }
                Some(Named::Action(id)) if flow.actions[id].ty == ActionType::Compose => {
                    flow.output_type(id).or(flow.absence(&flow.actions[id], self.reader))
                }
                _ => Types::ANY,
            },
        })
    }

    fn type_behind_steps(&self, call: &Call<'_>) -> Types {
        // Whatever is read into may be missing, and so may what is read.
        self.flow
            .told(call, self.reader, HOPS)
            .map_or(Types::ANY, |told| self.flow.type_told(told).or(Types::NULL))
    }
}

impl VariableType {
    /// The types that a variable of this type can hold.
    #[must_use]
    pub fn types(self) -> Types {
        match self {
            Self::Boolean => Types::BOOLEAN,
            Self::Integer => Types::INTEGER,
            Self::Float => Types::NUMBER,
            Self::String => Types::STRING,
            Self::Object => Types::OBJECT,
            Self::Array => Types::ARRAY,
        }
    }
}

/// The body of a data operation that ran.
fn body_type(action: &Action<'_>) -> Types {
    match action.ty {
        ActionType::Select | ActionType::Query => Types::ARRAY,
        ActionType::Join | ActionType::Table => Types::STRING,
        ActionType::ParseJson => action.node.at(&["inputs", "schema"]).map_or(Types::ANY, schema::types),
        _ => Types::ANY,
    }
}

/// A variable is null while nothing is set, and where what is set turns out to be null.
fn null_unless_literal(value: Option<&Node<'_>>) -> Types {
    match value.map(|node| &node.value) {
        None | Some(Value::Null) => Types::NULL,
        Some(Value::String(text)) if !Template::is_plain(text) => Types::NULL,
        Some(_) => Types::NONE,
    }
}

#[cfg(test)]
mod tests {
    use crate::expr::Template;
    use crate::flow::{Detected, Element, FlowAnalysis, Named, detect, load};
    use crate::text::Arena;
    use crate::{json, text::Source};

    #[test]
    fn what_a_flow_declares_types_its_expressions() {
        let text = r#"{"definition": {"triggers": {}, "parameters": {"P (x)": {"type": "String"}},
            "actions": {
                "I": {"type": "InitializeVariable", "inputs": {"variables": [
                    {"name": "n", "type": "integer", "value": 0}, {"name": "s", "type": "string"}]}},
                "C": {"type": "Compose", "inputs": "@add(variables('n'), 1)", "runAfter": {"I": ["Succeeded"]}},
                "D": {"type": "Compose", "inputs": "@outputs('C')", "runAfter": {"C": ["Succeeded"]}},
                "Ring": {"type": "Compose", "inputs": "@outputs('Ring')"},
                "S": {"type": "Select", "inputs": {"from": "@variables('n')", "select": {}}},
                "Loop": {"type": "Foreach", "foreach": "@body('S')", "actions": {
                    "Row": {"type": "Compose", "inputs": "text"}}},
                "O": {"type": "Compose", "inputs": {"n": 5, "at": {"s": "@{utcNow()}"}, "own": "@outputs('O')?['own']",
                    "row": "@body('P')?['rows']?[0]"}},
                "K": {"type": "Compose", "inputs": {"n": 5, "@{utcNow()}": 1}},
                "P": {"type": "ParseJson", "inputs": {"content": "@body('H')", "schema": {"type": "object",
                    "properties": {"id": {"type": "integer"}, "name": {"type": ["string", "null"]},
                        "rows": {"type": "array", "items": {"type": "object",
                            "properties": {"ok": {"type": "boolean"}}}}}}}},
                "Each": {"type": "Foreach", "foreach": "@body('P')?['rows']", "actions": {}},
                "H": {"type": "Http", "inputs": {}}}}}"#;
        let source = Source::new("flow.json", text);
        let arena = Arena::new();
        let root = json::parse(&source.text, &arena).unwrap();
        let Detected::Flows(found) = detect(&root, "") else { panic!("a flow") };
        let flow = FlowAnalysis::new(load(&source, &found[0], None, &arena));
        for (text, expected) in [
            ("@variables('N')", "an integer"),
            ("@variables('s')", "a string or null"),
            ("@variables('other')", "anything"),
            ("@outputs('C')", "an integer or null"),
            ("@outputs('d')", "an integer or null"),
            ("@outputs('C')?['x']", "anything"),
            ("@outputs('Ring')", "anything"),
            ("@outputs('Row')", "a string, null or an array"),
            ("@outputs('H')", "anything"),
            ("@body('S')", "null or an array"),
            ("@body('H')", "anything"),
            ("@parameters('p (X)')", "a string or null"),
            ("@outputs('O')?['n']", "an integer or null"),
            ("@outputs('O')?['at']?['s']", "a string or null"),
            ("@outputs('O')?['at']?['other']", "anything"),
            ("@outputs('O')?['own']", "anything"),
            ("@outputs('O')?['row']?['ok']", "a boolean or null"),
            ("@outputs('K')?['n']", "anything"),
            ("@body('P')", "null or an object"),
            ("@body('P')?['id']", "a number or null"),
            ("@body('P')['name']", "a string or null"),
            ("@outputs('P')?['body']?['id']", "a number or null"),
            ("@outputs('P')?['body/id']", "a number or null"),
            ("@outputs('P')?['headers']", "anything"),
            ("@body('P')?['rows'][0]?['ok']", "a boolean or null"),
            ("@body('P')?['rows']?[item()]", "anything"),
            ("@items('Each')?['ok']", "a boolean or null"),
            ("@items('Each')", "anything"),
        ] {
            assert_eq!(
                flow.type_of_template(&Template::read(text, &arena), Element::Flow).words(),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn who_stands_in_the_same_loop_reads_one_value() {
        let text = r#"{"definition": {"triggers": {}, "actions": {
            "Outer": {"type": "Foreach", "foreach": "@createArray(1)", "actions": {
                "Inner": {"type": "Foreach", "foreach": "@createArray(1)", "actions": {
                    "N": {"type": "Compose", "inputs": "@length('abc')"},
                    "Parts": {"type": "Compose", "inputs": {"x": 1}},
                    "Copy": {"type": "Compose", "inputs": "@outputs('N')"}}},
                "Behind": {"type": "Compose", "inputs": "@outputs('N')"}}},
            "Wait": {"type": "Until", "actions": {"U": {"type": "Compose", "inputs": 1}}},
            "Last": {"type": "Compose", "inputs": {"u": "@outputs('U')", "n": "@outputs('N')"}}}}}"#;
        let source = Source::new("flow.json", text);
        let arena = Arena::new();
        let root = json::parse(&source.text, &arena).unwrap();
        let Detected::Flows(found) = detect(&root, "") else { panic!("a flow") };
        let flow = FlowAnalysis::new(load(&source, &found[0], None, &arena));
        for (reader, text, expected) in [
            ("Last", "@outputs('N')", "an integer, null or an array"),
            ("Behind", "@outputs('N')", "an integer, null or an array"),
            ("Copy", "@outputs('N')", "an integer or null"),
            ("N", "@outputs('Copy')", "an integer or null"),
            ("Behind", "@outputs('Copy')", "an integer, null or an array"),
            ("N", "@outputs('Behind')", "an integer, null or an array"),
            ("Last", "@outputs('U')", "an integer or null"),
            ("Last", "@outputs('Last')?['u']", "an integer or null"),
            ("Last", "@outputs('Last')?['n']", "an integer, null or an array"),
            ("Copy", "@outputs('Parts')?['x']", "an integer or null"),
            ("Last", "@outputs('Parts')?['x']", "anything"),
        ] {
            let Some(Named::Action(id)) = flow.named(reader) else { panic!("{reader}") };
            let template = Template::read(text, &arena);
            let types = flow.type_of_template(&template, Element::Action(id));
            assert_eq!(types.words(), expected, "{text} in {reader}");
        }
    }

    #[test]
    fn a_long_way_from_value_to_value_is_not_walked() {
        let count = 20_000;
        let actions: Vec<String> = (0..count)
            .map(|n| {
                format!(r#""C{n}": {{"type": "Compose", "inputs": "@if(true, outputs('C{}'), 1)"}}"#, n + 1)
            })
            .collect();
        let text = format!(r#"{{"definition": {{"triggers": {{}}, "actions": {{{}}}}}}}"#, actions.join(","));
        let source = Source::new("flow.json", text);
        let arena = Arena::new();
        let root = json::parse(&source.text, &arena).unwrap();
        let Detected::Flows(found) = detect(&root, "") else { panic!("a flow") };
        let flow = FlowAnalysis::new(load(&source, &found[0], None, &arena));
        assert_eq!(
            flow.type_of_template(&Template::read("@outputs('C0')", &arena), Element::Flow).words(),
            "anything"
        );
    }

    #[test]
    fn a_trigger_types_its_inputs_where_the_service_refuses_others() {
        let schema = r#"{"type": "object", "properties": {"number": {"type": "number"}}}"#;
        for (trigger, expected) in [
            (r#""kind": "Button""#, "a number or null"),
            (r#""kind": "PowerAppV2""#, "a number or null"),
            (r#""kind": "Http""#, "anything"),
            (r#""kind": "Http", "operationOptions": "EnableSchemaValidation""#, "a number or null"),
        ] {
            let text = format!(
                r#"{{"definition": {{"actions": {{}}, "triggers": {{"manual": {{"type": "Request", {trigger}, "inputs": {{"schema": {schema}}}}}}}}}}}"#
            );
            let source = Source::new("flow.json", text);
            let arena = Arena::new();
            let root = json::parse(&source.text, &arena).unwrap();
            let Detected::Flows(found) = detect(&root, "") else { panic!("a flow") };
            let flow = FlowAnalysis::new(load(&source, &found[0], None, &arena));
            for read in ["@triggerBody()?['number']", "@triggerOutputs()?['body/number']"] {
                assert_eq!(
                    flow.type_of_template(&Template::read(read, &arena), Element::Flow).words(),
                    expected,
                    "{trigger}"
                );
            }
        }
    }
}
