//! Archives: what is in a zip counts as what stands in a folder, and a bad entry stops nothing else.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use common::{Sandbox, broken_flow, clean_flow, files_below, fixture, flow_with_error, run};
use serde_json::Value;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A zip of these entries.
fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A zip of all files below a folder.
fn zip_of(folder: &Path) -> Vec<u8> {
    let files = files_below(folder, "");
    let named: Vec<(String, Vec<u8>)> = files
        .iter()
        .map(|file| {
            let name = file.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
            (name, fs::read(file).unwrap())
        })
        .collect();
    zip(&named.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect::<Vec<_>>())
}

/// The findings of a report without what differs by nature: the path, and so the fingerprint.
fn findings(report: &Value) -> Vec<Value> {
    let mut findings = report["findings"].as_array().unwrap().clone();
    for finding in &mut findings {
        for key in ["path", "member", "fingerprint", "related"] {
            finding.as_object_mut().unwrap().remove(key);
        }
    }
    findings.sort_by_key(Value::to_string);
    findings
}

fn copy(from: &Path, sandbox: &Sandbox, to: &str) {
    for file in files_below(from, "") {
        let name = file.strip_prefix(from).unwrap().to_string_lossy().replace('\\', "/");
        sandbox.write(&format!("{to}/{name}"), fs::read(&file).unwrap());
    }
}

#[test]
fn a_folder_its_zip_one_file_of_it_and_standard_input_say_the_same() {
    let sandbox = Sandbox::new();
    copy(&fixture("order-processing/before"), &sandbox, "solution");
    sandbox.write("solution.zip", zip_of(&sandbox.path("solution")));
    let check = ["check", "--format", "json", "--fail-on", "never"];
    let folder = sandbox.run(&[check.as_slice(), &["solution"]].concat()).expect(0).json();
    let packed = sandbox.run(&[check.as_slice(), &["solution.zip"]].concat()).expect(0).json();
    assert!(folder["findings"].as_array().unwrap().len() > 20);
    assert_eq!(findings(&folder), findings(&packed));
    for finding in packed["findings"].as_array().unwrap() {
        assert_eq!(finding["path"], "solution.zip");
        assert!(finding["member"].as_str().unwrap().starts_with("Workflows/"), "{finding}");
    }
    for file in files_below(&sandbox.path("solution/Workflows"), ".json") {
        let name = format!("solution/Workflows/{}", file.file_name().unwrap().to_string_lossy());
        let own = |report: &Value| {
            let mut own = report.clone();
            own["findings"].as_array_mut().unwrap().retain(|finding| finding["path"] == name.as_str());
            own
        };
        let alone = sandbox.run(&[check.as_slice(), &[&name]].concat()).expect(0).json();
        assert_eq!(alone["findings"], own(&folder)["findings"], "{name}");
        let arguments = [check.as_slice(), &["-", "--stdin-filename", &name]].concat();
        let piped = run(sandbox.program().args(arguments), &fs::read(&file).unwrap()).expect(0).json();
        assert_eq!(piped["findings"], alone["findings"], "{name} from standard input");
    }
}

#[test]
fn flows_have_their_display_names_in_folders_and_archives() {
    let sandbox = Sandbox::new();
    copy(&fixture("order-processing/before"), &sandbox, "solution");
    sandbox.write("solution.zip", zip_of(&sandbox.path("solution")));
    let customizations = r#"<ImportExportXml><Workflows>
        <Workflow WorkflowId="{0B1F6A3E-0000-4000-8000-000000000001}" Name="Ship the order">
        <JsonFileName>/Workflows/Ship-0B1F6A3E-0000-4000-8000-000000000001.json</JsonFileName>
        </Workflow></Workflows></ImportExportXml>"#;
    let entries: [(&str, &[u8]); 2] = [
        ("Workflows/Ship-0B1F6A3E-0000-4000-8000-000000000001.json", &clean_flow().into_bytes()),
        ("customizations.xml", customizations.as_bytes()),
    ];
    sandbox.write("exported.zip", zip(&entries));
    for (path, name) in
        [("solution", "Check stock"), ("solution.zip", "Check stock"), ("exported.zip", "Ship the order")]
    {
        let inspected = sandbox.run(&["inspect", path, "--format", "json"]).expect(0).json();
        let names: Vec<&str> =
            inspected["flows"].as_array().unwrap().iter().filter_map(|f| f["name"].as_str()).collect();
        assert!(names.contains(&name), "{path}: {names:?}");
    }
}

#[test]
fn zips_beside_unpacked_copies_are_seen_and_not_opened() {
    let sandbox = Sandbox::new();
    sandbox.write("a/flow.json", clean_flow());
    sandbox.write("a/export.zip", zip(&[("Workflows/x.json", flow_with_error().as_bytes())]));
    let done = sandbox.check(&["a"]).expect(0);
    assert!(done.err.contains("1 archive was seen and not opened"), "{}", done.err);
    assert!(sandbox.check(&["a/export.zip"]).expect(1).out.contains("a/export.zip › Workflows/x.json"));
}

#[test]
fn a_damaged_an_encrypted_and_a_nested_entry_are_named_and_the_rest_is_checked() {
    let inner = zip(&[("Workflows/y.json", clean_flow().as_bytes())]);
    let mut bytes = zip(&[
        ("Workflows/good.json", flow_with_error().as_bytes()),
        ("Workflows/cut.json", broken_flow().as_bytes()),
        ("nested/inner.zip", &inner),
        ("Workflows/secret.json", clean_flow().as_bytes()),
        ("Workflows/damaged.json", clean_flow().repeat(20).as_bytes()),
    ]);
    mark_encrypted(&mut bytes, b"Workflows/secret.json");
    damage(&mut bytes, b"Workflows/damaged.json");
    let sandbox = Sandbox::new();
    sandbox.write("mixed.zip", bytes);
    let report = sandbox.run(&["check", "mixed.zip", "--format", "json"]).expect(2).json();
    let members: Vec<&str> = report["problems"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|problem| problem["member"].as_str())
        .collect();
    assert_eq!(
        members,
        ["Workflows/cut.json", "Workflows/damaged.json", "Workflows/secret.json", "nested/inner.zip"],
        "{report}"
    );
    assert!(
        report["findings"].as_array().unwrap().iter().any(|finding| finding["rule"] == "unknown-function")
    );
}

#[test]
fn what_is_no_archive_or_holds_no_flow_is_said() {
    let sandbox = Sandbox::new();
    sandbox.write("empty.zip", zip(&[]));
    sandbox.write("none.zip", zip(&[("readme.txt", b"hello"), ("data.json", b"{}")]));
    sandbox.write("fake.zip", "this is no zip");
    sandbox.write("zero.zip", "");
    assert!(sandbox.check(&["empty.zip"]).expect(2).err.contains("no cloud flow in it"));
    assert!(sandbox.check(&["none.zip"]).expect(2).err.contains("no cloud flow in it"));
    sandbox.check(&["none.zip", "--allow-empty"]).expect(0);
    for name in ["fake.zip", "zero.zip"] {
        assert!(sandbox.check(&[name]).expect(2).out.contains("The archive cannot be opened"), "{name}");
    }
}

#[test]
fn entry_names_lead_nowhere_outside_the_archive() {
    let sandbox = Sandbox::new();
    let flow = flow_with_error();
    sandbox.write(
        "odd.zip",
        zip(&[("../../evil.json", flow.as_bytes()), ("Workflows\\win.json", flow.as_bytes())]),
    );
    let report = sandbox.run(&["check", "odd.zip", "--format", "json"]).expect(1).json();
    let mut members: Vec<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|finding| finding["member"].as_str())
        .collect();
    members.dedup();
    assert_eq!(members, ["../../evil.json", "Workflows/win.json"]);
    assert!(!sandbox.path("../evil.json").exists() && !sandbox.path("../../evil.json").exists());
}

#[test]
fn every_zip_of_the_corpus_says_what_its_unpacked_copy_says() {
    let Some(corpus) = common::corpus() else { return };
    let mut compared = 0;
    for archive in files_below(&corpus, ".zip") {
        let shown = archive.to_string_lossy().replace('\\', "/");
        let unpacked = format!("{}.unzipped", shown.replacen("/_zips/", "/", 1));
        if !Path::new(&unpacked).is_dir() {
            continue;
        }
        let check = |path: &str| {
            let arguments =
                ["check", "--no-config", "--allow-empty", "--fail-on", "never", "--format", "json", path];
            common::in_package(&arguments).json()
        };
        let (packed, folder) = (check(&shown), check(&unpacked));
        // Of one synthetic solution of a hundred generated flows the corpus unpacked eight.
        if shown.contains("StressTest100Flows") {
            assert_eq!((&packed["summary"]["flows"], &folder["summary"]["flows"]), (&100.into(), &8.into()));
            continue;
        }
        assert_eq!(packed["summary"]["flows"], folder["summary"]["flows"], "{shown}");
        assert_eq!(findings(&packed), findings(&folder), "{shown}");
        compared += 1;
    }
    assert!(compared >= 60, "only {compared} archives were compared");
}

/// Sets the bit that says an entry is encrypted, in its own header and in the directory's.
fn mark_encrypted(zip: &mut [u8], name: &[u8]) {
    for (signature, flags, name_at) in [(b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)] {
        let at = header(zip, signature, name, name_at);
        zip[at + flags] |= 1;
    }
}

/// Turns over bytes in the middle of an entry's data.
fn damage(zip: &mut [u8], name: &[u8]) {
    let at = header(zip, b"PK\x03\x04", name, 30) + 30 + name.len() + 40;
    zip[at..at + 20].iter_mut().for_each(|byte| *byte ^= 0xFF);
}

fn header(zip: &[u8], signature: &[u8], name: &[u8], name_at: usize) -> usize {
    let is_it = |at: &usize| zip[*at..].starts_with(signature) && zip[at + name_at..].starts_with(name);
    (0..zip.len() - name_at).find(is_it).expect("the entry is there")
}

#[test]
fn a_credential_in_the_name_of_an_entry_is_hidden() {
    let value = "Qz7wX2cV9bN4mK1jH6gF3dS8aP5oI0uY";
    let name = |kind: &str| format!("Workflows/{kind}?{}={value}.json", "sig");
    let sandbox = Sandbox::new();
    let (faulty, broken, image) = (name("a"), name("b"), name("c"));
    let (error, unclosed) = (flow_with_error(), broken_flow());
    let entries: [(&str, &[u8]); 3] = [
        (&faulty, error.as_bytes()),
        (&broken, unclosed.as_bytes()),
        (&image, b"\xFF\xFE{\"definition\": \"triggers\", \"runAfter\""),
    ];
    sandbox.write("s.zip", zip(&entries));
    for arguments in [
        &["check", "s.zip", "-v"][..],
        &["check", "s.zip", "--format", "concise"],
        &["check", "s.zip", "--format", "json"],
        &["check", "s.zip", "--format", "sarif"],
        &["inspect", "s.zip"],
        &["inspect", "s.zip", "--format", "json"],
    ] {
        let done = sandbox.run(arguments).expect(2);
        assert!(!done.out.contains(&value[4..16]), "{arguments:?}: {}", done.out);
        assert!(!done.err.contains(&value[4..16]), "{arguments:?}: {}", done.err);
    }
}
