//! Real flows: every one loads, is understood as its manifest says, and is found to have what it has.
//!
//! The corpus is no part of this repository. Where it is not at hand these tests are skipped.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use common::{corpus, package, program, run};
use serde_json::Value;

/// Files whose numbers differ from the manifest's on purpose: path, ours (triggers, actions, depth), why.
const UNLIKE_THE_MANIFEST: [(&str, [u64; 3], &str); 1] = [(
    "Azure+Microsoft-Defender-for-Cloud/Workflow automation/Open-DevOpsTaskRecommendation/azuredeploy.json",
    [0, 1, 1],
    "its trigger stands in a second `triggers` object inside the first: the service would not find it either",
)];

/// Files with expressions that do not parse: path, how many, why.
const BROKEN_EXPRESSIONS: [(&str, u64, &str); 2] = [
    (
        "Azure+LogicAppsTemplates/analyze-documents-ai-docintelligence/default/workflow.json",
        1,
        "a template in which a parameter's name has no closing quote",
    ),
    (
        "microsoft+power-cat-skills/Common/PowerCAT OverFlow/StressTest100Flows_1_0_0_0.zip.unzipped/Workflows/Stress_000_DeepScopes-FA4D5B9B-B721-4FA1-9C56-4765514BA915.json",
        8,
        "a synthetic flow, made to strain readers",
    ),
];

/// Types that flowvet does not know, and the only files that have them.
const UNKNOWN_TYPES: [(&str, &str); 3] = [
    ("Azure+LogicAppsUX/__mocks__/workflows/Agent.json", "connector"),
    ("Azure+LogicAppsUX/__mocks__/workflows/AgentWithChannels.json", "connector"),
    ("Azure+LogicAppsUX/__mocks__/workflows/BasicA2A.json", "connector"),
];

/// Runs the program in the corpus.
fn in_corpus(corpus: &Path, arguments: &[&str]) -> common::Run {
    run(program().current_dir(corpus).args(arguments), b"")
}

/// What stands before the corpus's own paths in reports, if it lies in a repository.
fn prefix(corpus: &Path) -> String {
    let corpus = fs::canonicalize(corpus).unwrap();
    let root = corpus.ancestors().find(|folder| folder.join(".git").exists());
    let inner = root.map_or(PathBuf::new(), |root| corpus.strip_prefix(root).unwrap().to_path_buf());
    match inner.to_string_lossy().replace('\\', "/") {
        inner if inner.is_empty() => inner,
        inner => inner + "/",
    }
}

/// What is understood of each file: triggers, actions and depth; expression errors; unknown types.
#[derive(Debug, Default)]
struct Understood {
    size: [u64; 3],
    expression_errors: u64,
    unknown_types: BTreeSet<String>,
}

fn understood(corpus: &Path) -> BTreeMap<String, Understood> {
    let done = in_corpus(corpus, &["inspect", "--format", "json", "."]).expect(0);
    let prefix = prefix(corpus);
    let mut files: BTreeMap<String, Understood> = BTreeMap::new();
    for flow in done.json()["flows"].as_array().unwrap() {
        let path = flow["path"].as_str().unwrap().strip_prefix(&prefix).unwrap().to_owned();
        let number = |key: &str| flow[key].as_u64().unwrap();
        let file = files.entry(path).or_default();
        // A template holds several: the manifest adds them up.
        file.size[0] += number("triggers");
        file.size[1] += number("actions");
        file.size[2] = file.size[2].max(number("depth"));
        file.expression_errors += number("expression_errors");
        let types = flow["unknown_types"].as_array().unwrap();
        file.unknown_types.extend(types.iter().map(|ty| ty.as_str().unwrap().to_owned()));
    }
    files
}

/// The rows of the manifest, by column name. No cell of it has quotes or commas.
fn manifest(corpus: &Path) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(corpus.join("manifest.csv")).unwrap();
    assert!(!text.contains('"'));
    let mut lines = text.lines();
    let columns: Vec<&str> = lines.next().unwrap().split(',').collect();
    let row = |line: &str| {
        columns.iter().map(|c| (*c).to_owned()).zip(line.split(',').map(str::to_owned)).collect()
    };
    lines.map(row).collect()
}

#[test]
fn every_flow_is_understood_as_the_manifest_says() {
    let Some(corpus) = corpus() else { return };
    let understood = understood(&corpus);
    let mut wrong = Vec::new();
    let mut flows = BTreeSet::new();
    for row in manifest(&corpus) {
        // A package's manifest describes flows and holds none.
        if matches!(row["format"].as_str(), "other" | "package-manifest") {
            continue;
        }
        let path = row["path"].as_str();
        flows.insert(path.to_owned());
        let expected =
            ["n_triggers", "n_actions_total", "max_depth"].map(|column| row[column].parse::<u64>().unwrap());
        let known = UNLIKE_THE_MANIFEST.iter().find(|(known, ..)| *known == path);
        match understood.get(path) {
            None => wrong.push(format!("{path}: no flow was found in it")),
            Some(file) if file.size != known.map_or(expected, |(_, size, _)| *size) => {
                wrong.push(format!("{path}: {:?} and not {expected:?}", file.size));
            }
            Some(file) if known.is_some() && file.size == expected => {
                wrong.push(format!("{path}: is as the manifest says now: take it off the list"));
            }
            Some(_) => {}
        }
    }
    wrong.extend(
        understood
            .keys()
            .filter(|path| !flows.contains(*path))
            .map(|path| format!("{path}: no flow by the manifest")),
    );
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(flows.len() > 700, "{} flows", flows.len());
}

#[test]
fn expressions_of_real_flows_parse_but_for_nine_that_are_broken() {
    let Some(corpus) = corpus() else { return };
    let found: Vec<(String, u64)> = understood(&corpus)
        .into_iter()
        .filter(|(_, file)| file.expression_errors > 0)
        .map(|(path, file)| (path, file.expression_errors))
        .collect();
    let expected: Vec<(String, u64)> =
        BROKEN_EXPRESSIONS.iter().map(|(path, count, _)| ((*path).to_owned(), *count)).collect();
    assert_eq!(found, expected);
}

#[test]
fn types_of_real_flows_are_known_but_for_one() {
    let Some(corpus) = corpus() else { return };
    let mut found = Vec::new();
    for (path, file) in understood(&corpus) {
        found.extend(file.unknown_types.into_iter().map(|ty| (path.clone(), ty)));
    }
    let expected = UNKNOWN_TYPES.map(|(path, ty)| (path.to_owned(), ty.to_owned()));
    assert_eq!(found, expected);
}

#[test]
fn no_file_is_a_problem_and_the_check_never_panics() {
    let Some(corpus) = corpus() else { return };
    let done =
        in_corpus(&corpus, &["check", "--no-config", "--select", "all", "--format", "json", "."]).expect(1);
    let report = done.json();
    assert_eq!(report["problems"], serde_json::json!([]));
    assert!(!done.err.contains("panicked"), "{}", done.err);
}

#[test]
fn no_two_findings_in_the_corpus_share_a_fingerprint() {
    let Some(corpus) = corpus() else { return };
    let report =
        in_corpus(&corpus, &["check", "--no-config", "--select", "all", "--format", "json", "."]).json();
    let mut seen: BTreeMap<&str, &Value> = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        if let Some(other) = seen.insert(finding["fingerprint"].as_str().unwrap(), finding) {
            panic!("{other}\n{finding}");
        }
    }
}

/// How often each rule reports in the corpus, and at which severities, as text.
fn counts(report: &Value) -> String {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        let text = |key: &str| finding[key].as_str().unwrap();
        *counts.entry((text("rule"), text("severity"))).or_default() += 1;
    }
    let mut text = String::from(
        "# Findings in the corpus with the default rules. Made by tests/corpus.rs: FLOWVET_BLESS=1.\n",
    );
    for ((rule, severity), count) in counts {
        writeln!(text, "{count:>5} {severity:<7} {rule}").unwrap();
    }
    text
}

#[test]
fn the_rules_report_as_often_as_they_did() {
    let Some(corpus) = corpus() else { return };
    let report = in_corpus(&corpus, &["check", "--no-config", "--format", "json", "."]).json();
    let counts = counts(&report);
    let file = package().join("tests/snapshots/corpus.txt");
    if env::var_os("FLOWVET_BLESS").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, &counts).unwrap();
    }
    let before = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        before == counts,
        "was:\n{before}\nis:\n{counts}\nLook at what changed, then run with FLOWVET_BLESS=1."
    );
}
