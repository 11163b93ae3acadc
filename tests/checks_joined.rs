//! The language of declarative checks: requirements that are joined, numbers and sizes, what is passed over, containers
//! by name, further places, and what a message can tell.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use common::Sandbox;
use common::checks::{action, said, said_of};
use flowvet::linter::Page;

/// What is wrong with a check.
fn mistake(check: &str) -> String {
    let text =
        format!("# a-rule\n\nA rule.\n\n```toml\nseverity = \"note\"\n{check}\nmessage = \"x\"\n```\n");
    let page = Page { id: "a-rule".into(), category: "custom".into(), text: text.into(), file: None };
    page.verify().unwrap_err().message
}

/// An HTTP action with that retry policy.
fn retrying(policy: &str) -> String {
    action("Ask", &format!(r#""inputs": {{"uri": "x", "retryPolicy": {policy}}}"#))
}

#[test]
fn all_of_several_requirements_must_hold() {
    let check = r#"[check]
type = "Http"
require = { all = [
    { path = "$.inputs.retryPolicy.type", one-of = ["exponential"] },
    { path = "$.inputs.retryPolicy.count", number = { max = 4 } },
] }"#;
    for (policy, expected) in [
        (r#"{"type": "Exponential", "count": 4}"#, None),
        (r#"{"type": "exponential", "count": "3"}"#, None),
        (r#"{"type": "exponential", "count": 5}"#, Some("5")),
        (r#"{"type": "fixed", "count": 5}"#, Some("\"fixed\"")),
        (r#"{"type": "exponential"}"#, Some("\"Ask\"")),
        ("{}", Some("\"Ask\"")),
        // The run decides.
        (r#"{"type": "exponential", "count": "@variables('n')"}"#, None),
        (r#"{"type": "fixed", "count": "@variables('n')"}"#, Some("\"fixed\"")),
    ] {
        let expected: Vec<String> = expected.map(|label| format!("Ask at {label}")).into_iter().collect();
        assert_eq!(said(check, &retrying(policy)), expected, "{policy}");
    }
}

#[test]
fn a_path_can_filter_a_list() {
    let check = "[check]\nrequire = { path = \"$.inputs.queries[?@.name == 'v'].value\", one-of = [\"2\"] }";
    let queries = |value: u8| {
        action(
            "A",
            &format!(
                r#""inputs": {{"queries": [{{"name": "x", "value": 9}}, {{"name": "v", "value": {value}}}]}}"#
            ),
        )
    };
    assert_eq!(said(check, &queries(2)), [""; 0]);
    assert_eq!(said(check, &queries(3)), ["A at 3"]);
}

#[test]
fn any_of_several_requirements_is_enough() {
    let check = r#"[check]
require = { any = [
    { path = "$.inputs.retryPolicy.type", one-of = ["none"] },
    { path = "$.inputs.retryPolicy.count", number = { min = 1, max = 4 } },
] }"#;
    for (policy, expected) in [
        (r#"{"type": "none"}"#, None),
        (r#"{"count": 2}"#, None),
        (r#"{"type": "fixed", "count": 0}"#, Some("\"fixed\"")),
        (r#"{"type": "fixed", "count": "@{variables('n')}"}"#, None),
    ] {
        let expected: Vec<String> = expected.map(|label| format!("Ask at {label}")).into_iter().collect();
        assert_eq!(said(check, &retrying(policy)), expected, "{policy}");
    }
}

#[test]
fn a_requirement_can_be_negated_and_joined_again() {
    let check = r#"[check]
require = { not = { all = [
    { path = "$.inputs.retryPolicy.type", one-of = ["fixed"] },
    { not = { path = "$.inputs.retryPolicy.count", present = true } },
] } }"#;
    assert_eq!(said(check, &retrying(r#"{"type": "fixed"}"#)), ["Ask at \"Ask\""]);
    assert_eq!(said(check, &retrying(r#"{"type": "fixed", "count": 1}"#)), [""; 0]);
    assert_eq!(said(check, &retrying(r#"{"type": "none"}"#)), [""; 0]);
    assert_eq!(mistake("[check]\nrequire = { all = [] }"), "`all` is a list of requirements");
    let both = "[check]\nrequire = { any = [{ path = \"$.a\", present = true }], path = \"$.b\" }";
    assert_eq!(mistake(both), "`any` stands alone in a requirement, without `path`");
}

#[test]
fn numbers_are_compared_as_numbers() {
    let check = "[check]\nrequire = { path = \"$.inputs\", number = { min = 1.5, max = 10 } }";
    for (value, holds) in [
        ("1.5", true),
        ("10", true),
        ("10.0", true),
        ("1e1", true),
        ("\" 7 \"", true),
        ("1.4", false),
        ("11", false),
        ("-2", false),
        ("\"ten\"", false),
        ("true", false),
        ("null", false),
        ("\"@{variables('n')}\"", true),
    ] {
        let found = said(check, &action("A", &format!("\"inputs\": {value}")));
        assert_eq!(found.is_empty(), holds, "{value}: {found:?}");
    }
    assert_eq!(
        mistake("[check]\nrequire = { path = \"$.a\", number = { min = \"x\" } }"),
        "`min` is a number"
    );
}

/// A flow with a Switch inside a scope, three variables and two connectors.
const FLOW: &str = r#"{"definition": {
    "triggers": {"T": {"type": "Request", "kind": "Button"}},
    "actions": {
        "Set_up": {"type": "InitializeVariable", "inputs": {"variables": [{"name": "a", "type": "string"}, {"name": "b", "type": "string"}]}},
        "Try": {"type": "Scope", "actions": {
            "Route": {"type": "Switch", "expression": "@1", "cases": {
                "One": {"case": 1, "actions": {"Mail": {"type": "OpenApiConnection", "inputs": {"host": {"apiId": "/providers/Microsoft.PowerApps/apis/shared_office365", "operationId": "SendEmailV2"}}}}},
                "Two": {"case": 2, "actions": {}}
            }, "default": {"actions": {}}}
        }},
        "Last": {"type": "OpenApiConnection", "inputs": {"host": {"apiId": "/providers/Microsoft.PowerApps/apis/shared_teams", "operationId": "PostMessageToConversation"}}}
    }}}"#;

#[test]
fn flows_and_actions_can_be_measured() {
    let measured = |on: &str, metric: &str| {
        let check = format!(
            "[check]\n{on}\nrequire = {{ metric = \"{metric}\", number = {{ max = 0 }} }}\nmessage = \"{{name}} {{value}}\""
        );
        said_of(&check, FLOW)
            .into_iter()
            .map(|said| said.split(" at ").next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    for (metric, size) in [("actions", 5), ("depth", 3), ("variables", 2), ("connectors", 2)] {
        assert_eq!(measured("on = \"flow\"", metric), [format!("flow {size}")], "{metric}");
    }
    assert_eq!(measured("type = \"Scope\"", "actions"), ["Try 2"]);
    assert_eq!(measured("type = \"Switch\"", "cases"), ["Route 2"]);
    assert_eq!(measured("type = \"Switch\"", "depth"), ["Route 2"]);
}

#[test]
fn a_part_of_a_flow_has_no_size() {
    let check = "[check]\non = \"flow\"\nrequire = { metric = \"actions\", number = { max = 0 } }";
    let copy = r#"{"nodeId": "A", "serializedOperation": {"type": "Scope", "actions": {"B": {"type": "Compose", "inputs": 1}}}, "mslaNode": true}"#;
    assert_eq!(said_of(check, copy), [""; 0]);
}

#[test]
fn what_cannot_be_measured_is_said() {
    let of = |on: &str, metric: &str| {
        mistake(&format!(
            "[check]\non = \"{on}\"\nrequire = {{ metric = \"{metric}\", number = {{ max = 1 }} }}"
        ))
    };
    assert_eq!(of("flow", "actoins"), "there is no metric `actoins`: did you mean `actions`?");
    assert_eq!(of("trigger", "depth"), "`depth` measures flows and actions, and the check is on triggers");
    assert_eq!(of("flow", "cases"), "`cases` measures actions, and the check is on flows");
}

#[test]
fn what_not_names_is_passed_over() {
    let check = "[check]\ntype = [\"Compose\", \"Http\"]\nnot = { type = \"Compose\", inside = \"Scope\" }";
    let actions = r#"{
        "A": {"type": "Compose", "inputs": 1},
        "Try": {"type": "Scope", "actions": {
            "B": {"type": "Compose", "inputs": 1},
            "C": {"type": "Http", "inputs": {}}}}}"#;
    assert_eq!(said(check, actions), ["A at \"A\"", "C at \"C\""]);
    assert_eq!(mistake("[check]\ntype = \"Http\"\nnot = {}"), "`not` is a table of keys that narrow");
    let unknown = mistake("[check]\ntype = \"Http\"\nnot = { tipe = \"Compose\" }");
    assert_eq!(unknown, "unknown key `tipe` in `not`: did you mean `type`?");
    let unfit = mistake("[check]\non = \"trigger\"\nnot = { effect = \"write\" }\ntype = \"Request\"");
    assert_eq!(unfit, "`effect` narrows actions, and the check is on triggers");
}

#[test]
fn containers_are_told_by_type_and_by_name() {
    let check =
        |inside: &str| format!("[check]\nconnector = \"office365\"\noperation = \"SendEmail*\"\n{inside}");
    assert_eq!(said_of(&check("not = { inside = { name = \"Try\" } }"), FLOW), [""; 0]);
    assert_eq!(said_of(&check("not = { inside = { name = \"Try*\", type = \"Scope\" } }"), FLOW), [""; 0]);
    // One container has to fit both.
    let both = check("not = { inside = { name = \"Try\", type = \"Switch\" } }");
    assert_eq!(said_of(&both, FLOW), ["Mail at \"Mail\""]);
    assert_eq!(said_of(&check("not = { inside = { name = \"Main\" } }"), FLOW), ["Mail at \"Mail\""]);
    assert_eq!(said_of(&check("inside = { name = \"TRY\" }"), FLOW), ["Mail at \"Mail\""]);
    let wrong = mistake("[check]\ntype = \"Http\"\ninside = { names = \"Try\" }");
    assert_eq!(wrong, "`inside` is a table of `type` and `name`");
}

#[test]
fn a_blank_in_the_name_of_a_container_is_an_underscore() {
    let check = "[check]\ntype = \"Compose\"\ninside = { name = \"Try scope\" }";
    let actions = r#"{"Try_scope": {"type": "Scope", "actions": {"B": {"type": "Compose", "inputs": 1}}}}"#;
    assert_eq!(said(check, actions), ["B at \"B\""]);
}

#[test]
fn messages_tell_the_container_the_flow_and_notes() {
    let check = "[check]\ntype = \"Compose\"\ninside = [\"Foreach\", \"Scope\"]\nmessage = \"{flow}: {name} in {inside} ({description})\"";
    let actions = r#"{"Outer": {"type": "Scope", "actions": {"Each": {"type": "Foreach", "foreach": "@x", "actions": {
        "B": {"type": "Compose", "description": "why", "inputs": 1}}}}}}"#;
    assert_eq!(said(check, actions), ["flow: B in Each (why) at \"B\""]);
}

#[test]
fn an_option_keeps_a_name_that_became_a_placeholder() {
    let check = "[options]\nflow = \"ours\"\n\n[check]\ntype = \"Compose\"\nmessage = \"{flow} {name}\"";
    assert_eq!(said(check, r#"{"A": {"type": "Compose", "inputs": 1}}"#), ["ours A at \"A\""]);
}

#[test]
fn related_places_are_named() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "rules/ctso-loop.md",
        r#"# ctso-loop

A rule.

```toml
severity = "warning"

[check]
type = "Compose"
inside = "Foreach"
message = "'{name}' is in a loop"
related = [
    { at = "inside", message = "'{inside}' is the loop" },
    { path = "$.inputs", message = "what it does" },
]
```

## Example

```json bad
{
  "Each": {
    "type": "Foreach",
    "foreach": "@createArray(1)",
    "actions": {
      "Note": {
//    ^^^^^^
        "type": "Compose",
        "inputs": "x"
      }
    }
  }
}
```

```text expect
warning: 'Note' is in a loop
see 2:3: 'Each' is the loop
see 8:19: what it does
```

```json good
{
  "Note": {"type": "Compose", "inputs": "x"}
}
```
"#,
    );
    assert_eq!(sandbox.run(&["test", "rules"]).expect(0).out, "1 page, 0 failures\n");
    let none = mistake("[check]\ntype = \"Http\"\nrelated = { at = \"inside\", message = \"x\" }");
    assert_eq!(none, "`related` names the container that `inside` fits, and there is no `inside`");
    let other = mistake("[check]\ntype = \"Http\"\nrelated = { at = \"outside\", message = \"x\" }");
    assert_eq!(other, "`at` is \"inside\"");
}

#[test]
fn a_flow_is_held_to_its_name_and_description_wherever_they_stand() {
    let sandbox = Sandbox::new();
    let page = |path: &str, pattern: &str| {
        format!(
            "# ctso-flow\n\nA rule.\n\n```toml\nseverity = \"warning\"\n\n[check]\non = \"flow\"\nrequire = {{ path = \"{path}\", pattern = \"{pattern}\" }}\nmessage = \"{{name}}\"\n```\n\n```json bad\n{{\n  \"actions\": {{}}\n//^^^^^^^^^\n}}\n```\n\n```json good\n{{\"properties\": {{\"displayName\": \"ORD: a\", \"definition\": {{\"description\": \"Owner: sales\", \"triggers\": {{}}, \"actions\": {{}}}}}}}}\n```\n"
        )
    };
    let flow = common::clean_flow();
    sandbox.write("flowvet.toml", "rule-dirs = [\"rules\"]\nselect = [\"ctso-flow\"]\n");
    sandbox.write("Workflows/ORD-0B1F6A3E-0000-4000-8000-000000000001.json", flow);
    let listing = |name: &str, description: &str| {
        format!(
            r#"<Workflow WorkflowId="{{0b1f6a3e-0000-4000-8000-000000000001}}" Name="{name}" Description="{description}"></Workflow>"#
        )
    };
    let beside = "Workflows/ORD-0B1F6A3E-0000-4000-8000-000000000001.json.data.xml";
    for (page, name, description, count) in [
        (page("{name}", "^ORD: "), "ORD: Bill", "", 0),
        (page("{name}", "^ORD: "), "Bill", "", 1),
        (page("{description}", "Owner: "), "Bill", "Owner: sales", 0),
        (page("{description}", "Owner: "), "Bill", "", 1),
    ] {
        sandbox.write("rules/ctso-flow.md", page).write(beside, listing(name, description));
        let report = sandbox.run(&["check", "--format", "json", "."]).json();
        assert_eq!(report["findings"].as_array().unwrap().len(), count, "{name} {description}: {report}");
    }
}
