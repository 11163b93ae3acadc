//! Applies the `[[allow]]` entries of the configuration to findings, and says which of them are stale.
//!
//! Works without terminal, clock or environment: what the run looked at comes from the caller.

use std::path::{Path, PathBuf};

use super::Allow;
use super::meaning::{Meaning, RunRules, WAIVERS};
use crate::finding::{Finding, Location, Mask, Masked, Place, Suppression, Suppressor};
use crate::secrets::TextSecrets;
use crate::text::{FileName, Source, Span, path_from, plural};

/// The entries of a configuration, and where it stands.
#[derive(Debug)]
pub struct Allowances<'c> {
    /// The entries.
    pub entries: &'c [Allow],
    /// The configuration file, which findings about entries are in.
    pub file: &'c Source,
    /// The folder of the file, absolute: paths of entries count from there. Without one they count from where
    /// the paths of the report do.
    pub folder: Option<PathBuf>,
}

/// What a run has looked at, as far as entries must know.
pub struct ScanCoverage<'l> {
    /// Whether a path has been looked at: a file, or everything in a folder, in the archives there too.
    pub at: &'l dyn Fn(&Path) -> bool,
    /// Whether a file could not be checked.
    pub has_problems: bool,
}

/// A word of an entry, and what it came to.
struct Word<'c> {
    text: &'c str,
    span: Span,
    meaning: Meaning,
    covered: usize,
}

impl Allowances<'_> {
    /// Suppresses the findings that the entries allow, and gives findings about entries that have ended or that
    /// nothing needs.
    pub fn apply(
        &self,
        findings: &mut [Masked],
        rules: &dyn RunRules,
        coverage: &ScanCoverage<'_>,
    ) -> Vec<Masked> {
        let mask = Mask::of(
            Source::of(std::sync::Arc::clone(&self.file.name), self.file.text.as_str()),
            TextSecrets::of(&self.file.text),
        );
        let mut words: Vec<Vec<Word<'_>>> = self.entries.iter().map(|entry| words_of(entry, rules)).collect();
        let reasons: Vec<String> = self.entries.iter().map(|entry| mask.text(entry.reason.clone())).collect();
        for finding in findings {
            let path = self.path_of(&finding.location.place.file);
            for ((entry, words), reason) in self.entries.iter().zip(&mut words).zip(&reasons) {
                if !words.iter().any(|word| word.meaning.covers(&finding.rule, &finding.category))
                    || !entry.is_about(finding, path.as_deref())
                {
                    continue;
                }
                for word in words.iter_mut() {
                    word.covered += usize::from(word.meaning.covers(&finding.rule, &finding.category));
                }
                let holds = entry.until.is_none_or(|(date, _)| !rules.has_passed(date));
                if holds && finding.suppressed.is_none() {
                    finding.suppressed =
                        Some(Suppression { by: Suppressor::Allow, reason: Some(reason.clone()) });
                }
            }
        }
        let mut stale = Vec::new();
        for (entry, words) in self.entries.iter().zip(&words) {
            let is_judged = !coverage.has_problems && self.is_within(entry, coverage);
            stale.extend(self.about(entry, words, is_judged, rules));
        }
        stale.into_iter().map(|finding| finding.mask(&mask)).collect()
    }

    /// The path of a file from the folder of the configuration; none if it lies elsewhere.
    fn path_of(&self, file: &FileName) -> Option<String> {
        let path = match (&self.folder, &file.native) {
            (Some(folder), Some(native)) => path_from(folder, native)?,
            _ => file.path.clone(),
        };
        Some(match &file.member {
            Some(member) => format!("{path}/{member}"),
            None => path,
        })
    }

    /// Whether the run has looked at everything that an entry can be about.
    fn is_within(&self, entry: &Allow, coverage: &ScanCoverage<'_>) -> bool {
        let folder = self.folder.clone().unwrap_or_default();
        if entry.path.is_empty() {
            return (coverage.at)(&folder);
        }
        entry.path.roots().all(|root| (coverage.at)(&folder.join(root)))
    }

    /// What there is to say of an entry.
    fn about(
        &self,
        entry: &Allow,
        words: &[Word<'_>],
        is_judged: bool,
        rules: &dyn RunRules,
    ) -> Vec<Finding> {
        let names: Vec<String> = words.iter().map(|word| format!("`{}`", word.text)).collect();
        let has_run = |word: &Word<'_>| is_judged && rules.has_run(&word.meaning);
        match entry.until {
            Some((date, span)) if rules.has_passed(date) => {
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
                self.finding(rules, "expired-waiver", ("until", span), message, help, &detail)
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
                    self.finding(rules, "unused-waiver", ("rule", word.span), message, &help, &detail)
                })
                .collect(),
        }
    }

    /// What tells an entry apart from others, wherever it stands.
    fn detail(&self, entry: &Allow, word: &str) -> String {
        let words: Vec<&str> = entry.rules.iter().map(|(word, _)| word.as_str()).collect();
        let parts = [
            &words.join(","),
            &entry.flow.join(","),
            &entry.element.join(","),
            &entry.path.iter().collect::<Vec<_>>().join(","),
        ];
        format!("{}\u{1e}{word}", parts.map(String::as_str).join("\u{1e}"))
    }

    fn finding(
        &self,
        rules: &dyn RunRules,
        rule: &str,
        (key, span): (&str, Span),
        message: String,
        help: &str,
        detail: &str,
    ) -> Option<Finding> {
        let severity = rules.severity(rule)?;
        let property = format!("/allow/{key}");
        let folder = self.file.name.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let words = [folder, "", "", &property, detail].map(str::to_owned);
        let place = Place::new(self.file, span);
        let location = Location { property, ..Location::of_file(place) };
        let mut finding = Finding::new((rule, WAIVERS), severity, message, location, words);
        finding.help = Some(help.to_owned());
        Some(finding)
    }
}

fn words_of<'c>(entry: &'c Allow, rules: &dyn RunRules) -> Vec<Word<'c>> {
    let word = |(text, span): &'c (String, Span)| {
        let meaning = rules.meaning(text)?;
        Some(Word { text, span: *span, meaning, covered: 0 })
    };
    entry.rules.iter().filter_map(word).collect()
}
