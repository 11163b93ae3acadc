//! The variables of a flow: where they are initialized, with which type.

use super::values::is_computed;
use rustc_hash::FxHashMap;

use super::{ActionId, ActionType, Element, FlowAnalysis};
use crate::expr::{ExprKind, Reads, TextRange};
use crate::json::Node;
use crate::text::Span;

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
pub(super) fn load<'a>(flow: &FlowAnalysis<'a>) -> Vec<Variable<'a>> {
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

/// A place that reads or writes a variable by a name that is not computed.
#[derive(Clone, Debug)]
pub struct VariableUse<'a> {
    /// The name as written there.
    pub name: &'a str,
    /// The initialization that it means, the first of that name, as an index into [`super::FlowAnalysis::variables`].
    pub variable: Option<usize>,
    /// What it belongs to.
    pub element: Element,
    /// Whether it is written there.
    pub writes: bool,
    place: UsePlace,
}

/// Where the name stands: a literal of the file, or an argument in an evaluated string.
#[derive(Clone, Copy, Debug)]
enum UsePlace {
    Literal(Span),
    Argument(usize, TextRange),
}

/// Whether a name stands as it is: not computed, neither by the flow nor by an ARM template.
#[must_use]
pub fn is_plain_name(name: &str) -> bool {
    !is_computed(name) && !name.is_empty()
}

/// Whether two names of variables are one to the service: case folded. A space is no underscore here, as it is in
/// names of actions.
#[must_use]
pub fn same_variable(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        a.eq_ignore_ascii_case(b)
    } else {
        a.to_lowercase() == b.to_lowercase()
    }
}

/// Reads in expressions and writes by actions.
pub(super) fn uses<'a>(flow: &FlowAnalysis<'a>) -> Vec<VariableUse<'a>> {
    let mut folded: FxHashMap<String, usize> = FxHashMap::default();
    let mut spelled: FxHashMap<&str, usize> = FxHashMap::default();
    for (at, variable) in flow.variables().iter().enumerate() {
        let first = *folded.entry(variable.name.to_lowercase()).or_insert(at);
        spelled.insert(variable.name, first);
    }
    // Nearly every name is spelled as it was initialized.
    let known = |name: &str| spelled.get(name).or_else(|| folded.get(&name.to_lowercase())).copied();
    let mut uses = Vec::new();
    for (at, site) in flow.sites.iter().enumerate() {
        for expr in site.template.expressions() {
            expr.each_call(&mut |call| {
                if call.reads() == Reads::Variable
                    && let Some(argument) = call.arguments.first()
                    && let ExprKind::String(name) = argument.kind
                {
                    let variable = known(name);
                    let place = UsePlace::Argument(at, argument.at);
                    uses.push(VariableUse { name, variable, element: site.element, writes: false, place });
                }
            });
        }
    }
    for (id, action) in flow.actions.iter().enumerate() {
        if action.ty.writes_variable()
            && let Some(node) = action.node.at(&["inputs", "name"])
            && let Some(name) = node.as_str().filter(|name| is_plain_name(name))
        {
            let variable = known(name);
            let (element, place) = (Element::Action(id), UsePlace::Literal(node.span));
            uses.push(VariableUse { name, variable, element, writes: true, place });
        }
    }
    uses
}

impl VariableUse<'_> {
    /// The place of the name in the file.
    #[must_use]
    pub fn span(&self, flow: &FlowAnalysis<'_>) -> Span {
        match self.place {
            UsePlace::Literal(span) => span,
            UsePlace::Argument(site, at) => flow.sites[site].span_of(&flow.source.text, at),
        }
    }
}

impl<'a> FlowAnalysis<'a> {
    /// The initializations of a variable, by name: case folded. More than one is a fault.
    pub fn initializations<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f Variable<'a>> {
        self.variables().iter().filter(move |variable| same_variable(variable.name, name))
    }
}
