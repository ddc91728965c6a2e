//! Findings belong to entries.

use unstuck::index::{self, Index};
use unstuck::kb::{Audience, Book, Sources};
use unstuck::search;

/// The findings of a knowledge base by their code, with the entry that each belongs to.
#[track_caller]
fn check(files: &[(&str, &str)], expected: &[(&str, Option<&str>)]) {
    let mut sources = Sources::default();
    for (path, text) in files {
        sources.add(*path, text.as_bytes().to_vec());
    }
    let mut book = Book::read(&sources);
    book.lint();
    let found: Vec<(&str, Option<&str>)> = book.diagnostics.iter().map(|it| (it.code, book.entry_of(it))).collect();
    assert_eq!(found, expected, "{:#?}", book.diagnostics);
}

#[test]
fn a_finding_in_the_lines_of_an_entry_belongs_to_it() {
    let table = "# Trams\n\n| Symptom | Cause | Fix |\n|---|---|---|\n| Door is stuck | Ice | {audience nobody} Call |\n| Horn | |\n| Bell | A fuse | Ask |\n";
    check(&[("trams.md", table)], &[("unknown-audience", Some("trams-door-is-stuck")), ("cell-count", None)]);
    let sections = "# Trams\n\n## Door is stuck\n\nCause: Ice\n\nFix: Ask\n\n![](ice.svg)\n\n## Horn\n\nCause: A fuse\n\nFix: {audience nobody} Ask\n";
    check(
        &[("trams.md", sections), ("ice.svg", "<svg/>")],
        &[("picture-without-text", Some("trams-door-is-stuck")), ("unknown-audience", Some("trams-horn"))],
    );
    check(
        &[("kb.toml", "title = 3"), ("trams.md", table)],
        &[("config", None), ("unknown-audience", Some("trams-door-is-stuck")), ("cell-count", None)],
    );
}

#[test]
fn a_finding_that_names_an_entry_belongs_to_it_also_where_that_is_none_yet() {
    let table = "# Trams\n\n| Symptom | Cause | Fix |\n|---|---|---|\n| Door is stuck | Ice | |\n";
    check(&[("trams.md", table)], &[("missing-resolution", Some("trams-door-is-stuck"))]);
}

#[test]
fn a_finding_in_a_translation_belongs_to_the_entry_that_it_translates() {
    let original = "# Trams\n\n## Door is stuck\n\nCause: Ice\n\nFix: Ask\n\n## Horn\n\nCause: A fuse\n\nFix: Ask\n";
    let translation =
        "# Tranvías\n\n## Puerta {#trams-door-is-stuck}\n\nCausa: Hielo\n\nSolución: Pregunta {audience nobody}\n";
    let files = [("trams.md", original), ("es/trams.md", translation)];
    let mut sources = Sources::default();
    for (path, text) in files {
        sources.add(path, text.as_bytes().to_vec());
    }
    let book = Book::read(&sources);
    let found = book.diagnostics.iter().find(|it| it.code == "unknown-audience").expect("there is one");
    assert_eq!(book.entry_of(found), Some("trams-door-is-stuck"));
    let places: Vec<(String, usize)> = book.places().map(|it| (it.id, it.line)).collect();
    assert_eq!(places, [("trams-door-is-stuck".into(), 3), ("trams-horn".into(), 9)]);
}

#[test]
fn the_aliases_of_an_entry_stand_in_the_order_of_its_titles() {
    let mut sources = Sources::default();
    let table = "# Trams\n\n| Symptom | Cause | Fix | Also |\n|---|---|---|---|\n| Horn | A fuse | Ask | no sound |\n| Door is stuck | Ice | Ask | cannot get out; locked in |\n";
    sources.add("trams.md", table.into());
    sources.add("vocabulary.toml", b"[aliases]\n\"trams-door-is-stuck\" = [\"frozen shut\"]\n".to_vec());
    let book = Book::read(&sources);
    assert_eq!(book.aliases_of("trams-door-is-stuck"), ["frozen shut", "cannot get out", "locked in"]);
    let index = Index::open(index::write(&book.contents(Audience::Staff))).expect("what was written can be read");
    for (query, title) in [("door is stuck", 0), ("frozen shut", 1), ("cannot get out", 2), ("locked in", 3)] {
        let nearest = search::explain(&index, query, None, 1).nearest;
        assert_eq!((nearest[0].id.as_str(), nearest[0].best_title), ("trams-door-is-stuck", Some(title)), "{query}");
    }
}
