//! The credentials of one text, and how they are kept out of everything that is said of it.

use super::{Secret, find, unescaped};
use crate::text::Span;

/// The credentials of one text, found once.
#[derive(Debug, Default)]
pub struct TextSecrets {
    found: Vec<Secret>,
    /// What must not stand anywhere else: the credentials as they are written and as they are meant, the longest first.
    values: Vec<String>,
}

impl TextSecrets {
    /// The credentials of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let found = find(text);
        let mut values: Vec<String> = values(text, &found).filter(|value| value.len() > 3).collect();
        // As it stands in a JSON pointer.
        let in_pointers: Vec<String> = values
            .iter()
            .filter(|value| value.contains(['~', '/']))
            .map(|value| value.replace('~', "~0").replace('/', "~1"))
            .collect();
        values.extend(in_pointers);
        values.retain(|value| !value.trim_matches('*').is_empty());
        // One may be a part of another.
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self { found, values }
    }

    /// The credentials, in the order of the text.
    #[must_use]
    pub fn found(&self) -> &[Secret] {
        &self.found
    }

    /// Overwrites every credential in the text that they were found in, byte for byte and wherever it stands again, so
    /// that nothing that is made of the text later can show one.
    pub fn mask(&self, text: &mut String) {
        let mut spans: Vec<Span> = self.found.iter().map(|secret| secret.span).collect();
        // A short password may be a word of the text as well: there it gives nothing away.
        for value in values(text, &self.found).filter(|value| value.len() >= 8) {
            let again = memchr::memmem::find_iter(text.as_bytes(), &value);
            spans.extend(again.map(|at| Span::new(at, at + value.len())));
        }
        for span in spans {
            text.replace_range(span.range(), &"*".repeat(span.range().len()));
        }
    }

    /// Another text with every one of these credentials taken out, however it is spelled there.
    #[must_use]
    pub fn without(&self, text: String) -> String {
        self.values.iter().fold(text, |text, value| {
            if text.contains(value.as_str()) { text.replace(value.as_str(), "***") } else { text }
        })
    }
}

/// The credentials as they stand in the text, and as they are meant where they stand with escapes: in JSON inside a
/// text with escapes of escapes.
fn values<'t>(text: &'t str, found: &'t [Secret]) -> impl Iterator<Item = String> + use<'t> {
    let meant = |written: &String| {
        let decoded = serde_json::from_str::<String>(&format!("\"{written}\""));
        let meant = decoded.unwrap_or_else(|_| unescaped(written).into_owned());
        (written.contains('\\') && meant != *written).then_some(meant)
    };
    found.iter().flat_map(move |secret| {
        let written = text.get(secret.span.range()).unwrap_or_default();
        std::iter::successors(Some(written.to_owned()), meant).take(4)
    })
}
