//! What connectors are called and which licence they need, as data.
//!
//! A connector that is not in the table is unknown, and no finding may depend on it.

use std::borrow::Cow;
use std::sync::LazyLock;

/// A connector that rules ask about. Two ids of one service are one: that of Power Automate begins with `shared_`, that
/// of Logic Apps does not, and both are compared without case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Connector {
    /// Microsoft Dataverse.
    Dataverse,
    /// Microsoft Dataverse (legacy).
    DataverseLegacy,
    /// SharePoint.
    SharePoint,
    /// Excel Online, for work and for home.
    Excel,
    /// OneDrive, for work and for home.
    OneDrive,
    /// Word Online.
    Word,
    /// AI Builder, whose models are connectors of their own.
    AiBuilder,
    /// Service Bus, Event Hubs and queues of Azure Storage: what is not taken off stays there.
    Queue,
    /// Any other.
    Other,
}

impl Connector {
    const NAMES: [(&'static str, Self); 12] = [
        ("commondataserviceforapps", Self::Dataverse),
        ("commondataservice", Self::DataverseLegacy),
        ("sharepointonline", Self::SharePoint),
        ("excelonlinebusiness", Self::Excel),
        ("excelonline", Self::Excel),
        ("onedriveforbusiness", Self::OneDrive),
        ("onedrive", Self::OneDrive),
        ("wordonlinebusiness", Self::Word),
        ("servicebus", Self::Queue),
        ("azurequeues", Self::Queue),
        ("eventhubs", Self::Queue),
        ("eventhub", Self::Queue),
    ];

    /// The connector of an id.
    #[must_use]
    pub fn of(id: &str) -> Self {
        let name = plain(id);
        if name.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("aibuilder")) {
            return Self::AiBuilder;
        }
        let known = Self::NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        known.map_or(Self::Other, |(_, connector)| *connector)
    }

    /// The connector that the key of a connection is called after: `shared_sharepointonline_1`, `sharepointonline-2`.
    #[must_use]
    pub fn of_key(key: &str) -> Self {
        Self::of(key.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches(['_', '-']))
    }

    /// Whether its rows are those of Dataverse.
    #[must_use]
    pub fn is_dataverse(self) -> bool {
        matches!(self, Self::Dataverse | Self::DataverseLegacy)
    }

    /// Whether its files are picked by an id.
    #[must_use]
    pub fn picks_files(self) -> bool {
        matches!(self, Self::Excel | Self::OneDrive | Self::Word)
    }
}

/// What distinguishes connectors: of `/providers/Microsoft.PowerApps/apis/shared_sql`, `shared_sql` and the `sql` of
/// Logic Apps it is `sql`.
#[must_use]
pub fn plain(id: &str) -> &str {
    let id = id.trim().trim_end_matches('/');
    let name = id.rsplit('/').next().unwrap_or(id);
    match name.split_at_checked("shared_".len()) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case("shared_") => rest,
        _ => name,
    }
}

/// Which licence a connector needs in Power Automate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Licence {
    /// What Microsoft 365 has is enough.
    Standard,
    /// A licence of its own, of each user or of the flow.
    Premium,
}

/// The name of a connector as the designer shows it. For a connector that somebody made, the name is read out of the
/// id; for others that the table does not know, the id stands for itself.
#[must_use]
pub fn name(connector: &str) -> Cow<'_, str> {
    if let Some(row) = find(connector) {
        return Cow::Borrowed(row[2]);
    }
    let own = plain(connector);
    if is_custom(connector) { Cow::Owned(made_name(own)) } else { Cow::Borrowed(own) }
}

/// The licence that a connector needs; none where that is not known.
#[must_use]
pub fn licence(connector: &str) -> Option<Licence> {
    match find(connector) {
        Some(row) => match row[1] {
            "premium" => Some(Licence::Premium),
            "standard" => Some(Licence::Standard),
            _ => None,
        },
        None => is_custom(connector).then_some(Licence::Premium),
    }
}

/// Whether an id is that of a connector that somebody made: it has an escaped underscore before the publisher's or
/// the environment's part.
#[must_use]
pub fn is_custom(connector: &str) -> bool {
    find(connector).is_none()
        && connector.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("shared_"))
        && connector.to_ascii_lowercase().contains("-5f")
}

/// The row of a connector; ids of Logic Apps lack the beginning.
fn find(connector: &str) -> Option<&'static [&'static str; 3]> {
    let id = connector.to_ascii_lowercase();
    let row = |id: &str| TABLE.binary_search_by(|row| row[0].cmp(id)).ok().map(|at| &TABLE[at]);
    row(&id).or_else(|| row(&format!("shared_{id}")))
}

static TABLE: LazyLock<Vec<[&str; 3]>> = LazyLock::new(|| {
    let content =
        include_str!("../../rules/data/connectors.txt").lines().filter(|line| !line.starts_with('#'));
    content.filter_map(|line| line.splitn(3, '|').collect::<Vec<_>>().try_into().ok()).collect()
});

/// The name in the id of a made connector: `-5f` and the like stand for characters, and the parts in hexadecimal
/// digits at the end tell environments apart.
fn made_name(id: &str) -> String {
    let mut text = String::new();
    let mut rest = id;
    while let Some(at) = rest.find('-') {
        text.push_str(&rest[..at]);
        let escape = rest.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match escape.filter(|byte| byte.is_ascii_graphic() || *byte == b' ') {
            Some(byte) => {
                text.push(char::from(byte));
                rest = &rest[at + 3..];
            }
            None => {
                text.push('-');
                rest = &rest[at + 1..];
            }
        }
    }
    text.push_str(rest);
    let is_hash =
        |part: &str| part.len() >= 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    while let Some((before, _)) =
        text.rsplit_once('_').filter(|(before, part)| is_hash(part) && !before.is_empty())
    {
        text.truncate(before.len());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_service_has_many_ids() {
        for (id, expected) in [
            ("shared_commondataserviceforapps", Connector::Dataverse),
            ("/providers/Microsoft.PowerApps/apis/shared_CommonDataServiceForApps", Connector::Dataverse),
            ("commondataservice", Connector::DataverseLegacy),
            ("sharepointonline", Connector::SharePoint),
            ("shared_excelonlinebusiness", Connector::Excel),
            ("serviceBus", Connector::Queue),
            ("aibuilderpredict_1", Connector::AiBuilder),
            ("shared_sharepointonlineplus", Connector::Other),
            ("", Connector::Other),
        ] {
            assert_eq!(Connector::of(id), expected, "{id}");
        }
        for key in ["shared_sharepointonline", "shared_sharepointonline_1", "sharepointonline-12"] {
            assert_eq!(Connector::of_key(key), Connector::SharePoint, "{key}");
        }
        assert!(Connector::DataverseLegacy.is_dataverse() && !Connector::Excel.is_dataverse());
    }

    #[test]
    fn the_table_is_whole_and_sorted() {
        let lines =
            include_str!("../../rules/data/connectors.txt").lines().filter(|line| !line.starts_with('#'));
        assert_eq!(TABLE.len(), lines.count());
        assert!(TABLE.windows(2).all(|pair| pair[0][0] < pair[1][0]));
        assert!(TABLE.iter().all(|row| ["premium", "standard", "-"].contains(&row[1]) && !row[2].is_empty()));
    }

    #[test]
    fn connectors_are_called_as_people_know_them() {
        assert_eq!(name("shared_office365"), "Office 365 Outlook");
        assert_eq!(name("Shared_SQL"), "SQL Server");
        assert_eq!(name("sharepointonline"), "SharePoint");
        assert_eq!(name("shared_ctso-5fwarehouse-5f9d0c6f1e7a2b4853"), "ctso_warehouse");
        assert_eq!(name("shared_my-20api-5feca8e1ea20c64f00-2de1df1a592ec41e"), "my api");
        assert_eq!(name("shared_somebody-s"), "somebody-s");
        assert_eq!(name("shared_x-é-5fy"), "x-é_y");
    }

    #[test]
    fn licences_are_told_where_they_are_known() {
        assert_eq!(licence("shared_sql"), Some(Licence::Premium));
        assert_eq!(licence("shared_teams"), Some(Licence::Standard));
        assert_eq!(licence("shared_ctso-5fwarehouse"), Some(Licence::Premium));
        assert_eq!(licence("shared_service-now"), None);
        assert_eq!(licence("shared_never-seen"), None);
        assert_eq!(licence(""), None);
    }
}
