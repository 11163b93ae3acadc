//! What the values of a flow are: the literals behind them, their shapes, their types.

mod constants;
mod schema;
mod typing;
mod value_shape;

pub use constants::{Literal, LiteralPrefix};
pub(in crate::flow) use typing::Typing;
