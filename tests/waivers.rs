//! Waivers: how they are written into notes, what they hold for, and what is said of those that do not hold.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use common::Sandbox;
use flowvet::linter::{Engine, RuleSet, embedded_pages};
use flowvet::report::Report;
use flowvet::text::Date;
use flowvet::text::Source;
use proptest::prelude::*;
use serde_json::{Value, json};

/// The report on one flow of these actions, on a day.
fn on(day: &str, actions: &Value) -> Report {
    let rules = RuleSet::all(embedded_pages(), &flowvet::rules::coded()).unwrap();
    let engine = Engine::new(rules).on(Date::parse(day).unwrap());
    flowvet::lint(vec![Source::new("flow.json", common::flow(actions))], &engine)
}

/// What of a report is about this file's faults and about waivers: `rule@name`, with a `-` in front where it is
/// suppressed.
fn told(report: &Report) -> Vec<String> {
    let known = ["empty-container", "unknown-function"];
    let told = |sign: &str, finding: &flowvet::finding::Finding| {
        let is_ours = known.contains(&finding.rule.as_str()) || finding.category == "waivers";
        let name = finding.location.element.last().map_or("flow", String::as_str);
        is_ours.then(|| format!("{sign}{}@{name}", finding.rule))
    };
    let mut all: Vec<String> = report.findings.iter().filter_map(|finding| told("", finding)).collect();
    all.extend(report.suppressed.iter().filter_map(|finding| told("-", finding)));
    all.sort();
    all
}

/// An empty scope with that note.
fn empty(note: &str) -> Value {
    json!({"Later": {"type": "Scope", "description": note, "actions": {}}})
}

#[test]
fn a_waiver_in_the_note_of_an_action_suppresses_its_finding() {
    for note in [
        "flowvet: allow empty-container — room for the audit log",
        "FLOWVET: Allow Empty-Container until 2027-01-31 -- room for the audit log",
        "Room for the audit log.\nflowvet: allow empty-container: see above\nAsk the desk.",
        "flowvet: allow structure - all of it",
        "flowvet: allow all – a sketch",
    ] {
        assert_eq!(told(&on("2026-01-01", &empty(note))), ["-empty-container@Later"], "{note}");
    }
}

#[test]
fn the_reason_is_kept() {
    let report = on("2026-01-01", &empty("flowvet: allow empty-container — room for the audit log"));
    let suppressed = report.suppressed[0].suppressed.as_ref().unwrap();
    assert_eq!(suppressed.reason.as_deref(), Some("room for the audit log"));
    assert_eq!(suppressed.in_words(), "suppressed by a waiver: room for the audit log");
}

#[test]
fn errors_can_be_waived_too() {
    let actions = json!({"Due": {
        "type": "Compose",
        "description": "flowvet: allow unknown-function — the preview has it",
        "inputs": "@addMonths(utcNow(), 1)"
    }});
    assert_eq!(told(&on("2026-01-01", &actions)), ["-unknown-function@Due"]);
}

#[test]
fn a_waiver_on_a_container_holds_for_what_is_inside_and_for_nothing_beside_it() {
    let later = json!({"type": "Scope", "actions": {}});
    let note = "flowvet: allow empty-container — room for the audit log";
    for kind in ["Scope", "Foreach", "Until", "If", "Switch"] {
        let inner = json!({"type": "Scope", "actions": {"Deep": later}});
        let mut outer = json!({"type": kind, "description": note, "actions": {"Inner": inner}});
        match kind {
            "Foreach" => outer["foreach"] = json!("@triggerBody()"),
            "Until" => outer["limit"] = json!({"count": 5}),
            "Switch" => {
                outer["cases"] = json!({"A": {"case": "A", "actions": outer["actions"]}});
                outer["expression"] = json!("@triggerBody()");
                outer.as_object_mut().unwrap().remove("actions");
            }
            "If" => {
                outer["else"] = json!({"actions": outer["actions"]});
                outer["actions"] = json!({});
            }
            _ => {}
        }
        let report = on("2026-01-01", &json!({"Outer": outer, "Beside": later}));
        assert_eq!(told(&report), ["-empty-container@Deep", "empty-container@Beside"], "{kind}");
    }
}

#[test]
fn a_waiver_in_the_description_of_the_definition_holds_for_the_flow() {
    let sandbox = Sandbox::new();
    let mut flow: Value = serde_json::from_str(&common::flow(&empty(""))).unwrap();
    flow["properties"]["definition"]["description"] = json!("flowvet: allow empty-container — a sketch");
    sandbox.write("flow.json", flow.to_string());
    let done = sandbox.check(&["flow.json"]).expect(0);
    assert_eq!(done.out, "no findings in 1 flow; 1 suppressed by a waiver\n");
}

#[test]
fn a_waiver_in_the_note_of_a_trigger_holds_for_the_trigger() {
    let sandbox = Sandbox::new();
    let mut flow: Value = serde_json::from_str(&common::flow(&json!({}))).unwrap();
    let often = json!({
        "type": "Recurrence",
        "description": "flowvet: allow frequent-recurrence — the queue holds ten rows",
        "recurrence": {"frequency": "Minute", "interval": 1}
    });
    flow["properties"]["definition"]["triggers"] = json!({"Every_minute": often});
    sandbox.write("flow.json", flow.to_string());
    let run = |more: &[&str]| {
        let arguments =
            ["check", "--format", "concise", "--select", "frequent-recurrence,waivers", "flow.json"];
        sandbox.run(&[&arguments, more].concat())
    };
    assert_eq!(run(&[]).expect(0).out, "no findings in 1 flow; 1 suppressed by a waiver\n");
    let shown = run(&["--show-suppressed"]).expect(0).out;
    assert!(shown.contains("[suppressed by a waiver: the queue holds ten rows]"), "{shown}");
}

#[test]
fn the_flow_s_description_in_the_solution_is_read_as_well_and_named_as_the_place() {
    let sandbox = Sandbox::new();
    let file = "Workflows/Later-4B1F6D0E-93A7-EF11-8A69-6045BD9C5A21.json";
    let described = |text: &str| {
        format!(
            "<?xml version=\"1.0\"?>\n<Workflow WorkflowId=\"{{4b1f6d0e-93a7-ef11-8a69-6045bd9c5a21}}\" \
             Name=\"Later\"\n  Description=\"{text}\"><StateCode>1</StateCode></Workflow>"
        )
    };
    let waiver = "flowvet: allow empty-container — a &amp; b flowvet: allow unknown-function — c";
    sandbox.write(file, common::flow(&empty(""))).write(&format!("{file}.data.xml"), described(waiver));
    let arguments = [
        "check",
        "--format",
        "json",
        "--show-suppressed",
        "--select",
        "empty-container,unknown-function,waivers",
    ];
    for path in [".", file] {
        let report = sandbox.run(&[&arguments[..], &[path]].concat()).expect(1).json();
        let [waived, unused] = report["findings"].as_array().unwrap().as_slice() else { panic!("{report}") };
        assert_eq!(waived["suppressed"], json!({"by": "waiver", "reason": "a & b"}));
        assert_eq!(unused["rule"], "unused-waiver");
        assert_eq!(unused["path"], format!("{file}.data.xml"));
        assert_eq!((&unused["start"]["line"], &unused["start"]["column"]), (&json!(3), &json!(3)));
        assert_eq!(unused["end"]["column"], 14, "the attribute is labelled");
        assert_eq!(unused["flow"]["name"], "Later");
        assert_eq!((&unused["element"], &unused["property"]), (&json!([]), &json!("")));
        assert_eq!(report["summary"]["files"], 1, "it was not checked");
    }
    // A zip has the descriptions of all flows in one file.
    let all = format!(
        "<ImportExportXml><Workflows>{}</Workflows></ImportExportXml>",
        described(waiver).split_once('\n').unwrap().1
    )
    .replace("<StateCode>", &format!("<JsonFileName>/{file}</JsonFileName><StateCode>"));
    std::fs::remove_file(sandbox.path(&format!("{file}.data.xml"))).unwrap();
    sandbox.write("Other/Customizations.xml", all);
    let report = sandbox.run(&[&arguments[..], &["."]].concat()).expect(1).json();
    assert_eq!(report["findings"][0]["path"], "Other/Customizations.xml");
    assert_eq!(report["summary"]["suppressed"], 1);
}

#[test]
fn in_a_zip_the_description_has_its_place_too_and_a_secret_in_it_is_masked() {
    let sandbox = Sandbox::new();
    let secret = format!("{}{}", "Tq4wE8rY2uI6oP0a", "S3dF7gH1jK5lZ9x");
    let key = format!("?{}=", "sig");
    let file = "Workflows/Later-4B1F6D0E-93A7-EF11-8A69-6045BD9C5A21.json";
    let xml = format!(
        "<ImportExportXml><Workflows><Workflow WorkflowId=\"{{4b1f6d0e-93a7-ef11-8a69-6045bd9c5a21}}\" Name=\"Later\" \
         Description=\"{key}{secret}A%3D flowvet: allow unknown-function — x\">\
         <JsonFileName>/{file}</JsonFileName></Workflow></Workflows></ImportExportXml>"
    );
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [("customizations.xml", xml), (file, common::flow(&empty("")))] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
    }
    sandbox.write("release.zip", zip.finish().unwrap().into_inner());
    let own = ["check", "--select", "unknown-function,waivers", "release.zip", "--format"];
    let report = sandbox.run(&[&own[..], &["json"]].concat()).expect(1).json();
    let unused = &report["findings"][0];
    assert_eq!((&unused["path"], &unused["member"]), (&json!("release.zip"), &json!("customizations.xml")));
    for format in ["human", "concise", "json", "sarif"] {
        let done = sandbox.run(&[&own[..], &[format]].concat()).expect(1);
        assert!(done.out.contains("unused-waiver") && !done.out.contains(&secret), "{}", done.out);
        assert!(format != "human" || done.out.contains("Description=\"?sig=****"), "{}", done.out);
    }
}

#[test]
fn a_waiver_that_nothing_needs_is_reported_where_it_can_be_told() {
    let note = "flowvet: allow empty-container — x";
    let compose = |note: &str| json!({"Note": {"type": "Compose", "description": note, "inputs": 1}});
    assert_eq!(told(&on("2026-01-01", &compose(note))), ["unused-waiver@Note"]);
    assert_eq!(told(&on("2026-01-01", &compose("flowvet: allow structure — x"))), ["unused-waiver@Note"]);
    let sandbox = Sandbox::new();
    sandbox.write("flow.json", common::flow(&compose(note)));
    let run = |path: &str, select: &str| {
        sandbox.run(&["check", "--format", "concise", "--select", select, path]).out
    };
    assert!(run("flow.json", "empty-container,waivers").contains("unused-waiver"));
    assert!(!run("flow.json", "unknown-function,waivers").contains("unused-waiver"), "its rule did not run");
    assert!(!run("flow.json", "empty-container").contains("unused-waiver"), "it is not selected");
    // A definition alone may lack what the waiver is about, and so may a broken flow.
    let definition: Value = serde_json::from_str(&common::flow(&compose(note))).unwrap();
    sandbox.write("part.json", definition["properties"]["definition"].to_string());
    assert!(!run("part.json", "empty-container,waivers").contains("unused-waiver"));
    let mut broken = compose(note);
    broken["Odd"] = json!({"inputs": 1});
    sandbox.write("broken.json", common::flow(&broken));
    assert!(!run("broken.json", "empty-container,waivers").contains("unused-waiver"));
}

#[test]
fn of_several_waivers_for_one_finding_none_is_unused_and_the_nearest_gives_the_reason() {
    let actions = json!({"Outer": {
        "type": "Scope",
        "description": "flowvet: allow structure — far",
        "actions": {"Inner": {"type": "Scope", "description": "flowvet: allow empty-container — near", "actions": {}}}
    }});
    let report = on("2026-01-01", &actions);
    assert_eq!(told(&report), ["-empty-container@Inner"]);
    let reason = report.suppressed[0].suppressed.clone().unwrap().reason;
    assert_eq!(reason.as_deref(), Some("near"));
}

#[test]
fn a_waiver_holds_through_its_last_day() {
    let actions = empty("flowvet: allow empty-container until 2026-06-30 — x");
    assert_eq!(told(&on("2026-06-30", &actions)), ["-empty-container@Later"]);
    let report = on("2026-07-01", &actions);
    assert_eq!(told(&report), ["empty-container@Later", "expired-waiver@Later"]);
    let expired = report.findings.iter().find(|finding| finding.rule == "expired-waiver").unwrap();
    assert_eq!(
        expired.message,
        "The waiver for `empty-container` ended on 2026-06-30: 1 finding counts again"
    );
    let gone = json!({"Note": {"type": "Compose", "description": "flowvet: allow empty-container until 2026-06-30 — x", "inputs": 1}});
    let report = on("2026-07-01", &gone);
    assert_eq!(told(&report), ["expired-waiver@Note"]);
    assert!(report.findings.iter().any(|finding| finding.message.ends_with("nothing needs it any more")));
}

#[test]
fn the_program_knows_which_day_it_is() {
    let sandbox = Sandbox::new();
    for (until, code) in [("2020-01-31", 1), ("9999-12-31", 0)] {
        let note = format!("flowvet: allow empty-container until {until} — x");
        sandbox.write("flow.json", common::flow(&empty(&note)));
        sandbox.run(&["check", "--select", "empty-container,waivers", "flow.json"]).expect(code);
    }
}

#[test]
fn a_day_that_is_none_ends_the_waiver_at_once() {
    for until in ["2027-13-01", "31.01.2027", "soon", ""] {
        let report = on("2026-01-01", &empty(&format!("flowvet: allow empty-container until {until} — x")));
        assert_eq!(told(&report), ["empty-container@Later", "expired-waiver@Later"], "{until}");
    }
}

#[test]
fn a_waiver_without_a_reason_holds_and_is_noted() {
    for note in ["flowvet: allow empty-container", "flowvet: allow empty-container —  \nand more"] {
        let report = on("2026-01-01", &empty(note));
        assert_eq!(told(&report), ["-empty-container@Later", "waiver-without-reason@Later"], "{note}");
    }
}

#[test]
fn a_word_that_names_no_rule_is_reported_with_the_nearest_one() {
    let report = on("2026-01-01", &empty("flowvet: allow empty-contaner, unused-waiver — x"));
    let found: Vec<_> = report.findings.iter().filter(|f| f.rule == "unknown-waiver-rule").collect();
    assert_eq!(
        found[0].message,
        "There is no rule or category `empty-contaner`: did you mean `empty-container`?"
    );
    assert!(found[1].message.contains("is about waivers"), "{}", found[1].message);
    assert_eq!(
        told(&on("2026-01-01", &empty("flowvet: ignore empty-container"))),
        ["empty-container@Later", "unknown-waiver-rule@Later"]
    );
}

#[test]
fn places_in_a_note_lead_back_through_escapes() {
    let sandbox = Sandbox::new();
    let text = common::flow(&json!({"Note": {"type": "Compose", "description": "here", "inputs": 1}}));
    let line = text.lines().position(|line| line.contains("here")).unwrap() + 1;
    let start = text.lines().nth(line - 1).unwrap().find("here").unwrap() + 1;
    for (note, before, width) in [
        ("flowvet: allow empty-container — x", 15, 15),
        (r"\u00e9\n\tflowvet: allow empty-container — x", 25, 15),
        (r"é😀 flowvet: allow empty\u002dcontainer — x", 18, 20),
    ] {
        sandbox.write("flow.json", text.replace("here", note));
        let arguments = ["check", "--select", "empty-container,waivers", "--format", "json", "flow.json"];
        let finding = &sandbox.run(&arguments).expect(1).json()["findings"][0];
        assert_eq!(finding["rule"], "unused-waiver");
        assert_eq!(finding["start"], json!({"line": line, "column": start + before}), "{note}");
        assert_eq!(finding["end"], json!({"line": line, "column": start + before + width}), "{note}");
        assert_eq!(finding["property"], "/description");
    }
}

#[test]
fn a_waived_secret_is_still_masked() {
    let sandbox = Sandbox::new();
    let secret = format!("{}{}", "Tq4wE8rY2uI6oP0a", "S3dF7gH1jK5lZ9x");
    let actions = json!({"Call": {
        "type": "Http",
        "description": format!("flowvet: allow all — the key {secret} is of a test system"),
        "inputs": {"method": "GET", "uri": "https://contoso.com", "headers": {"x-functions-key": secret}}
    }});
    sandbox.write("flow.json", common::flow(&actions));
    for format in ["human", "concise", "json", "sarif"] {
        let arguments =
            ["check", "--select", "hardcoded-secret", "--show-suppressed", "--format", format, "flow.json"];
        let done = sandbox.run(&arguments).expect(0);
        assert!(
            done.out.contains("hardcoded-secret") && done.out.contains("of a test system"),
            "{}",
            done.out
        );
        assert!(!done.out.contains(&secret), "{format}: {}", done.out);
    }
    sandbox.run(&["check", "--write-baseline", "flow.json"]).expect(0);
    assert!(!sandbox.read("flowvet-baseline.json").contains(&secret));
}

#[test]
fn a_note_of_any_size_is_read_soon() {
    let note = format!("flowvet: allow {}", "a, ".repeat(400_000));
    let report = on("2026-01-01", &empty(&note));
    assert!(told(&report).contains(&"empty-container@Later".to_owned()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_note_is_read_and_every_place_lies_in_the_file(
        note in "(.{0,12}(flowvet|FLOWVET) ?:? ?(allow|ignore)? ?[a-z, \\-—:.0-9\n\"\\\\é😀]{0,40}(until [0-9\\-/.]{0,12})?){0,3}.{0,8}"
    ) {
        let report = on("2026-01-01", &empty(&note));
        let text = common::flow(&empty(&note));
        for finding in report.findings.iter().chain(&report.suppressed) {
            prop_assert!(text.get(finding.location.place.span.range()).is_some_and(|label| !label.is_empty()));
        }
        // The fault is there, whether it counts or not.
        let all = report.findings.iter().chain(&report.suppressed);
        prop_assert_eq!(all.filter(|finding| finding.rule == "empty-container").count(), 1);
    }
}
