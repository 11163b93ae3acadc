//! The people whose connections a flow uses, as far as files around the flow tell.

use serde::Deserialize;

use crate::flow::{Binding, Connection, FlowAnalysis};
use crate::linter::RuleContext;
use crate::solution::{Owner, SolutionContext};
use crate::text::wildcard::fits;

/// The options of the rules about people.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Options {
    service_accounts: Vec<String>,
}

/// Tells people from service accounts.
#[derive(Debug)]
pub(super) struct People {
    /// Patterns of their addresses.
    service_accounts: Vec<String>,
}

impl People {
    pub(super) fn new(options: &Options) -> Self {
        Self { service_accounts: options.service_accounts.clone() }
    }

    /// The people whose connections the flow uses, each with these connections: one who leaves takes all of them
    /// along. A connection of whoever runs the flow is nobody's.
    pub(super) fn of<'f, 'a>(
        &self,
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
            let Some(owner) = owners.iter().find(|owner| owned(owner) && self.is_person(&owner.name)) else {
                continue;
            };
            match people.iter_mut().find(|(known, _)| known.name.eq_ignore_ascii_case(&owner.name)) {
                Some((_, connections)) => connections.push(connection),
                None => people.push((owner.clone(), vec![connection])),
            }
        }
        people
    }

    /// Whether a name is a person's mail address: not a placeholder of a pipeline, not a service account.
    fn is_person(&self, name: &str) -> bool {
        let is_address = name.split_once('@').is_some_and(|(local, domain)| {
            let plain = |text: &str| {
                !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "._-+'".contains(c))
            };
            plain(local) && plain(domain) && domain.contains('.')
        });
        is_address && !self.service_accounts.iter().any(|pattern| fits(pattern, name))
    }
}

/// The logical name of the reference that a connection is bound to.
fn reference<'a>(connection: &Connection<'a>) -> Option<&'a str> {
    match connection.binding {
        Binding::Reference { name, .. } => Some(name),
        _ => None,
    }
}
