//! Actions that keep the names the designer gave them, where that makes them hard to tell apart.

use rustc_hash::FxHashMap;

use crate::catalog::names::default_names;
use crate::catalog::operations::titles;
use crate::expr::Folded;
use crate::flow::{Action, FlowAnalysis};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

/// How many names a message spells out.
const SPELT_OUT: usize = 6;

#[derive(Debug)]
pub(crate) struct DefaultActionName;

impl CodedRule for DefaultActionName {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        // Names are unique: where two actions share a base, one of them at least has a number behind it.
        let mut known: FxHashMap<Folded<'_>, usize> = FxHashMap::default();
        for action in &flow.actions {
            if let Some(base) = numbered(action.name) {
                let next = known.len();
                known.entry(Folded(base)).or_insert(next);
            }
        }
        if known.is_empty() {
            return;
        }
        let mut groups: Vec<Vec<&Action<'a>>> = vec![Vec::new(); known.len()];
        for action in &flow.actions {
            let base = numbered(action.name).unwrap_or(action.name);
            if let Some(group) = known.get(&Folded(base)).filter(|_| is_default(flow, action, base)) {
                groups[*group].push(action);
            }
        }
        groups.retain(|group| group.len() > 1);
        groups.iter_mut().for_each(|group| group.sort_by_key(|action| number(action.name)));
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
}

/// The name before the number that tells copies apart: `Compose` of `Compose_2`.
fn numbered(name: &str) -> Option<&str> {
    if !name.as_bytes().last()?.is_ascii_digit() {
        return None;
    }
    let base = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let base = base.strip_suffix(['_', ' ']).filter(|_| base.len() < name.len())?;
    (!base.is_empty()).then_some(base)
}

/// The number behind a name; the first action of a name has none.
fn number(name: &str) -> Option<u32> {
    name.rsplit(['_', ' ']).next().filter(|_| numbered(name).is_some())?.parse().ok()
}

/// Whether the designer calls actions of that kind so.
fn is_default<'a>(flow: &FlowAnalysis<'a>, action: &Action<'a>, base: &str) -> bool {
    if default_names(action.type_name).any(|name| is_named(base, name)) {
        return true;
    }
    let Some(operation) = flow.action_operation(action) else { return false };
    // Templates compute the id, and Logic Apps leave out the prefix: `[concat(…, '/managedApis/office365')]`.
    let plain = operation.connector.trim_end_matches(['\'', ')', ']']);
    let connector = if plain.contains('_') { plain.to_owned() } else { format!("shared_{plain}") };
    default_names(&connector).any(|name| is_named(base, name))
        || titles(&connector).any(|title| {
            // A stage only makes a title longer.
            title.len() >= base.len() && (is_named(base, title) || is_named(base, without_stage(title)))
        })
}

/// Whether a name is a title with its spaces as underscores, in any case.
fn is_named(name: &str, title: &str) -> bool {
    name.len() == title.len() && name.chars().map(fold).eq(title.chars().map(fold))
}

/// A character as the names of the tables are compared, all of them being ASCII.
fn fold(c: char) -> char {
    if c == ' ' { '_' } else { c.to_ascii_lowercase() }
}

/// A title without what its operation has come to since: `(Preview)`, `(deprecated)`, `(legacy)`.
fn without_stage(title: &str) -> &str {
    match title.ends_with(')').then(|| title.rsplit_once(" (")).flatten() {
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
