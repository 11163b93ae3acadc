//! The rule pages of a team: found in the folders that a configuration names, and checked before a flow is.
//!
//! Knows files and pages; knows nothing of flows or of the command line.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use walkdir::WalkDir;

use crate::linter::{Examples, Given, Meta, Page, is_former_id};
use crate::project::{ProjectError, files};
use crate::suppress::WAIVERS;
use crate::text::{self, Span, TextError};

/// The category of pages that stand in a rule folder itself; pages in a folder below have its name.
pub const CATEGORY: &str = "custom";

/// The pages in folders, by their ids. `folder` is that of the configuration, `dirs` are the folders as they are
/// written there, and `built_in` are the pages of flowvet.
///
/// # Errors
/// Every folder and file that cannot be read; if there is none, every page that is wrong.
pub fn load(
    folder: &Path,
    dirs: &[(String, Span)],
    built_in: &[Page],
) -> Result<Vec<Page>, Vec<ProjectError>> {
    let mut pages: Vec<Page> = Vec::new();
    let mut errors = Vec::new();
    let mut seen = BTreeSet::new();
    for (dir, span) in dirs {
        let root = if folder == Path::new(".") { PathBuf::from(dir) } else { folder.join(dir) };
        let wrong = |message: String| ProjectError::Configuration(TextError::new(*span, message));
        let files = if !root.is_dir() {
            let what = if root.exists() { "is no folder" } else { "is not there" };
            Err(wrong(format!("the rule folder `{dir}` {what}")))
        } else {
            match files_in(&root) {
                Ok(files) if files.is_empty() => {
                    Err(wrong(format!("there is no rule page in `{dir}`: pages are files that end in .md")))
                }
                files => files.map_err(|error| wrong(format!("`{dir}` cannot be read: {error}"))),
            }
        };
        for file in files.unwrap_or_else(|error| {
            errors.push(error);
            Vec::new()
        }) {
            // A folder may be named twice, or together with one around it.
            if seen.insert(fs::canonicalize(&file).unwrap_or_else(|_| file.clone())) {
                let category = category(&root, &file);
                match read(&file, category) {
                    Ok(page) => pages.push(page),
                    Err(message) => {
                        errors.push(ProjectError::File { file: file.display().to_string(), message });
                    }
                }
            }
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    pages.sort_by(|a, b| (&a.id, &a.file).cmp(&(&b.id, &b.file)));
    let wrong = check(&pages, built_in).into_iter().map(|(page, error)| {
        let file = page.file.clone().unwrap_or_else(|| page.id.to_string());
        ProjectError::of_text("rule page", file, &page.text, error)
    });
    let wrong: Vec<ProjectError> = wrong.collect();
    if wrong.is_empty() { Ok(pages) } else { Err(wrong) }
}

/// The page in a file, whatever its encoding and its line ends.
///
/// # Errors
/// Says in a sentence why the file cannot be read.
pub fn read(file: &Path, category: String) -> Result<Page, String> {
    let text = files::read_text(file).map_err(|error| error.to_string())?;
    Ok(Page {
        id: Cow::Owned(stem(file)),
        category: Cow::Owned(category),
        text: Cow::Owned(text.replace("\r\n", "\n")),
        file: Some(file.display().to_string()),
    })
}

/// The pages in a folder and in those below it, by path: every `.md` but a README. What begins with a dot stays
/// out.
///
/// # Errors
/// A folder that cannot be read.
pub fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let is_hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.');
    let mut files = Vec::new();
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter();
    for entry in entries.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.file_name())) {
        let path = entry.map_err(io::Error::other)?.into_path();
        let is_page = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("md"));
        if is_page && path.is_file() && !stem(&path).eq_ignore_ascii_case("readme") && !is_cases(&path) {
            files.push(path);
        }
    }
    Ok(files)
}

/// The name of the folder that a page stands in; see [`CATEGORY`].
fn category(root: &Path, file: &Path) -> String {
    match file.parent().filter(|parent| *parent != root).and_then(Path::file_name) {
        Some(name) => name.to_string_lossy().into_owned(),
        None => CATEGORY.to_owned(),
    }
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

type Wrong<'p> = (&'p Page, TextError);

/// What is wrong with pages: with each by itself; if nothing is, with all together.
fn check<'p>(pages: &'p [Page], built_in: &[Page]) -> Vec<Wrong<'p>> {
    let mut metas = Vec::new();
    let mut wrong = Vec::new();
    for page in pages {
        match verify(page) {
            Ok(meta) => metas.push(meta),
            Err(error) => wrong.push((page, error)),
        }
    }
    if wrong.is_empty() {
        let clashes = pages.iter().zip(&metas).enumerate().filter_map(|(at, (page, meta))| {
            let message = clash(page, meta, &pages[..at], || built_in.iter().chain(pages), built_in)?;
            Some((page, page.heading_error(message)))
        });
        wrong.extend(clashes);
    }
    wrong
}

/// Why a page cannot stand beside others: those `before` it, and `all` that there are, of which some are `built_in`.
fn clash<'p, P: Iterator<Item = &'p Page>>(
    page: &Page,
    meta: &Meta,
    before: &[Page],
    all: impl Fn() -> P,
    built_in: &[Page],
) -> Option<String> {
    let id = page.id.as_ref();
    if built_in.iter().any(|other| other.id == page.id) || is_former_id(id) {
        return Some(format!("flowvet has a rule `{id}` of its own: give this one another name"));
    }
    if let Some(other) = before.iter().find(|other| other.id == page.id) {
        let (first, second) = (other.file.as_deref().unwrap_or(""), page.file.as_deref().unwrap_or(""));
        return Some(format!("two rules are called `{id}`: {first} and {second}"));
    }
    if all().any(|other| other.category == page.id) {
        return Some(format!("`{id}` is a category: give the rule another name"));
    }
    if ["all", WAIVERS].contains(&page.category.as_ref()) || all().any(|other| other.id == page.category) {
        let category = &page.category;
        return Some(format!(
            "the folder `{category}` is the page's category, and that word has another meaning"
        ));
    }
    meta.supersedes.iter().find_map(|superseded| {
        if *superseded == id {
            return Some("`supersedes` names the rule itself".into());
        }
        if all().any(|other| other.id == *superseded) {
            return None;
        }
        let near = crate::text::nearest(superseded, all().map(|other| other.id.as_ref()));
        let guess = near.map(|near| format!(": did you mean `{near}`?")).unwrap_or_default();
        Some(format!("`supersedes` names `{superseded}`, which is no rule{guess}"))
    })
}

/// Checks one page as far as it goes without others.
///
/// # Errors
/// The first thing that is wrong, with its place.
pub fn verify(page: &Page) -> Result<Meta, TextError> {
    let words: Vec<&str> = page.id.split('-').collect();
    let is_word = |word: &&str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if words.len() < 2 || !words.iter().all(is_word) {
        return Err(page.heading_error(format!(
            "`{}` is no id of a rule: the file is called by two or more words in small letters, joined by hyphens",
            page.id
        )));
    }
    let is_plain = |c: char| (c.is_alphanumeric() && !c.is_uppercase()) || c == '-' || c == '_';
    if !page.category.chars().all(is_plain) {
        return Err(page.heading_error(format!(
            "the folder `{}` is the page's category: small letters, digits, hyphens and underscores are fine",
            page.category
        )));
    }
    let meta = page.verify()?;
    if meta.check.is_none() {
        return Err(page.heading_error("the page has no [check], and no code of flowvet has its id"));
    }
    match Examples::of_page(page, &Given::new()).missing().into_iter().next() {
        Some(error) => Err(error),
        None => Ok(meta),
    }
}

/// Writes a page with the line ends that its file has. A file in another encoding stays as it is.
///
/// # Errors
/// What the system refuses, and a file that is not UTF-8.
pub fn write(file: &Path, text: &str) -> io::Result<()> {
    let bytes = fs::read(file)?;
    let has_windows_lines = bytes.windows(2).any(|pair| pair == b"\r\n");
    match text::decode(bytes) {
        Ok((_, text::Encoding::Utf8)) if has_windows_lines => fs::write(file, text.replace('\n', "\r\n")),
        Ok((_, text::Encoding::Utf8)) => fs::write(file, text),
        _ => Err(io::Error::other(format!("{}: save the page as UTF-8 to have it blessed", file.display()))),
    }
}

/// The pages that paths mean: files as they are named, for cases the page that they belong to; in folders, every page.
///
/// # Errors
/// A folder that cannot be read.
pub fn files_of(paths: &[PathBuf]) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        match path.is_file() {
            true if is_cases(path) => files.push(path.with_file_name(stem(path).replace(CASES, "") + ".md")),
            true => files.push(path.clone()),
            false => files.extend(files_in(path)?),
        }
    }
    Ok(files)
}

/// What the name of a file of cases has before its extension.
const CASES: &str = ".cases";
/// The folder of scenery, beside pages or beside their folder.
const GIVEN: &str = "given";

/// Whether a file holds the cases of a page, and is none itself.
fn is_cases(file: &Path) -> bool {
    stem(file).to_ascii_lowercase().ends_with(CASES)
}

/// The file of cases beside a page, if there is one, and its text.
///
/// # Errors
/// A file that cannot be read.
pub fn cases(page: &Path) -> io::Result<Option<(PathBuf, String)>> {
    let path = page.with_file_name(format!("{}{CASES}.md", stem(page)));
    if !path.is_file() {
        return Ok(None);
    }
    let text = files::read_text(&path)?.replace("\r\n", "\n");
    Ok(Some((path, text)))
}

/// The scenery for the examples of a page, by name: what stands beside it goes before what stands beside its folder.
///
/// # Errors
/// A file that cannot be read.
pub fn given(page: &Path) -> io::Result<Given> {
    let mut given = Given::new();
    let own = page.parent().map(Path::to_path_buf).unwrap_or_default();
    for folder in [own.join("..").join(GIVEN), own.join(GIVEN)] {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
                given.insert(stem(&path), files::read_text(&path)?.replace("\r\n", "\n"));
            }
        }
    }
    Ok(given)
}
