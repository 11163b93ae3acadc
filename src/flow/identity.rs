//! What a flow is called, and what tells it from others, as far as its own file says.

use super::{Format, Found};
use crate::text::{Source, guid};

/// What the files around a flow say of it. A solution knows it better than its own file does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFlow {
    /// The display name.
    pub name: String,
    /// The GUID, without braces, in lower case.
    pub id: String,
    /// What it is for; empty if nothing says so.
    pub description: String,
}

/// Name and id of a flow: what the file says, else what the file is called.
pub(crate) fn identity(source: &Source, found: &Found<'_>) -> (String, String) {
    let path = source.name.inner();
    let mut parts = path.rsplit('/');
    let file = parts.next().unwrap_or(path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let called = if is_standard(source, found) { parts.next().unwrap_or(stem) } else { stem };
    let (plain, guid) = split_guid(called);
    let name = found.name.unwrap_or(if plain.is_empty() { called } else { plain });
    let id = found
        .id
        .map(str::to_owned)
        .or_else(|| guid.map(str::to_lowercase))
        .unwrap_or_else(|| called.to_owned());
    (name.to_owned(), id)
}

/// Whether a flow is called after its folder, as in projects of Logic Apps Standard.
pub(super) fn is_standard(source: &Source, found: &Found<'_>) -> bool {
    let path = source.name.inner();
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    found.format == Format::LogicAppsStandard && stem.eq_ignore_ascii_case("workflow")
}

/// Splits `Name-GUID`, as solutions call the files of flows.
fn split_guid(stem: &str) -> (&str, Option<&str>) {
    let Some(at) = stem.len().checked_sub(36) else { return (stem, None) };
    match stem.get(at..).and_then(guid) {
        Some(guid) => (stem[..at].trim_end_matches('-'), Some(guid)),
        None => (stem, None),
    }
}
