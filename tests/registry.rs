//! The generator of the registry of coded rules: names of files in, code out.

#[path = "../build/registry.rs"]
mod registry;

use registry::{Entry, registry};

fn entries(names: &[(&str, &str)]) -> Vec<Entry> {
    names
        .iter()
        .map(|(category, name)| Entry { category: (*category).into(), name: (*name).into() })
        .collect()
}

fn generated(pages: &[(&str, &str)], code: &[(&str, &str)]) -> Result<String, String> {
    registry(&entries(pages), &entries(code), "/src/rules")
}

#[test]
fn a_file_with_a_page_is_a_rule_and_a_file_without_one_a_helper() {
    let code = generated(
        &[("error-handling", "silent-catch"), ("structure", "missing-scope")],
        &[("error_handling", "silent_catch"), ("error_handling", "reach"), ("structure", "missing_scope")],
    );
    let expected = r#"mod error_handling {
    #[path = "/src/rules/error_handling/reach.rs"]
    pub(super) mod reach;
    #[path = "/src/rules/error_handling/silent_catch.rs"]
    pub(super) mod silent_catch;
}

mod structure {
    #[path = "/src/rules/structure/missing_scope.rs"]
    pub(super) mod missing_scope;
}

/// Every coded rule by its id, and how to make it.
const CODED: &[Coded] = &[
    ("missing-scope", Blueprint::of::<structure::missing_scope::MissingScope>()),
    ("silent-catch", Blueprint::of::<error_handling::silent_catch::SilentCatch>()),
];
"#;
    assert_eq!(code.as_deref(), Ok(expected));
}

#[test]
fn a_page_without_code_is_declarative_and_not_listed() {
    let code = generated(&[("structure", "empty-container")], &[]);
    assert_eq!(
        code.as_deref(),
        Ok("/// Every coded rule by its id, and how to make it.\nconst CODED: &[Coded] = &[\n];\n")
    );
}

#[test]
fn code_stands_in_the_category_of_its_page() {
    let error = generated(&[("triggers", "late-filter")], &[("error_handling", "late_filter")]);
    assert_eq!(
        error.unwrap_err(),
        "src/rules/error_handling/late_filter.rs: the page is rules/triggers/late-filter.md: move the code to src/rules/triggers/, or give a helper another name"
    );
    let error = generated(&[("error-handling", "late-filter")], &[("triggers", "late_filter")]);
    assert!(error.unwrap_err().contains("move the code to src/rules/error_handling/"));
}

#[test]
fn a_category_has_no_list_of_its_own() {
    let error = generated(&[], &[("triggers", "mod")]);
    assert!(error.unwrap_err().starts_with("src/rules/triggers/mod.rs: a category has no mod.rs"));
}

#[test]
fn the_order_of_the_files_changes_nothing() {
    let pages = [("a-b", "one-rule"), ("c", "two-rule"), ("c", "declared-only")];
    let code = [("c", "two_rule"), ("a_b", "one_rule"), ("a_b", "helper"), ("c", "uses")];
    let mut turned = (pages, code);
    turned.0.reverse();
    turned.1.reverse();
    assert_eq!(generated(&pages, &code), generated(&turned.0, &turned.1));
}
