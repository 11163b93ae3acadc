//! The fixtures are what their README says: faults in `before`, none in `after`, every form understood.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use std::collections::BTreeSet;

use common::{fixture, in_package};
use serde_json::Value;

/// Every fixture of `forms/` that holds flows: path, form, flows in it.
const FORMS: [(&str, &str, usize); 9] = [
    ("arm-template.json", "arm-template", 1),
    ("arm-template-several.json", "arm-template", 2),
    ("bare-definition.json", "definition", 1),
    ("clipboard-classic.json", "clipboard", 1),
    ("clipboard-new-designer.json", "new-clipboard", 1),
    ("flow-api.json", "flow-api", 1),
    ("legacy-package", "package", 1),
    ("logic-apps-standard", "logic-apps-standard", 1),
    ("wrapped-definition.json", "wrapped-definition", 1),
];

const ENCODINGS: [&str; 6] = [
    "utf-8-bom.json",
    "utf-16le-bom.json",
    "utf-16be-bom.json",
    "crlf.json",
    "one-line.json",
    "comments.json",
];

fn inspected(path: &str) -> Vec<Value> {
    let done = in_package(&["inspect", "--format", "json", &format!("fixtures/{path}")]).expect(0);
    assert_eq!(done.err, "", "{path}");
    done.json()["flows"].as_array().unwrap().clone()
}

fn rules_that_report(path: &str) -> BTreeSet<String> {
    let report =
        in_package(&["check", "--no-config", "--format", "json", &format!("fixtures/{path}")]).json();
    assert_eq!(report["problems"], Value::Array(Vec::new()), "{path}");
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_solution_before_shows_at_least_eight_different_faults() {
    let rules = rules_that_report("order-processing/before");
    assert!(rules.len() >= 8, "{rules:?}");
    for rule in [
        "unfiltered-columns",
        "open-http-trigger",
        "missing-scope",
        "empty-container",
        "static-result-enabled",
        "direct-connection",
        "hardcoded-environment-url",
        "hardcoded-secret",
    ] {
        assert!(rules.contains(rule), "its README promises {rule}: {rules:?}");
    }
}

#[test]
fn the_solution_after_shows_none() {
    let done = in_package(&["check", "--fail-on", "note", "fixtures/order-processing/after"]).expect(0);
    assert_eq!(done.out, "no findings in 7 flows\n");
}

#[test]
fn both_sides_hold_the_same_seven_flows() {
    let names = |side: &str| {
        let flows = inspected(&format!("order-processing/{side}"));
        flows
            .iter()
            .map(|flow| flow["path"].as_str().unwrap().rsplit('/').next().unwrap().to_owned())
            .collect()
    };
    let (before, after): (BTreeSet<String>, BTreeSet<String>) = (names("before"), names("after"));
    assert_eq!(before, after);
    assert_eq!(before.len(), 7);
}

#[test]
fn the_readme_of_the_scenario_counts_right() {
    let process = |side: &str| {
        let flows = inspected(&format!("order-processing/{side}"));
        flows
            .into_iter()
            .find(|flow| flow["path"].as_str().unwrap().contains("Processsubmittedorder"))
            .unwrap()
    };
    let (before, after) = (process("before"), process("after"));
    assert_eq!((before["actions"].as_u64(), after["actions"].as_u64()), (Some(57), Some(22)));
    let connectors = |flow: &Value| flow["connectors"].as_array().unwrap().len();
    assert_eq!((connectors(&before), connectors(&after)), (6, 5));
}

#[test]
fn every_form_is_understood_as_what_it_is() {
    for (path, format, count) in FORMS {
        let flows = inspected(&format!("forms/{path}"));
        assert_eq!(flows.len(), count, "{path}");
        for flow in flows {
            assert_eq!(flow["format"], format, "{path}");
            assert!(flow["actions"].as_u64().unwrap() > 0, "{path}: {flow}");
            let is_copy = format.ends_with("clipboard");
            assert_eq!(flow["triggers"], u64::from(!is_copy), "{path}: {flow}");
            assert_eq!(flow["expression_errors"], 0, "{path}: {flow}");
            assert_eq!(flow["unknown_types"], Value::Array(Vec::new()), "{path}: {flow}");
        }
    }
}

#[test]
fn every_form_is_clean() {
    for (path, ..) in FORMS {
        let done = in_package(&["check", "--fail-on", "note", &format!("fixtures/forms/{path}")]).expect(0);
        assert!(done.out.starts_with("no findings in "), "{path}: {}", done.out);
    }
    in_package(&["check", "--fail-on", "note", "fixtures/forms/encodings"]).expect(0);
}

#[test]
fn every_file_of_the_forms_is_listed_here() {
    let listed: BTreeSet<&str> = FORMS
        .iter()
        .map(|(path, ..)| *path)
        .chain(["encodings", "modernflows", "clipboard-new-designer-action.json"])
        .collect();
    let entries = std::fs::read_dir(fixture("forms")).unwrap();
    let there: BTreeSet<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(there.iter().map(String::as_str).collect::<BTreeSet<_>>(), listed);
}

#[test]
fn a_flow_has_the_name_that_its_file_gives_it() {
    for (path, name) in [
        ("bare-definition.json", "bare-definition"),
        ("logic-apps-standard", "NightlyStockExport"),
        ("arm-template.json", "[parameters('workflowName')]"),
    ] {
        assert_eq!(inspected(&format!("forms/{path}"))[0]["name"], name);
    }
    for path in ["flow-api.json", "legacy-package"] {
        let name = inspected(&format!("forms/{path}"))[0]["name"].as_str().unwrap().to_owned();
        assert!(name.contains(' '), "a display name and no file name: {name}");
    }
}

#[test]
fn all_encodings_give_the_same_flow() {
    let flow = |file: &str| {
        let mut flows = inspected(&format!("forms/encodings/{file}"));
        assert_eq!(flows.len(), 1, "{file}");
        let mut flow = flows.remove(0);
        // What comes from the name of the file differs, and nothing else.
        for key in ["path", "name"] {
            assert!(flow.as_object_mut().unwrap().remove(key).is_some());
        }
        flow
    };
    let first = flow(ENCODINGS[0]);
    assert_eq!(first["format"], "solution-flow");
    assert_eq!(first["actions"], 3);
    for file in ENCODINGS {
        assert_eq!(flow(file), first, "{file}");
    }
}

#[test]
fn the_encodings_are_still_what_they_are_named_after() {
    let bytes = |file: &str| std::fs::read(fixture("forms/encodings").join(file)).unwrap();
    assert!(bytes("utf-8-bom.json").starts_with(b"\xEF\xBB\xBF"));
    assert!(bytes("utf-16le-bom.json").starts_with(b"\xFF\xFE"));
    assert!(bytes("utf-16be-bom.json").starts_with(b"\xFE\xFF"));
    assert!(bytes("crlf.json").windows(2).any(|pair| pair == b"\r\n"));
    assert!(!bytes("one-line.json").contains(&b'\n'));
    assert!(bytes("comments.json").windows(2).any(|pair| pair == b"//"));
}
