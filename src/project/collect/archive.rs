//! Opens a zip: its flows as inputs, the rest as what stands around them. Everything happens in memory,
//! within bounds; nothing is ever written out.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::sync::Arc;

use zip::ZipArchive;

use super::{File, has_extension};
use crate::finding::Problem;
use crate::session::{Input, Item};
use crate::solution::{ArchiveFiles, Kind, SolutionContext, SolutionFiles, root_of};
use crate::text::{FileName, Source};

/// The largest entry that is read, decompressed.
const MAX_ENTRY: u64 = 64 << 20;
/// How much is read of one archive, decompressed.
const MAX_TOTAL: u64 = 512 << 20;
/// How many entries an archive may have.
const MAX_ENTRIES: usize = 50_000;

/// What an archive holds.
#[derive(Default)]
pub(super) struct Opened {
    /// The entries that matter, by their names.
    pub(super) entries: BTreeMap<String, Vec<u8>>,
    /// What could not be read: the entry, none for the archive itself, and why.
    problems: Vec<(Option<String>, String)>,
}

/// Reads an archive.
///
/// # Errors
/// Says in a sentence why it is none, or none that is read.
pub(super) fn open(reader: impl Read + io::Seek) -> Result<Opened, String> {
    let mut archive =
        ZipArchive::new(reader).map_err(|error| format!("The archive cannot be opened: {error}"))?;
    if archive.len() > MAX_ENTRIES {
        return Err(format!("The archive has more than {MAX_ENTRIES} entries: no solution has"));
    }
    let mut opened = Opened::default();
    let mut total = 0;
    for at in 0..archive.len() {
        match entry(&mut archive, at) {
            Ok(Some((name, bytes))) => {
                total += bytes.len() as u64;
                if total > MAX_TOTAL {
                    let message =
                        "The archive holds more than 512 MiB of flows and settings: the rest was not read";
                    opened.problems.push((None, message.into()));
                    break;
                }
                opened.entries.insert(name, bytes);
            }
            Ok(None) => {}
            Err((name, message)) => opened.problems.push((Some(name), message)),
        }
    }
    Ok(opened)
}

/// The flows of an archive, each with what stands around it; and its problems, each with its entry.
pub(super) fn read(file: &File) -> Vec<Input> {
    let archive = FileName::new(&file.path).shown_as(&file.shown).at(super::absolute(&file.native));
    let problem = |member: Option<&str>, message: String| {
        Problem::of_file(FileName { member: member.map(str::to_owned), ..archive.clone() }, message)
    };
    let opened = fs::File::open(&file.native)
        .map_err(|error| format!("The archive cannot be opened: {error}"))
        .and_then(|file| open(io::BufReader::new(file)));
    let Opened { entries, problems } = match opened {
        Ok(opened) => opened,
        Err(message) => return vec![Err(problem(None, message))],
    };
    let problems = problems.into_iter().map(|(member, message)| Err(problem(member.as_deref(), message)));
    let mut inputs: Vec<Input> = problems.collect();
    let entries = Arc::new(entries);
    let mut around: BTreeMap<(bool, String), Arc<SolutionFiles>> = BTreeMap::new();
    for (name, bytes) in entries.iter() {
        if !has_extension(name.as_ref(), &["json"]) {
            if super::is_yaml(name.as_ref()) {
                inputs.push(Err(problem(Some(name), super::YAML_IS_NOT_READ.into())));
            }
            continue;
        }
        let place = root_of(name).map(|(kind, root, inner)| {
            let surroundings = around.entry((kind == Kind::Package, root.to_owned())).or_insert_with(|| {
                let files = ArchiveFiles { root: root.to_owned(), entries: Arc::clone(&entries) };
                Arc::new(SolutionFiles::new(kind, Box::new(files)))
            });
            SolutionContext { files: Arc::clone(surroundings), inner: inner.to_owned() }
        });
        inputs.push(match super::text_of(bytes.clone()) {
            Ok(text) => {
                let source = Source::of(archive.clone().member(name), text);
                Ok(Item { source, solution: place })
            }
            Err(reason) => Err(problem(Some(name), reason)),
        });
    }
    inputs
}

/// An entry that matters: its name, with `/`, and its bytes. None for folders and what no rule reads.
///
/// # Errors
/// The name of an entry that cannot be read, and why.
#[allow(clippy::type_complexity, reason = "a name and bytes, or a name and a reason, is what it is")]
fn entry<R: Read + io::Seek>(
    archive: &mut ZipArchive<R>,
    at: usize,
) -> Result<Option<(String, Vec<u8>)>, (String, String)> {
    let numbered = format!("entry {}", at + 1);
    let (name, encrypted, size) = match archive.by_index_raw(at) {
        Ok(raw) if raw.is_dir() => return Ok(None),
        Ok(raw) => {
            let name = raw.name().map_or_else(|_| numbered.clone(), |name| name.replace('\\', "/"));
            (name, raw.encrypted(), raw.size())
        }
        Err(error) => return Err((numbered, format!("The entry cannot be read: {error}"))),
    };
    let path = name.as_ref();
    if has_extension(path, &["zip"]) {
        return Err((name, "An archive inside an archive is not opened: unpack it first".into()));
    }
    if !has_extension(path, &["json", "xml", "yml", "yaml"]) {
        return Ok(None);
    }
    let fail = |message: String| Err((name.clone(), message));
    if encrypted {
        return fail("The entry is encrypted: export the solution without a password".into());
    }
    if size > MAX_ENTRY {
        return fail("The entry is larger than 64 MiB: no flow is".into());
    }
    let mut bytes = Vec::new();
    // What an archive says of a size need not be true.
    let read = match archive.by_index(at) {
        Ok(entry) => entry.take(MAX_ENTRY + 1).read_to_end(&mut bytes),
        Err(error) => return fail(format!("The entry cannot be read: {error}")),
    };
    match read {
        Err(error) => fail(format!("The entry is damaged: {error}")),
        Ok(_) if bytes.len() as u64 > MAX_ENTRY => fail("The entry is larger than 64 MiB: no flow is".into()),
        Ok(_) => Ok(Some((name, bytes))),
    }
}
