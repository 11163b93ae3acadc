//! Where the value of a string comes from, as far as the file tells: a literal, directly or through variables
//! that nothing changes and Compose actions.

use super::{ActionType, Flow, Named, same_variable};
use crate::expr::{Expr, ExprKind, Template};
use crate::json::Node;
use crate::source::Span;

/// How many variables and Compose actions a value is followed through.
const STEPS: usize = 8;

/// A literal, and the place where it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Literal<'a> {
    /// The text.
    pub text: &'a str,
    /// Its place, quotes included.
    pub span: Span,
}

impl<'a> Flow<'a> {
    /// The literal text that a value is, or that is kept for it. None where it is computed, comes from a
    /// parameter, or is not certain.
    #[must_use]
    pub fn literal(&self, node: &'a Node<'a>) -> Option<Literal<'a>> {
        let written = self.written(node)?;
        written.as_str().map(|text| Literal { text, span: written.span })
    }

    /// The value that is written in the flow for a value: itself, or what the variables and Compose actions keep
    /// that it reads. None where it is computed, comes from a parameter, or is not certain.
    #[must_use]
    pub fn written(&self, node: &'a Node<'a>) -> Option<&'a Node<'a>> {
        let mut node = node;
        for _ in 0..STEPS {
            let Some(text) = node.as_str() else { return Some(node) };
            match self.template_of(node) {
                Some(Template::Whole(expr)) => node = self.kept(expr)?,
                Some(Template::Literal) => return Some(node),
                Some(_) => return None,
                // An ARM template computes what is no site; what is left is a literal all the same.
                None => return (Template::is_plain(text) && !text.starts_with('[')).then_some(node),
            }
        }
        None
    }

    /// The same for an expression that reads a variable or a Compose action, and does nothing else.
    #[must_use]
    pub fn written_for(&self, expr: &Expr<'_>) -> Option<&'a Node<'a>> {
        self.written(self.kept(expr)?)
    }

    /// The value that a plain `variables('…')` or `outputs('…')` reads, where that is written in the flow.
    fn kept(&self, expr: &Expr<'_>) -> Option<&'a Node<'a>> {
        let ExprKind::Call(call) = &expr.kind else { return None };
        let name = call.arguments.first()?.as_text().filter(|_| call.steps.is_empty())?;
        if call.is("variables") {
            let mut initial = self.initializations(name);
            let (only, None) = (initial.next()?, initial.next()) else { return None };
            let is_changed =
                self.variable_uses().iter().any(|using| using.writes && same_variable(using.name, name));
            return only.value.filter(|_| !is_changed);
        }
        match self.named(name) {
            Some(Named::Action(id)) if call.is("outputs") && self.actions[id].ty == ActionType::Compose => {
                self.actions[id].node.get("inputs")
            }
            _ => None,
        }
    }

    /// Every value of `inputs.parameters` of a trigger's or action's JSON, nested ones too, with the last word of
    /// its key.
    pub fn each_parameter(&self, node: &'a Node<'a>, visit: &mut dyn FnMut(&'a str, &'a Node<'a>)) {
        if let Some(parameters) = node.at(&["inputs", "parameters"]) {
            walk(parameters, "", visit);
        }
    }
}

fn walk<'a>(node: &'a Node<'a>, key: &'a str, visit: &mut dyn FnMut(&'a str, &'a Node<'a>)) {
    for element in node.elements() {
        walk(element, key, visit);
    }
    for member in node.members() {
        let last = memchr::memrchr(b'/', member.key.as_bytes()).map_or(0, |slash| slash + 1);
        walk(&member.value, &member.key[last..], visit);
    }
    if node.as_str().is_some() {
        visit(key, node);
    }
}

#[cfg(test)]
mod tests {
    use crate::arena::Arena;
    use crate::flow::{Detected, detect, load};
    use crate::{json, source::Source};

    #[test]
    fn a_literal_is_found_through_what_keeps_it() {
        let text = r#"{"definition": {"triggers": {}, "parameters": {"P": {"type": "String", "metadata": {"schemaName": "ctso_P"}}},
            "actions": {
                "I": {"type": "InitializeVariable", "inputs": {"variables": [
                    {"name": "kept", "type": "string", "value": "k"}, {"name": "changed", "type": "string", "value": "c"},
                    {"name": "given", "type": "string", "value": "@parameters('P')"}]}},
                "S": {"type": "SetVariable", "inputs": {"name": "Changed", "value": "d"}},
                "C": {"type": "Compose", "inputs": "@variables('kept')"},
                "Ring": {"type": "Compose", "inputs": "@outputs('Ring')"},
                "Use": {"type": "Compose", "inputs": ["plain", "@outputs('C')", "@variables('changed')", "@variables('given')",
                    "@outputs('Ring')", "a @{outputs('C')}", "@concat('a', 'b')"]}}}}"#;
        let source = Source::new("flow.json", text);
        let arena = Arena::new();
        let root = json::parse(&source.text, &arena).unwrap();
        let Detected::Flows(found) = detect(&root, "") else { panic!("a flow") };
        let flow = load(&source, &found[0], None, &arena);
        let used = flow.actions.iter().find(|action| action.name == "Use").unwrap();
        let literals: Vec<Option<&str>> = used
            .node
            .get("inputs")
            .unwrap()
            .elements()
            .iter()
            .map(|node| flow.literal(node).map(|literal| literal.text))
            .collect();
        assert_eq!(literals, [Some("plain"), Some("k"), None, None, None, None, None]);
    }
}
