//! What actions look like when names and values are taken away: equal for what was copied and changed in values
//! only.
//!
//! Kept are types, kinds, operations, keys, tables, and the functions and columns of expressions. Each action's
//! shape holds the shapes of what is inside it. Linear in the size of the flow.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::{ActionId, FlowAnalysis};
use crate::expr::{Expr, ExprKind, Template};
use crate::json::{Member, Node, Value};

/// A shape; equal shapes have equal numbers.
pub type Shape = u64;

/// Keys of an action that do nothing, or that are held as branches.
const LEFT_OUT: [&str; 10] = [
    "metadata",
    "description",
    "runAfter",
    "operationMetadataId",
    "operationOptions",
    "trackedProperties",
    "actions",
    "else",
    "cases",
    "default",
];

/// Keys whose literal values tell what an action works on.
const KEPT: [&str; 7] = ["type", "kind", "operationId", "entityName", "table", "method", "runStatus"];

impl FlowAnalysis<'_> {
    /// The shape of every action, by id; computed when first asked for.
    #[must_use]
    pub fn shapes(&self) -> &[Shape] {
        self.shapes.get_or_init(|| self.shaped())
    }

    fn shaped(&self) -> Vec<Shape> {
        let order = self.run_order();
        let mut shapes: Vec<Shape> = vec![0; self.actions.len()];
        // What is inside an action stands behind it.
        for id in (0..self.actions.len()).rev() {
            let mut hasher = FxHasher::default();
            self.write_own(id, &mut hasher);
            let mut sides: u64 = 0;
            for branch in &self.actions[id].branches {
                let branch = &self.branches[*branch];
                // What runs side by side has no order: each adds its shape, and the shapes that it waits for.
                let mut sum: u64 = 0;
                for &inner in &branch.actions {
                    let mut own = FxHasher::default();
                    shapes[inner].hash(&mut own);
                    let mut waits: u64 = 0;
                    for &(before, statuses) in order.waits_for(inner) {
                        let mut entry = FxHasher::default();
                        (shapes[before], statuses).hash(&mut entry);
                        waits = waits.wrapping_add(entry.finish());
                    }
                    waits.hash(&mut own);
                    sum = sum.wrapping_add(own.finish());
                }
                let mut side = FxHasher::default();
                (branch.kind as u8, branch.actions.len(), sum).hash(&mut side);
                sides = sides.wrapping_add(side.finish());
            }
            sides.hash(&mut hasher);
            shapes[id] = hasher.finish();
        }
        shapes
    }

    fn write_own(&self, id: ActionId, hasher: &mut FxHasher) {
        let action = &self.actions[id];
        let members = action.node.members().iter();
        self.write_members(members.filter(|member| !LEFT_OUT.contains(&member.key)), hasher);
    }

    /// Members in any order: the designer does not keep one.
    fn write_members<'n>(&self, members: impl Iterator<Item = &'n Member<'n>>, hasher: &mut FxHasher) {
        let mut sum: u64 = 0;
        for member in members {
            let mut own = FxHasher::default();
            member.key.hash(&mut own);
            self.write(&member.value, member.key, &mut own);
            sum = sum.wrapping_add(own.finish());
        }
        sum.hash(hasher);
    }

    fn write(&self, node: &Node<'_>, key: &str, hasher: &mut FxHasher) {
        match &node.value {
            Value::Object(members) => {
                ('{', members.len()).hash(hasher);
                self.write_members(members.iter(), hasher);
            }
            Value::Array(elements) => {
                ('[', elements.len()).hash(hasher);
                elements.iter().for_each(|element| self.write(element, key, hasher));
            }
            Value::String(text) => match self.template_of(node) {
                Some(Template::Whole(expr)) => write_expr(expr, hasher),
                // A text with values in it is written anew for every copy.
                Some(Template::Parts(_)) => 't'.hash(hasher),
                _ if KEPT.contains(&key) => write_folded(text, hasher),
                _ => 't'.hash(hasher),
            },
            Value::Bool(_) => 'b'.hash(hasher),
            Value::Number(_) => 'n'.hash(hasher),
            Value::Null => '0'.hash(hasher),
        }
    }
}

/// A name of which the case of its letters does not count.
fn write_folded(name: &str, hasher: &mut FxHasher) {
    name.len().hash(hasher);
    name.bytes().for_each(|byte| byte.to_ascii_lowercase().hash(hasher));
}

fn write_expr(expr: &Expr<'_>, hasher: &mut FxHasher) {
    match &expr.kind {
        ExprKind::Call(call) => {
            ('(', call.arguments.len()).hash(hasher);
            match call.function {
                Some(function) => function.name.hash(hasher),
                None => write_folded(call.name, hasher),
            }
            call.arguments.iter().for_each(|argument| write_expr(argument, hasher));
            for step in call.steps {
                match step.key.as_text() {
                    Some(key) => key.hash(hasher),
                    None => write_expr(&step.key, hasher),
                }
            }
        }
        ExprKind::String(_) => 't'.hash(hasher),
        ExprKind::Integer(_) | ExprKind::Float(_) => 'n'.hash(hasher),
        ExprKind::Bool(_) => 'b'.hash(hasher),
        ExprKind::Null => '0'.hash(hasher),
    }
}

#[cfg(test)]
mod tests {
    use crate::flow::{Detected, FlowAnalysis, detect, load};
    use crate::text::Arena;
    use crate::{json, text::Source};

    #[test]
    fn copies_have_one_shape_and_other_work_has_another() {
        let call = |name: &str, operation: &str, table: &str, value: &str| {
            format!(
                r#""{name}": {{"type": "OpenApiConnection", "inputs": {{"host": {{"operationId": "{operation}"}}, "parameters": {{"entityName": "{table}", "item/a": "{value}"}}}}}}"#
            )
        };
        let text = format!(
            r#"{{"definition": {{"triggers": {{}}, "actions": {{{}, {}, {}, {}, {},
                "S": {{"type": "Scope", "actions": {{"X": {{"type": "Compose", "inputs": 1}}}}}},
                "T": {{"actions": {{"Y": {{"inputs": 2, "type": "Compose"}}}}, "type": "Scope"}},
                "U": {{"type": "Scope", "actions": {{"Z": {{"type": "Compose", "inputs": "@item()"}}}}}}}}}}}}"#,
            call("A", "Create", "orders", "one"),
            call("B", "Create", "orders", "two"),
            call("C", "Create", "returns", "one"),
            call("D", "Create", "orders", "@outputs('A')?['x']"),
            call("E", "Create", "orders", "@outputs('B')?['x']"),
        );
        let source = Source::new("flow.json", text);
        let arena = Arena::new();
        let root = json::parse(&source.text, &arena).unwrap();
        let Detected::Flows(found) = detect(&root, "") else { panic!("a flow") };
        let flow = FlowAnalysis::new(load(&source, &found[0], None, &arena));
        let shapes = flow.shapes();
        let shape = |name: &str| shapes[flow.actions.iter().position(|action| action.name == name).unwrap()];
        assert_eq!(shape("A"), shape("B"));
        assert_eq!(shape("D"), shape("E"));
        assert_eq!(shape("S"), shape("T"));
        for (one, other) in [("A", "C"), ("A", "D"), ("S", "U")] {
            assert_ne!(shape(one), shape(other), "{one} and {other}");
        }
    }
}
