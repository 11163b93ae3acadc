//! What the tests share: a folder of their own to run the program in, and small flows.

#![allow(dead_code, reason = "each test file uses a part of it")]

pub(crate) mod checks;
pub(crate) mod repository;
pub(crate) mod rewrite;
pub(crate) mod solutions;

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// Every format there is; `formats.rs` sees to it that none is missing.
pub(crate) const FORMATS: [&str; 9] =
    ["human", "concise", "json", "sarif", "github", "azure", "gitlab", "junit", "markdown"];

/// The root of the package.
pub(crate) fn package() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A path below `fixtures/`.
pub(crate) fn fixture(path: &str) -> PathBuf {
    package().join("fixtures").join(path)
}

/// Every file below a folder whose name ends so, sorted; paths as they stand.
pub(crate) fn files_below(folder: &Path, end: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path, end));
        } else if path.to_string_lossy().ends_with(end) {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// What one run of the program came to.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// Standard output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error} in: {self:?}"))
    }

    /// The run, if it ended with that code.
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }
}

/// The program, in an environment that says nothing about colours and widths.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowvet"));
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "COLUMNS", "TERM"] {
        command.env_remove(name);
    }
    command
}

/// Runs a command to its end, with that text on its standard input.
pub(crate) fn run(command: &mut Command, input: &[u8]) -> Run {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    if let Err(error) = child.stdin.take().unwrap().write_all(input) {
        // Who reads no input may close it before all of it is written.
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    }
    let done = child.wait_with_output().unwrap();
    Run {
        code: done.status.code().expect("the program ends by itself"),
        out: String::from_utf8(done.stdout).expect("output is UTF-8"),
        err: String::from_utf8(done.stderr).expect("messages are UTF-8"),
    }
}

/// Runs the program in the package's own folder.
pub(crate) fn in_package(arguments: &[&str]) -> Run {
    run(program().current_dir(package()).args(arguments), b"")
}

/// A folder for one test that is a repository of its own: nothing above it counts.
pub(crate) struct Sandbox(TempDir);

impl Sandbox {
    /// An empty repository.
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join(".git")).unwrap();
        Self(folder)
    }

    /// The path of a file or folder in it.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// Writes a file, and the folders to it.
    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Reads a file as text.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// The program, about to run in the folder.
    pub(crate) fn program(&self) -> Command {
        let mut command = program();
        command.current_dir(self.0.path());
        command
    }

    /// Runs the program in the folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        run(self.program().args(arguments), b"")
    }

    /// Runs `check`, one line for each finding, with a few rules that the tests know: what other rules
    /// come to say of the same files is none of their business.
    pub(crate) fn check(&self, arguments: &[&str]) -> Run {
        let known =
            ["check", "--format", "concise", "--select", "empty-container,unknown-function,oversized-flow"];
        self.run(&[known.as_slice(), arguments].concat())
    }
}

/// A solution flow of these actions that nobody starts.
pub(crate) fn flow(actions: &Value) -> String {
    let definition = json!({
        "$schema": "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#",
        "contentVersion": "1.0.0.0",
        "triggers": {"Every_day": {"type": "Recurrence", "recurrence": {"frequency": "Day", "interval": 1}}},
        "actions": actions
    });
    let file = json!({
        "properties": {"connectionReferences": {}, "definition": definition},
        "schemaVersion": "1.0.0.0"
    });
    serde_json::to_string_pretty(&file).unwrap()
}

/// A flow that no rule of [`Sandbox::check`] says anything about.
pub(crate) fn clean_flow() -> String {
    flow(&json!({"Note": {"type": "Compose", "inputs": "@utcNow()", "runAfter": {}}}))
}

/// A flow with one warning: the scope `Empty` has nothing in it.
pub(crate) fn flow_with_warning() -> String {
    flow(&json!({"Empty": {"type": "Scope", "actions": {}, "runAfter": {}}}))
}

/// A flow with one error: the function in `Due` does not exist.
pub(crate) fn flow_with_error() -> String {
    flow(&json!({"Due": {"type": "Compose", "inputs": "@addMonths(utcNow(), 1)", "runAfter": {}}}))
}

/// A flow with one note: it has more actions than a flow should have.
pub(crate) fn flow_with_note() -> String {
    let action = |at: usize| (format!("Note_{at}"), json!({"type": "Compose", "inputs": at}));
    flow(&Value::Object((0..60).map(action).collect()))
}

/// A file that was meant to be a flow and does not parse.
pub(crate) fn broken_flow() -> String {
    clean_flow().trim_end_matches('}').to_owned()
}

/// The folder of real flows, where it is at hand: `FLOWVET_CORPUS`, or `../shared/corpus`. Where it is not,
/// says so, for the test that asks to skip.
#[allow(clippy::print_stderr, reason = "a test that skips says so")]
pub(crate) fn corpus() -> Option<PathBuf> {
    let folder =
        std::env::var_os("FLOWVET_CORPUS").map_or_else(|| package().join("../shared/corpus"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: the corpus of real flows is not here (FLOWVET_CORPUS names it)");
    None
}

/// The line under which the caret of a mistake stands, and what the caret underlines.
pub(crate) fn marked(message: &str) -> (usize, String) {
    let lines: Vec<&str> = message.lines().collect();
    let caret =
        lines.iter().position(|line| line.contains('·')).unwrap_or_else(|| panic!("no caret in {message}"));
    let (number, text) = lines[caret - 1].split_once('│').unwrap();
    let drawn = lines[caret].split_once('·').unwrap().1;
    let is_line = |c: &char| matches!(c, '─' | '┬');
    let from = drawn.chars().position(|c| is_line(&c)).unwrap();
    let width = drawn.chars().skip(from).take_while(is_line).count();
    (number.trim().parse().unwrap(), text.chars().skip(from).take(width).collect())
}
