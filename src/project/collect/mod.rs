//! From arguments to files: folders are walked, lists read, what is excluded stays out.
//!
//! Decides by place and name only what may be a flow; what is one is told by content, later.

mod archive;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use walkdir::WalkDir;

use super::folder_files::FolderFiles;
use crate::finding::Problem;
use crate::flow::has_marks_of_a_flow;
use crate::session::{Input, Item};
use crate::solution::{SolutionContext, SolutionFiles, root_of};
use crate::text::{self, FileName, MAX_BYTES, PathPatterns, Source, capitalised, path_from, slashes};

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The path to open.
    pub native: PathBuf,
    /// The path for people: as the argument begins.
    pub shown: String,
    /// The path for machines: relative to the repository root, with `/`.
    pub path: String,
    /// The arguments that led to it, by their index.
    pub arguments: Vec<usize>,
}

/// What the arguments came to.
#[derive(Debug, Default)]
pub struct Collected {
    /// The files to read.
    pub files: Vec<File>,
    /// What could not be looked at.
    pub problems: Vec<Problem>,
    /// Arguments that are folders or archives, by their index.
    pub containers: Vec<usize>,
    /// The folders that were walked, absolute.
    pub folders: Vec<PathBuf>,
    /// The archives that were seen in folders and not opened, absolute.
    pub archives: Vec<PathBuf>,
}

impl Collected {
    /// Whether an absolute path has been looked at: a file, or everything in a folder, in the archives there too.
    #[must_use]
    pub fn has_looked_at(&self, path: &Path) -> bool {
        let is_read =
            |path: &Path| self.files.iter().any(|file| absolute(&file.native).is_some_and(|own| own == path));
        let is_passed =
            |archive: &PathBuf| (archive.starts_with(path) || path.starts_with(archive)) && !is_read(archive);
        is_read(path)
            || (self.folders.iter().any(|folder| path.starts_with(folder))
                && !self.archives.iter().any(is_passed))
    }
}

/// Folders that hold nothing of the project's own.
const SKIPPED: [&str; 3] = [".git", "node_modules", "target"];

/// Collects the files that the arguments mean. `exclude` always wins, for named files too.
#[must_use]
pub fn collect(arguments: &[PathBuf], exclude: &Exclusions) -> Collected {
    let mut collector = Collector { collected: Collected::default(), seen: BTreeMap::new(), exclude };
    for (at, argument) in arguments.iter().enumerate() {
        match fs::metadata(argument) {
            Ok(meta) if meta.is_dir() => {
                collector.collected.containers.push(at);
                collector.collected.folders.extend(absolute(argument));
                collector.folder(argument, at);
            }
            Ok(_) => {
                if has_extension(argument, &["zip"]) {
                    collector.collected.containers.push(at);
                }
                collector.file(argument, at, true);
            }
            Err(error) => {
                let reason = match error.kind() {
                    io::ErrorKind::NotFound => "There is no such file or folder".to_owned(),
                    _ => format!("It cannot be opened: {error}"),
                };
                collector.collected.problems.push(problem(argument, reason));
            }
        }
    }
    collector.collected
}

/// Reads files, and what stands around them, which is shared by the flows of one solution.
#[derive(Debug, Default)]
pub struct Reader {
    around: Mutex<BTreeMap<PathBuf, Arc<SolutionFiles>>>,
}

const YAML_IS_NOT_READ: &str = "Not supported: flows in the YAML layout of solutions (modernflows/*.yml). Export the solution as a zip and check that";

impl Reader {
    /// What a file holds: itself, or the flows of an archive; and the problems with it.
    #[must_use]
    pub fn read(&self, file: &File) -> Vec<Input> {
        if has_extension(&file.native, &["zip"]) {
            return archive::read(file);
        }
        vec![self.read_one(file)]
    }

    fn read_one(&self, file: &File) -> Input {
        let name = Arc::new(FileName::new(&file.path).shown_as(&file.shown).at(absolute(&file.native)));
        let failed = |message: String| Problem::of_file(Arc::clone(&name), message);
        let cannot = |error: io::Error| failed(format!("It cannot be read: {error}"));
        if is_yaml(&file.native) {
            return Err(failed(YAML_IS_NOT_READ.into()));
        }
        if fs::metadata(&file.native).map_err(cannot)?.len() > MAX_BYTES {
            return Err(failed("It is larger than 1 GiB: no flow is".into()));
        }
        let bytes = fs::read(&file.native).map_err(cannot)?;
        let text = text_of(bytes).map_err(failed)?;
        Ok(Item { source: Source::of(name, text), solution: self.around(&file.native) })
    }

    /// What stands around a file of that path, whether or not the file is there: standard input has
    /// a name, too.
    #[must_use]
    pub fn around(&self, path: &Path) -> Option<SolutionContext> {
        let absolute = slashes(&normal(&std::path::absolute(path).ok()?));
        let (kind, root, inner) = root_of(&absolute)?;
        let root = PathBuf::from(if root.is_empty() { "/" } else { root });
        let mut known = self.around.lock().unwrap_or_else(PoisonError::into_inner);
        let surroundings = known
            .entry(root.clone())
            .or_insert_with(|| Arc::new(SolutionFiles::new(kind, Box::new(FolderFiles(root)))));
        Some(SolutionContext { files: Arc::clone(surroundings), inner: inner.to_owned() })
    }
}

/// The text of a file. Bytes that are no text are a problem only if they were meant to be a flow: else the
/// file, an image in a list say, is passed over like any other that is none.
pub(crate) fn text_of(bytes: Vec<u8>) -> Result<String, String> {
    // Most files are plain UTF-8, and only what is none is worth a second look.
    let bytes = match String::from_utf8(bytes) {
        Ok(text) if !text.starts_with('\u{feff}') => return Ok(text),
        Ok(text) => text.into_bytes(),
        Err(error) => error.into_bytes(),
    };
    let head = bytes.get(..MAX_LOOK).unwrap_or(&bytes).to_vec();
    match text::decode(bytes) {
        Ok((text, _)) => Ok(text),
        Err(reason) if has_marks_of_a_flow(&text::decode_lossy(&head)) => Err(capitalised(&reason)),
        Err(_) => Ok(String::new()),
    }
}

/// The files in an archive, as far as it can be read, by their names.
pub(crate) fn archived(bytes: Vec<u8>) -> BTreeMap<String, Vec<u8>> {
    archive::open(io::Cursor::new(bytes)).map(|opened| opened.entries).unwrap_or_default()
}

/// How far to look for the marks of a flow in what is no text, in bytes.
const MAX_LOOK: usize = 1 << 20;

/// The root of the repository around a path: the nearest folder upward that holds `.git`.
#[must_use]
pub fn repository_root(path: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(path).ok()?;
    absolute.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_path_buf)
}

/// A path for machines: relative to its repository's root, or to the working directory where there is
/// no repository; absolute where that has no answer either.
#[must_use]
pub fn machine_path(path: &Path) -> String {
    let Ok(absolute) = std::path::absolute(path) else { return slashes(path) };
    let absolute = normal(&absolute);
    let base = absolute.parent().and_then(repository_root).or_else(|| std::env::current_dir().ok());
    match base {
        Some(base) => slashes(&relative(&absolute, &normal(&base))),
        None => slashes(&absolute),
    }
}

/// A path for people: as it was typed, with `/`.
#[must_use]
pub fn shown_path(path: &Path) -> String {
    slashes(path.strip_prefix(".").unwrap_or(path))
}

/// A path from the root of the machine, without `.` and `..`; links are not resolved.
#[must_use]
pub fn absolute(path: &Path) -> Option<PathBuf> {
    std::path::absolute(path).ok().map(|path| normal(&path))
}

struct Collector<'e> {
    collected: Collected,
    /// What each file really is, and where among the collected it stands.
    seen: BTreeMap<PathBuf, usize>,
    exclude: &'e Exclusions,
}

impl Collector<'_> {
    fn folder(&mut self, folder: &Path, argument: usize) {
        let mut ignores = Ignores::above(folder);
        let mut walk = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
        while let Some(entry) = walk.next() {
            let entry = match entry {
                Ok(entry) => entry,
                // A link that leads back up ends here; what it leads to is walked already.
                Err(error) if error.loop_ancestor().is_some() => continue,
                Err(error) => {
                    let path = error.path().unwrap_or(folder).to_path_buf();
                    // A link to nothing is nothing to check.
                    if !path.is_symlink() {
                        self.collected
                            .problems
                            .push(problem(&path, format!("It cannot be looked into: {error}")));
                    }
                    continue;
                }
            };
            let is_folder = entry.file_type().is_dir();
            if entry.depth() > 0 {
                let skipped = is_folder && SKIPPED.iter().any(|name| entry.file_name() == *name);
                if skipped
                    || ignores.ignored(entry.path(), entry.depth(), is_folder)
                    || self.excluded(entry.path())
                {
                    if is_folder {
                        walk.skip_current_dir();
                    }
                    continue;
                }
            }
            if is_folder {
                ignores.enter(entry.path(), entry.depth());
            } else if !entry.file_type().is_file() {
                // Reading a pipe or a device may never end.
            } else if has_extension(entry.path(), &["zip"]) {
                self.collected.archives.extend(absolute(entry.path()));
            } else if has_extension(entry.path(), &["json"]) || is_yaml(entry.path()) {
                self.file(entry.path(), argument, false);
            }
        }
    }

    fn file(&mut self, path: &Path, argument: usize, named: bool) {
        if named && self.excluded(path) {
            return;
        }
        let identity = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let shown = shown_path(path);
        let mut file =
            File { native: path.to_path_buf(), shown, path: machine_path(path), arguments: vec![argument] };
        match self.seen.get(&identity) {
            None => {
                self.seen.insert(identity, self.collected.files.len());
                self.collected.files.push(file);
            }
            Some(at) => {
                let known = &mut self.collected.files[*at];
                // Whatever the order of the arguments, it goes by the same name.
                if (&file.path, &file.shown) < (&known.path, &known.shown) {
                    std::mem::swap(known, &mut file);
                }
                known.arguments.append(&mut file.arguments);
            }
        }
    }

    fn excluded(&self, path: &Path) -> bool {
        let Some(absolute) = absolute(path).filter(|_| !self.exclude.patterns.is_empty()) else {
            return false;
        };
        path_from(&self.exclude.folder, &absolute)
            .is_some_and(|inside| self.exclude.patterns.cover(&inside, path.is_dir()))
    }
}

/// The `.gitignore` files that hold for where a walk is, outermost first.
struct Ignores(Vec<(usize, Gitignore)>);

impl Ignores {
    /// Those above a folder, up to the root of its repository; none outside of one.
    fn above(folder: &Path) -> Self {
        let mut ignores = Self(Vec::new());
        let (Some(root), Ok(absolute)) = (repository_root(folder), std::path::absolute(folder)) else {
            return ignores;
        };
        let absolute = normal(&absolute);
        let mut above: Vec<&Path> =
            absolute.ancestors().skip(1).take_while(|path| path.starts_with(&root)).collect();
        above.reverse();
        above.into_iter().for_each(|path| ignores.enter(path, 0));
        ignores
    }

    fn enter(&mut self, folder: &Path, depth: usize) {
        self.0.retain(|(known, _)| *known == 0 || *known <= depth);
        let file = folder.join(".gitignore");
        if file.is_file() {
            let Ok(base) = std::path::absolute(folder) else { return };
            let mut builder = GitignoreBuilder::new(normal(&base));
            // A line that cannot be read is skipped, as git does; the others hold.
            let _ = builder.add(&file);
            if let Ok(ignore) = builder.build() {
                // What stands in a folder at depth n holds for entries deeper than n.
                self.0.push((depth + 1, ignore));
            }
        }
    }

    fn ignored(&mut self, path: &Path, depth: usize, is_folder: bool) -> bool {
        self.0.retain(|(known, _)| *known <= depth.max(1));
        let Ok(absolute) = std::path::absolute(path) else { return false };
        let absolute = normal(&absolute);
        for (_, ignore) in self.0.iter().rev() {
            let verdict = ignore.matched(&absolute, is_folder);
            if !verdict.is_none() {
                return verdict.is_ignore();
            }
        }
        false
    }
}

/// What stays out, whatever names it.
#[derive(Debug, Default)]
pub struct Exclusions {
    /// The folder that the patterns count from, absolute.
    folder: PathBuf,
    patterns: PathPatterns,
}

impl Exclusions {
    /// Patterns that hold from a folder down.
    #[must_use]
    pub fn new(folder: &Path, patterns: PathPatterns) -> Self {
        Self { folder: absolute(folder).unwrap_or_else(|| folder.to_path_buf()), patterns }
    }
}

fn problem(path: &Path, message: String) -> Problem {
    Problem::of_file(FileName::new(machine_path(path)).shown_as(slashes(path)), message)
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|own| extensions.iter().any(|extension| own.eq_ignore_ascii_case(extension)))
}

/// Whether a file is a flow in the YAML layout of solutions, by its folder and name.
fn is_yaml(path: &Path) -> bool {
    let folder = path.parent().and_then(Path::file_name);
    has_extension(path, &["yml", "yaml"])
        && folder.is_some_and(|name| name.eq_ignore_ascii_case(OsStr::new("modernflows")))
}

/// An absolute path without `.` and `..`; links are not resolved.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

/// The way from one absolute path to another.
fn relative(path: &Path, base: &Path) -> PathBuf {
    let shared = path.components().zip(base.components()).take_while(|(a, b)| a == b).count();
    let has_common = path.components().zip(base.components()).next().is_some_and(|(a, b)| a == b);
    if !has_common {
        return path.to_path_buf();
    }
    let up = base.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(path.components().skip(shared)).collect()
}
