//! Rules about how easily people read and change a flow.

use crate::rule::{Check, Coded};

mod default_action_name;

pub(super) const RULES: &[Coded] = &[("default-action-name", Check::Flow(default_action_name::check))];
