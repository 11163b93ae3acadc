//! `flowvet init`, `--show-config`, and the schema of `flowvet.toml`.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use std::collections::BTreeSet;
use std::{env, fs};

use common::{Sandbox, package};
use flowvet::linter::{Active, Page, RuleSet, embedded_pages};
use flowvet::project::config::{Config, TEMPLATE, schema, show};
use serde_json::Value;

/// The rules that a configuration turns on.
fn rules(config: &Config) -> Vec<Active> {
    RuleSet::new(embedded_pages(), &flowvet::rules::coded(), &config.selection).unwrap().rules
}

/// The rules of a configuration with all that it can set.
fn settings(config: &Config) -> Vec<String> {
    let set =
        |rule: &Active| format!("{} {} {:?} {:?}", rule.page.id, rule.selected, rule.severity, rule.options);
    rules(config).iter().map(set).collect()
}

#[test]
fn what_init_writes_changes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("flow.json", common::flow_with_warning());
    let before = sandbox.run(&["check", "--format", "json"]);
    let done = sandbox.run(&["init"]).expect(0);
    assert_eq!(done.out, "");
    assert_eq!(sandbox.read("flowvet.toml"), TEMPLATE);
    assert_eq!(sandbox.run(&["check", "--format", "json"]).expect(before.code).out, before.out);
    let config = Config::parse(TEMPLATE).unwrap();
    assert_eq!(settings(&config), settings(&Config::default()));
    assert!(config.exclude.is_empty() && config.allow.is_empty());
}

#[test]
fn every_example_of_the_template_holds_when_its_mark_is_taken_away() {
    let text: Vec<&str> = TEMPLATE
        .lines()
        .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
        .collect();
    let config = Config::parse(&text.join("\n")).unwrap_or_else(|error| panic!("{error:?}"));
    assert!(!config.exclude.is_empty() && config.allow.len() == 1 && !config.selection.options.is_empty());
    assert!(settings(&config) != settings(&Config::default()));
    let sandbox = Sandbox::new();
    let page = fs::read(common::fixture("flow-rules/ctso-no-twitter.md")).unwrap();
    sandbox.write("flowvet.toml", text.join("\n")).write("flow-rules/ctso-no-twitter.md", page);
    sandbox.run(&["check", "--show-config"]).expect(0);
    // Every key is shown.
    let shown: BTreeSet<&str> = text
        .iter()
        .filter_map(|line| line.split(['=', '.', ']']).next())
        .map(|key| key.trim_matches(['[', ' ']))
        .collect();
    for key in keys() {
        assert!(shown.contains(key.as_str()), "{key} is not in the template");
    }
}

#[test]
fn init_overwrites_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("flowvet.toml", "select = []\n");
    let done = sandbox.run(&["init"]).expect(2);
    assert!(done.err.contains("flowvet.toml is there already"), "{}", done.err);
    assert_eq!(sandbox.read("flowvet.toml"), "select = []\n");
    fs::remove_file(sandbox.path("flowvet.toml")).unwrap();
    fs::create_dir(sandbox.path("flowvet.toml")).unwrap();
    sandbox.run(&["init"]).expect(2);
}

const FULL: &str = r#"
select = ["structure", "hardcoded-secret", "waivers"]
extend-select = ["function-case"]
ignore = ["missing-scope"]
exclude = ["a \"quoted\" one", "*-test.json"]

[rules.oversized-flow]
severity = "error"
max-actions = 80

[rules.hardcoded-email]
allow = ["desk@contoso.com"]

[[allow]]
rule = ["hardcoded-secret", "structure"]
flow = "Nightly *"
path = ["/old/"]
until = 2099-12-31
reason = "a \u007F b \u202E c"

[[allow]]
rule = "all"
reason = "x"
"#;

#[test]
fn the_shown_configuration_is_one_that_says_the_same() {
    for text in ["", FULL] {
        let config = Config::parse(text).unwrap();
        let shown = show(&config, &rules(&config));
        let again = Config::parse(&shown).unwrap_or_else(|error| panic!("{error:?} in {shown}"));
        let only = |settings: Vec<String>| -> Vec<String> {
            settings.into_iter().filter(|rule| rule.contains(" true ")).collect()
        };
        assert_eq!(only(settings(&again)), only(settings(&config)));
        assert!(again.exclude.iter().eq(config.exclude.iter()));
        let entries = |config: &Config| -> Vec<String> {
            let entry = |entry: &flowvet::suppress::Allow| {
                let words: Vec<&String> = entry.rules.iter().map(|(word, _)| word).collect();
                let until = entry.until.map(|(date, _)| date);
                format!(
                    "{words:?} {:?} {:?} {:?} {until:?} {}",
                    entry.flow, entry.element, entry.path, entry.reason
                )
            };
            config.allow.iter().map(entry).collect()
        };
        assert_eq!(entries(&again), entries(&config));
        assert_eq!(show(&again, &rules(&again)), shown);
    }
}

#[test]
fn show_config_prints_what_holds_and_checks_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("flow.json", common::flow_with_warning()).write("flowvet.toml", FULL);
    let done = sandbox.run(&["check", "--show-config"]).expect(0);
    assert!(done.out.starts_with("# The configuration in force: flowvet.toml"), "{}", done.out);
    for words in [
        "severity = \"error\"\nmax-actions = 80\nwarn-actions = 100",
        "  \"function-case\",\n",
        "until = 2099-12-31",
    ] {
        assert!(done.out.contains(words), "{words}: {}", done.out);
    }
    assert!(!done.out.contains("\"missing-scope\"") && !done.out.contains('\u{202e}'), "{}", done.out);
    let done =
        sandbox.run(&["check", "--show-config", "--select", "empty-container", "--no-config"]).expect(0);
    assert!(done.out.contains("# What runs: 1 rule.\nselect = [\n  \"empty-container\",\n]"), "{}", done.out);
    sandbox.write("flowvet.toml", "selct = []");
    sandbox.run(&["check", "--show-config"]).expect(2);
}

/// The keys that the parser takes: it lists them where it meets another.
fn keys() -> Vec<String> {
    listed("no-such-thing-at-all = 1")
}

/// The keys that are listed where another stands.
fn listed(config: &str) -> Vec<String> {
    let errors = Config::parse(config).unwrap_err();
    let list = errors.iter().find_map(|error| error.message.split_once("there are ")).unwrap().1;
    list.split(", ").map(str::to_owned).collect()
}

/// The schema of the rules that are built in.
fn built() -> Value {
    let read = |page: Page| {
        let meta = page.meta().unwrap();
        (page, meta)
    };
    schema(&embedded_pages().into_iter().map(read).collect::<Vec<_>>())
}

#[test]
fn the_schema_is_up_to_date() {
    let text = serde_json::to_string_pretty(&built()).unwrap() + "\n";
    let file = package().join("schema/flowvet.schema.json");
    if env::var_os("FLOWVET_BLESS").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, &text).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(written == text, "schema/flowvet.schema.json is stale: run the tests with FLOWVET_BLESS=1");
}

#[test]
fn the_schema_has_the_keys_that_are_read() {
    let schema = built();
    let names = |value: &Value| -> BTreeSet<String> { value.as_object().unwrap().keys().cloned().collect() };
    assert_eq!(names(&schema["properties"]), keys().into_iter().collect());
    let own: BTreeSet<String> = listed("[[allow]]\nno-such-thing-at-all = 1").into_iter().collect();
    assert_eq!(names(&schema["properties"]["allow"]["items"]["properties"]), own);
    // Every rule with every option.
    let rules = schema["properties"]["rules"]["properties"].as_object().unwrap();
    for page in embedded_pages() {
        let own: BTreeSet<String> = names(&rules[page.id.as_ref()]["properties"]);
        let meta = page.meta().unwrap();
        let options: BTreeSet<String> = meta.options.names().chain(["severity"]).map(str::to_owned).collect();
        assert_eq!(own, options, "{}", page.id);
    }
}
