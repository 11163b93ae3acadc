//! Connectors of two data groups in one flow.

use super::blocked_connector::is_connector;
use super::uses::{Use, shown, uses};
use crate::flow::{FlowAnalysis, Product, plain_connector};
use crate::linter::{OptionError, OptionValue, Options, RuleContext};

/// How many connectors of a group a message spells out.
const SPELT_OUT: usize = 4;

/// A data group: the option that lists it, and its name in the admin center.
type Group = (&'static str, &'static str);
const BUSINESS: Group = ("business", "Business");
const NON_BUSINESS: Group = ("non-business", "Non-business");

pub(super) fn check<'a>(flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
    // Data policies are a thing of the Power Platform.
    if flow.product != Product::PowerAutomate
        || [BUSINESS, NON_BUSINESS].iter().all(|(option, _)| cx.list(option).is_empty())
    {
        return;
    }
    // The first use of each connector.
    let mut known: Vec<(Use<'a>, Group)> = Vec::new();
    for using in uses(flow) {
        let is_new = !known.iter().any(|(other, _)| {
            plain_connector(other.connector).eq_ignore_ascii_case(plain_connector(using.connector))
        });
        if is_new && let Some(group) = group(using.connector, cx) {
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
        (!names.is_empty()).then(|| format!("{} ({}{more})", wanted.1, names.join(", ")))
    };
    let (Some(business), Some(other)) = (names(BUSINESS), names(NON_BUSINESS)) else { return };
    let message = format!(
        "Connectors of two data groups in one flow, {business} and {other}: the data policy switches the flow off"
    );
    let draft = cx.report(flow.anchor, message).help(
        "Do without the connectors of one group, or ask whoever keeps the data policy to put them into one group.",
    );
    for (using, (_, group)) in &known {
        draft.related(using.key_span, format!("'{}' uses {}: {group}", using.name, shown(using.connector)));
    }
}

/// The group of a connector: where it is named itself, else the first whose pattern fits, else the default.
fn group(connector: &str, cx: &RuleContext<'_, '_>) -> Option<Group> {
    let named = |(option, _): &Group| {
        let plain = plain_connector(connector);
        cx.list(option).iter().any(|entry| plain_connector(entry).eq_ignore_ascii_case(plain))
    };
    let fitting = |list: &str| cx.list(list).iter().any(|entry| is_connector(entry, connector));
    let groups = [BUSINESS, NON_BUSINESS];
    let listed = groups.into_iter().find(named).or_else(|| groups.into_iter().find(|group| fitting(group.0)));
    let default = || groups.into_iter().find(|(option, _)| *option == cx.text("default-group"));
    listed.or_else(|| default().filter(|_| !fitting("outside-groups")))
}

/// Finds connectors that stand in both groups, and a default that is no group.
pub(super) fn verify(options: &Options) -> Result<(), OptionError> {
    let plain = |entry: &String| plain_connector(entry).to_lowercase();
    let business: Vec<String> = options.list("business").iter().map(plain).collect();
    if let Some(both) = options.list("non-business").iter().find(|entry| business.contains(&plain(entry))) {
        return Err(("non-business", format!("`{both}` is in `business` as well")));
    }
    for option in ["business", "non-business", "outside-groups"] {
        if let Some(empty) = options.list(option).iter().find(|entry| plain(entry).is_empty()) {
            return Err((
                option,
                format!("`{empty}` is no id of a connector: write shared_sql, sql or Http"),
            ));
        }
    }
    match options.get("default-group") {
        Some(OptionValue::Text(word)) if !["", "business", "non-business"].contains(&word.as_str()) => Err((
            "default-group",
            format!("`{word}` is no data group: it is \"business\" or \"non-business\""),
        )),
        _ => Ok(()),
    }
}
