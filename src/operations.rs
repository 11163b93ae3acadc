//! What the operations of connectors do, as data.
//!
//! An operation that is not in the table is unknown, and no finding may depend on it.

use std::sync::LazyLock;

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// What an operation does; none if the table does not know it.
#[must_use]
pub fn effect(connector: &str, operation: &str) -> Option<Effect> {
    let connector = connector.to_ascii_lowercase();
    let exact = operation.to_ascii_lowercase();
    find(&connector, &exact, "exact").or_else(|| find(&connector, &base(&exact), "base"))
}

/// The event trigger of that operation, if it is one.
#[must_use]
pub fn event_trigger(connector: &str, operation: &str) -> Option<EventTrigger> {
    rows(include_str!("../rules/data/event-triggers.txt"))
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

/// The titles of a connector's operations, as the designer shows them.
pub fn titles(connector: &str) -> impl Iterator<Item = &'static str> {
    let connector = connector.to_ascii_lowercase();
    let first = TABLE.partition_point(|row| *row[0] < *connector);
    TABLE[first..].iter().take_while(move |row| row[0] == connector).map(|row| row[4])
}

static TABLE: LazyLock<Vec<[&str; 5]>> =
    LazyLock::new(|| rows(include_str!("../rules/data/operations.txt")).collect());

fn find(connector: &str, operation: &str, match_kind: &str) -> Option<Effect> {
    let at = TABLE.binary_search_by(|row| (row[0], row[1]).cmp(&(connector, operation))).ok()?;
    (TABLE[at][2] == match_kind).then(|| kind(TABLE[at][3])).flatten()
}

fn kind(word: &str) -> Option<Effect> {
    Some(match word {
        "read" | "read-one" | "list" | "download" => Effect::Read,
        "create" | "update" | "upsert" | "delete" | "relate" | "unrelate" | "upload" => Effect::Write,
        "send" | "send-and-wait" => Effect::Send,
        "invoke" | "raw-http" => Effect::Call,
        "trigger" => Effect::Trigger,
        _ => return None,
    })
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

fn rows(table: &'static str) -> impl Iterator<Item = [&'static str; 5]> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).filter_map(|line| {
        let mut cells = line.splitn(5, '|');
        Some([cells.next()?, cells.next()?, cells.next()?, cells.next()?, cells.next()?])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_whole_and_sorted() {
        for table in
            [include_str!("../rules/data/operations.txt"), include_str!("../rules/data/event-triggers.txt")]
        {
            let lines = table.lines().filter(|line| !line.starts_with('#')).count();
            let keys: Vec<_> = rows(table).map(|row| (row[0], row[1])).collect();
            assert_eq!(keys.len(), lines);
            assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
        }
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
