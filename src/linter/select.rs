//! Which rules are on, how grave they are, and with which options.

use std::borrow::Cow;
use std::sync::Arc;

use super::options::{OptionError, Options};
use super::page::{Meta, Page};
use super::rule::{Blueprint, Coded, Rule};
use super::selection::{OptionSetting, Selection, SelectionErrors, SelectionWord, UnknownRule};
use crate::finding::Severity;
use crate::suppress::waiver::Match;
use crate::suppress::{Meaning, WAIVERS};
use crate::text::TextError;

/// Ids that had another name: old, new, and the version of the change.
const RENAMED: &[(&str, &str, &str)] = &[];
/// Ids that are gone: id and reason.
const REMOVED: &[(&str, &str)] = &[];

/// Whether a rule of flowvet had that id.
#[must_use]
pub fn is_former_id(id: &str) -> bool {
    RENAMED.iter().any(|(old, ..)| *old == id) || REMOVED.iter().any(|(gone, _)| *gone == id)
}

/// A rule that runs.
#[derive(Debug)]
pub struct Active {
    /// The page.
    pub page: Page,
    /// What the page says.
    pub meta: Meta,
    /// The check with the options in force; none where neither code nor the page has one.
    pub check: Option<Arc<dyn Rule>>,
    /// How to make the check, if it is code.
    code: Option<Blueprint>,
    /// The severity that the configuration sets.
    pub severity: Option<Severity>,
    /// The options in force.
    pub options: Options,
    /// Whether its findings are shown; a rule may run only to silence those it supersedes.
    pub selected: bool,
}

/// The rules of a run, by id.
#[derive(Debug)]
pub struct RuleSet {
    /// The rules that run.
    pub rules: Vec<Active>,
    /// What the user should know about the words used: renamed ids.
    pub warnings: Vec<String>,
    /// Every rule that there is, whether it runs or not.
    known: Vec<Known>,
}

/// What is known of a rule that need not run.
#[derive(Debug)]
struct Known {
    id: Cow<'static, str>,
    category: Cow<'static, str>,
    default: bool,
}

impl Active {
    /// Makes the check with the options in force.
    fn compile(&mut self) -> Result<(), OptionError> {
        if let Some(code) = &self.code {
            self.check = Some(code.compile(&self.options)?.into());
        } else if self.meta.check.is_some() {
            let fault = |error: TextError| OptionError { option: None, message: error.message };
            let meta = self.page.verify_with(Some(&self.options)).map_err(fault)?;
            self.meta.check = meta.check;
            self.check = self.declared();
        }
        Ok(())
    }

    /// Makes the check with the defaults of the page, if no setting has made it yet.
    fn compile_default(&mut self) -> Result<(), OptionError> {
        match (&self.check, &self.code) {
            (Some(_), _) => {}
            (None, Some(_)) => self.compile()?,
            (None, None) => self.check = self.declared(),
        }
        Ok(())
    }

    fn declared(&self) -> Option<Arc<dyn Rule>> {
        self.meta.check.clone().map(|check| check as Arc<dyn Rule>)
    }
}

impl RuleSet {
    /// The rules that a selection turns on, out of these pages and checks.
    ///
    /// # Errors
    /// Words of the selection that mean nothing, and pages that cannot be read.
    pub fn new(pages: Vec<Page>, coded: &[Coded], selection: &Selection) -> Result<Self, SelectionErrors> {
        let (set, errors) = Self::with_errors(pages, coded, selection);
        if errors.0.is_empty() { Ok(set) } else { Err(errors) }
    }

    /// The rules that a selection turns on as far as it is right, and everything that is wrong with it.
    #[must_use]
    pub(crate) fn with_errors(
        pages: Vec<Page>,
        coded: &[Coded],
        selection: &Selection,
    ) -> (Self, SelectionErrors) {
        let mut errors = SelectionErrors::default();
        let mut rules = Vec::with_capacity(pages.len());
        for page in pages {
            let meta = match page.meta() {
                Ok(meta) => meta,
                Err(error) => {
                    errors.add(broken_page(&page, &error));
                    continue;
                }
            };
            let code = coded.iter().find(|(id, _)| *id == page.id).map(|(_, code)| *code);
            let options = meta.options.clone();
            rules.push(Active { page, meta, check: None, code, severity: None, options, selected: false });
        }
        rules.sort_by(|a, b| a.page.id.cmp(&b.page.id));
        let known = |rule: &Active| Known {
            id: rule.page.id.clone(),
            category: rule.page.category.clone(),
            default: rule.meta.default,
        };
        let known = rules.iter().map(known).collect();
        let mut set = Self { rules, warnings: Vec::new(), known };
        match &selection.select {
            None => set.rules.iter_mut().for_each(|rule| rule.selected = rule.meta.default),
            Some(words) => set.turn(words, true, &mut errors),
        }
        set.turn(&selection.extend, true, &mut errors);
        set.turn(&selection.ignore, false, &mut errors);
        for (word, severity) in &selection.severities {
            match set.rule(word) {
                Ok(rule) => rule.severity = Some(*severity),
                Err(error) => errors.add(error),
            }
        }
        for setting in &selection.options {
            if let Err(error) = set.set_option(setting, &selection.options) {
                errors.add(error);
            }
        }
        if errors.0.is_empty()
            && let Err(error) = set.finish(&selection.options)
        {
            errors.add(error);
        }
        (set, errors)
    }

    /// Every rule of flowvet, with its defaults.
    ///
    /// # Errors
    /// A page that cannot be read; the tests rule that out for pages that are part of flowvet.
    pub fn all(pages: Vec<Page>, coded: &[Coded]) -> Result<Self, SelectionErrors> {
        Self::new(pages, coded, &Selection { select: Some(vec!["all".into()]), ..Selection::default() })
    }

    fn turn(&mut self, words: &[SelectionWord], on: bool, errors: &mut SelectionErrors) {
        for word in words {
            let is_all = word.text == "all";
            if is_all || self.rules.iter().any(|rule| rule.page.category == *word.text) {
                // A category stands for its usual rules: what is opt-in is asked for by name.
                for rule in &mut self.rules {
                    let meant = is_all || rule.page.category == *word.text;
                    if meant && (!on || is_all || rule.meta.default) {
                        rule.selected = on;
                    }
                }
                continue;
            }
            match self.rule(word) {
                Ok(rule) => rule.selected = on,
                Err(error) => errors.add(error),
            }
        }
    }

    /// Sets an option of a rule. A value that the rule can't use is taken back, so that it hides no other mistake.
    fn set_option(&mut self, setting: &OptionSetting, all: &[OptionSetting]) -> Result<(), UnknownRule> {
        let OptionSetting { rule: word, name, value } = setting;
        let wrong = |name: &SelectionWord, message: String| UnknownRule {
            word: name.clone(),
            message: format!("{}: {message}", word.text),
        };
        let rule = self.rule(word)?;
        let before = rule.options.clone();
        rule.options.set(&name.text, value.clone()).map_err(|message| wrong(name, message))?;
        rule.compile().map_err(|error| {
            rule.options = before;
            // The value may be wrong only beside that of another option.
            let is_meant = |other: &&OptionSetting| {
                other.rule.text == word.text && error.option == Some(other.name.text.as_str())
            };
            let meant = all.iter().find(is_meant).map_or(name, |other| &other.name);
            wrong(meant, error.message)
        })
    }

    /// Shares options, drops what doesn't run and makes the checks.
    fn finish(&mut self, settings: &[OptionSetting]) -> Result<(), UnknownRule> {
        self.share_options(settings)?;
        self.keep_what_runs();
        for rule in &mut self.rules {
            rule.compile_default().map_err(|error| UnknownRule {
                word: rule.page.id.as_ref().into(),
                message: format!("{}: {error}", rule.page.id),
            })?;
        }
        Ok(())
    }

    /// The rule that a word names, under its present or a former id.
    fn rule(&mut self, word: &SelectionWord) -> Result<&mut Active, UnknownRule> {
        let text = word.text.as_str();
        let renamed = RENAMED.iter().find(|(old, ..)| *old == text);
        if let Some((_, new, since)) = renamed {
            self.warnings.push(format!("`{text}` is called `{new}` since {since}"));
        }
        let id = present_id(text);
        match self.rules.iter().position(|rule| rule.page.id == id) {
            Some(at) => Ok(&mut self.rules[at]),
            None => Err(UnknownRule { word: word.clone(), ..self.unknown(text) }),
        }
    }

    /// What a word means that stands for rules: an id, present or former, a category, or `all`. Case is folded.
    ///
    /// # Errors
    /// The word means nothing; the error says what may be meant.
    pub fn meaning(&self, word: &str) -> Result<Meaning, UnknownRule> {
        let folded = word.to_lowercase();
        let id = RENAMED.iter().find(|(old, ..)| *old == folded).map_or(folded.as_str(), |(_, new, _)| new);
        if id == "all" {
            Ok(Meaning::All)
        } else if self.known.iter().any(|rule| rule.id == id) {
            Ok(Meaning::Rule(id.to_owned()))
        } else if self.known.iter().any(|rule| rule.category == id) {
            Ok(Meaning::Category(id.to_owned()))
        } else {
            Err(self.unknown(word))
        }
    }

    /// The category of a rule, whether it runs or not.
    pub(super) fn category(&self, id: &str) -> Option<&str> {
        self.known.iter().find(|rule| rule.id == *id).map(|rule| rule.category.as_ref())
    }

    /// How sure it is that a word is meant for rules.
    pub(crate) fn matches(&self, word: &str) -> Match {
        match self.meaning(word) {
            Ok(_) => Match::Known,
            Err(_) if crate::text::nearest(word, self.words()).is_some() => Match::Near,
            Err(_) => Match::None,
        }
    }

    /// Whether every rule has run that a word means; of several those that are on unless somebody says
    /// otherwise. `could_run` says of a rule that is on, by its index, whether it had all that it needs.
    #[must_use]
    pub(crate) fn has_run(&self, meaning: &Meaning, could_run: &dyn Fn(usize) -> bool) -> bool {
        let ran = |id: &str| {
            self.rules
                .iter()
                .enumerate()
                .any(|(at, rule)| rule.selected && rule.page.id == *id && could_run(at))
        };
        let meant = self.known.iter().filter(|rule| meaning.covers(&rule.id, &rule.category));
        match meaning {
            Meaning::Rule(id) => ran(id),
            _ => meant.filter(|rule| rule.default && rule.category != WAIVERS).all(|rule| ran(&rule.id)),
        }
    }

    /// Every word that stands for rules.
    fn words(&self) -> impl Iterator<Item = &str> {
        self.known.iter().flat_map(|rule| [rule.id.as_ref(), rule.category.as_ref()])
    }

    fn unknown(&self, word: &str) -> UnknownRule {
        let message = match REMOVED.iter().find(|(id, _)| *id == word) {
            Some((_, reason)) => format!("the rule `{word}` is gone: {reason}"),
            None if self.known.iter().any(|rule| rule.category == *word) => {
                format!("`{word}` is a category: settings belong to one rule, [rules.<id>]")
            }
            None => match crate::text::nearest(word, self.words()) {
                Some(near) => format!("there is no rule or category `{word}`: did you mean `{near}`?"),
                None => format!("there is no rule or category `{word}`: `flowvet rules` lists them"),
            },
        };
        UnknownRule { word: word.into(), message }
    }

    /// A rule that supersedes another knows what that one was told: an option that both have, and that only the other
    /// one's settings name, holds for both.
    fn share_options(&mut self, settings: &[OptionSetting]) -> Result<(), UnknownRule> {
        let own = |rule: &Active, name: &str| {
            settings
                .iter()
                .any(|setting| present_id(&setting.rule.text) == rule.page.id && setting.name.text == name)
        };
        for rule in &mut self.rules {
            for OptionSetting { rule: word, name, value } in settings {
                let id = present_id(&word.text);
                if rule.meta.supersedes.iter().any(|other| other == id) && !own(rule, &name.text) {
                    // A rule that lacks the option has no use for it.
                    if rule.options.set(&name.text, value.clone()).is_err() {
                        continue;
                    }
                    rule.compile().map_err(|error| UnknownRule {
                        word: name.clone(),
                        message: format!("{}: {error}", rule.page.id),
                    })?;
                }
            }
        }
        Ok(())
    }

    /// Drops what neither is selected nor silences a selected rule.
    fn keep_what_runs(&mut self) {
        let selected: Vec<String> =
            self.rules.iter().filter(|rule| rule.selected).map(|rule| rule.page.id.to_string()).collect();
        self.rules
            .retain(|rule| rule.selected || rule.meta.supersedes.iter().any(|id| selected.contains(id)));
    }
}

/// The id that a word stands for: itself, or what it is called by now.
fn present_id(word: &str) -> &str {
    RENAMED.iter().find(|(old, ..)| *old == word).map_or(word, |(_, new, _)| new)
}

fn broken_page(page: &Page, error: &TextError) -> UnknownRule {
    UnknownRule {
        word: page.id.as_ref().into(),
        message: format!("the page of `{}`, line {}: {}", page.id, error.line_in(&page.text), error.message),
    }
}
