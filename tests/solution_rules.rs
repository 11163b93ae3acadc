//! Rules over whole solutions: when they report, and when they are silent.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use common::Sandbox;
use common::solutions::{FIRST, SECOND, THIRD, check, competing, flow, listing, messages, on_items, on_rows};
use serde_json::{Value, json};

/// For which change both of these triggers start, as the message says it.
fn common_change(one: &Value, other: &Value) -> Option<String> {
    let mut found = Vec::new();
    // Which of the two is read first does not matter.
    for (first, second) in [(one, other), (other, one)] {
        let sandbox = Sandbox::new();
        sandbox.write(FIRST, flow(first, &json!({})));
        sandbox.write(SECOND, flow(second, &json!({})));
        let report = check(&sandbox, &["."]);
        let message = messages(&report).first().map(|message| {
            let (_, change) = message.split_once(" is ").unwrap();
            change.trim_end_matches(", in no fixed order").to_owned()
        });
        found.push(message);
    }
    assert_eq!(found[0], found[1], "{one} {other}");
    found.swap_remove(0)
}

#[test]
fn triggers_compete_only_where_one_row_is_certain_to_start_both() {
    for (one, other, expected) in [
        (json!({}), json!({}), Some("added or modified")),
        (json!({"message": 1}), json!({"message": 7}), Some("added")),
        (json!({"message": 2}), json!({"message": "6"}), Some("deleted")),
        (json!({"message": 1}), json!({"message": 3}), None),
        (json!({"message": 9}), json!({}), None),
        (json!({"entityname": "CTSO_Order"}), json!({}), Some("added or modified")),
        (json!({"entityname": "ctso_line"}), json!({}), None),
        (json!({"entityname": "@parameters('Open')"}), json!({"entityname": "@parameters('Open')"}), None),
        // Columns matter for changes alone.
        (
            json!({"filteringattributes": "a, B"}),
            json!({"filteringattributes": "b,c"}),
            Some("added or modified"),
        ),
        (json!({"filteringattributes": "a"}), json!({"filteringattributes": "b"}), Some("added")),
        (json!({"filteringattributes": "a"}), json!({}), Some("added or modified")),
        (
            json!({"message": 3, "filteringattributes": "a"}),
            json!({"message": 3, "filteringattributes": "b"}),
            None,
        ),
        // The conditions of one have to be among those of the other.
        (json!({"filterexpression": "a eq 1"}), json!({}), Some("added or modified")),
        (
            json!({"filterexpression": "(a eq 1) and _b_value ne null"}),
            json!({"filterexpression": " B  ne null"}),
            Some("added or modified"),
        ),
        (json!({"filterexpression": "a eq 1"}), json!({"filterexpression": "a eq 2"}), None),
        (json!({"filterexpression": "a eq 1 or b eq 2"}), json!({"filterexpression": "a eq 1"}), None),
        (json!({"filterexpression": "a eq 'X'"}), json!({"filterexpression": "a eq 'x'"}), None),
        // What isn't understood is the same only where it is written the same.
        (
            json!({"filterexpression": "Microsoft.Dynamics.CRM.LastXDays(PropertyName='a',PropertyValue=7)"}),
            json!({"filterexpression": "Microsoft.Dynamics.CRM.LastXDays(PropertyName='a',PropertyValue=30)"}),
            None,
        ),
        (
            json!({"filterexpression": "lines/any(o:o/x gt 1)"}),
            json!({"filterexpression": "lines/any(o:o/x gt 2)"}),
            None,
        ),
        (
            json!({"filterexpression": "lines/any(o:o/x gt 1)"}),
            json!({"filterexpression": "lines/any(o:o/x gt 1)"}),
            Some("added or modified"),
        ),
        (
            json!({"filterexpression": "a eq '@{parameters('Open')}'"}),
            json!({"filterexpression": "a eq '@{parameters('Open')}'"}),
            None,
        ),
        (
            json!({"filterexpression": "a eq '@{parameters('Site (ctso_Site)')}'"}),
            json!({"filterexpression": "a eq '@{parameters('Site (ctso_Site)')}'"}),
            Some("added or modified"),
        ),
        // Rows of one person are among those of the organisation; of two people they need not be the same.
        (json!({"scope": 1}), json!({}), Some("added or modified")),
        (json!({"scope": 1}), json!({"scope": 1}), Some("added or modified")),
        (json!({"scope": 1}), json!({"scope": 2}), None),
        (json!({"postponeuntil": "@addDays(utcNow(), 1)"}), json!({}), None),
    ] {
        assert_eq!(common_change(&on_rows(&one), &on_rows(&other)).as_deref(), expected, "{one} {other}");
    }
}

#[test]
fn other_connections_see_other_rows_of_a_narrow_scope() {
    let mut other = on_rows(&json!({"scope": 1}));
    other["inputs"]["host"]["connectionName"] = json!("others");
    assert_eq!(common_change(&on_rows(&json!({"scope": 1})), &other), None);
    let mut elsewhere = on_rows(&json!({}));
    elsewhere["inputs"]["parameters"]["organization"] = json!("https://contoso.crm.dynamics.com");
    assert_eq!(common_change(&on_rows(&json!({})), &elsewhere), None);
}

#[test]
fn trigger_conditions_count_like_filters() {
    let when = |text: &str| {
        let mut trigger = on_rows(&json!({}));
        trigger["conditions"] = json!([{"expression": text}]);
        trigger
    };
    let is_open = "@equals(triggerOutputs()?['body/a'], 'open')";
    assert!(common_change(&when(is_open), &when("@equals( triggerOutputs()?['body/a'],'open')")).is_some());
    assert!(common_change(&when(is_open), &on_rows(&json!({}))).is_some());
    assert!(common_change(&when(is_open), &when("@equals(triggerOutputs()?['body/a'], 'done')")).is_none());
    let computed = "@equals(triggerOutputs()?['body/a'], parameters('Open'))";
    assert!(common_change(&when(computed), &when(computed)).is_none());
}

#[test]
fn triggers_on_lists_compete_too() {
    let site = "https://contoso.sharepoint.com/sites/a";
    let list = |operation: &str, dataset: &str, table: &str| {
        on_items(operation, &json!({"dataset": dataset, "table": table}))
    };
    let updated = list("GetOnUpdatedItems", site, "Orders");
    let change = |other: &Value| common_change(&updated, other);
    assert_eq!(change(&list("GetOnNewItems", &format!("{site}/"), "orders")).as_deref(), Some("added"));
    assert_eq!(change(&list("GetOnUpdatedFileItems", site, "Orders")).as_deref(), Some("added or modified"));
    assert_eq!(change(&list("GetOnDeletedItems", site, "Orders")), None);
    assert_eq!(change(&list("GetOnNewItems", "https://contoso.sharepoint.com/sites/b", "Orders")), None);
    let named = |name: &str| list("GetOnNewItems", &format!("@parameters('{name}')"), "Orders");
    for (name, expected) in [("Site (ctso_Site)", true), ("Fixed", true), ("Open", false)] {
        assert_eq!(common_change(&named(name), &named(name)).is_some(), expected, "{name}");
    }
    assert_eq!(common_change(&named("Site (ctso_Site)"), &named("Fixed")), None);
    let folder = |folder: &str| {
        on_items("GetOnNewFileItems", &json!({"dataset": site, "table": "Orders", "folderPath": folder}))
    };
    assert_eq!(change(&folder("/Orders/In")).as_deref(), Some("added"));
    assert_eq!(common_change(&folder("/Orders/In"), &folder("/Orders/Out")), None);
}

#[test]
fn a_flow_that_is_switched_off_or_lies_there_twice_competes_with_nobody() {
    for (state, count) in [(1, 1), (0, 0), (2, 0)] {
        let sandbox = Sandbox::new();
        competing(&sandbox);
        sandbox.write(&format!("{SECOND}.data.xml"), listing(2, state));
        assert_eq!(messages(&check(&sandbox, &["."])).len(), count, "state {state}");
    }
    let sandbox = Sandbox::new();
    sandbox.write(FIRST, flow(&on_rows(&json!({})), &json!({})));
    sandbox.write(&FIRST.replace("Billorder", "Copy"), flow(&on_rows(&json!({})), &json!({})));
    assert_eq!(messages(&check(&sandbox, &["."])).len(), 0);
}

#[test]
fn flows_of_two_solutions_do_not_meet() {
    let sandbox = Sandbox::new();
    sandbox.write(&format!("a/{FIRST}"), flow(&on_rows(&json!({})), &json!({})));
    sandbox.write(&format!("b/{SECOND}"), flow(&on_rows(&json!({})), &json!({})));
    assert_eq!(messages(&check(&sandbox, &["."])).len(), 0);
}

#[test]
fn a_flow_that_starts_with_each_of_several_is_reported_once() {
    let sandbox = Sandbox::new();
    // The second starts with each of the others, which shut one another out.
    let status = |status: &str| on_rows(&json!({"filterexpression": format!("statuscode eq {status}")}));
    sandbox.write(FIRST, flow(&status("1"), &json!({})));
    sandbox.write(SECOND, flow(&on_rows(&json!({})), &json!({})));
    sandbox.write(THIRD, flow(&status("2"), &json!({})));
    let report = check(&sandbox, &["."]);
    let message = "'Reservestock' starts together with each of 2 other flows when a row of 'ctso_order' is added or modified, in no fixed order";
    assert_eq!(messages(&report), [message]);
    let related = |report: &Value| -> Vec<String> {
        let related = report["findings"][0]["related"].as_array().unwrap().clone();
        related.iter().map(|related| related["path"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(related(&report), [FIRST, THIRD]);
    sandbox.write(THIRD, flow(&status("1"), &json!({})));
    let report = check(&sandbox, &["."]);
    let message = "'Billorder' and 2 other flows start when a row of 'ctso_order' is added or modified, in no fixed order";
    assert_eq!(messages(&report), [message]);
    assert_eq!(related(&report), [SECOND, THIRD]);
}

#[test]
fn every_pair_that_starts_together_is_in_a_finding() {
    let sandbox = Sandbox::new();
    let file = |at: u32| format!("Workflows/F{at}-0B1F6A3E-0000-4000-8000-{at:012}.json");
    // Each starts with its two neighbours and with nobody else.
    for (at, columns) in ["a,b", "b,c", "c,d", "d,a"].into_iter().enumerate() {
        let trigger = on_rows(&json!({"message": 3, "filteringattributes": columns}));
        sandbox.write(&file(u32::try_from(at).unwrap()), flow(&trigger, &json!({})));
    }
    let report = check(&sandbox, &["."]);
    let mut pairs: Vec<(String, String)> = Vec::new();
    for finding in report["findings"].as_array().unwrap() {
        for related in finding["related"].as_array().unwrap() {
            let path = |value: &Value| value["path"].as_str().unwrap()[10..12].to_owned();
            let (one, other) = (path(finding), path(related));
            pairs.push(if one < other { (one, other) } else { (other, one) });
        }
    }
    pairs.sort();
    let expected = [("F0", "F1"), ("F0", "F3"), ("F1", "F2"), ("F2", "F3")];
    assert_eq!(pairs, expected.map(|(one, other)| (one.to_owned(), other.to_owned())));
    assert_eq!(messages(&report).len(), 2);
}

/// A parent that calls the second flow, by an id as written.
fn parent(id: &str) -> String {
    let call = json!({"type": "Workflow", "inputs": {"host": {"workflowReferenceName": id}, "body": {}}});
    let trigger = json!({"type": "Recurrence", "recurrence": {"frequency": "Day", "interval": 1}});
    flow(&trigger, &json!({"Each": {"type": "Scope", "actions": {"Reserve": call}}}))
}

const CHILD: &str = "0b1f6a3e-0000-4000-8000-000000000002";

#[test]
fn a_called_flow_needs_a_response_somewhere() {
    let button =
        |kind: &str| json!({"type": "Request", "kind": kind, "inputs": {"schema": {"type": "object"}}});
    let silent = json!({"Count": {"type": "Compose", "inputs": 1}});
    let responds =
        json!({"Try": {"type": "Scope", "actions": {"Answer": {"type": "Response", "kind": "Http"}}}});
    for (id, trigger, actions, expected) in [
        (CHILD, button("Button"), &silent, 1),
        (&*CHILD.to_uppercase(), button("PowerAppV2"), &silent, 1),
        (&*format!("{{{CHILD}}}"), button("powerapp"), &silent, 1),
        (CHILD, button("Http"), &silent, 1),
        (CHILD, button("Button"), &responds, 0),
        (CHILD, button("Skills"), &silent, 0),
        (CHILD, json!({"type": "Recurrence", "recurrence": {"frequency": "Day", "interval": 1}}), &silent, 0),
        (CHILD, button("Button"), &json!({"Lost": 1}), 0),
        ("@parameters('Open')", button("Button"), &silent, 0),
        ("0b1f6a3e-0000-4000-8000-000000000009", button("Button"), &silent, 0),
    ] {
        let sandbox = Sandbox::new();
        sandbox.write(FIRST, parent(id)).write(SECOND, flow(&trigger, actions));
        let report = check(&sandbox, &["."]);
        assert_eq!(messages(&report).len(), expected, "{id} {trigger} {actions}");
        if expected == 1 {
            let finding = &report["findings"][0];
            assert_eq!(finding["severity"], "error");
            assert_eq!(
                finding["message"],
                "'Reservestock' has no Response action, so 'Billorder', which calls it, can't be turned on"
            );
            assert_eq!((&finding["path"], &finding["element"]), (&json!(SECOND), &json!(["When"])));
            assert_eq!(finding["related"][0]["path"], FIRST);
            assert_eq!(finding["related"][0]["message"], "'Billorder' calls it here");
        }
    }
}

#[test]
fn the_message_counts_the_flows_that_call() {
    let button = json!({"type": "Request", "kind": "Button", "inputs": {}});
    let call = |name: &str| json!({name: {"type": "Workflow", "inputs": {"host": {"workflowReferenceName": CHILD}}}});
    let sandbox = Sandbox::new();
    sandbox.write(FIRST, parent(CHILD)).write(THIRD, parent(CHILD)).write(SECOND, flow(&button, &json!({})));
    let report = check(&sandbox, &["."]);
    let expected = ["'Reservestock' has no Response action, so the 2 flows that call it can't be turned on"];
    assert_eq!(messages(&report), expected);
    assert_eq!(report["findings"][0]["related"].as_array().unwrap().len(), 2);
    let sandbox = Sandbox::new();
    sandbox.write(SECOND, flow(&button, &call("Again")));
    let report = check(&sandbox, &["."]);
    let expected = ["'Reservestock' has no Response action, so it, which calls itself, can't be turned on"];
    assert_eq!(messages(&report), expected);
}
