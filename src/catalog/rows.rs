//! Which changes of rows, items and files triggers listen to.

/// The kinds of change that start a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Something new.
    pub added: bool,
    /// A change of what is there.
    pub modified: bool,
    /// The end of something.
    pub deleted: bool,
}

impl Changes {
    const fn new(added: bool, modified: bool, deleted: bool) -> Self {
        Self { added, modified, deleted }
    }

    /// What a change type of Dataverse stands for, which is a number; none for one that is not known. Source: Dataverse
    /// table reference, `callbackregistration`, Message.
    #[must_use]
    pub fn of_message(message: &str) -> Option<Self> {
        Some(match message {
            "1" => Self::new(true, false, false),
            "2" => Self::new(false, false, true),
            "3" => Self::new(false, true, false),
            "4" => Self::new(true, true, false),
            "5" => Self::new(true, false, true),
            "6" => Self::new(false, true, true),
            "7" => Self::new(true, true, true),
            _ => return None,
        })
    }

    /// What a trigger of SharePoint on a list or library takes, by its operation; none for other triggers. Source:
    /// connector reference of SharePoint, Triggers.
    #[must_use]
    pub fn of_list_trigger(operation: &str) -> Option<Self> {
        Some(match operation.to_ascii_lowercase().as_str() {
            "getonnewitems" | "getonnewfileitems" => Self::new(true, false, false),
            "getonupdateditems" | "getonupdatedfileitems" => Self::new(true, true, false),
            "getonchangeditems" => Self::new(false, true, false),
            "getondeleteditems" | "getondeletedfileitems" => Self::new(false, false, true),
            _ => return None,
        })
    }

    /// The kinds that both have.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::new(self.added && other.added, self.modified && other.modified, self.deleted && other.deleted)
    }

    /// The kinds that either has.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::new(self.added || other.added, self.modified || other.modified, self.deleted || other.deleted)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::new(false, false, false)
    }

    /// The kinds in words: `added or modified`.
    #[must_use]
    pub fn words(self) -> String {
        let words = [(self.added, "added"), (self.modified, "modified"), (self.deleted, "deleted")];
        let words: Vec<&str> = words.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect();
        match words.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, others)) => format!("{} or {last}", others.join(", ")),
            None => "untouched".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_said_in_words() {
        for (message, words) in [
            ("1", "added"),
            ("2", "deleted"),
            ("4", "added or modified"),
            ("7", "added, modified or deleted"),
        ] {
            assert_eq!(Changes::of_message(message).map(Changes::words).as_deref(), Some(words));
        }
        assert_eq!(Changes::of_message("8"), None);
        let both = |one, other| Some(Changes::of_message(one)?.and(Changes::of_message(other)?));
        assert_eq!(both("4", "6"), Changes::of_message("3"));
        assert_eq!(both("1", "6").map(Changes::is_empty), Some(true));
        let either = |one, other| Some(Changes::of_message(one)?.or(Changes::of_message(other)?));
        assert_eq!(either("1", "3"), Changes::of_message("4"));
    }
}
