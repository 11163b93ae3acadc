//! The baseline: what was there before does not count, what is new does, and what is fixed is said.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use std::fs;

use common::{Run, Sandbox};
use serde_json::{Value, json};

const FILE: &str = "flowvet-baseline.json";

/// A scope with nothing in it.
fn empty() -> Value {
    json!({"type": "Scope", "actions": {}})
}

/// Two flows with two faults each.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    for name in ["Orders", "Returns"] {
        sandbox
            .write(&format!("Workflows/{name}.json"), common::flow(&json!({"One": empty(), "Two": empty()})));
    }
    sandbox
}

/// The same with a baseline.
fn with_baseline() -> Sandbox {
    let sandbox = sandbox();
    run(&sandbox, &["--write-baseline"]).expect(0);
    sandbox
}

fn run(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let own = ["check", "--format", "json", "--select", "empty-container,unknown-function,waivers"];
    sandbox.run(&[own.as_slice(), arguments].concat())
}

/// How many findings count, how many are suppressed, and how many of the baseline are fixed.
fn counts(run: &Run) -> (usize, u64, u64) {
    let report = run.json();
    let number = |value: &Value| value.as_u64().unwrap();
    let fixed = report.get("baseline").map_or(0, |baseline| number(&baseline["fixed"]));
    (report["findings"].as_array().unwrap().len(), number(&report["summary"]["suppressed"]), fixed)
}

#[test]
fn what_is_written_into_the_baseline_does_not_count_any_more() {
    let sandbox = sandbox();
    assert_eq!(counts(&run(&sandbox, &[]).expect(1)), (4, 0, 0));
    let done = run(&sandbox, &["--write-baseline"]).expect(0);
    assert_eq!(done.err, format!("flowvet: wrote 4 findings to {FILE}\n"));
    assert_eq!(counts(&done), (0, 4, 0));
    let done = run(&sandbox, &[]).expect(0);
    assert_eq!((counts(&done), done.err.as_str()), ((0, 4, 0), ""));
    assert_eq!(done.json()["baseline"], json!({"path": FILE, "entries": 4, "fixed": 0}));
    assert!(run(&sandbox, &["--no-baseline"]).expect(1).json().get("baseline").is_none());
}

#[test]
fn the_file_has_one_readable_line_for_each_finding_sorted() {
    let sandbox = with_baseline();
    let text = sandbox.read(FILE);
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("fingerprint")).collect();
    assert_eq!(lines.len(), 4);
    assert!(lines.is_sorted(), "{text}");
    assert!(lines[0].starts_with(
        r#"    {"path":"Workflows/Orders.json","flow":{"name":"Orders","id":"Orders"},"element":["One"],"rule":"empty-container","fingerprint":""#
    ));
    let parsed: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(parsed["version"], 1);
    assert!(text.ends_with("}\n") && !text.contains('\r'));
    // The same again, for any order and number of threads.
    run(&sandbox, &["--write-baseline", "--jobs", "4", "Workflows/Returns.json", "Workflows"]).expect(0);
    assert_eq!(sandbox.read(FILE), text);
}

#[test]
fn only_what_is_new_counts() {
    let sandbox = with_baseline();
    let worse =
        json!({"Zero": empty(), "Wrap": {"type": "Scope", "actions": {"One": empty(), "Two": empty()}}});
    sandbox.write("Workflows/Orders.json", common::flow(&worse));
    let done = run(&sandbox, &[]).expect(1);
    assert_eq!(counts(&done), (1, 4, 0));
    assert_eq!(done.json()["findings"][0]["element"], json!(["Zero"]));
    let all = run(&sandbox, &["--show-suppressed"]).expect(1).json();
    let by: Vec<&Value> =
        all["findings"].as_array().unwrap().iter().map(|f| &f["suppressed"]["by"]).collect();
    let old = json!("baseline");
    assert_eq!(by, [&old, &old, &Value::Null, &old, &old], "in the order of the file");
}

#[test]
fn what_is_fixed_is_said_and_pruned() {
    let sandbox = with_baseline();
    sandbox.write("Workflows/Orders.json", common::flow(&json!({"Two": empty()})));
    let done = run(&sandbox, &[]).expect(0);
    assert_eq!(counts(&done), (0, 3, 1));
    assert_eq!(
        done.err,
        format!("flowvet: 1 finding of {FILE} is fixed or waived: --prune-baseline takes it out\n")
    );
    let verbose = run(&sandbox, &["--verbose"]).expect(0).err;
    assert!(
        verbose.contains("fixed or waived: Workflows/Orders.json: empty-container (Orders › One)"),
        "{verbose}"
    );
    assert_eq!(run(&sandbox, &["--quiet"]).expect(0).err, "");
    let done = run(&sandbox, &["--prune-baseline"]).expect(0);
    assert_eq!(done.err, format!("flowvet: took 1 finding out of {FILE}: 3 left\n"));
    assert_eq!(counts(&run(&sandbox, &[]).expect(0)), (0, 3, 0));
    let before = sandbox.read(FILE);
    let done = run(&sandbox, &["--prune-baseline"]).expect(0);
    assert_eq!(done.err, format!("flowvet: nothing to take out of {FILE}\n"));
    assert_eq!(sandbox.read(FILE), before);
    // It does not come back unnoticed.
    sandbox.write("Workflows/Orders.json", common::flow(&json!({"One": empty(), "Two": empty()})));
    assert_eq!(counts(&run(&sandbox, &[]).expect(1)), (1, 3, 0));
}

#[test]
fn a_run_over_one_file_calls_nothing_else_fixed() {
    let sandbox = with_baseline();
    sandbox.write("Workflows/Orders.json", common::flow(&json!({})));
    for (arguments, fixed) in [
        (&["Workflows/Returns.json"][..], 0),
        (&["Workflows/Orders.json"], 2),
        (&["Workflows"], 2),
        (&["."], 2),
    ] {
        assert_eq!(counts(&run(&sandbox, arguments).expect(0)).2, fixed, "{arguments:?}");
    }
    run(&sandbox, &["--prune-baseline", "Workflows/Returns.json"]).expect(0);
    assert_eq!(sandbox.read(FILE).matches("fingerprint").count(), 4);
    // Nor what another rule found.
    let other = ["check", "--select", "unknown-function", "--format", "json"];
    assert_eq!(counts(&sandbox.run(&other).expect(0)).2, 0);
    // Nor what is in a file that could not be checked.
    sandbox.write("Workflows/Returns.json", common::broken_flow());
    run(&sandbox, &["--prune-baseline"]).expect(2);
    let left = sandbox.read(FILE);
    assert!(left.contains("Returns") && !left.contains("Orders"), "{left}");
}

#[test]
fn a_file_that_is_gone_is_fixed_for_a_run_over_its_folder() {
    let sandbox = with_baseline();
    fs::remove_file(sandbox.path("Workflows/Orders.json")).unwrap();
    assert_eq!(counts(&run(&sandbox, &["Workflows/Returns.json"]).expect(0)).2, 0);
    assert_eq!(counts(&run(&sandbox, &[]).expect(0)).2, 2);
    // What is excluded is there still.
    sandbox.write("Workflows/Orders.json", common::flow(&json!({})));
    sandbox.write("flowvet.toml", "exclude = [\"Orders.json\"]\n");
    assert_eq!(counts(&run(&sandbox, &[]).expect(0)).2, 0);
}

#[test]
fn a_flow_that_got_another_name_keeps_its_findings() {
    let sandbox = Sandbox::new();
    let file = |name: &str| format!("Workflows/{name}-4B1F6D0E-93A7-EF11-8A69-6045BD9C5A21.json");
    sandbox.write(&file("Orders"), common::flow(&json!({"One": empty(), "Two": empty()})));
    run(&sandbox, &["--write-baseline"]).expect(0);
    fs::remove_file(sandbox.path(&file("Orders"))).unwrap();
    sandbox.write(&file("Incoming"), common::flow(&json!({"One": empty()})));
    assert_eq!(counts(&run(&sandbox, &[&file("Incoming")]).expect(0)), (0, 1, 1));
}

#[test]
fn copies_of_a_flow_are_told_apart() {
    let sandbox = Sandbox::new();
    let file = |name: &str| format!("Workflows/{name}-4B1F6D0E-93A7-EF11-8A69-6045BD9C5A21.json");
    let flow = common::flow(&json!({"One": empty()}));
    sandbox.write(&file("Orders"), &flow).write(&file("Zopy"), &flow);
    run(&sandbox, &["--write-baseline"]).expect(0);
    assert_eq!(sandbox.read(FILE).matches("fingerprint").count(), 2);
    // Of one of them it cannot be told which of the two is gone.
    assert_eq!(counts(&run(&sandbox, &[&file("Zopy")]).expect(0)), (0, 1, 0));
    assert_eq!(counts(&run(&sandbox, &[]).expect(0)), (0, 2, 0));
    sandbox.write(&file("Zopy"), common::flow(&json!({})));
    assert_eq!(counts(&run(&sandbox, &[]).expect(0)), (0, 1, 1));
    // A third is new.
    sandbox.write(&file("Zopy"), &flow).write(&file("Zopz"), &flow);
    assert_eq!(counts(&run(&sandbox, &[]).expect(1)), (1, 2, 0));
}

#[test]
fn what_is_waived_or_allowed_is_not_written() {
    let sandbox = sandbox();
    let mut waived = empty();
    waived["description"] = json!("flowvet: allow empty-container — x");
    sandbox.write("Workflows/Orders.json", common::flow(&json!({"One": waived, "Two": empty()})));
    sandbox.write(
        "flowvet.toml",
        "[[allow]]\nrule = \"empty-container\"\nflow = \"Returns\"\nelement = \"One\"\nreason = \"x\"\n",
    );
    let done = run(&sandbox, &["--write-baseline"]).expect(0);
    assert_eq!(counts(&done), (0, 4, 0));
    assert_eq!(sandbox.read(FILE).matches("fingerprint").count(), 2);
    let shown = sandbox.check(&[]).expect(0).out;
    let words = "4 suppressed: 1 by a waiver, 1 by an [[allow]] entry, 2 by the baseline";
    assert!(shown.contains(words), "{shown}");
}

#[test]
fn a_finding_that_is_waived_later_leaves_the_baseline_and_its_waiver_is_used() {
    let sandbox = with_baseline();
    let mut waived = empty();
    waived["description"] = json!("flowvet: allow empty-container — x");
    sandbox.write("Workflows/Orders.json", common::flow(&json!({"One": waived, "Two": empty()})));
    assert_eq!(counts(&run(&sandbox, &[]).expect(0)), (0, 4, 1));
    run(&sandbox, &["--prune-baseline"]).expect(0);
    assert_eq!(counts(&run(&sandbox, &[]).expect(0)), (0, 4, 0));
}

#[test]
fn writing_again_takes_in_what_this_run_found_and_keeps_what_it_did_not_look_at() {
    let sandbox = with_baseline();
    sandbox.write("Workflows/Orders.json", common::flow(&json!({"Two": empty(), "Three": empty()})));
    sandbox.write("Workflows/Returns.json", common::flow(&json!({})));
    run(&sandbox, &["--write-baseline", "Workflows/Orders.json"]).expect(0);
    let text = sandbox.read(FILE);
    let has = |flow: &str, action: &str| {
        text.lines().any(|line| line.contains(flow) && line.contains(&format!("[\"{action}\"]")))
    };
    assert!(has("Orders", "Two") && has("Orders", "Three") && !has("Orders", "One"), "{text}");
    assert!(has("Returns", "One") && has("Returns", "Two"), "{text}");
}

#[test]
fn what_is_about_the_configuration_is_not_taken_in() {
    let sandbox = sandbox();
    sandbox
        .write("flowvet.toml", "[[allow]]\nrule = \"empty-container\"\nelement = \"Gone\"\nreason = \"x\"\n");
    let done = run(&sandbox, &["--write-baseline"]).expect(1);
    assert_eq!(counts(&done), (1, 4, 0));
    assert_eq!(done.json()["findings"][0]["path"], "flowvet.toml");
}

#[test]
fn the_baseline_lies_beside_the_configuration_or_where_it_is_named() {
    let sandbox = sandbox();
    run(&sandbox, &["--write-baseline", "--baseline", "ci/known.json"]).expect(2);
    fs::create_dir(sandbox.path("ci")).unwrap();
    run(&sandbox, &["--write-baseline", "--baseline", "ci/known.json"]).expect(0);
    run(&sandbox, &[]).expect(1);
    run(&sandbox, &["--baseline", "ci/known.json"]).expect(0);
    run(&sandbox, &["--baseline", "ci/known.json", "--no-config"]).expect(0);
    sandbox.write("ci/flowvet.toml", "");
    run(&sandbox, &["--config", "ci/flowvet.toml", "--write-baseline"]).expect(0);
    assert!(sandbox.path("ci").join(FILE).is_file() && !sandbox.path(FILE).exists());
    run(&sandbox, &["--config", "ci/flowvet.toml"]).expect(0);
    // Without a configuration: the root of the repository, from every folder in it.
    let in_folder = |arguments: &[&str]| {
        let mut command = sandbox.program();
        let own = ["check", "--select", "empty-container", "--format", "json"];
        command.current_dir(sandbox.path("Workflows")).args(own).args(arguments);
        common::run(&mut command, b"")
    };
    in_folder(&["--write-baseline"]).expect(0);
    assert!(sandbox.path(FILE).is_file());
    assert_eq!(counts(&in_folder(&[]).expect(0)), (0, 4, 0));
    run(&sandbox, &["--no-config"]).expect(0);
}

#[test]
fn standard_input_is_compared_as_well() {
    let sandbox = with_baseline();
    let mut command = sandbox.program();
    let flow = sandbox.read("Workflows/Orders.json");
    command.args(["check", "-", "--stdin-filename", "Workflows/Orders.json", "--select", "empty-container"]);
    common::run(&mut command, flow.as_bytes()).expect(0);
}

#[test]
fn a_broken_baseline_stops_the_run_before_anything_is_checked() {
    let sandbox = with_baseline();
    let whole = sandbox.read(FILE);
    let line = whole.lines().nth(3).unwrap().trim_end_matches(',').to_owned();
    let fingerprint = line.split('"').rev().nth(1).unwrap().to_owned();
    let twice = whole.replacen(&line, &format!("{line},\n{}", line.replace("Orders.json", "Other.json")), 1);
    for (text, words, place) in [
        (whole.replace("\"version\": 1", "\"version\": 2"), "is of version 2, and flowvet", ":2:14"),
        (whole.replace("\"version\": 1", "\"version\": \"x\""), "`version` is 1", ":2:14"),
        (whole.replace("\"version\": 1,", ""), "it has no `version`", ":1:1"),
        (
            whole.replace("  \"findings\": [", "<<<<<<< HEAD\n  \"findings\": ["),
            "3 is the mark of a merge",
            ":3:1",
        ),
        (format!("{whole}=======\n"), "is the mark of a merge", ":10:1"),
        (whole[..whole.len() / 2].to_owned(), "", ":"),
        ("[]".to_owned(), "no baseline of flowvet", ":1:1"),
        ("{\"version\": 1}".to_owned(), "`findings` is missing", ":1:13"),
        (whole.replacen("\"rule\"", "\"role\"", 1), "his entry has no `rule`", ":4:5"),
        (whole.replacen(&fingerprint, "12", 1), "his entry has no `fingerprint`, or one that is none", ":4:"),
        (whole.replacen("[\"One\"]", "\"One\"", 1), "his entry has no `element`", ":4:"),
        (whole.replacen(&line, "3", 1), "n entry of `findings` is an object", ":4:1"),
        (twice, "wo entries that differ have the fingerprint", ":5:"),
        (String::new(), "", ":1:1"),
    ] {
        sandbox.write(FILE, &text);
        let done = run(&sandbox, &[]).expect(2);
        assert_eq!(done.out, "", "{text}");
        assert!(done.err.contains("error[baseline]") && done.err.contains(words), "{text}: {}", done.err);
        assert!(done.err.contains(&format!("{FILE}{place}")), "{place}: {}", done.err);
        // Nor is it overwritten.
        run(&sandbox, &["--write-baseline"]).expect(2);
        run(&sandbox, &["--prune-baseline"]).expect(2);
        assert_eq!(sandbox.read(FILE), text);
        run(&sandbox, &["--no-baseline"]).expect(1);
    }
}

#[test]
fn a_line_that_a_merge_brought_in_twice_does_no_harm() {
    let sandbox = with_baseline();
    let whole = sandbox.read(FILE);
    let line = whole.lines().nth(3).unwrap();
    sandbox.write(FILE, whole.replacen(line, &format!("{line}\n{line}"), 1));
    assert_eq!(counts(&run(&sandbox, &[]).expect(0)), (0, 4, 0));
}

#[test]
fn a_baseline_may_be_reformatted_and_saved_as_windows_editors_do() {
    let sandbox = with_baseline();
    let parsed: Value = serde_json::from_str(&sandbox.read(FILE)).unwrap();
    let pretty = serde_json::to_string_pretty(&parsed).unwrap().replace('\n', "\r\n");
    let utf_16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(pretty.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in [pretty.clone().into_bytes(), format!("\u{feff}{pretty}").into_bytes(), utf_16] {
        sandbox.write(FILE, bytes);
        assert_eq!(counts(&run(&sandbox, &[]).expect(0)), (0, 4, 0));
    }
    let without_mark: Vec<u8> = pretty.encode_utf16().flat_map(u16::to_le_bytes).collect();
    sandbox.write(FILE, [without_mark, vec![0xD8]].concat());
    assert!(run(&sandbox, &[]).expect(2).err.contains(FILE));
}

#[test]
fn a_baseline_that_cannot_be_read_or_written_ends_with_2() {
    let sandbox = sandbox();
    assert!(
        run(&sandbox, &["--baseline", "gone.json"])
            .expect(2)
            .err
            .contains("gone.json: there is no such baseline")
    );
    assert!(run(&sandbox, &["--prune-baseline"]).expect(2).err.contains("there is no such baseline"));
    fs::create_dir(sandbox.path(FILE)).unwrap();
    for arguments in [&[][..], &["--write-baseline"], &["--prune-baseline"]] {
        let done = run(&sandbox, arguments).expect(2);
        assert!(done.out.is_empty() && done.err.contains(FILE), "{}", done.err);
    }
    let done = run(&sandbox, &["--write-baseline", "--baseline", "no/such/folder.json"]).expect(2);
    assert!(done.err.contains("cannot write no/such/folder.json"), "{}", done.err);
    assert_eq!(counts(&done), (4, 0, 0), "what was found is printed all the same");
    run(&sandbox, &["--no-baseline", "--write-baseline"]).expect(2);
    run(&sandbox, &["--no-baseline", "--baseline", "x"]).expect(2);
    run(&sandbox, &["--prune-baseline", "--write-baseline"]).expect(2);
}

#[test]
fn a_flow_that_cannot_be_checked_keeps_the_exit_code_and_the_rest_is_written() {
    let sandbox = sandbox();
    sandbox.write("Workflows/Broken.json", common::broken_flow());
    run(&sandbox, &["--write-baseline"]).expect(2);
    assert_eq!(sandbox.read(FILE).matches("fingerprint").count(), 4);
}
