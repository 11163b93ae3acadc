//! The typed picture of a flow: triggers, actions and the containers that hold them, run order,
//! connections, parameters, and every string the service evaluates.
//!
//! Built from one JSON tree, whose places it keeps. Knows nothing of rules. Loading never fails: what
//! has the wrong shape is listed as [`Malformed`] and the rest is there.

mod analysis;
mod connection;
mod detect;
mod element;
mod identity;
mod kind;
mod load;
mod operation;
mod run_order;
mod shape;
mod site;
mod statuses;
mod values;
mod variable;

use rustc_hash::FxHashMap;

pub use crate::catalog::connectors::plain as plain_connector;
pub use analysis::FlowAnalysis;
pub use connection::{Binding, Connection, Parameter};
pub use detect::{Body, Detected, Found, detect, detect_fragment, has_marks_of_a_flow};
pub use element::{Element, ElementKind};
pub use identity::KnownFlow;
pub(crate) use identity::identity;
pub use kind::{ActionType, KINDS, TriggerType};
pub use load::load;
pub use operation::Operation;
pub use run_order::{FailureOutcome, FailurePaths, Relation, RunOrder};
pub use shape::Shape;
pub use site::{ExpressionSite, Place, Text};
pub use statuses::Statuses;
pub(crate) use values::{Address, host};
pub use values::{Literal, LiteralPrefix, is_computed, is_template_expression, may_be_put_in};
pub use variable::{Variable, VariableType, VariableUse, is_plain_name, same_variable};

use crate::expr::Folded;
use crate::json::Node;
use crate::text::Arena;
use crate::text::{Source, Span};

/// Which form of export a flow came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// A file of a solution: `{properties: {connectionReferences, definition}, schemaVersion}`.
    SolutionFlow,
    /// `definition.json` of a legacy package.
    Package,
    /// What the flow API answers: `{id, name, properties, type}`.
    FlowApi,
    /// `workflow.json` of Logic Apps Standard: `{definition, kind}`.
    LogicAppsStandard,
    /// A resource of an ARM template.
    ArmTemplate,
    /// `{definition: …}` alone.
    WrappedDefinition,
    /// A definition alone.
    Definition,
    /// A copy out of the classic designer.
    Clipboard,
    /// A copy out of the new designer.
    NewClipboard,
}

impl Format {
    /// The name of the format in reports and in `inspect`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::SolutionFlow => "solution-flow",
            Format::Package => "package",
            Format::FlowApi => "flow-api",
            Format::LogicAppsStandard => "logic-apps-standard",
            Format::ArmTemplate => "arm-template",
            Format::WrappedDefinition => "wrapped-definition",
            Format::Definition => "definition",
            Format::Clipboard => "clipboard",
            Format::NewClipboard => "new-clipboard",
        }
    }
}

/// The service that runs a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Product {
    /// Power Automate.
    PowerAutomate,
    /// Azure Logic Apps.
    LogicApps,
}

/// How much of a flow its file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Completeness {
    /// Some actions of a flow: a copy from a designer.
    Fragment,
    /// The whole definition, without what the flow is connected to.
    Definition,
    /// The whole flow.
    Flow,
}

/// Index of an action in [`Flow::actions`].
pub type ActionId = usize;
/// Index of a branch in [`Flow::branches`].
pub type BranchId = usize;

/// A cloud flow.
#[derive(Debug)]
pub struct Flow<'a> {
    /// The file it stands in.
    pub source: &'a Source,
    /// The form of the file.
    pub format: Format,
    /// The service that runs it.
    pub product: Product,
    /// How much of it the file holds.
    pub completeness: Completeness,
    /// Its name, as people know it, as far as its file tells.
    pub name: String,
    /// Whether the name is the flow's own, and not made of what its file is called.
    pub is_named: bool,
    /// What identifies it across files: a GUID or a resource name, else the file name.
    pub id: String,
    /// What the solution around it says it is for; empty if it says nothing.
    pub description: String,
    /// The place of the flow as a whole: the key `actions` of its definition.
    pub anchor: Span,
    /// The definition; for a copied action the tree of the file.
    pub definition: &'a Node<'a>,
    /// What starts it.
    pub triggers: Vec<Trigger<'a>>,
    /// Every action at every level, each before what it holds, in the order of the file.
    pub actions: Vec<Action<'a>>,
    /// Every list of actions; the first is the top level.
    pub branches: Vec<Branch<'a>>,
    /// Its connection references.
    pub connections: Vec<Connection<'a>>,
    /// The objects around the definition, which are of this flow alone.
    pub envelope: [Option<&'a Node<'a>>; 2],
    /// The JSON of the connection references, where the file holds them.
    pub references: Option<&'a Node<'a>>,
    /// Its parameters, environment variables among them.
    pub parameters: Vec<Parameter<'a>>,
    /// Every string that the service evaluates, in the order of the file within an element.
    pub sites: Vec<ExpressionSite<'a>>,
    /// Whether the file limits who may call its trigger, by addresses or by tokens (Logic Apps).
    pub access_controlled: bool,
    /// What has the wrong shape.
    pub malformed: Vec<Malformed>,
    pub(crate) arena: &'a Arena,
    names: FxHashMap<Folded<'a>, Named>,
}

/// What starts a flow.
#[derive(Debug)]
pub struct Trigger<'a> {
    /// Its name.
    pub name: &'a str,
    /// The place of its name.
    pub key_span: Span,
    /// Its JSON.
    pub node: &'a Node<'a>,
    /// What it is.
    pub ty: TriggerType,
    /// The type as written.
    pub type_name: &'a str,
    /// The kind as written: `Http`, `Button`, `PowerAppV2`, …
    pub kind: Option<&'a str>,
}

/// One action.
#[derive(Debug)]
pub struct Action<'a> {
    /// Its index in [`Flow::actions`].
    pub id: ActionId,
    /// Its name.
    pub name: &'a str,
    /// The place of its name.
    pub key_span: Span,
    /// Its JSON.
    pub node: &'a Node<'a>,
    /// What it is.
    pub ty: ActionType,
    /// The type as written.
    pub type_name: &'a str,
    /// The kind as written.
    pub kind: Option<&'a str>,
    /// The list of actions it stands in.
    pub branch: BranchId,
    /// 1 at the top level.
    pub depth: usize,
    /// What it waits for, and with which outcomes.
    pub run_after: &'a [RunAfter<'a>],
    /// The lists of actions it holds.
    pub branches: Vec<BranchId>,
    /// The id after the last action inside it.
    pub subtree_end: ActionId,
}

/// A list of actions: the top level, or one path through a container.
#[derive(Debug)]
pub struct Branch<'a> {
    /// Which path of its container it is.
    pub kind: BranchKind,
    /// The name of a case or tool.
    pub name: Option<&'a str>,
    /// The container; none at the top level.
    pub owner: Option<ActionId>,
    /// The place of the key that names it: `actions`, `else`, the case's name.
    pub key_span: Span,
    /// The actions in it, in the order of the file.
    pub actions: Vec<ActionId>,
}

/// The paths through containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BranchKind {
    /// The top level of the flow.
    Root,
    /// The inside of a Scope or a loop.
    Body,
    /// The yes side of a condition.
    Yes,
    /// The no side of a condition.
    No,
    /// A case of a Switch.
    Case,
    /// The default of a Switch.
    Default,
    /// A tool of an agent.
    Tool,
}

/// One action that another waits for.
#[derive(Clone, Copy, Debug)]
pub struct RunAfter<'a> {
    /// The name as written.
    pub name: &'a str,
    /// The place of the name.
    pub key_span: Span,
    /// The outcomes that let the waiting action run.
    pub statuses: Statuses,
    /// The list of outcomes as JSON.
    pub node: &'a Node<'a>,
}

/// A place whose shape is not that of a flow.
#[derive(Debug)]
pub struct Malformed {
    /// The place.
    pub span: Span,
    /// What is wrong there, as a clause without a full stop.
    pub message: String,
    /// What would be right.
    pub help: String,
    /// Whether triggers or actions may be lost with it.
    pub loses_steps: bool,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A trigger, by its index in [`Flow::triggers`].
    Trigger(usize),
    /// An action; the first of that name.
    Action(ActionId),
}

impl<'a> Flow<'a> {
    /// The trigger or action that a reference means: case folded, a space is an underscore.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<Named> {
        self.names.get(&Folded(name)).copied()
    }

    /// Whether every trigger and action that the file holds was read.
    #[must_use]
    pub fn has_all_steps(&self) -> bool {
        !self.malformed.iter().any(|malformed| malformed.loses_steps)
    }

    /// Whether no two triggers or actions share a name.
    #[must_use]
    pub fn has_unique_names(&self) -> bool {
        self.names.len() == self.triggers.len() + self.actions.len()
    }

    /// The top level.
    #[must_use]
    pub fn root(&self) -> &Branch<'a> {
        &self.branches[0]
    }

    /// The container around an action.
    #[must_use]
    pub fn parent(&self, action: &Action<'a>) -> Option<&Action<'a>> {
        self.branches[action.branch].owner.map(|id| &self.actions[id])
    }

    /// The action and the containers around it, from the outside in.
    #[must_use]
    pub fn path(&self, id: ActionId) -> Vec<ActionId> {
        let mut path: Vec<ActionId> = std::iter::once(id).chain(self.containers(id)).collect();
        path.reverse();
        path
    }

    /// The greatest depth of an action: 1 where all are at the top level, 0 where there are none.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.actions.iter().map(|action| action.depth).max().unwrap_or(0)
    }

    /// Whether the file holds all triggers and actions of the flow.
    #[must_use]
    pub fn has_whole_definition(&self) -> bool {
        self.completeness >= Completeness::Definition
    }

    /// Whether the file holds all there is of the flow.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.completeness == Completeness::Flow
    }

    /// The key of a connection reference as the flow declares it.
    #[must_use]
    pub fn connection(&self, key: &str) -> Option<&Connection<'a>> {
        self.connections.iter().find(|connection| connection.key == key)
    }
}
