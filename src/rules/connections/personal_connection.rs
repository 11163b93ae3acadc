//! Connections that are a person's, as far as files around the flow tell.

use globset::Glob;

use crate::flow::{Binding, Connection, FlowAnalysis};
use crate::linter::RuleContext;
use crate::solution::{Owner, SolutionContext};

pub(super) fn check<'a>(flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
    let people = people(flow, cx);
    for (owner, connections) in people {
        let message = format!(
            "'{}' signs in as {} ({}, line {}): the flow stops when that person leaves or changes the password",
            connections[0].key, owner.name, owner.file, owner.line
        );
        let draft = cx
            .report(connections[0].key_span, message)
            .grouped()
            .help("Make the connection with a service account or service principal. If this is one, list it under `service-accounts`.");
        for other in &connections[1..] {
            draft.related(other.key_span, format!("so does '{}'", other.key));
        }
    }
}

/// The people whose connections the flow uses, each with these connections: one who leaves takes all of them along.
/// A connection of whoever runs the flow is nobody's.
pub(super) fn people<'f, 'a>(
    flow: &'f FlowAnalysis<'a>,
    cx: &RuleContext<'_, 'a>,
) -> Vec<(Owner, Vec<&'f Connection<'a>>)> {
    let owners = cx.file.solution.map(SolutionContext::owners).unwrap_or_default();
    let mut people: Vec<(Owner, Vec<&Connection<'a>>)> = Vec::new();
    for connection in flow.connections.iter().filter(|connection| !connection.invoker) {
        let names = [Some(connection.key), reference(connection)];
        let owned = |owner: &&Owner| {
            names.into_iter().flatten().any(|name| name.eq_ignore_ascii_case(&owner.connection))
        };
        let Some(owner) = owners.iter().find(|owner| owned(owner) && is_person(&owner.name, cx)) else {
            continue;
        };
        match people.iter_mut().find(|(known, _)| known.name.eq_ignore_ascii_case(&owner.name)) {
            Some((_, connections)) => connections.push(connection),
            None => people.push((owner.clone(), vec![connection])),
        }
    }
    people
}

/// The logical name of the reference that a connection is bound to.
fn reference<'a>(connection: &Connection<'a>) -> Option<&'a str> {
    match connection.binding {
        Binding::Reference { name, .. } => Some(name),
        _ => None,
    }
}

/// Whether a name is a person's mail address: not a placeholder of a pipeline, not a service account.
fn is_person(name: &str, cx: &RuleContext<'_, '_>) -> bool {
    let is_address = name.split_once('@').is_some_and(|(local, domain)| {
        let plain =
            |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "._-+'".contains(c));
        plain(local) && plain(domain) && domain.contains('.')
    });
    let is_service = |pattern: &String| {
        Glob::new(&pattern.to_lowercase())
            .is_ok_and(|glob| glob.compile_matcher().is_match(name.to_lowercase()))
    };
    is_address && !cx.list("service-accounts").iter().any(is_service)
}
