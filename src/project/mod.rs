//! The files of a project: discovery, archives, git, configuration, rule folders. The only room with a file system.

pub mod collect;
pub mod config;
mod error;
pub mod files;
mod folder_files;
pub mod git;
pub mod policy;
mod reading;
pub mod rule_dirs;

pub use error::{BrokenText, ProjectError};
