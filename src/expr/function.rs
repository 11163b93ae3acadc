//! The functions of the expression language, as data.

use std::cmp::Ordering;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::{Returns, Types};

/// One function, as its documentation describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// The name as documented; the service folds case.
    pub name: &'static str,
    /// How many arguments it takes.
    pub arity: Arity,
    /// The parameters, in order; the last of them may repeat.
    pub parameters: Vec<Parameter>,
    /// What it gives.
    pub returns: Returns,
    /// Which products have it.
    pub products: &'static str,
    /// The function that replaces a deprecated one, else empty.
    pub replaced_by: &'static str,
    /// Which of the parameters is a date format, if one is.
    pub date_format: Option<usize>,
    /// What its first argument names.
    pub reads: Reads,
    /// What its result depends on beside its arguments.
    pub depends: Depends,
    /// How it compares two values, if it does.
    pub compares: Option<Compares>,
}

/// What the result of a function depends on beside its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depends {
    /// Nothing: its arguments alone decide.
    Nothing,
    /// What started the run.
    Event,
    /// What else the run has come to: results of actions, variables, the turn of a loop.
    Run,
    /// The flow and its settings, which are the same all through a run.
    Definition,
    /// The time of the call.
    Clock,
    /// Chance.
    Chance,
}

impl Depends {
    /// Whether two calls with the same arguments, one right after the other, may differ.
    #[must_use]
    pub fn varies(self) -> bool {
        matches!(self, Self::Clock | Self::Chance)
    }
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compares {
    /// Whether they are equal.
    Equality,
    /// Which of them is greater.
    Order,
    /// Whether one is in the other.
    Search,
}

/// The comparison of that name, in any case, as conditions in their object form have it too.
#[must_use]
pub fn comparison(name: &str) -> Option<(&'static str, Compares)> {
    let function = functions().find(name)?;
    Some((function.name, function.compares?))
}

/// What the first argument of a function names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Nothing: it is a value.
    Nothing,
    /// An action, whose results are read.
    Action,
    /// A loop around the expression.
    Loop,
    /// A variable.
    Variable,
    /// A parameter of the definition.
    Parameter,
}

impl Reads {
    fn of(about: &str) -> Self {
        match about {
            "action" => Self::Action,
            "loop" => Self::Loop,
            "variable" => Self::Variable,
            "parameter" => Self::Parameter,
            _ => Self::Nothing,
        }
    }
}

/// One parameter of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, for messages.
    pub name: &'static str,
    /// Whether it may be left out.
    pub optional: bool,
    /// Whether it takes all arguments that follow.
    pub repeats: bool,
    /// What the service is known to take.
    pub types: Types,
}

/// How many arguments a function takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arity {
    /// The fewest.
    pub least: usize,
    /// The most; `None` for any number.
    pub most: Option<usize>,
}

/// The table of functions; made from `rules/data/functions.txt` when first asked for.
#[derive(Debug)]
pub struct Functions {
    sorted: Vec<Function>,
    /// Places in `sorted` of names as documented: nearly every call is spelled so.
    exact: FxHashMap<&'static str, usize>,
}

/// All functions of the language.
#[must_use]
pub fn functions() -> &'static Functions {
    static TABLE: LazyLock<Functions> = LazyLock::new(|| {
        let mut table: Vec<Function> =
            rows(include_str!("../../rules/data/functions.txt")).filter_map(function).collect();
        table.sort_by(|a, b| compare(a.name, b.name));
        let exact = table.iter().enumerate().map(|(at, function)| (function.name, at)).collect();
        Functions { sorted: table, exact }
    });
    &TABLE
}

/// What to write in place of a function that another language has, if that is known.
#[must_use]
pub fn replacement(name: &str) -> Option<&'static str> {
    rows(include_str!("../../rules/data/foreign-functions.txt"))
        .filter_map(|row| row.split_once('|'))
        .find(|(foreign, _)| foreign.eq_ignore_ascii_case(name))
        .map(|(_, instead)| instead)
}

impl Function {
    /// The parameter that takes the argument of that index.
    #[must_use]
    pub fn parameter(&self, argument: usize) -> Option<&Parameter> {
        self.parameters.get(argument).or_else(|| self.parameters.last().filter(|last| last.repeats))
    }

    /// The call as documented, for messages: `substring(text, startIndex, length?)`.
    #[must_use]
    pub fn usage(&self) -> String {
        let parameter = |parameter: &Parameter| {
            let mark = if parameter.repeats {
                ", …"
            } else if parameter.optional {
                "?"
            } else {
                ""
            };
            format!("{}{mark}", parameter.name)
        };
        let parameters: Vec<String> = self.parameters.iter().map(parameter).collect();
        format!("{}({})", self.name, parameters.join(", "))
    }
}

impl Functions {
    /// The function of that name, case folded.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Function> {
        let folded = || self.sorted.binary_search_by(|function| compare(function.name, name)).ok();
        self.exact.get(name).copied().or_else(folded).map(|at| &self.sorted[at])
    }

    /// The documented name nearest to a misspelt one, if any is near enough to be meant.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Option<&'static str> {
        crate::text::nearest(name, self.sorted.iter().map(|function| function.name))
    }

    /// All functions, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Function> {
        self.sorted.iter()
    }
}

fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn function(row: &'static str) -> Option<Function> {
    let mut cells = row.split('|');
    let name = cells.next()?;
    let arity = Arity { least: cells.next()?.parse().ok()?, most: cells.next()?.parse().ok() };
    let parameters: Vec<Parameter> =
        cells.next()?.split("; ").filter(|cell| !cell.is_empty()).map(parameter).collect::<Option<_>>()?;
    // These have formats of other things.
    let dated = !["formatNumber", "formatTimeSpan", "guid"].contains(&name);
    let date_format = parameters.iter().position(|parameter| parameter.name == "format").filter(|_| dated);
    let (returns, products, replaced_by) = (Returns::parse(cells.next()?)?, cells.next()?, cells.next()?);
    let about = cells.next()?;
    let (depends, compares) = match about {
        "" => (Depends::Nothing, None),
        "event" => (Depends::Event, None),
        "action" | "loop" | "variable" | "run" => (Depends::Run, None),
        "parameter" | "definition" => (Depends::Definition, None),
        "clock" => (Depends::Clock, None),
        "chance" => (Depends::Chance, None),
        "equality" => (Depends::Nothing, Some(Compares::Equality)),
        "order" => (Depends::Nothing, Some(Compares::Order)),
        "search" => (Depends::Nothing, Some(Compares::Search)),
        _ => return None,
    };
    let reads = Reads::of(about);
    Some(Function {
        name,
        arity,
        parameters,
        returns,
        products,
        replaced_by,
        date_format,
        reads,
        depends,
        compares,
    })
}

fn parameter(cell: &'static str) -> Option<Parameter> {
    let (name, types) = cell.split_once(": ")?;
    let types = Types::parse(types)?;
    let repeated = name.strip_suffix("...");
    let optional = name.strip_suffix('?');
    Some(Parameter {
        name: repeated.or(optional).unwrap_or(name),
        optional: optional.is_some(),
        repeats: repeated.is_some(),
        types,
    })
}

fn compare(a: &str, b: &str) -> Ordering {
    a.bytes().map(|byte| byte.to_ascii_lowercase()).cmp(b.bytes().map(|byte| byte.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_tables_is_read() {
        let lines = rows(include_str!("../../rules/data/functions.txt")).count();
        assert_eq!(functions().iter().count(), lines);
        let named = |reads| functions().iter().filter(|function| function.reads == reads).count();
        assert_eq!([Reads::Action, Reads::Loop, Reads::Variable, Reads::Parameter].map(named), [9, 2, 1, 1]);
        let on = |depends| functions().iter().filter(|function| function.depends == depends).count();
        let counts =
            [Depends::Event, Depends::Run, Depends::Definition, Depends::Clock, Depends::Chance].map(on);
        assert_eq!(counts, [7, 17, 4, 3, 2]);
        let comparing = functions().iter().filter(|function| function.compares.is_some()).count();
        assert_eq!((comparing, comparison("GREATER")), (8, Some(("greater", Compares::Order))));
        assert!(Depends::Clock.varies() && !Depends::Run.varies());
        for row in rows(include_str!("../../rules/data/foreign-functions.txt")) {
            let (name, instead) = row.split_once('|').expect("two cells");
            assert!(functions().find(name).is_none(), "{name} is a function of the language");
            assert!(!instead.is_empty());
        }
    }

    #[test]
    fn names_are_found_in_any_case() {
        let concat = functions().find("CONCAT").unwrap();
        assert_eq!((concat.name, concat.arity), ("concat", Arity { least: 0, most: None }));
        assert!(functions().find("concat2").is_none());
        assert_eq!(functions().nearest("tirm"), Some("trim"));
        assert_eq!(functions().nearest("formatDatTime"), Some("formatDateTime"));
        assert_eq!(functions().nearest("wholeUnrelated"), None);
        assert_eq!(replacement("addmonths"), Some("addToTime(timestamp, n, 'Month')"));
    }
}
