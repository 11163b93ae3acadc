//! Finds credentials in a text, whatever the text is, so that they are reported and never shown.
//!
//! Works on the raw file: a secret in a comment, a key or a broken file is one as well.

mod marks;
mod mask;
mod value;

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, packed};

use self::marks::{ASSIGNED, ENTRA_MARK, Form, INNER_KEY_MARKS, KEY_MARKS, KEYS, MARKS, Proof, TOKEN_MARKS};
pub use self::mask::TextSecrets;
use self::value::unescaped;
use self::value::{
    is_computed, is_random, is_token, is_type, is_word, plain_value, run, token_end, word_before,
};
use crate::text::Span;

/// A credential in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Secret {
    /// The bytes of its value.
    pub span: Span,
    /// What it is, with its article: "a shared access signature".
    pub what: &'static str,
    /// Whether its form proves it. Others are hidden, and not reported.
    pub certain: bool,
}

/// Every credential in a file, in order, none overlapping another. At the very end of it one may be cut off.
#[must_use]
pub fn find(text: &str) -> Vec<Secret> {
    find_in(text, true)
}

/// A name or message with every credential in it taken out.
#[must_use]
pub fn without(text: String) -> String {
    find_in(&text, false).iter().rev().fold(text, |mut text, secret| {
        text.replace_range(secret.span.range(), "***");
        text
    })
}

fn find_in(text: &str, may_be_cut: bool) -> Vec<Secret> {
    static VALUES: LazyLock<Scanner> = LazyLock::new(|| Scanner::new(MARKS.iter().map(|(mark, _)| *mark)));
    static TOKENS: LazyLock<Scanner> =
        LazyLock::new(|| Scanner::new(TOKEN_MARKS.iter().map(|(mark, _)| *mark)));
    static NAMES: LazyLock<Scanner> = LazyLock::new(|| Scanner::new(KEY_MARKS.iter().copied()));
    static INNER: LazyLock<Scanner> = LazyLock::new(|| Scanner::new(INNER_KEY_MARKS.iter().copied()));
    let mut secrets = Vec::new();
    let cut = may_be_cut.then_some(text.len());
    let mut add = |start, end, form| secrets.extend(read(text, start, end, form, cut));
    VALUES.each(text, |mark, start, end| add(start, end, MARKS[mark].1));
    TOKENS.each(text, |mark, start, end| add(start, end, TOKEN_MARKS[mark].1));
    // Two letters among the marks would slow down the search for all of them.
    memchr::memmem::find_iter(text.as_bytes(), ENTRA_MARK)
        .for_each(|at| add(at, at + ENTRA_MARK.len(), Form::EntraSecret));
    NAMES.each(text, |_, start, end| add(start, end - 1, Form::Key));
    // Most files hold no JSON inside a text.
    if memchr::memmem::find(text.as_bytes(), b"\\\"").is_some() {
        INNER.each(text, |_, start, end| add(start, end - 1, Form::Key));
    }
    apart(secrets)
}

/// Credentials none of which overlaps another: what proves itself stands, of the rest what is left.
fn apart(secrets: Vec<Secret>) -> Vec<Secret> {
    let (mut kept, mut suspected): (Vec<_>, Vec<_>) =
        secrets.into_iter().partition(|secret: &Secret| secret.certain);
    kept.sort_by_key(|secret| secret.span);
    let mut last_end = 0;
    kept.retain(|secret| {
        let apart = secret.span.start >= last_end;
        if apart {
            last_end = secret.span.end;
        }
        apart
    });
    suspected.sort_by_key(|secret| secret.span);
    let mut rest = Vec::new();
    let mut from = 0;
    for secret in suspected {
        from = secret.span.start.max(from);
        let first = kept.partition_point(|other| other.span.end <= from);
        for other in kept[first..].iter().take_while(|other| other.span.start < secret.span.end) {
            if from < other.span.start {
                rest.push(Secret { span: Span { start: from, end: other.span.start }, ..secret });
            }
            from = other.span.end;
        }
        if from < secret.span.end {
            rest.push(Secret { span: Span { start: from, end: secret.span.end }, ..secret });
            from = secret.span.end;
        }
    }
    kept.extend(rest);
    kept.sort_by_key(|secret| secret.span);
    kept
}

/// Looks for a few marks at once: by vector instructions where the machine has them.
enum Scanner {
    Packed(packed::Searcher),
    Plain(AhoCorasick),
    /// No automaton could be built; the tests rule that out.
    None,
}

impl Scanner {
    fn new(marks: impl Iterator<Item = &'static str> + Clone) -> Self {
        match packed::Searcher::new(marks.clone()) {
            Some(searcher) => Self::Packed(searcher),
            None => AhoCorasick::new(marks).map_or(Self::None, Self::Plain),
        }
    }

    fn each(&self, text: &str, mut visit: impl FnMut(usize, usize, usize)) {
        match self {
            Self::Packed(searcher) => {
                searcher
                    .find_iter(text)
                    .for_each(|hit| visit(hit.pattern().as_usize(), hit.start(), hit.end()));
            }
            Self::Plain(automaton) => {
                automaton
                    .find_iter(text)
                    .for_each(|hit| visit(hit.pattern().as_usize(), hit.start(), hit.end()));
            }
            Self::None => {}
        }
    }
}

fn read(text: &str, start: usize, end: usize, form: Form, cut: Option<usize>) -> Option<Secret> {
    let bytes = text.as_bytes();
    let before = start.checked_sub(1).map(|at| bytes[at]);
    let suspected = |from: usize, to: usize, what| {
        (to > from).then(|| Secret { span: Span::new(from, to), what, certain: false })
    };
    let secret = |from: usize, to: usize, what, least: usize| {
        let value = unescaped(text.get(from..to)?);
        let proven = value.len() >= least && is_random(&value);
        match proven {
            true => Some(Secret { span: Span::new(from, to), what, certain: true }),
            // The rest of it would prove it.
            false if Some(to) == cut && value.len() < least => suspected(from, to, what),
            false => None,
        }
    };
    match form {
        Form::Assigned => {
            let name = word_before(text, end - 1);
            let (_, what, least) = ASSIGNED.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name))?;
            match least {
                Some(least) => {
                    let to =
                        token_end(bytes, end, |byte| is_token(byte) || matches!(byte, b'%' | b'=' | b'~'));
                    secret(end, to, what, *least)
                }
                None => {
                    let ends =
                        |byte: u8| matches!(byte, b';' | b'&' | b'"' | b'\'' | b'<' | b' ' | b'\r' | b'\n');
                    let to = token_end(bytes, end, |byte| !ends(byte));
                    let value = text.get(end..to)?;
                    (!is_computed(value)).then(|| suspected(end, to, what)).flatten()
                }
            }
        }
        Form::Key => {
            let name = word_before(text, end);
            let (_, what, proof) = KEYS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name))?;
            let (from, to) = plain_value(text, end)?;
            let value = &text[from..to];
            let is_named = value.eq_ignore_ascii_case(name) || is_type(value);
            match proof {
                Proof::Random(least) => secret(from, to, what, *least)
                    .or_else(|| (!is_named && !is_word(value)).then(|| suspected(from, to, what)).flatten()),
                Proof::None if !is_named => suspected(from, to, what),
                Proof::NoWord if !is_named && !is_word(value) => suspected(from, to, what),
                _ => None,
            }
        }
        Form::Bearer => {
            let to = token_end(bytes, end, |byte| is_token(byte) || matches!(byte, b'=' | b'~' | b'.'));
            secret(end, to, "a bearer token", 20)
        }
        Form::Basic => {
            let to = token_end(bytes, end, |byte| is_token(byte) || byte == b'=');
            let value = unescaped(text.get(end..to)?);
            let padded = value.len().is_multiple_of(4) && value.len() >= 8;
            // A word behind "basic" is one in a sentence.
            let is_coded = (padded && !is_word(&value)) || Some(to) == cut;
            is_coded.then(|| suspected(end, to, "a name and password")).flatten()
        }
        Form::Jwt => {
            let to = token_end(bytes, end, |byte| is_token(byte) || byte == b'.');
            let mut parts = text[start..to].split('.');
            let is_jwt = !before.is_some_and(is_token)
                && parts.by_ref().take(2).filter(|part| part.len() >= 10).count() == 2
                && parts.next().is_some();
            let is_cut = Some(to) == cut && !before.is_some_and(is_token);
            match is_jwt {
                true => secret(start, to, "a token (JWT)", 20),
                false if is_cut => suspected(start, to, "a token (JWT)"),
                false => None,
            }
        }
        Form::Token(what, length) => {
            let to = token_end(bytes, end, is_token);
            (!before.is_some_and(is_token) && (to - end == length || (Some(to) == cut && to - end < length)))
                .then(|| secret(start, to, what, length + (end - start)))
                .flatten()
        }
        Form::Rest(what, least) => {
            let to = token_end(bytes, end, |byte| is_token(byte) || byte == b'@');
            secret(end, to, what, least)
        }
        Form::Pem => {
            let head = &text[text[..start].rfind("-----BEGIN")?..start];
            let to = text[end..].find("-----END").map_or(text.len(), |at| end + at);
            let to = end + text[end..to].find('"').unwrap_or(to - end);
            let is_block = head.len() <= 40 && (to - end >= 40 || Some(to) == cut);
            is_block.then(|| Secret { span: Span::new(end, to), what: "a private key", certain: true })
        }
        Form::EntraSecret => {
            let head = start.checked_sub(4)?;
            let in_secret =
                |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'~' | b'.' | b'_' | b'-');
            let begins = bytes[head..start].iter().all(|byte| in_secret(*byte))
                && bytes[start - 1].is_ascii_digit()
                && !head.checked_sub(1).is_some_and(|at| in_secret(bytes[at]));
            let to = end + run(bytes, end, in_secret);
            match to - end {
                31..=34 if begins => secret(head, to, "a client secret", 30),
                0..31 if begins && Some(to) == cut => suspected(head, to, "a client secret"),
                _ => None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, bool)> {
        find(text).iter().map(|secret| (&text[secret.span.range()], secret.certain)).collect()
    }

    #[test]
    fn credentials_are_found_by_their_form() {
        for (text, secret) in [
            ("https://x.test/?a=1\\u0026sig=aB3dE5gH7jK9mN1pQ3sT5v%2Fw", "aB3dE5gH7jK9mN1pQ3sT5v%2Fw"),
            (
                "AccountName=a;AccountKey=q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8l9z0==;E",
                "q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8l9z0==",
            ),
            ("\"x-functions-key\": \"Zx8cV7bN6mA5sD4fG3hJ2kL1qW0e\"", "Zx8cV7bN6mA5sD4fG3hJ2kL1qW0e"),
            ("\"Authorization\": \"Bearer Zx8cV7bN6mA5sD4fG3hJ2kL1\"", "Zx8cV7bN6mA5sD4fG3hJ2kL1"),
            (
                "\"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.c2lnbmF0dXJl\"",
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.c2lnbmF0dXJl",
            ),
            ("\"body\": \"{\\\"apiKey\\\": \\\"Zx8cV7bN6mA5sD4fG3hJ2k\\\"}\"", "Zx8cV7bN6mA5sD4fG3hJ2k"),
            ("ghp_0123456789abcdefghijABCDEFGHIJ012345", "ghp_0123456789abcdefghijABCDEFGHIJ012345"),
            ("\"a1B8Q~zY9xW8vU7tS6rQ5pO4nM3lK2jI1hG0f-\"", "a1B8Q~zY9xW8vU7tS6rQ5pO4nM3lK2jI1hG0f-"),
        ] {
            assert_eq!(found(text), [(secret, true)], "{text}");
        }
        let pem =
            "-----BEGIN RSA PRIVATE KEY-----\\nMIIEpAIBAAKCAQEA1234567890abcdefghijklmnop\\n-----END RSA";
        assert_eq!(find(pem).len(), 1);
    }

    #[test]
    fn stand_ins_expressions_and_words_are_none() {
        for text in [
            "?sig=@{variables('sig')}",
            "?sig=your-signature-goes-here-123",
            "status_code=aB3dE5gH7jK9mN1pQ3sT5vaB3dE5gH7jK9mN1pQ3sT5v",
            "?code=200",
            "\"x-functions-key\": \"@parameters('Key (ctso_key)')\"",
            "\"x-api-key\": \"<your key here 1234>\"",
            "Bearer @{body('Token')?['access_token']}",
            "Bearer authentication is required here",
            "\"password\": \"@parameters('p')\"",
            "\"password\": \"[parameters('p')]\"",
            "eyJust a word",
            "\\u0026status_code=aB3dE5gH7jK9mN1pQ3sT5vaB3dE5gH7jK9mN1pQ3sT5v",
            "AKIArather",
        ] {
            assert_eq!(found(&format!("{text}\"")), [], "{text}");
        }
    }

    #[test]
    fn a_password_is_hidden_without_proof() {
        assert_eq!(found("\"password\" : \"hunter2\""), [("hunter2", false)]);
    }
}
