//! `check --since`: what is shown is what differs from a git revision, by content.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use std::collections::BTreeSet;
use std::fs;

use common::repository::{RULES, Repository, actions, faulty, names, repository, set, with_git};
use common::rewrite::{Seed, Style, printed};
use common::{broken_flow, corpus, files_below, fixture, flow};
use serde_json::{Value, json};

/// What is shown when the actions are these.
fn after(change: impl FnOnce(&mut Value)) -> Option<BTreeSet<String>> {
    let repository = repository()?;
    let mut actions = actions();
    change(&mut actions);
    repository.write("Workflows/a.json", flow(&actions));
    Some(repository.since("main"))
}

#[test]
fn what_has_not_changed_is_left_out_and_counted() {
    let repository = with_git!(repository());
    let done = repository.check(&["--since", "HEAD", "."]).expect(0).json();
    assert_eq!((&done["findings"], &done["summary"]["unchanged"]), (&json!([]), &json!(3)));
    assert_eq!(done["summary"]["errors"], 0, "what is not shown does not count");
    let all = repository.check(&["."]).expect(1).json();
    assert!(all["summary"].get("unchanged").is_none(), "nobody asked");
    let done =
        repository.0.run(&["check", "--no-config", "--select", RULES, "--since", "main", "."]).expect(0);
    let summary = "no findings in 1 flow; 3 findings were left out, on parts that have not changed\n";
    assert_eq!(done.out, summary);
}

#[test]
fn an_action_that_differs_shows_what_is_wrong_with_it() {
    let shown =
        with_git!(after(|actions| actions["Two"]["inputs"] = json!("@concat(addYears(utcNow()), 'x')")));
    assert_eq!(shown, set(&["unknown-function Two"]));
    let shown = with_git!(after(|actions| actions["Two"]["runAfter"] = json!({"Group": ["Succeeded"]})));
    assert_eq!(shown, set(&["unknown-function Two"]), "run order is a part of the action");
    let shown = with_git!(after(|actions| actions["Two"]["description"] = json!("why")));
    assert_eq!(shown, set(&["unknown-function Two"]));
}

#[test]
fn an_action_that_is_new_shows_what_is_wrong_with_it() {
    let shown = with_git!(after(|actions| {
        let renamed = actions["Two"].take();
        actions["Two_b"] = renamed;
        actions.as_object_mut().unwrap().remove("Two");
    }));
    assert_eq!(shown, set(&["unknown-function Two_b"]));
    let shown = with_git!(after(|actions| actions["Four"] = faulty("addDays2")));
    assert_eq!(shown, set(&["unknown-function Four"]));
}

#[test]
fn what_the_designer_writes_anew_is_no_change() {
    let shown = with_git!(after(|actions| {
        actions["Two"]["metadata"] = json!({"operationMetadataId": "a2b3"});
        actions["Group"]["metadata"] = json!({"operationMetadataId": "c4d5"});
    }));
    assert_eq!(shown, set(&[]));
}

#[test]
fn a_container_is_its_own_properties_without_what_is_in_it() {
    let shown = with_git!(after(|actions| actions["Group"]["actions"]["Three"] = faulty("addCenturies")));
    assert_eq!(shown, set(&["unknown-function Three"]));
    // What is in it is the same action wherever it stands.
    let shown = with_git!(after(|actions| {
        actions["Group"]["runAfter"] = json!({"Two": ["Succeeded"]});
        actions["Outer"] = json!({"type": "Scope", "actions": {"One": actions["One"]}, "runAfter": {}});
        actions.as_object_mut().unwrap().remove("One");
    }));
    assert_eq!(shown, set(&[]));
    let branching = |expression: &str, case: Value, inner: &str| {
        flow(&json!({
            "Ask": {"type": "If", "expression": expression, "actions": {}, "else": {"actions": {"In": faulty(inner)}}},
            "Pick": {
                "type": "Switch",
                "expression": "@addHours2(1)",
                "cases": {"A": {"case": case, "actions": {"Deep": faulty(inner)}}},
                "default": {"actions": {}}
            }
        }))
    };
    let repository = with_git!(Repository::new());
    repository.write("a.json", branching("@bad(1)", json!("a"), "addA")).commit();
    repository.write("a.json", branching("@bad(1)", json!("a"), "addB"));
    assert_eq!(repository.since("main"), set(&["unknown-function Deep", "unknown-function In"]));
    repository.write("a.json", branching("@bad(1, 2)", json!("a"), "addA"));
    assert!(repository.since("main").contains("unknown-function Ask"));
    repository.write("a.json", branching("@bad(1)", json!("b"), "addA"));
    let shown = repository.since("main");
    assert!(shown.contains("unknown-function Pick") && !shown.contains("unknown-function Deep"), "{shown:?}");
}

#[test]
fn what_comes_to_be_wrong_by_a_change_elsewhere_is_shown() {
    let with = |connections: Value, parameters: Value, inputs: &str| {
        let text = flow(&json!({"Read": {"type": "Compose", "inputs": inputs, "runAfter": {}}}));
        let mut file: Value = serde_json::from_str(&text).unwrap();
        file["properties"]["connectionReferences"] = connections;
        file["properties"]["definition"]["parameters"] = parameters;
        file.to_string()
    };
    let repository = with_git!(Repository::new());
    let limit = json!({"Limit": {"type": "Int", "defaultValue": 5}});
    repository.write("a.json", with(json!({}), limit, "@parameters('Limit')")).commit();
    repository.write("a.json", with(json!({}), json!({}), "@parameters('Limit')"));
    assert_eq!(repository.since("main"), set(&["unknown-parameter Read"]), "the action itself is as it was");
    let mail = |logical: &str| {
        let api = json!({"name": "shared_office365"});
        json!({"mail": {"api": api, "connection": {"connectionReferenceLogicalName": logical}}})
    };
    repository.write("a.json", with(mail("ctso_mail"), json!({}), "x")).commit();
    assert_eq!(repository.since("main"), set(&[]));
    repository.write("a.json", with(mail("ctso_other"), json!({}), "x"));
    assert_eq!(repository.since("main"), set(&["unused-connection mail"]), "a connection is a part as well");
}

#[test]
fn a_related_place_that_differs_shows_the_finding() {
    let with = |first: &str, second: &str| {
        let set = |kind: &str| json!({"variables": [{"name": "n", "type": kind}]});
        flow(&json!({
            "A": {"type": "InitializeVariable", "inputs": set(first), "runAfter": {}},
            "B": {"type": "InitializeVariable", "inputs": set(second), "runAfter": {"A": ["Succeeded"]}}
        }))
    };
    let repository = with_git!(Repository::new());
    repository.write("a.json", with("string", "string")).commit();
    repository.write("a.json", with("integer", "string"));
    let arguments = [
        "check",
        "--no-config",
        "--select",
        "variable-initialized-twice",
        "--format",
        "json",
        "--since",
        "main",
    ];
    let report = repository.0.run(&arguments).expect(1).json();
    assert_eq!(names(&report), set(&["variable-initialized-twice B"]));
    repository.commit();
    assert_eq!(names(&repository.0.run(&arguments).expect(0).json()), set(&[]));
}

#[test]
fn a_flow_as_a_whole_is_wrong_once() {
    let many = |count: usize| {
        let action =
            |at: usize| (format!("Note_{at}"), json!({"type": "Compose", "inputs": at, "runAfter": {}}));
        flow(&Value::Object((0..count).map(action).collect()))
    };
    let repository = with_git!(Repository::new());
    repository.write("a.json", many(20)).commit();
    repository.write("a.json", many(60));
    assert_eq!(repository.since("main"), set(&["oversized-flow"]));
    repository.commit();
    repository.write("a.json", many(61));
    assert_eq!(repository.since("main"), set(&[]), "it was too large before");
}

#[test]
fn spelling_is_no_change() {
    let text = flow(&actions());
    let utf_16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let repository = with_git!(repository());
    for (what, content) in [
        ("one line", serde_json::from_str::<Value>(&text).unwrap().to_string().into_bytes()),
        ("Windows lines", text.replace('\n', "\r\n").into_bytes()),
        ("tabs", text.replace("  ", "\t").into_bytes()),
        ("a byte order mark", format!("\u{feff}{text}").into_bytes()),
        ("UTF-16", utf_16),
        ("escapes", text.replace("Compose", r"C\u006fmpose").into_bytes()),
        ("comments", text.replace('\n', " // by hand\n").into_bytes()),
    ] {
        assert_ne!(content, text.as_bytes(), "{what}");
        repository.write("Workflows/a.json", content);
        assert_eq!(repository.since("main"), set(&[]), "{what}");
    }
}

#[test]
fn no_fixture_and_no_real_flow_changes_by_another_order_of_keys() {
    let repository = with_git!(Repository::new());
    let mut files = files_below(&fixture(""), ".json");
    if let Some(corpus) = corpus() {
        // Every one of them takes a minute; each second one is enough for each change.
        files.extend(files_below(&corpus, ".json").into_iter().step_by(2));
    }
    let mut seed = Seed(20_261_125);
    let mut rewritten = Vec::new();
    for (at, file) in files.iter().enumerate() {
        let Ok((text, _)) = flowvet::text::decode(fs::read(file).unwrap()) else { continue };
        if flowvet::json::parse(&text, &flowvet::text::Arena::new()).is_err() {
            continue;
        }
        let path = format!("{at}/{}", file.file_name().unwrap().to_string_lossy());
        rewritten.push((path.clone(), printed(&text, Style { indent: Some(1), shuffle: Some(&mut seed) })));
        repository.write(&path, text);
    }
    repository.commit();
    for (path, text) in &rewritten {
        repository.write(path, text);
    }
    let arguments = ["check", "--no-config", "--select", "all", "--format", "json", "."];
    let found = repository.0.run(&arguments).json()["findings"].as_array().unwrap().len();
    let report = repository.0.run(&[&arguments[..], &["--since", "HEAD"]].concat()).json();
    assert_eq!(report["findings"], json!([]));
    assert!(found > 50);
    assert_eq!(report["summary"]["unchanged"], found, "{}", report["summary"]);
}

#[test]
fn a_file_that_is_new_is_new_as_a_whole() {
    let repository = with_git!(repository());
    repository.write("Workflows/b.json", flow(&json!({"Due": faulty("addMonths")})));
    assert_eq!(repository.since("main"), set(&["unknown-function Due"]));
    // Before, it was no flow, or none that anyone could read.
    for before in [r#"{"a": 1}"#.to_owned(), broken_flow(), "text".into()] {
        repository.write("Workflows/b.json", before).commit();
        repository.write("Workflows/b.json", flow(&json!({"Due": faulty("addMonths")})));
        assert_eq!(repository.since("HEAD"), set(&["unknown-function Due"]));
    }
}

#[test]
fn each_flow_of_a_template_is_compared_with_itself() {
    let template = |second: &str, function: &str| {
        let resource = |name: &str, function: &str| {
            let definition = json!({
                "$schema": "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#",
                "triggers": {"t": {"type": "Request", "kind": "Http", "inputs": {}}},
                "actions": {(format!("Act_{name}")): faulty(function)}
            });
            json!({"type": "Microsoft.Logic/workflows", "name": name, "properties": {"definition": definition}})
        };
        json!({"resources": [resource(second, function), resource("a", "addMonths")]}).to_string()
    };
    let repository = with_git!(Repository::new());
    repository.write("main.json", template("b", "addMonths")).commit();
    assert_eq!(repository.since("main"), set(&[]));
    repository.write("main.json", template("b", "addYears"));
    assert_eq!(repository.since("main"), set(&["unknown-function Act_b"]));
    repository.write("main.json", template("c", "addMonths"));
    assert_eq!(repository.since("main"), set(&["unknown-function Act_c"]), "another name is another flow");
}

#[test]
fn problems_are_shown_whether_or_not_the_file_has_changed() {
    let repository = with_git!(repository());
    repository.write("broken.json", broken_flow()).commit();
    let done = repository.check(&["--since", "HEAD", "."]).expect(2).json();
    assert_eq!(done["problems"].as_array().unwrap().len(), 1);
}

#[test]
fn a_rule_that_is_new_to_the_team_says_nothing_of_what_is_old() {
    let repository = with_git!(repository());
    let arguments = ["check", "--no-config", "--select", "all", "--since", "main", "."];
    assert!(repository.0.run(&arguments).expect(0).out.starts_with("no findings in 1 flow; "));
}

#[test]
fn a_waiver_in_the_file_beside_a_flow_is_taken_as_it_is_now() {
    let Some(repository) = Repository::new() else { return };
    let file = "Workflows/Later-4B1F6D0E-93A7-EF11-8A69-6045BD9C5A21.json";
    let later = |inputs: u8| flow(&json!({"Note": {"type": "Compose", "inputs": inputs}}));
    // The description stands where in the flow's own file the action does that has changed.
    let start = later(1).find("\"Note\"").unwrap();
    let xml = format!(
        "{:start$}<Workflow WorkflowId=\"{{4b1f6d0e-93a7-ef11-8a69-6045bd9c5a21}}\" \
         Description=\"flowvet: allow unknown-function — x\" Name=\"Later\"/>",
        "",
        start = start - 60
    );
    repository.write(file, later(1)).write(&format!("{file}.data.xml"), xml).commit();
    repository.write(file, later(2));
    let since = |select: &str| {
        let arguments =
            ["check", "--no-config", "--format", "json", "--since", "HEAD", "--select", select, "."];
        repository.0.run(&arguments).expect(0).json()
    };
    let report = since("unknown-function,waivers");
    assert_eq!(
        (report["findings"].as_array().unwrap().len(), &report["summary"]["unchanged"]),
        (0, &json!(1))
    );
}

#[test]
fn another_secret_is_a_change_though_both_are_stars() {
    let with = |key: String| {
        let inputs = json!({"method": "GET", "uri": "https://x.test", "headers": {"x-functions-key": key}});
        flow(&json!({"Call": {"type": "Http", "inputs": inputs, "runAfter": {}}}))
    };
    let repository = with_git!(Repository::new());
    // Put together here, so that no scanner takes them for a leak.
    let (old, new) =
        (["Zx8cV7bN6mA5", "sD4fG3hJ2kL1qW0e"].concat(), ["pQ9rS8tU7vW6", "xY5zA4bC3dE2fG1h"].concat());
    repository.write("a.json", with(old.clone())).commit();
    let arguments =
        ["check", "--no-config", "--select", "hardcoded-secret", "--format", "json", "--since", "main"];
    assert_eq!(names(&repository.0.run(&arguments).expect(0).json()), set(&[]));
    repository.write("a.json", with(new.clone()));
    let done = repository.0.run(&arguments).expect(1);
    assert_eq!(names(&done.json()), set(&["hardcoded-secret Call"]));
    assert!(!done.out.contains(&old) && !done.out.contains(&new));
}

#[test]
fn a_secret_in_what_the_designer_writes_anew_is_shown() {
    let with = |key: Option<String>| {
        let mut action = json!({"type": "Compose", "inputs": 1, "runAfter": {}, "metadata": {"id": "1"}});
        if let Some(key) = key {
            action["metadata"]["x"] = format!("https://x.test/?sig={key}").into();
        }
        flow(&json!({"Call": action}))
    };
    let repository = with_git!(Repository::new());
    // Put together here, so that no scanner takes them for a leak.
    let (one, other) =
        (["aB3dE5gH7jK9mN1p", "Q3sT5vW7xY9z"].concat(), ["zY8xW6vU4tS2rQ0p", "O9nM7lK5jI3h"].concat());
    let arguments =
        ["check", "--no-config", "--select", "hardcoded-secret", "--format", "json", "--since", "main"];
    repository.write("a.json", with(None)).commit().write("a.json", with(Some(one)));
    assert_eq!(names(&repository.0.run(&arguments).expect(1).json()), set(&["hardcoded-secret Call"]));
    repository.commit();
    assert_eq!(names(&repository.0.run(&arguments).expect(0).json()), set(&[]));
    repository.write("a.json", with(Some(other)));
    assert_eq!(names(&repository.0.run(&arguments).expect(1).json()), set(&["hardcoded-secret Call"]));
}

#[test]
fn a_stale_entry_of_the_configuration_is_shown_where_the_configuration_has_changed() {
    let repository = with_git!(Repository::new());
    let entry = "[[allow]]\nrule = \"empty-container\"\nreason = \"x\"\n";
    repository.write("a.json", flow(&json!({}))).write("flowvet.toml", entry).commit();
    let arguments =
        ["check", "--select", "empty-container,waivers", "--format", "json", "--since", "main", "."];
    let rules = |report: &Value| names(report);
    assert_eq!(rules(&repository.0.run(&arguments).expect(0).json()), set(&[]));
    repository.write("flowvet.toml", format!("# new\n{entry}"));
    assert_eq!(repository.0.run(&arguments).expect(1).json()["findings"][0]["rule"], "unused-waiver");
}

#[test]
fn fingerprints_are_those_of_a_run_over_all() {
    let repository = with_git!(repository());
    let twice = json!({"type": "Compose", "inputs": "@concat(addYears(1), addYears(1), addYears(1))", "runAfter": {}});
    let mut actions = actions();
    actions["Two"] = twice;
    repository.write("Workflows/a.json", flow(&actions));
    let prints = |report: &Value| -> BTreeSet<String> {
        report["findings"].as_array().unwrap().iter().map(|f| f["fingerprint"].to_string()).collect()
    };
    let some = repository.check(&["--since", "main", "."]).expect(1).json();
    let all = repository.check(&["."]).expect(1).json();
    assert_eq!((prints(&some).len(), prints(&all).len()), (3, 5));
    assert!(prints(&some).is_subset(&prints(&all)));
}
