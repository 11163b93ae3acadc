//! From the bytes of a file to its text.

/// How the bytes of a file spelled its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// UTF-8 without a byte order mark.
    Utf8,
    /// UTF-8 with a byte order mark.
    Utf8Bom,
    /// UTF-16, little endian, with a byte order mark.
    Utf16Le,
    /// UTF-16, big endian, with a byte order mark.
    Utf16Be,
}

/// Text out of bytes: UTF-8 with or without a byte order mark, or UTF-16 with one.
///
/// # Errors
/// Says in a sentence why the bytes are no text, for instance at which byte UTF-8 breaks off.
pub fn decode(bytes: Vec<u8>) -> Result<(String, Encoding), String> {
    match bytes.as_slice() {
        [0xEF, 0xBB, 0xBF, rest @ ..] => Ok((utf8(rest.to_vec(), 3)?, Encoding::Utf8Bom)),
        [0xFF, 0xFE, rest @ ..] => Ok((utf16(rest, u16::from_le_bytes)?, Encoding::Utf16Le)),
        [0xFE, 0xFF, rest @ ..] => Ok((utf16(rest, u16::from_be_bytes)?, Encoding::Utf16Be)),
        _ => Ok((utf8(bytes, 0)?, Encoding::Utf8)),
    }
}

/// Text out of bytes that are none by the rules, to see whether it was meant to be a flow.
#[must_use]
pub fn decode_lossy(bytes: &[u8]) -> String {
    let units = |bytes: &[u8], unit: fn([u8; 2]) -> u16| -> String {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => units(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => units(rest, u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn utf8(bytes: Vec<u8>, skipped: usize) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to() + skipped;
        format!("the file is neither UTF-8 nor UTF-16 with a byte order mark: byte {at} is not text")
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, String> {
    if !bytes.len().is_multiple_of(2) {
        return Err("the file begins as UTF-16 and is cut off in the middle of a character".into());
    }
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units)
        .collect::<Result<String, _>>()
        .map_err(|_| "the file begins as UTF-16 and holds half a character (a lone surrogate)".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "{\"é\": \"😀\"}";
        let utf16 = |unit: fn(u16) -> [u8; 2], bom: [u8; 2]| {
            bom.into_iter().chain(text.encode_utf16().flat_map(unit)).collect::<Vec<u8>>()
        };
        let bom = [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat();
        for bytes in [
            text.as_bytes().to_vec(),
            bom,
            utf16(u16::to_le_bytes, [0xFF, 0xFE]),
            utf16(u16::to_be_bytes, [0xFE, 0xFF]),
        ] {
            assert_eq!(decode(bytes).unwrap().0, text);
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_with_a_reason() {
        assert!(decode(b"ab\xFF".to_vec()).unwrap_err().contains("byte 2"));
        assert!(decode(b"\xFF\xFEa".to_vec()).unwrap_err().contains("cut off"));
        assert!(decode(b"\xFF\xFE\x00\xD8".to_vec()).unwrap_err().contains("surrogate"));
    }
}
