//! Connections that are a person's, as far as files around the flow tell.

use super::people::{Options, People};
use crate::flow::FlowAnalysis;
use crate::linter::{CodedRule, Interest, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct PersonalConnection(People);

impl CodedRule for PersonalConnection {
    type Options = Options;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(options: Options) -> Result<Self, OptionError> {
        Ok(Self(People::new(&options)))
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        for (owner, connections) in self.0.of(flow, cx) {
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
}
