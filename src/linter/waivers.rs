//! What becomes of waivers when everything has been checked: findings that they suppress, and what the rules about
//! waivers say.

use super::context::ReportContext;
use super::draft::Home;
use super::engine::Engine;
use crate::finding::{Mask, Masked, Suppression, Suppressor};
use crate::suppress::waiver::{Spanned, Waiver};
use crate::suppress::{Meaning, WAIVERS};

/// A waiver, and what it came to.
#[derive(Debug)]
pub struct WaiverState {
    /// The waiver.
    pub waiver: Waiver,
    /// What it names, each with what became of it.
    pub named: Vec<Named>,
    /// Whether its last day has passed.
    pub is_over: bool,
}

/// What a waiver names.
#[derive(Debug)]
pub struct Named {
    /// The word.
    pub word: Spanned,
    /// What it means; an error says why it means nothing.
    pub meaning: Result<Meaning, String>,
    /// Whether all that it means has run on the whole flow: only then it is certain that nothing needs it.
    pub is_judged: bool,
    /// How many findings it suppresses, or would if the waiver still held.
    pub covered: usize,
}

impl WaiverState {
    /// Whether it suppresses anything at all.
    #[must_use]
    pub fn holds(&self) -> bool {
        let ends_well = self.waiver.until.as_ref().is_none_or(|until| until.date.is_some());
        self.waiver.is_allow && ends_well && !self.is_over
    }
}

/// Lets waivers suppress findings, and gives what the rules about waivers find. `has_run` says whether all rules that a
/// word stands for could run on the flow of a waiver.
pub(super) fn judge(
    engine: &Engine,
    waivers: Vec<Waiver>,
    findings: &mut [Masked],
    has_run: &dyn Fn(&Waiver, &Meaning) -> bool,
) -> Vec<Masked> {
    if waivers.is_empty() {
        return Vec::new();
    }
    let mut states: Vec<WaiverState> =
        waivers.into_iter().map(|waiver| state(engine, waiver, has_run)).collect();
    for finding in findings.iter_mut() {
        suppress(&mut states, finding);
    }
    let mut found = Vec::new();
    for state in &states {
        for &at in &engine.waiver {
            let mut drafts = Vec::new();
            let rule = &engine.set.rules[at];
            if let (Some(check), true) = (&rule.check, rule.selected) {
                check.waiver(state, &mut ReportContext::new(at, &mut drafts));
            }
            for draft in drafts {
                let Waiver { file, note, .. } = &state.waiver;
                let flow = note.flow.as_ref().map_or("", |flow| flow.id.as_str());
                let finding = engine.finding(draft, Home::flow(&file.path, flow), |location| location);
                // All that it says is from a waiver that is masked.
                found.push(finding.mask(&Mask::default()));
            }
        }
    }
    found
}

fn state(engine: &Engine, waiver: Waiver, has_run: &dyn Fn(&Waiver, &Meaning) -> bool) -> WaiverState {
    let named = |word: &Spanned| {
        let meaning = match engine.set.meaning(&word.text) {
            Ok(meaning) if is_about_waivers(engine, &meaning) => Err(format!(
                "`{}` is about waivers, and none can waive it: `[[allow]]` or `ignore` in flowvet.toml can",
                word.text
            )),
            Ok(meaning) => Ok(meaning),
            Err(unknown) => Err(unknown.message),
        };
        let is_judged = waiver.is_whole && meaning.as_ref().is_ok_and(|meaning| has_run(&waiver, meaning));
        Named { word: word.clone(), meaning, is_judged, covered: 0 }
    };
    let date = waiver.until.as_ref().and_then(|until| until.date);
    WaiverState {
        named: waiver.words.iter().map(named).collect(),
        is_over: date.is_some_and(|date| engine.has_passed(date)),
        waiver,
    }
}

fn is_about_waivers(engine: &Engine, meaning: &Meaning) -> bool {
    match meaning {
        Meaning::Rule(id) => engine.set.category(id) == Some(WAIVERS),
        Meaning::Category(name) => name == WAIVERS,
        Meaning::All => false,
    }
}

/// Suppresses a finding if a waiver covers it, and counts it for all that do: the innermost gives the reason.
fn suppress(states: &mut [WaiverState], finding: &mut Masked) {
    let (file, part) = (finding.location.place.file.clone(), finding.location.part);
    for state in states.iter_mut().rev() {
        if !state.waiver.is_allow || !state.waiver.covers(&file, part) {
            continue;
        }
        let holds = state.holds();
        for named in &mut state.named {
            let covers = |meaning: &Meaning| meaning.covers(&finding.rule, &finding.category);
            if named.meaning.as_ref().is_ok_and(covers) {
                named.covered += 1;
                if holds && finding.suppressed.is_none() {
                    let reason = state.waiver.reason.clone();
                    finding.suppressed = Some(Suppression { by: Suppressor::Waiver, reason });
                }
            }
        }
    }
}
