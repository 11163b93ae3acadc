//! What the configuration says, for every command that asks it.
//!
//! All that is wrong with it is said in one run.

use std::env;
use std::path::{Path, PathBuf};

use super::args::{Check, Choice};
use crate::linter::{Page, RuleSet, embedded_pages};
use crate::project::config::{self, Config};
use crate::project::files;
use crate::project::{BrokenText, ProjectError, rule_dirs};
use crate::report::{Style, human};
use crate::text::{TextError, printable};

/// A configuration, and what is wrong with it so far.
struct Draft {
    config: Config,
    /// In the file itself.
    mistakes: Vec<TextError>,
    /// In the files that it names and on the command line; ready to be printed.
    others: Vec<String>,
    style: Style,
}

/// The pages of flowvet and of the team; an error is ready to be printed.
pub(super) fn pages(choice: &Choice, style: Style) -> Result<Vec<Page>, String> {
    let mut draft = Draft::read(choice, style)?;
    let pages = draft.pages();
    draft.finish().map(|_| pages)
}

/// The configuration in force and the rules that it and the command line select; an error is ready to be printed.
pub(super) fn in_force(args: &Check, style: Style) -> Result<(Config, RuleSet), String> {
    let mut draft = Draft::read(&args.choice, style)?;
    let pages = draft.pages();
    let folder = folder(&draft.config).to_owned();
    for error in draft.config.apply_policy(&folder) {
        draft.refuse(error);
    }
    let rules = draft.rules(args, pages);
    draft.finish().map(|config| (config, rules))
}

/// The folder that paths in the configuration begin at.
pub(super) fn folder(config: &Config) -> &Path {
    let folder = config.path.as_deref().and_then(Path::parent);
    folder.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

impl Draft {
    /// Finds and reads the file; none is a configuration as well.
    fn read(choice: &Choice, style: Style) -> Result<Self, String> {
        let here = env::current_dir().ok();
        let path = match &choice.config {
            Some(path) => Some(path.clone()),
            None if choice.no_config => None,
            None => here.as_deref().and_then(config::discover).map(|path| relative(path, here.as_deref())),
        };
        let mut draft = Self { config: Config::default(), mistakes: Vec::new(), others: Vec::new(), style };
        if let Some(path) = path {
            let cannot = |reason: String| printable(&format!("flowvet: {}: {reason}", path.display()));
            let text = files::read_text(&path).map_err(|error| cannot(error.to_string()))?;
            (draft.config, draft.mistakes) = Config::read(&text);
            draft.config.path = Some(path);
        }
        Ok(draft)
    }

    /// The pages of flowvet and of the team.
    fn pages(&mut self) -> Vec<Page> {
        let mut pages = embedded_pages();
        if !self.config.rule_dirs.is_empty() {
            match rule_dirs::load(folder(&self.config), &self.config.rule_dirs, &pages) {
                Ok(own) => pages.extend(own),
                Err(errors) => {
                    self.config.miss_rules();
                    errors.into_iter().for_each(|error| self.refuse(error));
                }
            }
            pages.sort_by(|a, b| (&a.category, &a.id).cmp(&(&b.category, &b.id)));
        }
        pages
    }

    /// The rules of a run.
    fn rules(&mut self, args: &Check, pages: Vec<Page>) -> RuleSet {
        let mut selection = self.config.selection.clone();
        if !args.select.is_empty() {
            selection.select = Some(args.select.iter().map(|word| word.as_str().into()).collect());
            selection.extend.clear();
        }
        selection.ignore.extend(args.ignore.iter().map(|word| word.as_str().into()));
        let (rules, errors) = RuleSet::with_errors(pages, &crate::rules::coded(), &selection);
        // Without the pages of the team, a word of the team means nothing, and is right.
        if self.config.misses_rules() {
            return rules;
        }
        for error in errors.0 {
            match error.word.span {
                Some(span) => self.mistakes.push(TextError::new(span, error.message)),
                None => self.others.push(format!("flowvet: {}", printable(&error.message))),
            }
        }
        for (word, span) in self.config.allow.iter().flat_map(|entry| &entry.rules) {
            if let Err(unknown) = rules.meaning(word) {
                self.mistakes.push(TextError::new(*span, unknown.message));
            }
        }
        rules
    }

    /// Notes what is wrong with what the file says or names.
    fn refuse(&mut self, error: ProjectError) {
        match error {
            ProjectError::Configuration(error) => self.mistakes.push(error),
            ProjectError::Text(broken) => {
                let BrokenText { kind, file, text, error } = *broken;
                let shown =
                    human::render_error_of(kind, &error.message, &file, &text, error.span, self.style);
                self.others.push(shown);
            }
            other => self.others.push(printable(&format!("flowvet: {other}"))),
        }
    }

    /// The configuration, if nothing is wrong with it.
    fn finish(mut self) -> Result<Config, String> {
        self.mistakes.sort_by_key(|error| error.span.start);
        let path = self.config.path.as_deref().unwrap_or(Path::new(config::FILE_NAME));
        let file = path.display().to_string();
        let text = &self.config.text;
        let shown = self
            .mistakes
            .iter()
            .map(|error| human::render_error(&error.message, &file, text, error.span, self.style));
        let all: Vec<String> =
            shown.chain(self.others).map(|shown| shown.trim_end().to_owned() + "\n").collect();
        if all.is_empty() { Ok(self.config) } else { Err(all.join("\n")) }
    }
}

/// A path as people write it: from the working directory, where it lies below that.
fn relative(path: PathBuf, here: Option<&Path>) -> PathBuf {
    here.and_then(|here| path.strip_prefix(here).ok()).map(Path::to_path_buf).unwrap_or(path)
}
