//! The way of docs/adopting.md, walked with the program: adopt with a baseline, get worse, waive, ratchet.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use common::{Run, Sandbox, corpus, files_below, fixture};
use flowvet::flow::{Detected, Element, Format, Named, detect, load};
use flowvet::json;
use flowvet::text::Arena;
use flowvet::text::{Source, decode};
use serde_json::{Value, json};

/// Functions that read nothing of the flow: without one of them nothing else of it changes.
const PLAIN: [&str; 6] = ["utcNow", "formatDateTime", "addDays", "concat", "string", "guid"];
const NOTE: &str = "flowvet: allow unknown-function until 9999-12-31 — the preview of our tenant has it";

/// A repository with a copy of that folder's flows and what stands around them.
fn copy(folder: &Path) -> Sandbox {
    let sandbox = Sandbox::new();
    for file in files_below(folder, "") {
        let name = file.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
        if name.ends_with(".json") || name.ends_with(".xml") {
            sandbox.write(&name, fs::read(&file).unwrap());
        }
    }
    sandbox
}

/// The text of a flow with one function misspelt, and the name of the action; none if it calls no plain one.
fn made_worse(text: &str) -> Option<(String, String)> {
    let arena = Arena::new();
    let root = json::parse(text, &arena).ok()?;
    let Detected::Flows(found) = detect(&root, "flow.json") else { return None };
    let source = Source::new("flow.json", text);
    let flow =
        load(&source, found.first().filter(|found| found.format == Format::SolutionFlow)?, None, &arena);
    flow.sites.iter().find_map(|site| {
        let Element::Action(id) = site.element else { return None };
        let mut place = None;
        for expression in site.template.expressions() {
            expression.each_call(&mut |call| {
                if PLAIN.contains(&call.name) && place.is_none() {
                    place = Some(site.span_of(text, call.name_at));
                }
            });
        }
        let mut worse = text.to_owned();
        worse.replace_range(place?.range(), "noSuchFunction");
        Some((worse, flow.actions[id].name.to_owned()))
    })
}

/// The text of a flow with a note on an action.
fn with_note(text: &str, action: &str) -> String {
    let arena = Arena::new();
    let root = json::parse(text, &arena).unwrap();
    let Detected::Flows(found) = detect(&root, "flow.json") else { panic!("no flow") };
    let source = Source::new("flow.json", text);
    let flow = load(&source, &found[0], None, &arena);
    let Some(Named::Action(id)) = flow.named(action) else { panic!("no action {action}") };
    let node = flow.actions[id].node;
    let mut noted = text.to_owned();
    match node.get("description") {
        Some(note) => {
            let own = format!("{}\n{NOTE}", note.as_str().unwrap());
            noted.replace_range(note.span.range(), &json!(own).to_string());
        }
        None => {
            noted.insert_str(node.span.start as usize + 1, &format!("\"description\": {}, ", json!(NOTE)))
        }
    }
    noted
}

fn check(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    sandbox.run(&[&["check", "--format", "json"], arguments].concat())
}

/// How many findings count, and how many are suppressed.
fn counts(run: &Run) -> (usize, usize) {
    let report = run.json();
    let suppressed = report["summary"]["suppressed"].as_u64().unwrap();
    (report["findings"].as_array().unwrap().len(), usize::try_from(suppressed).unwrap())
}

fn walk(sandbox: &Sandbox) {
    // Today: there are findings, and with a baseline none of them counts.
    let (before, _) = counts(&check(sandbox, &[]).expect(1));
    check(sandbox, &["--write-baseline"]).expect(0);
    let adopted = check(sandbox, &[]).expect(0);
    assert_eq!(counts(&adopted), (0, before));
    assert!(!adopted.err.contains("fixed"), "{}", adopted.err);

    // A flow is changed for the worse: that is said, and nothing else.
    let files: Vec<PathBuf> = files_below(&sandbox.path(""), ".json")
        .into_iter()
        .filter(|file| !file.ends_with("flowvet-baseline.json"))
        .collect();
    let (file, text, worse, action) = files
        .iter()
        .find_map(|file| {
            let (text, _) = decode(fs::read(file).unwrap()).ok()?;
            let (worse, action) = made_worse(&text)?;
            Some((file, text, worse, action))
        })
        .expect("some flow calls a function");
    fs::write(file, &worse).unwrap();
    let done = check(sandbox, &[]).expect(1);
    assert_eq!(counts(&done), (1, before));
    let finding = done.json()["findings"][0].clone();
    assert_eq!(finding["rule"], "unknown-function", "{finding}");
    assert_eq!(finding["element"].as_array().unwrap().last().unwrap(), &action);

    // It is waived in the note of the action: nothing counts, and code scanning can see why.
    fs::write(file, with_note(&worse, &action)).unwrap();
    let done = check(sandbox, &[]).expect(0);
    assert_eq!(counts(&done), (0, before + 1));
    let log = sandbox.run(&["check", "--format", "sarif", "--show-suppressed"]).expect(0).json();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), before + 1);
    let kinds =
        |kind: &str| results.iter().filter(|result| result["suppressions"][0]["kind"] == kind).count();
    assert_eq!((kinds("inSource"), kinds("external")), (1, before));
    let waived = results
        .iter()
        .find(|result| {
            result["ruleId"] == "unknown-function" && result["suppressions"][0]["kind"] == "inSource"
        })
        .unwrap();
    assert_eq!(
        waived["suppressions"],
        json!([{"kind": "inSource", "status": "accepted", "justification": "the preview of our tenant has it"}])
    );
    let plain = sandbox.run(&["check", "--format", "sarif"]).expect(0).json();
    assert_eq!(plain["runs"][0]["results"], json!([]));

    // The fault is mended and the waiver stays: that is said, too.
    fs::write(file, with_note(&text, &action)).unwrap();
    let done = check(sandbox, &[]).expect(1);
    assert_eq!(done.json()["findings"][0]["rule"], "unused-waiver");
    fs::write(file, &text).unwrap();
    assert_eq!(counts(&check(sandbox, &[]).expect(0)), (0, before));

    // The ratchet: what is gone leaves the baseline, and counts if it comes back.
    let known: Value = serde_json::from_str(&sandbox.read("flowvet-baseline.json")).unwrap();
    let of_file = |path: &str| {
        known["findings"].as_array().unwrap().iter().filter(|entry| entry["path"] == path).count()
    };
    let (gone, path) = files
        .iter()
        .map(|file| (file, file.strip_prefix(sandbox.path("")).unwrap().to_string_lossy().replace('\\', "/")))
        .max_by_key(|(_, path)| of_file(path))
        .unwrap();
    let bytes = fs::read(gone).unwrap();
    fs::remove_file(gone).unwrap();
    let done = check(sandbox, &["--prune-baseline"]).expect(0);
    assert_eq!(done.json()["baseline"]["fixed"], of_file(&path));
    assert_eq!(counts(&check(sandbox, &[]).expect(0)), (0, before - of_file(&path)));
    fs::write(gone, bytes).unwrap();
    assert_eq!(counts(&check(sandbox, &["--fail-on", "note"]).expect(1)).0, of_file(&path));

    // A rule of the team: its examples run, and code scanning gets what it finds, with its page as help.
    sandbox.write("flowvet.toml", "rule-dirs = [\"flow-rules\"]\n");
    let page = fs::read_to_string(fixture("flow-rules/ctso-correlation-header.md")).unwrap();
    sandbox.write("flow-rules/ctso-correlation-header.md", &page);
    sandbox.run(&["test", "flow-rules"]).expect(0);
    check(sandbox, &["--write-baseline", "--ignore", "ctso-correlation-header"]).expect(0);
    let log = sandbox.run(&["check", "--format", "sarif"]).expect(1).json();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert!(
        !results.is_empty() && results.iter().all(|result| result["ruleId"] == "ctso-correlation-header")
    );
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let own = rules.iter().find(|rule| rule["id"] == "ctso-correlation-header").unwrap();
    assert!(own["help"]["markdown"].as_str().unwrap().contains("sends no correlation id"), "{own}");
}

#[test]
fn a_team_can_adopt_flowvet_on_the_faulty_solution() {
    walk(&copy(&fixture("order-processing/before")));
}

#[test]
fn a_team_can_adopt_flowvet_on_the_largest_real_repository() {
    let Some(corpus) = corpus() else { return };
    let manifest = fs::read_to_string(corpus.join("manifest.csv")).unwrap();
    let mut repositories: BTreeMap<&str, usize> = BTreeMap::new();
    for line in manifest.lines().filter(|line| line.contains(",solution-flow,exported,")) {
        *repositories.entry(line.split('/').next().unwrap()).or_default() += 1;
    }
    let (largest, _) = repositories.iter().max_by_key(|(_, flows)| **flows).unwrap();
    walk(&copy(&corpus.join(largest)));
}
