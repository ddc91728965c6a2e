//! What nobody writes who means well: each form as large as a file may be is
//! read, said something about and, where nothing is wrong with it, built within
//! a second or so; nothing falls over, and nothing is built that is damaged.

use std::time::{Duration, Instant};

use unstuck::index::{self, Index};
use unstuck::kb::{self, Audience, Book, MAX_SOURCE_BYTES, Sources};

/// The files of a knowledge base of about so many bytes.
type Make = fn(usize) -> Files;
type Files = Vec<(&'static str, Vec<u8>)>;

fn file(path: &'static str, text: impl Into<Vec<u8>>) -> Files {
    vec![(path, text.into())]
}

fn page(text: &str) -> Files {
    file("a.md", format!("# A\n\n{text}"))
}

fn step(text: &str) -> Files {
    page(&format!("## It fails\n\nCause: x\n\nResolution:\n\n1. {text}\n"))
}

fn row(cells: &str) -> Files {
    page(&format!("| Symptom | Cause | Fix |\n|---|---|---|\n{cells}\n"))
}

fn fill(n: usize, unit: &str) -> String {
    unit.repeat(n / unit.len())
}

fn numbered(n: usize, unit: &str) -> String {
    (0..n / (unit.len() + 5)).map(|it| unit.replace('#', &format!("{it:06}"))).collect()
}

fn with(path: &'static str, text: String) -> Files {
    let mut files = step("Press it");
    files.push((path, text.into()));
    files
}

const FORMS: &[(&str, Make)] = &[
    ("quotes in each other", |n| page(&fill(n, ">"))),
    ("lists in each other", |n| page(&fill(n, "- "))),
    ("numbers in each other", |n| page(&fill(n, "1. "))),
    ("lists that go deeper by the line", |n| {
        page(&(0..n.isqrt()).map(|it| format!("{}- a\n", " ".repeat(2 * it))).collect::<String>())
    }),
    ("one line", |n| page(&fill(n, "a"))),
    ("one step", |n| step(&fill(n, "word "))),
    ("one symptom", |n| page(&format!("## {}\n\nCause: x\n\nResolution: y\n", fill(n, "word ")))),
    ("one cause", |n| page(&format!("## It fails\n\nCause: {}\n\nResolution: y\n", fill(n, "word ")))),
    ("one cell", |n| row(&format!("| It fails | x | {} |", fill(n, "Press it. ")))),
    ("cells in a row", |n| row(&fill(n, "| "))),
    ("cells in a header", |n| page(&format!("|{}\n|{}\n", fill(n / 3, "a|"), fill(n / 2, "---|")))),
    ("cells in rows", |n| row(&fill(n, "| a | b | c |\n"))),
    ("rows of their own", |n| row(&numbered(n, "| It fails # | b | Press # |\n"))),
    ("short rows", |n| row(&fill(n, "|a|\n"))),
    ("null bytes", |n| step(&fill(n, "\0"))),
    ("null bytes in words", |n| step(&fill(n, "a\0 "))),
    ("null bytes in cells", |n| row(&fill(n, "| a\0 | \0 | \0 |\n"))),
    ("null bytes alone", |n| file("a.md", vec![0; n])),
    ("bytes that are no text", |n| file("a.md", vec![0xff; n])),
    ("controls of direction", |n| step(&fill(n, "a\u{202e}b "))),
    ("controls of direction, line by line", |n| {
        page(&fill(n, "## a\u{202e}b\n\nCause: \u{2066}x\n\nResolution: y\n\n"))
    }),
    ("letters that look alike", |n| step(&fill(n, "p\u{430}ypal "))),
    ("letters that look alike, line by line", |n| {
        page(&numbered(n, "## p\u{430}ypal #\n\nCause: x\n\nResolution: y\n\n"))
    }),
    ("accents on one letter", |n| step(&format!("a{}", fill(n, "\u{301}")))),
    ("accents on one letter of a symptom", |n| {
        page(&format!("## a{}\n\nCause: x\n\nResolution: y\n", fill(n, "\u{301}")))
    }),
    ("letters that are eighteen", |n| page(&format!("## {}\n\nCause: x\n\nResolution: y\n", fill(n, "\u{fdfa}")))),
    ("brackets", |n| step(&fill(n, "["))),
    ("brackets of pictures", |n| step(&fill(n, "!["))),
    ("links in each other", |n| step(&fill(n, "[a]("))),
    ("links", |n| step(&fill(n, "[a](https://example.com) "))),
    ("links to scripts", |n| step(&fill(n, "[a](javascript:x) "))),
    ("angles", |n| step(&fill(n, "<"))),
    ("angles and letters", |n| step(&fill(n, "<a"))),
    ("quotes in tags", |n| step(&fill(n, "<a b=\""))),
    ("comments without an end", |n| step(&fill(n, "<!--"))),
    ("declarations", |n| step(&fill(n, "<!A "))),
    ("instructions", |n| step(&fill(n, "<?"))),
    ("character data", |n| step(&fill(n, "<![CDATA["))),
    ("stars", |n| step(&fill(n, "*a **b "))),
    ("stars alone", |n| step(&fill(n, "*"))),
    ("lines below words", |n| step(&fill(n, "a_b__c "))),
    ("backquotes", |n| step(&fill(n, "`"))),
    ("backslashes", |n| step(&fill(n, "\\"))),
    ("entities", |n| step(&fill(n, "&#x1;&amp;"))),
    ("entities without an end", |n| step(&fill(n, "&#"))),
    ("references", |n| page(&format!("[a]: {}\n\n{}", fill(n / 2, "x"), fill(n / 2, "[a] ")))),
    ("definitions", |n| page(&numbered(n, "[a#]: x\n"))),
    ("notes at the foot", |n| page(&numbered(n, "[^#] [^#]: x\n\n"))),
    ("braces", |n| step(&fill(n, "{"))),
    ("marks", |n| step(&fill(n, "{wait 5m} "))),
    ("waits", |n| step(&format!("Wait {} minutes", fill(n, "9")))),
    ("waits for hours", |n| step(&fill(n, "Wait 99999999 hours. "))),
    ("marks of waits", |n| row(&fill(n, "| a | b | {wait 4294967295m} x |\n"))),
    ("semicolons", |n| row(&format!("| It fails | x | {} |", fill(n, "a;")))),
    ("line breaks", |n| row(&format!("| It fails | x | {} |", fill(n, "a<br>")))),
    ("headings", |n| page(&fill(n, "# \n"))),
    ("headings with words", |n| file("a.md", numbered(n, "# A#\n\n"))),
    ("areas", |n| file("a.md", numbered(n, "# A#\n\n| Symptom | Fix |\n|---|---|\n| It fails | x |\n\n"))),
    ("headings of each depth", |n| page(&fill(n, "# a\n\n## b\n\n### c\n\n#### d\n\n##### e\n\n###### f\n\n"))),
    ("a long id", |n| page(&format!("## It fails {{#{}}}\n\nCause: x\n\nResolution: y\n", fill(n, "a")))),
    ("a long area", |n| {
        file("a.md", format!("# {}\n\n| Symptom | Fix |\n|---|---|\n| It fails | x |\n", fill(n, "word ")))
    }),
    ("code", |n| page(&format!("```\n{}", fill(n, "a\n")))),
    ("fences", |n| page(&fill(n, "```\n"))),
    ("indents", |n| page(&fill(n, "    a\n\n"))),
    ("tabs", |n| step(&fill(n, "\t"))),
    ("carriage returns", |n| file("a.md", fill(n, "# a\r"))),
    ("blank lines", |n| page(&fill(n, "\n"))),
    ("lines", |n| page(&fill(n, "a\n"))),
    ("rulers", |n| page(&fill(n, "---\n\n"))),
    ("titles of settings", |n| file("a.md", fill(n, "---\na: b\n---\n\n"))),
    ("a table of HTML in each other", |n| page(&fill(n, "<table><tr><td>"))),
    ("cells of HTML that span", |n| {
        page(&format!("<table>{}</table>", fill(n, "<tr><td rowspan=50 colspan=50>a</td></tr>")))
    }),
    ("cells of HTML", |n| page(&format!("<table>{}</table>", fill(n, "<tr><td>a")))),
    ("lists of HTML", |n| page(&format!("<ul>{}", fill(n, "<li>a")))),
    ("list in settings", |n| file("a.md", format!("---\na: {}\n---\n# A\n", fill(n, "[")))),
    ("map in settings", |n| file("a.md", format!("---\na: {}\n---\n# A\n", fill(n, "{a: ")))),
    ("lines of settings that go deeper", |n| {
        file(
            "a.md",
            format!(
                "---\n{}\n---\n# A\n",
                (0..(2 * n).isqrt()).map(|it| format!("{}a:\n", " ".repeat(it))).collect::<String>()
            ),
        )
    }),
    ("dashes in settings", |n| file("a.md", format!("---\n{}\n---\n# A\n", fill(n, "- ")))),
    ("questions in settings", |n| file("a.md", format!("---\n{}\n---\n# A\n", fill(n, "? ")))),
    ("keys in settings", |n| file("a.md", format!("---\n{}---\n# A\n", numbered(n, "a#: b\n")))),
    ("aliases in settings", |n| {
        let mut yaml = String::from("---\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for it in 1..n.min(3_000) {
            let ten = vec![format!("*a{}", it - 1); 10].join(", ");
            yaml.extend(["a", &it.to_string(), ": &a", &it.to_string(), " [", &ten, "]\n"]);
        }
        file("a.md", format!("{yaml}---\n# A\n"))
    }),
    ("a long setting", |n| file("a.md", format!("---\ntitle: {}\n---\n# A\n", fill(n, "a ")))),
    ("anchors in settings", |n| file("a.md", format!("---\na: {}\n---\n# A\n", fill(n, "&a ")))),
    ("lists in kb.toml", |n| with("kb.toml", format!("areas = {}", fill(n, "[")))),
    ("tables in kb.toml", |n| with("kb.toml", format!("contacts = {}", fill(n, "{a=")))),
    ("dots in kb.toml", |n| with("kb.toml", format!("{}a=1", fill(n, "a.")))),
    ("heads in kb.toml", |n| with("kb.toml", format!("[{}a]", fill(n, "a.")))),
    ("keys in kb.toml", |n| with("kb.toml", numbered(n, "a# = 1\n"))),
    ("areas in kb.toml", |n| with("kb.toml", format!("areas = [{}]", numbered(n, "\"a#\", ")))),
    ("contacts in kb.toml", |n| with("kb.toml", numbered(n, "[contacts.a#]\nlabel = \"a\"\n"))),
    ("links in kb.toml", |n| with("kb.toml", numbered(n, "[[links]]\nid = \"a#\"\nlabel = \"a\"\nhref = \"b\"\n"))),
    ("links to scripts in kb.toml", |n| {
        with("kb.toml", numbered(n, "[[links]]\nid = \"a#\"\nlabel = \"a\"\nhref = \"javascript:b\"\n"))
    }),
    ("what moved in kb.toml", |n| with("kb.toml", format!("[moved]\n{}", numbered(n, "a# = \"a-it-fails\"\n")))),
    ("what moved to nothing in kb.toml", |n| with("kb.toml", format!("[moved]\n{}", numbered(n, "a# = \"b#\"\n")))),
    ("what is popular in kb.toml", |n| with("kb.toml", format!("popular = [{}]", fill(n, "\"a-it-fails\", ")))),
    ("what is popular and nothing in kb.toml", |n| with("kb.toml", format!("popular = [{}]", numbered(n, "\"b#\", ")))),
    ("allowances in kb.toml", |n| {
        with("kb.toml", numbered(n, "[[allow]]\ncode = \"a#\"\nid = \"b\"\nreason = \"c\"\n"))
    }),
    ("allowances for nothing in kb.toml", |n| {
        with("kb.toml", numbered(n, "[[allow]]\ncode = \"too-long\"\nid = \"b#\"\nreason = \"c\"\n"))
    }),
    ("marks in kb.toml", |n| with("kb.toml", format!("title = \"{}\"", fill(n, "{wait 5m} ")))),
    ("a long title", |n| with("kb.toml", format!("title = \"{}\"", fill(n, "a ")))),
    ("quotes in kb.toml", |n| with("kb.toml", format!("title = {}", fill(n, "\"")))),
    ("synonyms, again and again", |n| {
        let words: Vec<String> = (0..200).map(|it| format!("\"w{it}\"")).collect();
        let group = format!("[{}],\n", words.join(","));
        let all: Vec<String> = (0..200).map(|it| format!("w{it}")).collect();
        let mut files = page(&format!("## {}\n\nCause: x\n\nResolution: y\n", all.join(" ")));
        files.push(("vocabulary.toml", format!("synonyms = [{}]\n", fill(n, &group)).into()));
        files
    }),
    ("a synonym of many words", |n| {
        let all: Vec<String> = (0..100).map(|it| format!("w{it}x")).collect();
        let mut files = page(&format!("## {}\n\nCause: x\n\nResolution: y\n", all.join(" ")));
        files.push((
            "vocabulary.toml",
            format!("synonyms = [[\"sorry\", \"{}\"]]\n#{}", all.join(" "), fill(n, "a")).into(),
        ));
        files
    }),
    ("a synonym of all words", |n| {
        with("vocabulary.toml", format!("synonyms = [[\"a\", \"{}\"]]\n", fill(n, "word ")))
    }),
    ("aliases of nothing", |n| with("vocabulary.toml", format!("[aliases]\n{}", numbered(n, "a# = [\"b\"]\n")))),
    ("one alias", |n| with("vocabulary.toml", format!("[aliases]\na-it-fails = [\"{}\"]\n", fill(n, "word ")))),
    ("aliases that are long", |n| {
        let alias = format!("\"{}\", ", fill(n / 450, "word "));
        with("vocabulary.toml", format!("[aliases]\na-it-fails = [{}]\n", alias.repeat(450)))
    }),
    ("entries whose symptoms differ in one letter", |n| {
        page(&numbered(n, "## The printer of the office # prints nothing\n\nCause: x\n\nResolution: y\n\n"))
    }),
    ("entries with the same symptom", |n| page(&fill(n, "## It fails\n\nCause: x\n\nResolution: y\n\n"))),
    ("addresses", |n| step(&fill(n, "jane.doe@example.com "))),
    ("one address", |n| step(&format!("{}@example.com", fill(n, "a.")))),
    ("keys", |n| step(&fill(n, "password=hunter2 "))),
    ("one key", |n| step(&format!("token: {}", fill(n, "Ab3")))),
    ("numbers of telephones", |n| step(&fill(n, "+1 555 0100 "))),
    ("digits", |n| step(&fill(n, "5"))),
    ("kana", |n| step(&fill(n, "\u{30ab}"))),
    ("han in a symptom", |n| page(&format!("## {}\n\nCause: x\n\nResolution: y\n", fill(n, "\u{4e00}\u{4e8c}")))),
];

fn sources(files: &Files) -> Sources {
    let mut sources = Sources::default();
    for (path, bytes) in files {
        sources.add(*path, bytes.clone());
    }
    sources
}

/// A fiftieth of what a file may have, as tests are built without optimisation:
/// `growth` sees to it that fifty times as much takes fifty times as long.
const SIZE: usize = MAX_SOURCE_BYTES / 50;

/// What a form may take here at most. Each takes a second at most where nobody
/// else is at work; what hangs takes for ever.
const PATIENCE: Duration = Duration::from_mins(1);

#[test]
fn whatever_is_read_is_told_of_or_built_and_nothing_falls_over() {
    for (name, make) in FORMS {
        let files = make(SIZE);
        let start = Instant::now();
        let mut book = Book::read(&sources(&files));
        book.lint();
        if !book.has_errors() {
            check_build(name, &book);
        }
        let documents: Vec<_> = files[..1].iter().map(|it| (it.0.to_owned(), it.1.clone())).collect();
        kb::import(&documents, &Sources::default());
        assert!(start.elapsed() < PATIENCE, "{name}: {:?}", start.elapsed());
    }
}

/// All files have names of their own below the folder, and what is compiled can be opened.
fn check_build(name: &str, book: &Book) {
    for it in book.build(Audience::Customer).files {
        let is_plain = |part: &str| (1..=250).contains(&part.len()) && !part.starts_with('.');
        assert!(it.path.split('/').all(is_plain), "{name}: {}", it.path);
    }
    Index::open(index::write(&book.contents(Audience::Customer))).unwrap_or_else(|error| panic!("{name}: {error}"));
}

/// Ids, as an author can set them in each of the ways there are.
#[test]
fn an_id_cannot_leave_its_folder() {
    for id in [
        "../../x",
        "/etc/x",
        "a/../../x",
        "..",
        ".",
        ".hidden",
        "a\\..\\x",
        "a b",
        "a\"b",
        "a<b",
        "a%2fb",
        "a\u{202e}b",
    ] {
        let ways = [
            format!(
                "---\narea: \"{}\"\n---\n# A\n\n| Symptom | Fix |\n|---|---|\n| It fails | x |\n",
                id.escape_default().to_string().replace("\\u{202e}", "\\u202e")
            ),
            format!("# A {{#{id}}}\n\n| Symptom | Fix |\n|---|---|\n| It fails | x |\n"),
            format!("# A\n\n## It fails {{#{id}}}\n\nCause: x\n\nResolution: y\n"),
            format!("# A\n\n| Symptom | Fix | Id |\n|---|---|---|\n| It fails | x | {id} |\n"),
        ];
        for text in ways {
            let mut book = Book::read(&sources(&file("a.md", text.clone())));
            book.check();
            if !book.has_errors() {
                check_build(&text, &book);
            }
        }
    }
}

#[test]
fn what_looks_like_a_letter_is_found_as_that_letter() {
    let found = |text: &str, query: &str| {
        let book = Book::read(&sources(&file("a.md", text)));
        let index = Index::open(index::write(&book.contents(Audience::Staff))).expect("what was written can be read");
        unstuck::search::run(&index, query, None).hits.len()
    };
    let disguised = "# A\n\n## Error \u{415}R-1042 at p\u{430}ypal\n\nCause: x\n\nResolution: y\n";
    assert_eq!(found(disguised, "paypal"), 1);
    assert_eq!(found(disguised, "p\u{430}ypal"), 1);
    assert_eq!(found(disguised, "er-1042"), 1);
    // Where they are letters of a language they stay what they are.
    let russian = "# A\n\n## \u{41e}\u{448}\u{438}\u{431}\u{43a}\u{430} p\u{430}ypal\n\nCause: x\n\nResolution: y\n";
    assert_eq!(found(russian, "\u{43e}\u{448}\u{438}\u{431}\u{43a}\u{430}"), 1);
    assert_eq!(found(russian, "p\u{430}ypal"), 1);
    let clean = "# A\n\n## Error at paypal\n\nCause: x\n\nResolution: y\n";
    assert_eq!(found(clean, "paypal"), 1);
}

#[test]
fn a_picture_is_no_page() {
    let cases = [
        ("<svg><script>x()</script></svg>", Some("an element that is no part of a picture")),
        (
            "<svg><s:SCRIPT xmlns:s='http://www.w3.org/2000/svg'>x()</s:SCRIPT></svg>",
            Some("an element that is no part of a picture"),
        ),
        ("<svg><foreignObject><p/></foreignObject></svg>", Some("an element that is no part of a picture")),
        ("<svg onload='x()'/>", Some("a handler of events")),
        ("<svg><g\nONCLICK = \"x()\"/></svg>", Some("a handler of events")),
        ("<svg><g id='a'onclick='x()'/></svg>", Some("a handler of events")),
        ("<svg><a href='javascript:x()'/></svg>", Some("a link to something else")),
        ("<svg><a xlink:href='&#106;avascript:x()'/></svg>", Some("a link to something else")),
        ("<svg><use href='https://example.com/a.svg#b'/></svg>", Some("a link to something else")),
        ("<svg><image href='data:text/html,x'/></svg>", Some("a link to something else")),
        ("<svg><a href='#b'><set attributeName='href' to='javascript:x()'/></a></svg>", Some("a link that changes")),
        ("<svg><style>@import 'https://example.com/a.css'</style></svg>", Some("a stylesheet from elsewhere")),
        ("<svg><style>*{fill:url(https://example.com/a)}</style></svg>", Some("a style that loads something")),
        ("<?xml-stylesheet href='a.xsl'?><svg/>", Some("a stylesheet from elsewhere")),
        ("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>", Some("an entity of its own")),
        ("<svg\0/>", Some("null bytes")),
        (
            "<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><title>On = off</title><use href='#b'/><path fill='url(#c)' d='M0 0'/></svg>",
            None,
        ),
        ("<svg><image href='data:image/png;base64,AA=='/><text>online = 5</text></svg>", None),
    ];
    for (svg, expected) in cases {
        let mut files = step("Press it\n\n   ![It](a.svg)");
        files.push(("a.svg", svg.into()));
        let book = Book::read(&sources(&files));
        let found: Vec<&str> = book.diagnostics.iter().map(|it| it.message.as_str()).collect();
        let expected = expected.map(|it| format!("the picture \"a.svg\" holds {it}"));
        assert_eq!(found, expected.iter().map(String::as_str).collect::<Vec<_>>(), "{svg}");
    }
}

#[test]
fn a_language_is_one_that_browsers_know() {
    for (lang, is_one) in [
        ("en", true),
        ("de-CH", true),
        ("zh-Hant-TW", true),
        ("sl-rozaj-biske", true),
        ("de-1996", true),
        ("en-u-ca-gregory", true),
        ("en-x-a", true),
        ("abcd", false),
        ("en-x", false),
        ("en-1", false),
        ("en-a", false),
        ("en-u-ca-u-ca", false),
        ("de-1996-1996", false),
        ("e", false),
        ("", false),
        ("en_US", false),
    ] {
        let book = Book::read(&sources(&with("kb.toml", format!("lang = \"{lang}\"\n"))));
        assert_eq!(book.has_errors(), !is_one, "{lang}");
    }
}

#[test]
fn a_setting_holds_nothing_that_cannot_be_seen() {
    for (path, text) in [
        ("kb.toml", "title = \"\\u001b]0;x\\u0007\"\n"),
        ("kb.toml", "title = \"\\e[2J\"\n"),
        ("kb.toml", "left-out = \"\\u0005javascript:x()\\u0006Ask\\u0007\"\n"),
        ("kb.toml", "title = \"a\u{202e}b\"\n"),
        ("kb.toml", "[contacts.a]\nlabel = \"a\\u202Eb\"\n"),
        ("vocabulary.toml", "synonyms = [[\"a\\bb\", \"c\"]]\n"),
        ("b.md", "---\ntitle: \"a\\e]0;x\"\n---\n# B\n\n| Symptom | Fix |\n|---|---|\n| It breaks | x |\n"),
    ] {
        let book = Book::read(&sources(&with(path, text.into())));
        let codes: Vec<&str> = book.diagnostics.iter().map(|it| it.code).collect();
        assert!(codes.contains(&"control-character"), "{text}: {codes:?}");
    }
}
