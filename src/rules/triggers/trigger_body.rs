//! What expressions read of the event that started the run. Shared by the rules that hold it against what the
//! trigger offers; knows nothing of what they make of it.

use crate::expr::{Call, Expr, ExprKind, Step, TextRange};
use crate::flow::{FlowAnalysis, Named};

/// One step into the body of the event.
#[derive(Clone, Copy)]
pub(super) struct Key<'c> {
    pub(super) name: KeyName<'c>,
    /// Whether a missing value gives nothing, and no error.
    pub(super) safe: bool,
    pub(super) at: TextRange,
}

/// What a step asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyName<'c> {
    Text(&'c str),
    Index,
    /// Only the run tells.
    Computed,
}

impl<'c> Key<'c> {
    fn new(step: &'c Step<'_>) -> Self {
        let name = match &step.key.kind {
            ExprKind::String(text) => KeyName::Text(text),
            ExprKind::Integer(_) => KeyName::Index,
            _ => KeyName::Computed,
        };
        Self { name, safe: step.safe, at: step.key.at }
    }
}

/// The steps into the body of the event, where a call reads that. There are none where the body is read as a whole,
/// or where only the run tells what is read.
pub(super) fn steps_into_body<'c>(flow: &FlowAnalysis<'_>, call: &'c Call<'_>) -> Option<Vec<Key<'c>>> {
    if call.is("triggerBody") {
        return Some(keys(call.steps));
    }
    if call.is("triggerOutputs") {
        return behind_outputs(call.steps);
    }
    if call.is("trigger") {
        let Some((first, rest)) = call.steps.split_first() else { return Some(Vec::new()) };
        return match first.key.as_text() {
            Some(name) if name.eq_ignore_ascii_case("outputs") => behind_outputs(rest),
            Some(_) => None,
            None => Some(Vec::new()),
        };
    }
    let is_body = call.is("body") || call.is("actionBody");
    if !is_body && !call.is("outputs") && !call.is("actionOutputs") {
        return None;
    }
    match flow.named(call.arguments.first().and_then(Expr::as_text)?) {
        Some(Named::Trigger(_)) if is_body => Some(keys(call.steps)),
        Some(Named::Trigger(_)) => behind_outputs(call.steps),
        _ => None,
    }
}

/// The steps into the body that stands in outputs: `?['body']?['x']`, or `?['body/x']` as the designer writes it.
pub(super) fn behind_outputs<'c>(steps: &'c [Step<'_>]) -> Option<Vec<Key<'c>>> {
    let Some((first, rest)) = steps.split_first() else { return Some(Vec::new()) };
    let Some(path) = first.key.as_text() else { return Some(Vec::new()) };
    let mut parts = path.split('/');
    if !parts.next()?.eq_ignore_ascii_case("body") {
        return None;
    }
    let (safe, at) = (first.safe, first.key.at);
    let mut found: Vec<Key<'c>> = parts.map(|part| Key { name: KeyName::Text(part), safe, at }).collect();
    found.extend(keys(rest));
    Some(found)
}

pub(super) fn keys<'c>(steps: &'c [Step<'_>]) -> Vec<Key<'c>> {
    steps.iter().map(Key::new).collect()
}
