//! What a trigger on rows, items or files listens to, so that the triggers of several flows can be held against one
//! another. Says only what is the same in each run.

use std::collections::BTreeSet;

use crate::catalog::connectors::Connector;
use crate::catalog::rows::Changes;
use crate::expr::ExprKind;
use crate::finding::Mask;
use crate::flow::{Binding, FlowAnalysis, Operation, Trigger};
use crate::json::{Node, Value};
use crate::odata;

/// The greatest scope of a Dataverse trigger: rows of the whole organisation.
const ORGANISATION: &str = "4";

/// What a trigger on the rows of a table, or on the items of a list, listens to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RowEvents {
    /// The table or list.
    pub rows: Rows,
    /// The changes that start the flow.
    pub changes: Changes,
    /// The columns of which one has to be among the modified ones; empty where any is enough.
    columns: BTreeSet<String>,
    /// What a row has to fulfil, all of it. Two conditions are the same only if they are written the same.
    conditions: BTreeSet<String>,
    /// Whose rows count, and for whom; none for those of everybody.
    scope: Option<(String, String)>,
}

/// A table or a list. Two are the same where these are equal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Rows {
    /// A table of Dataverse.
    Table {
        /// Its name, in lower case.
        name: String,
        /// The environment; empty for the one of the flow.
        organization: String,
    },
    /// A list or library of SharePoint.
    List {
        /// The address of the site, in lower case.
        site: String,
        /// The name or id of the list, in lower case.
        list: String,
    },
}

impl RowEvents {
    /// What a trigger listens to; none where it is on something else, or where a run may be about another table than
    /// the next.
    #[must_use]
    pub fn of<'a>(flow: &FlowAnalysis<'a>, trigger: &Trigger<'a>) -> Option<Self> {
        let operation = flow.trigger_operation(trigger)?;
        let parameters = Parameters { flow, node: trigger.node };
        let mut events = if operation.service == Connector::Dataverse {
            of_table(&parameters, operation)?
        } else if operation.service == Connector::SharePoint {
            of_list(&parameters, operation)?
        } else {
            return None;
        };
        for condition in trigger.node.get("conditions").map(Node::elements).unwrap_or_default() {
            let text = condition.get("expression").and_then(Node::as_str).unwrap_or_default();
            events.conditions.insert(match text.to_ascii_lowercase().contains("parameters(") {
                true => parameters.own(text),
                false => without_blanks(text),
            });
        }
        Some(events)
    }

    /// The changes that are certain to start both flows: where a row fulfils the conditions of the one that asks for
    /// more, it fulfils those of the other.
    #[must_use]
    pub fn common(&self, other: &Self) -> Option<Changes> {
        let is_part =
            self.conditions.is_subset(&other.conditions) || other.conditions.is_subset(&self.conditions);
        let is_seen = self.scope.is_none() || other.scope.is_none() || self.scope == other.scope;
        if self.rows != other.rows || !is_part || !is_seen {
            return None;
        }
        let mut changes = self.changes.and(other.changes);
        changes.modified &=
            self.columns.is_empty() || other.columns.is_empty() || !self.columns.is_disjoint(&other.columns);
        (!changes.is_empty()).then_some(changes)
    }

    /// The same without credentials.
    #[must_use]
    pub fn mask(self, mask: &Mask) -> Self {
        let each = |texts: BTreeSet<String>| texts.into_iter().map(|text| mask.text(text)).collect();
        Self {
            rows: match self.rows {
                Rows::Table { name, organization } => {
                    Rows::Table { name: mask.text(name), organization: mask.text(organization) }
                }
                Rows::List { site, list } => Rows::List { site: mask.text(site), list: mask.text(list) },
            },
            columns: each(self.columns),
            conditions: each(self.conditions),
            ..self
        }
    }
}

fn of_table(parameters: &Parameters<'_, '_>, operation: Operation<'_>) -> Option<RowEvents> {
    let known = ["SubscribeWebhookTrigger", "SubscribeWebhookTriggerWithOrganization"];
    if !known.iter().any(|known| operation.id.eq_ignore_ascii_case(known)) {
        return None;
    }
    let subscribed = |name: &str| parameters.fixed(&format!("subscriptionRequest/{name}"));
    let name = subscribed("entityname")?.trim().to_ascii_lowercase();
    // A row that waits until it is due is not seen when it is changed.
    if name.is_empty() || !subscribed("postponeuntil")?.trim().is_empty() {
        return None;
    }
    let organization = address(&parameters.fixed("organization")?);
    let columns = subscribed("filteringattributes")?.to_ascii_lowercase();
    let columns = columns.split(',').map(str::trim).filter(|column| !column.is_empty());
    let scope = subscribed("scope")?;
    let scope =
        (scope.trim() != ORGANISATION).then(|| (scope.trim().to_owned(), parameters.signed_in(operation)));
    Some(RowEvents {
        rows: Rows::Table {
            name,
            organization: if organization == "current" { String::new() } else { organization },
        },
        changes: Changes::of_message(subscribed("message")?.trim())?,
        columns: columns.map(str::to_owned).collect(),
        conditions: parameters.row_filter("subscriptionRequest/filterexpression"),
        scope,
    })
}

fn of_list(parameters: &Parameters<'_, '_>, operation: Operation<'_>) -> Option<RowEvents> {
    let (site, list) =
        (address(&parameters.fixed("dataset")?), parameters.fixed("table")?.trim().to_ascii_lowercase());
    if site.is_empty() || list.is_empty() {
        return None;
    }
    let folder = match parameters.fixed("folderPath") {
        Some(folder) => folder.trim().trim_end_matches('/').to_ascii_lowercase(),
        None => parameters.own("folder"),
    };
    Some(RowEvents {
        rows: Rows::List { site, list },
        changes: Changes::of_list_trigger(operation.id)?,
        columns: BTreeSet::new(),
        conditions: BTreeSet::from([folder]).into_iter().filter(|folder| !folder.is_empty()).collect(),
        scope: None,
    })
}

/// An address, as others write it too.
fn address(text: &str) -> String {
    text.trim().trim_end_matches('/').to_ascii_lowercase()
}

/// The parameters of a trigger.
struct Parameters<'f, 'a> {
    flow: &'f FlowAnalysis<'a>,
    node: &'f Node<'a>,
}

impl Parameters<'_, '_> {
    fn get(&self, name: &str) -> Option<&Node<'_>> {
        self.node.at(&["inputs", "parameters", name])
    }

    /// A value that is the same in each run, and empty where none is set: a text or number, or nothing but parameters
    /// of the flow in it. What those stand for is written behind it.
    fn fixed(&self, name: &str) -> Option<String> {
        let Some(node) = self.get(name) else { return Some(String::new()) };
        let text = match &node.value {
            Value::String(text) | Value::Number(text) => text.to_string(),
            Value::Null => String::new(),
            _ => return None,
        };
        let Some(template) = text.contains('@').then(|| self.flow.template_of(node)).flatten() else {
            return Some(text);
        };
        if template.errors().next().is_some() {
            return None;
        }
        let mut value = text;
        for expr in template.expressions() {
            let ExprKind::Call(call) = &expr.kind else { return None };
            let named = call.arguments.first().filter(|_| call.is("parameters") && call.steps.is_empty());
            let name = named.and_then(|argument| argument.as_text())?;
            let parameter =
                self.flow.parameters.iter().find(|known| known.name.eq_ignore_ascii_case(name))?;
            let source = match (parameter.environment_variable, parameter.default.and_then(Node::as_str)) {
                (Some(variable), _) => variable,
                (None, default) => default?,
            };
            value.push('\n');
            value.push_str(source);
        }
        Some(value)
    }

    /// The conditions of a row filter that all have to hold.
    fn row_filter(&self, name: &str) -> BTreeSet<String> {
        let Some(filter) = self.fixed(name) else { return BTreeSet::from([self.own(name)]) };
        let (filter, sources) = filter.split_once('\n').unwrap_or((&filter, ""));
        let conditions = conjuncts(filter).into_iter();
        conditions
            .map(|condition| match condition.contains('@') {
                true => format!("{condition}\n{sources}"),
                false => condition,
            })
            .collect()
    }

    /// A condition that is like that of no other flow.
    fn own(&self, condition: &str) -> String {
        let file = &self.flow.source.name;
        let member = file.member.as_deref().unwrap_or_default();
        format!("{condition}\n{}\n{member}\n{}", file.path, self.flow.id)
    }

    /// Who the trigger signs in as, as far as the solution tells.
    fn signed_in(&self, operation: Operation<'_>) -> String {
        let connection = operation.connection.and_then(|(key, _)| self.flow.connection(key));
        match connection.map(|connection| &connection.binding) {
            Some(Binding::Reference { name, .. }) => (*name).to_owned(),
            _ => self.own("connection"),
        }
    }
}

/// The parts of a row filter that `and` joins, each written in one way. One that cannot be read is one part as it stands.
fn conjuncts(filter: &str) -> Vec<String> {
    let whole = || vec![filter.split_whitespace().collect::<Vec<_>>().join(" ")];
    let parsed = odata::parse(filter);
    let mut parts =
        parsed.map_or_else(whole, |filter| filter.conjuncts().into_iter().map(odata::normalised).collect());
    parts.retain(|part| !part.is_empty());
    parts
}

/// A trigger condition without blanks outside of its texts.
fn without_blanks(condition: &str) -> String {
    let pieces = condition.split('\'').enumerate().map(|(at, piece)| match at % 2 {
        0 => piece.split_whitespace().collect::<String>(),
        _ => piece.to_owned(),
    });
    pieces.collect::<Vec<_>>().join("'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_filter_is_split_at_its_top() {
        for (filter, expected) in [
            (
                " ctso_Sum  gt 5 AND (_ctso_customer_value ne null)",
                vec!["ctso_sum gt 5", "ctso_customer ne null"],
            ),
            ("a eq 1  and", vec!["a eq 1 and"]),
            (" ", vec![]),
        ] {
            assert_eq!(conjuncts(filter), expected, "{filter}");
        }
    }

    #[test]
    fn blanks_outside_of_quotes_do_not_count_in_a_trigger_condition() {
        let plain = |text| without_blanks(text);
        assert_eq!(plain("@equals( a , 'b  c' )"), "@equals(a,'b  c')");
    }
}
