//! The registry of coded rules, from the names of files: a rule is a `.rs` with a page of the same name.
//!
//! Works on names alone; must not read or write files, so that a test can call it.

use std::collections::{BTreeMap, BTreeSet};

/// A file below a category's folder, named without its extension.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    /// The name of the folder.
    pub(crate) category: String,
    /// The name of the file.
    pub(crate) name: String,
}

/// The code that declares the modules of all categories and lists the coded rules by id. `code` has the `.rs` files of
/// `src/rules/<category>/`, `pages` the pages of `rules/<category>/`, and `source` is where `src/rules` is.
///
/// # Errors
/// A file that is neither a rule nor a helper; the message says which, and what to do.
pub(crate) fn registry(pages: &[Entry], code: &[Entry], source: &str) -> Result<String, String> {
    let mut categories: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut rules: BTreeMap<String, String> = BTreeMap::new();
    for Entry { category, name } in code {
        categories.entry(category).or_default().insert(name);
        let id = name.replace('_', "-");
        let file = format!("src/rules/{category}/{name}.rs");
        if name == "mod" {
            return Err(format!(
                "{file}: a category has no mod.rs, because build.rs declares its modules: move what it holds to a file with another name"
            ));
        }
        let homes: Vec<&str> =
            pages.iter().filter(|page| page.name == id).map(|page| &*page.category).collect();
        if homes.iter().any(|home| module(home) == *category) {
            rules.insert(id, format!("{category}::{name}::{}", type_name(name)));
        } else if let Some(home) = homes.first() {
            return Err(format!(
                "{file}: the page is rules/{home}/{id}.md: move the code to src/rules/{}/, or give a helper another name",
                module(home)
            ));
        }
    }
    let mut text = String::new();
    for (category, names) in categories {
        text.push_str(&format!("mod {category} {{\n"));
        for name in names {
            let path = format!("{source}/{category}/{name}.rs");
            text.push_str(&format!("    #[path = {path:?}]\n    pub(super) mod {name};\n"));
        }
        text.push_str("}\n\n");
    }
    text.push_str("/// Every coded rule by its id, and how to make it.\nconst CODED: &[Coded] = &[\n");
    for (id, path) in rules {
        text.push_str(&format!("    ({id:?}, Blueprint::of::<{path}>()),\n"));
    }
    text.push_str("];\n");
    Ok(text)
}

/// The module of a category: `error_handling` for `error-handling`.
fn module(category: &str) -> String {
    category.replace('-', "_")
}

/// The type that a rule's file defines: `MissingScope` in `missing_scope`.
fn type_name(module: &str) -> String {
    let capitalised = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
            .unwrap_or_default()
    };
    module.split('_').map(capitalised).collect()
}
