//! The names of time zones that the service takes: those of Windows.

use std::sync::LazyLock;

const DATA: &str = include_str!("../../rules/data/time-zones.txt");

/// What people write for a zone, in summer too, and the names that Windows has for it. Where an abbreviation stands for
/// several zones they are all named. Those that the tz database has as well (EST, CET) are taken, and not here.
const ABBREVIATIONS: [(&str, &[&str]); 31] = [
    ("ACST", &["AUS Central Standard Time", "Cen. Australia Standard Time"]),
    ("ACDT", &["Cen. Australia Standard Time"]),
    ("AEDT", &["AUS Eastern Standard Time"]),
    ("AEST", &["AUS Eastern Standard Time", "E. Australia Standard Time"]),
    ("AKDT", &["Alaskan Standard Time"]),
    ("AKST", &["Alaskan Standard Time"]),
    ("AST", &["Atlantic Standard Time", "Arab Standard Time"]),
    ("AWST", &["W. Australia Standard Time"]),
    ("BRT", &["E. South America Standard Time"]),
    ("BST", &["GMT Standard Time", "Bangladesh Standard Time"]),
    ("CDT", &["Central Standard Time"]),
    ("CEST", &["W. Europe Standard Time"]),
    ("CST", &["Central Standard Time", "China Standard Time"]),
    ("EDT", &["Eastern Standard Time"]),
    ("EEST", &["FLE Standard Time", "GTB Standard Time"]),
    ("GST", &["Arabian Standard Time"]),
    ("HKT", &["China Standard Time"]),
    ("IST", &["India Standard Time", "Israel Standard Time"]),
    ("JST", &["Tokyo Standard Time"]),
    ("KST", &["Korea Standard Time"]),
    ("MDT", &["Mountain Standard Time"]),
    ("MSK", &["Russian Standard Time"]),
    ("NZDT", &["New Zealand Standard Time"]),
    ("NZST", &["New Zealand Standard Time"]),
    ("PDT", &["Pacific Standard Time"]),
    ("PKT", &["Pakistan Standard Time"]),
    ("PST", &["Pacific Standard Time"]),
    ("SAST", &["South Africa Standard Time"]),
    ("SGT", &["Singapore Standard Time"]),
    ("UTC+0", &["UTC"]),
    ("WEST", &["GMT Standard Time"]),
];

/// All names, as the documentation spells them.
fn time_zones() -> impl Iterator<Item = &'static str> {
    DATA.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The names that Windows has: those of the tz database stand below.
fn of_windows() -> impl Iterator<Item = &'static str> {
    DATA.lines()
        .take_while(|line| *line != "# tz database")
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// What may be meant by a name that the service does not take, in quotes.
#[must_use]
pub fn meant(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some((_, names)) = ABBREVIATIONS.iter().find(|(short, _)| short.eq_ignore_ascii_case(text)) {
        return Some(names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(" or "));
    }
    // The names are long: what is near a short one is near by chance.
    if text.chars().count() < 6 {
        return None;
    }
    crate::text::nearest(text, of_windows()).map(|name| format!("'{name}'"))
}

/// Whether the service takes a name. Names of the tz database have a `/`, and some versions of the service
/// take them: those pass.
#[must_use]
pub fn is_time_zone(text: &str) -> bool {
    static SORTED: LazyLock<Vec<String>> = LazyLock::new(|| {
        let mut names: Vec<String> = time_zones().map(str::to_lowercase).collect();
        names.sort_unstable();
        names
    });
    text.contains('/') || SORTED.binary_search(&text.trim().to_lowercase()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_offered_by_a_name_of_windows() {
        for (short, names) in ABBREVIATIONS {
            for name in names {
                assert!(of_windows().any(|known| known == *name), "{short}: {name}");
            }
        }
        for (text, expected) in [
            ("cst", Some("'Central Standard Time' or 'China Standard Time'")),
            ("CEST", Some("'W. Europe Standard Time'")),
            ("Eastern Standart Time", Some("'Eastern Standard Time'")),
            ("XST", None),
            ("nowhere at all", None),
        ] {
            assert_eq!(meant(text).as_deref(), expected, "{text}");
        }
    }
}
