//! The steps of a path that are written in the flow, each with the one before, and what an expression encodes for one.

use std::ops::Range;

use crate::expr::{Expr, ExprKind, Part, Template};
use crate::flow::FlowAnalysis;
use crate::json::{Node, raw_span};
use crate::text::Span;

/// Takes a step, the one before it, and its place, which is worked out when it is asked for.
type Visit<'v> = dyn FnMut(&str, &str, &dyn Fn() -> Span) + 'v;

/// Calls `visit` for every step that follows another one in a path or an address: plain text, a text literal that an
/// expression encodes, or what is kept for one. Computed steps, and those beside them, are left out.
pub(super) fn each_step<'a>(flow: &FlowAnalysis<'a>, path: &'a Node<'a>, visit: &mut Visit<'_>) {
    let Some(text) = path.as_str() else { return };
    let place = |range: Range<usize>| raw_span(&flow.source.text, path.span, range);
    let mut steps = Steps { before: None, current: Step::Empty, place: &place, visit };
    match flow.template_of(path) {
        Some(Template::Parts(parts)) => {
            for part in *parts {
                match part {
                    Part::Text(at) if !steps.text(text, at.range()) => return,
                    Part::Text(_) => {}
                    Part::Value(expr) => steps.value(flow, expr),
                    Part::Broken(_) => return,
                }
            }
        }
        Some(Template::Whole(Expr { kind: ExprKind::Call(call), .. })) if call.is("concat") => {
            for argument in call.arguments {
                match argument.as_text() {
                    // Inside its quotes; with doubled ones in it, it is read as a value.
                    Some(piece) if argument.at.range().len() == piece.len() + 2 => {
                        let range = argument.at.range();
                        if !steps.text(text, range.start + 1..range.end - 1) {
                            return;
                        }
                    }
                    _ => steps.value(flow, argument),
                }
            }
        }
        Some(Template::Literal) | None => {
            steps.text(text, 0..text.len());
        }
        _ => return,
    }
    steps.end();
}

/// What an expression encodes for a path, or the expression itself.
pub(super) fn encoded<'a>(expr: &'a Expr<'a>) -> &'a Expr<'a> {
    let mut expr = expr;
    while let ExprKind::Call(call) = expr.kind
        && (call.is("encodeURIComponent") || call.is("uriComponent"))
        && let Some(inner) = call.arguments.first()
    {
        expr = inner;
    }
    expr
}

/// One step of a path.
#[derive(Clone)]
enum Step<'a> {
    Empty,
    /// Plain text of the path.
    Text(&'a str, Range<usize>),
    /// A value, and where that is written.
    Kept(&'a str, Span),
    /// Only the run tells.
    Computed,
}

/// A walk along a path.
struct Steps<'i, 'a> {
    before: Option<&'a str>,
    current: Step<'a>,
    place: &'i dyn Fn(Range<usize>) -> Span,
    visit: &'i mut Visit<'i>,
}

impl<'a> Steps<'_, 'a> {
    /// Takes a piece of plain text; false where the path ends in it.
    fn text(&mut self, text: &'a str, range: Range<usize>) -> bool {
        let Some(piece) = text.get(range.clone()) else { return false };
        let path = piece.split(['?', '#']).next().unwrap_or(piece);
        let mut from = range.start;
        for (at, step) in path.split('/').enumerate() {
            if at > 0 {
                self.end();
            }
            if !step.is_empty() {
                self.current = match self.current {
                    Step::Empty => Step::Text(step, from..from + step.len()),
                    _ => Step::Computed,
                };
            }
            from += step.len() + 1;
        }
        if path.len() < piece.len() {
            self.end();
        }
        path.len() == piece.len()
    }

    /// Takes a value: a text literal, or what is kept, behind what encodes it.
    fn value(&mut self, flow: &FlowAnalysis<'a>, expr: &'a Expr<'a>) {
        let expr = encoded(expr);
        let found = match expr.as_text() {
            Some(text) => Some(Step::Text(text, expr.at.range())),
            None => flow.written_for(expr).and_then(|kept| Some(Step::Kept(kept.as_str()?, kept.span))),
        };
        self.current = match (&self.current, found) {
            (Step::Empty, Some(step)) => step,
            _ => Step::Computed,
        };
    }

    /// Ends the current step: the one before tells what it is.
    fn end(&mut self) {
        let step = std::mem::replace(&mut self.current, Step::Empty);
        let (Step::Text(text, _) | Step::Kept(text, _)) = step.clone() else {
            self.before = None;
            return;
        };
        if let Some(before) = self.before {
            let place = || match &step {
                Step::Kept(_, span) => *span,
                Step::Text(_, range) => (self.place)(range.clone()),
                Step::Empty | Step::Computed => Span::default(),
            };
            (self.visit)(before, text, &place);
        }
        self.before = Some(text);
    }
}
