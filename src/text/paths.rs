//! Paths as texts: with `/`, whatever the platform writes. Looks at no file.

use std::path::Path;

/// The way from a folder to a path below it, with `/`; none if the path lies elsewhere. Both are absolute.
#[must_use]
pub fn path_from(folder: &Path, path: &Path) -> Option<String> {
    path.strip_prefix(folder).ok().map(slashes)
}

/// A path with `/`, whatever the platform writes.
pub(crate) fn slashes(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace('\\', "/") }
}
