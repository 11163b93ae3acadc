//! Finds credentials in a text, whatever the text is, so that they are reported and never shown.
//!
//! Works on the raw file: a secret in a comment, a key or a broken file is one as well.

use std::borrow::Cow;
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
    /// The scheme of a name and a password in Base64.
    Basic,
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
    ("ig=", Form::Assigned),
    ("SIG=", Form::Assigned),
    ("ode=", Form::Assigned),
    ("CODE=", Form::Assigned),
    ("ey=", Form::Assigned),
    ("KEY=", Form::Assigned),
    ("ecret=", Form::Assigned),
    ("SECRET=", Form::Assigned),
    ("word=", Form::Assigned),
    ("WORD=", Form::Assigned),
    ("wd=", Form::Assigned),
    ("PWD=", Form::Assigned),
    ("earer ", Form::Bearer),
    ("EARER ", Form::Bearer),
    ("asic ", Form::Basic),
    ("ASIC ", Form::Basic),
];

/// What tokens begin with.
const TOKEN_MARKS: &[(&str, Form)] = &[
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

/// How the names of JSON keys end whose values may be secrets.
const KEY_MARKS: &[&str] = &[
    "key\"",
    "Key\"",
    "KEY\"",
    "ecret\"",
    "SECRET\"",
    "word\"",
    "WORD\"",
    "pfx\"",
    "Pfx\"",
    "PFX\"",
    "oken\"",
    "OKEN\"",
    "pwd\"",
    "Pwd\"",
    "PWD\"",
    "hrase\"",
    "HRASE\"",
    "nString\"",
    "nstring\"",
    "NSTRING\"",
];

/// The same in JSON inside a text, however deep.
const INNER_KEY_MARKS: &[&str] = &[
    "key\\",
    "Key\\",
    "KEY\\",
    "ecret\\",
    "SECRET\\",
    "word\\",
    "WORD\\",
    "pfx\\",
    "Pfx\\",
    "PFX\\",
    "oken\\",
    "OKEN\\",
    "pwd\\",
    "Pwd\\",
    "PWD\\",
    "hrase\\",
    "HRASE\\",
    "nString\\",
    "nstring\\",
    "NSTRING\\",
];

/// Names before a `=` (case folded), what their values are, and how long those are at least; no length
/// where a value proves nothing by its form.
const ASSIGNED: &[(&str, &str, Option<usize>)] = &[
    ("sig", "a shared access signature", Some(20)),
    ("code", "a function key", Some(40)),
    ("accountkey", "a storage account key", Some(40)),
    ("sharedaccesskey", "a shared access key", Some(30)),
    ("subscription-key", "a subscription key", Some(20)),
    ("client_secret", "a client secret", Some(16)),
    ("password", "a password", None),
    ("pwd", "a password", None),
];

/// Names of JSON keys (case folded) and what their values prove.
const KEYS: &[(&str, &str, Proof)] = &[
    ("ocp-apim-subscription-key", "a subscription key", Proof::Random(20)),
    ("x-functions-key", "a function key", Proof::Random(20)),
    ("x-api-key", "an API key", Proof::Random(16)),
    ("api-key", "an API key", Proof::Random(16)),
    ("api_key", "an API key", Proof::Random(16)),
    ("apikey", "an API key", Proof::Random(16)),
    ("client_secret", "a client secret", Proof::Random(16)),
    ("client-secret", "a client secret", Proof::Random(16)),
    ("clientsecret", "a client secret", Proof::Random(16)),
    ("accountkey", "a storage account key", Proof::Random(40)),
    ("password", "a password", Proof::None),
    ("pwd", "a password", Proof::None),
    ("passphrase", "a password", Proof::None),
    ("secret", "a secret", Proof::None),
    ("pfx", "a certificate", Proof::None),
    ("connectionstring", "a connection string", Proof::None),
    ("primarykey", "a key", Proof::NoWord),
    ("sharedkey", "a key", Proof::NoWord),
    ("secretkey", "a key", Proof::NoWord),
    ("token", "a token", Proof::NoWord),
    ("access_token", "a token", Proof::NoWord),
    ("accesstoken", "a token", Proof::NoWord),
    ("refresh_token", "a token", Proof::NoWord),
    ("refreshtoken", "a token", Proof::NoWord),
];

/// What the value of a JSON key must be to count.
#[derive(Clone, Copy)]
enum Proof {
    /// So long, and drawn at random: that proves it. Anything but a plain word counts.
    Random(usize),
    /// Anything counts, and nothing proves it.
    None,
    /// Anything but a plain word, which may name a column or a kind.
    NoWord,
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

/// The name that ends at `end`. An escape before it, `\u0026` for an `&` say, is no part of it.
fn word_before(text: &str, end: usize) -> &str {
    let length = text.as_bytes()[..end]
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let start = end - length.count();
    let word = &text[start..end];
    if !text[..start].ends_with('\\') {
        return word;
    }
    match word.as_bytes() {
        [b'u', code @ ..] if code.len() >= 4 && code[..4].iter().all(u8::is_ascii_hexdigit) => &word[5..],
        [b'n' | b'r' | b't', ..] => &word[1..],
        _ => word,
    }
}

/// The inside of the plain string that a JSON key, whose name ends at `end`, has as its value. In JSON inside
/// a text the quotes are escaped. A string without end goes on to the end of the line.
fn plain_value(text: &str, end: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let depth = run(bytes, end, |byte| byte == b'\\');
    let quote = bytes.get(end..=end + depth)?;
    if quote.last() != Some(&b'"') {
        return None;
    }
    let blank = |at: usize| at + run(bytes, at, |byte| byte.is_ascii_whitespace());
    let colon = blank(end + depth + 1);
    if bytes.get(colon) != Some(&b':') {
        return None;
    }
    let open = blank(colon + 1);
    if !bytes.get(open..)?.starts_with(quote) {
        return None;
    }
    let open = open + quote.len();
    let ends = memchr::memchr3_iter(b'"', b'\n', b'\r', &bytes[open..]).find_map(|at| {
        let at = open + at;
        if bytes[at] != b'"' {
            return Some(at);
        }
        // So many backslashes belong to the quote itself; twice as many and two are one that is meant.
        let escapes = bytes[open..at].iter().rev().take_while(|byte| **byte == b'\\').count();
        let own = escapes % (2 * (depth + 1));
        (own <= depth).then(|| at - own)
    });
    let close = ends.unwrap_or(bytes.len());
    (!is_computed(text.get(open..close)?)).then_some((open, close))
}

/// Whether a value is an expression, an ARM expression, or a placeholder: no literal.
fn is_computed(value: &str) -> bool {
    value.starts_with(['@', '[', '<', '{', '$']) || value.contains("@{")
}

/// Whether a value is what a schema calls a type.
fn is_type(value: &str) -> bool {
    ["string", "securestring", "object", "array", "integer", "number", "boolean", "null", "true", "false"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(value))
}

/// Whether a value is made of words: letters and what joins them, few capitals among the others.
fn is_word(value: &str) -> bool {
    let capitals = value.bytes().filter(u8::is_ascii_uppercase).count();
    let small = value.bytes().filter(u8::is_ascii_lowercase).count();
    value.len() < 24
        && (small == 0 || capitals <= small / 3)
        && value.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b'.' | b' '))
}

/// How many bytes from `at` on belong together.
fn run(bytes: &[u8], at: usize, belongs: impl Fn(u8) -> bool) -> usize {
    bytes.get(at..).map_or(0, |rest| rest.iter().take_while(|byte| belongs(**byte)).count())
}

/// Where a token ends that begins at `at`; a character of it may be written as an escape of JSON.
fn token_end(bytes: &[u8], mut at: usize, belongs: impl Fn(u8) -> bool) -> usize {
    while let Some(byte) = bytes.get(at) {
        at += match byte {
            b'\\' => match escape(&bytes[at..]) {
                Some((length, meant)) if meant.is_ascii_graphic() && belongs(meant) => length,
                _ => break,
            },
            byte if belongs(*byte) => 1,
            _ => break,
        };
    }
    at
}

/// The length of the escape at the beginning, in JSON inside texts too, and what it means, if that is a byte.
fn escape(bytes: &[u8]) -> Option<(usize, u8)> {
    let backslashes = run(bytes, 0, |byte| byte == b'\\');
    match bytes.get(backslashes)? {
        b'/' => Some((backslashes + 1, b'/')),
        b'u' => {
            let code = std::str::from_utf8(bytes.get(backslashes + 1..backslashes + 5)?).ok()?;
            let meant = u8::try_from(u32::from_str_radix(code, 16).ok()?).ok()?;
            meant.is_ascii().then_some((backslashes + 5, meant))
        }
        _ => None,
    }
}

/// A token without the escapes in it.
#[must_use]
pub(crate) fn unescaped(value: &str) -> Cow<'_, str> {
    if !value.contains('\\') {
        return Cow::Borrowed(value);
    }
    let mut meant = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('\\') {
        meant.push_str(&rest[..at]);
        let length = match escape(&rest.as_bytes()[at..]) {
            Some((length, byte)) => {
                meant.push(char::from(byte));
                length
            }
            None => {
                meant.push('\\');
                1
            }
        };
        rest = &rest[at + length..];
    }
    meant.push_str(rest);
    Cow::Owned(meant)
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
            assert_eq!(found(&format!("{text}\"")), [], "{text}");
        }
    }

    #[test]
    fn a_password_is_hidden_without_proof() {
        assert_eq!(found("\"password\" : \"hunter2\""), [("hunter2", false)]);
    }
}
