//! `flowvet.toml`: found, read, and refused with place and reason where it is wrong.

mod allow;
mod init;
mod schema;
mod show;

use std::path::{Path, PathBuf};

use super::reading::{self, Item, Mistakes, Word};
use crate::finding::Severity;
use crate::linter::{OptionSetting, OptionValue, Selection, SelectionWord};
use crate::project::ProjectError;
use crate::project::files;
use crate::project::policy::Policy;
use crate::suppress::Allow;
use crate::text::{PathPatterns, Span, TextError};

pub use init::TEMPLATE;
pub use schema::schema;
pub use show::show;

/// The name of the configuration file.
pub const FILE_NAME: &str = "flowvet.toml";

/// What a configuration file says.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The file; none where the defaults hold.
    pub path: Option<PathBuf>,
    /// The text of the file.
    pub text: String,
    /// Which rules run, and how.
    pub selection: Selection,
    /// Files and folders that stay out.
    pub exclude: PathPatterns,
    /// Findings that are accepted.
    pub allow: Vec<Allow>,
    /// Folders of rule pages, each with its place in the file.
    pub rule_dirs: Vec<(String, Span)>,
    /// What the connectors, operations and hosts of flows are held to.
    pub policy: Policy,
    /// Whether the rules of the team aren't known, so that a word may name one of them.
    misses_rules: bool,
}

const KEYS: [&str; 8] =
    ["select", "extend-select", "ignore", "exclude", "rule-dirs", "policy", "rules", "allow"];

/// The nearest configuration file from a folder upward, no further than the root of the repository.
#[must_use]
pub fn discover(folder: &Path) -> Option<PathBuf> {
    let folder = std::path::absolute(folder).ok()?;
    let root = crate::project::collect::repository_root(&folder);
    files::nearest_above(&folder, root.as_deref(), FILE_NAME)
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// Every mistake and its place, in the order of the text: no TOML, an unknown key, a value of the wrong kind.
    pub fn parse(text: &str) -> Result<Self, Vec<TextError>> {
        let (config, mistakes) = Self::read(text);
        if mistakes.is_empty() { Ok(config) } else { Err(mistakes) }
    }

    /// Reads a configuration as far as it is right, and says what is wrong with it. If it is no TOML, nothing is read.
    pub(crate) fn read(text: &str) -> (Self, Vec<TextError>) {
        let mut config = Self { text: text.to_owned(), ..Self::default() };
        let mut mistakes = Mistakes::default();
        for (key, item) in reading::parse(text, &mut mistakes).iter().flatten() {
            let name = key.get_ref().as_ref();
            match name {
                "select" => config.selection.select = Some(selected(name, item, &mut mistakes)),
                "extend-select" => config.selection.extend = selected(name, item, &mut mistakes),
                "ignore" => config.selection.ignore = selected(name, item, &mut mistakes),
                "exclude" => {
                    let words = words(name, item, &mut mistakes);
                    config.exclude = allow::paths(&words, &mut mistakes);
                }
                "rule-dirs" => {
                    let mut own = Mistakes::default();
                    config.rule_dirs = words(name, item, &mut own);
                    config.misses_rules |= !own.is_empty();
                    mistakes.extend(own);
                }
                "policy" => config.policy = Policy::read(item, &mut mistakes),
                "rules" => config.rules(item, &mut mistakes),
                "allow" => config.allow = allow::read(item, &mut mistakes),
                other => {
                    config.misses_rules |= crate::text::nearest(other, KEYS) == Some("rule-dirs");
                    mistakes.add(key.span(), reading::unknown_key(other, &KEYS, ""));
                }
            }
        }
        (config, mistakes.in_order())
    }

    /// Whether words may name rules that aren't known, because it is wrong where those are.
    pub(crate) fn misses_rules(&self) -> bool {
        self.misses_rules
    }

    /// Notes that the rules of the team aren't known.
    pub(crate) fn miss_rules(&mut self) {
        self.misses_rules = true;
    }

    /// Adds the options that the policy sets to the selection, and says what is wrong with them: the policy's file is,
    /// or a rule's own table sets the same option.
    pub(crate) fn apply_policy(&mut self, folder: &Path) -> Vec<ProjectError> {
        let mut errors = Vec::new();
        let settings = self.policy.settings(folder).unwrap_or_else(|error| {
            errors.push(error);
            self.policy.own_settings().to_vec()
        });
        for setting in settings {
            let is_same =
                |known: &OptionSetting| known.rule.text == setting.rule && known.name.text == setting.option;
            if self.selection.options.iter().any(is_same) {
                let message = format!(
                    "[rules.{}] sets `{}` as well: say it in one place",
                    setting.rule, setting.option
                );
                errors.push(ProjectError::Configuration(TextError::new(setting.span, message)));
                continue;
            }
            self.selection.options.push(OptionSetting {
                rule: setting.rule.into(),
                name: SelectionWord::at(setting.option, setting.span),
                value: setting.value,
            });
        }
        errors
    }

    /// Reads severities and options of rules.
    fn rules(&mut self, item: &Item<'_>, mistakes: &mut Mistakes) {
        let rules = mistakes.table(item, "`rules` is a table: [rules.<id>]");
        for (id, settings) in rules.into_iter().flatten() {
            let rule = SelectionWord::at(id.get_ref().as_ref(), id.span());
            let table = mistakes.table(settings, "the settings of a rule are a table: [rules.<id>]");
            for (key, value) in table.into_iter().flatten() {
                let name = key.get_ref().as_ref();
                if name == "severity" {
                    let severity = value.get_ref().as_str().and_then(Severity::named);
                    let message = "`severity` is \"error\", \"warning\" or \"note\"; to switch a rule off, list it in `ignore`";
                    let severity = mistakes.expect(severity, value.span(), message);
                    self.selection.severities.extend(severity.map(|severity| (rule.clone(), severity)));
                } else {
                    let read = OptionValue::read(value.get_ref());
                    let message = "an option is a number, a text, true or false, or a list of texts";
                    let setting = mistakes.expect(read, value.span(), message).map(|value| OptionSetting {
                        rule: rule.clone(),
                        name: SelectionWord::at(name, key.span()),
                        value,
                    });
                    self.selection.options.extend(setting);
                }
            }
        }
    }
}

/// The words of a list.
fn words(key: &str, item: &Item<'_>, mistakes: &mut Mistakes) -> Vec<Word> {
    mistakes.list(item, &format!("`{key}` is a list of texts: {key} = [\"…\"]"))
}

/// The words of a list, which stand for rules.
fn selected(key: &str, item: &Item<'_>, mistakes: &mut Mistakes) -> Vec<SelectionWord> {
    words(key, item, mistakes).into_iter().map(|(text, span)| SelectionWord::at(text, span)).collect()
}
