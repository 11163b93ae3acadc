//! What tells the shape of a value before the run: the JSON that it is put together of, or a schema that the service
//! holds it against.
//!
//! Follows calls to where that stands; what the types are is not its business.

use super::super::{Action, ActionType, Element, FlowAnalysis, Named, Trigger, TriggerType};
use super::schema::{self, Key};
use crate::expr::{Call, Expr, ExprKind, Template};
use crate::json::Node;

/// How many calls a value is followed through to where its shape is told.
pub(super) const HOPS: usize = 8;

/// What tells the shape of a value.
#[derive(Clone, Copy)]
pub(super) enum ValueShape<'a> {
    /// It is put together here.
    Value(&'a Node<'a>),
    /// It keeps this schema: the service has refused all else.
    Schema(&'a Node<'a>),
}

impl<'a> FlowAnalysis<'a> {
    /// What tells the shape of the value of a call in an element, its steps included.
    pub(super) fn told(&self, call: &Call<'_>, reader: Element, hops: usize) -> Option<ValueShape<'a>> {
        let hops = hops.checked_sub(1)?;
        let mut steps = call.steps.iter().map(|step| &step.key);
        let name = call.arguments.first().and_then(Expr::as_text);
        let mut told = match (call.name.to_ascii_lowercase().as_str(), name) {
            ("triggerbody", _) => self.trigger_schema()?,
            ("triggeroutputs", _) => {
                let told = self.trigger_schema()?;
                self.behind_body(told, steps.next()?)?
            }
            ("body", Some(name)) => self.action_told(name, ActionType::ParseJson, reader)?,
            ("outputs", Some(name)) => match self.action_told(name, ActionType::Compose, reader) {
                Some(ValueShape::Value(node)) => self.followed(node, hops)?,
                _ => {
                    let told = self.action_told(name, ActionType::ParseJson, reader)?;
                    self.behind_body(told, steps.next()?)?
                }
            },
            ("items", Some(name)) => match self.named(name)? {
                Named::Action(id) if self.actions[id].ty == ActionType::Foreach => {
                    let walked = self.followed(self.actions[id].node.get("foreach")?, hops)?;
                    self.step(walked, Key::Index, hops)?
                }
                _ => return None,
            },
            _ => return None,
        };
        for step in steps {
            told = self.step(told, key(step)?, hops)?;
        }
        Some(told)
    }

    /// The schema that the service holds the trigger's input against.
    fn trigger_schema(&self) -> Option<ValueShape<'a>> {
        let [trigger] = self.triggers.as_slice() else { return None };
        keeps_schema(trigger).then(|| trigger.node.at(&["inputs", "schema"]).map(ValueShape::Schema))?
    }

    fn action_told(&self, name: &str, ty: ActionType, reader: Element) -> Option<ValueShape<'a>> {
        let Some(Named::Action(id)) = self.named(name) else { return None };
        let action = self.actions.get(id).filter(|action| action.ty == ty)?;
        // Behind its loop there is a list of such values.
        if self.is_list_for(action, reader) {
            return None;
        }
        match ty {
            ActionType::ParseJson => action.node.at(&["inputs", "schema"]).map(ValueShape::Schema),
            _ => action.node.get("inputs").map(ValueShape::Value),
        }
    }

    /// Where the first step into outputs leads: to the body, or by `body/name` into it.
    fn behind_body(&self, told: ValueShape<'a>, step: &Expr<'_>) -> Option<ValueShape<'a>> {
        let mut words = step.as_text()?.split('/');
        (words.next()? == "body").then_some(())?;
        words.try_fold(told, |told, word| self.step(told, Key::Name(word), 1))
    }

    /// Whether an element reads the list of the values of all turns: there is an Apply to each around the action and
    /// not around the reader. Behind a Do until there is the value of the last turn.
    pub(super) fn is_list_for(&self, action: &Action<'_>, reader: Element) -> bool {
        let holds_reader = |id: usize| match reader {
            Element::Action(reader) => (id..self.actions[id].subtree_end).contains(&reader),
            _ => false,
        };
        let mut between = self.containers(action.id).take_while(|id| !holds_reader(*id));
        between.any(|id| self.actions[id].ty == ActionType::Foreach)
    }

    fn step(&self, told: ValueShape<'a>, key: Key<'_>, hops: usize) -> Option<ValueShape<'a>> {
        match (told, key) {
            (ValueShape::Schema(schema), key) => schema::step(schema, key).map(ValueShape::Schema),
            // A key that is computed may turn out to be any.
            (ValueShape::Value(node), Key::Name(name))
                if node.members().iter().all(|m| !m.key.contains('@')) =>
            {
                self.followed(node.get(name)?, hops)
            }
            _ => None,
        }
    }

    /// A written value, or what tells the shape of the call that stands for it.
    fn followed(&self, node: &'a Node<'a>, hops: usize) -> Option<ValueShape<'a>> {
        let call = match self.template_of(node) {
            Some(Template::Whole(expr)) => match &expr.kind {
                ExprKind::Call(call) => Some(call),
                _ => None,
            },
            _ => None,
        };
        call.and_then(|call| self.told(call, self.element_at(node.span), hops))
            .or(Some(ValueShape::Value(node)))
    }
}

/// Whether the service refuses input that does not keep the trigger's schema. It does for the inputs that people,
/// apps and agents fill in; a request over HTTP is only held against it where that is switched on.
fn keeps_schema(trigger: &Trigger<'_>) -> bool {
    trigger.ty == TriggerType::Request
        && match trigger.kind.map(str::to_ascii_lowercase).as_deref() {
            Some("button" | "powerappv2" | "skills" | "virtualagent") => true,
            _ => trigger
                .node
                .get("operationOptions")
                .and_then(Node::as_str)
                .is_some_and(|options| options.to_ascii_lowercase().contains("enableschemavalidation")),
        }
}

fn key<'k>(step: &'k Expr<'_>) -> Option<Key<'k>> {
    match &step.kind {
        ExprKind::String(name) => Some(Key::Name(name)),
        ExprKind::Integer(_) => Some(Key::Index),
        _ => None,
    }
}
