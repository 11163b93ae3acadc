//! The files of a git revision, by the paths that they have now.
//!
//! Asks the program `git`, three times for each repository, however many files there are: for the commit, for the
//! names of its files, and for their contents as they are needed. Knows nothing of flows but their ids, by which
//! a file is found that has another name now.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::collect;
use crate::flow::{self, Detected};
use crate::json;
use crate::text::Arena;
use crate::text::{FileName, MAX_BYTES, Source, slashes};

/// A revision in each repository that was asked about.
#[derive(Debug)]
pub struct Revisions(BTreeMap<PathBuf, Tree>);

impl Revisions {
    /// Opens a revision in the repositories of these paths. `REF...` is the commit at which the current branch
    /// left `REF`; anything else is what git calls so.
    ///
    /// # Errors
    /// Says in a sentence why there is no such revision: no git, no repository, an unknown name.
    pub fn open<'p>(name: &str, paths: impl IntoIterator<Item = &'p Path>) -> Result<Self, String> {
        let mut trees = BTreeMap::new();
        for path in paths {
            let root = root_of(&real(path)).ok_or_else(|| {
                format!("{} stands in no git repository: there is nothing to compare it with", path.display())
            })?;
            if !trees.contains_key(&root) {
                trees.insert(root.clone(), Tree::open(root, name)?);
            }
        }
        Ok(Self(trees))
    }

    /// The text that a file had, or the member of an archive; none for what is new. `ids` are those of the flows
    /// that it has now: they find a file that was renamed or moved.
    ///
    /// # Errors
    /// Says in a sentence why the text cannot be had.
    pub fn text(&self, path: &Path, member: Option<&str>, ids: &[&str]) -> Result<Option<String>, String> {
        let path = real(path);
        let tree =
            root_of(&path).and_then(|root| self.0.get(&root)).ok_or("It stands in no git repository")?;
        let Some(inner) = path.strip_prefix(&tree.root).ok().map(slashes) else { return Ok(None) };
        match member {
            Some(member) => tree.member(&inner, member, ids),
            None => tree.file(&inner, ids),
        }
    }
}

/// A path without links, as git knows it; of a file that is not there, the folder's.
fn real(path: &Path) -> PathBuf {
    let of_folder = || {
        let absolute = std::path::absolute(path).ok()?;
        Some(fs::canonicalize(absolute.parent()?).ok()?.join(absolute.file_name()?))
    };
    plain(fs::canonicalize(path).ok().or_else(of_folder).unwrap_or_else(|| path.to_path_buf()))
}

/// A path as programs take it: Windows answers with `\\?\C:\…`, which git does not know.
fn plain(path: PathBuf) -> PathBuf {
    let Some(rest) = path.to_str().and_then(|text| text.strip_prefix(r"\\?\")) else { return path };
    match rest.strip_prefix(r"UNC\") {
        Some(share) => PathBuf::from(format!(r"\\{share}")),
        None if rest.as_bytes().get(1) == Some(&b':') => PathBuf::from(rest),
        None => path,
    }
}

fn root_of(path: &Path) -> Option<PathBuf> {
    let folder = if path.is_dir() { path } else { path.parent()? };
    collect::repository_root(folder)
}

/// The files of one revision of one repository.
#[derive(Debug)]
struct Tree {
    root: PathBuf,
    /// The objects of the files, by path.
    blobs: BTreeMap<String, String>,
    contents: Mutex<Contents>,
    /// The path that each flow had whose file is not there any more; none if it was not one alone.
    gone: OnceLock<Result<BTreeMap<String, Option<String>>, String>>,
    archives: Mutex<BTreeMap<String, Arc<Entries>>>,
}

/// The files in an archive.
type Entries = BTreeMap<String, Vec<u8>>;

impl Tree {
    fn open(root: PathBuf, name: &str) -> Result<Self, String> {
        let commit = commit(&root, name)?;
        let listed = git(&root, &["ls-tree", "-r", "-z", "--full-tree", &commit])?;
        let mut blobs = BTreeMap::new();
        for entry in listed.split(|byte| *byte == 0) {
            // `100644 blob <object>\t<path>`
            let entry = String::from_utf8_lossy(entry);
            let Some((head, path)) = entry.split_once('\t') else { continue };
            let mut head = head.split(' ').skip(1);
            if let (Some("blob"), Some(object)) = (head.next(), head.next()) {
                blobs.insert(path.to_owned(), object.to_owned());
            }
        }
        let contents = Mutex::new(Contents::open(&root)?);
        Ok(Self { root, blobs, contents, gone: OnceLock::new(), archives: Mutex::new(BTreeMap::new()) })
    }

    fn file(&self, path: &str, ids: &[&str]) -> Result<Option<String>, String> {
        if self.blobs.contains_key(path) {
            return self.text(path);
        }
        let gone = self.gone.get_or_init(|| self.gone()).as_ref().map_err(Clone::clone)?;
        match ids.iter().find_map(|id| gone.get(*id)) {
            Some(Some(path)) => self.text(path),
            _ => Ok(None),
        }
    }

    fn member(&self, archive: &str, member: &str, ids: &[&str]) -> Result<Option<String>, String> {
        if !self.blobs.contains_key(archive) {
            return Ok(None);
        }
        let known = self.archives.lock().unwrap_or_else(PoisonError::into_inner).get(archive).cloned();
        let entries = match known {
            Some(entries) => entries,
            None => {
                let bytes = self.bytes(archive)?;
                // An archive that cannot be read tells nothing of what was in it.
                let entries = Arc::new(collect::archived(bytes));
                let mut archives = self.archives.lock().unwrap_or_else(PoisonError::into_inner);
                archives.insert(archive.to_owned(), Arc::clone(&entries));
                entries
            }
        };
        let text = |bytes: &Vec<u8>| collect::text_of(bytes.clone()).ok();
        if let Some(bytes) = entries.get(member) {
            return Ok(text(bytes));
        }
        let renamed = entries.iter().filter_map(|(name, bytes)| Some((name, text(bytes)?)));
        let mut same = renamed.filter(|(name, text)| {
            let source = Source::of(FileName::new(archive).member(*name), text.as_str());
            ids_in(&source).iter().any(|id| ids.contains(&id.as_str()))
        });
        Ok(same.next().map(|(_, text)| text))
    }

    /// Where the flows were whose files are gone.
    fn gone(&self) -> Result<BTreeMap<String, Option<String>>, String> {
        let mut flows: BTreeMap<String, Option<String>> = BTreeMap::new();
        for path in self.blobs.keys() {
            let is_json = Path::new(path).extension().is_some_and(|own| own.eq_ignore_ascii_case("json"));
            if !is_json || self.root.join(path).exists() {
                continue;
            }
            let Some(text) = self.text(path)? else { continue };
            for id in ids_in(&Source::new(path.as_str(), text)) {
                flows.entry(id).and_modify(|known| *known = None).or_insert_with(|| Some(path.clone()));
            }
        }
        Ok(flows)
    }

    /// The text of a file; none for what is no text.
    fn text(&self, path: &str) -> Result<Option<String>, String> {
        Ok(collect::text_of(self.bytes(path)?).ok())
    }

    fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        let object = self.blobs.get(path).map(String::as_str).unwrap_or_default();
        let mut contents = self.contents.lock().unwrap_or_else(PoisonError::into_inner);
        contents.read(object).map_err(|error| format!("Its earlier version cannot be read from git: {error}"))
    }
}

/// The ids of the flows in a file, as far as the file and its name tell.
fn ids_in(source: &Source) -> Vec<String> {
    let arena = Arena::new();
    let Ok(root) = json::parse(&source.text, &arena) else { return Vec::new() };
    match flow::detect(&root, source.name.inner()) {
        Detected::Flows(found) => found.iter().map(|found| flow::identity(source, found).1).collect(),
        Detected::NotAFlow(_) | Detected::Unsupported(_) | Detected::Broken(..) => Vec::new(),
    }
}

/// The commit of that name.
fn commit(root: &Path, name: &str) -> Result<String, String> {
    let (base, name) = match name.strip_suffix("...HEAD").or_else(|| name.strip_suffix("...")) {
        Some(base) => (true, base),
        None => (false, name),
    };
    let unknown = |what: &str| {
        let is_shallow =
            git(root, &["rev-parse", "--is-shallow-repository"]).is_ok_and(|said| said.starts_with(b"true"));
        let hint = match is_shallow {
            true => {
                "This clone is shallow: fetch the history first, with `git fetch --unshallow` or `fetch-depth: 0`."
            }
            false => "Fetch it first, or name another.",
        };
        format!("{what} {hint}")
    };
    // No name of a revision begins so, and git would take it for an option.
    let found = match name.is_empty() || name.starts_with('-') {
        true => None,
        false => Some(git(root, &["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")])),
    };
    let commit = match found {
        Some(Ok(commit)) => line(&commit),
        // With `--quiet` git says nothing of a name that it does not know, and all else that is wrong.
        Some(Err(reason)) if !reason.is_empty() => return Err(reason),
        _ => return Err(unknown(&format!("git knows no commit `{name}` in {}.", root.display()))),
    };
    if !base {
        return Ok(commit);
    }
    match git(root, &["merge-base", &commit, "HEAD"]) {
        Ok(base) => Ok(line(&base)),
        Err(reason) if !reason.is_empty() => Err(reason),
        Err(_) => Err(unknown(&format!(
            "git knows no commit that `{name}` and HEAD have in common in {}.",
            root.display()
        ))),
    }
}

fn line(said: &[u8]) -> String {
    String::from_utf8_lossy(said).trim().to_owned()
}

/// A call of git in a repository, whatever repository the environment names: a hook runs in one.
fn command(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args(arguments).stderr(Stdio::piped()).env("LC_ALL", "C");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    command
}

/// What git answers.
///
/// # Errors
/// What it complains of; empty if it fails and says nothing.
fn git(root: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let done =
        command(root, arguments).stdin(Stdio::null()).output().map_err(|error| cannot_start(&error))?;
    if done.status.success() {
        return Ok(done.stdout);
    }
    let said = String::from_utf8_lossy(&done.stderr);
    let first = said.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    Err(match first.strip_prefix("fatal: ").unwrap_or(first) {
        "" => String::new(),
        said => format!("git in {}: {said}", root.display()),
    })
}

fn cannot_start(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "git is needed for it, and is not on the PATH".into(),
        _ => format!("git is needed for it, and cannot be started: {error}"),
    }
}

/// A running `git cat-file --batch`: one process for all files.
#[derive(Debug)]
struct Contents {
    child: Child,
    /// Gone only when the process is told to end.
    asked: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Contents {
    fn open(root: &Path) -> Result<Self, String> {
        let mut command = command(root, &["cat-file", "--batch"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| cannot_start(&error))?;
        let asked = child.stdin.take();
        let answers = child.stdout.take().ok_or("git has no output")?;
        Ok(Self { child, asked, answers: BufReader::new(answers) })
    }

    fn read(&mut self, object: &str) -> io::Result<Vec<u8>> {
        let asked = self.asked.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        writeln!(asked, "{object}")?;
        asked.flush()?;
        // `<object> blob <size>`, or `<object> missing`
        let mut head = String::new();
        self.answers.read_line(&mut head)?;
        let size = head.trim_end().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok());
        let size = size.ok_or_else(|| io::Error::other(format!("it answers `{}`", head.trim_end())))?;
        let mut bytes = Vec::new();
        let read = (&mut self.answers).take(size.min(MAX_BYTES)).read_to_end(&mut bytes)? as u64;
        // What is too large for a flow, and the line break behind it.
        io::copy(&mut (&mut self.answers).take(size - read + 1), &mut io::sink())?;
        Ok(bytes)
    }
}

impl Drop for Contents {
    fn drop(&mut self) {
        self.asked = None;
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_paths_of_windows_are_written_as_programs_take_them() {
        let plain = |path: &str| plain(PathBuf::from(path)).display().to_string();
        assert_eq!(plain(r"\\?\C:\a b\c.json"), r"C:\a b\c.json");
        assert_eq!(plain(r"\\?\UNC\server\share\c.json"), r"\\server\share\c.json");
        assert_eq!(plain("/a/c.json"), "/a/c.json");
    }
}
