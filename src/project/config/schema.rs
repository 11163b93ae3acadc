//! The JSON Schema of `flowvet.toml`, for editors.

use serde_json::{Map, Value, json};

use crate::finding::Severity;
use crate::linter::{Meta, OptionValue, Page};
use crate::project::policy::{GROUP_NAMES, Policy};

/// The schema, with the rules of these pages and their options. It names every key that [`super::Config`] reads and
/// no other. Rules of one's own are not in it: words that it does not know are texts like any other.
#[must_use]
pub fn schema(pages: &[(Page, Meta)]) -> Value {
    let mut words: Vec<&str> = vec!["all"];
    words.extend(pages.iter().map(|(page, _)| page.category.as_ref()));
    words.extend(pages.iter().map(|(page, _)| page.id.as_ref()));
    words.dedup();
    let rules: Map<String, Value> =
        pages.iter().map(|(page, meta)| (page.id.to_string(), rule(meta))).collect();
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "flowvet.toml",
        "description": "The configuration of flowvet: which rules run, how grave they are, and what is accepted.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "select": word_list("Rules that run, in place of the default set."),
            "extend-select": word_list("Rules that run on top of the set."),
            "ignore": word_list("Rules that do not run, whatever selected them."),
            "exclude": {
                "description": "Files that are never checked: patterns with `*`, `?`, and `**` for any folders.",
                "type": "array",
                "items": {"type": "string"}
            },
            "rule-dirs": {
                "description": "Folders with rule pages of your own, from the folder of this file.",
                "type": "array",
                "items": {"type": "string", "minLength": 1}
            },
            "policy": policy(),
            "rules": {
                "description": "Severity and options, by the id of the rule.",
                "type": "object",
                "properties": rules,
                "additionalProperties": {"type": "object", "properties": {"severity": severity(None)}}
            },
            "allow": {
                "description": "Findings that are accepted.",
                "type": "array",
                "items": entry()
            }
        },
        "definitions": {
            "word": {
                "description": "The id of a rule, a category, or all.",
                "anyOf": [{"enum": words}, {"type": "string", "minLength": 1}]
            },
            "texts": {
                "oneOf": [
                    {"type": "string", "minLength": 1},
                    {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}}
                ]
            }
        }
    })
}

fn word_list(description: &str) -> Value {
    json!({"description": description, "type": "array", "items": {"$ref": "#/definitions/word"}})
}

/// What flows may use.
fn policy() -> Value {
    let properties: Map<String, Value> = Policy::keys()
        .map(|key| {
            let value = match key {
                "file" => json!({"description": "An exported data policy, from the folder of this file.", "type": "string", "minLength": 1}),
                "default-group" => json!({"enum": GROUP_NAMES}),
                _ => json!({"type": "array", "items": {"type": "string"}}),
            };
            (key.to_owned(), value)
        })
        .collect();
    json!({
        "description": "Which connectors, operations and hosts flows may use.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties
    })
}

/// An entry of `[[allow]]`.
fn entry() -> Value {
    let texts =
        |description: &str| json!({"description": description, "allOf": [{"$ref": "#/definitions/texts"}]});
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["rule", "reason"],
        "properties": {
            "rule": {
                "description": "What is accepted.",
                "oneOf": [
                    {"$ref": "#/definitions/word"},
                    {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/word"}}
                ]
            },
            "flow": texts("Name or id of the flow; `*` and `?` are wildcards."),
            "element": texts("Name of an action, trigger, connection or parameter, or of a container around it; `*` and `?` are wildcards."),
            "path": texts("The file or a folder around it: a pattern with `*`, `?`, and `**` for any folders."),
            "until": {
                "description": "The last day on which the entry holds.",
                "type": "string",
                "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
            },
            "reason": {
                "description": "Why this is fine.",
                "type": "string",
                "pattern": "\\S"
            }
        }
    })
}

/// The settings of a rule.
fn rule(meta: &Meta) -> Value {
    let mut properties = Map::new();
    properties.insert("severity".into(), severity(Some(meta.severity)));
    for (name, default) in meta.options.iter() {
        properties.insert(name.to_owned(), option(default));
    }
    json!({
        "description": meta.summary,
        "type": "object",
        "additionalProperties": false,
        "properties": properties
    })
}

fn severity(default: Option<Severity>) -> Value {
    let names: Vec<&str> = Severity::ALL.into_iter().map(Severity::name).collect();
    match default {
        Some(default) => json!({"enum": names, "default": default.name()}),
        None => json!({"enum": names}),
    }
}

fn option(default: &OptionValue) -> Value {
    match default {
        OptionValue::Int(number) => json!({"type": "integer", "default": number}),
        OptionValue::Bool(truth) => json!({"type": "boolean", "default": truth}),
        OptionValue::Text(text) => json!({"type": "string", "default": text}),
        OptionValue::List(items) => {
            json!({"type": "array", "items": {"type": "string"}, "default": items})
        }
    }
}
