//! The XML files of solutions. A file that is no XML tells nothing, and stops nothing.

use roxmltree::{Document, Node};

use crate::flow::KnownFlow;
use crate::text::Span;

/// What `solution.xml` says of the solution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The unique name.
    pub name: String,
    /// The version.
    pub version: String,
    /// Whether it is managed.
    pub managed: bool,
}

/// What a solution says of one flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workflow {
    /// The GUID, without braces, in lower case.
    pub id: String,
    /// The display name.
    pub name: String,
    /// The flow's file, as `/Workflows/…json`.
    pub file: String,
    /// The description, empty if there is none.
    pub description: String,
    /// Whether the flow is switched on; none where the solution does not say.
    pub on: Option<bool>,
}

/// A connection reference that a solution declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionReference {
    /// The logical name, which flows use.
    pub logical_name: String,
    /// The display name.
    pub display_name: String,
    /// The connector's name: `shared_office365`.
    pub connector: String,
}

impl Manifest {
    pub(super) fn read(text: &str) -> Option<Self> {
        let document = Document::parse(text).ok()?;
        let manifest = find(document.root(), "SolutionManifest")?;
        Some(Self {
            name: child_text(manifest, "UniqueName"),
            version: child_text(manifest, "Version"),
            managed: child_text(manifest, "Managed") == "1",
        })
    }
}

impl Workflow {
    /// What the flow's own file does not know as well as this.
    #[must_use]
    pub fn known_flow(&self) -> KnownFlow {
        let (name, id) = (self.name.clone(), self.id.clone());
        KnownFlow { name, id, description: self.description.clone() }
    }

    /// The one flow of a `.json.data.xml`.
    pub(super) fn read_one(text: &str) -> Option<Self> {
        let document = Document::parse(text).ok()?;
        Self::read(find(document.root(), "Workflow")?)
    }

    fn read(node: Node<'_, '_>) -> Option<Self> {
        let name = node.attribute("Name")?.trim();
        Some(Self {
            id: node.attribute("WorkflowId")?.trim_matches(['{', '}']).to_lowercase(),
            name: (!name.is_empty()).then(|| name.to_owned())?,
            file: child_text(node, "JsonFileName"),
            description: node.attribute("Description").unwrap_or_default().to_owned(),
            on: match child_text(node, "StateCode").as_str() {
                // A draft, and a flow that is suspended.
                "0" | "2" => Some(false),
                "1" => Some(true),
                _ => None,
            },
        })
    }

    /// Whether this is the flow of that file, whose path begins at the solution's root.
    #[must_use]
    pub fn is_file(&self, inner: &str) -> bool {
        self.file.trim_start_matches('/').eq_ignore_ascii_case(inner)
    }
}

/// The flows and connection references of a `customizations.xml`.
///
/// Only their two sections are parsed: the file of a zip holds whole tables beside them, megabytes that
/// nothing is asked of.
pub(super) fn customizations(text: &str) -> (Vec<Workflow>, Vec<ConnectionReference>) {
    let workflows = in_section(text, "Workflows", Workflow::read);
    let references = in_section(text, "connectionreferences", |node| {
        Some(ConnectionReference {
            logical_name: node.attribute("connectionreferencelogicalname")?.to_owned(),
            display_name: child_text(node, "connectionreferencedisplayname"),
            connector: child_text(node, "connectorid").rsplit('/').next().unwrap_or_default().to_owned(),
        })
    });
    (workflows, references)
}

/// The attribute that describes the first flow of a file that is wanted.
pub(super) fn description(text: &str, is_wanted: impl Fn(&Workflow) -> bool) -> Option<Span> {
    let document = Document::parse(text).ok()?;
    let mut nodes = document.descendants().filter(|node| node.has_tag_name("Workflow"));
    let node = nodes.find(|node| Workflow::read(*node).is_some_and(|workflow| is_wanted(&workflow)))?;
    let name = node.attribute_node("Description")?.range_qname();
    Some(Span::new(name.start, name.end))
}

/// What `read` makes of the children of the first element of that name.
fn in_section<T>(text: &str, name: &str, read: impl Fn(Node<'_, '_>) -> Option<T>) -> Vec<T> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let Some(start) = memchr::memmem::find(text.as_bytes(), open.as_bytes()) else { return Vec::new() };
    let inside = &text[start + open.len()..];
    let Some(length) = memchr::memmem::find(inside.as_bytes(), close.as_bytes()) else { return Vec::new() };
    // The prefix is declared at the root of the file.
    let namespace = "http://www.w3.org/2001/XMLSchema-instance";
    let section = format!("<{name} xmlns:xsi=\"{namespace}\">{}{close}", &inside[..length]);
    let Ok(document) = Document::parse(&section) else { return Vec::new() };
    document.root_element().children().filter_map(read).collect()
}

fn find<'a, 'i>(root: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    root.descendants().find(|node| node.has_tag_name(name))
}

fn child_text(node: Node<'_, '_>, name: &str) -> String {
    let child = node.children().find(|child| child.has_tag_name(name));
    child.and_then(|child| child.text()).unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flows_and_references_are_read_from_customizations() {
        let (workflows, references) = customizations(
            r#"<ImportExportXml><Workflows>
                 <Workflow WorkflowId="{AB}" Name="Process order" Description="x">
                   <JsonFileName>/Workflows/Processorder-AB.json</JsonFileName><StateCode>1</StateCode>
                 </Workflow></Workflows>
               <connectionreferences><connectionreference connectionreferencelogicalname="ctso_mail">
                 <connectionreferencedisplayname>Mail</connectionreferencedisplayname>
                 <connectorid>/providers/Microsoft.PowerApps/apis/shared_office365</connectorid>
               </connectionreference></connectionreferences></ImportExportXml>"#,
        );
        assert_eq!(
            (workflows[0].id.as_str(), workflows[0].name.as_str(), workflows[0].on),
            ("ab", "Process order", Some(true))
        );
        assert!(workflows[0].is_file("Workflows/ProcessOrder-AB.json"));
        assert_eq!(references[0].logical_name, "ctso_mail");
        assert_eq!(references[0].connector, "shared_office365");
    }

    #[test]
    fn the_description_of_a_flow_has_a_place() {
        let text = r#"<Workflows><Workflow WorkflowId="{AB}" Name="A" Description="1"/>
            <Workflow WorkflowId="{CD}" Name="B"  Description="2"/></Workflows>"#;
        let place = |id: &str| description(text, |workflow| workflow.id == id).map(|span| span.range());
        let nth = |n: usize| text.match_indices("Description").nth(n).map(|(at, word)| at..at + word.len());
        assert_eq!((place("ab"), place("cd"), place("ef")), (nth(0), nth(1), None));
    }

    #[test]
    fn what_is_no_xml_tells_nothing() {
        assert_eq!(customizations("<a"), (Vec::new(), Vec::new()));
        assert_eq!(Workflow::read_one("<Workflow Name=''/>"), None);
        assert_eq!(Manifest::read("{}"), None);
    }
}
