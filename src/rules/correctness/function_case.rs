//! Functions that are spelled with other case than documented.

use crate::expr::Call;
use crate::finding::Applicability;
use crate::flow::{ExpressionSite, FlowAnalysis};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

/// Second spellings that the documentation or the designer writes as well.
const ALSO: [&str; 5] = ["encodeURIComponent", "decodeURIComponent", "utcnow", "appSetting", "dataURI"];

#[derive(Debug)]
pub(crate) struct FunctionCase;

impl CodedRule for FunctionCase {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::AnyCall];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn call<'a>(
        &self,
        _: &FlowAnalysis<'a>,
        site: &ExpressionSite<'a>,
        call: &Call<'a>,
        cx: &mut RuleContext<'_, 'a>,
    ) {
        let Some(function) = call.function.filter(|function| function.name != call.name) else {
            return;
        };
        if ALSO.contains(&call.name) {
            return;
        }
        let name = cx.spot(site, call.name_at);
        cx.report_at(site, call.name_at, format!("'{}' is documented as '{}'", call.name, function.name))
            .detail(function.name)
            .help(format!("Write {}: it runs either way, and a search finds it.", function.name))
            .fix(
                format!("Write {}", function.name),
                Applicability::Safe,
                vec![(name, function.name.to_owned())],
            );
    }
}
