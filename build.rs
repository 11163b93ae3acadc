//! Lists the rule pages and the coded rules, so that a file that is added is a rule that is known.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use registry::{Entry, registry};

#[path = "build/registry.rs"]
mod registry;

fn main() -> io::Result<()> {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(variable("OUT_DIR")?);
    println!("cargo::rerun-if-changed={}", root.join("build").display());
    let pages = below(&root.join("rules"), "md")?;
    let source = root.join("src").join("rules");
    let code = below(&source, "rs")?;

    let mut list = String::from("&[\n");
    for (Entry { category, name }, path) in &pages {
        writeln!(list, "    ({category:?}, {name:?}, include_str!({:?})),", path.display().to_string())
            .map_err(io::Error::other)?;
    }
    list.push(']');
    fs::write(out.join("pages.rs"), list)?;

    let entries =
        |files: Vec<(Entry, PathBuf)>| files.into_iter().map(|(entry, _)| entry).collect::<Vec<_>>();
    match registry(&entries(pages), &entries(code), &source.display().to_string()) {
        Ok(text) => fs::write(out.join("registry.rs"), text),
        Err(message) => {
            // Cargo shows it and stops.
            println!("cargo::error={message}");
            Ok(())
        }
    }
}

fn variable(name: &str) -> io::Result<String> {
    env::var(name).map_err(io::Error::other)
}

/// The files with that extension in the folders of a folder, by name. Cargo runs this again when one comes or goes.
fn below(root: &Path, extension: &str) -> io::Result<Vec<(Entry, PathBuf)>> {
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    for category in sorted(root)?.into_iter().filter(|path| path.is_dir()) {
        println!("cargo::rerun-if-changed={}", category.display());
        for file in sorted(&category)? {
            // The cases of a page are for tests.
            let is_case = file.to_string_lossy().ends_with(".cases.md");
            if file.extension().is_some_and(|own| own == extension) && !is_case {
                files.push((Entry { category: stem(&category), name: stem(&file) }, file));
            }
        }
    }
    Ok(files)
}

/// The entries of a folder, by name.
fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries =
        fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}

/// The name of a file or folder without its extension.
fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}
