//! Connectors of two data groups in one flow.

use serde::Deserialize;

use super::connector_uses::{Use, is_connector, shown, uses};
use crate::flow::{FlowAnalysis, Product, plain_connector};
use crate::linter::{CodedRule, Interest, OptionError, RuleContext};

/// How many connectors of a group a message spells out.
const SPELT_OUT: usize = 4;

/// A data group, by its name in the admin center.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    Business,
    NonBusiness,
}

impl Group {
    fn name(self) -> &'static str {
        match self {
            Self::Business => "Business",
            Self::NonBusiness => "Non-business",
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Options {
    business: Vec<String>,
    non_business: Vec<String>,
    default_group: String,
    outside_groups: Vec<String>,
}

#[derive(Debug)]
pub(crate) struct MixedDataGroups {
    /// Each group with its connectors and patterns of them; the first one that fits wins.
    groups: [(Group, Vec<String>); 2],
    default_group: Option<Group>,
    outside_groups: Vec<String>,
}

impl CodedRule for MixedDataGroups {
    type Options = Options;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(options: Options) -> Result<Self, OptionError> {
        let plain = |entry: &String| plain_connector(entry).to_lowercase();
        let business: Vec<String> = options.business.iter().map(plain).collect();
        if let Some(both) = options.non_business.iter().find(|entry| business.contains(&plain(entry))) {
            return Err(OptionError::new("non-business", format!("`{both}` is in `business` as well")));
        }
        let lists = [
            ("business", &options.business),
            ("non-business", &options.non_business),
            ("outside-groups", &options.outside_groups),
        ];
        for (option, list) in lists {
            if let Some(empty) = list.iter().find(|entry| plain(entry).is_empty()) {
                let message = format!("`{empty}` is no id of a connector: write shared_sql, sql or Http");
                return Err(OptionError::new(option, message));
            }
        }
        let default_group = match options.default_group.as_str() {
            "" => None,
            "business" => Some(Group::Business),
            "non-business" => Some(Group::NonBusiness),
            word => {
                let message = format!("`{word}` is no data group: it is \"business\" or \"non-business\"");
                return Err(OptionError::new("default-group", message));
            }
        };
        Ok(Self {
            groups: [(Group::Business, options.business), (Group::NonBusiness, options.non_business)],
            default_group,
            outside_groups: options.outside_groups,
        })
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        // Data policies are a thing of the Power Platform.
        if flow.product != Product::PowerAutomate || self.groups.iter().all(|(_, list)| list.is_empty()) {
            return;
        }
        // The first use of each connector.
        let mut known: Vec<(Use<'a>, Group)> = Vec::new();
        for using in uses(flow) {
            let is_new = !known.iter().any(|(other, _)| {
                plain_connector(other.connector).eq_ignore_ascii_case(plain_connector(using.connector))
            });
            if is_new && let Some(group) = self.group(using.connector) {
                known.push((using, group));
            }
        }
        let names = |wanted: Group| {
            let mut names: Vec<&str> = known
                .iter()
                .filter(|(_, group)| *group == wanted)
                .map(|(using, _)| shown(using.connector))
                .collect();
            let more = names.len().saturating_sub(SPELT_OUT);
            names.truncate(SPELT_OUT);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            (!names.is_empty()).then(|| format!("{} ({}{more})", wanted.name(), names.join(", ")))
        };
        let (Some(business), Some(other)) = (names(Group::Business), names(Group::NonBusiness)) else {
            return;
        };
        let message = format!(
            "Connectors of two data groups in one flow, {business} and {other}: the data policy switches the flow off"
        );
        let draft = cx.report(flow.anchor, message).help(
            "Do without the connectors of one group, or ask whoever keeps the data policy to put them into one group.",
        );
        for (using, group) in &known {
            draft.related(
                using.key_span,
                format!("'{}' uses {}: {}", using.name, shown(using.connector), group.name()),
            );
        }
    }
}

impl MixedDataGroups {
    /// The group of a connector: where it is named itself, else the first whose pattern fits, else the default.
    fn group(&self, connector: &str) -> Option<Group> {
        let plain = plain_connector(connector);
        let is_named = |entry: &String| plain_connector(entry).eq_ignore_ascii_case(plain);
        let fits = |entry: &String| is_connector(entry, connector);
        let listed = |test: &dyn Fn(&String) -> bool| {
            self.groups.iter().find(|(_, list)| list.iter().any(test)).map(|(group, _)| *group)
        };
        let default = || self.default_group.filter(|_| !self.outside_groups.iter().any(fits));
        listed(&is_named).or_else(|| listed(&fits)).or_else(default)
    }
}
