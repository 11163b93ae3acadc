//! `flowvet.toml`: found, read, and refused with place and reason where it is wrong.

mod allow;
mod init;
mod schema;
mod show;

use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use crate::finding::Severity;
use crate::linter::{OptionValue, Selection};
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
    /// Where each word of the file stands, for messages about it.
    words: Vec<(String, Span)>,
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
    /// The first mistake and its place: no TOML, an unknown key, a value of the wrong kind.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let table = DeTable::parse(text)
            .map_err(|error| TextError::new(error.span().unwrap_or_default(), error.message()))?;
        let mut config = Self { text: text.to_owned(), ..Self::default() };
        for (key, value) in table.get_ref() {
            let name = key.get_ref().as_ref();
            match name {
                "select" => config.selection.select = Some(config.words(name, value)?),
                "extend-select" => config.selection.extend = config.words(name, value)?,
                "ignore" => config.selection.ignore = config.words(name, value)?,
                "exclude" => {
                    let words = config.words(name, value)?;
                    config.exclude = allow::paths(&words.into_iter().zip(places(value)).collect::<Vec<_>>())?;
                }
                "rule-dirs" => {
                    let dirs = config.words(name, value)?;
                    config.rule_dirs = dirs.into_iter().zip(places(value)).collect();
                }
                "policy" => {
                    config.policy = Policy::read(value)?;
                }
                "rules" => config.rules(value)?,
                "allow" => config.allow = allow::read(value)?,
                other => return Err(unknown_key(other, &KEYS, &key.span())),
            }
        }
        Ok(config)
    }

    /// The place of a word that something is wrong with, if the word stands in the file. `message` says what: it begins
    /// with the rule where the word is an option, because two rules may have one of the same name.
    #[must_use]
    pub fn place_of(&self, word: &str, message: &str) -> Option<Span> {
        let of_rule = |known: &str| {
            known
                .split_once('\n')
                .is_some_and(|(rule, own)| own == word && message.starts_with(&format!("{rule}: ")))
        };
        let is_option = |known: &str| known.split_once('\n').is_some_and(|(_, own)| own == word);
        let find = |is: &dyn Fn(&str) -> bool| self.words.iter().find(|(known, _)| is(known));
        let place = find(&of_rule).or_else(|| find(&|known| known == word)).or_else(|| find(&is_option));
        place.map(|(_, span)| *span)
    }

    /// Adds the options that the policy sets to the selection.
    ///
    /// # Errors
    /// The policy's file is wrong, or a rule's own table sets the same option.
    pub(crate) fn apply_policy(&mut self, folder: &Path) -> Result<(), ProjectError> {
        for setting in self.policy.settings(folder)? {
            let is_same = |(rule, option, _): &&(String, String, OptionValue)| {
                rule == setting.rule && *option == setting.option
            };
            if self.selection.options.iter().any(|known| is_same(&known)) {
                let message = format!(
                    "[rules.{}] sets `{}` as well: say it in one place",
                    setting.rule, setting.option
                );
                return Err(ProjectError::Configuration(TextError::new(setting.span, message)));
            }
            self.words.push((format!("{}\n{}", setting.rule, setting.option), setting.span));
            self.selection.options.push((setting.rule.to_owned(), setting.option, setting.value));
        }
        Ok(())
    }

    fn words(&mut self, key: &str, value: &toml::Spanned<DeValue<'_>>) -> Result<Vec<String>, TextError> {
        let wrong = |span: &std::ops::Range<usize>| {
            TextError::new(span.clone(), format!("`{key}` is a list of texts: {key} = [\"…\"]"))
        };
        let items = value.get_ref().as_array().ok_or_else(|| wrong(&value.span()))?;
        let mut words = Vec::new();
        for item in items {
            let word = item.get_ref().as_str().ok_or_else(|| wrong(&item.span()))?.to_owned();
            self.note(&word, &item.span());
            words.push(word);
        }
        Ok(words)
    }

    fn rules(&mut self, value: &toml::Spanned<DeValue<'_>>) -> Result<(), TextError> {
        let rules = value
            .get_ref()
            .as_table()
            .ok_or_else(|| wrong("`rules` is a table: [rules.<id>]", value.span()))?;
        for (id, settings) in rules {
            let rule = id.get_ref().to_string();
            self.note(&rule, &id.span());
            let table = settings
                .get_ref()
                .as_table()
                .ok_or_else(|| wrong("the settings of a rule are a table: [rules.<id>]", settings.span()))?;
            for (key, value) in table {
                let name = key.get_ref().to_string();
                if name == "severity" {
                    let severity = value.get_ref().as_str().and_then(Severity::named).ok_or_else(|| {
                        wrong("`severity` is \"error\", \"warning\" or \"note\"; to switch a rule off, list it in `ignore`", value.span())
                    })?;
                    self.selection.severities.push((rule.clone(), severity));
                } else {
                    let read = OptionValue::read(value.get_ref()).ok_or_else(|| {
                        wrong(
                            "an option is a number, a text, true or false, or a list of texts",
                            value.span(),
                        )
                    })?;
                    self.note(&format!("{rule}\n{name}"), &key.span());
                    self.selection.options.push((rule.clone(), name, read));
                }
            }
        }
        Ok(())
    }

    fn note(&mut self, word: &str, span: &std::ops::Range<usize>) {
        self.words.push((word.to_owned(), Span::new(span.start, span.end)));
    }
}

/// The places of what a list has.
fn places(value: &toml::Spanned<DeValue<'_>>) -> impl Iterator<Item = Span> {
    value.get_ref().as_array().into_iter().flatten().map(|item| Span::new(item.span().start, item.span().end))
}

/// A mistake, and its place.
fn wrong(message: &str, span: std::ops::Range<usize>) -> TextError {
    TextError::new(span, message)
}

fn unknown_key(key: &str, known: &[&str], span: &std::ops::Range<usize>) -> TextError {
    let message = match crate::text::nearest(key, known.iter().copied()) {
        Some(near) => format!("unknown key `{key}`: did you mean `{near}`?"),
        None => format!("unknown key `{key}`: there are {}", known.join(", ")),
    };
    TextError::new(span.clone(), message)
}
