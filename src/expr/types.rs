//! What type a value can have, as far as that is known without running anything.
//!
//! The sound way out is [`Types::ANY`]: a check may speak only where what a value can be and what its
//! place takes share nothing.

use super::{Call, Expr, ExprKind, Part, Template};

/// A set of types that a value can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Types(u8);

impl Types {
    /// Nothing: no value at all.
    pub const NONE: Self = Self(0);
    /// Text.
    pub const STRING: Self = Self(1);
    /// A whole number.
    pub const INTEGER: Self = Self(2);
    /// A number with a fraction.
    pub const FLOAT: Self = Self(4);
    /// True or false.
    pub const BOOLEAN: Self = Self(8);
    /// Null.
    pub const NULL: Self = Self(16);
    /// An array.
    pub const ARRAY: Self = Self(32);
    /// An object.
    pub const OBJECT: Self = Self(64);
    /// Whatever there is.
    pub const ANY: Self = Self(127);
    /// Whole or not.
    pub const NUMBER: Self = Self(2 | 4);

    const NAMES: [(&'static str, &'static str, Self); 7] = [
        ("string", "a string", Self::STRING),
        ("integer", "an integer", Self::INTEGER),
        ("float", "a float", Self::FLOAT),
        ("boolean", "a boolean", Self::BOOLEAN),
        ("null", "null", Self::NULL),
        ("array", "an array", Self::ARRAY),
        ("object", "an object", Self::OBJECT),
    ];

    /// The type of that name; `any` is all of them.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        if name == "any" {
            return Some(Self::ANY);
        }
        Self::NAMES.into_iter().find(|(known, ..)| *known == name).map(|(.., types)| types)
    }

    /// The set that `string or null` names.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.split(" or ").try_fold(Self::NONE, |set, name| Some(set.or(Self::named(name.trim())?)))
    }

    /// Both sets together.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What both sets share.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The set without what is in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the sets share a type.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether every type of this set is in the other.
    #[must_use]
    pub const fn within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Whether there is no type in it.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// The set in words: "a string or an array"; both kinds of number are "a number".
    #[must_use]
    pub fn words(self) -> String {
        if self == Self::ANY {
            return "anything".into();
        }
        let number = Self::NUMBER.within(self);
        let mut words = Vec::new();
        for (_, word, types) in Self::NAMES {
            match types {
                Self::INTEGER if number => words.push("a number"),
                Self::FLOAT if number => {}
                _ if types.meets(self) => words.push(word),
                _ => {}
            }
        }
        match words.as_slice() {
            [first @ .., before, last] if !first.is_empty() => {
                format!("{}, {before} or {last}", first.join(", "))
            }
            _ => words.join(" or "),
        }
    }
}

/// What a function gives, where that depends on what it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returns {
    /// Always one of these.
    Fixed(Types),
    /// An integer of integers, else a float.
    Number,
    /// Either of the last two arguments.
    Branches,
    /// Any of the arguments.
    Coalesce,
    /// A string of a string, anything of an array.
    Item,
    /// As the first argument.
    Argument,
    /// What the JSON text says.
    Json,
}

impl Returns {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "=number" => Self::Number,
            "=branches" => Self::Branches,
            "=coalesce" => Self::Coalesce,
            "=item" => Self::Item,
            "=argument" => Self::Argument,
            "=json" => Self::Json,
            _ => Self::Fixed(Types::parse(text)?),
        })
    }
}

/// Says the type of calls that read from outside the expression: of `variables('x')`, say.
pub trait SolutionFiles {
    /// What the call gives; none to ask the table of functions.
    fn type_of_call(&self, call: &Call<'_>) -> Option<Types>;

    /// What the steps behind a call lead to: known only where a schema says it, or the value is written out.
    fn type_behind_steps(&self, call: &Call<'_>) -> Types;
}

/// What an expression can be.
#[must_use]
pub fn type_of(expr: &Expr<'_>, around: &dyn SolutionFiles) -> Types {
    match &expr.kind {
        ExprKind::Null => Types::NULL,
        ExprKind::Bool(_) => Types::BOOLEAN,
        ExprKind::Integer(_) => Types::INTEGER,
        ExprKind::Float(_) => Types::FLOAT,
        ExprKind::String(_) => Types::STRING,
        ExprKind::Call(call) if !call.steps.is_empty() => around.type_behind_steps(call),
        ExprKind::Call(call) => type_of_call(call, around),
    }
}

/// What an evaluated string can be: text with values in it is always text.
#[must_use]
pub fn type_of_template(template: &Template<'_>, around: &dyn SolutionFiles) -> Types {
    match template {
        Template::Literal => Types::STRING,
        Template::Whole(expr) => type_of(expr, around),
        Template::Parts(parts) if parts.iter().any(|part| matches!(part, Part::Broken(_))) => Types::ANY,
        Template::Parts(_) => Types::STRING,
        Template::Broken(_) => Types::ANY,
    }
}

fn type_of_call(call: &Call<'_>, around: &dyn SolutionFiles) -> Types {
    if let Some(types) = around.type_of_call(call) {
        return types;
    }
    let Some(function) = call.function else { return Types::ANY };
    let argument = |at: usize| call.arguments.get(at).map_or(Types::ANY, |expr| type_of(expr, around));
    match function.returns {
        Returns::Fixed(types) => types,
        Returns::Number => {
            let both = argument(0).or(argument(1));
            if both == Types::INTEGER {
                Types::INTEGER
            } else if argument(0) == Types::FLOAT || argument(1) == Types::FLOAT {
                Types::FLOAT
            } else {
                Types::NUMBER
            }
        }
        Returns::Branches => argument(1).or(argument(2)),
        Returns::Coalesce => (0..call.arguments.len()).map(argument).fold(Types::NULL, Types::or),
        Returns::Item if argument(0) == Types::STRING => Types::STRING,
        Returns::Item => Types::ANY,
        Returns::Argument => {
            let possible = function.parameter(0).map_or(Types::ANY, |parameter| parameter.types);
            match argument(0).and(possible) {
                Types::NONE => possible,
                known => known,
            }
        }
        Returns::Json => call.arguments.first().and_then(Expr::as_text).map_or(Types::ANY, type_of_json),
    }
}

/// What a JSON text holds, by its first character.
fn type_of_json(text: &str) -> Types {
    match text.trim_start().bytes().next() {
        Some(b'{') => Types::OBJECT,
        Some(b'[') => Types::ARRAY,
        Some(b'"') => Types::STRING,
        Some(b't' | b'f') => Types::BOOLEAN,
        Some(b'-' | b'0'..=b'9') => Types::NUMBER,
        _ => Types::ANY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Arena;

    struct Nothing;
    impl SolutionFiles for Nothing {
        fn type_of_call(&self, call: &Call<'_>) -> Option<Types> {
            call.is("variables").then_some(Types::INTEGER)
        }

        fn type_behind_steps(&self, _: &Call<'_>) -> Types {
            Types::ANY
        }
    }

    #[test]
    fn values_have_the_types_that_are_certain() {
        for (text, expected) in [
            ("@1", "an integer"),
            ("@-1.5", "a float"),
            ("@'1'", "a string"),
            ("@null", "null"),
            ("@true", "a boolean"),
            ("text", "a string"),
            ("@{1}", "a string"),
            ("@length('a')", "an integer"),
            ("@add(1, 2)", "an integer"),
            ("@add(variables('n'), 2)", "an integer"),
            ("@add(1, 2.0)", "a float"),
            ("@add(1, item())", "a number"),
            ("@variables('n')", "an integer"),
            ("@variables('n')['x']", "anything"),
            ("@if(true, 1, 'a')", "a string or an integer"),
            ("@if(true, 1, item())", "anything"),
            ("@coalesce(item(), 1)", "anything"),
            ("@coalesce('a', 'b')", "a string or null"),
            ("@first('abc')", "a string"),
            ("@first(createArray(1))", "anything"),
            ("@take(split('a', ','), 1)", "an array"),
            ("@take(item(), 1)", "a string or an array"),
            ("@json('[1]')", "an array"),
            ("@json('{\"a\": 1}')", "an object"),
            ("@json(item())", "anything"),
            ("@nonsense()", "anything"),
        ] {
            let arena = Arena::new();
            assert_eq!(type_of_template(&Template::read(text, &arena), &Nothing).words(), expected, "{text}");
        }
    }

    #[test]
    fn sets_are_compared_as_sets() {
        assert!(Types::NUMBER.meets(Types::INTEGER) && !Types::NUMBER.meets(Types::STRING));
        assert!(Types::INTEGER.within(Types::NUMBER) && !Types::NUMBER.within(Types::INTEGER));
        assert_eq!(Types::parse("string or null"), Some(Types::STRING.or(Types::NULL)));
        assert_eq!(Types::parse("text"), None);
    }
}
