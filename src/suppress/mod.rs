//! What keeps findings from counting: waivers in notes, `[[allow]]` entries, and the baseline.
//!
//! Knows findings, and of rules only what [`RunRules`] says; knows no file system and no report.

mod allow;
pub mod baseline;
mod entry;
mod meaning;
pub mod waiver;

pub use allow::{Allowances, ScanCoverage};
pub use entry::Allow;
pub(crate) use meaning::WAIVERS;
pub use meaning::{Meaning, RunRules};
