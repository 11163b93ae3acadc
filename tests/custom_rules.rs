//! Rules of a team: pages from `rule-dirs`, run, listed and explained with those of flowvet, and refused with
//! place and reason before anything is checked.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use std::collections::BTreeSet;

use common::{Sandbox, files_below, fixture, flow, in_package, package};
use flowvet::linter::{Examples, Given, Page};
use flowvet::project::rule_dirs;
use serde_json::json;

const ID: &str = "ctso-no-waiting";

/// A page of a rule that forbids actions of a type; the texts stand in the place of its own.
fn page() -> String {
    r#"# ctso-no-waiting

A flow that waits.

```toml
severity = "note"

[check]
on = "action"
type = "Wait"
where = [{ path = "$.inputs", present = true }]
require = { path = "$.inputs.unit", one-of = ["Second"] }
message = "'{name}' waits"
help = "Do not."
```

## Why it matters

Ours are fast.

```json bad
{
  "Pause": {"type": "Wait", "inputs": {}}
//^^^^^^^
}
```

```json good
{
  "Go_on": {"type": "Compose", "inputs": 1}
}
```
"#
    .to_owned()
}

/// A page of that id, otherwise the same.
fn page_of(id: &str) -> String {
    page().replace(ID, id)
}

/// A repository with a flow that waits and has an empty scope, one rule of its own and a configuration.
fn sandbox(config: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let actions = json!({
        "Pause": {"type": "Wait", "inputs": {"interval": 3}, "runAfter": {}},
        "Empty": {"type": "Scope", "actions": {}, "runAfter": {"Pause": ["Succeeded"]}}
    });
    sandbox.write("flow.json", flow(&actions)).write("flow-rules/ctso-no-waiting.md", page());
    sandbox.write("flowvet.toml", format!("rule-dirs = [\"flow-rules\"]\n{config}"));
    sandbox
}

/// The rules that report in it, as `severity[id]`.
fn rules(sandbox: &Sandbox, arguments: &[&str]) -> BTreeSet<String> {
    let done = sandbox.run(&[&["check", "--format", "json", "flow.json"], arguments].concat());
    let document = done.json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let findings = document["findings"].as_array().unwrap();
    findings.iter().map(|f| format!("{}[{}]", text(&f["severity"]), text(&f["rule"]))).collect()
}

fn has(rules: &BTreeSet<String>, rule: &str) -> bool {
    rules.contains(rule)
}

/// What is not as it should be where a page is refused; `line` is that of the page.
fn refusal(sandbox: &Sandbox, file: &str, line: usize, words: &str) -> Option<String> {
    let done = sandbox.run(&["check", "flow.json"]);
    let err = done.err.replace('\\', "/");
    let is_right = done.code == 2
        // Nothing is checked, and the caret stands where the fault is.
        && done.out.is_empty()
        && err.contains(words)
        && err.contains(&format!("[{file}:{line}:"))
        && err.contains("here");
    (!is_right).then(|| format!("wanted line {line}, {words}; code {}:\n{err}", done.code))
}

#[test]
fn rules_of_a_team_run_with_those_of_flowvet() {
    let sandbox = sandbox("");
    let all = rules(&sandbox, &[]);
    assert!(has(&all, "note[ctso-no-waiting]") && has(&all, "warning[empty-container]"), "{all:?}");
    let done = sandbox.run(&["check", "--format", "json", "--select", ID, "flow.json"]).expect(0);
    let finding = &done.json()["findings"][0];
    assert_eq!(finding["category"], "custom");
    assert_eq!((&finding["message"], &finding["help"]), (&json!("'Pause' waits"), &json!("Do not.")));
    assert_eq!(finding["element"], json!(["Pause"]));
    assert!(!has(&rules(&sandbox, &["--no-config"]), "note[ctso-no-waiting]"));
}

#[test]
fn they_are_selected_and_ignored_by_id_and_category() {
    for (config, runs) in [
        ("select = [\"ctso-no-waiting\"]", true),
        ("select = [\"custom\"]", true),
        ("select = [\"structure\"]", false),
        ("ignore = [\"custom\"]", false),
        ("ignore = [\"ctso-no-waiting\"]", false),
        ("select = [\"all\"]", true),
    ] {
        assert_eq!(has(&rules(&sandbox(config), &[]), "note[ctso-no-waiting]"), runs, "{config}");
    }
    let sandbox = sandbox("");
    assert_eq!(rules(&sandbox, &["--select", "custom"]), ["note[ctso-no-waiting]".to_owned()].into());
    assert!(!has(&rules(&sandbox, &["--ignore", ID]), "note[ctso-no-waiting]"));
}

#[test]
fn a_folder_below_is_the_category_and_may_be_one_of_flowvet() {
    let sandbox = sandbox("select = [\"structure\", \"naming\"]");
    sandbox
        .write("flow-rules/structure/ctso-in-structure.md", page_of("ctso-in-structure"))
        .write("flow-rules/naming/deeper/ctso-deep.md", page_of("ctso-deep"))
        .write("flow-rules/naming/ctso-naming.md", page_of("ctso-naming"));
    let all = rules(&sandbox, &[]);
    for (rule, runs) in [
        ("note[ctso-in-structure]", true),
        ("warning[empty-container]", true),
        ("note[ctso-naming]", true),
        ("note[ctso-deep]", false),
        ("note[ctso-no-waiting]", false),
    ] {
        assert_eq!(has(&all, rule), runs, "{rule} in {all:?}");
    }
}

#[test]
fn severity_and_opt_in_are_as_for_other_rules() {
    let sandbox = sandbox("[rules.ctso-no-waiting]\nseverity = \"error\"\n");
    assert!(has(&rules(&sandbox, &[]), "error[ctso-no-waiting]"));
    let opt_in = page().replace("severity = \"note\"", "severity = \"note\"\ndefault = false");
    sandbox.write("flow-rules/ctso-no-waiting.md", opt_in);
    assert!(!has(&rules(&sandbox, &[]), "error[ctso-no-waiting]"));
    assert!(has(&rules(&sandbox, &["--select", ID]), "error[ctso-no-waiting]"));
}

#[test]
fn a_rule_of_a_team_may_take_the_place_of_one_of_flowvet() {
    let instead = page()
        .replace("severity = \"note\"", "severity = \"note\"\nsupersedes = [\"empty-container\"]")
        .replace("\"Wait\"", "\"Scope\"")
        .replace("where = [{ path = \"$.inputs\", present = true }]\n", "");
    let sandbox = sandbox("");
    sandbox.write("flow-rules/ctso-no-waiting.md", instead);
    let all = rules(&sandbox, &[]);
    assert!(has(&all, "note[ctso-no-waiting]") && !has(&all, "warning[empty-container]"), "{all:?}");
}

#[test]
fn options_of_a_page_are_set_in_the_configuration() {
    let with_option = page()
        .replace("[check]", "[options]\nunits = [\"Second\"]\nkind = \"Wait\"\n\n[check]")
        .replace("[\"Second\"]\nkind", "[\"Second\"]\nof-type")
        .replace("type = \"Wait\"\nwhere", "type = \"{of-type}\"\nwhere")
        .replace("one-of = [\"Second\"]", "one-of = \"{units}\"")
        .replace("'{name}' waits", "'{name}' waits, and not for {units}");
    let sandbox = sandbox("[rules.ctso-no-waiting]\nunits = [\"Minute\", \"Hour\"]\n");
    sandbox.write("flow-rules/ctso-no-waiting.md", &with_option);
    let done = sandbox.run(&["check", "--format", "concise", "--select", ID, "flow.json"]).expect(0);
    assert!(done.out.contains("'Pause' waits, and not for Minute, Hour"), "{}", done.out);
    sandbox
        .write("flowvet.toml", "rule-dirs = [\"flow-rules\"]\n[rules.ctso-no-waiting]\nof-type = \"Wiat\"\n");
    let done = sandbox.run(&["check", "flow.json"]).expect(2);
    assert!(done.err.contains("there is no type of action `Wiat`: did you mean `Wait`?"), "{}", done.err);
    assert!(done.err.contains("[flowvet.toml:3:1]"), "{}", done.err);
}

#[test]
fn rules_and_explain_know_them_where_a_configuration_names_them() {
    let sandbox = sandbox("");
    let listed = sandbox.run(&["rules"]).expect(0).out;
    let rows: Vec<&str> = listed.lines().skip_while(|line| *line != "custom").take(2).collect();
    assert_eq!(rows.len(), 2, "{listed}");
    assert!(rows[1].trim_start().starts_with(ID) && rows[1].ends_with("note     A flow that waits."));
    assert!(listed.contains("empty-container"));
    let headed =
        page().replace("```json bad", "**Bad**\n\n```json").replace("```json good", "**Good**\n\n```json");
    assert_eq!(sandbox.run(&["explain", ID]).expect(0).out, headed);
    assert!(!sandbox.run(&["rules", "--no-config"]).expect(0).out.contains(ID));
    sandbox.run(&["explain", ID, "--no-config"]).expect(2);
    let done = sandbox.run(&["explain", "ctso-no-waitin"]).expect(2);
    assert!(done.err.contains("did you mean `ctso-no-waiting`?"), "{}", done.err);
    // What flowvet has itself can be read whatever the configuration says.
    sandbox.write("flow-rules/ctso-broken.md", "");
    sandbox.run(&["explain", "empty-container"]).expect(0);
    sandbox.run(&["explain", ID]).expect(2);
    sandbox.run(&["rules"]).expect(2);
}

#[test]
fn code_scanning_gets_the_page_and_no_address_of_flowvets_repository() {
    let sandbox = sandbox("");
    let document = sandbox.run(&["check", "--format", "sarif", "flow.json"]).json();
    let described = document["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let own = described.iter().find(|rule| rule["id"] == ID).unwrap();
    assert!(own["help"]["markdown"].as_str().unwrap().contains("Ours are fast."), "{own}");
    assert_eq!(own["shortDescription"]["text"], "A flow that waits.");
    assert!(own.get("helpUri").is_none(), "{own}");
    assert!(described.iter().any(|rule| rule["id"] == "empty-container" && rule["helpUri"].is_string()));
}

#[test]
fn folders_are_relative_to_the_configuration() {
    let sandbox = sandbox("");
    sandbox.write("sub/flow.json", sandbox.read("flow.json"));
    let mut command = sandbox.program();
    command.current_dir(sandbox.path("sub")).args(["check", "--format", "concise", "flow.json"]);
    assert!(common::run(&mut command, b"").out.contains(ID));
    sandbox.write("ci/flowvet.toml", "rule-dirs = [\"../flow-rules\"]\n");
    assert!(has(&rules(&sandbox, &["--config", "ci/flowvet.toml"]), "note[ctso-no-waiting]"));
}

#[test]
fn pages_in_the_encodings_of_windows_are_fine() {
    let sandbox = sandbox("");
    let utf_16 = |text: &str| {
        let units = text.encode_utf16().flat_map(u16::to_le_bytes);
        [0xff, 0xfe].into_iter().chain(units).collect::<Vec<u8>>()
    };
    let windows = page().replace('\n', "\r\n");
    for bytes in [utf_16(&windows), format!("\u{feff}{windows}").into_bytes(), windows.clone().into_bytes()] {
        sandbox.write("flow-rules/ctso-no-waiting.md", bytes);
        assert!(has(&rules(&sandbox, &[]), "note[ctso-no-waiting]"));
        assert_eq!(sandbox.run(&["test", "flow-rules"]).expect(0).out, "1 page, 0 failures\n");
    }
    // Blessing keeps the ends of lines, and leaves alone what it would have to encode anew.
    let unmarked = windows.replace("//^^^^^^^\r\n", "");
    sandbox.write("flow-rules/ctso-no-waiting.md", &unmarked);
    sandbox.run(&["test", "--bless", "flow-rules"]).expect(0);
    let block = "```text expect\nnote: 'Pause' waits\nhelp: Do not.\n```\n\n```json good";
    let blessed = page().replace("```json good", block).replace('\n', "\r\n");
    assert_eq!(sandbox.read("flow-rules/ctso-no-waiting.md"), blessed);
    sandbox.write("flow-rules/ctso-no-waiting.md", utf_16(&unmarked));
    let done = sandbox.run(&["test", "--bless", "flow-rules"]).expect(2);
    assert!(done.err.contains("save the page as UTF-8"), "{}", done.err);
}

#[test]
fn what_is_no_page_stays_out() {
    let sandbox = sandbox("");
    sandbox
        .write("flow-rules/README.md", "# Our rules")
        .write("flow-rules/naming/readme.md", "Read me.")
        .write("flow-rules/.drafts/not-yet.md", "# Not yet")
        .write("flow-rules/notes.txt", "no page");
    assert!(has(&rules(&sandbox, &[]), "note[ctso-no-waiting]"));
    let twice = "rule-dirs = [\"flow-rules\", \"./flow-rules\", \"flow-rules/naming/..\"]\n";
    sandbox.write("flowvet.toml", twice);
    assert!(has(&rules(&sandbox, &[]), "note[ctso-no-waiting]"), "a folder that is named twice is read once");
}

#[test]
fn a_page_that_is_wrong_is_refused_at_the_line() {
    let sandbox = sandbox("");
    let whole = page();
    let path = "path = \"$.inputs.unit\"";
    let one_of = "one-of = [\"Second\"]";
    let mut wrong = Vec::new();
    for (text, line, words) in [
        (String::new(), 1, "a page begins with its heading, `# ctso-no-waiting`"),
        ("\n \n".into(), 1, "a page begins with its heading"),
        (whole.replace("# ctso-no-waiting\n", ""), 2, "a page begins with its heading"),
        (whole.replace("# ctso-no-waiting", "# ctso-waiting"), 1, "the heading is `ctso-waiting`"),
        (whole.replace("A flow that waits.", "A flow that waits"), 3, "one sentence on one line"),
        (whole.replace("A flow that waits.\n", ""), 4, "one sentence on one line"),
        (whole.replace("```toml", "```"), 1, "the page has no `toml` block"),
        ("# ctso-no-waiting\n\nWaits.\n\n```toml\nseverity = \"note\"\n".into(), 5, "nothing closes the `toml`"),
        (whole.replace("severity = \"note\"", "severity = note"), 6, "invalid"),
        (whole.replace("severity = \"note\"\n", ""), 6, "`severity` is missing"),
        (whole.replace("\"note\"", "\"grave\""), 6, "`severity` is \"error\", \"warning\" or \"note\""),
        (whole.replace("severity", "sevirity"), 6, "unknown key `sevirity` in the `toml` block: did you mean"),
        (whole.replace("[check]", "[chekc]"), 8, "unknown key `chekc`"),
        (whole.replace("[check]", "[options]\nunits = 1.5\n\n[check]"), 9, "the option `units` is no number"),
        (whole.replace("[check]", "[options]\nUnits = 1\n\n[check]"), 9, "`Units` is no name of an option"),
        (whole.replace("[check]", "[options]\nname = 1\n\n[check]"), 8, "no option can be called `name`"),
        (whole.replace("[check]", "[options]\nunits = 1\n\n[check]"), 11, "uses the option `units`"),
        (whole.replace("on = \"action\"", "on = \"actions\""), 9, "`on` is one or more of flow, trigger"),
        (whole.replace("on = \"action\"", "on = [\"action\", \"text\"]"), 8, "checks of their own"),
        (whole.replace("on = \"action\"", "on = \"flow\""), 10, "`type` narrows triggers, actions, parameters"),
        (whole.replace("type = \"Wait\"", "tipe = \"Wait\""), 10, "unknown key `tipe` in [check]: did you mean"),
        (whole.replace("\"Wait\"\nw", "\"Waite\"\nw"), 10, "no type of action `Waite`: did you mean `Wait`?"),
        (whole.replace("\"Wait\"\nw", "\"Telepathy\"\nw"), 10, "can be selected by its path"),
        (whole.replace("\"Wait\"\nw", "3\nw"), 10, "`type` is a text or a list of texts"),
        (whole.replace("\"Wait\"\nw", "[]\nw"), 10, "`type` is an empty list"),
        (whole.replace("type = \"Wait\"", "kind = \"Buton\""), 10, "no kind `Buton`: did you mean `Button`?"),
        (whole.replace("type = \"Wait\"", "inside = \"Compose\""), 10, "no type of container `Compose`"),
        (whole.replace("type = \"Wait\"", "effect = \"writes\""), 10, "no effect `writes`: did you mean `write`?"),
        (whole.replace("type = \"Wait\"", "function = \"concat\""), 10, "`function` narrows calls"),
        (whole.replace("type = \"Wait\"", "connector = \"Office 365\""), 10, "`Office 365` is no id of connectors"),
        (whole.replace("type = \"Wait\"", "operation = \"\""), 10, "is no id of operations"),
        (whole.replace("where = [{ path = \"$.inputs\", present = true }]", "where = 3"), 11, "a list of tables"),
        (whole.replace("present = true", "present = false"), 11, "`present` is true or left out"),
        (whole.replace(path, "path = \"$..unit\""), 12, "`$..unit` descends with `..`"),
        (whole.replace(path, "path = \"inputs.unit\""), 12, "`inputs.unit` is no JSONPath"),
        (whole.replace(path, "path = \"{nme}\""), 12, "`{nme}` is no place of values: there are {name}"),
        (whole.replace(path, "path = []"), 12, "`path` is an empty list"),
        (whole.replace(&format!("{path}, "), ""), 8, "a requirement has no `path`"),
        (whole.replace(one_of, "pattern = \"(\""), 12, "`(` is no pattern: unclosed group"),
        (whole.replace(one_of, "pattern = \"a(?!b)\""), 12, "look-around"),
        (whole.replace(one_of, "pattern = \"{x}\""), 12, "there is no option `x`: the page has no [options]"),
        (whole.replace(one_of, "oneof = [\"a\"]"), 12, "unknown key `oneof` in a requirement: did you mean `one-of`?"),
        (whole.replace(one_of, "one-of = [3]"), 12, "`one-of` is a text or a list of texts"),
        (whole.replace(one_of, "literal = true"), 12, "a requirement has a test"),
        (whole.replace(one_of, "absent = true, present = true"), 12, "a requirement has one test"),
        (whole.replace(one_of, "count = { most = 3 }"), 12, "`count` is a table of `min` and `max`"),
        (whole.replace(one_of, "count = {}"), 12, "`count` is a table of `min` and `max`"),
        (whole.replace(one_of, "length = { min = 3, max = 2 }"), 12, "`min` is above `max`"),
        (whole.replace(one_of, "length = { min = -1 }"), 12, "`min` is a whole number"),
        (whole.replace(one_of, "duration = { max = \"7 days\" }"), 12, "`7 days` is no duration"),
        (whole.replace("'{name}' waits", "'{nam}' waits"), 13, "no placeholder {nam}: did you mean {name}?"),
        (whole.replace("'{name}' waits", "{name waits"), 13, "a { that nothing closes"),
        (whole.replace("message = \"'{name}' waits\"\n", ""), 8, "`message` is missing in [check]"),
        (whole.replace("\"Do not.\"", "3"), 14, "`help` is a text"),
        (whole.replace("[check]\non = \"action\"\ntype = \"Wait\"\nwhere = [{ path = \"$.inputs\", present = true }]\nrequire = { path = \"$.inputs.unit\", one-of = [\"Second\"] }", "[check]"), 8, "all would be reported"),
        (whole.split("[check]").next().unwrap().to_owned() + "```\n", 1, "the page has no [check]"),
        (whole.replace("severity = \"note\"", "severity = \"note\"\nsupersedes = [\"empty-contaner\"]"), 1, "did you mean `empty-container`?"),
        (whole.replace("severity = \"note\"", "severity = \"note\"\nsupersedes = [\"ctso-no-waiting\"]"), 1, "names the rule itself"),
        (whole.replace("json bad", "json"), 1, "the page has no `json bad` example"),
        (whole.replace("json good", "json"), 1, "the page has no `json good` example"),
        (whole.trim_end().trim_end_matches('`').to_owned(), 28, "nothing closes this fence"),
    ] {
        sandbox.write("flow-rules/ctso-no-waiting.md", &text);
        wrong.extend(refusal(&sandbox, "flow-rules/ctso-no-waiting.md", line, words));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_id_is_taken_once() {
    let sandbox = sandbox("");
    for (file, id, words) in [
        ("empty-container", "empty-container", "flowvet has a rule `empty-container` of its own"),
        ("error-handling", "error-handling", "`error-handling` is a category"),
        ("single", "single", "two or more words in small letters"),
        ("Ctso-Waiting", "Ctso-Waiting", "two or more words in small letters"),
        ("ctso_waiting", "ctso_waiting", "two or more words in small letters"),
        ("ctso--waiting", "ctso--waiting", "two or more words in small letters"),
        ("ctso waiting", "ctso waiting", "two or more words in small letters"),
        ("two-words/ctso-a", "ctso-a", ""),
        ("ctso-a/ctso-b", "ctso-b", "category"),
        ("all/ctso-c", "ctso-c", "that word has another meaning"),
        ("waivers/ctso-c", "ctso-c", "that word has another meaning"),
        ("Naming/ctso-c", "ctso-c", "small letters, digits, hyphens"),
        ("our rules/ctso-d", "ctso-d", "the folder `our rules` is the page's category"),
    ] {
        let path = format!("flow-rules/{file}.md");
        sandbox.write(&path, page_of(id));
        if words.is_empty() {
            sandbox.run(&["check", "flow.json"]);
            continue;
        }
        let done = sandbox.run(&["check", "flow.json"]).expect(2);
        assert!(done.err.contains(words) && done.err.contains(":1:"), "{words} in {}", done.err);
        std::fs::remove_file(sandbox.path(&path)).unwrap();
    }
}

#[test]
fn two_rules_of_one_id_are_refused_and_both_are_named() {
    let sandbox = sandbox("");
    sandbox.write("flow-rules/naming/ctso-no-waiting.md", page());
    let done = sandbox.run(&["check", "flow.json"]).expect(2);
    let err = done.err.replace('\\', "/");
    for words in [
        "two rules are called `ctso-no-waiting`",
        "flow-rules/ctso-no-waiting.md",
        "flow-rules/naming/ctso-no-waiting.md",
    ] {
        assert!(err.contains(words), "{words} in {err}");
    }
}

#[test]
fn a_folder_without_pages_is_refused_in_the_configuration() {
    let sandbox = sandbox("");
    sandbox.write("empty/README.md", "# Nothing yet").write("file.md", page());
    for (dir, words) in [
        ("gone", "the rule folder `gone` is not there"),
        ("empty", "there is no rule page in `empty`"),
        ("file.md", "the rule folder `file.md` is no folder"),
    ] {
        sandbox.write("flowvet.toml", format!("\nrule-dirs = [\"flow-rules\", \"{dir}\"]\n"));
        let done = sandbox.run(&["check", "flow.json"]).expect(2);
        assert_eq!(done.out, "");
        assert!(done.err.contains(words) && done.err.contains("[flowvet.toml:2:28]"), "{}", done.err);
    }
    sandbox.write("flowvet.toml", "rule-dirs = \"flow-rules\"\n");
    let done = sandbox.run(&["check", "flow.json"]).expect(2);
    assert!(done.err.contains("`rule-dirs` is a list of texts"), "{}", done.err);
}

#[test]
fn a_page_that_is_no_text_is_named() {
    let sandbox = sandbox("");
    for bytes in [&b"# ctso-no-waiting\n\xff\xfe\xfd"[..], b"\xff\xfea"] {
        sandbox.write("flow-rules/ctso-no-waiting.md", bytes);
        let done = sandbox.run(&["check", "flow.json"]).expect(2);
        assert!(done.err.contains("ctso-no-waiting.md") && done.err.contains("UTF-"), "{}", done.err);
    }
}

#[test]
fn the_same_whatever_the_order_of_folders() {
    let sandbox = sandbox("");
    sandbox.write("more/ctso-also.md", page_of("ctso-also"));
    let mut outputs = BTreeSet::new();
    for dirs in ["\"flow-rules\", \"more\"", "\"more\", \"flow-rules\""] {
        sandbox.write("flowvet.toml", format!("rule-dirs = [{dirs}]\n"));
        outputs.insert(sandbox.run(&["check", "--format", "sarif", "flow.json"]).out);
    }
    assert_eq!(outputs.len(), 1);
}

#[test]
fn secrets_and_control_characters_in_a_page_reach_no_output() {
    let secret = "c2VjcmV0LXZhbHVlLXRoYXQtaXMtbm90LXRvLWJlLXNob3du";
    let address = format!("https://contoso.blob.core.windows.net/x?sv=2022-11-02&sig={secret}%3D");
    let leaky = page()
        .replace("Ours are fast.", &format!("See {address}\u{1b}[31m"))
        .replace("A flow that waits.", &format!("A flow that waits for {address} \u{1b}[31m."));
    let sandbox = sandbox("");
    sandbox.write("flow-rules/ctso-no-waiting.md", &leaky);
    for arguments in [
        &["explain", ID][..],
        &["rules"],
        &["check", "--format", "sarif", "flow.json"],
        &["check", "flow.json"],
    ] {
        let done = sandbox.run(arguments);
        assert!(!done.out.contains(secret) && !done.out.contains('\u{1b}'), "{arguments:?}: {}", done.out);
    }
    let broken = leaky.replace("severity = \"note\"", &format!("severity = \"{address}\""));
    sandbox.write("flow-rules/ctso-no-waiting.md", &broken);
    let done = sandbox.run(&["check", "flow.json"]).expect(2);
    assert!(!done.err.contains(secret), "{}", done.err);
    let broken = leaky.replace("\"Wait\"\nw", &format!("\"{address}\"\nw"));
    sandbox.write("flow-rules/ctso-no-waiting.md", &broken);
    for arguments in [&["check", "flow.json"][..], &["test", "flow-rules"]] {
        let done = sandbox.run(arguments);
        assert!(!done.err.contains(secret) && !done.out.contains(secret), "{done:?}");
    }
}

#[test]
fn the_shown_configuration_gives_the_same_run() {
    let config = "[policy]\nblocked-hosts = [\"*.contoso.com\"]\ndefault-group = \"non-business\"\n";
    let sandbox = sandbox(config);
    let actions = json!({
        "Pause": {"type": "Wait", "inputs": {"interval": 3}},
        "Ask": {"type": "Http", "inputs": {"method": "GET", "uri": "https://api.contoso.com/x"}, "runAfter": {"Pause": ["Succeeded"]}}
    });
    sandbox.write("flow.json", flow(&actions));
    let before = rules(&sandbox, &[]);
    assert!(has(&before, "error[blocked-connector]") && has(&before, "note[ctso-no-waiting]"), "{before:?}");
    let shown = sandbox.run(&["check", "--show-config"]).expect(0).out;
    sandbox.write("flowvet.toml", &shown);
    assert_eq!(rules(&sandbox, &[]), before);
    assert_eq!(sandbox.run(&["check", "--show-config"]).expect(0).out, shown);
}

#[test]
fn findings_of_a_team_can_be_waived_and_allowed() {
    let sandbox = sandbox("");
    let waived = json!({
        "Pause": {"type": "Wait", "inputs": {"interval": 3}, "description": "flowvet: allow ctso-no-waiting — the scanner is slow"}
    });
    sandbox.write("flow.json", flow(&waived));
    let all = rules(&sandbox, &[]);
    assert!(!has(&all, "note[ctso-no-waiting]"), "{all:?}");
    assert!(
        !all.iter().any(|rule| rule.contains("waiver")),
        "the waiver is needed, and names a rule: {all:?}"
    );
    let sandbox = self::sandbox("[[allow]]\nrule = \"custom\"\nreason = \"old flows\"\n");
    assert!(!has(&rules(&sandbox, &[]), "note[ctso-no-waiting]"));
}

#[test]
fn no_cut_of_a_page_makes_the_program_fall() {
    let whole = page().replace("A flow that waits.", "Ein Ablauf, der wärtet – 😀.");
    let verified = |text: &str| {
        let page = Page {
            id: ID.into(),
            category: rule_dirs::CATEGORY.into(),
            text: text.to_owned().into(),
            file: None,
        };
        let error = page.verify().err();
        for error in error.iter().chain(&Examples::of_page(&page, &Given::new()).missing()) {
            assert!(page.text.get(error.span.range()).is_some(), "{error:?} is no place of {text}");
        }
        error.is_none()
    };
    assert!(verified(&whole));
    for (at, _) in whole.char_indices() {
        verified(&whole[..at]);
        verified(&whole[at..]);
    }
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    for at in 0..lines.len() {
        verified(&[&lines[..at], &lines[at + 1..]].concat().concat());
    }
}

/// The worked rules, which `docs/custom-rules.md` shows.
fn worked() -> Vec<Page> {
    let files = files_below(&fixture("flow-rules"), ".md");
    files.iter().map(|file| rule_dirs::read(file, rule_dirs::CATEGORY.to_owned()).unwrap()).collect()
}

#[test]
fn the_worked_rules_of_the_documentation_hold() {
    let pages = worked();
    assert_eq!(pages.len(), 8);
    for page in &pages {
        page.verify().unwrap_or_else(|error| panic!("{}: {error:?}", page.id));
        assert_eq!(Examples::of_page(page, &Given::new()).run(&[]), [], "{}", page.id);
    }
    let done = in_package(&["test", "fixtures/flow-rules"]).expect(0);
    assert_eq!(done.out, "8 pages, 0 failures\n");
}

#[test]
fn the_documentation_shows_the_worked_rules_as_they_are() {
    let file = package().join("docs/custom-rules.md");
    let written = std::fs::read_to_string(&file).unwrap().replace("\r\n", "\n");
    let mut text = written.clone();
    for page in worked() {
        let open = format!("````markdown\n# {}\n", page.id);
        let start = text.find(&open).unwrap_or_else(|| panic!("{} is not in the documentation", page.id));
        let length = text[start + 4..].find("````\n").unwrap() + 9;
        text.replace_range(start..start + length, &format!("````markdown\n{}````\n", page.text));
    }
    assert_eq!(text.matches("````markdown\n").count(), 8);
    if std::env::var_os("FLOWVET_BLESS").is_some() {
        std::fs::write(&file, &text).unwrap();
        return;
    }
    assert_eq!(text, written, "docs/custom-rules.md is stale: run the tests with FLOWVET_BLESS=1");
}

#[test]
fn the_first_rule_of_the_documentation_holds() {
    let text = std::fs::read_to_string(package().join("docs/custom-rules.md")).unwrap().replace("\r\n", "\n");
    let page = text.split("~~~markdown\n").nth(1).and_then(|rest| rest.split("~~~\n").next()).unwrap();
    let sandbox = Sandbox::new();
    sandbox.write("flow-rules/ctso-no-delay.md", page);
    assert_eq!(sandbox.run(&["test", "--bless", "flow-rules"]).expect(0).out, "1 page, 0 failures\n");
    assert!(sandbox.read("flow-rules/ctso-no-delay.md").contains("//^^^^^^^\n"));
}
