//! The `flowvet.toml` that `flowvet init` writes.

/// A configuration that changes nothing and shows everything. Lines that begin with `#` and no space are
/// examples: without the `#` they hold.
pub const TEMPLATE: &str = r##"# flowvet: which rules run, how grave they are, and what is accepted.
#
# Everything below is switched off, and what is left out keeps its default: this file changes nothing yet.
# Take away the # of a line that is to hold. `flowvet check --show-config` prints what holds then.

# Only these rules, in place of the default set: ids of rules, categories, or "all".
#select = ["correctness", "security", "triggers"]

# On top of the default set. Rules that teams disagree on run only where they are named by their ids.
#extend-select = ["function-case"]

# Not these.
#ignore = ["missing-scope"]

# Files that are never checked, from the folder of this file. `*` and `?` are wildcards, `**` stands for any folders.
#exclude = ["/archive/", "*-test.json"]

# Rules of your own: folders of rule pages, from the folder of this file. docs/custom-rules.md teaches them.
#rule-dirs = ["flow-rules"]

# A rule: its severity, which is "error", "warning" or "note", and its options.
# `flowvet explain oversized-flow` shows them.
#[rules.oversized-flow]
#severity = "warning"
#max-actions = 80

# What flows may use: connectors, operations, hosts, data groups. `file` takes an exported data policy (DLP).
#[policy]
#blocked-connectors = ["shared_twitter"]
#allowed-hosts = ["graph.microsoft.com", "*.contoso.com"]

# What the team accepts, and why. `rule` is an id or a category, or a list of them. `flow` and `element` are names,
# `path` is a file; all three may have wildcards and may be left out. After the day of `until` it counts again.
#[[allow]]
#rule = "hardcoded-url"
#flow = "Nightly *"
#element = "Get_rates"
#path = "/Workflows/"
#until = 2099-12-31
#reason = "The rates service has one address for all environments."
"##;
