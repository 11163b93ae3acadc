//! Faults put into real flows, one at a time: each must give exactly the finding that it calls for, at the
//! element and property where it was put, and nothing else new.
//!
//! The flows are those of the corpus, drawn with a seed, a few of each repository; without the corpus, the
//! fixture. The table of faults and hits is printed.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use common::{corpus, files_below, fixture};
use flowvet::expr::{Template, functions};
use flowvet::lint;
use flowvet::linter::{Engine, RuleSet, Selection, embedded_pages};
use flowvet::text::Arena;
use flowvet::text::{Source, decode};
use serde_json::{Map, Value, json};

/// How many flows of one repository are taken.
const A_REPOSITORY: usize = 14;
/// How many mutants of one kind a flow gives at the most.
const OF_A_KIND: usize = 2;

/// What a finding is about: rule, own name of the element, property.
type About = (String, String, String);

/// A flow with one fault, and the findings that it calls for.
struct Mutant {
    kind: &'static str,
    flow: Value,
    expected: Vec<About>,
}

/// A fixed sequence of numbers that look drawn.
struct Seed(u64);

impl Seed {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end.max(1)
    }

    fn draw<T>(&mut self, mut from: Vec<T>, count: usize) -> Vec<T> {
        let mut drawn = Vec::new();
        while drawn.len() < count && !from.is_empty() {
            drawn.push(from.remove(self.below(from.len())));
        }
        drawn
    }
}

fn flows(seed: &mut Seed) -> Vec<Value> {
    let mut files = files_below(&fixture("order-processing/after/Workflows"), ".json");
    if let Some(corpus) = corpus() {
        let mut repositories: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
        for file in files_below(&corpus, ".json") {
            let path = file.to_string_lossy().replace('\\', "/");
            let is_flow = path.contains("/Workflows/") || path.ends_with("/definition.json");
            if is_flow && !path.contains("StressTest") {
                let repository = file.strip_prefix(&corpus).unwrap().components().next().unwrap();
                repositories.entry(repository.as_os_str().into()).or_default().push(file);
            }
        }
        for (_, flows) in repositories {
            files.extend(seed.draw(flows, A_REPOSITORY));
        }
    }
    let read = |file: &PathBuf| serde_json::from_str(&decode(fs::read(file).unwrap()).unwrap().0).ok();
    files
        .iter()
        .filter_map(read)
        .filter(|flow: &Value| flow["properties"]["definition"]["actions"].is_object())
        .collect()
}

/// A way to an action: keys from the definition's `actions` down.
type Way = Vec<String>;

/// Every action: its way and its own name.
fn actions(flow: &Value) -> Vec<Way> {
    fn below(list: &Value, way: &Way, out: &mut Vec<Way>) {
        for (name, action) in list.as_object().into_iter().flatten() {
            let way: Way = way.iter().cloned().chain([name.clone()]).collect();
            out.push(way.clone());
            let with = |more: &[&str]| {
                way.iter().cloned().chain(more.iter().map(|key| (*key).to_owned())).collect::<Way>()
            };
            below(&action["actions"], &with(&["actions"]), out);
            below(&action["else"]["actions"], &with(&["else", "actions"]), out);
            below(&action["default"]["actions"], &with(&["default", "actions"]), out);
            for (case, inner) in action["cases"].as_object().into_iter().flatten() {
                below(&inner["actions"], &with(&["cases", case, "actions"]), out);
            }
        }
    }
    let mut out = Vec::new();
    below(&flow["properties"]["definition"]["actions"], &Vec::new(), &mut out);
    out
}

fn at<'f>(flow: &'f mut Value, way: &[String]) -> &'f mut Value {
    way.iter().fold(&mut flow["properties"]["definition"]["actions"], |node, key| &mut node[key])
}

fn get<'f>(flow: &'f Value, way: &[String]) -> &'f Value {
    way.iter().fold(&flow["properties"]["definition"]["actions"], |node, key| &node[key])
}

fn own(way: &Way) -> String {
    way.last().unwrap().clone()
}

/// Every evaluated string of an action's own `inputs`, with its JSON pointer from the action.
fn strings(action: &Value) -> Vec<(String, String)> {
    fn below(node: &Value, pointer: &str, out: &mut Vec<(String, String)>) {
        match node {
            Value::String(text) => out.push((pointer.to_owned(), text.clone())),
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(n, item)| below(item, &format!("{pointer}/{n}"), out))
            }
            Value::Object(members) => {
                for (key, value) in members {
                    if pointer != "/inputs" || (key != "schema" && key != "headersSchema") {
                        below(
                            value,
                            &format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")),
                            out,
                        );
                    }
                }
            }
            _ => {}
        }
    }
    let mut out = Vec::new();
    below(&action["inputs"], "/inputs", &mut out);
    out
}

/// Calls in the flow's strings: the way of the action, the pointer, the text, and each call's name, place
/// of the name, number of arguments, and first argument's text.
struct Called {
    way: Way,
    pointer: String,
    text: String,
    name: String,
    name_at: std::ops::Range<usize>,
    end: usize,
    arguments: Vec<std::ops::Range<usize>>,
    target: Option<String>,
}

fn calls(flow: &Value) -> Vec<Called> {
    let mut out = Vec::new();
    for way in actions(flow) {
        for (pointer, text) in strings(get(flow, &way)) {
            let arena = Arena::new();
            let template = Template::read(&text, &arena);
            for expr in template.expressions() {
                expr.each_call(&mut |call| {
                    out.push(Called {
                        way: way.clone(),
                        pointer: pointer.clone(),
                        text: text.clone(),
                        name: call.name.to_owned(),
                        name_at: call.name_at.range(),
                        end: expr.at.range().end,
                        arguments: call.arguments.iter().map(|argument| argument.at.range()).collect(),
                        target: call
                            .arguments
                            .first()
                            .and_then(|argument| argument.as_text().map(str::to_owned)),
                    });
                });
            }
        }
    }
    out
}

/// The flow with one string of an action replaced.
fn with_string(flow: &Value, way: &Way, pointer: &str, text: &str) -> Value {
    let mut flow = flow.clone();
    *at(&mut flow, way).pointer_mut(pointer).unwrap() = Value::String(text.to_owned());
    flow
}

fn replaced(text: &str, range: std::ops::Range<usize>, with: &str) -> String {
    format!("{}{with}{}", &text[..range.start], &text[range.end..])
}

fn about(rule: &str, way: &Way, pointer: &str) -> About {
    (rule.to_owned(), own(way), pointer.to_owned())
}

/// A fault in an expression: which calls it can be put into, and what becomes of the string.
fn in_expressions(flow: &Value, seed: &mut Seed, out: &mut Vec<Mutant>) {
    let all = calls(flow);
    let readers = ["outputs", "body"];
    type Mutate = fn(&Called) -> Option<String>;
    let picks: [(&'static str, &'static str, Mutate); 4] = [
        ("rename a referenced action", "unknown-action-reference", |call| {
            let argument = call.arguments.first()?.clone();
            let target = call.target.as_ref()?;
            Some(replaced(&call.text, argument, &format!("'{}_gone'", target.replace('\'', "''"))))
        }),
        ("misspell a function", "unknown-function", |call| {
            Some(replaced(&call.text, call.name_at.clone(), &format!("{}q", call.name)))
        }),
        ("drop an argument", "wrong-argument-count", |call| {
            let function = functions().find(&call.name)?;
            let last = call.arguments.last()?.clone();
            let from = call.arguments.len().checked_sub(2).map(|at| call.arguments[at].end)?;
            (function.arity.least == call.arguments.len()).then(|| replaced(&call.text, from..last.end, ""))
        }),
        ("leave a parenthesis open", "invalid-expression", |call| {
            let is_last = call.text[..call.end].ends_with(')');
            is_last.then(|| replaced(&call.text, call.end - 1..call.end, ""))
        }),
    ];
    for (kind, rule, mutate) in picks {
        let wanted = |call: &&Called| match rule {
            "unknown-action-reference" => {
                readers.iter().any(|reader| reader.eq_ignore_ascii_case(&call.name))
                    && call.arguments.len() == 1
            }
            // An unread call hides the references in it: only calls that hold none.
            "invalid-expression" => call.text.matches('(').count() == 1,
            _ => true,
        };
        let able: Vec<(&Called, String)> =
            all.iter().filter(wanted).filter_map(|call| Some((call, mutate(call)?))).collect();
        for (call, text) in seed.draw(able, OF_A_KIND) {
            out.push(Mutant {
                kind,
                flow: with_string(flow, &call.way, &call.pointer, &text),
                expected: vec![about(rule, &call.way, &call.pointer)],
            });
        }
    }
}

/// The keys of an action's `runAfter`.
fn after(action: &Value) -> Vec<String> {
    action["runAfter"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

fn in_run_order(flow: &Value, seed: &mut Seed, out: &mut Vec<Mutant>) {
    let waiting: Vec<(Way, String)> = actions(flow)
        .into_iter()
        .filter_map(|way| {
            let names = after(get(flow, &way));
            (names.len() == 1).then(|| (way, names[0].clone()))
        })
        .collect();
    let pointer = |name: &str| format!("/runAfter/{}", name.replace('~', "~0").replace('/', "~1"));
    for (way, name) in seed.draw(waiting.clone(), OF_A_KIND) {
        let mut mutant = flow.clone();
        let statuses = get(flow, &way)["runAfter"][&name].clone();
        at(&mut mutant, &way)["runAfter"] = json!({format!("{name}_gone"): statuses});
        let expected = vec![about("unknown-run-after", &way, &pointer(&format!("{name}_gone")))];
        out.push(Mutant { kind: "rename a runAfter", flow: mutant, expected });
    }
    for (way, name) in seed.draw(waiting.clone(), OF_A_KIND) {
        let mut mutant = flow.clone();
        at(&mut mutant, &way)["runAfter"][&name] = json!(["Succeded"]);
        let expected = vec![about("invalid-run-after-status", &way, &format!("{}/0", pointer(&name)))];
        out.push(Mutant { kind: "misspell a status", flow: mutant, expected });
    }
    let text = flow.to_string();
    let unread: Vec<(Way, String)> = waiting
        .into_iter()
        // Only a pair that nobody else waits for and nothing reads: the ring then makes no other fault.
        .filter(|(way, name)| {
            let mut before = way.clone();
            *before.last_mut().unwrap() = name.clone();
            get(flow, &before).is_object()
                && text.matches(&format!("'{}'", own(way))).count() == 0
                && text.matches(&format!("'{name}'")).count() == 0
                && text.matches(&format!("\"{}\":[", own(way))).count() == 0
                && text.matches(&format!("\"{name}\":[")).count() == 1
        })
        .collect();
    for (way, name) in seed.draw(unread, OF_A_KIND) {
        let mut before = way.clone();
        *before.last_mut().unwrap() = name.clone();
        let mut mutant = flow.clone();
        // Both wait for each other, and for what they waited for before.
        at(&mut mutant, &before)["runAfter"][own(&way)] = json!(["Succeeded"]);
        out.push(Mutant {
            kind: "cross two runAfters",
            flow: mutant,
            expected: vec![("run-after-cycle".to_owned(), String::new(), String::new())],
        });
    }
}

/// Pairs of neighbours, the second of which alone reads the first, change places.
fn in_order(flow: &Value, seed: &mut Seed, out: &mut Vec<Mutant>) {
    let text = flow.to_string();
    let reads: Vec<Called> = calls(flow)
        .into_iter()
        .filter(|call| ["outputs", "body"].iter().any(|reader| reader.eq_ignore_ascii_case(&call.name)))
        .collect();
    let pairs: Vec<(Way, Way, Vec<About>)> = actions(flow)
        .into_iter()
        .filter_map(|second| {
            let names = after(get(flow, &second));
            let [name] = names.as_slice() else { return None };
            let mut first = second.clone();
            *first.last_mut().unwrap() = name.clone();
            // Nobody else waits for it, and every mention of it is a read by the second or what it holds.
            let mine: Vec<&Called> = reads.iter().filter(|call| call.target.as_ref() == Some(name)).collect();
            let all_mine = mine.iter().all(|call| call.way.starts_with(&second));
            let alone = text.matches(&format!("\"{name}\":[")).count() == 1
                && text.matches(&format!("'{name}'")).count() == mine.len();
            let movable = get(flow, &first)["type"] != "InitializeVariable";
            let expected =
                mine.iter().map(|call| about("action-reference-too-early", &call.way, &call.pointer));
            let expected: Vec<About> = expected.collect();
            (get(flow, &first).is_object() && all_mine && alone && movable && !mine.is_empty())
                .then_some((first, second, expected))
        })
        .collect();
    for (first, second, expected) in seed.draw(pairs, OF_A_KIND) {
        let mut mutant = flow.clone();
        at(&mut mutant, &second)["runAfter"] = get(flow, &first)["runAfter"].clone();
        at(&mut mutant, &first)["runAfter"] = json!({own(&second): ["Succeeded"]});
        out.push(Mutant { kind: "move an action behind its reader", flow: mutant, expected });
    }
}

/// The only initialization of a variable goes; what waited for it waits for what it waited for.
fn in_initializations(flow: &Value, seed: &mut Seed, out: &mut Vec<Mutant>) {
    let text = flow.to_string();
    let reads: Vec<Called> =
        calls(flow).into_iter().filter(|call| call.name.eq_ignore_ascii_case("variables")).collect();
    let droppable: Vec<(Way, Vec<About>)> = actions(flow)
        .into_iter()
        .filter_map(|way| {
            let action = get(flow, &way);
            let list = action["inputs"]["variables"].as_array()?;
            let [variable] = list.as_slice() else { return None };
            let name = variable["name"].as_str()?;
            let read = |call: &&Called| call.target.as_ref().is_some_and(|t| t.eq_ignore_ascii_case(name));
            let mut expected: Vec<About> = reads
                .iter()
                .filter(read)
                .map(|call| about("unknown-variable", &call.way, &call.pointer))
                .collect();
            for other in actions(flow) {
                let other_action = get(flow, &other);
                let writes =
                    other_action["inputs"]["name"].as_str().is_some_and(|n| n.eq_ignore_ascii_case(name));
                let ty = other_action["type"].as_str().unwrap_or_default();
                if writes && ty.ends_with("Variable") {
                    expected.push(about("unknown-variable", &other, "/inputs/name"));
                }
            }
            // Reads that stand elsewhere than in inputs are not counted here.
            let mentions =
                text.to_lowercase().matches(&format!("variables('{}')", name.to_lowercase())).count();
            let counted = reads.iter().filter(read).count();
            (way.len() == 1 && mentions == counted && !expected.is_empty()).then_some((way, expected))
        })
        .collect();
    for (way, expected) in seed.draw(droppable, OF_A_KIND) {
        let mut mutant = flow.clone();
        let list = mutant["properties"]["definition"]["actions"].as_object_mut().unwrap();
        let dropped = list.remove(&way[0]).unwrap();
        for (_, other) in list.iter_mut() {
            if let Some(entries) = other["runAfter"].as_object_mut()
                && entries.remove(&way[0]).is_some()
            {
                for (name, statuses) in dropped["runAfter"].as_object().into_iter().flatten() {
                    entries.entry(name.clone()).or_insert(statuses.clone());
                }
            }
        }
        out.push(Mutant { kind: "drop an initialization", flow: mutant, expected });
    }
}

fn in_structure(flow: &Value, seed: &mut Seed, out: &mut Vec<Mutant>) {
    let all = actions(flow);
    let of_type =
        |ty: &str| all.iter().filter(|way| get(flow, way)["type"] == ty).cloned().collect::<Vec<Way>>();
    // A Response where nobody waits for one would be a second fault.
    let triggers = flow["properties"]["definition"]["triggers"].as_object();
    let asked = triggers.into_iter().flatten().any(|(_, t)| t["type"] == "Request" && t["kind"] == "Http");
    for way in seed.draw(of_type("Foreach"), OF_A_KIND) {
        let end = json!({"type": "Terminate", "inputs": {"runStatus": "Cancelled"}});
        let answer = json!({"type": "Response", "kind": "Http", "inputs": {"statusCode": 418}});
        let mut faults = vec![("end the run in a loop", "terminate-in-loop", end)];
        if asked {
            faults.push(("answer in a loop", "response-in-loop", answer));
        }
        for (kind, rule, action) in faults {
            let mut mutant = flow.clone();
            let inner = at(&mut mutant, &way)["actions"].as_object_mut();
            let Some(inner) = inner else { continue };
            inner.insert("Put_in_on_purpose".into(), action);
            let expected = vec![(rule.to_owned(), "Put_in_on_purpose".to_owned(), String::new())];
            out.push(Mutant { kind, flow: mutant, expected });
        }
    }
    for way in seed.draw(of_type("Until"), OF_A_KIND) {
        if get(flow, &way)["limit"].is_object() {
            let mut mutant = flow.clone();
            at(&mut mutant, &way).as_object_mut().unwrap().remove("limit");
            out.push(Mutant {
                kind: "drop the limit of a loop",
                flow: mutant,
                expected: vec![about("until-without-limit-object", &way, "")],
            });
        }
    }
    for way in seed.draw(of_type("Switch"), OF_A_KIND) {
        let mut mutant = flow.clone();
        at(&mut mutant, &way)["expression"] = json!("New");
        let expected = vec![about("switch-without-expression", &way, "/expression")];
        out.push(Mutant { kind: "switch on a literal", flow: mutant, expected });
    }
    // A name twice: a nested action that nothing mentions takes the name of a top-level one.
    let text = flow.to_string();
    let unmentioned: Vec<Way> = all
        .iter()
        .filter(|way| way.len() > 2 && text.matches(&format!("\"{}\"", own(way))).count() == 1)
        .filter(|way| text.matches(&format!("'{}'", own(way))).count() == 0)
        .cloned()
        .collect();
    let top: Vec<Way> = all.iter().filter(|way| way.len() == 1).cloned().collect();
    for way in seed.draw(unmentioned, OF_A_KIND) {
        let Some(other) = seed.draw(top.clone(), 1).pop().filter(|other| other[0] != way[0]) else {
            continue;
        };
        let mut mutant = flow.clone();
        let (name, list) = way.split_last().unwrap();
        let list: &mut Map<String, Value> = at(&mut mutant, list).as_object_mut().unwrap();
        let action = list.remove(name).unwrap();
        list.insert(other[0].to_uppercase(), action);
        out.push(Mutant {
            kind: "give a name twice",
            flow: mutant,
            expected: vec![("duplicate-action-name".to_owned(), "*".to_owned(), String::new())],
        });
    }
}

fn in_variables(flow: &Value, seed: &mut Seed, out: &mut Vec<Mutant>) {
    let reads: Vec<Called> =
        calls(flow).into_iter().filter(|call| call.name.eq_ignore_ascii_case("variables")).collect();
    let able: Vec<(&Called, String)> = reads
        .iter()
        .filter_map(|call| {
            let name = call.target.as_ref()?;
            Some((call, replaced(&call.text, call.arguments[0].clone(), &format!("'{name}_gone'"))))
        })
        .collect();
    for (call, text) in seed.draw(able, OF_A_KIND) {
        let flow = with_string(flow, &call.way, &call.pointer, &text);
        let expected = vec![about("unknown-variable", &call.way, &call.pointer)];
        out.push(Mutant { kind: "read a variable that is not there", flow, expected });
    }
    let writes: Vec<Way> = actions(flow)
        .into_iter()
        .filter(|way| get(flow, way)["type"] == "SetVariable" && get(flow, way)["inputs"]["name"].is_string())
        .collect();
    for way in seed.draw(writes.clone(), OF_A_KIND) {
        let name = get(flow, &way)["inputs"]["name"].as_str().unwrap().to_owned();
        let mut mutant = flow.clone();
        at(&mut mutant, &way)["inputs"]["value"] = json!(format!("@variables('{name}')"));
        let expected = vec![about("variable-self-assignment", &way, "/inputs/value")];
        out.push(Mutant { kind: "set a variable to itself", flow: mutant, expected });
    }
    // Initialized below the top level: the first action of a scope becomes an initialization.
    let scopes: Vec<Way> = actions(flow)
        .into_iter()
        .filter(|way| get(flow, way)["type"] == "Scope" && get(flow, way)["actions"].is_object())
        .collect();
    for way in seed.draw(scopes, 1) {
        let mut mutant = flow.clone();
        let variable = json!({"name": "putInOnPurpose", "type": "string", "value": "x"});
        let action =
            json!({"type": "InitializeVariable", "inputs": {"variables": [variable]}, "runAfter": {}});
        at(&mut mutant, &way)["actions"].as_object_mut().unwrap().insert("Put_in_on_purpose".into(), action);
        let expected = vec![(
            "nested-variable-initialization".to_owned(),
            "Put_in_on_purpose".to_owned(),
            "*".to_owned(),
        )];
        out.push(Mutant { kind: "initialize inside a scope", flow: mutant, expected });
    }
}

/// Findings by what they are about, counted; rules about style and size do not count.
fn found(engine: &Engine, flow: &Value) -> BTreeMap<About, usize> {
    let mut found = BTreeMap::new();
    for finding in lint(vec![Source::new("Workflows/Mutant.json", flow.to_string())], engine).findings {
        let name = finding.location.element.last().cloned().unwrap_or_default();
        *found.entry((finding.rule.clone(), name, finding.location.property.clone())).or_default() += 1;
    }
    found
}

/// Whether a finding is the expected one; `*` and an empty rule-wide place stand for any.
fn matches(expected: &About, found: &About) -> bool {
    let fits = |wanted: &str, is: &str| wanted == "*" || wanted == is;
    let anywhere = expected.1.is_empty() && expected.2.is_empty();
    expected.0 == found.0 && (anywhere || (fits(&expected.1, &found.1) && fits(&expected.2, &found.2)))
}

#[test]
#[allow(clippy::print_stderr, reason = "the table is what the test is read for")]
fn each_fault_gives_its_finding_and_nothing_else_new() {
    let pages: Vec<_> = embedded_pages().into_iter().filter(|page| page.category == "correctness").collect();
    let known: Vec<String> = pages.iter().map(|page| page.id.to_string()).collect();
    let engine = Engine::new(RuleSet::new(pages, &flowvet::rules::coded(), &Selection::default()).unwrap());
    let mut seed = Seed(20_261_122);
    let flows = flows(&mut seed);
    let mut table: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut misses = String::new();
    for flow in &flows {
        let before = found(&engine, flow);
        let mut mutants = Vec::new();
        in_expressions(flow, &mut seed, &mut mutants);
        in_run_order(flow, &mut seed, &mut mutants);
        in_order(flow, &mut seed, &mut mutants);
        in_initializations(flow, &mut seed, &mut mutants);
        in_structure(flow, &mut seed, &mut mutants);
        in_variables(flow, &mut seed, &mut mutants);
        for mutant in mutants.into_iter().filter(|mutant| known.contains(&mutant.expected[0].0)) {
            let mut new = Vec::new();
            for (about, count) in found(&engine, &mutant.flow) {
                let old = before.get(&about).copied().unwrap_or(0);
                new.extend(std::iter::repeat_n(about, usize::saturating_sub(count, old)));
            }
            let hit = new.len() == mutant.expected.len()
                && mutant.expected.iter().all(|expected| new.iter().any(|found| matches(expected, found)));
            let row = table.entry(mutant.kind).or_default();
            row.0 += 1;
            row.1 += usize::from(hit);
            if !hit && misses.lines().count() < 40 {
                writeln!(misses, "{}: expected {:?}, got {new:?}", mutant.kind, mutant.expected).unwrap();
            }
        }
    }
    let mut report = format!("{} flows\n{:<36} mutants  as expected\n", flows.len(), "fault");
    let (mut all, mut hits) = (0, 0);
    for (kind, (mutants, hit)) in &table {
        writeln!(report, "{kind:<36} {mutants:>7} {hit:>12}").unwrap();
        all += mutants;
        hits += hit;
    }
    eprintln!("{report}{all} mutants, {hits} as expected\n{misses}");
    assert!(all >= 20, "too few mutants: {all}");
    assert!(hits * 100 >= all * 99, "{hits} of {all} mutants gave exactly the expected finding\n{misses}");
}
