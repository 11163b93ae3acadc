//! The baseline: findings that were there when a team adopted flowvet, by their fingerprints.
//!
//! Works on texts and findings; touches no file.

mod read;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Meaning, RunRules};
use crate::finding::{CheckedFile, FlowName, Masked, Problem, Suppression, Suppressor};

/// The name of the file where no other is named.
pub const FILE_NAME: &str = "flowvet-baseline.json";

/// The version of the file that is read and written.
pub const VERSION: i64 = 1;

/// The findings of a baseline, each once, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    entries: Vec<Entry>,
}

/// A finding of a baseline. Only the fingerprint and the rule count; the rest is for readers, and tells which
/// entries a run can judge. The order is that of the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Entry {
    /// The path for machines.
    pub path: String,
    /// The file inside an archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// The flow.
    pub flow: FlowName,
    /// The names that lead to the element.
    pub element: Vec<String>,
    /// The rule's id.
    pub rule: String,
    /// The fingerprint.
    pub fingerprint: String,
}

/// What a baseline came to in a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Entries that the run found again.
    pub found: Vec<Entry>,
    /// Entries that the run would have found and did not: they are fixed, or waived since.
    pub gone: Vec<Entry>,
    /// Entries that the run cannot judge.
    pub open: Vec<Entry>,
}

impl Baseline {
    /// A baseline of entries.
    #[must_use]
    pub fn new(mut entries: Vec<Entry>) -> Self {
        entries.sort();
        entries.dedup();
        Self { entries }
    }

    /// The entries, in the order of the file.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The text of the file: sorted, and one line for each finding, so that versions of it can be merged.
    #[must_use]
    pub fn text(&self) -> String {
        let lines: Vec<String> = self
            .entries
            .iter()
            .filter_map(|entry| serde_json::to_string(entry).ok())
            .map(|line| format!("    {line}"))
            .collect();
        match lines.is_empty() {
            true => format!("{{\n  \"version\": {VERSION},\n  \"findings\": []\n}}\n"),
            false => {
                format!("{{\n  \"version\": {VERSION},\n  \"findings\": [\n{}\n  ]\n}}\n", lines.join(",\n"))
            }
        }
    }

    /// Suppresses the findings that the baseline knows, and says what became of its entries.
    pub fn apply(&self, findings: &mut [Masked], rules: &dyn RunRules, run: &Run<'_>) -> Comparison {
        let known: BTreeMap<(&str, &str), usize> = self
            .entries
            .iter()
            .enumerate()
            .map(|(at, entry)| ((entry.fingerprint.as_str(), entry.rule.as_str()), at))
            .collect();
        let mut is_found = vec![false; self.entries.len()];
        for finding in findings.iter_mut().filter(|finding| finding.suppressed.is_none()) {
            if let Some(&at) = known.get(&(finding.fingerprint(), finding.rule.as_str())) {
                is_found[at] = true;
                finding.suppressed = Some(Suppression { by: Suppressor::Baseline, reason: None });
            }
        }
        let judge = Judge::new(self, rules, run);
        let mut comparison = Comparison::default();
        for (entry, is_found) in self.entries.iter().zip(is_found) {
            let list = match is_found {
                true => &mut comparison.found,
                false if judge.can_judge(entry) => &mut comparison.gone,
                false => &mut comparison.open,
            };
            list.push(entry.clone());
        }
        comparison
    }
}

impl Entry {
    /// The entry of a finding; none for one that is about no flow: mending the file is easier.
    #[must_use]
    pub fn of(finding: &Masked) -> Option<Self> {
        let location = &finding.location;
        Some(Self {
            path: location.place.file.path.clone(),
            member: location.place.file.member.clone(),
            flow: location.flow.clone()?,
            element: location.element.clone(),
            rule: finding.rule.clone(),
            fingerprint: finding.fingerprint().to_owned(),
        })
    }

    /// The folder that the fingerprint counts from, and the flow.
    fn flow_key(&self) -> FlowKey<'_> {
        (folder(&self.path), &self.flow.id)
    }
}

/// A flow as fingerprints know it: folder and id.
type FlowKey<'e> = (&'e str, &'e str);
/// A file: its path, and the member of an archive.
type FileKey<'e> = (&'e str, Option<&'e str>);

/// What a run has looked at, as far as a baseline must know.
pub struct Run<'r> {
    /// The files that were read.
    pub files: &'r [CheckedFile],
    /// The files that could not be checked.
    pub problems: &'r [Problem],
    /// Whether the run looked where a path was, and there is no such file any more.
    pub is_missing: &'r dyn Fn(&str) -> bool,
}

/// Tells which entries a run would have found.
struct Judge<'j> {
    rules: &'j dyn RunRules,
    run: &'j Run<'j>,
    /// The files that entries of one flow are in. Copies of a flow share its identity.
    files: BTreeMap<FlowKey<'j>, BTreeSet<FileKey<'j>>>,
}

impl<'j> Judge<'j> {
    fn new(baseline: &'j Baseline, rules: &'j dyn RunRules, run: &'j Run<'j>) -> Self {
        let mut files: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for entry in &baseline.entries {
            files.entry(entry.flow_key()).or_default().insert((entry.path.as_str(), entry.member.as_deref()));
        }
        Self { rules, run, files }
    }

    fn can_judge(&self, entry: &Entry) -> bool {
        let ran = self.rules.has_run(&Meaning::Rule(entry.rule.clone()));
        let all_seen = || {
            self.files.get(&entry.flow_key()).is_some_and(|files| {
                files.len() == 1 || files.iter().all(|(path, member)| self.was_read(path, *member))
            })
        };
        ran && (self.is_gone(entry) || (self.was_seen(entry) && all_seen()))
    }

    /// Whether the flow of an entry was checked.
    fn was_seen(&self, entry: &Entry) -> bool {
        let own = folder(&entry.path);
        // A flow is described in a file beside it, or in one for the whole solution.
        let is_beside = entry.path.to_lowercase().ends_with(".xml");
        let holds = |other: &str| {
            own == other || (is_beside && [own, folder(own)].into_iter().any(|above| is_below(other, above)))
        };
        self.run.files.iter().any(|file| {
            file.flows.iter().any(|flow| flow.id == entry.flow.id)
                && file.name.member.is_some() == entry.member.is_some()
                && holds(folder(&file.name.path))
        })
    }

    /// Whether the file of an entry is not there any more.
    fn is_gone(&self, entry: &Entry) -> bool {
        let of_file = |path: &str| path == entry.path;
        let is_broken = self.run.problems.iter().any(|problem| of_file(&problem.file.path));
        let was_opened = self.run.files.iter().any(|file| of_file(&file.name.path));
        match &entry.member {
            Some(member) if was_opened => !is_broken && !self.was_read(&entry.path, Some(member)),
            _ => !is_broken && !was_opened && (self.run.is_missing)(&entry.path),
        }
    }

    fn was_read(&self, path: &str, member: Option<&str>) -> bool {
        self.run.files.iter().any(|file| file.name.path == path && file.name.member.as_deref() == member)
    }
}

/// The folder of a path, empty for the root.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
