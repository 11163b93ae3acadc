//! Files of Excel, Word and OneDrive that are picked by their ids.

use super::literal_group::environment_variable_help;
use crate::flow::FlowAnalysis;
use crate::json::{Node, raw_span};
use crate::linter::{CodedRule, Interest, NoOptions, OptionError, RuleContext};
use crate::text::Span;

/// Parameters that hold a file, a folder or a script.
const FILES: [&str; 4] = ["file", "id", "folderid", "scriptid"];

/// Length of the id of an item on a drive of SharePoint or OneDrive for Business.
const ITEM: usize = 34;

/// A file that is written into the flow.
struct File {
    id: String,
    /// The path by which the designer remembers it.
    path: Option<String>,
    places: Vec<Span>,
    /// Where its drive and its site are written, and what that is.
    around: Vec<(Span, &'static str)>,
}

/// What the inputs of one trigger or action name in plain text.
#[derive(Default)]
struct Named {
    files: Vec<(String, Span)>,
    around: Vec<(Span, &'static str)>,
    on_drive: bool,
}

#[derive(Debug)]
pub(crate) struct HardcodedPath;

impl CodedRule for HardcodedPath {
    type Options = NoOptions;
    const ON: &'static [Interest] = &[Interest::Flow];

    fn compile(_: NoOptions) -> Result<Self, OptionError> {
        Ok(Self)
    }

    fn flow<'a>(&self, flow: &FlowAnalysis<'a>, cx: &mut RuleContext<'_, 'a>) {
        let mut files: Vec<File> = Vec::new();
        let triggers = flow.triggers.iter().map(|trigger| (flow.trigger_operation(trigger), trigger.node));
        let actions = flow.actions.iter().map(|action| (flow.action_operation(action), action.node));
        for (operation, node) in triggers.chain(actions) {
            if operation.is_some_and(|operation| operation.service.picks_files()) {
                collect(named(flow, node), node, &mut files);
            }
        }
        for mut file in files {
            file.places.sort_unstable();
            let what = match &file.path {
                Some(path) => format!("'{path}' is picked on this one drive, which is written into the flow"),
                None => format!("'{}' is the id that a file has on this one drive", shortened(&file.id)),
            };
            let draft = cx.report(
                file.places[0],
                format!("{what}: in another environment it means this file still, or none"),
            );
            draft.grouped().help(environment_variable_help(flow, "drive and file", ""));
            for place in &file.places[1..] {
                draft.related(*place, "the same file");
            }
            for (place, what) in file.around {
                draft.related(place, what);
            }
        }
    }
}

fn named<'a>(flow: &FlowAnalysis<'a>, node: &'a Node<'a>) -> Named {
    let mut named = Named::default();
    flow.each_parameter(node, &mut |key, value| {
        let key = key.to_ascii_lowercase();
        let Some(literal) = (FILES.contains(&key.as_str()) || key == "drive" || key == "source")
            .then(|| flow.literal(value))
            .flatten()
        else {
            return;
        };
        if FILES.contains(&key.as_str()) {
            named.files.push((literal.text.to_owned(), literal.span));
        } else if is_drive(literal.text) {
            named.drive(literal.span);
        } else if key == "source" && literal.text.contains('/') {
            named.around.push((literal.span, "of this site or group"));
        }
    });
    // The older dialect has them in the path: `/drives/@{encodeURIComponent('b!…')}/files/@{encodeURIComponent('01…')}`.
    if let Some(path) = node.at(&["inputs", "path"])
        && let Some(template) = flow.template_of(path)
    {
        for expr in template.expressions() {
            expr.each_text(&mut |text, at| {
                let span = raw_span(&flow.source.text, path.span, at.range());
                if is_item(text) {
                    named.files.push((text.to_owned(), span));
                } else if is_drive(text) {
                    named.drive(span);
                }
            });
        }
    }
    named
}

impl Named {
    fn drive(&mut self, place: Span) {
        self.on_drive = true;
        self.around.push((place, "on this drive"));
    }
}

/// Adds what an operation names to the files of the flow, each of which is reported once.
fn collect(named: Named, node: &Node<'_>, files: &mut Vec<File>) {
    for (id, place) in named.files {
        // A path is fine by itself; on a drive that is written into the flow, the two belong together.
        let is_path = named.on_drive && id.starts_with('/');
        if !is_item(&id) && !is_path {
            continue;
        }
        let remembered = node.at(&["metadata", &id]).and_then(Node::as_str).map(str::to_owned);
        let path = remembered.or_else(|| is_path.then(|| id.clone()));
        let at = files.iter().position(|file| file.id == id).unwrap_or_else(|| {
            files.push(File { id, path: None, places: Vec::new(), around: Vec::new() });
            files.len() - 1
        });
        let file = &mut files[at];
        if file.path.is_none() {
            file.path = path;
        }
        if !file.places.contains(&place) {
            file.places.push(place);
        }
        for around in &named.around {
            if !file.around.contains(around) {
                file.around.push(*around);
            }
        }
    }
}

/// Whether a text is the id of a drive.
fn is_drive(text: &str) -> bool {
    text.starts_with("b!") && !text.contains('.')
}

/// Whether a text is the id of a file or folder, by itself, behind its drive or in the address of a script; or, on a
/// OneDrive of one's own, the id of the drive, an exclamation mark and a number.
fn is_item(text: &str) -> bool {
    let ends_as_item = text.len().checked_sub(ITEM).and_then(|from| text.get(from..)).is_some_and(|id| {
        id.starts_with("01")
            && id.bytes().skip(2).all(|byte| byte.is_ascii_uppercase() || (b'2'..=b'7').contains(&byte))
    });
    let before = text.get(..text.len().saturating_sub(ITEM)).unwrap_or("");
    let stands_alone = before.is_empty() || before.ends_with(['.', '/']) || before.ends_with("%2F");
    let is_own = text.split_once('!').is_some_and(|(drive, number)| {
        (12..=16).contains(&drive.len())
            && drive.bytes().all(|byte| byte.is_ascii_hexdigit())
            && !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    (ends_as_item && stands_alone) || is_own
}

/// The beginning of an id, which is enough to find it.
fn shortened(id: &str) -> String {
    let item = id.rsplit(['.', '/']).next().and_then(|id| id.rsplit("%2F").next()).unwrap_or(id);
    let start: String = item.chars().take(12).collect();
    if start.len() < item.len() { format!("{start}…") } else { start }
}
