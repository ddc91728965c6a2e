//! Whatever is typed or pasted is answered: in the knowledge base's own order
//! or by score, with marks that stand in the texts, and the same each time.
#![no_main]

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use unstuck::index::{self, Index, text};
use unstuck::kb::{Audience, Book, Sources};
use unstuck::search::{self, Highlighter};

static INDEXES: LazyLock<Vec<Index>> = LazyLock::new(|| {
    let mut sources = Sources::default();
    let kb = Path::new(env!("CARGO_MANIFEST_DIR")).join("../kb");
    for folder in ["", "es/"] {
        for it in fs::read_dir(kb.join(folder)).expect("kb/ is there").flatten() {
            if it.path().is_file() {
                let name = it.file_name().to_string_lossy().into_owned();
                sources.add(format!("{folder}{name}"), fs::read(it.path()).expect("kb/ can be read"));
            }
        }
    }
    let book = Book::read(&sources);
    let books = ["en", "es"].map(|it| book.in_language(it).expect("it is in that language"));
    books.map(|it| Index::open(index::write(&it.contents(Audience::Staff))).expect("what was written can be read")).into()
});

fuzz_target!(|query: &str| {
    for index in &*INDEXES {
        let found = search::run(index, query, None);
        assert_eq!(found, search::run(index, query, None));
        assert!(found.hits.windows(2).all(|it| (it[1].score, it[0].doc) <= (it[0].score, it[1].doc) || it[0].score > it[1].score));
        let highlighter = Highlighter::new(index, &found);
        for hit in found.hits.iter().chain(&found.near).take(3) {
            let symptom = text::plain(&index.summary(hit.doc).symptom);
            for mark in highlighter.marks(index.folding(), &symptom) {
                assert!(symptom.get(mark).is_some(), "a mark is in its text");
            }
        }
        let area = query.len() % index.areas().len();
        assert!(search::run(index, query, Some(area)).hits.iter().all(|it| index.area_of(it.doc) == area));
    }
});
