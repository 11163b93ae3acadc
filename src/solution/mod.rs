//! What stands around a flow: the solution or package it belongs to, read for names, identity and
//! references, whether or not it was named on the command line.
//!
//! Reads folders and archives alike, by way of [`Files`]; knows nothing of rules. Everything is read when
//! it is first asked for.

mod files;
mod owners;
mod row_events;
mod summary;
mod xml;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

pub use files::{ArchiveFiles, Files};
pub use owners::Owner;
pub use row_events::{RowEvents, Rows};
pub use summary::{ChildCall, FlowSummary, SolutionView, TriggerSummary};
pub use xml::{ConnectionReference, Manifest, Workflow};

use crate::flow::KnownFlow;
use crate::text::{FileName, Source, Span};

/// Where a solution lists what is in it, in its zip and unpacked.
const CUSTOMIZATIONS: [&str; 2] = ["customizations.xml", "Other/Customizations.xml"];

/// The solution or package around a flow.
#[derive(Debug)]
pub struct SolutionFiles {
    /// Whether it is a solution or a legacy package.
    pub kind: Kind,
    files: Box<dyn Files>,
    manifest: OnceLock<Option<Manifest>>,
    customizations: OnceLock<(Vec<Workflow>, Vec<ConnectionReference>)>,
    settings: OnceLock<Vec<Owner>>,
    is_listed: OnceLock<bool>,
}

/// A flow's place in its surroundings.
#[derive(Clone, Debug)]
pub struct SolutionContext {
    /// The solution or package.
    pub files: Arc<SolutionFiles>,
    /// The way from its root to the flow's file, with `/`.
    pub inner: String,
}

/// The file beside a flow that holds the flow's description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// Its path from the root, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
    /// The attribute that holds the description.
    pub span: Span,
}

/// The kinds of container that flows are exported in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A solution.
    Solution,
    /// A legacy package.
    Package,
}

/// Where the container of a flow begins, told by the flow's own path (with `/`): the kind, the path of
/// the root, and the way from there to the flow. None for a flow that stands alone.
#[must_use]
pub fn root_of(path: &str) -> Option<(Kind, &str, &str)> {
    let segments: Vec<&str> = path.split('/').collect();
    let is = |from_end: usize, name: &str| {
        segments.len().checked_sub(from_end).is_some_and(|at| segments[at].eq_ignore_ascii_case(name))
    };
    let (kind, depth) = if is(1, "definition.json") && is(3, "flows") && is(4, "Microsoft.Flow") {
        (Kind::Package, 4)
    } else if is(2, "Workflows") || is(2, "modernflows") {
        (Kind::Solution, 2)
    } else {
        return None;
    };
    let inner: usize =
        segments[segments.len() - depth..].iter().map(|segment| segment.len() + 1).sum::<usize>() - 1;
    let root = path[..path.len() - inner].trim_end_matches('/');
    Some((kind, root, &path[path.len() - inner..]))
}

impl SolutionContext {
    /// What the solution says of the flow: its name, id and description.
    #[must_use]
    pub fn known_flow(&self) -> Option<KnownFlow> {
        Some(self.workflow()?.known_flow())
    }

    /// All that the solution says of the flow.
    #[must_use]
    pub fn workflow(&self) -> Option<Workflow> {
        self.files.workflow(&self.inner)
    }

    /// Where the solution says what the flow is for: in the file beside it, else in `customizations.xml`.
    #[must_use]
    pub fn described(&self) -> Option<Described> {
        self.files.described(&self.inner)
    }

    /// The file that describes a flow, under the name that goes with the flow's own, and the attribute that does.
    #[must_use]
    pub fn description_of(&self, flow: &FileName) -> Option<(Source, Span)> {
        let described = self.described()?;
        let name = self.named_beside(flow, &described.path)?;
        Some((Source::of(name, described.text), described.span))
    }

    /// The root of the solution for machines, as it goes with the name of this flow's file.
    #[must_use]
    pub fn root_of(&self, flow: &FileName) -> String {
        let root =
            |own: &str| own.strip_suffix(self.inner.as_str()).unwrap_or(own).trim_end_matches('/').to_owned();
        match &flow.member {
            Some(member) => format!("{}/{}", flow.path, root(member)).trim_end_matches('/').to_owned(),
            None => root(&flow.path),
        }
    }

    /// The same solution, as another flow of it stands in it: told by the path of the flow's file.
    #[must_use]
    pub fn for_file(&self, flow: &FileName) -> Self {
        let inner = root_of(flow.inner()).map_or(flow.inner(), |(_, _, inner)| inner);
        Self { files: Arc::clone(&self.files), inner: inner.to_owned() }
    }

    /// The files of the solution that may hold a flow, named as they go with the name of this flow's file.
    #[must_use]
    pub fn flow_files(&self, flow: &FileName) -> Vec<FileName> {
        let folder = self.inner.rsplit_once('/').map_or("", |(folder, _)| folder);
        let named = |path: String| self.named_beside(flow, &path);
        match self.files.kind {
            Kind::Solution => {
                let files = self.files.files.files(folder).into_iter();
                let is_json = |name: &String| name.to_ascii_lowercase().ends_with(".json");
                files.filter(is_json).filter_map(|name| named(format!("{folder}/{name}"))).collect()
            }
            Kind::Package => {
                let above = folder.rsplit_once('/').map_or("", |(above, _)| above);
                let folders = self.files.files.folders(above).into_iter();
                folders.filter_map(|name| named(format!("{above}/{name}/definition.json"))).collect()
            }
        }
    }

    /// The text of a file of the solution.
    #[must_use]
    pub fn source(&self, name: FileName) -> Option<Source> {
        let (_, _, inner) = root_of(name.inner())?;
        let text = files::text(self.files.files.as_ref(), inner)?;
        Some(Source::of(name, text))
    }

    /// The name of a file of the solution, by its path from the root, as it goes with the name of this flow's file.
    #[must_use]
    pub fn named_beside(&self, flow: &FileName, path: &str) -> Option<FileName> {
        let own = root_of(flow.inner()).map_or(self.inner.as_str(), |(_, _, inner)| inner);
        // Whoever stands in a folder of the solution names files from there: what both ways share is not written.
        let equal = own.bytes().zip(path.bytes()).take_while(|(a, b)| a == b).count();
        let shared =
            own.as_bytes()[..equal].iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
        let beside = |full: &str| {
            let longer = full.strip_suffix(own).map(|root| format!("{root}{path}"));
            let end = || path.strip_prefix(own).map(|end| format!("{full}{end}"));
            let shorter =
                || full.strip_suffix(&own[shared..]).map(|above| format!("{above}{}", &path[shared..]));
            longer.or_else(end).or_else(shorter)
        };
        match &flow.member {
            Some(member) => Some(FileName { member: Some(beside(member)?), ..flow.clone() }),
            None => {
                let above =
                    |native: &PathBuf| Some(native.ancestors().nth(own.split('/').count())?.join(path));
                let native = flow.native.as_ref().and_then(above);
                let machine = beside(&flow.path)?;
                let shown = beside(&flow.shown).unwrap_or_else(|| machine.clone());
                Some(FileName { path: machine, shown, member: None, native })
            }
        }
    }

    /// Who the flow's connections belong to, as far as files around it tell.
    #[must_use]
    pub fn owners(&self) -> Vec<Owner> {
        self.files.owners(&self.inner)
    }
}

impl SolutionFiles {
    /// SolutionFiles of that kind that are read from these files.
    #[must_use]
    pub fn new(kind: Kind, files: Box<dyn Files>) -> Self {
        Self {
            kind,
            files,
            manifest: OnceLock::new(),
            customizations: OnceLock::new(),
            settings: OnceLock::new(),
            is_listed: OnceLock::new(),
        }
    }

    /// Name and version of the solution, from `solution.xml`.
    #[must_use]
    pub fn manifest(&self) -> Option<&Manifest> {
        let read =
            || self.text(&["solution.xml", "Other/Solution.xml"]).and_then(|text| Manifest::read(&text));
        self.manifest.get_or_init(read).as_ref()
    }

    /// What the solution says of one of its flows: from the file beside it, else from
    /// `customizations.xml`. `inner` is the way from the root to the flow.
    #[must_use]
    pub fn workflow(&self, inner: &str) -> Option<Workflow> {
        let beside = self.text(&[&format!("{inner}.data.xml")]).and_then(|text| Workflow::read_one(&text));
        beside.or_else(|| self.workflows().iter().find(|workflow| workflow.is_file(inner)).cloned())
    }

    fn described(&self, inner: &str) -> Option<Described> {
        let beside = format!("{inner}.data.xml");
        [beside.as_str(), CUSTOMIZATIONS[0], CUSTOMIZATIONS[1]].into_iter().find_map(|path| {
            let text = self.text(&[path])?;
            let span = xml::description(&text, |workflow| path == beside || workflow.is_file(inner))?;
            Some(Described { path: path.to_owned(), text, span })
        })
    }

    /// Whether the solution lists its flows: in `customizations.xml`, or in files beside them.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        *self.is_listed.get_or_init(|| {
            let is_listing = |name: &String| name.to_ascii_lowercase().ends_with(".json.data.xml");
            !self.workflows().is_empty() || self.files.files("Workflows").iter().any(is_listing)
        })
    }

    /// The flows that `customizations.xml` lists; a solution that is unpacked lists none there.
    #[must_use]
    pub fn workflows(&self) -> &[Workflow] {
        &self.customizations().0
    }

    /// The connection references that the solution declares.
    #[must_use]
    pub fn connection_references(&self) -> &[ConnectionReference] {
        &self.customizations().1
    }

    /// Who the connections of a flow belong to, as far as files around it tell.
    #[must_use]
    pub fn owners(&self, inner: &str) -> Vec<Owner> {
        match self.kind {
            Kind::Package => owners::of_package(self.files.as_ref(), inner),
            Kind::Solution => self.settings.get_or_init(|| owners::of_settings(self.files.as_ref())).clone(),
        }
    }

    fn customizations(&self) -> &(Vec<Workflow>, Vec<ConnectionReference>) {
        self.customizations.get_or_init(|| {
            let text = self.text(&CUSTOMIZATIONS);
            text.map(|text| xml::customizations(&text)).unwrap_or_default()
        })
    }

    fn text(&self, paths: &[&str]) -> Option<String> {
        paths.iter().find_map(|path| files::text(self.files.as_ref(), path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_told_by_the_path_of_the_flow() {
        let root = |path| root_of(path);
        assert_eq!(root("a/b/Workflows/X.json"), Some((Kind::Solution, "a/b", "Workflows/X.json")));
        assert_eq!(root("workflows/X.json"), Some((Kind::Solution, "", "workflows/X.json")));
        assert_eq!(root("/Workflows/X.json"), Some((Kind::Solution, "", "Workflows/X.json")));
        let package = "p/Microsoft.Flow/flows/1/definition.json";
        assert_eq!(root(package), Some((Kind::Package, "p", "Microsoft.Flow/flows/1/definition.json")));
        assert_eq!(root("a/X.json"), None);
        assert_eq!(root("X.json"), None);
    }
}
