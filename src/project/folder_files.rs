//! The files of a solution that lies in a folder.

use std::fs;
use std::path::{Path, PathBuf};

use crate::solution::Files;
use crate::text;

/// Files of a folder on disk.
#[derive(Debug)]
pub(super) struct FolderFiles(
    /// The root.
    pub(super) PathBuf,
);

impl FolderFiles {
    fn names(&self, path: &str, wanted: fn(&Path) -> bool) -> Vec<String> {
        let entries = fs::read_dir(self.0.join(path)).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries
            .filter(|entry| wanted(&entry.path()))
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

impl Files for FolderFiles {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        let path = self.0.join(path);
        let meta = fs::metadata(&path).ok()?;
        // Reading a pipe or a device may never end.
        (meta.is_file() && meta.len() <= text::MAX_BYTES).then(|| fs::read(&path).ok()).flatten()
    }

    fn folders(&self, path: &str) -> Vec<String> {
        self.names(path, Path::is_dir)
    }

    fn files(&self, path: &str) -> Vec<String> {
        self.names(path, Path::is_file)
    }
}
