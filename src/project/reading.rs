//! Reads TOML into types. A mistake is noted with its place, and reading goes on, so that people see all of them.
//!
//! Knows TOML; knows no key.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::text::{Span, TextError};

/// A value of TOML with its place.
pub(super) type Item<'t> = Spanned<DeValue<'t>>;

/// A text and its place.
pub(super) type Word = (String, Span);

/// What is wrong with a text.
#[derive(Debug, Default)]
pub(super) struct Mistakes(Vec<TextError>);

impl Mistakes {
    /// Notes a mistake.
    pub(super) fn add(&mut self, span: impl Into<Span>, message: impl Into<String>) {
        self.0.push(TextError::new(span, message));
    }

    /// Notes the mistakes of a part.
    pub(super) fn extend(&mut self, part: Self) {
        self.0.extend(part.0);
    }

    /// All mistakes, in the order of the text.
    pub(super) fn in_order(mut self) -> Vec<TextError> {
        self.0.sort_by_key(|error| error.span.start);
        self.0
    }

    /// Whether reading went well so far.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value, or the mistake that there is none.
    pub(super) fn expect<T>(
        &mut self,
        value: Option<T>,
        span: std::ops::Range<usize>,
        message: &str,
    ) -> Option<T> {
        if value.is_none() {
            self.add(span, message);
        }
        value
    }

    /// The table that an item is.
    pub(super) fn table<'i, 't>(&mut self, item: &'i Item<'t>, message: &str) -> Option<&'i DeTable<'t>> {
        self.expect(item.get_ref().as_table(), item.span(), message)
    }

    /// The texts that a list has, as far as they are texts.
    pub(super) fn list(&mut self, item: &Item<'_>, message: &str) -> Vec<Word> {
        let items = self.expect(item.get_ref().as_array(), item.span(), message);
        items.into_iter().flatten().filter_map(|item| self.text(item, message)).collect()
    }

    /// The text that an item is.
    pub(super) fn text(&mut self, item: &Item<'_>, message: &str) -> Option<Word> {
        let text = self.expect(item.get_ref().as_str(), item.span(), message)?;
        Some((text.to_owned(), item.span().into()))
    }
}

/// The table that a text is. If it is no TOML, the table is left out: what could be read of it is no longer what was
/// meant.
pub(super) fn parse<'t>(text: &'t str, mistakes: &mut Mistakes) -> Option<DeTable<'t>> {
    let (table, mut errors) = DeTable::parse_recoverable(text);
    let place = |error: &toml::de::Error| error.span().unwrap_or_default();
    errors.sort_by_key(|error| place(error).start);
    let is_toml = errors.iter().all(|error| error.message() == "duplicate key");
    for error in errors {
        let place = place(&error);
        let is_gap = place.is_empty();
        mistakes.add(place, error.message());
        // Where something is missing, all that follows is taken for something else.
        if is_gap {
            break;
        }
    }
    is_toml.then(|| table.into_inner())
}

/// What to say of a key that isn't known. `place` says where keys like it are, if that isn't plain.
pub(super) fn unknown_key(key: &str, known: &[&str], place: &str) -> String {
    match crate::text::nearest(key, known.iter().copied()) {
        Some(near) => format!("unknown key `{key}`{place}: did you mean `{near}`?"),
        None => format!("unknown key `{key}`{place}: there are {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<(usize, String)> {
        let mut mistakes = Mistakes::default();
        let table = parse(text, &mut mistakes);
        assert_eq!(table.is_some(), mistakes.0.iter().all(|error| error.message == "duplicate key"));
        mistakes.in_order().into_iter().map(|error| (error.span.start as usize, error.message)).collect()
    }

    #[test]
    fn faults_of_toml_are_noted_up_to_the_first_gap() {
        let starts = |text: &str| said(text).into_iter().map(|(start, _)| start).collect::<Vec<_>>();
        assert_eq!(starts("a = 1\na = 2\nb = 3\nb = 4"), [6, 18]);
        assert_eq!(starts("a = [all]\nb = x\n"), [5, 14]);
        assert_eq!(starts("a = [\n  \"all\"\nb = []\n"), [14]);
        assert_eq!(starts("a b = 3\nc\n"), [2]);
        assert_eq!(starts("a = 1\n"), [0; 0]);
    }
}
