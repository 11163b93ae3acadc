//! Flows that one change of a row starts together.

use crate::flow::is_computed;
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

/// Flows that start together, by index.
struct Group {
    /// The one that starts together with each of the others.
    first: usize,
    others: Vec<usize>,
    /// Whether all of them start at once, and not only the first with each.
    is_mutual: bool,
    changes: Changes,
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
                report(rows, &group, &listeners, cx);
            }
        }
    }
}

/// A flow that may be switched on, with the one trigger that starts it.
fn listener(flow: &FlowSummary) -> Option<Listener<'_>> {
    let trigger = flow.trigger().filter(|_| flow.on != Some(false))?;
    Some(Listener { flow, trigger, events: trigger.events.as_ref()? })
}

/// Which flows start together with which, by index, and what of that is not in a group yet.
struct Pairs {
    count: usize,
    common: Vec<Option<Changes>>,
    /// How many partners each flow has that are in no group with it.
    open: Vec<usize>,
    is_told: Vec<bool>,
}

impl Pairs {
    fn of(listeners: &[Listener<'_>]) -> Self {
        let count = listeners.len();
        let mut pairs = Self {
            count,
            common: vec![None; count * count],
            open: vec![0; count],
            is_told: vec![false; count * count],
        };
        for one in 0..count {
            for other in one + 1..count {
                if let Some(changes) = listeners[one].events.common(listeners[other].events) {
                    pairs.common[one * count + other] = Some(changes);
                    pairs.common[other * count + one] = Some(changes);
                    pairs.open[one] += 1;
                    pairs.open[other] += 1;
                }
            }
        }
        pairs
    }

    fn common(&self, one: usize, other: usize) -> Option<Changes> {
        self.common[one * self.count + other]
    }

    /// The partners of a flow that are in no group with it.
    fn open_partners(&self, of: usize) -> Vec<usize> {
        let is_open =
            |other: &usize| self.common(of, *other).is_some() && !self.is_told[of * self.count + other];
        (0..self.count).filter(is_open).collect()
    }

    fn tell(&mut self, one: usize, other: usize) {
        if !std::mem::replace(&mut self.is_told[one * self.count + other], true) {
            self.is_told[other * self.count + one] = true;
            self.open[one] -= 1;
            self.open[other] -= 1;
        }
    }

    /// The changes that start all of these flows at once.
    fn of_all(&self, members: &[usize]) -> Option<Changes> {
        let pairs = members
            .iter()
            .enumerate()
            .flat_map(|(at, one)| members[at + 1..].iter().map(move |other| (*one, *other)));
        let mut all: Option<Changes> = None;
        for (one, other) in pairs {
            let common = self.common(one, other)?;
            let both = all.map_or(common, |all| all.and(common));
            if both.is_empty() {
                return None;
            }
            all = Some(both);
        }
        all
    }
}

/// Groups of flows, so that each pair that starts together is in one of them, and each flow with many partners is
/// spoken of once.
fn groups(listeners: &[Listener<'_>]) -> Vec<Group> {
    let mut pairs = Pairs::of(listeners);
    let mut groups = Vec::new();
    // The first of those that have the most partners.
    while let Some(first) =
        (0..listeners.len()).rev().max_by_key(|at| pairs.open[*at]).filter(|at| pairs.open[*at] > 0)
    {
        let others = pairs.open_partners(first);
        let mut members = others.clone();
        members.insert(0, first);
        let of_all = pairs.of_all(&members);
        let either = |all: Option<Changes>, other: &usize| match (all, pairs.common(first, *other)) {
            (Some(all), Some(more)) => Some(all.or(more)),
            (all, more) => all.or(more),
        };
        let Some(changes) = of_all.or_else(|| others.iter().fold(None, either)) else { break };
        for (at, one) in members.iter().enumerate() {
            for other in &members[at + 1..] {
                if *one == first || of_all.is_some() {
                    pairs.tell(*one, *other);
                }
            }
        }
        groups.push(Group { first, others, is_mutual: of_all.is_some(), changes });
    }
    groups
}

fn report(rows: &Rows, group: &Group, listeners: &[Listener<'_>], cx: &mut ReportContext<'_>) {
    let first = &listeners[group.first];
    let others: Vec<&Listener<'_>> = group.others.iter().map(|at| &listeners[*at]).collect();
    let name = |listener: &Listener<'_>| listener.flow.flow.name.clone();
    let count = others.len();
    let who = match others.as_slice() {
        [other] => format!("'{}' and '{}' both start", name(first), name(other)),
        _ if group.is_mutual => format!("'{}' and {count} other flows start", name(first)),
        _ => format!("'{}' starts together with each of {count} other flows", name(first)),
    };
    let message = format!("{who} when {} is {}, in no fixed order", what(rows), group.changes.words());
    let mut ids: Vec<&str> = others.iter().chain([&first]).map(|one| one.flow.flow.id.as_str()).collect();
    ids.sort_unstable();
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
    let is_name = |name: &str| !is_computed(name) && guid(name).is_none();
    match rows {
        Rows::Table { name, .. } if is_name(name) => format!("a row of '{name}'"),
        Rows::Table { .. } => "a row of one table".to_owned(),
        Rows::List { list, .. } if is_name(list) => format!("an item of the list '{list}'"),
        Rows::List { .. } => "an item of one list".to_owned(),
    }
}
