//! What stands beside a page for tests: cases, scenery, and blocks that pin what is said.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use common::Sandbox;

/// A rule of a team about waits in flows that people start, with this behind its check.
fn page(rest: &str) -> String {
    format!(
        r#"# no-waiting

No waiting.

```toml
severity = "note"

[check]
on = "action"
type = "Wait"
message = "'{{name}}' waits"
help = "Do it in a flow of its own."
```

## Example

```json bad
{{
  "Pause": {{"type": "Wait", "inputs": {{}}}}
//^^^^^^^
}}
```
{rest}
```json good
{{
  "Go_on": {{"type": "Compose", "inputs": 1}}
}}
```
"#
    )
}

/// What `flowvet test` says of the page, with its exit code.
fn tested(sandbox: &Sandbox, code: i32) -> String {
    sandbox.run(&["test", "rules"]).expect(code).out
}

#[test]
fn a_block_pins_what_is_said() {
    let sandbox = Sandbox::new();
    let pinned = |words: &str| page(&format!("\n```text expect\n{words}```\n"));
    sandbox.write("rules/no-waiting.md", pinned("note: 'Pause' waits\nhelp: Do it in a flow of its own.\n"));
    assert_eq!(tested(&sandbox, 0), "1 page, 0 failures\n");
    for (words, line, said) in [
        (
            "note: 'Pause' waits\n",
            26,
            "it says `help: Do it in a flow of its own.`, and the block has nothing more",
        ),
        (
            "error: 'Pause' waits\nhelp: Do it in a flow of its own.\n",
            25,
            "it says `note: 'Pause' waits`, and",
        ),
        ("", 25, "it says `note: 'Pause' waits`, and the block has nothing more"),
    ] {
        sandbox.write("rules/no-waiting.md", pinned(words));
        let out = tested(&sandbox, 1);
        assert!(out.contains(&format!("no-waiting.md:{line}: {said}")), "{out}");
    }
    sandbox.run(&["test", "--bless", "rules"]).expect(0);
    let blessed = pinned("note: 'Pause' waits\nhelp: Do it in a flow of its own.\n");
    assert_eq!(sandbox.read("rules/no-waiting.md"), blessed);
}

#[test]
fn a_page_without_blocks_is_fine() {
    let sandbox = Sandbox::new();
    sandbox.write("rules/no-waiting.md", page(""));
    assert_eq!(tested(&sandbox, 0), "1 page, 0 failures\n");
}

/// A case that is bad, with its marks.
const CASE: &str = "# Cases of no-waiting\n\n## Inside a scope\n\n```json bad\n{\n  \"Try\": {\"type\": \"Scope\", \"actions\": {\n    \"Wait_here\": {\"type\": \"Wait\"}\n//  ^^^^^^^^^^^\n  }}\n}\n```\n";

#[test]
fn cases_beside_a_page_are_its_examples_and_no_page() {
    let sandbox = Sandbox::new();
    sandbox.write("rules/no-waiting.md", page("")).write("rules/no-waiting.cases.md", CASE);
    for path in ["rules", "rules/no-waiting.md", "rules/no-waiting.cases.md"] {
        assert_eq!(sandbox.run(&["test", path]).expect(0).out, "1 page, 0 failures\n", "{path}");
    }
    sandbox.write("rules/no-waiting.cases.md", CASE.replace("//  ^^^^^^^^^^^\n", ""));
    let out = tested(&sandbox, 1);
    assert!(
        out.contains("no-waiting.cases.md:5: labels are 3:5 (11 wide) and the marks say nothing"),
        "{out}"
    );
    sandbox.run(&["test", "--bless", "rules"]).expect(0);
    let blessed = sandbox.read("rules/no-waiting.cases.md");
    assert!(
        blessed.starts_with(CASE) && blessed.contains("```text expect\nnote: 'Wait_here' waits\n"),
        "{blessed}"
    );
    // A rule folder takes them for what they are, too.
    sandbox.write("flowvet.toml", "rule-dirs = [\"rules\"]\n").write("flow.json", common::clean_flow());
    sandbox.run(&["check", "."]).expect(0);
}

#[test]
fn cases_need_no_good_example_and_their_fences_are_closed() {
    let sandbox = Sandbox::new();
    sandbox.write("rules/no-waiting.md", page(""));
    sandbox.write("rules/no-waiting.cases.md", CASE.trim_end().trim_end_matches('`'));
    assert!(tested(&sandbox, 1).contains("no-waiting.cases.md:5: nothing closes this fence"));
}

#[test]
fn scenery_is_put_around_an_example() {
    let button = r#"{"triggers": {"manual": {"type": "Request", "kind": "Button"}}}"#;
    let sandbox = Sandbox::new();
    let rule = page("")
        .replace("type = \"Wait\"", "type = \"Wait\"\nwhere = [{ path = \"{type}\", one-of = [\"Wait\"] }]");
    sandbox.write("rules/ours/no-waiting.md", rule);
    let case = |given: &str| CASE.replace("```json bad", &format!("```json bad given={given}"));
    // Beside the pages, and beside their folder.
    for folder in ["rules/ours/given", "rules/given"] {
        let sandbox = Sandbox::new();
        sandbox.write("rules/ours/no-waiting.md", page("")).write(&format!("{folder}/button.json"), button);
        sandbox.write("rules/ours/no-waiting.cases.md", case("button"));
        assert_eq!(tested(&sandbox, 0), "1 page, 0 failures\n");
    }
    sandbox.write("rules/given/button.json", button);
    for (text, said) in [
        (case("buton"), "there is no scenery `buton`: there is button"),
        (case("button").replace("\"Try\"", "\"triggers\": {}, \"Try\""), "have `triggers`"),
    ] {
        sandbox.write("rules/ours/no-waiting.cases.md", text);
        let out = tested(&sandbox, 1);
        assert!(out.contains(said), "{out}");
    }
    sandbox
        .write("rules/given/button.json", r#"{"trigger": {}}"#)
        .write("rules/ours/no-waiting.cases.md", case("button"));
    assert!(tested(&sandbox, 1).contains("the scenery `button` is an object of triggers, actions,"));
}

#[test]
fn an_example_in_scenery_is_a_whole_flow() {
    let sandbox = Sandbox::new();
    let rule =
        page("").replace("on = \"action\"\ntype = \"Wait\"", "on = \"trigger\"\ntype = \"Request\"").replace(
            "\n  \"Pause\": {\"type\": \"Wait\", \"inputs\": {}}\n//^^^^^^^\n",
            "\n  \"triggers\": {\n    \"Pause\": {\"type\": \"Request\"}\n//  ^^^^^^^\n  }\n",
        );
    sandbox.write("rules/no-waiting.md", rule);
    // The scenery has the trigger that the rule looks at: it is found, and no mark of the example can show it.
    sandbox.write("rules/given/button.json", r#"{"triggers": {"manual": {"type": "Request"}}}"#);
    sandbox.write(
        "rules/no-waiting.cases.md",
        "# Cases\n\n```json good given=button\n{\n  \"Note\": {\"type\": \"Compose\", \"inputs\": 1}\n}\n```\n",
    );
    let out = tested(&sandbox, 1);
    assert!(out.contains("found in a good example"), "{out}");
}
