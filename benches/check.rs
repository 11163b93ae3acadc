//! How long checking takes, next to how long `serde_json` takes to parse the same texts.
//!
//! The texts are the flows of the corpus where it is at hand (`FLOWVET_CORPUS`, or `../shared/corpus`),
//! else the fixtures. Compare the rows of one run: machines differ, ratios hardly do.

use std::hint::black_box;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use flowvet::lint;
use flowvet::linter::check_file;
use flowvet::linter::{Engine, RuleSet, Selection, embedded_pages};
use flowvet::project::collect::{Exclusions, Reader, collect};
use flowvet::text::Arena;
use flowvet::text::{Source, decode};

fn main() {
    let bytes: usize = TEXTS.iter().map(String::len).sum();
    let told =
        writeln!(std::io::stderr(), "{} files, {bytes} bytes, from {}", TEXTS.len(), folder().display());
    told.expect("standard error is open");
    divan::main();
}

fn folder() -> PathBuf {
    let corpus =
        std::env::var_os("FLOWVET_CORPUS").map_or_else(|| PathBuf::from("../shared/corpus"), PathBuf::from);
    if corpus.is_dir() { corpus } else { PathBuf::from("fixtures") }
}

/// The texts of all files that hold a flow.
static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let texts = walkdir::WalkDir::new(folder()).sort_by_file_name().into_iter().filter_map(Result::ok);
    let texts = texts.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "json"));
    let texts = texts.filter_map(|entry| read(entry.path()));
    texts
        .filter(|text| {
            !check_file(&ENGINE, Source::new("flow.json", text.as_str()), None, &mut Arena::new())
                .flows
                .is_empty()
        })
        .collect()
});

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let rules = RuleSet::new(embedded_pages(), &flowvet::rules::coded(), &Selection::default());
    Engine::new(rules.expect("the pages of flowvet are sound"))
});

fn read(path: &Path) -> Option<String> {
    std::fs::read(path).ok().and_then(|bytes| decode(bytes).ok()).map(|(text, _)| text)
}

/// The floor: what every JSON tool pays, dropping included.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn serde_json_value(bencher: Bencher<'_, '_>) {
    let bytes: usize = TEXTS.iter().map(String::len).sum();
    bencher.counter(BytesCount::new(bytes)).bench_local(|| {
        for text in TEXTS.iter() {
            let value: Result<serde_json::Value, _> = serde_json::from_str(black_box(text));
            drop(black_box(value));
        }
    });
}

/// Parsing alone.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn parse(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| {
        let mut arena = Arena::new();
        for text in TEXTS.iter() {
            arena.clear();
            let _ = black_box(flowvet::json::parse(black_box(text), &arena));
        }
    });
}

/// Parsing and loading.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn load(bencher: Bencher<'_, '_>) {
    let sources: Vec<Source> = TEXTS.iter().map(|text| Source::new("flow.json", text.as_str())).collect();
    bencher.bench_local(|| {
        let mut arena = Arena::new();
        for source in &sources {
            arena.clear();
            let root = flowvet::json::parse(black_box(&source.text), &arena).expect("it parsed before");
            if let flowvet::flow::Detected::Flows(found) = flowvet::flow::detect(&root, &source.name.path) {
                for found in &found {
                    drop(black_box(flowvet::flow::load(source, found, None, &arena)));
                }
            }
        }
    });
}

/// Everything from text to report, on one thread.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn text_to_report(bencher: Bencher<'_, '_>) {
    let sources = || TEXTS.iter().map(|text| Source::new("flow.json", text.as_str())).collect::<Vec<_>>();
    bencher.with_inputs(sources).bench_local_values(|sources| lint(sources, black_box(&ENGINE)));
}

/// The same with the rules that a pull request cannot do without: those of the first version alone.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn text_to_report_16_rules(bencher: Bencher<'_, '_>) {
    const FIRST: [&str; 16] = [
        "direct-connection",
        "empty-container",
        "hardcoded-environment-url",
        "hardcoded-secret",
        "invalid-expression",
        "malformed-flow",
        "missing-error-handling",
        "missing-scope",
        "open-http-trigger",
        "oversized-flow",
        "static-result-enabled",
        "unfiltered-columns",
        "unfiltered-trigger",
        "unknown-action-reference",
        "unknown-function",
        "unknown-run-after",
    ];
    // Rules that would only run to silence these stay out: their pages are not there.
    let pages = embedded_pages().into_iter().filter(|page| FIRST.contains(&page.id.as_ref())).collect();
    let rules = RuleSet::new(pages, &flowvet::rules::coded(), &Selection::default());
    let engine = Engine::new(rules.expect("the pages of flowvet are sound"));
    let sources = || TEXTS.iter().map(|text| Source::new("flow.json", text.as_str())).collect::<Vec<_>>();
    bencher.with_inputs(sources).bench_local_values(|sources| lint(sources, black_box(&engine)));
}

/// The same with the rules of one category alone: what the service refuses, and what fails when it runs.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn text_to_report_correctness(bencher: Bencher<'_, '_>) {
    let selection = Selection { select: Some(vec!["correctness".into()]), ..Selection::default() };
    let rules = RuleSet::new(embedded_pages(), &flowvet::rules::coded(), &selection);
    let engine = Engine::new(rules.expect("the pages of flowvet are sound"));
    let sources = || TEXTS.iter().map(|text| Source::new("flow.json", text.as_str())).collect::<Vec<_>>();
    bencher.with_inputs(sources).bench_local_values(|sources| lint(sources, black_box(&engine)));
}

/// One flow of the usual size, as an editor would check it.
#[divan::bench(sample_count = 200)]
fn one_flow(bencher: Bencher<'_, '_>) {
    let text = TEXTS.iter().min_by_key(|text| text.len().abs_diff(13_000)).expect("there are flows");
    let source = || vec![Source::new("flow.json", text.as_str())];
    bencher.with_inputs(source).bench_local_values(|source| lint(source, black_box(&ENGINE)));
}

/// A thousand actions, each of which waits for the one before and reads it: divide by its items.
#[divan::bench(sample_count = 100)]
fn chain_of_1000(bencher: Bencher<'_, '_>) {
    let actions: Vec<String> = (0..1000_usize)
        .map(|n| match n.checked_sub(1) {
            Some(before) => action(n, &format!("@outputs('A{before}')"), &[format!("A{before}")]),
            None => action(n, "start", &[]),
        })
        .collect();
    check_generated(bencher, &actions);
}

/// Five hundred branches side by side, and one action that joins and reads them all.
#[divan::bench(sample_count = 100)]
fn parallel_500(bencher: Bencher<'_, '_>) {
    let mut actions: Vec<String> = (0..500).map(|n| action(n, "@utcNow()", &[])).collect();
    let all: Vec<String> = (0..500).map(|n| format!("A{n}")).collect();
    let reads: Vec<String> = all.iter().map(|name| format!("@{{outputs('{name}')}}")).collect();
    actions.push(action(500, &reads.join(" "), &all));
    check_generated(bencher, &actions);
}

/// The actions of the corpus, to compare the two above with: time per item is time per action.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn common_flows(bencher: Bencher<'_, '_>) {
    let sources = || TEXTS.iter().map(|text| Source::new("flow.json", text.as_str())).collect::<Vec<_>>();
    let actions: usize = sources().iter().map(count_actions).sum();
    bencher
        .counter(ItemsCount::new(actions))
        .with_inputs(sources)
        .bench_local_values(|sources| lint(sources, black_box(&ENGINE)));
}

fn count_actions(source: &Source) -> usize {
    let arena = Arena::new();
    let Ok(root) = flowvet::json::parse(&source.text, &arena) else { return 0 };
    match flowvet::flow::detect(&root, &source.name.path) {
        flowvet::flow::Detected::Flows(found) => {
            found.iter().map(|found| flowvet::flow::load(source, found, None, &arena).actions.len()).sum()
        }
        _ => 0,
    }
}

/// An action of about the size that real ones have.
fn action(number: usize, inputs: &str, after: &[String]) -> String {
    let after: Vec<String> = after.iter().map(|name| format!("\"{name}\": [\"Succeeded\"]")).collect();
    format!(
        r#""A{number}": {{"runAfter": {{{}}}, "metadata": {{"operationMetadataId": "66327235-4ec2-405a-91ea-4c0547f0d36f"}}, "type": "Compose", "inputs": {{"value": "{inputs}", "text": "a plain text of some length", "number": {number}}}}}"#,
        after.join(", ")
    )
}

fn check_generated(bencher: Bencher<'_, '_>, actions: &[String]) {
    let text = format!(
        r#"{{"properties": {{"connectionReferences": {{}}, "definition": {{"triggers": {{"manual": {{"type": "Request", "kind": "Button"}}}}, "actions": {{{}}}}}}}, "schemaVersion": "1.0.0.0"}}"#,
        actions.join(",\n")
    );
    bencher
        .counter(ItemsCount::new(actions.len()))
        .with_inputs(|| vec![Source::new("flow.json", text.as_str())])
        .bench_local_values(|sources| lint(sources, black_box(&ENGINE)));
}

/// A solution zip: opening, reading what stands around the flows, and checking them.
#[divan::bench(sample_count = 50)]
fn one_zip(bencher: Bencher<'_, '_>) {
    let zip = zip_of_fixture();
    let file = collect(&[zip.path().to_path_buf()], &Exclusions::default()).files.remove(0);
    let read = |_| Reader::default().read(&file);
    bencher.bench_local(|| flowvet::session::Session::new(black_box(&ENGINE)).check(1, &read).into_report());
}

/// The order-processing solution, packed as an export packs it.
fn zip_of_fixture() -> tempfile::NamedTempFile {
    let root = Path::new("fixtures/order-processing/before");
    let file = tempfile::Builder::new().suffix(".zip").tempfile().expect("a temporary file");
    let mut zip = zip::ZipWriter::new(file.reopen().expect("the file is there"));
    for entry in walkdir::WalkDir::new(root).sort_by_file_name().into_iter().filter_map(Result::ok) {
        if entry.file_type().is_file() {
            let name = entry
                .path()
                .strip_prefix(root)
                .expect("it is below the root")
                .to_string_lossy()
                .replace('\\', "/");
            zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("a name");
            zip.write_all(&std::fs::read(entry.path()).expect("it is readable")).expect("room");
        }
    }
    zip.finish().expect("room");
    file
}
