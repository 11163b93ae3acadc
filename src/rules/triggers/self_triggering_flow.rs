//! Flows that write what they listen to, so that a run starts the next one.

use super::dataverse::{includes_added, includes_modified, is_dataverse, is_set_of, text};
use crate::flow::{Action, Flow, Operation, Trigger};
use crate::json::Node;
use crate::operations::Kind;
use crate::rule::Cx;

/// What a trigger listens to.
struct Listens {
    /// The table or list, as written.
    source: Vec<String>,
    /// Whether something new starts it.
    new: bool,
    /// Whether a change starts it.
    change: bool,
    /// The columns whose change starts it, in lower case; all where there are none.
    columns: Vec<String>,
    /// What the trigger asks before it starts a run, in lower case.
    filter: String,
}

pub(super) fn check<'a>(flow: &Flow<'a>, cx: &mut Cx<'_, 'a>) {
    let [trigger] = flow.triggers.as_slice() else { return };
    let Some(operation) = flow.trigger_operation(trigger) else { return };
    let Some(listens) = listens(trigger, operation) else { return };
    let writes: Vec<&Action<'a>> =
        flow.actions.iter().filter(|action| starts_again(flow, action, operation, &listens)).collect();
    let [first, rest @ ..] = writes.as_slice() else { return };
    let message = format!(
        "'{}' writes what '{}' listens to: each run starts another one, and only a condition inside the flow can end that",
        first.name, trigger.name
    );
    let help = match is_dataverse(operation) {
        true => {
            "Trigger › Select columns: those that the flow does not write. Or Filter rows: shut out the values that it writes."
        }
        false => {
            "Trigger › Settings › Trigger conditions: shut out what the flow writes, for example @not(equals(triggerOutputs()?['body/Status/Value'], 'Done'))."
        }
    };
    let draft = cx.report(first.key_span, message);
    draft.grouped().help(help).related(trigger.key_span, "this starts again");
    for action in rest {
        draft.related(action.key_span, format!("so does '{}'", action.name));
    }
}

fn is_sharepoint(operation: Operation<'_>) -> bool {
    operation.connector.eq_ignore_ascii_case("shared_sharepointonline")
}

fn listens(trigger: &Trigger<'_>, operation: Operation<'_>) -> Option<Listens> {
    let parameter =
        |name: &str| trigger.node.at(&["inputs", "parameters", name]).map(text).unwrap_or_default();
    let conditions = trigger.node.get("conditions").map(Node::elements).unwrap_or_default();
    let mut filter: String = conditions
        .iter()
        .filter_map(|condition| condition.get("expression"))
        .map(text)
        .collect::<Vec<_>>()
        .join(" ");
    if is_dataverse(operation) {
        let table = parameter("subscriptionRequest/entityname").to_ascii_lowercase();
        if table.is_empty() || table.contains('@') {
            return None;
        }
        let message = parameter("subscriptionRequest/message");
        filter.push_str(&parameter("subscriptionRequest/filterexpression"));
        let columns = parameter("subscriptionRequest/filteringattributes").to_ascii_lowercase();
        // Columns that are computed may be any.
        if columns.contains('@') {
            return None;
        }
        return Some(Listens {
            source: vec![table],
            new: includes_added(&message),
            change: includes_modified(&message),
            columns: columns
                .split(',')
                .map(|column| column.trim().to_owned())
                .filter(|column| !column.is_empty())
                .collect(),
            filter: filter.to_ascii_lowercase(),
        });
    }
    let (new, change) = match operation.id.to_ascii_lowercase().as_str() {
        "getonnewitems" => (true, false),
        "getonupdateditems" | "getonchangeditems" => (true, true),
        _ => return None,
    };
    let source = vec![parameter("dataset"), parameter("table")];
    (is_sharepoint(operation) && source.iter().all(|part| !part.is_empty())).then(|| Listens {
        source,
        new,
        change,
        columns: Vec::new(),
        filter: filter.to_ascii_lowercase(),
    })
}

/// Whether what an action writes starts the flow again, as far as the file tells.
fn starts_again<'a>(flow: &Flow<'a>, action: &Action<'a>, trigger: Operation<'_>, listens: &Listens) -> bool {
    let Some(operation) = flow.action_operation(action) else { return false };
    if !operation.connector.eq_ignore_ascii_case(trigger.connector) {
        return false;
    }
    let by_kind = match flow.known_operation(action).map(|known| known.kind) {
        Some(Kind::Create) => listens.new,
        // An upsert of a row that is there is a change; that it makes a fresh one is not certain.
        Some(Kind::Update | Kind::Upsert) => listens.change,
        _ => return false,
    };
    let parameter =
        |name: &str| action.node.at(&["inputs", "parameters", name]).map(text).unwrap_or_default();
    let is_same = match listens.source.as_slice() {
        [table] => is_set_of(&parameter("entityName").to_ascii_lowercase(), table),
        [site, list] => parameter("dataset") == *site && parameter("table") == *list,
        _ => false,
    };
    if !by_kind || !is_same {
        return false;
    }
    let written = written_columns(action);
    // A whole row that is computed: which columns it sets is not known.
    if written.is_empty() {
        return false;
    }
    let is_create = flow.known_operation(action).is_some_and(|known| known.kind == Kind::Create);
    let among = is_create
        || listens.columns.is_empty()
        || written.iter().any(|column| listens.columns.contains(column));
    // A filter on what is written may shut it out.
    let may_be_shut_out = written.iter().any(|column| listens.filter.contains(column.as_str()))
        || (is_create && !listens.filter.trim().is_empty());
    among && !may_be_shut_out
}

/// The columns that an action sets, in lower case, without what binds a look-up.
fn written_columns(action: &Action<'_>) -> Vec<String> {
    let members = action.node.at(&["inputs", "parameters"]).map(Node::members).unwrap_or_default();
    let column = |key: &str| key.strip_prefix("item/").map(plain_column);
    let mut columns: Vec<String> = members.iter().filter_map(|member| column(member.key)).collect();
    let item = members.iter().find(|member| member.key == "item").map(|member| member.value.members());
    columns.extend(item.unwrap_or_default().iter().map(|member| plain_column(member.key)));
    columns
}

fn plain_column(key: &str) -> String {
    let key = key.split(['/', '@']).next().unwrap_or(key);
    key.to_ascii_lowercase()
}
