//! Names that the designer gives to actions of its own, and under connectors titles of earlier years, as data.

use std::sync::LazyLock;

static TABLE: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let lines = include_str!("../../rules/data/default-names.txt").lines();
    lines.filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('|')).collect()
});

/// The names in the table of a type of action, or of a connector by its id.
pub fn default_names(of: &str) -> impl Iterator<Item = &'static str> {
    TABLE.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(of)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_read_and_none_is_there_twice() {
        let rows = include_str!("../../rules/data/default-names.txt").lines();
        let rows = rows.filter(|line| !line.is_empty() && !line.starts_with('#')).count();
        let mut sorted = TABLE.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!((TABLE.len(), sorted.len()), (rows, rows));
        assert_eq!(default_names("compose").next(), Some("Compose"));
        assert_eq!(default_names("nothing").next(), None);
    }
}
