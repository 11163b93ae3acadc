//! Patterns that people write: `*` stands for any characters, `?` for one, and everything else for itself.
//!
//! One matcher for all of them. Patterns of paths, whose `**` stands for any folders, are
//! [`PathPatterns`](super::PathPatterns).

/// Whether a pattern fits the whole of a name. Upper and lower case are the same.
#[must_use]
pub(crate) fn fits(pattern: &str, name: &str) -> bool {
    let same = |wanted: &char, found: &char| *wanted == '?' || is_same_letter(*wanted, *found);
    fits_by(pattern.chars(), name.chars(), |piece| *piece == '*', same)
}

/// Whether a pattern fits the whole of an address. `*` stands for any characters, and `?` is itself, because a query
/// begins with it. Upper and lower case are the same.
#[must_use]
pub(crate) fn fits_address(pattern: &str, address: &str) -> bool {
    let same = |wanted: &char, found: &char| is_same_letter(*wanted, *found);
    fits_by(pattern.chars(), address.chars(), |piece| *piece == '*', same)
}

/// Whether a text is an id or a pattern of ids: letters and digits of ASCII, `_`, `-`, `.`, and wildcards.
pub(crate) fn is_of_ids(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-.*?".contains(c))
}

/// Whether a pattern without slashes fits a folder or file. Upper and lower case differ.
pub(super) fn fits_segment(pattern: &str, segment: &str) -> bool {
    let same = |wanted: &char, found: &char| *wanted == '?' || wanted == found;
    fits_by(pattern.chars(), segment.chars(), |piece| *piece == '*', same)
}

fn is_same_letter(a: char, b: char) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(&b);
    }
    a == b || a.to_lowercase().eq(b.to_lowercase())
}

/// Whether the pieces of a pattern fit all items of a sequence. A star stands for any number of items; any other piece
/// stands for one item that is the `same`.
pub(super) fn fits_by<P, T>(
    mut pieces: P,
    mut items: T,
    is_star: impl Fn(&P::Item) -> bool,
    same: impl Fn(&P::Item, &T::Item) -> bool,
) -> bool
where
    P: Iterator + Clone,
    T: Iterator + Clone,
{
    // What follows the last star, and where it's tried next. Earlier stars need no second try: what follows them has
    // fitted at the first place, which leaves most for the rest.
    let mut retry: Option<(P, T)> = None;
    loop {
        let mut rest = items.clone();
        match (pieces.next(), rest.next()) {
            (Some(piece), _) if is_star(&piece) => retry = Some((pieces.clone(), items.clone())),
            (Some(piece), Some(item)) if same(&piece, &item) => items = rest,
            (None, None) => return true,
            _ => {
                let Some((behind, from)) = &mut retry else { return false };
                if from.next().is_none() {
                    return false;
                }
                (pieces, items) = (behind.clone(), from.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{fits, fits_address, fits_segment};

    #[test]
    fn a_star_stands_for_any_characters_and_a_question_mark_for_one() {
        for (pattern, name) in [
            ("shared_sql", "Shared_SQL"),
            ("*", ""),
            ("*.contoso.com", "api.CONTOSO.com"),
            ("*.contoso.com", "a.b.contoso.com"),
            ("send*", "SendEmailV2"),
            ("a*b*c", "a-b-b-c"),
            ("*é*", "café au lait"),
            ("a**b", "ab"),
            ("*_?", "Get_items_2"),
            ("?", "é"),
            ("[HR] Onboard*", "[HR] Onboard (V2)"),
            ("{a}\\b", "{a}\\b"),
            ("ÄRGER*", "ärger 1"),
        ] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("shared_sql", "shared_sqldw"),
            ("shared_sql", "x_shared_sql"),
            ("*.contoso.com", "contoso.com"),
            ("*.contoso.com", "contoso.com.evil.example"),
            ("ab*ba", "aba"),
            ("a*b*c", "acb"),
            ("a*b*c", "a-b-b"),
            ("", "a"),
            ("é", "e"),
            ("*a", "é"),
            ("?", ""),
            ("Get_items_?", "Get_items_12"),
            ("[HR]*", "H"),
        ] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn a_question_mark_in_an_address_is_itself() {
        assert!(fits_address("https://CONTOSO.com/a?b=*", "https://contoso.com/a?b=1"));
        assert!(!fits_address("https://contoso.com/a?b", "https://contoso.com/a/b"));
    }

    #[test]
    fn upper_and_lower_case_of_files_differ() {
        assert!(fits_segment("*.j?on", "a.json"));
        assert!(!fits_segment("*.json", "a.JSON"));
    }

    #[test]
    fn a_pattern_of_many_stars_ends_soon() {
        let pattern = "*a".repeat(100);
        assert!(!fits(&pattern, &"a".repeat(99)));
        assert!(fits(&pattern, &"a".repeat(100)));
        assert!(!fits(&format!("{}c", "*a".repeat(50)), &"ab".repeat(5_000)));
    }
}
