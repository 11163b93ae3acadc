//! Where the value of a string comes from, as far as the file tells: a literal, directly or through variables
//! that nothing changes, Compose actions, and Parse JSON actions of what is written.

use super::super::{ActionType, FlowAnalysis, Named};
use super::computed::is_computed;
use crate::expr::{Call, Expr, ExprKind, Part, Step, Template, TextRange};
use crate::json::{self, Node, Value, raw_span};
use crate::text::Span;

use rustc_hash::FxHashMap;

/// How many variables, Compose and Parse JSON actions a value is followed through.
const STEPS: usize = 8;

/// A text that is put together of pieces is followed up to this length: an address is shorter.
const LONGEST: usize = 1024;

/// In a longer JSON text the place of a value is not looked for: it is the text.
const SEARCHED: usize = 16 << 10;

/// A literal, and the place where it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Literal<'a> {
    /// The text.
    pub text: &'a str,
    /// Its place, quotes included.
    pub span: Span,
}

/// The written text that a value begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiteralPrefix<'a> {
    /// The text.
    pub text: &'a str,
    /// Whether the value is that and no more.
    pub is_whole: bool,
    /// Where its first piece is written: the value itself, or what keeps that piece.
    pub span: Span,
}

/// What is known of a value.
#[derive(Clone, Copy)]
struct Known<'a> {
    node: &'a Node<'a>,
    /// Where its first piece is written.
    start: Span,
    /// Whether nothing computed follows.
    is_whole: bool,
    /// The JSON text that it was read out of: its own places are places in that text, and nothing in it is evaluated.
    parsed_from: Option<Origin>,
}

/// A JSON text that is read.
#[derive(Clone, Copy)]
struct Origin {
    span: Span,
    /// Whether it is written in one piece, and short enough to look for places in it again and again.
    is_literal: bool,
}

/// A piece of a text that is put together.
enum Piece<'t> {
    Text(&'t str),
    Value(&'t Expr<'t>),
    Unknown,
}

impl<'a> FlowAnalysis<'a> {
    /// The literal text that a value is, or that is kept for it. None where it is computed, comes from a
    /// parameter, or is not certain.
    #[must_use]
    pub fn literal(&self, node: &'a Node<'a>) -> Option<Literal<'a>> {
        let written = self.written(node)?;
        written.as_str().map(|text| Literal { text, span: written.span })
    }

    /// The text that a value begins with, as far as it is written in the flow.
    #[must_use]
    pub fn beginning(&self, node: &'a Node<'a>) -> Option<LiteralPrefix<'a>> {
        let known = self.known(node, &mut { STEPS })?;
        known.node.as_str().map(|text| LiteralPrefix {
            text,
            is_whole: known.is_whole,
            span: self.start(known),
        })
    }

    /// The value that is written in the flow for a value: itself, or what the variables, Compose and Parse JSON
    /// actions keep that it reads. None where it is computed, comes from a parameter, or is not certain.
    #[must_use]
    pub fn written(&self, node: &'a Node<'a>) -> Option<&'a Node<'a>> {
        self.known(node, &mut { STEPS }).and_then(|known| self.placed(known))
    }

    /// The same for an expression that reads a variable or such an action, and does nothing else.
    #[must_use]
    pub fn written_for(&self, expr: &Expr<'a>) -> Option<&'a Node<'a>> {
        let ExprKind::Call(call) = expr.kind else { return None };
        self.read(call, &mut { STEPS }).and_then(|known| self.placed(known))
    }

    /// A whole value at its place in the file.
    fn placed(&self, known: Known<'a>) -> Option<&'a Node<'a>> {
        match known.parsed_from {
            _ if !known.is_whole => None,
            None => Some(known.node),
            Some(_) if matches!(known.node.value, Value::Object(_) | Value::Array(_)) => None,
            Some(_) => Some(self.arena.value(Node { value: known.node.value, span: self.start(known) })),
        }
    }

    /// Where the first piece of a value is written.
    fn start(&self, known: Known<'a>) -> Span {
        match known.parsed_from {
            None => known.start,
            Some(Origin { span, is_literal: false }) => span,
            Some(Origin { span, .. }) => {
                let quote = u32::from(known.node.as_str().is_some());
                let inner =
                    TextRange { start: known.node.span.start + quote, end: known.node.span.end - quote };
                raw_span(&self.source.text, span, inner.range())
            }
        }
    }

    fn known(&self, node: &'a Node<'a>, steps: &mut usize) -> Option<Known<'a>> {
        let itself = Known { node, start: node.span, is_whole: true, parsed_from: None };
        let Some(text) = node.as_str() else { return Some(itself) };
        match self.template_of(node) {
            Some(Template::Literal) => Some(itself),
            Some(Template::Whole(expr)) => self.known_of(expr, node, steps),
            Some(Template::Parts(parts)) => {
                let pieces = parts.iter().map(|part| match part {
                    Part::Text(at) => text.get(at.range()).map_or(Piece::Unknown, Piece::Text),
                    Part::Value(expr) => Piece::Value(expr),
                    Part::Broken(_) => Piece::Unknown,
                });
                self.joined(pieces, parts.len(), node, steps)
            }
            Some(Template::Broken(_)) => None,
            // An ARM template computes what is no site; what is left is a literal all the same.
            None => (!is_computed(text)).then_some(itself),
        }
    }

    /// The same for an expression in a string.
    fn known_of(&self, expr: &'a Expr<'a>, within: &'a Node<'a>, steps: &mut usize) -> Option<Known<'a>> {
        match expr.kind {
            ExprKind::String(text) => {
                let span = raw_span(&self.source.text, within.span, expr.at.range());
                let node = self.arena.value(Node { value: Value::String(text), span });
                Some(Known { node, start: span, is_whole: true, parsed_from: None })
            }
            ExprKind::Call(call) if call.is("concat") && call.steps.is_empty() => {
                self.joined(call.arguments.iter().map(Piece::Value), call.arguments.len(), within, steps)
            }
            ExprKind::Call(call) => self.read(call, steps),
            _ => None,
        }
    }

    /// What pieces make up, until the first that is computed.
    fn joined(
        &self,
        pieces: impl Iterator<Item = Piece<'a>>,
        count: usize,
        within: &'a Node<'a>,
        steps: &mut usize,
    ) -> Option<Known<'a>> {
        let mut text = String::new();
        let mut start = None;
        let mut is_whole = true;
        for piece in pieces {
            let known = match piece {
                Piece::Text(piece) => Some((piece, within.span, true)),
                Piece::Value(expr) => match self.known_of(expr, within, steps) {
                    // A value among text is text; what an object would look like there is no matter.
                    Some(known) if known.node.as_str().is_none() => None,
                    Some(known) if count == 1 => return Some(known),
                    known => known.and_then(|known| {
                        let own = self.start(known);
                        let start = if within.span.contains(own) { within.span } else { own };
                        Some((known.node.as_str()?, start, known.is_whole))
                    }),
                },
                Piece::Unknown => None,
            };
            if let Some((piece, place, _)) = known {
                start = start.or(Some(place));
                text.extend(piece.chars().take(LONGEST.saturating_sub(text.len())));
            }
            is_whole = known.is_some_and(|(_, _, is_whole)| is_whole) && text.len() < LONGEST;
            if !is_whole {
                break;
            }
        }
        let node = self.arena.value(Node { value: Value::String(self.arena.text(&text)), span: within.span });
        start.map(|start| Known { node, start, is_whole, parsed_from: None })
    }

    /// The value that a call reads out of what keeps it.
    fn read(&self, call: &Call<'a>, steps: &mut usize) -> Option<Known<'a>> {
        *steps = steps.checked_sub(1)?;
        let (kept, is_text, mut keys) = self.kept(call)?;
        let mut known = self.known(kept, steps)?;
        if is_text && let Some(text) = known.node.as_str() {
            let text = known.is_whole.then_some(text)?;
            let span = known.parsed_from.map_or(known.node.span, |_| self.start(known));
            let is_literal = known.parsed_from.is_none()
                && text.len() <= SEARCHED
                && self.template_of(known.node).is_some_and(Template::is_literal);
            let parsed_from = Some(Origin { span, is_literal });
            known = Known { node: self.parsed(text, span)?, parsed_from, ..known };
        }
        while let Some((key, rest)) = keys.split_first() {
            let node = known.node.get(key.key.as_text()?)?;
            known = match known.parsed_from {
                Some(_) => Known { node, ..known },
                None => self.known(node, steps)?,
            };
            keys = rest;
        }
        Some(known)
    }

    /// What a call of `variables`, `outputs` or `body` reads, whether JSON in it is read as such, and the keys that
    /// lead on from there.
    fn kept(&self, call: &Call<'a>) -> Option<(&'a Node<'a>, bool, &'a [Step<'a>])> {
        let (is_outputs, is_body) = (call.is("outputs"), call.is("body"));
        if !is_outputs && !is_body {
            let name = call.is("variables").then(|| call.arguments.first()?.as_text()).flatten()?;
            return Some((self.constant(name)?, false, call.steps));
        }
        let Named::Action(id) = self.named(call.arguments.first()?.as_text()?)? else { return None };
        let action = &self.actions[id];
        match action.ty {
            ActionType::Compose if is_outputs => Some((action.node.get("inputs")?, false, call.steps)),
            ActionType::ParseJson => {
                let content = action.node.at(&["inputs", "content"])?;
                let keys = match call.steps.split_first() {
                    _ if is_body => call.steps,
                    Some((first, rest)) if first.key.as_text() == Some("body") => rest,
                    _ => return None,
                };
                Some((content, true, keys))
            }
            _ => None,
        }
    }

    /// The value of a variable that is initialized once and never changed.
    #[must_use]
    pub fn constant(&self, variable: &str) -> Option<&'a Node<'a>> {
        self.constants.get_or_init(|| constants(self)).get(&variable.to_lowercase()).copied()
    }

    /// The JSON in a text of the flow; the place of the text tells texts apart.
    fn parsed(&self, text: &'a str, span: Span) -> Option<&'a Node<'a>> {
        let known = self.parsed_texts.borrow().get(&span.start).copied();
        known.unwrap_or_else(|| {
            let parsed = json::parse(text, self.arena).ok().map(|node| self.arena.value(node));
            self.parsed_texts.borrow_mut().insert(span.start, parsed);
            parsed
        })
    }

    /// Every value of `inputs.parameters` of a trigger's or action's JSON, nested ones too, with the last word of
    /// its key.
    pub fn each_parameter(&self, node: &'a Node<'a>, visit: &mut dyn FnMut(&'a str, &'a Node<'a>)) {
        if let Some(parameters) = node.at(&["inputs", "parameters"]) {
            walk(parameters, "", visit);
        }
    }

    /// The same for what the path dialect sends: the values of `inputs.body` and `inputs.queries`.
    pub fn each_sent(&self, node: &'a Node<'a>, visit: &mut dyn FnMut(&'a str, &'a Node<'a>)) {
        for part in ["body", "queries"] {
            if let Some(values) = node.at(&["inputs", part]) {
                walk(values, "", visit);
            }
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

/// The values of the variables that are initialized once and never changed, by their folded names.
fn constants<'a>(flow: &FlowAnalysis<'a>) -> FxHashMap<String, &'a Node<'a>> {
    let variables = flow.variables();
    let mut is_changed = vec![false; variables.len()];
    for using in flow.variable_uses().iter().filter(|using| using.writes) {
        if let Some(variable) = using.variable {
            is_changed[variable] = true;
        }
    }
    let mut values: FxHashMap<String, Option<&'a Node<'a>>> = FxHashMap::default();
    for (variable, is_changed) in variables.iter().zip(is_changed) {
        let value = variable.value.filter(|_| !is_changed);
        // Initialized twice, it has two values.
        values.entry(variable.name.to_lowercase()).and_modify(|known| *known = None).or_insert(value);
    }
    values.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

#[cfg(test)]
mod tests {
    use crate::flow::{Detected, FlowAnalysis, detect, load};
    use crate::text::Arena;
    use crate::{json, text::Source};

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
                "Twice": {"type": "Compose", "inputs": "@{outputs('Twice')}@{outputs('Twice')}"},
                "O": {"type": "Compose", "inputs": {"a": {"b": "@variables('kept')"}, "given": "@parameters('P')"}},
                "J": {"type": "ParseJson", "inputs": {"content": "{\"a\": [\"@variables('kept')\"], \"t\": \"v\"}"}},
                "Use": {"type": "Compose", "inputs": ["plain", "@outputs('C')", "@variables('changed')", "@variables('given')",
                    "@outputs('Ring')", "@outputs('Twice')", "a @{outputs('C')}", "@concat('a', 'b', variables('kept'))", "@{'c'}",
                    "@{variables('kept')}", "@{variables('given')}", "a @{variables('given')}",
                    "@outputs('O')?['a']['b']", "@{outputs('O')?['a']}", "@outputs('O')['given']", "@outputs('O')?['none']",
                    "@body('J')?['t']", "@outputs('J')?['body']?['t']", "@outputs('J')?['t']", "@body('J')?['a']"]}}}}"#;
        let source = Source::new("flow.json", text);
        let arena = Arena::new();
        let root = json::parse(&source.text, &arena).unwrap();
        let Detected::Flows(found) = detect(&root, "") else { panic!("a flow") };
        let flow = FlowAnalysis::new(load(&source, &found[0], None, &arena));
        let used = flow.actions.iter().find(|action| action.name == "Use").unwrap();
        let literals: Vec<Option<&str>> = used
            .node
            .get("inputs")
            .unwrap()
            .elements()
            .iter()
            .map(|node| flow.literal(node).map(|literal| literal.text))
            .collect();
        let expected = [
            [Some("plain"), Some("k"), None, None].as_slice(),
            &[None, None, Some("a k"), Some("abk"), Some("c")],
            &[Some("k"), None, None],
            &[Some("k"), None, None, None],
            &[Some("v"), Some("v"), None, None],
        ];
        assert_eq!(literals, expected.concat());
    }
}
