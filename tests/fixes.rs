//! Fixes: what the JSON says can be changed is what makes the finding go away, and never touches a credential.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use common::{Sandbox, flow};
use flowvet::finding::{Applicability, Edit, Finding, Fix, Location, Mask, Place, Severity};
use flowvet::secrets::TextSecrets;
use flowvet::text::{Source, Span};
use serde_json::{Value, json};

/// Makes the edits of a finding in a text, the last one first.
fn apply(text: &str, finding: &Value) -> String {
    let at = |position: &Value| {
        let number = |key: &str| usize::try_from(position[key].as_u64().unwrap()).unwrap();
        let line = text.split_inclusive('\n').nth(number("line") - 1).unwrap();
        let start = line.as_ptr() as usize - text.as_ptr() as usize;
        start + line.chars().take(number("column") - 1).map(char::len_utf8).sum::<usize>()
    };
    let mut text = text.to_owned();
    let edits = finding["fix"]["edits"].as_array().unwrap();
    let edits: Vec<_> = edits
        .iter()
        .map(|edit| (at(&edit["start"])..at(&edit["end"]), edit["text"].as_str().unwrap()))
        .collect();
    for (range, new) in edits.into_iter().rev() {
        text.replace_range(range, new);
    }
    text
}

#[test]
fn function_case_is_fixed_by_its_edit_alone() {
    for (inputs, expected) in [
        (r"@Concat('é', 'b')", r"@concat('é', 'b')"),
        (r"Hi @{ToLower('A')}, \t@{1}", r"Hi @{toLower('A')}, \t@{1}"),
        (r"@concat(UTCNOW())", r"@concat(utcNow())"),
        (r"@\u0043oncat('a')", r"@concat('a')"),
    ] {
        let sandbox = Sandbox::new();
        let written = |inputs: &str| {
            flow(&json!({"Due": {"type": "Compose", "inputs": "HERE", "runAfter": {}}}))
                .replace("HERE", inputs)
        };
        sandbox.write("Workflows/Orders.json", written(inputs));
        let check = ["check", "--no-config", "--select", "function-case", "--format", "json", "."];
        let report = sandbox.run(&check).json();
        let finding = &report["findings"][0];
        assert_eq!(finding["fix"]["applicability"], "safe", "{inputs}: {report}");
        assert_eq!(finding["fix"]["edits"][0]["path"], "Workflows/Orders.json");
        let fixed = apply(&written(inputs), finding);
        assert_eq!(fixed, written(expected), "{inputs}");
        sandbox.write("Workflows/Orders.json", fixed);
        assert_eq!(sandbox.run(&check).json()["findings"], json!([]), "{inputs}");
    }
}

#[test]
fn rules_without_a_fix_say_so() {
    let sandbox = Sandbox::new();
    sandbox.write("Workflows/Orders.json", common::flow_with_error());
    let report =
        sandbox.run(&["check", "--no-config", "--select", "unknown-function", "--format", "json", "."]);
    assert_eq!(report.json()["findings"][0]["fix"], Value::Null);
}

/// The edits that are left of a fix once its finding is masked.
fn edits_after_masking(text: &str, edited: &str, new: &str) -> Option<Vec<Edit>> {
    let source = Source::new("a.json", text);
    let place = |part: &str| {
        let start = text.find(part).unwrap();
        Place::new(&source, Span::new(start, start + part.len()))
    };
    let location = Location {
        place: place(edited),
        flow: None,
        element: Vec::new(),
        element_kind: None,
        property: String::new(),
        part: None,
    };
    let mut finding =
        Finding::new(("own-rule", "own"), Severity::Note, "a message", location, ["id".to_owned()]);
    let edit = Edit { place: place(edited), text: new.into() };
    finding.fix = Some(Fix::new("Write it", Applicability::Safe, vec![edit]));
    let secrets = TextSecrets::of(&source.text);
    finding.mask(&Mask::of(source, secrets)).fix.as_ref().unwrap().edits.clone()
}

#[test]
fn a_fix_that_touches_or_holds_a_credential_has_no_edits() {
    let letter = |at: u32| char::from_digit((at * at * 7 + at * 11) % 36, 36).unwrap();
    let key: String = (0..86).map(letter).collect();
    let secret = format!("DefaultEndpointsProtocol=https;AccountName=contoso;{}={key}==", "AccountKey");
    let text = format!(r#"{{"a": "{secret}", "b": "UTCNOW"}}"#);
    assert_eq!(edits_after_masking(&text, "UTCNOW", "utcNow").unwrap()[0].text, "utcNow");
    assert_eq!(edits_after_masking(&text, &key[20..30], "x"), None, "a part of it would be left");
    assert_eq!(edits_after_masking(&text, &key, "x"), None);
    assert_eq!(edits_after_masking(&text, "UTCNOW", &secret), None, "the report would show it");
}
