//! What the values of a flow are: the literals behind them, their shapes, their types.

mod address;
mod computed;
mod constants;
mod schema;
mod typing;
mod value_shape;

pub(crate) use address::{Address, host};
pub use computed::{is_computed, is_template_expression, may_be_put_in};
pub use constants::{Literal, LiteralPrefix};
pub(in crate::flow) use typing::Typing;
