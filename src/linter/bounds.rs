//! The least and the most that a declarative rule takes: of numbers, lengths, counts and durations.

use super::duration::milliseconds;
use super::reading::{Item, Reader};
use crate::text::TextError;

/// Both ends belong to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds<T> {
    min: T,
    max: T,
}

impl Bounds<usize> {
    pub(super) fn numbers(key: &str, item: &Item<'_>, reader: &Reader<'_>) -> Result<Self, TextError> {
        Self::read(key, item, (0, usize::MAX), |name, value| reader.number(name, value))
    }
}

impl Bounds<u64> {
    pub(super) fn durations(key: &str, item: &Item<'_>, reader: &Reader<'_>) -> Result<Self, TextError> {
        Self::read(key, item, (0, u64::MAX), |name, value| {
            let word = reader.text(name, value)?;
            let wrong = || {
                let message = format!("`{}` is no duration: write P7D, PT12H, P1DT6H30M", word.text);
                TextError::new(word.span.clone(), message)
            };
            milliseconds(&word.text).ok_or_else(wrong)
        })
    }
}

impl Bounds<f64> {
    pub(super) fn decimals(key: &str, item: &Item<'_>, reader: &Reader<'_>) -> Result<Self, TextError> {
        let ends = (f64::NEG_INFINITY, f64::INFINITY);
        Self::read(key, item, ends, |name, value| reader.decimal(name, value))
    }
}

impl<T: PartialOrd + Copy> Bounds<T> {
    fn read(
        key: &str,
        item: &Item<'_>,
        (min, max): (T, T),
        bound: impl Fn(&str, &Item<'_>) -> Result<T, TextError>,
    ) -> Result<Self, TextError> {
        let wanted = |span| TextError::new(span, format!("`{key}` is a table of `min` and `max`"));
        let table = item.get_ref().as_table().filter(|table| !table.is_empty());
        let mut bounds = Self { min, max };
        for (name, value) in table.ok_or_else(|| wanted(item.span()))? {
            match name.get_ref().as_ref() {
                "min" => bounds.min = bound("min", value)?,
                "max" => bounds.max = bound("max", value)?,
                _ => return Err(wanted(name.span())),
            }
        }
        match bounds.min <= bounds.max {
            true => Ok(bounds),
            false => {
                Err(TextError::new(item.span(), format!("`{key}` holds for nothing: `min` is above `max`")))
            }
        }
    }

    pub(super) fn hold(self, value: T) -> bool {
        (self.min..=self.max).contains(&value)
    }
}
