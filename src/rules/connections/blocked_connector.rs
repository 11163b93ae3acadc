//! Connectors, operations and hosts that the configured policy does not allow.

use serde::Deserialize;

use super::connector_uses::{HTTP, Use, WEBHOOK, is_connector, is_plain, shown, uses};
use crate::flow::Address;
use crate::flow::{FlowAnalysis, plain_connector};
use crate::linter::{CodedRule, Interest, OptionError, RuleContext};
use crate::text::Span;
use crate::text::wildcard::{fits, is_of_ids};

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
const BLOCKED: &str = "which the policy blocks";
const HOST_HELP: &str =
    "Call a host that the policy allows, or ask whoever keeps the policy to allow this one.";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Options {
    allowed_connectors: Vec<String>,
    blocked_connectors: Vec<String>,
    allowed_operations: Vec<String>,
    blocked_operations: Vec<String>,
    allowed_hosts: Vec<String>,
    blocked_hosts: Vec<String>,
    endpoints: Vec<String>,
}

/// The policy: patterns of what is allowed and blocked.
#[derive(Debug)]
pub(crate) struct BlockedConnector {
    allowed_connectors: Vec<String>,
    blocked_connectors: Vec<String>,
    allowed_operations: Vec<Operation>,
    blocked_operations: Vec<Operation>,
    allowed_hosts: Vec<String>,
    blocked_hosts: Vec<String>,
    endpoints: Vec<Endpoint>,
}

/// `shared_sql/DeleteItem_V2`: patterns of a connector and of its operation.
#[derive(Debug)]
struct Operation {
    connector: String,
    id: String,
}

/// `Http deny https://*.contoso.com/*`: a pattern of the connector, whether it denies, and the pattern of the address.
#[derive(Debug)]
struct Endpoint {
    connector: String,
    denies: bool,
    pattern: String,
}

impl CodedRule for BlockedConnector {
    type Options = Options;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(options: Options) -> Result<Self, OptionError> {
        connectors("allowed-connectors", &options.allowed_connectors)?;
        connectors("blocked-connectors", &options.blocked_connectors)?;
        Ok(Self {
            allowed_connectors: options.allowed_connectors,
            blocked_connectors: options.blocked_connectors,
            allowed_operations: operations("allowed-operations", &options.allowed_operations)?,
            blocked_operations: operations("blocked-operations", &options.blocked_operations)?,
            allowed_hosts: hosts("allowed-hosts", &options.allowed_hosts)?,
            blocked_hosts: hosts("blocked-hosts", &options.blocked_hosts)?,
            endpoints: endpoints(&options.endpoints)?,
        })
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        if self.allows_all() {
            return;
        }
        let mut faults: Vec<Fault<'a>> = Vec::new();
        for using in uses(flow) {
            let Some((key, what, help, place)) = self.judge(flow, &using) else { continue };
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
            let Some((connector, why)) = connector.and_then(|id| Some((id, self.refused(id)?))) else {
                continue;
            };
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
}

type Judgement = (String, String, &'static str, Span);

impl BlockedConnector {
    /// Whether there is no policy.
    fn allows_all(&self) -> bool {
        let Self {
            allowed_connectors,
            blocked_connectors,
            allowed_operations,
            blocked_operations,
            allowed_hosts,
            blocked_hosts,
            endpoints,
        } = self;
        [allowed_connectors, blocked_connectors, allowed_hosts, blocked_hosts]
            .iter()
            .all(|list| list.is_empty())
            && allowed_operations.is_empty()
            && blocked_operations.is_empty()
            && endpoints.is_empty()
    }

    /// Why a use is not allowed: its key, the message behind the name, the help, and the place.
    fn judge<'a>(&self, flow: &FlowAnalysis<'a>, using: &Use<'a>) -> Option<Judgement> {
        let connector = using.connector;
        if let Some(why) = self.refused(connector) {
            let what = format!("uses {}, {why}", shown(connector));
            return Some((connector_key(connector), what, CONNECTOR_HELP, using.key_span));
        }
        if let Some((id, place)) = using.operation
            && let Some(why) = self.refused_operation(connector, id)
        {
            let key = format!("{}/{}", connector_key(connector), id.to_lowercase());
            return Some((key, format!("calls {id} of {connector}, {why}"), OPERATION_HELP, place));
        }
        let node = using.address?;
        let address = Address::read(flow, node)?;
        if let Some(why) = self.refused_host(&address) {
            let what = format!("calls {}, {why}", address.host);
            return Some((format!("host {}", address.host), what, HOST_HELP, node.span));
        }
        let pattern = self.denied(connector, &address)?;
        let what = format!("calls {}, and the policy denies {pattern}", address.host);
        Some((format!("endpoint {} {pattern}", address.host), what, HOST_HELP, node.span))
    }

    /// Why a connector is not allowed.
    fn refused(&self, connector: &str) -> Option<&'static str> {
        let is_in = |list: &[String]| list.iter().any(|entry| is_connector(entry, connector));
        let allowed = &self.allowed_connectors;
        // Who lists hosts allows what calls them.
        let by_host = [HTTP, WEBHOOK].contains(&connector) && !self.allowed_hosts.is_empty();
        if is_in(&self.blocked_connectors) {
            Some(BLOCKED)
        } else if !allowed.is_empty() && !is_in(allowed) && !by_host {
            Some("which is not among the connectors that the policy allows")
        } else {
            None
        }
    }

    /// Why an operation is not allowed. Where operations of its connector are listed as allowed, others are not.
    fn refused_operation(&self, connector: &str, id: &str) -> Option<&'static str> {
        let of = |entry: &&Operation| is_connector(&entry.connector, connector);
        let is_id = |entry: &Operation| fits(&entry.id, id);
        if self.blocked_operations.iter().filter(of).any(is_id) {
            return Some(BLOCKED);
        }
        let mut allowed = self.allowed_operations.iter().filter(of).peekable();
        (allowed.peek().is_some() && !allowed.any(is_id))
            .then_some("which is not among the operations that the policy allows")
    }

    /// Why a host is not allowed.
    fn refused_host(&self, address: &Address) -> Option<&'static str> {
        let is_in = |list: &[String]| list.iter().any(|entry| fits(entry, &address.host));
        let allowed = &self.allowed_hosts;
        if is_in(&self.blocked_hosts) {
            Some(BLOCKED)
        } else if !allowed.is_empty() && !is_in(allowed) {
            Some("which is not among the hosts that the policy allows")
        } else {
            None
        }
    }

    /// The pattern by which the policy denies an address: the first that fits decides.
    fn denied(&self, connector: &str, address: &Address) -> Option<&str> {
        for endpoint in &self.endpoints {
            if is_connector(&endpoint.connector, connector) && address.fits(&endpoint.pattern)? {
                return endpoint.denies.then_some(&endpoint.pattern);
            }
        }
        None
    }
}

fn connector_key(connector: &str) -> String {
    plain_connector(connector).to_lowercase()
}

/// Whether a text is an id, or a pattern of ids.
fn is_id(text: &str) -> bool {
    is_of_ids(plain_connector(text))
}

/// Finds a connector that could fit nothing.
fn connectors(option: &'static str, entries: &[String]) -> Result<(), OptionError> {
    match entries.iter().find(|entry| !is_id(entry)) {
        Some(entry) => {
            let message = format!("`{entry}` is no id of a connector: write shared_sql, sql or Http");
            Err(OptionError::new(option, message))
        }
        None => Ok(()),
    }
}

fn operations(option: &'static str, entries: &[String]) -> Result<Vec<Operation>, OptionError> {
    let read = |entry: &String| match entry.rsplit_once('/') {
        Some((connector, id)) if is_id(connector) && is_id(id.trim()) => {
            Ok(Operation { connector: connector.to_owned(), id: id.trim().to_owned() })
        }
        _ => {
            let message =
                format!("`{entry}` is no operation: write connector/operation, shared_sql/DeleteItem_V2");
            Err(OptionError::new(option, message))
        }
    };
    entries.iter().map(read).collect()
}

fn hosts(option: &'static str, entries: &[String]) -> Result<Vec<String>, OptionError> {
    let read = |entry: &String| {
        let host = entry.trim();
        if host.is_empty() || host.starts_with('.') || host.contains(['/', '@', ' ', '#']) {
            let message =
                format!("`{entry}` is no host: write api.contoso.com, or *.contoso.com for all below it");
            return Err(OptionError::new(option, message));
        }
        Ok(host.to_owned())
    };
    entries.iter().map(read).collect()
}

fn endpoints(entries: &[String]) -> Result<Vec<Endpoint>, OptionError> {
    let read = |entry: &String| {
        let wrong = || {
            OptionError::new(
                "endpoints",
                format!("`{entry}` is no rule: write Http deny https://contoso.com/*"),
            )
        };
        endpoint(entry).ok_or_else(wrong)
    };
    entries.iter().map(read).collect()
}

fn endpoint(entry: &str) -> Option<Endpoint> {
    let mut words = entry.split_whitespace();
    let (connector, what, pattern, None) = (words.next()?, words.next()?, words.next()?, words.next()) else {
        return None;
    };
    let endpoint =
        Endpoint { connector: connector.to_owned(), denies: what == "deny", pattern: pattern.to_owned() };
    ["allow", "deny"].contains(&what).then_some(endpoint)
}
