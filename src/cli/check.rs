//! `flowvet check`.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use super::args::{Check, FailOn};
use super::{CLEAN, FAILED, FOUND, baseline, load_config, output};
use crate::finding::{Problem, Severity};
use crate::linter::Engine;
use crate::project::collect::{self, Collected, Exclusions, Reader};
use crate::project::config::{self, Config};
use crate::project::files;
use crate::project::git::Revisions;
use crate::report::{self, Format, Report};
use crate::session::{Checked, Input, Item, PreviousVersion, Session};
use crate::suppress::Allowances;
use crate::text::Date;
use crate::text::printable;
use crate::text::{self, FileName, Source};

pub(super) fn run(args: &Check) -> io::Result<u8> {
    let formats = match formats(&args.formats) {
        Ok(formats) => formats,
        Err(message) => return Ok(refuse(&message)),
    };
    let (config, rules) = match load_config::in_force(args, output::error_style(args.color)) {
        Ok(configured) => configured,
        Err(message) => return Ok(refuse(&message)),
    };
    let engine = Engine::new(rules).on(today());
    if !args.quiet {
        engine.warnings().iter().for_each(|warning| output::warn(&format!("flowvet: {warning}")));
    }
    if args.show_config {
        output::print(config::show(&config, engine.rules()).as_bytes())?;
        return Ok(CLEAN);
    }
    let baseline = match baseline::load(args, &config) {
        Ok(baseline) => baseline,
        Err(message) => return Ok(refuse(&message)),
    };
    let (paths, from_stdin) = match arguments(args) {
        Ok(arguments) => arguments,
        Err(message) => return Ok(refuse(&message)),
    };
    let exclude = Exclusions::new(load_config::folder(&config), config.exclude.clone());
    let collected = collect::collect(&paths, &exclude);
    let revisions = match revisions(args, &collected, from_stdin) {
        Ok(revisions) => revisions,
        Err(message) => return Ok(refuse(&message)),
    };
    let previous = revisions.as_ref().map(previous_version);
    let mut checked = checked(args, &collected, from_stdin, &engine, previous.as_ref().map(|p| p as _));
    let file = configuration_file(&config);
    if let Some(file) = file.as_ref().filter(|_| !config.allow.is_empty()) {
        let folder = collect::absolute(load_config::folder(&config));
        let allowances = Allowances { entries: &config.allow, file, folder };
        checked.allow(&allowances, &|path| collected.has_looked_at(path));
    }
    let is_written = baseline.is_none_or(|baseline| baseline.apply(args, &collected, &mut checked));
    if let (Some(file), Some(revisions)) = (&file, &revisions)
        && has_same_text(&config, revisions)
    {
        checked.take_as_unchanged(&file.name);
    }
    let mut report = checked.into_report();
    report.show_suppressed = args.show_suppressed;
    let empty = empty_folders(&collected, &report);
    let code = if is_written { exit_code(args, &report, !empty.is_empty()) } else { FAILED };
    report.failed = code != CLEAN;
    for (format, file) in &formats {
        match output::write(&report, engine.rules(), *format, file.as_deref(), args.color) {
            // Whoever reads the output has enough of it; what was found is as true.
            Err(error) if file.is_none() && error.kind() == io::ErrorKind::BrokenPipe => {}
            written => written?,
        }
    }
    notices(args, &paths, &collected, &report, &empty);
    Ok(code)
}

/// The configuration as a text that findings may be in.
fn configuration_file(config: &Config) -> Option<Source> {
    let path = config.path.as_deref()?;
    let name = FileName::new(collect::machine_path(path)).shown_as(collect::shown_path(path));
    Some(Source::of(name, config.text.as_str()))
}

/// Whether the configuration is as it was.
fn has_same_text(config: &Config, revisions: &Revisions) -> bool {
    let Some(path) = &config.path else { return false };
    matches!(revisions.text(path, None, &[]), Ok(Some(text)) if text == config.text)
}

fn refuse(message: &str) -> u8 {
    output::show(message);
    FAILED
}

/// Reads `F[=FILE]`, each once for standard output.
fn formats(written: &[String]) -> Result<Vec<(Format, Option<PathBuf>)>, String> {
    let mut formats = Vec::new();
    for word in written {
        let (name, file) =
            word.split_once('=').map_or((word.as_str(), None), |(name, file)| (name, Some(file)));
        let format = Format::named(name).ok_or_else(|| {
            let names: Vec<&str> = Format::NAMES.iter().map(|(name, _)| *name).collect();
            format!("flowvet: there is no format `{}`: there are {}", printable(name), names.join(", "))
        })?;
        if file.is_some_and(str::is_empty) {
            return Err(format!("flowvet: `--format {}` names no file", printable(word)));
        }
        formats.push((format, file.map(PathBuf::from)));
    }
    if formats.iter().filter(|(_, file)| file.is_none()).count() > 1 {
        return Err(
            "flowvet: only one format can go to standard output: give the others a file, --format json=FILE"
                .into(),
        );
    }
    if formats.is_empty() {
        formats.push((Format::Human, None));
    }
    Ok(formats)
}

/// The day by the clock of the machine, in UTC.
fn today() -> Date {
    let passed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Date::of_seconds(passed.as_secs())
}

/// The paths to look at, and whether standard input is one of them.
fn arguments(args: &Check) -> Result<(Vec<PathBuf>, bool), String> {
    let mut paths = args.paths.clone();
    if let Some(list) = &args.files_from {
        let cannot = |reason: String| printable(&format!("flowvet: {}: {reason}", list.display()));
        let text = if list.as_os_str() == "-" {
            let mut bytes = Vec::new();
            io::stdin().read_to_end(&mut bytes).map_err(|error| cannot(error.to_string()))?;
            text::decode(bytes).map_err(cannot)?.0
        } else {
            files::read_text(list).map_err(|error| cannot(error.to_string()))?
        };
        paths.extend(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(PathBuf::from));
    } else if paths.is_empty() {
        paths.push(PathBuf::from("."));
    }
    let before = paths.len();
    paths.retain(|path| path.as_os_str() != "-");
    let from_stdin = paths.len() < before;
    Ok((paths, from_stdin))
}

fn read_stdin(name: &Path, reader: &Reader) -> Input {
    let path = collect::machine_path(name);
    let shown = name.display().to_string();
    let name_of = FileName::new(path).shown_as(shown).at(collect::absolute(name));
    let failed = |message: String| Problem::of_file(name_of.clone(), message);
    let mut bytes = Vec::new();
    io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|error| failed(format!("Standard input cannot be read: {error}")))?;
    let text = collect::text_of(bytes).map_err(failed)?;
    Ok(Item { source: Source::of(name_of, text), solution: reader.around(name) })
}

/// What the files were at the revision of `--since`.
fn revisions(args: &Check, collected: &Collected, from_stdin: bool) -> Result<Option<Revisions>, String> {
    let Some(name) = &args.since else { return Ok(None) };
    let mut paths: Vec<&Path> = collected.files.iter().map(|file| file.native.as_path()).collect();
    if from_stdin {
        paths.push(&args.stdin_filename);
    }
    if paths.is_empty() {
        // The name is wrong whether or not there is a file to compare.
        paths.push(Path::new("."));
    }
    let opened = Revisions::open(name, paths);
    opened.map(Some).map_err(|reason| printable(&format!("flowvet: --since {name}: {reason}")))
}

fn previous_version(
    revisions: &Revisions,
) -> impl Fn(&FileName, &[&str]) -> Result<Option<String>, String> + Sync + use<'_> {
    |file, ids| match &file.native {
        Some(path) => revisions.text(path, file.member.as_deref(), ids),
        None => Ok(None),
    }
}

fn checked<'s>(
    args: &Check,
    collected: &Collected,
    from_stdin: bool,
    engine: &'s Engine,
    previous: Option<&'s PreviousVersion<'s>>,
) -> Checked<'s> {
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    // A thread costs more than a few small files do.
    let useful = collected.files.len().div_ceil(8).max(1);
    let jobs = args.jobs.map_or_else(|| cores().min(useful), usize::from);
    let reader = Reader::default();
    let read = |at: usize| match collected.files.get(at) {
        Some(file) => reader.read(file),
        None => vec![read_stdin(&args.stdin_filename, &reader)],
    };
    let count = collected.files.len() + usize::from(from_stdin);
    let mut checked = Session::new(engine).jobs(jobs).since(previous).check(count, &read);
    checked.add_problems(collected.problems.iter().cloned());
    checked
}

/// The folders among the arguments in which no flow was found, and no problem either.
fn empty_folders(collected: &Collected, report: &Report) -> Vec<usize> {
    let holds = |argument: usize| {
        let files = collected.files.iter().filter(|file| file.arguments.contains(&argument));
        files.into_iter().any(|file| {
            let is_it = |name: &FileName| name.path == file.path && name.shown == file.shown;
            report.files.iter().any(|checked| !checked.flows.is_empty() && is_it(&checked.name))
                || report.problems.iter().any(|problem| is_it(&problem.file))
        })
    };
    collected.containers.iter().copied().filter(|argument| !holds(*argument)).collect()
}

fn notices(args: &Check, paths: &[PathBuf], collected: &Collected, report: &Report, empty: &[usize]) {
    if args.verbose {
        for skipped in &report.skipped {
            let shown = report::shown(&skipped.file);
            output::warn(&format!("flowvet: passed over {shown}: {}", skipped.reason));
        }
    }
    if !args.quiet && !collected.archives.is_empty() {
        let (count, noun) = (
            collected.archives.len(),
            if collected.archives.len() == 1 { "archive was" } else { "archives were" },
        );
        output::warn(&format!("flowvet: {count} {noun} seen and not opened: name one to check it"));
    }
    if !args.allow_empty {
        for argument in empty {
            output::warn(&format!(
                "flowvet: {}: no cloud flow in it (--allow-empty accepts that)",
                paths[*argument].display()
            ));
        }
    }
}

fn exit_code(args: &Check, report: &Report, any_empty: bool) -> u8 {
    let least = match args.fail_on {
        FailOn::Error => Some(Severity::Error),
        FailOn::Warning => Some(Severity::Warning),
        FailOn::Note => Some(Severity::Note),
        FailOn::Never => None,
    };
    if !report.problems.is_empty() || (any_empty && !args.allow_empty) {
        FAILED
    } else if least.is_some_and(|least| report.findings.iter().any(|finding| finding.severity >= least)) {
        FOUND
    } else {
        CLEAN
    }
}
