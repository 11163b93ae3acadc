//! Rules about secrets and who may call a flow.

use crate::linter::{Check, Coded};

mod hardcoded_secret;

pub(super) const RULES: &[Coded] = &[("hardcoded-secret", Check::Flow(hardcoded_secret::check))];
