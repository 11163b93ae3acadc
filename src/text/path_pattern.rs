//! Patterns of files and folders, as `exclude` and `[[allow]]` have them.
//!
//! They read like lines of a `.gitignore` without its brackets and backslashes: what is neither `*`, `?`, `**`, a slash
//! nor a leading `!` is itself.

use super::wildcard;

/// Patterns of files and folders, in their order: the last one that fits decides.
#[derive(Clone, Debug, Default)]
pub struct PathPatterns(Vec<PathPattern>);

#[derive(Clone, Debug)]
struct PathPattern {
    text: String,
    /// Whether it brings back what a pattern before it fits.
    is_negated: bool,
    /// Whether it fits folders only.
    only_folders: bool,
    /// Patterns of folders and, at the end, of the file or folder. `**` stands for any folders.
    segments: Vec<String>,
}

const ANY_FOLDERS: &str = "**";

impl PathPatterns {
    /// Adds a pattern.
    ///
    /// # Errors
    /// Says in a clause why the pattern fits nothing.
    pub fn add(&mut self, pattern: &str) -> Result<(), &'static str> {
        self.0.push(PathPattern::read(pattern)?);
        Ok(())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The patterns as they are written.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|pattern| pattern.text.as_str())
    }

    /// For each pattern, the folder or file below which everything lies that it fits.
    pub(crate) fn roots(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(PathPattern::root)
    }

    /// Whether the patterns fit a path or a folder that it lies in. The path has slashes, and begins at the folder that
    /// the patterns count from.
    #[must_use]
    pub fn cover(&self, path: &str, is_folder: bool) -> bool {
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let verdict = |length: usize| {
            let is_folder = is_folder || length < segments.len();
            let fitting = self.0.iter().rev().find(|pattern| pattern.fits(&segments[..length], is_folder));
            fitting.map(|pattern| !pattern.is_negated)
        };
        (1..=segments.len()).rev().find_map(verdict).unwrap_or(false)
    }
}

impl PathPattern {
    fn read(text: &str) -> Result<Self, &'static str> {
        let (is_negated, pattern) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        if pattern.contains('\\') {
            return Err("a slash is `/`, and no character needs a backslash before it");
        }
        let pattern = pattern.trim_end();
        let (only_folders, inner) = pattern.strip_suffix('/').map_or((false, pattern), |rest| (true, rest));
        let mut segments: Vec<String> =
            inner.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect();
        if segments.is_empty() {
            return Err("it names no file or folder");
        }
        if segments.iter().any(|segment| segment == "." || segment == "..") {
            return Err(
                "`.` and `..` name no folder here; begin with `/` to count from the folder of this file",
            );
        }
        // With a slash in it, the pattern counts from the folder of the patterns; without one it fits in any folder.
        if !inner.contains('/') {
            segments.insert(0, ANY_FOLDERS.to_owned());
        }
        // Everything in a folder is not the folder itself.
        if segments.last().is_some_and(|last| last == ANY_FOLDERS) {
            segments.push("*".to_owned());
        }
        Ok(Self { text: text.to_owned(), is_negated, only_folders, segments })
    }

    fn fits(&self, path: &[&str], is_folder: bool) -> bool {
        let same = |pattern: &&String, segment: &&&str| wildcard::fits_segment(pattern, segment);
        (is_folder || !self.only_folders)
            && wildcard::fits_by(self.segments.iter(), path.iter(), |piece| *piece == ANY_FOLDERS, same)
    }

    fn root(&self) -> String {
        let literal = self.segments.iter().take_while(|segment| !segment.contains(['*', '?']));
        literal.map(String::as_str).collect::<Vec<_>>().join("/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(texts: &[&str]) -> PathPatterns {
        let mut patterns = PathPatterns::default();
        texts.iter().for_each(|text| patterns.add(text).unwrap());
        patterns
    }

    #[test]
    fn a_pattern_fits_files_folders_and_what_lies_in_them() {
        for (pattern, fitting, others) in [
            ("*.json", &["a.json", "x/y/a.json"][..], &["a.JSON", "a.jsonc", "json"][..]),
            ("old/", &["old/a.json", "x/old/y/a.json"], &["old", "older/a.json"]),
            ("/vendor/", &["vendor/a.json", "vendor/x/a.json"], &["x/vendor/a.json", "vendor"]),
            ("legacy/**", &["legacy/a.json", "legacy/x/a.json"], &["legacy", "x/legacy/a.json"]),
            ("docs/**/old.json", &["docs/old.json", "docs/x/y/old.json"], &["old.json", "x/docs/old.json"]),
            ("**/old.json", &["old.json", "x/y/old.json"], &["old.jsonc"]),
            ("Workflows/*.json", &["Workflows/a.json"], &["Workflows/x/a.json", "x/Workflows/a.json"]),
            ("a?.json", &["a1.json", "x/aé.json"], &["a.json", "a/.json", "a12.json"]),
            ("a**z", &["az", "a-z", "x/abz"], &["a/z"]),
            ("**", &["a.json", "x/a.json"], &[]),
            ("x/*/z", &["x/y/z/a.json"], &["x/z", "x/y/y/z"]),
            ("[HR] {a}*", &["[HR] {a} b.json"], &["H a.json"]),
            ("#a", &["#a"], &["a"]),
            ("/!a", &["!a"], &["a", "x/!a"]),
            ("a  ", &["a"], &["a  "]),
        ] {
            let read = patterns(&[pattern]);
            for path in fitting {
                assert!(read.cover(path, false), "{pattern} fits {path}");
            }
            for path in others {
                assert!(!read.cover(path, false), "{pattern} doesn't fit {path}");
            }
        }
        assert!(patterns(&["old/"]).cover("old", true));
    }

    #[test]
    fn the_last_pattern_that_fits_decides() {
        let read = patterns(&["*.json", "!keep*.json", "keep2.json"]);
        assert!(read.cover("a.json", false) && read.cover("x/keep2.json", false));
        assert!(!read.cover("x/keep.json", false));
        assert!(!patterns(&["!a"]).cover("a", false));
    }

    #[test]
    fn a_pattern_that_fits_nothing_is_refused() {
        for pattern in ["", " ", "/", "!", "!/", "old\\a.json", "./a", "a/../b"] {
            assert!(PathPatterns::default().add(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn everything_that_a_pattern_fits_lies_below_its_root() {
        for (pattern, root) in [
            ("*.json", ""),
            ("old.json", ""),
            ("old/", ""),
            ("/old/", "old"),
            ("Workflows/Old.json", "Workflows/Old.json"),
            ("Workflows/Old*.json", "Workflows"),
            ("a/b/*/c.json", "a/b"),
            ("a/**", "a"),
            ("**/Workflows/x.json", ""),
            ("/[ab]/c", "[ab]/c"),
        ] {
            assert_eq!(patterns(&[pattern]).roots().collect::<Vec<_>>(), [root], "{pattern}");
        }
    }
}
