//! What the practice guide asks for, row by row: `before` shows the fault where its README says, `after` does not.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use common::in_package;
use serde_json::Value;

/// Practice, rule, the file of `before` by the beginning of its name, and the element that shows it; "" for the
/// flow as a whole.
const ROWS: [(&str, &str, &str, &str); 31] = [
    ("row added: filter", "unfiltered-trigger", "Registerreturn", "When_an_item_is_created"),
    ("row added: filter", "late-filter", "Processsubmitted", "Condition"),
    (
        "row modified: select columns",
        "unfiltered-columns",
        "Processsubmitted",
        "When_a_row_is_added,_modified_or_deleted",
    ),
    ("scheduled: time zones", "recurrence-without-time-zone", "Nightlyorder", "Recurrence"),
    ("scheduled: business hours", "recurrence-ignores-business-hours", "Retryfailed", ""),
    ("scheduled: how often", "frequent-recurrence", "Retryfailed", "Recurrence"),
    ("HTTP request: authentication", "open-http-trigger", "Receivecarrier", "manual"),
    ("HTTP request: schema", "http-trigger-without-schema", "Receivecarrier", "manual"),
    ("small and focused", "oversized-flow", "Processsubmitted", ""),
    ("child flows for what is used again", "repeated-sequence", "Processsubmitted", "Update_a_row"),
    ("one flow, one job", "many-connectors", "Processsubmitted", ""),
    ("scopes, try and catch", "missing-scope", "Processsubmitted", ""),
    ("scopes, try and catch", "missing-error-handling", "Nightlyorder", ""),
    ("scopes, try and catch", "uncovered-action", "Processsubmitted", "Check_stock"),
    ("steps that fail alone", "uncovered-action", "Retryfailed", ""),
    ("addresses in environment variables", "hardcoded-environment-url", "Processsubmitted", ""),
    ("addresses in environment variables", "hardcoded-sharepoint-site", "Processsubmitted", "Create_item"),
    (
        "addresses in environment variables",
        "hardcoded-sharepoint-site",
        "Registerreturn",
        "When_an_item_is_created",
    ),
    ("addresses in environment variables", "hardcoded-url", "Nightlyorder", "HTTP"),
    ("addresses in environment variables", "hardcoded-email", "Receivecarrier", ""),
    ("thresholds in environment variables", "hardcoded-threshold", "Processsubmitted", "Condition_2"),
    ("ids in environment variables", "hardcoded-id", "Processsubmitted", ""),
    ("on failure: log and alert", "silent-catch", "Registerreturn", "Catch"),
    ("on failure: log and alert", "swallowed-error", "Receiveordermessage", "Catch"),
    ("on failure: log and alert", "terminate-without-message", "Registerreturn", "Terminate"),
    ("on failure: log and alert", "blind-catch", "Receivecarrier", "Catch"),
    ("service principal", "personal-connection", "", ""),
    ("service principal", "direct-connection", "Registerreturn", "shared_sharepointonline"),
    ("who waits", "no-response-on-failure", "Receivecarrier", "Catch"),
    ("tests", "static-result-enabled", "Checkstock", "Check_availability"),
    ("empty blocks", "empty-container", "Processsubmitted", "Condition_2"),
];

/// The rules of the guide that are off unless selected.
const OFF: &str = "recurrence-ignores-business-hours,hardcoded-threshold";

fn findings(side: &str) -> Vec<Value> {
    let folder = format!("fixtures/order-processing/{side}");
    let check = ["check", "--no-config", "--format", "json", &folder];
    let reports = [in_package(&check).json(), in_package(&[&check[..], &["--select", OFF]].concat()).json()];
    reports.iter().flat_map(|report| report["findings"].as_array().unwrap().clone()).collect()
}

#[test]
fn each_practice_is_shown_before_and_kept_after() {
    let (before, after) = (findings("before"), findings("after"));
    for (practice, rule, file, element) in ROWS {
        let is_it = |finding: &&Value| {
            let own = finding["element"].as_array().unwrap().last().and_then(Value::as_str).unwrap_or("");
            finding["rule"] == rule
                && finding["path"].as_str().unwrap().contains(&format!("/Workflows/{file}"))
                && (element.is_empty() || own == element)
        };
        assert!(before.iter().any(|finding| is_it(&finding)), "{practice}: {rule} in {file} at '{element}'");
        assert!(!after.iter().any(|finding| is_it(&finding)), "{practice}: {rule} in {file} after");
    }
}

#[test]
fn the_columns_to_select_are_spelled() {
    let before = findings("before");
    let columns = before.iter().find(|finding| finding["rule"] == "unfiltered-columns").unwrap();
    let help = columns["help"].as_str().unwrap();
    let all = "ctso_customer,ctso_ordernumber,ctso_orderstatus,ctso_priority,ctso_shiptoaddress,ctso_totalamount,ownerid";
    assert!(help.starts_with(&format!("Trigger › Select columns: {all}. ")), "{help}");
}
