//! Further places that a declarative rule names.

use toml::de::DeValue;

use super::message::Message;
use super::options::Options;
use super::reading::{Item, Reader};
use super::requirement::{Requirement, unknown};
use crate::text::TextError;

/// A further place that explains a finding.
#[derive(Debug)]
pub(super) struct Related {
    pub(super) at: RelatedAt,
    pub(super) message: Message,
}

#[derive(Debug)]
pub(super) enum RelatedAt {
    /// The container that `inside` fits.
    Inside,
    /// What a path leads to.
    Path(Requirement),
}

impl Related {
    /// Reads a table of `path` or `at`, and `message`, or a list of such tables.
    pub(super) fn read(
        item: &Item<'_>,
        reader: &Reader<'_>,
        options: &Options,
    ) -> Result<Vec<Self>, TextError> {
        let items = match item.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![item],
        };
        let one = |item: &Item<'_>| {
            let wrong =
                || TextError::new(item.span(), "`related` is a table of `path` or `at`, and `message`");
            let table = item.get_ref().as_table().ok_or_else(wrong)?;
            let (mut at, mut message) = (None, None);
            for (key, value) in table {
                match (key.get_ref().as_ref(), value.get_ref().as_str()) {
                    ("path", _) => at = Some(RelatedAt::Path(Requirement::of_path(value, reader)?)),
                    ("at", Some("inside")) => at = Some(RelatedAt::Inside),
                    ("at", _) => return Err(TextError::new(value.span(), "`at` is \"inside\"")),
                    ("message", _) => message = Some(Message::read("message", value, reader, options)?),
                    _ => {
                        return Err(unknown(
                            key.get_ref(),
                            &["path", "at", "message"],
                            key.span(),
                            "`related`",
                        ));
                    }
                }
            }
            Ok(Self { at: at.ok_or_else(wrong)?, message: message.ok_or_else(wrong)? })
        };
        items.into_iter().map(one).collect()
    }
}
