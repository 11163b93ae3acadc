//! SARIF as code scanning takes it. `.ci/run` lets Microsoft's validator judge the same output.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use std::collections::BTreeSet;

use common::{Sandbox, broken_flow, flow, flow_with_error, in_package};
use serde_json::{Value, json};

fn sarif(arguments: &[&str]) -> Value {
    in_package(&[&["check", "--format", "sarif", "--fail-on", "never"], arguments].concat()).expect(0).json()
}

/// The one run of a log.
fn run(log: &Value) -> &Value {
    assert_eq!(log["version"], "2.1.0");
    let runs = log["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 1);
    &runs[0]
}

#[test]
fn every_result_has_one_single_line_region_a_logical_place_and_fingerprints() {
    let log = sarif(&["fixtures/order-processing/before"]);
    let run = run(&log);
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert!(results.len() > 20);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert_eq!(result["locations"].as_array().unwrap().len(), 1);
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.starts_with("fixtures/order-processing/before/Workflows/"), "{uri}");
        let number = |key: &str| place["region"][key].as_u64().unwrap();
        assert_eq!(number("startLine"), number("endLine"));
        assert!(number("startColumn") < number("endColumn"));
        let logical = &result["locations"][0]["logicalLocations"][0];
        let path = logical["fullyQualifiedName"].as_str().unwrap();
        assert!(path.ends_with(logical["name"].as_str().unwrap()), "{logical}");
        let prints = &result["partialFingerprints"];
        assert_eq!(prints["flowvet/v1"].as_str().unwrap().len(), 32);
        assert!(prints["primaryLocationLineHash"].as_str().unwrap().ends_with(":1"));
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
    }
}

#[test]
fn rules_with_results_are_described_and_no_others() {
    let none = sarif(&["fixtures/order-processing/after"]);
    assert_eq!((&run(&none)["results"], &run(&none)["tool"]["driver"]["rules"]), (&json!([]), &json!([])));
    let log = sarif(&["fixtures/order-processing/before", "--select", "all"]);
    let run = run(&log);
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: BTreeSet<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    let results = run["results"].as_array().unwrap();
    assert_eq!(ids, results.iter().map(|result| result["ruleId"].as_str().unwrap()).collect());
    assert!(ids.contains("hardcoded-secret") && ids.contains("missing-error-handling"));
    for rule in rules {
        for (key, most) in [("name", 255), ("shortDescription", 1024), ("fullDescription", 1024)] {
            let text = rule[key]["text"].as_str().or(rule[key].as_str()).unwrap();
            assert!(!text.is_empty() && text.chars().count() <= most, "{}: {key}", rule["id"]);
        }
        let markdown = rule["help"]["markdown"].as_str().unwrap();
        assert!(markdown.contains("## Why it matters") && !markdown.contains("```toml"), "{}", rule["id"]);
        assert!(markdown.contains("**Bad**") && markdown.contains("**Good**"), "{}", rule["id"]);
        assert!(rule["properties"]["tags"].as_array().unwrap().len() <= 10);
        assert!(
            rule["helpUri"].as_str().unwrap().ends_with(&format!("/{}.md", rule["id"].as_str().unwrap()))
        );
    }
    let severity = |id: &str| {
        let rule = rules.iter().find(|rule| rule["id"] == id).unwrap();
        (
            rule["properties"]["security-severity"].clone(),
            rule["properties"]["tags"].to_string().contains("security"),
        )
    };
    assert_eq!(severity("hardcoded-secret"), (json!("8.6"), true));
    assert_eq!(severity("missing-error-handling"), (Value::Null, false));
}

#[test]
fn related_places_are_linked_from_the_message() {
    let log = sarif(&["fixtures/order-processing/before", "--select", "missing-error-handling"]);
    let result = &run(&log)["results"][0];
    assert!(result["message"]["text"].as_str().unwrap().ends_with(" See [the first of them](0)."));
    assert_eq!(result["relatedLocations"][0]["id"], 0);
    assert!(result["relatedLocations"][0]["physicalLocation"]["region"]["startLine"].as_u64().unwrap() > 1);
}

#[test]
fn findings_of_a_file_of_one_line_have_hashes_of_their_own() {
    let sandbox = Sandbox::new();
    let call = |name: &str| json!({"type": "Compose", "inputs": {name: "@addMonths(utcNow(), 1)"}});
    let text = flow(&json!({"One": call("a"), "Two": call("a"), "Three": call("b")}));
    let one_line: Value = serde_json::from_str(&text).unwrap();
    sandbox.write("flow.json", one_line.to_string());
    let log = sandbox.run(&["check", "--format", "sarif", "--select", "unknown-function"]).expect(1).json();
    let results = run(&log)["results"].as_array().unwrap();
    let hashes: BTreeSet<&str> = results
        .iter()
        .map(|result| result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap())
        .collect();
    assert_eq!((results.len(), hashes.len()), (3, 3));
}

#[test]
fn uris_are_relative_encoded_and_name_the_member_of_an_archive() {
    let sandbox = Sandbox::new();
    sandbox.write("my flows/50% #1 é.json", flow_with_error());
    let log = sandbox.run(&["check", "--format", "sarif", "--select", "unknown-function"]).expect(1).json();
    let place = &run(&log)["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "my%20flows/50%25%20%231%20%C3%A9.json");
}

#[test]
fn problems_are_notifications_and_the_run_says_that_it_failed() {
    let sandbox = Sandbox::new();
    sandbox.write("broken.json", broken_flow()).write("fine.json", flow_with_error());
    let log = sandbox.run(&["check", "--format", "sarif", "--select", "unknown-function"]).expect(2).json();
    let run = run(&log);
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notification = &invocation["toolExecutionNotifications"][0];
    assert_eq!(notification["descriptor"]["id"], "problem");
    assert_eq!(notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "broken.json");
    assert_eq!(run["results"].as_array().unwrap().len(), 1, "what was found is reported all the same");
    let clean = sarif(&["fixtures/order-processing/after"]);
    assert_eq!(clean["runs"][0]["invocations"][0]["executionSuccessful"], true);
}
