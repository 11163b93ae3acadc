//! `flowvet rules`, `flowvet explain` and `flowvet test`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::args::{Choice, Color};
use super::{CLEAN, FAILED, FOUND, load_config, output};
use crate::linter::{Examples, Page, embedded_pages};
use crate::project::rule_dirs::{self, CATEGORY};
use crate::rules::coded;
use crate::secrets;
use crate::text::{TextError, plural, printable};

/// Lists the rules, by category.
pub(super) fn list(choice: &Choice) -> io::Result<u8> {
    let Some(pages) = pages(choice) else { return Ok(FAILED) };
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut category = String::new();
    for page in pages {
        let meta =
            page.meta().map_err(|error| io::Error::other(format!("{}: {}", page.id, error.message)))?;
        if page.category != category {
            writeln!(out, "{}{}", if category.is_empty() { "" } else { "\n" }, page.category)?;
            category = page.category.to_string();
        }
        let severity = if meta.default { meta.severity.name() } else { "off" };
        let summary = printable(&meta.summary);
        writeln!(out, "  {:<28} {severity:<8} {}", page.id, secrets::without(summary))?;
    }
    out.flush()?;
    Ok(CLEAN)
}

/// Prints a rule's page.
pub(super) fn explain(rule: &str, choice: &Choice) -> io::Result<u8> {
    // The pages of flowvet are there whatever the configuration says.
    if let Some(page) = embedded_pages().iter().find(|page| page.id == rule) {
        io::stdout().lock().write_all(page.for_readers().as_bytes())?;
        return Ok(CLEAN);
    }
    let Some(pages) = pages(choice) else { return Ok(FAILED) };
    if let Some(page) = pages.iter().find(|page| page.id == rule) {
        let shown = secrets::without(page.for_readers());
        let lines: Vec<String> = shown.lines().map(|line| printable(line) + "\n").collect();
        io::stdout().lock().write_all(lines.concat().as_bytes())?;
        return Ok(CLEAN);
    }
    let ids = pages.iter().map(|page| page.id.as_ref());
    output::warn(&match crate::text::nearest(rule, ids) {
        Some(near) => format!("flowvet: there is no rule `{rule}`: did you mean `{near}`?"),
        None => format!("flowvet: there is no rule `{rule}`: `flowvet rules` lists them"),
    });
    Ok(FAILED)
}

/// The pages of flowvet and of the team. Where the configuration is wrong, says so.
fn pages(choice: &Choice) -> Option<Vec<Page>> {
    let style = output::error_style(Color::Auto);
    load_config::pages(choice, style).map_err(|message| output::show(&message)).ok()
}

/// Runs the examples of pages and of the cases beside them, or writes their marks and blocks.
pub(super) fn test(paths: &[PathBuf], blessing: bool) -> io::Result<u8> {
    let coded = coded();
    let mut failed = 0;
    let mut tested = 0;
    let mut out = Vec::new();
    for file in rule_dirs::files_of(paths)? {
        let named = |reason: String| io::Error::other(format!("{}: {reason}", file.display()));
        let page = rule_dirs::read(&file, CATEGORY.to_owned()).map_err(named)?;
        let has_code = coded.iter().any(|(id, _)| *id == page.id);
        let sound = if has_code { page.verify() } else { rule_dirs::verify(&page) };
        tested += 1;
        let mut failures: Vec<(PathBuf, usize, String)> = Vec::new();
        let mut fail = |path: &Path, text: &str, errors: Vec<TextError>| {
            let failure = |error: TextError| (path.to_owned(), error.line_in(text), error.message);
            failures.extend(errors.into_iter().map(failure));
        };
        if let Err(error) = sound {
            fail(&file, &page.text, vec![error]);
        } else {
            let given = rule_dirs::given(&file)?;
            let (text, errors) = examine(&file, Examples::of_page(&page, &given), blessing)?;
            fail(&file, &text, errors);
            if let Some((path, cases)) = rule_dirs::cases(&file)? {
                let cases = Examples::of_cases(&page, &cases, &given);
                let (text, errors) = examine(&path, cases, blessing)?;
                fail(&path, &text, errors);
            }
        }
        for (path, line, message) in failures {
            failed += 1;
            let message = printable(&secrets::without(message));
            writeln!(out, "{}:{line}: {message}", printable(&path.display().to_string()))?;
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

/// Runs the examples of one file, blessed before where that is asked for: its text then, and what is wrong in it.
fn examine(file: &Path, examples: Examples<'_>, blessing: bool) -> io::Result<(String, Vec<TextError>)> {
    let mut text = examples.text().to_owned();
    let missing = examples.missing();
    if !missing.is_empty() {
        return Ok((text, missing));
    }
    if blessing {
        match examples.bless(&coded()) {
            Ok(blessed) if blessed != text => {
                rule_dirs::write(file, &blessed)?;
                text = blessed;
            }
            Ok(_) => {}
            Err(error) => return Ok((text, vec![error])),
        }
    }
    let errors = examples.with_text(&text).run(&coded());
    Ok((text, errors))
}
