//! Credentials written into a flow.

use crate::flow::{Flow, Format};
use crate::rule::Cx;

pub(super) fn check<'a>(flow: &Flow<'a>, cx: &mut Cx<'_, 'a>) {
    // A template holds several flows, and parts that are none: each flow answers for its own.
    let own = match flow.format {
        Format::ArmTemplate => Some(flow.definition.span),
        _ => None,
    };
    for secret in flow.source.secrets() {
        if secret.certain && own.is_none_or(|own| own.contains(secret.span)) {
            let what = crate::capitalised(secret.what);
            cx.report(secret.span, format!("{what} is written into the flow: whoever reads the file can use it"))
                .detail(secret.what)
                .help("Renew it, then keep it in Azure Key Vault behind an environment variable of type Secret. Deleting it here does not take it out of the history.");
        }
    }
}
