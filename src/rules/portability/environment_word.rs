//! Names of environments that are written into a flow: dev, test, uat, prod.

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::literal_group::{Groups, environment_variable_help};
use super::string_usage::{StringUsage, last_key, names_in_use, role};
use crate::expr::{Call, Reads, TextRange};
use crate::flow::{ActionType, Element, ExpressionSite, FlowAnalysis, Place, Text};
use crate::json::Node;
use crate::linter::{CodedRule, Interest, OptionError, RuleContext};
use crate::text::Span;

/// Parameters that hold names of tables and columns.
const SCHEMA: [&str; 6] = ["entityname", "table", "select", "orderby", "expand", "filteringattributes"];

/// As many characters a value has that is a name or an address; more are data.
const LONGEST: usize = 200;

/// A word at its place.
struct Hit {
    word: String,
    span: Span,
    kept: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct EnvironmentWord {
    words: Vec<String>,
}

impl CodedRule for EnvironmentWord {
    type Options = Self;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(options: Self) -> Result<Self, OptionError> {
        Ok(Self { words: options.words.iter().map(|word| word.to_lowercase()).collect() })
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let mut hits = Vec::new();
        for site in &flow.sites {
            if word_in(site.text, &self.words).is_some() {
                find(flow, site, &self.words, &mut hits);
            }
        }
        // What a Switch compares with is never computed, and so no site.
        for switch in flow.actions.iter().filter(|action| action.ty == ActionType::Switch) {
            for case in switch.node.get("cases").into_iter().flat_map(Node::members) {
                let Some(value) = case.value.get("case") else { continue };
                if let Some(word) = value.as_str().and_then(|text| word_in(text, &self.words)) {
                    hits.push(Hit { word: word.0, span: value.span, kept: None });
                }
            }
        }
        if hits.iter().any(|hit| hit.kept.is_some()) {
            let used = names_in_use(flow);
            hits.retain(|hit| hit.kept.as_ref().is_none_or(|name| used.contains(name)));
        }
        // One report for a word: the cure is one variable, however often it is used.
        let mut words = Groups::default();
        for hit in &hits {
            words.add(&hit.word, hit.span);
        }
        let mut words: Vec<(String, Vec<Span>)> = words.into_sorted().collect();
        words.sort_by_key(|(_, places)| places[0]);
        for (word, places) in words {
            let message = format!(
                "'{word}' is written into the flow: if it names an environment, it stays '{word}' in every other one too"
            );
            let draft = cx.report(places[0], message);
            draft.grouped().help(environment_variable_help(flow, "the name of the environment", ""));
            for place in &places[1..] {
                draft.related(*place, "the same word");
            }
        }
    }
}

fn find<'a>(flow: &FlowAnalysis<'a>, site: &ExpressionSite<'a>, names: &[String], hits: &mut Vec<Hit>) {
    let role = role(flow, site);
    let kept = match &role {
        StringUsage::Other => return,
        StringUsage::Kept(name) => Some(name),
        _ => None,
    };
    if site.place == Place::Key || (site.place == Place::Input && is_name_in_the_flow(flow, site)) {
        return;
    }
    let references = references(site);
    site.each_text(&mut |piece| {
        if references.contains(&(piece.at.start, piece.at.end)) {
            return;
        }
        let in_filter =
            role == StringUsage::Condition && site.place == Place::Input && is_plain(&piece, site);
        let found = if in_filter {
            quoted(piece.text).find_map(|range| {
                let (word, at) = word_in(&piece.text[range.clone()], names)?;
                Some((word, at.start + range.start..at.end + range.start))
            })
        } else if role == StringUsage::Condition || is_name(piece.text) {
            word_in(piece.text, names)
        } else {
            None
        };
        let Some((word, range)) = found else { return };
        let at: TextRange = if is_plain(&piece, site) { piece.part(range) } else { piece.at };
        let span = if piece.whole && !in_filter { site.span } else { site.span_of(&flow.source.text, at) };
        hits.push(Hit { word, span, kept: kept.cloned() });
    });
}

/// Whether a string names a table, a column or a variable.
fn is_name_in_the_flow<'a>(flow: &FlowAnalysis<'a>, site: &ExpressionSite<'a>) -> bool {
    let key = last_key(&flow.property_at(site.element, site.span));
    let of_variable = || match site.element {
        Element::Action(id) => {
            let ty = flow.actions[id].ty;
            ty == ActionType::InitializeVariable || ty.writes_variable()
        }
        _ => false,
    };
    SCHEMA.contains(&key.as_str()) || (key == "name" && of_variable())
}

/// Whether a piece is text of the string itself, and no text literal of an expression in it.
fn is_plain(piece: &Text<'_>, site: &ExpressionSite<'_>) -> bool {
    piece.text.len() == piece.at.range().len() && site.text.get(piece.at.range()) == Some(piece.text)
}

/// Where names in the flow stand in the expressions of a string.
fn references(site: &ExpressionSite<'_>) -> FxHashSet<(u32, u32)> {
    let mut places = FxHashSet::default();
    let name = |call: &Call<'_>| {
        let is_name = call.reads() != Reads::Nothing;
        call.arguments.first().filter(|_| is_name).map(|argument| argument.at)
    };
    for expr in site.template.expressions() {
        expr.each_call(&mut |call| places.extend(name(call).map(|at| (at.start, at.end))));
    }
    places
}

/// Whether a text is a name, a key or an address, and no sentence and no data.
fn is_name(text: &str) -> bool {
    text.len() <= LONGEST && !text.trim().contains(char::is_whitespace)
}

/// The parts of a filter that stand in single quotes.
fn quoted(filter: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
    let quotes: Vec<usize> = filter.match_indices('\'').map(|(at, _)| at).collect();
    let pairs: Vec<std::ops::Range<usize>> =
        quotes.chunks_exact(2).map(|pair| pair[0] + 1..pair[1]).collect();
    pairs.into_iter()
}

/// The first of these words in a text, as a word by itself: `prod` in `deploy_to_prod`, `orderProd` and `PROD01`, and
/// not in `product`.
fn word_in(text: &str, names: &[String]) -> Option<(String, std::ops::Range<usize>)> {
    let bytes = text.as_bytes();
    let mut from = 0;
    while from < bytes.len() {
        if !bytes[from].is_ascii_alphabetic() {
            from += 1;
            continue;
        }
        let mut to = from + 1;
        // A capital behind a small letter begins a word.
        while to < bytes.len()
            && bytes[to].is_ascii_alphabetic()
            && !(bytes[to].is_ascii_uppercase() && bytes[to - 1].is_ascii_lowercase())
        {
            to += 1;
        }
        let stands_alone =
            (from == 0 || bytes[from - 1].is_ascii()) && bytes.get(to).is_none_or(u8::is_ascii);
        let word = text[from..to].to_ascii_lowercase();
        if stands_alone && names.contains(&word) {
            return Some((word, from..to));
        }
        from = to;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_told_from_the_beginning_of_another() {
        let names = ["dev".to_owned(), "prod".to_owned()];
        let found = |text| word_in(text, &names).map(|(word, at)| (word, at.start));
        assert_eq!(found("deploy_to_PROD01"), Some(("prod".into(), 10)));
        assert_eq!(found("orderProd"), Some(("prod".into(), 5)));
        assert_eq!(found("https://contoso-dev.crm.dynamics.com"), Some(("dev".into(), 16)));
        for text in ["product", "Device", "ürprod", "prodü", "reproduce", "d-e-v", ""] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
