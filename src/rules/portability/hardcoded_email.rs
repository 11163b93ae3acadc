//! Mail addresses of people and mailboxes, written into the flow.

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::string_usage::{StringUsage, names_in_use, role};
use crate::flow::{ActionType, ExpressionSite, FlowAnalysis, Format};
use crate::json::Node;
use crate::linter::{CodedRule, Interest, OptionError, RuleContext};
use crate::text::Span;
use crate::text::wildcard::fits;

/// Ends of names of files, which no domain in use has.
const FILES: [&str; 12] =
    ["png", "jpg", "jpeg", "gif", "svg", "pdf", "docx", "xlsx", "csv", "txt", "json", "xml"];

/// An address at its place.
struct Hit {
    address: String,
    span: Span,
    kept: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct HardcodedEmail {
    /// Patterns of addresses, and ends of addresses that begin with an `@`.
    allow: Vec<String>,
}

impl CodedRule for HardcodedEmail {
    type Options = Self;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(options: Self) -> Result<Self, OptionError> {
        Ok(Self { allow: options.allow.iter().map(|entry| entry.to_ascii_lowercase()).collect() })
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let mut hits = Vec::new();
        for site in &flow.sites {
            if may_hold_address(site.text) {
                find(flow, site, &mut hits);
            }
        }
        // What a Switch compares with is never computed, and so no site.
        for switch in flow.actions.iter().filter(|action| action.ty == ActionType::Switch) {
            for case in switch.node.get("cases").into_iter().flat_map(Node::members) {
                let Some(value) = case.value.get("case") else { continue };
                let Some(address) = value.as_str().filter(|text| may_hold_address(text)) else { continue };
                let found = addresses(address);
                if is_made_of(address, &found) && !is_noreply(address) {
                    hits.push(Hit { address: address.trim().to_owned(), span: value.span, kept: None });
                }
            }
        }
        hits.retain(|hit| !self.is_allowed(&hit.address));
        if hits.iter().any(|hit| hit.kept.is_some()) {
            let used = names_in_use(flow);
            hits.retain(|hit| hit.kept.as_ref().is_none_or(|name| used.contains(name)));
        }
        hits.sort_by_key(|hit| hit.span.start);
        // One report for an address, at its first place: the cure is one variable, however often it is used.
        let mut known: FxHashMap<String, usize> = FxHashMap::default();
        let mut people: Vec<Vec<&Hit>> = Vec::new();
        for hit in &hits {
            let at = *known.entry(hit.address.to_ascii_lowercase()).or_insert(people.len());
            match people.get_mut(at) {
                Some(places) => places.push(hit),
                None => people.push(vec![hit]),
            }
        }
        for places in people {
            let message = format!(
                "'{}' is written into the flow: in every environment it means this one mailbox",
                places[0].address
            );
            let draft = cx.report(places[0].span, message);
            draft.grouped().help(match flow.format {
                Format::Package | Format::FlowApi => {
                    "Move the flow into a solution. There, keep the address in an environment variable and pick that from the dynamic content in its place."
                }
                _ => "Keep the address in an environment variable and pick that from the dynamic content in its place.",
            });
            for place in &places[1..] {
                draft.related(place.span, "the same address");
            }
        }
    }
}

impl HardcodedEmail {
    /// Whether the configuration allows an address: by a pattern, or by the end of it that begins with `@`.
    fn is_allowed(&self, address: &str) -> bool {
        let address = address.to_ascii_lowercase();
        self.allow.iter().any(|entry| match entry.starts_with('@') {
            true => address.ends_with(entry),
            false => fits(entry, &address),
        })
    }
}

/// Whether a text has an `@` between characters of an address: what nearly all texts have not.
fn may_hold_address(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'@', bytes).any(|at| {
        let before = at.checked_sub(1).map(|before| bytes[before]);
        before.is_some_and(|byte| is_local(byte) || !byte.is_ascii())
            && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric)
    })
}

fn find<'a>(flow: &FlowAnalysis<'a>, site: &ExpressionSite<'a>, hits: &mut Vec<Hit>) {
    let role = role(flow, site);
    let kept = match &role {
        StringUsage::Other => return,
        StringUsage::Kept(name) => Some(name),
        _ => None,
    };
    site.each_text(&mut |piece| {
        let mut found = addresses(piece.text);
        match role {
            // JSON that is kept as text.
            StringUsage::Kept(_) if piece.text.trim_start().starts_with(['{', '[']) => {
                found.retain(|range| is_quoted(piece.text, range));
            }
            StringUsage::Value | StringUsage::Kept(_) if !is_made_of(piece.text, &found) => found.clear(),
            StringUsage::Payload if !is_made_of(piece.text, &found) => {
                found.retain(|range| is_quoted(piece.text, range));
            }
            _ => {}
        }
        for range in found {
            let address = piece.text[range.clone()].replace("''", "'");
            if role == StringUsage::Condition && is_noreply(&address) {
                continue;
            }
            let is_value =
                piece.whole && piece.text.trim().trim_end_matches(';') == &piece.text[range.clone()];
            let span = if is_value { site.span } else { site.span_of(&flow.source.text, piece.part(range)) };
            hits.push(Hit { address, span, kept: kept.cloned() });
        }
    });
}

/// The mail addresses in a text.
fn addresses(text: &str) -> Vec<std::ops::Range<usize>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut from = 0;
    for at in memchr::memchr_iter(b'@', bytes) {
        // Latin letters beyond ASCII occur in names; letters of other scripts are text that runs on.
        let in_local = |c: char| u8::try_from(c).is_ok_and(is_local) || ('À'..'ɐ').contains(&c);
        let mut start = text[from..at].trim_end_matches(in_local).len() + from;
        // `%27` and the like before a name in an address of the web.
        if text[..start].ends_with('%') && bytes[start..at].iter().take(2).all(u8::is_ascii_hexdigit) {
            start = (start + 2).min(at);
        }
        start += bytes[start..at].iter().take_while(|byte| matches!(byte, b'.' | b'-' | b'+')).count();
        let in_domain = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
        let length = bytes[at + 1..].iter().take_while(in_domain).count();
        let domain = text[at + 1..at + 1 + length].trim_end_matches(['.', '-']);
        let end = at + 1 + domain.len();
        start = before_apostrophe(text, from..start, end).unwrap_or(start);
        // Not who signs on to a host (`https://user:word@host`), nor a place of a repository (`git@host:path`).
        let signs_on = is_in_authority(&text[from..start]);
        let goes_on = matches!(bytes.get(end), Some(b'@' | b'_'))
            || (bytes.get(end) == Some(&b':') && bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric));
        if start < at && !signs_on && !goes_on && is_mail_domain(domain) {
            found.push(start..end);
            from = end;
        }
    }
    found
}

/// Where a name begins of which an apostrophe is part (`o'neil@…`), doubled in texts of filters. A quote around the
/// address is none.
fn before_apostrophe(text: &str, before: std::ops::Range<usize>, end: usize) -> Option<usize> {
    let head = text.get(before.clone())?;
    let name = head.strip_suffix("''").or_else(|| head.strip_suffix('\''))?;
    let rest = name.trim_end_matches(|c: char| c.is_alphabetic());
    let is_quoted = text[end..].starts_with('\'');
    let is_part = rest.len() < name.len() && (!is_quoted || rest.ends_with('\''));
    is_part.then_some(before.start + rest.len())
}

/// Whether a text ends between the scheme and the host of an address of the web: in who signs on there.
fn is_in_authority(text: &str) -> bool {
    const LONGEST: usize = 256;
    let bytes = &text.as_bytes()[text.len().saturating_sub(LONGEST)..];
    let ends = |byte: &u8| {
        matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b',' | b';') || byte.is_ascii_whitespace()
    };
    bytes.iter().rposition(ends).is_some_and(|at| bytes[..=at].ends_with(b"://"))
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+')
}

/// Whether mail can go to a domain: it is no annotation, chat, calendar, picture or example.
fn is_mail_domain(domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    let Some((before, top)) = domain.rsplit_once('.') else { return false };
    let is_top = (2..=24).contains(&top.len()) && top.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !is_top || before.split('.').any(str::is_empty) {
        return false;
    }
    let first = domain.split('.').next().unwrap_or("");
    let no_mail = ["odata", "thread"].contains(&first)
        || domain.starts_with("microsoft.dynamics.")
        || domain.starts_with("microsoft.graph.")
        || domain == "unq.gbl.spaces"
        || domain.ends_with("calendar.google.com")
        || FILES.contains(&top);
    let example = ["example", "test", "invalid", "localhost"].contains(&top)
        || before.rsplit('.').next() == Some("example");
    let stand_in = ["yourdomain", "yourcompany", "yourtenant", "yourorg", "your-", "myorg", "orgname", "xxx"]
        .iter()
        .any(|stand_in| first.contains(stand_in));
    !no_mail && !example && !stand_in
}

/// Whether a text is a list of these addresses, and of what stands between and before them in lists.
fn is_made_of(text: &str, addresses: &[std::ops::Range<usize>]) -> bool {
    let mut from = 0;
    for range in addresses {
        if !is_separator(&text[from..range.start]) {
            return false;
        }
        from = range.end;
    }
    !addresses.is_empty() && is_separator(&text[from..])
}

/// Whether an address is a value in JSON, as it is or as SharePoint writes people.
fn is_quoted(text: &str, range: &std::ops::Range<usize>) -> bool {
    let (before, after) = (&text[..range.start], &text[range.end..]);
    (before.ends_with('"') || before.ends_with("membership|")) && after.starts_with('"')
}

fn is_separator(text: &str) -> bool {
    let text =
        text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ';' | ',' | '<' | '>' | '"' | '\''));
    // What SharePoint puts before a person.
    text.is_empty() || text == "i:0#.f|membership|" || text == "mailto:"
}

/// Whether a mailbox sends on its own and belongs to some service: a condition on it holds everywhere.
fn is_noreply(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or("").to_ascii_lowercase().replace(['-', '_', '.'], "");
    ["noreply", "donotreply", "mailerdaemon", "postmaster"].iter().any(|name| local.contains(name))
}
