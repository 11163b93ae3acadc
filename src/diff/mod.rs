//! What changed in a flow.

mod changed;

pub(crate) use changed::mark_unchanged;
