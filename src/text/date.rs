//! A day of the calendar: until when a waiver holds, and which day it is. Knows no clock.

use std::fmt;

/// A day, as the Gregorian calendar counts. The order is that of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// Seconds of a day.
const DAY: u64 = 86_400;

impl Date {
    /// The day of that year, month and day; none if there is no such day.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let exists = (1..=9999).contains(&year) && (1..=days_in(year, month)).contains(&day);
        exists.then_some(Self { year, month, day })
    }

    /// The day that `YYYY-MM-DD` says; none for any other text, and for days that there are not.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = |range: std::ops::Range<usize>| {
            let digits = text.get(range)?;
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<u16>().ok()).flatten()
        };
        let shaped = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
        let small = |number: u16| u8::try_from(number).ok();
        shaped.then(|| Self::new(number(0..4)?, small(number(5..7)?)?, small(number(8..10)?)?)).flatten()
    }

    /// The day on which so many seconds had passed since the beginning of 1970, in UTC.
    #[must_use]
    pub fn of_seconds(seconds: u64) -> Self {
        let mut days = seconds / DAY;
        let mut date = Self { year: 1970, month: 1, day: 1 };
        while date.year < 9999 && days >= u64::from(days_of(date.year)) {
            days -= u64::from(days_of(date.year));
            date.year += 1;
        }
        while date.month < 12 && days >= u64::from(days_in(date.year, date.month)) {
            days -= u64::from(days_in(date.year, date.month));
            date.month += 1;
        }
        let last = u64::from(days_in(date.year, date.month));
        date.day = u8::try_from((days + 1).min(last)).unwrap_or(1);
        date
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_of(year: u16) -> u16 {
    if is_leap(year) { 366 } else { 365 }
}

/// How many days a month has; none where there is no such month.
fn days_in(year: u16, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_there_are_are_read_and_written() {
        for text in ["2027-01-31", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"] {
            assert_eq!(Date::parse(text).map(|date| date.to_string()).as_deref(), Some(text));
        }
    }

    #[test]
    fn everything_else_is_no_day() {
        for text in [
            "2027-13-01",
            "2027-00-01",
            "2027-01-00",
            "2027-02-29",
            "1900-02-29",
            "2027-04-31",
            "0000-01-01",
            "2027-1-31",
            "27-01-31",
            "31.01.2027",
            "2027/01/31",
            "2027-01-31T00:00:00",
            "+027-01-31",
            "2027-01-3é",
            "",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn seconds_become_days() {
        for (seconds, day) in [
            (0, "1970-01-01"),
            (DAY - 1, "1970-01-01"),
            (DAY, "1970-01-02"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_767_225_599, "2025-12-31"),
            (1_767_225_600, "2026-01-01"),
            (4_102_444_800, "2100-01-01"),
            (u64::MAX, "9999-12-31"),
        ] {
            assert_eq!(Date::of_seconds(seconds).to_string(), day);
        }
    }

    #[test]
    fn days_are_in_the_order_of_time() {
        let days = ["2026-12-31", "2027-01-01", "2027-01-31", "2027-02-01"].map(Date::parse);
        assert!(days.is_sorted());
    }
}
