//! A data policy as administration exports it: what `Get-DlpPolicy` and the governance API answer.
//!
//! Sources: Power Platform documentation, `dlp-connector-classification`, `connector-action-control` and
//! `connector-endpoint-filtering`; the data types of microsoft/terraform-provider-power-platform.

use super::{BLOCKED, HTTP, MIXED, OUTSIDE};
use crate::flow::plain_connector;
use crate::json::{self, Node, Value};
use crate::linter::OptionValue;
use crate::text::{Arena, Span, TextError, capitalised};

/// What an exported policy says that flows can be held to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    business: Vec<String>,
    non_business: Vec<String>,
    blocked: Vec<String>,
    /// The group of what is in none.
    default: Option<&'static str>,
    allowed_operations: Vec<String>,
    blocked_operations: Vec<String>,
    endpoints: Vec<String>,
    /// Whether it is of the old form, which does not speak of HTTP.
    without_http: bool,
}

impl Exported {
    /// Reads the JSON of one policy.
    ///
    /// # Errors
    /// What is not as it should be, with its place.
    pub fn read(text: &str) -> Result<Self, TextError> {
        let arena = Arena::new();
        let root = json::parse(text, &arena)
            .map_err(|error| TextError::new(error.span, capitalised(&error.message)))?;
        let whole = one(&root)?;
        let definition = ["policyDefinition", "properties"]
            .iter()
            .filter_map(|key| whole.get(key))
            .find(|inner| inner.get("connectorGroups").is_some())
            .unwrap_or(whole);
        let groups = definition.get("connectorGroups").ok_or_else(|| {
            TextError::new(begin(whole), "this is no data policy: it has no `connectorGroups`")
        })?;
        let mut policy = Self::default();
        for group in list(groups, "connectorGroups")? {
            let word = group.get("classification");
            let name = word.and_then(Node::as_str).and_then(classification);
            let name = name.ok_or_else(|| {
                let place = word.map_or_else(|| begin(group), |word| word.span);
                TextError::new(
                    place,
                    "a group of connectors is classified as Confidential, General or Blocked",
                )
            })?;
            let Some(connectors) = group.get("connectors") else { continue };
            for connector in list(connectors, "connectors")? {
                let id = connector.get("id").and_then(Node::as_str).filter(|id| !id.trim().is_empty());
                let id = id.ok_or_else(|| TextError::new(begin(connector), "a connector has an `id`"))?;
                policy.group(name).push(plain_connector(id).to_owned());
            }
        }
        let default = definition.get("defaultConnectorsClassification");
        if let Some(word) = default {
            let name = word.as_str().and_then(classification);
            policy.default = Some(name.ok_or_else(|| {
                TextError::new(word.span, "the default group is Confidential, General or Blocked")
            })?);
        }
        policy.without_http = matches!(
            definition.get("isLegacySchemaVersion").map(|node| &node.value),
            Some(Value::Bool(true))
        );
        // The governance API answers them beside the definition; a cmdlet of their own answers them alone.
        let rules = whole.get("connectorConfigurationsDefinition").unwrap_or(whole);
        policy.read_operations(rules)?;
        policy.read_endpoints(rules)?;
        Ok(policy)
    }

    fn group(&mut self, name: &str) -> &mut Vec<String> {
        match name {
            "business" => &mut self.business,
            "non-business" => &mut self.non_business,
            _ => &mut self.blocked,
        }
    }

    fn read_operations(&mut self, rules: &Node<'_>) -> Result<(), TextError> {
        let Some(configurations) = rules.get("connectorActionConfigurations") else { return Ok(()) };
        for configuration in list(configurations, "connectorActionConfigurations")? {
            let connector = plain_connector(word(configuration, "connectorId")?);
            let blocks = |node: &Node<'_>, key: &str| {
                Ok::<_, TextError>(word(node, key)?.eq_ignore_ascii_case("block"))
            };
            let closed = blocks(configuration, "defaultConnectorActionRuleBehavior")?;
            let mut allowed = Vec::new();
            for rule in
                configuration.get("actionRules").map_or(Ok(&[][..]), |rules| list(rules, "actionRules"))?
            {
                let operation = format!("{connector}/{}", word(rule, "actionId")?);
                match (blocks(rule, "behavior")?, closed) {
                    (true, false) => self.blocked_operations.push(operation),
                    (false, true) => allowed.push(operation),
                    _ => {}
                }
            }
            match (closed, allowed.is_empty()) {
                (true, true) => self.blocked_operations.push(format!("{connector}/*")),
                _ => self.allowed_operations.extend(allowed),
            }
        }
        Ok(())
    }

    fn read_endpoints(&mut self, rules: &Node<'_>) -> Result<(), TextError> {
        let Some(configurations) = rules.get("endpointConfigurations") else { return Ok(()) };
        for configuration in list(configurations, "endpointConfigurations")? {
            let connector = plain_connector(word(configuration, "connectorId")?);
            // The endpoints of other connectors are in their connections, which a flow does not hold.
            if !["Http", "HttpWebhook"].iter().any(|known| known.eq_ignore_ascii_case(connector)) {
                continue;
            }
            let mut ordered = Vec::new();
            for rule in configuration
                .get("endpointRules")
                .map_or(Ok(&[][..]), |rules| list(rules, "endpointRules"))?
            {
                let order = rule.get("order").and_then(Node::as_int).unwrap_or(i64::MAX);
                let denies = word(rule, "behavior")?.eq_ignore_ascii_case("deny");
                let pattern = word(rule, "endpoint").or_else(|_| word(rule, "endPoint"))?;
                let what = if denies { "deny" } else { "allow" };
                ordered.push((order, format!("{connector} {what} {pattern}")));
            }
            ordered.sort_by_key(|(order, _)| *order);
            self.endpoints.extend(ordered.into_iter().map(|(_, rule)| rule));
        }
        Ok(())
    }

    /// The options that say the same.
    pub(super) fn settings(&self) -> Vec<(&'static str, &'static str, OptionValue)> {
        let mut settings = Vec::new();
        let lists = [
            (MIXED, "business", &self.business),
            (MIXED, "non-business", &self.non_business),
            (BLOCKED, "blocked-connectors", &self.blocked),
            (BLOCKED, "allowed-operations", &self.allowed_operations),
            (BLOCKED, "blocked-operations", &self.blocked_operations),
            (BLOCKED, "endpoints", &self.endpoints),
        ];
        for (rule, option, items) in lists.into_iter().filter(|(.., items)| !items.is_empty()) {
            settings.push((rule, option, OptionValue::List(items.clone())));
        }
        if let Some(default) = self.default {
            settings.push((MIXED, "default-group", OptionValue::Text(default.to_owned())));
        }
        if self.without_http {
            let outside = OUTSIDE.iter().chain(&HTTP).map(|&id| id.to_owned()).collect();
            settings.push((MIXED, "outside-groups", OptionValue::List(outside)));
        }
        settings
    }
}

/// The one policy in the answer of a cmdlet.
fn one<'n, 'a>(root: &'n Node<'a>) -> Result<&'n Node<'a>, TextError> {
    let several = match root.value {
        Value::Array(policies) => policies,
        _ => match root.get("value") {
            Some(value) => list(value, "value")?,
            None => return Ok(root),
        },
    };
    match several {
        [policy] => Ok(policy),
        _ => {
            let message = format!(
                "there are {} policies in this file: name a file with the one that holds for these flows",
                several.len()
            );
            Err(TextError::new(begin(root), message))
        }
    }
}

/// The elements of a list. PowerShell writes what is nested too deeply as text: `@{classification=General; …}`.
fn list<'n, 'a>(node: &'n Node<'a>, key: &str) -> Result<&'n [Node<'a>], TextError> {
    let is_cut =
        |node: &Node<'_>| node.as_str().is_some_and(|text| text.is_empty() || text.starts_with("@{"));
    match &node.value {
        Value::Array(elements) => match elements.iter().find(|element| !element.is_object()) {
            None => Ok(elements),
            Some(cut) if is_cut(cut) => Err(TextError::new(cut.span, cut_off(key))),
            Some(other) => Err(TextError::new(other.span, format!("`{key}` is a list of objects"))),
        },
        Value::Null => Ok(&[]),
        _ if is_cut(node) => Err(TextError::new(node.span, cut_off(key))),
        // PowerShell writes a list of one as the one.
        Value::Object(_) => Ok(std::slice::from_ref(node)),
        _ => Err(TextError::new(node.span, format!("`{key}` is a list of objects"))),
    }
}

fn cut_off(key: &str) -> String {
    format!("`{key}` is cut off here: export the policy with ConvertTo-Json -Depth 10")
}

fn word<'n>(node: &'n Node<'_>, key: &str) -> Result<&'n str, TextError> {
    let text = node.get(key).and_then(Node::as_str).filter(|text| !text.trim().is_empty());
    text.ok_or_else(|| TextError::new(begin(node), format!("`{key}` is missing here")))
}

/// The first byte of a value, for values of many lines.
fn begin(node: &Node<'_>) -> Span {
    Span { start: node.span.start, end: node.span.start + 1 }
}

/// The data group that a word of the export means.
fn classification(word: &str) -> Option<&'static str> {
    [
        ("Confidential", "business"),
        ("Business", "business"),
        ("General", "non-business"),
        ("NonBusiness", "non-business"),
        ("Non-Business", "non-business"),
        ("Blocked", "blocked"),
    ]
    .into_iter()
    .find(|(known, _)| known.eq_ignore_ascii_case(word))
    .map(|(_, group)| group)
}
