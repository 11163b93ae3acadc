//! Lists the rule pages, so that a page that is added is a rule that is known.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?).join("rules");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut rows = Vec::new();
    for category in sorted(&root)? {
        if !category.is_dir() {
            continue;
        }
        println!("cargo::rerun-if-changed={}", category.display());
        for page in sorted(&category)? {
            if page.extension().is_some_and(|extension| extension == "md") {
                rows.push((name(&category), name(&page), page));
            }
        }
    }
    let mut code = String::from("&[\n");
    for (category, id, path) in rows {
        writeln!(code, "    ({category:?}, {id:?}, include_str!({:?})),", path.display().to_string())
            .map_err(io::Error::other)?;
    }
    code.push(']');
    fs::write(Path::new(&env::var("OUT_DIR").map_err(io::Error::other)?).join("pages.rs"), code)
}

/// The entries of a folder, by name.
fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries =
        fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}

/// The name of a file or folder without its extension.
fn name(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}
