//! Flows that one change of a row starts together.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::rows::Changes;
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, ReportContext};
use crate::solution::{FlowSummary, RowEvents, Rows, SolutionView, TriggerSummary};
use crate::text::guid;

/// A flow with what starts it.
#[derive(Clone, Copy)]
struct Listener<'s> {
    flow: &'s FlowSummary,
    trigger: &'s TriggerSummary,
    events: &'s RowEvents,
}

/// Flows that start together, and for which changes.
struct Group {
    /// Of each flow, whether it is one of them.
    has: Vec<bool>,
    changes: Changes,
}

impl Group {
    fn members(&self) -> impl Iterator<Item = usize> {
        self.has.iter().enumerate().filter(|(_, has)| **has).map(|(at, _)| at)
    }
}

#[derive(Debug)]
pub(crate) struct CompetingTriggers;

impl CodedRule for CompetingTriggers {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Solution];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn solution(&self, solution: &SolutionView<'_>, cx: &mut ReportContext<'_>) {
        let mut by_rows: BTreeMap<&Rows, Vec<Listener<'_>>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for listener in solution.flows.iter().filter_map(listener) {
            // A flow that lies there twice is one flow.
            if seen.insert(&listener.flow.flow.id) {
                by_rows.entry(&listener.events.rows).or_default().push(listener);
            }
        }
        for (rows, mut listeners) in by_rows {
            listeners.sort_by_key(|listener| &listener.flow.flow.id);
            for group in groups(&listeners) {
                let members: Vec<Listener<'_>> = group.members().map(|at| listeners[at]).collect();
                report(rows, group.changes, &members, cx);
            }
        }
    }
}

/// A flow that may be switched on, with the one trigger that starts it.
fn listener(flow: &FlowSummary) -> Option<Listener<'_>> {
    let trigger = flow.trigger().filter(|_| flow.on != Some(false))?;
    Some(Listener { flow, trigger, events: trigger.events.as_ref()? })
}

/// Sets of flows of which each starts together with each other, so that each pair that does so is in one of them.
fn groups(listeners: &[Listener<'_>]) -> Vec<Group> {
    let common = |one: usize, other: usize| listeners[one].events.common(listeners[other].events);
    let mut groups: Vec<Group> = Vec::new();
    for first in 0..listeners.len() {
        for second in first + 1..listeners.len() {
            let is_told = |group: &Group| group.has[first] && group.has[second];
            let Some(changes) = common(first, second).filter(|_| !groups.iter().any(is_told)) else {
                continue;
            };
            let mut group = Group { has: vec![false; listeners.len()], changes };
            (group.has[first], group.has[second]) = (true, true);
            for next in (0..listeners.len()).filter(|next| *next != first && *next != second) {
                let with_all = group.members().try_fold(group.changes, |changes, member| {
                    let changes = changes.and(common(member, next)?);
                    (!changes.is_empty()).then_some(changes)
                });
                if let Some(changes) = with_all {
                    group.has[next] = true;
                    group.changes = changes;
                }
            }
            groups.push(group);
        }
    }
    groups
}

fn report(rows: &Rows, changes: Changes, members: &[Listener<'_>], cx: &mut ReportContext<'_>) {
    let [first, others @ ..] = members else { return };
    let name = |listener: &Listener<'_>| listener.flow.flow.name.clone();
    let who = match others {
        [other] => format!("'{}' and '{}' both", name(first), name(other)),
        _ => format!("'{}' and {} other flows", name(first), others.len()),
    };
    let message = format!("{who} start when {} is {}, in no fixed order", what(rows), changes.words());
    let ids: Vec<&str> = members.iter().map(|member| member.flow.flow.id.as_str()).collect();
    let narrower = match rows {
        Rows::Table { .. } => "Select columns or Filter rows",
        Rows::List { .. } => "Settings › Trigger conditions",
    };
    let draft = cx.report(first.trigger.location.clone(), message);
    draft.detail(ids.join(",")).help(format!(
        "If they write the same data or one needs what another does, let one of them start and call the others as child flows in order, or shut out in each trigger what the other takes: {narrower}."
    ));
    for other in others {
        draft.related(other.trigger.location.clone(), format!("'{}' starts too", name(other)));
    }
}

/// A row of the table or an item of the list, in words.
fn what(rows: &Rows) -> String {
    // What is computed has no name to show, and an id tells a reader nothing.
    let is_name = |name: &str| !name.contains('@') && guid(name).is_none();
    match rows {
        Rows::Table { name, .. } if is_name(name) => format!("a row of '{name}'"),
        Rows::Table { .. } => "a row of one table".to_owned(),
        Rows::List { list, .. } if is_name(list) => format!("an item of the list '{list}'"),
        Rows::List { .. } => "an item of one list".to_owned(),
    }
}
