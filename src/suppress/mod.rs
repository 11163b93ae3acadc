//! What keeps findings from counting: waivers in notes, `[[allow]]` entries, and the baseline.

pub mod allow;
pub mod baseline;
pub mod waiver;
