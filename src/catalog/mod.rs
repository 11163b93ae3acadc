//! Facts about the service as data, each with a typed reader.
//!
//! Knows nothing of any flow.

pub mod connectors;
pub mod names;
pub mod operations;
pub mod rows;
pub mod time_zones;
