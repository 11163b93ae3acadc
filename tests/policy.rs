//! `[policy]`: what a team allows, by hand or out of an exported data policy.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use common::{Sandbox, flow};
use serde_json::{Value, json};

/// An action of a connector.
fn call(connector: &str, operation: &str) -> Value {
    let id = format!("/providers/Microsoft.PowerApps/apis/{connector}");
    json!({"type": "OpenApiConnection", "inputs": {"host": {"apiId": id, "operationId": operation, "connectionName": connector}}})
}

/// A repository whose flow reads SharePoint, posts to Twitter, runs a query and calls an address.
fn sandbox(config: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let actions = json!({
        "Get_items": call("shared_sharepointonline", "GetItems"),
        "Post": call("shared_twitter", "PostTweet"),
        "Query": call("shared_sql", "ExecutePassThroughNativeQuery_V2"),
        "Book": call("shared_ctso-5fwarehouse-5f1d2c3b4a59687786", "Book"),
        "Ask": {"type": "Http", "inputs": {"method": "GET", "uri": "https://api.contoso.com/x"}}
    });
    sandbox.write("flow.json", flow(&actions)).write("flowvet.toml", config);
    sandbox
}

/// What the two rules say, each as `rule: message`.
fn said(sandbox: &Sandbox) -> Vec<String> {
    let arguments =
        ["check", "--format", "json", "--select", "blocked-connector,mixed-data-groups", "flow.json"];
    let done = sandbox.run(&arguments);
    let document = done.json();
    let findings = document["findings"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    findings.iter().map(|f| format!("{}: {}", text(&f["rule"]), text(&f["message"]))).collect()
}

const TWITTER: &str = "blocked-connector: 'Post' uses shared_twitter, which the policy blocks";

#[test]
fn without_a_policy_nothing_is_said() {
    assert_eq!(said(&sandbox("")), [""; 0]);
    assert_eq!(said(&sandbox("[policy]\n")), [""; 0]);
    assert_eq!(said(&sandbox("[policy]\nblocked-connectors = []\nallowed-hosts = []\n")), [""; 0]);
}

#[test]
fn connectors_go_by_any_form_of_their_id() {
    for id in [
        "shared_twitter",
        "twitter",
        "/providers/Microsoft.PowerApps/apis/shared_twitter",
        "TWITTER",
        "twit*",
    ] {
        assert_eq!(
            said(&sandbox(&format!("[policy]\nblocked-connectors = [\"{id}\"]\n"))),
            [TWITTER],
            "{id}"
        );
    }
    for id in ["twitte", "x_twitter", "shared_shared_twitter"] {
        assert_eq!(said(&sandbox(&format!("[policy]\nblocked-connectors = [\"{id}\"]\n"))), [""; 0], "{id}");
    }
}

#[test]
fn a_list_of_what_is_allowed_blocks_the_rest() {
    let config = "[policy]\nallowed-connectors = [\"sharepointonline\", \"sql\", \"*-5f*\"]\n";
    let expected = [
        "blocked-connector: 'Ask' uses HTTP, which is not among the connectors that the policy allows",
        "blocked-connector: 'Post' uses shared_twitter, which is not among the connectors that the policy allows",
    ];
    let mut all = said(&sandbox(config));
    all.sort();
    assert_eq!(all, expected);
    // Who lists hosts allows what calls them.
    let with_hosts = format!("{config}allowed-hosts = [\"*.contoso.com\"]\n");
    assert_eq!(said(&sandbox(&with_hosts)), expected[1..]);
    let other_hosts = format!("{config}allowed-hosts = [\"contoso.com\"]\n");
    assert_eq!(
        said(&sandbox(&other_hosts))[0],
        "blocked-connector: 'Ask' calls api.contoso.com, which is not among the hosts that the policy allows"
    );
}

#[test]
fn operations_are_allowed_and_blocked_within_a_connector() {
    let query = "blocked-connector: 'Query' calls ExecutePassThroughNativeQuery_V2 of shared_sql, which the policy blocks";
    for operation in ["sql/ExecutePassThroughNativeQuery_V2", "shared_SQL/executepass*", "*/Execute*"] {
        let config = format!("[policy]\nblocked-operations = [\"{operation}\"]\n");
        assert_eq!(said(&sandbox(&config)), [query], "{operation}");
    }
    assert_eq!(said(&sandbox("[policy]\nblocked-operations = [\"sqldw/Execute*\"]\n")), [""; 0]);
    let allowed = "[policy]\nallowed-operations = [\"sql/GetItems_V2\"]\n";
    assert_eq!(said(&sandbox(allowed)).len(), 1, "other connectors are not spoken of");
}

#[test]
fn the_policy_is_another_spelling_of_options() {
    let by_rule = "[rules.blocked-connector]\nblocked-connectors = [\"twitter\"]\nseverity = \"warning\"\n";
    assert_eq!(said(&sandbox(by_rule)), [TWITTER]);
    let done =
        sandbox(by_rule).run(&["check", "--format", "concise", "--select", "blocked-connector", "flow.json"]);
    assert!(done.out.contains("warning[blocked-connector]"), "{}", done.out);
    let ignored = "ignore = [\"blocked-connector\"]\n[policy]\nblocked-connectors = [\"twitter\"]\n";
    assert_eq!(said(&sandbox(ignored)), [""; 0]);
}

/// An exported policy as `Get-DlpPolicy` answers it.
fn policy(groups: &Value, default: &str) -> Value {
    json!({
        "name": "7f1c1a4e-0000-4000-8000-000000000001",
        "displayName": "Production",
        "defaultConnectorsClassification": default,
        "connectorGroups": groups,
        "environmentType": "AllEnvironments",
        "environments": [],
        "isLegacySchemaVersion": false
    })
}

fn connector(id: &str) -> Value {
    json!({"id": id, "name": "A connector", "type": "Microsoft.PowerApps/apis"})
}

/// Business: SharePoint and SQL; Non-business: HTTP; Blocked: Twitter.
fn groups() -> Value {
    json!([
        {"classification": "Confidential", "connectors": [
            connector("/providers/Microsoft.PowerApps/apis/shared_sharepointonline"),
            connector("/providers/Microsoft.PowerApps/apis/shared_sql")]},
        {"classification": "General", "connectors": [connector("Http")]},
        {"classification": "Blocked", "connectors": [connector("/providers/Microsoft.PowerApps/apis/shared_twitter")]}
    ])
}

const MIXED: &str = "mixed-data-groups: Connectors of two data groups in one flow, Business (shared_sharepointonline, shared_sql) and Non-business (HTTP): the data policy switches the flow off";

#[test]
fn an_exported_policy_is_read_in_the_forms_that_services_answer() {
    let alone = policy(&groups(), "General");
    for (form, document) in [
        ("alone", alone.clone()),
        ("a list of one", json!([alone])),
        ("value", json!({"value": [alone]})),
        (
            "policyDefinition",
            json!({"policyDefinition": alone, "customConnectorUrlPatternsDefinition": {"rules": []}}),
        ),
        ("properties", json!({"name": "x", "properties": alone})),
    ] {
        let sandbox = sandbox("[policy]\nfile = \"policies/dlp.json\"\n");
        sandbox.write("policies/dlp.json", document.to_string());
        let mut all = said(&sandbox);
        all.sort();
        assert_eq!(all, [TWITTER, MIXED], "{form}");
    }
    // What PowerShell 5.1 writes by `>`.
    let sandbox = sandbox("[policy]\nfile = \"dlp.json\"\n");
    let units = alone.to_string().encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    sandbox.write("dlp.json", [&[0xff, 0xfe][..], &units].concat());
    assert_eq!(said(&sandbox).len(), 2);
}

#[test]
fn what_is_in_no_group_is_in_the_default_group() {
    let only_business = json!([{"classification": "Confidential", "connectors": [
        connector("/providers/Microsoft.PowerApps/apis/shared_sharepointonline")]}]);
    let with = |default: &str| {
        let sandbox = sandbox("[policy]\nfile = \"dlp.json\"\n");
        sandbox.write("dlp.json", policy(&only_business, default).to_string());
        said(&sandbox)
    };
    let mixed = with("General");
    assert!(
        mixed.len() == 1 && mixed[0].contains("Non-business (HTTP, shared_twitter, shared_sql)"),
        "{mixed:?}"
    );
    assert_eq!(with("Confidential"), [""; 0]);
    let blocked = with("Blocked");
    assert_eq!(blocked.len(), 3, "Twitter, SQL and HTTP: {blocked:?}");
    assert!(blocked.iter().all(|said| said.contains("is not among the connectors")), "{blocked:?}");
}

#[test]
fn a_policy_of_the_old_form_does_not_speak_of_http() {
    let mut old = policy(
        &json!([{"classification": "Confidential", "connectors": [
        connector("/providers/Microsoft.PowerApps/apis/shared_sharepointonline")]}]),
        "General",
    );
    old["isLegacySchemaVersion"] = json!(true);
    let sandbox = sandbox("[policy]\nfile = \"dlp.json\"\n");
    sandbox.write("dlp.json", old.to_string());
    let all = said(&sandbox);
    assert!(all.len() == 1 && all[0].contains("Non-business (shared_twitter, shared_sql):"), "{all:?}");
}

#[test]
fn connectors_that_no_policy_blocks_are_not_blocked_by_default() {
    let sandbox = Sandbox::new();
    let actions = json!({"Mail": call("shared_office365", "SendEmailV2"), "Row": call("shared_commondataserviceforapps", "GetItem")});
    sandbox
        .write("flow.json", flow(&actions))
        .write("flowvet.toml", "[policy]\ndefault-group = \"blocked\"\nbusiness = [\"sharepointonline\"]\n");
    assert_eq!(said(&sandbox), [""; 0]);
}

#[test]
fn rules_on_operations_and_endpoints_are_read_as_well() {
    let configuration = json!({
        "connectorActionConfigurations": [
            {"connectorId": "/providers/Microsoft.PowerApps/apis/shared_sql", "defaultConnectorActionRuleBehavior": "Allow",
             "actionRules": [{"actionId": "ExecutePassThroughNativeQuery_V2", "behavior": "Block"}, {"actionId": "GetItems_V2", "behavior": "Allow"}]},
            {"connectorId": "/providers/Microsoft.PowerApps/apis/shared_twitter", "defaultConnectorActionRuleBehavior": "Block",
             "actionRules": [{"actionId": "UserTimeline", "behavior": "Allow"}]},
            {"connectorId": "/providers/Microsoft.PowerApps/apis/shared_sharepointonline", "defaultConnectorActionRuleBehavior": "Block",
             "actionRules": []}
        ],
        "endpointConfigurations": [
            {"connectorId": "/providers/Microsoft.PowerApps/apis/shared_sql", "endpointRules": [{"order": 1, "behavior": "Deny", "endpoint": "*"}]},
            {"connectorId": "Http", "endpointRules": [
                {"order": 2, "behavior": "Deny", "endPoint": "*"},
                {"order": 1, "behavior": "Allow", "endpoint": "https://API.contoso.com/allowed*"}]}
        ]
    });
    let whole = json!({"policyDefinition": policy(&json!([]), "General"), "connectorConfigurationsDefinition": configuration});
    let beside = {
        let mut definition = policy(&json!([]), "General");
        for (key, value) in configuration.as_object().unwrap() {
            definition[key] = value.clone();
        }
        definition
    };
    for document in [whole, beside] {
        let sandbox = sandbox("[policy]\nfile = \"dlp.json\"\n");
        sandbox.write("dlp.json", document.to_string());
        let mut all = said(&sandbox);
        all.sort();
        assert_eq!(
            all,
            [
                "blocked-connector: 'Ask' calls api.contoso.com, and the policy denies *",
                "blocked-connector: 'Get_items' calls GetItems of shared_sharepointonline, which the policy blocks",
                "blocked-connector: 'Post' calls PostTweet of shared_twitter, which is not among the operations that the policy allows",
                "blocked-connector: 'Query' calls ExecutePassThroughNativeQuery_V2 of shared_sql, which the policy blocks",
            ]
        );
    }
}

#[test]
fn mistakes_in_a_policy_are_shown_in_the_configuration() {
    for (config, place, words) in [
        ("policy = 3", "1:10", "`policy` is a table"),
        ("[policy]\nblocked-connector = [\"a\"]", "2:1", "did you mean `blocked-connectors`?"),
        ("[policy]\nwhatever = 1", "2:1", "unknown key `whatever` in [policy]: there are"),
        ("[policy]\nblocked-connectors = \"a\"", "2:22", "`blocked-connectors` is a list of texts"),
        ("[policy]\nblocked-connectors = [3]", "2:22", "`blocked-connectors` is a list of texts"),
        ("[policy]\nblocked-connectors = [\"my sql\"]", "2:1", "`my sql` is no id of a connector"),
        ("[policy]\nblocked-connectors = [\"\"]", "2:1", "`` is no id of a connector"),
        ("[policy]\nblocked-operations = [\"DeleteItem_V2\"]", "2:1", "write connector/operation"),
        ("[policy]\nallowed-hosts = [\"https://contoso.com\"]", "2:1", "`https://contoso.com` is no host"),
        ("[policy]\nblocked-hosts = [\".contoso.com\"]", "2:1", "*.contoso.com for all below it"),
        ("[policy]\ndefault-group = \"secret\"", "2:17", "\"business\", \"non-business\" or \"blocked\""),
        (
            "[policy]\nbusiness = [\"sql\"]\nnon-business = [\"shared_SQL\"]",
            "3:1",
            "is in `business` as well",
        ),
        ("[policy]\nfile = 3", "2:8", "the path of a file"),
        ("[policy]\nfile = \"gone.json\"", "2:8", "`gone.json` cannot be read"),
        ("[policy]\nfile = \"a.json\"\nbusiness = [\"sql\"]", "3:1", "name one of them"),
        (
            "[policy]\ndefault-group = \"blocked\"\nallowed-connectors = [\"sql\"]",
            "3:1",
            "leave `allowed-connectors` out",
        ),
        (
            "[policy]\nblocked-hosts = [\"a.example\"]\n[rules.blocked-connector]\nblocked-hosts = [\"b.example\"]",
            "2:1",
            "[rules.blocked-connector] sets `blocked-hosts` as well",
        ),
        ("[rules.blocked-connector]\nendpoints = [\"Http forbid *\"]", "2:1", "`Http forbid *` is no rule"),
        ("[rules.mixed-data-groups]\ndefault-group = \"blocked\"", "2:1", "`blocked` is no data group"),
        ("[rules.naming-convention]\nflow = \"(\"", "2:1", "`(` is no pattern: unclosed group"),
        ("[rules.naming-convention]\naction-types = [\"^SC_\"]", "2:1", "has no type and pattern"),
        ("[rules.naming-convention]\naction-types = [\"Sope: ^SC_\"]", "2:1", "did you mean `Scope`?"),
    ] {
        let done = sandbox(config).run(&["check", "flow.json"]).expect(2);
        assert_eq!(done.out, "", "nothing is checked");
        assert!(done.err.contains(words), "{config}: {}", done.err);
        assert!(done.err.contains(&format!("[flowvet.toml:{place}]")), "{config}: {}", done.err);
    }
}

#[test]
fn mistakes_in_an_exported_policy_are_shown_where_they_are() {
    let sandbox = sandbox("[policy]\nfile = \"dlp.json\"\n");
    for (text, words) in [
        ("{\"a\": ", "dlp.json:1:"),
        ("{}", "it has no `connectorGroups`"),
        ("{\"value\": []}", "there are 0 policies in this file"),
        ("[{}, {}]", "there are 2 policies in this file"),
        (
            "{\"connectorGroups\": \"@{classification=General; connectors=System.Object[]}\"}",
            "ConvertTo-Json -Depth 10",
        ),
        ("{\"connectorGroups\": [\"@{classification=General}\"]}", "ConvertTo-Json -Depth 10"),
        (
            "{\"connectorGroups\": [{\"classification\": \"General\", \"connectors\": [\"@{id=x}\"]}]}",
            "`connectors` is cut off",
        ),
        ("{\"connectorGroups\": [{\"classification\": \"Secret\"}]}", "Confidential, General or Blocked"),
        ("{\"connectorGroups\": [{}]}", "Confidential, General or Blocked"),
        (
            "{\"connectorGroups\": [{\"classification\": \"General\", \"connectors\": [{}]}]}",
            "a connector has an `id`",
        ),
        ("{\"connectorGroups\": 3}", "`connectorGroups` is a list of objects"),
        ("{\"connectorGroups\": [], \"defaultConnectorsClassification\": \"x\"}", "the default group is"),
        (
            "{\"connectorGroups\": [], \"connectorActionConfigurations\": [{}]}",
            "`connectorId` is missing here",
        ),
    ] {
        sandbox.write("dlp.json", text);
        let done = sandbox.run(&["check", "flow.json"]).expect(2);
        assert_eq!(done.out, "");
        assert!(done.err.contains(words) && done.err.contains("[dlp.json:1:"), "{text}: {}", done.err);
    }
    // A list of one, and nothing, as PowerShell writes them.
    let one =
        json!({"connectorGroups": {"classification": "Blocked", "connectors": connector("shared_twitter")}});
    sandbox.write("dlp.json", one.to_string());
    assert_eq!(said(&sandbox), [TWITTER]);
    sandbox.write(
        "dlp.json",
        "{\"connectorGroups\": [{\"classification\": \"Blocked\", \"connectors\": null}]}",
    );
    assert_eq!(said(&sandbox), [""; 0]);
}

#[test]
fn the_file_is_relative_to_the_configuration_and_only_read_where_it_is_named() {
    let sandbox = sandbox("");
    sandbox
        .write("ci/strict.toml", "[policy]\nfile = \"../policies/dlp.json\"\n")
        .write("policies/dlp.json", policy(&groups(), "General").to_string());
    let done =
        sandbox.run(&["check", "--config", "ci/strict.toml", "--format", "concise", "flow.json"]).expect(1);
    assert!(done.out.contains("blocked-connector") && done.out.contains("mixed-data-groups"), "{}", done.out);
    assert_eq!(said(&sandbox), [""; 0]);
    // The catalogue does not depend on it.
    sandbox.write("flowvet.toml", "[policy]\nfile = \"gone.json\"\n");
    sandbox.run(&["rules"]).expect(0);
}

#[test]
fn no_cut_of_an_exported_policy_makes_the_program_fall() {
    let text = policy(&groups(), "General").to_string();
    for at in 0..=text.len() {
        let read = flowvet::project::policy::Exported::read(&text[..at]);
        assert_eq!(read.is_ok(), at == text.len(), "{}", &text[..at]);
    }
}
