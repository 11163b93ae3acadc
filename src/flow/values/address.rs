//! What is known of an address before the run.

use crate::flow::FlowAnalysis;
use crate::json::Node;
use crate::text::wildcard;

/// The written part of an address whose host is written.
pub(crate) struct Address {
    /// The host, in small letters.
    pub(crate) host: String,
    text: String,
    /// Whether the text is all of it.
    is_whole: bool,
}

impl Address {
    /// Reads an address. None where its host is computed.
    pub(crate) fn read<'a>(flow: &FlowAnalysis<'a>, node: &'a Node<'a>) -> Option<Self> {
        let written = flow.beginning(node)?;
        let (text, is_whole) = (written.text.trim(), written.is_whole);
        Some(Self { host: host(text, is_whole)?, text: text.to_owned(), is_whole })
    }

    /// Whether a pattern fits the address. None where that depends on what is computed.
    pub(crate) fn fits(&self, pattern: &str) -> Option<bool> {
        if self.is_whole {
            return Some(wildcard::fits_address(pattern, &self.text));
        }
        let (head, behind) =
            pattern.split_once('*').map_or((pattern, None), |(head, rest)| (head, Some(rest)));
        let common = head.len().min(self.text.len());
        match (head.get(..common), self.text.get(..common)) {
            (Some(a), Some(b)) if a.eq_ignore_ascii_case(b) => {
                (common == head.len() && behind == Some("")).then_some(true)
            }
            _ => Some(false),
        }
    }
}

/// The host of an address, in small letters. Where the text goes on with a value, the host must have ended before.
pub(crate) fn host(text: &str, is_whole: bool) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    if !["http", "https"].iter().any(|known| known.eq_ignore_ascii_case(scheme)) {
        return None;
    }
    // Most programs take a backslash for a slash here.
    let end = rest.find(['/', '\\', '?', '#']).or_else(|| is_whole.then_some(rest.len()))?;
    let authority = &rest[..end];
    let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
    let host = match place.strip_prefix('[') {
        Some(inner) => inner.split(']').next().unwrap_or(inner),
        None => place.split(':').next().unwrap_or(place),
    };
    let host = host.trim_end_matches('.').to_lowercase();
    (!host.is_empty() && !host.contains([' ', '{', '}', '<', '>', '%'])).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::{Address, host};

    #[test]
    fn the_host_is_what_is_called() {
        for (text, expected) in [
            ("https://API.contoso.com/x", "api.contoso.com"),
            ("http://contoso.com", "contoso.com"),
            ("https://contoso.com:8443?x=1", "contoso.com"),
            ("https://allowed.contoso.com@evil.example/", "evil.example"),
            ("https://user:word@contoso.com/", "contoso.com"),
            ("https://evil.example\\.contoso.com/", "evil.example"),
            ("https://contoso.com.", "contoso.com"),
            ("https://[2001:db8::1]:80/", "2001:db8::1"),
            ("HTTPS://localhost", "localhost"),
        ] {
            assert_eq!(host(text, true).as_deref(), Some(expected), "{text}");
        }
        for text in ["ftp://contoso.com", "contoso.com", "https://", "https:///x", "mailto:a@contoso.com"] {
            assert_eq!(host(text, true), None, "{text}");
        }
        assert_eq!(host("https://contoso.com", false), None, "the host may go on");
        assert_eq!(host("https://contoso.com/", false).as_deref(), Some("contoso.com"));
        assert_eq!(host("https://a.contoso.com:", false), None, "a user may end here");
    }

    #[test]
    fn a_pattern_fits_as_far_as_is_known() {
        let address = |text: &str, is_whole| Address { host: String::new(), text: text.to_owned(), is_whole };
        let begun = address("https://contoso.com/api/", false);
        assert_eq!(begun.fits("*"), Some(true));
        assert_eq!(begun.fits("https://CONTOSO.com/*"), Some(true));
        assert_eq!(begun.fits("https://contoso.com/api/v1*"), None);
        assert_eq!(begun.fits("https://contoso.com/*/v1"), None);
        assert_eq!(begun.fits("https://contoso.com/api/"), None);
        assert_eq!(begun.fits("https://fabrikam.com/*"), Some(false));
        let whole = address("https://contoso.com/api", true);
        assert_eq!(whole.fits("https://contoso.com/*"), Some(true));
        assert_eq!(whole.fits("https://contoso.com/api/*"), Some(false));
    }
}
