//! Where the value of a candidate ends, and whether it looks like a credential.

use std::borrow::Cow;

/// The name that ends at `end`. An escape before it, `\u0026` for an `&` say, is no part of it.
pub(super) fn word_before(text: &str, end: usize) -> &str {
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
pub(super) fn plain_value(text: &str, end: usize) -> Option<(usize, usize)> {
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

/// Whether a value is an expression, an ARM expression, or a placeholder: no literal. Asked of pieces of raw text, in any
/// kind of file, so it goes by the first sign; for values of flows there is `flow::is_computed`.
pub(super) fn is_computed(value: &str) -> bool {
    value.starts_with(['@', '[', '<', '{', '$']) || value.contains("@{")
}

/// Whether a value is what a schema calls a type.
pub(super) fn is_type(value: &str) -> bool {
    ["string", "securestring", "object", "array", "integer", "number", "boolean", "null", "true", "false"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(value))
}

/// Whether a value is made of words: letters and what joins them, few capitals among the others.
pub(super) fn is_word(value: &str) -> bool {
    let capitals = value.bytes().filter(u8::is_ascii_uppercase).count();
    let small = value.bytes().filter(u8::is_ascii_lowercase).count();
    value.len() < 24
        && (small == 0 || capitals <= small / 3)
        && value.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b'.' | b' '))
}

/// How many bytes from `at` on belong together.
pub(super) fn run(bytes: &[u8], at: usize, belongs: impl Fn(u8) -> bool) -> usize {
    bytes.get(at..).map_or(0, |rest| rest.iter().take_while(|byte| belongs(**byte)).count())
}

/// Where a token ends that begins at `at`; a character of it may be written as an escape of JSON.
pub(super) fn token_end(bytes: &[u8], mut at: usize, belongs: impl Fn(u8) -> bool) -> usize {
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
pub(super) fn escape(bytes: &[u8]) -> Option<(usize, u8)> {
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

pub(super) fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/')
}

/// Whether a value looks drawn at random: varied, and none of the words that stand for a value.
pub(super) fn is_random(value: &str) -> bool {
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
