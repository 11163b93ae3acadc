//! What changed in a flow. Knows flows and the parts of them that findings are in; knows nothing of rules.

mod unchanged;

pub(crate) use unchanged::FileComparison;
