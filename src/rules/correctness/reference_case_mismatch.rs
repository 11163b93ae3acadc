//! References that fit what they mean only when case is ignored.

use rustc_hash::FxHashMap;

use super::reference::same_spelling;
use crate::flow::{ActionId, FlowAnalysis, Named};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, Reference, RuleContext};
use crate::text::Span;

/// A spelling that differs from the name it means.
struct Mismatch<'f> {
    written: &'f str,
    name: &'f str,
    name_span: Span,
    places: Vec<Span>,
}

#[derive(Debug)]
pub(crate) struct ReferenceCaseMismatch;

impl CodedRule for ReferenceCaseMismatch {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let mut found = Found { list: Vec::new(), known: FxHashMap::default() };
        for Reference { site, name: written, at, named, .. } in cx.references() {
            let (name, name_span) = match *named {
                Some(Named::Action(id)) => (flow.actions[id].name, flow.actions[id].key_span),
                Some(Named::Trigger(at)) => (flow.triggers[at].name, flow.triggers[at].key_span),
                None => continue,
            };
            // Of two names that differ in case alone, the reference may fit the other one exactly.
            let exact = |id: &ActionId| same_spelling(written, flow.actions[*id].name);
            if *written != name && !flow.has_unique_names() && (0..flow.actions.len()).any(|id| exact(&id)) {
                continue;
            }
            found.add("action", written, name, name_span, || site.span_of(&flow.source.text, *at));
        }
        for used in flow.variable_uses() {
            if let Some(variable) = used.variable.map(|at| &flow.variables()[at]) {
                found.add("variable", used.name, variable.name, variable.name_span, || used.span(flow));
            }
        }
        for mismatch in found.list {
            let Mismatch { written, name, name_span, places } = mismatch;
            let Some((first, others)) = places.split_first() else { continue };
            let more = match others.len() {
                0 => String::new(),
                1 => ", here and in one more place".to_owned(),
                count => format!(", here and in {count} more places"),
            };
            let draft = cx
                .report(*first, format!("'{written}' fits '{name}' only because case is ignored{more}"))
                .help(format!(
                    "Write '{name}': searching, renaming and comparing by text do not ignore case."
                ))
                .detail(written)
                .grouped()
                .related(name_span, format!("'{name}' stands here"));
            for place in others.iter().take(MOST_RELATED) {
                draft.related(*place, "and here");
            }
        }
    }
}

/// More places than these help nobody.
const MOST_RELATED: usize = 20;

/// What is found so far, in the order in which it was met.
struct Found<'f> {
    list: Vec<Mismatch<'f>>,
    known: FxHashMap<(&'static str, &'f str), usize>,
}

impl<'f> Found<'f> {
    fn add(
        &mut self,
        kind: &'static str,
        written: &'f str,
        name: &'f str,
        name_span: Span,
        place: impl FnOnce() -> Span,
    ) {
        if written == name || same_spelling(written, name) {
            return;
        }
        let at = *self.known.entry((kind, written)).or_insert_with(|| {
            self.list.push(Mismatch { written, name, name_span, places: Vec::new() });
            self.list.len() - 1
        });
        self.list[at].places.push(place());
    }
}
