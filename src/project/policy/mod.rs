//! `[policy]` of a configuration: the friendly spelling of the options of `blocked-connector` and
//! `mixed-data-groups`, by hand or out of an exported data policy.
//!
//! Knows options; knows nothing of flows.

mod exported;

use std::path::Path;

use crate::linter::OptionValue;
use crate::project::reading::{Item, Mistakes, unknown_key};
use crate::project::{ProjectError, files};
use crate::text::{Span, TextError};

pub use exported::Exported;

/// The rule that knows what is allowed.
const BLOCKED: &str = "blocked-connector";
/// The rule that knows the data groups.
const MIXED: &str = "mixed-data-groups";

/// Keys that are options, each with the rule that has it.
const OPTIONS: [(&str, &str); 9] = [
    ("allowed-connectors", BLOCKED),
    ("blocked-connectors", BLOCKED),
    ("allowed-operations", BLOCKED),
    ("blocked-operations", BLOCKED),
    ("allowed-hosts", BLOCKED),
    ("blocked-hosts", BLOCKED),
    ("business", MIXED),
    ("non-business", MIXED),
    ("default-group", MIXED),
];

/// Keys that an exported policy says as well.
const GROUPS: [&str; 3] = ["business", "non-business", "default-group"];

/// Connectors that no data policy blocks: where the default group is Blocked, they are in Non-business.
/// Source: Power Platform documentation, `dlp-connector-classification`.
const UNBLOCKABLE: [&str; 26] = [
    "approvals",
    "cloudappsecurity",
    "commondataservice",
    "commondataserviceforapps",
    "conversionservice",
    "excelonlinebusiness",
    "flowpush",
    "kaizala",
    "microsoftformspro",
    "office365",
    "office365groups",
    "office365groupsmail",
    "office365users",
    "onedriveforbusiness",
    "onenote",
    "planner",
    "powerappsnotification",
    "powerappsnotificationv2",
    "powerbi",
    "powervirtualagents",
    "sharepointonline",
    "shifts",
    "skypeforbiz",
    "teams",
    "todo",
    "yammer",
];
/// The ids of connectors that somebody made for one environment. A tenant's policy classifies them by their
/// addresses, which a flow does not hold.
const MADE_BY_HAND: &str = "*-5f*";
/// Connectors that are in no group; the default of the option.
const OUTSIDE: [&str; 2] = [MADE_BY_HAND, "conversionservice"];
/// How a policy calls the three connectors that are HTTP.
const HTTP: [&str; 3] = ["Http", "HttpWebhook", "HttpRequestReceived"];

/// What a configuration says of a policy.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The options that it sets.
    settings: Vec<Setting>,
    /// The exported policy, and where it is named.
    file: Option<(String, Span)>,
}

/// A value for an option, and where in the configuration its key stands.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The rule.
    pub rule: &'static str,
    /// The option.
    pub option: String,
    /// The value.
    pub value: OptionValue,
    /// The place of the key.
    pub span: Span,
}

impl Policy {
    /// The keys of the table.
    pub(crate) fn keys() -> impl Iterator<Item = &'static str> {
        OPTIONS.iter().map(|(option, _)| *option).chain(["file"])
    }

    /// Reads the table of a configuration. Keys that are unknown or whose values are of the wrong kind are left out.
    pub(super) fn read(item: &Item<'_>, mistakes: &mut Mistakes) -> Self {
        let mut policy = Self::default();
        let known: Vec<&str> = Self::keys().collect();
        let table = mistakes.table(item, "`policy` is a table: [policy]");
        for (key, item) in table.into_iter().flatten() {
            let name = key.get_ref().as_ref();
            if name == "file" {
                policy.file = mistakes.text(item, "`file` is a text: the path of a file");
                continue;
            }
            let Some((option, rule)) = OPTIONS.iter().find(|(option, _)| *option == name) else {
                mistakes.add(key.span(), unknown_key(name, &known, " in [policy]"));
                continue;
            };
            let (wanted, value) = match (*option, OptionValue::read(item.get_ref())) {
                ("default-group", value) => (
                    "\"business\", \"non-business\" or \"blocked\"",
                    value.filter(|value| {
                        matches!(value, OptionValue::Text(group) if GROUP_NAMES.contains(&group.as_str()))
                    }),
                ),
                (_, value) => {
                    ("a list of texts", value.filter(|value| matches!(value, OptionValue::List(_))))
                }
            };
            if let Some(value) = mistakes.expect(value, item.span(), &format!("`{name}` is {wanted}")) {
                policy.settings.push(Setting {
                    rule,
                    option: name.to_owned(),
                    value,
                    span: key.span().into(),
                });
            }
        }
        if policy.file.is_some() {
            policy.settings.retain(|Setting { option, span, .. }| {
                let is_in_file = GROUPS.contains(&option.as_str());
                if is_in_file {
                    let message =
                        format!("`{option}` is what the exported policy in `file` says: name one of them");
                    mistakes.add(*span, message);
                }
                !is_in_file
            });
        }
        if let Err(TextError { span, message }) = policy.resolve_default_group() {
            mistakes.add(span, message);
        }
        policy
    }

    /// The options that the configuration sets by hand.
    pub(super) fn own_settings(&self) -> &[Setting] {
        &self.settings
    }

    /// The options that the policy sets; reads the exported policy, if there is one. `folder` is that of the
    /// configuration.
    ///
    /// # Errors
    /// The exported policy is not there, or is none.
    pub fn settings(&self, folder: &Path) -> Result<Vec<Setting>, ProjectError> {
        let Some((name, span)) = &self.file else { return Ok(self.settings.clone()) };
        let at_name = |message: String| ProjectError::Configuration(TextError::new(*span, message));
        let path = if folder == Path::new(".") { name.into() } else { folder.join(name) };
        let text =
            files::read_text(&path).map_err(|error| at_name(format!("`{name}` cannot be read: {error}")))?;
        let exported = Exported::read(&text)
            .map_err(|error| ProjectError::of_text("policy", path.display().to_string(), &text, error))?;
        let mut all = self.clone();
        for (rule, option, value) in exported.settings() {
            all.add(rule, option, value, *span);
        }
        all.resolve_default_group().map_err(ProjectError::Configuration)?;
        Ok(all.settings)
    }

    /// Sets an option; a list is added to what the configuration says by hand.
    fn add(&mut self, rule: &'static str, option: &str, value: OptionValue, span: Span) {
        let known = self.settings.iter_mut().find(|setting| setting.option == option);
        match (known.map(|setting| &mut setting.value), value) {
            (Some(OptionValue::List(own)), OptionValue::List(more)) => own.extend(more),
            (Some(own), value) => *own = value,
            (None, value) => self.settings.push(Setting { rule, option: option.to_owned(), value, span }),
        }
    }

    /// Says what the default group means. Blocked: what is in no group is not allowed. Another: what is blocked
    /// is not in it.
    fn resolve_default_group(&mut self) -> Result<(), TextError> {
        let Some(at) = self.settings.iter().position(|setting| setting.option == "default-group") else {
            return Ok(());
        };
        let span = self.settings[at].span;
        if self.settings[at].value != OptionValue::Text("blocked".into()) {
            let blocked = self.listed(&["blocked-connectors"]);
            let outside = if self.listed(&["outside-groups"]).is_empty() { &OUTSIDE[..] } else { &[] };
            let outside = outside.iter().map(|&id| id.to_owned()).chain(blocked).collect();
            self.add(MIXED, "outside-groups", OptionValue::List(outside), span);
            return Ok(());
        }
        self.settings.remove(at);
        if let Some(other) = self.settings.iter().find(|setting| setting.option == "allowed-connectors") {
            let message = "the default group is Blocked, which says what is allowed already: leave `allowed-connectors` out";
            return Err(TextError::new(other.span, message));
        }
        let mut allowed = self.listed(&["business", "non-business"]);
        allowed.extend(UNBLOCKABLE.into_iter().chain([MADE_BY_HAND]).map(str::to_owned));
        self.add(BLOCKED, "allowed-connectors", OptionValue::List(allowed), span);
        Ok(())
    }

    /// What the settings of these options list.
    fn listed(&self, options: &[&str]) -> Vec<String> {
        let of = self.settings.iter().filter(|setting| options.contains(&setting.option.as_str()));
        let lists = of.filter_map(|setting| match &setting.value {
            OptionValue::List(items) => Some(items.clone()),
            _ => None,
        });
        lists.flatten().collect()
    }
}

/// The words for data groups.
pub(crate) const GROUP_NAMES: [&str; 3] = ["business", "non-business", "blocked"];
