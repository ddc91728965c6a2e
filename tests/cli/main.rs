//! The command line as people and scripts use it: arguments, output, exit codes.

mod docs;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, SystemTime};

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

/// Copies the files of a folder into another, which is made.
fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for it in fs::read_dir(from).expect("the folder is there") {
        let path = it.expect("an entry").path();
        fs::copy(&path, to.join(path.file_name().expect("a file has a name"))).expect("a file can be copied");
    }
}

/// A server, ended when it is no longer needed.
struct Serving {
    child: Child,
    /// Host and port.
    address: String,
    /// What it printed, up to the address of the last page.
    printed: String,
}

impl Serving {
    #[track_caller]
    fn start(args: &[&str], at: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_unstuck"));
        command.args(args).current_dir(at).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the server starts");
        let mut stdout = child.stdout.take().expect("it is piped");
        let last = if args.contains(&"--examples") { "billing.html\n" } else { "preview/\n" };
        let mut printed = Vec::new();
        while !printed.ends_with(last.as_bytes()) {
            let mut byte = [0];
            assert_eq!(stdout.read(&mut byte).expect("it can be read"), 1, "the server ended");
            printed.push(byte[0]);
        }
        let printed = String::from_utf8_lossy(&printed).into_owned();
        let address = printed.split("http://").nth(1).and_then(|it| it.split('/').next());
        Self { address: address.expect("it prints its address").to_owned(), child, printed }
    }

    /// What it answers, headers included.
    fn get(&self, path: &str) -> String {
        self.get_as(&self.address, path)
    }

    /// The same under another name.
    fn get_as(&self, host: &str, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("it can be asked");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// The JSON that it answers with.
    fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        let body = answer.split("\r\n\r\n").nth(1).expect("there is a body");
        serde_json::from_str(body).unwrap_or_else(|_| panic!("{path} is no JSON: {answer}"))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
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
    assert!(text.contains("1 entry in 1 area, 0 errors, 0 warnings"), "{text}");
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
fn a_long_line_is_cut_by_its_characters_and_keeps_its_column() {
    for symptom in ["e".to_owned() + &"\u{301}".repeat(50_000), "\u{1f600}".repeat(50_000), "word ".repeat(50_000)] {
        let text = format!("# A\n\n| Symptom | Cause | Fix |\n|---|---|---|\n| {symptom} | x | {{wiat 5m}} y |\n");
        let kb = kb("check-wide", text.as_bytes());
        let told = check(&["check", &kb], 1);
        assert!(told.chars().count() < 6_000, "{} characters", told.chars().count());
        let row = text.lines().last().unwrap_or_default();
        let at = row[..row.find("{wiat").unwrap_or_default()].chars().count() + 1;
        assert!(told.contains(&format!("billing.md:5:{at}\n")), "{told}");
    }
}

#[test]
fn nothing_is_to_be_said_against_the_knowledge_base_in_any_language() {
    check(&["check", "kb", "--deny-warnings"], 0);
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

/// A knowledge base of several files.
fn kb_of(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let path = folder(name);
    for (file, text) in files {
        let file = path.join(file);
        fs::create_dir_all(file.parent().expect("a file is in a folder")).expect("a folder can be made");
        fs::write(file, text).expect("a file can be written");
    }
    path
}

#[test]
fn an_earlier_state_may_be_compiled_in_any_language_and_may_have_findings() {
    let table = "# Billing\n\n| Symptom | Fix |\n|---|---|\n| Charged twice | Ask |\n| Invoice late | Ask |\n";
    let spanish = "# Facturas\n\n| Problema | Solución | Id |\n|---|---|---|\n| Cobro doble | Pregunta | billing-charged-twice |\n";
    let old = kb_of("against-compiled-old", &[("billing.md", table), ("es/billing.md", spanish)]);
    let out = folder("against-compiled-out");
    check(&["build", &old.to_string_lossy(), "--out", &out.to_string_lossy()], 0);
    let manifest: Value = serde_json::from_slice(&fs::read(out.join("customer.json")).expect("the manifest is there"))
        .expect("it is JSON");
    // The same ids, of which the translation has none of its own, and a state that the linter would refuse.
    fs::write(old.join("more.md"), "# More\n\n| Symptom | Fix |\n|---|---|\n| Empty | |\n")
        .expect("a file can be written");
    let new =
        kb_of("against-compiled-new", &[("billing.md", &table.replace("late", "wrong")), ("es/billing.md", spanish)]);
    let new = new.to_string_lossy();
    let compiled = |lang: &str| out.join(manifest["languages"][lang]["file"].as_str().expect("it names a file"));
    for old in [compiled("en"), compiled("es"), old] {
        let found = json(&["check", &new, "--format", "json", "--against", &old.to_string_lossy()], 1);
        assert_eq!(found.as_array().map(Vec::len), Some(1), "{found}");
        assert_eq!((&found[0]["code"], &found[0]["id"]), (&"moved-id".into(), &"billing-invoice-late".into()));
    }
}

#[test]
fn an_id_that_had_moved_is_still_one() {
    let old = kb_of(
        "against-moved-old",
        &[
            ("billing.md", &String::from_utf8_lossy(GOOD)),
            ("kb.toml", "[moved]\n\"older\" = \"billing-charged-twice\"\n"),
        ],
    );
    let new = kb_of("against-moved-new", &[("billing.md", &String::from_utf8_lossy(GOOD))]);
    let text = check(&["check", &new.to_string_lossy(), "--against", &old.to_string_lossy()], 1);
    assert!(text.contains("the id \"older\" is gone"), "{text}");
}

#[test]
fn fixes_are_made_told_and_made_once() {
    let before = "\u{feff}# Billing\r\n\r\n| Symptom | Fix | Also |\r\n|---|---|---|\r\n| Charged twice | Ask |\r\n| Refund\u{7} late | Wait {wiat 5m} | |\r\n";
    let after = "\u{feff}# Billing\r\n\r\n| Symptom | Fix | Also |\r\n|---|---|---|\r\n| Charged twice | Ask | |\r\n| Refund late | Wait {wait 5m} | |\r\n";
    let other = "# Calls\n\n| Symptom | Fix |\n|---|---|\n| Silent | Unmute |\n";
    let kb = kb_of("fix", &[("billing.md", before), ("calls.md", other)]);
    let file = kb.join("billing.md");
    let untouched = fs::metadata(kb.join("calls.md")).and_then(|it| it.modified()).expect("files have times");
    check(&["check", &kb.to_string_lossy()], 1);
    assert_eq!(fs::read_to_string(&file).expect("it is there"), before, "without --fix nothing is written");
    let text = check(&["check", &kb.to_string_lossy(), "--fix"], 0);
    for line in [
        "billing.md:5:1: expected 3 cells, found 2 [cell-count]",
        "billing.md:6:3: text holds a control character [control-character]",
        "unknown mark \"{wiat 5m}\" [unknown-mark]",
        "2 areas, 0 errors, 0 warnings",
    ] {
        assert!(text.contains(line), "{line}:\n{text}");
    }
    assert_eq!(fs::read_to_string(&file).expect("it is there"), after);
    let text = check(&["check", &kb.to_string_lossy(), "--fix"], 0);
    assert!(!text.contains("fixed"), "{text}");
    assert_eq!(fs::read_to_string(&file).expect("it is there"), after);
    let times = fs::metadata(kb.join("calls.md")).and_then(|it| it.modified()).expect("files have times");
    assert_eq!(times, untouched, "what needs no fix is not written");
}

#[test]
fn what_a_fix_would_guess_is_left_to_the_author() {
    let kb = kb("fix-guess", BAD);
    check(&["check", &kb, "--fix"], 1);
    assert_eq!(fs::read(Path::new(&kb).join("billing.md")).expect("it is there"), BAD);
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_is_a_finding_among_others() {
    let kb = kb("unreadable", BAD);
    std::os::unix::fs::symlink("nowhere", Path::new(&kb).join("gone.md")).expect("a link can be made");
    let text = check(&["check", &kb], 1);
    assert!(text.contains("error[unreadable]: cannot be read: no such file") && text.contains("gone.md"), "{text}");
    assert!(text.contains("error[missing-symptom]"), "{text}");
}

#[test]
fn check_says_where_the_time_goes_when_asked() {
    let kb = kb("timings", GOOD);
    let text = check(&["check", &kb, "--timings"], 0);
    for line in ["read ", "rules ", "one file ", "the longest file "] {
        assert!(text.lines().any(|it| it.starts_with(line) && it.ends_with(" ms")), "{line}:\n{text}");
    }
    assert!(!check(&["check", &kb], 0).contains(" ms"));
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
    let text = check(&["check", &kb("utf16", b"\xff\xfe#\0 \0B\0")], 1);
    assert!(text.contains("it looks like UTF-16; choose the encoding UTF-8"), "{text}");
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
    // Some editors put a mark before the first line.
    fs::write(&queries, format!("\u{feff}{lines}")).expect("a file can be written");
    assert_eq!(json(&["eval", "kb", &path, "--json"], 0), report);
    let text = check(&["eval", "kb", &path, "--min-success-at-1", "0.6", "--failures"], 1);
    assert!(text.contains("expected billing-invoice-past-due, found billing-charged-twice"), "{text}");
    for part in ["billing-charged-twice: confidence ", "has charged ", "what was expected has nothing of the query"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let report = json(&["eval", "kb", &path, "--json", "--failures"], 0);
    let failure = &report["failures"][0];
    assert_eq!((&failure["line"], &failure["found"][0]), (&2.into(), &"billing-charged-twice".into()));
    assert_eq!((&failure["first"]["id"], &failure["expected"]), (&"billing-charged-twice".into(), &Value::Null));
    assert!(report["failures"].as_array().is_some_and(|it| it.len() == 1));
    for share in ["95", "-1", "x"] {
        let text = check(&["eval", "kb", &path, &format!("--min-success-at-1={share}")], 2);
        assert!(text.contains("expected a share from 0 to 1"), "{text}");
    }
    let gone = "{\"q\":\"zeppelin\",\"expect\":[\"billing-zeppelin\"],\"area\":null,\"kind\":\"a\"}\n";
    fs::write(&queries, gone).expect("a file can be written");
    let text = check(&["eval", "kb", &path, "--failures"], 0);
    for part in
        ["expected billing-zeppelin, found no match", "there is no entry billing-zeppelin", "not known here: zeppelin"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    fs::write(&queries, "\n").expect("a file can be written");
    assert!(check(&["eval", "kb", &path], 2).contains("no queries in"));
    fs::write(&queries, "{\"q\": 1}\n").expect("a file can be written");
    assert!(check(&["eval", "kb", &path], 2).contains("line 1"));
    // All lines that cannot be read are named, and an area and a kind may be left out.
    fs::write(&queries, "{\"expect\": []}\n\n{\"q\": \"charged twice\", \"expect\": [\"billing-charged-twice\"]}\n{\n{\"q\": \"x\", \"expect\": [], \"area\": \"biling\"}\n")
        .expect("a file can be written");
    let text = check(&["eval", "kb", &path], 2);
    for part in ["line 1: missing field `q` (column 14)", "line 4: EOF", "line 5: unknown area \"biling\""] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("line 3") && !text.contains("at line"), "{text}");
    fs::write(&queries, "{\n".repeat(25)).expect("a file can be written");
    let text = check(&["eval", "kb", &path], 2);
    assert!(text.contains("line 10: ") && !text.contains("line 11: ") && text.contains("and 15 more"), "{text}");
    fs::write(&queries, "{\"q\": \"charged twice\", \"expect\": [\"billing-charged-twice\"]}\n")
        .expect("a file can be written");
    let report = json(&["eval", "kb", &path, "--json"], 0);
    assert_eq!((&report["success_at_1"], &report["by_kind"]["other"]["queries"]), (&1.0.into(), &1.into()));
    // What was forgotten or swapped is said.
    assert!(check(&["eval", "kb"], 2).contains("the queries are missing: expected unstuck eval kb QUERIES.jsonl"));
    assert!(check(&["eval", &path, "kb"], 2).contains("the knowledge base comes first, as in unstuck eval kb "));
    fs::write(&queries, "{\"q\": \"zeppelin\", \"expect\": [\"billing-charged-twice\"]}\n")
        .expect("a file can be written");
    assert_eq!(json(&["eval", "kb", &path, "--json", "--failures"], 0)["failures"][0]["confidence"], Value::Null);
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
    let serving = Serving::start(
        &["serve", "--port", "0", "--examples", "examples", "--widget", &widget.to_string_lossy()],
        &repository(""),
    );
    for path in ["/unstuck.js", "/unstuck/unstuck.js", "/examples/billing.html"] {
        let answer = serving.get(path);
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
    }
    // Pages are to be shown, and nothing is being written.
    assert!(serving.get("/preview/").starts_with("HTTP/1.1 404"));
    assert!(!serving.printed.contains("preview"));
}

#[test]
fn serve_shows_a_knowledge_base_as_it_is_saved() {
    let widget = folder("preview-widget");
    fs::write(widget.join("unstuck.js"), "// here").expect("a file can be written");
    let widget = widget.to_string_lossy();
    assert!(check(&["serve", "nowhere", "--widget", &widget], 2).contains("no knowledge base at nowhere"));
    // The widget is looked for beside the knowledge base first.
    let beside = folder("preview-beside");
    for it in ["help", "dist"] {
        fs::create_dir(beside.join(it)).expect("a folder can be made");
    }
    fs::write(beside.join("dist/unstuck.js"), "// beside").expect("a file can be written");
    let help = beside.join("help");
    let serving = Serving::start(&["serve", &help.to_string_lossy(), "--port", "0"], &folder("preview-elsewhere"));
    assert!(serving.get("/unstuck/unstuck.js").ends_with("// beside"));
    drop(serving);
    let kb = kb("preview", GOOD);
    let serving = Serving::start(&["serve", &kb, "--port", "0", "--widget", &widget], &repository(""));
    assert!(serving.get("/").starts_with("HTTP/1.1 307"));
    let page = serving.get("/preview/");
    assert!(page.contains("require-trusted-types-for 'script'") && page.contains("page.js"), "{page}");
    assert!(serving.get("/preview").contains("location: /preview/\r\n"));
    for path in ["page.js", "page.css", "icon.svg"] {
        assert!(serving.get(&format!("/preview/{path}")).starts_with("HTTP/1.1 200"), "{path}");
    }
    // What is not published is nobody else's, whatever name leads here.
    assert!(serving.get_as("elsewhere.example:80", "/preview/state.json").starts_with("HTTP/1.1 403"));
    assert!(serving.get_as("localhost", "/preview/state.json").starts_with("HTTP/1.1 200"));
    let state = serving.json("/preview/state.json");
    assert_eq!((&state["shown"], &state["errors"]), (&state["version"], &0.into()));
    let base = |state: &Value| format!("/preview/kb/{}", state["shown"]);
    // A file whose name does not say for whom it is, of one that was asked for.
    let manifest = serving.json(&format!("{}/agent.json", base(&state)));
    let index = manifest["languages"]["en"]["file"].as_str().expect("it names its index").to_owned();
    assert!(serving.get(&format!("{}/{index}", base(&state))).starts_with("HTTP/1.1 200"));
    for path in ["/preview/kb/1/agent.json", &format!("{}/nothing.bin", base(&state))] {
        assert!(serving.get(path).starts_with("HTTP/1.1 404"), "{path}");
    }
    let why = serving.json("/preview/search.json?q=charged%20twice&audience=staff&lang=en");
    assert_eq!((&why["answers"], &why["nearest"][0]["id"]), (&1.into(), &"billing-charged-twice".into()));
    assert_eq!(serving.json("/preview/search.json?q=%3F")["answers"], 0);
    // An audience or a language that there is none of is as if none was asked for.
    assert_eq!(serving.json("/preview/search.json?q=charged%20twice&audience=foo&lang=xx")["answers"], 1);
    assert_eq!(serving.json("/preview/search.json?q=zeppelin")["confidence"], Value::Null);

    // With errors the last version stays; without them again there is a new one.
    let saved = |text: &[u8], until: &dyn Fn(&Value) -> bool| {
        fs::write(Path::new(&kb).join("billing.md"), text).expect("a file can be written");
        for _ in 0..200 {
            let state = serving.json("/preview/state.json");
            if until(&state) {
                return state;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("it was not seen: {}", serving.json("/preview/state.json"));
    };
    let broken = saved(BAD, &|it| it["errors"] == 2);
    assert_eq!(broken["shown"], state["shown"]);
    assert_eq!(broken["findings"][0]["entry"], "billing-charged-twice");
    assert!(serving.get(&format!("{}/agent.json", base(&broken))).starts_with("HTTP/1.1 200"));
    let repaired = saved(GOOD, &|it| it["errors"] == 0 && it["shown"] != state["shown"]);
    assert!(repaired["shown"].as_u64() > state["shown"].as_u64());
    // A page that is still loading the version before gets all of it.
    assert!(serving.get(&format!("{}/{index}", base(&state))).starts_with("HTTP/1.1 200"));
}

/// What a program says next that carries requests to `serve`: a line of JSON, and what follows it.
fn told(out: &mut impl BufRead) -> (Value, String) {
    let mut line = String::new();
    out.read_line(&mut line).expect("it can be read");
    let head: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no JSON: {line}"));
    let mut body = vec![0; head["length"].as_u64().expect("it has a length") as usize];
    out.read_exact(&mut body).expect("there is as much as it says");
    (head, String::from_utf8_lossy(&body).into_owned())
}

/// As Node asks it, which has the network there.
#[test]
fn serve_answers_whoever_carries_what_is_asked() {
    let at = folder("serve-carried");
    copy_folder(&repository("src/kb/starter"), &at.join("kb"));
    for it in ["dist/pages", "examples"] {
        fs::create_dir_all(at.join(it)).expect("a folder can be made");
    }
    for it in ["secret.txt", "dist/unstuck.js", "dist/pages/index.html", "examples/portal.html"] {
        fs::write(at.join(it), it).expect("a file can be written");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_unstuck"));
    command.args(["serve", "kb", "--examples", "examples", "--port", "81"]).current_dir(&at);
    command.env("UNSTUCK_CARRIED", "").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
    assert_eq!(told(&mut out).0, serde_json::json!({ "port": 81, "look_ms": 250, "length": 0 }));
    let mut ask = |line: &Value| {
        writeln!(stdin, "{line}").expect("it can be asked");
        told(&mut out)
    };
    let (_, said) = ask(&serde_json::json!({ "at": "127.0.0.1:4321" }));
    assert!(
        said.starts_with("help centre  http://127.0.0.1:4321/\npreview      http://127.0.0.1:4321/preview/\n"),
        "{said}"
    );
    let mut get = |path: &str, host: &str| {
        ask(&serde_json::json!({ "get": { "path": path, "host": host, "query": { "q": "paper jam", "other": "" } } }))
    };
    for (path, status, body) in [
        ("/unstuck/unstuck.js", 200, "dist/unstuck.js"),
        ("/unstuck.js", 200, "dist/unstuck.js"),
        ("/pages/", 200, "dist/pages/index.html"),
        ("/examples/portal.html", 200, "examples/portal.html"),
        ("/pages", 307, ""),
        ("/", 404, ""),
        ("", 404, ""),
        ("/unstuck.js/", 404, ""),
        ("/unstuck/../secret.txt", 404, ""),
        ("/examples/../secret.txt", 404, ""),
        ("/examples/..\\secret.txt", 404, ""),
        ("/examples/C:secret.txt", 404, ""),
        ("/examples/./portal.html", 404, ""),
        ("/examples//portal.html", 404, ""),
        ("/examples/portal.html\0", 404, ""),
        ("/previews", 404, ""),
        ("/preview/kb/x/customer.json", 404, ""),
        ("/preview", 308, ""),
    ] {
        let (head, said) = get(path, "localhost:4321");
        assert_eq!((&head["status"], &*said), (&status.into(), body), "{path}");
    }
    assert_eq!(get("/pages", "localhost").0["headers"]["location"], "/pages/");
    assert_eq!(get("/preview/state.json", "elsewhere.example:4321").0["status"], 403);
    let (head, state) = get("/preview/state.json", "127.0.0.1:4321");
    assert_eq!(head["headers"]["content-type"], "application/json");
    assert!(state.contains("\"entries\":6"), "{state}");
    let (_, why) = get("/preview/search.json", "localhost");
    assert!(why.contains("printing-paper-jam-stays-on-the-screen"), "{why}");
    let (head, first) = get("/preview/events", "localhost");
    assert!(head["goes_on"] == true && first.starts_with("data: ") && first.ends_with("\n\n"), "{first}");
    // News where something was saved, and none where nothing was.
    assert_eq!(ask(&"look".into()).1, "");
    fs::write(at.join("kb/coffee.md"), GOOD).expect("a file can be written");
    let (_, news) = ask(&"look".into());
    assert!(news.starts_with("data: ") && news > first, "{news}");
    assert_eq!(ask(&"look".into()).1, "");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]));
}

#[test]
fn search_tells_why_and_what_else() {
    let text = check(&["search", "charged twice"], 0);
    assert!(text.contains("matched: Charged, twice"), "{text}");
    assert!(text.contains("the words stood for these stems: charg"), "{text}");
    assert!(text.contains("the first is clear"), "{text}");
    let text = check(&["search", "kb", "charged twice", "--area", "calls"], 1);
    assert!(text.contains("better in billing: Charged twice"), "{text}");
    let text = check(&["search", "can I export to Excel instead of csv"], 1);
    assert!(text.contains("no match\nperhaps meant: Export"), "{text}");
    let text = check(&["search", "charged by the zeppelin company"], 1);
    for part in ["nearest: billing-charged-twice\n", "lacks zeppelin", "confidence -", "not known here: zeppelin"] {
        assert!(text.contains(part), "{part}: {text}");
    }
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

#[test]
fn new_makes_a_knowledge_base_that_can_be_checked_built_and_searched() {
    let kb = folder("new").join("kb");
    let path = kb.to_string_lossy();
    assert!(check(&["new", &path], 0).contains("unstuck check"));
    let text = check(&["check", &path, "--deny-warnings"], 0);
    assert!(text.contains("6 entries in 3 areas, 0 errors, 0 warnings"), "{text}");
    // A table, sections, a guide, aliases.
    for (query, id) in [
        ("blank pages", "printing-pages-come-out-blank"),
        ("cannot share my slides", "meeting-rooms-the-room-display-stays-dark"),
        ("copier jam", "printing-paper-jam-stays-on-the-screen"),
        ("move to another desk", "moving-desks-move-to-another-desk"),
    ] {
        assert_eq!(json(&["search", &path, query, "--json"], 0)[0]["id"], id, "{query}");
    }
    let out = folder("new-built");
    check(&["build", &path, "--out", &out.to_string_lossy()], 0);
    let built: Value = serde_json::from_slice(&fs::read(out.join("customer.entries.json")).expect("it is written"))
        .expect("it is JSON");
    let entry =
        |id: &str| built["entries"].as_array().and_then(|it| it.iter().find(|it| it["id"] == id)).expect("an entry");
    assert_eq!(entry("moving-desks-move-to-another-desk")["guide"], true);
    assert_eq!(entry("meeting-rooms-the-room-display-stays-dark")["guide"], false);
    let index = out.join(
        fs::read_dir(&out)
            .expect("the folder is there")
            .map(|it| it.expect("an entry").file_name())
            .find(|it| it.to_string_lossy().ends_with(".bin"))
            .expect("there is an index"),
    );
    assert_eq!(json(&["search", &index.to_string_lossy(), "paper jam", "--json"], 0)[0]["area"], "printing");
}

#[test]
fn new_touches_no_folder_that_has_something_in_it() {
    let kb = folder("new-full");
    fs::write(kb.join("mine.md"), "# Mine").expect("a file can be written");
    let text = check(&["new", &kb.to_string_lossy()], 2);
    assert!(text.contains("is not empty: name a folder"), "{text}");
    assert_eq!(fs::read_dir(&kb).expect("the folder is there").count(), 1);
    assert!(check(&["new", &kb.join("mine.md").to_string_lossy()], 2).contains("is a file"));
    // An empty one will do.
    check(&["new", &folder("new-empty").to_string_lossy()], 0);
}

#[test]
fn gaps_lists_what_to_write_next_and_ends_with_1_where_a_line_cannot_be_read() {
    let events = folder("gaps").join("events.jsonl");
    let path = events.to_string_lossy();
    let mut lines = concat!(
        "{\"type\":\"unstuck-no-match\",\"time\":1,\"detail\":{\"query\":\"zeppelin tickets\",\"area\":null}}\n",
        "{\"type\":\"unstuck-no-match\",\"time\":1,\"detail\":{\"query\":\"ticket zeppelin\",\"area\":\"billing\"}}\n",
        "{\"type\":\"unstuck-no-match\",\"time\":1,\"detail\":{\"area\":null}}\n",
        "{\"type\":\"unstuck-not-resolved\",\"time\":1,\"detail\":{\"id\":\"billing-charged-twice\",\"steps\":1,\"seconds\":5}}\n",
        "{\"type\":\"unstuck-resolved\",\"time\":1,\"detail\":{\"id\":\"billing-charged-twice\",\"steps\":1,\"seconds\":5}}\n",
    )
    .to_owned();
    fs::write(&events, &lines).expect("a file can be written");
    let text = check(&["gaps", &path], 0);
    for part in [
        "5 events: 3 unstuck-no-match, 1 unstuck-not-resolved, 1 unstuck-resolved",
        "2 searches without a match, about 1 thing\n",
        "     2  ticket zeppelin",
        "in billing 1",
        "1 more without their text",
        "     1 of 2 (50 %)  billing-charged-twice",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let found = json(&["gaps", &path, "kb", "--json"], 0);
    assert_eq!((&found["unanswered"][0]["count"], &found["private"]), (&2.into(), &1.into()));
    assert_eq!(found["unhelpful"][0]["not_resolved_share"], 0.5);
    // What anybody may have typed does not reach the terminal as a command.
    let typed = r#"{"type":"unstuck-no-match","detail":{"query":"balloon \u001b[2J","area":"\u009b2J"}}"#;
    fs::write(&events, typed).expect("a file can be written");
    let text = check(&["gaps", &path], 0);
    assert!(text.contains("balloon \u{fffd}[2J") && text.contains("in \u{fffd}2J 1"), "{text:?}");
    lines.push_str("nonsense\n");
    fs::write(&events, &lines).expect("a file can be written");
    let text = check(&["gaps", &path], 1);
    assert!(
        text.contains("5 events: ")
            && text.contains("1 line could not be read")
            && text.contains("events.jsonl line 6: expected a JSON object"),
        "{text}"
    );
    assert_eq!(json(&["gaps", &path, "--json"], 1)["bad"][0]["line"], 6);
    assert!(check(&["gaps", "nowhere.jsonl"], 2).contains("nowhere.jsonl"));
    assert!(check(&["gaps", &path, "nowhere"], 2).contains("nowhere"));
}

/// The hashed files of a folder, in the order of their names.
fn hashed(out: &Path) -> Vec<String> {
    let names = fs::read_dir(out).expect("the folder is there").map(|it| it.expect("an entry").file_name());
    let mut names: Vec<String> =
        names.map(|it| it.to_string_lossy().into_owned()).filter(|it| it.ends_with(".bin")).collect();
    names.sort();
    names
}

/// The index that a published manifest names.
fn published(out: &Path) -> String {
    let manifest = fs::read(out.join("customer.json")).expect("the manifest is there");
    let manifest: Value = serde_json::from_slice(&manifest).expect("it is JSON");
    manifest["languages"]["en"]["file"].as_str().expect("it names its index").to_owned()
}

#[test]
fn a_build_that_fails_on_the_way_leaves_what_was_published() {
    let out = folder("interrupted");
    let path = out.to_string_lossy();
    let before = kb("interrupted-before", GOOD);
    check(&["build", &before, "--out", &path], 0);
    let manifest = fs::read(out.join("customer.json")).expect("it is published");
    // The file that comes before the manifest cannot be put into its place.
    fs::remove_dir_all(out.join("customer")).expect("it is a folder");
    fs::create_dir_all(out.join("customer/billing.html")).expect("a folder can be made");
    fs::write(out.join("customer/billing.html/x"), "").expect("a file can be written");
    let after = kb(
        "interrupted-after",
        b"# Billing\n\n| Symptom | Cause | Fix |\n|---|---|---|\n| Charged thrice | A retry | Ask |\n",
    );
    let text = check(&["build", &after, "--out", &path], 2);
    assert!(text.contains("billing.html"), "{text}");
    assert_eq!(fs::read(out.join("customer.json")).expect("it is still there"), manifest);
    let index = out.join(published(&out));
    assert!(check(&["search", &index.to_string_lossy(), "charged twice"], 0).contains("Charged twice"));
    let drafts = fs::read_dir(out.join("customer")).expect("the folder is there").count();
    assert_eq!(drafts, 1, "a draft was left behind");
    // Once it can be written it is published, and what the old manifest named is still there.
    fs::remove_dir_all(out.join("customer")).expect("it is a folder");
    check(&["build", &after, "--out", &path], 0);
    assert_ne!(fs::read(out.join("customer.json")).expect("it is published"), manifest);
    assert!(index.is_file());
}

#[test]
fn old_hashed_files_stay_until_they_are_old_enough() {
    let out = folder("keep");
    let path = out.to_string_lossy();
    let table = |symptom: &str| {
        format!("# Billing\n\n| Symptom | Cause | Fix |\n|---|---|---|\n| {symptom} | A retry | Ask |\n")
    };
    let build = |symptom: &str, args: &[&str]| {
        let kb = kb("keep-kb", table(symptom).as_bytes());
        check(&[&["build", &kb, "--out", &path], args].concat(), 0);
        published(&out)
    };
    let days_ago = |name: &str, days: u64| {
        let time = SystemTime::now() - Duration::from_secs(days * 24 * 60 * 60);
        let file = fs::File::options().append(true).open(out.join(name)).expect("it is there");
        file.set_modified(time).expect("a time can be set");
    };
    let first = build("First", &[]);
    let second = build("Second", &[]);
    let mut both = vec![first.clone(), second.clone()];
    both.sort();
    assert_eq!(hashed(&out), both);
    // The first was given up long ago; the second was written long ago, and in use until now.
    days_ago(&first, 30);
    days_ago(&second, 30);
    fs::write(out.join("0123456789abcdef.bin.new"), "").expect("a file can be written");
    days_ago("0123456789abcdef.bin.new", 30);
    fs::write(out.join("mine.bin"), "").expect("a file can be written");
    days_ago("mine.bin", 30);
    let third = build("Third", &["--keep", "7"]);
    let mut kept = vec![second.clone(), third.clone(), "mine.bin".into()];
    kept.sort();
    assert_eq!(hashed(&out), kept);
    assert!(!out.join("0123456789abcdef.bin.new").exists());
    // A build for others shares nothing with it, and leaves it.
    check(&["build", &kb("keep-staff", GOOD), "--out", &path, "--audience", "staff", "--keep", "0"], 0);
    assert!(out.join(&third).is_file() && !out.join(&second).exists());
    // Other JSON in the folder is not ours, and names nothing.
    fs::write(out.join("mine.json"), "{").expect("a file can be written");
    check(&["build", &kb("keep-staff", GOOD), "--out", &path, "--audience", "staff", "--keep", "0"], 0);
    // Where it cannot be told what is still named, nothing is removed, nor anything written.
    fs::remove_file(out.join("staff.json")).expect("it is there");
    fs::write(out.join("customer.json"), "{").expect("a file can be written");
    let text = check(&["build", &kb("keep-staff", GOOD), "--out", &path, "--audience", "staff", "--keep", "0"], 2);
    assert!(text.contains("cannot tell which files") && out.join(&third).is_file(), "{text}");
    assert!(!out.join("staff.json").exists());
    // A manifest that is about to be replaced needs nothing any more.
    check(&["build", &kb("keep-customer", GOOD), "--out", &path, "--keep", "7"], 0);
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
    assert!(text.contains("1 entry in 2 files; kept as text: 0, unclear: 0, left out: 0"), "{text}");
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

#[test]
fn a_file_that_is_not_read_is_named() {
    let table = String::from_utf8_lossy(GOOD).into_owned();
    let other = |area: &str| table.replace("Billing", area);
    let files = [
        ("billing.md", table.clone()),
        ("calls.MD", other("Calls")),
        ("pages.markdown", other("Pages")),
        ("notes.txt", other("Notes")),
        ("guides/more.md", other("More")),
        ("other.toml", String::new()),
        (".hidden", String::new()),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|it| (it.0, it.1.as_str())).collect();
    let kb = kb_of("not-read", &files);
    let text = check(&["check", &kb.to_string_lossy()], 0);
    assert!(text.contains("3 entries in 3 areas"), "{text}");
    assert!(text.contains("not read: guides/more.md, notes.txt, other.toml: expected kb.toml"), "{text}");
    assert!(json(&["check", &kb.to_string_lossy(), "--format", "json"], 0).is_array());
    // The file of a translation is read, and nothing is said where nothing is left out.
    assert!(!check(&["check", "kb"], 0).contains("not read"));
    let many: Vec<String> = (0..12).map(|at| format!("{at:02}.txt")).collect();
    let many: Vec<(&str, &str)> =
        many.iter().map(|it| (it.as_str(), "")).chain([("billing.md", table.as_str())]).collect();
    let text = check(&["check", &kb_of("not-read-many", &many).to_string_lossy()], 0);
    assert!(text.contains("not read: 00.txt, ") && text.contains("09.txt and 2 more: "), "{text}");
}

#[test]
fn a_knowledge_base_without_an_entry_is_a_finding_and_is_not_built() {
    for (name, files) in
        [("no-entry-empty", &[][..]), ("no-entry-text", &[("billing.md", "# Billing\n\nHello.\n"), ("a.txt", "")])]
    {
        let kb = kb_of(name, files);
        let kb = kb.to_string_lossy();
        assert!(check(&["check", &kb], 1).contains("there is no entry: write a table"));
        let out = folder("no-entry-out");
        assert!(check(&["build", &kb, "--out", &out.to_string_lossy()], 1).contains("nothing was built"));
        assert_eq!(fs::read_dir(&out).expect("the folder is there").count(), 0);
    }
}

/// How many files are in a folder and those in it.
fn n_files(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).expect("the folder is there").map(|it| it.expect("an entry").path());
    entries.map(|it| if it.is_dir() { n_files(&it) } else { 1 }).sum()
}

#[test]
fn a_build_says_what_it_wrote_and_where() {
    let out = folder("build-says");
    let text = check(&["build", &kb("build-says-kb", GOOD), "--out", &out.to_string_lossy()], 0);
    let n = text.split(", ").nth(1).and_then(|it| it.split(' ').next()).expect("it says how many files");
    assert!(
        text.contains(": 1 entry for customer, ") && text.contains(&format!("files written to {}", out.display())),
        "{text}"
    );
    assert_eq!(n, n_files(&out).to_string(), "{text}");
}

#[test]
fn a_search_that_was_not_written_right_says_how_it_is() {
    for (args, part) in [
        (
            &["search", "my", "desk", "is", "freezing"][..],
            "put the query in quotation marks: unstuck search \"my desk is freezing\"",
        ),
        (&["search", "kb", "desk", "is", "freezing"], "unstuck search kb \"desk is freezing\""),
        (&["search", "freezing", "desk"], "unstuck search \"freezing desk\""),
        (&["search", "kb", ""], "the query is missing"),
        (&["search", "  "], "the query is missing"),
        (&["search", "kb"], "the query is missing"),
        (&["search", "charged", "--limit", "0"], "0 is not in 1.."),
        (&["search"], "Usage: unstuck search [OPTIONS] [KB] QUERY"),
        (&["eval"], "Usage: unstuck eval [OPTIONS] [KB] QUERIES"),
    ] {
        let text = check(args, 2);
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(check(&["search", "???"], 1).contains("no match: there is no word in the query"));
    assert_eq!(json(&["search", "???", "--json"], 1), Value::Array(Vec::new()));
    let help = check(&["search", "--help"], 0);
    assert!(help.contains("Confidence says whether") && help.contains("[KB] QUERY"), "{help}");
    assert!(!check(&["check", "--help"], 0).contains(".bin file"));
}

#[test]
fn an_alias_is_shown_where_it_is_what_matched() {
    let table = "# Office\n\n| Symptom | Fix | Also |\n|---|---|---|\n| Room is cold | Close the window | freezing at my desk |\n";
    let kb = kb_of("alias-shown", &[("office.md", table)]);
    let text = check(&["search", &kb.to_string_lossy(), "my desk is freezing"], 0);
    assert!(text.contains("matched by the alias “freezing at my desk”\n"), "{text}");
    assert!(text.contains("% in its alias “freezing at my desk”, of which"), "{text}");
    // A compiled file has the words of an alias, and not the alias.
    let out = folder("alias-shown-out");
    check(&["build", &kb.to_string_lossy(), "--out", &out.to_string_lossy()], 0);
    let text = check(&["search", &out.join(published(&out)).to_string_lossy(), "my desk is freezing"], 0);
    assert!(text.contains("matched by none of its words that are shown") && text.contains("in its alias 1"), "{text}");
}

#[test]
fn gaps_marks_an_entry_that_is_gone() {
    let events = folder("gaps-gone").join("events.jsonl");
    fs::write(&events, r#"{"type":"unstuck-not-resolved","detail":{"id":"billing-gone"}}"#)
        .expect("a file can be written");
    let text = check(&["gaps", &events.to_string_lossy()], 0);
    assert!(text.contains("1 of 1  gone: billing-gone\n") && !text.contains('%'), "{text}");
    assert!(text.contains("1 entry that did not help"), "{text}");
}

/// A pipe is no file of a knowledge base, whatever its name says: reading it would never end.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_read() {
    let kb = kb("no-file", GOOD);
    let made = Command::new("mkfifo").arg(Path::new(&kb).join("pipe.md")).status().expect("mkfifo is there");
    assert!(made.success());
    std::os::unix::fs::symlink("/dev/zero", Path::new(&kb).join("zero.md")).expect("a link can be made");
    let output = unstuck(&["check", &kb]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(said.matches("cannot be read: it is no file").count(), 2, "{said}");
}

/// Whatever is asked for, the server goes on, and gives nothing but its folders.
#[test]
fn serve_gives_no_file_beside_its_folders() {
    let kb = kb("guarded", GOOD);
    fs::write(Path::new(&kb).with_file_name("secret.txt"), "a secret").expect("a file can be written");
    let widget = folder("guarded-widget");
    fs::write(widget.join("unstuck.js"), "").expect("a file can be written");
    let serving =
        Serving::start(&["serve", &kb, "--widget", &widget.to_string_lossy(), "--port", "0"], &folder("guarded-at"));
    let number = serving.json("/preview/state.json")["shown"].to_string();
    for folder in ["/unstuck".to_owned(), "/preview".to_owned(), format!("/preview/kb/{number}")] {
        for up in [
            "/../",
            "/..%2f",
            "/%2e%2e/",
            "/%2e%2e%2f",
            "/..\\",
            "/..%5c",
            "/.%00./",
            "//../",
            "/....//",
            "/%252e%252e/",
        ] {
            for times in [1, 2, 8] {
                for name in ["secret.txt", "etc/passwd", "kb.toml"] {
                    let answer = serving.get(&format!("{folder}{}{name}", up.repeat(times)));
                    assert!(
                        !answer.contains("a secret") && !answer.contains("root:") && !answer.contains("[areas]"),
                        "{up}{name}: {answer}"
                    );
                    assert!(
                        !answer.starts_with("HTTP/1.1 200") && !answer.starts_with("HTTP/1.1 5"),
                        "{folder}{up}{name}: {answer}"
                    );
                }
            }
        }
    }
    for host in [
        "elsewhere.example",
        "127.0.0.1.elsewhere.example",
        "localhost.elsewhere.example:80",
        "127.0.0.1@elsewhere.example",
        "[::1]",
        "",
        "localhost:80:80",
    ] {
        for path in [
            "/preview/state.json",
            "/preview/",
            "/preview/events",
            "/preview/search.json?q=x",
            &format!("/preview/kb/{number}/customer.json"),
        ] {
            let answer = serving.get_as(host, path);
            assert!(
                answer.starts_with("HTTP/1.1 403") || answer.starts_with("HTTP/1.1 400"),
                "{host} {path}: {answer}"
            );
        }
    }
    for query in [
        "%",
        "q=%ff",
        "q=%00",
        "q=x&lang=../..&audience=../..",
        "q",
        &format!("q={}", "a%20".repeat(10_000)),
        &"q=".repeat(20_000),
    ] {
        serving.get(&format!("/preview/search.json?{query}"));
    }
    // Neither a head without an end nor what is no request keeps others waiting.
    for bytes in [
        vec![b'a'; 1_000_000],
        [b"GET / HTTP/1.1\r\n".to_vec(), b"X: y\r\n".repeat(100_000)].concat(),
        vec![0; 1_000],
        b"GET http://x/ HTTP/9\r\n\r\n".to_vec(),
    ] {
        let mut stream = TcpStream::connect(&serving.address).expect("the server is there");
        let _ = stream.write_all(&bytes);
        assert!(serving.get_as("localhost", "/preview/state.json").starts_with("HTTP/1.1 200"));
    }
}

/// A file that somebody else compiled, with a checksum that fits.
#[test]
fn what_a_compiled_file_says_moves_no_cursor() {
    let out = folder("cursor-out");
    let out = out.to_string_lossy();
    check(&["build", &kb("cursor", GOOD), "--out", &out], 0);
    let files = fs::read_dir(&*out).expect("it was built").map(|it| it.expect("an entry").path());
    let path = files.into_iter().find(|it| it.extension().is_some_and(|it| it == "bin")).expect("there is an index");
    let mut bytes = fs::read(&path).expect("it can be read");
    let at = bytes.windows(13).position(|it| it == b"Charged twice").expect("it is in there");
    bytes[at..at + 7].copy_from_slice(b"\x1b[2J\xc2\x9b1");
    let round =
        |sum: u64, word: [u8; 8]| (sum ^ u64::from_le_bytes(word)).wrapping_mul(0xff51_afd7_ed55_8ccd).rotate_left(29);
    let sum = bytes[24..].chunks(8).fold(0x9e37_79b9_7f4a_7c15 ^ (bytes.len() - 24) as u64, |sum, it| {
        let mut word = [0; 8];
        word[..it.len()].copy_from_slice(it);
        round(sum, word)
    });
    bytes[16..24].copy_from_slice(&sum.to_le_bytes());
    fs::write(&path, bytes).expect("it can be written");
    let said = check(&["search", &path.to_string_lossy(), "twice"], 0);
    assert!(said.contains(" twice"), "{said}");
    assert!(said.chars().all(|it| !it.is_control() || it == '\n'), "{said:?}");
}
