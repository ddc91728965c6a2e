//! Twice as much takes twice as long: whatever its form, a text of a megabyte
//! is read and checked in about a second.

use std::fmt::Write;
use std::time::{Duration, Instant};

use unstuck::kb::{self, Book, Sources};

/// The files of a knowledge base of some size.
type Make = fn(usize) -> Vec<(&'static str, String)>;

/// Below this nothing is told from the noise of the machine.
const FLOOR: Duration = Duration::from_millis(100);

/// Four times as much may take so many times as long: where time is the square
/// of the size it takes sixteen.
const MOST: u32 = 9;

fn page(text: &str) -> Vec<(&'static str, String)> {
    vec![("a.md", format!("# A\n\n{text}"))]
}

fn step(text: &str) -> Vec<(&'static str, String)> {
    page(&format!("## It fails\n\nCause: x\n\nResolution:\n\n1. {text}\n"))
}

fn each(n: usize, write: fn(&mut String, usize)) -> String {
    let mut out = String::new();
    for it in 0..n {
        write(&mut out, it);
    }
    out
}

/// Forms that took the square of their size, or more.
const FORMS: [(&str, usize, Make); 24] = [
    ("a paragraph of lines with colons", 1_500, |n| {
        page(&format!("## It fails\n\n{}\n\nCause: x\n\nResolution: y\n", "a: b\n".repeat(n)))
    }),
    ("front matter without an end", 1_500, |n| vec![("a.md", format!("---\n{}", "a: b\n".repeat(n)))]),
    ("headings that may be labels", 1_500, |n| page(&"## Why\n\n".repeat(n))),
    ("tabs before a step", 10_000, |n| step(&format!("One\n{}two", "\t".repeat(n)))),
    ("runs of backticks, each of its own length", 500, |n| {
        step(&each(4 * n.isqrt() * 4, |out, it| {
            let _ = write!(out, "{} a ", "`".repeat(it + 1));
        }))
    }),
    ("backticks without an end", 5_000, |n| step(&format!("{}``", "`a ``` ".repeat(n)))),
    ("links to nothing in one line", 1_000, |n| step(&"[a](#nope) ".repeat(n))),
    ("pictures of nothing in one line", 1_000, |n| step(&"![a](b.png) ".repeat(n))),
    ("HTML in one line", 1_000, |n| step(&"<b>".repeat(n))),
    ("unknown marks in one line", 1_000, |n| step(&format!("x {}", "{foo bar}".repeat(n)))),
    ("lists of HTML in each other", 2_000, |n| step(&"<ul><li>".repeat(n))),
    ("code in HTML without an end", 3_000, |n| step(&"<code>a ".repeat(n))),
    ("tables of HTML without an end", 1_000, |n| step(&format!("<table>{}", "\n#".repeat(4 * n)))),
    ("line breaks of HTML", 5_000, |n| step(&"<br>".repeat(n))),
    ("templates without an end", 5_000, |n| step(&"{% {{< {: [!INCLUDE ".repeat(n))),
    ("callouts in each other", 1_500, |n| page(&format!("{}{}", ":::note\n\n".repeat(n), ":::\n\n".repeat(n)))),
    ("rows that go on with the one above", 1_000, |n| {
        let rows = each(n, |out, it| {
            let _ = writeln!(out, "| | x {it} | Press {it} |");
        });
        page(&format!("| Symptom | Cause | Fix |\n|---|---|---|\n| It fails | x | Press it |\n{rows}"))
    }),
    ("one group of synonyms", 150, |n| {
        let words = each(n * 20, |out, it| {
            let _ = write!(out, "\"w{it}\", ");
        });
        let mut files = step("Press it");
        files.push(("vocabulary.toml", format!("synonyms = [[{words}]]\n")));
        files
    }),
    ("aliases of one entry", 150, |n| {
        let words = each(n * 20, |out, it| {
            let _ = write!(out, "\"w{it} is\", ");
        });
        let mut files = step("Press it");
        files.push(("vocabulary.toml", format!("[aliases]\na-it-fails = [{words}]\n")));
        files
    }),
    ("entries with the same words", 100, |n| {
        page(&each(n, |out, it| {
            let _ = write!(out, "## It fails {it}\n\nCause: x\n\nResolution:\n\n1. Press {it}\n\n");
        }))
    }),
    ("what moved to nothing", 1_000, |n| {
        let moved = each(n, |out, it| {
            let _ = writeln!(out, "old-{it} = \"new-{it}\"");
        });
        let mut files = step("Press it");
        files.push(("kb.toml", format!("[moved]\n{moved}")));
        files
    }),
    ("findings and what allows them", 200, |n| {
        let allowed = each(n, |out, it| {
            let _ = writeln!(out, "[[allow]]\ncode = \"x{it}\"\nid = \"y\"\nreason = \"z\"");
        });
        let mut files = step("Press it");
        files.push(("kb.toml", allowed));
        files
    }),
    ("a symptom of one word", 5_000, |n| page(&format!("## {}\n\nCause: x\n\nResolution: y\n", "w".repeat(n)))),
    ("an id without an end, and a link to another", 2_000, |n| {
        let id = "a".repeat(n);
        page(&format!("## It fails {{#{id}}}\n\nCause: x\n\nResolution:\n\n1. See [it](#{id}b)\n"))
    }),
];

#[test]
fn marks_and_pictures_in_each_other_are_read_however_deep() {
    let n = 50_000;
    let nested = [
        format!("{}it{}", "*".repeat(n), "*".repeat(n)),
        format!("{}it{}", "![".repeat(n), "](x)".repeat(n)),
        "<kbd>it ".repeat(n),
    ];
    for text in nested {
        time(&step(&text));
    }
}

/// The shorter of two times: what else the machine does makes times longer only.
fn time(files: &[(&'static str, String)]) -> Duration {
    let run = || {
        let mut sources = Sources::default();
        for it in files {
            sources.add(it.0, it.1.clone().into_bytes());
        }
        let start = Instant::now();
        Book::read(&sources).lint();
        let documents: Vec<_> = files[..1].iter().map(|it| (it.0.to_owned(), it.1.clone().into_bytes())).collect();
        kb::import(&documents, &Sources::default());
        start.elapsed()
    };
    let first = run();
    if first < FLOOR { first } else { first.min(run()) }
}

#[test]
fn time_grows_with_the_size_of_what_is_read_and_not_with_its_square() {
    for (name, n, make) in FORMS {
        let small = time(&make(n));
        let large = time(&make(4 * n));
        let most = small.max(FLOOR) * MOST;
        assert!(large < most, "{name}: {small:?} for {n}, and {large:?} for four times as much");
    }
}

#[test]
fn vocabulary_that_nobody_writes_is_refused_with_its_limit() {
    let list = |n: usize| vec!["\"word\""; n].join(", ");
    let cases = [
        (format!("synonyms = [[{}]]", list(201)), "expected at most 200 phrases in a group of synonyms, found 201"),
        (
            format!("[aliases]\na-it-fails = [{}]", list(501)),
            "expected at most 500 aliases of an entry, found 501 of \"a-it-fails\"",
        ),
    ];
    for (vocabulary, expected) in cases {
        let mut sources = Sources::default();
        for it in step("Press it") {
            sources.add(it.0, it.1.into_bytes());
        }
        sources.add("vocabulary.toml", vocabulary.into_bytes());
        let book = Book::read(&sources);
        let found: Vec<&str> = book.diagnostics.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(found, [expected]);
    }
}

#[test]
fn an_entry_of_a_hundred_steps_is_one_and_of_more_is_a_finding() {
    for (n, expected) in [(100, vec![]), (101, vec!["expected at most 100 steps, found 101"])] {
        let mut sources = Sources::default();
        let steps = "Press it; ".repeat(n);
        let text = format!("# A\n\n| Symptom | Cause | Fix |\n|---|---|---|\n| It fails | x | {steps}|\n");
        sources.add("a.md", text.into_bytes());
        let mut book = Book::read(&sources);
        book.check();
        let found: Vec<&str> = book.diagnostics.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(found, expected, "{n}");
    }
}

#[test]
fn a_column_is_counted_in_characters_however_long_the_line_is() {
    for n in [0, 1, 511, 512, 513, 5_000] {
        let line = format!("| {} | Wait {{wiat 5m}} |", "\u{e9}x".repeat(n + 1));
        let mut sources = Sources::default();
        sources.add("a.md", format!("# \u{e9}\n\n| Symptom | Fix |\n|---|---|\n{line}\n").into_bytes());
        let book = Book::read(&sources);
        let fix = book.diagnostics[0].fix.as_ref().expect("it is renamed");
        let at = line.find("wiat").expect("it is there");
        assert_eq!((fix.line, fix.column), (5, line[..at].chars().count() + 1), "{n}");
    }
}
