//! Literals that a date function, a number function or a date action cannot take.

use crate::catalog::time_zones::{is_time_zone, meant};
use crate::expr::Call;
use crate::flow::{Action, ActionType, ExpressionSite, FlowAnalysis, is_computed};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};
use crate::text::Span;

/// What a literal has to be.
#[derive(Clone, Copy)]
enum Kind {
    TimeZone,
    TimeUnit,
    GuidFormat,
    Locale,
}

/// Which arguments of which functions are such literals.
const ARGUMENTS: [(&str, usize, Kind); 14] = [
    ("convertFromUtc", 1, Kind::TimeZone),
    ("convertToUtc", 1, Kind::TimeZone),
    ("convertTimeZone", 1, Kind::TimeZone),
    ("convertTimeZone", 2, Kind::TimeZone),
    ("addToTime", 2, Kind::TimeUnit),
    ("subtractFromTime", 2, Kind::TimeUnit),
    ("getFutureTime", 1, Kind::TimeUnit),
    ("getPastTime", 1, Kind::TimeUnit),
    ("guid", 0, Kind::GuidFormat),
    ("formatDateTime", 2, Kind::Locale),
    ("formatNumber", 2, Kind::Locale),
    ("parseDateTime", 1, Kind::Locale),
    ("float", 1, Kind::Locale),
    ("isFloat", 1, Kind::Locale),
];

/// Which inputs of actions of type Expression are such literals.
const INPUTS: [(&[&str], Kind); 4] = [
    (&["sourceTimeZone"], Kind::TimeZone),
    (&["destinationTimeZone"], Kind::TimeZone),
    (&["timeUnit"], Kind::TimeUnit),
    (&["interval", "timeUnit"], Kind::TimeUnit),
];

const UNITS: [&str; 7] = ["Second", "Minute", "Hour", "Day", "Week", "Month", "Year"];

#[derive(Debug)]
pub(crate) struct InvalidLiteral;

impl CodedRule for InvalidLiteral {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        for (site, call) in cx.calls() {
            // Nearly no function takes one: what is not written as text is not looked up.
            if call.function.is_some() && call.arguments.iter().any(|argument| argument.as_text().is_some()) {
                check_call(flow, site, call, cx);
            }
        }
        for action in flow.actions.iter().filter(|action| action.ty == ActionType::Expression) {
            check_action(action, cx);
        }
    }
}

fn check_call(
    flow: &FlowAnalysis<'_>,
    site: &ExpressionSite<'_>,
    call: &Call<'_>,
    cx: &mut RuleContext<'_, '_>,
) {
    for (function, at, kind) in ARGUMENTS {
        if call.is(function)
            && let Some(argument) = call.arguments.get(at)
            && let Some(text) = argument.as_text()
        {
            judge(text, site.span_of(&flow.source.text, argument.at), kind, function, cx);
        }
    }
}

fn check_action(action: &Action<'_>, cx: &mut RuleContext<'_, '_>) {
    let Some(inputs) = action.node.get("inputs") else { return };
    for (keys, kind) in INPUTS {
        if let Some(node) = inputs.at(keys)
            && let Some(text) = node.as_str()
            && !is_computed(text)
        {
            judge(text, node.span, kind, action.name, cx);
        }
    }
}

fn judge(text: &str, span: Span, kind: Kind, taker: &str, cx: &mut RuleContext<'_, '_>) {
    let (what, help) = match kind {
        Kind::TimeZone if !is_time_zone(text) => {
            let help = match meant(text) {
                Some(meant) => format!("Did you mean {meant}? The names are those of Windows."),
                None => "Take a name of Windows: 'W. Europe Standard Time', 'Eastern Standard Time', 'UTC'."
                    .into(),
            };
            ("a time zone", help)
        }
        Kind::TimeUnit if !UNITS.iter().any(|unit| unit.eq_ignore_ascii_case(text.trim())) => {
            let help = match UNITS.iter().find(|unit| text.trim().eq_ignore_ascii_case(&format!("{unit}s"))) {
                Some(unit) => format!("Write '{unit}', without the s."),
                None => format!("Units are {}.", UNITS.join(", ")),
            };
            ("a unit of time", help)
        }
        Kind::GuidFormat
            if !matches!(text, "" | "N" | "D" | "B" | "P" | "X" | "n" | "d" | "b" | "p" | "x") =>
        {
            ("a format of GUIDs", "Formats are N, D, B, P and X.".into())
        }
        Kind::Locale if !is_locale(text) => {
            let help = if text.contains("yy") || text.contains("MM") {
                "The locale comes first and the format after it: parseDateTime(text, 'en-US', 'dd/MM/yyyy')."
            } else {
                "A locale is a language and a region: 'en-US', 'de-DE', 'fr'."
            };
            ("a locale", help.into())
        }
        _ => return,
    };
    cx.report(span, format!("'{text}' is not {what} that '{taker}' knows: the action fails when it runs"))
        .detail(taker)
        .help(help);
}

/// Whether a text has the shape of a locale. Which languages there are depends on the machine.
fn is_locale(text: &str) -> bool {
    let mut parts = text.split(['-', '_']);
    let language = parts.next().unwrap_or_default();
    text.is_empty()
        || (language.chars().all(|c| c.is_ascii_alphabetic())
            && matches!(language.len(), 2 | 3 | 5..=8)
            && parts
                .all(|part| matches!(part.len(), 1..=8) && part.chars().all(|c| c.is_ascii_alphanumeric())))
}
