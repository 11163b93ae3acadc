//! GUIDs: how ids of flows, rows and people are written.

/// A GUID without the braces that may stand around it; none for any other text.
pub(crate) fn guid(text: &str) -> Option<&str> {
    let inner = text.trim().trim_start_matches('{').trim_end_matches('}');
    let is_guid = inner.len() == 36
        && inner.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    is_guid.then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::guid;

    #[test]
    fn a_guid_is_told_from_other_texts() {
        let plain = "a0000000-0000-0000-0000-0000000000FF";
        assert_eq!(guid("{a0000000-0000-0000-0000-0000000000FF}"), Some(plain));
        assert_eq!(guid(plain), Some(plain));
        for other in ["", "@parameters('child')", "a0000000000000000000000000000000000f", "{}"] {
            assert_eq!(guid(other), None, "{other}");
        }
    }
}
