//! Which files a run looks at: arguments, lists, standard input, folders, and what stays out.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use common::{Sandbox, broken_flow, clean_flow, fixture, flow_with_error, flow_with_warning, run};

/// The files that a run reports on, by their paths in the JSON report.
fn reported(sandbox: &Sandbox, arguments: &[&str]) -> Vec<String> {
    let select = ["check", "--format", "json", "--select", "empty-container"];
    let report = sandbox.run(&[&select, arguments].concat()).json();
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["path"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_dash_reads_standard_input_under_the_name_that_is_given() {
    let sandbox = Sandbox::new();
    let arguments = ["check", "--select", "empty-container", "--format", "concise", "-"];
    let done = run(sandbox.program().args(arguments), flow_with_warning().as_bytes()).expect(1);
    assert!(done.out.starts_with("stdin.json:"), "{}", done.out);
    let named = [&arguments[..], &["--stdin-filename", "Workflows/Order.json"]].concat();
    let done = run(sandbox.program().args(named), flow_with_warning().as_bytes()).expect(1);
    assert!(done.out.starts_with("Workflows/Order.json:"), "{}", done.out);
}

#[test]
fn standard_input_may_be_utf_16_and_may_be_broken() {
    let sandbox = Sandbox::new();
    let utf_16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(flow_with_warning().encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    run(sandbox.program().args(["check", "-"]), &utf_16).expect(1);
    run(sandbox.program().args(["check", "-"]), &utf_16[..utf_16.len() - 1]).expect(2);
    run(sandbox.program().args(["check", "-"]), broken_flow().as_bytes()).expect(2);
}

#[test]
fn standard_input_and_paths_go_together() {
    let sandbox = Sandbox::new();
    sandbox.write("a.json", flow_with_error());
    let arguments =
        ["check", "--format", "concise", "--select", "empty-container,unknown-function", "-", "a.json"];
    let done = run(sandbox.program().args(arguments), flow_with_warning().as_bytes()).expect(1);
    assert!(done.out.contains("a.json:") && done.out.contains("stdin.json:"), "{}", done.out);
    assert!(done.out.ends_with("1 error, 1 warning in 2 flows\n"), "{}", done.out);
}

#[test]
fn files_from_reads_one_path_a_line() {
    let sandbox = Sandbox::new();
    sandbox.write("a b.json", flow_with_warning()).write("c#d.json", flow_with_warning());
    sandbox.write("list.txt", "a b.json\r\n\r\n  c#d.json  \n");
    assert_eq!(reported(&sandbox, &["--files-from", "list.txt"]), ["a b.json", "c#d.json"]);
    let arguments = ["check", "--format", "concise", "--files-from", "-"];
    let done = run(sandbox.program().args(arguments), b"a b.json\n").expect(1);
    assert!(done.out.starts_with("a b.json:"), "{}", done.out);
}

#[test]
fn a_list_may_be_written_by_powershell() {
    let sandbox = Sandbox::new();
    sandbox.write("ü.json", flow_with_warning());
    let list = "ü.json\r\n";
    let utf_16 = [0xFF, 0xFE].into_iter().chain(list.encode_utf16().flat_map(u16::to_le_bytes));
    sandbox.write("utf-16.txt", utf_16.collect::<Vec<u8>>()).write("mark.txt", format!("\u{feff}{list}"));
    for list in ["utf-16.txt", "mark.txt"] {
        assert_eq!(reported(&sandbox, &["--files-from", list]), ["ü.json"], "{list}");
    }
}

#[test]
fn an_empty_list_checks_nothing_and_a_missing_one_is_a_failure() {
    let sandbox = Sandbox::new();
    sandbox.write("a.json", flow_with_warning()).write("list.txt", "");
    let done = sandbox.check(&["--files-from", "list.txt"]).expect(0);
    assert_eq!(done.out, "no findings in 0 flows\n", "a hook with no files must not check the whole folder");
    let done = sandbox.check(&["--files-from", "gone.txt"]).expect(2);
    assert!(done.err.contains("gone.txt"), "{}", done.err);
}

#[test]
fn a_path_in_a_list_that_is_not_there_is_a_problem() {
    let sandbox = Sandbox::new();
    sandbox.write("list.txt", "gone.json\n");
    let done = sandbox.check(&["--files-from", "list.txt"]).expect(2);
    assert!(done.out.contains("gone.json: problem"), "{}", done.out);
}

#[test]
fn without_paths_the_working_folder_is_checked() {
    let sandbox = Sandbox::new();
    sandbox.write("deep/down/a.json", flow_with_warning());
    assert_eq!(reported(&sandbox, &[]), ["deep/down/a.json"]);
}

#[test]
fn json_that_is_no_flow_is_passed_over_quietly_and_named_with_verbose() {
    let sandbox = Sandbox::new();
    sandbox
        .write("a.json", clean_flow())
        .write("package.json", r#"{"name": "x", "dependencies": {}}"#)
        .write("list.json", "[1, 2]")
        .write("prose.json", "not JSON at all {")
        .write("void.json", "")
        .write("notes.txt", broken_flow());
    let quiet = sandbox.check(&["."]).expect(0);
    assert_eq!((quiet.out.as_str(), quiet.err.as_str()), ("no findings in 1 flow\n", ""));
    let loud = sandbox.check(&["--verbose", "."]).expect(0);
    for (file, reason) in [
        ("package.json", "it has no workflow definition"),
        ("list.json", "it is no JSON object"),
        ("prose.json", "it is no JSON, and has no marks of a flow"),
        ("void.json", "it is no JSON, and has no marks of a flow"),
    ] {
        assert!(loud.err.contains(&format!("passed over {file}: {reason}")), "{file} in {}", loud.err);
    }
    assert!(!loud.err.contains("notes.txt"), "only JSON is looked at in folders: {}", loud.err);
}

#[test]
fn a_file_that_is_named_is_read_whatever_its_extension() {
    let sandbox = Sandbox::new();
    sandbox.write("flow.txt", flow_with_warning());
    assert_eq!(reported(&sandbox, &["flow.txt"]), ["flow.txt"]);
}

#[test]
fn git_ignored_files_stay_out_of_folders_and_can_be_named() {
    let sandbox = Sandbox::new();
    for file in ["a.json", "out/b.json", "sub/c.json", "sub/keep/d.json", "sub/e.json"] {
        sandbox.write(file, flow_with_warning());
    }
    sandbox.write(".gitignore", "/out/\n").write("sub/.gitignore", "*.json\n!e.json\n");
    assert_eq!(reported(&sandbox, &["."]), ["a.json", "sub/e.json"]);
    assert_eq!(reported(&sandbox, &["sub"]), ["sub/e.json"]);
    assert_eq!(reported(&sandbox, &["out/b.json"]), ["out/b.json"]);
}

#[test]
fn what_a_gitignore_says_holds_below_its_folder_only() {
    let sandbox = Sandbox::new();
    sandbox.write("one/.gitignore", "*.json\n");
    sandbox.write("one/a.json", flow_with_warning()).write("two/a.json", flow_with_warning());
    assert_eq!(reported(&sandbox, &["."]), ["two/a.json"]);
}

#[test]
fn folders_of_tools_are_never_walked() {
    let sandbox = Sandbox::new();
    for folder in [".git", "node_modules", "target", "deep/node_modules", "deep/target"] {
        sandbox.write(&format!("{folder}/x/flow.json"), flow_with_warning());
    }
    sandbox.write("a.json", flow_with_warning());
    assert_eq!(reported(&sandbox, &["."]), ["a.json"]);
}

#[test]
fn exclude_wins_over_everything_even_a_file_that_is_named() {
    let sandbox = Sandbox::new();
    for file in ["a.json", "old/b.json", "old/deep/c.json", "new/d.json"] {
        sandbox.write(file, flow_with_warning());
    }
    sandbox.write("flowvet.toml", "exclude = [\"old/\", \"/a.json\"]\n");
    assert_eq!(reported(&sandbox, &["."]), ["new/d.json"]);
    assert_eq!(reported(&sandbox, &["a.json", "old/b.json", "new/d.json"]), ["new/d.json"]);
    sandbox.check(&["old/deep/c.json"]).expect(0);
    sandbox.write("list.txt", "old/b.json\n");
    sandbox.check(&["--files-from", "list.txt"]).expect(0);
}

#[test]
fn patterns_of_exclude_are_relative_to_the_configuration_file() {
    let sandbox = Sandbox::new();
    sandbox.write("sub/old/a.json", flow_with_warning()).write("old/a.json", flow_with_warning());
    sandbox.write("sub/flowvet.toml", "exclude = [\"/old/\"]\n");
    assert_eq!(reported(&sandbox, &["--config", "sub/flowvet.toml", "."]), ["old/a.json"]);
}

#[test]
fn a_file_that_is_reached_twice_is_reported_once() {
    let sandbox = Sandbox::new();
    sandbox.write("sub/a.json", flow_with_warning());
    assert_eq!(reported(&sandbox, &["sub/a.json", "./sub/../sub/a.json", "sub", "."]), ["sub/a.json"]);
}

#[test]
fn odd_names_of_files_are_names() {
    let sandbox = Sandbox::new();
    let names = ["#hash.json", "a  b.json", "UPPER.JSON", "ünï😀.json", "100%25.json", "it's {a} [b].json"];
    for name in names {
        sandbox.write(&format!("odd folder/{name}"), flow_with_warning());
    }
    let mut expected = names.map(|name| format!("odd folder/{name}"));
    expected.sort();
    assert_eq!(reported(&sandbox, &["odd folder"]), expected);
}

#[test]
fn paths_in_reports_are_relative_to_the_repository_wherever_the_run_begins() {
    let sandbox = Sandbox::new();
    sandbox.write("solutions/Workflows/a.json", flow_with_warning());
    let arguments = ["check", "--format", "json", "--select", "empty-container"];
    let below = |folder: &str, path: &str| {
        let mut command = sandbox.program();
        command.current_dir(sandbox.path(folder)).args(arguments).arg(path);
        run(&mut command, b"").json()["findings"][0]["path"].as_str().unwrap().to_owned()
    };
    let absolute = sandbox.path("solutions");
    for (folder, path) in [
        ("", "solutions"),
        ("", "./solutions/Workflows/a.json"),
        ("solutions", "Workflows"),
        ("solutions/Workflows", "../Workflows/a.json"),
        ("solutions/Workflows", "."),
        ("", absolute.to_str().unwrap()),
    ] {
        assert_eq!(below(folder, path), "solutions/Workflows/a.json", "{path} in {folder}");
    }
}

#[test]
fn a_flow_in_the_yaml_layout_is_named_as_not_supported() {
    let path = fixture("forms/modernflows/Notify-Owner-6438574A-0E7B-4505-9FF7-A5E6C77C0D04.yml");
    let sandbox = Sandbox::new();
    sandbox.write("s/modernflows/a.yml", std::fs::read(path).unwrap()).write("s/pipeline.yml", "steps: []");
    for arguments in [&["s"][..], &["s/modernflows/a.yml"]] {
        let done = sandbox.check(arguments).expect(2);
        assert!(done.out.contains("s/modernflows/a.yml: problem: Not supported"), "{}", done.out);
        assert!(!done.out.contains("pipeline.yml"), "{}", done.out);
    }
}

#[test]
fn one_action_out_of_the_new_designer_is_named_as_not_supported() {
    let path = fixture("forms/clipboard-new-designer-action.json");
    let done = common::in_package(&["check", "--format", "concise", path.to_str().unwrap()]).expect(2);
    assert!(done.out.contains("Not supported: a copy of one action out of the new designer"), "{}", done.out);
}

#[test]
fn bytes_that_are_no_text_are_a_problem_only_if_they_were_meant_to_be_a_flow() {
    let sandbox = Sandbox::new();
    let flow = flow_with_warning();
    let utf_16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(flow.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    sandbox
        .write("cut.json", &utf_16[..utf_16.len() - 1])
        .write("latin.json", [flow.as_bytes(), b"// caf\xE9"].concat())
        .write("picture.png", b"\x89PNG\r\n\x1a\n\0")
        .write("settings.json", b"{\"name\": \"Andr\xE9\"}");
    let done = sandbox.check(&["cut.json", "latin.json"]).expect(2);
    assert!(done.out.contains("cut.json: problem: The file begins as UTF-16 and is cut off"), "{}", done.out);
    assert!(done.out.contains("latin.json: problem: The file is neither UTF-8 nor UTF-16"), "{}", done.out);
    sandbox.check(&["picture.png", "settings.json"]).expect(0);
}

#[cfg(unix)]
mod on_unix {
    use std::ffi::OsStr;
    use std::fs;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn links_that_lead_in_circles_end() {
        let sandbox = Sandbox::new();
        sandbox.write("a/b/flow.json", flow_with_warning());
        symlink(sandbox.path("a"), sandbox.path("a/b/up")).unwrap();
        symlink(sandbox.path("a/b/self"), sandbox.path("a/b/self")).unwrap();
        symlink(sandbox.path("nowhere"), sandbox.path("a/b/dangling.json")).unwrap();
        assert_eq!(reported(&sandbox, &["."]), ["a/b/flow.json"]);
        sandbox.check(&["."]).expect(1);
    }

    #[test]
    fn what_a_link_in_a_folder_leads_to_is_checked_once() {
        let sandbox = Sandbox::new();
        sandbox.write("real/flow.json", flow_with_warning());
        symlink(sandbox.path("real"), sandbox.path("zlink")).unwrap();
        assert_eq!(reported(&sandbox, &["."]), ["real/flow.json"]);
        assert_eq!(reported(&sandbox, &["zlink"]), ["zlink/flow.json"]);
    }

    #[test]
    fn a_name_that_is_no_utf_8_is_shown_as_well_as_it_can_be() {
        let sandbox = Sandbox::new();
        let path = sandbox.path("").join(OsStr::from_bytes(b"caf\xE9.json"));
        if fs::write(path, flow_with_warning()).is_err() {
            return; // Some file systems take no such names.
        }
        assert_eq!(reported(&sandbox, &["."]), ["caf\u{FFFD}.json"]);
    }

    #[test]
    fn a_file_or_folder_that_may_not_be_read_is_a_problem() {
        let sandbox = Sandbox::new();
        sandbox
            .write("locked.json", clean_flow())
            .write("vault/a.json", clean_flow())
            .write("b.json", clean_flow());
        for path in ["locked.json", "vault"] {
            fs::set_permissions(sandbox.path(path), fs::Permissions::from_mode(0o0)).unwrap();
        }
        let is_bound = fs::read(sandbox.path("locked.json")).is_err();
        let done = sandbox.check(&["."]);
        fs::set_permissions(sandbox.path("vault"), fs::Permissions::from_mode(0o755)).unwrap();
        // The superuser may read everything.
        assert_eq!(done.code, if is_bound { 2 } else { 0 }, "{}{}", done.out, done.err);
        assert_eq!(done.out.contains("locked.json: problem"), is_bound, "{}", done.out);
        assert_eq!(done.out.contains("vault: problem"), is_bound, "{}", done.out);
    }

    #[test]
    fn pipes_in_folders_are_passed_by_and_may_be_named() {
        let sandbox = Sandbox::new();
        sandbox.write("d/a.json", flow_with_warning());
        let pipe = sandbox.path("d/pipe.json");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        if !made.is_ok_and(|status| status.success()) {
            return; // Not every machine can make one.
        }
        assert_eq!(reported(&sandbox, &["d"]), ["d/a.json"]);
        let writer = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::write(pipe, flow_with_warning())
        });
        assert_eq!(reported(&sandbox, &["d/pipe.json"]), ["d/pipe.json"]);
        writer.join().unwrap().unwrap();
    }

    #[test]
    fn a_file_and_a_link_to_it_go_by_one_name_in_any_order() {
        let sandbox = Sandbox::new();
        sandbox.write("real.json", flow_with_warning());
        symlink(sandbox.path("real.json"), sandbox.path("link.json")).unwrap();
        assert_eq!(reported(&sandbox, &["real.json", "link.json"]), ["link.json"]);
        assert_eq!(reported(&sandbox, &["link.json", "real.json"]), ["link.json"]);
    }

    #[test]
    fn a_report_is_written_through_links_and_into_pipes() {
        let sandbox = Sandbox::new();
        sandbox.write("a.json", flow_with_warning()).write("out/report.json", "old");
        symlink("out/report.json", sandbox.path("link")).unwrap();
        sandbox.run(&["check", "a.json", "--format", "json=link"]).expect(1);
        assert!(sandbox.path("link").is_symlink());
        assert!(sandbox.read("out/report.json").starts_with('{'));
        symlink("out/new.json", sandbox.path("dangling")).unwrap();
        sandbox.run(&["check", "a.json", "--format", "json=dangling"]).expect(1);
        assert!(sandbox.path("dangling").is_symlink());
        assert!(sandbox.read("out/new.json").starts_with('{'));
        let pipe = sandbox.path("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        if !made.is_ok_and(|status| status.success()) {
            return;
        }
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read_to_string(pipe)
        });
        sandbox.run(&["check", "a.json", "--format", "json=pipe"]).expect(1);
        assert!(!fs::metadata(&pipe).unwrap().is_file(), "the pipe is still one");
        assert!(reader.join().unwrap().unwrap().starts_with('{'));
    }

    #[test]
    fn names_of_files_cannot_colour_or_break_what_is_shown() {
        let sandbox = Sandbox::new();
        sandbox.write("\u{1b}[31m\nforged.json", flow_with_error()).write("e\u{1b}[31m/x.json", "{}");
        sandbox.write("\u{1b}c.toml", "selct = []");
        for arguments in [
            &["check", "."][..],
            &["check", "-v", "--no-config", "."],
            &["inspect", "."],
            &["check", "e\u{1b}[31m"],
            &["check", "--config", "\u{1b}c.toml"],
            &["check", "--config", "\u{1b}d.toml"],
            &["check", "--select", "\u{1b}[31m"],
            &["check", "--format", "\u{1b}[31m"],
            &["check", "--format", "\u{1b}[31m="],
            &["check", "--format", "json=\u{1b}[31m/x/y"],
            &["check", "--files-from", "\u{1b}"],
            &["explain", "\u{1b}[31m"],
        ] {
            let done = sandbox.run(arguments);
            assert!(
                !done.out.contains('\u{1b}') && !done.err.contains('\u{1b}'),
                "{arguments:?}: {}{}",
                done.out,
                done.err
            );
            assert!(!done.out.contains("\nforged"), "{arguments:?}: {}", done.out);
        }
    }

    #[test]
    fn the_message_of_a_report_that_cannot_be_written_names_its_file() {
        let sandbox = Sandbox::new();
        sandbox.write("a.json", flow_with_warning());
        let done = sandbox.run(&["check", "a.json", "--format", "json=gone/report.json"]).expect(2);
        assert!(done.err.contains("gone/report.json"), "{}", done.err);
        assert!(!done.err.contains(".flowvet-"), "{}", done.err);
    }

    #[test]
    fn a_closed_pipe_changes_no_exit_code() {
        let sandbox = Sandbox::new();
        sandbox.write("a.json", flow_with_warning());
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let status = sandbox.program().args(["check", "a.json"]).stdout(writer).status().unwrap();
        assert_eq!(status.code(), Some(1));
    }
}

#[test]
fn a_file_that_was_named_before_its_folder_counts_for_the_folder() {
    let sandbox = Sandbox::new();
    sandbox.write("d/f.json", clean_flow());
    for arguments in [["d/f.json", "d"], ["d", "d/f.json"]] {
        let done = sandbox.check(&arguments).expect(0);
        assert_eq!(done.err, "");
    }
}

#[test]
fn a_bad_line_in_a_gitignore_leaves_the_others_in_force() {
    let sandbox = Sandbox::new();
    sandbox.write("a.json", flow_with_warning()).write("out/b.json", flow_with_warning());
    sandbox.write(".gitignore", "{a,b\n[z-a]\n/out/\n");
    assert_eq!(reported(&sandbox, &["."]), ["a.json"]);
}

#[test]
fn two_repositories_with_the_same_paths_are_told_apart_in_any_order() {
    let sandbox = Sandbox::new();
    for repository in ["one", "two"] {
        sandbox
            .write(&format!("{repository}/.git/HEAD"), "")
            .write(&format!("{repository}/a.json"), flow_with_warning());
    }
    sandbox.write("two/a.json", flow_with_error());
    assert_eq!(sandbox.check(&["one", "two"]).out, sandbox.check(&["two", "one"]).out);
}

#[test]
fn inspect_calls_a_problem_what_check_calls_one() {
    let sandbox = Sandbox::new();
    sandbox.write("d/a.json", broken_flow()).write("d/b.json", "no flow {").write("d/c.json", clean_flow());
    let done = sandbox.run(&["inspect", "d"]).expect(2);
    assert!(done.err.contains("d/a.json") && !done.err.contains("b.json"), "{}", done.err);
}

#[test]
fn a_file_that_says_it_is_a_flow_and_holds_none_could_not_be_checked() {
    let sandbox = Sandbox::new();
    let empty = r#"{"properties": {"connectionReferences": {}}, "schemaVersion": "1.0.0.0"}"#;
    sandbox.write("d/a.json", empty).write("d/b.json", clean_flow());
    for command in ["check", "inspect"] {
        let done = sandbox.run(&[command, "d"]).expect(2);
        let all = format!("{}{}", done.out, done.err);
        assert!(all.contains("This flow has no `definition`"), "{all}");
    }
}

#[test]
fn a_line_break_in_a_name_forges_no_line_of_the_tree() {
    let sandbox = Sandbox::new();
    let actions = serde_json::json!({"A\n  • Forged": {"type": "Compose", "inputs": 1}});
    sandbox.write("a.json", common::flow(&actions));
    let done = sandbox.run(&["inspect", "a.json"]).expect(0);
    assert!(done.out.contains("Forged"), "{}", done.out);
    assert!(!done.out.lines().any(|line| line.trim_start().starts_with("• Forged")), "{}", done.out);
}
