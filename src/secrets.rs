//! Finds credentials in a text, whatever the text is, so that they are reported and never shown.
//!
//! Works on the raw file: a secret in a comment, a key or a broken file is one as well.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, packed};

use crate::source::Span;

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

/// How a candidate is read once its mark was seen.
#[derive(Clone, Copy)]
enum Form {
    /// `name=value`, the name being one of [`ASSIGNED`].
    Assigned,
    /// A JSON key, one of [`KEYS`], and its value.
    Key,
    /// An `Authorization` scheme and at least twenty characters.
    Bearer,
    /// Base64 parts joined by dots, of which the mark begins the first.
    Jwt,
    /// A token that begins with the mark: so many characters behind it.
    Token(&'static str, usize),
    /// An address or token that goes on behind the mark, for at least so many characters.
    Rest(&'static str, usize),
    /// A block in PEM form.
    Pem,
    /// A client secret of Microsoft Entra, recognised in its middle.
    EntraSecret,
}

/// What announces a candidate in a value. Few, long and case-sensitive: the search is a vector one then.
const MARKS: &[(&str, Form)] = &[
    ("sig=", Form::Assigned),
    ("code=", Form::Assigned),
    ("Key=", Form::Assigned),
    ("key=", Form::Assigned),
    ("ecret=", Form::Assigned),
    ("earer ", Form::Bearer),
    ("eyJ", Form::Jwt),
    ("KEY-----", Form::Pem),
    ("ghp_", Form::Token("a GitHub token", 36)),
    ("gho_", Form::Token("a GitHub token", 36)),
    ("ghs_", Form::Token("a GitHub token", 36)),
    ("github_pat_", Form::Token("a GitHub token", 82)),
    ("glpat-", Form::Token("a GitLab token", 20)),
    ("AKIA", Form::Token("an AWS access key id", 16)),
    ("AIza", Form::Token("a Google API key", 35)),
    ("xoxb-", Form::Rest("a Slack token", 20)),
    ("xoxp-", Form::Rest("a Slack token", 20)),
    ("/IncomingWebhook/", Form::Rest("a webhook address with its token", 40)),
    ("hooks.slack.com/services/", Form::Rest("a webhook address with its token", 30)),
    ("discord.com/api/webhooks/", Form::Rest("a webhook address with its token", 60)),
];

/// What stands behind the fourth character of a client secret of Microsoft Entra.
const ENTRA_MARK: &str = "Q~";

/// How the names of JSON keys end whose values may be secrets, in plain JSON and in JSON inside a text.
const KEY_MARKS: &[&str] =
    &["key\"", "Key\"", "ecret\"", "assword\"", "pfx\"", "key\\\"", "Key\\\"", "ecret\\\"", "assword\\\""];

/// Names before a `=` (case folded), what their values are, and how long those are at least.
const ASSIGNED: &[(&str, &str, usize)] = &[
    ("sig", "a shared access signature", 20),
    ("code", "a function key", 40),
    ("accountkey", "a storage account key", 40),
    ("sharedaccesskey", "a shared access key", 30),
    ("subscription-key", "a subscription key", 20),
    ("client_secret", "a client secret", 16),
];

/// Names of JSON keys (case folded), what their values are, and how long those are at least; no length
/// where a value proves nothing by its form.
const KEYS: &[(&str, &str, Option<usize>)] = &[
    ("ocp-apim-subscription-key", "a subscription key", Some(20)),
    ("x-functions-key", "a function key", Some(20)),
    ("x-api-key", "an API key", Some(16)),
    ("api-key", "an API key", Some(16)),
    ("apikey", "an API key", Some(16)),
    ("client_secret", "a client secret", Some(16)),
    ("clientsecret", "a client secret", Some(16)),
    ("password", "a password", None),
    ("secret", "a secret", None),
    ("pfx", "a certificate", None),
];

/// Every credential in a text, in order, none overlapping another.
#[must_use]
pub fn find(text: &str) -> Vec<Secret> {
    static VALUES: LazyLock<Scanner> = LazyLock::new(|| Scanner::new(MARKS.iter().map(|(mark, _)| *mark)));
    static NAMES: LazyLock<Scanner> = LazyLock::new(|| Scanner::new(KEY_MARKS.iter().copied()));
    let mut secrets = Vec::new();
    VALUES.each(text, |mark, start, end| secrets.extend(read(text, start, end, MARKS[mark].1)));
    // Two letters among the marks would slow down the search for all of them.
    memchr::memmem::find_iter(text.as_bytes(), ENTRA_MARK)
        .for_each(|at| secrets.extend(read(text, at, at + ENTRA_MARK.len(), Form::EntraSecret)));
    NAMES.each(text, |_, start, end| secrets.extend(read(text, start, end, Form::Key)));
    secrets.sort_by_key(|secret: &Secret| (secret.span, !secret.certain));
    let mut last_end = 0;
    secrets.retain(|secret| {
        let apart = secret.span.start >= last_end;
        if apart {
            last_end = secret.span.end;
        }
        apart
    });
    secrets
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

fn read(text: &str, start: usize, end: usize, form: Form) -> Option<Secret> {
    let bytes = text.as_bytes();
    let before = start.checked_sub(1).map(|at| bytes[at]);
    let secret = |from: usize, to: usize, what, least: usize| {
        let long_enough = to - from >= least && is_random(text.get(from..to)?);
        long_enough.then_some(Secret { span: Span::new(from, to), what, certain: true })
    };
    match form {
        Form::Assigned => {
            let name = word_before(text, end - 1);
            let (_, what, least) = ASSIGNED.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name))?;
            let to = end + run(bytes, end, |byte| is_token(byte) || matches!(byte, b'%' | b'=' | b'~'));
            secret(end, to, what, *least)
        }
        Form::Key => {
            let quote = if text[..end].ends_with("\\\"") { end - 2 } else { end - 1 };
            let name = word_before(text, quote);
            let (_, what, least) = KEYS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name))?;
            let (from, to) = plain_value(text, end)?;
            match least {
                Some(least) => secret(from, to, what, *least),
                None => (to > from).then(|| Secret { span: Span::new(from, to), what, certain: false }),
            }
        }
        Form::Bearer => {
            let to = end + run(bytes, end, |byte| is_token(byte) || matches!(byte, b'=' | b'~' | b'.'));
            secret(end, to, "a bearer token", 20)
        }
        Form::Jwt => {
            let to = end + run(bytes, end, |byte| is_token(byte) || byte == b'.');
            let mut parts = text[start..to].split('.');
            let is_jwt = !before.is_some_and(is_token)
                && parts.by_ref().take(2).filter(|part| part.len() >= 10).count() == 2
                && parts.next().is_some();
            is_jwt.then(|| secret(start, to, "a token (JWT)", 20)).flatten()
        }
        Form::Token(what, length) => {
            let to = end + run(bytes, end, is_token);
            (!before.is_some_and(is_token) && to - end == length)
                .then(|| secret(start, to, what, length))
                .flatten()
        }
        Form::Rest(what, least) => {
            let to = end + run(bytes, end, |byte| is_token(byte) || byte == b'@');
            secret(end, to, what, least)
        }
        Form::Pem => {
            let head = &text[text[..start].rfind("-----BEGIN")?..start];
            let to = text[end..].find("-----END").map_or(text.len(), |at| end + at);
            let to = end + text[end..to].find('"').unwrap_or(to - end);
            let is_block = head.len() <= 40 && to - end >= 40;
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
            let fits = begins && (31..=34).contains(&(to - end));
            fits.then(|| secret(head, to, "a client secret", 30)).flatten()
        }
    }
}

/// The name that ends at `end`. An `&` that JSON wrote as `\u0026` is no part of it.
fn word_before(text: &str, end: usize) -> &str {
    let length = text.as_bytes()[..end]
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let start = end - length.count();
    let word = &text[start..end];
    if text[..start].ends_with('\\') { word.strip_prefix("u0026").unwrap_or(word) } else { word }
}

/// The inside of the plain string that a JSON key, which ends at `from`, has as its value. In JSON inside
/// a text the quotes are escaped.
fn plain_value(text: &str, from: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let escaped = text[..from].ends_with("\\\"");
    let mut at = from + run(bytes, from, |byte| byte.is_ascii_whitespace());
    if bytes.get(at) != Some(&b':') {
        return None;
    }
    at += 1;
    at += run(bytes, at, |byte| byte.is_ascii_whitespace());
    let quote = if escaped { "\\\"" } else { "\"" };
    if !bytes.get(at..)?.starts_with(quote.as_bytes()) {
        return None;
    }
    let open = at + quote.len();
    let mut close = open;
    let ends = |at: usize| escaped && bytes[at..].starts_with(quote.as_bytes());
    while !(matches!(bytes.get(close)?, b'"' | b'\n') || ends(close)) {
        close += if bytes[close] == b'\\' { 2 } else { 1 };
    }
    let value = text.get(open..close)?;
    // An expression, an ARM expression, or a placeholder is no literal.
    let computed = value.starts_with(['@', '[', '<', '{', '$']) || value.contains("@{");
    (!computed).then_some((open, close))
}

/// How many bytes from `at` on belong together.
fn run(bytes: &[u8], at: usize, belongs: impl Fn(u8) -> bool) -> usize {
    bytes.get(at..).map_or(0, |rest| rest.iter().take_while(|byte| belongs(**byte)).count())
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/')
}

/// Whether a value looks drawn at random: varied, and none of the words that stand for a value.
fn is_random(value: &str) -> bool {
    const STAND_INS: [&str; 12] = [
        "your",
        "xxxx",
        "example",
        "placeholder",
        "insert",
        "changeme",
        "redacted",
        "secret",
        "sample",
        "replace",
        "dummy",
        "value",
    ];
    let folded = value.to_ascii_lowercase();
    if STAND_INS.iter().any(|word| folded.contains(word)) {
        return false;
    }
    let mut counts = [0_u32; 256];
    value.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    let length = f64::from(u32::try_from(value.len()).unwrap_or(u32::MAX));
    let entropy: f64 = counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / length)
        .map(|share| -share * share.log2())
        .sum();
    entropy >= 3.0 && value.bytes().any(|byte| byte.is_ascii_digit())
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
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn a_password_is_hidden_without_proof() {
        assert_eq!(found("\"password\" : \"hunter2\""), [("hunter2", false)]);
    }
}
