//! Documents as they are found, in `tests/kb/imports/`, and what `import` makes
//! of them:
//!
//! - `=== name` begins a case, `--- file` a document of it; in a document `␍`
//!   stands for a carriage return, `␣` for a no-break space, `␀` for a byte
//!   order mark;
//! - `--- entries` lists what the written knowledge base holds: `id [area]
//!   symptom (description) <- causes -> steps / after`;
//! - `--- report` lists what was not simply understood.
//!
//! `UPDATE=1 cargo test --test kb` writes what is found in the place of what was
//! expected, to be reviewed like code.

use std::fmt::Write;
use std::fs;

use unstuck::index::{StepKind, text};
use unstuck::kb::{Audience, Book, Import, Outcome, Severity, Sources, import};

use crate::repository;

struct Case {
    name: String,
    /// Path and text.
    documents: Vec<(String, String)>,
    entries: String,
    report: String,
}

fn cases(suite: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for case in format!("\n{suite}").split("\n=== ").filter(|it| !it.trim().is_empty()) {
        let (name, body) = case.split_once('\n').expect("a case has a body");
        let mut found =
            Case { name: name.into(), documents: Vec::new(), entries: String::new(), report: String::new() };
        for part in format!("\n{body}").split("\n--- ").filter(|it| !it.trim().is_empty()) {
            let (path, lines) = part.split_once('\n').unwrap_or((part, ""));
            match path {
                "entries" => found.entries = lines.trim().into(),
                "report" => found.report = lines.trim().into(),
                _ => found.documents.push((path.into(), lines.into())),
            }
        }
        cases.push(found);
    }
    cases
}

fn run(case: &Case) -> Import {
    let bytes = |it: &str| it.replace('␍', "\r").replace('␣', "\u{a0}").replace('␀', "\u{feff}").into_bytes();
    let documents: Vec<(String, Vec<u8>)> = case.documents.iter().map(|it| (it.0.clone(), bytes(&it.1))).collect();
    import(&documents, &Sources::default())
}

fn read(done: &Import) -> Book {
    let mut sources = Sources::default();
    for it in &done.files {
        sources.add(it.path.clone(), it.bytes.clone());
    }
    let mut book = Book::read(&sources);
    book.lint();
    book
}

fn entries_of(book: &Book) -> String {
    let contents = book.contents(Audience::Staff);
    let mut out = String::new();
    for it in &contents.entries {
        let join = |it: &[String]| it.iter().map(|it| text::plain(it)).collect::<Vec<_>>().join(" | ");
        let res = &it.resolution;
        let description =
            if res.description.is_empty() { String::new() } else { format!(" ({})", join(&res.description)) };
        let after = if res.after.is_empty() { String::new() } else { format!(" / {}", join(&res.after)) };
        let steps = res.steps.iter().map(|it| {
            let kind = match it.kind {
                StepKind::Do => "do".into(),
                StepKind::Wait { minutes } => format!("wait {minutes}"),
                StepKind::Check => "check".into(),
                StepKind::Escalate { contact } => format!("escalate {}", contents.contacts[contact].id),
                StepKind::Info => "info".into(),
            };
            let note =
                |it: &unstuck::index::Note| format!(" ({:?}: {})", it.kind, text::plain(&it.text).replace('\n', "⏎"));
            format!("{kind}: {}{}", text::plain(&it.text), it.notes.iter().map(note).collect::<String>())
        });
        let (causes, steps) = (join(&it.causes), steps.collect::<Vec<_>>().join("; "));
        let guide = if res.guide { "guide " } else { "" };
        let area = &contents.areas[it.area].id;
        let symptom = text::plain(&it.symptom);
        let _ = writeln!(out, "{} [{area}] {symptom}{description} <- {causes} -> {guide}{steps}{after}", it.id);
    }
    out.trim().into()
}

fn report_of(done: &Import) -> String {
    let told = done.report.iter().filter(|it| it.outcome != Outcome::Understood);
    told.map(|it| format!("{}:{} {}: {}", it.file, it.line, it.outcome.name(), it.what)).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_document_becomes_what_is_expected() {
    let (mut n, mut failures) = (0, String::new());
    let mut paths: Vec<_> = fs::read_dir(repository("tests/kb/imports"))
        .expect("cases are there")
        .map(|it| it.expect("they can be listed").path())
        .collect();
    paths.sort();
    for path in paths {
        let suite = fs::read_to_string(&path).expect("a case is text");
        let mut updated = String::new();
        for case in cases(&suite) {
            let done = run(&case);
            let book = read(&done);
            let (entries, report) = (entries_of(&book), report_of(&done));
            let errors: Vec<_> = book.diagnostics.iter().filter(|it| it.severity == Severity::Error).collect();
            if !errors.is_empty() {
                let _ = writeln!(failures, "{}: what was written has errors: {errors:#?}", case.name);
            }
            if entries != case.entries || report != case.report {
                let _ = writeln!(
                    failures,
                    "{}: {}\nexpected:\n{}\n{}\nfound:\n{entries}\n{report}\n",
                    path.display(),
                    case.name,
                    case.entries,
                    case.report
                );
            }
            let _ = writeln!(updated, "=== {}", case.name);
            for (path, text) in &case.documents {
                let _ = writeln!(updated, "--- {path}\n{}", text.trim_end_matches('\n'));
            }
            let _ = writeln!(updated, "--- entries\n{entries}");
            if !report.is_empty() {
                let _ = writeln!(updated, "--- report\n{report}");
            }
            updated.push('\n');
            n += 1;
        }
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, updated.trim_end().to_owned() + "\n").expect("a case can be written");
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(n >= 55, "only {n} cases were run");
}

/// Whatever is wrong with a document, it is read to its end, what is written can
/// be built, and every line with words is in an entry or in the report.
#[test]
fn a_document_that_is_cut_off_or_garbled_does_no_harm() {
    let mut seed = 7u64;
    let mut random = |n: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % n.max(1)
    };
    for it in fs::read_dir(repository("tests/kb/imports")).expect("cases are there") {
        let suite = fs::read_to_string(it.expect("they can be listed").path()).expect("a case is text");
        for case in cases(&suite) {
            for (path, text) in &case.documents {
                let mut cut = text.clone().into_bytes();
                cut.truncate(random(cut.len()));
                let mut garbled = text.clone().into_bytes();
                for _ in 0..4 {
                    let at = random(garbled.len());
                    if let Some(byte) = garbled.get_mut(at) {
                        *byte = b"|<>`*_[](){}\n\r\t\\#-\xff\0 &;:!"[random(25)];
                    }
                }
                for bytes in [cut, garbled] {
                    let done = import(&[(path.clone(), bytes.clone())], &Sources::default());
                    let book = read(&done);
                    assert!(
                        !book.has_errors(),
                        "{}:\n{}\n{:#?}",
                        case.name,
                        String::from_utf8_lossy(&bytes),
                        book.diagnostics
                    );
                }
            }
        }
    }
}

#[test]
fn the_same_documents_give_the_same_files() {
    let documents = vec![("a.md".to_owned(), b"## A\n\n| Error | Fix |\n|-|-|\n| One | Two |\n".to_vec())];
    assert_eq!(import(&documents, &Sources::default()).files, import(&documents, &Sources::default()).files);
}

#[test]
fn a_kb_toml_that_is_there_is_not_written_again_and_its_contacts_are_known() {
    let mut kb = Sources::default();
    kb.add("kb.toml", b"contact = \"desk\"\n[contacts.desk]\nlabel = \"Help desk\"\n".to_vec());
    let document = b"## Mail\n\n| Error | Cause |\n|---|---|\n| No mail | Quota |\n".to_vec();
    let done = import(&[("a.md".to_owned(), document)], &kb);
    assert_eq!(done.files.iter().map(|it| it.path.as_str()).collect::<Vec<_>>(), ["mail.md"]);
    let text = String::from_utf8_lossy(&done.files[0].bytes);
    assert!(text.contains("| No mail | Quota | Contact help desk. |"), "{text}");
    assert!(done.report.iter().any(|it| it.outcome == Outcome::Unclear && it.what.contains("has no resolution")));
}
