//! Addresses that HTTP actions call, written into the flow.

use serde::Deserialize;

use super::literal_group::{Groups, environment_variable_help};
use crate::flow::host;
use crate::flow::{ActionType, FlowAnalysis, TriggerType};
use crate::json::Node;
use crate::linter::{CodedRule, Interest, OptionError, RuleContext};
use crate::text::Span;
use crate::text::wildcard::fits;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct HardcodedUrl {
    /// Patterns of hosts, and ends of hosts that begin with a dot.
    allow: Vec<String>,
}

impl CodedRule for HardcodedUrl {
    type Options = Self;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(options: Self) -> Result<Self, OptionError> {
        Ok(Self { allow: options.allow.iter().map(|entry| entry.to_ascii_lowercase()).collect() })
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let mut hosts = Groups::default();
        let mut look = |keys: &[&str], node: &'a Node<'a>| {
            if let Some(uri) = node.at(keys)
                && let Some((host, place)) = written_host(flow, uri)
            {
                hosts.add(&host, place);
            }
        };
        for action in &flow.actions {
            match action.ty {
                ActionType::Http => look(&["inputs", "uri"], action.node),
                ActionType::HttpWebhook => look(&["inputs", "subscribe", "uri"], action.node),
                _ => {}
            }
        }
        for trigger in &flow.triggers {
            match trigger.ty {
                TriggerType::Http => look(&["inputs", "uri"], trigger.node),
                TriggerType::HttpWebhook => look(&["inputs", "subscribe", "uri"], trigger.node),
                _ => {}
            }
        }
        for (host, places) in hosts.into_sorted() {
            if self.is_for_all(&host) {
                continue;
            }
            let draft = cx.report(
                places[0],
                format!(
                    "'{host}' is written into the flow: a test environment calls it just as production does"
                ),
            );
            draft.grouped().help(environment_variable_help(flow, "the address", ""));
            for place in &places[1..] {
                draft.related(*place, "the same host");
            }
        }
    }
}

/// The host that an address names in plain text, in small letters, and where it is written.
fn written_host<'a>(flow: &FlowAnalysis<'a>, uri: &'a Node<'a>) -> Option<(String, Span)> {
    let written = flow.beginning(uri)?;
    let host = host(written.text.trim(), written.is_whole)?;
    host.contains('.').then_some((host, written.span))
}

impl HardcodedUrl {
    /// Whether a host is one for all the world, or allowed by the configuration: by a pattern, or by the end of
    /// it that begins with a dot.
    fn is_for_all(&self, host: &str) -> bool {
        self.allow.iter().any(|entry| match entry.starts_with('.') {
            true => host.ends_with(entry),
            false => fits(entry, host),
        })
    }
}
