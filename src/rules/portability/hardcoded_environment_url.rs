//! Addresses that belong to one environment, written into the flow.

use std::ops::Range;

use crate::expr::TextRange;
use crate::flow::{ActionType, ExpressionSite, FlowAnalysis};
use crate::json::Node;
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};
use crate::text::Span;

/// Ends of host names, and what a host of that end is.
const HOSTS: &[(&str, &str)] = &[
    (".dynamics.com", "a Dataverse environment"),
    (".dynamics.cn", "a Dataverse environment"),
    (".microsoftdynamics.us", "a Dataverse environment"),
    (".appsplatform.us", "a Dataverse environment"),
    (".api.powerplatform.com", "a Power Platform environment"),
    (".logic.azure.com", "a flow or logic app"),
    (".logic.azure.us", "a flow or logic app"),
    (".azurewebsites.net", "a web or function app"),
    (".blob.core.windows.net", "a storage account"),
    (".dfs.core.windows.net", "a storage account"),
    (".file.core.windows.net", "a storage account"),
    (".queue.core.windows.net", "a storage account"),
    (".table.core.windows.net", "a storage account"),
];

#[derive(Debug)]
pub(crate) struct HardcodedEnvironmentUrl;

impl CodedRule for HardcodedEnvironmentUrl {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        // One report for a host, at its first place: the cure is one variable, however often it is used.
        let mut hosts: Vec<(String, &str, Vec<Span>)> = Vec::new();
        let mut add = |host: &str, what, span| {
            let host = host.to_ascii_lowercase();
            match hosts.iter_mut().find(|(known, ..)| *known == host) {
                Some((.., places)) => places.push(span),
                None => hosts.push((host, what, vec![span])),
            }
        };
        for site in &flow.sites {
            each_host(site, &mut |host, what, at| {
                add(host, what, at.map_or(site.span, |at| site.span_of(&flow.source.text, at)));
            });
        }
        // What a Switch compares with is never computed, and so no site.
        for switch in flow.actions.iter().filter(|action| action.ty == ActionType::Switch) {
            for case in switch.node.get("cases").into_iter().flat_map(Node::members) {
                let Some(value) = case.value.get("case") else { continue };
                each_host_in(value.as_str().unwrap_or(""), &mut |host, what, _| add(host, what, value.span));
            }
        }
        hosts.iter_mut().for_each(|(.., places)| places.sort_unstable());
        hosts.sort_by_key(|(.., places)| places[0]);
        for (host, what, places) in hosts {
            let message =
                format!("'{host}' is the address of {what}: in another environment it is another one");
            let draft = cx
                .report(places[0], message)
                .help("Keep the address in an environment variable and pick that from the dynamic content in its place.")
                .grouped();
            for place in &places[1..] {
                draft.related(*place, "the same address");
            }
        }
    }
}

/// Calls `visit` for every environment's own host in a string: the host, what it is, and the address
/// inside the string, unless that is the whole value.
fn each_host(site: &ExpressionSite<'_>, visit: &mut dyn FnMut(&str, &'static str, Option<TextRange>)) {
    site.each_text(&mut |piece| {
        each_host_in(piece.text, &mut |name, what, host| {
            let from = ["https://", "http://"]
                .iter()
                .find(|scheme| piece.text[..host.start].ends_with(**scheme))
                .map_or(host.start, |scheme| host.start - scheme.len());
            let is_value = piece.whole && from == 0 && !piece.text.contains(char::is_whitespace);
            visit(name, what, (!is_value).then(|| piece.part(from..host.end)));
        });
    });
}

/// The same for a plain text: the host, what it is, and where it stands in the text.
fn each_host_in(text: &str, visit: &mut dyn FnMut(&str, &'static str, Range<usize>)) {
    for (start, end, what) in ends(text) {
        if let Some(host) = host(text, start, end)
            && is_environments_own(&text[host.clone()])
        {
            visit(&text[host.clone()], what, host);
        }
    }
}

/// Every place where one of the [`HOSTS`] ends, in any case, and what it is. Each begins with a dot, which most
/// texts have not.
fn ends(text: &str) -> impl Iterator<Item = (usize, usize, &'static str)> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'.', bytes).filter_map(|at| {
        let rest = &bytes[at..];
        let stands =
            |end: &str| rest.get(..end.len()).is_some_and(|r| r.eq_ignore_ascii_case(end.as_bytes()));
        let (end, what) = HOSTS.iter().find(|(end, _)| stands(end))?;
        Some((at, at + end.len(), *what))
    })
}

/// The whole host name around its end; none if the name goes on, or has no beginning of its own.
fn host(text: &str, start: usize, end: usize) -> Option<Range<usize>> {
    let in_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let bytes = text.as_bytes();
    if bytes.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'-') {
        return None;
    }
    let length = bytes[..start].iter().rev().take_while(|byte| in_host(**byte)).count();
    let mut from = start - length;
    // `%2F` and the like before a host in an address that is part of another one.
    let coded = bytes[from..start].iter().take(2).take_while(|byte| byte.is_ascii_hexdigit()).count();
    if coded == 2 && text[..from].ends_with('%') {
        from += 2;
    }
    (from < start).then_some(from..end)
}

/// Whether a host is one environment's, and neither a service for all nor a stand-in.
fn is_environments_own(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let labels: Vec<&str> = host.split('.').collect();
    let first = labels.first().copied().unwrap_or("");
    if first.is_empty() || ["www", "globaldisco", "disco", "home", "admin"].contains(&first) {
        return false;
    }
    if ["yourorg", "your-", "myorg", "orgname", "orgurl", "xxx"]
        .iter()
        .any(|stand_in| first.contains(stand_in))
    {
        return false;
    }
    let is_crm = |label: &&str| {
        label.strip_prefix("crm").is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()))
    };
    let dataverse = ["dynamics.com", "dynamics.cn", "microsoftdynamics.us", "appsplatform.us"];
    !dataverse.iter().any(|end| host.ends_with(end)) || labels.iter().skip(1).any(is_crm)
}
