//! The commands beside `check`: `rules`, `explain`, `inspect`, `test` and `completions`.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use common::{Sandbox, broken_flow, clean_flow, in_package};
use flowvet::linter::embedded_pages;

#[test]
fn rules_lists_every_rule_with_category_severity_and_summary() {
    let done = in_package(&["rules"]).expect(0);
    for page in embedded_pages() {
        let meta = page.meta().unwrap();
        let severity = if meta.default { meta.severity.name() } else { "off" };
        let is_row = |line: &&str| {
            let mut words = line.split_whitespace();
            words.next() == Some(&page.id) && words.next() == Some(severity) && line.ends_with(&meta.summary)
        };
        assert_eq!(done.out.lines().filter(is_row).count(), 1, "{} in:\n{}", page.id, done.out);
        assert!(done.out.lines().any(|line| line == page.category), "{}", page.category);
    }
}

#[test]
fn explain_prints_the_page_with_its_examples_headed() {
    for id in ["unknown-function", "empty-container"] {
        let done = in_package(&["explain", id]).expect(0);
        let page = embedded_pages().into_iter().find(|page| page.id == id).unwrap();
        assert_eq!(done.out, page.for_readers());
        assert!(done.out.starts_with(&format!("# {id}\n")) && done.out.contains("\n**Bad**\n\n```json\n"));
        assert_eq!(done.err, "");
    }
}

#[test]
fn explain_of_an_unknown_rule_names_the_nearest() {
    let done = in_package(&["explain", "unknown-functions"]).expect(2);
    assert!(done.err.contains("did you mean `unknown-function`?"), "{}", done.err);
    assert_eq!(done.out, "");
    let done = in_package(&["explain", "nothing-like-it"]).expect(2);
    assert!(done.err.contains("`flowvet rules` lists them"), "{}", done.err);
}

#[test]
fn inspect_shows_the_tree_of_a_flow() {
    let sandbox = Sandbox::new();
    let actions = serde_json::json!({
        "Check": {
            "type": "If",
            "expression": "@equals(1, 2)",
            "actions": {"Mail": {"type": "Http", "inputs": {"uri": "https://contoso.example"}}},
            "else": {"actions": {"Log": {"type": "Compose", "inputs": 1}}}
        },
        "Last": {"type": "Compose", "inputs": 1, "runAfter": {"Check": ["Failed", "TimedOut"]}}
    });
    sandbox.write("Order-0b1f6a3e-0000-4000-8000-000000000001.json", common::flow(&actions));
    let done = sandbox.run(&["inspect", "."]).expect(0);
    let expected = "\
Order (solution-flow, Order-0b1f6a3e-0000-4000-8000-000000000001.json)
  ▶ Every_day  Recurrence
  • Check  If
    yes:
      • Mail  Http
    no:
      • Log  Compose
  • Last  Compose  after Check Failed|TimedOut
";
    assert_eq!(done.out.trim_end(), expected.trim_end());
}

#[test]
fn inspect_counts_what_a_flow_consists_of() {
    let sandbox = Sandbox::new();
    let actions = serde_json::json!({
        "Set_up": {"type": "InitializeVariable", "inputs": {"variables": [{"name": "n", "type": "integer", "value": 1}]}},
        "Outer": {"type": "Scope", "actions": {"Inner": {"type": "Foreach", "foreach": "@body('x')", "actions": {
            "Odd": {"type": "Telepathy", "inputs": "@{variables('n')} and @{variables(}"}
        }}}}
    });
    sandbox.write("flow.json", common::flow(&actions));
    let document = sandbox.run(&["inspect", "--format", "json", "flow.json"]).expect(0).json();
    let flow = &document["flows"][0];
    for (key, count) in [
        ("triggers", 1),
        ("actions", 4),
        ("depth", 3),
        ("variables", 1),
        ("expressions", 3),
        ("expression_errors", 1),
    ] {
        assert_eq!(flow[key], count, "{key} in {flow}");
    }
    assert_eq!(flow["unknown_types"], serde_json::json!(["Telepathy"]));
}

#[test]
fn inspect_of_a_file_without_a_flow_ends_with_2_and_says_why() {
    let sandbox = Sandbox::new();
    sandbox.write("a.json", clean_flow()).write("other.json", "{}").write("broken.json", broken_flow());
    for (file, words) in [
        ("other.json", "it has no workflow definition"),
        ("broken.json", "line 1, column 1"),
        ("gone.json", "There is no such file"),
    ] {
        let done = sandbox.run(&["inspect", "--format", "json", "a.json", file]).expect(2);
        assert!(done.err.contains(file) && done.err.contains(words), "{}", done.err);
        assert_eq!(done.json()["flows"].as_array().unwrap().len(), 1, "the others are shown all the same");
    }
}

#[test]
fn inspect_of_a_folder_passes_over_what_is_no_flow() {
    let sandbox = Sandbox::new();
    sandbox.write("a.json", clean_flow()).write("package.json", "{}");
    let done = sandbox.run(&["inspect", "--format", "json", "."]).expect(0);
    assert_eq!(done.json()["flows"].as_array().unwrap().len(), 1);
    assert_eq!(done.err, "");
}

#[test]
fn inspect_needs_a_path() {
    let done = Sandbox::new().run(&["inspect"]).expect(2);
    assert_eq!(done.out, "");
}

/// The page of a declarative rule that forbids actions of a type, with that bad example.
fn page(id: &str, bad: &str) -> String {
    format!(
        r#"# {id}

No waiting.

```toml
severity = "note"
since = "0.1.0"
precision = "high"
reports = "once per action"

[check]
on = "action"
type = "Wait"
require = {{ path = "$.inputs", absent = true }}
message = "'{{name}}' waits"
```

## Example

```json bad
{bad}```

```json good
{{
  "Go_on": {{"type": "Compose", "inputs": 1}}
}}
```
"#
    )
}

const MARKED: &str = "{\n  \"Pause\": {\"type\": \"Wait\", \"inputs\": {}}\n//^^^^^^^\n}\n";

#[test]
fn a_page_whose_examples_hold_passes() {
    let sandbox = Sandbox::new();
    sandbox
        .write("rules/ours/no-waiting.md", page("no-waiting", MARKED))
        .write("rules/README.md", "# Not a rule");
    for path in ["rules", "rules/ours/no-waiting.md"] {
        let done = sandbox.run(&["test", path]).expect(0);
        assert_eq!(done.out, "1 page, 0 failures\n");
    }
}

#[test]
fn a_page_whose_examples_do_not_hold_fails_with_the_line_of_the_example() {
    let sandbox = Sandbox::new();
    let fence = 1 + page("no-waiting", MARKED).lines().position(|line| line == "```json bad").unwrap();
    for (bad, words) in [
        (MARKED.replace("//^^^^^^^\n", ""), "labels are 2:3 (7 wide) and the marks say nothing"),
        (MARKED.replace("//^^^^^^^", "//^^^^^^"), "and the marks say 2:3 (6 wide)"),
        (MARKED.replace("Wait", "Compose"), "nothing is found in a bad example"),
        (MARKED.replace('}', ""), "the example is no JSON"),
    ] {
        sandbox.write("rules/ours/no-waiting.md", page("no-waiting", &bad));
        let done = sandbox.run(&["test", "rules"]).expect(1);
        assert!(
            done.out.contains(&format!("no-waiting.md:{fence}: ")) && done.out.contains(words),
            "{}",
            done.out
        );
        assert!(done.out.ends_with("1 page, 1 failure\n"), "{}", done.out);
    }
}

#[test]
fn a_page_that_is_no_page_fails_with_line_and_reason() {
    let sandbox = Sandbox::new();
    let whole = page("no-waiting", MARKED);
    for (text, line, words) in [
        (
            whole.replace("# no-waiting", "# waiting"),
            1,
            "the heading is `waiting` and the file is called `no-waiting`",
        ),
        (whole.replace("# no-waiting", "No waiting"), 1, "a page begins with its heading, `# no-waiting`"),
        (whole.replace("severity = \"note\"", "severity = \"grave\""), 6, "`severity` is"),
        (whole.replace("since = \"0.1.0\"", "sinse = \"0.1.0\""), 7, "unknown key `sinse`"),
        (whole.replace("path = \"$.inputs\"", "path = \"$..inputs\""), 14, "descends with `..`"),
        (whole.replace("'{name}' waits", "'{nme}' waits"), 15, "there is no placeholder {nme}"),
        (whole.replace("[check]", "[chekc]"), 11, "unknown key `chekc`"),
        (whole.split("[check]").next().unwrap().to_owned() + "```\n", 1, "the page has no [check]"),
    ] {
        sandbox.write("no-waiting.md", &text);
        let done = sandbox.run(&["test", "no-waiting.md"]).expect(1);
        assert!(
            done.out.contains(&format!("no-waiting.md:{line}: ")) && done.out.contains(words),
            "{}",
            done.out
        );
    }
}

#[test]
fn bless_writes_marks_and_words_and_then_the_page_passes() {
    let sandbox = Sandbox::new();
    sandbox.write("rules/ours/no-waiting.md", page("no-waiting", &MARKED.replace("//^^^^^^^\n", "")));
    sandbox.run(&["test", "rules"]).expect(1);
    sandbox.run(&["test", "--bless", "rules"]).expect(0);
    let pinned = "```\n\n```text expect\nnote: 'Pause' waits\n```\n\n```json good";
    let page = page("no-waiting", MARKED).replace("```\n\n```json good", pinned);
    assert_eq!(sandbox.read("rules/ours/no-waiting.md"), page);
    sandbox.run(&["test", "rules"]).expect(0);
}

#[test]
fn testing_no_page_at_all_is_a_failure() {
    let sandbox = Sandbox::new();
    sandbox.write("rules/README.md", "# Not a rule");
    sandbox.run(&["test", "rules"]).expect(2);
    sandbox.run(&["test", "gone"]).expect(2);
    sandbox.run(&["test"]).expect(2);
}

#[test]
fn help_and_version_are_answers_and_no_mistakes() {
    let sandbox = Sandbox::new();
    for arguments in [&["--help"][..], &["check", "--help"], &["--version"], &["help", "check"]] {
        let done = sandbox.run(arguments).expect(0);
        assert!(done.out.contains("flowvet") || done.out.contains("Usage"), "{arguments:?}: {}", done.out);
        assert_eq!(done.err, "");
    }
    assert_eq!(sandbox.run(&["--version"]).out, format!("flowvet {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn completions_know_commands_options_rules_and_formats() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let done = sandbox.run(&["completions", shell]).expect(0);
        // An option stands without its dashes in fish; the last two shells are offered no values.
        let values: &[&str] = match shell {
            "powershell" | "elvish" => &[],
            _ => &["unknown-function", "error-handling", "sarif"],
        };
        for word in ["inspect", "files-from"].iter().chain(values) {
            assert!(done.out.contains(word), "{word} for {shell}");
        }
        assert_eq!(done.err, "");
    }
    let done = sandbox.run(&["completions", "cmd"]).expect(2);
    assert!(done.err.contains("powershell"), "{}", done.err);
}
