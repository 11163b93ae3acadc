//! Texts for people: one line that a terminal shows as it is, counts with their nouns, sentences.

/// A text as a sentence begins: its first letter a capital, where it is an ASCII letter.
#[must_use]
pub(crate) fn capitalised(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// A text as one line that a terminal shows as it is: control characters, and what turns the direction of
/// writing or cannot be seen, become visible. What joins two pictures to one (U+200D) stays between them.
pub(crate) fn printable(text: &str) -> String {
    let is_picture = |c: char| matches!(c, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}');
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    let mut shown = String::with_capacity(text.len());
    while let Some(c) = rest.next() {
        shown.push(match c {
            '\n' | '\r' | '\t' => ' ',
            '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{FFFD}'),
            '\u{200d}' if is_picture(before) && rest.peek().copied().is_some_and(is_picture) => c,
            '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}' => '\u{FFFD}',
            other => other,
        });
        before = c;
    }
    shown
}

/// A count with its noun: `1 file`, `2 files`.
pub(crate) fn plural(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn what_a_terminal_obeys_or_hides_becomes_visible() {
        for c in [
            '\u{1b}',
            '\u{7f}',
            '\u{9b}',
            '\u{61c}',
            '\u{2028}',
            '\u{2029}',
            '\u{feff}',
            '\u{e0041}',
            '\u{202e}',
        ] {
            assert!(!printable(&format!("a{c}b")).contains(c), "{c:?}");
        }
        assert_eq!(printable("a\nb\tc"), "a b c");
        // A family, a coloured heart; between letters nothing joins.
        for emoji in ["\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}", "\u{2764}\u{fe0f}\u{200d}\u{1f525}"] {
            assert_eq!(printable(emoji), emoji);
        }
        assert_eq!(printable("a\u{200d}b"), "a\u{fffd}b");
    }
}
