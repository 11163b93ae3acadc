//! The contract of `--format json`, version 1: keys and types, places, identity, and the order of things.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{Sandbox, files_below, fixture, in_package};
use serde_json::{Value, json};

/// The keys of an object, in the order of the document.
fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap_or_else(|| panic!("no object: {value}")).keys().map(String::as_str).collect()
}

fn is_position(value: &Value) -> bool {
    let from_1 = |key: &str| value[key].as_u64().is_some_and(|number| number >= 1);
    keys(value) == BTreeSet::from(["column", "line"]) && from_1("line") && from_1("column")
}

/// Checks one finding against the contract.
fn assert_finding(finding: &Value) {
    let expected = [
        "rule",
        "category",
        "severity",
        "message",
        "help",
        "path",
        "member",
        "start",
        "end",
        "flow",
        "element",
        "element_kind",
        "property",
        "related",
        "fix",
        "fingerprint",
    ];
    assert_eq!(keys(finding), BTreeSet::from(expected), "{finding}");
    for key in ["rule", "category", "message", "path", "fingerprint"] {
        assert!(finding[key].as_str().is_some_and(|text| !text.is_empty()), "{key} in {finding}");
    }
    assert!(["error", "warning", "note"].contains(&finding["severity"].as_str().unwrap()), "{finding}");
    assert!(finding["help"].is_string() || finding["help"].is_null(), "{finding}");
    assert!(finding["member"].is_string() || finding["member"].is_null(), "{finding}");
    assert!(is_position(&finding["start"]) && is_position(&finding["end"]), "{finding}");
    assert_eq!(finding["start"]["line"], finding["end"]["line"], "a label stands on one line: {finding}");
    assert!(
        finding["start"]["column"].as_u64() < finding["end"]["column"].as_u64(),
        "ends are exclusive: {finding}"
    );
    if !finding["flow"].is_null() {
        assert_eq!(keys(&finding["flow"]), BTreeSet::from(["id", "name"]));
        assert!(finding["flow"]["id"].is_string() && finding["flow"]["name"].is_string());
    }
    let element = finding["element"].as_array().unwrap();
    assert!(element.iter().all(Value::is_string), "{finding}");
    match finding["element_kind"].as_str() {
        Some(kind) => {
            assert!(["action", "trigger", "connection", "parameter"].contains(&kind), "{finding}");
            assert!(!element.is_empty(), "{finding}");
        }
        None => assert!(finding["element_kind"].is_null() && element.is_empty(), "{finding}"),
    }
    let property = finding["property"].as_str().unwrap();
    assert!(property.is_empty() || property.starts_with('/'), "{finding}");
    for related in finding["related"].as_array().unwrap() {
        assert_eq!(keys(related), BTreeSet::from(["end", "member", "message", "path", "start"]), "{related}");
        assert!(related["message"].is_string() && related["path"].is_string());
        assert!(is_position(&related["start"]) && is_position(&related["end"]), "{related}");
    }
    let fix = &finding["fix"];
    if !fix.is_null() {
        assert_eq!(keys(fix), BTreeSet::from(["applicability", "edits", "title"]), "{fix}");
        assert!(fix["title"].as_str().is_some_and(|title| !title.is_empty()), "{fix}");
        assert!(["safe", "unsafe"].contains(&fix["applicability"].as_str().unwrap()), "{fix}");
        for edit in fix["edits"].as_array().unwrap() {
            assert_eq!(keys(edit), BTreeSet::from(["end", "member", "path", "start", "text"]), "{edit}");
            assert!(edit["text"].is_string() && edit["path"].is_string(), "{edit}");
            assert!(is_position(&edit["start"]) && is_position(&edit["end"]), "{edit}");
        }
    }
    let fingerprint = finding["fingerprint"].as_str().unwrap();
    assert!(fingerprint.len() >= 32 && fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit()), "{finding}");
}

/// All fixtures, with every rule there is.
fn report_on_fixtures() -> Value {
    in_package(&["check", "--no-config", "--select", "all", "--format", "json", "fixtures"]).json()
}

/// Findings of a rule in a report.
fn of_rule<'r>(report: &'r Value, rule: &str) -> Vec<&'r Value> {
    report["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == rule).collect()
}

#[test]
fn a_report_has_the_documented_keys_and_types() {
    let report = report_on_fixtures();
    assert_eq!(keys(&report), BTreeSet::from(["findings", "problems", "summary", "tool", "version"]));
    assert_eq!(report["version"], 1);
    assert_eq!(report["tool"], json!({"name": "flowvet", "version": env!("CARGO_PKG_VERSION")}));
    let counts = ["errors", "files", "flows", "notes", "problems", "suppressed", "warnings"];
    assert_eq!(keys(&report["summary"]), BTreeSet::from(counts));
    assert!(counts.iter().all(|key| report["summary"][key].is_u64()));
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.len() > 10);
    findings.iter().for_each(assert_finding);
    assert!(findings.iter().any(|finding| !finding["related"].as_array().unwrap().is_empty()));
}

#[test]
fn the_summary_counts_what_the_report_lists() {
    let report = report_on_fixtures();
    let findings = report["findings"].as_array().unwrap();
    for (key, severity) in [("errors", "error"), ("warnings", "warning"), ("notes", "note")] {
        let listed = findings.iter().filter(|finding| finding["severity"] == severity).count();
        assert_eq!(report["summary"][key], listed, "{key}");
    }
    assert_eq!(report["summary"]["problems"], report["problems"].as_array().unwrap().len());
    // Two sides of seven flows, nine forms of which one holds two, and six encodings.
    assert_eq!(report["summary"]["flows"], 2 * 7 + 10 + 6);
}

#[test]
fn problems_have_a_place_where_there_is_one() {
    let sandbox = Sandbox::new();
    sandbox.write("broken.json", common::broken_flow());
    let report = sandbox.run(&["check", "--format", "json", "broken.json", "gone.json"]).expect(2).json();
    let [broken, gone] = report["problems"].as_array().unwrap().as_slice() else { panic!("{report}") };
    assert_eq!(keys(broken), BTreeSet::from(["member", "message", "path", "start"]));
    assert_eq!(keys(gone), BTreeSet::from(["member", "message", "path"]));
    assert!(is_position(&broken["start"]));
    assert_eq!((&broken["path"], &gone["path"]), (&json!("broken.json"), &json!("gone.json")));
    assert!(broken["member"].is_null() && gone["member"].is_null());
}

#[test]
fn inspect_has_the_documented_keys_and_types() {
    let document = in_package(&[
        "inspect",
        "--format",
        "json",
        "fixtures/order-processing",
        "fixtures/forms/flow-api.json",
    ]);
    let document = document.json();
    assert_eq!(keys(&document), BTreeSet::from(["flows", "version"]));
    assert_eq!(document["version"], 1);
    for flow in document["flows"].as_array().unwrap() {
        let expected = [
            "path",
            "member",
            "format",
            "name",
            "triggers",
            "actions",
            "depth",
            "variables",
            "connectors",
            "expressions",
            "expression_errors",
            "unknown_types",
        ];
        assert_eq!(keys(flow), BTreeSet::from(expected));
        let texts = |key: &str| flow[key].as_array().is_some_and(|list| list.iter().all(Value::is_string));
        assert!(["path", "format", "name"].iter().all(|key| flow[key].is_string()), "{flow}");
        let counts = ["triggers", "actions", "depth", "variables", "expressions", "expression_errors"];
        assert!(counts.iter().all(|key| flow[key].is_u64()), "{flow}");
        assert!(flow["member"].is_null() && texts("connectors") && texts("unknown_types"), "{flow}");
    }
}

#[test]
fn paths_begin_at_the_repository_root_and_have_slashes() {
    let report = report_on_fixtures();
    for finding in report["findings"].as_array().unwrap() {
        let path = finding["path"].as_str().unwrap();
        assert!(path.starts_with("fixtures/") && !path.contains('\\'), "{path}");
        assert!(common::package().join(path).is_file(), "{path}");
    }
}

#[test]
fn findings_say_which_part_of_the_flow_they_are_about() {
    let report = report_on_fixtures();
    let place = |rule: &str, file: &str| {
        let all = of_rule(&report, rule);
        let finding = all
            .iter()
            .find(|f| f["path"].as_str().unwrap().contains(file))
            .unwrap_or_else(|| panic!("{rule}"));
        (finding["element_kind"].clone(), finding["element"].clone(), finding["property"].clone())
    };
    let key = "/inputs/headers/x-functions-key";
    assert_eq!(
        place("hardcoded-secret", "before/Workflows/Retryfailedshipments"),
        (json!("action"), json!(["Apply_to_each", "HTTP"]), json!(key))
    );
    assert_eq!(
        place("unfiltered-columns", "before/Workflows/Processsubmittedorder"),
        (json!("trigger"), json!(["When_a_row_is_added,_modified_or_deleted"]), json!(""))
    );
    assert_eq!(
        place("direct-connection", "before/Workflows/Registerreturnrequest"),
        (json!("connection"), json!(["shared_sharepointonline"]), json!("/connection/name"))
    );
    assert_eq!(
        place("missing-error-handling", "before/Workflows/Nightlyordersummary"),
        (Value::Null, json!([]), json!("/actions"))
    );
}

#[test]
fn a_flow_has_its_name_and_the_id_of_its_file() {
    let report = report_on_fixtures();
    let finding = of_rule(&report, "static-result-enabled")[0];
    assert_eq!(finding["flow"]["id"], "8e2c7a41-93a7-ef11-8a69-6045bd9c5a21");
    assert!(finding["flow"]["name"].as_str().unwrap().to_lowercase().starts_with("check"), "{finding}");
}

#[test]
fn property_is_a_json_pointer_with_its_escapes() {
    let sandbox = Sandbox::new();
    let actions = json!({"Up": {"type": "Compose", "inputs": {"item/title~1": ["x", "@nope()"]}}});
    sandbox.write("a.json", common::flow(&actions));
    let report = sandbox.run(&["check", "--select", "unknown-function", "--format", "json", "a.json"]).json();
    assert_eq!(report["findings"][0]["property"], "/inputs/item~1title~01/1");
}

#[test]
fn places_count_code_points_and_lead_back_through_escapes() {
    let sandbox = Sandbox::new();
    let text = common::flow(&json!({"Up": {"type": "Compose", "inputs": "here"}}));
    let line = text.lines().position(|line| line.contains("here")).unwrap() + 1;
    for (value, before, width) in [
        ("@nope()", 1, 4),
        ("😀é @{nope()}", 5, 4),
        (r"\ud83d\ude00\u00e9 @{nope()}", 21, 4),
        (r"a\n\t@{nope()}", 7, 4),
        (r"@no\u0070e()", 1, 9),
    ] {
        sandbox.write("a.json", text.replace("here", value));
        let report =
            sandbox.run(&["check", "--select", "unknown-function", "--format", "json", "a.json"]).json();
        let finding = &report["findings"][0];
        let column = text.lines().nth(line - 1).unwrap().find("here").unwrap() + 1 + before;
        assert_eq!(finding["start"], json!({"line": line, "column": column}), "{value}");
        assert_eq!(finding["end"], json!({"line": line, "column": column + width}), "{value}");
    }
}

#[test]
fn no_two_findings_share_a_fingerprint() {
    let report = report_on_fixtures();
    let mut seen: BTreeMap<&str, &Value> = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        if let Some(other) = seen.insert(finding["fingerprint"].as_str().unwrap(), finding) {
            panic!("{other}\n{finding}");
        }
    }
}

#[test]
fn findings_are_sorted_by_path_and_place() {
    let report = report_on_fixtures();
    let key = |finding: &Value| {
        let place = |key: &str| finding["start"][key].as_u64();
        (finding["path"].as_str().unwrap().to_owned(), place("line"), place("column"))
    };
    let order: Vec<_> = report["findings"].as_array().unwrap().iter().map(key).collect();
    assert!(order.is_sorted());
}

#[test]
fn the_output_is_the_same_for_any_order_of_arguments_and_any_number_of_threads() {
    let files = files_below(&fixture(""), ".json");
    let mut paths: Vec<&str> = files.iter().map(|path| path.to_str().unwrap()).collect();
    for format in ["human", "concise", "json", "sarif"] {
        let run = |paths: &[&str], jobs: &str| {
            let arguments = ["check", "--no-config", "--select", "all", "--format", format, "--jobs", jobs];
            in_package(&[&arguments, paths].concat())
        };
        let first = run(&paths, "1");
        assert!(first.out.len() > 1000, "{}", first.err);
        for jobs in ["1", "8"] {
            // A shuffle that is the same each time: the odd ones from behind, then the even ones.
            let (odd, even): (Vec<_>, Vec<_>) = paths.iter().enumerate().partition(|(at, _)| at % 2 == 1);
            paths = odd.into_iter().rev().chain(even).map(|(_, path)| *path).collect();
            let other = run(&paths, jobs);
            assert!(first.out == other.out, "{format} with {jobs} threads");
            assert_eq!(first.code, other.code);
        }
    }
    assert_eq!(paths.iter().collect::<BTreeSet<_>>().len(), files.len(), "the shuffle must lose no file");
}
