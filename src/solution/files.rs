//! Files by path, out of a folder or an archive.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::text;

/// Files below a root, by their path from there with `/`.
pub trait Files: fmt::Debug + Send + Sync {
    /// The bytes of a file; none if there is no such file, or it cannot be read.
    fn read(&self, path: &str) -> Option<Vec<u8>>;
    /// The names of the folders directly in a folder, sorted.
    fn folders(&self, path: &str) -> Vec<String>;
    /// The names of the files directly in a folder, sorted.
    fn files(&self, path: &str) -> Vec<String>;
}

/// The text of a file in any encoding that flows come in.
pub(super) fn text(files: &dyn Files, path: &str) -> Option<String> {
    files.read(path).and_then(|bytes| text::decode(bytes).ok()).map(|(text, _)| text)
}

/// Files of an archive, held in memory.
#[derive(Clone, Debug, Default)]
pub struct ArchiveFiles {
    /// The folder inside the archive that is the root, empty for the archive's own.
    pub root: String,
    /// All files, by path.
    pub entries: Arc<BTreeMap<String, Vec<u8>>>,
}

impl ArchiveFiles {
    fn full(&self, path: &str) -> String {
        match (self.root.as_str(), path) {
            ("", path) => path.to_owned(),
            (root, "") => root.to_owned(),
            (root, path) => format!("{root}/{path}"),
        }
    }

    /// What follows a folder in the paths of the files below it.
    fn below(&self, path: &str) -> impl Iterator<Item = &str> {
        let folder = self.full(path);
        let prefix = if folder.is_empty() { folder } else { format!("{folder}/") };
        self.entries.keys().filter_map(move |key| key.strip_prefix(prefix.as_str()))
    }
}

impl Files for ArchiveFiles {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        let path = self.full(path);
        let same =
            || self.entries.iter().find(|(key, _)| key.eq_ignore_ascii_case(&path)).map(|(_, bytes)| bytes);
        self.entries.get(&path).or_else(same).cloned()
    }

    fn folders(&self, path: &str) -> Vec<String> {
        let mut names: Vec<String> = self
            .below(path)
            .filter_map(|rest| rest.split_once('/'))
            .map(|(folder, _)| folder.to_owned())
            .collect();
        names.sort();
        names.dedup();
        names
    }

    fn files(&self, path: &str) -> Vec<String> {
        self.below(path).filter(|rest| !rest.contains('/')).map(str::to_owned).collect()
    }
}
