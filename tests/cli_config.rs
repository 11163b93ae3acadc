//! Which rules run: `flowvet.toml`, `--select`, `--ignore`, and what is said of mistakes in them.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use std::collections::BTreeSet;

use common::{Run, Sandbox, marked};
use serde_json::json;

/// A sandbox whose one flow has one finding of each of three rules.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let actions = json!({
        "Empty": {"type": "Scope", "actions": {}},
        "Due": {"type": "Compose", "inputs": "@addMonths(utcNow(), 1)"},
        "Open": {"type": "Compose", "inputs": "@utcNow("}
    });
    sandbox.write("flow.json", common::flow(&actions));
    sandbox
}

/// The rules that report in it, as `severity[id]`.
fn rules(sandbox: &Sandbox, arguments: &[&str]) -> BTreeSet<String> {
    let arguments = [&["check", "--format", "json", "flow.json"], arguments].concat();
    let report = sandbox.run(&arguments).json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|f| format!("{}[{}]", text(&f["severity"]), text(&f["rule"]))).collect()
}

fn set(rules: &[&str]) -> BTreeSet<String> {
    rules.iter().map(|&rule| rule.to_owned()).collect()
}

const EMPTY: &str = "warning[empty-container]";
const UNKNOWN: &str = "error[unknown-function]";
const INVALID: &str = "error[invalid-expression]";

/// What is said of a configuration file.
fn refused(config: &str) -> Run {
    let sandbox = sandbox();
    sandbox.write("flowvet.toml", config);
    let done = sandbox.run(&["check", "flow.json"]).expect(2);
    assert_eq!(done.out, "", "nothing is checked with half a configuration");
    done
}

#[test]
fn the_default_rules_run_where_nothing_else_is_said() {
    let rules = rules(&sandbox(), &[]);
    assert!(rules.is_superset(&set(&[EMPTY, UNKNOWN, INVALID])), "{rules:?}");
}

#[test]
fn select_replaces_the_default_rules() {
    let sandbox = sandbox();
    assert_eq!(rules(&sandbox, &["--select", "empty-container"]), set(&[EMPTY]));
    assert_eq!(rules(&sandbox, &["--select", "empty-container,unknown-function"]), set(&[EMPTY, UNKNOWN]));
    assert_eq!(
        rules(&sandbox, &["--select", "empty-container", "--select", "unknown-function"]),
        set(&[EMPTY, UNKNOWN])
    );
    assert_eq!(rules(&sandbox, &["--select", "security"]), set(&[]));
}

#[test]
fn a_category_stands_for_its_rules_and_all_for_every_rule() {
    let sandbox = sandbox();
    assert!(rules(&sandbox, &["--select", "correctness"]).is_superset(&set(&[UNKNOWN, INVALID])));
    assert!(!rules(&sandbox, &["--select", "correctness"]).contains(EMPTY));
    assert!(rules(&sandbox, &["--select", "all"]).is_superset(&set(&[EMPTY, UNKNOWN, INVALID])));
}

#[test]
fn ignore_takes_away_whatever_selected_it() {
    let sandbox = sandbox();
    assert!(!rules(&sandbox, &["--ignore", "empty-container"]).contains(EMPTY));
    assert_eq!(
        rules(&sandbox, &["--select", "correctness,structure", "--ignore", "correctness"]),
        set(&[EMPTY])
    );
    assert_eq!(rules(&sandbox, &["--select", "empty-container", "--ignore", "empty-container"]), set(&[]));
    assert_eq!(rules(&sandbox, &["--ignore", "all"]), set(&[]));
}

#[test]
fn a_rule_that_does_not_exist_is_refused_with_the_nearest_name() {
    for arguments in [["--select", "empty-contaner"], ["--ignore", "empty-contaner"]] {
        let done = sandbox().run(&[&["check", "flow.json"], &arguments[..]].concat()).expect(2);
        let words = "there is no rule or category `empty-contaner`: did you mean `empty-container`?";
        assert!(done.err.contains(words), "{}", done.err);
    }
    let done = sandbox().run(&["check", "--select", "nothing-like-it", "flow.json"]).expect(2);
    assert!(done.err.contains("`flowvet rules` lists them"), "{}", done.err);
}

#[test]
fn the_configuration_selects_extends_and_ignores() {
    let sandbox = sandbox();
    sandbox.write("flowvet.toml", "select = [\"unknown-function\"]\nextend-select = [\"structure\"]\n");
    assert_eq!(rules(&sandbox, &[]), set(&[EMPTY, UNKNOWN]));
    sandbox.write("flowvet.toml", "ignore = [\"empty-container\", \"correctness\"]\n");
    let left = rules(&sandbox, &[]);
    assert!(left.is_disjoint(&set(&[EMPTY, UNKNOWN, INVALID])), "{left:?}");
}

#[test]
fn a_configuration_about_one_rule_leaves_the_others_on() {
    let sandbox = sandbox();
    sandbox.write("flowvet.toml", "[rules.empty-container]\nseverity = \"note\"\n");
    let rules = rules(&sandbox, &[]);
    assert!(rules.is_superset(&set(&["note[empty-container]", UNKNOWN, INVALID])), "{rules:?}");
}

#[test]
fn the_command_line_selects_in_place_of_the_file_and_ignores_on_top_of_it() {
    let sandbox = sandbox();
    sandbox.write("flowvet.toml", "extend-select = [\"all\"]\nignore = [\"empty-container\"]\n");
    assert_eq!(rules(&sandbox, &["--select", "empty-container,unknown-function"]), set(&[UNKNOWN]));
    assert!(rules(&sandbox, &["--ignore", "unknown-function"]).is_disjoint(&set(&[EMPTY, UNKNOWN])));
}

#[test]
fn the_configuration_sets_severities_and_options() {
    let sandbox = sandbox();
    let config =
        "[rules.unknown-function]\nseverity = \"warning\"\n\n[rules.oversized-flow]\nmax-actions = 1_000\n";
    sandbox.write("flowvet.toml", config);
    assert!(rules(&sandbox, &[]).contains("warning[unknown-function]"));
    sandbox.write("flowvet.toml", "select = [\"oversized-flow\"]\n[rules.oversized-flow]\nmax-actions = 2\n");
    assert_eq!(rules(&sandbox, &[]), set(&["note[oversized-flow]"]));
    sandbox.write("flowvet.toml", "select = [\"oversized-flow\"]\n[rules.oversized-flow]\nmax-actions = 3\n");
    assert_eq!(rules(&sandbox, &[]), set(&[]));
}

#[test]
fn the_nearest_configuration_upward_holds_alone() {
    let sandbox = sandbox();
    sandbox.write("flowvet.toml", "ignore = [\"empty-container\"]\n");
    sandbox.write("sub/flow.json", sandbox.read("flow.json"));
    let in_sub = |arguments: &[&str]| {
        let mut command = sandbox.program();
        command
            .current_dir(sandbox.path("sub"))
            .args(["check", "--format", "concise", "flow.json"])
            .args(arguments);
        common::run(&mut command, b"").out
    };
    assert!(!in_sub(&[]).contains("empty-container") && in_sub(&[]).contains("unknown-function"));
    sandbox.write("sub/flowvet.toml", "ignore = [\"unknown-function\"]\n");
    assert!(in_sub(&[]).contains("empty-container") && !in_sub(&[]).contains("unknown-function"));
}

#[test]
fn a_configuration_above_the_repository_does_not_count() {
    let sandbox = sandbox();
    sandbox.write("flowvet.toml", "select = []\n").write("inner/.git/HEAD", "");
    sandbox.write("inner/flow.json", sandbox.read("flow.json"));
    let mut command = sandbox.program();
    command.current_dir(sandbox.path("inner")).args(["check", "flow.json"]);
    common::run(&mut command, b"").expect(1);
}

#[test]
fn a_configuration_can_be_named_or_switched_off() {
    let sandbox = sandbox();
    sandbox
        .write("flowvet.toml", "select = []\n")
        .write("ci/strict.toml", "select = [\"empty-container\"]\n");
    assert_eq!(rules(&sandbox, &[]), set(&[]));
    assert_eq!(rules(&sandbox, &["--config", "ci/strict.toml"]), set(&[EMPTY]));
    assert!(rules(&sandbox, &["--no-config"]).len() >= 3);
    sandbox.run(&["check", "--config", "ci/strict.toml", "--no-config", "flow.json"]).expect(2);
    let done = sandbox.run(&["check", "--config", "gone.toml", "flow.json"]).expect(2);
    assert!(done.err.contains("gone.toml"), "{}", done.err);
}

#[test]
fn mistakes_in_a_configuration_are_shown_with_line_and_caret() {
    for (config, words, line, underlined) in [
        ("selct = [\"all\"]", "unknown key `selct`: did you mean `select`?", 1, "selct"),
        ("\n\nwhatever = 1", "unknown key `whatever`: there are select", 3, "whatever"),
        ("select = \"all\"", "`select` is a list of texts", 1, "\"all\""),
        ("ignore = [\"all\", 3]", "`ignore` is a list of texts", 1, "3"),
        ("ignore = [\"a-ll\"]", "there is no rule or category `a-ll`", 1, "\"a-ll\""),
        (
            "[rules.nothing-like-it]\nseverity = \"note\"",
            "there is no rule or category `nothing-like-it`",
            1,
            "nothing-like-it",
        ),
        ("[rules.empty-container]\nseverity = \"off\"", "list it in `ignore`", 2, "\"off\""),
        ("[rules.oversized-flow]\nmax-action = 3", "did you mean `max-actions`?", 2, "max-action"),
        (
            "[rules.oversized-flow]\nmax-actions = \"3\"",
            "`max-actions` takes a whole number and got a text",
            2,
            "max-actions",
        ),
        ("[rules.oversized-flow]\nmax-actions = 1.5", "an option is a number, a text", 2, "1.5"),
        ("[rules.empty-container]\nsize = 3", "this rule has none", 2, "size"),
        ("[rules]\nempty-container = 3", "the settings of a rule are a table", 2, "3"),
        ("rules = 3", "`rules` is a table", 1, "3"),
        ("exclude = [\"a\", 'b\\c']", "`b\\c` is no pattern", 1, "'b\\c'"),
        ("exclude = [\"./a\"]", "`./a` is no pattern", 1, "\"./a\""),
        ("exclude = [\" \"]", "` ` is no pattern", 1, "\" \""),
        ("ignore = []\nignore = []", "duplicate key", 2, "ignore"),
    ] {
        let done = refused(config);
        assert!(done.err.contains(words), "{config}: {}", done.err);
        assert!(done.err.contains("flowvet.toml:"), "the file is named: {}", done.err);
        assert_eq!(marked(&done.err), (line, underlined.to_owned()), "{config}: {}", done.err);
    }
}

#[test]
fn a_configuration_that_is_no_toml_says_where() {
    let done = refused("select = [\n  \"all\"\nignore = []\n");
    assert!(done.err.contains("flowvet.toml:"), "{}", done.err);
    let done = refused("select = [\"all\n");
    assert!(done.err.contains("flowvet.toml:1:"), "{}", done.err);
}

#[test]
fn a_configuration_may_have_a_byte_order_mark_and_windows_lines() {
    let sandbox = sandbox();
    sandbox.write("flowvet.toml", "\u{feff}# ours\r\nselect = [\"empty-container\"]\r\n");
    assert_eq!(rules(&sandbox, &[]), set(&[EMPTY]));
}

#[test]
fn an_option_that_two_rules_have_is_marked_where_the_wrong_one_stands() {
    let sandbox = Sandbox::new();
    sandbox.write("a.json", common::clean_flow());
    sandbox.write(
        "flowvet.toml",
        "[rules.deep-nesting]\nmax-depth = 3\n[rules.oversized-flow]\nmax-depth = 1\n",
    );
    let done = sandbox.run(&["check", "a.json"]).expect(2);
    assert!(done.err.contains("flowvet.toml:4:1"), "{}", done.err);
}

#[test]
fn a_rule_that_supersedes_another_knows_what_that_one_was_told() {
    let sandbox = Sandbox::new();
    let flow = json!({
        "properties": {
            "connectionReferences": {"shared_teams": {
                "runtimeSource": "embedded",
                "connection": {"connectionReferenceLogicalName": "ctso_teams"},
                "api": {"name": "shared_teams"}
            }},
            "definition": {
                "triggers": {"manual": {"type": "Request", "kind": "PowerAppV2"}},
                "actions": {"Tell": {"type": "OpenApiConnection", "inputs": {"host": {"connectionName": "shared_teams"}}}}
            }
        },
        "schemaVersion": "1.0.0.0"
    });
    sandbox.write("Workflows/Tell-0B1F6A3E-0000-4000-8000-000000000001.json", flow.to_string());
    sandbox.write(
        "config/deploymentSettings.json",
        r#"{"ConnectionReferences": [{"LogicalName": "ctso_teams", "ConnectionOwner": "orders@contoso.com"}]}"#,
    );
    let found = |config: &str| {
        sandbox.write("flowvet.toml", config);
        let report = sandbox.run(&["check", "--format", "json", "Workflows"]).json();
        let findings = report["findings"].as_array().unwrap();
        findings.iter().map(|f| f["rule"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let select = "select = [\"connections\"]\n";
    let told = "[rules.personal-connection]\nservice-accounts = [\"orders@*\"]\n";
    let own = "[rules.invoker-connection]\nservice-accounts = [\"svc-*\"]\n";
    assert_eq!(found(select), ["invoker-connection"]);
    assert_eq!(found(&[select, told].concat()), [""; 0]);
    assert_eq!(found(&[select, told, own].concat()), ["invoker-connection"]);
}
