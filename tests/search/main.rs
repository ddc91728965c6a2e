//! The search: what people type finds what they need.

mod explain;
mod folding;
mod properties;
mod quality;
mod ranking;

use std::fs;
use std::path::{Path, PathBuf};

use unstuck::index::{self, Index};
use unstuck::kb::{Audience, Book, Sources};
use unstuck::search;

use quality::{queries, sets};

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn index_of(sources: &Sources) -> Index {
    let contents = Book::read(sources).contents(Audience::Staff);
    Index::open(index::write(&contents)).expect("what was written can be read")
}

/// The real knowledge base.
fn kb() -> Index {
    index_of(&kb_sources())
}

/// The same with nothing in its vocabulary.
fn kb_without_vocabulary() -> Index {
    let mut sources = kb_sources();
    sources.add("vocabulary.toml", Vec::new());
    index_of(&sources)
}

fn kb_sources() -> Sources {
    let mut sources = Sources::default();
    for folder in ["", "es/"] {
        for it in fs::read_dir(repository("kb").join(folder)).expect("kb/ is there") {
            let path = it.expect("kb/ can be listed").path();
            if path.is_file() {
                let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
                sources.add(format!("{folder}{name}"), fs::read(&path).expect("kb/ can be read"));
            }
        }
    }
    sources
}

/// The real knowledge base in a language.
fn kb_in(lang: &str) -> Index {
    let book = Book::read(&kb_sources());
    let contents = book.in_language(lang).expect("it is in that language").contents(Audience::Staff);
    Index::open(index::write(&contents)).expect("what was written can be read")
}

/// A table of its own, one row a symptom.
fn table(area: &str, rows: &[(&str, &str)]) -> Index {
    let rows: String = rows.iter().map(|(symptom, fix)| format!("| {symptom} | {fix} |\n")).collect();
    let mut sources = Sources::default();
    sources.add("a.md", format!("# {area}\n\n| Symptom | Fix |\n|---|---|\n{rows}").into_bytes());
    index_of(&sources)
}

/// The symptoms that a query finds, best first.
fn found(index: &Index, query: &str) -> Vec<String> {
    let hits = search::run(index, query, None).hits;
    hits.into_iter().map(|it| index.summary(it.doc).symptom).collect()
}

#[track_caller]
fn check_first(index: &Index, query: &str, expected: &str) {
    let found = found(index, query);
    assert_eq!(found.first().map(String::as_str), Some(expected), "{query:?} found {found:?}");
}
