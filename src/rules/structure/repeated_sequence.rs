//! Runs of actions that stand in a flow more than once.

use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::flow::{Action, ActionId, ActionType, FlowAnalysis, Statuses};
use crate::linter::{CodedRule, Interest, OptionError, RuleContext};

/// How many other places a finding names.
const NAMED: usize = 10;

/// Two equal runs: where they begin among the tokens, how many tokens and how many actions they hold.
struct Candidate {
    first: usize,
    second: usize,
    length: usize,
    size: usize,
}

/// The actions of all lists as one row of tokens: equal numbers for equal shapes, and a number of its own between
/// two actions that do not follow each other directly.
struct Row {
    tokens: Vec<u32>,
    /// The action of each token; none for what stands between.
    actions: Vec<Option<ActionId>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct RepeatedSequence {
    min_actions: i64,
}

impl CodedRule for RepeatedSequence {
    type Options = Self;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(options: Self) -> Result<Self, OptionError> {
        Ok(options)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let least = usize::try_from(self.min_actions).unwrap_or(usize::MAX);
        if flow.actions.len() < least.saturating_mul(2) {
            return;
        }
        let glances = flow.actions.iter().map(|action| glance(flow, action)).collect();
        if !enough_alike(glances, least) {
            return;
        }
        let calls = flow.actions.iter().map(|action| action.ty.is_call());
        if !enough_alike(calls.zip(flow.shapes().iter().copied()).collect(), least) {
            return;
        }
        let row = row(flow);
        let sorted = suffixes(&row.tokens);
        let common = common_prefixes(&row.tokens, &sorted);
        let mut candidates = candidates(flow, &row, &sorted, &common, least);
        candidates
            .sort_by_key(|c| (std::cmp::Reverse(c.size), std::cmp::Reverse(c.length), c.first, c.second));
        let mut place = vec![0; sorted.len()];
        for (at, suffix) in sorted.iter().enumerate() {
            place[*suffix] = at;
        }
        let mut covered = vec![false; flow.actions.len()];
        for candidate in candidates {
            let is_told = |at: usize| ids(&row, at, 1).any(|id| covered[id]);
            if is_told(candidate.first) || is_told(candidate.second) {
                continue;
            }
            // All places of the run: neighbours in the sorted row that begin alike.
            let at = place[candidate.first];
            let back = (0..at).rev().take_while(|at| common[at + 1] >= candidate.length);
            let on = (at + 1..sorted.len()).take_while(|at| common[*at] >= candidate.length);
            let mut starts: Vec<usize> = back.chain(on).chain([at]).map(|at| sorted[at]).collect();
            starts.sort_unstable();
            let mut free_from = 0;
            starts.retain(|start| {
                let is_free =
                    *start >= free_from && ids(&row, *start, candidate.length).all(|id| !covered[id]);
                if is_free {
                    free_from = start + candidate.length;
                }
                is_free
            });
            if starts.len() < 2 {
                continue;
            }
            for start in &starts {
                for id in ids(&row, *start, candidate.length) {
                    covered[id..flow.actions[id].subtree_end].fill(true);
                }
            }
            // The first in the file is the one to show.
            starts.sort_by_key(|start| ids(&row, *start, 1).next().map(|id| flow.actions[id].key_span.start));
            report(flow, &row, &starts, &candidate, cx);
        }
    }
}

/// Whether so many actions have a like that two runs can be made of them, a call among them. Each is told by whether
/// it is a call, and by something that alike actions share.
fn enough_alike<T: Ord>(mut told: Vec<(bool, T)>, least: usize) -> bool {
    told.sort_unstable();
    let alike = told.chunk_by(|one, other| one == other).filter(|group| group.len() > 1);
    let (mut actions, mut calls) = (0, false);
    for group in alike {
        actions += group.len();
        calls |= group[0].0;
    }
    calls && actions >= least.saturating_mul(2)
}

/// What actions of one shape share at the least, and what takes no reading: most flows are done with it.
fn glance<'a>(flow: &FlowAnalysis<'a>, action: &Action<'a>) -> (bool, (u8, usize, u8, usize)) {
    let operation = flow.action_operation(action).map_or("", |operation| operation.id);
    let initial = operation.as_bytes().first().map_or(0, u8::to_ascii_lowercase);
    (action.ty.is_call(), (action.ty as u8, operation.len(), initial, action.branches.len()))
}

fn ids(row: &Row, start: usize, length: usize) -> impl Iterator<Item = ActionId> {
    row.actions[start..start + length].iter().filter_map(|id| *id)
}

fn report<'a>(
    flow: &FlowAnalysis<'a>,
    row: &Row,
    starts: &[usize],
    run: &Candidate,
    cx: &mut RuleContext<'_, 'a>,
) {
    let ends = |start: usize| {
        let mut ids = ids(row, start, run.length);
        let first = ids.next();
        first.map(|first| (&flow.actions[first], &flow.actions[ids.last().unwrap_or(first)]))
    };
    let Some((first, last)) = ends(starts[0]) else { return };
    let times = match starts.len() {
        2 => "twice".to_owned(),
        times => format!("{times} times"),
    };
    let what = if run.length == 1 {
        format!("'{}'", first.name)
    } else {
        format!("'{}' to '{}'", first.name, last.name)
    };
    let message = format!("The same {} actions stand in this flow {times}: {what}", run.size);
    let draft = cx.report(first.key_span, message);
    draft.grouped().help(
        "Make it one: a child flow that takes what differs as inputs, or a loop over a list of what differs.",
    );
    for start in starts[1..].iter().take(NAMED) {
        if let Some((first, last)) = ends(*start) {
            let what = if run.length == 1 { String::new() } else { format!(", to '{}'", last.name) };
            draft.related(first.key_span, format!("again from here{what}"));
        }
    }
}

/// The row of a flow, the same for any order of the file.
fn row(flow: &FlowAnalysis<'_>) -> Row {
    let shapes = flow.shapes();
    let mut known: Vec<u64> = shapes.to_vec();
    known.sort_unstable();
    known.dedup();
    let numbers: FxHashMap<u64, u32> = known.into_iter().zip(0..).collect();
    let next: Vec<Option<ActionId>> = (0..flow.actions.len()).map(|id| goes_on_with(flow, id)).collect();
    let mut begins = vec![true; flow.actions.len()];
    for id in next.iter().flatten() {
        begins[*id] = false;
    }
    let mut first: Vec<ActionId> = (0..flow.actions.len()).filter(|id| begins[*id]).collect();
    first.sort_by_key(|id| flow.actions[*id].name);
    let mut row = Row { tokens: Vec::new(), actions: Vec::new() };
    let mut between = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
    for id in first {
        row.tokens.push(between);
        row.actions.push(None);
        between = between.saturating_add(1);
        let mut id = Some(id);
        while let Some(at) = id {
            row.tokens.push(numbers[&shapes[at]]);
            row.actions.push(Some(at));
            id = next[at];
        }
    }
    row
}

/// The action that a chain goes on with: the only one that waits for an action to succeed, and for nothing else.
fn goes_on_with(flow: &FlowAnalysis<'_>, id: ActionId) -> Option<ActionId> {
    let order = flow.run_order();
    if order.is_in_ring(id) {
        return None;
    }
    let waiting = flow.failure_paths().waiting_for(id).iter();
    let mut following = waiting.filter(|(later, statuses)| {
        *statuses == Statuses::SUCCEEDED && order.waits_for(*later).len() == 1 && !order.is_in_ring(*later)
    });
    match (following.next(), following.next()) {
        (Some((only, _)), None) => Some(*only),
        _ => None,
    }
}

/// Where the suffixes of a row begin, in their order: by doubling prefixes.
fn suffixes(tokens: &[u32]) -> Vec<usize> {
    let mut sorted: Vec<usize> = (0..tokens.len()).collect();
    let mut rank: Vec<u32> = tokens.to_vec();
    let mut width = 1;
    loop {
        let key = |at: usize| (rank[at], rank.get(at + width).map_or(0, |rank| rank + 1));
        sorted.sort_by_key(|at| key(*at));
        let mut again = vec![0; tokens.len()];
        for pair in sorted.windows(2) {
            again[pair[1]] = again[pair[0]] + u32::from(key(pair[0]) != key(pair[1]));
        }
        let all_differ = sorted.last().is_none_or(|last| again[*last] as usize + 1 == tokens.len());
        rank = again;
        if all_differ || width >= tokens.len() {
            return sorted;
        }
        width *= 2;
    }
}

/// How many tokens each suffix shares with the one before it in order.
fn common_prefixes(tokens: &[u32], sorted: &[usize]) -> Vec<usize> {
    let mut place = vec![0; sorted.len()];
    for (at, suffix) in sorted.iter().enumerate() {
        place[*suffix] = at;
    }
    let mut common = vec![0; sorted.len()];
    let mut length: usize = 0;
    for suffix in 0..tokens.len() {
        if place[suffix] == 0 {
            length = 0;
            continue;
        }
        let before = sorted[place[suffix] - 1];
        while let (Some(one), Some(other)) = (tokens.get(suffix + length), tokens.get(before + length))
            && one == other
        {
            length += 1;
        }
        common[place[suffix]] = length;
        length = length.saturating_sub(1);
    }
    common
}

/// Every two runs that are worth a word: of enough actions, not overlapping, and with a call in them.
fn candidates(
    flow: &FlowAnalysis<'_>,
    row: &Row,
    sorted: &[usize],
    common: &[usize],
    least: usize,
) -> Vec<Candidate> {
    // How many actions, and how many calls, stand before each token.
    let mut sizes = vec![0; row.tokens.len() + 1];
    let mut calls = vec![0; row.tokens.len() + 1];
    let mut calls_before = vec![0; flow.actions.len() + 1];
    for (id, action) in flow.actions.iter().enumerate() {
        calls_before[id + 1] = calls_before[id] + usize::from(action.ty.is_call());
    }
    for (at, id) in row.actions.iter().enumerate() {
        let inside = id.map_or(0..0, |id| id..flow.actions[id].subtree_end);
        sizes[at + 1] = sizes[at] + inside.len();
        calls[at + 1] = calls[at] + (calls_before[inside.end] - calls_before[inside.start]);
    }
    let initializes =
        |at: usize| row.actions[at].is_some_and(|id| flow.actions[id].ty == ActionType::InitializeVariable);
    let mut found = Vec::new();
    for at in 1..sorted.len() {
        let (first, second) = (sorted[at].min(sorted[at - 1]), sorted[at].max(sorted[at - 1]));
        let mut length = common[at].min(second - first);
        // Variables are initialized in a row everywhere: no run begins or ends with that.
        let mut start = 0;
        while length > start && initializes(first + start) {
            start += 1;
        }
        while length > start && initializes(first + length - 1) {
            length -= 1;
        }
        let (first, second, length) = (first + start, second + start, length - start);
        let size = sizes[first + length] - sizes[first];
        // One action many times is no sequence, also where something stands between.
        let tokens = &row.tokens[first..first + length];
        let is_one = length > 1 && tokens.iter().all(|token| *token == tokens[0]);
        if size >= least && calls[first + length] > calls[first] && !is_one {
            found.push(Candidate { first, second, length, size });
        }
    }
    found
}
