//! The command line as people and scripts use it: arguments, output, exit codes.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn unstuck(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_unstuck"));
    command.current_dir(repository("")).args(args).output().expect("the command line starts")
}

/// A folder of its own for a test, empty.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).expect("a temporary folder can be made");
    path
}

/// A knowledge base of one file.
fn kb(name: &str, markdown: &[u8]) -> String {
    let path = folder(name);
    fs::write(path.join("billing.md"), markdown).expect("a file can be written");
    path.to_string_lossy().into_owned()
}

#[track_caller]
fn check(args: &[&str], code: i32) -> String {
    let output = unstuck(args);
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{args:?}\n{text}");
    text
}

#[track_caller]
fn json(args: &[&str], code: i32) -> Value {
    serde_json::from_str(&check(args, code)).expect("the output is JSON")
}

const GOOD: &[u8] = b"# Billing\n\n| Symptom | Cause | Fix |\n|---|---|---|\n| Charged twice | A retry | Ask |\n";
const BAD: &[u8] = b"# Billing\n\n| Symptom | Cause | Fix |\n|---|---|---|\n| Charged twice | A retry | |\n| | | |\n";

#[test]
fn check_of_a_sound_knowledge_base_ends_with_0() {
    let text = check(&["check", &kb("check-good", GOOD)], 0);
    assert!(text.contains("1 entries in 1 areas, 0 errors, 0 warnings"), "{text}");
}

#[test]
fn check_shows_every_finding_with_its_line_and_ends_with_1() {
    let kb = kb("check-bad", BAD);
    let text = check(&["check", &kb], 1);
    for part in [
        "error[missing-resolution]",
        "billing.md:5:1",
        "| Charged twice | A retry | |",
        "help: say what to do",
        "error[missing-symptom]",
        "2 errors",
    ] {
        assert!(text.contains(part), "{part}:\n{text}");
    }
    let found = json(&["check", &kb, "--format", "json"], 1);
    assert_eq!(found[0]["code"], "missing-resolution");
    assert_eq!(
        (&found[0]["file"], &found[0]["line"], &found[0]["column"]),
        (&"billing.md".into(), &5.into(), &1.into())
    );
    assert!(found[0]["hint"].is_string() && found[0]["severity"] == "error");
}

#[test]
fn warnings_are_denied_only_when_asked() {
    let kb = kb("check-warning", b"# Billing\n\n| Symptom | Cause | Fix |\n|---|---|---|\n| Charged twice | | Ask |\n");
    check(&["check", &kb], 0);
    check(&["check", &kb, "--deny-warnings"], 1);
}

#[test]
fn an_id_that_is_gone_is_an_error_until_it_is_said_to_have_moved() {
    let old = kb("against-old", GOOD);
    let new = kb(
        "against-new",
        b"# Billing\n\n| Symptom | Cause | Fix |\n|---|---|---|\n| Charged double | A retry | Ask |\n",
    );
    let text = check(&["check", &new, "--against", &old], 1);
    assert!(text.contains("error[moved-id]") && text.contains("billing-charged-twice"), "{text}");
    fs::write(Path::new(&new).join("kb.toml"), "[moved]\n\"billing-charged-twice\" = \"billing-charged-double\"\n")
        .expect("a file can be written");
    check(&["check", &new, "--against", &old], 0);
}

#[test]
fn what_cannot_be_read_ends_with_2() {
    for args in [
        &["check", "nowhere"][..],
        &["build", "nowhere", "--out", "target/x"],
        &["search", "nowhere", "x"],
        &["eval", "kb", "nowhere.jsonl"],
    ] {
        let text = check(args, 2);
        assert!(text.contains("nowhere"), "{text}");
    }
    check(&["frobnicate"], 2);
}

#[test]
fn bytes_that_are_not_utf8_are_named_with_their_place() {
    let text = check(&["check", &kb("not-utf8", b"# Billing\n\nCaf\xe9\n")], 1);
    assert!(text.contains("error[not-utf8]") && text.contains("billing.md:3:4"), "{text}");
}

#[test]
fn build_writes_nothing_when_there_are_errors() {
    let out = folder("build-bad");
    check(&["build", &kb("build-bad-kb", BAD), "--out", &out.to_string_lossy()], 1);
    assert_eq!(fs::read_dir(out).expect("the folder is there").count(), 0);
}

#[test]
fn build_is_for_customers_unless_told_otherwise() {
    let out = folder("build-good");
    check(&["build", "--out", &out.to_string_lossy()], 0);
    assert!(out.join("customer.json").is_file() && !out.join("staff.json").exists());
    check(&["build", "--out", &out.to_string_lossy(), "--audience", "staff"], 0);
    let manifest: Value =
        serde_json::from_slice(&fs::read(out.join("staff.json")).expect("the manifest is there")).expect("it is JSON");
    assert_eq!(manifest["audience"], "staff");
    assert!(
        fs::read_dir(&out).expect("the folder is there").all(|it| !it
            .expect("an entry")
            .path()
            .to_string_lossy()
            .ends_with(".new"))
    );
}

#[test]
fn a_single_file_without_the_widget_says_what_to_run_and_writes_nothing() {
    let out = folder("single-file");
    let widget = folder("single-file-widget");
    let arguments = ["build", "--out", &out.to_string_lossy(), "--single-file", "--widget", &widget.to_string_lossy()];
    let error = check(&arguments, 2);
    assert!(error.contains("no standalone.js in") && error.contains("cargo xtask build"), "{error}");
    assert_eq!(fs::read_dir(&out).expect("the folder is there").count(), 0);
}

#[test]
fn search_prints_ranked_entries() {
    let hits = json(&["search", "kb", "charged twice", "--json", "--limit", "3"], 0);
    let first = &hits[0];
    assert_eq!(first["id"], "billing-charged-twice");
    for key in ["area", "symptom", "cause", "score", "matched"] {
        assert!(!first[key].is_null(), "{key}");
    }
    assert!(hits.as_array().is_some_and(|it| it.len() <= 3));
    assert!(check(&["search", "charged twice"], 0).contains("Charged twice"));
    assert!(
        json(&["search", "kb", "call", "--json", "--area", "Billing"], 0)
            .as_array()
            .is_some_and(|it| it.iter().all(|it| it["area"] == "billing"))
    );
}

#[test]
fn search_without_a_hit_ends_with_1_and_an_unknown_area_with_2() {
    assert_eq!(json(&["search", "zzz qqq", "--json"], 1), Value::Array(Vec::new()));
    assert!(
        check(&["search", "kb", "call", "--area", "biling"], 2)
            .contains("unknown area \"biling\", expected one of login-access")
    );
}

#[test]
fn a_compiled_file_is_searched_like_its_folder() {
    let out = folder("search-compiled");
    check(&["build", "--out", &out.to_string_lossy(), "--audience", "staff"], 0);
    let manifest: Value =
        serde_json::from_slice(&fs::read(out.join("staff.json")).expect("the manifest is there")).expect("it is JSON");
    let file = out.join(manifest["languages"]["en"]["file"].as_str().expect("it names a file"));
    let file = file.to_string_lossy();
    assert_eq!(json(&["search", &file, "503 error", "--json"], 0), json(&["search", "kb", "503 error", "--json"], 0));
    fs::write(out.join("cut.bin"), b"UNSTUCK").expect("a file can be written");
    assert!(
        check(&["search", &out.join("cut.bin").to_string_lossy(), "x"], 2).contains("not a compiled knowledge base")
    );
}

#[test]
fn eval_reports_shares_and_ends_with_1_below_the_bar() {
    let queries = folder("eval").join("q.jsonl");
    let lines = concat!(
        "{\"q\":\"charged twice\",\"expect\":[\"billing-charged-twice\"],\"area\":null,\"kind\":\"a\"}\n",
        "{\"q\":\"charged twice\",\"expect\":[\"billing-invoice-past-due\"],\"area\":\"Billing\",\"kind\":\"b\"}\n",
        "{\"q\":\"zzz qqq\",\"expect\":[],\"area\":null,\"kind\":\"none\"}\n",
    );
    fs::write(&queries, lines).expect("a file can be written");
    let path = queries.to_string_lossy();
    let report = json(&["eval", "kb", &path, "--json"], 0);
    assert_eq!(
        (&report["queries"], &report["success_at_1"], &report["rejection"]),
        (&3.into(), &0.5.into(), &1.0.into())
    );
    assert_eq!(report["by_kind"]["a"]["success_at_1"], 1.0);
    check(&["eval", "kb", &path, "--min-success-at-1", "0.5"], 0);
    let text = check(&["eval", "kb", &path, "--min-success-at-1", "0.6", "--failures"], 1);
    assert!(text.contains("expected billing-invoice-past-due, found billing-charged-twice"), "{text}");
    fs::write(&queries, "{\"q\": 1}\n").expect("a file can be written");
    assert!(check(&["eval", "kb", &path], 2).contains("line 1"));
}

#[test]
fn serve_says_what_to_run_when_there_is_no_widget() {
    let text = check(&["serve", "--widget", &folder("no-widget").to_string_lossy()], 2);
    assert!(text.contains("cargo xtask build"), "{text}");
}

#[test]
fn serve_prints_where_it_is_and_serves_both_folders() {
    let widget = folder("serve-widget");
    fs::write(widget.join("unstuck.js"), "// here").expect("a file can be written");
    let mut server = Command::new(env!("CARGO_BIN_EXE_unstuck"))
        .args(["serve", "--port", "0", "--examples", "examples", "--widget"])
        .arg(&widget)
        .current_dir(repository(""))
        .stdout(Stdio::piped())
        .spawn()
        .expect("the server starts");
    let mut printed = Vec::new();
    let mut stdout = server.stdout.take().expect("it is piped");
    while !printed.ends_with(b"billing.html\n") {
        let mut byte = [0];
        assert_eq!(stdout.read(&mut byte).expect("it can be read"), 1, "the server ended");
        printed.push(byte[0]);
    }
    let printed = String::from_utf8_lossy(&printed).into_owned();
    let address = printed.split("http://").nth(1).and_then(|it| it.split('/').next()).expect("it prints its address");
    for path in ["/unstuck.js", "/unstuck/unstuck.js", "/examples/billing.html"] {
        let mut stream = TcpStream::connect(address).expect("it listens");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").expect("it can be asked");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
    }
    server.kill().expect("it can be ended");
    let _ = server.wait();
}

#[test]
fn search_tells_why_and_what_else() {
    let text = check(&["search", "charged twice"], 0);
    assert!(text.contains("matched: Charged, twice"), "{text}");
    assert!(text.contains("the words stood for: charg"), "{text}");
    assert!(text.contains("the first is clear"), "{text}");
    let text = check(&["search", "kb", "charged twice", "--area", "calls"], 1);
    assert!(text.contains("better in billing: Charged twice"), "{text}");
    let text = check(&["search", "can I export to Excel instead of csv"], 1);
    assert!(text.contains("no match\nperhaps meant: Export"), "{text}");
}

/// The steps of a large knowledge base stand in files of their own beside the index.
#[test]
fn a_large_build_is_an_index_with_blocks_and_is_searched_whole() {
    let steps = "Look at the list, choose the one in question, read what it says and write it down before going on. ";
    let rows: String =
        (0..300).map(|at| format!("| Trouble number {at} | {}Then part {at} works. |\n", steps.repeat(4))).collect();
    let kb = kb("large", format!("# Parts\n\n| Symptom | Fix |\n|---|---|\n{rows}").as_bytes());
    let out = folder("large-built");
    check(&["build", &kb, "--out", &out.to_string_lossy()], 0);
    let manifest: Value = serde_json::from_slice(&fs::read(out.join("customer.json")).expect("the manifest is there"))
        .expect("it is JSON");
    let index = out.join(manifest["languages"]["en"]["file"].as_str().expect("a file"));
    let blocks: Vec<PathBuf> = fs::read_dir(&out)
        .expect("the folder is there")
        .map(|it| it.expect("an entry").path())
        .filter(|it| it.extension().is_some_and(|it| it == "bin") && *it != index)
        .collect();
    assert!(blocks.len() > 3);
    assert_eq!(manifest["languages"]["en"]["blocks"].as_object().map(serde_json::Map::len), Some(blocks.len()));
    let index = index.to_string_lossy();
    assert!(check(&["search", &index, "trouble number 299"], 0).contains("Trouble number 299"));
    fs::remove_file(&blocks[0]).expect("a file can be removed");
    let text = check(&["search", &index, "trouble number 299"], 2);
    assert!(text.contains(&*blocks[0].to_string_lossy()), "{text}");
}

/// A folder of its own with one document, and where its import goes.
fn document(name: &str, markdown: &str) -> (String, String) {
    let path = folder(name);
    let file = path.join("notes.md");
    fs::write(&file, markdown).expect("a file can be written");
    (file.to_string_lossy().into_owned(), path.join("kb").to_string_lossy().into_owned())
}

#[test]
fn what_was_imported_is_checked_and_built_as_it_is() {
    let (file, out) = document("import-good", "## Printing\n\nError | Solution\n-|-\nNo paper | Add paper\n");
    let text = check(&["import", &file, "--out", &out], 0);
    assert!(text.contains(":5: understood: \"No paper\" in printing: 0 causes, 1 step"), "{text}");
    assert!(text.contains("1 entries in 2 files; kept as text: 0, unclear: 0, left out: 0"), "{text}");
    check(&["check", &out, "--deny-warnings"], 0);
    let built = format!("{out}-built");
    check(&["build", &out, "--out", &built], 0);
    let json: Value =
        serde_json::from_slice(&fs::read(Path::new(&built).join("customer.entries.json")).expect("it is there"))
            .expect("it is JSON");
    assert_eq!(json["entries"][0]["symptom"], "No paper");
    assert_eq!(json["entries"][0]["steps"][0]["text"], "Add paper");
}

#[test]
fn an_import_says_what_it_left_out_and_ends_with_1() {
    let markdown = "# Printer\n\nWelcome.\n\n## Printing\n\n| Error | Cause |\n|---|---|\n| No paper | Tray |\n";
    let (file, out) = document("import-unclear", markdown);
    let report = json(&["import", &file, "--out", &out, "--format", "json"], 1);
    assert_eq!(report["entries"], 1);
    let told: Vec<(&str, u64)> = report["report"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|it| (it["outcome"].as_str().expect("an outcome"), it["line"].as_u64().expect("a line")))
        .collect();
    assert_eq!(told, [("left-out", 3), ("understood", 9), ("unclear", 9)]);
    // It can be built all the same, and nobody is left without a way on.
    check(&["check", &out], 0);
}

#[test]
fn an_import_never_overwrites_and_then_writes_nothing() {
    let markdown = "## Ink\n\n| Error | Fix |\n|---|---|\n| Pale | Fill it |\n\n## Paper\n\n| Error | Fix |\n|---|---|\n| Jam | Pull |\n";
    let (file, out) = document("import-taken", markdown);
    fs::create_dir_all(&out).expect("a folder can be made");
    fs::write(Path::new(&out).join("paper.md"), "mine").expect("a file can be written");
    let text = check(&["import", &file, "--out", &out], 2);
    assert!(text.contains("paper.md exists already, and nothing was written"), "{text}");
    assert!(!Path::new(&out).join("ink.md").exists() && !Path::new(&out).join("kb.toml").exists());
    assert_eq!(fs::read_to_string(Path::new(&out).join("paper.md")).expect("it is there"), "mine");
}

#[test]
fn an_import_of_nothing_or_of_what_is_not_there_says_so() {
    let (file, out) = document("import-nothing", "# Printer\n\nIt is a good printer.\n");
    let text = check(&["import", &file, "--out", &out], 1);
    assert!(text.contains("nothing was written") && !Path::new(&out).exists(), "{text}");
    let text = check(&["import", "no/such/file.md", "--out", &out], 2);
    assert!(text.contains("cannot read no/such/file.md"), "{text}");
}

#[test]
fn a_folder_and_standard_input_can_be_imported() {
    let (file, out) = document("import-folder", "## Ink\n\n| Error | Fix |\n|---|---|\n| Pale | Fill it |\n");
    let parent = Path::new(&file).parent().expect("a folder").to_string_lossy().into_owned();
    check(&["import", &parent, "--out", &out], 0);
    let other = format!("{out}-other");
    let mut child = Command::new(env!("CARGO_BIN_EXE_unstuck"))
        .args(["import", "-", "--out", &other])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the command line starts");
    let mut input = child.stdin.take().expect("it reads");
    input.write_all(&fs::read(&file).expect("it is there")).expect("it listens");
    drop(input);
    assert!(child.wait().expect("it ends").success());
    assert!(Path::new(&other).join("ink.md").exists());
}
