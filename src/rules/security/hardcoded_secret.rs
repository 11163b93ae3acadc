//! Credentials written into a flow.

use crate::flow::{FlowAnalysis, Format};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct HardcodedSecret;

impl CodedRule for HardcodedSecret {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        // A template holds several flows, and parts that are none: each flow answers for its own.
        let own = match flow.format {
            Format::ArmTemplate => Some(flow.definition.span),
            _ => None,
        };
        for secret in cx.file.secrets.found() {
            if secret.certain && own.is_none_or(|own| own.contains(secret.span)) {
                let what = crate::text::capitalised(secret.what);
                cx.report(secret.span, format!("{what} is written into the flow: whoever reads the file can use it"))
                    .detail(secret.what)
                    .help("Renew it, then keep it in Azure Key Vault behind an environment variable of type Secret. Deleting it here does not take it out of the history.");
            }
        }
    }
}
