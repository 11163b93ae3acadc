//! Row filters as Dataverse and SharePoint take them, parsed with places.
//!
//! Knows texts; knows nothing of flows, connectors or rules. What the run fills in (`@{…}`) is a hole. A filter that is
//! not of the form that is known here is no filter: [`parse`] gives none, and nobody concludes anything from it.
//! Sources: OData 4.01, URL conventions, system query option `$filter`; Dataverse documentation, query data with the web
//! API, filter rows.

mod columns;
mod lex;
mod parse;
mod print;

use std::ops::Range;

pub use columns::{column, is_set_of};
pub use parse::parse;
pub use print::normalised;

/// A condition on a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter<'t> {
    /// All of these hold.
    And(Vec<Self>),
    /// One of these holds.
    Or(Vec<Self>),
    /// This does not hold.
    Not(Box<Self>),
    /// Two values are compared.
    Compare {
        /// The left one.
        left: Operand<'t>,
        /// How.
        op: Op,
        /// The right one; of `in` several.
        right: Vec<Operand<'t>>,
    },
    /// A function that is a condition by itself: `contains(name,'x')`.
    Call(Call<'t>),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `eq`
    Equal,
    /// `ne`
    NotEqual,
    /// `gt`
    Greater,
    /// `ge`
    GreaterOrEqual,
    /// `lt`
    Less,
    /// `le`
    LessOrEqual,
    /// `in`
    In,
    /// `has`
    Has,
}

/// A value in a condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand<'t> {
    /// A column, as written.
    Column(Word<'t>),
    /// A text in quotes, without them.
    Text(String, Range<usize>),
    /// A number.
    Number(f64, Word<'t>),
    /// `true` or `false`.
    Bool(bool, Range<usize>),
    /// `null`
    Null(Range<usize>),
    /// A date, a GUID, and whatever else is a value by its look.
    Other(Word<'t>),
    /// What only the run tells.
    Hole(Word<'t>),
    /// What a function makes of its arguments.
    Call(Call<'t>),
}

/// The call of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Call<'t> {
    /// Its name.
    pub name: Word<'t>,
    /// Its arguments. Of a function whose arguments have names (`PropertyName='x'`) they are none that are read.
    pub arguments: Vec<Operand<'t>>,
    /// Whether all arguments are read.
    pub is_read: bool,
    /// The whole call as written.
    pub text: &'t str,
}

/// A piece of a filter, and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Word<'t> {
    /// The piece as written.
    pub text: &'t str,
    /// Its place, in bytes.
    pub place: Range<usize>,
}

impl Op {
    pub(crate) const NAMES: [(&'static str, Self); 8] = [
        ("eq", Self::Equal),
        ("ne", Self::NotEqual),
        ("gt", Self::Greater),
        ("ge", Self::GreaterOrEqual),
        ("lt", Self::Less),
        ("le", Self::LessOrEqual),
        ("in", Self::In),
        ("has", Self::Has),
    ];

    /// Its word.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, op)| *op == self).map_or("", |(name, _)| name)
    }

    fn named(word: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, op)| *op)
    }
}

impl<'t> Filter<'t> {
    /// The conditions that all have to hold: what `and` joins at the top.
    #[must_use]
    pub fn conjuncts(&self) -> Vec<&Self> {
        match self {
            Self::And(parts) => parts.iter().flat_map(Self::conjuncts).collect(),
            one => vec![one],
        }
    }

    /// The columns that it reads, as [`column()`] names them; none where it may read others: through a look-up, a
    /// computed name, or a function that is not known.
    #[must_use]
    pub fn columns(&self) -> Option<Vec<String>> {
        let mut columns = Vec::new();
        self.add_columns(&mut columns)?;
        Some(columns)
    }

    fn add_columns(&self, columns: &mut Vec<String>) -> Option<()> {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().try_for_each(|part| part.add_columns(columns)),
            Self::Not(inner) => inner.add_columns(columns),
            Self::Compare { left, right, .. } => {
                left.add_columns(columns)?;
                right.iter().try_for_each(|operand| operand.add_columns(columns))
            }
            Self::Call(call) => call.add_columns(columns),
        }
    }
}

impl Operand<'_> {
    fn add_columns(&self, columns: &mut Vec<String>) -> Option<()> {
        match self {
            Self::Column(word) => columns.push(column(word.text)?),
            Self::Call(call) => call.add_columns(columns)?,
            // A value that the run fills in reads no column; in the place of a name it would be any.
            _ => {}
        }
        Some(())
    }
}

impl Call<'_> {
    /// The columns that its arguments read.
    #[must_use]
    pub fn columns(&self) -> Option<Vec<String>> {
        let mut columns = Vec::new();
        self.add_columns(&mut columns)?;
        Some(columns)
    }

    fn add_columns(&self, columns: &mut Vec<String>) -> Option<()> {
        self.is_read.then_some(())?;
        self.arguments.iter().try_for_each(|operand| operand.add_columns(columns))
    }
}
