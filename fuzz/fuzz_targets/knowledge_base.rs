//! Whatever authors write is read without a panic, says what is wrong, and
//! builds where it says that nothing is. What is imported can be read.
//!
//! The input is a few files with a byte that no text has between them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use unstuck::index::Index;
use unstuck::kb::{self, Audience, Book, Sources};

/// The files, by their place in the input.
const NAMES: [&str; 5] = ["first.md", "vocabulary.toml", "kb.toml", "second.md", "es/first.md"];

fuzz_target!(|bytes: &[u8]| {
    let files: Vec<(&str, &[u8])> = NAMES.into_iter().zip(bytes.split(|it| *it == 0xff)).collect();
    let mut sources = Sources::default();
    for (name, bytes) in &files {
        sources.add(*name, bytes.to_vec());
    }
    let mut book = Book::read(&sources);
    book.lint();
    for audience in Audience::ALL {
        if !book.has_errors() {
            for file in book.build(audience).files.iter().filter(|it| it.path.ends_with(".bin")) {
                // Blocks of steps are no indexes.
                let _ = Index::open(file.bytes.clone());
            }
        }
    }
    // A fix is made once: made, it is not wanted again.
    let fixed = book.fixed();
    if !fixed.is_empty() {
        let mut again = sources.clone();
        fixed.into_iter().for_each(|it| again.add(it.path, it.bytes));
        Book::read(&again).check();
    }
    if let Some((_, text)) = files.first() {
        let imported = kb::import(&[("document.md".into(), text.to_vec())], &Sources::default());
        let mut again = Sources::default();
        for file in imported.files {
            again.add(file.path, file.bytes);
        }
        Book::read(&again).check();
    }
});
