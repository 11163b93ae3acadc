//! What holds for any input: parsers that agree with the standard, places that lead back, and no panic.
//!
//! The inputs are drawn with a fixed seed. `PROPTEST_CASES=100000` draws that many new ones.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use std::sync::LazyLock;

use flowvet::expr::{self, Template};
use flowvet::json::{Node, Value, parse, raw_span};
use flowvet::lint;
use flowvet::linter::{Engine, RuleSet, embedded_pages};
use flowvet::report::inspect::inspect;
use flowvet::report::{Format, Style};
use flowvet::text::Arena;
use flowvet::text::{Source, Span};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::RngSeed;

fn config(cases: u32) -> ProptestConfig {
    let drawn = std::env::var_os("PROPTEST_CASES").is_some();
    let default = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if drawn { default } else { ProptestConfig { cases, rng_seed: RngSeed::Fixed(20_260_801), ..default } }
}

/// Any JSON value, not too large.
fn json_value() -> impl Strategy<Value = serde_json::Value> {
    let number = prop_oneof![
        any::<i64>().prop_map(serde_json::Value::from),
        any::<u64>().prop_map(serde_json::Value::from),
        proptest::num::f64::NORMAL.prop_map(serde_json::Value::from),
    ];
    let text = prop_oneof![".{0,12}", "[\\x00-\\x20\"\\\\/a-c]{0,12}", any::<String>()];
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        number,
        text.prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(5, 48, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..8).prop_map(serde_json::Value::from),
            btree_map(".{0,6}", inner, 0..8).prop_map(|map| map.into_iter().collect::<serde_json::Value>()),
        ]
    })
}

/// The ways to lay a value out.
fn layouts(value: &serde_json::Value) -> [String; 4] {
    let pretty = serde_json::to_string_pretty(value).unwrap();
    [
        value.to_string(),
        pretty.replace('\n', "\r\n"),
        // A line break is never inside a string.
        pretty.replace('\n', " // \"a\" {\n/* [ */\n"),
        pretty,
    ]
}

/// Whether a tree is that value; of equal keys the last one counts.
fn is_same(node: &Node<'_>, value: &serde_json::Value) -> bool {
    use serde_json::Value as Json;
    match (&node.value, value) {
        (Value::Null, Json::Null) => true,
        (Value::Bool(a), Json::Bool(b)) => a == b,
        (Value::Number(text), Json::Number(number)) => {
            **text == number.to_string() || is_near(text, number.as_f64())
        }
        (Value::String(a), Json::String(b)) => a == b,
        (Value::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
        }
        (Value::Object(members), Json::Object(map)) => {
            members.iter().all(|member| map.contains_key(member.key))
                && map.iter().all(|(key, b)| node.get(key).is_some_and(|a| is_same(a, b)))
        }
        _ => false,
    }
}

/// Whether a number as written is that float; serde_json may miss the last digit of one.
fn is_near(text: &str, number: Option<f64>) -> bool {
    let both = text.parse::<f64>().ok().zip(number);
    both.is_some_and(|(a, b)| (a - b).abs() <= a.abs() * 1e-14)
}

/// Calls `visit` for a node and all below it.
fn each_node<'n, 'a>(node: &'n Node<'a>, visit: &mut dyn FnMut(&'n Node<'a>)) {
    visit(node);
    node.elements().iter().for_each(|element| each_node(element, visit));
    node.members().iter().for_each(|member| each_node(&member.value, visit));
}

/// A change to a text: cut a piece out, double one, or put something in its place.
#[derive(Clone, Debug)]
struct Mutation {
    from: Index,
    length: usize,
    kind: u8,
    piece: &'static str,
}

const PIECES: [&str; 40] = [
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    ",",
    ":",
    " ",
    "\n",
    "\r",
    "\t",
    "\u{0}",
    "0",
    "-",
    "1e5",
    ".5",
    "true",
    "null",
    "nul",
    "é",
    "😀",
    "\u{feff}",
    "\u{202e}",
    "@",
    "@{",
    "'",
    "(",
    ")",
    "?",
    "{}",
    "[]",
    "\"\"",
    "\"type\"",
    "\"actions\":",
    "\\u0040",
    "\\n",
    "@@",
    "outputs('x')",
    "\u{85}",
];

fn mutations() -> impl Strategy<Value = Vec<Mutation>> {
    let mutation = (any::<Index>(), prop_oneof![0_usize..4, 0_usize..400], 0_u8..4, select(&PIECES[..]));
    vec(mutation.prop_map(|(from, length, kind, piece)| Mutation { from, length, kind, piece }), 1..5)
}

fn mutate(mut text: String, mutations: &[Mutation]) -> String {
    for mutation in mutations {
        let boundary = |mut at: usize| {
            at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let from = boundary(mutation.from.index(text.len() + 1));
        let to = boundary(from + mutation.length).max(from);
        match mutation.kind {
            0 => text.replace_range(from..to, ""),
            1 => text.replace_range(from..from, &text.clone()[from..to]),
            2 => text.replace_range(from..to, mutation.piece),
            _ => text.insert_str(from, mutation.piece),
        }
    }
    text
}

/// What the two parsers are known to differ in, as far as a text may have it: comments, half surrogate
/// pairs, and numbers beyond what a float holds.
fn may_differ(text: &str, error: Option<&serde_json::Error>) -> bool {
    let folded = text.to_ascii_lowercase();
    text.contains("//")
        || text.contains("/*")
        || folded.contains("\\ud")
        || error.is_some_and(|error| error.to_string().starts_with("number out of range"))
}

fn assert_agrees(text: &str) -> Result<(), TestCaseError> {
    let expected = serde_json::from_str::<serde_json::Value>(text);
    if may_differ(text, expected.as_ref().err()) {
        return Ok(());
    }
    let arena = Arena::new();
    match (parse(text, &arena), expected) {
        (Ok(node), Ok(value)) => prop_assert!(is_same(&node, &value), "{text}"),
        (Err(error), Err(_)) => {
            prop_assert!(
                text.get(error.span.range()).is_some(),
                "the place lies outside: {error:?} in {text}"
            );
            prop_assert!(!error.message.is_empty());
        }
        (ours, theirs) => prop_assert!(false, "{ours:?}\n{theirs:?}\n{text}"),
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn json_of_any_layout_is_read_as_what_it_is(value in json_value()) {
        for text in layouts(&value) {
            let arena = Arena::new();
            let node = parse(&text, &arena).map_err(|error| TestCaseError::fail(format!("{error:?} in {text}")))?;
            prop_assert!(is_same(&node, &value), "{}", text);
        }
    }

    #[test]
    fn json_that_was_damaged_is_refused_where_the_standard_refuses_it(
        value in json_value(), pretty in any::<bool>(), mutations in mutations()
    ) {
        let text = if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
        assert_agrees(&mutate(text, &mutations))?;
    }

    #[test]
    fn text_of_json_tokens_is_refused_where_the_standard_refuses_it(pieces in vec(select(&PIECES[..]), 0..12)) {
        assert_agrees(&pieces.concat())?;
    }

    #[test]
    fn the_place_of_every_value_and_key_holds_that_value_and_key(value in json_value()) {
        for text in layouts(&value) {
            let arena = Arena::new();
            let root = parse(&text, &arena).unwrap();
            each_node(&root, &mut |node| {
                let again = parse(&text[node.span.range()], &arena).expect("a value's own text is JSON");
                assert!(again == *node && again.span.end == node.span.end - node.span.start, "{text}");
                for member in node.members() {
                    let key = parse(&text[member.key_span.range()], &arena).expect("a key's own text is JSON");
                    assert_eq!(key.as_str(), Some(member.key));
                }
            });
        }
    }

    #[test]
    fn ranges_of_a_decoded_string_lead_back_to_what_was_written(
        pieces in vec(piece(), 0..12), before in "[ \\[]{0,5}", from in any::<Index>(), to in any::<Index>()
    ) {
        let raw: String = pieces.iter().map(|(raw, _)| raw.as_str()).collect();
        let decoded: String = pieces.iter().map(|(_, c)| *c).collect();
        let file = format!("{before}\"{raw}\"  ");
        let literal = Span::new(before.len(), before.len() + raw.len() + 2);
        let literal_text = &file[literal.range()];
        let arena = Arena::new();
        let parsed = parse(literal_text, &arena).unwrap();
        prop_assert_eq!(parsed.as_str(), Some(decoded.as_str()));

        let (from, to) = (from.index(pieces.len() + 1), to.index(pieces.len() + 1));
        let (from, to) = (from.min(to), from.max(to));
        let length = |pieces: &[(String, char)]| pieces.iter().map(|(_, c)| c.len_utf8()).sum::<usize>();
        let range = length(&pieces[..from])..length(&pieces[..to]);
        let written: String = pieces[from..to].iter().map(|(raw, _)| raw.as_str()).collect();
        let span = raw_span(&file, literal, range.clone());
        prop_assert_eq!(&file[span.range()], written.as_str(), "{:?} of {}", range, file);
    }

    #[test]
    fn any_text_is_plain_an_expression_or_an_error_with_its_place(text in expression_text()) {
        let arena = Arena::new();
        let template = Template::read(&text, &arena);
        for error in template.errors() {
            prop_assert!(text.get(error.at.range()).is_some(), "{:?} in {:?}", error, text);
            prop_assert!(!error.message.is_empty());
        }
        for expr in template.expressions() {
            prop_assert!(text.get(expr.at.range()).is_some(), "{:?} in {:?}", expr, text);
            let alone = expr::parse(&text, expr.at.range(), &arena);
            prop_assert_eq!(alone.as_ref(), Ok(expr), "{:?}", text);
            expr.each_call(&mut |call| assert_eq!(&text[call.name_at.range()], call.name));
            expr.each_text(&mut |literal, at| {
                let written = &text[at.range()];
                assert_eq!(written[1..written.len() - 1].replace("''", "'"), literal);
            });
        }
    }

    #[test]
    fn any_part_of_a_text_can_be_parsed_as_an_expression(text in expression_text(), from in any::<Index>()) {
        let from = from.index(text.len() + 1);
        prop_assume!(text.is_char_boundary(from));
        let arena = Arena::new();
        if let Err(error) = expr::parse(&text, from..text.len(), &arena) {
            prop_assert!(text.get(error.at.range()).is_some(), "{:?} in {:?}", error, text);
            prop_assert!(error.at.range().start >= from, "{:?} in {:?} from {}", error, text, from);
        }
    }
}

/// A character of a JSON string as it is written, and what it stands for.
fn piece() -> impl Strategy<Value = (String, char)> {
    let plain =
        any::<char>().prop_filter("must be escaped", |c| !matches!(c, '"' | '\\' | '\u{0}'..='\u{1f}'));
    let in_hex = |c: char| {
        let mut units = [0; 2];
        c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect::<String>()
    };
    let short = [
        ("\\n", '\n'),
        ("\\\"", '"'),
        ("\\\\", '\\'),
        ("\\/", '/'),
        ("\\b", '\u{8}'),
        ("\\uDC00", '\u{FFFD}'),
    ];
    prop_oneof![
        3 => plain.clone().prop_map(|c| (c.to_string(), c)),
        1 => any::<char>().prop_map(move |c| (in_hex(c), c)),
        1 => any::<char>().prop_map(move |c| (in_hex(c).to_uppercase().replace("\\U", "\\u"), c)),
        1 => select(short.to_vec()).prop_map(|(raw, c)| (raw.to_owned(), c)),
    ]
}

/// Text that looks like expressions, or like nothing.
fn expression_text() -> impl Strategy<Value = String> {
    let tokens = [
        "@",
        "@{",
        "}",
        "{",
        "@@",
        "concat(",
        "body('x')",
        "variables",
        "(",
        ")",
        "'",
        "''",
        "'it''s'",
        ",",
        "?",
        ".",
        "[",
        "]",
        "['a']",
        "?['b']",
        "-1",
        "+",
        "1.5e3",
        "1e",
        "0x1",
        "\"",
        "null",
        "TRUE",
        " ",
        "\u{a0}",
        "\n",
        "é",
        "😀",
        "==",
        "&&",
    ];
    let soup = vec(select(tokens.to_vec()), 0..16).prop_map(|pieces| pieces.concat());
    let whole = soup.clone().prop_map(|inside| format!("@concat({inside})"));
    prop_oneof![4 => soup, 2 => whole, 1 => any::<String>()]
}

/// Every rule there is.
static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    Engine::new(RuleSet::all(embedded_pages(), &flowvet::rules::coded()).expect("the pages are sound"))
});

/// Flows to damage: one of each form, and one with many faults.
static FLOWS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let read = |path: &str| std::fs::read_to_string(common::fixture(path)).unwrap();
    let mut flows: Vec<String> = [
        "forms/flow-api.json",
        "forms/arm-template-several.json",
        "forms/clipboard-new-designer.json",
        "forms/logic-apps-standard/NightlyStockExport/workflow.json",
        "forms/encodings/one-line.json",
        "forms/encodings/crlf.json",
        "order-processing/before/Workflows/Nightlyordersummary-C7A90B35-1AA9-EF11-8A69-000D3AB2F417.json",
        "order-processing/before/Workflows/Registerreturnrequest-E3B0417C-77B2-EF11-B8E8-6045BD9C5A21.json",
    ]
    .map(read)
    .to_vec();
    flows.push(common::flow_with_warning());
    flows
});

/// Checks a text with every rule and writes every report; all places must lie inside the text.
fn check_and_report(text: &str) -> Result<(), TestCaseError> {
    let source = |text: &str| Source::new("Workflows/Flow.json", text);
    let report = lint(vec![source(text)], &ENGINE);
    for problem in &report.problems {
        prop_assert!(!problem.message.contains("flowvet itself failed"), "a panic on {text}");
    }
    for finding in &report.findings {
        prop_assert!(text.get(finding.location.place.span.range()).is_some(), "{finding:?}");
        let place = &finding.location.place;
        prop_assert_eq!(place.start.line, place.end.line, "{:?}", finding);
    }
    for (name, format) in Format::NAMES {
        for (color, width) in [(false, 120), (true, 60)] {
            let mut out = Vec::new();
            report.write(format, ENGINE.rules(), Style { color, width }, &mut out).unwrap();
            let written = String::from_utf8(out).expect("reports are UTF-8");
            // JSON escapes the lower ones only.
            let is_control =
                |c: char| if name == "human" || name == "concise" { c.is_control() } else { c < ' ' };
            let is_bad = |c: char| is_control(c) && c != '\n' && !(color && c == '\u{1b}');
            prop_assert!(!written.contains(is_bad), "{name}: {written:?}");
        }
    }
    let mut masked = source(text);
    flowvet::secrets::TextSecrets::of(&masked.text).mask(&mut masked.text);
    // Nothing to assert: it must come back.
    let _ = inspect(&masked, None);
    Ok(())
}

proptest! {
    #![proptest_config(config(120))]

    #[test]
    fn no_damage_to_a_flow_makes_the_check_or_a_report_panic(
        flow in any::<Index>(), mutations in mutations()
    ) {
        check_and_report(&mutate(flow.get(&FLOWS[..]).clone(), &mutations))?;
    }

    #[test]
    fn no_value_in_place_of_another_makes_the_check_or_a_report_panic(
        flow in any::<Index>(), at in vec((any::<Index>(), json_value()), 1..4)
    ) {
        // Well-formed JSON of the wrong shape: the loader and the rules see it, not the parser.
        let mut text = flow.get(&FLOWS[..]).clone();
        for (at, value) in at {
            let spans = {
                let arena = Arena::new();
                let root = parse(&text, &arena).unwrap();
                let mut spans = Vec::new();
                each_node(&root, &mut |node| spans.push(node.span));
                spans
            };
            text.replace_range(at.get(&spans).range(), &value.to_string());
        }
        check_and_report(&text)?;
    }

    #[test]
    fn no_expression_makes_the_check_or_a_report_panic(texts in vec(expression_text(), 1..5)) {
        let actions = texts.iter().enumerate().map(|(at, text)| {
            (format!("{text}{at}"), serde_json::json!({"type": "Compose", "inputs": {text: text}, "runAfter": {text: [text]}}))
        });
        check_and_report(&common::flow(&actions.collect::<serde_json::Value>()))?;
    }
}

#[test]
fn the_json_that_flowvet_takes_and_the_standard_does_not() {
    let standard = |text: &str| serde_json::from_str::<serde_json::Value>(text).is_ok();
    let arena = Arena::new();
    let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    for text in ["{} // comment", "/* comment */ []", "\"\\ud83d\"", "1e999", &deep(512)] {
        assert!(parse(text, &arena).is_ok() && !standard(text), "{text}");
    }
    for text in [deep(513), "\"\\ud83d".into(), "# comment\n1".into(), "1 /* comment".into(), "[1,]".into()] {
        assert!(parse(&text, &arena).is_err() && !standard(&text), "{text}");
    }
    assert_eq!(parse("\"a\\ud83db\"", &arena).unwrap().as_str(), Some("a\u{FFFD}b"));
}
