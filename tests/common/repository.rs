//! Repositories with real git, and a flow with three faults in them.

#![allow(unused_macros, unused_imports, reason = "most test files use none of it")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::{Run, Sandbox, flow};

/// The rules that the tests know.
pub(crate) const RULES: &str =
    "unknown-function,empty-container,oversized-flow,unused-connection,unknown-parameter";

/// A repository with real git; none where git is not at hand, which the test says.
pub(crate) struct Repository(pub(crate) Sandbox);

impl Repository {
    #[allow(clippy::print_stderr, reason = "a test that skips says so")]
    pub(crate) fn new() -> Option<Self> {
        if Command::new("git").arg("--version").output().is_err() {
            eprintln!("skipped: git is not here");
            return None;
        }
        let repository = Self(Sandbox::new());
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        Some(repository)
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        git_in(&self.0.path(""), arguments)
    }

    pub(crate) fn commit(&self) -> &Self {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "x"]);
        self
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        self.0.write(path, content);
        self
    }

    pub(crate) fn check(&self, arguments: &[&str]) -> Run {
        let known = ["check", "--no-config", "--select", RULES, "--format", "json"];
        self.0.run(&[known.as_slice(), arguments].concat())
    }

    /// What is shown since a revision: rule and the last name of the element.
    pub(crate) fn since(&self, reference: &str) -> BTreeSet<String> {
        names(&self.check(&["--since", reference, "."]).json())
    }
}

pub(crate) fn git_in(folder: &Path, arguments: &[&str]) -> String {
    let mut git = Command::new("git");
    git.current_dir(folder).args(arguments);
    git.env("GIT_CONFIG_GLOBAL", if cfg!(windows) { "NUL" } else { "/dev/null" })
        .env("GIT_CONFIG_NOSYSTEM", "1");
    for who in ["AUTHOR", "COMMITTER"] {
        git.env(format!("GIT_{who}_NAME"), "Dana").env(format!("GIT_{who}_EMAIL"), "dana@contoso.com");
    }
    let done = git.output().unwrap();
    assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).trim().to_owned()
}

pub(crate) fn names(report: &Value) -> BTreeSet<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().unwrap();
    let named = findings.iter().map(|finding| {
        let element = finding["element"].as_array().unwrap().last().map(text).unwrap_or_default();
        format!("{} {element}", text(&finding["rule"])).trim().to_owned()
    });
    let named: BTreeSet<String> = named.collect();
    assert_eq!(named.len(), findings.len(), "{report}");
    named
}

pub(crate) fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

pub(crate) fn faulty(function: &str) -> Value {
    json!({"type": "Compose", "inputs": format!("@{function}(utcNow())"), "runAfter": {}})
}

/// Two faults, and a third inside a scope.
pub(crate) fn actions() -> Value {
    json!({
        "One": faulty("addMonths"),
        "Two": faulty("addYears"),
        "Group": {"type": "Scope", "actions": {"Three": faulty("addDecades")}, "runAfter": {"One": ["Succeeded"]}}
    })
}

/// A repository whose main branch holds a flow with three faults.
pub(crate) fn repository() -> Option<Repository> {
    let repository = Repository::new()?;
    repository.write("Workflows/a.json", flow(&actions())).commit();
    assert_eq!(repository.since("main"), set(&[]));
    Some(repository)
}

/// Goes on only where git is.
macro_rules! with_git {
    ($made:expr) => {
        match $made {
            Some(made) => made,
            None => return,
        }
    };
}
pub(crate) use with_git;
