//! How a waiver is written: `flowvet: allow RULE, RULE until YYYY-MM-DD — reason`, up to the end of the
//! line, anywhere in a note.
//!
//! Knows texts, and no flow. What people write in another way than they should is read as far as its meaning
//! is certain, so that it can be said to them.

use std::ops::Range;

use crate::text::Date;

/// What begins a waiver.
const NAME: &str = "flowvet";
/// Verbs that other tools taught people.
const OTHER_VERBS: [&str; 12] = [
    "alow", "allows", "accept", "disable", "exclude", "except", "ignore", "ignores", "noqa", "skip",
    "suppress", "waive",
];
/// What stands between a waiver and its reason. Word processors make dashes of `-` and `--`.
const SEPARATORS: [char; 8] = ['—', '–', '―', '−', '‐', '‑', '-', ':'];

/// A waiver as it is written, in bytes of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// From the name of flowvet to its verb.
    pub(super) head: Range<usize>,
    /// Whether the head is the one that counts: `flowvet: allow`.
    pub(super) is_allow: bool,
    /// The words for rules, as they are written.
    pub(super) words: Vec<Range<usize>>,
    /// What stands behind `until`, and the day that it says.
    pub(super) until: Option<(Range<usize>, Option<Date>)>,
    /// Why, empty where it does not say.
    pub(super) reason: Range<usize>,
}

/// How sure it is that a word is meant for a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    /// It is the word of a rule or a category.
    Known,
    /// It is like one.
    Near,
    /// It is like none.
    None,
}

/// Whether a text can hold a waiver: fast, for the many that hold none.
pub(super) fn may_hold(text: &str) -> bool {
    next_name(text, 0).is_some()
}

/// Every waiver in a text. `matches` says of a word whether it is one for a rule.
pub(super) fn read(text: &str, matches: &dyn Fn(&str) -> Match) -> Vec<Written> {
    let names: Vec<usize> =
        std::iter::successors(next_name(text, 0), |at| next_name(text, at + NAME.len())).collect();
    let mut found = Vec::new();
    // From behind: where the next one of a line begins, and where the line ends, is known by then.
    let mut next = text.len();
    let mut line_end = text.len();
    let mut line_start = text.len();
    for &start in names.iter().rev() {
        if start < line_start {
            line_end =
                memchr::memchr2(b'\n', b'\r', &text.as_bytes()[start..]).map_or(text.len(), |at| start + at);
            line_start = memchr::memrchr2(b'\n', b'\r', &text.as_bytes()[..start]).map_or(0, |at| at + 1);
        }
        let at = start + NAME.len();
        let reader = Reader { text, at, end: line_end.min(next), matches };
        found.extend(reader.waiver(start));
        if text[at..].trim_start().starts_with(':') {
            next = start;
        }
    }
    found.reverse();
    found
}

/// Where the name of flowvet begins as a word of its own, from an offset on.
fn next_name(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b'f', b'F', &bytes[from..]).map(|at| from + at).find(|&at| {
        let is_name =
            bytes.get(at..at + NAME.len()).is_some_and(|word| word.eq_ignore_ascii_case(NAME.as_bytes()));
        is_name && !text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || "/.@-_".contains(c))
    })
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Where the waiver ends at the latest.
    end: usize,
    matches: &'t dyn Fn(&str) -> Match,
}

impl<'t> Reader<'t> {
    fn waiver(mut self, start: usize) -> Option<Written> {
        self.skip(char::is_whitespace);
        let has_colon = self.rest().starts_with(':');
        self.skip(|c| c == ':');
        self.skip(char::is_whitespace);
        let verb = self.word();
        let is_verb = |other: &str| self.text[verb.clone()].eq_ignore_ascii_case(other);
        let is_allow = has_colon && is_verb("allow");
        let is_like_allow = is_verb("allow") || OTHER_VERBS.into_iter().any(is_verb);
        let mut written = Written {
            head: start..verb.end,
            is_allow,
            words: Vec::new(),
            until: None,
            reason: self.end..self.end,
        };
        self.words(&mut written);
        let first = written.words.first().map(|word| &self.text[word.clone()]);
        let names_rule = first.is_some_and(|word| (self.matches)(word) == Match::Known);
        // Else it is a sentence about flowvet, and no waiver.
        if !(is_allow || (is_like_allow && names_rule)) {
            return None;
        }
        self.skip(|c| c.is_whitespace() || SEPARATORS.contains(&c));
        let reason = self.rest().trim_end();
        if reason.chars().any(char::is_alphanumeric) {
            written.reason = self.at..self.at + reason.len();
        }
        written.until = written.until.or_else(|| self.until_at_the_end(reason));
        Some(written)
    }

    /// The day that a reason ends with: some write it behind and not before.
    fn until_at_the_end(&self, reason: &str) -> Option<(Range<usize>, Option<Date>)> {
        let reason = reason.trim_end_matches(['.', ')']);
        let start = reason.len().checked_sub(10)?;
        let (before, date) = (reason.get(..start)?.trim_end(), Date::parse(reason.get(start..)?)?);
        let word = before.len().checked_sub(5).and_then(|at| before.get(at..))?;
        let start = self.at + start;
        word.eq_ignore_ascii_case("until").then_some((start..start + 10, Some(date)))
    }

    /// Reads the words for rules, and until when.
    fn words(&mut self, written: &mut Written) {
        let mut is_due = true;
        loop {
            self.skip(char::is_whitespace);
            let before = self.at;
            let word = self.word();
            let text = &self.text[word.clone()];
            let found = (self.matches)(text);
            if text.is_empty() {
                return;
            } else if text.eq_ignore_ascii_case("until") {
                return written.until = self.until();
            } else if text.eq_ignore_ascii_case("and") && !written.words.is_empty() {
                is_due = true;
                continue;
            }
            // Behind a comma a word for a rule is due; a word that is nothing like one begins the reason. So does a
            // common word that is a category as well, `all` and `security`, where the sentence goes on behind it.
            let is_common = !written.words.is_empty() && !text.contains(['-', '_']);
            let is_rule = match found {
                _ if is_common && !(is_due && self.list_goes_on_or_ends()) => false,
                Match::Known => true,
                Match::Near => is_due,
                Match::None => is_due && (written.words.is_empty() || text.contains(['-', '_'])),
            };
            if !is_rule {
                self.at = before;
                return;
            }
            written.words.push(word);
            self.skip(char::is_whitespace);
            is_due = self.rest().starts_with([',', ';']);
            self.skip(|c| matches!(c, ',' | ';'));
        }
    }

    /// Whether a list of rules can go on here, or end: what follows is no word of a sentence.
    fn list_goes_on_or_ends(&self) -> bool {
        let rest = self.rest().trim_start();
        let ends = |c: char| matches!(c, ',' | ';') || SEPARATORS.contains(&c);
        let word = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        rest.is_empty()
            || rest.starts_with(ends)
            || ["until", "and"].iter().any(|w| word.eq_ignore_ascii_case(w))
    }

    /// Reads what stands behind `until`.
    fn until(&mut self) -> Option<(Range<usize>, Option<Date>)> {
        self.skip(|c| c.is_whitespace() || c == ':');
        let start = self.at;
        let rest = self.rest();
        let is_date = |length: usize| rest.get(..length).is_some_and(|text| Date::parse(text).is_some());
        let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '.' | '/');
        // A hyphen may lead from a date to the reason.
        let written = match is_date(10) && !rest[10..].starts_with(goes_on) {
            true => &rest[..10],
            false => {
                let end = rest.find(|c: char| !goes_on(c) && c != '-').unwrap_or(rest.len());
                rest[..end].trim_end_matches(['.', '-'])
            }
        };
        let end = start + written.len();
        self.at = end;
        self.skip(|c| matches!(c, '.' | ',' | ';'));
        Some((start..end, Date::parse(written)))
    }

    /// A word: letters and digits, joined by single hyphens and underscores.
    fn word(&mut self) -> Range<usize> {
        let start = self.at;
        let rest = self.rest();
        let mut end = 0;
        for (at, c) in rest.char_indices() {
            let joins = c == '-' && at > 0 && rest[at + 1..].starts_with(char::is_alphanumeric);
            if !(c.is_alphanumeric() || c == '_' || joins) {
                break;
            }
            end = at + c.len_utf8();
        }
        self.at = start + end;
        start..self.at
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..self.end]
    }

    fn skip(&mut self, is_skipped: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(is_skipped).len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn match_of(word: &str) -> Match {
        match word.to_lowercase().as_str() {
            "missing-scope" | "late-filter" | "security" => Match::Known,
            "missing-scop" | "securty" => Match::Near,
            _ => Match::None,
        }
    }

    /// Each waiver as words, date and reason.
    fn waivers(text: &str) -> Vec<(String, String, &str)> {
        let show = |written: Written| {
            assert!(written.is_allow, "{text}");
            let words: Vec<&str> = written.words.iter().map(|word| &text[word.clone()]).collect();
            let until = match &written.until {
                Some((_, Some(date))) => date.to_string(),
                Some((range, None)) => format!("?{}", &text[range.clone()]),
                None => String::new(),
            };
            (words.join("+"), until, &text[written.reason])
        };
        read(text, &match_of).into_iter().map(show).collect()
    }

    fn one(text: &str) -> (String, String, &str) {
        let mut all = waivers(text);
        assert_eq!(all.len(), 1, "{text}: {all:?}");
        all.remove(0)
    }

    #[test]
    fn every_separator_leads_to_the_reason() {
        for separator in
            ["—", "–", "--", "-", ":", " — ", " – ", " -- ", " - ", " : ", ": ", " \u{a0}—\u{a0}"]
        {
            let is_joined = matches!(separator, "-");
            let text = format!(
                "flowvet: allow missing-scope{}{separator}ten rows",
                if is_joined { " " } else { "" }
            );
            assert_eq!(one(&text), ("missing-scope".into(), String::new(), "ten rows"), "{text}");
            let text = format!("flowvet: allow missing-scope until 2027-01-31{separator}ten rows");
            let expected = ("missing-scope".into(), "2027-01-31".into(), "ten rows");
            assert_eq!(one(&text), expected, "{text}");
        }
        assert_eq!(one("flowvet: allow missing-scope it is short").2, "it is short");
        assert_eq!(one("flowvet: allow missing-scope (it is short)").2, "(it is short)");
    }

    #[test]
    fn several_rules_stand_between_commas() {
        let words = |text: &str| one(text).0;
        for text in [
            "flowvet: allow missing-scope, late-filter — x",
            "flowvet: allow missing-scope,late-filter until 2027-01-31 — x",
            "flowvet: allow missing-scope late-filter — x",
            "flowvet: allow missing-scope and late-filter — x",
            "flowvet: allow missing-scope; late-filter: x",
        ] {
            assert_eq!(words(text), "missing-scope+late-filter", "{text}");
        }
        assert_eq!(words("flowvet: allow missing-scope, securty — x"), "missing-scope+securty");
        assert_eq!(words("flowvet: allow missing-scope, no-such-rule — x"), "missing-scope+no-such-rule");
        assert_eq!(one("flowvet: allow missing-scope, because it is short").2, "because it is short");
    }

    #[test]
    fn a_reason_may_begin_with_a_word_that_is_a_category() {
        for (text, words, reason) in [
            (
                "flowvet: allow missing-scope, security approved this",
                "missing-scope",
                "security approved this",
            ),
            ("flowvet: allow missing-scope security was asked", "missing-scope", "security was asked"),
            ("flowvet: allow missing-scope, security — x", "missing-scope+security", "x"),
            ("flowvet: allow missing-scope, security, late-filter", "missing-scope+security+late-filter", ""),
            ("flowvet: allow missing-scope, security until 2027-01-31", "missing-scope+security", ""),
            ("flowvet: allow security it is fine", "security", "it is fine"),
        ] {
            let (found, _, why) = one(text);
            assert_eq!((found.as_str(), why), (words, reason), "{text}");
        }
    }

    #[test]
    fn a_reason_may_say_anything_up_to_the_end_of_the_line() {
        let reason = "flowvet and late-filter, until: 2027 — flow-vet https://contoso.com/a?b=c";
        assert_eq!(one(&format!("flowvet: allow security — {reason}  \r\nmore")).2, reason);
        assert_eq!(one("flowvet: allow security —").2, "");
        assert_eq!(one("flowvet: allow security — ...").2, "");
        assert_eq!(one("flowvet: allow security").2, "");
    }

    #[test]
    fn a_note_may_hold_other_text_and_several_waivers() {
        let text = "Mails the desk. FlowVet : Allow missing-scope — a\nflowvet:allow late-filter — b flowvet: \
                    allow security — c\nThe end.";
        let found: Vec<_> = waivers(text).into_iter().map(|(words, _, reason)| (words, reason)).collect();
        let expected = [("missing-scope", "a"), ("late-filter", "b"), ("security", "c")];
        assert_eq!(found, expected.map(|(words, reason)| (words.to_owned(), reason)));
    }

    #[test]
    fn text_about_flowvet_is_no_waiver() {
        for text in [
            "checked with flowvet",
            "flowvet: all is fine",
            "flowvet:",
            "flowvet ignores the rest",
            "flowvet finds missing-scope here",
            "flowvet: see missing-scope",
            "flowvet: disable the timer",
            "myflowvet: allow missing-scope",
            "https://contoso.com/flowvet: allow missing-scope",
            "",
        ] {
            assert_eq!(read(text, &match_of), [], "{text}");
        }
    }

    #[test]
    fn what_is_meant_as_a_waiver_and_not_written_as_one_is_told_apart() {
        for text in [
            "flowvet: ignore missing-scope — x",
            "flowvet allow missing-scope — x",
            "flowvet: alow missing-scope",
            "flowvet: disable late-filter",
        ] {
            let found = read(text, &match_of);
            assert!(found.len() == 1 && !found[0].is_allow, "{text}: {found:?}");
        }
        assert_eq!(one("flowvet: allow"), (String::new(), String::new(), ""));
        assert_eq!(one("flowvet: allow until 2027-01-31 — x"), (String::new(), "2027-01-31".into(), "x"));
    }

    #[test]
    fn a_date_may_stand_at_the_end_as_well() {
        for end in ["until 2027-01-31", "Until 2027-01-31.", "(until 2027-01-31)"] {
            let (words, until, _) = one(&format!("flowvet: allow security — ten rows, {end}"));
            assert_eq!((words.as_str(), until.as_str()), ("security", "2027-01-31"), "{end}");
        }
        assert_eq!(one("flowvet: allow security — fine until 2027-01-31 or so").1, "");
        assert_eq!(one("flowvet: allow security — é 2027-01-31").1, "");
    }

    #[test]
    fn a_date_that_is_none_is_kept_as_it_is_written() {
        for (written, shown) in [
            ("2027-13-01", "?2027-13-01"),
            ("31.01.2027", "?31.01.2027"),
            ("tomorrow", "?tomorrow"),
            ("", "?"),
            ("2027-01-31.", "2027-01-31"),
            ("2027-01-31--", "2027-01-31"),
            (": 2027-01-31", "2027-01-31"),
        ] {
            let text = format!("flowvet: allow security until {written} — x");
            assert_eq!(one(&text), ("security".into(), shown.into(), "x"), "{text}");
        }
    }

    #[test]
    fn any_text_is_read_without_fail() {
        for text in [
            "flowvet: allow é-ü",
            "flowvet: allow a-",
            "flowvet: allow -a",
            "flowvet: allow ,,,",
            "fflowvet:é",
        ] {
            read(text, &match_of);
        }
    }
}
