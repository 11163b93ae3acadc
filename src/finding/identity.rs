//! What a finding is recognised by in another run: see `docs/json.md`.

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use super::Masked;

/// Joins the parts of an identity. No part holds it.
pub(super) const SEPARATOR: &str = "\u{1f}";

/// What a finding is recognised by, as a hash: nothing of what it was made of can be read from it.
#[derive(Clone)]
pub struct Identity {
    /// The hash so far, to which the ordinal of equals is added.
    state: Sha256,
    digest: [u8; 16],
}

impl Identity {
    /// The identity that these words stand for.
    pub(super) fn of(words: &str) -> Self {
        let mut state = Sha256::new();
        state.update(words.as_bytes());
        Self { digest: shortened(state.clone()), state }
    }

    /// The hash, to compare it with others.
    #[must_use]
    pub(crate) fn digest(&self) -> [u8; 16] {
        self.digest
    }

    /// The fingerprint of the first finding of this identity in a run, for 0, and of those behind it.
    fn fingerprint(&self, ordinal: usize) -> String {
        let bytes = match ordinal {
            0 => self.digest,
            more => shortened(self.state.clone().chain_update(format!("{SEPARATOR}{more}"))),
        };
        let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or('0');
        bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
    }
}

fn shortened(state: Sha256) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&state.finalize()[..16]);
    bytes
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.fingerprint(0))
    }
}

impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest
    }
}

impl Eq for Identity {}

/// Gives findings their fingerprints when all of a run are known; equal ones are numbered in their order.
pub fn give_fingerprints<'f>(findings: impl IntoIterator<Item = &'f mut Masked>) {
    let mut seen: FxHashMap<[u8; 16], usize> = FxHashMap::default();
    for finding in findings {
        let count = seen.entry(finding.identity.digest).or_default();
        finding.fingerprint = finding.identity.fingerprint(*count);
        *count += 1;
    }
}
