//! How Dataverse names columns and sets of rows.

/// The column that a name in a row or a row filter stands for, in lower case: itself, the look-up behind
/// `_customerid_value`, the choice behind `_statuscode_label`. None for what is no name of a column. Source: Dataverse
/// documentation, query data with the web API, look-up properties and formatted values.
#[must_use]
pub fn column(name: &str) -> Option<String> {
    let plain = name.split('@').next()?.to_ascii_lowercase();
    let inner = plain.strip_prefix('_').and_then(|rest| {
        ["_value", "_label", "_type"].into_iter().find_map(|suffix| rest.strip_suffix(suffix))
    });
    let column = inner.unwrap_or(&plain);
    let is_name = column.starts_with(|c: char| c.is_ascii_lowercase())
        && column.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then(|| column.to_owned())
}

/// Whether a set of rows is that of a table, by the plurals that Dataverse makes; both in lower case.
#[must_use]
pub fn is_set_of(set: &str, table: &str) -> bool {
    let ies = table.strip_suffix('y').map(|stem| format!("{stem}ies"));
    set == format!("{table}s") || set == format!("{table}es") || ies.as_deref() == Some(set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_a_row_stand_for_columns() {
        for (name, expected) in [
            ("ctso_Name", Some("ctso_name")),
            ("_ctso_customer_value", Some("ctso_customer")),
            ("_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname", Some("ownerid")),
            ("_statuscode_label", Some("statuscode")),
            ("statuscode@OData.Community.Display.V1.FormattedValue", Some("statuscode")),
            ("ctso_my_value", Some("ctso_my_value")),
            ("a b", None),
            ("", None),
        ] {
            assert_eq!(column(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn sets_are_plurals_of_tables() {
        for (set, table, is) in [
            ("ctso_orders", "ctso_order", true),
            ("ctso_boxes", "ctso_box", true),
            ("ctso_cities", "ctso_city", true),
            ("ctso_order", "ctso_order", false),
        ] {
            assert_eq!(is_set_of(set, table), is, "{set}");
        }
    }
}
