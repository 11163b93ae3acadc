//! Every rule is a page, and every page is a rule: complete, executable, and in the index.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::{env, fs};

use common::{files_below, package};
use flowvet::expr::functions;
use flowvet::linter::{Coded, Examples, Given, Interest, Meta, Page, embedded_pages};
use flowvet::project::rule_dirs;
use flowvet::rules::coded;
use flowvet::text::TextError;

/// Sections that a page has, in this order; others may stand between.
const SECTIONS: [&str; 5] =
    ["What it finds", "Why it matters", "How to mend it in the designer", "Example", "Sources"];

/// Ids that pages may name in `supersedes` before their own pages are written. None at present: an id
/// that is not here and has no page is a mistake.
const TO_COME: [&str; 0] = [];

/// Every page with its metadata, and the coded checks.
fn pages() -> (Vec<(Page, Meta)>, Vec<Coded>) {
    let read = |page: Page| {
        let meta = page.meta().unwrap_or_else(|error| {
            panic!("{} line {}: {}", page.id, error.line_in(&page.text), error.message)
        });
        (page, meta)
    };
    (embedded_pages().into_iter().map(read).collect(), coded())
}

/// Fails with everything that was found wrong, one line each.
fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_page_of_the_folder_is_built_in() {
    let folder = package().join("rules");
    let on_disk: BTreeSet<String> = files_below(&folder, ".md")
        .iter()
        .map(|path| path.strip_prefix(&folder).unwrap().to_string_lossy().replace('\\', "/"))
        .filter(|path| path != "README.md" && !path.ends_with(".cases.md"))
        .collect();
    let built_in: BTreeSet<String> =
        embedded_pages().iter().map(|page| format!("{}/{}.md", page.category, page.id)).collect();
    assert_eq!(on_disk, built_in);
    for page in embedded_pages() {
        let file = fs::read_to_string(folder.join(format!("{}/{}.md", page.category, page.id))).unwrap();
        assert_eq!(file, page.text, "{}", page.id);
    }
}

#[test]
fn every_page_can_be_read_and_its_declarative_check_is_sound() {
    let wrong = embedded_pages().into_iter().filter_map(|page| {
        let error = page.verify().err()?;
        Some(format!("{}, line {}: {}", page.id, error.line_in(&page.text), error.message))
    });
    none(&wrong.collect::<Vec<_>>());
}

/// The text of a page and that of the cases beside it, each by its path from the package, and the scenery for both.
fn texts(page: &Page) -> (Vec<(String, String)>, Given) {
    let path = format!("rules/{}/{}.md", page.category, page.id);
    let file = package().join(&path);
    let cases = rule_dirs::cases(&file).unwrap();
    let cases = cases.map(|(_, text)| (path.replace(".md", ".cases.md"), text));
    let texts = [(path, page.text.to_string())].into_iter().chain(cases).collect();
    (texts, rule_dirs::given(&file).unwrap())
}

/// What a question about the examples of all files finds, as lines with their places.
fn of_all_examples(wrong: impl Fn(&Examples<'_>) -> Vec<TextError>) -> Vec<String> {
    let mut lines = Vec::new();
    for (page, _) in &pages().0 {
        let (texts, given) = texts(page);
        for (path, text) in &texts {
            for error in wrong(&Examples::of_page(page, &given).with_text(text)) {
                lines.push(format!("{path}:{}: {}", error.line_in(text), error.message));
            }
        }
    }
    lines
}

#[test]
fn every_example_shows_what_its_page_says() {
    let coded = coded();
    none(&of_all_examples(|examples| examples.run(&coded)));
}

#[test]
fn every_bad_example_pins_what_is_said() {
    none(&of_all_examples(|examples| examples.unpinned()));
}

#[test]
fn blessing_a_page_that_passes_changes_nothing() {
    let coded = coded();
    let (pages, _) = pages();
    for (page, _) in &pages {
        let (texts, given) = texts(page);
        for (path, text) in &texts {
            let examples = Examples::of_page(page, &given).with_text(text);
            let blessed = examples.bless(&coded).unwrap_or_else(|failure| panic!("{path}: {failure:?}"));
            assert_eq!(&blessed, text, "{path}");
        }
    }
}

#[test]
fn cases_belong_to_a_page() {
    let folder = package().join("rules");
    for file in files_below(&folder, ".cases.md") {
        let page = file.to_string_lossy().replace(".cases.md", ".md");
        assert!(std::path::Path::new(&page).is_file(), "{}: there is no such page", file.display());
    }
}

#[test]
fn ids_are_kebab_case_without_digits_and_no_two_are_alike() {
    let (pages, _) = pages();
    let mut seen = BTreeSet::new();
    for (page, _) in &pages {
        let words: Vec<&str> = page.id.split('-').collect();
        let plain = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(words.len() > 1 && words.iter().all(plain), "{} is not kebab-case", page.id);
        assert!(seen.insert(page.id.to_string()), "{} is there twice", page.id);
        assert_ne!(page.id, page.category, "an id that is a category too could not be selected");
    }
    for (page, _) in &pages {
        assert!(!seen.contains(page.category.as_ref()), "{} is an id and a category", page.category);
        assert_ne!(page.category, "all", "`all` means every rule");
    }
}

#[test]
fn every_page_is_headed_by_its_file_name() {
    let (pages, _) = pages();
    for (page, _) in &pages {
        assert_eq!(page.text.lines().next(), Some(format!("# {}", page.id).as_str()));
        let others = page.text.lines().skip(1).filter(|line| line.starts_with("# ")).count();
        assert_eq!(others, 0, "{} has a second heading of the first level", page.id);
    }
}

#[test]
fn every_page_has_the_sections_that_readers_look_for() {
    let (pages, _) = pages();
    let mut wrong = Vec::new();
    for (page, meta) in &pages {
        let sections = page.sections();
        let headings: Vec<&str> = sections.iter().map(|(heading, _)| *heading).collect();
        let wanted: Vec<&str> =
            headings.iter().copied().filter(|heading| SECTIONS.contains(heading)).collect();
        if wanted != SECTIONS {
            wrong.push(format!("{}: has {wanted:?} and not {SECTIONS:?}", page.id));
        }
        if headings.contains(&"Options") != (meta.options.names().count() > 0) {
            wrong.push(format!("{}: has options without a section, or a section without options", page.id));
        }
        for (heading, _) in sections.iter().filter(|(_, body)| body.is_empty()) {
            wrong.push(format!("{}: {heading} is empty", page.id));
        }
    }
    none(&wrong);
}

#[test]
fn every_option_is_described_and_nothing_else() {
    let (pages, _) = pages();
    for (page, meta) in &pages {
        let sections = page.sections();
        let body = sections.iter().find(|(heading, _)| *heading == "Options").map_or("", |(_, body)| *body);
        let described: Vec<&str> = body
            .lines()
            .filter_map(|line| line.strip_prefix("- `").and_then(|rest| rest.split_once('`')))
            .map(|(name, _)| name)
            .collect();
        let options: Vec<&str> = meta.options.names().collect();
        assert_eq!(
            described.iter().collect::<BTreeSet<_>>(),
            options.iter().collect::<BTreeSet<_>>(),
            "section Options of {}",
            page.id
        );
        for option in options {
            let plain = option.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            assert!(plain && option != "severity", "{}: the option `{option}`", page.id);
        }
    }
}

#[test]
fn every_check_in_code_has_a_page_and_every_page_a_check() {
    let (pages, coded) = pages();
    let ids: BTreeSet<&str> = pages.iter().map(|(page, _)| page.id.as_ref()).collect();
    let mut wrong = Vec::new();
    for (at, (id, _)) in coded.iter().enumerate() {
        if !ids.contains(id) {
            wrong.push(format!("{id}: code without a page"));
        }
        if coded[..at].iter().any(|(other, _)| other == id) {
            wrong.push(format!("{id}: two checks in code"));
        }
    }
    for (page, meta) in &pages {
        let in_code = coded.iter().any(|(id, _)| *id == page.id);
        match (in_code, meta.check.is_some()) {
            (false, false) => wrong.push(format!("{}: a page without a check", page.id)),
            (true, true) => wrong.push(format!("{}: a [check], and code too", page.id)),
            _ => {}
        }
    }
    none(&wrong);
}

#[test]
fn every_coded_rule_takes_the_options_of_its_page() {
    let (pages, coded) = pages();
    let mut wrong = Vec::new();
    for (id, rule) in &coded {
        let Some((_, meta)) = pages.iter().find(|(page, _)| page.id == *id) else { continue };
        if let Err(error) = rule.compile(&meta.options) {
            wrong.push(format!("{id}: {error}"));
        }
    }
    none(&wrong);
}

#[test]
fn the_guide_for_contributors_shows_a_rule_as_it_is() {
    let read = |file: &str| fs::read_to_string(package().join(file)).unwrap();
    let guide = read("CONTRIBUTING.md");
    let code = read("src/rules/structure/missing_scope.rs");
    assert!(
        guide.contains(&format!("```rust\n{code}```\n")),
        "CONTRIBUTING.md: missing-scope is another by now"
    );
    let page = read("rules/structure/missing-scope.md");
    let block = page.split("```").nth(1).unwrap();
    assert!(guide.contains(&format!("```{block}```\n")), "CONTRIBUTING.md: its page is another by now");
}

#[test]
fn coded_rules_ask_for_functions_by_their_documented_names() {
    let mut wrong = Vec::new();
    for (id, rule) in &coded() {
        if rule.on.is_empty() {
            wrong.push(format!("{id}: looks at nothing"));
        }
        for interest in rule.on {
            if let Interest::Call(name) = interest
                && functions().find(name).is_none_or(|function| function.name != *name)
            {
                wrong.push(format!("{id}: the language has no `{name}`"));
            }
        }
    }
    none(&wrong);
}

#[test]
fn superseded_rules_exist_and_no_rule_supersedes_itself_or_in_a_ring() {
    let (pages, _) = pages();
    let mut wrong = Vec::new();
    for (page, meta) in &pages {
        for other in &meta.supersedes {
            match pages.iter().find(|(own, _)| own.id == *other) {
                None if !TO_COME.contains(&other.as_str()) => {
                    wrong.push(format!("{}: supersedes `{other}`, which is no rule", page.id));
                }
                Some((_, back)) if back.supersedes.iter().any(|id| *id == page.id) => {
                    wrong.push(format!("{} and `{other}` supersede each other", page.id));
                }
                _ => {}
            }
        }
    }
    let arrived = TO_COME.iter().filter(|id| pages.iter().any(|(page, _)| page.id == **id));
    wrong.extend(arrived.map(|id| format!("`{id}` has its page now: take it off the list")));
    none(&wrong);
}

#[test]
fn summaries_are_one_short_sentence() {
    let (pages, _) = pages();
    for (page, meta) in &pages {
        let length = meta.summary.chars().count();
        assert!(meta.summary.ends_with('.') && length <= 200, "{}: {} ({length})", page.id, meta.summary);
        let starts_well = meta.summary.starts_with(|c: char| c.is_uppercase() || c == '`');
        assert!(starts_well, "{}: {}", page.id, meta.summary);
    }
}

#[test]
fn every_page_says_since_when_and_how_often_it_reports() {
    let (pages, _) = pages();
    let version = |text: &str| {
        let parts: Vec<u32> = text.split('.').filter_map(|part| part.parse().ok()).collect();
        <[u32; 3]>::try_from(parts).unwrap_or_else(|_| panic!("{text} is no version"))
    };
    for (page, meta) in &pages {
        assert!(version(&meta.since) <= version(env!("CARGO_PKG_VERSION")), "{}: {}", page.id, meta.since);
        assert!(meta.reports.starts_with("once per "), "{}: {}", page.id, meta.reports);
        assert!(page.text.contains("\nprecision = "), "{} does not say how sure it is", page.id);
    }
}

#[test]
fn a_page_fits_on_two_screens() {
    let mut wrong = Vec::new();
    for page in embedded_pages() {
        let lines = page.text.lines().count();
        if lines > 120 {
            wrong.push(format!("{}: {lines} lines, of 120 at most: move examples to its cases", page.id));
        }
        // What code scanning shows of it.
        let characters = page.help_markdown().chars().count();
        if characters > 6_000 {
            wrong.push(format!("{}: {characters} characters of help, of 6,000 at most", page.id));
        }
    }
    none(&wrong);
}

#[test]
fn readers_see_which_example_is_bad() {
    for page in embedded_pages() {
        let text = page.for_readers();
        assert!(text.contains("**Bad**\n\n") && text.contains("**Good**\n\n"), "{}", page.id);
        for mark in ["```json bad", "```json good", "```text expect"] {
            assert!(!text.contains(mark), "{}: {mark}", page.id);
        }
    }
}

#[test]
fn every_fence_of_a_page_is_closed() {
    none(&of_all_examples(|examples| examples.missing()));
    for page in embedded_pages() {
        let fences = page.text.lines().filter(|line| line.starts_with("```")).count();
        assert!(fences.is_multiple_of(2), "{}: {fences} fences", page.id);
        assert!(page.text.ends_with('\n') && !page.text.ends_with("\n\n"), "{}: its last line", page.id);
    }
}

/// The index of all rules, as Markdown: one table for each category.
fn index() -> String {
    let (pages, _) = pages();
    let mut text = String::from(
        "# Rules\n\n\
         Made from the pages in this folder: run the tests with `FLOWVET_BLESS=1` after a change.\n\n\
         A rule that is *off* runs where it is selected by name. Every page says what the rule finds, why it\n\
         matters, and how to mend it; `flowvet explain RULE` prints it.\n",
    );
    let mut category = "";
    for (page, meta) in &pages {
        if page.category != category {
            category = &page.category;
            write!(text, "\n## {category}\n\n| rule | severity | finds |\n|---|---|---|\n").unwrap();
        }
        let severity = if meta.default { meta.severity.name() } else { "off" };
        let summary = meta.summary.replace('|', "\\|");
        writeln!(text, "| [{id}]({category}/{id}.md) | {severity} | {summary} |", id = page.id).unwrap();
    }
    text
}

#[test]
fn the_index_of_rules_is_up_to_date() {
    let file = package().join("rules/README.md");
    let index = index();
    if env::var_os("FLOWVET_BLESS").is_some() {
        fs::write(&file, &index).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(written, index, "rules/README.md is stale: run the tests with FLOWVET_BLESS=1");
}
