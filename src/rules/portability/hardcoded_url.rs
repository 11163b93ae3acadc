//! Addresses that HTTP actions call, written into the flow.

use super::literal_group::{Groups, keep_it};
use crate::expr::{Part, Template};
use crate::flow::{ActionType, Flow, TriggerType};
use crate::json::Node;
use crate::rule::Cx;
use crate::source::Span;

pub(super) fn check<'a>(flow: &Flow<'a>, cx: &mut Cx<'_, 'a>) {
    let mut hosts = Groups::default();
    let mut look = |keys: &[&str], node: &'a Node<'a>| {
        if let Some(uri) = node.at(keys)
            && let Some((host, place)) = written_host(flow, uri)
        {
            hosts.add(&host, place);
        }
    };
    for action in &flow.actions {
        match action.ty {
            ActionType::Http => look(&["inputs", "uri"], action.node),
            ActionType::HttpWebhook => look(&["inputs", "subscribe", "uri"], action.node),
            _ => {}
        }
    }
    for trigger in &flow.triggers {
        match trigger.ty {
            TriggerType::Http => look(&["inputs", "uri"], trigger.node),
            TriggerType::HttpWebhook => look(&["inputs", "subscribe", "uri"], trigger.node),
            _ => {}
        }
    }
    for (host, places) in hosts.into_sorted() {
        if is_for_all(&host, cx.list("allow")) {
            continue;
        }
        let draft = cx.report(
            places[0],
            format!("'{host}' is written into the flow: a test environment calls it just as production does"),
        );
        draft.grouped().help(keep_it(flow, "the address", ""));
        for place in &places[1..] {
            draft.related(*place, "the same host");
        }
    }
}

/// The host that an address names in plain text, in lower case, and where it is written.
fn written_host<'a>(flow: &Flow<'a>, uri: &'a Node<'a>) -> Option<(String, Span)> {
    let (text, is_whole, place) = written_start(flow, uri)?;
    host(text, is_whole).map(|host| (host.to_ascii_lowercase(), place))
}

/// The plain text that an address begins with, whether that is all of it, and where it is written.
pub(super) fn written_start<'a>(flow: &Flow<'a>, uri: &'a Node<'a>) -> Option<(&'a str, bool, Span)> {
    if let Some(literal) = flow.literal(uri) {
        return Some((literal.text, true, literal.span));
    }
    let Some(Template::Parts(parts)) = flow.template_of(uri) else { return None };
    let Some(Part::Text(at)) = parts.first() else { return None };
    Some((uri.as_str()?.get(at.range())?, false, uri.span))
}

/// The host of an address. Where the text goes on with a value, the host must have ended before.
pub(super) fn host(text: &str, is_whole: bool) -> Option<&str> {
    let (scheme, rest) = text.trim_start().split_once("://")?;
    if !["http", "https"].iter().any(|known| known.eq_ignore_ascii_case(scheme)) {
        return None;
    }
    let end = rest.find(['/', '?', '#', ':']).or_else(|| is_whole.then_some(rest.len()))?;
    let host = rest[..end].trim();
    (host.contains('.') && !host.contains(['@', '{', '<', '[', ' '])).then_some(host)
}

/// Whether a host is one for all the world, or allowed by the configuration: itself, or by the end of it that
/// begins with a dot.
fn is_for_all(host: &str, allow: &[String]) -> bool {
    allow.iter().map(|entry| entry.to_ascii_lowercase()).any(|entry| match entry.starts_with('.') {
        true => host.ends_with(&entry),
        false => host == entry,
    })
}
