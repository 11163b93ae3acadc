//! Files written down again: the same content in another order of keys, with another indentation.

use flowvet::json::{Member, Node, Value, parse};
use flowvet::text::Arena;

/// A fixed sequence of numbers that look drawn.
pub(crate) struct Seed(pub(crate) u64);

impl Seed {
    /// A number below another.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end.max(1)
    }
}

/// How to write a tree down again.
pub(crate) struct Style<'s> {
    pub(crate) indent: Option<usize>,
    pub(crate) shuffle: Option<&'s mut Seed>,
}

fn print(node: &Node<'_>, style: &mut Style<'_>, level: usize, out: &mut String) {
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let items: Vec<(Option<String>, &Node<'_>)> = match &node.value {
        Value::Null => return out.push_str("null"),
        Value::Bool(truth) => return out.push_str(&truth.to_string()),
        Value::Number(number) => return out.push_str(number),
        Value::String(text) => return out.push_str(&quoted(text)),
        Value::Array(elements) => elements.iter().map(|element| (None, element)).collect(),
        Value::Object(members) => {
            let mut members: Vec<&Member<'_>> = members.iter().collect();
            if let Some(seed) = &mut style.shuffle {
                for at in (1..members.len()).rev() {
                    members.swap(at, seed.below(at + 1));
                }
            }
            members.into_iter().map(|member| (Some(quoted(member.key)), &member.value)).collect()
        }
    };
    let (open, close) = if matches!(node.value, Value::Array(_)) { ('[', ']') } else { ('{', '}') };
    let new_line = |indent: Option<usize>, level: usize| match indent {
        Some(indent) => format!("\n{}", " ".repeat(indent * level)),
        None => String::new(),
    };
    out.push(open);
    for (at, (key, value)) in items.iter().enumerate() {
        out.push_str(if at > 0 { "," } else { "" });
        out.push_str(&new_line(style.indent, level + 1));
        if let Some(key) = key {
            out.push_str(key);
            out.push_str(if style.indent.is_some() { ": " } else { ":" });
        }
        print(value, style, level + 1, out);
    }
    if !items.is_empty() {
        out.push_str(&new_line(style.indent, level));
    }
    out.push(close);
}

/// A text written down again in a style.
pub(crate) fn printed(text: &str, mut style: Style<'_>) -> String {
    let arena = Arena::new();
    let root = parse(text, &arena).unwrap();
    let mut out = String::new();
    print(&root, &mut style, 0, &mut out);
    out
}
