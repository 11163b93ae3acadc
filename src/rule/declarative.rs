//! Rules without code: a selector that picks parts of a flow, and what must hold for each.

use regex::Regex;
use toml::de::DeTable;

use super::context::Cx;
use super::page::texts;
use super::requirement::{Requirement, Test, fits, scalar};
use crate::expr::Call;
use crate::flow::{Action, Flow, Operation, Site, Trigger};
use crate::json::{Node, Query};
use crate::source::Span;

/// A selector, what must hold where it fits, and what to say where it does not hold.
#[derive(Debug)]
pub struct Declarative {
    /// Which parts of a flow are looked at.
    pub on: On,
    types: Vec<String>,
    kinds: Vec<String>,
    connectors: Vec<String>,
    operations: Vec<String>,
    inside: Vec<String>,
    functions: Vec<String>,
    conditions: Vec<Requirement>,
    require: Requirement,
    message: String,
    help: Option<String>,
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

/// What a selected part is called and consists of.
struct Subject<'s, 'a> {
    name: &'s str,
    type_name: &'s str,
    /// Asked only where it decides or is told: reading it costs more than most checks.
    operation: &'s dyn Fn() -> Option<Operation<'a>>,
    key_span: Span,
    node: &'a Node<'a>,
}

const PLACEHOLDERS: [&str; 6] = ["name", "type", "connector", "operation", "value", "count"];

impl Declarative {
    /// Reads the `[check]` table of a page. Paths and patterns are compiled later; see [`Self::verify`].
    ///
    /// # Errors
    /// Names the first key that is missing, unknown, or of the wrong kind.
    pub fn read(table: &DeTable<'_>) -> Result<Self, String> {
        let mut read = Self {
            on: On::Action,
            types: Vec::new(),
            kinds: Vec::new(),
            connectors: Vec::new(),
            operations: Vec::new(),
            inside: Vec::new(),
            functions: Vec::new(),
            conditions: Vec::new(),
            require: Requirement { paths: Vec::new(), test: Test::Absent },
            message: String::new(),
            help: None,
        };
        let mut has_require = false;
        for (key, value) in table {
            let key = key.get_ref().as_ref();
            let value = value.get_ref();
            let list = || match value.as_str() {
                Some(text) => Ok(vec![text.to_owned()]),
                None => texts(value).ok_or(format!("`{key}` is a text or a list of texts")),
            };
            let text = || value.as_str().map(str::to_owned).ok_or(format!("`{key}` is a text"));
            match key {
                "on" => read.on = On::named(&text()?)?,
                "type" => read.types = list()?,
                "kind" => read.kinds = list()?,
                "connector" => read.connectors = list()?,
                "operation" => read.operations = list()?,
                "inside" => read.inside = list()?,
                "function" => read.functions = list()?,
                "where" => {
                    let tables = value.as_array().ok_or("`where` is a list of tables")?;
                    read.conditions =
                        tables.iter().map(|t| Requirement::read(t.get_ref())).collect::<Result<_, _>>()?;
                }
                "require" => {
                    read.require = Requirement::read(value)?;
                    has_require = true;
                }
                "message" => read.message = text()?,
                "help" => read.help = Some(text()?),
                other => return Err(format!("unknown key `{other}` in [check]")),
            }
        }
        if read.message.is_empty() {
            return Err("`message` is missing in [check]".into());
        }
        match read.on {
            On::Call if read.functions.is_empty() => Err("a check on calls names the `function`s".into()),
            On::Text if !matches!(read.require.test, Test::Pattern(_) | Test::NotPattern(_)) => {
                Err("a check on texts requires a `pattern` or `not-pattern`".into())
            }
            On::Call => Ok(read),
            _ if !has_require => Err("`require` is missing in [check]".into()),
            On::Text => Ok(read),
            _ if read.require.paths.is_empty() => Err("`require` has no `path`".into()),
            _ => Ok(read),
        }
    }

    /// Compiles every path and pattern and checks every placeholder.
    ///
    /// # Errors
    /// The first one that is wrong.
    pub fn verify(&self) -> Result<(), String> {
        for requirement in self.conditions.iter().chain([&self.require]) {
            for path in &requirement.paths {
                Query::compile(&path.text).map_err(|error| error.0)?;
            }
            if let Test::Pattern(pattern) | Test::NotPattern(pattern) = &requirement.test {
                Regex::new(&pattern.text).map_err(|error| error.to_string())?;
            }
        }
        for text in [Some(&self.message), self.help.as_ref()].into_iter().flatten() {
            for piece in text.split('{').skip(1) {
                let name = piece.split('}').next().unwrap_or_default();
                if !PLACEHOLDERS.contains(&name) {
                    return Err(format!(
                        "there is no placeholder {{{name}}}: there are {}",
                        PLACEHOLDERS.join(", ")
                    ));
                }
            }
        }
        Ok(())
    }

    pub(super) fn check_flow<'a>(&self, flow: &Flow<'a>, cx: &mut Cx<'_, 'a>) {
        let subject =
            |name, key_span, node| Subject { name, type_name: "", operation: &|| None, key_span, node };
        match self.on {
            On::Flow => self.check(&subject(&flow.name, flow.anchor, flow.definition), cx),
            On::Connection => {
                for connection in &flow.connections {
                    if fits(&self.connectors, connection.connector.unwrap_or("")) {
                        self.check(&subject(connection.key, connection.key_span, connection.node), cx);
                    }
                }
            }
            On::Parameter => {
                for parameter in &flow.parameters {
                    if fits(&self.types, parameter.type_name.unwrap_or("")) {
                        self.check(&subject(parameter.name, parameter.key_span, parameter.node), cx);
                    }
                }
            }
            _ => {}
        }
    }

    pub(super) fn check_trigger<'a>(&self, flow: &Flow<'a>, trigger: &Trigger<'a>, cx: &mut Cx<'_, 'a>) {
        if fits(&self.types, trigger.type_name) && fits(&self.kinds, trigger.kind.unwrap_or("")) {
            let operation = || flow.trigger_operation(trigger);
            self.check_operation(
                trigger.name,
                trigger.type_name,
                &operation,
                trigger.key_span,
                trigger.node,
                cx,
            );
        }
    }

    pub(super) fn check_action<'a>(&self, flow: &Flow<'a>, action: &Action<'a>, cx: &mut Cx<'_, 'a>) {
        if !fits(&self.types, action.type_name) || !fits(&self.kinds, action.kind.unwrap_or("")) {
            return;
        }
        let mut outer = flow.parent(action);
        let mut inside = self.inside.is_empty();
        while let Some(container) = outer.filter(|_| !inside) {
            inside = fits(&self.inside, container.type_name);
            outer = flow.parent(container);
        }
        if inside {
            let operation = || flow.action_operation(action);
            self.check_operation(action.name, action.type_name, &operation, action.key_span, action.node, cx);
        }
    }

    fn check_operation<'a>(
        &self,
        name: &str,
        type_name: &str,
        operation: &dyn Fn() -> Option<Operation<'a>>,
        key_span: Span,
        node: &'a Node<'a>,
        cx: &mut Cx<'_, 'a>,
    ) {
        let is_meant = || {
            let operation = operation();
            let connector = operation.map_or("", |operation| operation.connector);
            let id = operation.map_or("", |operation| operation.id);
            fits(&self.connectors, connector) && fits(&self.operations, id)
        };
        if (self.connectors.is_empty() && self.operations.is_empty()) || is_meant() {
            self.check(&Subject { name, type_name, operation, key_span, node }, cx);
        }
    }

    fn check<'a>(&self, subject: &Subject<'_, 'a>, cx: &mut Cx<'_, 'a>) {
        let holds = |requirement: &Requirement| requirement.failure(subject.node).is_none();
        if !self.conditions.iter().all(holds) {
            return;
        }
        let Some(failure) = self.require.failure(subject.node) else { return };
        let value = failure.culprit.and_then(scalar).unwrap_or_default();
        let operation = (subject.operation)();
        let fill = |text: &str| {
            let count = failure.count.to_string();
            let values = [
                subject.name,
                subject.type_name,
                operation.map_or("", |o| o.connector),
                operation.map_or("", |o| o.id),
                &value,
                &count,
            ];
            fill(text, values)
        };
        let span =
            failure.culprit.filter(|node| scalar(node).is_some()).map_or(subject.key_span, |node| node.span);
        let draft = cx.report(span, fill(&self.message));
        if let Some(help) = &self.help {
            draft.help(fill(help));
        }
    }

    pub(super) fn check_call<'a>(&self, site: &Site<'a>, call: &Call<'a>, cx: &mut Cx<'_, 'a>) {
        if self.functions.iter().any(|function| call.is(function)) {
            let fill = |text: &str| fill(text, [call.name, "", "", "", call.name, ""]);
            let draft = cx.report_at(site, call.name_at, fill(&self.message));
            if let Some(help) = &self.help {
                draft.help(fill(help));
            }
        }
    }

    pub(super) fn check_site<'a>(&self, site: &Site<'a>, cx: &mut Cx<'_, 'a>) {
        site.each_text(&mut |piece| {
            let range = match &self.require.test {
                Test::NotPattern(pattern) => {
                    pattern.get().and_then(|regex| regex.find(piece.text)).map(|hit| hit.range())
                }
                Test::Pattern(pattern) if pattern.get().is_some_and(|regex| !regex.is_match(piece.text)) => {
                    Some(0..piece.text.len())
                }
                _ => None,
            };
            if let Some(range) = range {
                let shown = &piece.text[range.clone()];
                let fill = |text: &str| fill(text, ["", "", "", "", shown, ""]);
                let draft = cx.report_at(site, piece.part(range.clone()), fill(&self.message));
                if let Some(help) = &self.help {
                    draft.help(fill(help));
                }
            }
        });
    }
}

impl On {
    fn named(name: &str) -> Result<Self, String> {
        Ok(match name {
            "flow" => On::Flow,
            "trigger" => On::Trigger,
            "action" => On::Action,
            "connection" => On::Connection,
            "parameter" => On::Parameter,
            "call" => On::Call,
            "text" => On::Text,
            _ => return Err("`on` is flow, trigger, action, connection, parameter, call or text".into()),
        })
    }
}

fn fill(text: &str, values: [&str; 6]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        if let Some(at) = PLACEHOLDERS.iter().position(|placeholder| *placeholder == name) {
            filled.push_str(values[at]);
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}
