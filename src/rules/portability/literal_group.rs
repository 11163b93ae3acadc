//! Literals that mean one thing wherever they stand in a flow: one report for each, at its first place.

use crate::flow::{FlowAnalysis, Format};
use crate::text::Span;

/// Literals by what they mean, in the order of their first places, each as it is written there.
#[derive(Default)]
pub(super) struct Groups(Vec<(String, Vec<(Span, String)>)>);

impl Groups {
    /// Adds a place of a literal; case does not tell literals apart.
    pub(super) fn add(&mut self, literal: &str, place: Span) {
        let key = literal.to_ascii_lowercase();
        match self.0.iter_mut().find(|(known, _)| *known == key) {
            Some((_, places)) if places.iter().any(|(known, _)| *known == place) => {}
            Some((_, places)) => places.push((place, literal.to_owned())),
            None => self.0.push((key, vec![(place, literal.to_owned())])),
        }
    }

    /// The literals as they are written at their first places, each with its places in the order of the file.
    pub(super) fn into_sorted(self) -> impl Iterator<Item = (String, Vec<Span>)> {
        self.0.into_iter().map(|(key, mut places)| {
            places.sort_unstable();
            let written = places.first().map_or(key, |(_, literal)| literal.clone());
            (written, places.into_iter().map(|(place, _)| place).collect())
        })
    }
}

/// What to do with a value that belongs into an environment variable.
pub(super) fn environment_variable_help(flow: &FlowAnalysis<'_>, what: &str, kind: &str) -> String {
    let first = match flow.format {
        Format::Package | Format::FlowApi => "Move the flow into a solution. There, keep",
        _ => "Keep",
    };
    format!(
        "{first} {what} in an environment variable{kind} and pick that from the dynamic content in its place."
    )
}
