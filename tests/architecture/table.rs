//! The rooms of `src/`, which rooms each may know, and what of the world outside each may use.
//!
//! A room is a module at the top of `src/`. To add one, add a row above all rooms that it knows. Before
//! you add an arrow to a row, ask whether what you need stands in the wrong room.

/// A room and the rooms that it may know.
pub(crate) type Row<'a> = (&'a str, &'a [&'a str]);

/// From the bottom up: a room knows only rooms of rows above its own, so there can be no cycle.
#[rustfmt::skip]
pub(crate) const ROOMS: &[Row<'_>] = &[
    ("text",     &[]),
    ("json",     &["text"]),
    ("secrets",  &["text"]),
    ("catalog",  &["text"]),
    ("expr",     &["text"]),
    ("odata",    &[]),
    ("flow",     &["text", "json", "catalog", "expr"]),
    ("finding",  &["text", "secrets", "flow"]),
    ("solution", &["text", "json", "catalog", "expr", "odata", "flow", "finding"]),
    ("suppress", &["text", "json", "secrets", "flow", "finding", "solution"]),
    ("linter",   &["text", "json", "secrets", "catalog", "expr", "flow", "finding", "solution", "suppress"]),
    ("rules",    &["text", "json", "catalog", "expr", "odata", "flow", "finding", "solution", "suppress", "linter"]),
    ("diff",     &["text", "json", "flow", "finding", "solution"]),
    ("report",   &["text", "json", "secrets", "flow", "finding", "solution", "linter"]),
    ("session",  &["text", "secrets", "flow", "finding", "solution", "suppress", "linter", "diff", "report"]),
    ("project",  &["text", "json", "flow", "finding", "solution", "suppress", "linter", "session"]),
    ("cli",      &["text", "secrets", "finding", "suppress", "linter", "rules", "report", "session", "project"]),
];

/// A path into another crate and the rooms that may use it.
pub(crate) type Wall<'a> = (&'a str, &'a [&'a str]);

/// Where two rows fit, the longer path counts. `main` is `main.rs`.
#[rustfmt::skip]
pub(crate) const WALLS: &[Wall<'_>] = &[
    // The file system and other programs.
    ("std::fs",                &["project"]),
    ("std::os",                &["project"]),
    ("std::process",           &["project"]),
    ("std::process::ExitCode", &["cli", "main"]),
    ("std::net",               &[]),
    ("ignore",                 &["project"]),
    ("tempfile",               &["project"]),
    ("walkdir",                &["project"]),
    ("zip",                    &["project"]),
    // The environment, the terminal and the clock.
    ("std::env",               &["cli", "project"]),
    ("std::io::stdin",         &["cli"]),
    ("std::io::stdout",        &["cli"]),
    ("std::io::stderr",        &["cli"]),
    ("std::io::IsTerminal",    &["cli"]),
    ("std::time::SystemTime",  &["cli"]),
    ("std::time::Instant",     &[]),
    ("terminal_size",          &["cli"]),
    // Crates that one room wraps for all others.
    ("clap",                   &["cli"]),
    ("clap_complete",          &["cli"]),
    ("jsonpath_rust",          &["json"]),
    ("miette",                 &["report"]),
    ("toml",                   &["linter", "project"]),
];

/// Methods of `Path` that ask the file system. Only the rooms of the wall `std::fs` may call them.
pub(crate) const FILE_METHODS: &[&str] = &[
    "canonicalize",
    "exists",
    "is_dir",
    "is_file",
    "is_symlink",
    "metadata",
    "read_dir",
    "read_link",
    "symlink_metadata",
    "try_exists",
];
