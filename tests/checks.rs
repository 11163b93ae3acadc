//! The language of declarative checks: what each word of it takes, and what is nearly that and is not.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use common::checks::{action, said, said_of};

#[test]
fn a_name_is_a_place_of_values() {
    let check = "[check]\ntype = \"Scope\"\nrequire = { path = \"{name}\", pattern = \"^SC_\" }";
    let scope = |name: &str| format!(r#"{{"{name}": {{"type": "scope", "actions": {{}}}}}}"#);
    assert_eq!(said(check, &scope("SC_Load")), [""; 0]);
    for name in ["Load", "sc_Load", "X_SC_", " SC_Load", "SC"] {
        assert_eq!(said(check, &scope(name)), [format!("{name} at \"{name}\"")]);
    }
    let check =
        "[check]\nrequire = { path = \"{name}\", length = { max = 4 } }\nmessage = \"{value} has {count}\"";
    assert_eq!(said(check, &action("Kurz", "\"inputs\": 1")), [""; 0]);
    assert_eq!(said(check, &action("Länge", "\"inputs\": 1")), ["Länge has 5 at \"Länge\""]);
    let check = "[check]\nrequire = { path = [\"{type}\", \"$.kind\"], one-of = [\"Http\"] }";
    assert_eq!(said(check, &action("A", "\"kind\": \"http\"")), [""; 0]);
    assert_eq!(said(check, &action("A", "\"kind\": \"Other\"")), ["A at \"Other\""]);
}

#[test]
fn without_a_requirement_all_that_is_selected_is_reported() {
    let file = r#"{"definition": {"triggers": {
        "T": {"type": "OpenApiConnection", "inputs": {"host": {"apiId": "/providers/Microsoft.PowerApps/apis/shared_twitter", "operationId": "OnNewTweet"}}}},
        "actions": {
        "Short": {"type": "OpenApiConnection", "inputs": {"host": {"apiId": "/providers/Microsoft.PowerApps/apis/SHARED_Twitter", "operationId": "PostTweet"}}},
        "Other": {"type": "OpenApiConnection", "inputs": {"host": {"apiId": "/providers/Microsoft.PowerApps/apis/shared_twitterx", "operationId": "PostTweet"}}},
        "Note": {"type": "Compose", "inputs": "shared_twitter"}}}}"#;
    let both = |connector: &str| {
        said_of(
            &format!(
                "[check]\non = [\"trigger\", \"action\"]\nconnector = \"{connector}\"\nmessage = \"{{operation}} of {{connector}}\""
            ),
            file,
        )
    };
    let expected = ["OnNewTweet of shared_twitter at \"T\"", "PostTweet of SHARED_Twitter at \"Short\""];
    for connector in
        ["shared_twitter", "twitter", "/providers/Microsoft.PowerApps/apis/shared_twitter", "Shared_TWITTER"]
    {
        assert_eq!(both(connector), expected, "{connector}");
    }
    assert_eq!(both("*witter*").len(), 3);
    assert_eq!(both("witter"), [""; 0]);
    let check = "[check]\non = [\"trigger\", \"action\"]\noperation = \"*tweet\"\nwhere = [{ path = \"{connector}\", one-of = [\"shared_twitter\"] }]";
    assert_eq!(said_of(check, file), ["T at \"T\"", "Short at \"Short\""]);
}

#[test]
fn a_key_is_there_in_any_case_and_not_blank() {
    let check = "[check]\ntype = \"Http\"\nrequire = { path = \"$.inputs.headers\", has-key = [\"x-correlation-id\", \"traceparent\"] }";
    let headers = |headers: &str| action("A", &format!("\"inputs\": {{\"headers\": {headers}}}"));
    for there in [
        r#"{"x-correlation-id": "1"}"#,
        r#"{"X-Correlation-ID": "@guid()"}"#,
        r#"{"Accept": "a", "TraceParent": 3}"#,
        // What is computed may be it.
        r#""@variables('headers')""#,
        r#"{"@{variables('name')}": "1"}"#,
        r#""[parameters('headers')]""#,
    ] {
        assert_eq!(said(check, &headers(there)), [""; 0], "{there}");
    }
    for absent in [
        "{}",
        "null",
        "[]",
        r#"{"x-correlation-id": null}"#,
        r#"{"x-correlation-id": " "}"#,
        r#"{"x-correlation": "1"}"#,
        r#""x-correlation-id""#,
    ] {
        assert_eq!(said(check, &headers(absent)), ["A at \"A\""], "{absent}");
    }
    assert_eq!(said(check, &action("A", "\"inputs\": {}")), ["A at \"A\""]);
    let only_where = "[check]\nwhere = [{ path = \"$.inputs.headers\", has-key = \"authorization\" }]";
    assert_eq!(said(only_where, &headers(r#"{"Authorization": "x"}"#)), ["A at \"A\""]);
    assert_eq!(said(only_where, &headers("\"@variables('headers')\"")), [""; 0], "it cannot be told");
}

#[test]
fn a_duration_is_compared_by_its_length() {
    let check = "[check]\nrequire = { path = \"$.limit.timeout\", duration = { max = \"P7D\" } }\nmessage = \"{name} {value}\"";
    let limit = |timeout: &str| action("A", &format!("\"limit\": {{\"timeout\": {timeout}}}"));
    for fine in ["P7D", "PT168H", "P1W", "PT10080M", "P6DT24H", "PT1S", "pt5m"] {
        assert_eq!(said(check, &limit(&format!("\"{fine}\""))), [""; 0], "{fine}");
    }
    for computed in ["@parameters('Patience')", "P@{variables('days')}D", "[parameters('timeout')]"] {
        assert_eq!(said(check, &limit(&format!("\"{computed}\""))), [""; 0], "{computed}");
    }
    for long in ["P8D", "PT169H", "P1M", "PT168H1S", "P2W", "7 days", "7"] {
        assert_eq!(said(check, &limit(&format!("\"{long}\""))), [format!("A {long} at \"{long}\"")]);
    }
    for absent in ["null", "{}"] {
        assert_eq!(said(check, &limit(absent)).len(), 1, "{absent}");
    }
    assert_eq!(said(check, &action("A", "\"inputs\": 1")), ["A  at \"A\""]);
    let least =
        "[check]\nwhere = [{ path = \"$.limit.timeout\", duration = { min = \"PT1H\", max = \"P1D\" } }]";
    assert_eq!(said(least, &limit("\"PT60M\"")), ["A at \"A\""]);
    assert_eq!(said(least, &limit("\"PT59M\"")), [""; 0]);
    assert_eq!(said(least, &limit("\"@parameters('x')\"")), [""; 0]);
}

#[test]
fn what_is_computed_says_nothing_where_literals_are_asked_for() {
    let uri = |uri: &str| action("A", &format!("\"inputs\": {{\"uri\": {uri}}}"));
    let check = |literal: &str| {
        format!(
            "[check]\nrequire = {{ path = \"$.inputs.uri\", pattern = \"^https://api[.]contoso[.]com/\"{literal} }}"
        )
    };
    for (value, plain, literal) in [
        ("\"https://api.contoso.com/x\"", 0, 0),
        ("\"https://fabrikam.com/x\"", 1, 1),
        ("\"@parameters('Api')\"", 1, 0),
        ("\"https://@{parameters('Host')}/\"", 1, 0),
        ("\"@@plain\"", 1, 1),
        ("null", 1, 1),
    ] {
        assert_eq!(said(&check(""), &uri(value)).len(), plain, "{value}");
        assert_eq!(said(&check(", literal = true"), &uri(value)).len(), literal, "{value}");
    }
    assert_eq!(said(&check(", literal = true"), &action("A", "\"inputs\": {}")).len(), 1, "there is no hit");
}

#[test]
fn an_effect_is_what_the_table_of_operations_says() {
    let dataverse = |operation: &str| {
        format!(
            r#"{{"A": {{"type": "OpenApiConnection", "inputs": {{"host": {{"apiId": "/providers/Microsoft.PowerApps/apis/shared_commondataserviceforapps", "operationId": "{operation}"}}}}}}}}"#
        )
    };
    let writes = |operation| said("[check]\neffect = \"write\"", &dataverse(operation)).len();
    for operation in [
        "CreateRecord",
        "UpdateRecord",
        "updateonlyrecord",
        "DeleteRecordWithOrganization",
        "AssociateEntities",
        "UpdateEntityFileImageFieldContent",
    ] {
        assert_eq!(writes(operation), 1, "{operation}");
    }
    for operation in ["ListRecords", "GetItem", "PerformBoundAction", "CreateRecordOfMine"] {
        assert_eq!(writes(operation), 0, "{operation}");
    }
    assert_eq!(said("[check]\neffect = [\"read\", \"call\"]", &dataverse("PerformBoundAction")).len(), 1);
    assert_eq!(said("[check]\neffect = \"call\"", &action("A", "\"inputs\": {}")), [""; 0]);
}

#[test]
fn types_kinds_and_containers_are_compared_in_any_case() {
    let actions = r#"{"Loop": {"type": "ForEach", "foreach": "@x", "actions": {"In": {"type": "HTTP", "inputs": {}}}}, "Out": {"type": "http", "inputs": {}},
        "Later": {"type": "Expression", "kind": "addtotime", "inputs": {}}}"#;
    assert_eq!(said("[check]\ntype = \"Http\"", actions), ["In at \"In\"", "Out at \"Out\""]);
    assert_eq!(said("[check]\ntype = \"Http\"\ninside = \"Foreach\"", actions), ["In at \"In\""]);
    assert_eq!(said("[check]\nkind = \"AddToTime\"", actions), ["Later at \"Later\""]);
    let file = format!(
        r#"{{"definition": {{"triggers": {{"T": {{"type": "Http"}}, "R": {{"type": "Request"}}}}, "actions": {actions}}}}}"#
    );
    let both = said_of("[check]\non = [\"trigger\", \"action\"]\ntype = \"Http\"", &file);
    assert_eq!(both.len(), 3, "{both:?}");
}

#[test]
fn connections_and_parameters_can_be_looked_at_together() {
    let file = r#"{"properties": {"connectionReferences": {
        "shared_sql": {"api": {"name": "shared_sql"}, "connection": {"connectionReferenceLogicalName": "new_sql"}},
        "shared_teams": {"api": {"name": "shared_teams"}, "connection": {"connectionReferenceLogicalName": "ctso_teams"}}},
        "definition": {"triggers": {}, "parameters": {"p": {"type": "Int"}, "s": {"type": "String"}}, "actions": {}}}, "schemaVersion": "1.0.0.0"}"#;
    let named = "[check]\non = \"connection\"\nconnector = [\"sql\", \"teams\"]\nrequire = { path = \"$.connection.connectionReferenceLogicalName\", pattern = \"^ctso_\" }\nmessage = \"{connector}\"";
    assert_eq!(said_of(named, file), ["shared_sql at \"new_sql\""]);
    let both =
        "[check]\non = [\"connection\", \"parameter\"]\nrequire = { path = \"{name}\", pattern = \"^s\" }";
    assert_eq!(said_of(both, file), ["p at \"p\""]);
    let typed = "[check]\non = \"parameter\"\ntype = \"int\"\nmessage = \"{name}: {type}\"";
    assert_eq!(said_of(typed, file), ["p: Int at \"p\""]);
}

#[test]
fn an_option_stands_for_its_value() {
    let check = |options: &str| {
        format!(
            "[options]\n{options}\n[check]\ntype = \"{{types}}\"\nrequire = {{ path = \"{{name}}\", pattern = \"{{form}}\" }}\nmessage = \"{{name}} is not {{form}} ({{types}})\""
        )
    };
    let actions =
        r#"{"a": {"type": "Http"}, "B": {"type": "Compose"}, "c": {"type": "Scope", "actions": {}}}"#;
    assert_eq!(
        said(&check("types = [\"Http\", \"Compose\"]\nform = \"^[A-Z]\""), actions),
        ["a is not ^[A-Z] (Http, Compose) at \"a\""]
    );
    assert_eq!(said(&check("types = []\nform = \"x\""), actions), [""; 0], "an empty list fits nothing");
    let most = "[options]\nmost = 1\n[check]\nrequire = { path = \"$.inputs.*\", count = { max = \"{most}\" } }\nmessage = \"{count} > {most}\"";
    assert_eq!(said(most, &action("A", "\"inputs\": [1, 2]")), ["2 > 1 at \"A\""]);
    let mixed =
        "[options]\nmore = [\"b\"]\n[check]\nrequire = { path = \"{name}\", one-of = [\"a\", \"{more}\"] }";
    assert_eq!(said(mixed, actions), ["c at \"c\""]);
    let patience = "[options]\npatience = \"P1D\"\n[check]\nrequire = { path = \"$.limit.timeout\", duration = { max = \"{patience}\" } }";
    assert_eq!(said(patience, &action("A", "\"limit\": {\"timeout\": \"PT25H\"}")), ["A at \"PT25H\""]);
}

#[test]
fn null_is_no_value() {
    let inputs = |value: &str| action("A", &format!("\"inputs\": {value}"));
    let absent = "[check]\nrequire = { path = \"$.inputs\", absent = true }";
    assert_eq!(said(absent, &inputs("null")), [""; 0]);
    assert_eq!(said(absent, &inputs("0")), ["A at 0"]);
    let present = "[check]\nrequire = { path = \"$.inputs\", present = true }";
    assert_eq!(said(present, &inputs("null")), ["A at \"A\""]);
    assert_eq!(said(present, &inputs("false")), [""; 0]);
}
