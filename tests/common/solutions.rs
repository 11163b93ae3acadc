//! A solution of three flows, of which one change of an order starts two.

use serde_json::{Value, json};

use super::Sandbox;

pub(crate) const FIRST: &str = "Workflows/Billorder-0B1F6A3E-0000-4000-8000-000000000001.json";
pub(crate) const SECOND: &str = "Workflows/Reservestock-0B1F6A3E-0000-4000-8000-000000000002.json";
pub(crate) const THIRD: &str = "Workflows/Thankcustomer-0B1F6A3E-0000-4000-8000-000000000003.json";

/// A flow of a solution.
pub(crate) fn flow(trigger: &Value, actions: &Value) -> String {
    let connection =
        |name: &str| json!({"connection": {"connectionReferenceLogicalName": name}, "api": {"name": "a"}});
    let file = json!({
        "properties": {
            "connectionReferences": {"rows": connection("ctso_rows"), "others": connection("ctso_others")},
            "definition": {
                "parameters": {
                    "Site (ctso_Site)": {"type": "String", "metadata": {"schemaName": "ctso_Site"}},
                    "Fixed": {"type": "String", "defaultValue": "https://contoso.sharepoint.com/sites/a"},
                    "Open": {"type": "String"}
                },
                "triggers": {"When": trigger},
                "actions": actions
            }
        },
        "schemaVersion": "1.0.0.0"
    });
    serde_json::to_string_pretty(&file).unwrap()
}

/// A trigger on rows of orders, whatever happens to them; `changes` replaces and adds parameters.
pub(crate) fn on_rows(changes: &Value) -> Value {
    let mut parameters = json!({
        "subscriptionRequest/message": 4,
        "subscriptionRequest/entityname": "ctso_order",
        "subscriptionRequest/scope": 4
    });
    for (name, value) in changes.as_object().unwrap() {
        parameters[format!("subscriptionRequest/{name}")] = value.clone();
    }
    let host = json!({
        "connectionName": "rows",
        "operationId": "SubscribeWebhookTrigger",
        "apiId": "/providers/Microsoft.PowerApps/apis/shared_commondataserviceforapps"
    });
    json!({"type": "OpenApiConnectionWebhook", "inputs": {"host": host, "parameters": parameters}})
}

/// A trigger on the items of a list.
pub(crate) fn on_items(operation: &str, parameters: &Value) -> Value {
    let host = json!({
        "connectionName": "rows",
        "operationId": operation,
        "apiId": "/providers/Microsoft.PowerApps/apis/shared_sharepointonline"
    });
    json!({"type": "OpenApiConnection", "inputs": {"host": host, "parameters": parameters}})
}

/// The file beside a flow that the solution lists it in.
pub(crate) fn listing(id: u32, state: u32) -> String {
    format!(
        r#"<Workflow WorkflowId="{{0b1f6a3e-0000-4000-8000-00000000000{id}}}" Name="Flow {id}"><StateCode>{state}</StateCode></Workflow>"#
    )
}

/// Two flows that one change of an order starts.
pub(crate) fn competing(sandbox: &Sandbox) {
    sandbox.write(FIRST, flow(&on_rows(&json!({})), &json!({})));
    sandbox.write(SECOND, flow(&on_rows(&json!({"message": 3})), &json!({})));
    sandbox.write(THIRD, flow(&on_rows(&json!({"entityname": "ctso_customer"})), &json!({})));
}

/// What the rules over solutions say, as JSON.
pub(crate) fn check(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    let known = ["check", "--no-config", "--select", "solution", "--format", "json"];
    sandbox.run(&[known.as_slice(), arguments].concat()).json()
}

pub(crate) fn messages(report: &Value) -> Vec<&str> {
    report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["message"].as_str().unwrap())
        .collect()
}
