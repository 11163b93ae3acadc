//! `[[allow]]`: findings that a team accepts, by rule, flow, element and path, each with a reason.

use toml::de::{DeTable, DeValue};

use crate::project::reading::{Item, Mistakes, Word, unknown_key};
use crate::suppress::Allow;
use crate::text::{Date, PathPatterns, Span};

/// The keys of an entry.
pub(super) const KEYS: [&str; 6] = ["rule", "flow", "element", "path", "until", "reason"];

/// Reads all entries.
pub(super) fn read(item: &Item<'_>, mistakes: &mut Mistakes) -> Vec<Allow> {
    let message = "`allow` is a list of tables: [[allow]]";
    let mut entries = Vec::new();
    for entry in mistakes.expect(item.get_ref().as_array(), item.span(), message).into_iter().flatten() {
        if let Some(table) = mistakes.table(entry, message) {
            entries.push(read_one(table, entry.span(), mistakes));
        }
    }
    entries
}

fn read_one(table: &DeTable<'_>, span: std::ops::Range<usize>, mistakes: &mut Mistakes) -> Allow {
    let mut entry = Allow {
        rules: Vec::new(),
        flow: Vec::new(),
        element: Vec::new(),
        path: PathPatterns::default(),
        until: None,
        reason: String::new(),
    };
    for (key, item) in table {
        let name = key.get_ref().as_ref();
        match name {
            "rule" => entry.rules = texts(name, item, mistakes),
            "flow" => entry.flow = plain(texts(name, item, mistakes)),
            "element" => entry.element = plain(texts(name, item, mistakes)),
            "path" => {
                let mut patterns = texts(name, item, mistakes);
                patterns.retain(|(pattern, span)| {
                    let is_negated = pattern.starts_with('!');
                    if is_negated {
                        let reason = format!("it would match nothing; for a name that begins so, write `/{pattern}` or `**/{pattern}`");
                        mistakes.add(*span, no_pattern(pattern, &reason));
                    }
                    !is_negated
                });
                entry.path = paths(&patterns, mistakes);
            }
            "until" => {
                let day = mistakes.expect(
                    date(item.get_ref()),
                    item.span(),
                    "`until` is a day: until = 2027-01-31",
                );
                entry.until = day.map(|day| (day, item.span().into()));
            }
            "reason" => {
                let text = item.get_ref().as_str().map(str::trim).filter(|text| !text.is_empty());
                let message = "`reason` says in words why this is fine: reason = \"…\"";
                entry.reason = mistakes.expect(text, item.span(), message).unwrap_or_default().to_owned();
            }
            other => mistakes.add(key.span(), unknown_key(other, &KEYS, "")),
        }
    }
    let needed =
        [("rule", "the rule or category that it allows: rule = \"…\""), ("reason", "why: reason = \"…\"")];
    // A table of its own has no place but where it begins.
    let end = span.end.min(span.start + "[[allow]]".len()).max(span.start);
    for (_, what) in needed.into_iter().filter(|(key, _)| !table.contains_key(*key)) {
        mistakes.add(span.start..end, format!("an [[allow]] entry says {what}"));
    }
    entry
}

/// One text or a list of them, none of them blank.
fn texts(key: &str, item: &Item<'_>, mistakes: &mut Mistakes) -> Vec<Word> {
    let message = format!("`{key}` is a text or a list of texts: {key} = \"…\"");
    let items: Vec<&Item<'_>> = match item.get_ref().as_array() {
        Some(items) if items.is_empty() => {
            mistakes.add(item.span(), message);
            return Vec::new();
        }
        Some(items) => items.iter().collect(),
        None => vec![item],
    };
    let text = |item: &Item<'_>| {
        let text = item.get_ref().as_str().filter(|text| !text.trim().is_empty());
        Some((mistakes.expect(text, item.span(), &message)?.to_owned(), item.span().into()))
    };
    items.into_iter().filter_map(text).collect()
}

fn plain(texts: Vec<Word>) -> Vec<String> {
    texts.into_iter().map(|(text, _)| text).collect()
}

/// Reads patterns of files; each must be one that can match.
pub(super) fn paths(patterns: &[(String, Span)], mistakes: &mut Mistakes) -> PathPatterns {
    let mut all = PathPatterns::default();
    for (pattern, span) in patterns {
        if let Err(reason) = all.add(pattern) {
            mistakes.add(*span, no_pattern(pattern, reason));
        }
    }
    all
}

fn no_pattern(pattern: &str, reason: &str) -> String {
    format!("`{pattern}` is no pattern: {reason}")
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
