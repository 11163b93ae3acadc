//! Who connections belong to, as packages and settings files tell. Solution files themselves never do.

use super::files::{Files, text};
use crate::json::{self, Node};
use crate::text::Arena;
use crate::text::Source;

/// A name that a file gives for the owner of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The key of the connection in the flow (packages), or the logical name of its reference (settings).
    pub connection: String,
    /// The name: most often a mail address.
    pub name: String,
    /// The file that says so, by its path from the root.
    pub file: String,
    /// The line on which it says so.
    pub line: u32,
}

/// The connections of a flow in a legacy package: `connectionsMap.json` leads from the flow's keys to the
/// package's `manifest.json`, which names each connection after the account it signs in with.
pub(super) fn of_package(files: &dyn Files, inner: &str) -> Vec<Owner> {
    let manifest_path = "manifest.json";
    let folder = inner.rsplit_once('/').map_or("", |(folder, _)| folder);
    let (Some(map), Some(manifest)) =
        (text(files, &format!("{folder}/connectionsMap.json")), text(files, manifest_path))
    else {
        return Vec::new();
    };
    let source = Source::new(manifest_path, manifest);
    let arena = Arena::new();
    let trees = (json::parse(&map, &arena), json::parse(&source.text, &arena));
    let (Ok(map), Ok(root)) = trees else { return Vec::new() };
    map.members()
        .iter()
        .filter_map(|member| {
            let name = root.at(&["resources", member.value.as_str()?, "details", "displayName"])?;
            owner(&source, member.key, name)
        })
        .collect()
}

/// The owners that deployment settings name, beside the solution or in a `config` folder up to two levels
/// above it.
pub(super) fn of_settings(files: &dyn Files) -> Vec<Owner> {
    let mut owners = Vec::new();
    let mut folders = Vec::new();
    for base in ["", "../", "../../"] {
        folders.push(base.trim_end_matches('/').to_owned());
        let config = format!("{base}config");
        folders.extend(files.folders(&config).into_iter().map(|name| format!("{config}/{name}")));
        folders.push(config);
    }
    for folder in folders {
        for name in files.files(&folder) {
            if !is_settings(&name) {
                continue;
            }
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            if let Some(settings) = text(files, &path) {
                owners.extend(in_settings(&Source::new(path, settings)));
            }
        }
    }
    owners
}

/// Whether a file is called as deployment settings are: `deploymentSettings.json`, or with the stage in its name, as
/// in `deployment-settings_prod.json`.
fn is_settings(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let plain = |stem: &str| stem.replace(['-', '_', '.', ' '], "");
    name.strip_suffix(".json").is_some_and(|stem| plain(stem).contains("deploymentsettings"))
}

fn in_settings(source: &Source) -> Vec<Owner> {
    let arena = Arena::new();
    let Ok(root) = json::parse(&source.text, &arena) else { return Vec::new() };
    let references = root.get("ConnectionReferences").map(Node::elements).unwrap_or_default();
    references
        .iter()
        .filter_map(|reference| {
            let logical_name = reference.get("LogicalName").and_then(Node::as_str)?;
            owner(source, logical_name, reference.get("ConnectionOwner")?)
        })
        .collect()
}

fn owner(source: &Source, connection: &str, name: &Node<'_>) -> Option<Owner> {
    Some(Owner {
        connection: connection.to_owned(),
        name: name.as_str()?.trim().to_owned(),
        file: source.name.path.clone(),
        line: source.position(name.span.start).line,
    })
}
