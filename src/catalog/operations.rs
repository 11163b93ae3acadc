//! What the operations of connectors do, as data.
//!
//! An operation that is not in the table is unknown, and no finding may depend on it.

use std::sync::LazyLock;

/// What an operation does, as far as rules tell operations apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// It reads.
    Read,
    /// It creates, changes or deletes data.
    Write,
    /// It sends something to people.
    Send,
    /// It calls something whose effect the table does not tell.
    Call,
    /// It starts a flow.
    Trigger,
}

/// What an operation does, as the table says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant is the word of the table")]
#[non_exhaustive]
pub enum Kind {
    Read,
    ReadOne,
    List,
    Download,
    Create,
    Update,
    Upsert,
    Delete,
    Relate,
    Unrelate,
    Upload,
    Send,
    SendAndWait,
    Wait,
    Invoke,
    RawHttp,
    Trigger,
    /// What it does is not told.
    Action,
}

/// What else is known of an operation. A trait that is not given is not known to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trait {
    /// It takes an OData filter.
    Filter,
    /// It takes a list of columns.
    Select,
    /// It takes a greatest number of rows.
    Top,
    /// It takes an order of rows.
    OrderBy,
    /// It can fetch page after page.
    Paging,
    /// Done twice, it does no more than done once.
    Idempotent,
    /// Done twice, it does it twice.
    Repeats,
    /// As a trigger it hands over several events at once.
    Batch,
}

/// An operation that the table knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// What it does.
    pub kind: Kind,
    /// Its name in the designer.
    pub title: &'static str,
    traits: &'static str,
}

impl Known {
    /// What it does, as far as rules tell operations apart; none where that is not told.
    #[must_use]
    pub fn effect(&self) -> Option<Effect> {
        Some(match self.kind {
            Kind::Read | Kind::ReadOne | Kind::List | Kind::Download => Effect::Read,
            Kind::Create
            | Kind::Update
            | Kind::Upsert
            | Kind::Delete
            | Kind::Relate
            | Kind::Unrelate
            | Kind::Upload => Effect::Write,
            Kind::Send | Kind::SendAndWait => Effect::Send,
            Kind::Invoke | Kind::RawHttp => Effect::Call,
            Kind::Trigger => Effect::Trigger,
            Kind::Wait | Kind::Action => return None,
        })
    }

    /// Whether that is known of it.
    #[must_use]
    pub fn has(&self, wanted: Trait) -> bool {
        let word = match wanted {
            Trait::Filter => "filter",
            Trait::Select => "select",
            Trait::Top => "top",
            Trait::OrderBy => "orderby",
            Trait::Paging => "paging",
            Trait::Idempotent => "idempotent",
            Trait::Repeats => "repeats",
            Trait::Batch => "batch",
        };
        self.traits.split(' ').any(|known| known == word)
    }

    /// The id of the newer version of a deprecated operation, where there is one.
    #[must_use]
    pub fn replacement(&self) -> Option<&'static str> {
        self.traits.split(' ').find_map(|known| known.strip_prefix("deprecated:"))
    }
}

/// A trigger that starts a flow for each event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventTrigger {
    /// What kind of event it is.
    pub event: Event,
    /// The parameters that narrow it, each with the value that does not.
    narrowing: &'static str,
    /// What starts a run, for messages: "each new item of the list".
    pub starts_for: &'static str,
}

/// What an event trigger listens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Something new.
    Added,
    /// Any change of anything.
    Changed,
    /// Mail.
    Mail,
}

/// What is known of an operation; none if the table does not know it.
#[must_use]
pub fn known(connector: &str, operation: &str) -> Option<Known> {
    let connector = connector.to_ascii_lowercase();
    let exact = operation.to_ascii_lowercase();
    find(&connector, &exact, "exact").or_else(|| find(&connector, &base(&exact), "base"))
}

/// The event trigger of that operation, if it is one.
#[must_use]
pub fn event_trigger(connector: &str, operation: &str) -> Option<EventTrigger> {
    rows::<5>(include_str!("../../rules/data/event-triggers.txt"))
        .find(|row| row[0].eq_ignore_ascii_case(connector) && row[1].eq_ignore_ascii_case(operation))
        .map(|row| EventTrigger {
            event: match row[2] {
                "added" => Event::Added,
                "mail" => Event::Mail,
                _ => Event::Changed,
            },
            narrowing: row[3],
            starts_for: row[4],
        })
}

impl EventTrigger {
    /// Whether a parameter of that value makes the trigger start for fewer events.
    #[must_use]
    pub fn narrows(&self, parameter: &str, value: &str) -> bool {
        let value = value.trim();
        !value.is_empty()
            && self.narrowing.split(' ').any(|rule| match rule.split_once("!=") {
                Some((name, idle)) => name == parameter && !value.eq_ignore_ascii_case(idle),
                None => rule == parameter,
            })
    }
}

/// The parameters that an operation takes, by name; none where its connector does not tell all of them.
#[must_use]
pub fn parameters(connector: &str, operation: &str) -> Option<impl Iterator<Item = &'static str> + Clone> {
    let (connector, operation) = (connector.to_ascii_lowercase(), operation.to_ascii_lowercase());
    let key = (connector.as_str(), operation.as_str());
    let at = PARAMETERS.binary_search_by(|row| (row[0], row[1]).cmp(&key)).ok()?;
    Some(PARAMETERS[at][2].split(' ').filter(|name| !name.is_empty()))
        .filter(|names| names.clone().next().is_some())
}

static PARAMETERS: LazyLock<Vec<[&str; 3]>> =
    LazyLock::new(|| rows(include_str!("../../rules/data/operation-parameters.txt")).collect());

/// The titles of a connector's operations, as the designer shows them.
pub fn titles(connector: &str) -> impl Iterator<Item = &'static str> {
    let connector = connector.to_ascii_lowercase();
    let first = TABLE.partition_point(|row| *row[0] < *connector);
    TABLE[first..].iter().take_while(move |row| row[0] == connector).map(|row| row[5])
}

static TABLE: LazyLock<Vec<[&str; 6]>> =
    LazyLock::new(|| rows(include_str!("../../rules/data/operations.txt")).collect());

fn find(connector: &str, operation: &str, match_kind: &str) -> Option<Known> {
    let at = TABLE.binary_search_by(|row| (row[0], row[1]).cmp(&(connector, operation))).ok()?;
    let [_, _, matched, kind, traits, title] = TABLE[at];
    (matched == match_kind).then_some(Known { kind: Kind::named(kind), title, traits })
}

impl Kind {
    fn named(word: &str) -> Self {
        match word {
            "read" | "search" => Kind::Read,
            "read-one" => Kind::ReadOne,
            "list" => Kind::List,
            "download" => Kind::Download,
            "create" => Kind::Create,
            "update" | "transaction" => Kind::Update,
            "upsert" => Kind::Upsert,
            "delete" => Kind::Delete,
            "relate" => Kind::Relate,
            "unrelate" => Kind::Unrelate,
            "upload" => Kind::Upload,
            "send" => Kind::Send,
            "send-and-wait" => Kind::SendAndWait,
            "wait" => Kind::Wait,
            "invoke" | "invoke-async" => Kind::Invoke,
            "raw-http" => Kind::RawHttp,
            "trigger" => Kind::Trigger,
            _ => Kind::Action,
        }
    }
}

/// An operation's id without version suffix and punctuation, as the table's base rows have it.
fn base(operation: &str) -> String {
    let digits = operation.trim_end_matches(|c: char| c.is_ascii_digit());
    let stem = match digits.strip_suffix('v') {
        Some(stem) if digits.len() < operation.len() => stem,
        _ => operation,
    };
    stem.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// The rows of a table; the last cell may have separators in it.
fn rows<const CELLS: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; CELLS]> {
    let content = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    content.filter_map(|line| line.splitn(CELLS, '|').collect::<Vec<_>>().try_into().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(connector: &str, operation: &str) -> Option<Kind> {
        known(connector, operation).map(|known| known.kind)
    }

    fn effect(connector: &str, operation: &str) -> Option<Effect> {
        known(connector, operation)?.effect()
    }

    /// How many rows a table has, and the two cells that sort it.
    fn keys<const CELLS: usize>(table: &'static str) -> (usize, Vec<(&'static str, &'static str)>) {
        let lines = table.lines().filter(|line| !line.starts_with('#')).count();
        (lines, rows::<CELLS>(table).map(|row| (row[0], row[1])).collect())
    }

    #[test]
    fn the_tables_are_whole_and_sorted() {
        for (lines, keys) in [
            keys::<6>(include_str!("../../rules/data/operations.txt")),
            keys::<5>(include_str!("../../rules/data/event-triggers.txt")),
            keys::<3>(include_str!("../../rules/data/operation-parameters.txt")),
        ] {
            assert_eq!(keys.len(), lines);
            assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }

    #[test]
    fn every_word_of_the_table_is_known() {
        let traits = "filter select top orderby paging idempotent repeats batch deprecated";
        let mut unknown: Vec<&str> = Vec::new();
        for [.., kind, words, _] in TABLE.iter() {
            if Kind::named(kind) == Kind::Action && !["action", "mcp"].contains(kind) {
                unknown.push(kind);
            }
            let plain = |word: &'static str| word.split(':').next().unwrap_or("");
            unknown.extend(
                words
                    .split(' ')
                    .filter(|word| !traits.split(' ').chain([""]).any(|known| known == plain(word))),
            );
        }
        assert_eq!(unknown, [""; 0]);
    }

    #[test]
    fn an_operation_tells_what_it_can_do() {
        let list = known("shared_commondataserviceforapps", "ListRecords").unwrap();
        assert!(list.kind == Kind::List && list.has(Trait::Filter) && list.has(Trait::Idempotent));
        let mail = known("shared_office365", "SendEmail").unwrap();
        assert!(mail.has(Trait::Repeats) && !mail.has(Trait::Filter));
        assert_eq!(mail.replacement(), Some("SendEmailV2"));
        assert_eq!(kind("shared_commondataserviceforapps", "UpdateRecord"), Some(Kind::Upsert));
        assert_eq!(kind("shared_approvals", "WaitForAnApproval"), Some(Kind::Wait));
    }

    #[test]
    fn operations_are_found_by_id_or_base() {
        assert_eq!(effect("shared_office365", "SendEmailV2"), Some(Effect::Send));
        assert_eq!(effect("shared_sharepointonline", "getitems"), Some(Effect::Read));
        assert_eq!(effect("shared_arm", "Deployments_Get_V2"), Some(Effect::Read));
        assert_eq!(effect("shared_custom", "Anything"), None);
    }

    #[test]
    fn default_values_do_not_narrow_a_trigger() {
        let mail = event_trigger("shared_office365", "OnNewEmailV3").unwrap();
        assert!(!mail.narrows("importance", "Any") && !mail.narrows("folderPath", "Inbox"));
        assert!(mail.narrows("importance", "High") && mail.narrows("subjectFilter", "Invoice"));
        assert!(!mail.narrows("subjectFilter", " ") && !mail.narrows("includeAttachments", "true"));
    }
}
