//! Whether a value is written in the file, or known only later: in the run, when a template is deployed, or when a
//! pipeline puts it in. Every rule asks here.

use crate::expr::Template;
use crate::flow::{Flow, Format};

/// Whether ARM reads a text as an expression of its own: `[parameters('x')]`. `[[` is its escape for a plain `[`.
/// Source: Azure Resource Manager documentation, template expressions.
#[must_use]
pub fn is_template_expression(text: &str) -> bool {
    text.starts_with('[') && text.ends_with(']') && !text.starts_with("[[")
}

/// Whether a name, an id or a word is computed, by the flow or by a template around it. For texts that may hold a list
/// or code, [`Flow::is_computed`] also knows the form of the file.
#[must_use]
pub fn is_computed(text: &str) -> bool {
    !Template::is_plain(text) || is_template_expression(text)
}

/// Whether a pipeline may put in what a short text says: `#{Unit}#`, `{{unit}}`, `${unit}`, `__Unit__`, `%unit%`,
/// `<%unit%>`. For words and numbers, which have none of these signs.
#[must_use]
pub fn may_be_put_in(text: &str) -> bool {
    text.contains("__") || text.contains(['{', '#', '$', '<', '%'])
}

impl Flow<'_> {
    /// Whether what a text says is known only later: it is an expression of the flow, or of the template that the flow
    /// stands in.
    #[must_use]
    pub fn is_computed(&self, text: &str) -> bool {
        !Template::is_plain(text) || self.is_template_expression(text)
    }

    /// Whether a text is an expression of the template that the flow stands in.
    #[must_use]
    pub fn is_template_expression(&self, text: &str) -> bool {
        self.format == Format::ArmTemplate && is_template_expression(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_computed_by_the_flow_or_by_its_template() {
        for (text, by_flow, by_template) in [
            ("plain", false, false),
            ("a@b.c", false, false),
            ("@@a", false, false),
            ("@variables('a')", true, false),
            ("x @{variables('a')}", true, false),
            ("[parameters('a')]", false, true),
            ("[[1]", false, false),
            ("[1", false, false),
            ("", false, false),
        ] {
            assert_eq!(!Template::is_plain(text), by_flow, "{text}");
            assert_eq!(is_template_expression(text), by_template, "{text}");
            assert_eq!(is_computed(text), by_flow || by_template, "{text}");
        }
        for text in ["#{Unit}#", "{{unit}}", "${unit}", "__Unit__", "%unit%", "<%unit%>"] {
            assert!(may_be_put_in(text) && !may_be_put_in("Week"), "{text}");
        }
    }
}
