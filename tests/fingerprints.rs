//! What a fingerprint tells apart and what it does not, on small flows made for it. What holds for real
//! flows stands in `identity.rs`.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use std::collections::BTreeSet;

use common::Sandbox;
use serde_json::{Value, json};

const RULES: &str = "unknown-function,unknown-action-reference,unknown-run-after,empty-container,invalid-expression,malformed-flow";

/// Rule and fingerprint of every finding in a file of that content.
fn identities(path: &str, content: impl AsRef<[u8]>, select: &str) -> BTreeSet<(String, String)> {
    let sandbox = Sandbox::new();
    sandbox.write(path, content);
    let report = sandbox.run(&["check", "--select", select, "--format", "json", path]).json();
    assert_eq!(report["problems"], json!([]));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap();
    let identities: BTreeSet<_> =
        findings.iter().map(|f| (text(&f["rule"]), text(&f["fingerprint"]))).collect();
    assert_eq!(identities.len(), findings.len(), "no two share one: {report}");
    identities
}

/// A flow with six faults that stand in different places.
fn faulty() -> String {
    common::flow(&json!({
        "Read": {"type": "Compose", "inputs": {"a/b": "@nope(outputs('Gone'))", "list": [1, "@nope()"]}},
        "Other": {"type": "Compose", "inputs": "plain", "runAfter": {"Read": ["Succeeded"]}},
        "Empty": {"type": "Scope", "actions": {}, "runAfter": {"Other": ["Succeeded"]}},
        "Late": {"type": "Compose", "inputs": "@variables(", "runAfter": {"Missing": ["Succeeded"]}}
    }))
}

fn of_faulty() -> BTreeSet<(String, String)> {
    let found = identities("Workflows/a.json", faulty(), RULES);
    assert_eq!(found.len(), 6, "{found:?}");
    found
}

/// Asserts that a file says the same as [`faulty`].
fn assert_same(what: &str, content: impl AsRef<[u8]>) {
    assert_ne!(content.as_ref(), faulty().as_bytes(), "{what} must change something");
    assert_eq!(identities("Workflows/a.json", content, RULES), of_faulty(), "{what}");
}

#[test]
fn the_spelling_of_a_file_does_not_matter() {
    let text = faulty();
    let minified = serde_json::from_str::<Value>(&text).unwrap().to_string();
    let utf_16 = |unit: fn(u16) -> [u8; 2], mark: [u8; 2]| -> Vec<u8> {
        mark.into_iter().chain(text.encode_utf16().flat_map(unit)).collect()
    };
    assert_same("UTF-16, little-endian", utf_16(u16::to_le_bytes, [0xFF, 0xFE]));
    assert_same("UTF-16, big-endian", utf_16(u16::to_be_bytes, [0xFE, 0xFF]));
    assert_same("a byte order mark", format!("\u{feff}{text}"));
    assert_same("Windows lines", text.replace('\n', "\r\n"));
    assert_same("old Mac lines", text.replace('\n', "\r"));
    assert_same("tabs", text.replace("  ", "\t"));
    assert_same("one line", minified);
    assert_same("comments", text.replace('\n', " // mended by hand\n/* twice */"));
    assert_same("escapes", text.replace("Read", r"R\u0065ad").replace("a/b", r"a\/b"));
}

#[test]
fn what_happens_to_other_actions_does_not_matter() {
    let text = faulty();
    assert_same("a new name for another action", text.replace("\"Other\"", "\"Something_else\""));
    assert_same("other inputs of another action", text.replace("\"plain\"", "{\"more\": [1, 2]}"));
    let first = r#""actions": {"First": {"type": "Compose", "inputs": 1}, "#;
    assert_same("one action more", text.replacen("\"actions\": {", first, 1));
}

#[test]
fn another_fault_has_another_fingerprint() {
    let found = of_faulty();
    let text = faulty();
    for (what, changed, moved) in [
        ("another action", text.replace("\"Read\"", "\"Read_2\""), 3),
        ("another function", text.replace("nope(", "nix("), 2),
        ("another target", text.replace("'Gone'", "'Lost'"), 1),
        ("another property", text.replace("a/b", "a/c"), 2),
        ("another element of a list", text.replace("1,", "1, 2,"), 1),
    ] {
        assert_ne!(changed, text, "{what}");
        let others = identities("Workflows/a.json", changed, RULES);
        assert_eq!(others.len(), found.len(), "{what}");
        assert_eq!(found.difference(&others).count(), moved, "{what}");
    }
}

#[test]
fn another_file_or_folder_is_another_flow() {
    let found = of_faulty();
    for path in ["Workflows/b.json", "Other/a.json", "a.json", "Other/Workflows/a.json"] {
        assert!(identities(path, faulty(), RULES).is_disjoint(&found), "{path}");
    }
}

#[test]
fn a_flow_that_is_renamed_keeps_its_guid_and_its_fingerprints() {
    let of = |name: &str| identities(&format!("Workflows/{name}.json"), faulty(), RULES);
    let guid = "4B1F6D0E-93A7-EF11-8A69-6045BD9C5A21";
    let found = of(&format!("Processorder-{guid}"));
    assert_eq!(of(&format!("Processsubmittedorder-{guid}")), found);
    assert_eq!(
        of(&format!("Processorder-{}", guid.to_lowercase())),
        found,
        "GUIDs are compared without case"
    );
    assert!(of("Processorder-00000000-93A7-EF11-8A69-6045BD9C5A21").is_disjoint(&found));
}

#[test]
fn equal_faults_in_one_place_are_told_apart() {
    let thrice =
        common::flow(&json!({"Read": {"type": "Compose", "inputs": "@concat(nope(), nope(), nope())"}}));
    let three = identities("a.json", thrice, "unknown-function");
    assert_eq!(three.len(), 3);
    let once = common::flow(&json!({"Read": {"type": "Compose", "inputs": "@concat(nope(), 1, 2)"}}));
    assert!(identities("a.json", once, "unknown-function").is_subset(&three), "the first keeps its own");
}

#[test]
fn severities_and_the_other_rules_do_not_matter() {
    let sandbox = Sandbox::new();
    sandbox.write("Workflows/a.json", faulty());
    sandbox
        .write("flowvet.toml", "extend-select = [\"all\"]\n[rules.unknown-function]\nseverity = \"note\"\n");
    let report = sandbox.run(&["check", "--format", "json", "."]).json();
    let all: BTreeSet<&str> =
        report["findings"].as_array().unwrap().iter().map(|f| f["fingerprint"].as_str().unwrap()).collect();
    for (rule, fingerprint) in of_faulty() {
        assert!(all.contains(fingerprint.as_str()), "{rule}");
    }
}

#[test]
fn the_value_of_a_secret_does_not_matter() {
    let with = |key: String| {
        let inputs = json!({"method": "GET", "uri": "https://x.test", "headers": {"x-functions-key": key}});
        identities(
            "a.json",
            common::flow(&json!({"Call": {"type": "Http", "inputs": inputs}})),
            "hardcoded-secret",
        )
    };
    // Put together here, so that no scanner takes them for a leak.
    let one = with(["Zx8cV7bN6mA5", "sD4fG3hJ2kL1qW0e"].concat());
    assert_eq!(one.len(), 1);
    assert_eq!(one, with(["pQ9rS8tU7vW6", "xY5zA4bC3dE2fG1h"].concat()));
}
