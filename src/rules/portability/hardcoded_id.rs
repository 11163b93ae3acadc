//! Ids that are others in every environment, written into the flow.

use std::ops::Range;

use super::literal_group::{Groups, environment_variable_help};
use super::path_steps::each_step;
use crate::catalog::connectors::Connector;
use crate::expr::{Part, Template};
use crate::flow::host;
use crate::flow::{ActionType, FlowAnalysis, Literal, Operation, TriggerType};
use crate::json::{Node, raw_span};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};
use crate::text::{Span, guid};

/// Parameters whose ids mean a thing of one tenant or environment, by the last word of their key.
const KEYS: [&str; 22] = [
    "groupid",
    "group",
    "teamid",
    "team",
    "channelid",
    "channel",
    "chatid",
    "conversationid",
    "threadid",
    "planid",
    "plan",
    "bucketid",
    "driveid",
    "drive",
    "formid",
    "form_id",
    "tenantid",
    "tenant",
    "siteid",
    "recordid",
    "environment",
    "recipient",
];

/// The end of keys that bind a row to another one.
const BIND: &str = "@odata.bind";

/// Tables whose rows travel with solutions.
const OF_SOLUTIONS: [&str; 12] = [
    "workflows",
    "solutions",
    "publishers",
    "environmentvariabledefinitions",
    "connectionreferences",
    "connectors",
    "appmodules",
    "savedqueries",
    "systemforms",
    "sdkmessages",
    "msdyn_aimodels",
    "msdyn_aiconfigurations",
];

/// Parts of columns that hold people, teams and customers.
const COLUMNS: [&str; 9] = [
    "owner",
    "owning",
    "systemuser",
    "team",
    "businessunit",
    "createdby",
    "modifiedby",
    "customer",
    "contact",
];

/// Steps of paths that an id follows, and the parameter that takes the same.
const STEPS: [(&str, &str); 11] = [
    ("groups", "groupid"),
    ("teams", "teamid"),
    ("channels", "channelid"),
    ("chats", "chatid"),
    ("plans", "planid"),
    ("buckets", "bucketid"),
    ("drives", "driveid"),
    ("forms", "formid"),
    ("sites", "siteid"),
    ("tenants", "tenantid"),
    ("environments", "environment"),
];

/// Hosts at whose addresses a tenant stands right behind the host.
const SIGN_IN: [&str; 4] =
    ["login.microsoftonline.com", "login.microsoftonline.us", "login.windows.net", "login.microsoft.com"];

/// Hosts whose paths have the [`STEPS`].
const GRAPH: [&str; 2] = ["graph.microsoft.com", "graph.microsoft.us"];

/// What is found, by what it is of.
#[derive(Default)]
struct Ids {
    things: Groups,
    tenants: Groups,
}

impl Ids {
    /// Adds a text, where it is an id that a parameter of that name takes.
    fn add(&mut self, key: &str, text: &str, place: Span) {
        let text = text.trim();
        let is_tenant = key.eq_ignore_ascii_case("tenantid") || key.eq_ignore_ascii_case("tenant");
        match is_id(key, text) {
            true if is_tenant => self.tenants.add(text, place),
            true => self.things.add(text, place),
            false => {}
        }
    }
}

#[derive(Debug)]
pub(crate) struct HardcodedId;

impl CodedRule for HardcodedId {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let mut ids = Ids::default();
        for trigger in &flow.triggers {
            match trigger.ty {
                TriggerType::Http | TriggerType::HttpWebhook => in_request(flow, trigger.node, &mut ids),
                _ => in_call(flow, flow.trigger_operation(trigger), trigger.node, &mut ids),
            }
        }
        for action in &flow.actions {
            match action.ty {
                ActionType::Http | ActionType::HttpWebhook => in_request(flow, action.node, &mut ids),
                _ => in_call(flow, flow.action_operation(action), action.node, &mut ids),
            }
            if action.ty == ActionType::ApiConnection {
                flow.each_sent(action.node, &mut |key, value| parameter(flow, key, value, &mut ids));
            }
        }
        let message = |id: &str, what: &str| format!("'{id}' is the id of {what}");
        for (id, places) in ids.things.into_sorted() {
            let what = "one team, plan, form or row: in another environment it is another one";
            report(flow, &message(&id, what), &places, cx);
        }
        for (id, places) in ids.tenants.into_sorted() {
            let what = "one tenant: wherever the flow is imported, it means this one still";
            report(flow, &message(&id, what), &places, cx);
        }
    }
}

fn report(flow: &FlowAnalysis<'_>, message: &str, places: &[Span], cx: &mut RuleContext<'_, '_>) {
    let draft = cx.report(places[0], message);
    draft.grouped().help(environment_variable_help(flow, "the id", ""));
    for place in &places[1..] {
        draft.related(*place, "the same id");
    }
}

/// Looks at what an HTTP action calls, and as which tenant's.
fn in_request<'a>(flow: &FlowAnalysis<'a>, node: &'a Node<'a>, ids: &mut Ids) {
    let Some(inputs) = node.get("inputs") else { return };
    let requests = [Some(inputs), inputs.get("subscribe")];
    for request in requests.into_iter().flatten() {
        if let Some(uri) = request.get("uri") {
            in_address(flow, uri, ids);
        }
        if let Some(tenant) = request.at(&["authentication", "tenant"]) {
            parameter(flow, "tenant", tenant, ids);
        }
    }
}

/// Looks at what a connector is called with.
fn in_call<'a>(flow: &FlowAnalysis<'a>, operation: Option<Operation<'a>>, node: &'a Node<'a>, ids: &mut Ids) {
    let Some(operation) = operation else { return };
    // Models of AI Builder travel with the solution, under the same id.
    if operation.service == Connector::AiBuilder || Connector::of(operation.id) == Connector::AiBuilder {
        return;
    }
    let is_dataverse = operation.service.is_dataverse();
    flow.each_parameter(node, &mut |key, value| match key {
        "$filter" if is_dataverse => in_filter(flow, value, ids),
        _ => parameter(flow, key, value, ids),
    });
    // Lists of SharePoint stand in such paths as well: those are hardcoded-sharepoint-site's.
    if let Some(path) = node.at(&["inputs", "path"]) {
        in_path(flow, path, ids);
    }
}

fn parameter<'a>(flow: &FlowAnalysis<'a>, key: &str, value: &'a Node<'a>, ids: &mut Ids) {
    if is_of_length(key) && KEYS.iter().any(|known| known.eq_ignore_ascii_case(key)) {
        if let Some(literal) = flow.literal(value) {
            ids.add(key, literal.text, literal.span);
        }
    } else if key.eq_ignore_ascii_case("uri") || key.eq_ignore_ascii_case("url") {
        in_address(flow, value, ids);
    } else if key.len().checked_sub(BIND.len()).and_then(|from| key.get(from..)).is_some_and(is_bind) {
        in_binding(flow, value, ids);
    }
}

/// Whether a key is as long as one of [`KEYS`]: most are not, and each of them is asked.
fn is_of_length(key: &str) -> bool {
    const LENGTHS: u32 = {
        let (mut lengths, mut at) = (0, 0);
        while at < KEYS.len() {
            lengths |= 1 << KEYS[at].len();
            at += 1;
        }
        lengths
    };
    key.len() < 32 && LENGTHS >> key.len() & 1 == 1
}

fn is_bind(end: &str) -> bool {
    end.eq_ignore_ascii_case(BIND)
}

/// The id of a row in what binds to it: `/systemusers(…)`.
fn in_binding<'a>(flow: &FlowAnalysis<'a>, value: &'a Node<'a>, ids: &mut Ids) {
    if let (Some(Template::Parts([Part::Text(at), Part::Value(expr), Part::Text(_)])), Some(text)) =
        (flow.template_of(value), value.as_str())
    {
        let table = text.get(at.range()).and_then(|head| head.trim_end().strip_suffix('('));
        if table.is_some_and(is_of_environment)
            && let Some(row) = flow.written_for(expr)
            && let Some(id) = row.as_str()
        {
            ids.add("recordid", id, row.span);
        }
    } else if let Some(literal) = flow.literal(value)
        && let Some((table, rest)) = literal.text.split_once('(')
        && let Some(id) = rest.trim_end().strip_suffix(')')
        && is_of_environment(table)
    {
        let from = table.len() + 1;
        ids.add("recordid", id, part(flow, literal, from..from + id.len()));
    }
}

/// Whether rows of a table belong to the environment. Those of others travel with solutions, under the same ids.
fn is_of_environment(table: &str) -> bool {
    let table = table.trim().trim_start_matches('/').to_ascii_lowercase();
    !OF_SOLUTIONS.contains(&table.as_str())
}

/// The place of a part of a literal; of all of it where it is not written as it reads.
fn part(flow: &FlowAnalysis<'_>, literal: Literal<'_>, range: Range<usize>) -> Span {
    let is_plain = literal.span.range().len() == literal.text.len() + 2;
    if is_plain { raw_span(&flow.source.text, literal.span, range) } else { literal.span }
}

/// Ids of rows in a filter.
fn in_filter<'a>(flow: &FlowAnalysis<'a>, value: &'a Node<'a>, ids: &mut Ids) {
    if let Some(literal) = flow.literal(value) {
        for row in compared(literal.text) {
            ids.add("recordid", &literal.text[row.clone()], part(flow, literal, row));
        }
    } else if let (Some(Template::Parts(parts)), Some(text)) = (flow.template_of(value), value.as_str()) {
        for part in *parts {
            let Part::Text(at) = part else { continue };
            let Some(piece) = text.get(at.range()) else { continue };
            for row in compared(piece) {
                let range = at.range().start + row.start..at.range().start + row.end;
                ids.add("recordid", &piece[row], raw_span(&flow.source.text, value.span, range));
            }
        }
    }
}

/// The ids that a filter compares columns with, with and without quotes: of people and customers, not of what
/// solutions bring along or all environments share.
fn compared(filter: &str) -> Vec<Range<usize>> {
    const GUID: usize = 36;
    // An id has hyphens, and most filters have none.
    if memchr::memchr(b'-', filter.as_bytes()).is_none() {
        return Vec::new();
    }
    let operators = filter.match_indices(" eq ").chain(filter.match_indices(" ne "));
    let ids = operators.filter_map(|(at, operator)| {
        let column = filter[..at].rsplit([' ', '(']).next()?.to_ascii_lowercase();
        let from = at + operator.len();
        let from = from + usize::from(filter[from..].starts_with('\''));
        let is_id = filter.get(from..from + GUID).and_then(guid).is_some();
        (is_id && COLUMNS.iter().any(|known| column.contains(known))).then_some(from..from + GUID)
    });
    ids.collect()
}

/// Ids in an address of Microsoft Graph, and the tenant in one where people or apps sign in.
fn in_address<'a>(flow: &FlowAnalysis<'a>, uri: &'a Node<'a>, ids: &mut Ids) {
    let Some(beginning) = flow.beginning(uri) else { return };
    let text = beginning.text.trim();
    let known =
        |hosts: &[&str]| host(text, beginning.is_whole).is_some_and(|host| hosts.contains(&host.as_str()));
    if known(&GRAPH) || known(&SIGN_IN) || text.starts_with("/v1.0/") || text.starts_with("/beta/") {
        in_path(flow, uri, ids);
    }
}

/// Ids in a path: `/groups/…/channels/…`, plain or encoded by an expression.
fn in_path<'a>(flow: &FlowAnalysis<'a>, path: &'a Node<'a>, ids: &mut Ids) {
    each_step(flow, path, &mut |before, text, place| {
        if let Some(key) = key_behind(before)
            && is_id(key, text)
        {
            ids.add(key, text, place());
        }
    });
}

/// The parameter that takes what follows a step of a path.
fn key_behind(step: &str) -> Option<&'static str> {
    let known = STEPS.iter().find(|(name, _)| name.eq_ignore_ascii_case(step)).map(|(_, key)| *key);
    let is_host = || SIGN_IN.iter().any(|host| host.eq_ignore_ascii_case(step));
    known.or_else(|| is_host().then_some("tenant"))
}

/// Whether a text is an id that a parameter of that name takes. Rows with ids like 00000001-… are made by an import,
/// with the same ids everywhere.
fn is_id(key: &str, text: &str) -> bool {
    let is = |name: &str| key.eq_ignore_ascii_case(name);
    // The first environment of a tenant is called after it.
    let named = match text.get(..8) {
        Some(start) if is("environment") && start.eq_ignore_ascii_case("default-") => &text[8..],
        _ => text,
    };
    let is_chat = ["chatid", "conversationid", "threadid", "recipient"].into_iter().any(is);
    let is_row = !is_chat && guid(named).is_some() && !named.trim_start_matches('{').starts_with("0000000");
    is_row || is_channel(text) || is_opaque(key, text)
}

/// Whether a text is the id of a channel or chat in Teams.
fn is_channel(text: &str) -> bool {
    let rest = text
        .strip_prefix("19:")
        .or_else(|| text.strip_prefix("19%3A"))
        .or_else(|| text.strip_prefix("19%3a"));
    rest.is_some_and(|rest| rest.contains("@thread") || rest.contains("%40thread"))
}

/// Whether a text is the id of a plan or bucket in Planner (28 letters, digits, hyphens and underscores), of a form
/// (longer ones), or of a drive.
fn is_opaque(key: &str, text: &str) -> bool {
    let is = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(key));
    let is_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let plain = text.bytes().all(is_id);
    (is(&["planid", "bucketid"]) && text.len() == 28 && plain)
        || (is(&["formid", "form_id"]) && text.len() >= 40 && plain)
        || (is(&["driveid", "drive"]) && text.starts_with("b!"))
}
