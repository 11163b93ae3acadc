//! Waivers: what a maker writes into a note to say that a finding is fine here, and why.
//!
//! Knows flows and their notes; knows nothing of findings. What becomes of waivers is in [`crate::rule`].

mod parse;

use std::ops::Range;

use self::parse::Written;
use crate::flow::{ActionId, Element, Flow};
use crate::json::{Node, raw_span};
use crate::text::Date;
use crate::text::Span;

pub(crate) use self::parse::Match;

/// How much of a note is read, in bytes. The service keeps 256 characters.
const MAX_NOTE: usize = 16 << 10;

/// A waiver in a flow.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// What it holds for.
    pub scope: Scope,
    /// Whether it stands in the file beside the flow that describes it. Its places are the attribute there.
    pub is_beside: bool,
    /// Where it begins: `flowvet: allow`.
    pub head: Mark,
    /// Whether it is written as a waiver is.
    pub is_allow: bool,
    /// The words for rules and categories; none where it names none.
    pub words: Vec<Mark>,
    /// Until when it holds.
    pub until: Option<Until>,
    /// Why; none where it does not say.
    pub reason: Option<String>,
}

/// What a waiver holds for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole flow.
    Flow,
    /// An action and all that is inside.
    Action(ActionId),
    /// A trigger, by its index.
    Trigger(usize),
}

/// A piece of a waiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// As it is written.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// The end of a waiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Until {
    /// As it is written.
    pub mark: Mark,
    /// The last day on which the waiver holds; none where what is written is no day.
    pub date: Option<Date>,
}

impl Scope {
    /// Whether a waiver that holds here holds for an element.
    #[must_use]
    pub fn covers(self, flow: &Flow<'_>, element: Element) -> bool {
        match (self, element) {
            (Scope::Flow, _) => true,
            (Scope::Action(own), Element::Action(id)) => (own..flow.actions[own].subtree_end).contains(&id),
            (Scope::Trigger(own), Element::Trigger(at)) => own == at,
            _ => false,
        }
    }
}

/// The waivers of a flow, from the flow as a whole to its actions. `match_of` says of a word whether it is one
/// for a rule.
pub(crate) fn collect(flow: &Flow<'_>, match_of: &dyn Fn(&str) -> Match) -> Vec<Waiver> {
    let mut waivers = Vec::new();
    let description = beginning(&flow.description);
    if parse::may_hold(description) {
        let whole = |_: Range<usize>| flow.anchor;
        let written = parse::read(description, match_of).into_iter();
        waivers.extend(written.map(|written| waiver(description, Scope::Flow, true, written, &whole)));
    }
    // A copied action is its own definition.
    if flow.has_whole_definition() {
        in_note(flow, flow.definition, Scope::Flow, match_of, &mut waivers);
    }
    for (at, trigger) in flow.triggers.iter().enumerate() {
        in_note(flow, trigger.node, Scope::Trigger(at), match_of, &mut waivers);
    }
    for (id, action) in flow.actions.iter().enumerate() {
        in_note(flow, action.node, Scope::Action(id), match_of, &mut waivers);
    }
    waivers
}

/// Reads the note of a part of the flow.
fn in_note(
    flow: &Flow<'_>,
    node: &Node<'_>,
    scope: Scope,
    match_of: &dyn Fn(&str) -> Match,
    waivers: &mut Vec<Waiver>,
) {
    let Some(note) = node.get("description") else { return };
    let text = beginning(note.as_str().unwrap_or_default());
    if parse::may_hold(text) {
        let place = |range| raw_span(&flow.source.text, note.span, range);
        let written = parse::read(text, match_of).into_iter();
        waivers.extend(written.map(|written| waiver(text, scope, false, written, &place)));
    }
}

/// The part of a note that is read.
fn beginning(note: &str) -> &str {
    let end = (0..=MAX_NOTE.min(note.len())).rev().find(|at| note.is_char_boundary(*at));
    &note[..end.unwrap_or(0)]
}

fn waiver(
    text: &str,
    scope: Scope,
    is_beside: bool,
    written: Written,
    place: &dyn Fn(Range<usize>) -> Span,
) -> Waiver {
    let mark = |range: Range<usize>| Mark { text: text[range.clone()].to_owned(), span: place(range) };
    let until = |(range, date): (Range<usize>, _)| {
        // Where nothing stands behind `until`, the head is the nearest thing that can be labelled.
        let range = if range.is_empty() { written.head.clone() } else { range };
        Until { mark: mark(range), date }
    };
    Waiver {
        scope,
        is_beside,
        head: mark(written.head.clone()),
        is_allow: written.is_allow,
        words: written.words.into_iter().map(mark).collect(),
        until: written.until.map(until),
        reason: (!written.reason.is_empty()).then(|| text[written.reason].to_owned()),
    }
}
