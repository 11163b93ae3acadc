//! Which parts of a flow a declarative rule looks at. Every word is checked against what the service has.

use super::declarative::On;
use super::reading::{Item, Reader, Word};
use super::requirement::unknown;
use super::rule::Interest;
use crate::catalog::operations::Effect;
use crate::expr::functions;
use crate::flow::{Action, ActionType, KINDS, TriggerType, plain_connector};
use crate::text::{TextError, wildcard};

/// The words of each key that narrows; none where the page does not have the key.
#[derive(Debug, Default)]
pub(super) struct Selector {
    pub(super) types: Narrowed,
    pub(super) kinds: Narrowed,
    pub(super) connectors: Narrowed,
    pub(super) operations: Narrowed,
    pub(super) effects: Narrowed,
    pub(super) inside: Narrowed,
    /// Names of containers around, as patterns.
    pub(super) inside_name: Narrowed,
    pub(super) functions: Narrowed,
}

/// The words of one key. Without the key everything fits; with an empty list, which an option may be, nothing.
#[derive(Debug, Default)]
pub(super) struct Narrowed(Option<Vec<Word>>);

/// The keys, and what each of them can narrow.
const KEYS: [(&str, &[On]); 7] = [
    ("type", &[On::Trigger, On::Action, On::Parameter]),
    ("kind", &[On::Trigger, On::Action]),
    ("connector", &[On::Trigger, On::Action, On::Connection]),
    ("operation", &[On::Trigger, On::Action]),
    ("effect", &[On::Action]),
    ("inside", &[On::Action]),
    ("function", &[On::Call]),
];

const EFFECTS: [(&str, Effect); 4] =
    [("read", Effect::Read), ("write", Effect::Write), ("send", Effect::Send), ("call", Effect::Call)];

const PARAMETER_TYPES: [&str; 8] =
    ["String", "SecureString", "Int", "Float", "Bool", "Array", "Object", "SecureObject"];

impl Narrowed {
    /// Whether any word is that text, in any case.
    pub(super) fn fits(&self, text: &str) -> bool {
        self.fits_by(|word| word.is(text))
    }

    /// Whether any word is a pattern of that text.
    pub(super) fn fits_name(&self, text: &str) -> bool {
        self.fits_by(|word| wildcard::fits(&word.text, text))
    }

    pub(super) fn fits_by(&self, fits: impl Fn(&Word) -> bool) -> bool {
        self.0.as_ref().is_none_or(|words| words.iter().any(fits))
    }

    pub(super) fn is_given(&self) -> bool {
        self.0.is_some()
    }

    /// What each word stands for; `all` without the key.
    fn each_or(&self, all: Interest, one: impl Fn(&Word) -> Interest) -> Vec<Interest> {
        self.0.as_ref().map_or_else(|| vec![all], |words| words.iter().map(one).collect())
    }
}

impl Selector {
    /// Reads a key of `[check]` if it is one that narrows; says whether it is.
    pub(super) fn read(
        &mut self,
        key: &str,
        item: &Item<'_>,
        reader: &Reader<'_>,
    ) -> Result<bool, TextError> {
        if let ("inside", Some(table)) = (key, item.get_ref().as_table()) {
            for (part, value) in table {
                let words = Narrowed(Some(reader.list(part.get_ref(), value)?));
                match part.get_ref().as_ref() {
                    "type" => self.inside = words,
                    "name" => self.inside_name = words,
                    _ => return Err(TextError::new(part.span(), "`inside` is a table of `type` and `name`")),
                }
            }
            return Ok(true);
        }
        let Some(narrowed) = self.narrowed(key) else { return Ok(false) };
        let mut words = reader.list(key, item)?;
        if key == "connector" {
            words.iter_mut().for_each(|word| word.text = plain_connector(&word.text).to_owned());
        }
        *narrowed = Narrowed(Some(words));
        Ok(true)
    }

    fn narrowed(&mut self, key: &str) -> Option<&mut Narrowed> {
        Some(match key {
            "type" => &mut self.types,
            "kind" => &mut self.kinds,
            "connector" => &mut self.connectors,
            "operation" => &mut self.operations,
            "effect" => &mut self.effects,
            "inside" => &mut self.inside,
            "function" => &mut self.functions,
            _ => return None,
        })
    }

    /// Whether it narrows at all.
    pub(super) fn is_given(&mut self) -> bool {
        self.inside_name.is_given()
            || KEYS.iter().any(|(key, _)| self.narrowed(key).is_some_and(|narrowed| narrowed.is_given()))
    }

    /// Reads a table of keys that narrow: what they fit is passed over.
    pub(super) fn read_negated(item: &Item<'_>, reader: &Reader<'_>) -> Result<Self, TextError> {
        let wrong = || TextError::new(item.span(), "`not` is a table of keys that narrow");
        let table = item.get_ref().as_table().filter(|table| !table.is_empty()).ok_or_else(wrong)?;
        let mut negated = Self::default();
        for (key, value) in table {
            if !negated.read(key.get_ref(), value, reader)? {
                let known: Vec<&str> = Self::keys().collect();
                return Err(unknown(key.get_ref(), &known, key.span(), "`not`"));
            }
        }
        Ok(negated)
    }

    /// Whether it asks for a container around.
    pub(super) fn asks_for_container(&self) -> bool {
        self.inside.is_given() || self.inside_name.is_given()
    }

    /// Whether a container is one that it asks for. In names a blank is an underscore, as the designer writes it.
    pub(super) fn fits_container(&self, container: &Action<'_>) -> bool {
        let name = container.name.replace(' ', "_");
        self.inside.fits(container.type_name)
            && self.inside_name.fits_by(|word| wildcard::fits(&word.text.replace(' ', "_"), &name))
    }

    /// The types of triggers that can be meant. A type that flowvet does not know stands for all such types.
    pub(super) fn triggers(&self) -> Vec<Interest> {
        let one = |word: &Word| Interest::Trigger(TriggerType::named(&word.text));
        self.types.each_or(Interest::AnyTrigger, one)
    }

    /// The types of actions that can be meant. A type that flowvet does not know stands for all such types.
    pub(super) fn actions(&self) -> Vec<Interest> {
        let one = |word: &Word| Interest::Action(ActionType::named(&word.text));
        self.types.each_or(Interest::AnyAction, one)
    }

    /// The functions whose calls can be meant.
    pub(super) fn calls(&self) -> Vec<Interest> {
        let one = |word: &Word| match functions().find(&word.text) {
            Some(function) => Interest::Call(function.name),
            None => Interest::UnknownCall,
        };
        self.functions.each_or(Interest::AnyCall, one)
    }

    /// The names of the keys.
    pub(super) fn keys() -> impl Iterator<Item = &'static str> {
        KEYS.iter().map(|(key, _)| *key)
    }

    /// Whether an operation with that effect is meant.
    pub(super) fn fits_effect(&self, effect: Option<Effect>) -> bool {
        self.effects
            .fits_by(|word| EFFECTS.iter().any(|(name, known)| word.is(name) && effect == Some(*known)))
    }

    /// Checks that every key can narrow what is looked at, and that every word is one that occurs.
    pub(super) fn verify(&self, on: &[On]) -> Result<(), TextError> {
        let narrowed = [
            &self.types,
            &self.kinds,
            &self.connectors,
            &self.operations,
            &self.effects,
            &self.inside,
            &self.functions,
        ];
        if let (Some(word), Some(other)) =
            (self.inside_name.0.iter().flatten().next(), on.iter().find(|on| **on != On::Action))
        {
            let message = format!("`inside` narrows actions, and the check is on {}s", other.name());
            return Err(TextError::new(word.span.clone(), message));
        }
        for ((key, fits), narrowed) in KEYS.iter().zip(narrowed) {
            for word in narrowed.0.iter().flatten() {
                if let Some(other) = on.iter().find(|on| !fits.contains(on)) {
                    let names: Vec<String> = fits.iter().map(|on| format!("{}s", on.name())).collect();
                    let message = format!(
                        "`{key}` narrows {}, and the check is on {}s",
                        names.join(", "),
                        other.name()
                    );
                    return Err(TextError::new(word.span.clone(), message));
                }
                known(key, on, &word.text).map_err(|message| TextError::new(word.span.clone(), message))?;
            }
        }
        Ok(())
    }
}

/// Checks that a word of a key occurs in flows.
fn known(key: &str, on: &[On], word: &str) -> Result<(), String> {
    let is = |known: &&str| known.eq_ignore_ascii_case(word);
    let one_of = |what: &str, names: &mut dyn Iterator<Item = &'static str>| {
        let names: Vec<&str> = names.collect();
        match (names.iter().any(is), crate::text::nearest(word, names.iter().copied())) {
            (true, _) => Ok(()),
            (false, Some(near)) => Err(format!("there is no {what} `{word}`: did you mean `{near}`?")),
            (false, None) if names.len() < 10 => {
                Err(format!("there is no {what} `{word}`: there are {}", names.join(", ")))
            }
            (false, None) => Err(format!(
                "there is no {what} `{word}`; what is new to flowvet can be selected by its path: where = [{{ path = \"$.{key}\", one-of = [\"{word}\"] }}]"
            )),
        }
    };
    match key {
        "type" => {
            let mut names: Vec<&'static str> = Vec::new();
            if on.contains(&On::Action) {
                names.extend(ActionType::names());
            }
            if on.contains(&On::Trigger) {
                names.extend(TriggerType::names());
            }
            if on.contains(&On::Parameter) {
                names.extend(PARAMETER_TYPES);
            }
            let of: Vec<&str> = on.iter().map(|on| on.name()).collect();
            one_of(&format!("type of {}", of.join(" or ")), &mut names.into_iter())
        }
        "inside" => {
            let is_container = |name: &&str| ActionType::named(name).is_container();
            one_of("type of container", &mut ActionType::names().filter(is_container))
        }
        "kind" => one_of("kind", &mut KINDS.into_iter()),
        "effect" => one_of("effect", &mut EFFECTS.iter().map(|(name, _)| *name)),
        "function" => one_of("function", &mut functions().iter().map(|function| function.name)),
        _ => {
            let is_id = wildcard::is_of_ids(word);
            let sample = if key == "connector" { "shared_sharepointonline" } else { "GetItems" };
            is_id.then_some(()).ok_or(format!("`{word}` is no id of {key}s: they look like {sample}"))
        }
    }
}
