//! Breaches that are planted in source text, to show that the checker finds them, and code that only looks like one.

use std::collections::{BTreeMap, BTreeSet};

use crate::judge::{Judge, Verdict, table_faults, unlisted, unused_arrows, unused_passes};
use crate::parse::mentions;
use crate::table::Row;

const ROWS: &[Row<'_>] = &[
    ("text", &[]),
    ("flow", &["text"]),
    ("rules", &["text", "flow"]),
    ("report", &["text"]),
    ("project", &[]),
];

const WALLS: &[Row<'_>] = &[
    ("std::fs", &["project"]),
    ("std::io::stdin", &["project"]),
    ("std::process", &["project"]),
    ("std::process::ExitCode", &["report"]),
    ("toml", &["project"]),
];

fn verdict(file: &str, text: &str) -> Verdict {
    let names = ROWS.iter().map(|row| (row.0.to_owned(), row.0.to_owned()));
    let root = names.chain([("emit".to_owned(), "report".to_owned())]).collect::<BTreeMap<_, _>>();
    let judge = Judge { rooms: ROWS, walls: WALLS, root };
    let mut verdict = Verdict::default();
    judge.judge(file, &mentions(file, text).unwrap(), &mut verdict);
    verdict
}

/// The line and the end of each fault of an arrow from `rules`, as `3 report`.
#[track_caller]
fn arrows(file: &str, text: &str, expected: &[&str]) {
    let faults = verdict(file, text).arrows;
    let short = faults.iter().map(|fault| {
        let (place, rest) =
            fault.split_once(": room `rules` must not know `").unwrap_or_else(|| panic!("{fault}"));
        format!("{} {}", place.rsplit(':').next().unwrap(), rest.split('`').next().unwrap())
    });
    assert_eq!(short.collect::<Vec<_>>(), expected, "{text}");
}

/// The line and the wall of each fault that concerns the world outside, as `1 std::fs`.
#[track_caller]
fn walls(file: &str, text: &str, expected: &[&str]) {
    let faults = verdict(file, text).walls;
    let short = faults.iter().map(|fault| {
        let (place, rest) = fault.split_once(": room ").unwrap();
        format!("{} {}", place.rsplit(':').next().unwrap(), rest.split('`').nth(3).unwrap())
    });
    assert_eq!(short.collect::<Vec<_>>(), expected, "{text}");
}

#[test]
fn a_fault_names_file_line_and_rooms() {
    let found = verdict("rules/triggers/late.rs", "//! Doc.\n\nuse crate::report::Report;\n");
    assert_eq!(
        found.arrows,
        ["src/rules/triggers/late.rs:3: room `rules` must not know `report`: \
          it uses `crate::report::Report`, but may know text, flow"]
    );
    let found = verdict("flow/load.rs", "fn f() { std::fs::read(\"x\"); }");
    assert_eq!(
        found.walls,
        [
            "src/flow/load.rs:1: room `flow` must not use `std::fs`: it names `std::fs::read`, which is for project"
        ]
    );
}

#[test]
fn imports_are_found_in_every_form() {
    arrows("rules/a.rs", "use crate::report::Report;", &["1 report"]);
    arrows("rules/a.rs", "use crate::report;", &["1 report"]);
    arrows("rules/a.rs", "use crate::report as r;", &["1 report"]);
    arrows("rules/a.rs", "use crate::report::*;", &["1 report"]);
    arrows("rules/a.rs", "use crate::report::{self, words};", &["1 report"; 2]);
    arrows("rules/a.rs", "pub use crate::report::Report;", &["1 report"]);
    arrows("rules/a.rs", "use crate::emit;", &["1 report"]);
    let nested = "use crate::{\n    flow::Flow,\n    text::{Span,\n        wildcard},\n    report::{json::{Row as R}},\n};";
    arrows("rules/a.rs", nested, &["5 report"]);
    arrows("rules/a.rs", "fn f() {\n    use crate::report::x;\n}", &["2 report"]);
}

#[test]
fn paths_are_found_in_code() {
    arrows("rules/a.rs", "fn f() {\n    crate::report::emit();\n}", &["2 report"]);
    arrows("rules/a.rs", "fn f(a: Vec<&crate::report::Report>) {}", &["1 report"]);
    arrows("rules/a.rs", "fn f(a: Vec<<X as crate::report::Row>::Item>) {}", &["1 report"]);
    arrows("rules/a.rs", "impl crate::report::Emit for X {}", &["1 report"]);
    arrows("rules/a.rs", "fn f() { crate::report::line!(1) }", &["1 report"]);
    arrows("rules/a.rs", "#[derive(crate::report::Row)] struct X;", &["1 report"]);
    arrows("rules/a.rs", "struct X {\n#[serde(default = \"crate::report::none\")] a: u8 }", &["2 report"]);
}

#[test]
fn paths_are_found_in_macros() {
    arrows(
        "rules/a.rs",
        "fn f() {\n    format!(\"{}\",\n        crate::report::words::list(&a))\n}",
        &["3 report"],
    );
    arrows("rules/a.rs", "fn f() { vec![Some(crate::report::Row::<u8>::new())] }", &["1 report"]);
    arrows("rules/a.rs", "macro_rules! m { () => { $crate::report::x() } }", &["1 report"]);
    arrows("rules/a.rs", "m! { use crate::{flow::Flow, report::{self as r, x}}; }", &["1 report"; 2]);
    arrows("rules/a.rs", "m! { use crate::report::*; }", &["1 report"]);
    arrows("rules/a.rs", "m!(a..super::super::report::x());", &["1 report"]);
    arrows("rules/b/a.rs", "m!(a..super::super::report::x());", &[]);
}

#[test]
fn paths_that_climb_out_of_the_room_are_found() {
    arrows("rules/triggers/a.rs", "use super::super::super::report::Report;", &["1 report"]);
    arrows("rules/triggers/mod.rs", "use super::super::report::Report;", &["1 report"]);
    arrows("rules/mod.rs", "use super::report::Report;", &["1 report"]);
    arrows("rules.rs", "fn f() { self::super::report::emit() }", &["1 report"]);
    arrows("rules/a.rs", "mod inner { use super::super::super::report::x; }", &["1 report"]);
    // A module of the room may have the name of another room.
    arrows("rules/triggers/a.rs", "use super::super::report::Report;", &[]);
    arrows("rules/mod.rs", "mod report; use self::report::x; use report::y; fn f() { report::z() }", &[]);
}

#[test]
fn what_is_allowed_or_only_for_tests_passes() {
    arrows("rules/a.rs", "use crate::{flow::Flow, text, rules::b};", &[]);
    arrows("rules/a.rs", "pub(in crate::report) fn f() {}", &[]);
    arrows("rules/a.rs", "/// See [`crate::report::Report`].\nfn f() { \"crate::report::x\"; }", &[]);
    arrows(
        "rules/a.rs",
        "#[cfg(test)]\nmod tests { use crate::report::Report; fn f() { std::fs::read(a) } }",
        &[],
    );
    walls(
        "rules/a.rs",
        "#[cfg(test)]\nmod tests { use crate::report::Report; fn f() { std::fs::read(a) } }",
        &[],
    );
    arrows("rules/a.rs", "#[cfg(all(test, unix))] mod tests { use crate::report::Report; }", &[]);
    arrows("rules/a.rs", "#![cfg(test)] use crate::report::Report;", &[]);
    arrows("rules/a.rs", "#[cfg(not(test))] mod real { use crate::report::Report; }", &["1 report"]);
    let found = mentions("rules/a.rs", "#[cfg(test)] mod tests;").unwrap();
    assert_eq!(found.test_modules, [["rules", "a", "tests"]]);
    // The arrows that are there are counted all the same.
    let used = verdict("rules/a.rs", "use crate::{flow::Flow, text, rules::b};").used;
    assert_eq!(
        used,
        [("rules", "flow"), ("rules", "text")].map(|(a, b)| (a.to_owned(), b.to_owned())).into()
    );
}

#[test]
fn names_of_lib_rs_lead_to_rooms() {
    let text =
        "pub mod text; mod linter; pub use linter::lint::lint; pub use crate::text::Span as S; use std::io;";
    let names = mentions("lib.rs", text).unwrap().names.into_iter().collect::<Vec<_>>();
    let expected = [("S", "text"), ("lint", "linter"), ("linter", "linter"), ("text", "text")];
    assert_eq!(names, expected.map(|(name, room)| (name.to_owned(), room.to_owned())));
}

#[test]
fn what_hides_a_room_is_refused() {
    for text in ["use crate as c;", "use crate::*;", "use super::super::*;", "extern crate self as c;"] {
        let faults = verdict("rules/a.rs", text).arrows;
        assert!(
            faults.len() == 1 && faults[0].contains("takes the whole crate into scope"),
            "{text}: {faults:?}"
        );
    }
    let faults = verdict("rules/a.rs", "use crate::nowhere::X;").arrows;
    assert_eq!(faults, ["src/rules/a.rs:1: `crate::nowhere::X` is neither a room nor re-exported by lib.rs"]);
}

#[test]
fn the_world_outside_is_found_behind_every_name() {
    walls("flow/a.rs", "fn f() {\n    std::fs::read(a);\n}", &["2 std::fs"]);
    walls("project/a.rs", "fn f() { std::fs::read(a); toml::from_str(a); a.exists() }", &[]);
    walls("flow/a.rs", "use std::fs;\nfn f() { fs::read(a); }", &["1 std::fs"]);
    walls("flow/a.rs", "use std::{io, fs::{self as files}};\nfn f() { files::read(a); }", &["1 std::fs"]);
    walls("flow/a.rs", "fn f() {\n    io::stdin();\n}\nuse std::io;", &["2 std::io::stdin"]);
    walls(
        "flow/a.rs",
        "use std as s; use s::io as i;\nfn f() { s::fs::read(a);\n i::stdin(); }",
        &["2 std::fs", "3 std::io::stdin"],
    );
    walls("flow/a.rs", "use std::io::{self, Write}; fn f() -> io::Result<()> { io::Error::other(1) }", &[]);
    walls("flow/a.rs", "use std::io::*;", &["1 std::io::stdin"]);
    walls("flow/a.rs", "extern crate toml as t;", &["1 toml"]);
    walls("flow/a.rs", "use toml;", &["1 toml"]);
    walls("flow/a.rs", "use toml as t;", &["1 toml"]);
    walls("flow/a.rs", "use toml::{self, de};", &["1 toml"; 2]);
    walls("flow/a.rs", "fn f() { ::toml::from_str(a) }", &["1 toml"]);
    walls("flow/a.rs", "fn f() { vec![toml::from_str(a)] }", &["1 toml"]);
    walls("flow/a.rs", "mod toml; fn f() { toml::from_str(a); let toml = 1; toml }", &[]);
    walls("flow/a.rs", "fn f() { env!(\"HOME\") }", &[]);
    // The longer of two walls counts.
    walls("report/a.rs", "use std::process::ExitCode;", &[]);
    walls("report/a.rs", "use std::process::{Command, ExitCode};", &["1 std::process"]);
    walls("flow/a.rs", "use std::process::ExitCode;", &["1 std::process::ExitCode"]);
    // So do the walls for the files outside of all rooms.
    walls("lib.rs", "pub mod text; use std::fs;", &["1 std::fs"]);
}

#[test]
fn questions_to_the_file_system_are_found() {
    let asks = |text: &str| verdict("flow/a.rs", text).walls;
    assert_eq!(
        asks("fn f() { a.exists() }"),
        [
            "src/flow/a.rs:1: room `flow` must not ask the file system: it calls `.exists()`, which is for project"
        ]
    );
    assert_eq!(asks("fn f() { vec![a.join(b).is_file()] }").len(), 1);
    assert_eq!(asks("fn f() { a.find(Path::is_file) }").len(), 1);
    assert_eq!(asks("fn f() { a.exists(b); a.exists; exists() }"), [""; 0]);
}

#[test]
fn a_table_that_is_not_true_is_refused() {
    assert_eq!(table_faults(ROWS), [""; 0]);
    assert_eq!(
        table_faults(&[("a", &["b"]), ("b", &["a", "a", "c"]), ("b", &["b"])]),
        [
            "room `a` may know `b`, whose row isn't above its own: that opens a cycle",
            "the row of `b` names `a` twice",
            "the row of `b` names `c`, which has no row",
            "room `b` has two rows",
        ]
    );
    assert_eq!(table_faults(&[("a", &["a"])]).len(), 1);
    let rooms = ["text", "flow", "rules", "report", "cellar"].map(str::to_owned).into();
    assert_eq!(
        unlisted(ROWS, &rooms),
        [
            "room `cellar` isn't in the table: say which rooms it may know",
            "room `project` is in the table but not in src/: remove its row",
        ]
    );
}

#[test]
fn what_nobody_uses_is_refused() {
    let pairs = |all: &[(&str, &str)]| -> BTreeSet<(String, String)> {
        all.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    };
    let rooms = ["text", "flow", "rules"].map(str::to_owned).into();
    // `report` isn't there, which is a fault of its own.
    assert_eq!(
        unused_arrows(ROWS, &rooms, &pairs(&[("flow", "text"), ("rules", "text")])),
        ["room `rules` doesn't use `flow` any more: remove the arrow from its row"]
    );
    let passed =
        verdict("project/a.rs", "use std::{fs, io, process}; use toml; fn f() { io::stdout() }").passed;
    assert_eq!(passed, pairs(&[("std::fs", "project"), ("std::process", "project"), ("toml", "project")]));
    assert_eq!(
        unused_passes(WALLS, &passed),
        [
            "room `project` doesn't use `std::io::stdin` any more: remove it from that wall",
            "room `report` doesn't use `std::process::ExitCode` any more: remove it from that wall",
        ]
    );
}
