//! What the configuration says, for every command that asks it.

use std::env;
use std::path::{Path, PathBuf};

use super::args::Choice;
use crate::linter::{Page, embedded_pages};
use crate::project::config::{self, Config};
use crate::project::files;
use crate::project::{BrokenText, ProjectError, rule_dirs};
use crate::report::{Style, human};
use crate::text::{TextError, printable};

/// The configuration in force; an error is ready to be printed.
pub(super) fn read(choice: &Choice, style: Style) -> Result<Config, String> {
    let here = env::current_dir().ok();
    let path = match &choice.config {
        Some(path) => Some(path.clone()),
        None if choice.no_config => None,
        None => here.as_deref().and_then(config::discover).map(|path| relative(path, here.as_deref())),
    };
    let Some(path) = path else { return Ok(Config::default()) };
    let cannot = |reason: String| printable(&format!("flowvet: {}: {reason}", path.display()));
    let text = files::read_text(&path).map_err(|error| cannot(error.to_string()))?;
    let mut config = Config::parse(&text).map_err(|error| {
        human::render_error(&error.message, &path.display().to_string(), &text, error.span, style)
    })?;
    config.path = Some(path);
    Ok(config)
}

/// The pages of flowvet and of the team; an error is ready to be printed.
pub(super) fn pages(config: &Config, style: Style) -> Result<Vec<Page>, String> {
    let mut pages = embedded_pages();
    if !config.rule_dirs.is_empty() {
        let own = rule_dirs::load(folder(config), &config.rule_dirs, &pages);
        pages.extend(own.map_err(|error| refused(config, error, style))?);
        pages.sort_by(|a, b| (&a.category, &a.id).cmp(&(&b.category, &b.id)));
    }
    Ok(pages)
}

/// Puts the options that the policy sets into the configuration; an error is ready to be printed.
pub(super) fn apply_policy(config: &mut Config, style: Style) -> Result<(), String> {
    let folder = folder(config).to_owned();
    config.apply_policy(&folder).map_err(|error| refused(config, error, style))
}

/// The folder that paths in the configuration begin at.
pub(super) fn folder(config: &Config) -> &Path {
    let folder = config.path.as_deref().and_then(Path::parent);
    folder.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A path as people write it: from the working directory, where it lies below that.
fn relative(path: PathBuf, here: Option<&Path>) -> PathBuf {
    here.and_then(|here| path.strip_prefix(here).ok()).map(Path::to_path_buf).unwrap_or(path)
}

/// A complaint about a word of the configuration or of the command line, with its place if it stands in the file.
pub(super) fn complaint(config: &Config, word: &str, message: &str, style: Style) -> String {
    match config.place_of(word, message) {
        Some(span) => mistake(config, &TextError::new(span, message), style),
        None => format!("flowvet: {}", printable(message)),
    }
}

/// A mistake in the configuration as people read it.
pub(super) fn mistake(config: &Config, error: &TextError, style: Style) -> String {
    let file = config.path.as_deref().unwrap_or(Path::new(config::FILE_NAME)).display().to_string();
    human::render_error(&error.message, &file, &config.text, error.span, style)
}

fn refused(config: &Config, error: ProjectError, style: Style) -> String {
    match error {
        ProjectError::Configuration(error) => mistake(config, &error, style),
        ProjectError::Text(broken) => {
            let BrokenText { kind, file, text, error } = *broken;
            human::render_error_of(kind, &error.message, &file, &text, error.span, style)
        }
        other => printable(&format!("flowvet: {other}")),
    }
}
