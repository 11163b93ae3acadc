//! Reads one Rust file and lists the paths that it mentions. Knows nothing of the table of rooms.
//!
//! Paths count wherever the compiler follows them: imports, expressions, types, attributes, and the
//! tokens of macros. Links in doc comments and `pub(in …)` don't count, and neither does anything in a
//! `#[cfg(test)]` module: a test may use every room.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::visit::{self, Visit};

/// A path with its names in order.
pub(crate) type Names = Vec<String>;

/// What a mention leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    /// A path from the root of this crate. An empty one is the root itself, imported whole or renamed.
    Inside(Names),
    /// A path into another crate. Local names such as `Self::new` end up here, too; they match no wall.
    Outside {
        path: Names,
        /// The names at the beginning that an import has already mentioned.
        imported: usize,
        glob: bool,
    },
    /// A call of a method without arguments, such as `path.exists()`.
    Method(String),
}

/// A place in a file that mentions something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mention {
    pub line: usize,
    pub target: Target,
}

/// What a file says.
#[derive(Default)]
pub(crate) struct Mentions {
    pub found: BTreeSet<Mention>,
    /// The modules and imports of the file that lead into this crate, with the module at the root of the
    /// crate that each leads to. In `lib.rs` they are what `crate::` can begin with.
    pub names: BTreeMap<String, String>,
    /// Modules that are compiled for tests only and stand in files of their own.
    pub test_modules: Vec<Names>,
}

/// The module that a file below `src/` is: `flow/run_order/mod.rs` is `flow::run_order`.
pub(crate) fn module_of(file: &str) -> Names {
    let mut module: Names = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| last == "mod") || matches!(file, "lib.rs" | "main.rs") {
        module.pop();
    }
    module
}

/// Everything that the text of a file mentions.
pub(crate) fn mentions(file: &str, text: &str) -> syn::Result<Mentions> {
    let syntax = syn::parse_file(text)?;
    let mut reader = Reader { module: module_of(file), ..Reader::default() };
    if is_for_tests(&syntax.attrs) {
        return Ok(reader.mentions);
    }
    // Names first: an import may stand below the code that needs it.
    reader.pass = Pass::Names;
    reader.visit_file(&syntax);
    reader.pass = Pass::Mentions;
    reader.visit_file(&syntax);
    reader.mentions.names = reader.names();
    Ok(reader.mentions)
}

/// Whether the attributes hold `#[cfg(test)]` or `#[cfg(all(test, …))]`.
fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    let mut found = false;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")) {
        // What isn't understood here (`feature = "x"`) ends the parsing, and `test` wasn't before it.
        let _ = attribute.parse_nested_meta(|meta| {
            found |= meta.path.is_ident("test");
            if meta.path.is_ident("all") {
                return meta.parse_nested_meta(|inner| {
                    found |= inner.path.is_ident("test");
                    Ok(())
                });
            }
            Ok(())
        });
    }
    found
}

/// A path as far as it is known without the names that are in scope.
#[derive(Clone)]
struct Path {
    names: Names,
    /// Whether it starts at the root of this crate.
    absolute: bool,
    /// Whether it starts with `::`, so that no name in scope can stand for its beginning.
    external: bool,
}

impl Path {
    fn first(&self) -> Option<&String> {
        self.names.first()
    }
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Pass {
    /// Collects what imports and modules bring into scope.
    #[default]
    Names,
    /// Collects the mentions.
    Mentions,
}

#[derive(Default)]
struct Reader {
    pass: Pass,
    /// The module that is being read.
    module: Names,
    /// What a name in this file may stand for. Scopes are not distinguished: all candidates count.
    bound: BTreeMap<String, Vec<Path>>,
    mentions: Mentions,
}

impl Reader {
    /// Resolves `crate`, `self` and `super`.
    fn anchor(&self, names: &[String], external: bool) -> Path {
        let from = |base: &[String], rest: &[String]| Path {
            names: [base, rest].concat(),
            absolute: true,
            external: false,
        };
        match names.first().map(String::as_str) {
            Some("crate") => from(&[], &names[1..]),
            Some("self" | "super") => {
                let rest = &names[usize::from(names[0] == "self")..];
                let up = rest.iter().take_while(|name| *name == "super").count();
                from(&self.module[..self.module.len().saturating_sub(up)], &rest[up..])
            }
            _ => Path { names: names.to_vec(), absolute: false, external },
        }
    }

    /// See [`Mentions::names`].
    fn names(&self) -> BTreeMap<String, String> {
        let root = |path: &Path| path.first().filter(|_| path.absolute).cloned();
        // In `pub use linter::lint;` the first name is a module of the file.
        let through =
            |path: &Path| root(path).or_else(|| self.bound.get(path.first()?)?.iter().find_map(root));
        let names = self.bound.iter().filter_map(|(name, paths)| {
            let found = paths.iter().find_map(through)?;
            Some((name.clone(), found))
        });
        names.collect()
    }

    fn add(&mut self, span: Span, target: Target) {
        self.mentions.found.insert(Mention { line: span.start().line, target });
    }

    /// Notes a path. `glob` says that it is imported with all that is in it.
    fn note(&mut self, span: Span, names: &[String], external: bool, glob: bool) {
        let path = self.anchor(names, external);
        if path.absolute {
            return self.add(span, Target::Inside(path.names));
        }
        for (path, imported) in self.candidates(path, 0, 4) {
            self.add(span, Target::Outside { path, imported, glob });
        }
    }

    /// The outside paths that a relative path may stand for. What an import has brought in from
    /// inside of the crate isn't among them: the import is the mention.
    fn candidates(&self, path: Path, imported: usize, depth: usize) -> Vec<(Names, usize)> {
        let bound = match path.first() {
            Some(first) if !path.external && depth > 0 => self.bound.get(first),
            _ => None,
        };
        let Some(bound) = bound else {
            return vec![(path.names, imported)];
        };
        let mut found = Vec::new();
        for start in bound.iter().filter(|start| !start.absolute) {
            let whole = Path { names: [&start.names, &path.names[1..]].concat(), ..start.clone() };
            // `use clap;` brings in what is in scope anyway: it must not hide itself.
            let is_same = start.first() == path.first();
            let (imported, depth) = if is_same { (imported, 0) } else { (start.names.len(), depth - 1) };
            found.extend(self.candidates(whole, imported, depth));
        }
        found
    }

    /// One path of a `use`, with the name that it brings into scope.
    fn import(&mut self, span: Span, names: &[String], external: bool, name: Option<String>) {
        if self.pass == Pass::Mentions {
            return self.note(span, names, external, name.is_none());
        }
        if let Some(name) = name.filter(|name| name != "_") {
            let path = self.anchor(names, external);
            self.bound.entry(name).or_default().push(path);
        }
    }

    fn import_tree(&mut self, tree: &syn::UseTree, before: &[String], external: bool) {
        let longer = |ident: &Ident| match ident.to_string().as_str() {
            "self" if !before.is_empty() => before.to_vec(),
            _ => [before, &[word(ident)]].concat(),
        };
        match tree {
            syn::UseTree::Path(part) => self.import_tree(&part.tree, &longer(&part.ident), external),
            syn::UseTree::Name(part) => {
                let names = longer(&part.ident);
                let name = names.last().cloned();
                self.import(part.ident.span(), &names, external, name);
            }
            syn::UseTree::Rename(part) => {
                self.import(part.ident.span(), &longer(&part.ident), external, Some(word(&part.rename)));
            }
            syn::UseTree::Glob(part) => {
                self.import(part.star_token.spans[0], before, external, None);
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.import_tree(tree, before, external);
                }
            }
        }
    }

    /// The paths and calls in the tokens of a macro. `before` is what stands before `::{…}`.
    fn tokens(&mut self, stream: TokenStream, before: &[String]) {
        let trees: Vec<TokenTree> = stream.into_iter().collect();
        let is = |at: usize, sign: char| matches!(trees.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
        let colons = |at: usize| is(at, ':') && is(at + 1, ':');
        let ident = |at: usize| match trees.get(at) {
            Some(TokenTree::Ident(ident)) => Some(ident),
            _ => None,
        };
        let mut at = 0;
        while at < trees.len() {
            if let TokenTree::Group(group) = &trees[at] {
                self.tokens(group.stream(), &[]);
            }
            let Some(first) = ident(at) else {
                at += 1;
                continue;
            };
            let start = at;
            let mut names = [before, &[word(first)]].concat();
            at += 1;
            while colons(at)
                && let Some(next) = ident(at + 2)
            {
                names.push(word(next));
                at += 3;
            }
            let after_colons = start >= 2 && colons(start - 2);
            let after_end = start >= 3 && (is(start - 3, '>') || ident(start - 3).is_some());
            if start >= 1 && is(start - 1, '.') && !(start >= 2 && is(start - 2, '.')) {
                if is_empty_call(trees.get(at)) {
                    self.add(first.span(), Target::Method(word(first)));
                }
            } else if after_colons && after_end {
                // The rest of `Vec::<u8>::new`.
            } else if colons(at)
                && let Some(TokenTree::Group(group)) = trees.get(at + 2)
                && group.delimiter() == Delimiter::Brace
            {
                self.tokens(group.stream(), &names);
                at += 3;
            } else if colons(at) && is(at + 2, '*') {
                self.note(first.span(), &names, after_colons, true);
            } else if names.len() > 1 && !is_renaming(&trees, start, before) {
                if names.last().is_some_and(|last| last == "self") {
                    names.pop();
                }
                self.note(first.span(), &names, after_colons, false);
            }
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        let name = word(&module.ident);
        let path = [self.module.as_slice(), std::slice::from_ref(&name)].concat();
        if is_for_tests(&module.attrs) {
            if module.content.is_none() && self.pass == Pass::Names {
                self.mentions.test_modules.push(path);
            }
            return;
        }
        if self.pass == Pass::Names {
            let path = Path { names: path, absolute: true, external: false };
            self.bound.entry(name.clone()).or_default().push(path);
        }
        self.module.push(name);
        visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.import_tree(&item.tree, &[], item.leading_colon.is_some());
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        let name = item.rename.as_ref().map_or(&item.ident, |(_, name)| name);
        // `extern crate self as name` renames the root of this crate.
        let names = [if item.ident == "self" { "crate".to_owned() } else { word(&item.ident) }];
        self.import(item.ident.span(), &names, true, Some(word(name)));
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if self.pass == Pass::Mentions && path.segments.len() > 1 {
            let names: Names = path.segments.iter().map(|segment| word(&segment.ident)).collect();
            self.note(path.segments[0].ident.span(), &names, path.leading_colon.is_some(), false);
        }
        visit::visit_path(self, path);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if self.pass == Pass::Mentions && call.args.is_empty() {
            self.add(call.method.span(), Target::Method(word(&call.method)));
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        if self.pass == Pass::Mentions {
            self.tokens(call.tokens.clone(), &[]);
        }
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        let syn::Meta::List(list) = &attribute.meta else {
            return visit::visit_attribute(self, attribute);
        };
        self.visit_path(&list.path);
        if self.pass == Pass::Names {
            return;
        }
        self.tokens(list.tokens.clone(), &[]);
        // serde has its paths in strings.
        if list.path.is_ident("serde") {
            for token in list.tokens.clone() {
                if let TokenTree::Literal(literal) = &token
                    && let Ok(path) = syn::parse_str::<syn::Path>(literal.to_string().trim_matches('"'))
                {
                    let names: Names = path.segments.iter().map(|segment| word(&segment.ident)).collect();
                    self.note(literal.span(), &names, path.leading_colon.is_some(), false);
                }
            }
        }
    }
}

/// A name without `r#`.
fn word(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// Whether the token is `()`.
fn is_empty_call(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Group(group))
        if group.delimiter() == Delimiter::Parenthesis && group.stream().is_empty())
}

/// Whether the word at `at`, in the braces of an import, belongs to `… as name`.
fn is_renaming(trees: &[TokenTree], at: usize, before: &[String]) -> bool {
    let is_as = |token: &TokenTree| matches!(token, TokenTree::Ident(ident) if ident == "as");
    !before.is_empty() && (is_as(&trees[at]) || at >= 1 && is_as(&trees[at - 1]))
}
