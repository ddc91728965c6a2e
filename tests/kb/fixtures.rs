//! Cases with their expectation inline, in `tests/kb/fixtures/`:
//!
//! - `=== name` begins a case, `--- file` a file of its knowledge base;
//! - `>>> error code: message` stands above the line that it is about and is
//!   not part of the file; `>>> hint: …` below it names its hint;
//! - `--- entries` lists what was understood: `id [area] symptom <- causes ->
//!   steps`, each step with its kind.

use std::fmt::Write;
use std::fs;

use unstuck::index::{StepKind, text};
use unstuck::kb::{Audience, Book, Sources};

use crate::repository;

#[test]
fn every_case_says_what_is_expected() {
    let (mut cases, mut failures) = (0, String::new());
    for it in fs::read_dir(repository("tests/kb/fixtures")).expect("fixtures are there") {
        let path = it.expect("fixtures can be listed").path();
        let suite = fs::read_to_string(&path).expect("a fixture is text");
        for case in suite.split("\n=== ").filter(|it| !it.trim().is_empty()) {
            let (name, body) = case.trim_start_matches("=== ").split_once('\n').expect("a case has a body");
            if let Err(difference) = check(body) {
                let _ = writeln!(failures, "{}: {name}\n{difference}", path.display());
            }
            cases += 1;
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(cases >= 30, "only {cases} cases were run");
}

fn check(body: &str) -> Result<(), String> {
    let mut sources = Sources::default();
    let mut expected = Vec::new();
    let mut expected_entries = None;
    for file in body.split("--- ").filter(|it| !it.trim().is_empty()) {
        let (path, lines) = file.split_once('\n').unwrap_or((file, ""));
        if path == "entries" {
            expected_entries = Some(lines.trim().to_owned());
            continue;
        }
        let mut text = String::new();
        for line in lines.lines() {
            match line.strip_prefix(">>> ") {
                Some(it) => expected.push(format!("{path}:{} {it}", text.lines().count() + 1)),
                None => {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
        sources.add(path, text.into_bytes());
    }
    let mut book = Book::read(&sources);
    book.lint();
    let mut found = Vec::new();
    for it in &book.diagnostics {
        let severity = format!("{:?}", it.severity).to_lowercase();
        found.push(format!("{}:{} {severity} {}: {}", it.file, it.line, it.code, it.message));
        let place = format!("{}:{} hint: ", it.file, it.line);
        if let Some(hint) = it.hint.as_ref().filter(|_| expected.iter().any(|it| it.starts_with(&place))) {
            found.push(format!("{place}{hint}"));
        }
    }
    found.sort();
    expected.sort();
    let mut difference = String::new();
    if found != expected {
        let _ = writeln!(difference, "expected:\n  {}\nfound:\n  {}", expected.join("\n  "), found.join("\n  "));
    }
    if let Some(entries) = expected_entries
        && entries_of(&book) != entries
    {
        let _ = writeln!(difference, "expected entries:\n{entries}\nfound:\n{}", entries_of(&book));
    }
    if difference.is_empty() { Ok(()) } else { Err(difference) }
}

fn entries_of(book: &Book) -> String {
    let contents = book.contents(Audience::Staff);
    let mut out = String::new();
    for it in &contents.entries {
        let causes = it.causes.iter().map(|it| text::plain(it)).collect::<Vec<_>>().join(" | ");
        let steps = it.resolution.steps.iter().map(|it| {
            let kind = match it.kind {
                StepKind::Do => "do".into(),
                StepKind::Wait { minutes } => format!("wait {minutes}"),
                StepKind::Check => "check".into(),
                StepKind::Escalate { contact } => format!("escalate {}", contents.contacts[contact].id),
                StepKind::Info => "info".into(),
            };
            let notes: String =
                it.notes.iter().map(|it| format!(" ({:?}: {})", it.kind, text::plain(&it.text))).collect();
            format!("{kind}: {}{notes}", text::plain(&it.text))
        });
        let steps = steps.collect::<Vec<_>>().join("; ");
        let guide = if it.resolution.guide { "guide " } else { "" };
        let area = &contents.areas[it.area].id;
        let _ = writeln!(out, "{} [{area}] {} <- {causes} -> {guide}{steps}", it.id, text::plain(&it.symptom));
    }
    out.trim().into()
}
