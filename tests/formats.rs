//! Every format, on one report with whatever is hard in it: each output is read back as its reader would.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use common::{FORMATS, Sandbox, broken_flow, clean_flow, flow_with_error, flow_with_note, flow_with_warning};
use flowvet::finding::{
    CheckedFile, Finding, FlowName, Location, Mask, Masked, Place, Problem, Related, Severity,
    give_fingerprints,
};
use flowvet::flow::ElementKind;
use flowvet::report::{Format, Report, Style};
use flowvet::secrets::TextSecrets;
use flowvet::text::{FileName, Source, Span};
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::Value;

/// Spaces and everything that some format gives a meaning to.
const PATH: &str = "my flows/50% #1, a:b; [x] é😀`|&<i>.json";

/// Texts that must come out as they are, or harmless.
fn texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "a plain sentence",
        "ends with a question?",
        "percent %25 %0A %3A %2C %AZP25 %3B %5D, comma; colon: [bracket]",
        "one\r\ntwo\nthree\rfour\tfive",
        "red \u{1b}[31m, bell \u{7}, null \u{0}, delete \u{7f}, \u{9b}31m",
        "turned \u{202e}txt.exe\u{2066}, hidden \u{200b}\u{feff}\u{ad}, \u{2028}\u{2029}",
        "עברית, العربية, 日本語, e\u{301}, 😀, \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
        "not for XML: \u{fffe}\u{ffff} ]]> <![CDATA[ &amp; <!-- --> <?pi?>",
        "::error file=x::y",
        "  ::add-mask::a",
        "##vso[task.setvariable variable=PATH]x",
        "]##vso[task.complete result=Succeeded;]",
        "##v\u{ad}so[task.setvariable variable=PATH]x ##[error]y",
        "<script>alert(1)</script> <img src=x onerror=y> </details></summary>",
        "@octocat and @org/team, mail a@contoso.com, #12, GH-12, org/repo#3, !4, :smile:",
        "[link](https://contoso.com) ![i](https://contoso.com/i.png) <https://contoso.com> https://contoso.com www.contoso.com",
        "`code` ``two`` **bold** _it_ ~~no~~ | cell | $x$ \\ # title",
        "- item 1. item > quote === ---",
        "",
    ]
    .map(str::to_owned)
    .into();
    texts.push("long ".repeat(4_000));
    texts
}

/// A finding, and the file that it is in.
struct Draft<'s> {
    finding: Finding,
    source: &'s Source,
}

impl Draft<'_> {
    fn masked(self) -> Masked {
        let source = Source::of(Arc::clone(&self.source.name), self.source.text.as_str());
        let mut masked = self.finding.mask(&Mask::of(source, TextSecrets::default()));
        // One by one: those of one identity get the same.
        give_fingerprints([&mut masked]);
        masked
    }
}

fn draft<'s>(number: usize, severity: Severity, message: &str, source: &'s Source, span: Span) -> Draft<'s> {
    let rule = ["unknown-function", "empty-container", "own-rule"][number % 3];
    let category = ["correctness", "structure", "own"][number % 3];
    let id = format!("id-{}", source.name.path);
    let location = Location {
        place: Place::new(source, span),
        flow: Some(FlowName { name: format!("Flow {message}"), id }),
        element: vec!["Try".into(), format!("Send {message}")],
        element_kind: Some(ElementKind::Action),
        property: "/inputs/a~1b".into(),
        part: None,
    };
    let mut finding = Finding::new((rule, category), severity, message, location, [number.to_string()]);
    finding.help = number.is_multiple_of(2).then(|| format!("Help: {message}"));
    Draft { finding, source }
}

fn without_element(mut draft: Draft<'_>) -> Draft<'_> {
    (draft.finding.location.element, draft.finding.location.element_kind) = (Vec::new(), None);
    draft
}

/// A report with every hard case in it.
fn hard() -> Report {
    let line = format!("{{\"é😀\":\r\n \"{}\", \"x\": \"##vso[task.debug]\"}}\r\n", "wide ".repeat(30_000));
    let archived = FileName::new("sol ution.zip").member("Workflows/X, y#1.json");
    let sources =
        [Source::new(PATH, line), Source::of(archived, "{\"a\": 1}"), Source::new("clean.json", "{}")];
    let spans = [Span::new(1, 9), Span::new(12, 150_015), Span::new(1, 4)];
    let mut drafts = Vec::new();
    for (number, text) in texts().iter().enumerate() {
        let severity = Severity::ALL[number % 3];
        drafts.push(draft(number, severity, text, &sources[0], spans[number % 2]));
    }
    let count = drafts.len();
    // Of no flow, in an archive, and with more related places than anyone reads.
    let of_file = draft(count, Severity::Warning, "of the file", &sources[0], spans[0]);
    let mut of_file = without_element(of_file);
    of_file.finding.location.flow = None;
    let of_flow = without_element(draft(count + 1, Severity::Note, "of the flow", &sources[1], spans[2]));
    let mut related = draft(count + 2, Severity::Error, "with others", &sources[1], spans[2]);
    for message in texts() {
        related.finding.related.push(Related {
            message,
            place: Place::new(&sources[0], spans[0]),
            part: None,
        });
    }
    // Two with one identity cannot be told apart by a name.
    let twin = draft(0, Severity::Error, &texts()[0], &sources[0], spans[0]);
    drafts.extend([of_file, of_flow, related, twin]);
    let problem = |path: &str, member: Option<&str>, place: Option<Place>| Problem {
        file: Arc::new(FileName { member: member.map(str::to_owned), ..FileName::new(path) }),
        message: "It cannot be read: 100%, \u{1b}[0m ##vso[a.b]".into(),
        place,
    };
    let mask = Mask::of(Source::new(PATH, sources[0].text.as_str()), TextSecrets::default());
    let problems = vec![
        problem("gone, 1%.json", None, None),
        problem(PATH, None, Some(mask.place(Place::new(&sources[0], spans[0])))),
        problem("sol ution.zip", Some("a]b;c.json"), None),
        problem("sol ution.zip", Some("a]b;c.json"), None),
    ];
    let names = ["One", "Two", "Clean <flow>"];
    let file = |(source, name): (&Source, &str)| CheckedFile {
        name: Arc::clone(&source.name),
        flows: vec![FlowName { name: name.into(), id: format!("id-{}", source.name.path) }],
    };
    let files = sources.iter().zip(names).map(file).collect();
    let findings = drafts.into_iter().map(Draft::masked).collect();
    Report { files, findings, problems, files_read: 3, failed: true, ..Report::default() }
}

/// A report of so many findings.
fn many(count: usize) -> Report {
    of_severities((0..count).map(|number| Severity::ALL[number % 3]))
}

/// A report of a finding for each severity.
fn of_severities(severities: impl Iterator<Item = Severity>) -> Report {
    let mut report = hard();
    report.problems.clear();
    let source = Source::new(PATH, "{\"many\": 1}");
    report.findings = severities
        .enumerate()
        .map(|(number, severity)| {
            let mut draft = draft(number, severity, &format!("No {number}"), &source, Span::new(1, 7));
            let flow = FlowName { name: format!("Flow {}", number % 700), id: format!("{}", number % 700) };
            draft.finding.location.flow = Some(flow);
            draft.masked()
        })
        .collect();
    report
}

fn written(report: &Report, format: &str) -> String {
    let mut out = Vec::new();
    let style = Style { color: false, width: 100 };
    report.write(Format::named(format).unwrap(), &[], style, &mut out).unwrap();
    String::from_utf8(out).expect("every format is UTF-8")
}

fn highest_first(report: &Report) -> Vec<&Masked> {
    let of = |severity| report.findings.iter().filter(move |finding| finding.severity == severity);
    Severity::ALL.into_iter().flat_map(of).collect()
}

/// What of a text a terminal obeys or a reader cannot see.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Whether a text has nothing in it that is replaced on the way to people.
fn is_plain(text: &str) -> bool {
    !text.chars().any(|c| is_unseen(c) || matches!(c, '\u{200b}' | '\u{fffe}' | '\u{ffff}'))
}

fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?']) { text.into() } else { format!("{text}.") }
}

/// A command of a build service: its name, its properties, its data.
type Command = (String, BTreeMap<String, String>, String);

/// Reads a line as GitHub's runner does: `ActionCommand.TryParseV2`.
fn github_command(line: &str) -> Option<Command> {
    let rest = line.trim_start().strip_prefix("::")?;
    let (info, data) = rest.split_once("::")?;
    let (name, properties) = info.split_once(' ').unwrap_or((info, ""));
    if !["error", "warning", "notice", "add-mask", "debug", "group"].contains(&name) {
        return None;
    }
    let decoded = |text: &str, tokens: &[(&str, &str)]| {
        tokens.iter().fold(text.to_owned(), |text, (written, meant)| text.replace(written, meant))
    };
    let of_data = [("%0D", "\r"), ("%0A", "\n"), ("%25", "%")];
    let of_property = [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")];
    let pairs = properties.trim().split(',').filter_map(|pair| pair.split_once('='));
    let properties = pairs.map(|(key, value)| (key.to_owned(), decoded(value, &of_property)));
    Some((name.to_owned(), properties.collect(), decoded(data, &of_data)))
}

/// Reads a line as the agent of Azure Pipelines does: `Command.TryParse`. It compares as people read: what cannot
/// be seen does not count.
fn azure_command(line: &str) -> Option<Command> {
    let at = line.find("##vso[")?;
    let (info, data) = line[at + 6..].split_once(']')?;
    let (name, properties) = info.split_once(' ').unwrap_or((info, ""));
    let decoded = |text: &str| {
        let tokens = [("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%AZP25", "%")];
        tokens.iter().fold(text.to_owned(), |text, (written, meant)| text.replace(written, meant))
    };
    let pairs = properties.split(';').filter_map(|pair| pair.split_once('='));
    let properties = pairs.map(|(key, value)| (key.to_owned(), decoded(value)));
    Some((name.to_owned(), properties.collect(), decoded(data)))
}

fn spells_azure_command(line: &str) -> bool {
    let seen: String = line.chars().filter(char::is_ascii_graphic).collect();
    seen.to_ascii_lowercase().contains("##vso[") || seen.contains("##[")
}

#[test]
fn no_format_is_missing_here() {
    let names: Vec<&str> = Format::NAMES.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, FORMATS);
}

#[test]
fn text_for_people_has_no_control_characters_and_no_commands() {
    for format in ["human", "concise", "github", "azure", "markdown", "junit"] {
        let text = written(&hard(), format);
        let bad: Vec<char> = text.chars().filter(|c| *c != '\n' && is_unseen(*c)).collect();
        assert!(bad.is_empty(), "{format}: {bad:?}");
    }
    for format in ["human", "concise"] {
        for line in written(&hard(), format).lines() {
            assert!(!spells_azure_command(line) && github_command(line).is_none(), "{format}: {line}");
        }
    }
}

#[test]
fn human_and_concise_show_every_finding_and_problem() {
    let report = hard();
    let concise = written(&report, "concise");
    assert_eq!(concise.lines().count(), report.findings.len() + report.problems.len() + 1);
    let human = written(&report, "human");
    assert_eq!(
        human.matches("[own-rule]").count(),
        report.findings.iter().filter(|f| f.rule == "own-rule").count()
    );
    let window = human.lines().filter(|line| line.trim_start().starts_with(|c: char| c.is_ascii_digit()));
    assert!(window.clone().count() > 20);
    assert!(window.into_iter().all(|line| line.chars().count() < 300), "long lines are cut");
}

#[test]
fn json_and_sarif_parse_and_hold_every_finding() {
    let report = hard();
    let json: Value = serde_json::from_str(&written(&report, "json")).unwrap();
    let sarif: Value = serde_json::from_str(&written(&report, "sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let findings = json["findings"].as_array().unwrap();
    assert_eq!((findings.len(), results.len()), (report.findings.len(), report.findings.len()));
    for (finding, own) in findings.iter().zip(&report.findings) {
        assert_eq!(finding["message"], own.message);
        assert_eq!(finding["path"], own.location.place.file.path);
    }
    assert_eq!(json["problems"].as_array().unwrap().len(), report.problems.len());
}

#[test]
fn github_reads_back_what_was_meant() {
    let report = hard();
    let text = written(&report, "github");
    let mut commands = text.lines().map_while(github_command);
    assert_eq!(commands.next().unwrap().1["title"], "flowvet", "what is not shown is said first");
    for problem in &report.problems {
        let (name, properties, data) = commands.next().unwrap();
        assert_eq!((name.as_str(), &properties["file"]), ("error", &problem.file.path));
        assert_eq!(properties.get("line").cloned(), problem.start().map(|start| start.line.to_string()));
        assert!(data.contains("100%, "), "{data}");
        assert!(
            problem.file.member.iter().all(|member| data.starts_with(&format!("sol ution.zip › {member}\n"))),
            "{data}"
        );
    }
    for finding in highest_first(&report) {
        let (name, properties, data) = commands.next().unwrap();
        let file = &finding.location.place.file;
        let kind = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        assert_eq!((name.as_str(), &properties["file"]), (kind, &file.path));
        assert!(properties["title"].starts_with(&finding.rule), "{properties:?}");
        let places = ["line", "col", "endLine", "endColumn"].map(|key| properties.get(key).cloned());
        if file.member.is_some() {
            assert_eq!(places, [None, None, None, None], "a line of the member is none of the archive");
            assert!(data.starts_with("sol ution.zip › Workflows/X, y#1.json:1:2\n"), "{data}");
            continue;
        }
        let (start, end) = (finding.location.place.start, finding.location.place.end);
        let expected =
            [start.line, start.column, end.line, end.column].map(|number| Some(number.to_string()));
        assert_eq!(places, expected);
        if is_plain(&finding.message) && !finding.location.element.is_empty() {
            let element = finding.location.element.join(" › ");
            assert_eq!(properties["title"], format!("{}: {element}", finding.rule).trim());
            let help = finding.help.iter().map(|help| format!("\n{}", sentence(help))).collect::<String>();
            assert_eq!(data, format!("{}{help}", sentence(&finding.message)));
        }
    }
    assert_eq!(commands.next(), None);
    assert_eq!(text.lines().last().unwrap(), report.summary());
}

#[test]
fn github_says_what_it_does_not_show() {
    let commands = |report: &Report| -> Vec<Command> {
        written(report, "github").lines().filter_map(github_command).collect()
    };
    assert_eq!(commands(&many(30)).len(), 30, "ten of each are all shown");
    let told = commands(&many(31));
    assert_eq!(told.len(), 32);
    assert_eq!((told[0].0.as_str(), told[0].1["title"].as_str()), ("notice", "flowvet"));
    // One error is beyond, and one notice, whose place is taken by what says so.
    assert!(
        told[0].2.ends_with("Not shown here, and in the log of the step: 1 error, 1 note."),
        "{}",
        told[0].2
    );
    let told = commands(&many(10_000));
    assert!(told[0].2.contains("3324 errors, 3323 warnings, 3324 notes"), "{}", told[0].2);
    assert_eq!(
        told.iter().skip(1).map(|(name, ..)| name.as_str()).take(10).collect::<BTreeSet<_>>(),
        ["error"].into()
    );
}

#[test]
fn azure_reads_back_what_was_meant() {
    let report = hard();
    let text = written(&report, "azure");
    let lines: Vec<&str> = text.lines().collect();
    let is_note = |finding: &&Masked| finding.severity == Severity::Note;
    let notes = report.findings.iter().filter(is_note).count();
    let commands: Vec<Command> = lines.iter().filter_map(|line| azure_command(line)).collect();
    let issues = report.problems.len() + report.findings.len() - notes;
    assert_eq!((commands.len(), lines.len()), (issues + 1, issues + 1 + notes + 1));
    for (name, properties, _) in &commands[..issues] {
        assert_eq!(name, "task.logissue", "no text is a command of its own");
        let keys: BTreeSet<&str> = properties.keys().map(String::as_str).collect();
        assert!(keys.is_superset(&["type", "sourcepath", "code"].into()), "{keys:?}");
    }
    for line in &lines {
        assert!(line.starts_with("##vso[task.") || !spells_azure_command(line), "{line}");
        // Behind the first bracket there is none that would close another command.
        assert!(!line.starts_with("##vso[") || line.matches(']').count() == 1, "{line}");
    }
    let findings: Vec<&Masked> = highest_first(&report).into_iter().filter(|f| !is_note(f)).collect();
    for (finding, (_, properties, data)) in findings.iter().zip(&commands[report.problems.len()..]) {
        assert_eq!(properties["type"], finding.severity.name());
        assert_eq!(properties["sourcepath"], finding.location.place.file.path);
        assert_eq!(properties["code"], finding.rule);
        if finding.location.place.file.member.is_none() {
            assert_eq!(properties["linenumber"], finding.location.place.start.line.to_string());
            assert_eq!(properties["columnnumber"], finding.location.place.start.column.to_string());
        }
        if is_plain(&finding.message) && finding.location.element.len() == 2 && finding.related.is_empty() {
            let help = finding.help.iter().map(|help| format!(" {}", sentence(help))).collect::<String>();
            let element = finding.location.element.join(" › ");
            assert_eq!(*data, format!("{element}: {}{help}", sentence(&finding.message)));
        }
    }
    assert_eq!(*lines.last().unwrap(), "##vso[task.complete result=Failed;]");
}

#[test]
fn azure_completes_as_the_run_does() {
    let result = |failed: bool, severities: &[Severity]| {
        let mut report = of_severities(severities.iter().copied());
        report.failed = failed;
        let text = written(&report, "azure");
        text.lines().last().unwrap().replace("##vso[task.complete result=", "").replace(";]", "")
    };
    assert_eq!(result(true, &[Severity::Warning]), "Failed");
    assert_eq!(result(false, &[Severity::Error]), "SucceededWithIssues");
    assert_eq!(result(false, &[Severity::Note, Severity::Warning]), "SucceededWithIssues");
    assert_eq!(result(false, &[Severity::Note]), "Succeeded");
    assert_eq!(result(false, &[]), "Succeeded");
}

#[test]
fn gitlab_gets_the_properties_that_it_documents() {
    let report = hard();
    let text = written(&report, "gitlab");
    assert!(text.starts_with('['), "no byte order mark");
    let violations: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(violations.len(), report.findings.len() + report.problems.len());
    let mut fingerprints = BTreeSet::new();
    for violation in &violations {
        for key in ["description", "check_name", "fingerprint", "severity"] {
            assert!(violation[key].as_str().is_some_and(|text| !text.is_empty()), "{key}: {violation}");
        }
        assert!(["info", "major", "critical", "blocker"].contains(&violation["severity"].as_str().unwrap()));
        assert!(violation["location"]["path"].as_str().is_some_and(|path| !path.is_empty()));
        assert!(violation["location"]["lines"]["begin"].as_u64().is_some_and(|line| line >= 1));
        assert!(fingerprints.insert(violation["fingerprint"].as_str().unwrap()), "{violation}");
    }
    let problems = violations.iter().take_while(|violation| violation["severity"] == "blocker").count();
    assert_eq!(problems, report.problems.len());
    for (violation, finding) in violations[problems..].iter().zip(&report.findings) {
        assert_eq!(violation["check_name"], finding.rule);
        assert_eq!(violation["location"]["path"], finding.location.place.file.path);
        let severity = match finding.severity {
            Severity::Error => "critical",
            Severity::Warning => "major",
            Severity::Note => "info",
        };
        assert_eq!(violation["severity"], severity);
    }
}

#[test]
fn junit_is_xml_that_jenkins_takes() {
    let report = hard();
    let text = written(&report, "junit");
    let document = roxmltree::Document::parse(&text).unwrap();
    // Attributes that the schema of Jenkins' xUnit plugin has: those that must be there first.
    let allowed: BTreeMap<&str, (&[&str], &[&str])> = BTreeMap::from([
        ("testsuites", (&[][..], &["name", "tests", "failures", "errors"][..])),
        ("testsuite", (&["name", "tests", "failures", "errors"][..], &["skipped"][..])),
        ("testcase", (&["name"][..], &["classname"][..])),
        ("failure", (&[][..], &["type", "message"][..])),
        ("error", (&[][..], &["type", "message"][..])),
        ("skipped", (&[][..], &["type", "message"][..])),
    ]);
    let inside = [("testsuites", "testsuite"), ("testsuite", "testcase")];
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let (required, optional) = allowed[node.tag_name().name()];
        let names: BTreeSet<&str> = node.attributes().map(|attribute| attribute.name()).collect();
        assert!(required.iter().all(|name| names.contains(name)), "{node:?}");
        assert!(names.iter().all(|name| required.contains(name) || optional.contains(name)), "{node:?}");
        if let Some((_, child)) = inside.iter().find(|(parent, _)| node.has_tag_name(*parent)) {
            assert!(node.children().filter(|c| c.is_element()).all(|c| c.has_tag_name(*child)), "{node:?}");
        }
    }
    let number =
        |node: roxmltree::Node<'_, '_>, name| node.attribute(name).unwrap().parse::<usize>().unwrap();
    let count =
        |node: roxmltree::Node<'_, '_>, name| node.descendants().filter(|n| n.has_tag_name(name)).count();
    for suite in document.descendants().filter(|node| node.has_tag_name("testsuite")) {
        for (attribute, element) in
            [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]
        {
            assert_eq!(number(suite, attribute), count(suite, element), "{attribute}");
        }
        let cases = suite.children().filter(roxmltree::Node::is_element);
        let names: Vec<_> = cases.map(|case| (case.attribute("classname"), case.attribute("name"))).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "a test is known by its name");
    }
    let root = document.root_element();
    let notes = report.count(Severity::Note);
    assert_eq!(count(root, "skipped"), notes);
    assert_eq!(count(root, "failure"), report.findings.len() - notes);
    assert_eq!(count(root, "error"), report.problems.len());
    let clean =
        document.descendants().find(|node| node.attribute("classname") == Some("Clean <flow>")).unwrap();
    assert_eq!(clean.children().count(), 0, "a flow without findings has passed");
    let messages: Vec<&str> = document.descendants().filter_map(|node| node.attribute("message")).collect();
    for text in texts().iter().filter(|text| is_plain(text)) {
        assert!(messages.contains(&text.as_str()), "{text}");
    }
}

/// What a comment becomes: links, tags of HTML, and text outside of code.
fn rendered(markdown: &str) -> (Vec<String>, Vec<String>, String) {
    let (mut links, mut tags, mut text) = (Vec::new(), Vec::new(), String::new());
    let mut headings = 0;
    let options = Options::all().difference(Options::ENABLE_SMART_PUNCTUATION);
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                links.push(dest_url.to_string());
            }
            Event::Start(Tag::Heading { .. }) => headings += 1,
            Event::Html(html) | Event::InlineHtml(html) => {
                tags.extend(html.split_inclusive('>').map(|tag| tag.trim().to_owned()));
            }
            Event::Text(own) => text.push_str(&own),
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) => {
                panic!("{event:?}");
            }
            Event::Start(Tag::Emphasis | Tag::Strikethrough | Tag::CodeBlock(_) | Tag::BlockQuote(_)) => {
                panic!("{event:?}");
            }
            _ => {}
        }
    }
    assert_eq!(headings, 1);
    (links, tags, text)
}

#[test]
fn markdown_makes_nothing_of_the_texts_of_others() {
    let mut report = hard();
    // Without the long one, all find room.
    report.findings.retain(|finding| finding.message.len() < 1_000);
    let markdown = written(&report, "markdown");
    let (links, tags, text) = rendered(&markdown);
    let pages = "https://github.com/flowvet/flowvet/blob/main/rules/";
    assert!(links.iter().all(|link| link.starts_with(pages)), "{links:?}");
    assert!(!links.is_empty() && links.iter().all(|link| !link.contains("own-rule")), "{links:?}");
    let own = [
        "<!-- flowvet -->",
        "<details open>",
        "<details>",
        "</details>",
        "<summary>",
        "</summary>",
        "<br>",
        "",
    ];
    for tag in &tags {
        let is_title = tag.ends_with("</summary>") && tag.starts_with(|c: char| c.is_ascii_digit());
        assert!(own.contains(&tag.as_str()) || is_title, "{tag}");
    }
    // A service looks at the text that is left: none of it is a mention, an issue, an address or a picture.
    for live in [
        "@octocat",
        "@org",
        "a@contoso",
        "#12",
        "repo#3",
        "GH-12",
        "!4",
        ":smile:",
        "https://",
        "www.contoso",
    ] {
        assert!(!text.contains(live), "{live}");
    }
    // It reads as it was written.
    let read = text.replace('\u{200b}', "");
    for own in report.findings.iter().filter(|finding| is_plain(&finding.message)) {
        assert!(read.contains(sentence(&own.message).trim()), "{}", own.message);
    }
}

#[test]
fn markdown_has_an_end_and_says_what_is_beyond() {
    for report in [hard(), many(10_000)] {
        let markdown = written(&report, "markdown");
        let length = markdown.encode_utf16().count();
        assert!(length <= 65_000, "{length}");
        let listed = markdown.lines().filter(|line| line.starts_with("- **")).count();
        let left = markdown
            .lines()
            .find_map(|line| line.strip_prefix("Left out here, because a comment has an end: "));
        let numbers = left.unwrap_or_default().split(|c: char| !c.is_ascii_digit());
        let left: usize = numbers.filter_map(|number| number.parse::<usize>().ok()).sum();
        assert_eq!(listed + left, report.findings.len());
        let (_, tags, _) = rendered(&markdown);
        let count = |tag: &str| tags.iter().filter(|own| own.starts_with(tag)).count();
        assert_eq!(count("<details"), count("</details>"));
    }
    let markdown = written(&many(10_000), "markdown");
    assert!(markdown.contains("3333 warnings") && markdown.contains("… and "), "the table has an end, too");
    assert!(!markdown.contains("**: No 1."), "a warning must not stand where an error found no room");
}

#[test]
fn ten_thousand_findings_take_ten_times_as_long_as_a_thousand() {
    let took = |report: &Report, format: &str| {
        let before = Instant::now();
        assert!(!written(report, format).is_empty());
        before.elapsed()
    };
    let (few, all) = (many(1_000), many(10_000));
    for format in FORMATS {
        let (one, ten) = (took(&few, format), took(&all, format));
        // If it were the square, it would be a hundred times.
        assert!(ten < one * 40 + Duration::from_millis(500), "{format}: {one:?}, {ten:?}");
    }
}

#[test]
fn azure_says_what_the_exit_code_says() {
    let sandbox = Sandbox::new();
    let files = [clean_flow(), flow_with_note(), flow_with_warning(), flow_with_error(), broken_flow()];
    for (at, text) in files.iter().enumerate() {
        let file = format!("{at}.json");
        sandbox.write(&file, text);
        for fail_on in ["never", "note", "warning", "error"] {
            let done = sandbox.check(&["--fail-on", fail_on, &file]);
            let azure =
                ["check", "--select", "empty-container,unknown-function,oversized-flow", "--format", "azure"];
            let azure =
                sandbox.run(&[azure.as_slice(), &["--fail-on", fail_on, &file]].concat()).expect(done.code);
            assert_eq!(azure.out.contains("result=Failed;"), azure.code != 0, "{}", azure.out);
        }
    }
}

#[test]
fn every_format_can_go_to_a_file() {
    let sandbox = Sandbox::new();
    sandbox.write("flow.json", flow_with_error());
    let files: Vec<String> = FORMATS.iter().map(|format| format!("{format}=out.{format}")).collect();
    let mut arguments = vec!["check", "flow.json", "--no-config"];
    arguments.extend(files.iter().flat_map(|file| ["--format", file]));
    let done = sandbox.run(&arguments).expect(1);
    assert_eq!(done.out, "");
    for format in FORMATS {
        let alone = sandbox.run(&["check", "flow.json", "--no-config", "--format", format]).expect(1);
        assert_eq!(sandbox.read(&format!("out.{format}")), alone.out, "{format}");
    }
}
