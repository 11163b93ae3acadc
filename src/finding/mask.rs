//! Takes credentials out of findings. What this makes is all that leaves the linter.

use std::ops::Deref;
use std::sync::Arc;

use super::identity::{Identity, SEPARATOR};
use super::location::Excerpt;
use super::{Edit, Finding, FlowName, Location, Place, Problem, Suppression};
use crate::secrets::{self, TextSecrets};
use crate::text::{FileName, Source};

/// A finding without credentials. There is no other way to one than [`Finding::mask`].
#[derive(Clone, Debug)]
pub struct Masked {
    finding: Finding,
    pub(super) identity: Identity,
    pub(super) fingerprint: String,
    /// Whether it is on a part that has not changed, and was found there before; false where nobody asked.
    pub unchanged: bool,
    /// What keeps it from counting; none for a finding that counts.
    pub suppressed: Option<Suppression>,
}

impl Deref for Masked {
    type Target = Finding;

    fn deref(&self) -> &Finding {
        &self.finding
    }
}

impl Masked {
    /// What it is recognised by in another run: see `docs/json.md`. Empty until all findings of a run are known.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// What the fingerprint is made of.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }
}

/// What must not be shown of some files: their credentials, and with them gone their texts.
#[derive(Debug, Default)]
pub struct Mask {
    files: Vec<MaskedFile>,
}

#[derive(Debug)]
struct MaskedFile {
    /// The name as it was; places that were made before have it.
    name: Arc<FileName>,
    secrets: TextSecrets,
    /// The text and the name without credentials.
    source: Source,
}

impl Mask {
    /// The mask of one file.
    #[must_use]
    pub fn of(source: Source, secrets: TextSecrets) -> Self {
        let mut mask = Self::default();
        mask.add(source, secrets);
        mask
    }

    /// Adds a file: findings may be about it, or repeat what it says.
    pub fn add(&mut self, mut source: Source, secrets: TextSecrets) {
        secrets.mask(&mut source.text);
        let name = Arc::clone(&source.name);
        if let Some(member) = &name.member {
            let masked = secrets::without(member.clone());
            if masked != *member {
                source.name = Arc::new(FileName { member: Some(masked), ..(*name).clone() });
            }
        }
        self.files.push(MaskedFile { name, secrets, source });
    }

    /// A text without the credentials of these files, and without any other.
    #[must_use]
    pub fn text(&self, text: String) -> String {
        secrets::without(self.own(text))
    }

    /// A text without the credentials of these files.
    fn own(&self, text: String) -> String {
        let files = self.files.iter().filter(|file| !file.secrets.found().is_empty());
        files.fold(text, |text, file| file.secrets.without(text))
    }

    /// A file's name without credentials.
    #[must_use]
    pub fn file(&self, name: Arc<FileName>) -> Arc<FileName> {
        self.known(&name).map_or(name, |file| Arc::clone(&file.source.name))
    }

    /// A place, with the part of the line around it where the text is at hand.
    #[must_use]
    pub fn place(&self, mut place: Place) -> Place {
        if let Some(file) = self.known(&place.file) {
            place.excerpt = Some(Box::new(Excerpt::cut(&file.source, place.span)));
            place.file = Arc::clone(&file.source.name);
        }
        place
    }

    /// A place without a part of its line: nobody shows that of a related one.
    fn bare_place(&self, mut place: Place) -> Place {
        place.file = self.file(place.file);
        place.excerpt = None;
        place
    }

    /// A flow's name without credentials.
    #[must_use]
    pub fn flow(&self, flow: FlowName) -> FlowName {
        FlowName { name: self.text(flow.name), id: self.text(flow.id) }
    }

    /// A location without credentials.
    #[must_use]
    pub fn location(&self, location: Location) -> Location {
        Location {
            place: self.place(location.place),
            flow: location.flow.map(|flow| self.flow(flow)),
            element: location.element.into_iter().map(|name| self.text(name)).collect(),
            property: self.own(location.property),
            ..location
        }
    }

    /// A problem without credentials.
    #[must_use]
    pub fn problem(&self, problem: Problem) -> Problem {
        Problem {
            file: self.file(problem.file),
            message: self.text(problem.message),
            place: problem.place.map(|place| self.place(place)),
        }
    }

    fn known(&self, name: &Arc<FileName>) -> Option<&MaskedFile> {
        self.files.iter().find(|file| Arc::ptr_eq(&file.name, name) || file.name == *name)
    }

    /// Whether an edit neither removes nor adds a credential.
    fn is_harmless(&self, edit: &Edit) -> bool {
        let touches = self.known(&edit.place.file).is_none_or(|file| {
            let (start, end) = (edit.place.span.start, edit.place.span.end);
            file.secrets.found().iter().any(|secret| secret.span.start < end && start < secret.span.end)
        });
        !touches && self.text(edit.text.clone()) == edit.text
    }
}

impl Finding {
    /// The finding as it may be shown.
    #[must_use]
    pub fn mask(self, mask: &Mask) -> Masked {
        // What is hashed must not tell whether a guess at a credential is right.
        let identity = Identity::of(&mask.own(self.identity.join(SEPARATOR)));
        let fix = self.fix.map(|mut fix| {
            fix.title = mask.text(fix.title);
            fix.edits = fix.edits.filter(|edits| edits.iter().all(|edit| mask.is_harmless(edit)));
            fix.edits.iter_mut().flatten().for_each(|edit| edit.place = mask.bare_place(edit.place.clone()));
            fix
        });
        let related = self.related.into_iter().map(|mut related| {
            related.message = mask.text(related.message);
            related.place = mask.bare_place(related.place);
            related
        });
        let finding = Finding {
            message: mask.text(self.message),
            help: self.help.map(|help| mask.text(help)),
            location: mask.location(self.location),
            related: related.collect(),
            fix,
            identity: Vec::new(),
            ..self
        };
        Masked { finding, identity, fingerprint: String::new(), unchanged: false, suppressed: None }
    }
}
