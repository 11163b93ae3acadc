//! The language of patterns: the same in names and paths, and in paths the same as that of `.gitignore`.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use common::{Sandbox, flow, flow_with_warning};
use flowvet::text::PathPatterns;
use ignore::gitignore::GitignoreBuilder;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

/// What git would exclude.
fn git_excludes(patterns: &[String], path: &str, is_folder: bool) -> bool {
    let mut builder = GitignoreBuilder::new("");
    for pattern in patterns {
        builder.add_line(None, pattern).unwrap();
    }
    let ignore = builder.build().unwrap();
    let ends = path.match_indices('/').map(|(at, _)| (at, true)).chain([(path.len(), is_folder)]);
    let ends: Vec<(usize, bool)> = ends.collect();
    // The nearest folder that a pattern fits decides. `matched_path_or_any_parents` would ask the root as well, which
    // is no folder of that name: `*/` fits it there.
    let verdicts = ends.iter().rev().map(|(end, is_folder)| ignore.matched(&path[..*end], *is_folder));
    verdicts.into_iter().find(|verdict| !verdict.is_none()).is_some_and(|verdict| verdict.is_ignore())
}

fn excludes(patterns: &[String], path: &str, is_folder: bool) -> bool {
    let mut read = PathPatterns::default();
    patterns.iter().for_each(|pattern| read.add(pattern).unwrap());
    read.cover(path, is_folder)
}

/// Patterns of two letters, wildcards and slashes.
fn pattern() -> impl Strategy<Value = String> {
    let segment = prop_oneof![4 => "[ab*?]{1,3}", 2 => "[ab]", 2 => Just("**".to_owned())];
    ("!?", "/?", vec(segment, 1..4), "/?")
        .prop_map(|(negated, first, segments, last)| format!("{negated}{first}{}{last}", segments.join("/")))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn patterns_of_paths_mean_what_they_mean_in_a_gitignore(
        patterns in vec(pattern(), 1..4), segments in vec("[ab]{1,3}", 1..4), is_folder in any::<bool>()
    ) {
        let path = segments.join("/");
        prop_assert_eq!(excludes(&patterns, &path, is_folder), git_excludes(&patterns, &path, is_folder));
    }
}

#[test]
fn patterns_that_people_write_mean_what_they_mean_in_a_gitignore() {
    let paths = [
        "a.json",
        "vendor/a.json",
        "vendor/x/a.json",
        "x/vendor/a.json",
        "legacy/a.json",
        "legacy/x/a.json",
        "x/legacy/a.json",
        "docs/old.json",
        "docs/x/y/old.json",
        "x/docs/old.json",
        "x/a-test.json",
    ];
    for pattern in [
        "/vendor/",
        "vendor/",
        "vendor",
        "*.json",
        "legacy/**",
        "legacy/*",
        "docs/**/old.json",
        "**/vendor/**",
        "**/*-test.json",
        "*-test.json",
        "/*.json",
        "?.json",
        "**",
        "*",
        "/*",
    ] {
        let patterns = [pattern.to_owned()];
        for path in paths {
            assert_eq!(
                excludes(&patterns, path, false),
                git_excludes(&patterns, path, false),
                "{pattern} and {path}"
            );
        }
    }
}

/// The files with a finding of `unknown-function`.
fn reported(config: &str) -> Vec<String> {
    let sandbox = Sandbox::new();
    for file in ["a.json", "old/[v1] b.json", "old/v c.json", "x/old/d.json"] {
        sandbox.write(file, flow_with_warning());
    }
    sandbox.write("flowvet.toml", config);
    let report = sandbox.run(&["check", "--format", "json", "."]).json();
    let findings = report["findings"].as_array().unwrap();
    let mut paths: Vec<String> =
        findings.iter().map(|finding| finding["path"].as_str().unwrap().to_owned()).collect();
    paths.dedup();
    paths
}

#[test]
fn exclude_and_path_take_the_same_patterns() {
    for (pattern, left) in [
        ("old/", &["a.json"][..]),
        ("/old/", &["a.json", "x/old/d.json"]),
        ("old/**", &["a.json", "x/old/d.json"]),
        ("**/old/?.json", &["a.json", "old/[v1] b.json", "old/v c.json"]),
        ("[v1] b.json", &["a.json", "old/v c.json", "x/old/d.json"]),
        ("v?c.json", &["a.json", "old/[v1] b.json", "x/old/d.json"]),
        ("*.json", &[]),
        ("*.JSON", &["a.json", "old/[v1] b.json", "old/v c.json", "x/old/d.json"]),
    ] {
        assert_eq!(reported(&format!("exclude = [\"{pattern}\"]")), left, "{pattern}");
        let allow = format!(
            "ignore = [\"unused-waiver\"]\n[[allow]]\nrule = \"all\"\npath = \"{pattern}\"\nreason = \"fine\""
        );
        assert_eq!(reported(&allow), left, "{pattern}");
    }
    let brought_back = "exclude = [\"*.json\", \"!v*.json\"]";
    assert_eq!(reported(brought_back), ["old/v c.json"]);
}

#[test]
fn names_take_the_same_patterns_wherever_they_are() {
    let call = |connector: &str, operation: &str| {
        let id = format!("/providers/Microsoft.PowerApps/apis/{connector}");
        json!({"type": "OpenApiConnection", "inputs": {"host": {"apiId": id, "operationId": operation, "connectionName": connector}}})
    };
    let actions = json!({
        "Post": call("shared_twitter", "PostTweet"),
        "Ask": {"type": "Http", "inputs": {"method": "GET", "uri": "https://api.contoso.com/x"}}
    });
    let sandbox = Sandbox::new();
    sandbox.write("flow.json", flow(&actions));
    let mut is_blocked = |key: &str, pattern: &str| {
        sandbox.write("flowvet.toml", format!("[policy]\n{key} = [\"{pattern}\"]\n"));
        let report =
            sandbox.run(&["check", "--format", "json", "--select", "blocked-connector", "flow.json"]).json();
        report["findings"] != Value::Array(Vec::new())
    };
    for (key, pattern, expected) in [
        ("blocked-connectors", "twitte?", true),
        ("blocked-connectors", "T*R", true),
        ("blocked-connectors", "twitter?", false),
        ("blocked-operations", "twitter/post?weet", true),
        ("blocked-operations", "t?itter/post*", true),
        ("blocked-operations", "twitter/post?", false),
        ("blocked-hosts", "ap?.Contoso.com", true),
        ("blocked-hosts", "*.contoso.com", true),
        ("blocked-hosts", "?.contoso.com", false),
    ] {
        assert_eq!(is_blocked(key, pattern), expected, "{key} {pattern}");
    }
}
