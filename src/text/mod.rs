//! Texts: bytes decoded, the places in them, patterns of names and paths, days, words for people, and the memory for what is
//! read out of them.
//!
//! Knows nothing of JSON, flows or rules, and touches no file.

mod arena;
mod date;
mod decode;
mod error;
mod guid;
mod path_pattern;
mod paths;
mod quoted;
mod similarity;
mod source;
mod span;
pub(crate) mod wildcard;
mod words;

pub use arena::Arena;
pub use date::Date;
pub use decode::{Encoding, decode, decode_lossy};
pub use error::TextError;
pub(crate) use guid::guid;
pub use path_pattern::PathPatterns;
pub use paths::path_from;
pub(crate) use paths::slashes;
pub(crate) use quoted::quoted;
pub(crate) use similarity::nearest;
pub use source::{FileName, MAX_BYTES, Source};
pub use span::{Position, Span};
pub(crate) use words::{capitalised, plural, printable};
