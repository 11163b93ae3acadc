//! No output of any kind ever holds a credential.
//!
//! The credentials are put together at run time, so that no scanner takes this file for a leak.

#![allow(clippy::unwrap_used, reason = "a test that unwraps nothing fails, as it should")]

mod common;

use std::collections::BTreeSet;

use common::{FORMATS, Run, Sandbox};
use serde_json::{Value, json};

/// A run of characters that looks drawn at random: `seed` makes it another one.
fn random(seed: u32, length: usize) -> String {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".as_bytes();
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(alphabet[(state >> 16) as usize % alphabet.len()])
    };
    let text: String = (0..length - 2).map(|_| next()).collect();
    // A letter and a digit, so that every one is as varied as the real ones are.
    text + "q7"
}

/// Credentials of many kinds: what each is, its value, and an action's inputs that hold it.
fn secrets() -> Vec<(&'static str, String, Value)> {
    let http = |uri: String, headers: Value| json!({"method": "GET", "uri": uri, "headers": headers});
    let to = |headers: Value| http("https://api.contoso.example/orders".into(), headers);
    let mut all = Vec::new();
    let mut add = |what, value: String, inputs: &dyn Fn(&str) -> Value| {
        let inputs = inputs(&value);
        all.push((what, value, inputs));
    };
    add("a shared access signature", random(1, 43) + "%3D", &|v| {
        http(format!("https://contoso.example/api?sv=1&{}={v}", "sig"), json!({}))
    });
    add("a function key in an address", random(2, 54) + "==", &|v| {
        http(format!("https://contoso.example/api?{}={v}", "code"), json!({}))
    });
    add("a function key in a header", random(3, 54) + "==", &|v| to(json!({"x-functions-key": v})));
    add("a subscription key", random(4, 32), &|v| to(json!({"Ocp-Apim-Subscription-Key": v})));
    add("an API key", random(5, 32), &|v| to(json!({"x-api-key": v})));
    add("a bearer token", random(6, 40), &|v| to(json!({"Authorization": format!("{} {v}", "Bearer")})));
    add("a storage account key", random(7, 86) + "==", &|v| {
        json!(format!(
            "DefaultEndpointsProtocol=https;AccountName=contoso;{}={v};EndpointSuffix=core",
            "AccountKey"
        ))
    });
    add("a shared access key", random(8, 43) + "=", &|v| {
        json!(format!("Endpoint=sb://contoso.example/;SharedAccessKeyName=all;{}={v}", "SharedAccessKey"))
    });
    add(
        "a token (JWT)",
        format!("{}{}.{}{}.{}", "eyJ", random(9, 30), "eyJ", random(10, 60), random(11, 43)),
        &|v| json!({"token": v}),
    );
    add("a client secret", random(12, 24), &|v| {
        let kind = "ActiveDirectoryOAuth";
        let authentication = json!({"type": kind, "tenant": "t", "clientId": "c", "client_secret": v});
        json!({"method": "GET", "uri": "https://contoso.example", "authentication": authentication})
    });
    add(
        "a client secret of Microsoft Entra",
        format!("{}8{}{}", random(13, 3), "Q~", random(14, 33)),
        &|v| json!({"x": v}),
    );
    add("a secret of an authentication", random(15, 24), &|v| {
        let authentication = json!({"type": "ActiveDirectoryOAuth", "clientId": "c", "secret": v});
        json!({"method": "GET", "uri": "https://contoso.example", "authentication": authentication})
    });
    add("a password", "correct horse battery".to_owned(), &|v| {
        let authentication = json!({"type": "Basic", "username": "orders", "password": v});
        json!({"method": "GET", "uri": "https://contoso.example", "authentication": authentication})
    });
    add("a certificate", random(16, 200), &|v| {
        let authentication = json!({"type": "ClientCertificate", "pfx": v});
        json!({"method": "GET", "uri": "https://contoso.example", "authentication": authentication})
    });
    add(
        "a key in JSON inside a text",
        random(17, 32),
        &|v| json!({"body": format!("{{\"order\": 1, \"apiKey\": \"{v}\", \"more\": true}}")}),
    );
    add("a GitHub token", format!("{}{}", "ghp_", random(18, 36)), &|v| json!({"token": v}));
    add("a GitLab token", format!("{}{}", "glpat-", random(19, 20)), &|v| json!({"token": v}));
    add("an address with its token", format!("T0/{}/{}", random(20, 12), random(21, 24)), &|v| {
        http(format!("https://{}/services/{v}", "hooks.slack.com"), json!({}))
    });
    add("a private key", random(22, 64), &|v| {
        json!(format!("-----BEGIN {0} KEY-----\n{v}\n{v}\n-----END {0} KEY-----\n", "PRIVATE"))
    });
    all
}

/// A flow in which each credential stands beside a fault of another rule, in one line with it if
/// `minified`: what is printed of the fault's line must not hold the credential.
fn flow_with(inputs: &[&Value], minified: bool) -> String {
    let actions: serde_json::Map<String, Value> = inputs
        .iter()
        .enumerate()
        .map(|(at, inputs)| {
            let inner = json!({"a": "@nope()", "inputs": inputs, "z": "@nope('Gone')"});
            (format!("Call_{at}"), json!({"type": "Compose", "inputs": inner}))
        })
        .collect();
    let text = common::flow(&Value::Object(actions));
    if minified { serde_json::from_str::<Value>(&text).unwrap().to_string() } else { text }
}

/// Everything that can be had about a file, each with the arguments that gave it.
fn outputs(sandbox: &Sandbox, file: &str) -> Vec<(String, Run)> {
    let mut all =
        vec![vec!["check", file, "--color", "always"], vec!["check", file, "--select", "unknown-function"]];
    // In one run: a process for each would take minutes.
    let formats: Vec<String> =
        FORMATS.iter().map(|format| format!("--format={format}=out.{format}")).collect();
    for arguments in [["--verbose", "--select=all"], ["--quiet", "--ignore=hardcoded-secret"]] {
        let mut check = vec!["check", file];
        check.extend(formats.iter().map(String::as_str).chain(arguments));
        all.push(check);
    }
    all.push(vec!["inspect", file]);
    all.push(vec!["inspect", file, "--format", "json"]);
    let run = |arguments: Vec<&str>| {
        let mut done = run_wide(sandbox, &arguments);
        for format in FORMATS.iter().filter(|_| arguments.len() > 5) {
            done.out.push_str(&sandbox.read(&format!("out.{format}")));
        }
        (arguments.join(" "), done)
    };
    all.into_iter().map(run).collect()
}

/// Runs the program as in a wide terminal, which shows more of a line.
fn run_wide(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    common::run(sandbox.program().env("COLUMNS", "200").args(arguments), b"")
}

/// What is said of a file that does not parse; which rules are selected is not asked then.
fn outputs_of_broken(sandbox: &Sandbox, file: &str) -> Vec<(String, Run)> {
    let all = [&["check", file, "--verbose"][..], &["check", file, "--format", "json"], &["inspect", file]];
    all.into_iter().map(|arguments| (arguments.join(" "), sandbox.run(arguments))).collect()
}

/// Fails if any output holds a credential, or twelve characters of one.
fn assert_silent(outputs: &[(String, Run)], what: &str, value: &str) {
    let characters: Vec<char> = value.chars().collect();
    let pieces: BTreeSet<String> = characters.windows(12).map(String::from_iter).collect();
    assert!(!pieces.is_empty(), "{what} is too short to be looked for");
    for (arguments, done) in outputs {
        for shown in [&done.out, &done.err] {
            if let Some(piece) = pieces.iter().find(|piece| shown.contains(piece.as_str())) {
                panic!("{what} is shown by {arguments}: {piece}\n{shown}");
            }
        }
    }
}

#[test]
fn every_kind_of_credential_is_hidden_in_every_output() {
    for (what, value, inputs) in secrets() {
        for minified in [false, true] {
            let sandbox = Sandbox::new();
            sandbox.write("flow.json", flow_with(&[&inputs], minified));
            assert_silent(&outputs(&sandbox, "flow.json"), what, &value);
        }
    }
}

#[test]
fn many_credentials_in_one_file_are_all_hidden() {
    let secrets = secrets();
    let inputs: Vec<&Value> = secrets.iter().map(|(_, _, inputs)| inputs).collect();
    let sandbox = Sandbox::new();
    sandbox.write("flow.json", flow_with(&inputs, true));
    let done = sandbox.run(&["check", "flow.json", "--select", "all"]).expect(1);
    for (what, value, _) in &secrets {
        assert!(!done.out.contains(value.as_str()), "{what}");
    }
}

#[test]
fn credentials_that_prove_themselves_are_reported_once_each() {
    let hidden_only = ["a password", "a certificate", "a secret of an authentication"];
    for (what, _, inputs) in secrets() {
        let sandbox = Sandbox::new();
        sandbox.write("flow.json", flow_with(&[&inputs], false));
        let report =
            sandbox.run(&["check", "flow.json", "--select", "hardcoded-secret", "--format", "json"]).json();
        let count = usize::from(!hidden_only.contains(&what));
        assert_eq!(report["findings"].as_array().unwrap().len(), count, "{what}: {report}");
    }
}

#[test]
fn a_file_that_is_cut_off_behind_a_credential_does_not_show_it() {
    for (what, value, inputs) in secrets() {
        for minified in [false, true] {
            let text = flow_with(&[&inputs], minified);
            let end = text.rfind(&value).expect("no value needs escapes") + value.len();
            // Behind its closing quote, and far behind.
            let quote = end + text[end..].find('"').unwrap() + 1;
            for cut in [quote, text.len() - 2] {
                let sandbox = Sandbox::new();
                sandbox.write("flow.json", &text[..cut]);
                sandbox.run(&["check", "flow.json"]).expect(2);
                assert_silent(&outputs_of_broken(&sandbox, "flow.json"), what, &value);
            }
        }
    }
}

#[test]
fn a_mistake_in_the_json_beside_a_credential_does_not_show_it() {
    for (what, value, inputs) in secrets() {
        let text = flow_with(&[&inputs], true);
        for (good, bad) in [("\"z\":", "\"z\""), ("\"z\":", "z:"), ("\"@nope()\"", "@nope()")] {
            let sandbox = Sandbox::new();
            sandbox.write("flow.json", text.replace(good, bad));
            sandbox.run(&["check", "flow.json"]).expect(2);
            assert_silent(&outputs_of_broken(&sandbox, "flow.json"), what, &value);
        }
    }
}

#[test]
fn credentials_in_comments_are_hidden_too() {
    for (what, value, inputs) in secrets().into_iter().filter(|(what, ..)| *what != "a private key") {
        let sandbox = Sandbox::new();
        let old = inputs.to_string();
        let text =
            flow_with(&[&json!(1)], false).replace("@nope()\",", &format!("@nope()\", // it was {old}"));
        assert!(text.contains("// it was"));
        sandbox.write("flow.json", text);
        assert_silent(&outputs(&sandbox, "flow.json"), what, &value);
    }
}

#[test]
fn credentials_in_names_are_hidden_too() {
    let value = random(30, 43);
    let key = format!("https://contoso.example?{}={value}", "sig");
    let sandbox = Sandbox::new();
    sandbox
        .write("flow.json", common::flow(&json!({&key: {"type": "Compose", "inputs": {&key: "@nope()"}}})));
    let done = sandbox.run(&["check", "flow.json", "--format", "concise"]).expect(1);
    assert!(done.out.contains("unknown-function"), "{}", done.out);
    assert_silent(&outputs(&sandbox, "flow.json"), "a name", &value);
}

#[test]
fn the_line_of_a_credential_is_shown_with_stars_and_a_caret() {
    let (_, value, inputs) =
        secrets().into_iter().find(|(what, ..)| *what == "a function key in a header").unwrap();
    let sandbox = Sandbox::new();
    sandbox.write("flow.json", flow_with(&[&inputs], false));
    let done = sandbox.run(&["check", "flow.json", "--select", "hardcoded-secret"]).expect(1);
    let lines: Vec<&str> = done.out.lines().collect();
    let at = lines.iter().position(|line| line.contains("x-functions-key")).expect("the line is shown");
    let stars = lines[at].chars().filter(|c| *c == '*').count();
    assert_eq!(stars, value.len(), "{}", done.out);
    let column = |line: &str, wanted: char| line.chars().position(|c| c == wanted);
    let drawn = lines[at + 1];
    assert_eq!(drawn.chars().filter(|c| matches!(c, '─' | '┬')).count(), value.len(), "{}", done.out);
    assert_eq!(column(drawn, '─'), column(lines[at], '*'), "the caret stands under the stars: {}", done.out);
    assert!(lines[at + 2].contains("Call_0"), "{}", done.out);
}

#[test]
fn report_files_hold_no_credential_either() {
    let (_, value, inputs) = secrets().remove(0);
    let sandbox = Sandbox::new();
    sandbox.write("flow.json", flow_with(&[&inputs], true));
    for format in FORMATS {
        sandbox.run(&["check", "flow.json", "--format", &format!("{format}=report")]).expect(1);
        assert!(!sandbox.read("report").contains(&value), "{format}");
    }
}

#[test]
fn stand_ins_and_expressions_are_shown_as_they_are() {
    let sandbox = Sandbox::new();
    let inputs =
        json!({"headers": {"x-functions-key": "@parameters('Key')", "x-api-key": "<your api key 123456>"}});
    sandbox.write("flow.json", flow_with(&[&inputs], true));
    let done = sandbox.run(&["check", "flow.json", "--select", "unknown-function"]).expect(1);
    assert!(done.out.contains("@parameters('Key')"), "{}", done.out);
    let report =
        sandbox.run(&["check", "flow.json", "--select", "hardcoded-secret", "--format", "json"]).json();
    assert_eq!(report["findings"], json!([]));
}

#[test]
fn a_file_that_is_cut_off_inside_a_credential_does_not_show_it() {
    for (what, value, inputs) in secrets() {
        // A few letters of a key prove nothing about what they belong to.
        for minified in [false, true] {
            let text = flow_with(&[&inputs], minified);
            let start = text.rfind(&value).expect("no value needs escapes");
            for shown in [14, value.len() - 1, value.len()] {
                let sandbox = Sandbox::new();
                sandbox.write("flow.json", &text[..start + shown]);
                sandbox.run(&["check", "flow.json"]).expect(2);
                assert_silent(&outputs_of_broken(&sandbox, "flow.json"), what, &value[..shown]);
            }
        }
    }
    for key in ["password", "x-functions-key"] {
        let sandbox = Sandbox::new();
        let head =
            r#"{"definition":{"triggers":{},"actions":{"A":{"type":"Http","inputs":{"authentication":{"#;
        sandbox.write("flow.json", format!("{head}\"{key}\":\"hunter2-Xyzzy"));
        assert_silent(&outputs_of_broken(&sandbox, "flow.json"), key, "hunter2-Xyzzy");
    }
}

#[test]
fn credentials_in_the_names_of_flows_are_hidden_too() {
    let value = random(31, 43);
    let name = format!("Orders https://contoso.example?{}={value}", "sig");
    let definition: Value =
        serde_json::from_str(&common::flow(&json!({"A": {"type": "Compose", "inputs": "@nope()"}}))).unwrap();
    let definition = definition.pointer("/properties/definition").or(definition.get("definition")).unwrap();
    let displayed = json!({"name": &name, "properties": {"displayName": &name, "definition": definition}});
    let template = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": [{"type": "Microsoft.Logic/workflows", "apiVersion": "2019-05-01", "name": &name,
            "properties": {"definition": definition}}],
    });
    for text in [displayed.to_string(), template.to_string()] {
        let sandbox = Sandbox::new();
        sandbox.write("flow.json", &text);
        let done = sandbox.run(&["check", "flow.json", "--format", "json"]).expect(1);
        assert!(done.out.contains("unknown-function"), "{}", done.out);
        assert_silent(&outputs(&sandbox, "flow.json"), "the name of a flow", &value);
    }
}

#[test]
fn credentials_with_characters_that_are_escaped_are_hidden_in_every_spelling() {
    let (head, tail) = (random(32, 40), random(33, 44));
    for (written, meant) in [("/", "/"), ("\\/", "/"), ("\\u002B", "+"), ("\\u002f", "/"), ("~", "~")] {
        let (name, meant) = match meant {
            "~" => ("sig", format!("{head}~{tail}")),
            _ => ("AccountKey", format!("{head}{meant}{tail}==")),
        };
        let raw = meant.replacen(&meant[40..41], written, 1);
        let sandbox = Sandbox::new();
        let text =
            common::flow(&json!({"A": {"type": "Compose", "inputs": {"KEY": "@nope()", "B": "VALUE"}},
            "NAME": {"type": "Compose", "inputs": "@nope()"}}));
        let key = format!("x;{name}={raw};y");
        sandbox.write("flow.json", text.replace("KEY", &key).replace("VALUE", &key).replace("NAME", &key));
        let done = sandbox.run(&["check", "flow.json", "--format", "json"]).expect(1);
        assert!(done.out.contains("hardcoded-secret"), "{written}: {}", done.out);
        for value in [&head, &tail] {
            assert_silent(&outputs(&sandbox, "flow.json"), written, value);
        }
    }
}

#[test]
fn names_of_credentials_are_known_in_any_case_and_common_ones_are_hidden() {
    let mut texts = Vec::new();
    let certain = ["X-API-KEY", "OCP-APIM-SUBSCRIPTION-KEY", "api_key", "client-secret"];
    let hidden = [
        "PASSWORD",
        "accountKey",
        "primaryKey",
        "sharedKey",
        "secretKey",
        "access_token",
        "accessToken",
        "refresh_token",
        "pwd",
        "Pwd",
        "passphrase",
        "token",
        "connectionString",
        "CLIENT_SECRET",
    ];
    for (at, name) in certain.iter().chain(&hidden).enumerate() {
        let value = random(40 + u32::try_from(at).unwrap(), 34);
        texts.push((
            certain.contains(name) || *name == "CLIENT_SECRET",
            *name,
            json!({*name: &value}),
            value,
        ));
    }
    for name in ["Sig", "SIG", "CODE", "Code"] {
        let value = random(70, 54);
        texts.push((true, name, json!({"uri": format!("https://contoso.example?{name}={value}")}), value));
    }
    for name in ["Password", "Pwd", "PWD", "PASSWORD"] {
        let value = "correct-horse-battery".to_owned();
        texts.push((false, name, json!({"c": format!("Server=s;User=u;{name}={value};x=y")}), value));
    }
    let basic = random(71, 40);
    texts.push((false, "Basic", json!({"Authorization": format!("{} {basic}", "Basic")}), basic));
    for (is_certain, name, inputs, value) in texts {
        let sandbox = Sandbox::new();
        sandbox.write("flow.json", flow_with(&[&inputs], true));
        assert_silent(&outputs(&sandbox, "flow.json"), name, &value);
        let report =
            sandbox.run(&["check", "flow.json", "--select", "hardcoded-secret", "--format", "json"]).json();
        assert_eq!(report["findings"].as_array().unwrap().len(), usize::from(is_certain), "{name}");
    }
}

#[test]
fn schemas_and_words_are_neither_hidden_nor_reported() {
    let inputs = json!({"token": {"type": "string"}, "pwd": "string", "primaryKey": "accountid",
        "password": "@parameters('p')", "accessToken": "@body('x')", "note": "a basic example of it"});
    let sandbox = Sandbox::new();
    sandbox.write("flow.json", flow_with(&[&inputs], true));
    let done = sandbox.run(&["check", "flow.json", "--format", "json", "--select", "all"]);
    assert!(!done.out.contains("hardcoded-secret"), "{}", done.out);
    let done = run_wide(&sandbox, &["check", "flow.json", "--select", "unknown-function"]).expect(1);
    assert!(!done.out.contains("**"), "{}", done.out);
}

#[test]
fn a_password_with_escapes_is_hidden_in_messages_too() {
    let password = r#"corr"ect\horse/batt~ery-staple"#;
    let key = json!({password: "@nope()", "password": password});
    let nested = json!({password: "@nope()", "body": json!({"password": password}).to_string()});
    for inputs in [key, nested] {
        let sandbox = Sandbox::new();
        let text = common::flow(&json!({password: {"type": "Compose", "inputs": inputs}}));
        sandbox.write("flow.json", &text);
        for (arguments, done) in outputs(&sandbox, "flow.json") {
            for piece in ["orse/batt", "orse~1batt", "ery-staple"] {
                assert!(!done.out.contains(piece), "{arguments}: {}", done.out);
            }
        }
    }
}
