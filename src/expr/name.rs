//! Names of actions, triggers and loops as the service compares them: case folded, and a space is an
//! underscore.

use std::hash::{Hash, Hasher};

/// A name in the one spelling that all its spellings share.
#[must_use]
pub fn fold_name(name: &str) -> String {
    if name.is_ascii() {
        // Nearly every name: no decoding, and one allocation of the right size.
        return name.bytes().map(|byte| char::from(fold_byte(byte))).collect();
    }
    name.chars().flat_map(|c| if c == ' ' { '_' } else { c }.to_lowercase()).collect()
}

/// Whether two names are one to the service.
#[must_use]
pub fn same_name(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    match a.is_ascii() && b.is_ascii() {
        true => a.len() == b.len() && a.bytes().map(fold_byte).eq(b.bytes().map(fold_byte)),
        false => fold_name(a) == fold_name(b),
    }
}

/// A name that hashes and compares folded, without being spelled anew.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Folded<'n>(pub(crate) &'n str);

impl PartialEq for Folded<'_> {
    fn eq(&self, other: &Self) -> bool {
        same_name(self.0, other.0)
    }
}

impl Eq for Folded<'_> {}

impl Hash for Folded<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if self.0.is_ascii() {
            hash_bytes(self.0.as_bytes(), state);
        } else {
            hash_bytes(fold_name(self.0).as_bytes(), state);
        }
    }
}

/// Hashes bytes, folded, eight at a time.
fn hash_bytes<H: Hasher>(bytes: &[u8], state: &mut H) {
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        state.write_u64(fold_eight(u64::from_le_bytes(*word)));
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    state.write_u64(fold_eight(u64::from_le_bytes(last)));
    state.write_usize(bytes.len());
}

/// Folds eight bytes in one word. With a byte above 0x7F among them they are part of a name that is folded already;
/// without one, no sum reaches into the next byte.
fn fold_eight(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 255;
    const HIGHS: u64 = ONES << 7;
    if word & HIGHS != 0 {
        return word;
    }
    // The high bit of each byte that is at least so much.
    let at_least = |least: u8| (word + ONES * u64::from(0x80 - least)) & HIGHS;
    let capitals = at_least(b'A') & !at_least(b'Z' + 1);
    let spaces = at_least(b' ') & !at_least(b' ' + 1);
    // 'a' is 'A' + 0x20, and '_' is ' ' + 0x3F.
    word + (capitals >> 2) + (spaces >> 7) * 0x3F
}

fn fold_byte(byte: u8) -> u8 {
    if byte == b' ' { b'_' } else { byte.to_ascii_lowercase() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_bytes_fold_as_each_does() {
        for byte in 0..0x80_u8 {
            let bytes = [byte, b'x', 0x7F - byte, b' ', byte, b'Z', 0, byte];
            assert_eq!(fold_eight(u64::from_le_bytes(bytes)).to_le_bytes(), bytes.map(fold_byte));
        }
    }

    #[test]
    fn spellings_of_one_name_are_one() {
        let hash = |name: &'static str| {
            let mut hasher = rustc_hash::FxHasher::default();
            Folded(name).hash(&mut hasher);
            hasher.finish()
        };
        for (a, b, same) in [
            ("Get item", "get_ITEM", true),
            ("Get_item", "Get_items", false),
            ("Ärger 1", "ärger_1", true),
            ("Ärger", "Arger", false),
            ("ÄPFEL und BIRNEN", "äpfel_UND_birnen", true),
            // The sign of Kelvin is a small k when it is folded.
            ("\u{212a}elvin", "Kelvin", true),
            ("🚀 Go", "🚀_go", true),
            ("", "", true),
        ] {
            assert_eq!(same_name(a, b), same, "{a} {b}");
            assert_eq!(fold_name(a) == fold_name(b), same, "{a} {b}");
            assert_eq!(hash(a) == hash(b), same, "{a} {b}");
        }
    }
}
