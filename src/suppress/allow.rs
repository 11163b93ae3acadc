//! Applies the `[[allow]]` entries of the configuration to a report, and says which of them are stale.
//!
//! Works without terminal, clock or environment: what the run looked at is told by the caller.

use std::path::{Path, PathBuf};

use crate::finding::{Finding, Suppression, Suppressor};
use crate::linter::lint::fingerprint;
use crate::linter::{Engine, Meaning, WAIVERS, identity};
use crate::project::collect::path_from;
use crate::project::config::Allow;
use crate::report::Report;
use crate::secrets::{self, TextSecrets};
use crate::text::plural;
use crate::text::{Source, Span};

/// The entries of a configuration, and where it stands.
#[derive(Debug)]
pub struct Allowances<'c> {
    /// The entries.
    pub entries: &'c [Allow],
    /// The configuration file, which findings about entries are in.
    pub file: Source,
    /// The folder of the file, absolute: paths of entries count from there. Without one they count from where
    /// the paths of the report do.
    pub folder: Option<PathBuf>,
}

/// What a run has looked at, as far as entries must know.
pub struct ScanCoverage<'l> {
    /// Whether a path has been looked at: a file, or everything in a folder, in the archives there too.
    pub at: &'l dyn Fn(&Path) -> bool,
}

/// A word of an entry, and what it came to.
struct Word<'c> {
    text: &'c str,
    span: Span,
    meaning: Meaning,
    covered: usize,
}

impl Allowances<'_> {
    /// Suppresses the findings that the entries allow, and adds findings about entries that have ended or that
    /// nothing needs.
    pub fn apply(mut self, report: &mut Report, engine: &Engine, looked: &ScanCoverage<'_>) {
        let mut words: Vec<Vec<Word<'_>>> =
            self.entries.iter().map(|entry| words_of(entry, engine)).collect();
        let paths: Vec<Option<String>> = report.sources.iter().map(|source| self.path_of(source)).collect();
        let reasons: Vec<String> = self.entries.iter().map(|entry| self.clean(&entry.reason)).collect();
        let mut findings = std::mem::take(&mut report.findings);
        for finding in findings.iter_mut().chain(&mut report.suppressed) {
            for ((entry, words), reason) in self.entries.iter().zip(&mut words).zip(&reasons) {
                if !words.iter().any(|word| word.meaning.covers(&finding.rule, &finding.category))
                    || !entry.is_about(finding, paths[finding.source].as_deref())
                {
                    continue;
                }
                for word in words.iter_mut() {
                    word.covered += usize::from(word.meaning.covers(&finding.rule, &finding.category));
                }
                let holds = entry.until.is_none_or(|(date, _)| !engine.has_passed(date));
                if holds && finding.suppressed.is_none() {
                    finding.suppressed =
                        Some(Suppression { by: Suppressor::Allow, reason: Some(reason.clone()) });
                }
            }
        }
        report.findings = findings;
        let mut stale = Vec::new();
        for (entry, words) in self.entries.iter().zip(&words) {
            let is_judged = report.problems.is_empty() && self.is_within(entry, looked);
            stale.extend(self.about(entry, words, is_judged, engine));
        }
        if !stale.is_empty() {
            fingerprint(&mut stale);
            TextSecrets::of(&self.file.text).mask(&mut self.file.text);
            let source = report.add_beside(self.file);
            stale.iter_mut().for_each(|finding| finding.source = source);
            report.findings.append(&mut stale);
            report.sort();
        }
        report.settle();
    }

    /// The path of a file from the folder of the configuration; none if it lies elsewhere.
    fn path_of(&self, source: &Source) -> Option<String> {
        let path = match (&self.folder, &source.native) {
            (Some(folder), Some(native)) => path_from(folder, native)?,
            _ => source.path.clone(),
        };
        // The matcher takes no path from the root.
        let path = path.trim_start_matches('/').to_owned();
        Some(match &source.member {
            Some(member) => format!("{path}/{member}"),
            None => path,
        })
    }

    /// Whether the run has looked at everything that an entry can be about.
    fn is_within(&self, entry: &Allow, looked: &ScanCoverage<'_>) -> bool {
        let folder = self.folder.clone().unwrap_or_default();
        match entry.path.as_slice() {
            [] => (looked.at)(&folder),
            patterns => patterns.iter().all(|pattern| (looked.at)(&folder.join(literal_part(pattern)))),
        }
    }

    /// What there is to say of an entry.
    fn about(&self, entry: &Allow, words: &[Word<'_>], is_judged: bool, engine: &Engine) -> Vec<Finding> {
        let names: Vec<String> = words.iter().map(|word| format!("`{}`", word.text)).collect();
        let has_run = |word: &Word<'_>| is_judged && engine.set().has_run(&word.meaning);
        match entry.until {
            Some((date, span)) if engine.has_passed(date) => {
                let covered: usize = words.iter().map(|word| word.covered).sum();
                let outcome = match covered {
                    0 if words.iter().all(has_run) => "nothing needs it any more".to_owned(),
                    0 => "what it allowed counts again".to_owned(),
                    1 => "1 finding counts again".to_owned(),
                    many => format!("{} count again", plural(many, "finding")),
                };
                let message =
                    format!("The [[allow]] entry for {} ended on {date}: {outcome}", names.join(", "));
                let help = "Mend what it allowed and delete the entry, or set a new day.";
                let detail = self.detail(entry, "");
                self.finding(engine, "expired-waiver", ("until", span), message, help, &detail)
                    .into_iter()
                    .collect()
            }
            _ => words
                .iter()
                .filter(|word| word.covered == 0 && has_run(word))
                .filter_map(|word| {
                    let message = format!("No finding needs the [[allow]] entry for `{}`", word.text);
                    let help = match words.len() {
                        1 => "Delete the entry.".to_owned(),
                        _ => format!("Take `{}` out of the entry.", word.text),
                    };
                    let detail = self.detail(entry, word.text);
                    self.finding(engine, "unused-waiver", ("rule", word.span), message, &help, &detail)
                })
                .collect(),
        }
    }

    /// What tells an entry apart from others, wherever it stands.
    fn detail(&self, entry: &Allow, word: &str) -> String {
        let words: Vec<&str> = entry.rules.iter().map(|(word, _)| word.as_str()).collect();
        let parts =
            [&words.join(","), &entry.flow.join(","), &entry.element.join(","), &entry.path.join(",")];
        self.clean(&format!("{}\u{1e}{word}", parts.map(String::as_str).join("\u{1e}")))
    }

    fn finding(
        &self,
        engine: &Engine,
        rule: &str,
        (key, span): (&str, Span),
        message: String,
        help: &str,
        detail: &str,
    ) -> Option<Finding> {
        let active = engine.rules().iter().find(|active| active.selected && active.page.id == rule)?;
        let (start, end) = self.file.positions(span);
        let property = format!("/allow/{key}");
        Some(Finding {
            rule: rule.to_owned(),
            category: WAIVERS.to_owned(),
            severity: active.severity.unwrap_or(active.meta.severity),
            message: self.clean(&message),
            help: Some(self.clean(help)),
            source: 0,
            span,
            start,
            end,
            flow: None,
            element: Vec::new(),
            element_kind: None,
            fingerprint: identity(rule, &self.file.path, "", "", &property, detail),
            property,
            related: Vec::new(),
            suppressed: None,
            unchanged: false,
        })
    }

    /// A text of the configuration without credentials.
    fn clean(&self, text: &str) -> String {
        secrets::without(TextSecrets::of(&self.file.text).without(text.to_owned()))
    }
}

fn words_of<'c>(entry: &'c Allow, engine: &Engine) -> Vec<Word<'c>> {
    let word = |(text, span): &'c (String, Span)| {
        let meaning = engine.set().meaning(text).ok()?;
        Some(Word { text, span: *span, meaning, covered: 0 })
    };
    entry.rules.iter().filter_map(word).collect()
}

/// The part of a pattern up to its first wildcard: everything that it fits lies below. A pattern without a slash
/// fits in every folder.
fn literal_part(pattern: &str) -> &str {
    let inside = pattern.trim_end_matches('/');
    if !inside.contains('/') {
        return "";
    }
    let pattern = inside.trim_start_matches('/');
    match pattern.find(['*', '?', '[', '{', '\\']) {
        Some(wildcard) => pattern[..wildcard].rsplit_once('/').map_or("", |(folder, _)| folder),
        None => pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_a_pattern_fits_lies_below_its_literal_part() {
        for (pattern, part) in [
            ("*.json", ""),
            ("old.json", ""),
            ("old/", ""),
            ("/old/", "old"),
            ("Workflows/Old.json", "Workflows/Old.json"),
            ("Workflows/Old*.json", "Workflows"),
            ("a/b/*/c.json", "a/b"),
            ("**/Workflows/x.json", ""),
            ("/[ab]/c", ""),
        ] {
            assert_eq!(literal_part(pattern), part, "{pattern}");
        }
    }
}
