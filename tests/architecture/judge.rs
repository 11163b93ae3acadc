//! Compares what the files mention with the table, and says in plain English what doesn't fit.

use std::collections::{BTreeMap, BTreeSet};

use crate::parse::{Mentions, Names, Target, module_of};
use crate::table::{FILE_METHODS, Row, Wall};

/// What one or more files know, and what they must not.
#[derive(Default)]
pub(crate) struct Verdict {
    /// Faults of arrows between rooms.
    pub arrows: Vec<String>,
    /// Faults of what is used from outside of the crate.
    pub walls: Vec<String>,
    /// Every arrow between two rooms.
    pub used: BTreeSet<(String, String)>,
    /// Every use of a wall by a room that may: the wall, then the room.
    pub passed: BTreeSet<(String, String)>,
}

/// The table, and what the names at the root of the crate lead to.
pub(crate) struct Judge<'a> {
    pub rooms: &'a [Row<'a>],
    pub walls: &'a [Wall<'a>],
    /// From the modules and re-exports of `lib.rs` to rooms.
    pub root: BTreeMap<String, String>,
}

/// The room that a file below `src/` is in; `lib` and `main` for the two files outside of all rooms.
pub(crate) fn room_of(file: &str) -> String {
    let module = module_of(file);
    module.into_iter().next().unwrap_or_else(|| file.trim_end_matches(".rs").to_owned())
}

impl Judge<'_> {
    /// Judges one file, given as its path below `src/`.
    pub(crate) fn judge(&self, file: &str, mentions: &Mentions, verdict: &mut Verdict) {
        let room = room_of(file);
        for mention in &mentions.found {
            let place = format!("src/{file}:{}", mention.line);
            match &mention.target {
                Target::Inside(path) if !matches!(file, "lib.rs" | "main.rs") => {
                    self.judge_arrow(&place, &room, path, verdict);
                }
                Target::Inside(_) => {}
                Target::Outside { path, imported, glob } => {
                    self.judge_path(&place, &room, path, *imported, *glob, verdict);
                }
                Target::Method(name) if FILE_METHODS.contains(&name.as_str()) => {
                    let fault = self.file_fault(&room, &format!(".{name}()"));
                    verdict.walls.extend(fault.map(|fault| format!("{place}: {fault}")));
                }
                Target::Method(_) => {}
            }
        }
    }

    fn judge_arrow(&self, place: &str, room: &str, path: &[String], verdict: &mut Verdict) {
        let shown =
            ["crate"].into_iter().chain(path.iter().map(String::as_str)).collect::<Vec<_>>().join("::");
        let Some(first) = path.first() else {
            verdict.arrows.push(format!(
                "{place}: room `{room}` takes the whole crate into scope, which hides the rooms that it knows: name them"
            ));
            return;
        };
        let Some(to) = self.root.get(first) else {
            verdict.arrows.push(format!("{place}: `{shown}` is neither a room nor re-exported by lib.rs"));
            return;
        };
        if to == room {
            return;
        }
        verdict.used.insert((room.to_owned(), to.clone()));
        let allowed = self.rooms.iter().find(|row| row.0 == room).map_or(&[][..], |row| row.1);
        if !allowed.contains(&to.as_str()) {
            let list = if allowed.is_empty() { "no other room".to_owned() } else { allowed.join(", ") };
            verdict.arrows.push(format!(
                "{place}: room `{room}` must not know `{to}`: it uses `{shown}`, but may know {list}"
            ));
        }
    }

    /// Judges a path into another crate, of which an import has mentioned the first names already.
    fn judge_path(
        &self,
        place: &str,
        room: &str,
        path: &[String],
        imported: usize,
        glob: bool,
        verdict: &mut Verdict,
    ) {
        let walls = self.walls.iter().map(|(wall, rooms)| (split(wall), *rooms));
        let longest =
            walls.clone().filter(|(wall, _)| path.starts_with(wall)).max_by_key(|(wall, _)| wall.len());
        // The import itself has been judged, unless it is too short to say what is used.
        let longest = longest.filter(|(wall, _)| wall.len() > imported);
        // A glob takes in all walls that stand below it.
        let below = walls.filter(|(wall, _)| glob && wall.len() > path.len() && wall.starts_with(path));
        for (wall, rooms) in longest.into_iter().chain(below) {
            let wall = wall.join("::");
            if rooms.contains(&room) {
                verdict.passed.insert((wall, room.to_owned()));
                continue;
            }
            let list = if rooms.is_empty() { "no room".to_owned() } else { rooms.join(", ") };
            let shown = path.join("::");
            let star = if glob { "::*" } else { "" };
            verdict.walls.push(format!(
                "{place}: room `{room}` must not use `{wall}`: it names `{shown}{star}`, which is for {list}"
            ));
        }
        if let [.., kind, method] = path
            && matches!(kind.as_str(), "Path" | "PathBuf")
            && FILE_METHODS.contains(&method.as_str())
        {
            let fault = self.file_fault(room, &format!("{kind}::{method}"));
            verdict.walls.extend(fault.map(|fault| format!("{place}: {fault}")));
        }
    }

    /// What is wrong with asking the file system here, if anything.
    fn file_fault(&self, room: &str, call: &str) -> Option<String> {
        let rooms = self.walls.iter().find(|wall| wall.0 == "std::fs").map_or(&[][..], |wall| wall.1);
        (!rooms.contains(&room)).then(|| {
            format!(
                "room `{room}` must not ask the file system: it calls `{call}`, which is for {}",
                rooms.join(", ")
            )
        })
    }
}

/// Faults of the table itself: rows that name a room twice, a room without a row, or a room above
/// their own.
pub(crate) fn table_faults(rows: &[Row<'_>]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut below: Vec<&str> = Vec::new();
    for (room, allowed) in rows {
        if below.contains(room) {
            faults.push(format!("room `{room}` has two rows"));
        }
        for (index, to) in allowed.iter().enumerate() {
            if allowed[..index].contains(to) {
                faults.push(format!("the row of `{room}` names `{to}` twice"));
            }
            if !rows.iter().any(|row| row.0 == *to) {
                faults.push(format!("the row of `{room}` names `{to}`, which has no row"));
            } else if !below.contains(to) {
                faults.push(format!(
                    "room `{room}` may know `{to}`, whose row isn't above its own: that opens a cycle"
                ));
            }
        }
        below.push(room);
    }
    faults
}

/// Rooms of `src/` without a row, and rows without a room.
pub(crate) fn unlisted(rows: &[Row<'_>], rooms: &BTreeSet<String>) -> Vec<String> {
    let missing = rooms.iter().filter(|room| !rows.iter().any(|row| row.0 == room.as_str()));
    let gone = rows.iter().filter(|row| !rooms.contains(row.0));
    missing
        .map(|room| format!("room `{room}` isn't in the table: say which rooms it may know"))
        .chain(gone.map(|row| format!("room `{}` is in the table but not in src/: remove its row", row.0)))
        .collect()
}

/// Arrows between rooms of `src/` that the table allows and nobody needs.
pub(crate) fn unused_arrows(
    rows: &[Row<'_>],
    rooms: &BTreeSet<String>,
    used: &BTreeSet<(String, String)>,
) -> Vec<String> {
    unused(rows, used)
        .filter(|(room, to)| rooms.contains(*room) && rooms.contains(*to))
        .map(|(room, to)| format!("room `{room}` doesn't use `{to}` any more: remove the arrow from its row"))
        .collect()
}

/// Rooms that may pass a wall and don't need to.
pub(crate) fn unused_passes(walls: &[Wall<'_>], passed: &BTreeSet<(String, String)>) -> Vec<String> {
    unused(walls, passed)
        .map(|(wall, room)| format!("room `{room}` doesn't use `{wall}` any more: remove it from that wall"))
        .collect()
}

/// The pairs of a table that don't occur.
fn unused<'a>(
    rows: &'a [Row<'a>],
    used: &BTreeSet<(String, String)>,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let pairs = rows.iter().flat_map(|(name, others)| others.iter().map(|other| (*name, *other)));
    pairs.filter(|(name, other)| !used.contains(&((*name).to_owned(), (*other).to_owned())))
}

fn split(path: &str) -> Names {
    path.split("::").map(str::to_owned).collect()
}
