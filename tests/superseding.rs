//! One fault gives one finding: where two rules see it, only the one that says more reports it.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use common::Sandbox;
use serde_json::json;

/// The rules of the category `triggers` that report on a row trigger with these parameters.
fn reported(parameters: serde_json::Value) -> Vec<String> {
    let mut all = json!({
        "subscriptionRequest/message": 4,
        "subscriptionRequest/entityname": "ctso_order",
        "subscriptionRequest/scope": 4
    });
    all.as_object_mut().unwrap().extend(parameters.as_object().unwrap().clone());
    let host = json!({
        "apiId": "/providers/Microsoft.PowerApps/apis/shared_commondataserviceforapps",
        "connectionName": "shared_commondataserviceforapps",
        "operationId": "SubscribeWebhookTrigger"
    });
    let flow = json!({"properties": {"connectionReferences": {}, "definition": {
        "triggers": {"T": {"type": "OpenApiConnectionWebhook", "inputs": {"host": host, "parameters": all}}},
        "actions": {}
    }}});
    let place = Sandbox::new();
    place.write("Workflows/Flow.json", flow.to_string());
    let report = place.run(&["check", "--no-config", "--select", "triggers", "--format", "json", "."]).json();
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_trigger_without_columns_and_rows_is_reported_once() {
    for parameters in [
        json!({}),
        json!({"subscriptionRequest/filteringattributes": ""}),
        json!({"subscriptionRequest/filteringattributes": null, "subscriptionRequest/filterexpression": " "}),
    ] {
        assert_eq!(reported(parameters.clone()), ["unfiltered-columns"], "{parameters}");
    }
    // The message decides which of the two it is.
    assert_eq!(reported(json!({"subscriptionRequest/message": 1})), ["unfiltered-trigger"]);
    assert_eq!(reported(json!({"subscriptionRequest/filteringattributes": "ctso_sum"})), [""; 0]);
}
