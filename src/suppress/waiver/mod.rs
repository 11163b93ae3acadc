//! Waivers: what a maker writes into a note to say that a finding is fine here, and why.
//!
//! They own all that is said of them, so that they can be judged when the whole solution has been checked. Knows flows
//! and their notes; knows nothing of rules. What becomes of waivers is in [`crate::linter`].

mod parse;

use std::ops::Range;
use std::sync::Arc;

use self::parse::Written;
use crate::finding::{Location, Mask, Part, Place};
use crate::flow::{Action, Element, Flow};
use crate::json::{Node, raw_span};
use crate::solution::SolutionContext;
use crate::text::{Date, FileName, Source};

pub(crate) use self::parse::Match;

/// How much of a note is read, in bytes. The service keeps 256 characters.
const MAX_NOTE: usize = 16 << 10;

/// A waiver in a flow.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// What it holds for.
    pub scope: Scope,
    /// The file of the flow, and its index there.
    pub file: Arc<FileName>,
    /// The flow, by its index in the file.
    pub flow: usize,
    /// Whether the file holds the whole flow, and all of it could be read: only then a waiver can be called needless.
    pub is_whole: bool,
    /// The note that it stands in, or the attribute that describes the flow in a file beside it.
    pub note: Location,
    /// Where it begins: `flowvet: allow`.
    pub head: Spanned,
    /// Whether it is written as a waiver is.
    pub is_allow: bool,
    /// The words for rules and categories; none where it names none.
    pub words: Vec<Spanned>,
    /// Until when it holds.
    pub until: Option<Until>,
    /// Why; none where it does not say.
    pub reason: Option<String>,
}

/// What a waiver holds for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole flow.
    Flow,
    /// An action and all that is inside: their indices.
    Action(Range<usize>),
    /// A trigger, by its index.
    Trigger(usize),
}

/// A piece of a waiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned {
    /// As it is written.
    pub text: String,
    /// Its place.
    pub place: Place,
}

/// The end of a waiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Until {
    /// As it is written.
    pub written: Spanned,
    /// The last day on which the waiver holds; none where what is written is no day.
    pub date: Option<Date>,
}

impl Waiver {
    /// Whether it holds for a part of its file.
    #[must_use]
    pub fn covers(&self, file: &FileName, part: Option<Part>) -> bool {
        *self.file == *file
            && part.is_some_and(|part| part.flow == self.flow && self.scope.covers(part.element))
    }

    /// The location of a piece of it.
    #[must_use]
    pub fn location(&self, piece: &Spanned) -> Location {
        Location { place: piece.place.clone(), ..self.note.clone() }
    }

    /// The waiver without credentials.
    #[must_use]
    pub fn mask(self, mask: &Mask) -> Self {
        let piece = |piece: Spanned| Spanned { text: mask.text(piece.text), place: mask.place(piece.place) };
        Self {
            file: mask.file(self.file),
            note: mask.location(self.note),
            head: piece(self.head),
            words: self.words.into_iter().map(piece).collect(),
            until: self.until.map(|until| Until { written: piece(until.written), date: until.date }),
            reason: self.reason.map(|reason| mask.text(reason)),
            ..self
        }
    }
}

impl Scope {
    /// Whether a waiver that holds here holds for an element.
    #[must_use]
    pub fn covers(&self, element: Element) -> bool {
        match (self, element) {
            (Scope::Flow, _) => true,
            (Scope::Action(own), Element::Action(id)) => own.contains(&id),
            (Scope::Trigger(own), Element::Trigger(at)) => *own == at,
            _ => false,
        }
    }
}

/// The waivers of a flow, from the flow as a whole to its actions; and the file beside it that describes the flow, if
/// one of them stands there. `matches` says of a word whether it is one for a rule.
pub(crate) fn collect(
    flow: &Flow<'_>,
    index: usize,
    solution: Option<&SolutionContext>,
    matches: &dyn Fn(&str) -> Match,
) -> (Vec<Waiver>, Option<Source>) {
    let mut notes = Notes { flow, index, matches, waivers: Vec::new() };
    let mut beside = None;
    let description = beginning(&flow.description);
    if parse::may_hold(description) {
        let described = solution.and_then(|solution| solution.description_of(&flow.source.name));
        let note = match &described {
            Some((file, span)) => Location {
                flow: Location::in_flow(flow, index, flow.anchor).flow,
                ..Location::of_file(Place::new(file, *span))
            },
            None => Location::in_flow(flow, index, flow.anchor),
        };
        let place = note.place.clone();
        notes.read(description, Scope::Flow, &note, &|_| place.clone());
        beside = described.map(|(file, _)| file).filter(|_| !notes.waivers.is_empty());
    }
    // A copied action is its own definition.
    if flow.has_whole_definition() {
        notes.in_note(flow.definition, Scope::Flow);
    }
    for (at, trigger) in flow.triggers.iter().enumerate() {
        notes.in_note(trigger.node, Scope::Trigger(at));
    }
    for action in &flow.actions {
        notes.in_note(action.node, Scope::of(action));
    }
    (notes.waivers, beside)
}

impl Scope {
    fn of(action: &Action<'_>) -> Self {
        Self::Action(action.id..action.subtree_end)
    }
}

/// The notes of a flow, and the waivers found in them so far.
struct Notes<'n, 'a> {
    flow: &'n Flow<'a>,
    index: usize,
    matches: &'n dyn Fn(&str) -> Match,
    waivers: Vec<Waiver>,
}

impl Notes<'_, '_> {
    /// Reads the note of a part of the flow.
    fn in_note(&mut self, node: &Node<'_>, scope: Scope) {
        let Some(note) = node.get("description") else { return };
        let text = beginning(note.as_str().unwrap_or_default());
        if parse::may_hold(text) {
            let source = self.flow.source;
            let location = Location::in_flow(self.flow, self.index, note.span);
            self.read(text, scope, &location, &|range| {
                Place::new(source, raw_span(&source.text, note.span, range))
            });
        }
    }

    fn read(&mut self, text: &str, scope: Scope, note: &Location, place: &dyn Fn(Range<usize>) -> Place) {
        for written in parse::read(text, self.matches) {
            self.waivers.push(self.waiver(text, scope.clone(), note, written, place));
        }
    }

    fn waiver(
        &self,
        text: &str,
        scope: Scope,
        note: &Location,
        written: Written,
        place: &dyn Fn(Range<usize>) -> Place,
    ) -> Waiver {
        let piece =
            |range: Range<usize>| Spanned { text: text[range.clone()].to_owned(), place: place(range) };
        let until = |(range, date): (Range<usize>, _)| {
            // Where nothing stands behind `until`, the head is the nearest thing that can be labelled.
            let range = if range.is_empty() { written.head.clone() } else { range };
            Until { written: piece(range), date }
        };
        Waiver {
            scope,
            file: Arc::clone(&self.flow.source.name),
            flow: self.index,
            is_whole: self.flow.is_complete() && self.flow.malformed.is_empty(),
            note: note.clone(),
            head: piece(written.head.clone()),
            is_allow: written.is_allow,
            words: written.words.into_iter().map(piece).collect(),
            until: written.until.map(until),
            reason: (!written.reason.is_empty()).then(|| text[written.reason].to_owned()),
        }
    }
}

/// The part of a note that is read.
fn beginning(note: &str) -> &str {
    let end = (0..=MAX_NOTE.min(note.len())).rev().find(|at| note.is_char_boundary(*at));
    &note[..end.unwrap_or(0)]
}
