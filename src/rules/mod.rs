//! The coded checks, one file a rule. Each category lists its own.

use crate::linter::Coded;

mod address;
mod connections;
mod correctness;
mod error_handling;
mod maintainability;
mod portability;
mod quoted;
mod security;
mod structure;
mod time_zone;
mod triggers;
mod waivers;

/// Every coded check, by the id of its page.
#[must_use]
pub fn coded() -> Vec<Coded> {
    [
        connections::RULES,
        correctness::RULES,
        error_handling::RULES,
        maintainability::RULES,
        portability::RULES,
        security::RULES,
        structure::RULES,
        triggers::RULES,
        waivers::RULES,
    ]
    .concat()
}
