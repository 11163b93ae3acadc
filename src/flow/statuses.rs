//! How actions end, and sets of such outcomes.

/// A set of outcomes of an action.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Statuses(u8);

impl Statuses {
    /// The action ended well.
    pub const SUCCEEDED: Self = Self(1);
    /// The action failed.
    pub const FAILED: Self = Self(2);
    /// The action did not run.
    pub const SKIPPED: Self = Self(4);
    /// The action took too long.
    pub const TIMED_OUT: Self = Self(8);
    /// Every outcome.
    pub const ANY: Self = Self(15);

    /// The outcome of that name; case is folded, as the service does.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [
            ("Succeeded", Self::SUCCEEDED),
            ("Failed", Self::FAILED),
            ("Skipped", Self::SKIPPED),
            ("TimedOut", Self::TIMED_OUT),
        ]
        .into_iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, status)| status)
    }

    /// Both sets together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both sets.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// This set without what is in the other.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether there is no outcome in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the sets share an outcome.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}
