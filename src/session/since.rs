//! What was there before: earlier versions of files, checked by the same rules, and what of a run is not new.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::PreviousVersion;
use crate::diff::FileComparison;
use crate::finding::{Masked, Part, Problem};
use crate::flow::Element;
use crate::linter::{Engine, FileOutcome, SolutionFlows, check_file, conclude};
use crate::solution::SolutionContext;
use crate::text::{Arena, FileName, Source};

/// What is known of the earlier version of one file.
#[derive(Debug, Default)]
pub(super) struct PreviousState {
    comparison: Option<(Arc<FileName>, FileComparison)>,
    /// The earlier version, checked by the same rules; none where that says nothing more.
    outcome: Option<FileOutcome>,
}

/// Looks at the earlier version of a file: `now` is its text, and `outcome` what became of that.
///
/// # Errors
/// The earlier version cannot be had.
pub(super) fn look_back(
    engine: &Engine,
    previous: &PreviousVersion<'_>,
    now: Source,
    outcome: &FileOutcome,
    arena: &mut Arena,
) -> Result<PreviousState, Problem> {
    let ids: Vec<&str> = outcome.flows.iter().map(|flow| flow.id.as_str()).collect();
    let Some(text) =
        previous(&now.name, &ids).map_err(|reason| Problem::of_file(Arc::clone(&now.name), reason))?
    else {
        return Ok(PreviousState::default());
    };
    let solution = outcome.solution.as_ref();
    let comparison = FileComparison::of(&now, &text, solution);
    // What stands in a file beside the flow is taken as it is now, and has no part of the flow that could be compared.
    let is_enough = matches!(comparison, FileComparison::Same) && outcome.beside.is_empty();
    // Under the name of today: a file that was renamed is no other flow.
    let before = || Source::of(Arc::clone(&now.name), text.as_str());
    let earlier = (!is_enough).then(|| check_file(engine, before(), solution, arena));
    Ok(PreviousState { comparison: Some((Arc::clone(&outcome.file), comparison)), outcome: earlier })
}

/// What was there before a run.
#[derive(Debug)]
pub(super) struct Since {
    comparisons: FxHashMap<Arc<FileName>, FileComparison>,
    /// How often each identity was found before.
    known: FxHashMap<[u8; 16], usize>,
}

impl Since {
    /// Puts together what is known of each file, and looks back at the solutions that something was found in.
    pub(super) fn new(
        engine: &Engine,
        previous: &PreviousVersion<'_>,
        earlier: Vec<PreviousState>,
        solutions: &[SolutionFlows],
        findings: &[Masked],
    ) -> Self {
        let mut since = Self { comparisons: FxHashMap::default(), known: FxHashMap::default() };
        let mut outcomes: Vec<FileOutcome> = Vec::new();
        for PreviousState { comparison, outcome } in earlier {
            since.comparisons.extend(comparison);
            outcomes.extend(outcome);
        }
        let found = |solution: &&SolutionFlows| {
            let is_in =
                |finding: &&Masked| engine.asks_about_solutions(&finding.rule) && solution.holds(finding);
            findings.iter().any(|finding| is_in(&finding))
        };
        for solution in solutions.iter().filter(found) {
            since.look_back_at(engine, previous, solution, &mut outcomes);
        }
        let solutions = SolutionFlows::of(&outcomes);
        // What was waived did not count before: where the waiver is gone, it is new.
        let counted = conclude(engine, &mut outcomes, &solutions).into_iter();
        for finding in counted.filter(|finding| finding.suppressed.is_none()) {
            *since.known.entry(finding.identity().digest()).or_default() += 1;
        }
        since
    }

    /// Checks the earlier versions of all flows of a solution that have not been looked at.
    fn look_back_at(
        &mut self,
        engine: &Engine,
        previous: &PreviousVersion<'_>,
        solution: &SolutionFlows,
        outcomes: &mut Vec<FileOutcome>,
    ) {
        let mut arena = Arena::new();
        for (now, ids) in solution.sources() {
            if outcomes.iter().any(|outcome| outcome.file == now.name) {
                continue;
            }
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            // What cannot be had is a problem where the file itself is checked.
            let Ok(Some(text)) = previous(&now.name, &ids) else { continue };
            let context: SolutionContext = solution.context.for_file(&now.name);
            let comparison = FileComparison::of(&now, &text, Some(&context));
            self.comparisons.insert(Arc::clone(&now.name), comparison);
            let before = Source::of(Arc::clone(&now.name), text);
            outcomes.push(check_file(engine, before, Some(&context), &mut arena));
        }
    }

    /// Takes a file as the same that is no flow.
    pub(super) fn add_same(&mut self, file: &Arc<FileName>) {
        self.comparisons.insert(Arc::clone(file), FileComparison::Same);
    }

    /// Marks the findings that were there before, on parts that are as they were.
    ///
    /// A finding is *not* marked if its flow is new, if the action, trigger, connection or parameter that it or one of
    /// its related places stands in is new or differs, or if the earlier version, checked by the same rules and with
    /// the same files around it, has no finding of that identity. For a finding about the flow as a whole only the last
    /// counts.
    pub(super) fn mark(&mut self, engine: &Engine, findings: &mut [Masked]) {
        for finding in findings {
            let was_known = match self.known.get_mut(&finding.identity().digest()) {
                Some(left @ 1..) => {
                    *left -= 1;
                    true
                }
                _ => false,
            };
            finding.unchanged = match engine.asks_about_solutions(&finding.rule) {
                true => was_known && self.has_all_places(finding),
                false => self.is_unchanged(finding, was_known),
            };
        }
    }

    fn is_unchanged(&self, finding: &Masked, was_known: bool) -> bool {
        let location = &finding.location;
        let comparison = self.comparisons.get(&location.place.file);
        match (comparison, location.part) {
            (Some(FileComparison::Same), _) => true,
            // What belongs to the file as a whole, or to a file beside it, has no part that could differ.
            (_, None) => was_known,
            (None, Some(_)) => false,
            (Some(comparison), Some(part)) => {
                if location.property.starts_with("/metadata") && !comparison.has_same_metadata(part) {
                    return false;
                }
                // Where nothing differs nothing is new, whichever of two places a rule calls the first.
                comparison.has_same_flow(part.flow)
                    || (was_known && (part.element == Element::Flow || self.has_all_places(finding)))
            }
        }
    }

    /// Whether the parts in which a finding stands were there before, and were the same.
    fn has_all_places(&self, finding: &Masked) -> bool {
        let own = (&finding.location.place.file, finding.location.part);
        let related = finding.related.iter().map(|related| (&related.place.file, related.part));
        std::iter::once(own).chain(related).all(|(file, part)| self.has_part(file, part))
    }

    fn has_part(&self, file: &FileName, part: Option<Part>) -> bool {
        part.is_none_or(|part| self.comparisons.get(file).is_some_and(|known| known.has_same_part(part)))
    }
}
