//! Rules about waivers: the linter's own housekeeping.

use crate::linter::{Check, Coded, WaiverState};
use crate::suppress::waiver::Scope;

mod expired_waiver;
mod unknown_waiver_rule;
mod unused_waiver;
mod waiver_without_reason;

pub(super) const RULES: &[Coded] = &[
    ("expired-waiver", Check::Waiver(expired_waiver::check)),
    ("unknown-waiver-rule", Check::Waiver(unknown_waiver_rule::check)),
    ("unused-waiver", Check::Waiver(unused_waiver::check)),
    ("waiver-without-reason", Check::Waiver(waiver_without_reason::check)),
];

/// What a waiver holds for, in words: `'Get_items'`, `the flow`.
fn held_for(waived: &WaiverState) -> String {
    match waived.waiver.note.own_name() {
        "" => "the flow".into(),
        name => format!("'{name}'"),
    }
}

/// Where the text of a waiver stands, in words.
fn note(waived: &WaiverState) -> &'static str {
    match waived.waiver.scope {
        Scope::Flow => "description",
        _ => "note",
    }
}

/// The words of a waiver as a list: `` `a` and `b` ``.
fn words(waived: &WaiverState) -> String {
    let words: Vec<String> = waived.named.iter().map(|named| format!("`{}`", named.word.text)).collect();
    match words.split_last() {
        None => "nothing".into(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// The words of a waiver as they tell it apart from others of the same note.
fn detail(waived: &WaiverState) -> String {
    let words: Vec<&str> = waived.named.iter().map(|named| named.word.text.as_str()).collect();
    words.join(",")
}
