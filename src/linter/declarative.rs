//! Rules without code: a selector that picks parts of a flow, and what must hold for each.

use std::borrow::Cow;

use toml::de::DeTable;

use super::context::RuleContext;
use super::draft::Draft;
use super::message::{Message, Placeholder};
use super::metric::Metric;
use super::options::Options;
use super::reading::{Item, Reader};
use super::related::{Related, RelatedAt};
use super::required::Required;
use super::requirement::{Failure, Outcome, Test, unknown};
use super::rule::{Interest, Rule};
use super::selected::{container_around, is_called};
use super::selector::Selector;
use super::subject::Subject;
use crate::catalog::connectors::Connector;
use crate::expr::Call;
use crate::flow::{Action, ExpressionSite, FlowAnalysis, Operation, Trigger, plain_connector};
use crate::json::Node;
use crate::text::{Span, TextError};

/// A selector, what must hold where it fits, and what to say where it does not hold.
#[derive(Debug)]
pub struct Declarative {
    /// Which parts of a flow are looked at.
    pub on: Vec<On>,
    select: Selector,
    /// What is passed over.
    except: Option<Selector>,
    conditions: Vec<Required>,
    /// Without one, all that is selected is reported.
    require: Option<Required>,
    message: Message,
    help: Option<Message>,
    related: Vec<Related>,
}

/// The parts of a flow that a declarative rule can look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// The definition.
    Flow,
    /// Each trigger.
    Trigger,
    /// Each action.
    Action,
    /// Each connection reference.
    Connection,
    /// Each parameter.
    Parameter,
    /// Each function call.
    Call,
    /// Each plain text: whole strings, and the plain pieces and text literals of expressions.
    Text,
}

impl Declarative {
    /// Reads the `[check]` table of a page, with these values of its options. Paths and patterns are compiled
    /// later; see [`Self::verify`].
    ///
    /// # Errors
    /// The first key that is missing, unknown, or of the wrong kind.
    pub(super) fn read(item: &Item<'_>, options: &Options) -> Result<Self, TextError> {
        let reader = &Reader::new(options);
        let wrong = |message: &str| TextError::new(item.span(), message);
        let table = item.get_ref().as_table().ok_or_else(|| wrong("`check` is a table"))?;
        let text = |key: &str, item| Message::read(key, item, reader, options);
        let mut select = Selector::default();
        let mut on = vec![On::Action];
        let mut conditions = Vec::new();
        let (mut require, mut message, mut help) = (None, None, None);
        let (mut except, mut related) = (None, Vec::new());
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "on" => on = On::read(value, reader)?,
                "where" => {
                    let wrong = || TextError::new(value.span(), "`where` is a list of tables");
                    for condition in value.get_ref().as_array().ok_or_else(wrong)? {
                        conditions.push(Required::read(condition, reader)?);
                    }
                }
                "require" => require = Some(Required::read(value, reader)?),
                "not" => except = Some(Selector::read_negated(value, reader)?),
                "related" => related = Related::read(value, reader, options)?,
                "message" => message = Some(text("message", value)?),
                "help" => help = Some(text("help", value)?),
                key_name if select.read(key_name, value, reader)? => {}
                other => {
                    let known: Vec<&str> = keys().collect();
                    return Err(unknown(other, &known, key.span(), "[check]"));
                }
            }
        }
        let message = message.ok_or_else(|| wrong("`message` is missing in [check]"))?;
        let narrowed = select.is_given() || !conditions.is_empty();
        let read = Self { on, select, except, conditions, require, message, help, related };
        read.fits_together(narrowed, table).map_err(|message| wrong(&message))?;
        match reader.unused() {
            Some(option) => Err(wrong(&format!("nothing in [check] uses the option `{option}`"))),
            None => Ok(read),
        }
    }

    /// Checks that each part of the check has an effect on the others.
    fn fits_together(&self, narrowed: bool, table: &DeTable<'_>) -> Result<(), String> {
        let has = |key: &str| table.iter().any(|(own, _)| own.get_ref().as_ref() == key);
        let alone = |on: &On| matches!(on, On::Call | On::Text);
        if self.on.len() > 1 && self.on.iter().any(alone) {
            return Err("calls and texts have checks of their own: `on` names one of them alone".into());
        }
        let requirements = || self.conditions.iter().chain(&self.require).flat_map(Required::each);
        if self.related.iter().any(|related| matches!(related.at, RelatedAt::Inside))
            && !self.select.asks_for_container()
        {
            return Err("`related` names the container that `inside` fits, and there is no `inside`".into());
        }
        match self.on[0] {
            On::Call if !has("function") => Err("a check on calls names the `function`s".into()),
            On::Call | On::Text if has("not") || has("related") => {
                Err("in checks on calls and texts `not` and `related` have no effect".into())
            }
            On::Call if has("where") || has("require") => {
                Err("in a check on calls `where` and `require` have no effect".into())
            }
            On::Text if has("where") => Err("in a check on texts `where` has no effect".into()),
            On::Text if requirements().any(|requirement| !requirement.places.is_empty()) => {
                Err("in a check on texts `path` has no effect".into())
            }
            On::Text => match self.require.as_ref().and_then(Required::single).map(|require| &require.test) {
                Some(Test::Pattern(_) | Test::NotPattern(_)) => Ok(()),
                _ => Err("a check on texts requires a `pattern` or `not-pattern`".into()),
            },
            On::Call => Ok(()),
            _ if self.require.is_none() && !narrowed => {
                Err("`require` is missing in [check], and nothing narrows it: all would be reported".into())
            }
            _ if requirements().any(|requirement| requirement.places.is_empty()) => {
                Err("a requirement has no `path` and no `metric`".into())
            }
            _ => Ok(()),
        }
    }

    /// Compiles every path and pattern, and checks every word that narrows.
    ///
    /// # Errors
    /// The first one that is wrong.
    pub(super) fn verify(&self) -> Result<(), TextError> {
        self.select.verify(&self.on)?;
        if let Some(except) = &self.except {
            except.verify(&self.on)?;
        }
        let related = self.related.iter().filter_map(|related| match &related.at {
            RelatedAt::Path(path) => Some(path),
            RelatedAt::Inside => None,
        });
        let requirements = self.conditions.iter().chain(&self.require).flat_map(Required::each);
        requirements.chain(related).try_for_each(|requirement| requirement.verify(&self.on))
    }

    /// What triggers and actions have in common.
    fn check_called<'a>(&self, subject: &Subject<'_, 'a>, kind: Option<&str>, cx: &mut RuleContext<'_, 'a>) {
        if is_called(&self.select, subject, kind) {
            self.check(subject, cx);
        }
    }

    fn check<'a>(&self, subject: &Subject<'_, 'a>, cx: &mut RuleContext<'_, 'a>) {
        let holds = |requirement: &Required| matches!(requirement.outcome(subject), Outcome::Holds);
        if !self.conditions.iter().all(holds) {
            return;
        }
        let failure = match self.require.as_ref().map(|require| require.outcome(subject)) {
            Some(Outcome::Holds | Outcome::Unknown) => return,
            Some(Outcome::Fails(failure)) => failure,
            None => Failure::default(),
        };
        let span = failure.culprit.map_or(subject.key_span, |node: &Node<'_>| node.span);
        let told = |what| subject.told(what).to_owned();
        let fill = |text: &Message| text.fill(&told, &failure.value, failure.count);
        let draft = self.report(span, &fill, cx);
        for related in &self.related {
            let message = fill(&related.message);
            match &related.at {
                RelatedAt::Inside => {
                    if let Some(container) = subject.inside {
                        draft.related(container.key_span, message);
                    }
                }
                RelatedAt::Path(path) => {
                    for node in path.nodes(subject.node) {
                        draft.related(node.span, message.clone());
                    }
                }
            }
        }
    }

    fn report<'c>(
        &self,
        span: Span,
        fill: &dyn Fn(&Message) -> String,
        cx: &'c mut RuleContext<'_, '_>,
    ) -> &'c mut Draft {
        let draft = cx.report(span, fill(&self.message));
        if let Some(help) = &self.help {
            draft.help(fill(help));
        }
        draft
    }
}

impl Rule for Declarative {
    fn on(&self) -> Cow<'_, [Interest]> {
        let mut interests = Vec::new();
        for on in &self.on {
            match on {
                // One call serves all that a flow has beside its triggers and actions.
                On::Flow | On::Connection | On::Parameter => interests.push(Interest::Flow),
                On::Trigger => interests.extend(self.select.triggers()),
                On::Action => interests.extend(self.select.actions()),
                On::Call => interests.extend(self.select.calls()),
                On::Text => interests.push(Interest::Text),
            }
        }
        Cow::Owned(interests)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let subject = |name, type_name, key_span, node| Subject {
            name,
            type_name,
            operation: &|| None,
            key_span,
            node,
            inside: None,
            flow: &flow.name,
            description: "",
            measure: &|_| None,
        };
        for on in &self.on {
            match on {
                On::Flow => {
                    let own = flow.definition.get("description").and_then(Node::as_str).unwrap_or_default();
                    let description = if flow.description.is_empty() { own } else { &flow.description };
                    let measure = |metric: Metric| metric.of_flow(flow);
                    let whole = subject(&flow.name, "", flow.anchor, flow.definition);
                    self.check(&Subject { description, measure: &measure, ..whole }, cx);
                }
                On::Connection => {
                    for connection in &flow.connections {
                        let id = connection.connector.unwrap_or("");
                        let operation = || {
                            Some(Operation {
                                connector: id,
                                service: Connector::of(id),
                                id: "",
                                connection: None,
                            })
                        };
                        let (name, key_span, node) = (connection.key, connection.key_span, connection.node);
                        if self.select.connectors.fits_name(plain_connector(id)) {
                            let connection = subject(name, "", key_span, node);
                            self.check(&Subject { operation: &operation, ..connection }, cx);
                        }
                    }
                }
                On::Parameter => {
                    for parameter in &flow.parameters {
                        let type_name = parameter.type_name.unwrap_or("");
                        if self.select.types.fits(type_name) {
                            self.check(
                                &subject(parameter.name, type_name, parameter.key_span, parameter.node),
                                cx,
                            );
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn trigger<'a>(&self, flow: &FlowAnalysis<'a>, trigger: &Trigger<'a>, cx: &mut RuleContext<'_, 'a>) {
        let operation = || flow.trigger_operation(trigger);
        let subject = Subject {
            name: trigger.name,
            type_name: trigger.type_name,
            operation: &operation,
            key_span: trigger.key_span,
            node: trigger.node,
            inside: None,
            flow: &flow.name,
            description: note(trigger.node),
            measure: &|_| None,
        };
        if self.except.as_ref().is_none_or(|except| !is_called(except, &subject, trigger.kind)) {
            self.check_called(&subject, trigger.kind, cx);
        }
    }

    fn action<'a>(&self, flow: &FlowAnalysis<'a>, action: &Action<'a>, cx: &mut RuleContext<'_, 'a>) {
        let effect = || flow.known_operation(action).and_then(|known| known.effect());
        let has_effect = |select: &Selector| !select.effects.is_given() || select.fits_effect(effect());
        let around = |select: &Selector| match select.asks_for_container() {
            true => container_around(select, flow, action).map(Some),
            false => Some(None),
        };
        let Some(inside) = around(&self.select).filter(|_| has_effect(&self.select)) else { return };
        let operation = || flow.action_operation(action);
        let measure = |metric: Metric| metric.of_action(flow, action);
        let subject = Subject {
            name: action.name,
            type_name: action.type_name,
            operation: &operation,
            key_span: action.key_span,
            node: action.node,
            inside,
            flow: &flow.name,
            description: note(action.node),
            measure: &measure,
        };
        let is_excepted = |except: &Selector| {
            around(except).is_some() && has_effect(except) && is_called(except, &subject, action.kind)
        };
        if !self.except.as_ref().is_some_and(is_excepted) {
            self.check_called(&subject, action.kind, cx);
        }
    }

    fn call<'a>(
        &self,
        _: &FlowAnalysis<'a>,
        site: &ExpressionSite<'a>,
        call: &Call<'a>,
        cx: &mut RuleContext<'_, 'a>,
    ) {
        if self.select.functions.fits_by(|word| call.is(&word.text)) {
            let span = site.span_of(&cx.flow.source.text, call.name_at);
            let flow = cx.flow.name.clone();
            let told = |what| match what {
                Placeholder::Name => call.name.to_owned(),
                Placeholder::Flow => flow.clone(),
                _ => String::new(),
            };
            self.report(span, &|text| text.fill(&told, call.name, 0), cx);
        }
    }

    fn text<'a>(&self, _: &FlowAnalysis<'a>, site: &ExpressionSite<'a>, cx: &mut RuleContext<'_, 'a>) {
        site.each_text(&mut |piece| {
            let require = self.require.as_ref().and_then(Required::single);
            let range = match require.map(|require| &require.test) {
                Some(Test::NotPattern(pattern)) => {
                    pattern.get().and_then(|regex| regex.find(piece.text)).map(|hit| hit.range())
                }
                Some(Test::Pattern(pattern))
                    if pattern.get().is_some_and(|regex| !regex.is_match(piece.text)) =>
                {
                    Some(0..piece.text.len())
                }
                _ => None,
            };
            if let Some(range) = range {
                let shown = &piece.text[range.clone()];
                let span = site.span_of(&cx.flow.source.text, piece.part(range.clone()));
                self.report(span, &|text| text.fill(&|_| String::new(), shown, 0), cx);
            }
        });
    }
}

/// What the note of a trigger or action says.
fn note<'a>(node: &'a Node<'a>) -> &'a str {
    node.get("description").and_then(Node::as_str).unwrap_or_default()
}

/// The keys of `[check]`.
fn keys() -> impl Iterator<Item = &'static str> {
    ["on", "not", "where", "require", "message", "help", "related"].into_iter().chain(Selector::keys())
}

impl On {
    const NAMES: [(&'static str, Self); 7] = [
        ("flow", Self::Flow),
        ("trigger", Self::Trigger),
        ("action", Self::Action),
        ("connection", Self::Connection),
        ("parameter", Self::Parameter),
        ("call", Self::Call),
        ("text", Self::Text),
    ];

    /// The word of it.
    pub(super) fn name(self) -> &'static str {
        Self::NAMES.into_iter().find(|(_, on)| *on == self).map_or("", |(name, _)| name)
    }

    fn read(item: &Item<'_>, reader: &Reader<'_>) -> Result<Vec<Self>, TextError> {
        let named = |text: &str| Self::NAMES.into_iter().find(|(name, _)| *name == text).map(|(_, on)| on);
        let mut all = Vec::new();
        for word in reader.list("on", item)? {
            let names = Self::NAMES.map(|(name, _)| name).join(", ");
            let wrong = || TextError::new(word.span.clone(), format!("`on` is one or more of {names}"));
            let on = named(&word.text).ok_or_else(wrong)?;
            if !all.contains(&on) {
                all.push(on);
            }
        }
        match all.is_empty() {
            true => Err(TextError::new(item.span(), "`on` names nothing")),
            false => Ok(all),
        }
    }
}
