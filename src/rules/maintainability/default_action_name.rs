//! Actions that keep the names the designer gave them, where that makes them hard to tell apart.

use rustc_hash::FxHashMap;

use crate::expr::fold_name;
use crate::flow::{Action, Flow};
use crate::operations::titles;
use crate::rule::Cx;

/// How many names a message spells out.
const SPELT_OUT: usize = 6;

pub(super) fn check<'a>(flow: &Flow<'a>, cx: &mut Cx<'_, 'a>) {
    // Names are unique: where two actions share a base, one of them at least has a number behind it.
    let mut groups: FxHashMap<String, Vec<&Action<'a>>> = FxHashMap::default();
    for action in &flow.actions {
        if let Some(base) = numbered(action.name) {
            groups.entry(fold_name(base)).or_default();
        }
    }
    if groups.is_empty() {
        return;
    }
    for action in &flow.actions {
        let base = numbered(action.name).unwrap_or(action.name);
        if let Some(group) = groups.get_mut(&fold_name(base))
            && is_default(flow, action, base)
        {
            group.push(action);
        }
    }
    let mut groups: Vec<Vec<&Action<'a>>> = groups.into_values().filter(|group| group.len() > 1).collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(group.len()), group[0].key_span.start));
    let count: usize = groups.iter().map(Vec::len).sum();
    if count == 0 {
        return;
    }
    let bases = groups.iter().map(|group| {
        let name = group[0].name;
        format!("'{}' ({})", numbered(name).unwrap_or(name), group.len())
    });
    let message = format!("{count} actions have the designer's own names: {}", list(bases));
    let draft = cx.report(flow.anchor, message).help(
        "Rename each after what it does, with ⋯ › Rename. The designer changes the expressions that read it as well.",
    );
    for group in &groups {
        draft.related(group[0].key_span, list(group.iter().map(|action| action.name.to_owned())));
    }
}

/// The name before the number that tells copies apart: `Compose` of `Compose_2`.
fn numbered(name: &str) -> Option<&str> {
    let base = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let base = base.strip_suffix(['_', ' ']).filter(|_| base.len() < name.len())?;
    (!base.is_empty()).then_some(base)
}

/// Whether the designer calls actions of that kind so.
fn is_default<'a>(flow: &Flow<'a>, action: &Action<'a>, base: &str) -> bool {
    if own_names(action.type_name).any(|name| is_named(base, name)) {
        return true;
    }
    let Some(operation) = flow.action_operation(action) else { return false };
    let connector = operation.connector;
    own_names(connector).any(|name| is_named(base, name))
        || titles(connector).any(|title| is_named(base, title) || is_named(base, without_stage(title)))
}

/// The names in the table of a type or connector.
fn own_names(of: &str) -> impl Iterator<Item = &'static str> {
    include_str!("../../../rules/data/default-names.txt")
        .lines()
        .filter_map(|line| line.split_once('|'))
        .filter(move |(key, _)| key.eq_ignore_ascii_case(of))
        .map(|(_, name)| name)
}

/// Whether a name is a title with its spaces as underscores, in any case.
fn is_named(name: &str, title: &str) -> bool {
    let fold = |byte: u8| if byte == b' ' { b'_' } else { byte.to_ascii_lowercase() };
    name.len() == title.len() && name.bytes().zip(title.bytes()).all(|(a, b)| fold(a) == fold(b))
}

/// A title without what its operation has come to since: `(Preview)`, `(deprecated)`, `(legacy)`.
fn without_stage(title: &str) -> &str {
    match title.rsplit_once(" (") {
        Some((plain, stage))
            if ["preview)", "deprecated)", "legacy)"].iter().any(|s| s.eq_ignore_ascii_case(stage)) =>
        {
            plain
        }
        _ => title,
    }
}

/// The first of many, and how many more there are.
fn list(mut items: impl ExactSizeIterator<Item = String>) -> String {
    let more = items.len().saturating_sub(SPELT_OUT);
    let named: Vec<String> = items.by_ref().take(SPELT_OUT).collect();
    match more {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
