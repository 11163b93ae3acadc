//! `[[allow]]`: what the configuration accepts, and what is said of entries that are wrong or stale.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use std::io::{Cursor, Write};

use common::{Run, Sandbox, marked};
use serde_json::{Value, json};

/// Two flows, each with a scope `Later` and a scope `Outer › Inner` with nothing in them.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let empty = json!({"type": "Scope", "actions": {}});
    let actions = json!({"Later": empty, "Outer": {"type": "Scope", "actions": {"Inner_(V2)": empty}}});
    sandbox.write("Workflows/Orders.json", common::flow(&actions));
    sandbox.write("Workflows/old/Returns.json", common::flow(&actions));
    sandbox
}

/// A zip with the flow `Orders` in it.
fn zip_of_orders(sandbox: &Sandbox) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("Workflows/Orders.json", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(sandbox.read("Workflows/Orders.json").as_bytes()).unwrap();
    zip.finish().unwrap().into_inner()
}

/// Runs the rule `empty-container` and those about waivers with that configuration.
fn run(sandbox: &Sandbox, config: &str, arguments: &[&str]) -> Run {
    sandbox.write("flowvet.toml", config);
    let own = ["check", "--format", "json", "--select", "empty-container,waivers"];
    sandbox.run(&[own.as_slice(), arguments].concat())
}

/// What counts: `rule path element`, and how many are suppressed.
fn told(run: &Run) -> (Vec<String>, u64) {
    let report = run.json();
    let told = |finding: &Value| {
        let path = finding["path"].as_str().unwrap().trim_start_matches("Workflows/");
        let element: Vec<&str> =
            finding["element"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        format!("{} {path} {}", finding["rule"].as_str().unwrap(), element.join("/")).trim().to_owned()
    };
    let findings = report["findings"].as_array().unwrap().iter().map(told).collect();
    (findings, report["summary"]["suppressed"].as_u64().unwrap())
}

/// An entry with a reason.
fn entry(rest: &str) -> String {
    format!("[[allow]]\nreason = \"accepted\"\n{rest}\n")
}

const ORDERS: [&str; 2] =
    ["empty-container Orders.json Later", "empty-container Orders.json Outer/Inner_(V2)"];
const RETURNS: [&str; 2] =
    ["empty-container old/Returns.json Later", "empty-container old/Returns.json Outer/Inner_(V2)"];

#[test]
fn an_entry_narrows_by_flow_element_and_path() {
    let sandbox = sandbox();
    for (narrowed, left) in [
        ("", vec![]),
        ("flow = \"Orders\"", RETURNS.to_vec()),
        ("flow = \"ord*\"", RETURNS.to_vec()),
        ("flow = [\"Orders\", \"Returns\"]", vec![]),
        ("element = \"Later\"", vec![ORDERS[1], RETURNS[1]]),
        ("element = \"inner (V2)\"", vec![ORDERS[0], RETURNS[0]]),
        ("element = \"Outer\"", vec![ORDERS[0], RETURNS[0]]),
        ("path = \"Workflows/old/\"", ORDERS.to_vec()),
        ("path = \"Orders.json\"", RETURNS.to_vec()),
        ("path = \"/Workflows/*.json\"", RETURNS.to_vec()),
        ("path = \"**/*turn?.json\"", ORDERS.to_vec()),
        ("path = \"**/old/**\"", ORDERS.to_vec()),
        ("flow = \"?rders\"", RETURNS.to_vec()),
        ("path = \"**/Returns.json\"\nelement = \"Later\"", vec![ORDERS[0], ORDERS[1], RETURNS[1]]),
    ] {
        let done = run(&sandbox, &entry(&format!("rule = \"empty-container\"\n{narrowed}")), &[]);
        assert_eq!(
            told(&done),
            (left.iter().map(|&line| line.to_owned()).collect(), 4 - left.len() as u64),
            "{narrowed}"
        );
        assert_eq!(done.code, i32::from(!left.is_empty()), "{narrowed}");
    }
}

#[test]
fn an_entry_is_about_rules_categories_or_all() {
    let sandbox = sandbox();
    for rule in
        ["\"empty-container\"", "\"structure\"", "\"all\"", "[\"unknown-function\", \"Empty-Container\"]"]
    {
        let done = run(&sandbox, &entry(&format!("rule = {rule}")), &[]).expect(0);
        assert_eq!(told(&done), (vec![], 4), "{rule}");
    }
}

#[test]
fn the_reason_is_shown_where_suppressed_findings_are() {
    let sandbox = sandbox();
    let done = run(&sandbox, &entry("rule = \"structure\""), &["--show-suppressed"]).expect(0);
    let report = done.json();
    assert_eq!(report["findings"].as_array().unwrap().len(), 4);
    for finding in report["findings"].as_array().unwrap() {
        assert_eq!(finding["suppressed"], json!({"by": "allow", "reason": "accepted"}));
    }
    assert_eq!(report["summary"]["warnings"], 0, "what is suppressed is not counted");
    let own = ["check", "--select", "empty-container", "--show-suppressed"];
    let shown = sandbox.run(&own).expect(0).out;
    assert!(shown.contains("suppressed by an [[allow]] entry: accepted"), "{shown}");
    assert!(shown.ends_with("no findings in 2 flows; 4 suppressed by [[allow]] entries\n"), "{shown}");
}

#[test]
fn an_entry_holds_through_its_last_day() {
    let sandbox = sandbox();
    for until in ["9999-12-31", "\"9999-12-31\""] {
        run(&sandbox, &entry(&format!("rule = \"structure\"\nuntil = {until}")), &[]).expect(0);
    }
    let config = entry("rule = \"structure\"\nuntil = 2020-01-31\nflow = \"Orders\"");
    let report = run(&sandbox, &config, &[]).expect(1).json();
    let expired: Vec<_> =
        report["findings"].as_array().unwrap().iter().filter(|f| f["rule"] == "expired-waiver").collect();
    assert_eq!(expired.len(), 1, "{report}");
    assert_eq!(
        expired[0]["message"],
        "The [[allow]] entry for `structure` ended on 2020-01-31: 2 findings count again"
    );
    assert_eq!(expired[0]["path"], "flowvet.toml");
    assert_eq!(expired[0]["flow"], Value::Null);
    assert_eq!(expired[0]["start"], json!({"line": 4, "column": 9}));
    assert_eq!(expired[0]["end"], json!({"line": 4, "column": 19}));
    assert_eq!(expired[0]["property"], "/allow/until");
    assert_eq!(report["summary"]["errors"], 0);
    assert_eq!(report["summary"]["warnings"], 5);
}

#[test]
fn an_entry_that_nothing_needs_is_reported_at_its_rule() {
    let sandbox = sandbox();
    let config = entry("rule = [\"structure\", \"empty-container\"]\nelement = \"Gone\"");
    let report = run(&sandbox, &config, &[]).expect(1).json();
    let unused: Vec<_> =
        report["findings"].as_array().unwrap().iter().filter(|f| f["rule"] == "unused-waiver").collect();
    // Of the category one rule ran.
    assert_eq!(unused.len(), 1, "{report}");
    assert_eq!(unused[0]["message"], "No finding needs the [[allow]] entry for `empty-container`");
    assert_eq!(
        (&unused[0]["path"], &unused[0]["start"]),
        (&json!("flowvet.toml"), &json!({"line": 3, "column": 22}))
    );
    for format in ["human", "concise", "sarif"] {
        let shown =
            sandbox.run(&["check", "--select", "empty-container,waivers", "--format", format]).expect(1).out;
        assert!(shown.contains("flowvet.toml"), "{shown}");
    }
}

#[test]
fn an_entry_is_judged_only_by_a_run_that_looked_at_all_it_can_be_about() {
    let sandbox = sandbox();
    let is_reported = |narrowed: &str, arguments: &[&str]| {
        let config = entry(&format!("rule = \"empty-container\"\nelement = \"Gone\"\n{narrowed}"));
        run(&sandbox, &config, arguments).out.contains("unused-waiver")
    };
    assert!(is_reported("", &["."]));
    assert!(!is_reported("", &["Workflows"]), "a flow may lie elsewhere");
    assert!(!is_reported("", &["Workflows/Orders.json"]));
    assert!(is_reported("path = \"Workflows/old/*.json\"", &["Workflows"]));
    assert!(is_reported("path = \"Workflows/old/*.json\"", &["Workflows/old"]));
    assert!(!is_reported("path = \"Workflows/old/*.json\"", &["Workflows/old/Returns.json"]));
    assert!(!is_reported("path = \"Returns.json\"", &["Workflows/old"]), "one may lie in another folder");
    assert!(is_reported("path = \"Workflows/Orders.json\"", &["Workflows/Orders.json"]));
    assert!(!is_reported("path = \"Workflows/Orders.json\"", &["Workflows/old"]));
    sandbox.write("broken.json", common::broken_flow());
    assert!(!is_reported("", &["."]), "what could not be checked may need it");
    std::fs::remove_file(sandbox.path("broken.json")).unwrap();
    sandbox.write("release.zip", zip_of_orders(&sandbox));
    assert!(!is_reported("", &["."]), "the archive was not opened");
    assert!(!is_reported("path = \"Work*/**\"", &["."]), "a pattern may reach into the archive");
    assert!(is_reported("path = \"/Workflows/old/\"", &["."]));
}

#[test]
fn an_archive_is_a_folder_to_an_entry() {
    let sandbox = sandbox();
    sandbox.write("release.zip", zip_of_orders(&sandbox));
    for path in ["release.zip", "release.zip/Workflows/", "/release.zip/**/Orders.json", "Orders.json"] {
        let config = entry(&format!("rule = \"empty-container\"\npath = \"{path}\""));
        assert_eq!(told(&run(&sandbox, &config, &["release.zip"])), (vec![], 2), "{path}");
    }
}

#[test]
fn paths_count_from_the_folder_of_the_configuration() {
    let sandbox = sandbox();
    let config = entry("rule = \"empty-container\"\npath = \"/old/\"");
    sandbox.write("Workflows/flowvet.toml", config);
    let arguments =
        ["check", "--format", "json", "--select", "empty-container", "--config", "Workflows/flowvet.toml"];
    assert_eq!(told(&sandbox.run(&arguments)).1, 2);
    let mut command = sandbox.program();
    command.current_dir(sandbox.path("Workflows/old")).args(&arguments[..5]).arg("Returns.json");
    assert_eq!(told(&common::run(&mut command, b"")).1, 2);
}

#[test]
fn an_entry_and_a_waiver_for_one_finding_are_both_needed() {
    let sandbox = Sandbox::new();
    let note = "flowvet: allow empty-container — in the note";
    let actions = json!({"Later": {"type": "Scope", "description": note, "actions": {}}});
    sandbox.write("flow.json", common::flow(&actions));
    let report = run(&sandbox, &entry("rule = \"empty-container\""), &["--show-suppressed"]).expect(0).json();
    assert_eq!(report["findings"].as_array().unwrap().len(), 1);
    assert_eq!(report["findings"][0]["suppressed"], json!({"by": "waiver", "reason": "in the note"}));
}

#[test]
fn no_config_switches_the_entries_off() {
    let sandbox = sandbox();
    assert_eq!(told(&run(&sandbox, &entry("rule = \"all\""), &["--no-config"]).expect(1)).1, 0);
}

#[test]
fn mistakes_in_an_entry_are_shown_with_line_and_caret() {
    let whole = "rule = \"all\"\nreason = \"x\"\n";
    for (config, words, line, underlined) in [
        ("[[alow]]\n".to_owned(), "unknown key `alow`: did you mean `allow`?", 1, "alow"),
        ("allow = 3".to_owned(), "`allow` is a list of tables: [[allow]]", 1, "3"),
        ("[allow]\nrule = \"all\"".to_owned(), "`allow` is a list of tables: [[allow]]", 1, "[allow]"),
        ("allow = [\"all\"]".to_owned(), "`allow` is a list of tables: [[allow]]", 1, "\"all\""),
        (format!("[[allow]]\n{whole}rul = 1"), "unknown key `rul`: did you mean `rule`?", 4, "rul"),
        (format!("[[allow]]\n{whole}owner = 1"), "unknown key `owner`: there are rule, flow", 4, "owner"),
        (format!("[[allow]]\n{whole}flow = 1"), "`flow` is a text or a list of texts", 4, "1"),
        (format!("[[allow]]\n{whole}flow = []"), "`flow` is a text or a list of texts", 4, "[]"),
        (format!("[[allow]]\n{whole}element = [\"a\", 1]"), "`element` is a text or a list of texts", 4, "1"),
        (format!("[[allow]]\n{whole}path = \" \""), "`path` is a text or a list of texts", 4, "\" \""),
        (format!("[[allow]]\n{whole}path = [\"a\", 'b\\c']"), "`b\\c` is no pattern", 4, "'b\\c'"),
        (format!("[[allow]]\n{whole}path = \"../a\""), "`../a` is no pattern", 4, "\"../a\""),
        (format!("[[allow]]\n{whole}path = \"!a\""), "`!a` is no pattern", 4, "\"!a\""),
        (format!("[[allow]]\n{whole}until = \"2027-13-01\""), "`until` is a day", 4, "\"2027-13-01\""),
        (format!("[[allow]]\n{whole}until = 2027"), "`until` is a day", 4, "2027"),
        (
            format!("[[allow]]\n{whole}until = 2027-01-31T10:00:00Z"),
            "`until` is a day",
            4,
            "2027-01-31T10:00:00Z",
        ),
        (format!("[[allow]]\n{whole}until = 2027-02-29"), "", 4, "2027-02-29"),
        (format!("[[allow]]\n{whole}rule = \"all\""), "duplicate key", 4, "rule"),
        ("[[allow]]\nrule = \"all\"\nreason = \"\"".to_owned(), "`reason` says in words", 3, "\"\""),
        ("[[allow]]\nrule = \"all\"\nreason = \" \"".to_owned(), "`reason` says in words", 3, "\" \""),
        ("[[allow]]\nrule = \"all\"\nreason = 3".to_owned(), "`reason` says in words", 3, "3"),
        ("[[allow]]\nrule = \"all\"".to_owned(), "an [[allow]] entry says why", 1, "[[allow]]"),
        ("\n[[allow]]\nreason = \"x\"".to_owned(), "an [[allow]] entry says the rule", 2, "[[allow]]"),
        ("allow = [{rule = \"all\"}]".to_owned(), "an [[allow]] entry says why", 1, "{rule = \""),
        (
            "[[allow]]\nrule = [\"all\", \"late-filtr\"]\nreason = \"x\"".to_owned(),
            "there is no rule or category `late-filtr`: did you mean `late-filter`?",
            2,
            "\"late-filtr\"",
        ),
    ] {
        let sandbox = sandbox();
        sandbox.write("flowvet.toml", &config);
        let done = sandbox.run(&["check", "."]).expect(2);
        assert_eq!(done.out, "", "nothing is checked");
        assert!(done.err.contains(words), "{config}: {}", done.err);
        assert!(done.err.contains("flowvet.toml:"), "the file is named: {}", done.err);
        assert_eq!(marked(&done.err), (line, underlined.to_owned()), "{config}: {}", done.err);
    }
}

#[test]
fn a_credential_in_the_configuration_is_not_shown() {
    let sandbox = sandbox();
    let key = format!("{}{}", "Tq4wE8rY2uI6oP0aS3", "dF7gH1jK5lZ9xQ2wM8nB4vC7xZ1aS5dF9gH3jK==");
    let secret = format!("https://contoso.com/api?code={key}");
    let config = format!(
        "[[allow]]\nrule = \"structure\"\nreason = \"see {secret}\"\n\n[[allow]]\nrule = \"empty-container\" # {secret}\nelement = \"Gone\"\nreason = \"x\"\n"
    );
    for format in ["human", "json", "sarif", "concise"] {
        sandbox.write("flowvet.toml", &config);
        let done = sandbox.run(&[
            "check",
            "--select",
            "empty-container,waivers",
            "--format",
            format,
            "--show-suppressed",
        ]);
        assert!(done.out.contains("No finding needs"), "{}", done.out);
        assert!(!done.out.contains(&key), "{}", done.out);
    }
}
