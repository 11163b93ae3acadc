//! A finding keeps its fingerprint through every change that does not touch it, and shares it with no
//! other finding of the run.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use common::rewrite::{Seed, Style, printed};
use common::{corpus, files_below, fixture};
use flowvet::finding::Masked;
use flowvet::lint;
use flowvet::linter::{Engine, RuleSet, Selection, embedded_pages};
use flowvet::text::{Source, decode};

/// Rules about the shape of the flow as a whole: wrapping an action into a scope is what they ask for. And those
/// about what handles a failure: that is the scope, once a handler is wrapped into one.
const ABOUT_SHAPE: [&str; 6] = [
    "deep-nesting",
    "missing-scope",
    "blind-catch",
    "silent-catch",
    "swallowed-error",
    "no-response-on-failure",
];

fn engine() -> Engine {
    let rules = RuleSet::new(embedded_pages(), &flowvet::rules::coded(), &Selection::default());
    Engine::new(rules.unwrap())
}

/// Flows to try: the faulty fixture, and of the corpus at most five a repository, drawn with a seed.
fn flows() -> Vec<(String, String)> {
    let mut files = files_below(&fixture("order-processing/before/Workflows"), ".json");
    if let Some(corpus) = corpus() {
        let mut repositories: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
        for file in files_below(&corpus, ".json") {
            let path = file.to_string_lossy().replace('\\', "/");
            if path.contains("/Workflows/") || path.ends_with("/definition.json") {
                let repository = file.strip_prefix(&corpus).unwrap().components().next().unwrap();
                repositories.entry(repository.as_os_str().into()).or_default().push(file);
            }
        }
        let mut seed = Seed(20_261_122);
        for (_, mut flows) in repositories {
            for _ in 0..flows.len().min(5) {
                files.push(flows.remove(seed.below(flows.len())));
            }
        }
    }
    let read = |file: &PathBuf| {
        let (text, _) = decode(fs::read(file).unwrap()).unwrap();
        (format!("flows/{}", file.file_name().unwrap().to_string_lossy()), text)
    };
    files.iter().map(read).collect()
}

fn findings(engine: &Engine, path: &str, text: &str) -> Vec<Masked> {
    lint(vec![Source::new(path, text)], engine).findings
}

fn fingerprints(findings: &[Masked]) -> BTreeSet<String> {
    findings.iter().map(|finding| format!("{} {}", finding.rule, finding.fingerprint())).collect()
}

#[test]
fn no_two_findings_share_a_fingerprint() {
    let engine = engine();
    let sources =
        flows().into_iter().enumerate().map(|(at, (path, text))| Source::new(format!("{at}/{path}"), text));
    let findings = lint(sources.collect(), &engine).findings;
    assert!(findings.len() > 20);
    assert_eq!(fingerprints(&findings).len(), findings.len());
    let short: BTreeSet<&str> = findings.iter().map(|finding| &finding.fingerprint()[..16]).collect();
    assert_eq!(short.len(), findings.len(), "the half that code scanning gets is distinct as well");
}

#[test]
fn layout_order_of_keys_and_encoding_change_no_fingerprint() {
    let engine = engine();
    let mut seed = Seed(7);
    for (path, text) in flows() {
        let before = fingerprints(&findings(&engine, &path, &text));
        let utf16: Vec<u8> =
            [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let versions = [
            ("re-indented", printed(&text, Style { indent: Some(3), shuffle: None })),
            ("minified", printed(&text, Style { indent: None, shuffle: None })),
            ("reordered", printed(&text, Style { indent: Some(2), shuffle: Some(&mut seed) })),
            ("in UTF-16", decode(utf16).unwrap().0),
        ];
        for (what, version) in versions {
            let after = findings(&engine, &path, &version);
            assert_eq!(fingerprints(&after), before, "{path} {what}");
        }
    }
}

#[test]
fn a_new_file_name_with_the_same_guid_changes_no_fingerprint() {
    let engine = engine();
    let mut renamed = 0;
    for (path, text) in flows() {
        let Some((folder, file)) = path.rsplit_once('/') else { continue };
        let Some(guid) = file.strip_suffix(".json").and_then(|stem| stem.get(stem.len().checked_sub(36)?..))
        else {
            continue;
        };
        if guid.matches('-').count() == 4 {
            let other = format!("{folder}/Anothername-{guid}.json");
            assert_eq!(
                fingerprints(&findings(&engine, &other, &text)),
                fingerprints(&findings(&engine, &path, &text)),
                "{path}"
            );
            renamed += 1;
        }
    }
    assert!(renamed >= 7);
}

/// The top-level actions of a flow: name, and its JSON as text.
fn actions(text: &str) -> serde_json::Map<String, serde_json::Value> {
    let root: serde_json::Value = serde_json::from_str(text).unwrap();
    root["properties"]["definition"]["actions"].as_object().cloned().unwrap_or_default()
}

fn with_actions(text: &str, actions: serde_json::Map<String, serde_json::Value>) -> String {
    let mut root: serde_json::Value = serde_json::from_str(text).unwrap();
    root["properties"]["definition"]["actions"] = actions.into();
    root.to_string()
}

#[test]
fn renaming_an_unrelated_action_changes_no_fingerprint() {
    let engine = engine();
    let mut renamed = 0;
    for (path, text) in flows() {
        let before = findings(&engine, &path, &text);
        let concerned = |name: &str| {
            before
                .iter()
                .any(|f| f.location.element.iter().any(|own| own == name) || f.message.contains(name))
        };
        // A name that nothing else contains, so that text can be replaced for the designer's renaming.
        let unrelated = actions(&text).into_iter().map(|(name, _)| name).find(|name| {
            let quotes =
                text.matches(&format!("\"{name}\"")).count() + text.matches(&format!("'{name}'")).count();
            let is_type = text.contains(&format!("\"type\": \"{name}\""));
            name.len() > 6 && !is_type && !concerned(name) && text.matches(name.as_str()).count() == quotes
        });
        if let Some(name) = unrelated {
            let after = findings(&engine, &path, &text.replace(&name, "Renamed_on_purpose"));
            assert_eq!(fingerprints(&after), fingerprints(&before), "{path}: {name}");
            renamed += 1;
        }
    }
    assert!(renamed >= 2, "{renamed}");
}

#[test]
fn wrapping_an_action_into_a_scope_changes_no_fingerprint_of_what_is_in_it() {
    let engine = engine();
    let mut wrapped = 0;
    for (path, text) in flows() {
        let before = findings(&engine, &path, &text);
        let mut all = actions(&text);
        let with_finding =
            all.keys().find(|name| before.iter().any(|f| f.location.element.first() == Some(name))).cloned();
        let Some(name) = with_finding else { continue };
        if all[&name]["type"] == "InitializeVariable" {
            continue;
        }
        let mut action = all.remove(&name).unwrap();
        let run_after = action["runAfter"].take();
        action["runAfter"] = serde_json::json!({});
        for (_, other) in &mut all {
            if let Some(entries) = other["runAfter"].as_object_mut()
                && let Some(statuses) = entries.remove(&name)
            {
                entries.insert("Wrapped_on_purpose".into(), statuses);
            }
        }
        let run_after = if run_after.is_null() { serde_json::json!({}) } else { run_after };
        let scope = serde_json::json!({"type": "Scope", "actions": {&name: action}, "runAfter": run_after});
        all.insert("Wrapped_on_purpose".into(), scope);
        let after = fingerprints(&findings(&engine, &path, &with_actions(&text, all)));
        for finding in before.iter().filter(|finding| finding.location.element.first() == Some(&name)) {
            if !ABOUT_SHAPE.contains(&finding.rule.as_str()) {
                let own = format!("{} {}", finding.rule, finding.fingerprint());
                assert!(after.contains(&own), "{path}: {} on {:?}", finding.rule, finding.location.element);
                wrapped += 1;
            }
        }
    }
    assert!(wrapped >= 5, "{wrapped}");
}
