//! Connectors, operations and hosts that the configured policy does not allow.

use super::super::address::Address;
use super::uses::{HTTP, Use, WEBHOOK, is_plain, shown, uses};
use crate::flow::{FlowAnalysis, plain_connector};
use crate::linter::{OptionError, Options, RuleContext};
use crate::text::Span;
use crate::text::wildcard::fits;

/// What the policy does not allow, and everywhere it is.
struct Fault<'a> {
    /// Tells faults apart: what is meant, in small letters.
    key: String,
    /// The whole message, for the first place.
    message: String,
    help: &'static str,
    places: Vec<(Span, &'a str)>,
}

const CONNECTOR_HELP: &str =
    "Do it with a connector that the policy allows, or ask whoever keeps the policy to allow this one.";
const OPERATION_HELP: &str =
    "Do it with an operation that the policy allows, or ask whoever keeps the policy to allow this one.";
const HOST_HELP: &str =
    "Call a host that the policy allows, or ask whoever keeps the policy to allow this one.";

pub(super) fn check<'a>(flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
    let lists = [
        "allowed-connectors",
        "blocked-connectors",
        "allowed-operations",
        "blocked-operations",
        "allowed-hosts",
        "blocked-hosts",
        "endpoints",
    ];
    if lists.iter().all(|list| cx.list(list).is_empty()) {
        return;
    }
    let mut faults: Vec<Fault<'a>> = Vec::new();
    for using in uses(flow) {
        let Some((key, what, help, place)) = judge(flow, &using, cx) else { continue };
        match faults.iter_mut().find(|fault| fault.key == key) {
            Some(fault) => fault.places.push((place, using.name)),
            None => faults.push(Fault {
                key,
                message: format!("'{}' {what}", using.name),
                help,
                places: vec![(place, using.name)],
            }),
        }
    }
    for connection in &flow.connections {
        let connector = connection.connector.filter(|connector| is_plain(connector));
        let Some((connector, why)) = connector.and_then(|id| Some((id, refused(id, cx)?))) else { continue };
        let key = connector_key(connector);
        if !faults.iter().any(|fault| fault.key == key) {
            let message = format!("The flow has a connection of {connector}, {why}");
            let places = vec![(connection.key_span, connection.key)];
            faults.push(Fault { key, message, help: CONNECTOR_HELP, places });
        }
    }
    for fault in faults {
        let draft = cx.report(fault.places[0].0, fault.message);
        draft.grouped().detail(fault.key).help(fault.help);
        for (place, name) in &fault.places[1..] {
            draft.related(*place, format!("so does '{name}'"));
        }
    }
}

type Judgement = (String, String, &'static str, Span);

/// Why a use is not allowed: its key, the message behind the name, the help, and the place.
fn judge<'a>(flow: &FlowAnalysis<'a>, using: &Use<'a>, cx: &RuleContext<'_, 'a>) -> Option<Judgement> {
    let connector = using.connector;
    if let Some(why) = refused(connector, cx) {
        let what = format!("uses {}, {why}", shown(connector));
        return Some((connector_key(connector), what, CONNECTOR_HELP, using.key_span));
    }
    if let Some((id, place)) = using.operation
        && let Some(why) = refused_operation(connector, id, cx)
    {
        let key = format!("{}/{}", connector_key(connector), id.to_lowercase());
        return Some((key, format!("calls {id} of {connector}, {why}"), OPERATION_HELP, place));
    }
    let node = using.address?;
    let address = Address::read(flow, node)?;
    if let Some(why) = refused_host(&address, cx) {
        let what = format!("calls {}, {why}", address.host);
        return Some((format!("host {}", address.host), what, HOST_HELP, node.span));
    }
    let pattern = denied(connector, &address, cx)?;
    let what = format!("calls {}, and the policy denies {pattern}", address.host);
    Some((format!("endpoint {} {pattern}", address.host), what, HOST_HELP, node.span))
}

fn connector_key(connector: &str) -> String {
    plain_connector(connector).to_lowercase()
}

const BLOCKED: &str = "which the policy blocks";

/// Why a connector is not allowed.
fn refused(connector: &str, cx: &RuleContext<'_, '_>) -> Option<&'static str> {
    let is_in = |list: &[String]| list.iter().any(|entry| is_connector(entry, connector));
    let allowed = cx.list("allowed-connectors");
    // Who lists hosts allows what calls them.
    let by_host = [HTTP, WEBHOOK].contains(&connector) && !cx.list("allowed-hosts").is_empty();
    if is_in(cx.list("blocked-connectors")) {
        Some(BLOCKED)
    } else if !allowed.is_empty() && !is_in(allowed) && !by_host {
        Some("which is not among the connectors that the policy allows")
    } else {
        None
    }
}

pub(super) fn is_connector(entry: &str, connector: &str) -> bool {
    fits(plain_connector(entry), plain_connector(connector))
}

/// Why an operation is not allowed. Where operations of its connector are listed as allowed, others are not.
fn refused_operation(connector: &str, id: &str, cx: &RuleContext<'_, '_>) -> Option<&'static str> {
    let of = |entry: &&String| {
        entry.rsplit_once('/').is_some_and(|(connectors, _)| is_connector(connectors, connector))
    };
    let is_id =
        |entry: &String| entry.rsplit_once('/').is_some_and(|(_, operation)| fits(operation.trim(), id));
    if cx.list("blocked-operations").iter().filter(of).any(is_id) {
        return Some(BLOCKED);
    }
    let mut allowed = cx.list("allowed-operations").iter().filter(of).peekable();
    (allowed.peek().is_some() && !allowed.any(is_id))
        .then_some("which is not among the operations that the policy allows")
}

/// Why a host is not allowed.
fn refused_host(address: &Address, cx: &RuleContext<'_, '_>) -> Option<&'static str> {
    let is_in = |list: &[String]| list.iter().any(|entry| fits(entry.trim(), &address.host));
    let allowed = cx.list("allowed-hosts");
    if is_in(cx.list("blocked-hosts")) {
        Some(BLOCKED)
    } else if !allowed.is_empty() && !is_in(allowed) {
        Some("which is not among the hosts that the policy allows")
    } else {
        None
    }
}

/// The pattern by which the policy denies an address: the first that fits decides.
fn denied<'c>(connector: &str, address: &Address, cx: &RuleContext<'c, '_>) -> Option<&'c str> {
    for (of, denies, pattern) in cx.list("endpoints").iter().filter_map(|entry| endpoint(entry)) {
        if is_connector(of, connector) && address.fits(pattern)? {
            return denies.then_some(pattern);
        }
    }
    None
}

/// `Http deny https://*.contoso.com/*`: the connector, whether it denies, and the pattern.
fn endpoint(entry: &str) -> Option<(&str, bool, &str)> {
    let mut words = entry.split_whitespace();
    let (connector, what, pattern, None) = (words.next()?, words.next()?, words.next()?, words.next()) else {
        return None;
    };
    ["allow", "deny"].contains(&what).then_some((connector, what == "deny", pattern))
}

/// Finds entries that could fit nothing.
pub(super) fn verify(options: &Options) -> Result<(), OptionError> {
    let is_id = |text: &str| {
        let plain = plain_connector(text);
        !plain.is_empty() && plain.chars().all(|c| c.is_ascii_alphanumeric() || "_-.*".contains(c))
    };
    for option in ["allowed-connectors", "blocked-connectors"] {
        for entry in options.list(option) {
            if !is_id(entry) {
                return Err((
                    option,
                    format!("`{entry}` is no id of a connector: write shared_sql, sql or Http"),
                ));
            }
        }
    }
    for option in ["allowed-operations", "blocked-operations"] {
        for entry in options.list(option) {
            let is_pair = |(connector, operation): (&str, &str)| is_id(connector) && is_id(operation.trim());
            if !entry.rsplit_once('/').is_some_and(is_pair) {
                let message =
                    format!("`{entry}` is no operation: write connector/operation, shared_sql/DeleteItem_V2");
                return Err((option, message));
            }
        }
    }
    for option in ["allowed-hosts", "blocked-hosts"] {
        for entry in options.list(option) {
            let host = entry.trim();
            if host.is_empty() || host.starts_with('.') || host.contains(['/', '@', ' ', '?', '#']) {
                let message =
                    format!("`{entry}` is no host: write api.contoso.com, or *.contoso.com for all below it");
                return Err((option, message));
            }
        }
    }
    match options.list("endpoints").iter().find(|entry| endpoint(entry).is_none()) {
        Some(entry) => {
            Err(("endpoints", format!("`{entry}` is no rule: write Http deny https://contoso.com/*")))
        }
        None => Ok(()),
    }
}
