//! Rules about how easily people read and change a flow.

use crate::linter::{Check, Coded};

mod default_action_name;
mod naming_convention;

pub(super) const RULES: &[Coded] = &[
    ("default-action-name", Check::Flow(default_action_name::check)),
    ("naming-convention", Check::Configured(naming_convention::check, naming_convention::verify)),
];
