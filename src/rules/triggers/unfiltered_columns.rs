//! Dataverse triggers on changes that start the flow for a change of any column.

use std::collections::BTreeSet;

use super::dataverse::{is_dataverse, is_row_trigger, subscribed, takes_modified, text};
use super::trigger_body::{Key, KeyName, behind_outputs, keys, steps_into_body};
use crate::catalog::operations::Kind;
use crate::expr::{Call, Expr, ExprKind, Template};
use crate::flow::{Action, ActionId, ActionType, Element, ExpressionSite, FlowAnalysis, Named, Trigger};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};
use crate::odata::{self, column, is_set_of};

/// Columns that Dataverse itself writes with every change, or that never change: none says what has changed.
const OF_EVERY_CHANGE: [&str; 16] = [
    "activityid",
    "businessprocessflowinstanceid",
    "createdby",
    "createdon",
    "createdonbehalfby",
    "iteminternalid",
    "modifiedby",
    "modifiedon",
    "modifiedonbehalfby",
    "overriddencreatedon",
    "owningbusinessunit",
    "owningteam",
    "owninguser",
    "runassystemuserid",
    "sdkmessage",
    "versionnumber",
];

#[derive(Debug)]
pub(crate) struct UnfilteredColumns;

impl CodedRule for UnfilteredColumns {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::AnyTrigger];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn trigger<'a>(&self, flow: &FlowAnalysis<'a>, trigger: &Trigger<'a>, cx: &mut RuleContext<'_, 'a>) {
        if !flow.trigger_operation(trigger).is_some_and(is_row_trigger)
            || !takes_modified(trigger)
            || !subscribed(trigger, "filteringattributes").trim().is_empty()
        {
            return;
        }
        let columns = columns_read(flow, trigger, cx.calls()).unwrap_or_default();
        let help = match columns.is_empty() {
            true => "Trigger › Select columns: list the columns whose change matters, separated by commas."
                .to_owned(),
            false => format!(
                "Trigger › Select columns: {}. The flow reads these; leave out those whose change is no reason to start it.",
                columns.into_iter().collect::<Vec<_>>().join(",")
            ),
        };
        let message = format!(
            "'{}' starts a run for a change of any column, whether the flow uses it or not",
            trigger.name
        );
        // An empty text is what to fill in; the trigger stands beside it for the rule that this one supersedes.
        let empty = trigger
            .node
            .at(&["inputs", "parameters", "subscriptionRequest/filteringattributes"])
            .filter(|node| node.as_str().is_some());
        match empty {
            Some(empty) => {
                cx.report(empty.span, message).help(help).related(trigger.key_span, "this starts it");
            }
            None => {
                cx.report(trigger.key_span, message).help(help);
            }
        }
    }
}

/// The columns of the row that the flow reads. None where the file does not tell: where the row is handed on as a
/// whole, or its id to something that may read any of it.
fn columns_read<'a>(
    flow: &FlowAnalysis<'a>,
    trigger: &Trigger<'a>,
    calls: &[(&ExpressionSite<'a>, &Call<'a>)],
) -> Option<BTreeSet<String>> {
    let broken = flow.sites.iter().any(|site| site.template.errors().next().is_some());
    if broken || !flow.has_whole_definition() || flow.triggers.len() != 1 {
        return None;
    }
    let table = subscribed(trigger, "entityname").to_ascii_lowercase();
    let is_id = |column: &str| {
        column.strip_suffix("id") == Some(&table) || column == "iteminternalid" || column == "activityid"
    };
    let mut columns = BTreeSet::new();
    let mut read_again = BTreeSet::new();
    let filter = subscribed(trigger, "filterexpression");
    if !filter.trim().is_empty() {
        columns.extend(odata::parse(&filter)?.columns()?);
    }
    for (site, call) in calls {
        let Some(steps) = steps_into_body(flow, call) else { continue };
        let read = first_column(&steps)?;
        if is_id(&read) {
            read_again.extend(follow_id(flow, &table, site, call)?);
        } else {
            columns.insert(read);
        }
    }
    if !read_again.is_empty() {
        for (_, call) in calls {
            if let Some(steps) = steps_into_any(flow, &read_again, call) {
                columns.insert(first_column(&steps)?);
            }
        }
    }
    // A full name is made of two columns, and is none that can change.
    if columns.remove("fullname") {
        columns.extend(["firstname".to_owned(), "lastname".to_owned()]);
    }
    columns.retain(|column| !is_id(column) && !OF_EVERY_CHANGE.contains(&column.as_str()));
    Some(columns)
}

fn first_column(steps: &[Key<'_>]) -> Option<String> {
    match steps.first()?.name {
        KeyName::Text(name) => column(name.split('/').next()?),
        _ => None,
    }
}

/// Where the row's id is used: the action that gets the row again by it, if it does. None where the id goes to
/// something that may read any column.
fn follow_id<'a>(
    flow: &FlowAnalysis<'a>,
    table: &str,
    site: &ExpressionSite<'a>,
    id: &Call<'a>,
) -> Option<Option<ActionId>> {
    let Element::Action(user) = site.element else { return Some(None) };
    let action = &flow.actions[user];
    match action.ty {
        ActionType::If
        | ActionType::Switch
        | ActionType::Foreach
        | ActionType::Until
        | ActionType::Terminate
        | ActionType::Response => Some(None),
        ty if ty.is_connector() => {
            let same_table = flow.action_operation(action).is_some_and(is_dataverse)
                && is_set_of(&entity_set(action), table);
            match flow.known_operation(action)?.kind {
                Kind::ReadOne => Some(same_table.then_some(user)),
                // Other rows may be asked for by this one's id; rows of the same table may be this one.
                Kind::Read | Kind::List if same_table => None,
                Kind::Invoke | Kind::RawHttp | Kind::Action | Kind::Trigger => None,
                _ => Some(None),
            }
        }
        ty if ty.is_call() || ty == ActionType::Unknown => None,
        // As the whole value it is kept under another name, and used there; in a text it is a link.
        _ => match &site.template {
            Template::Whole(expr) if matches!(&expr.kind, ExprKind::Call(whole) if std::ptr::eq(*whole, id)) => {
                None
            }
            _ => Some(None),
        },
    }
}

fn entity_set(action: &Action<'_>) -> String {
    let set = action.node.at(&["inputs", "parameters", "entityName"]).map(text);
    set.unwrap_or_default().to_ascii_lowercase()
}

/// The steps into what one of these actions got, where a call reads that.
fn steps_into_any<'c>(
    flow: &FlowAnalysis<'_>,
    ids: &BTreeSet<ActionId>,
    call: &'c Call<'_>,
) -> Option<Vec<Key<'c>>> {
    let is_body = call.is("body") || call.is("actionBody");
    if !is_body && !call.is("outputs") && !call.is("actionOutputs") {
        return None;
    }
    match flow.named(call.arguments.first().and_then(Expr::as_text)?) {
        Some(Named::Action(id)) if ids.contains(&id) => {}
        _ => return None,
    }
    if is_body { Some(keys(call.steps)) } else { behind_outputs(call.steps) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::{Detected, detect, load};
    use crate::text::Arena;
    use crate::{json, text::Source};

    /// The columns that a flow of these actions reads of an order, which its trigger filters so.
    fn read(filter: &str, actions: &str) -> Option<String> {
        let text = format!(
            r#"{{"definition": {{"triggers": {{"T": {{"type": "OpenApiConnectionWebhook", "inputs": {{"parameters": {{
                "subscriptionRequest/entityname": "ctso_order", "subscriptionRequest/filterexpression": "{filter}"}}}}}}}},
                "actions": {{{actions}}}}}}}"#
        );
        let source = Source::new("flow.json", text);
        let arena = Arena::new();
        let root = json::parse(&source.text, &arena).unwrap();
        let Detected::Flows(found) = detect(&root, "") else { panic!("a flow") };
        let flow = crate::flow::FlowAnalysis::new(load(&source, &found[0], None, &arena));
        let mut calls = Vec::new();
        for site in &flow.sites {
            for expr in site.template.expressions() {
                expr.each_call(&mut |call| calls.push((site, call)));
            }
        }
        columns_read(&flow, &flow.triggers[0], &calls).map(|columns| Vec::from_iter(columns).join(","))
    }

    fn call(operation: &str, set: &str, key: &str, value: &str) -> String {
        format!(
            r#""Call": {{"type": "OpenApiConnection", "inputs": {{"host": {{
                "apiId": "/providers/Microsoft.PowerApps/apis/shared_commondataserviceforapps", "operationId": "{operation}"}},
                "parameters": {{"entityName": "{set}", "{key}": "{value}"}}}}}}"#
        )
    }

    #[test]
    fn what_the_flow_reads_is_listed() {
        let compose = |value: &str| format!(r#""C": {{"type": "Compose", "inputs": "{value}"}}"#);
        let id = "@triggerOutputs()?['body/ctso_orderid']";
        for (filter, actions, expected) in [
            ("statecode eq 0", String::new(), Some("statecode")),
            ("", compose("@triggerBody()?['_ctso_customer_value']"), Some("ctso_customer")),
            ("", compose("@trigger()['outputs']?['body']?['ctso_sum']"), Some("ctso_sum")),
            ("", compose("@outputs('T')?['body/ctso_sum']"), Some("ctso_sum")),
            ("", compose("@triggerOutputs()?['headers']?['x']"), Some("")),
            ("", compose("@triggerOutputs()?['body/modifiedon']"), Some("")),
            ("", compose("See https://contoso.test/?id=@{triggerBody()?['ctso_orderid']}"), Some("")),
            ("", call("UpdateRecord", "ctso_orders", "recordId", id), Some("")),
            (
                "",
                call(
                    "ListRecords",
                    "ctso_lines",
                    "$filter",
                    "_ctso_order_value eq @{triggerBody()?['ctso_orderid']}",
                ),
                Some(""),
            ),
            (
                "",
                call("GetItem", "ctso_orders", "recordId", id)
                    + r#", "D": {"type": "Compose", "inputs": "@{outputs('Call')?['body/ctso_sum']} @{body('call')?['ctso_name']}"}"#,
                Some("ctso_name,ctso_sum"),
            ),
            // Where the row goes on as a whole, or its id to something that may read it, nothing is certain.
            ("", compose("@triggerBody()"), None),
            ("", compose("@triggerBody()?[variables('x')]"), None),
            ("", compose(id), None),
            (
                "",
                call("GetItem", "ctso_orders", "recordId", id)
                    + r#", "D": {"type": "Compose", "inputs": "@body('Call')"}"#,
                None,
            ),
            (
                "",
                call(
                    "ListRecords",
                    "ctso_orders",
                    "$filter",
                    "ctso_orderid eq @{triggerBody()?['ctso_orderid']}",
                ),
                None,
            ),
            ("", call("PerformBoundAction", "ctso_orders", "recordId", id), None),
            ("", format!(r#""W": {{"type": "Workflow", "inputs": {{"body": {{"text": "{id}"}}}}}}"#), None),
            ("ctso_customer/name eq 'x'", String::new(), None),
            ("", compose("@triggerBody("), None),
        ] {
            assert_eq!(read(filter, &actions).as_deref(), expected, "{filter} {actions}");
        }
    }
}
