//! Requirements joined: all of several, any of several, and what must not be.

use super::reading::{Item, Reader};
use super::requirement::{Failure, Outcome, Requirement};
use super::subject::Subject;
use crate::text::TextError;

/// What a declarative rule requires as a whole.
#[derive(Debug)]
pub(super) enum Required {
    One(Requirement),
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
}

impl Required {
    /// Reads a requirement, or a table of one of `all`, `any` and `not`.
    pub(super) fn read(item: &Item<'_>, reader: &Reader<'_>) -> Result<Self, TextError> {
        let Some(table) = item.get_ref().as_table() else {
            return Requirement::read(item, reader).map(Self::One);
        };
        let joining = |key: &str| ["all", "any", "not"].contains(&key);
        let Some((key, value)) = table.iter().find(|(key, _)| joining(key.get_ref().as_ref())) else {
            return Requirement::read(item, reader).map(Self::One);
        };
        let name = key.get_ref().as_ref();
        if let Some((other, _)) = table.iter().find(|(other, _)| other.get_ref() != key.get_ref()) {
            let message = format!("`{name}` stands alone in a requirement, without `{}`", other.get_ref());
            return Err(TextError::new(other.span(), message));
        }
        if name == "not" {
            return Ok(Self::Not(Box::new(Self::read(value, reader)?)));
        }
        let wrong = || TextError::new(value.span(), format!("`{name}` is a list of requirements"));
        let items = value.get_ref().as_array().filter(|items| !items.is_empty()).ok_or_else(wrong)?;
        let parts = items.iter().map(|item| Self::read(item, reader)).collect::<Result<Vec<_>, _>>()?;
        Ok(if name == "all" { Self::All(parts) } else { Self::Any(parts) })
    }

    /// Every requirement in it.
    pub(super) fn each(&self) -> Vec<&Requirement> {
        match self {
            Self::One(one) => vec![one],
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::each).collect(),
            Self::Not(inner) => inner.each(),
        }
    }

    /// The requirement, if it is a single one.
    pub(super) fn single(&self) -> Option<&Requirement> {
        match self {
            Self::One(one) => Some(one),
            _ => None,
        }
    }

    /// What it comes to for a subject. Where several fail, the first says what is labelled.
    pub(super) fn outcome<'a>(&self, subject: &Subject<'_, 'a>) -> Outcome<'a> {
        match self {
            Self::One(one) => one.outcome(subject),
            Self::All(parts) => {
                let mut is_unknown = false;
                for part in parts {
                    match part.outcome(subject) {
                        Outcome::Holds => {}
                        Outcome::Unknown => is_unknown = true,
                        failed @ Outcome::Fails(_) => return failed,
                    }
                }
                if is_unknown { Outcome::Unknown } else { Outcome::Holds }
            }
            Self::Any(parts) => {
                let mut is_unknown = false;
                let mut first: Option<Failure<'a>> = None;
                for part in parts {
                    match part.outcome(subject) {
                        Outcome::Holds => return Outcome::Holds,
                        Outcome::Unknown => is_unknown = true,
                        Outcome::Fails(failure) => first = first.or(Some(failure)),
                    }
                }
                match first {
                    Some(failure) if !is_unknown => Outcome::Fails(failure),
                    _ => Outcome::Unknown,
                }
            }
            Self::Not(inner) => match inner.outcome(subject) {
                Outcome::Holds => Outcome::Fails(Failure::default()),
                Outcome::Unknown => Outcome::Unknown,
                Outcome::Fails(_) => Outcome::Holds,
            },
        }
    }
}
