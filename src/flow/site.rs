//! The strings of a flow that the service evaluates, each with what it stands for.

use super::values::is_template_expression;
use super::{Element, Flow};
use crate::expr::{Part, Template, TextRange, has_interpolation};
use crate::json::{Node, Value, raw_span};
use crate::text::Arena;
use crate::text::Span;

/// A string that the service evaluates: plain text, an expression, or text with values in it.
#[derive(Clone, Copy, Debug)]
pub struct ExpressionSite<'a> {
    /// The decoded string.
    pub text: &'a str,
    /// The place of the literal, quotes included.
    pub span: Span,
    /// What it belongs to.
    pub element: Element,
    /// In which property of it the string stands.
    pub place: Place,
    /// What it stands for.
    pub template: Template<'a>,
}

/// Where in an element an evaluated string stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A value in `inputs`.
    Input,
    /// A key in `inputs` that is computed.
    Key,
    /// The expression of a condition, a Switch or an Until.
    Expression,
    /// What a loop walks.
    Foreach,
    /// What a trigger takes apart.
    SplitOn,
    /// A trigger condition.
    Condition,
    /// Anything else that is evaluated: limits, recurrence, concurrency, tracked properties.
    Setting,
    /// An output of the definition.
    Output,
}

/// A piece of plain text in an evaluated string: the whole of it, a piece between values, or a text
/// literal of an expression.
#[derive(Clone, Copy, Debug)]
pub struct Text<'s> {
    /// The text, as the service sees it.
    pub text: &'s str,
    /// The place of the piece; for a literal of an expression its quotes are included.
    pub at: TextRange,
    /// Whether the piece is all there is.
    pub whole: bool,
    /// Bytes between the start of `at` and the text; none if doubled quotes keep the two from matching.
    offset: Option<u32>,
}

impl Text<'_> {
    /// The place of a part of the text; of all of it where doubled quotes leave no better answer.
    #[must_use]
    pub fn part(&self, range: std::ops::Range<usize>) -> TextRange {
        match self.offset {
            Some(offset) => {
                let start = (self.at.start + offset) as usize;
                TextRange::new(start + range.start, start + range.end)
            }
            None => self.at,
        }
    }
}

impl ExpressionSite<'_> {
    /// The place in the file of a part of the decoded string.
    #[must_use]
    pub fn span_of(&self, file: &str, at: TextRange) -> Span {
        raw_span(file, self.span, at.range())
    }

    /// Calls `visit` for every piece of plain text.
    pub fn each_text(&self, visit: &mut dyn FnMut(Text<'_>)) {
        match &self.template {
            Template::Literal => {
                visit(Text {
                    text: self.text,
                    at: TextRange::new(0, self.text.len()),
                    whole: true,
                    offset: Some(0),
                });
            }
            Template::Parts(parts) => {
                for part in *parts {
                    if let Part::Text(at) = *part {
                        visit(Text { text: &self.text[at.range()], at, whole: false, offset: Some(0) });
                    }
                }
            }
            Template::Whole(_) | Template::Broken(_) => {}
        }
        for expr in self.template.expressions() {
            expr.each_text(&mut |text, at| {
                let offset = (at.range().len() == text.len() + 2).then_some(1);
                visit(Text { text, at, whole: false, offset });
            });
        }
    }
}

/// Collects the evaluated strings of a flow that is otherwise loaded.
///
/// Not evaluated, and so never collected: types, kinds, notes, metadata, run order, names, schemas, and
/// the code of script actions.
pub(super) fn collect<'a>(flow: &mut Flow<'a>, arm: bool) {
    // A string in some seventy bytes is what exports have.
    let sites = Vec::with_capacity(flow.definition.span.range().len() / 70);
    let mut collector = Collector { sites, arena: flow.arena, element: Element::Flow, arm };
    for (at, trigger) in flow.triggers.iter().enumerate() {
        collector.element = Element::Trigger(at);
        collector.properties(trigger.node, false);
    }
    for (id, action) in flow.actions.iter().enumerate() {
        collector.element = Element::Action(id);
        collector.properties(action.node, action.type_name.ends_with("Code"));
    }
    if flow.has_whole_definition()
        && let Some(outputs) = flow.definition.get("outputs")
    {
        collector.element = Element::Flow;
        for output in outputs.members() {
            output.value.get("value").into_iter().for_each(|value| collector.strings(value, Place::Output));
        }
    }
    flow.sites = collector.sites;
}

struct Collector<'a> {
    sites: Vec<ExpressionSite<'a>>,
    arena: &'a Arena,
    element: Element,
    /// Whether the file is an ARM template, in which `[…]` is for ARM and not for the flow.
    arm: bool,
}

impl<'a> Collector<'a> {
    fn properties(&mut self, element: &'a Node<'a>, script: bool) {
        for member in element.members() {
            let value = &member.value;
            match member.key {
                "inputs" => self.inputs(value, script),
                "expression" => self.strings(value, Place::Expression),
                "foreach" => self.strings(value, Place::Foreach),
                "splitOn" => self.strings(value, Place::SplitOn),
                "conditions" => {
                    for condition in value.elements() {
                        condition
                            .get("expression")
                            .into_iter()
                            .for_each(|e| self.strings(e, Place::Condition));
                    }
                }
                "limit"
                | "runtimeConfiguration"
                | "trackedProperties"
                | "correlation"
                | "recurrence"
                | "splitOnConfiguration" => self.strings(value, Place::Setting),
                _ => {}
            }
        }
    }

    fn inputs(&mut self, inputs: &'a Node<'a>, script: bool) {
        if !inputs.is_object() {
            return self.strings(inputs, Place::Input);
        }
        for member in inputs.members() {
            match member.key {
                "schema" | "headersSchema" => {}
                "code" if script => {}
                _ => {
                    self.key(member.key, member.key_span);
                    self.strings(&member.value, Place::Input);
                }
            }
        }
    }

    fn strings(&mut self, node: &'a Node<'a>, place: Place) {
        match node.value {
            Value::String(text) if !(self.arm && is_template_expression(text)) => {
                let template = Template::read(text, self.arena);
                self.sites.push(ExpressionSite {
                    text,
                    span: node.span,
                    element: self.element,
                    place,
                    template,
                });
            }
            Value::Array(elements) => elements.iter().for_each(|element| self.strings(element, place)),
            Value::Object(members) => {
                for member in members {
                    self.key(member.key, member.key_span);
                    self.strings(&member.value, place);
                }
            }
            _ => {}
        }
    }

    /// A key counts only where it plainly computes something: a lone `@` in a key is text.
    fn key(&mut self, text: &'a str, span: Span) {
        if has_interpolation(text) {
            let template = Template::read(text, self.arena);
            if template.errors().next().is_none() {
                self.sites.push(ExpressionSite {
                    text,
                    span,
                    element: self.element,
                    place: Place::Key,
                    template,
                });
            }
        }
    }
}
