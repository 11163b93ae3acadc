//! Scenery: what several examples stand in, a trigger or connections, is written once.

use super::super::page::Page;
use crate::json::{self, Node};
use crate::text::Arena;

/// The parts that scenery may have, and those that make an example more than a list of actions.
const PARTS: [&str; 4] = ["triggers", "actions", "connectionReferences", "parameters"];

/// An example put into its scenery. The lines of the example stay where they are, for marks count them.
///
/// # Errors
/// Scenery or an example that is no object of the right kind, in a sentence.
pub(super) fn put_into(example: &str, name: &str, given: &str, page: &Page) -> Result<String, String> {
    let arena = Arena::new();
    let scenery = json::parse(given, &arena).map_err(|error| format!("the scenery `{name}`: {error}"))?;
    let own = json::parse(example, &arena).map_err(|error| format!("the example is no JSON: {error}"))?;
    if !scenery.is_object() || scenery.members().iter().any(|member| !PARTS.contains(&member.key)) {
        return Err(format!("the scenery `{name}` is an object of {}", PARTS.join(", ")));
    }
    let has_parts = PARTS.iter().any(|part| own.get(part).is_some());
    let taken = |key: &str| if has_parts { own.get(key).is_some() } else { key == "actions" };
    if let Some(double) = scenery.members().iter().find(|member| taken(member.key)) {
        return Err(format!(
            "both the scenery `{name}` and the example of `{}` have `{}`",
            page.id, double.key
        ));
    }
    let text = |node: &Node<'_>| given.get(node.span.range()).unwrap_or_default().replace('\n', " ");
    let parts = scenery.members().iter().map(|member| format!("{:?}: {}", member.key, text(&member.value)));
    let parts = parts.collect::<Vec<_>>().join(", ");
    let end = example.rfind('}').ok_or("the example is no object")?;
    let (start, behind) = example.split_at(end);
    Ok(match has_parts {
        true => format!("{start}, {parts}{behind}"),
        false => format!("{{\"actions\": {start}}}, {parts}{behind}"),
    })
}
