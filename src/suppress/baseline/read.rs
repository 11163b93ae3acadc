//! Reads a baseline, and refuses what is none with place and reason: half a baseline would call old faults new.

use std::collections::BTreeMap;

use super::{Baseline, Entry, VERSION};
use crate::finding::FlowName;
use crate::json::{self, Node};
use crate::text::Span;
use crate::text::{Arena, TextError};

impl Baseline {
    /// Reads the text of a baseline.
    ///
    /// # Errors
    /// The first mistake and its place: a merge marker, no JSON, a newer version, an entry that is none, a
    /// fingerprint that two entries claim.
    pub fn read(text: &str) -> Result<Self, TextError> {
        if let Some((number, span)) = merge_marker(text) {
            let message = format!(
                "line {number} is the mark of a merge: keep the findings of both sides, or take one side and run --write-baseline"
            );
            return Err(TextError::new(span, message));
        }
        let arena = Arena::new();
        let root = json::parse(text, &arena)?;
        let version = root.get("version").ok_or_else(|| {
            wrong("this is no baseline of flowvet: it has no `version`", beginning(&root, text))
        })?;
        match version.as_int() {
            Some(VERSION) => {}
            Some(number) if number > VERSION => {
                let message = format!(
                    "this baseline is of version {number}, and flowvet {} reads version {VERSION}: update flowvet",
                    env!("CARGO_PKG_VERSION")
                );
                return Err(wrong(&message, version.span));
            }
            _ => return Err(wrong(&format!("`version` is {VERSION}"), version.span)),
        }
        let findings =
            root.get("findings").filter(|findings| matches!(findings.value, json::Value::Array(_)));
        let findings = findings.ok_or_else(|| {
            wrong(
                "`findings` is missing, or no list",
                root.get("findings").map_or(version.span, |node| node.span),
            )
        })?;
        let mut known: BTreeMap<String, Entry> = BTreeMap::new();
        let mut entries = Vec::new();
        for node in findings.elements() {
            let entry = entry(node, text)?;
            match known.get(&entry.fingerprint) {
                // A merge may bring the same line in twice.
                Some(other) if *other == entry => {}
                Some(_) => {
                    let message = format!(
                        "two entries that differ have the fingerprint {}: delete the one that is not true any more",
                        entry.fingerprint
                    );
                    return Err(wrong(&message, place(node, "fingerprint", text)));
                }
                None => {
                    known.insert(entry.fingerprint.clone(), entry.clone());
                    entries.push(entry);
                }
            }
        }
        Ok(Self::new(entries))
    }
}

fn entry(node: &Node<'_>, text: &str) -> Result<Entry, TextError> {
    let missing = |key: &str| {
        wrong(
            &format!("this entry has no `{key}`, or one that is none: it is no finding"),
            place(node, key, text),
        )
    };
    if !node.is_object() {
        return Err(wrong("an entry of `findings` is an object", beginning(node, text)));
    }
    let of = |node: &Node<'_>, key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
    let own = |key: &str| of(node, key).ok_or_else(|| missing(key));
    let flow =
        node.get("flow").and_then(|flow| Some(FlowName { name: of(flow, "name")?, id: of(flow, "id")? }));
    let element = node.get("element").filter(|list| matches!(list.value, json::Value::Array(_)));
    let element = element.map(|list| {
        list.elements().iter().map(|name| name.as_str().map(str::to_owned)).collect::<Option<_>>()
    });
    let fingerprint = own("fingerprint")?;
    let is_hash = fingerprint.len() == 32 && fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit());
    Ok(Entry {
        path: own("path")?,
        member: of(node, "member"),
        flow: flow.ok_or_else(|| missing("flow"))?,
        element: element.flatten().ok_or_else(|| missing("element"))?,
        rule: own("rule")?,
        fingerprint: is_hash.then_some(fingerprint).ok_or_else(|| missing("fingerprint"))?,
    })
}

fn wrong(message: &str, span: Span) -> TextError {
    TextError::new(span, message)
}

/// The value of a key, or where the object begins.
fn place(node: &Node<'_>, key: &str, text: &str) -> Span {
    node.get(key).map_or_else(|| beginning(node, text), |value| value.span)
}

fn beginning(node: &Node<'_>, text: &str) -> Span {
    let start = node.span.start as usize;
    let width = text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Span::new(start, start + width)
}

/// The first line that git leaves where it cannot merge: its number, from 1, and its place.
fn merge_marker(text: &str) -> Option<(usize, Span)> {
    let mut start = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let is_marker =
            ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].into_iter().any(|mark| line.starts_with(mark));
        if is_marker {
            return Some((at + 1, Span::new(start, start + line.trim_end().len())));
        }
        start += line.len();
    }
    None
}
