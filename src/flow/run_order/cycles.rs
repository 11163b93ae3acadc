//! Actions that wait for each other: one cycle out of each component of them, in time linear in what they wait for.
//!
//! A component is a set of actions each of which waits for every other, directly or not (a strongly connected component).

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::ActionId;
use super::RunOrder;

/// The shortest cycle through the first action of each component among `stuck`, each in waiting order.
pub(super) fn one_of_each_knot(order: &RunOrder, stuck: &[ActionId]) -> Vec<Vec<ActionId>> {
    let mut cycles: Vec<Vec<ActionId>> =
        components(order, stuck).iter().filter_map(|component| shortest_ring(order, component)).collect();
    cycles.sort_by_key(|cycle| cycle.iter().min().copied());
    cycles
}

/// How far the search for components has come with an action.
struct Visit {
    /// When it was met.
    number: usize,
    /// The earliest action still open that it leads to.
    low: usize,
    open: bool,
}

/// Tarjan's algorithm, with a stack of its own: a chain of waiting actions may be long.
fn components(order: &RunOrder, stuck: &[ActionId]) -> Vec<FxHashSet<ActionId>> {
    let among: FxHashSet<ActionId> = stuck.iter().copied().collect();
    let mut visits: FxHashMap<ActionId, Visit> = FxHashMap::default();
    let mut open: Vec<ActionId> = Vec::new();
    let mut components = Vec::new();
    for &start in stuck {
        if visits.contains_key(&start) {
            continue;
        }
        // An action, and how many of those that it waits for have been looked at.
        let mut path = vec![(start, 0)];
        while let Some((id, done)) = path.last_mut() {
            let id = *id;
            if *done == 0 {
                let number = visits.len();
                visits.insert(id, Visit { number, low: number, open: true });
                open.push(id);
            }
            let next = order.waits_for(id).get(*done).map(|(before, _)| *before);
            *done += 1;
            match next {
                Some(before) if !among.contains(&before) => {}
                Some(before) => match visits.get(&before) {
                    None => path.push((before, 0)),
                    Some(visit) if visit.open => {
                        let number = visit.number;
                        lower(&mut visits, id, number);
                    }
                    Some(_) => {}
                },
                None => {
                    path.pop();
                    let Some(&Visit { number, low, .. }) = visits.get(&id) else { continue };
                    if let Some((outer, _)) = path.last() {
                        lower(&mut visits, *outer, low);
                    }
                    if low == number {
                        components.push(close(&mut visits, &mut open, id));
                    }
                }
            }
        }
    }
    components
}

fn lower(visits: &mut FxHashMap<ActionId, Visit>, id: ActionId, to: usize) {
    if let Some(visit) = visits.get_mut(&id) {
        visit.low = visit.low.min(to);
    }
}

/// Takes the component that begins with an action from those that are open.
fn close(
    visits: &mut FxHashMap<ActionId, Visit>,
    open: &mut Vec<ActionId>,
    first: ActionId,
) -> FxHashSet<ActionId> {
    let mut component = FxHashSet::default();
    while let Some(id) = open.pop() {
        if let Some(visit) = visits.get_mut(&id) {
            visit.open = false;
        }
        component.insert(id);
        if id == first {
            break;
        }
    }
    component
}

/// Goes back from the first action of a component, through the nearest first, until it comes round; none for an action
/// that stands alone and does not wait for itself.
fn shortest_ring(order: &RunOrder, component: &FxHashSet<ActionId>) -> Option<Vec<ActionId>> {
    let start = component.iter().min().copied()?;
    let mut came_from: FxHashMap<ActionId, ActionId> = FxHashMap::default();
    let mut queue = VecDeque::from([start]);
    while let Some(id) = queue.pop_front() {
        for (before, _) in order.waits_for(id).iter().filter(|(before, _)| component.contains(before)) {
            if *before == start {
                let mut cycle = vec![id];
                while let Some(last) = cycle.last().and_then(|last| came_from.get(last)) {
                    cycle.push(*last);
                }
                return Some(cycle);
            }
            if !came_from.contains_key(before) {
                came_from.insert(*before, id);
                queue.push_back(*before);
            }
        }
    }
    None
}
