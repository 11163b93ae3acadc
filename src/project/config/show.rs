//! The configuration in force, as a file that would say the same.

use super::{Allow, Config};
use crate::linter::{Active, OptionValue};
use crate::text::plural;

/// The configuration as TOML: every rule that runs, with its severity and options, and everything else that holds.
/// Read as a `flowvet.toml` it gives the same run.
#[must_use]
pub fn show(config: &Config, rules: &[Active]) -> String {
    let on: Vec<&Active> = rules.iter().filter(|rule| rule.selected).collect();
    let mut text = String::from("# The configuration in force");
    match &config.path {
        Some(path) => {
            text.push_str(&format!(": {}, with the options of the command line.\n", in_comment(path)))
        }
        None => text.push_str(": the defaults, with the options of the command line.\n"),
    }
    let ids: Vec<&str> = on.iter().map(|rule| rule.page.id.as_ref()).collect();
    text.push_str(&format!("\n# What runs: {}.\nselect = {}\n", plural(ids.len(), "rule"), lines(&ids)));
    let exclude: Vec<&str> = config.exclude.iter().collect();
    text.push_str(&format!("\nexclude = {}\n", lines(&exclude)));
    if !config.rule_dirs.is_empty() {
        let dirs: Vec<&str> = config.rule_dirs.iter().map(|(dir, _)| dir.as_str()).collect();
        text.push_str(&format!("\nrule-dirs = {}\n", lines(&dirs)));
    }
    for entry in &config.allow {
        text.push_str(&format!("\n{}", allow(entry)));
    }
    // A policy stands among the options of the rules that it sets.
    for rule in on {
        text.push_str(&format!("\n[rules.{}]\n", rule.page.id));
        match rule.severity {
            Some(severity) => text.push_str(&format!("severity = {}\n", quoted(severity.name()))),
            // To set it would change the findings that are graver or less grave than the rule.
            None => text.push_str(&format!("# severity: {}\n", rule.meta.severity.name())),
        }
        for (name, value) in rule.options.iter() {
            text.push_str(&format!("{name} = {}\n", option(value)));
        }
    }
    text
}

fn allow(entry: &Allow) -> String {
    let mut text = String::from("[[allow]]\n");
    let rules: Vec<&str> = entry.rules.iter().map(|(word, _)| word.as_str()).collect();
    text.push_str(&format!("rule = {}\n", line(&rules)));
    let narrowed = [
        ("flow", entry.flow.iter().map(String::as_str).collect::<Vec<_>>()),
        ("element", entry.element.iter().map(String::as_str).collect()),
        ("path", entry.path.iter().collect()),
    ];
    for (key, patterns) in narrowed {
        if !patterns.is_empty() {
            text.push_str(&format!("{key} = {}\n", line(&patterns)));
        }
    }
    if let Some((date, _)) = entry.until {
        text.push_str(&format!("until = {date}\n"));
    }
    text.push_str(&format!("reason = {}\n", quoted(&entry.reason)));
    text
}

/// The value of an option as TOML.
pub(super) fn option(value: &OptionValue) -> String {
    match value {
        OptionValue::Int(number) => number.to_string(),
        OptionValue::Bool(truth) => truth.to_string(),
        OptionValue::Text(text) => quoted(text),
        OptionValue::List(items) => line(&items.iter().map(String::as_str).collect::<Vec<_>>()),
    }
}

/// A list on one line; a text where it is one.
fn line(items: &[&str]) -> String {
    let quoted: Vec<String> = items.iter().map(|item| quoted(item)).collect();
    format!("[{}]", quoted.join(", "))
}

/// A list, one line for each item.
fn lines(items: &[&str]) -> String {
    let quoted: Vec<String> = items.iter().map(|item| format!("  {},\n", quoted(item))).collect();
    match quoted.is_empty() {
        true => "[]".into(),
        false => format!("[\n{}]", quoted.concat()),
    }
}

/// A text as TOML, with its escapes: those of JSON, and one more.
fn quoted(text: &str) -> String {
    let escape = |c: char| match c {
        '\u{7f}'..='\u{9f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            format!("\\u{:04X}", u32::from(c))
        }
        other => other.to_string(),
    };
    let json = serde_json::to_string(text).unwrap_or_else(|_| "\"\"".into());
    json.chars().map(escape).collect()
}

/// A path as it can stand in a comment.
fn in_comment(path: &std::path::Path) -> String {
    crate::text::printable(&path.display().to_string())
}
