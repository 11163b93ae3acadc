//! What a misspelt name most likely means.

/// How many names are compared with a misspelt one: as many as the service allows a flow to have.
const MOST_CANDIDATES: usize = 500;

/// The candidate that a misspelt name most likely means: at most a third of it mistyped.
#[must_use]
pub(crate) fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let folded = name.to_lowercase();
    let length = name.chars().count();
    let allowed = (length / 3).clamp(1, 4);
    // Lengths rule out most candidates, and a flow may have thousands.
    let near_in_length = |candidate: &&str| {
        let bytes = candidate.len().abs_diff(name.len());
        bytes <= 4 * allowed && candidate.chars().count().abs_diff(length) <= allowed
    };
    candidates
        .into_iter()
        .filter(near_in_length)
        .take(MOST_CANDIDATES)
        .map(|candidate| (strsim::damerau_levenshtein(&folded, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
