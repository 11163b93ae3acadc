//! Findings of rules over whole solutions are like all others: in every format, through `--since`, baseline and waivers,
//! and for a hook that names one file.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use common::repository::{Repository, with_git};
use common::solutions::{FIRST, SECOND, THIRD, check, competing, flow, listing, messages, on_rows};
use common::{FORMATS, Sandbox};
use serde_json::{Value, json};

#[test]
fn every_format_has_the_places_in_both_files() {
    let sandbox = Sandbox::new();
    competing(&sandbox);
    for format in FORMATS {
        let run =
            sandbox.run(&["check", "--no-config", "--select", "solution", "--format", format, "."]).expect(0);
        assert!(run.out.contains("competing-triggers"), "{format}: {}", run.out);
        for name in ["Billorder", "Reservestock"] {
            assert!(run.out.contains(name), "{format}: {}", run.out);
        }
        // A long name is broken over lines for people.
        let out: String = run.out.split_whitespace().collect();
        let place = match format {
            "json" => format!(r#""path":"{SECOND}","member":null,"start":{{"line":39,"column":9}}"#),
            "sarif" => format!(r#"{{"artifactLocation":{{"uri":"{SECOND}""#),
            "markdown" => format!("{SECOND}:\u{200b}39"),
            _ => format!("{SECOND}:39:9"),
        };
        assert!(out.contains(&place), "{format}: {}", run.out);
    }
}

#[test]
fn a_hook_that_names_one_file_says_what_a_run_over_the_folder_says_of_it() {
    let sandbox = Sandbox::new();
    competing(&sandbox);
    let whole = check(&sandbox, &["."]);
    assert_eq!(messages(&whole).len(), 1);
    for named in [FIRST, SECOND] {
        assert_eq!(check(&sandbox, &[named])["findings"], whole["findings"], "{named}");
    }
    assert_eq!(messages(&check(&sandbox, &[THIRD])).len(), 0, "neither place is in the file that was named");
    // Whoever stands in the folder of the flows is shown names from there.
    let here = common::program()
        .current_dir(sandbox.path("Workflows"))
        .args(["check", "--no-config"])
        .args(["--select", "solution", "--format", "concise", &FIRST.replace("Workflows/", "")])
        .output()
        .unwrap();
    let place = format!(", see {}:39:9\n", SECOND.replace("Workflows/", ""));
    assert!(String::from_utf8(here.stdout).unwrap().contains(&place));
    let listed = sandbox.write("list.txt", SECOND);
    assert_eq!(check(listed, &["--files-from", "list.txt"])["findings"], whole["findings"]);
}

#[test]
fn any_order_of_files_and_number_of_threads_gives_the_same_bytes() {
    let sandbox = Sandbox::new();
    competing(&sandbox);
    let run = |arguments: &[&str]| {
        let known = ["check", "--no-config", "--select", "solution", "--format", "json"];
        sandbox.run(&[known.as_slice(), arguments].concat()).out
    };
    let expected = run(&["."]);
    assert_eq!(run(&["--jobs", "1", THIRD, SECOND, FIRST]), expected);
    assert_eq!(run(&["--jobs", "8", SECOND, FIRST, THIRD]), expected);
}

/// The fingerprint of the one finding.
fn fingerprint(sandbox: &Sandbox) -> String {
    let report = check(sandbox, &["."]);
    assert_eq!(messages(&report).len(), 1);
    report["findings"][0]["fingerprint"].as_str().unwrap().to_owned()
}

#[test]
fn the_fingerprint_is_that_of_the_flows_and_not_of_their_text() {
    let sandbox = Sandbox::new();
    competing(&sandbox);
    let expected = fingerprint(&sandbox);
    // Another trigger, other columns, other names of the files: the same two flows.
    sandbox.write(
        FIRST,
        flow(&on_rows(&json!({"filteringattributes": "a"})), &json!({})).replace("When", "Changed"),
    );
    assert_eq!(fingerprint(&sandbox), expected);
    let renamed = Sandbox::new();
    renamed.write(&FIRST.replace("Billorder", "Zorder"), flow(&on_rows(&json!({})), &json!({})));
    renamed.write(SECOND, flow(&on_rows(&json!({})), &json!({})));
    assert_eq!(fingerprint(&renamed), expected, "names and paths don't count");
    sandbox.write(THIRD, flow(&on_rows(&json!({})), &json!({})));
    assert_ne!(fingerprint(&sandbox), expected, "a third flow is another fault");
}

#[test]
fn a_baseline_knows_it_and_says_when_it_is_fixed() {
    let sandbox = Sandbox::new();
    competing(&sandbox);
    for (id, file) in [(1, FIRST), (2, SECOND), (3, THIRD)] {
        sandbox.write(&format!("{file}.data.xml"), listing(id, 1));
    }
    let check = |arguments: &[&str]| {
        let known =
            ["check", "--no-config", "--select", "solution", "--baseline", "known.json", "--format", "json"];
        sandbox.run(&[known.as_slice(), arguments].concat()).json()
    };
    assert_eq!(check(&["--write-baseline", "."])["baseline"]["entries"], 1);
    assert_eq!(check(&["."])["summary"]["suppressed"], 1);
    // A run over one of the two files knows it as well, and a run over a third calls it neither new nor fixed.
    assert_eq!(check(&[SECOND])["summary"]["suppressed"], 1);
    assert_eq!(check(&[THIRD])["baseline"]["fixed"], 0);
    sandbox.write(SECOND, flow(&on_rows(&json!({"message": 2})), &json!({})));
    assert_eq!(check(&["."])["baseline"]["fixed"], 1);
}

/// The second flow, started by a row, with that waiver in the note of its trigger, and the rules that report then.
fn reported_with(sandbox: &Sandbox, file: &str, note: &str) -> Vec<String> {
    let mut trigger = on_rows(&json!({}));
    trigger["description"] = json!(note);
    sandbox.write(file, flow(&trigger, &json!({})));
    let known = [
        "check",
        "--no-config",
        "--select",
        "solution,waivers",
        "--format",
        "json",
        "--show-suppressed",
        ".",
    ];
    let report = sandbox.run(&known).json();
    let rule = |finding: &Value| {
        let sign = if finding.get("suppressed").is_some() { "-" } else { "" };
        format!("{sign}{}", finding["rule"].as_str().unwrap())
    };
    report["findings"].as_array().unwrap().iter().map(rule).collect()
}

#[test]
fn a_waiver_in_the_note_of_the_trigger_suppresses_it() {
    let sandbox = Sandbox::new();
    competing(&sandbox);
    let note = "flowvet: allow competing-triggers — they write other tables";
    assert_eq!(reported_with(&sandbox, FIRST, note), ["-competing-triggers"]);
}

#[test]
fn a_waiver_is_called_unused_only_where_the_solution_lists_its_flows() {
    let sandbox = Sandbox::new();
    let note = "flowvet: allow competing-triggers — they write other tables";
    assert_eq!(reported_with(&sandbox, FIRST, note), [""; 0], "flows may be missing");
    sandbox.write(&format!("{FIRST}.data.xml"), listing(1, 1));
    assert_eq!(reported_with(&sandbox, FIRST, note), ["unused-waiver"]);
}

#[test]
fn since_shows_it_when_either_flow_has_changed() {
    let shown = |change: &str, file: &str, trigger: &Value| -> Option<usize> {
        let repository = Repository::new()?;
        let sandbox = &repository.0;
        competing(sandbox);
        repository.commit();
        sandbox.write(file, flow(trigger, &json!({})));
        let report = check(sandbox, &["--since", "HEAD", "."]);
        assert_eq!(report["problems"], json!([]), "{change}");
        Some(messages(&report).len())
    };
    let same = with_git!(shown("nothing", SECOND, &on_rows(&json!({"message": 3}))));
    assert_eq!(same, 0);
    let second =
        with_git!(shown("the second", SECOND, &on_rows(&json!({"message": 3, "filteringattributes": "a"}))));
    assert_eq!(second, 1, "a related place is on what has changed");
    let first = with_git!(shown("the first", FIRST, &on_rows(&json!({"filteringattributes": "a"}))));
    assert_eq!(first, 1);
    let third = with_git!(shown("another flow", THIRD, &on_rows(&json!({"entityname": "ctso_line"}))));
    assert_eq!(third, 0);
}

#[test]
fn a_rule_of_a_team_can_take_its_place() {
    let sandbox = Sandbox::new();
    competing(&sandbox);
    let page = r#"# ctso-owner

A trigger that doesn't say which team it belongs to.

```toml
severity = "warning"
since = "1"
supersedes = ["competing-triggers"]

[check]
on = "trigger"
message = "'{name}' belongs to no team"

[check.require]
path = "$.metadata.owner"
present = true
```

## Example

```json bad
{"triggers": {
  "When": {"type": "OpenApiConnectionWebhook", "inputs": {"parameters": {"subscriptionRequest/message": 1}}}
//^^^^^^
}, "actions": {}}
```

```json good
{"triggers": {"Every_day": {"type": "Recurrence", "metadata": {"owner": "orders"}}}, "actions": {}}
```
"#;
    sandbox.write("flow-rules/ctso-owner.md", page);
    let reported = |config: &str| {
        sandbox.write("flowvet.toml", format!("rule-dirs = [\"flow-rules\"]\n{config}"));
        let report = sandbox.run(&["check", "--format", "json", "."]).json();
        let rules =
            report["findings"].as_array().unwrap().iter().map(|f| f["rule"].as_str().unwrap().to_owned());
        let mut rules: Vec<String> = rules.collect();
        rules.dedup();
        rules
    };
    assert_eq!(reported("select = [\"solution\"]"), [""; 0], "it holds even if the rule is not selected");
    assert_eq!(reported("select = [\"solution\", \"ctso-owner\"]"), ["ctso-owner"]);
    sandbox.write("flow-rules/ctso-owner.md", page.replace("supersedes = [\"competing-triggers\"]\n", ""));
    assert_eq!(reported("select = [\"solution\"]"), ["competing-triggers"]);
}
