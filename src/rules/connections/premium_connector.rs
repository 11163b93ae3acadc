//! Connectors that need a licence of their own.

use crate::catalog::connectors::{Licence, licence, name};
use crate::flow::{ActionType, FlowAnalysis, Operation, Product, TriggerType};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};
use crate::text::Span;

/// What the designer calls the premium connector of HTTP actions and triggers.
const HTTP: &str = "HTTP";

#[derive(Debug)]
pub(crate) struct PremiumConnector;

impl CodedRule for PremiumConnector {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        if flow.product != Product::PowerAutomate {
            return;
        }
        let mut found = Premium { flow, connectors: Vec::new() };
        for trigger in &flow.triggers {
            let is_http = match trigger.ty {
                TriggerType::Http | TriggerType::HttpWebhook => true,
                TriggerType::Request => trigger.kind.is_some_and(|kind| kind.eq_ignore_ascii_case("Http")),
                _ => false,
            };
            found.look_at(flow.trigger_operation(trigger), is_http, trigger.key_span);
        }
        for action in &flow.actions {
            let is_http = matches!(action.ty, ActionType::Http | ActionType::HttpWebhook);
            found.look_at(flow.action_operation(action), is_http, action.key_span);
        }
        for (connector, mut places) in found.connectors {
            places.sort_unstable();
            let draft = cx.report(
                places[0],
                format!("'{connector}' is a premium connector: what Microsoft 365 includes is not enough to run the flow"),
            );
            draft.grouped().help(
                "Make sure that everyone who runs the flow has a Power Automate licence, or the flow itself.",
            );
            for place in &places[1..] {
                draft.related(*place, "the same connector");
            }
        }
    }
}

/// The premium connectors of a flow by the names that people know, each with its places.
struct Premium<'f, 'a> {
    flow: &'f FlowAnalysis<'a>,
    connectors: Vec<(String, Vec<Span>)>,
}

impl<'a> Premium<'_, 'a> {
    fn look_at(&mut self, operation: Option<Operation<'a>>, is_http: bool, key: Span) {
        if is_http {
            return self.add(HTTP, key);
        }
        let Some(operation) = operation else { return };
        if licence(operation.connector) == Some(Licence::Premium) {
            // A connection is named once, however many actions use it.
            let connection = operation.connection.and_then(|(key, _)| self.flow.connection(key));
            let place = connection.map_or(key, |connection| connection.key_span);
            self.add(&name(operation.connector), place);
        }
    }

    fn add(&mut self, connector: &str, place: Span) {
        match self.connectors.iter_mut().find(|(known, _)| known == connector) {
            Some((_, places)) if places.contains(&place) => {}
            Some((_, places)) => places.push(place),
            None => self.connectors.push((connector.to_owned(), vec![place])),
        }
    }
}
