//! The variables of a flow: where they are initialized, with which type.

use super::{ActionId, ActionType, Flow};
use crate::expr::fold_name;
use crate::json::Node;
use crate::source::Span;

/// A variable, at one place where it is initialized.
#[derive(Debug)]
pub struct Variable<'a> {
    /// Its name as written.
    pub name: &'a str,
    /// The place of the name.
    pub name_span: Span,
    /// Its type; none where the file names none that there is.
    pub ty: Option<VariableType>,
    /// Its first value.
    pub value: Option<&'a Node<'a>>,
    /// The action that initializes it.
    pub action: ActionId,
}

/// The types of variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VariableType {
    /// True or false.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Float,
    /// Text.
    String,
    /// An object.
    Object,
    /// An array.
    Array,
}

impl VariableType {
    const NAMES: [(&'static str, Self); 6] = [
        ("boolean", Self::Boolean),
        ("integer", Self::Integer),
        ("float", Self::Float),
        ("string", Self::String),
        ("object", Self::Object),
        ("array", Self::Array),
    ];

    /// The type of that name; case is folded, as the service does.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMES.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, ty)| ty)
    }

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.into_iter().find(|(_, ty)| *ty == self).map_or("", |(name, _)| name)
    }
}

/// Every initialization, in the order of the file.
pub(super) fn load<'a>(flow: &Flow<'a>) -> Vec<Variable<'a>> {
    let mut variables = Vec::new();
    for (id, action) in flow.actions.iter().enumerate() {
        if action.ty != ActionType::InitializeVariable {
            continue;
        }
        let list = action.node.at(&["inputs", "variables"]).map(Node::elements).unwrap_or_default();
        for variable in list {
            if let Some(node) = variable.get("name")
                && let Some(name) = node.as_str()
            {
                variables.push(Variable {
                    name,
                    name_span: node.span,
                    ty: variable.get("type").and_then(Node::as_str).and_then(VariableType::named),
                    value: variable.get("value"),
                    action: id,
                });
            }
        }
    }
    variables
}

impl<'a> Flow<'a> {
    /// The initializations of a variable, by name: case folded. More than one is a fault.
    pub fn initializations(&self, name: &str) -> impl Iterator<Item = &Variable<'a>> {
        let wanted = fold_name(name);
        self.variables().iter().filter(move |variable| fold_name(variable.name) == wanted)
    }
}
