//! Parameters that the operation of a trigger or action does not take.

use rustc_hash::FxHashMap;

use crate::catalog::operations::parameters;
use crate::flow::{FlowAnalysis, Operation};
use crate::json::Node;
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct UnknownOperationParameter;

impl CodedRule for UnknownOperationParameter {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let mut table = Table::default();
        for trigger in &flow.triggers {
            check_call(trigger.name, flow.trigger_operation(trigger), trigger.node, &mut table, cx);
        }
        for action in &flow.actions {
            check_call(action.name, flow.action_operation(action), action.node, &mut table, cx);
        }
    }
}

/// The parameters of the operations that the flow calls, by connector and operation: each is looked up once.
type Table<'a> = FxHashMap<(&'a str, &'a str), Option<Vec<&'static str>>>;

fn check_call<'a>(
    name: &str,
    operation: Option<Operation<'a>>,
    node: &'a Node<'a>,
    table: &mut Table<'a>,
    cx: &mut RuleContext<'_, 'a>,
) {
    let Some(operation) = operation.filter(|operation| !operation.id.is_empty()) else { return };
    let Some(given) = node.at(&["inputs", "parameters"]).filter(|given| !given.members().is_empty()) else {
        return;
    };
    let key = (operation.connector, operation.id);
    let known = table.entry(key).or_insert_with(|| parameters(key.0, key.1).map(Iterator::collect));
    let Some(known) = known.as_deref() else { return };
    // `emailMessage/To` is a part of `emailMessage`; the service matches names in any case.
    let takes = |key: &str| {
        known.iter().any(|name| {
            let same = key.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
            same && matches!(key.as_bytes().get(name.len()), None | Some(b'/'))
        })
    };
    for member in given.members() {
        if member.key.contains('@') || takes(member.key) {
            continue;
        }
        let first = member.key.split('/').next().unwrap_or(member.key);
        let help = match crate::text::nearest(first, known.iter().copied()) {
            Some(near) => format!("Did you mean `{near}`? Else delete it: the operation never gets it."),
            None => format!("Delete it: the operation never gets it. There are {}.", known.join(", ")),
        };
        cx.report(
            member.key_span,
            format!("'{name}' gives `{}`, which {} does not take", member.key, operation.id),
        )
        .help(help);
    }
}
