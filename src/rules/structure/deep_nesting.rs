//! Loops, conditions and switches that stand inside each other too deeply.

use serde::Deserialize;

use crate::flow::{Action, ActionId, ActionType, FlowAnalysis};
use crate::linter::{CodedRule, Interest, OptionError, RuleContext};

/// The deepest place inside one outermost block, and every block that crosses the limit there.
struct Nest {
    outermost: ActionId,
    deepest: ActionId,
    crossing: Vec<ActionId>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct DeepNesting {
    max_depth: i64,
}

impl CodedRule for DeepNesting {
    type Options = Self;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(options: Self) -> Result<Self, OptionError> {
        Ok(options)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let limit = usize::try_from(self.max_depth).unwrap_or(0);
        // How many blocks an action stands in, itself counted: known for each container before what it holds.
        let mut depths: Vec<usize> = Vec::with_capacity(flow.actions.len());
        let mut outermost = 0;
        let mut nests: Vec<Nest> = Vec::new();
        for (id, action) in flow.actions.iter().enumerate() {
            let around = flow.branches[action.branch].owner.map_or(0, |owner| depths[owner]);
            let depth = around + usize::from(counts(action));
            depths.push(depth);
            if !counts(action) {
                continue;
            }
            if depth == 1 {
                outermost = id;
            }
            if depth <= limit {
                continue;
            }
            if nests.last().is_none_or(|nest| nest.outermost != outermost) {
                nests.push(Nest { outermost, deepest: id, crossing: Vec::new() });
            }
            let Some(nest) = nests.last_mut() else { continue };
            if depth > depths[nest.deepest] {
                nest.deepest = id;
            }
            if depth == limit + 1 {
                nest.crossing.push(id);
            }
        }
        for nest in nests {
            report(flow, &nest, depths[nest.deepest], cx);
        }
    }
}

fn report<'a>(flow: &FlowAnalysis<'a>, nest: &Nest, depth: usize, cx: &mut RuleContext<'_, 'a>) {
    let chain: Vec<ActionId> =
        flow.path(nest.deepest).into_iter().filter(|id| counts(&flow.actions[*id])).collect();
    let names: Vec<String> = chain.iter().map(|id| format!("'{}'", flow.actions[*id].name)).collect();
    let Some(crosses) = nest.crossing.iter().copied().find(|id| chain.contains(id)) else { return };
    let message =
        format!("{depth} loops, conditions and switches stand inside each other: {}", names.join(" › "));
    let draft = cx.report(flow.actions[crosses].key_span, message).grouped().help(
        "Take a part that does one job into a child flow, or filter and end early, so that the outer blocks are not needed.",
    );
    for other in nest.crossing.iter().filter(|id| **id != crosses) {
        let other = &flow.actions[*other];
        draft.related(other.key_span, format!("'{}' stands as deep", other.name));
    }
}

/// Scopes only group: they decide nothing and repeat nothing.
fn counts(action: &Action<'_>) -> bool {
    action.ty.is_loop() || matches!(action.ty, ActionType::If | ActionType::Switch)
}
