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
    let is_blocked = |key: &str, pattern: &str| {
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

/// Whether a rule finds nothing with an option.
fn is_silent(sandbox: &Sandbox, rule: &str, option: &str, pattern: &str) -> bool {
    sandbox.write("flowvet.toml", format!("[rules.{rule}]\n{option} = [\"{pattern}\"]\n"));
    let report = sandbox.run(&["check", "--format", "json", "--select", rule, "Workflows"]).json();
    report["findings"] == Value::Array(Vec::new())
}

#[test]
fn options_of_rules_that_list_hosts_and_addresses_take_patterns() {
    let sandbox = Sandbox::new();
    let ask =
        json!({"Ask": {"type": "Http", "inputs": {"method": "GET", "uri": "https://rates.contoso.com/x"}}});
    sandbox.write("Workflows/Ask.json", flow(&ask));
    for (pattern, expected) in [
        ("rates.contoso.com", true),
        (".contoso.com", true),
        ("*.contoso.com", true),
        ("rate?.CONTOSO.com", true),
        ("rates.*", true),
        ("contoso.com", false),
        ("?.contoso.com", false),
    ] {
        assert_eq!(is_silent(&sandbox, "hardcoded-url", "allow", pattern), expected, "{pattern}");
    }
    let sandbox = Sandbox::new();
    let mail = json!({"Mail": {
        "type": "OpenApiConnection",
        "inputs": {
            "host": {"apiId": "/providers/Microsoft.PowerApps/apis/shared_office365", "operationId": "SendEmailV2", "connectionName": "shared_office365"},
            "parameters": {"emailMessage/To": "sales-eu@contoso.com", "emailMessage/Subject": "x", "emailMessage/Body": "x"}
        }
    }});
    sandbox.write("Workflows/Mail.json", flow(&mail));
    for (pattern, expected) in [
        ("sales-eu@contoso.com", true),
        ("@contoso.com", true),
        ("sales-*@contoso.com", true),
        ("Sales-??@contoso.com", true),
        ("sales@contoso.com", false),
        ("sales-?@contoso.com", false),
    ] {
        assert_eq!(is_silent(&sandbox, "hardcoded-email", "allow", pattern), expected, "{pattern}");
    }
}

#[test]
fn service_accounts_take_patterns() {
    let sandbox = Sandbox::new();
    let flow = json!({
        "properties": {
            "connectionReferences": {"shared_teams": {
                "runtimeSource": "embedded",
                "connection": {"connectionReferenceLogicalName": "ctso_teams"},
                "api": {"name": "shared_teams"}
            }},
            "definition": {
                "triggers": {"Daily": {"type": "Recurrence", "recurrence": {"frequency": "Day", "interval": 1}}},
                "actions": {"Tell": {"type": "OpenApiConnection", "inputs": {"host": {"connectionName": "shared_teams"}}}}
            }
        },
        "schemaVersion": "1.0.0.0"
    });
    sandbox.write("Workflows/Tell-0B1F6A3E-0000-4000-8000-000000000001.json", flow.to_string());
    sandbox.write(
        "config/deploymentSettings.json",
        r#"{"ConnectionReferences": [{"LogicalName": "ctso_teams", "ConnectionOwner": "Orders1@contoso.com"}]}"#,
    );
    for (pattern, expected) in [
        ("orders*@*", true),
        ("ORDERS?@contoso.com", true),
        ("orders@*", false),
        ("orders[1]@*", false),
        ("{orders1,x}@*", false),
    ] {
        let silent = is_silent(&sandbox, "personal-connection", "service-accounts", pattern);
        assert_eq!(silent, expected, "{pattern}");
    }
}

#[test]
fn connectors_and_operations_of_rule_pages_are_patterns() {
    let page = include_str!("../fixtures/flow-rules/ctso-no-twitter.md");
    for (narrowed, expected) in [
        ("connector = \"shared_twitte?\"", true),
        ("connector = \"*twit*\"", true),
        ("connector = \"twitter\"\noperation = [\"On*\", \"Post?weet\"]", true),
        ("connector = \"twitte\"", false),
        ("connector = \"twitter?\"", false),
    ] {
        let sandbox = Sandbox::new();
        let page = page.replace("connector = \"shared_twitter\"", narrowed);
        sandbox.write("flow-rules/ctso-no-twitter.md", page);
        // The bad example says where the rule reports.
        sandbox.run(&["test", "flow-rules"]).expect(i32::from(!expected));
    }
}
