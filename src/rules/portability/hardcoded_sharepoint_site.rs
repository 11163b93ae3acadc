//! SharePoint sites and lists that are written into the flow.

use super::literal_group::{Groups, environment_variable_help};
use super::path_steps::encoded;
use crate::catalog::connectors::Connector;
use crate::flow::{Element, FlowAnalysis, Literal, Operation, Place};
use crate::json::Node;
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};
use crate::text::{Span, guid};

/// Parameters that hold the address of a site.
const SITES: [&str; 3] = ["dataset", "destinationdataset", "sourcedataset"];

/// Parameters that hold a list or library.
const LISTS: [&str; 2] = ["table", "library"];

#[derive(Debug)]
pub(crate) struct HardcodedSharepointSite;

impl CodedRule for HardcodedSharepointSite {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let mut sites = Groups::default();
        let mut lists = Groups::default();
        let triggers = flow.triggers.iter().map(|trigger| (flow.trigger_operation(trigger), trigger.node));
        let actions = flow.actions.iter().map(|action| (flow.action_operation(action), action.node));
        for (operation, node) in triggers.chain(actions) {
            if operation.is_some_and(is_sharepoint) {
                look_at(flow, node, &mut sites, &mut lists);
            }
        }
        in_paths(flow, &mut sites, &mut lists);
        for (site, places) in sites.into_sorted() {
            let message =
                format!("'{site}' is written into the flow: in every environment it works on this one site");
            report(flow, &message, &places, "the site", " of type Data source", "the same site", cx);
        }
        for (list, places) in lists.into_sorted() {
            let message =
                format!("The list {list} is written into the flow: on another site it has another id");
            report(flow, &message, &places, "the list", " of type Data source", "the same list", cx);
        }
    }
}

fn report(
    flow: &FlowAnalysis<'_>,
    message: &str,
    places: &[Span],
    what: &str,
    kind: &str,
    same: &str,
    cx: &mut RuleContext<'_, '_>,
) {
    let draft = cx.report(places[0], message);
    draft.grouped().help(environment_variable_help(flow, what, kind));
    for place in &places[1..] {
        draft.related(*place, same);
    }
}

fn is_sharepoint(operation: Operation<'_>) -> bool {
    operation.service == Connector::SharePoint
}

fn look_at<'a>(flow: &FlowAnalysis<'a>, node: &'a Node<'a>, sites: &mut Groups, lists: &mut Groups) {
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
        } else if LISTS.contains(&key.as_str()) && guid(literal.text).is_some() {
            own_lists.push(literal);
        }
    });
    for list in own_lists.iter().filter(|_| !has_site) {
        lists.add(list.text, list.span);
    }
}

/// The path dialect writes site and list into the path:
/// `/datasets/@{encodeURIComponent('https://…')}/tables/@{encodeURIComponent('…')}/items`.
fn in_paths<'a>(flow: &FlowAnalysis<'a>, sites: &mut Groups, lists: &mut Groups) {
    for site in &flow.sites {
        let in_path = site.place == Place::Input
            && site.text.starts_with("/datasets/")
            && matches!(site.element, Element::Action(_) | Element::Trigger(_));
        if !in_path {
            continue;
        }
        let mut has_site = false;
        let mut own_lists: Vec<(String, Span)> = Vec::new();
        site.each_text(&mut |piece| {
            let lower = || piece.text.to_ascii_lowercase();
            if !piece.whole && is_address(piece.text) && lower().contains(".sharepoint.com") {
                sites.add(piece.text.trim_end_matches('/'), site.span_of(&flow.source.text, piece.at));
                has_site = true;
            } else if guid(piece.text).is_some() && is_list_segment(site.text, piece.at.range().start) {
                own_lists.push((piece.text.to_owned(), site.span_of(&flow.source.text, piece.at)));
            } else if let Some(range) = list_in_text(piece.text) {
                let place = site.span_of(&flow.source.text, piece.part(range.clone()));
                own_lists.push((piece.text[range].to_owned(), place));
            }
        });
        for expr in site.template.expressions() {
            let Some(kept) = flow.written_for(encoded(expr)) else { continue };
            let Some(text) = kept.as_str() else { continue };
            if is_address(text) && text.to_ascii_lowercase().contains(".sharepoint.com") {
                sites.add(text.trim_end_matches('/'), kept.span);
                has_site = true;
            } else if guid(text).is_some() && is_list_segment(site.text, expr.at.range().start) {
                own_lists.push((text.to_owned(), kept.span));
            }
        }
        if !has_site && !own_lists.is_empty() && is_path_of_sharepoint(flow, site.element) {
            own_lists.iter().for_each(|(list, place)| lists.add(list, *place));
        }
    }
}

/// Whether what stands at an offset of a path belongs to the step that names the list.
fn is_list_segment(path: &str, at: usize) -> bool {
    let before = path.get(..at).unwrap_or("");
    before.rsplit_once("/tables/").is_some_and(|(_, step)| !step.contains('/'))
}

/// The id of a list in a plain piece of a path.
fn list_in_text(text: &str) -> Option<std::ops::Range<usize>> {
    const GUID: usize = 36;
    let from = text.find("/tables/")? + "/tables/".len();
    text.get(from..from + GUID).filter(|id| guid(id).is_some()).map(|_| from..from + GUID)
}

/// Whether a trigger or action of the path dialect calls SharePoint; a copy has the name of its connection only.
fn is_path_of_sharepoint(flow: &FlowAnalysis<'_>, element: Element) -> bool {
    let operation = match element {
        Element::Action(id) => flow.action_operation(&flow.actions[id]),
        Element::Trigger(at) => flow.trigger_operation(&flow.triggers[at]),
        _ => None,
    };
    operation.is_some_and(|operation| {
        let named = operation.connection.map_or(Connector::Other, |(key, _)| Connector::of_key(key));
        is_sharepoint(operation) || (operation.connector.is_empty() && named == Connector::SharePoint)
    })
}

fn is_address(text: &str) -> bool {
    let text = text.trim();
    ["https://", "http://"]
        .iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}
