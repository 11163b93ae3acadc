//! The baseline on disk: where it is, what is done with it, and what is said of it.

use std::path::{Path, PathBuf};
use std::{env, io};

use super::args::Check;
use super::output;
use crate::project::collect::{self, Collected};
use crate::project::config::Config;
use crate::project::files;
use crate::report::{Compared, human};
use crate::session::Checked;
use crate::suppress::baseline::{Baseline, Entry, FILE_NAME};
use crate::text::{plural, printable};

/// The baseline of a run.
#[derive(Debug)]
pub(super) struct Loaded {
    path: PathBuf,
    baseline: Baseline,
}

/// Reads the baseline that a run is to use; none where there is none. An error is ready to be printed.
pub(super) fn load(args: &Check, config: &Config) -> Result<Option<Loaded>, String> {
    if args.no_baseline {
        return Ok(None);
    }
    let path = match &args.baseline {
        Some(path) => path.clone(),
        None => default_path(config),
    };
    let named =
        |reason: &str| format!("flowvet: {}: {}", printable(&path.display().to_string()), printable(reason));
    let is_needed = args.baseline.is_some() || args.prune_baseline;
    let text = match files::read_text(&path) {
        Ok(text) => text,
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound if args.write_baseline => {
                return Ok(Some(Loaded { path, baseline: Baseline::default() }));
            }
            io::ErrorKind::NotFound if !is_needed => return Ok(None),
            io::ErrorKind::NotFound => {
                return Err(named("there is no such baseline: --write-baseline makes one"));
            }
            io::ErrorKind::InvalidData => return Err(named(&error.to_string())),
            _ => return Err(named(&format!("the baseline cannot be read: {error}"))),
        },
    };
    let baseline = Baseline::read(&text).map_err(|error| {
        let file = path.display().to_string();
        let style = output::error_style(args.color);
        human::render_error_of(
            "baseline",
            &crate::text::capitalised(&error.message),
            &file,
            &text,
            error.span,
            style,
        )
    })?;
    Ok(Some(Loaded { path, baseline }))
}

/// Beside the configuration; without one, the nearest upward, else in the root of the repository.
fn default_path(config: &Config) -> PathBuf {
    if let Some(path) = &config.path {
        return path.with_file_name(FILE_NAME);
    }
    let folder = env::current_dir().unwrap_or_default();
    let root = collect::repository_root(&folder).unwrap_or_else(|| folder.clone());
    let nearest = files::nearest_above(&folder, Some(&root), FILE_NAME);
    let path = nearest.unwrap_or_else(|| root.join(FILE_NAME));
    // As short as it can be typed.
    path.strip_prefix(&folder).map(Path::to_path_buf).unwrap_or(path)
}

impl Loaded {
    /// Suppresses what the baseline knows, and writes it anew where that is asked for. Whether that worked out comes
    /// back.
    pub(super) fn apply(&self, args: &Check, collected: &Collected, checked: &mut Checked<'_>) -> bool {
        let root = self.path.parent().and_then(collect::repository_root).or_else(|| env::current_dir().ok());
        let root = root.and_then(|root| collect::absolute(&root)).unwrap_or_default();
        let is_missing = |path: &str| {
            let path = root.join(path);
            collected.has_looked_at(&path) && !files::exists(&path)
        };
        let came_to = checked.compare_with(&self.baseline, &is_missing);
        let mut entries = self.baseline.entries().len();
        let mut is_done = true;
        if args.write_baseline {
            let now: Vec<Entry> = checked
                .findings()
                .iter()
                .filter(|finding| match &finding.suppressed {
                    None => true,
                    Some(suppression) => suppression.by == crate::finding::Suppressor::Baseline,
                })
                .filter_map(Entry::of)
                .chain(came_to.open)
                .collect();
            let baseline = Baseline::new(now);
            is_done = self.write(&baseline);
            if is_done {
                entries = baseline.entries().len();
                let _ = checked.compare_with(&baseline, &is_missing);
                self.say(args, &format!("wrote {} to {}", plural(entries, "finding"), self.shown()));
            }
        } else if args.prune_baseline {
            let count = came_to.gone.len();
            if count == 0 {
                self.say(args, &format!("nothing to take out of {}", self.shown()));
            } else {
                let baseline = Baseline::new([came_to.found, came_to.open].concat());
                is_done = self.write(&baseline);
                let left = baseline.entries().len();
                if is_done {
                    self.say(
                        args,
                        &format!("took {} out of {}: {left} left", plural(count, "finding"), self.shown()),
                    );
                }
            }
        } else if !came_to.gone.is_empty() {
            let (count, verb) = (came_to.gone.len(), if came_to.gone.len() == 1 { "is" } else { "are" });
            let what = plural(count, "finding");
            self.say(
                args,
                &format!(
                    "{what} of {} {verb} fixed or waived: --prune-baseline takes {} out",
                    self.shown(),
                    if count == 1 { "it" } else { "them" }
                ),
            );
        }
        if args.verbose {
            for entry in &came_to.gone {
                let place = [entry.flow.name.clone()].into_iter().chain(entry.element.iter().cloned());
                let place = place.collect::<Vec<_>>().join(" › ");
                self.say(args, &format!("fixed or waived: {}: {} ({place})", entry.path, entry.rule));
            }
        }
        let path = collect::machine_path(&self.path);
        checked.tell_baseline(Compared { path, entries, fixed: came_to.gone.len() });
        is_done
    }

    fn write(&self, baseline: &Baseline) -> bool {
        let text = baseline.text();
        match files::replace(&self.path, |out| out.write_all(text.as_bytes())) {
            Ok(()) => true,
            Err(error) => {
                output::warn(&format!("flowvet: {error}"));
                false
            }
        }
    }

    fn shown(&self) -> String {
        self.path.display().to_string()
    }

    fn say(&self, args: &Check, text: &str) {
        if !args.quiet {
            output::warn(&format!("flowvet: {text}"));
        }
    }
}
