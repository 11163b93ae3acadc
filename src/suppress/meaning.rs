//! Words that stand for rules, and what suppressions ask of the rules of a run.

use crate::finding::Severity;
use crate::text::Date;

/// The category of the rules about waivers, which no waiver in a flow can waive.
pub(crate) const WAIVERS: &str = "waivers";

/// What a word means that may stand for rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// One rule, by its present id.
    Rule(String),
    /// All rules of a category.
    Category(String),
    /// All rules.
    All,
}

impl Meaning {
    /// Whether a rule is among those that are meant.
    #[must_use]
    pub fn covers(&self, rule: &str, category: &str) -> bool {
        match self {
            Meaning::Rule(id) => id == rule,
            Meaning::Category(name) => name == category,
            Meaning::All => true,
        }
    }
}

/// The rules of a run, as far as suppressions must know them.
pub trait RunRules {
    /// What a word means; none if it means nothing.
    fn meaning(&self, word: &str) -> Option<Meaning>;
    /// Whether every rule that is meant has run on all that was checked.
    fn has_run(&self, meaning: &Meaning) -> bool;
    /// The severity of a rule whose findings are shown.
    fn severity(&self, rule: &str) -> Option<Severity>;
    /// Whether a day has passed.
    fn has_passed(&self, day: Date) -> bool;
}
