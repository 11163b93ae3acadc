//! What the rules about waivers say of a waiver: what it names, and where it stands.

use crate::linter::WaiverState;
use crate::suppress::waiver::Scope;

/// What a waiver holds for, in words: `'Get_items'`, `the flow`.
pub(super) fn held_for(waived: &WaiverState) -> String {
    match waived.waiver.note.own_name() {
        "" => "the flow".into(),
        name => format!("'{name}'"),
    }
}

/// Where the text of a waiver stands, in words.
pub(super) fn note(waived: &WaiverState) -> &'static str {
    match waived.waiver.scope {
        Scope::Flow => "description",
        _ => "note",
    }
}

/// The words of a waiver as a list: `` `a` and `b` ``.
pub(super) fn words(waived: &WaiverState) -> String {
    let words: Vec<String> = waived.named.iter().map(|named| format!("`{}`", named.word.text)).collect();
    match words.split_last() {
        None => "nothing".into(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// The words of a waiver as they tell it apart from others of the same note.
pub(super) fn detail(waived: &WaiverState) -> String {
    let words: Vec<&str> = waived.named.iter().map(|named| named.word.text.as_str()).collect();
    words.join(",")
}
