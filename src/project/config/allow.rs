//! `[[allow]]`: findings that a team accepts, by rule, flow, element and path, each with a reason.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{unknown_key, wrong};
use crate::suppress::Allow;
use crate::text::{Date, PathPatterns, Span, TextError};

/// The keys of an entry.
pub(super) const KEYS: [&str; 6] = ["rule", "flow", "element", "path", "until", "reason"];

/// Reads all entries.
pub(super) fn read(value: &Spanned<DeValue<'_>>) -> Result<Vec<Allow>, TextError> {
    let message = "`allow` is a list of tables: [[allow]]";
    let entries = value.get_ref().as_array().ok_or_else(|| wrong(message, value.span()))?;
    entries
        .iter()
        .map(|entry| {
            let table = entry.get_ref().as_table().ok_or_else(|| wrong(message, entry.span()))?;
            read_one(table, entry.span())
        })
        .collect()
}

fn read_one(table: &DeTable<'_>, span: std::ops::Range<usize>) -> Result<Allow, TextError> {
    let mut entry = Allow {
        rules: Vec::new(),
        flow: Vec::new(),
        element: Vec::new(),
        path: PathPatterns::default(),
        until: None,
        reason: String::new(),
    };
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        match name {
            "rule" => entry.rules = texts(name, value)?,
            "flow" => entry.flow = plain(texts(name, value)?),
            "element" => entry.element = plain(texts(name, value)?),
            "path" => {
                let patterns = texts(name, value)?;
                if let Some((pattern, span)) = patterns.iter().find(|(pattern, _)| pattern.starts_with('!')) {
                    let message = format!(
                        "`{pattern}` is no pattern: it would match nothing; for a name that begins so, write `/{pattern}` or `**/{pattern}`"
                    );
                    return Err(TextError::new(*span, message));
                }
                entry.path = paths(&patterns)?;
            }
            "until" => {
                let date = date(value.get_ref())
                    .ok_or_else(|| wrong("`until` is a day: until = 2027-01-31", value.span()))?;
                entry.until = Some((date, span_of(&value.span())));
            }
            "reason" => {
                let text = value.get_ref().as_str().map(str::trim).filter(|text| !text.is_empty());
                let text = text.ok_or_else(|| {
                    wrong("`reason` says in words why this is fine: reason = \"…\"", value.span())
                })?;
                entry.reason = text.to_owned();
            }
            other => return Err(unknown_key(other, &KEYS, &key.span())),
        }
    }
    let missing = [("rule", entry.rules.is_empty()), ("reason", entry.reason.is_empty())];
    match missing.into_iter().find(|(_, is_missing)| *is_missing) {
        None => Ok(entry),
        Some((key, _)) => {
            let what = match key {
                "rule" => "the rule or category that it allows: rule = \"…\"",
                _ => "why: reason = \"…\"",
            };
            // A table of its own has no place but where it begins.
            let end = span.end.min(span.start + "[[allow]]".len()).max(span.start);
            Err(wrong(&format!("an [[allow]] entry says {what}"), span.start..end))
        }
    }
}

/// One text or a list of them, none of them blank.
fn texts(key: &str, value: &Spanned<DeValue<'_>>) -> Result<Vec<(String, Span)>, TextError> {
    let refuse = |span| wrong(&format!("`{key}` is a text or a list of texts: {key} = \"…\""), span);
    let text = |value: &Spanned<DeValue<'_>>| {
        let text = value.get_ref().as_str().filter(|text| !text.trim().is_empty());
        text.map(|text| (text.to_owned(), span_of(&value.span()))).ok_or_else(|| refuse(value.span()))
    };
    match value.get_ref().as_array() {
        Some(items) if items.is_empty() => Err(refuse(value.span())),
        Some(items) => items.iter().map(text).collect(),
        None => Ok(vec![text(value)?]),
    }
}

fn plain(texts: Vec<(String, Span)>) -> Vec<String> {
    texts.into_iter().map(|(text, _)| text).collect()
}

fn span_of(range: &std::ops::Range<usize>) -> Span {
    Span::new(range.start, range.end)
}

/// Reads patterns of files; each must be one that can match.
pub(super) fn paths(patterns: &[(String, Span)]) -> Result<PathPatterns, TextError> {
    let mut all = PathPatterns::default();
    for (pattern, span) in patterns {
        let refuse = |reason| TextError::new(*span, format!("`{pattern}` is no pattern: {reason}"));
        all.add(pattern).map_err(refuse)?;
    }
    Ok(all)
}

/// A day, as TOML has it or as a text.
fn date(value: &DeValue<'_>) -> Option<Date> {
    match value {
        DeValue::Datetime(moment) if moment.time.is_none() => {
            moment.date.and_then(|date| Date::new(date.year, date.month, date.day))
        }
        DeValue::String(text) => Date::parse(text.trim()),
        _ => None,
    }
}
