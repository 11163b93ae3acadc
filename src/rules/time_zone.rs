//! The names of time zones that the service takes: those of Windows.

use std::sync::LazyLock;

/// The names, as the documentation spells them.
pub(super) fn time_zones() -> impl Iterator<Item = &'static str> {
    include_str!("../../rules/data/time-zones.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Whether the service takes a name. Names of the tz database have a `/`, and some versions of the service
/// take them: those pass.
pub(super) fn is_time_zone(text: &str) -> bool {
    static SORTED: LazyLock<Vec<String>> = LazyLock::new(|| {
        let mut names: Vec<String> = time_zones().map(str::to_lowercase).collect();
        names.sort_unstable();
        names
    });
    text.contains('/') || SORTED.binary_search(&text.trim().to_lowercase()).is_ok()
}
