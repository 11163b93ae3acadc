//! The coded rules, one file each, and what they share.
//!
//! `build.rs` declares the modules below the categories: a file with a page of the same name in
//! `rules/<category>/` is a rule, every other one a helper. Rules know flows and where findings go; they must not
//! know files, the command line or reports.

use crate::linter::{Blueprint, Coded};

include!(concat!(env!("OUT_DIR"), "/registry.rs"));

/// Every coded rule, by the id of its page.
#[must_use]
pub fn coded() -> Vec<Coded> {
    CODED.to_vec()
}
