//! The walls between the rooms of `src/`: which room may know which, and who may touch the world outside.
//!
//! `table.rs` holds what is allowed, `parse.rs` reads what the files mention, `judge.rs` compares the two.
//! The tests in `planted.rs` show that each kind of breach is found.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod judge;
mod parse;
mod planted;
mod table;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use judge::{Judge, Verdict, room_of, table_faults, unlisted, unused_arrows, unused_passes};
use parse::{Names, mentions, module_of};
use table::{ROOMS, WALLS};

/// Every file of `src/`: its path below that folder, with `/`, and its text. Generated code isn't there.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files: Vec<_> = walkdir::WalkDir::new(&root)
        .sort_by_file_name()
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"))
        .map(|entry| {
            let below = entry.path().strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            (below, fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    assert!(files.len() > 100, "only {} files in {}", files.len(), root.display());
    files
}

/// The rooms that are there.
fn rooms() -> BTreeSet<String> {
    let outside = |file: &str| matches!(file, "lib.rs" | "main.rs");
    sources().iter().filter(|(file, _)| !outside(file)).map(|(file, _)| room_of(file)).collect()
}

/// What all files know.
fn verdict() -> Verdict {
    let read: Vec<_> = sources()
        .into_iter()
        .map(|(file, text)| {
            let found = mentions(&file, &text).unwrap_or_else(|error| panic!("src/{file}: {error}"));
            (file, found)
        })
        .collect();
    let (_, lib) = read.iter().find(|(file, _)| file == "lib.rs").unwrap();
    let judge = Judge { rooms: ROOMS, walls: WALLS, root: lib.names.clone() };
    let tests: Vec<&Names> = read.iter().flat_map(|(_, found)| &found.test_modules).collect();
    let mut verdict = Verdict::default();
    for (file, found) in &read {
        let module = module_of(file);
        if !tests.iter().any(|test| module.starts_with(test)) {
            judge.judge(file, found, &mut verdict);
        }
    }
    verdict
}

/// Fails with everything that was found wrong, one line each.
fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn a_room_knows_only_the_rooms_in_its_row() {
    none(&verdict().arrows);
}

#[test]
fn every_arrow_of_the_table_is_used() {
    none(&unused_arrows(ROOMS, &rooms(), &verdict().used));
}

#[test]
fn the_table_has_every_room_and_no_cycle() {
    none(&[table_faults(ROOMS), unlisted(ROOMS, &rooms())].concat());
}

#[test]
fn files_environment_clock_and_wrapped_crates_stay_behind_their_walls() {
    none(&verdict().walls);
}

#[test]
fn every_room_that_may_pass_a_wall_needs_to() {
    none(&unused_passes(WALLS, &verdict().passed));
}

#[test]
fn every_file_begins_with_a_module_doc() {
    let bare = sources().into_iter().filter(|(_, text)| !text.starts_with("//!"));
    none(
        &bare
            .map(|(file, _)| format!("src/{file}: begin the file with a `//!` doc comment"))
            .collect::<Vec<_>>(),
    );
}
