//! Marks in examples: comment lines of `^` that underline what a finding labels on the line above.

use crate::finding::Place;

/// A label in an example: line from 1 in the text without marks, first column from 1, and width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Annotation {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) width: usize,
}

/// Takes the marks out of an example: the text without their lines, and the marks.
pub(super) fn strip(text: &str) -> (String, Vec<Annotation>) {
    let mut plain = String::with_capacity(text.len());
    let mut marks = Vec::new();
    let mut line = 0;
    for written in text.split_inclusive('\n') {
        if !is_mark(written) {
            plain.push_str(written);
            line += 1;
            continue;
        }
        let characters: Vec<char> = written.chars().collect();
        let mut at = 0;
        while at < characters.len() {
            let width = characters[at..].iter().take_while(|c| **c == '^').count();
            if width > 0 {
                marks.push(Annotation { line, column: at + 1, width });
            }
            at += width.max(1);
        }
    }
    marks.sort_unstable();
    (plain, marks)
}

/// Puts marks below the lines they belong to.
///
/// # Errors
/// A label in the first two columns, where the comment's own slashes must stand.
pub(super) fn insert(plain: &str, marks: &[Annotation]) -> Result<String, String> {
    let mut text = String::with_capacity(plain.len());
    for (at, line) in plain.split_inclusive('\n').enumerate() {
        text.push_str(line);
        for mark in marks.iter().filter(|mark| mark.line == at + 1) {
            if mark.column < 3 {
                return Err(
                    "a label in the first two columns can't be marked: indent the example by two spaces"
                        .into(),
                );
            }
            let blank = " ".repeat(mark.column - 3);
            text.push_str(&format!("//{blank}{}\n", "^".repeat(mark.width)));
        }
    }
    Ok(text)
}

/// The mark that a label asks for.
pub(super) fn of(place: &Place) -> Annotation {
    let (start, end) = (place.start, place.end);
    Annotation {
        line: start.line as usize,
        column: start.column as usize,
        width: end.column.saturating_sub(start.column).max(1) as usize,
    }
}

fn is_mark(line: &str) -> bool {
    line.trim()
        .strip_prefix("//")
        .is_some_and(|rest| rest.contains('^') && rest.chars().all(|c| c == '^' || c == ' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_survive_the_round_trip() {
        let marked = "{\n    \"a\": 1,\n//  ^^^  ^\n    \"b\": 2\n}\n";
        let (plain, marks) = strip(marked);
        assert_eq!(plain, "{\n    \"a\": 1,\n    \"b\": 2\n}\n");
        assert_eq!(
            marks,
            [Annotation { line: 2, column: 5, width: 3 }, Annotation { line: 2, column: 10, width: 1 }]
        );
        let (again, same) = strip(&insert(&plain, &marks).unwrap());
        assert_eq!((again, same), (plain, marks));
        assert!(insert("{}\n", &[Annotation { line: 1, column: 1, width: 2 }]).is_err());
    }
}
