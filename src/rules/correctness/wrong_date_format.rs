//! Date formats that do not mean what they look like.

use std::ops::Range;

use crate::expr::Call;
use crate::flow::{ActionType, ExpressionSite, FlowAnalysis, is_computed};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};
use crate::text::Span;

#[derive(Debug)]
pub(crate) struct WrongDateFormat;

impl CodedRule for WrongDateFormat {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        for (site, call) in cx.calls() {
            if let Some((text, at)) = format_of(call) {
                // A half of the day may be written by a format of its own beside this one, or by a text.
                let halves = || {
                    let beside = |other: &&(&ExpressionSite<'_>, &Call<'_>)| other.0.element == site.element;
                    let others = cx.calls().iter().filter(beside).filter_map(|(_, call)| format_of(call));
                    let mut said =
                        others.into_iter().any(|(text, _)| runs(text).iter().any(|run| run.letter == 't'));
                    site.each_text(&mut |text| said |= says_half(text.text));
                    said
                };
                if faults(text, false).is_empty() {
                    continue;
                }
                let halves = halves();
                judge(text, site.span_of(&flow.source.text, at), call.name, halves, cx);
            }
        }
        for action in flow.actions.iter().filter(|action| action.ty == ActionType::Expression) {
            let dated = action.kind.is_some_and(|kind| kind.ends_with("Time") || kind == "ConvertTimeZone");
            if dated && let Some(node) = action.node.at(&["inputs", "formatString"]) {
                node.as_str()
                    .filter(|text| !is_computed(text))
                    .into_iter()
                    .for_each(|text| judge(text, node.span, action.name, says_half(text), cx));
            }
        }
    }
}

/// The literal date format among the arguments of a call.
fn format_of<'c>(call: &'c Call<'_>) -> Option<(&'c str, crate::expr::TextRange)> {
    let function = call.function?;
    let at = function.date_format?;
    let argument = call.arguments.get(at)?;
    Some((argument.as_text()?, argument.at))
}

/// Whether a text says AM or PM: small letters do so alone, as `am` is a word of several languages.
fn says_half(text: &str) -> bool {
    let is_half = |word: &str| word.eq_ignore_ascii_case("am") || word.eq_ignore_ascii_case("pm");
    let says = |text: &str| {
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        is_half(text.trim()) || words.any(|word| matches!(word, "AM" | "PM"))
    };
    // In a format each letter may stand behind an escape, and `a.m.` is spelled with dots.
    let dotted = ["a.m.", "p.m.", "A.M.", "P.M."];
    says(text)
        || dotted.iter().any(|half| text.contains(half))
        || (text.contains('\\') && says(&text.replace('\\', "")))
}

fn judge(format: &str, span: Span, taker: &str, halves: bool, cx: &mut RuleContext<'_, '_>) {
    let faults = faults(format, halves);
    let Some(first) = faults.first() else { return };
    let mut meant = format.to_owned();
    for fault in faults.iter().rev() {
        meant.replace_range(fault.range.clone(), &fault.meant);
    }
    let written = &format[first.range.clone()];
    let message = match first.what {
        What::Letters if written.len() == 1 => {
            format!("'{written}' in a date format prints this letter, and no date")
        }
        What::Letters => format!("'{written}' in a date format prints these letters, and no date"),
        What::Minutes => {
            format!("'{written}' in a date format is the minutes, and stands where the month is meant")
        }
        What::Month => {
            format!("'{written}' in a date format is the month, and stands where the minutes are meant")
        }
        What::HalfDay => {
            format!("'{written}' counts hours to 12 without AM or PM: the afternoon looks like the night")
        }
    };
    let draft = cx.report(span, message).detail(taker.to_lowercase());
    if faults.iter().all(|fault| fault.what == What::HalfDay) {
        draft.help(format!("Write '{meant}' for hours to 24, or add 'tt'."));
    } else {
        draft.help(format!("Write '{meant}'."));
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Letters,
    Minutes,
    Month,
    HalfDay,
}

#[derive(Debug)]
struct Fault {
    what: What,
    range: Range<usize>,
    meant: String,
}

/// A run of one letter of a format, outside quotes and escapes.
#[derive(Debug)]
struct Run {
    letter: char,
    range: Range<usize>,
}

fn runs(format: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in format.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if quote.is_some() {
            quote = quote.filter(|open| *open != c);
        } else if matches!(c, '\'' | '"') {
            quote = Some(c);
        } else if c.is_ascii_alphabetic() {
            match runs.last_mut() {
                Some(run) if run.letter == c && run.range.end == at => run.range.end = at + 1,
                _ => runs.push(Run { letter: c, range: at..at + 1 }),
            }
        }
    }
    runs
}

fn faults(format: &str, halves: bool) -> Vec<Fault> {
    // A single letter is a format of the standard set.
    if format.len() < 2 {
        return Vec::new();
    }
    let runs = runs(format);
    let has = |letter| runs.iter().any(|run| run.letter == letter);
    let date = |run: &Run| matches!(run.letter, 'y' | 'Y' | 'd' | 'D');
    let mut faults = Vec::new();
    for (at, run) in runs.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| &runs[at]);
        let after = runs.get(at + 1);
        let mut neighbours = before.into_iter().chain(after);
        let colon = |left: &Run, right: &Run| &format[left.range.end..right.range.start] == ":";
        let what = match run.letter {
            // Behind the minutes, where the seconds are meant.
            'S' if run.range.len() == 2 && before.is_some_and(|b| b.letter == 'm' && colon(b, run)) => {
                What::Letters
            }
            'Y' | 'D' if run.range.len() > 1 || beside_dates(format, before, run, after) => What::Letters,
            // Three and four are names of months, and of minutes there are none.
            'm' if run.range.len() > 2 && neighbours.any(date) => What::Minutes,
            'm' if run.range.len() <= 2 && neighbours.clone().next().is_some() && neighbours.all(date) => {
                What::Minutes
            }
            'M' if run.range.len() <= 2
                && before.is_some_and(|b| matches!(b.letter, 'h' | 'H') && colon(b, run)) =>
            {
                What::Month
            }
            'h' if run.range.len() <= 2 && !has('t') && !has('H') && !halves && (has('m') || has('M')) => {
                What::HalfDay
            }
            _ => continue,
        };
        let written = &format[run.range.clone()];
        let meant = match what {
            // One `y` is the year of a century, and never meant.
            What::Letters if written == "Y" => "yyyy".into(),
            What::Letters | What::Month => written.to_lowercase(),
            What::Minutes | What::HalfDay => written.to_uppercase(),
        };
        faults.push(Fault { what, range: run.range.clone(), meant });
    }
    faults
}

/// Whether a letter stands beside a part of a date, with what separates such parts in between.
fn beside_dates(format: &str, before: Option<&Run>, run: &Run, after: Option<&Run>) -> bool {
    let date = |other: &Run| matches!(other.letter, 'y' | 'Y' | 'M' | 'm' | 'd' | 'D');
    let separated = |between: &str| {
        !between.is_empty() && between.chars().all(|c| matches!(c, '/' | '-' | '.' | ',' | ' ' | '_'))
    };
    let joined = |left: &Run, right: &Run| separated(&format[left.range.end..right.range.start]);
    // What touches other letters is a word.
    let touches = |left: &Run, right: &Run| left.range.end == right.range.start;
    !before.is_some_and(|before| touches(before, run))
        && !after.is_some_and(|after| touches(run, after))
        && (before.is_some_and(|before| date(before) && joined(before, run))
            || after.is_some_and(|after| date(after) && joined(run, after)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_mean_what_they_look_like_or_not() {
        for (format, expected) in [
            ("yyyy-MM-dd", "yyyy-MM-dd"),
            ("YYYY-MM-DD", "yyyy-MM-dd"),
            ("dd/mm/yyyy", "dd/MM/yyyy"),
            ("yyyymmdd", "yyyyMMdd"),
            ("yyyy-mm-dd HH:mm", "yyyy-MM-dd HH:mm"),
            ("yyyyMMddHHmmss", "yyyyMMddHHmmss"),
            ("ddmmHH", "ddmmHH"),
            ("HH:MM", "HH:mm"),
            ("HH:mm:SS", "HH:mm:ss"),
            ("HH:mm 'at' SS", "HH:mm 'at' SS"),
            ("hh:mm", "HH:mm"),
            ("hh:mm tt", "hh:mm tt"),
            ("dd.MM.yyyy 'Day' h 'o''clock'", "dd.MM.yyyy 'Day' H 'o''clock'"),
            ("'YYYY'", "'YYYY'"),
            ("\\Y\\Yyy", "\\Y\\Yyy"),
            ("D", "D"),
            ("mm", "mm"),
            ("mm:ss", "mm:ss"),
            ("ddd d MMM", "ddd d MMM"),
            ("dd-mmm-yyyy", "dd-MMM-yyyy"),
            ("mmmm d, yyyy HH:mm", "MMMM d, yyyy HH:mm"),
            ("d mmm HH:mm", "d MMM HH:mm"),
            ("M/D/YYYY", "M/d/yyyy"),
            ("M/D/yyyy", "M/d/yyyy"),
            ("D.M.Y", "d.M.yyyy"),
            ("Day d", "Day d"),
            ("yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-ddTHH:mm:ssZ"),
            ("Y: yyyy", "Y: yyyy"),
        ] {
            let mut meant = format.to_owned();
            for fault in faults(format, false).iter().rev() {
                meant.replace_range(fault.range.clone(), &fault.meant);
            }
            assert_eq!(meant, expected, "{format}");
        }
        assert!(faults("hh:mm", true).is_empty());
        for (text, expected) in [
            ("AM", true),
            (" pm", true),
            ("at 5 PM", true),
            ("hh:mm 'AM'", true),
            ("hh:mm \\A\\M", true),
            ("am Montag", false),
            ("AMOUNT", false),
            ("5 a.m.", true),
            ("P.M.", true),
            ("hh:mm", false),
        ] {
            assert_eq!(says_half(text), expected, "{text}");
        }
    }
}
