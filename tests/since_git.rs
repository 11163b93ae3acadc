//! `check --since` and git: which revision is meant, which file was which, and what is said where there is none.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use std::fs;
use std::io::{Cursor, Write};

use common::repository::{RULES, Repository, actions, faulty, git_in, names, repository, set, with_git};
use common::{Sandbox, flow, run};
use serde_json::{Value, json};

#[test]
fn a_file_that_was_renamed_or_moved_is_found_by_its_flow() {
    let guid = "4B1F6D0E-93A7-EF11-8A69-6045BD9C5A21";
    let (old, new) =
        (format!("sol/Workflows/Order-{guid}.json"), format!("sol2/Workflows/Orders-{guid}.json"));
    let repository = with_git!(Repository::new());
    repository.write(&old, flow(&actions())).write("x/plain.json", flow(&actions())).commit();
    fs::remove_file(repository.0.path(&old)).unwrap();
    fs::remove_file(repository.0.path("x/plain.json")).unwrap();
    repository.write(&new, flow(&actions())).write("y/plain.json", flow(&actions()));
    assert_eq!(repository.since("main"), set(&[]));
    repository.write(&new, flow(&json!({"One": faulty("addMonths"), "Two": faulty("addWeeks2")})));
    assert_eq!(repository.since("main"), set(&["unknown-function Two"]));
    // A copy beside the old one is a new flow.
    repository.write(&old, flow(&json!({}))).write(&new, flow(&json!({"One": faulty("addMonths")})));
    assert_eq!(repository.since("main"), set(&["unknown-function One"]));
}

#[test]
fn paths_are_found_whatever_they_are_called_and_wherever_one_stands() {
    let repository = with_git!(Repository::new());
    let path = "my flows/50% #1 \u{fc}\u{1f600}'[x].json";
    repository.write(path, flow(&actions())).write("sub/other.json", flow(&actions())).commit();
    assert_eq!(repository.since("main"), set(&[]));
    let check = |folder: &str, arguments: &[&str]| {
        let known = ["check", "--no-config", "--select", RULES, "--format", "json", "--since", "main"];
        let mut program = repository.0.program();
        let done = run(program.current_dir(repository.0.path(folder)).args(known).args(arguments), b"");
        done.expect(0).json()["summary"]["unchanged"].clone()
    };
    assert_eq!(check("sub", &["."]), 3);
    assert_eq!(check("sub", &[".."]), 6);
    assert_eq!(check("my flows", &[&format!("../{path}"), "../sub/other.json"]), 6);
    let absolute = repository.0.path(path);
    assert_eq!(check("sub", &[absolute.to_str().unwrap()]), 3);
    // Standard input goes by a name.
    let name = ["check", "--no-config", "--select", RULES, "--format", "json", "--since", "main", "-"];
    let mut program = repository.0.program();
    let input = flow(&actions());
    let done =
        run(program.args(name).args(["--stdin-filename", "sub/other.json"]), input.as_bytes()).expect(0);
    assert_eq!(done.json()["summary"]["unchanged"], 3);
    // A hook may run with a repository in its environment.
    let mut program = repository.0.program();
    program.env("GIT_DIR", "/nowhere").env("GIT_INDEX_FILE", "/nowhere");
    let done = run(program.args(&name[..8]).arg("sub"), b"").expect(0);
    assert_eq!(done.json()["summary"]["unchanged"], 3);
}

#[cfg(unix)]
#[test]
fn a_link_is_what_it_leads_to() {
    let repository = with_git!(repository());
    std::os::unix::fs::symlink("Workflows", repository.0.path("link")).unwrap();
    let done = repository.check(&["--since", "main", "link"]).expect(0).json();
    assert_eq!(done["summary"]["unchanged"], 3);
}

#[test]
fn every_repository_is_compared_with_its_own_revision() {
    let repository = with_git!(repository());
    let inner = repository.0.path("inner");
    repository.write("inner/b.json", flow(&actions()));
    git_in(&inner, &["init", "--quiet", "--initial-branch=main"]);
    git_in(&inner, &["add", "--all"]);
    git_in(&inner, &["commit", "--quiet", "--message", "x"]);
    repository.write("inner/b.json", flow(&json!({"One": faulty("addMonths"), "Two": faulty("addWeeks2")})));
    assert_eq!(repository.since("main"), set(&["unknown-function Two"]));
}

#[test]
fn three_dots_mean_where_the_branch_began() {
    let repository = with_git!(repository());
    repository.git(&["checkout", "--quiet", "-b", "feature"]);
    repository.write("Workflows/b.json", flow(&json!({"New": faulty("addMonths")}))).commit();
    // Meanwhile main goes on.
    repository.git(&["checkout", "--quiet", "main"]);
    let mut actions = actions();
    actions["One"]["inputs"] = json!("@utcNow()");
    repository.write("Workflows/a.json", flow(&actions)).commit();
    repository.git(&["checkout", "--quiet", "feature"]);
    assert_eq!(repository.since("main"), set(&["unknown-function New", "unknown-function One"]));
    assert_eq!(repository.since("main..."), set(&["unknown-function New"]));
    assert_eq!(repository.since("main...HEAD"), set(&["unknown-function New"]));
    assert_eq!(repository.since("HEAD~1"), set(&["unknown-function New"]), "any name that git knows");
}

#[test]
fn what_is_no_revision_ends_a_run_with_2() {
    let repository = with_git!(repository());
    for name in ["gone", "", "-x", "--all", "gone...", "main..HEAD", "main...other", "HEAD:Workflows"] {
        let done = repository.check(&[&format!("--since={name}"), "."]).expect(2);
        assert_eq!(done.out, "", "{name}");
        let wrong = format!("flowvet: --since {name}: ");
        assert!(done.err.starts_with(&wrong) && done.err.contains("git knows no commit"), "{}", done.err);
        assert_eq!(done.err.lines().count(), 1, "{}", done.err);
    }
    let empty = with_git!(Repository::new());
    empty.write("a.json", flow(&actions()));
    assert!(empty.check(&["--since", "HEAD", "."]).expect(2).err.contains("git knows no commit `HEAD`"));
    // The name is wrong whether or not there is a file.
    empty.0.run(&["check", "--since", "gone", "--allow-empty", "nothing-here"]).expect(2);
}

#[test]
fn without_a_repository_or_without_git_a_run_ends_with_2() {
    let repository = with_git!(repository());
    let folder = tempfile::TempDir::new().unwrap();
    fs::write(folder.path().join("a.json"), flow(&actions())).unwrap();
    let mut program = common::program();
    let done = run(
        program.current_dir(folder.path()).args(["check", "--no-config", "--since", "main", "a.json"]),
        b"",
    );
    let done = done.expect(2);
    assert!(done.err.contains("a.json stands in no git repository"), "{}", done.err);
    // A folder `.git` that is none.
    let sandbox = Sandbox::new();
    sandbox.write("a.json", flow(&actions()));
    let done = sandbox.run(&["check", "--no-config", "--since", "main", "a.json"]).expect(2);
    assert!(
        done.err.contains("--since main: git in ") && done.err.contains("not a git repository"),
        "{}",
        done.err
    );
    let mut program = repository.0.program();
    program.env("PATH", folder.path());
    let done = run(program.args(["check", "--no-config", "--since", "main", "."]), b"").expect(2);
    assert!(done.err.contains("git is needed for it, and is not on the PATH"), "{}", done.err);
}

#[test]
fn a_shallow_clone_is_named_as_the_reason() {
    let repository = with_git!(repository());
    repository.write("more.json", flow(&json!({}))).commit();
    let clone = tempfile::TempDir::new().unwrap();
    let from = format!("file://{}", repository.0.path("").display());
    git_in(clone.path(), &["clone", "--quiet", "--depth=1", &from, "clone"]);
    let mut program = common::program();
    program.current_dir(clone.path().join("clone"));
    let done = run(program.args(["check", "--no-config", "--since", "HEAD~1", "."]), b"").expect(2);
    assert!(done.err.contains("This clone is shallow"), "{}", done.err);
    let mut program = common::program();
    program.current_dir(clone.path().join("clone"));
    run(program.args(["check", "--no-config", "--since", "origin/main", "."]), b"").expect(0);
}

#[test]
fn an_archive_is_compared_with_the_archive_that_was() {
    let zip = |name: &str, actions: &Value| {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer
            .start_file(format!("Workflows/{name}.json"), zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(flow(actions).as_bytes()).unwrap();
        writer.finish().unwrap().into_inner()
    };
    let repository = with_git!(Repository::new());
    let guid = "4b1f6d0e-93a7-ef11-8a69-6045bd9c5a21";
    repository.write("s.zip", zip(&format!("Old-{guid}"), &actions())).commit();
    let since = || names(&repository.check(&["--since", "main", "s.zip"]).json());
    assert_eq!(since(), set(&[]));
    let mut changed = actions();
    changed["One"]["inputs"] = json!("@addWeeks2(1)");
    repository.write("s.zip", zip(&format!("New-{guid}"), &changed));
    assert_eq!(since(), set(&["unknown-function One"]), "the flow is known by its id");
    repository.write("t.zip", zip(&format!("New-{guid}"), &changed));
    let done = repository.check(&["--since", "main", "t.zip"]).expect(1).json();
    assert_eq!(names(&done).len(), 3, "an archive that is new is new as a whole");
}

#[test]
fn many_files_and_threads_give_the_same_bytes() {
    let repository = with_git!(Repository::new());
    for at in 0..120 {
        repository.write(&format!("{at}.json"), flow(&actions()));
    }
    repository.commit();
    for at in (0..120).step_by(7) {
        let mut actions = actions();
        actions["Two"]["inputs"] = json!(format!("@addYears({at})"));
        repository.write(&format!("{at}.json"), flow(&actions));
    }
    let run = |jobs: &str| repository.check(&["--since", "main", "--jobs", jobs, "."]).expect(1);
    let one = run("1");
    assert_eq!(one.json()["findings"].as_array().unwrap().len(), 18);
    assert_eq!(one.json()["summary"]["unchanged"], 360 - 18);
    for jobs in ["2", "8"] {
        assert_eq!(run(jobs).out, one.out, "--jobs {jobs}");
    }
}
