//! Patterns of names in which `*` stands for any text, and upper and lower case are the same.

/// Whether a pattern fits the whole of a text.
#[must_use]
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| behind(text, first)) else { return false };
    let Some(mut last) = pieces.next() else { return rest.is_empty() };
    for next in pieces {
        // The first place that fits is as good as any: what follows has most left there.
        let Some(at) = find(rest, last) else { return false };
        rest = &rest[at + last.len()..];
        last = next;
    }
    rest.len() >= last.len()
        && rest.is_char_boundary(rest.len() - last.len())
        && rest[rest.len() - last.len()..].eq_ignore_ascii_case(last)
}

/// What stands behind the beginning of a text, if it begins so.
fn behind<'t>(text: &'t str, beginning: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(beginning.len())?;
    start.eq_ignore_ascii_case(beginning).then_some(rest)
}

/// Where a piece stands first in a text.
fn find(text: &str, piece: &str) -> Option<usize> {
    text.char_indices().map(|(at, _)| at).chain([text.len()]).find(|at| behind(&text[*at..], piece).is_some())
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text) in [
            ("shared_sql", "Shared_SQL"),
            ("*", ""),
            ("*.contoso.com", "api.CONTOSO.com"),
            ("*.contoso.com", "a.b.contoso.com"),
            ("send*", "SendEmailV2"),
            ("a*b*c", "a-b-b-c"),
            ("*é*", "café au lait"),
            ("a**b", "ab"),
        ] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("shared_sql", "shared_sqldw"),
            ("shared_sql", "x_shared_sql"),
            ("*.contoso.com", "contoso.com"),
            ("*.contoso.com", "contoso.com.evil.example"),
            ("ab*ba", "aba"),
            ("a*b*c", "acb"),
            ("", "a"),
            ("é", "e"),
            ("*a", "é"),
        ] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }
}
