//! How a finding can be fixed in the text.

use serde::Serialize;

use super::Place;

/// A change that fixes a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the change does, in a few words that begin with a verb.
    pub title: String,
    /// Whether it can be made unseen.
    pub applicability: Applicability,
    /// The edits, in the order of files and places, none overlapping another. None where an edit would touch or hold a
    /// credential: then the title says what to do by hand.
    pub edits: Option<Vec<Edit>>,
}

/// Whether a fix can be applied without a look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// The flow does the same as before.
    Safe,
    /// The flow may do something else: what was meant must be judged.
    Unsafe,
}

/// One change of a text: what is at the place becomes `text`; an empty place inserts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced.
    pub place: Place,
    /// What stands there afterwards, as it is written in the file.
    pub text: String,
}

impl Fix {
    /// A fix of these edits. Edits that overlap cannot both be made: then it has none.
    #[must_use]
    pub fn new(title: impl Into<String>, applicability: Applicability, mut edits: Vec<Edit>) -> Self {
        edits.sort_by(|a, b| (&a.place.file, a.place.span).cmp(&(&b.place.file, b.place.span)));
        let are_apart = edits.windows(2).all(|pair| {
            let (one, next) = (&pair[0].place, &pair[1].place);
            one.file != next.file || (one.span.end <= next.span.start && one.span != next.span)
        });
        Self { title: title.into(), applicability, edits: are_apart.then_some(edits) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Source, Span};

    #[test]
    fn edits_are_sorted_and_those_that_overlap_are_none() {
        let source = Source::new("a.json", "abcdef");
        let edit = |start, end, text: &str| Edit {
            place: Place::new(&source, Span::new(start, end)),
            text: text.into(),
        };
        let fix = |edits| Fix::new("Write it", Applicability::Safe, edits).edits;
        let sorted =
            fix(vec![edit(3, 4, "X"), edit(0, 1, "Y"), edit(1, 1, "insert")]).expect("they are apart");
        assert_eq!(sorted.iter().map(|edit| edit.text.as_str()).collect::<Vec<_>>(), ["Y", "insert", "X"]);
        assert_eq!(fix(vec![edit(0, 3, "X"), edit(2, 4, "Y")]), None);
        assert_eq!(fix(vec![edit(1, 1, "X"), edit(1, 1, "Y")]), None);
    }
}
