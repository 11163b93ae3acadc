//! Variables that are initialized more than once.

use rustc_hash::FxHashMap;

use crate::flow::{FlowAnalysis, Variable, is_plain_name};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};

#[derive(Debug)]
pub(crate) struct VariableInitializedTwice;

impl CodedRule for VariableInitializedTwice {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let mut first: FxHashMap<String, &Variable<'a>> = FxHashMap::default();
        for variable in flow.variables().iter().filter(|variable| is_plain_name(variable.name)) {
            // A space is no underscore here: those are two variables.
            let before = *first.entry(variable.name.to_lowercase()).or_insert(variable);
            if before.name_span == variable.name_span {
                continue;
            }
            let other = flow.actions[before.action].name;
            let message = match before.action == variable.action {
                true => format!("'{other}' initializes the variable '{}' twice", variable.name),
                false => format!("The variable '{}' is initialized by '{other}' already", variable.name),
            };
            cx.report(variable.name_span, format!("{message}: the service refuses to save the flow"))
                .help("Use Set variable here, or give one of the two another name.")
                .detail(variable.name.to_lowercase())
                .grouped()
                .related(before.name_span, format!("'{}' is initialized here", before.name));
        }
    }
}
