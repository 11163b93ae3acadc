//! Text in single quotes, as expressions and filters have it: a quote inside is doubled.

/// The text behind an opening quote, up to the one that closes it and with doubled ones undone, and how long it is as
/// written. Where nothing closes it, it is all that is left.
pub(crate) fn quoted(text: &str) -> (String, usize) {
    let mut name = String::new();
    let mut rest = text;
    while let Some((piece, behind)) = rest.split_once('\'') {
        name.push_str(piece);
        match behind.strip_prefix('\'') {
            Some(after) => {
                name.push('\'');
                rest = after;
            }
            None => return (name, text.len() - behind.len() - 1),
        }
    }
    name.push_str(rest);
    (name, text.len())
}
