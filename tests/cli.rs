//! How a run ends, and where it says what: exit codes, formats, streams and colours.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use common::{
    FORMATS, Sandbox, broken_flow, clean_flow, flow_with_error, flow_with_note, flow_with_warning, run,
};

/// Clean, with a note, with a warning, with an error, and one that does not parse.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .write("clean/a.json", clean_flow())
        .write("note/a.json", flow_with_note())
        .write("warning/a.json", flow_with_warning())
        .write("error/a.json", flow_with_error())
        .write("broken/a.json", broken_flow());
    sandbox
}

#[test]
fn a_run_without_findings_ends_with_0() {
    let done = sandbox().check(&["clean"]).expect(0);
    assert_eq!(done.out, "no findings in 1 flow\n");
    assert_eq!(done.err, "");
}

#[test]
fn findings_end_a_run_with_1() {
    let sandbox = sandbox();
    for (folder, found) in [("warning", "1 warning in 1 flow\n"), ("error", "1 error in 1 flow\n")] {
        let done = sandbox.check(&[folder]).expect(1);
        assert!(done.out.ends_with(found), "{}", done.out);
        assert_eq!(done.err, "");
    }
}

#[test]
fn notes_alone_do_not_fail_a_run() {
    let done = sandbox().check(&["note"]).expect(0);
    assert!(done.out.ends_with("1 note in 1 flow\n"), "{}", done.out);
}

#[test]
fn fail_on_says_which_severity_fails_a_run() {
    let sandbox = sandbox();
    for (least, codes) in
        [("never", [0, 0, 0]), ("error", [0, 0, 1]), ("warning", [0, 1, 1]), ("note", [1, 1, 1])]
    {
        for (folder, code) in ["note", "warning", "error"].into_iter().zip(codes) {
            let done = sandbox.check(&["--fail-on", least, folder]);
            assert_eq!(done.code, code, "--fail-on {least} {folder}");
            assert!(done.out.contains("1 ") && !done.out.contains("no findings"), "{}", done.out);
        }
    }
}

#[test]
fn a_path_that_is_not_there_ends_a_run_with_2() {
    let done = sandbox().check(&["clean", "gone.json"]).expect(2);
    assert!(done.out.contains("gone.json: problem: There is no such file or folder"), "{}", done.out);
}

#[test]
fn a_flow_that_does_not_parse_ends_a_run_with_2_and_its_place() {
    let done = sandbox().check(&["broken"]).expect(2);
    assert!(
        done.out.contains("broken/a.json:1:1: problem: The file ends before this object does"),
        "{}",
        done.out
    );
    assert!(done.out.ends_with("no findings in 0 flows; 1 file could not be checked\n"), "{}", done.out);
}

#[test]
fn a_folder_that_is_named_and_holds_no_flow_ends_a_run_with_2() {
    let sandbox = sandbox();
    sandbox.write("empty/notes.json", r#"{"a": 1}"#);
    let done = sandbox.check(&["clean", "empty"]).expect(2);
    assert!(done.err.contains("empty: no cloud flow in it"), "{}", done.err);
    let done = sandbox.check(&["--allow-empty", "clean", "empty"]).expect(0);
    assert_eq!(done.err, "");
}

#[test]
fn a_folder_with_a_broken_flow_is_not_called_empty() {
    let done = sandbox().check(&["broken"]).expect(2);
    assert!(!done.err.contains("no cloud flow"), "{}", done.err);
}

#[test]
fn allow_empty_excuses_nothing_else() {
    let sandbox = sandbox();
    sandbox.check(&["--allow-empty", "warning"]).expect(1);
    sandbox.check(&["--allow-empty", "gone"]).expect(2);
    sandbox.check(&["--allow-empty", "broken"]).expect(2);
}

#[test]
fn wrong_usage_ends_a_run_with_2() {
    let sandbox = sandbox();
    let usages: [&[&str]; 9] = [
        &["check", "--nonsense"],
        &["check", "--format", "nonsense"],
        &["check", "--format", "json="],
        &["check", "--fail-on", "sometimes"],
        &["check", "--jobs", "0"],
        &["check", "--color", "blue"],
        &["check", "--quiet", "--verbose"],
        &["nonsense"],
        &[],
    ];
    for usage in usages {
        let done = sandbox.run(usage).expect(2);
        assert_eq!(done.out, "", "{usage:?} must leave standard output alone");
        assert_ne!(done.err, "", "{usage:?} must say why");
    }
}

#[test]
fn a_problem_outranks_findings_which_are_printed_all_the_same() {
    let sandbox = sandbox();
    for others in [["broken", "error"], ["error", "gone"]] {
        let done = sandbox.check(&others).expect(2);
        assert!(done.out.contains("error[unknown-function]"), "{}", done.out);
        assert!(done.out.contains("problem: "), "{}", done.out);
    }
    sandbox.check(&["--fail-on", "never", "broken", "error"]).expect(2);
}

#[test]
fn the_format_never_changes_the_code() {
    let sandbox = sandbox();
    for format in FORMATS {
        for (folder, code) in [("clean", 0), ("warning", 1), ("error", 1), ("broken", 2), ("gone", 2)] {
            let select = "empty-container,unknown-function";
            let done = sandbox.run(&["check", "--select", select, "--format", format, folder]);
            assert_eq!(done.code, code, "{format} {folder}\n{}{}", done.out, done.err);
        }
    }
}

#[test]
fn a_report_can_go_to_a_file_beside_the_one_on_standard_output() {
    let sandbox = sandbox();
    let done = sandbox.check(&["--format", "json=report.json", "warning"]).expect(1);
    assert!(done.out.contains("warning[empty-container]"), "{}", done.out);
    let report: serde_json::Value = serde_json::from_str(&sandbox.read("report.json")).unwrap();
    assert_eq!(report["summary"]["warnings"], 1);

    let done =
        sandbox.run(&["check", "--format", "json=only.json", "--format", "concise=lines.txt", "warning"]);
    assert_eq!(done.out, "", "nothing was asked for on standard output");
    assert!(sandbox.read("lines.txt").contains("warning/a.json:"));
}

#[test]
fn a_report_file_is_written_whole_or_not_at_all() {
    let sandbox = sandbox();
    let done = sandbox.check(&["--format", "json=no/such/folder/report.json", "clean"]).expect(2);
    assert!(done.err.contains("report.json"), "{}", done.err);
    sandbox.write("report.json", "the one before");
    sandbox.check(&["--format", "json=report.json", "clean"]).expect(0);
    assert!(sandbox.read("report.json").starts_with('{'), "the file is replaced");
    let left: Vec<_> = std::fs::read_dir(sandbox.path("")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 7, "no half-written file stays behind: {left:?}");
}

#[test]
fn two_formats_on_standard_output_are_refused() {
    let done = sandbox().run(&["check", "--format", "human", "--format", "json", "clean"]).expect(2);
    assert!(done.err.contains("only one format can go to standard output"), "{}", done.err);
    assert_eq!(done.out, "");
}

#[test]
fn reports_go_to_standard_output_and_everything_else_to_standard_error() {
    let sandbox = sandbox();
    sandbox.write("warning/other.json", "{}").write("warning/solution.zip", "PK");
    let done = sandbox.check(&["--format", "json=report.json", "--verbose", "warning"]).expect(1);
    assert!(done.err.contains("passed over warning/other.json"), "{}", done.err);
    assert!(done.err.contains("1 archive was seen and not opened"), "{}", done.err);
    assert!(!done.out.contains("other.json") && !done.out.contains("archive"), "{}", done.out);
    let json = sandbox.run(&["check", "--verbose", "--format", "json", "warning"]);
    assert!(json.json().is_object(), "a report for machines is nothing but the report");
}

#[test]
fn quiet_leaves_the_report_and_nothing_else() {
    let sandbox = sandbox();
    sandbox.write("warning/solution.zip", "PK");
    let loud = sandbox.check(&["warning"]).expect(1);
    let quiet = sandbox.check(&["--quiet", "warning"]).expect(1);
    assert_eq!(quiet.out, loud.out);
    assert_ne!(loud.err, "");
    assert_eq!(quiet.err, "");
}

#[test]
fn colours_are_for_terminals_and_for_those_who_insist() {
    let sandbox = sandbox();
    let colours = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = sandbox.program();
        command.args(["check", "--select", "empty-container", "warning"]).args(arguments);
        command.envs(variables.iter().copied());
        let done = run(&mut command, b"").expect(1);
        assert!(done.out.contains("'Empty' has nothing in it"), "{}", done.out);
        done.out.contains('\u{1b}')
    };
    assert!(!colours(&[], &[]), "this is no terminal");
    assert!(colours(&["--color", "always"], &[]));
    assert!(
        colours(&["--color", "always"], &[("NO_COLOR", "1")]),
        "the argument is nearer than the variable"
    );
    assert!(colours(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colours(&[], &[("CLICOLOR_FORCE", "0")]));
    assert!(!colours(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(colours(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")]), "an empty NO_COLOR is none");
    assert!(!colours(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn reports_for_machines_and_report_files_have_no_colours() {
    let sandbox = sandbox();
    for format in ["json", "sarif"] {
        let done = sandbox.run(&["check", "--color", "always", "--format", format, "warning"]);
        assert!(!done.out.contains('\u{1b}'), "{format}: {}", done.out);
    }
    sandbox.run(&["check", "--format", "human=report.txt", "warning"]);
    assert!(!sandbox.read("report.txt").contains('\u{1b}'));
}

#[test]
fn control_characters_in_names_never_reach_the_terminal() {
    let sandbox = Sandbox::new();
    let name = "\u{1b}[31mRed\u{1b}[0m \u{7} \u{9b}2J \u{202e}txt.exe";
    let actions = serde_json::json!({name: {"type": "Scope", "actions": {}}});
    sandbox.write("flow.json", common::flow(&actions));
    let bad = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
    for arguments in [
        &["check", "flow.json"][..],
        &["check", "--format", "concise", "flow.json"],
        &["inspect", "flow.json"],
    ] {
        let done = sandbox.run(arguments);
        assert!(done.out.contains("Red"), "{}", done.out);
        assert!(!done.out.contains(bad), "{arguments:?}: {:?}", done.out);
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_enough_is_no_failure() {
    use std::process::Stdio;
    let sandbox = Sandbox::new();
    for at in 0..300 {
        sandbox.write(&format!("flows/{at}.json"), flow_with_warning());
    }
    let mut child = sandbox
        .program()
        .args(["check", "flows"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let done = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(done.stderr).unwrap(), "", "no panic, no complaint");
    assert!(done.status.code().is_some(), "no signal either");
}
