//! SharePoint sites and lists that are written into the flow.

use super::literal_group::{Groups, keep_it};
use crate::flow::{Element, Flow, Literal, Operation, Place};
use crate::json::Node;
use crate::rule::Cx;
use crate::source::Span;

/// Parameters that hold the address of a site.
const SITES: [&str; 3] = ["dataset", "destinationdataset", "sourcedataset"];

/// Parameters that hold a list or library.
const LISTS: [&str; 2] = ["table", "library"];

pub(super) fn check<'a>(flow: &Flow<'a>, cx: &mut Cx<'_, 'a>) {
    let mut sites = Groups::default();
    let mut lists = Groups::default();
    let triggers = flow.triggers.iter().map(|trigger| (flow.trigger_operation(trigger), trigger.node));
    let actions = flow.actions.iter().map(|action| (flow.action_operation(action), action.node));
    for (operation, node) in triggers.chain(actions) {
        if operation.is_some_and(is_sharepoint) {
            look_at(flow, node, &mut sites, &mut lists);
        }
    }
    in_paths(flow, &mut sites);
    for (site, places) in sites.into_sorted() {
        let message =
            format!("'{site}' is written into the flow: in every environment it works on this one site");
        report(flow, &message, &places, "the site", " of type Data source", "the same site", cx);
    }
    for (list, places) in lists.into_sorted() {
        let message = format!("The list {list} is written into the flow: on another site it has another id");
        report(flow, &message, &places, "the list", " of type Data source", "the same list", cx);
    }
}

fn report(
    flow: &Flow<'_>,
    message: &str,
    places: &[Span],
    what: &str,
    kind: &str,
    same: &str,
    cx: &mut Cx<'_, '_>,
) {
    let draft = cx.report(places[0], message);
    draft.grouped().help(keep_it(flow, what, kind));
    for place in &places[1..] {
        draft.related(*place, same);
    }
}

fn is_sharepoint(operation: Operation<'_>) -> bool {
    ["shared_sharepointonline", "sharepointonline"]
        .iter()
        .any(|name| operation.connector.eq_ignore_ascii_case(name))
}

fn look_at<'a>(flow: &Flow<'a>, node: &'a Node<'a>, sites: &mut Groups, lists: &mut Groups) {
    // A list is a finding of its own only where its site is none.
    let mut own_lists: Vec<Literal<'a>> = Vec::new();
    let mut has_site = false;
    flow.each_parameter(node, &mut |key, value| {
        let key = key.to_ascii_lowercase();
        if !SITES.contains(&key.as_str()) && !LISTS.contains(&key.as_str()) {
            return;
        }
        let Some(literal) = flow.literal(value) else { return };
        if SITES.contains(&key.as_str()) && is_address(literal.text) {
            sites.add(literal.text.trim_end_matches('/'), literal.span);
            has_site = true;
        } else if LISTS.contains(&key.as_str()) && super::hardcoded_id::is_guid(literal.text) {
            own_lists.push(literal);
        }
    });
    for list in own_lists.iter().filter(|_| !has_site) {
        lists.add(list.text, list.span);
    }
}

/// The path dialect writes the site into the path: `/datasets/@{encodeURIComponent('https://…')}/tables/…`.
fn in_paths(flow: &Flow<'_>, sites: &mut Groups) {
    for site in &flow.sites {
        let in_path = site.place == Place::Input
            && site.text.starts_with("/datasets/")
            && matches!(site.element, Element::Action(_) | Element::Trigger(_));
        if !in_path {
            continue;
        }
        site.each_text(&mut |piece| {
            if !piece.whole
                && is_address(piece.text)
                && piece.text.to_ascii_lowercase().contains(".sharepoint.com")
            {
                sites.add(piece.text.trim_end_matches('/'), site.span_of(&flow.source.text, piece.at));
            }
        });
    }
}

fn is_address(text: &str) -> bool {
    let text = text.trim();
    ["https://", "http://"]
        .iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}
