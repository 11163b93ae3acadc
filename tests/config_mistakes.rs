//! All mistakes of a configuration are shown in one run, in the order of the file.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use common::{Run, Sandbox, clean_flow};
use flowvet::project::config::Config;

fn sandbox(config: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("flow.json", clean_flow()).write("flowvet.toml", config);
    sandbox
}

fn refused(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let done = sandbox.run(&[&["check", "."], arguments].concat()).expect(2);
    assert_eq!(done.out, "", "nothing is checked with half a configuration");
    done
}

/// Each mistake as `line:column message`, in the order in which they are shown.
fn said(done: &Run) -> Vec<String> {
    let mut messages = done.err.lines().filter_map(|line| line.trim_start().strip_prefix("× "));
    let mut all = Vec::new();
    for line in done.err.lines() {
        if let Some((_, place)) = line.split_once("[flowvet.toml:") {
            let message = messages.next().unwrap();
            all.push(format!("{} {message}", place.trim_end_matches(']')));
        }
    }
    all
}

#[test]
fn each_mistake_has_its_line_and_caret() {
    let done = refused(&sandbox("selct = []\nignore = [\"missing-scop\", 3]\n"), &[]);
    let expected = r#"error[configuration]

  × unknown key `selct`: did you mean `select`?
   ╭─[flowvet.toml:1:1]
 1 │ selct = []
   · ──┬──
   ·   ╰── here
   ╰────

error[configuration]

  × there is no rule or category `missing-scop`: did you mean `missing-scope`?
   ╭─[flowvet.toml:2:11]
 2 │ ignore = ["missing-scop", 3]
   ·           ───────┬──────
   ·                  ╰── here
   ╰────

error[configuration]

  × `ignore` is a list of texts: ignore = ["…"]
   ╭─[flowvet.toml:2:27]
 2 │ ignore = ["missing-scop", 3]
   ·                           ┬
   ·                           ╰── here
   ╰────"#;
    assert_eq!(done.err.trim_end(), expected);
}

/// A mistake of every kind.
const WRONG: &str = r#"
selct = ["all"]
extend-select = "all"
ignore = ["a-ll", 3]
exclude = ['a\b', "!", "c"]

[rules.oversized-flow]
severity = "off"
max-action = 80
warn-actions = "9"

[rules.naming-convention]
flow = "("
trigger = ")"
action = 1.5

[rules.oversized-flw]
severity = "note"
max-actions = 3

[policy]
blocked-connector = ["a"]
blocked-hosts = [".x"]
allowed-operations = ["sql"]
file = "gone.json"
business = ["sql"]

[[allow]]
rule = ["all", "late-filtr"]
flow = 1
path = ["!a", "./b"]
until = "soon"

[[allow]]
"#;

#[test]
fn mistakes_of_all_kinds_are_shown_together_in_the_order_of_the_file() {
    let expected = [
        "2:1 unknown key `selct`",
        "3:17 `extend-select` is a list of texts",
        "4:11 there is no rule or category `a-ll`",
        "4:19 `ignore` is a list of texts",
        "5:12 `a\\b` is no pattern",
        "5:19 `!` is no pattern",
        "8:12 `severity` is \"error\"",
        "9:1 oversized-flow: there is no option `max-action`: did you mean `max-actions`?",
        "10:1 oversized-flow: `warn-actions` takes a whole number and got a text",
        "13:1 naming-convention: `(` is no pattern",
        "14:1 naming-convention: `)` is no pattern",
        "15:10 an option is a number, a text",
        "17:8 there is no rule or category `oversized-flw`: did you mean `oversized-flow`?",
        "22:1 unknown key `blocked-connector` in [policy]",
        "23:1 blocked-connector: `.x` is no host",
        "24:1 blocked-connector: `sql` is no operation",
        "25:8 `gone.json` cannot be read",
        "26:1 `business` is what the exported policy in `file` says",
        "28:1 an [[allow]] entry says why",
        "29:16 there is no rule or category `late-filtr`: did you mean `late-filter`?",
        "30:8 `flow` is a text or a list of texts",
        "31:9 `!a` is no pattern",
        "31:15 `./b` is no pattern",
        "32:9 `until` is a day",
        "34:1 an [[allow]] entry says the rule or category",
        "34:1 an [[allow]] entry says why",
    ];
    let said = said(&refused(&sandbox(WRONG), &[]));
    for (said, expected) in said.iter().zip(expected) {
        assert!(said.starts_with(expected), "{said}\n{expected}");
    }
    assert_eq!(said.len(), expected.len(), "{said:#?}");
    // Other commands read the file as well; they have no use for the words in it.
    let done = sandbox(WRONG).run(&["rules"]).expect(2);
    assert!(done.err.contains("`selct`") && done.err.contains("`until` is a day"), "{}", done.err);
}

#[test]
fn a_library_gets_all_mistakes_of_the_text() {
    let errors = Config::parse("b = 1\na = 1\n[rules.x]\nseverity = 3\n").unwrap_err();
    let starts: Vec<u32> = errors.iter().map(|error| error.span.start).collect();
    assert_eq!(starts, [0, 6, 33]);
}

#[test]
fn mistakes_of_toml_are_shown_together_as_far_as_they_are_no_consequences() {
    let done = refused(&sandbox("select = [all]\nignore = x\n"), &[]);
    assert_eq!(said(&done).len(), 2, "{}", done.err);
    // A key that is given twice hides nothing else.
    let done = refused(&sandbox("ignore = []\nignore = []\nselct = []\n"), &[]);
    let said_of_keys = said(&done);
    assert!(said_of_keys[0].starts_with("2:1 duplicate key"), "{}", done.err);
    assert!(said_of_keys[1].starts_with("3:1 unknown key"), "{}", done.err);
    // Of the list that is not closed there is one thing to say.
    let done = refused(&sandbox("select = [\n  \"all\"\nignore = []\nselct = 1\n"), &[]);
    assert_eq!(said(&done).len(), 1, "{}", done.err);
}

#[test]
fn a_mistake_of_the_command_line_follows_those_of_the_file() {
    let done =
        refused(&sandbox("ignore = [\"missing-scop\"]\nselct = []\n"), &["--ignore", "empty-containr"]);
    assert_eq!(said(&done).len(), 2, "{}", done.err);
    let last = "\nflowvet: there is no rule or category `empty-containr`: did you mean `empty-container`?\n";
    assert!(done.err.trim_end().ends_with(last.trim_end()), "{}", done.err);
    // A word that the file has as well is marked only where it stands there.
    let done = refused(&sandbox("ignore = [\"empty-containr\"]\n"), &["--select", "empty-containr"]);
    assert_eq!(said(&done).len(), 1, "{}", done.err);
    assert!(done.err.contains("\nflowvet: there is no rule"), "{}", done.err);
}

#[test]
fn rules_of_a_team_are_not_called_unknown_where_their_folder_is_wrong() {
    for (dirs, mistakes) in [
        ("rule-dirs = [\"gone\", \"lost\"]", 2),
        ("rule-dirs = \"flow-rules\"", 1),
        ("rule-dir = [\"flow-rules\"]", 1),
        ("rule-dirs = [\"gone\", 3]", 2),
    ] {
        let done = refused(&sandbox(&format!("{dirs}\nextend-select = [\"ctso-own-rule\"]\n")), &[]);
        assert_eq!(said(&done).len(), mistakes, "{dirs}: {}", done.err);
        assert!(!done.err.contains("ctso-own-rule`"), "{dirs}: {}", done.err);
    }
}

#[test]
fn all_rule_pages_that_are_wrong_are_shown() {
    let sandbox = sandbox("rule-dirs = [\"flow-rules\"]\n");
    sandbox.write("flow-rules/one-rule.md", "# one-rule\n").write("flow-rules/two-rule.md", "# two\n");
    let done = refused(&sandbox, &[]);
    for file in ["one-rule.md", "two-rule.md"] {
        assert!(done.err.contains(file), "{file}: {}", done.err);
    }
}

#[test]
fn two_wrong_settings_of_one_rule_are_both_shown_and_one_word_once() {
    let config = "[policy]\nbusiness = [\"sql\", \"\"]\nnon-business = [\"shared_SQL\"]\n[rules.gone-rule]\na = 1\nb = 2\nseverity = \"note\"\n";
    let said = said(&refused(&sandbox(config), &[]));
    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(said[0].starts_with("2:1 mixed-data-groups: `` is no id"), "{said:#?}");
    assert!(said[1].starts_with("4:8 there is no rule or category `gone-rule`"), "{said:#?}");
}
