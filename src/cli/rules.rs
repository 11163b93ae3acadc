//! `flowvet rules`, `flowvet explain` and `flowvet test`.

use std::borrow::Cow;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::{CLEAN, FAILED, FOUND, output};
use crate::report::{plural, printable};
use crate::rule::{Page, bless, embedded_pages, run_examples};
use crate::rules::coded;

/// Lists the rules, by category.
pub(super) fn list() -> io::Result<u8> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut category = String::new();
    for page in embedded_pages() {
        let meta =
            page.meta().map_err(|error| io::Error::other(format!("{}: {}", page.id, error.message)))?;
        if page.category != category {
            category = page.category.to_string();
            writeln!(out, "{}{category}", if category.is_empty() { "" } else { "\n" })?;
        }
        let severity = if meta.default { meta.severity.name() } else { "off" };
        writeln!(out, "  {:<28} {severity:<8} {}", page.id, meta.summary)?;
    }
    out.flush()?;
    Ok(CLEAN)
}

/// Prints a rule's page.
pub(super) fn explain(rule: &str) -> io::Result<u8> {
    let pages = embedded_pages();
    if let Some(page) = pages.iter().find(|page| page.id == rule) {
        io::stdout().lock().write_all(page.text.as_bytes())?;
        return Ok(CLEAN);
    }
    let ids = pages.iter().map(|page| page.id.as_ref());
    output::complain(&match crate::nearest(rule, ids) {
        Some(near) => format!("flowvet: there is no rule `{rule}`: did you mean `{near}`?"),
        None => format!("flowvet: there is no rule `{rule}`: `flowvet rules` lists them"),
    });
    Ok(FAILED)
}

/// Runs the examples of pages, or writes their marks.
pub(super) fn test(paths: &[PathBuf], blessing: bool) -> io::Result<u8> {
    let coded = coded();
    let mut failed = 0;
    let mut tested = 0;
    let mut out = Vec::new();
    for file in pages(paths)? {
        let page = read_page(&file)?;
        let mut failures = match page.meta() {
            Ok(meta) => {
                let has_code = coded.iter().any(|(id, _)| *id == page.id);
                let check = meta.check.as_ref().map(|check| check.verify());
                let message = match check {
                    None if !has_code => Some("the page has no [check], and no code has its id".to_owned()),
                    Some(Err(message)) => Some(message),
                    _ => None,
                };
                message.into_iter().map(|message| (1, message)).collect::<Vec<_>>()
            }
            Err(error) => vec![(error.line, error.message)],
        };
        tested += 1;
        if failures.is_empty() && blessing {
            match bless(&page, &coded) {
                Ok(text) if text != page.text => fs::write(&file, text)?,
                Ok(_) => {}
                Err(failure) => failures.push((failure.line, failure.message)),
            }
        }
        if failures.is_empty() {
            let page = read_page(&file)?;
            failures.extend(
                run_examples(&page, &coded).into_iter().map(|failure| (failure.line, failure.message)),
            );
        }
        for (line, message) in failures {
            failed += 1;
            writeln!(out, "{}:{line}: {}", printable(&file.display().to_string()), printable(&message))?;
        }
    }
    writeln!(out, "{}, {}", plural(tested, "page"), plural(failed, "failure"))?;
    output::print(&out)?;
    Ok(if tested == 0 {
        FAILED
    } else if failed > 0 {
        FOUND
    } else {
        CLEAN
    })
}

/// The pages that paths mean: files as they are named; in folders, every `.md` but a README.
fn pages(paths: &[PathBuf]) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_file() {
            files.push(path.clone());
            continue;
        }
        for entry in WalkDir::new(path).sort_by_file_name() {
            let entry = entry.map_err(io::Error::other)?;
            let is_page = entry.path().extension().is_some_and(|extension| extension == "md");
            if is_page && entry.file_name() != "README.md" {
                files.push(entry.into_path());
            }
        }
    }
    Ok(files)
}

fn read_page(file: &Path) -> io::Result<Page> {
    let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", file.display()));
    let text = fs::read_to_string(file).map_err(named)?.replace("\r\n", "\n");
    let name =
        |path: Option<&Path>| path.and_then(Path::file_stem).map(|name| name.to_string_lossy().into_owned());
    Ok(Page {
        id: Cow::Owned(name(Some(file)).unwrap_or_default()),
        category: Cow::Owned(name(file.parent()).unwrap_or_default()),
        text: Cow::Owned(text),
    })
}
