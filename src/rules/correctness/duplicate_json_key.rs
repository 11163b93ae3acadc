//! One key twice in an object.

use rustc_hash::FxHashMap;

use crate::flow::FlowAnalysis;
use crate::json::{Member, Node, Value};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

/// Up to so many members each is compared with each: quicker than hashing, and nearly every object.
const SMALL: usize = 8;

#[derive(Debug)]
pub(crate) struct DuplicateJsonKey;

impl CodedRule for DuplicateJsonKey {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let mut found: Vec<(&Member<'a>, &Member<'a>)> = Vec::new();
        for node in flow.envelope.into_iter().flatten() {
            find(node.members(), &mut found);
        }
        for node in [Some(flow.definition), flow.references].into_iter().flatten() {
            walk(node, &mut found);
        }
        for (first, later) in found {
            // Where both say the same, nothing is lost yet.
            let lost = first.value != later.value;
            let message = match lost {
                true => format!("The key '{}' stands twice in this object: only this one is read", later.key),
                false => format!("The key '{}' stands twice in this object, with the same value", later.key),
            };
            let draft = cx
                .report(later.key_span, message)
                .help("Keep one of them. The next save keeps the last one and drops what the first said.")
                .related(first.key_span, format!("'{}' stands here first", first.key));
            if !lost {
                draft.severity(crate::finding::Severity::Warning);
            }
        }
    }
}

/// Whether no two keys can be the same, by their lengths and ends: what nearly every object is like.
fn all_differ(members: &[Member<'_>]) -> bool {
    let mut seen: u64 = 0;
    members.iter().all(|member| {
        let bytes = member.key.as_bytes();
        let ends = bytes.first().zip(bytes.last()).map_or(0, |(first, last)| {
            usize::from(*first).wrapping_mul(7).wrapping_add(usize::from(*last).wrapping_mul(31))
        });
        let bit = 1_u64 << (ends.wrapping_add(bytes.len()) % 64);
        let is_new = seen & bit == 0;
        seen |= bit;
        is_new
    })
}

/// Collects each key that an object has had before, with the nearest one before it.
fn walk<'f, 'a>(node: &'f Node<'a>, found: &mut Vec<(&'f Member<'a>, &'f Member<'a>)>) {
    match &node.value {
        Value::Object(members) => {
            if !all_differ(members) {
                find(members, found);
            }
            for member in *members {
                walk(&member.value, found);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| walk(element, found)),
        _ => {}
    }
}

/// Collects each key of an object that stands there twice.
fn find<'f, 'a>(members: &'f [Member<'a>], found: &mut Vec<(&'f Member<'a>, &'f Member<'a>)>) {
    if members.len() <= SMALL {
        for (at, later) in members.iter().enumerate().skip(1) {
            found.extend(members[..at].iter().rfind(|m| m.key == later.key).map(|first| (first, later)));
        }
    } else {
        let mut seen: FxHashMap<&str, &Member<'a>> = FxHashMap::default();
        seen.reserve(members.len());
        for later in members {
            found.extend(seen.insert(later.key, later).map(|first| (first, later)));
        }
    }
}
