//! The workflow definition language: what stands behind `@` and in `@{…}`.
//!
//! Works on decoded strings and places in them; knows nothing of JSON, files or flows.
//! Grammar: Azure/LogicAppsUX `libs/logic-apps-shared/src/parsers/lib/expression`, checked against
//! the expression pages of the Azure Logic Apps documentation.

mod function;
mod lex;
mod name;
mod parse;
mod template;
mod types;

use std::fmt;

use std::ops::Range;

pub use function::{
    Arity, Compares, Depends, Function, Functions, Parameter, Reads, comparison, functions, replacement,
};
pub(crate) use name::Folded;
pub use name::{fold_name, same_name};
pub use parse::{MAX_CALLS, parse};
pub use template::{Part, Template, has_interpolation};
pub use types::{Returns, SolutionFiles, Types, type_of, type_of_template};

/// Bytes of the decoded string that an expression part stands on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextRange {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset just after the last byte.
    pub end: u32,
}

impl TextRange {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: clamp(start), end: clamp(end) }
    }

    /// The place as a range of `usize`s.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A parsed expression.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expr<'t> {
    /// What it is.
    pub kind: ExprKind<'t>,
    /// Where it stands.
    pub at: TextRange,
}

/// The kinds of expression. There are no operators, no bare names and no object or array literals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ExprKind<'t> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number as written.
    Integer(&'t str),
    /// A number with a point or an exponent, as written.
    Float(&'t str),
    /// Text in single quotes, doubled quotes undone.
    String(&'t str),
    /// A function call and what is read off its result.
    Call(&'t Call<'t>),
}

/// `name(arguments)` with the steps that follow it: `?['a'].b[0]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Call<'t> {
    /// The function's name as written; the service folds its case.
    pub name: &'t str,
    /// Where the name stands.
    pub name_at: TextRange,
    /// The function that it means, if the language has it.
    pub function: Option<&'static Function>,
    /// The arguments.
    pub arguments: &'t [Expr<'t>],
    /// What is read off the result, in order.
    pub steps: &'t [Step<'t>],
}

/// One step into the result of a call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step<'t> {
    /// Whether a `?` stands before it: a missing value gives null and no error.
    pub safe: bool,
    /// Whether it was written `.name` and not `['name']`.
    pub dotted: bool,
    /// The key or index.
    pub key: Expr<'t>,
}

/// Why a text is no expression, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExprError<'t> {
    /// What is wrong, as a clause without a full stop.
    pub message: &'t str,
    /// What to write in place of it, where that is known.
    pub help: Option<&'t str>,
    /// The place of it in the evaluated text, which is not the text of the file: a [`crate::text::TextError`] can't say it.
    pub at: TextRange,
}

impl fmt::Display for ExprError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message)
    }
}

impl std::error::Error for ExprError<'_> {}

impl<'t> Expr<'t> {
    /// Calls `visit` for every call in the expression, outer before inner, in reading order.
    pub fn each_call(&self, visit: &mut dyn FnMut(&'t Call<'t>)) {
        if let ExprKind::Call(call) = self.kind {
            visit(call);
            for argument in call.arguments {
                argument.each_call(visit);
            }
            for step in call.steps {
                step.key.each_call(visit);
            }
        }
    }

    /// Calls `visit` for every text literal that is a value: of arguments, not keys of steps.
    pub fn each_text(&self, visit: &mut dyn FnMut(&'t str, TextRange)) {
        match self.kind {
            ExprKind::String(text) => visit(text, self.at),
            ExprKind::Call(call) => call.arguments.iter().for_each(|argument| argument.each_text(visit)),
            _ => {}
        }
    }

    /// The text, if this is a text literal.
    #[must_use]
    pub fn as_text(&self) -> Option<&'t str> {
        match self.kind {
            ExprKind::String(text) => Some(text),
            _ => None,
        }
    }
}

impl Call<'_> {
    /// What the first argument names.
    #[must_use]
    pub fn reads(&self) -> Reads {
        self.function.map_or(Reads::Nothing, |function| function.reads)
    }

    /// Whether this calls the function of that name; case is folded, as the service does.
    #[must_use]
    pub fn is(&self, function: &str) -> bool {
        self.name.eq_ignore_ascii_case(function)
    }
}
