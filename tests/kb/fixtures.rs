//! Cases with their expectation inline, in `tests/kb/fixtures/`:
//!
//! - `=== name` begins a case, `--- file` a file of its knowledge base;
//!   `saved-as latin-1`, `padded-to N bytes` or `unreadable` may stand behind
//!   the file's name;
//! - `>>> error code: message` stands above the line that it is about and is
//!   not part of the file; `>>> hint: …` below it names its hint;
//! - `--- against` lists ids of an earlier state;
//! - `--- entries` lists what was understood: `id [area] symptom <- causes ->
//!   steps`, each step with its kind;
//! - `--- fixed file` is a file once all fixes are made.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

use unstuck::index::{StepKind, text};
use unstuck::kb::{Audience, Book, Fixed, Sources};

use crate::repository;

/// One case, read.
#[derive(Default)]
pub struct Case {
    pub name: String,
    pub files: Vec<File>,
    expected: Vec<String>,
    entries: Option<String>,
    pub against: Option<BTreeSet<String>>,
    fixed: BTreeMap<String, String>,
}

/// A file of a case.
pub struct File {
    pub path: String,
    /// How it differs from a text file; empty where it does not.
    pub how: String,
    /// Without the expectations.
    pub text: String,
}

/// The cases of a file.
pub fn cases(suite: &str) -> Vec<Case> {
    suite.split("\n=== ").filter(|it| !it.trim().is_empty()).map(case).collect()
}

fn case(text: &str) -> Case {
    let (name, body) = text.trim_start_matches("=== ").split_once('\n').expect("a case has a body");
    let mut case = Case { name: name.into(), ..Case::default() };
    for file in body.split("--- ").filter(|it| !it.trim().is_empty()) {
        let (head, lines) = file.split_once('\n').unwrap_or((file, ""));
        match head.split_once(' ').unwrap_or((head, "")) {
            ("entries", _) => case.entries = Some(lines.trim().to_owned()),
            ("against", _) => case.against = Some(lines.split_whitespace().map(String::from).collect()),
            ("fixed", path) => {
                case.fixed.insert(path.into(), lines.trim_end().to_owned());
            }
            (path, how) => {
                let mut text = String::new();
                for line in lines.lines() {
                    match line.strip_prefix(">>> ") {
                        Some(it) => case.expected.push(format!("{path}:{} {it}", text.lines().count() + 1)),
                        None => {
                            text.push_str(line);
                            text.push('\n');
                        }
                    }
                }
                case.files.push(File { path: path.into(), how: how.into(), text });
            }
        }
    }
    case
}

impl Case {
    /// The knowledge base of the case.
    pub fn sources(&self) -> Sources {
        let mut sources = Sources::default();
        for it in &self.files {
            let bytes = it.text.clone().into_bytes();
            match it.how.split(' ').collect::<Vec<_>>().as_slice() {
                [""] => sources.add(&it.path, bytes),
                ["saved-as", "latin-1"] => {
                    let latin = it.text.chars().map(|it| u8::try_from(u32::from(it)).expect("a letter of Latin-1"));
                    sources.add(&it.path, latin.collect());
                }
                ["padded-to", n, "bytes"] => {
                    let mut padded = bytes;
                    padded.resize(n.parse().expect("a number of bytes"), b'\n');
                    sources.add(&it.path, padded);
                }
                ["unreadable"] => sources.add_unreadable(&it.path, it.text.trim()),
                _ => panic!("{}: {}", self.name, it.how),
            }
        }
        sources
    }

    /// The book with all that is to be said about it.
    pub fn book(&self) -> Book {
        let mut book = Book::read(&self.sources());
        book.lint();
        if let Some(old) = &self.against {
            book.lint_against(old);
        }
        book
    }
}

#[test]
fn every_case_says_what_is_expected() {
    let (mut n, mut failures) = (0, String::new());
    for it in fs::read_dir(repository("tests/kb/fixtures")).expect("fixtures are there") {
        let path = it.expect("fixtures can be listed").path();
        let suite = fs::read_to_string(&path).expect("a fixture is text");
        for case in cases(&suite) {
            if let Err(difference) = check(&case) {
                let _ = writeln!(failures, "{}: {}\n{difference}", path.display(), case.name);
            }
            n += 1;
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(n >= 120, "only {n} cases were run");
}

fn check(case: &Case) -> Result<(), String> {
    let book = case.book();
    let mut expected = case.expected.clone();
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
    if let Some(entries) = &case.entries
        && entries_of(&book) != *entries
    {
        let _ = writeln!(difference, "expected entries:\n{entries}\nfound:\n{}", entries_of(&book));
    }
    let fixed = fix(&case.sources())?;
    for (path, expected) in &case.fixed {
        let text = fixed.get(path).map_or("nothing", |it| it.trim_end());
        if text != expected {
            let _ = writeln!(difference, "expected when fixed:\n{expected}\nfound:\n{text}");
        }
    }
    if difference.is_empty() { Ok(()) } else { Err(difference) }
}

/// Makes all fixes until there are none, and says which files changed.
pub fn fix(sources: &Sources) -> Result<BTreeMap<String, String>, String> {
    let mut sources = sources.clone();
    let mut fixed = BTreeMap::new();
    for _ in 0..8 {
        let mut book = Book::read(&sources);
        book.check();
        let files = book.fixed();
        if files.is_empty() {
            return Ok(fixed);
        }
        for Fixed { path, bytes, made } in files {
            if made.is_empty() {
                return Err(format!("{path} was changed by nothing"));
            }
            fixed.insert(path.clone(), String::from_utf8(bytes.clone()).map_err(|it| it.to_string())?);
            sources.add(path, bytes);
        }
    }
    Err("fixes go on for ever".into())
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
