//! Memory for the trees and expressions of one file: taken piece by piece, given back all at once.
//!
//! Knows nothing of what is put there.

use bumpalo::Bump;

/// Room for what is read out of a text. What lies in it is never dropped one by one, so it is all `Copy`.
#[derive(Debug, Default)]
pub struct Arena(Bump);

/// More than this is not kept for the next file: one file of many megabytes must not hold its memory until the end.
const KEPT_BYTES: usize = 8 << 20;

impl Arena {
    /// An empty arena; it takes no memory yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets everything in it and keeps the room for the next text.
    pub fn clear(&mut self) {
        if self.0.allocated_bytes() > KEPT_BYTES {
            self.0 = Bump::new();
        } else {
            self.0.reset();
        }
    }

    pub(crate) fn text(&self, text: &str) -> &str {
        self.0.alloc_str(text)
    }

    pub(crate) fn list<T: Copy>(&self, items: &[T]) -> &[T] {
        self.0.alloc_slice_copy(items)
    }

    pub(crate) fn value<T: Copy>(&self, value: T) -> &T {
        self.0.alloc(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_kept_for_the_next_text_and_that_of_a_giant_is_given_back() {
        let mut arena = Arena::new();
        assert_eq!(arena.list(&[1, 2]), [1, 2]);
        arena.clear();
        let kept = arena.0.allocated_bytes();
        assert!(kept > 0);
        assert_eq!(arena.text("again"), "again");
        assert_eq!(arena.0.allocated_bytes(), kept);
        arena.text(&"x".repeat(KEPT_BYTES));
        arena.clear();
        assert_eq!(arena.0.allocated_bytes(), 0);
    }
}
