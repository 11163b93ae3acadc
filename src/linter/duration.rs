//! Durations as flows write them, ISO 8601: `P7D`, `PT168H`, `P1DT12H30M`.

/// How long a duration is, in milliseconds; none for a text that is no duration. A month counts as 30 days
/// and a year as 365, as the service does.
pub(super) fn milliseconds(text: &str) -> Option<u64> {
    const SECOND: f64 = 1_000.0;
    const DAY: f64 = 86_400.0 * SECOND;
    let text = text.trim().to_ascii_uppercase();
    let (days, time) = match text.strip_prefix('P')?.split_once('T') {
        Some((days, time)) => (days, Some(time)),
        None => (text.strip_prefix('P')?, None),
    };
    let units = [('Y', 365.0 * DAY), ('M', 30.0 * DAY), ('W', 7.0 * DAY), ('D', DAY)];
    let parts = [
        sum(days, &units)?,
        sum(time.unwrap_or(""), &[('H', 3_600.0 * SECOND), ('M', 60.0 * SECOND), ('S', SECOND)])?,
    ];
    // `P` and `PT` name no time at all.
    if (days.is_empty() && time.is_none()) || time == Some("") {
        return None;
    }
    let whole = parts.iter().sum::<f64>();
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is no less than 0, and what is too large stays the largest"
    )]
    Some(whole.round() as u64)
}

/// The sum of numbers with units, each unit once and in this order.
fn sum(text: &str, units: &[(char, f64)]) -> Option<f64> {
    let mut rest = text;
    let mut total = 0.0;
    for (unit, worth) in units {
        let Some((number, after)) = rest.split_once(*unit) else { continue };
        let is_number = number.starts_with(|c: char| c.is_ascii_digit())
            && number.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',');
        total += number.replace(',', ".").parse::<f64>().ok().filter(|_| is_number)? * worth;
        rest = after;
    }
    rest.is_empty().then_some(total)
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn one_duration_has_many_spellings() {
        let days = |count: u64| Some(count * 86_400_000);
        for text in
            ["P7D", "PT168H", "P1W", "P6DT24H", "PT10080M", "PT604800S", "p7d", " P7D ", "P0Y0M7DT0H0M0S"]
        {
            assert_eq!(milliseconds(text), days(7), "{text}");
        }
        assert_eq!(milliseconds("P1M"), days(30));
        assert_eq!(milliseconds("P1Y"), days(365));
        assert_eq!(milliseconds("PT0.5S"), Some(500));
        assert_eq!(milliseconds("PT0S"), Some(0));
        assert_eq!(milliseconds(&format!("P{}D", "9".repeat(400))), Some(u64::MAX));
    }

    #[test]
    fn what_is_no_duration_is_none() {
        for text in [
            "",
            "P",
            "PT",
            "7D",
            "P7",
            "P7H",
            "PT7D",
            "P1D2D",
            "PT1S1M",
            "-P7D",
            "P-7D",
            "P7DT",
            "PD",
            "7 days",
            "7.00:00:00",
            "@x",
            "P1.2.3D",
            "P.5D",
        ] {
            assert_eq!(milliseconds(text), None, "{text}");
        }
    }
}
