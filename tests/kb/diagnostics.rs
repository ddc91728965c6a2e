//! The kinds of findings: each is listed, has a bad and a good example, and is
//! on the page about them.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use unstuck::kb::{Book, CODES, Severity, Sources};

use crate::fixtures::{self, Case};
use crate::{kb, kb_sources, repository};

const PAGE: &str = "docs/diagnostics.md";
const EXAMPLES: &str = "tests/kb/fixtures/diagnostics.txt";

/// What is below this line is made from the examples.
const MARK: &str =
    "<!-- What follows is made from tests/kb/fixtures/diagnostics.txt: UPDATE_DIAGNOSTICS=1 cargo test --test kb -->\n";

/// The examples with all that is to be said about them.
static BOOKS: LazyLock<Vec<(Case, Book)>> = LazyLock::new(|| {
    let suite = fs::read_to_string(repository(EXAMPLES)).expect("the examples are there");
    let with_book = |case: Case| {
        let book = case.book();
        (case, book)
    };
    fixtures::cases(&suite).into_iter().map(with_book).collect()
});

fn examples() -> impl Iterator<Item = &'static Case> {
    BOOKS.iter().map(|it| &it.0)
}

#[test]
fn every_code_that_is_raised_is_listed_with_its_severity() {
    let mut raised = BTreeSet::new();
    let mut open = vec![repository("src/kb")];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).expect("a folder").map(|it| it.expect("an entry").path()));
            continue;
        }
        let Ok(source) = fs::read_to_string(&path) else { continue };
        for (severity, call) in [(Severity::Error, "Diagnostic::error("), (Severity::Warning, "Diagnostic::warning(")] {
            for rest in source.split(call).skip(1) {
                let argument = rest.trim_start();
                let code = argument.strip_prefix('"').and_then(|it| it.split('"').next());
                // A few say their code by a name that stands beside them.
                if let Some(code) = code {
                    let known = CODES.iter().find(|it| it.name == code);
                    let known = known.unwrap_or_else(|| panic!("{}: {code} is not in CODES", path.display()));
                    assert_eq!(known.severity, severity, "{}: {code}", path.display());
                    raised.insert(code.to_owned());
                }
            }
        }
    }
    raised.extend(BOOKS.iter().flat_map(|it| &it.1.diagnostics).map(|it| it.code.to_owned()));
    let listed: Vec<&str> = CODES.iter().map(|it| it.name).collect();
    assert!(listed.is_sorted(), "codes stand in the order of their names");
    assert_eq!(raised, listed.into_iter().map(String::from).collect(), "all are raised, and all are listed");
}

#[test]
fn every_code_has_a_bad_and_a_good_example_on_its_page() {
    let case = |name: &str| {
        BOOKS.iter().find(|it| it.0.name == name).unwrap_or_else(|| panic!("{EXAMPLES} has no case \"{name}\""))
    };
    let mut below = format!("{MARK}\n| code | severity | `--fix` |\n|---|---|---|\n");
    for it in CODES {
        let severity = if it.severity == Severity::Error { "error" } else { "warning" };
        let is_fixed = case(it.name).1.diagnostics.iter().any(|found| found.code == it.name && found.fix.is_some());
        let fix = if is_fixed { "where it is safe " } else { "" };
        let _ = writeln!(below, "| [{0}](#{0}) | {severity} | {fix}|", it.name);
    }
    for it in CODES {
        let ((bad, book), (good, good_book)) = (case(it.name), case(&format!("{}: good", it.name)));
        let found = book.diagnostics.iter().find(|found| found.code == it.name);
        let found = found.unwrap_or_else(|| panic!("the bad example of {} does not raise it", it.name));
        assert_eq!(found.severity, it.severity, "{}", it.name);
        assert_eq!(good_book.diagnostics, [], "the good example of {}", it.name);

        let (article, severity) = if it.severity == Severity::Error { ("An", "error") } else { ("A", "warning") };
        let meaning = it.meaning.replace(". ", ".\n");
        let _ = writeln!(below, "\n## {}\n\n{article} {severity}.\n{meaning}\n", it.name);
        for id in bad.against.iter().flatten() {
            let _ = writeln!(below, "Before there was an entry `{id}`.\n");
        }
        below.push_str(&shown(bad));
        let _ = writeln!(below, "```text\n{severity}[{}]: {}", it.name, found.message);
        let _ = writeln!(below, "  --> {}:{}:{}", found.file, found.line, found.column);
        if let Some(hint) = &found.hint {
            let _ = writeln!(below, "help: {hint}");
        }
        below.push_str("```\n\n");
        if found.fix.is_some() {
            below.push_str("`unstuck check --fix` does it.\n\n");
        }
        let _ = writeln!(below, "Better:\n\n{}", shown(good).trim_end());
    }
    assert_eq!(BOOKS.len(), 2 * CODES.len(), "{EXAMPLES} has cases of codes that do not exist");

    let page = fs::read_to_string(repository(PAGE)).unwrap_or_default();
    let (above, _) = page.split_once(MARK).unwrap_or((&page, ""));
    let now = format!("{above}{below}");
    if std::env::var_os("UPDATE_DIAGNOSTICS").is_some() {
        fs::write(repository(PAGE), &now).expect("the page can be written");
    } else {
        assert!(page == now, "{PAGE} is stale: UPDATE_DIAGNOSTICS=1 cargo test --test kb, and read it");
    }
}

/// The files of a case as Markdown.
fn shown(case: &Case) -> String {
    let mut out = String::new();
    for it in &case.files {
        let kind = match it.path.rsplit_once('.') {
            Some((_, "md")) => "markdown",
            Some((_, ending)) => ending,
            None => "text",
        };
        let how = match it.how.as_str() {
            "" => String::new(),
            "saved-as latin-1" => ", saved as Latin-1".into(),
            "unreadable" => {
                let _ = write!(out, "`{}`, which nobody may read.\n\n", it.path);
                continue;
            }
            how => format!(", with blank lines behind it, {} in all", how.trim_start_matches("padded-to ")),
        };
        let fence = if it.text.contains("```") { "````" } else { "```" };
        // The bell cannot be seen on the page either: Unicode has a picture of it, and none of this space.
        let text = it.text.trim_end().replace('\u{7}', "\u{2407}").replace('\u{200b}', "<U+200B>");
        let _ = write!(out, "`{}`{how}:\n\n{fence}{kind}\n{text}\n{fence}\n\n", it.path);
    }
    out
}

#[test]
fn what_should_not_be_public_belongs_to_the_entry_in_whose_lines_it_stands() {
    let text = "# A\n\n| Symptom | Fix |\n|---|---|\n| One | Write to pat.kim@widgets.dev |\n| Two | Ask |\n\n\
        <!-- lee.roy@widgets.dev -->\n\n## Three\n\nCause: It is so.\n\nResolution: Ask.\n\nThen pat.kim@widgets.dev knows.\n";
    let mut sources = Sources::default();
    sources.add("a.md", text.into());
    let mut book = Book::read(&sources);
    book.check();
    let found: Vec<_> = book.diagnostics.iter().map(|it| (it.line, it.id.as_deref())).collect();
    assert_eq!(found, [(5, Some("a-one")), (8, None), (16, Some("a-three"))]);
}

#[test]
fn a_row_without_pipes_at_its_ends_is_one_line_too_and_a_title_with_a_pipe_is_none() {
    let text = "# A\n\nSymptom | Fix\n---|---\nOne | Ask\n\n<!-- josé.garcía@widgets.dev -->\n\n## Three | four\n\nCause: It is so.\n\n\
        Resolution: Ask.\n\nThen pat.kim@widgets.dev knows.\n";
    let mut sources = Sources::default();
    sources.add("a.md", text.into());
    let mut book = Book::read(&sources);
    book.check();
    let found: Vec<_> = book.diagnostics.iter().map(|it| (it.line, it.id.as_deref(), book.entry_of(it))).collect();
    assert_eq!(found, [(7, None, None), (15, Some("a-three-four"), Some("a-three-four"))]);
    assert!(book.diagnostics[0].message.ends_with("josé.garcía@widgets.dev"), "{:?}", book.diagnostics);
}

#[test]
fn what_a_comparison_finds_stands_in_the_order_of_the_files() {
    let mut sources = Sources::default();
    sources.add("kb.toml", b"title = \"Help\"\n".to_vec());
    sources.add("a.md", "# A\n\n| Symptom | Cause | Fix |\n|---|---|---|\n| One | | Ask |\n".into());
    sources.add("z.md", "# Z\n\n| Symptom | Cause | Fix |\n|---|---|---|\n| Two | | Ask |\n".into());
    let mut book = Book::read(&sources);
    book.lint();
    book.lint_against(&BTreeSet::from(["gone".to_owned()]));
    let found: Vec<&str> = book.diagnostics.iter().map(|it| it.file.as_str()).collect();
    assert_eq!(found, ["a.md", "kb.toml", "z.md"]);
}

/// Whether one file of a book, read anew, is found to be as the whole says.
#[track_caller]
fn check_file(sources: &Sources, path: &str, expected: &[&str]) {
    let book = Book::read(sources);
    let found = book.check_file(sources, path);
    assert_eq!(found.iter().map(|it| it.code).collect::<Vec<_>>(), expected, "{found:?}");
    assert!(found.iter().all(|it| it.file == path), "{found:?}");
}

#[test]
fn a_file_alone_is_told_what_the_whole_would_say_of_it() {
    // What the page does not ask on each key press.
    let needs_the_whole = |code: &str| {
        ["duplicate-symptom", "similar-symptom", "symptom-finds-another", "alias-finds-another"].contains(&code)
    };
    let mut n = 0;
    for case in examples() {
        let sources = case.sources();
        let mut book = Book::read(&sources);
        book.check();
        for it in case.files.iter().filter(|it| it.path.ends_with(".md") && it.how != "unreadable") {
            let says = |it: &&unstuck::kb::Diagnostic| !needs_the_whole(it.code);
            let whole: Vec<_> = book.diagnostics.iter().filter(|found| found.file == it.path).filter(says).collect();
            let alone = book.check_file(&sources, &it.path);
            assert_eq!(alone.iter().collect::<Vec<_>>(), whole, "{}: {}", case.name, it.path);
            n += alone.len();
        }
    }
    assert!(n > 25, "{n} findings");
}

#[test]
fn a_file_alone_is_checked_against_the_others_as_they_are() {
    let row = |text: &str| format!("# A\n\n| Id | Symptom | Fix |\n|---|---|---|\n{text}\n").into_bytes();
    let mut sources = Sources::default();
    sources.add("a.md", row("| one | One | [Two](#two) |"));
    sources.add("b.md", row("| two | Two | Ask |"));
    check_file(&sources, "a.md", &[]);
    check_file(&sources, "nothing.md", &[]);
    let book = Book::read(&sources);
    sources.add("a.md", row("| two | One | [Three](#three) |"));
    let found: Vec<&str> = book.check_file(&sources, "a.md").iter().map(|it| it.code).collect();
    assert_eq!(found, ["duplicate-id", "unknown-link"]);
    assert_eq!(kb().check_file(&kb_sources(), "clear-stuck-contact.md"), []);
}

#[test]
fn an_accepted_finding_is_not_told_of_a_file_alone() {
    let mut sources = Sources::default();
    sources.add(
        "kb.toml",
        b"allow = [{ code = \"missing-cause\", id = \"a-one\", reason = \"nobody knows\" }]\n".to_vec(),
    );
    sources.add("a.md", b"# A\n\n| Symptom | Cause | Fix |\n|---|---|---|\n| One | | Ask |\n".to_vec());
    check_file(&sources, "a.md", &[]);
}

/// Makes all fixes of a file.
#[track_caller]
fn check_fixed(before: &str, after: &str) {
    let mut sources = Sources::default();
    sources.add("a.md", before.as_bytes().to_vec());
    let fixed = fixtures::fix(&sources).expect("fixes come to an end");
    assert_eq!(fixed.get("a.md").map_or(before, String::as_str), after);
}

#[test]
fn fixes_keep_line_ends_and_the_byte_order_mark() {
    check_fixed(
        "\u{feff}# A\r\n\r\n| Symptom | Fix |\r\n| One | Ask |\r\n",
        "\u{feff}# A\r\n\r\n| Symptom | Fix |\r\n|---|---|\r\n| One | Ask |\r\n",
    );
    check_fixed("# A\n\n| Symptom | Fix |\n| One | Ask |", "# A\n\n| Symptom | Fix |\n|---|---|\n| One | Ask |");
}

#[test]
fn a_book_tells_the_same_of_what_has_a_byte_order_mark() {
    let text = "# A\n\n| Symptom | Fix |\n|---|---|\n| One |\n";
    let read = |text: String| {
        let mut sources = Sources::default();
        sources.add("a.md", text.into_bytes());
        Book::read(&sources).diagnostics
    };
    assert_eq!(read(text.into()), read(format!("\u{feff}{text}")));
}

#[test]
fn a_finding_carries_its_place_in_lines_and_its_fix_as_data() {
    let mut sources = Sources::default();
    sources.add("a.md", "# A\n\n| Symptom | Fix |\n|---|---|\n| Caf\u{e9} | Wait {wiat 5m} |\n".into());
    let book = Book::read(&sources);
    let json = serde_json::to_value(&book.diagnostics).expect("findings are data");
    let found = &json[0];
    assert_eq!((&found["line"], &found["column"]), (&5.into(), &10.into()), "{found}");
    assert_eq!((&found["end_line"], &found["end_column"]), (&5.into(), &24.into()), "{found}");
    let fix = &found["fix"];
    assert_eq!((&fix["text"], &fix["line"], &fix["column"]), (&"wait".into(), &5.into(), &16.into()), "{fix}");
    assert_eq!((&fix["end_column"], &fix["span"]["end"]), (&20.into(), &53.into()), "{fix}");
}

/// A megabyte without a line's end: where each place read on to that end, it
/// took minutes.
#[test]
fn a_long_line_of_what_could_be_secrets_is_read_once() {
    for part in ["password=", "-----BEGIN "] {
        let text = format!("# A\n\n| Symptom | Fix |\n|---|---|\n| One | Press it |\n\n{}\n", part.repeat(100_000));
        let mut sources = Sources::default();
        sources.add("a.md", text.into_bytes());
        let start = Instant::now();
        Book::read(&sources).check();
        assert!(start.elapsed() < Duration::from_mins(1), "{part}: {:?}", start.elapsed());
    }
}

#[test]
fn what_looks_like_a_secret_or_a_person_and_is_none_is_let_through() {
    let healthy = [
        "Password: required, at least 12 characters",
        "Set `password = \"your-password-here\"`",
        "Write to support@widgets.dev, no-reply@mail.widgets.dev or jane.doe@example.com",
        "Clone git@github.com:org/repo.git",
        "Use icon@2x.png in package@1.2.3",
        "Set the header to Bearer TOKEN",
        "Find the key that begins with sk_live_ or AKIA",
        "Call 1-800-555-0199 or (555) 123-4567",
        "Error 0x80070005 in 10.0.19041.3636 at 2026-03-31 12:00:05",
        "Ticket 123-456-7890 and order 4711-0815-2342",
        "https://user:password@proxy.example.com:8080/",
        "-----BEGIN PRIVATE KEY-----",
        "The id is 550e8400-e29b-41d4-a716-446655440000",
        "SHA-1 da39a3ee5e6b4b0d3255bfef95601890afd80709",
    ];
    for text in healthy {
        assert_eq!(codes_in(text), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn keys_passwords_and_persons_are_told_from_their_form() {
    // Put together here, so that no scanner of repositories takes them for real.
    let digits = "9f3K7q1Zt5Lw8Xv2Bn6M";
    let pieces = [
        (format!("AKI{}", "A3QW7ZT5LN2VB8KXM"), "secret"),
        (format!("ghp_{digits}{digits}"), "secret"),
        (format!("xoxb-{digits}-{digits}"), "secret"),
        (format!("sk_live_{digits}"), "secret"),
        (format!("AIza{digits}{}", &digits[..15]), "secret"),
        (format!("glpat-{digits}"), "secret"),
        (format!("npm_{digits}{digits}"), "secret"),
        (format!("client_secret: {digits}"), "secret"),
        (format!("`apiKey=\"{digits}\"`"), "secret"),
        (format!("eyJhbGciOiJIUzI1NiJ9xx.eyJzdWIiOiIxIn0xxxxx.{digits}"), "secret"),
        (format!("https://portal:{digits}@api.widgets.dev/"), "secret"),
        (format!("-----BEGIN RSA PRIVATE KEY-----\n{digits}{digits}"), "secret"),
        ("pat.kim@widgets.dev".into(), "personal-address"),
        ("[Pat](mailto:pkim@widgets.dev)".into(), "personal-address"),
        ("+49 30 2345 6789".into(), "personal-address"),
        ("(212) 736-5000".into(), "personal-address"),
        ("212-736-5000".into(), "personal-address"),
    ];
    for (text, code) in pieces {
        assert_eq!(codes_in(&text), [code], "{text}");
    }
}

fn codes_in(text: &str) -> Vec<&'static str> {
    let mut sources = Sources::default();
    let text = format!("# A\n\n## One\n\nCause: It is so.\n\nResolution: Ask.\n\n{text}\n");
    sources.add("a.md", text.into_bytes());
    let mut book = Book::read(&sources);
    book.check();
    book.diagnostics.iter().map(|it| it.code).filter(|it| ["secret", "personal-address"].contains(it)).collect()
}

/// Whether two symptoms are told to be nearly the same.
#[track_caller]
fn check_similar(one: &str, other: &str, is_similar: bool) {
    let mut sources = Sources::default();
    let text = format!("# A\n\n| Id | Symptom | Fix |\n|---|---|---|\n| a | {one} | Ask |\n| b | {other} | Look |\n");
    sources.add("a.md", text.into_bytes());
    let mut book = Book::read(&sources);
    book.check();
    let found = book.diagnostics.iter().any(|it| it.code == "similar-symptom" && it.id.as_deref() == Some("b"));
    assert_eq!(found, is_similar, "{one} | {other}: {:?}", book.diagnostics);
}

#[test]
fn nearly_the_same_are_endings_little_words_and_slips() {
    check_similar("Export failed", "The exports fail", true);
    check_similar("Calls are not recorded", "My calls were not recorded again", true);
    check_similar("Configuration is lost", "Comfiguration is lost", true);
    check_similar("Invoice amount looks wrong", "Invioce amount looks wrong", true);
    check_similar("Invoice amount looks wrong", "Invoice amounts looked wrong", true);
}

#[test]
fn another_code_another_direction_and_a_no_make_another_problem() {
    check_similar("Error 401 when signing in", "Error 403 when signing in", false);
    check_similar("Error 0x80070005", "Error 0x80070002", false);
    check_similar("Calls are recorded", "Calls are not recorded", false);
    check_similar("Fails when copying from the archive", "Fails when copying to the archive", false);
    check_similar("Export failed", "Import failed", false);
    check_similar("Can send but not receive", "Can receive but not send", false);
    check_similar("Sign in fails", "Sign up fails", false);
    check_similar("Nothing", "Everything", false);
}

/// Numbers that look like chance, the same on every machine (xorshift).
fn random(state: &mut u64) -> usize {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    usize::try_from(*state >> 33).unwrap_or_default()
}

#[test]
fn whatever_is_written_there_is_something_to_say_and_fixes_come_to_an_end() {
    let pieces = [
        "|",
        "\\",
        "`",
        "{",
        "}",
        "é",
        "\u{1F600}",
        "\t",
        "\u{7}",
        "@",
        "://",
        ":",
        "=",
        "+1 ",
        "(",
        "<br>",
        "\n",
        "\r\n",
        "\u{feff}",
        "[x](#",
        ")",
        "- ",
        "> ",
        "1. ",
        "# ",
        "---",
        "eyJ",
        "-----BEGIN PRIVATE KEY-----",
        "; ",
        ", then ",
        ". Click",
    ];
    let mut state = 20;
    let examples: Vec<&Case> = examples().filter(|it| !it.name.starts_with("too-large")).collect();
    for _ in 0..200 {
        let case = examples[random(&mut state) % examples.len()];
        let mut sources = Sources::default();
        for it in &case.files {
            let mut text = it.text.clone();
            for _ in 0..random(&mut state) % 6 {
                let at = random(&mut state) % (text.len() + 1);
                let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
                if random(&mut state).is_multiple_of(4) {
                    text.truncate(at);
                } else {
                    text.insert_str(at, pieces[random(&mut state) % pieces.len()]);
                }
            }
            sources.add(&it.path, text.into_bytes());
        }
        let mut book = Book::read(&sources);
        book.check();
        for it in &book.diagnostics {
            assert!(it.line >= 1 && it.column >= 1 && it.end_line >= it.line, "{it:?}");
            assert!(CODES.iter().any(|code| code.name == it.code), "{it:?}");
        }
        for it in case.files.iter().filter(|it| it.path.ends_with(".md")) {
            book.check_file(&sources, &it.path);
        }
        fixtures::fix(&sources).unwrap_or_else(|error| panic!("{error}: {}", case.name));
    }
}
